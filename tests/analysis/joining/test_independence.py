"""Are two sources two sources? The same people are found, and chance is not taken for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.independence import Independence, SameAnswers, Sign, independence
from pxcore.analysis.judging.judgement import Mark, judgement
from pxcore.analysis.judging.reasons import ReasonKind
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.pairs.overview import overview
from pxcore.analysis.pairs.what_if import what_if
from pxcore.model import Disclosure, Pairing, Scenario
from pxcore.publish.agreement import as_json
from pxcore.store import Store
from pxcore.words import agreement as words
from pxcore.words import divergence as divergence_words
from pxcore.words import overview as overview_words
from pxcore.words import refusals
from pxcore.words import what_if as what_if_words
from pxcore.words.independence import sign
from pxcore.words.verdicts import sentences
from tests.store.loads import became, extract, fft, parent, provider, response, survey

LOCAL = Pairing("fft_local", "local_survey")
GP = Pairing("fft_gp", "gp_survey")
MONTH = 29  # days of February 2024


def moments(random: np.random.Generator, count: int, *, timed: bool = True) -> list[str]:
    """Times in one month's opening hours, to the second."""
    told = []
    for day, second in zip(
        random.integers(MONTH, size=count), random.integers(36_000, size=count), strict=True
    ):
        at = timedelta(hours=8, seconds=int(second)) if timed else timedelta()
        told.append(f"{date(2024, 2, 1) + timedelta(days=int(day))} {str(at).rjust(8, '0')}")
    return told


