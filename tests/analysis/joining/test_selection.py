"""Whose answers count: modes left out, groups alone, another mix of people, other peers; by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pxcore.analysis.joining import selection
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.bands import keep
from pxcore.analysis.judging.evidence import weigh
from pxcore.analysis.judging.judgement import judgement
from pxcore.model import (
    Disclosure,
    Mix,
    Months,
    Pairing,
    Peers,
    Period,
    Selection,
    Sentiment,
    Settings,
)
from pxcore.store import Store
from pxcore.words.alignment import did_not_join
from pxcore.words.alignment import notes as alignment_notes
from pxcore.words.evidence import notes as evidence_notes
from tests.analysis.frames import alike, committed, figures, side, standings
from tests.store.loads import extract, fft, parent, provider, response, survey

SHOWN = Pairing("fft_local", "local_survey")
LOCAL = replace(SHOWN, disclosure=Disclosure(exact=True))  # exact: followed by hand
GP = Pairing("fft_gp", "gp_survey")


def answers(
    source: str, cells: list[tuple[str, dict[str, Any], int, int]], start: int = 0
) -> dict[str, Any]:
    """An extract of single responses: (practice, what each row tells, answers, of them positive)."""
    said = []
    for unit, about, count, positive in cells:
        for place in range(count):
            said.append(
                response(
                    start + len(said), provider=unit, positive=int(place < positive), source=source,
                    **about,
                )
            )  # fmt: skip
    return extract(response=[r for r, _ in said], answer=[a for _, a in said])


def two_local(store: Store, left: list[Any], right: list[Any] | None = None) -> Store:
    store.commit([answers("fft_local", left), answers("local_survey", right or left)])
    return store


def row(store: Store, pairing: Pairing, unit: str = "P-0", which: int = 0) -> pd.Series:
    rows = align(store, pairing).rows[which]
    used = rows["outcome"].isin(["paired", "no_counterpart"])
    return rows[(rows["unit"] == unit) & used].iloc[0]


def selected(pairing: Pairing, **wanted: Any) -> Pairing:
    return replace(pairing, selection=Selection(**wanted))


# --- Modes ---


BY_MODE = [
    ("P-0", {"mode": "SMS"}, 30, 27),
    ("P-0", {"mode": "Paper"}, 20, 10),
    ("P-1", {"mode": "SMS"}, 40, 20),
]


def test_answers_by_a_mode_are_left_out_and_the_rest_counted(store: Store) -> None:
    two_local(store, BY_MODE)
    whole, rest = row(store, LOCAL), row(store, selected(LOCAL, without_modes=("SMS",)))
    assert (whole["respondents"], whole["positive"], whole["value"]) == (50, 37, 0.74)
    assert (rest["respondents"], rest["positive"], rest["value"]) == (20, 10, 0.5)
    assert rest["outcome"] == "paired"
    without = align(store, selected(LOCAL, without_modes=("SMS",)))
    assert "P-1" not in set(without.pairs["unit"])  # all of its answers came so


def test_a_source_that_does_not_tell_modes_keeps_its_answers_and_that_is_said(store: Store) -> None:
    committed(store, *standings(alike()))
    told = align(store, selected(GP, without_modes=("SMS",)))
    assert told.pairs.equals(align(store, GP).pairs)
    assert sum("does not tell how each answer came" in note for note in alignment_notes(told)) == 2


def test_a_mode_of_few_people_reads_so_and_the_others_are_shown(store: Store) -> None:
    """What few said on paper is noise, from the others and all of them; nothing is left out to hide it."""
    two_local(store, [("P-0", {"mode": "SMS"}, 30, 27), ("P-0", {"mode": "Paper"}, 3, 0)])
    told = align(store, selected(SHOWN, without_modes=("Paper",)))
    assert set(told.pairs["unit"]) == {"P-0"}
    few = align(store, selected(SHOWN, without_modes=("SMS",)))
    assert few.pairs.empty
    assert set(few.did_not_join["outcome"]) == {"few_answers"}


def test_every_quarter_and_its_year_are_shown_but_for_few(store: Store) -> None:
    """Three people in the last quarter at one practice: that quarter alone lacks it."""
    days = [date(2024, month, 10) for month in (5, 8, 11)] + [date(2025, 2, 10)]
    said = [
        (unit, {"answered_on": day}, n + 9 * (unit == "P-1"), 3)
        for unit in ("P-0", "P-1")
        for day, n in zip(days, (20, 30, 40, 3), strict=True)
    ]
    two_local(store, said, [(unit, about, n + 40, 20) for unit, about, n, _ in said])
    ends = [date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31), date(2025, 3, 31)]
    starts = [date(2024, month, 1) for month in (4, 7, 10)] + [date(2025, 1, 1)]
    year = Period(starts[0], ends[-1])
    assert row(store, replace(LOCAL, window=year))["respondents"] == 93
    shown = [
        set(align(store, replace(SHOWN, window=window)).pairs["unit"])
        for window in (*map(Period, starts, ends), year)
    ]
    assert shown == [{"P-0", "P-1"}] * 3 + [{"P-1"}] + [{"P-0", "P-1"}]


# --- Groups ---


BY_AGE = [
    ("P-0", {"age": "25-34"}, 20, 10),
    ("P-0", {"age": "65-74"}, 12, 12),
    ("P-0", {"age": "75-84"}, 8, 6),
    ("P-0", {}, 10, 0),
]


def test_a_band_is_made_of_the_groups_a_source_tells(store: Store) -> None:
    two_local(store, BY_AGE)
    older = row(store, selected(LOCAL, dimension="age", groups=("65 and over",)))
    assert (older["respondents"], older["positive"]) == (20, 18)
    younger = row(store, selected(LOCAL, dimension="age", groups=("16-44",)))
    assert (younger["respondents"], younger["positive"]) == (20, 10)
    both = row(store, selected(LOCAL, dimension="age", groups=("16-44", "65 and over")))
    assert both["respondents"] == 40  # who tells no age is of no band


def test_a_band_nobody_answered_of_is_nobody_and_not_everybody(store: Store) -> None:
    two_local(store, BY_AGE)
    told = align(store, selected(LOCAL, dimension="age", groups=("45-64",)))
    assert told.pairs.empty


def test_published_group_rows_are_taken_where_a_file_has_them(store: Store) -> None:
    left, right = standings(alike())
    old = [r | {"group_dimension": "age", "group_value": "65-74", "value": 0.9} for r in right]
    store.commit([extract(fft_fact=left), extract(survey_fact=[*right, *old])])
    told = align(store, selected(GP, dimension="age", groups=("65 and over",)))
    assert (told.pairs["right_value"] == 0.9).all()
    assert told.pairs["left_value"].equals(align(store, GP).pairs["left_value"])
    assert [n for n in alignment_notes(told) if "FFT GP cannot be split by age" in n]
    assert not [n for n in alignment_notes(told) if "GP survey cannot" in n]


# --- Comments counted otherwise ---


@pytest.mark.parametrize(
    ("sentiment", "respondents", "positive"),
    [(Sentiment.POSITIVE, 20, 8), (Sentiment.MIXED_HALF, 16, 10), (Sentiment.STARS, 12, 6)],
)
def test_comments_count_by_the_mapping_asked_for(
    store: Store, sentiment: Sentiment, respondents: int, positive: float
) -> None:
    said = [
        ("P-0", {"sentiment": "positive", "stars": 5.0}, 6, 6),
        ("P-0", {"sentiment": "positive"}, 2, 2),
        ("P-0", {"sentiment": "mixed", "stars": 3.0}, 4, 0),
        ("P-0", {"sentiment": "neutral"}, 4, 0),
        ("P-0", {"sentiment": "negative", "stars": 1.0}, 2, 0),
        ("P-0", {"sentiment": "negative"}, 2, 0),
    ]
    store.commit([answers("healthwatch", said), extract(fft_fact=[fft("P-0", 80, 100)])])
    # the eight without stars are more than the floor, the four neutral ones fewer
    pairing = replace(Pairing("fft_gp", "healthwatch"), disclosure=Disclosure(5))
    rows = store.query(
        "side",
        **_placed(store, selected(pairing, sentiment=sentiment) if sentiment else pairing),
    )
    here = rows[(rows["unit"] == "P-0") & (rows["outcome"] == "in_window")].iloc[0]
    assert (here["respondents"], here["positive"]) == (respondents, positive)


def _placed(store: Store, pairing: Pairing) -> dict[str, Any]:
    from pxcore.analysis.joining.periods import placing

    told = align(store, pairing)
    assert told.right.period is not None
    return placing(told.right, told.pairing, told.service, told.right.period)


# --- Another mix of people ---


def mixed(store: Store) -> Store:
    """FFT heard mostly the young, the survey mostly the old; the old are happier by 40 points."""
    left = [("P-0", {"age": "25-34"}, 80, 40), ("P-0", {"age": "65-74"}, 20, 18)]
    right = [("P-0", {"age": "25-34"}, 20, 10), ("P-0", {"age": "65-74"}, 80, 72)]
    return two_local(store, left, right)


def test_with_the_same_mix_the_gap_that_came_from_it_is_gone(store: Store) -> None:
    mixed(store)
    assert (row(store, LOCAL)["value"], row(store, LOCAL, which=1)["value"]) == (0.58, 0.82)
    asked = selected(LOCAL, dimension="age", mix=Mix.POOLED)
    left, right = row(store, asked), row(store, asked, which=1)
    assert left["value"] == pytest.approx(0.5 * 0.5 + 0.5 * 0.9)
    assert right["value"] == pytest.approx(left["value"])
    assert left["respondents"] == 100  # the real number stays


def test_words_of_a_source_s_own_that_a_person_placed_count_in_the_mix(store: Store) -> None:
    left = [("P-0", {"age": "Younger folk"}, 50, 10), ("P-0", {"age": "65-74"}, 50, 50)]
    two_local(store, left, [("P-0", {"age": "25-34"}, 50, 10), ("P-0", {"age": "65-74"}, 50, 50)])
    keep(store, "age", {"Younger folk": "16-44"}, "A", "its own words")
    asked = selected(LOCAL, dimension="age", mix=Mix.POOLED)
    assert row(store, asked)["value"] == pytest.approx(0.5 * 0.2 + 0.5 * 1.0)


def test_the_mix_of_registered_patients_is_each_practices_own(store: Store) -> None:
    mixed(store)
    lists = [
        {"code": "P-0", "dimension": "age", "group_value": band, "people": people, "cell": "A!1"}
        for band, people in (("0-4", 5000), ("15-44", 3000), ("65-74", 1000))
    ]
    store.commit([extract(population=lists)])
    told = row(store, selected(LOCAL, dimension="age", mix=Mix.REGISTERED))
    assert told["value"] == pytest.approx(0.75 * 0.5 + 0.25 * 0.9)  # children are asked by nobody
    # 20 of 100 answers carry three quarters of the survey's figure: it is worth 34 answers, by hand
    other = row(store, selected(LOCAL, dimension="age", mix=Mix.REGISTERED), which=1)
    assert other["worth"] == pytest.approx(0.34, abs=0.03)
    nation = row(store, selected(LOCAL, dimension="age", mix=Mix.NATIONAL))
    assert nation["value"] == pytest.approx(told["value"])


def test_a_practice_on_no_list_of_registered_patients_is_not_said_to_lack_a_group(
    store: Store,
) -> None:
    mixed(store)
    told = did_not_join(align(store, selected(LOCAL, dimension="age", mix=Mix.REGISTERED)))
    assert told["reason"].str.endswith("or its own mix is not known").all()


def test_a_practice_without_anybody_of_a_group_of_the_mix_is_left_out_by_name(store: Store) -> None:
    left = [("P-0", {"age": "25-34"}, 80, 40), ("P-0", {"age": "65-74"}, 20, 18)]
    left += [("P-1", {"age": "25-34"}, 50, 40)]
    two_local(store, left)
    told = align(store, selected(LOCAL, dimension="age", mix=Mix.POOLED))
    assert told.pairs["unit"].tolist() == ["P-0"]
    lone = told.did_not_join
    assert lone.loc[lone["unit"] == "P-1", "outcome"].tolist() == ["no_group", "no_group"]


# --- Peers ---


def test_among_peers_each_groups_own_level_is_taken_away(store: Store) -> None:
    """Two networks' worth of practices, one board rosy in both: the boards differ, their practices not."""
    rng = np.random.default_rng(3)
    level = np.repeat([0.0, 2.0], 15)
    at = np.concatenate([np.linspace(-1, 1, 15)] * 2)
    other = np.concatenate([rng.permutation(np.linspace(-1, 1, 15)) for _ in range(2)])
    left, right = standings(zip(level + at, level + other, strict=True))
    links = [parent(f"P-{n}", f"B-{n // 15}", "icb") for n in range(30)]
    committed(
        store, left, right, parent=links, provider=[provider("B-0", "icb"), provider("B-1", "icb")]
    )
    whole = judgement(store, GP).verdicts
    among = judgement(store, selected(GP, peers=Peers.ICB)).verdicts
    assert whole is not None
    assert among is not None

    def correlation(told: Any) -> float:
        cells = told.cells
        return float(np.corrcoef(cells["left_standing"], cells["right_standing"])[0, 1])

    assert correlation(whole) > 0.6
    assert abs(correlation(among)) < 0.35
    assert any("set against its own peers" in note for note in evidence_notes(among.left))


