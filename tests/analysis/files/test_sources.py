"""What is loaded and where it came from: the report behind the Sources page."""

from __future__ import annotations

from datetime import date

import pytest

from pxcore.analysis.files import load
from pxcore.analysis.files.sources import shipped_map, sources
from pxcore.analysis.pairs.coverage import coverage
from pxcore.model import USUAL_DISCLOSURE
from pxcore.store import Store
from pxcore.words import sources as words
from tests.store.loads import extract, fft, response, survey

TIDY = (
    "source,provider,period,measure,positive,respondents\n"
    "local_survey,P-1,2026-02,overall,41,52\n"
    "local_survey,P-2,2026-02,overall,43,54\n"
)


def test_an_empty_store_says_nothing_is_loaded(store: Store) -> None:
    report = sources(store)
    assert words.summary(report) == "Nothing is loaded yet."
    assert report.last_undoable() is None
    assert report.path == "in memory"
    assert [value for _, value, _ in words.figures(report)] == ["0", "0", "0", "0"]
    assert report.listed().empty


def test_a_file_is_traced_to_its_publisher_rows_and_fingerprint(store: Store) -> None:
    load.load_files(store, [("survey.csv", TIDY.encode())])
    report = sources(store)
    number = int(report.extracts["extract"].iloc[0])
    said = words.provenance(report, number)
    assert "as at 28 February 2026" in said
    assert "2 rows in the file, 2 kept" in said
    assert report.extracts["sha256"].iloc[0][:16] in said
    assert report.last_undoable() == ("loaded", number, "survey.csv")
    assert "1 file of 1 source" in words.summary(report)


def test_a_file_says_how_much_of_it_a_later_one_replaced(store: Store) -> None:
    store.commit([extract("first.csv", fft_fact=[fft("P-1", 9, 10), fft("P-2", 9, 10)])])
    store.commit([extract("part.csv", fft_fact=[fft("P-1", 8, 10)])])
    states = sources(store).listed().set_index("file_name")["state"]
    assert dict(states) == {"part.csv": "Loaded", "first.csv": "Partly replaced"}
    store.commit([extract("rest.csv", fft_fact=[fft("P-2", 8, 10)])])
    report = sources(store)
    assert dict(report.listed().set_index("file_name")["state"])["first.csv"] == "Replaced"
    assert "replaced 1 row of first.csv" in report.history["said"].iloc[0]


def test_a_file_taken_out_gives_back_what_it_replaced(store: Store) -> None:
    store.commit([extract("first.csv", fft_fact=[fft("P-1", 9, 10)])])
    (number,) = store.commit([extract("second.csv", fft_fact=[fft("P-1", 8, 10)])])
    store.remove(number)
    report = sources(store)
    states = report.listed().set_index("file_name")["state"]
    assert dict(states) == {"second.csv": "Taken out", "first.csv": "Loaded"}
    assert report.last_undoable() == ("removed", number, "second.csv")
    assert {label: note for label, _, note in words.figures(report)}[
        "Files with figures"
    ] == "1 taken out"


def test_the_demonstrations_files_are_all_accounted_for(demonstration: Store) -> None:
    report = sources(demonstration)
    told = report.extracts
    assert (told["rows_in"] == told["rows_kept"] + told["rows_rejected"]).all()
    with_figures = len(told[told["fact_rows"] > 0])
    assert f"{with_figures} files" in words.summary(report)
    assert words.figures(report)[0] == (
        "Files with figures",
        f"{with_figures}",
        f"{len(told) - with_figures} more of reference; none taken out",
    )
    assert "FFT: local responses" in set(report.listed()["title"])


@pytest.mark.parametrize("name", ["measures", "themes", "breaks", "domains", "services"])
def test_a_shipped_map_can_be_read(name: str) -> None:
    assert len(shipped_map(name)) > 0


def test_a_shipped_map_shows_titles_not_our_names() -> None:
    assert "GP Patient Survey" in set(shipped_map("measures")["source"])