def answered(
    source: str, unit: str, at: list[str], positive: np.ndarray, start: int
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [
        response(
            start + place, provider=unit, positive=int(good), on=moment[:10], source=source,
            date_raw=moment,
        )
        for place, (moment, good) in enumerate(zip(at, positive, strict=True))
    ]  # fmt: skip


def two_local(
    store: Store,
    sizes: tuple[int, int],
    *,
    seed: int = 0,
    units: int = 12,
    timed: bool = True,
    copied: float = 0.0,
) -> Store:
    """One response a row in both; of the first practice's survey a share is its FFT over again."""
    random = np.random.default_rng(seed)
    loads = []
    for source, size, share in zip(
        ("fft_local", "local_survey"), sizes, (0.9, 0.75), strict=True
    ):  # fmt: skip
        said: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for unit in range(units):
            at, good = moments(random, size, timed=timed), random.random(size) < share
            if unit == 0 and copied:
                if source == "fft_local":
                    kept = at, good
                else:
                    many = round(copied * size)
                    at[:many], good[:many] = kept[0][:many], kept[1][:many]
            said += answered(source, f"P-{unit}", at, good, len(said))
        loads.append(extract(response=[one for one, _ in said], answer=[one for _, one in said]))
    store.commit(loads)
    return store


def found(store: Store, pairing: Pairing = LOCAL) -> Independence:
    told = align(store, pairing)
    return independence(store, told.left, told.right, told.pairing, told.service)


# --- By single responses ---


@pytest.mark.parametrize(("copied", "flagged"), [(1.0, True), (0.4, True), (0.1, False)])
def test_the_same_time_and_answer_in_many_of_the_rows_is_the_same_people(
    store: Store, copied: float, flagged: bool
) -> None:
    told = found(two_local(store, (60, 60), copied=copied))
    assert told.units == (("P-0",) if flagged else ())
    if flagged:
        assert "of the answers stand in both at the same time" in sign(told.evidence["P-0"])


def test_the_other_answer_at_the_same_minute_is_somebody_else(store: Store) -> None:
    at = moments(np.random.default_rng(1), 60)
    good = np.arange(60) % 2
    told = [
        answered("fft_local", "P-0", at, good, 0),
        answered("local_survey", "P-0", at, 1 - good, 0),
    ]
    store.commit(
        [extract(response=[r for r, _ in one], answer=[a for _, a in one]) for one in told]
    )
    assert found(store).units == ()


def test_under_ten_rows_prove_nothing(store: Store) -> None:
    assert found(two_local(store, (9, 9), units=3, copied=1.0)).units == ()


def test_nobody_is_named_from_fewer_answers_than_may_be_shown(store: Store) -> None:
    two_local(store, (15, 15), units=3, copied=1.0)
    assert found(store).units == ("P-0",)
    assert found(store, replace(LOCAL, disclosure=Disclosure(floor=30))).units == ()


def test_independent_responses_are_hardly_ever_taken_for_the_same_people() -> None:
    flagged = looked_at = 0
    for seed in range(4):
        store = Store.open()
        told = found(two_local(store, (80, 60), seed=seed))
        flagged, looked_at = flagged + len(told.units), looked_at + told.compared
        store.close()
    assert looked_at == 48
    assert flagged == 0


def test_a_date_alone_is_no_moment(store: Store) -> None:
    random = np.random.default_rng(2)
    loads = []
    for source, share in (("fft_local", 0.9), ("local_survey", 0.75)):
        at = [moment[:10] for moment in moments(random, 60)]
        said = answered(source, "P-0", at, random.random(60) < share, 0)
        loads.append(extract(response=[r for r, _ in said], answer=[a for _, a in said]))
    store.commit(loads)
    assert found(store).units == ()


def test_midnight_is_a_date_without_a_time(store: Store) -> None:
    assert found(two_local(store, (60, 60), units=3, timed=False)).units == ()


def test_a_large_source_beside_a_small_one_is_not_taken_for_the_same_people(store: Store) -> None:
    assert found(two_local(store, (3000, 30), units=2)).units == ()


# --- By counts ---


def published(
    store: Store, same: dict[str, int], months: int = 4, units: int = 14, seed: int = 5
) -> Store:
    """Monthly counts of two sources; a practice's are identical in so many of its months."""
    random = np.random.default_rng(seed)
    fft_rows, local_rows = [], []
    for unit in (f"P-{n}" for n in range(units)):
        for month in range(1, months + 1):
            n = int(random.integers(40, 90))
            x = int(random.binomial(n, 0.9))
            fft_rows.append(fft(unit, x, n, f"2024-{month:02d}"))
            if month > same.get(unit, 0):
                n = int(random.integers(40, 90))
                x = int(random.binomial(n, 0.75))
            row = fft(unit, x, n, f"2024-{month:02d}")
            local_rows.append(survey(unit, x / n, n, source="local_survey", positive=x) | {
                column: row[column] for column in ("period_start", "period_end")
            })  # fmt: skip
    store.commit([extract(fft_fact=fft_rows), extract(survey_fact=local_rows)])
    return store


COUNTS = Pairing("fft_gp", "local_survey")


@pytest.mark.parametrize(
    ("identical", "months", "flagged"),
    [(3, 4, True), (4, 4, True), (3, 6, True), (2, 4, False), (3, 7, False)],
)
def test_the_very_same_counts_in_three_periods_and_half_of_all_are_the_same_people(
    store: Store, identical: int, months: int, flagged: bool
) -> None:
    told = found(published(store, {"P-3": identical}, months), COUNTS)
    assert told.units == (("P-3",) if flagged else ())
    if flagged:
        assert sign(told.evidence["P-3"]) == (
            f"in {identical} of {months} periods both hold the very same number of answers and of "
            "positive ones"
        )


@pytest.mark.parametrize(("alike", "flagged"), [(3, 3), (5, 5), (2, 0)])
def test_the_very_same_counts_of_one_period_at_many_organisations_are_the_same_people(
    store: Store, alike: int, flagged: int
) -> None:
    told = found(published(store, {f"P-{n}": 1 for n in range(alike)}, 1), COUNTS)
    assert len(told.units) == flagged
    if flagged:
        assert told.evidence["P-0"] == SameAnswers(Sign.WAVE, alike=alike - 1)
        assert f"as at {alike - 1} other organisations" in sign(told.evidence["P-0"])


def test_a_few_identical_counts_among_very_many_organisations_are_chance(store: Store) -> None:
    same = {f"P-{n}": 1 for n in range(3)}
    assert found(published(store, same, 1, units=20), COUNTS).units == ()


def test_independent_counts_are_hardly_ever_taken_for_the_same_people() -> None:
    flagged = 0
    for seed in range(3):
        store = Store.open()
        flagged += len(found(published(store, {}, 6, units=30, seed=seed), COUNTS).units)
        store.close()
    assert flagged == 0


def test_counts_under_ten_prove_nothing(store: Store) -> None:
    rows = [fft("P-1", 8, 9, f"2024-0{month}") for month in (1, 2, 3)]
    local = [
        survey("P-1", 8 / 9, 9, source="local_survey", positive=8)
        | {column: row[column] for column in ("period_start", "period_end")}
        for row in rows
    ]
    store.commit([extract(fft_fact=rows), extract(survey_fact=local)])
    assert found(store, COUNTS).units == ()


def test_merged_organisations_are_looked_at_as_one(store: Store) -> None:
    published(store, {"P-1": 4, "P-2": 4})
    store.commit([extract(succession=[became("P-1", "P-99"), became("P-2", "P-99")])])
    assert found(store, COUNTS).units == ("P-99",)


# --- What follows from it ---


def test_organisations_of_the_same_people_are_neither_judged_nor_counted(store: Store) -> None:
    published(store, {"P-3": 4})
    told = agreement(store, COUNTS)
    assert told.status == "ok"
    assert "P-3" not in set(told.pairs["unit"])
    assert len(told.pairs) == 13
    assert any("Their agreement is no evidence" in said for said in words.warnings(told))
    verdicts = judgement(store, COUNTS).verdicts
    assert verdicts is not None
    cell = verdicts.cells.set_index("unit").loc["P-3"]
    assert cell["left_silence"] == cell["right_silence"] == "the same people answered both"
    divergent = divergence(store, COUNTS)
    assert any("same people" in said for said in divergence_words.warnings(divergent))
    assert divergent.reasons is not None
    assert divergent.reasons.of("P-3")[0].kind is ReasonKind.SAME_PEOPLE


def test_where_most_are_the_same_people_nothing_is_compared(store: Store) -> None:
    published(store, {f"P-{n}": 4 for n in range(8)})
    told = agreement(store, COUNTS)
    assert (told.status, told.correlation) == ("refused", None)
    assert "and 5 more" in refusals.text(told.refusals)
    assert "no evidence" in refusals.text(told.refusals)
    assert as_json(told)["spearman"] is None


def test_divergence_refuses_where_agreement_does(store: Store) -> None:
    published(store, {f"P-{n}": 4 for n in range(16)}, units=30)
    assert agreement(store, COUNTS).status == "refused"
    assert divergence(store, COUNTS).status == "refused"


def test_the_same_people_are_the_same_people_at_every_level(store: Store) -> None:
    published(store, {f"P-{n}": 4 for n in range(24)}, units=24)
    links = [parent(f"P-{n}", f"N-{n // 2}", "pcn") for n in range(24)]
    networks = [provider(f"N-{n}", "pcn") for n in range(12)]
    store.commit([extract(parent=links, provider=networks)])
    assert agreement(store, COUNTS).status == "refused"
    told = agreement(store, replace(COUNTS, grain="pcn"))
    assert told.alignment.grain == "pcn"
    assert told.status == "refused"


def test_nothing_found_is_not_spoken_of(store: Store) -> None:
    judged = judgement(published(store, {}), COUNTS)
    assert judged.same_people is None
    assert judged.not_compared() == ()


# --- The demonstration ---


@pytest.mark.parametrize("pair", [LOCAL, COUNTS])
def test_the_practice_whose_survey_was_filled_in_with_its_fft_is_found(
    demonstration: Store, pair: Pairing
) -> None:
    assert found(demonstration, pair).units == ("P-0033",)


def test_the_network_whose_published_counts_are_its_local_answers_is_found(
    demonstration: Store,
) -> None:
    asked = Pairing("fft_local", "fft_gp")
    told = found(demonstration, asked)
    board = {f"P-{n:04d}" for n in range(1, 41)}  # P-0018 is in no local file
    # one spelling of P-0038 is left to confirm, and its local counts are a part of the published ones
    assert set(told.units) == board - {"P-0018"}
    assert "period by period" in sign(told.evidence["P-0038"])
    report = agreement(demonstration, asked)
    assert report.status == "refused"
    assert "same people" in refusals.text(report.refusals)


@pytest.mark.parametrize(
    "pair",
    [GP, Pairing("fft_local", "gp_survey"), Pairing("fft_gp", "healthwatch"),
     Pairing("fft_inpatient", "cqc_inpatient"), replace(GP, grain="pcn")],
    ids=lambda pair: f"{pair.left}-{pair.right}",
)  # fmt: skip
def test_nobody_else_in_the_demonstration_is_taken_for_the_same_people(
    demonstration: Store, pair: Pairing
) -> None:
    assert found(demonstration, pair).units == ()


# --- An agreement too good for two sources ---


def mirrored(store: Store, spread: float = 0.08, units: int = 30, seed: int = 3) -> Store:
    """Practices much alike and few answers each: the local survey's figures are the FFT's over again, of
    another month, so that no single count tells it."""
    random = np.random.default_rng(seed)
    fft_rows, local_rows = [], []
    for unit in range(units):
        n = int(random.integers(60, 110))
        share = np.clip(0.8 + spread * random.standard_normal(), 0, 1)
        x = int(random.binomial(n, share))
        fft_rows.append(fft(f"P-{unit:02d}", x, n, "2024-02"))
        local = survey(f"P-{unit:02d}", x / n, n, source="local_survey", positive=x)
        local_rows.append(local)  # of the whole quarter: no period in common
    store.commit([extract(fft_fact=fft_rows), extract(survey_fact=local_rows)])
    return store


def test_an_agreement_above_perfect_mirrors_is_never_told_without_the_sign(store: Store) -> None:
    told = agreement(mirrored(store), COUNTS)
    assert told.correlation is not None
    assert told.mirrors is not None
    assert told.correlation.estimate > told.mirrors.high
    assert found(store, COUNTS).units == ()  # by no single count
    assert told.judgement.too_alike
    assert Mark.SAME_PEOPLE in told.marks
    assert Mark.SAME_PEOPLE in words.summary(told)
    assert "more alike than two perfect mirrors" in words.summary(told)
    assert words.warnings(told)[0].startswith("The same people may have answered both")
    sent = as_json(told)
    assert sent["too_alike"] is True
    assert sent["warnings"][0].startswith("The same people may have answered both")


def test_where_a_source_tells_nobody_apart_the_same_order_is_too_alike_all_the_more(
    store: Store,
) -> None:
    told = agreement(mirrored(store, spread=0.0), COUNTS)
    assert told.mirrors is None
    assert told.judgement.too_alike
    assert Mark.SAME_PEOPLE in words.summary(told)


def test_no_verdict_of_agreement_stands_without_the_sign(store: Store) -> None:
    told = agreement(mirrored(store), COUNTS)
    divergent = divergence(store, COUNTS)
    assert divergent.judgement.too_alike
    assert divergence_words.warnings(divergent)[0].startswith(
        "The same people may have answered both"
    )
    assert Mark.SAME_PEOPLE in divergence_words.summary(divergent)
    assert told.verdicts is not None
    assert divergent.verdicts is not None
    for verdicts in (told.verdicts, divergent.verdicts):
        cells = verdicts.cells.assign(said=sentences(verdicts, verdicts.cells))
        agreeing = cells[cells["state"].isin(("agreement", "partial agreement"))]
        others = cells[~cells["state"].isin(("agreement", "partial agreement"))]
        assert not others["said"].str.contains(Mark.SAME_PEOPLE).any()
        assert len(agreeing)
        assert agreeing["said"].str.contains(Mark.SAME_PEOPLE).all()


def test_overview_and_what_if_tell_the_sign(store: Store) -> None:
    report = overview(mirrored(store))
    assert Mark.SAME_PEOPLE in overview_words.summary(report)
    assert overview_words.findings(report)[0].startswith(
        "More alike than two sources of different people"
    )
    assert not any(
        sentence.startswith("Shown to rank alike") for sentence in overview_words.findings(report)
    )
    assert overview_words.table(report)["to_bear_in_mind"].str.contains(Mark.SAME_PEOPLE).all()
    asked = what_if(store, COUNTS, Scenario(evidence_floor=20))
    assert Mark.SAME_PEOPLE in what_if_words.summary(asked)
    assert asked.changed.judgement.too_alike


def test_two_sources_of_different_people_are_not_called_too_alike(store: Store) -> None:
    told = agreement(published(store, {}), COUNTS)
    assert not told.judgement.too_alike
    assert Mark.SAME_PEOPLE not in " ".join(
        [words.summary(told), *told.marks, *words.warnings(told)]
    )
    assert as_json(told)["too_alike"] is False
