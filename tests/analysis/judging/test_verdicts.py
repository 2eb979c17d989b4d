"""One verdict an organisation: each state on a small store, the laws of the method, and its words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pxcore.analysis.judging.judgement import judgement
from pxcore.analysis.judging.reasons import ReasonKind
from pxcore.analysis.judging.silence import Silence, letter
from pxcore.analysis.judging.verdicts import LOOK_ORDER, MARKS, STATES, Verdicts, judge
from pxcore.analysis.pairs.agreement import AgreementReport, agreement
from pxcore.analysis.pairs.coefficients import CoefficientsReport, coefficients
from pxcore.analysis.pairs.divergence import DivergenceReport, divergence
from pxcore.analysis.pairs.matrix import Matrix
from pxcore.analysis.pairs.overview import overview
from pxcore.disclosure import largest_noise, rounded
from pxcore.model import Disclosure, Grain, Pairing, Scope, Settings
from pxcore.publish.agreement import as_json as agreement_json
from pxcore.publish.divergence import as_json as divergence_json
from pxcore.stats.verdict import Rule, State
from pxcore.store import Store
from pxcore.words import divergence as divergence_words
from pxcore.words.evidence import notes
from pxcore.words.verdicts import (
    LABELS,
    could_agree,
    detectable,
    in_points,
    margin_in_points,
    sentences,
)
from tests.analysis.frames import (
    GP,
    alike,
    committed,
    drawn,
    figures,
    placed_at,
    sentence_on,
    standings,
    weighed,
)
from tests.store.loads import extract, fft, response, survey

few = settings(max_examples=6, deadline=None)
SEEDS = st.integers(0, 10_000)
Z = 1.6448536269514722


def judged(left: pd.DataFrame, right: pd.DataFrame, **choices: Any) -> Verdicts:
    asked = choices.pop("settings", Settings())
    one, other = (
        weighed(rows, source, settings=asked, floor=choices.get("floor", 10))
        for rows, source in ((left, "gp_survey"), (right, "local_survey"))
    )
    choices.pop("floor", None)
    return judge(one, other, asked, **choices)


def of(verdicts: Verdicts, *columns: str) -> pd.DataFrame:
    return verdicts.cells.set_index("unit").sort_index()[list(columns)]


def rules(verdicts: Verdicts) -> dict[str, Rule]:
    return {unit: Rule(rule) for unit, rule in of(verdicts, "rule")["rule"].items()}  # type: ignore[misc]


# --- Each state, by hand ---


def by_hand(verdicts: Verdicts) -> dict[str, Rule]:
    """The eight rules, one organisation at a time, from the standings and the usual difference."""
    assert verdicts.method is not None
    tested = verdicts.cells[verdicts.cells["tested"]]
    told: dict[str, Rule] = dict.fromkeys(verdicts.cells["unit"], Rule.SILENCE)
    figures = {}
    for cell in tested.itertuples():
        one, other = cell.left_standing, cell.right_standing
        errors = [
            (high - at) / 1.959963984540054
            for high, at in (
                (cell.left_standing_high, one), (cell.right_standing_high, other)
            )
        ]  # fmt: skip
        gap = one - other - verdicts.method.centre
        noise = math.hypot(*errors)
        method = verdicts.method
        usual = math.sqrt(noise**2 + method.total + method.centre_variance)
        p = 2 * stats.t.sf(abs(gap) / usual, method.providers - 1)
        # the standings were divided by spreads that are estimates themselves
        measured_in = sum(
            (at * spread.variance_error / spread.variance / 2) ** 2
            for at, spread in ((one, verdicts.left.spread), (other, verdicts.right.spread))
            if spread is not None
        )
        unsure = math.sqrt(noise**2 + method.centre_variance + measured_in)
        above = [
            stats.norm.cdf(at / (e * math.sqrt(1 + e**2)))
            for at, e in ((one, errors[0]), (other, errors[1]))
        ]
        same = above[0] * above[1] + (1 - above[0]) * (1 - above[1])
        figures[cell.unit] = (abs(gap), noise, p, same, unsure)
    ranked = sorted(figures, key=lambda unit: figures[unit][2])
    q, least = {}, 1.0
    for place in range(len(ranked), 0, -1):  # Benjamini and Hochberg's step up
        least = min(least, figures[ranked[place - 1]][2] * len(ranked) / place)
        q[ranked[place - 1]] = least
    one_sided = stats.t.ppf(0.95, verdicts.method.providers - 1)
    for unit, (gap, noise, _, same, unsure) in figures.items():
        unusual, apart = q[unit] <= 0.05, gap - Z * noise > 1 and noise <= 1
        if gap + one_sided * unsure < 1:
            told[unit] = Rule.AGREEMENT
        elif unusual:
            told[unit] = Rule.SAME_SIDE_UNUSUAL if same >= 0.8 else Rule.DISSONANCE_UNUSUAL
        elif apart:
            told[unit] = Rule.SAME_SIDE_APART if same >= 0.8 else Rule.DISSONANCE_USUAL
        else:
            told[unit] = Rule.SAME_SIDE if same >= 0.8 else Rule.NOT_ENOUGH
    return told


def one_more(
    rows: tuple[list[dict[str, Any]], list[dict[str, Any]]], left: tuple[float, float],
    right: tuple[float, float], unit: str = "X",
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    """The rows and one more practice: its standing and number of answers in each source."""
    own = standings([(left[0], right[0])], left[1], right[1])
    return rows[0] + [own[0][0] | {"provider": unit}], rows[1] + [own[1][0] | {"provider": unit}]


SURE = (4000.0, 3000.0)


Place = tuple[float, float]  # a standing, and the number of answers it rests on


def with_more(
    places: list[tuple[float, float]], more: Iterable[tuple[Place, Place, Rule]]
) -> Verdicts:
    """The verdicts of practices at these places, and of some more: X-0, X-1, …"""
    rows = standings(places, *SURE)
    for place, (left, right, _) in enumerate(more):
        rows = one_more(rows, left, right, f"X-{place}")
    store = committed(Store.open(), *rows)
    told = judgement(store, GP).verdicts
    store.close()
    assert told is not None
    return told


STATES_BY_HAND: tuple[tuple[Place, Place, Rule], ...] = (
    ((0.5, SURE[0]), (0.5, SURE[1]), Rule.AGREEMENT),
    ((2.0, SURE[0]), (-2.0, SURE[1]), Rule.DISSONANCE_UNUSUAL),
    ((-2.0, SURE[0]), (2.0, SURE[1]), Rule.DISSONANCE_UNUSUAL),
    ((0.8, SURE[0]), (3.8, SURE[1]), Rule.SAME_SIDE_UNUSUAL),
    ((1.6, 150.0), (1.6, SURE[1]), Rule.SAME_SIDE),
    ((0.0, 40.0), (0.0, SURE[1]), Rule.NOT_ENOUGH),
    ((0.0, 9.0), (0.0, SURE[1]), Rule.SILENCE),
    ((0.0, SURE[0]), (0.0, 9.0), Rule.SILENCE),
)


def test_each_state_where_the_sources_usually_agree() -> None:
    told = with_more(alike(), STATES_BY_HAND)
    cells = told.cells.set_index("unit")
    for place, (_, _, rule) in enumerate(STATES_BY_HAND):
        cell = cells.loc[f"X-{place}"]
        assert (Rule(cell["rule"]), cell["state"]) == (rule, rule.state.value), place
    assert rules(told) == by_hand(told)


def shuffled(count: int = 40) -> list[tuple[float, float]]:
    """Practices on which two sources usually differ a good deal."""
    random = np.random.default_rng(11)
    at = np.linspace(-1.8, 1.8, count)
    return list(zip(at.tolist(), (0.3 * at + 0.95 * random.permutation(at)).tolist(), strict=True))


GRADES_BY_HAND: tuple[tuple[Place, Place, Rule], ...] = tuple(
    ((left, SURE[0]), (right, SURE[1]), rule)
    for left, right, rule in (
        (1.3, -1.2, Rule.DISSONANCE_USUAL),
        (0.6, 2.9, Rule.SAME_SIDE_APART),
        (-2.9, -0.6, Rule.SAME_SIDE_APART),
        (5.0, -5.0, Rule.DISSONANCE_UNUSUAL),
        (0.7, 0.7, Rule.AGREEMENT),
    )
)


def test_each_grade_where_gaps_are_common_between_the_sources() -> None:
    told = with_more(shuffled(), GRADES_BY_HAND)
    assert told.method is not None
    assert told.method.total > 0.8
    found = rules(told)
    assert [found[f"X-{place}"] for place in range(5)] == [rule for *_, rule in GRADES_BY_HAND]
    assert found == by_hand(told)


@pytest.mark.parametrize("pair", [GP, Pairing("fft_inpatient", "cqc_inpatient")])
def test_the_demonstrations_verdicts_are_those_worked_out_one_by_one(
    demonstration: Store, pair: Pairing
) -> None:
    told = judgement(demonstration, pair).verdicts
    assert told is not None
    assert rules(told) == by_hand(told)


@given(SEEDS)
@few
def test_verdicts_are_those_worked_out_one_by_one(seed: int) -> None:
    told = judged(*drawn(seed))
    assert rules(told) == by_hand(told)


def test_with_under_ten_in_both_nothing_is_judged_though_each_has_ten_peers(store: Store) -> None:
    left, right = standings(alike(30), *SURE)
    committed(store, left[:19], right[10:])  # nine in both
    told = judgement(store, GP).verdicts
    assert told is not None
    assert told.method is not None
    assert (told.tested, told.method.assumed) == (9, True)
    assert {state: told.count(state) for state in STATES if told.count(state)} == {
        State.NOT_ENOUGH: 9,
        State.SILENCE: 21,
    }
    both = sentences(told, told.cells[told.cells["tested"]])
    assert all("Fewer than 10 practices have enough answers in both" in line for line in both)


def test_a_verdict_on_a_score_and_a_percentage(store: Store) -> None:
    left, _ = standings(alike(), *SURE)
    trusts = [row | {"source": "fft_inpatient", "grain": "trust"} for row in left]
    scores = [
        survey(
            f"P-{n}", 8 + 0.25 * at, 400, source="cqc_inpatient", service="inpatient", grain="trust",
            low=8 + 0.25 * at - 0.08, high=8 + 0.25 * at + 0.08,
        )
        for n, (_, at) in enumerate(alike())
    ]  # fmt: skip
    committed(store, trusts, scores)
    told = judgement(store, Pairing("fft_inpatient", "cqc_inpatient")).verdicts
    assert told is not None
    assert told.count(State.AGREEMENT) == 24
    assert "points of its score on CQC inpatient" in sentences(told, told.cells)[0]
    assert "percentage points on FFT inpatient" in sentences(told, told.cells)[0]


# --- Few answers ---


@given(SEEDS, st.integers(0, 6), st.sampled_from([5, 10]))
@few
def test_six_comments_never_agree(seed: int, positive: int, floor: int) -> None:
    left, right = drawn(seed, agreement=1.0, answers=(2000, 1500))
    value, n = left["value"].to_numpy().copy(), left["respondents"].to_numpy().copy()
    value[0], n[0] = positive / 6, 6
    chosen = Settings(evidence_floor=floor)
    told = judge(
        weighed(figures(value, n), "healthwatch", settings=chosen, floor=floor),
        weighed(right, settings=chosen, floor=floor),
        chosen,
    )
    here = rules(told)["P-0"]
    assert here is not Rule.AGREEMENT
    assert floor == 5 or here is Rule.SILENCE


@pytest.mark.parametrize("floor", [5, 10])
def test_six_answers_never_agree_however_alike_the_two_figures(store: Store, floor: int) -> None:
    rows = one_more(standings(alike(), *SURE), (0.0, 6.0), (0.0, SURE[1]), "X")
    committed(store, *one_more(rows, (0.0, SURE[0]), (0.0, 6.0), "Y"))
    told = judgement(store, replace(GP, settings=Settings(evidence_floor=floor))).verdicts
    assert told is not None
    for unit in ("X", "Y"):
        assert rules(told)[unit] in (Rule.SILENCE, Rule.NOT_ENOUGH, Rule.SAME_SIDE)


@pytest.mark.parametrize(("evidence", "disclosure"), [(5, 5), (10, 5), (30, 10), (5, 30)])
def test_a_verdict_never_rests_on_fewer_answers_than_the_evidence_floor(
    demonstration: Store, evidence: int, disclosure: int
) -> None:
    asked = replace(
        GP, settings=Settings(evidence_floor=evidence), disclosure=Disclosure(disclosure)
    )
    told = judgement(demonstration, asked).verdicts
    assert told is not None
    heard = told.cells[told.cells["rule"] != Rule.SILENCE]
    fewest = heard[["left_respondents", "right_respondents"]].min(axis=1)
    assert fewest.min() >= max(evidence, disclosure)
    assert told.cells.loc[~told.cells["tested"], "rule"].eq(Rule.SILENCE).all()
    assert told.cells.loc[told.cells["rule"] == Rule.SILENCE, "difference"].isna().all()


# --- Laws ---


@given(SEEDS, st.floats(-0.8, 0.8), st.booleans())
@few
def test_a_source_rosier_by_the_same_everywhere_changes_no_verdict(
    seed: int, by: float, first: bool
) -> None:
    random = np.random.default_rng(seed)
    shared = random.standard_normal(30)
    places = [0.9 + 0.5 * (0.8 * shared + 0.6 * random.standard_normal(30)) for _ in range(2)]
    variances = [random.uniform(0.005, 0.08, 30) for _ in range(2)]
    n = random.integers(80, 400, 30)
    before = judged(*(placed_at(y, v, n) for y, v in zip(places, variances, strict=True)))
    places[0 if first else 1] = places[0 if first else 1] + by
    after = judged(*(placed_at(y, v, n) for y, v in zip(places, variances, strict=True)))
    assert rules(before) == rules(after)
    columns = ("difference", "z", "q_value", "same_side", "detectable", "left_standing")
    assert of(after, *columns).to_numpy() == pytest.approx(
        of(before, *columns).to_numpy(), abs=1e-6, nan_ok=True
    )


@given(SEEDS, st.floats(-1.5, 1.5))
@few
def test_a_score_higher_by_the_same_everywhere_changes_no_verdict(seed: int, by: float) -> None:
    random = np.random.default_rng(seed)
    scores = 8 + 0.25 * random.standard_normal(30)
    _, other = drawn(seed)
    told = [
        judge(
            weighed(figures(scores + up, 300, standard_error=0.07), "cqc_inpatient"),
            weighed(other),
            Settings(),
        )
        for up in (0.0, by)
    ]
    assert rules(told[0]) == rules(told[1])


@given(SEEDS)
@few
def test_swapping_the_sides_changes_no_verdict(seed: int) -> None:
    one, other = (
        weighed(rows, source)
        for rows, source in zip(drawn(seed), ("gp_survey", "local_survey"), strict=True)
    )
    there, back = judge(one, other, Settings()), judge(other, one, Settings())
    assert rules(there) == rules(back)
    assert there.cells["unit"].tolist() == back.cells["unit"].tolist()  # nor their order
    symmetric = ["p_value", "q_value", "same_side", "detectable", "widest", "narrowest"]
    assert of(there, *symmetric).to_numpy() == pytest.approx(
        of(back, *symmetric).to_numpy(), nan_ok=True
    )
    assert of(there, "difference").to_numpy() == pytest.approx(
        -of(back, "difference").to_numpy(), nan_ok=True
    )
    assert of(there, "left_value")["left_value"].equals(of(back, "right_value")["right_value"])


@given(SEEDS)
@few
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    left, right = drawn(seed)
    random = np.random.default_rng(seed)
    before = judged(left, right)
    after = judged(
        left.iloc[random.permutation(len(left))], right.iloc[random.permutation(len(right))]
    )
    pd.testing.assert_frame_equal(
        before.cells.reset_index(drop=True), after.cells.reset_index(drop=True), rtol=1e-9
    )


@given(SEEDS)
@few
def test_a_provider_in_neither_source_changes_nothing(seed: int) -> None:
    left, right = drawn(seed)
    silent = figures([0.5], 3).assign(unit="S-1", value=np.nan)
    before = judged(left, right)
    after = judged(pd.concat([left, silent]), pd.concat([right, silent]))
    assert rules(before) == rules(after)


# --- Nothing under the disclosure floor ---


def numbers_in(told: Any) -> Iterator[float]:
    if isinstance(told, dict):
        for value in told.values():
            yield from numbers_in(value)
    elif isinstance(told, list | tuple):
        for value in told:
            yield from numbers_in(value)
    elif isinstance(told, int | float) and not isinstance(told, bool):
        yield float(told)


def frames_of(
    told: DivergenceReport, more: CoefficientsReport, matrices: Iterable[Matrix]
) -> Iterator[pd.DataFrame]:
    assert told.verdicts is not None
    yield told.verdicts.cells
    yield divergence_words.table(told)
    yield divergence_words.screen(told).assign(
        left_value=np.nan, right_value=np.nan
    )  # per cents of those above
    yield told.drawn()
    yield more.agreement.pairs
    assert more.level is not None
    yield more.level.points
    for matrix in matrices:
        yield matrix.cells


def words_of(told: DivergenceReport) -> Iterator[str]:
    assert told.verdicts is not None
    yield from (
        divergence_words.summary(told), divergence_words.limits(told), divergence_words.ranked(told),
        *divergence_words.findings(told),
    )  # fmt: skip
    for unit in told.rows["unit"]:
        yield from (*divergence_words.evidence(told, unit), *divergence_words.reasons(told, unit))
    yield from sentences(told.verdicts, told.verdicts.cells)


def test_few_published_answers_are_shown_as_printed_and_not_judged(store: Store) -> None:
    left, right = standings(shuffled(24), 600, 400)
    left.append(fft("X", 3, 4))
    right.append(survey("X", 0.7123, 400))
    committed(store, left, right)
    found = divergence(store, GP)
    cell = divergence_words.table(found).set_index("unit").loc["X"]
    assert (cell["left_respondents"], cell["left_value"]) == (4, 0.75)
    assert cell["left_silence"] == Silence.FEW.value
    assert "X" not in set(agreement(store, GP).pairs["unit"])


@pytest.fixture(scope="module", params=[5, 10, 30])
def small(request: pytest.FixtureRequest) -> tuple[Store, Pairing]:
    """Two dozen practices with many single responses, and X with one fewer than may be shown, whatever the
    noise."""
    fresh = Store.open()
    rows, answers = [], []
    for n, (_, at) in enumerate(shuffled(24)):
        made = [
            response(1000 * n + k, provider=f"P-{n}", positive=k < 40 + 8 * at) for k in range(60)
        ]
        rows += [row for row, _ in made]
        answers += [answer for _, answer in made]
    few = request.param - 1 if request.param == 5 else request.param - 1 - largest_noise()
    made = [response(10**6 + k, provider="X", positive=k % 2 == 0) for k in range(few)]
    rows += [row for row, _ in made]
    answers += [answer for _, answer in made]
    fresh.commit(
        [
            extract(response=rows, answer=answers),
            extract(
                survey_fact=[survey(f"P-{n}", 0.6 + 0.01 * n, 300) for n in range(24)]
                + [survey("X", 0.7, 300)]
            ),
        ]
    )
    return fresh, Pairing(
        "fft_local", "gp_survey", right_measure="overall", disclosure=Disclosure(request.param)
    )


def test_nothing_that_rests_on_too_few_answers_is_in_any_frame_sentence_or_json(
    small: tuple[Store, Pairing],
) -> None:
    store, asked = small
    floor = asked.disclosure.floor
    divergent = divergence(store, asked)
    more = coefficients(store, agreement(store, asked))
    assert more is not None
    every = overview(store, Scope.of(asked)).matrices()
    for frame in frames_of(divergent, more, every):
        for column in frame.select_dtypes("number"):
            if column.startswith("left") and column.endswith(("respondents", "answers")):
                assert not frame[column].between(-1, floor - 0.5).any(), column
        left = [name for name in frame if name.startswith("left_") and name != "left_silence"]
        figures = frame.loc[frame["unit"] == "X", left].select_dtypes("float64")
        assert figures.drop(columns=["left_above"], errors="ignore").isna().all(axis=None)
    for record in divergence_json(divergent)["organisations"]:
        n = record["left_respondents"]
        assert n is None or n >= floor
        if record["unit"] == "X":
            assert {record[f"left_{of}"] for of in ("value", "low", "high", "standing")} == {None}
    assert not re.search(rf"\b{floor - 1} answers", " ".join(words_of(divergent)))
    assert "too few answers" in " ".join(divergence_words.evidence(divergent, "X"))


def test_what_is_said_of_one_organisation_comes_from_the_counts_shown(
    small: tuple[Store, Pairing],
) -> None:
    store, asked = small
    shown = divergence_words.table(divergence(store, asked)).set_index("unit")
    exact = divergence_words.table(
        divergence(store, replace(asked, disclosure=Disclosure(exact=True)))
    )
    both = shown.join(exact.set_index("unit").add_suffix("_exact"))
    both = both[both["left_value"].notna()]
    assert (both["left_respondents"] != both["left_respondents_exact"]).any()
    # the noise is part of the error: ranges are wider than without it
    wide = both["left_high"] - both["left_low"]
    without = both["left_high_exact"] - both["left_low_exact"]
    assert (wide > without).mean() > 0.5
    assert wide.mean() > without.mean()
    assert (shown["difference"].dropna().round(1) == shown["difference"].dropna()).all()


def test_statistics_over_all_organisations_are_those_of_exact_figures(
    small: tuple[Store, Pairing],
) -> None:
    store, asked = small
    noisy = agreement(store, asked)
    exact = agreement(store, replace(asked, disclosure=replace(asked.disclosure, exact=True)))
    assert noisy.correlation is not None
    assert exact.correlation is not None
    assert len(noisy.pairs) == len(exact.pairs) == 24
    # to two decimals wherever a report is shown: a slide or a pack is no finer than the page
    assert noisy.correlation == rounded(exact.correlation, confidential=True)
    assert noisy.latent is not None
    assert exact.latent is not None
    assert noisy.latent.interval == rounded(exact.latent.interval, confidential=True)
    assert noisy.latent.estimate == rounded(exact.latent.estimate, confidential=True)
    assert (noisy.mirrors, noisy.expected) == (
        rounded(exact.mirrors, confidential=True),
        rounded(exact.expected, confidential=True),
    )
    told = agreement_json(noisy)["spearman"]["estimate"]
    assert told == round(agreement_json(exact)["spearman"]["estimate"], 2)
    assert _averages(noisy)[0] == round(_averages(exact)[0], 2) != _averages(exact)[0]
    assert _averages(noisy)[1] == _averages(exact)[1]  # of a published source


def _averages(report: AgreementReport) -> tuple[float, float]:
    assert report.verdicts is not None
    return report.verdicts.left.average, report.verdicts.right.average


def test_ages_of_fewer_people_than_the_floor_are_not_shown(store: Store) -> None:
    asked = Pairing("fft_local", "local_survey", disclosure=Disclosure(30))
    store.commit([_aged("fft_local", "25-34"), _aged("local_survey", "75-84")])
    told = divergence(store, asked)
    if told.reasons is None:  # the same moments: refused altogether
        return
    assert ReasonKind.WHO_ANSWERED not in {reason.kind for reason in told.reasons.of("P-0")}


def _aged(source: str, age: str) -> dict[str, Any]:
    """Twelve practices with 40 answers each, of whom on the first 25 tell their age."""
    said = [
        response(
            n, provider=f"P-{n % 12}", positive=int(n % 5 < n % 12), source=source,
            age=age if n % 12 == 0 and n < 300 else "",
        )
        for n in range(480)
    ]  # fmt: skip
    return extract(response=[one for one, _ in said], answer=[one for _, one in said])


# --- Words ---


def all_words(verdicts: Verdicts) -> str:
    words = [*sentences(verdicts, verdicts.cells), could_agree(verdicts), *notes(verdicts.left)]
    if verdicts.left.spread and verdicts.right.spread:
        words.append(margin_in_points(verdicts))
    return " ".join(words)


NOT_WORDS = re.compile(
    r"\bnan\b|\bNone\b(?! of)|\binf\b|\b0\.000\b|p = 0\.0+\b|\bTrue\b|\bFalse\b(?!-)"
)


@pytest.mark.parametrize(
    "pair",
    [
        replace(GP, settings=Settings(margin=0.5)),
        replace(GP, grain="pcn"),
        Pairing("fft_inpatient", "cqc_inpatient"),
        Pairing("fft_gp", "healthwatch"),
        Pairing("fft_local", "local_survey"),
    ],
    ids=lambda pair: f"{pair.left}-{pair.right}",
)
def test_no_sentence_of_the_demonstration_holds_a_machines_word(
    demonstration: Store, pair: Pairing
) -> None:
    told = divergence(demonstration, pair)
    words = [
        divergence_words.summary(told), divergence_words.limits(told), *divergence_words.warnings(told),
        *divergence_words.findings(told), *divergence_words.method(told),
    ]  # fmt: skip
    assert told.verdicts is not None
    words.append(all_words(told.verdicts))
    for unit in told.rows["unit"].head(40):
        words += [*divergence_words.evidence(told, unit), *divergence_words.reasons(told, unit)]
    if told.status == "ok":
        words.append(divergence_words.ranked(told))
    words += [divergence_words.funnel(told, limits, source) for limits, source in told.funnels()]
    found = [said for said in words if NOT_WORDS.search(said)]
    assert found == []


@given(SEEDS, st.sampled_from([0.5, 1.0, 1.5]))
@few
def test_every_verdict_is_a_sentence_that_ends(seed: int, margin: float) -> None:
    told = judged(*drawn(seed, answers=(80, 60)), settings=Settings(margin=margin))
    for said in sentences(told, told.cells):
        assert said.endswith(".")
        assert not NOT_WORDS.search(said)
    assert not NOT_WORDS.search(all_words(told))


def test_every_rule_has_words_a_mark_and_a_place_in_the_order_to_look() -> None:
    assert set(LABELS) == set(MARKS) == set(LOOK_ORDER) == set(Rule)
    assert LOOK_ORDER[0] is Rule.DISSONANCE_UNUSUAL
    assert set(STATES) == set(State)


def test_the_letter_of_a_silence_and_of_none() -> None:
    assert letter("") == ""
    assert letter(Silence.WITHHELD.value) == "w"


@pytest.fixture(scope="module")
def agreed() -> Verdicts:
    return with_more(alike(), ())


def test_how_often_agreement_could_be_shown_is_said_with_how_often_it_was(agreed: Verdicts) -> None:
    assert could_agree(agreed) == (
        "Agreement could have been shown for 24 of the 24 practices with enough answers in both; it was "
        "for 24."
    )
    small_numbers = judged(*drawn(1, answers=(60, 40)))
    assert small_numbers.could_agree == 0
    assert "could not have been shown for any" in could_agree(small_numbers)
    nobody = judged(figures([0.7] * 12, 4), figures([0.6] * 12, 4))
    assert "No practice has enough answers in both" in could_agree(nobody)


def test_an_agreement_is_told_in_the_units_of_both_sources(agreed: Verdicts) -> None:
    told = agreed
    said = sentences(told, told.cells)[0]
    assert re.search(
        r"closer than one typical difference between practices \(about \d+ percentage points on GP survey "
        r"and about \d+ percentage points on FFT GP\)\.",
        said,
    )
    down, up = told.right.points(0.5)
    assert in_points(told.right, 1) == f"about {down + up:.0f} percentage points"


def test_the_smallest_gap_that_would_have_shown_keeps_within_what_there_is_room_for() -> None:
    left, _ = drawn(1)
    source = weighed(left)
    assert detectable(source, 50.0) == "no gap, however large,"
    down, up = source.points(0.3)
    assert detectable(source, 0.3) == (f"{down:.0f} points below the average or {up:.0f} above")


def test_an_organisation_of_the_same_people_is_not_judged_and_says_so() -> None:
    told = judged(*drawn(2), shared=["P-3"])
    cell = told.cells.set_index("unit").loc["P-3"]
    assert cell["state"] == "silence"
    assert "same people's answers" in sentence_on(told, "P-3")
    assert told.tested == judged(*drawn(2)).tested - 1


def test_those_to_look_at_first_come_first() -> None:
    told = judged(*drawn(4, count=60, answers=(2000, 1500)))
    assert told.cells["look"].is_monotonic_increasing
    for _, rows in told.cells.groupby("look"):
        assert (-rows["narrowest"].fillna(-np.inf)).is_monotonic_increasing


def test_a_name_and_its_area_are_known_even_where_only_silence_is(store: Store) -> None:
    left, right = standings(alike(), *SURE)
    left.append(fft("X", None, None, provider_name="THE OLD MILL"))
    right.append(survey("X", None, provider_name="THE OLD MILL"))
    committed(store, left, right)
    told = judgement(store, GP).verdicts
    assert told is not None
    assert told.cells.set_index("unit").loc["X", "name"] == "The Old Mill"


def _names(rows: Iterable[Rule]) -> set[str]:
    return {LABELS[rule] for rule in rows}


def test_the_level_of_organisation_is_named_in_words() -> None:
    told = judged(figures([0.7] * 12, 4), figures([0.6] * 12, 4), grain=Grain.TRUST)
    assert "No trust has enough answers" in could_agree(told)
    assert _names(rules(told).values()) == {"Silence"}
