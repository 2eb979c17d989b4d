"""The calibration study runs the delivered analysis, and its committed table tells every line."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.calibration.measures import SETTINGS, weighed_as_in_the_app
from benchmarks.calibration.over_time import SERIES, tallies
from benchmarks.calibration.study import TABLE, gather, run, write
from benchmarks.calibration.table import COLUMNS, LINES, MEASURES, POOLED
from benchmarks.calibration.world import FIELDWORK, MONTHS, SCENARIOS, YEAR, DataSet, simulate
from pxcore.analysis.judging.judgement import judgement
from pxcore.analysis.judging.verdicts import judge
from pxcore.model import Disclosure, Pairing
from pxcore.store import Store
from pxcore.words.verdicts import sentences
from tests.store.loads import extract, fft, response, survey

EXACT = ["rule", "tested", "agrees", "could_agree", "left_silence", "right_silence"]
CLOSE = ["difference", "z", "p_value", "q_value", "same_side", "detectable"]


@pytest.fixture(scope="module")
def committed() -> list[dict[str, str]]:
    return list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def test_a_scenario_is_run_and_told(tmp_path: Path) -> None:
    done = [run((name, range(3))) for name in ("null_small_group", "planted_two_big")]
    found = {name: gather([told for _, told in results]) for name, results in done}
    write(found, tmp_path / "calibration.csv")
    rows = list(csv.DictReader((tmp_path / "calibration.csv").read_text("utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert {row["sets"] for row in rows if row["scenario"] in found} == {"3"}
    assert found["planted_two_big"]["power_raw"].value > 0.5
    assert found["null_small_group"]["level_changes_verdict"].value == 0


def test_the_same_number_gives_the_same_data_set() -> None:
    assert run(("null_small_group", [5])) == run(("null_small_group", [5]))


def test_the_committed_table_holds_every_acceptance_line(committed: list[dict[str, str]]) -> None:
    told = {(row["scenario"], row["title_measure"]): row for row in committed}
    for (scenario, measure), line in LINES.items():
        pooled = measure in POOLED
        row = told["every_scenario" if pooled else scenario, MEASURES[measure]]
        assert row["meets"] in ("yes", "no"), (scenario, measure)
        assert row["line"] == line.words
    assert {row["scenario"] for row in committed} == {*SCENARIOS, *SERIES, "every_scenario"}
    assert all(row["meets"] == "" for row in committed if not row["line"])


def test_the_committed_table_rests_on_enough_data_sets(
    committed: list[dict[str, str]],
) -> None:
    assert tuple(committed[0]) == COLUMNS
    for row in committed:
        nulls = ("null_usual", "null_two_big", "null_small_group", "null_fifty")
        rare = row["scenario"] in nulls and "any_" in row["measure"]
        assert int(row["sets"]) >= (400 if rare else 200), row
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 230
    assert max(map(len, lines)) < 200


@pytest.mark.parametrize("scenario", ["null_usual", "null_small_group", "null_fifty"])
def test_all_pairs_of_a_page_together_flag_at_most_one_in_ten_where_nothing_is_unusual(
    committed: list[dict[str, str]], scenario: str
) -> None:
    share = {
        row["measure"]: float(row["value"]) for row in committed if row["scenario"] == scenario
    }
    assert share["any_together"] <= 10
    assert share["any_together"] < share["any_set"]  # a pair at a time


def test_the_rows_of_series_over_time(committed: list[dict[str, str]]) -> None:
    rows = {(row["scenario"], row["measure"]): row for row in committed}
    share = {
        measure: float(row["value"]) for (name, measure), row in rows.items() if name in SERIES
    }
    assert share["marked_p_prime"] <= share["marked_xmr"]
    for months in (24, 36, 48, 60):
        assert share[f"direction_{months}"] <= 7
    for months in (36, 60):
        assert share[f"false_lead_{months}"] <= 7
    assert share["true_lead_60"] >= 90


def test_a_row_of_a_series_over_time_is_what_the_statistics_say_now(
    committed: list[dict[str, str]],
) -> None:
    rows = {(row["scenario"], row["measure"]): row for row in committed}
    for name in SERIES:
        for measure, found in gather(tallies(name, range(200))).items():
            row = rows[name, measure.replace(" ", "_")]
            far = 4 * (found.error + float(row["error"]) / 100) + 0.01
            assert found.value == pytest.approx(float(row["value"]) / 100, abs=far), measure


def loaded(data: DataSet) -> Store:
    """The data set as files would bring it: a row a practice, a row a month, a row a comment."""
    gp, monthly, comments = data.published
    assert monthly.months is not None
    columns = ["unit", "value", "respondents", "low", "high"]
    survey_rows = [
        survey(unit, value, answers, low=low, high=high, period_end=FIELDWORK.end)
        for unit, value, answers, low, high in gp.figures[columns].itertuples(index=False)
    ]
    fft_rows = [
        fft(unit, positive, answers, f"{start:%Y-%m}")
        for unit, start, answers, positive in monthly.months.itertuples(index=False)
    ]
    said = []
    for unit, answers, positive in comments.figures[["unit", "respondents", "positive"]].itertuples(
        index=False
    ):
        for place in range(int(answers)):
            month = MONTHS[place % 12].start
            said.append(
                response(
                    len(said),
                    f"Practice {unit}",
                    int(place < positive),
                    f"{month:%Y-%m}-10",
                    source="healthwatch",
                    provider=unit,
                )
            )
    store = Store.open()
    store.commit(
        [
            extract(survey_fact=survey_rows),
            extract(fft_fact=fft_rows),
            extract(response=[row for row, _ in said], answer=[answer for _, answer in said]),
        ]
    )
    return store


def test_the_app_gives_the_verdicts_the_study_counts() -> None:
    data = simulate(SCENARIOS["null_usual"], 1)
    store = loaded(data)
    weighed = [weighed_as_in_the_app(source) for source in data.published]
    for left, right in combinations(range(3), 2):
        told = judge(weighed[left], weighed[right], SETTINGS)
        names = [data.published[place].side.source for place in (left, right)]
        asked = judgement(
            store, Pairing(*names, window=YEAR, disclosure=Disclosure(exact=True))
        ).verdicts
        assert asked is not None
        ours = told.cells.set_index("unit").sort_index()
        theirs = asked.cells.set_index("unit").sort_index().reindex(ours.index)
        for column in EXACT:
            assert (ours[column] == theirs[column]).all(), (names, column)
        for column in CLOSE:
            assert theirs[column].to_numpy() == pytest.approx(ours[column].to_numpy(), nan_ok=True)
        assert sentences(asked, theirs) == sentences(told, ours)
        assert asked.tested == told.tested
    store.close()