def test_one_group_of_peers_is_no_groups() -> None:
    rows = figures(np.linspace(0.6, 0.9, 20), 200)
    plain = weigh(rows, None, side("gp_survey"), Settings(), evidence_floor=10)
    peers = weigh(
        rows, None, side("gp_survey"), Settings(), evidence_floor=10,
        peers=dict.fromkeys(rows["unit"], "all"),
    )  # fmt: skip
    assert peers.rows["standing"].to_numpy() == pytest.approx(plain.rows["standing"].to_numpy())


def test_with_fewer_than_ten_peers_nobody_is_judged() -> None:
    rows = figures(np.linspace(0.6, 0.9, 20), 200)
    groups = {unit: "few" if place < 9 else "many" for place, unit in enumerate(rows["unit"])}
    told = weigh(rows, None, side("gp_survey"), Settings(), evidence_floor=10, peers=groups).rows
    few = told["unit"].map(groups) == "few"
    assert (told.loc[few, "silence"] == "too few organisations to compare with").all()
    assert not told.loc[few, "speaks"].any()
    assert told.loc[~few, "speaks"].all()


def test_peers_by_size_are_thirds(store: Store) -> None:
    lists = [
        {"code": f"P-{n}", "dimension": "", "group_value": "", "people": 1000 * n, "cell": "A!1"}
        for n in range(9)
    ]
    store.commit([extract(population=lists)])
    told = selection.peers_of(store, Peers.SIZE, [f"P-{n}" for n in range(9)])
    assert [told[f"P-{n}"] for n in (0, 2, 3, 5, 6, 8)] == [
        "smaller", "smaller", "middle", "middle", "larger", "larger",
    ]  # fmt: skip