def test_each_source_stands_once_with_the_time_and_the_files_it_has(store: Store) -> None:
    load.load_files(store, [("survey.csv", TIDY.encode())])
    store.commit([extract("a.csv", fft_fact=[fft("P-1", 9, 10, "2024-02")])])
    store.commit([extract("b.csv", fft_fact=[fft("P-1", 9, 10, "2024-04")])])
    rows = words.by_source(sources(store), coverage(store), USUAL_DISCLOSURE).set_index("source")
    assert dict(rows["files"]) == {"local_survey": 1, "fft_gp": 2}
    assert dict(rows["when"]) == {"local_survey": "February 2026", "fft_gp": "Feb 2024–Apr 2024"}
    assert rows.loc["fft_gp", "bears"] == "Following; not comparing"
    assert rows.loc["local_survey", "bears"] == "Comparing; not small groups"
    assert rows.loc["fft_gp", "comes"] == "Monthly (May 2024)"
    assert rows.loc["local_survey", "comes"] == "At no fixed time"
    assert rows.loc["fft_gp", "page"].startswith("https://www.england.nhs.uk/")
    assert rows.loc["local_survey", "page"] == ""
    assert rows.loc["fft_gp", "answers"] == "20"
    for today, out in (
        (None, "Jul 2024"),
        (date(2024, 7, 31), "Jul 2024"),
        (date(2024, 8, 1), "Jul 2024?"),
    ):
        rows = words.by_source(sources(store), coverage(store), USUAL_DISCLOSURE, today).set_index(
            "source"
        )
        assert dict(rows["out"]) == {"fft_gp": out, "local_survey": ""}


def test_the_next_file_is_due_as_often_as_the_source_comes(demonstration: Store) -> None:
    rows = words.by_source(
        sources(demonstration), coverage(demonstration), USUAL_DISCLOSURE
    ).set_index("source")
    assert rows.loc["gp_survey", "comes"] == "Yearly (Mar 2027)"
    assert rows.loc["cqc_inpatient", "comes"] == "Yearly (Nov 2026)"
    assert rows.loc["health_insight", "comes"] == "Four-weekly (Apr 2026)"
    assert rows.loc["oversight_framework", "comes"] == "At no fixed time"


def test_what_wants_a_look_stands_first_and_rows_left_out_have_their_reasons(
    demonstration: Store,
) -> None:
    report = sources(demonstration)
    rows = words.by_source(report, coverage(demonstration), USUAL_DISCLOSURE)
    assert rows.iloc[0]["source"] == "fft_local"
    assert [title for title in rows["title"] if title.startswith("⚑")] == ["⚑ FFT: local responses"]
    assert sum(report.left_out().values()) == report.loaded["rows_rejected"].sum()
    assert (
        "Left out: another answer to the same question (130), sent again with the same submission id (12) "
        "and no organisation on the row (6)." in words.limits(report)
    )
    assert "loaded on" not in words.limits(report, own=False)
    assert words.to_look_at(report)[0].startswith(
        "⚑ Friends and Family Test: local responses: 12 submission ids were sent again"
    )


def test_a_file_of_two_sources_stands_at_each_with_what_was_left_out(store: Store) -> None:
    two = f"{TIDY}fft_gp,P-1,2026-02,overall,41,52\n"
    load.load_files(store, [("both.csv", two.encode())])
    rows = sources(store).by_source().set_index("source")
    assert dict(rows["files"]) == {"local_survey": 1, "fft_gp": 1}


def test_every_source_of_the_demonstration_is_listed(demonstration: Store) -> None:
    report = sources(demonstration)
    assert f" of {len(report.by_source())} sources" in words.summary(report)
    listed = report.by_source().set_index("source")
    assert listed["odd"].sum() == report.odd
    assert listed.loc["oversight_framework", "title"].startswith("NHS Oversight Framework")
    assert set(words.by_source(report, coverage(demonstration), USUAL_DISCLOSURE)["bears"]) > {
        "Not experience itself"
    }


def test_few_single_responses_are_fewer_than_the_floor_and_never_nothing(store: Store) -> None:
    rows = [response(n, provider="P-1", on="2026-02-03") for n in range(3)]
    store.commit([extract("r.csv", response=[row for row, _ in rows], answer=[a for _, a in rows])])
    report = sources(store)
    listed = words.by_source(report, coverage(store), USUAL_DISCLOSURE).set_index("source")
    assert dict(listed["answers"]) == {"fft_local": "fewer than 5"}
    assert "1 file of 1 source" in words.summary(report)
    assert "few rows in use" in words.limits(report)


def test_a_survey_of_every_second_year_is_due_two_years_later(store: Store) -> None:
    wave = survey("T-1", 8.1, 300, 2024, source="cqc_urgent", grain="trust")
    store.commit([extract("urgent.csv", survey_fact=[wave])])
    (listed,) = words.by_source(sources(store), coverage(store), USUAL_DISCLOSURE).to_dict(
        "records"
    )
    assert listed["comes"] == "Every two years (Mar 2026)"
    assert listed["out"] == ""  # nobody can say when