# --- More months ---


def test_more_months_of_the_monthly_source_are_set_beside_the_wave(store: Store) -> None:
    months = [f"2023-{m:02d}" for m in range(4, 13)] + ["2024-01", "2024-02", "2024-03", "2024-04"]
    rows = [fft(f"P-{n}", 30 + n, 60, month) for n in range(20) for month in months]
    committed(store, rows, [survey(f"P-{n}", 0.5 + n / 50) for n in range(20)])

    def answers_of(which: Months) -> tuple[float, str]:
        told = align(store, replace(GP, months=which))
        return float(told.pairs["left_respondents"].iloc[0]), str(told.right.period)

    assert [answers_of(which)[0] / 60 for which in Months] == [3, 7, 12]
    assert len({answers_of(which)[1] for which in Months}) == 1  # the survey keeps its wave


# --- What cannot be asked ---


def test_groups_are_of_a_dimension_and_not_weighted_too() -> None:
    with pytest.raises(ValueError, match="of a dimension"):
        Selection(groups=("16-44",))
    with pytest.raises(ValueError, match="not both"):
        Selection(dimension="age", groups=("16-44",), mix=Mix.POOLED)


@given(
    x=some.lists(some.tuples(some.integers(5, 60), some.floats(0, 1)), min_size=2, max_size=3),
)
def test_a_weighted_figure_lies_between_those_of_its_groups(x: list[tuple[int, float]]) -> None:
    bands = ["16-44", "45-64", "65 and over"][: len(x)]
    counts = pd.DataFrame(
        {
            "unit": "P-0",
            "band": bands,
            "respondents": [float(n) for n, _ in x],
            "positive": [float(round(n * share)) for n, share in x],
        }
    )
    n = counts["respondents"].sum()
    whole = pd.DataFrame(
        {
            "unit": ["P-0"], "outcome": ["in_window"], "respondents": [n],
            "positive": [counts["positive"].sum()], "value": [counts["positive"].sum() / n],
            "low": [np.nan], "high": [np.nan],
        }
    )  # fmt: skip
    mix = dict.fromkeys(bands, 1 / len(bands))
    told = selection.weighted(whole, counts, mix, None, bands).iloc[0]
    shares = counts["positive"] / counts["respondents"]
    assert shares.min() - 1e-9 <= told["value"] <= shares.max() + 1e-9
    assert 0 < told["worth"] <= 1


# --- One service of sources that speak of several ---


def by_service(counts: dict[str, int], unit: str = "P-0") -> list[Any]:
    return [(unit, {"service": name}, count, count // 2) for name, count in counts.items()]


def test_one_service_is_looked_at_alone_where_both_speak_of_several(store: Store) -> None:
    two_local(store, by_service({"maternity": 20, "inpatient": 30, "outpatient": 40}))
    assert row(store, LOCAL)["respondents"] == 90
    assert row(store, replace(LOCAL, service="maternity"))["respondents"] == 20
    told = align(store, replace(LOCAL, service="maternity"))
    assert told.service == "maternity"
    assert "other_service" in set(told.rows[0]["outcome"])


def test_a_service_of_few_people_reads_so_and_the_others_are_shown(store: Store) -> None:
    """Beside another source the same answers are shown of all services together."""
    two_local(store, by_service({"maternity": 3, "inpatient": 30, "outpatient": 40}))
    told = {
        service: align(store, replace(SHOWN, service=service)).pairs["unit"].tolist()
        for service in ("", "maternity", "inpatient", "outpatient")
    }
    assert told == {"": ["P-0"], "maternity": [], "inpatient": ["P-0"], "outpatient": ["P-0"]}


def test_a_source_of_one_service_decides_it(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-0", 40, 60, "2024-02")])])
    store.commit([answers("local_survey", by_service({"general_practice": 20, "maternity": 20}))])
    pairing = Pairing("fft_gp", "local_survey", service="maternity")
    assert align(store, pairing).service == "general_practice"
