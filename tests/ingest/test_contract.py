"""What every source owes every file: it is read whole, or the reader says what was not.

Each kind of oddity is put into a small file of each source; the demonstration's files are the samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from pxcore.ingest import SOURCES, Extract, Request, open_workbook, recognise
from pxcore.ingest.cells import text
from tests.ingest.layouts import csv_workbook, without_errors

DEMO = Path(__file__).parents[2] / "data" / "demo"
ROWS = 14  # of data kept of each sample: the oddities need no more
Lines = list[list[str]]


@dataclass(frozen=True)
class Sample:
    """A file of one source: where its heading is, whose rows they are, a column that counts."""

    source: str
    name: str  # of the file as it is opened
    path: str  # under data/demo, or "" where `lines` are given
    whose: str  # heading of the column that says whose a row is
    counts: str = ""  # heading of a column of numbers; "" where the source has answers in words
    lines: tuple[tuple[str, ...], ...] = ()

    def table(self) -> tuple[Lines, int]:
        """The lines of the file and the row of its headings."""
        if self.lines:
            return [list(line) for line in self.lines], 0
        book = open_workbook(self.name, (DEMO / self.path).read_bytes())
        for sheet in book.sheets:
            lines = [[text(cell) for cell in row] for row in sheet.rows]
            for at, line in enumerate(lines):
                if self.whose in line:
                    return lines[: at + 1 + ROWS], at
        raise AssertionError(f"{self.whose} is no heading of {self.path}")


TIDY = (
    ("source", "provider", "period", "measure", "positive", "respondents"),
    *(("fft_gp", f"P-{one:04}", "2026-02", "overall", f"{40 + one}", "90") for one in range(8)),
)
COMPLAINTS = (
    (
        *("Year", "Organisation_Code", "Organisation_Name", "Complaints_Total_New"),
        *("Complaints_Total_Resolved", "Complaints_Number_Upheld"),
        *("Complaints_Number_Partially_Upheld", "Complaints_Number_Not_Upheld"),
    ),
    *(("2024-25", f"T-{one:02}", f"Trust {one}", "50", "40", "10", "10", "20") for one in range(5)),
)
NETWORKS = (
    ("PCN name", "No of reviews", "Overall star rating (1-5)", "Staff attitudes (1-5)", "Period"),
    *((f"PCN {one}", "40", "3.5", "3.9", "2024-25 Q2") for one in range(1, 6)),
)
SAMPLES = (
    Sample(
        *("fft", "FFT-GP-May-25.csv", "fft/FFT-GP-May-25-synthetic.csv"),
        *("Practice Code", "Total Responses"),
    ),
    Sample(
        *("fft", "FFT-ae-May-2025.csv", "fft/FFT-ae-May-2025-Trusts-synthetic.csv"),
        *("Trust Code", "Total Responses"),
    ),
    Sample(
        *("gp_survey", "GPPS_2025.csv", "gp_survey/GPPS_2025_practices_synthetic.csv"),
        *("ad_practicecode", "overallexp.baseevaluw"),
    ),
    Sample(
        *("gp_survey", "GPPS_2023.csv", "gp_survey/GPPS_2023_practices_synthetic.csv"),
        *("Practice_Code", "Q28base"),
    ),
    Sample(
        *("cqc_survey", "aip24.csv"),
        *("cqc/20250815_aip24_trust-benchmark-data-synthetic.ods", "trustcode", "n_tpat"),
    ),
    Sample(
        *("fft_rows", "local.csv", "local/local_fft_responses_2025-04_to_2026-03_synthetic.csv"),
        "surgery",
    ),
    Sample(
        *("survey_rows", "survey.csv", "local/local_patient_survey_2025-26_synthetic.csv"),
        "practice_code",
    ),
    Sample(
        *("community_rows", "care_opinion.csv"),
        *("care_opinion/care_opinion_stories_2023-04_to_2026-03_synthetic.csv", "provider_code"),
    ),
    Sample(
        *("community_rows", "healthwatch.csv"),
        *("healthwatch/healthwatch_feedback_2023-04_to_2026-03_synthetic.csv", "provider_code"),
    ),
    Sample("gp_mapping", "mapping.csv", "reference/gp_mapping_synthetic.csv", "GP_CODE"),
    Sample(
        *("list_sizes", "lists.csv", "reference/list_sizes_synthetic.csv"),
        *("practice_code", "total_patients"),
    ),
    Sample("trust_sites", "sites.csv", "reference/trust_site_ward_synthetic.csv", "Trust Code"),
    Sample(
        *("health_insight", "health_insight_survey.csv"),
        *("health_insight/health_insight_survey_q14_icb_waves_10_to_22_synthetic.csv", "Area code"),
        "Number of responses",
    ),
    Sample(
        *("documents", "evidence.csv"),
        *("documents/community_evidence_2026-01_to_2026-03_synthetic.csv", "Organisation code"),
        "People",
    ),
    Sample(
        *("oversight", "league-table.csv"),
        *("oversight/nof_trust_league_table_Q3_2025-26_synthetic.csv", "Trust_code", "Segment"),
    ),
    Sample("tidy", "tidy.csv", "", "provider", "respondents", TIDY),
    Sample(
        *("complaints", "ko41a.csv", "", "Organisation_Code", "Complaints_Total_New"), COMPLAINTS
    ),
    Sample(*("healthwatch_tables", "healthwatch_x.csv", "", "PCN name", "No of reviews"), NETWORKS),
)
every = pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: f"{one.source}-{one.name}")
counting = pytest.mark.parametrize(
    "sample",
    [one for one in SAMPLES if one.counts],
    ids=lambda one: f"{one.source}-{one.name}",
)


def read(sample: Sample, lines: Lines) -> Extract:
    workbook = csv_workbook(sample.name, lines)
    source = recognise(workbook)
    assert source is not None
    assert source.name == sample.source
    return source.parse(workbook, Request())


def figures(extract: Extract) -> dict[str, pd.DataFrame]:
    """The frames without where each row stood."""
    return {
        name: frame.drop(columns="cell", errors="ignore") for name, frame in extract.frames.items()
    }


def same(extract: Extract, other: Extract) -> None:
    assert figures(extract).keys() == figures(other).keys()
    for name, frame in figures(other).items():
        pd.testing.assert_frame_equal(figures(extract)[name], frame)


def changed(sample: Sample, change: Callable[[Lines, int, int, int], None]) -> tuple[Lines, int]:
    """The sample with something done to it, and the row (0-based) it was done to.

    `change` gets the lines, the heading row, a row of data and the column that counts.
    """
    lines, head = sample.table()
    column = lines[head].index(sample.counts or sample.whose)
    row = (
        next(
            at
            for at, line in enumerate(lines)
            if at > head + 4
            and column < len(line)
            and line[column].replace(".0", "").isdigit()
            and line[lines[head].index(sample.whose)]
        )
        if sample.counts
        else head + 3
    )
    change(lines, head, row, column)
    return lines, row


def told(extract: Extract) -> str:
    return " | ".join([*map(str, extract.faults), *extract.notes])


def test_every_source_with_a_heading_has_a_sample() -> None:
    without_heading = {"ods_practices", "ods_trusts", "ods_members"}
    few_rows = {"succession", "registered_patients", "coded_comments"}  # in tests of their own
    assert {one.name for one in SOURCES} - without_heading - few_rows == {
        one.source for one in SAMPLES
    }


@every
def test_marks_of_notes_after_headings_are_passed_over(sample: Sample) -> None:
    lines, head = sample.table()
    plain = without_errors(read(sample, lines))
    marked = [list(line) for line in lines]
    marked[head] = [f"{heading} [note 1]" if heading else "" for heading in lines[head]]
    same(without_errors(read(sample, marked)), plain)


@every
def test_a_note_under_the_table_is_no_row(sample: Sample) -> None:
    lines, _ = sample.table()
    plain = without_errors(read(sample, lines))
    foot = "Applied filters: Year is 2025 and Region is North"
    with_foot = without_errors(read(sample, [*lines, [], [foot]]))
    same(with_foot, plain)
    assert with_foot.rows_accepted == plain.rows_accepted


@every
def test_a_total_is_no_organisation(sample: Sample) -> None:
    lines, head = sample.table()
    plain = read(sample, lines)
    total = list(lines[-1])
    total[lines[head].index(sample.whose)] = "Total"
    with_total = without_errors(read(sample, [*lines, total]))
    same(with_total, plain)
    if sample.source != "fft":  # there a total is what the rows are reconciled with
        assert sum("total" in reason for reason in with_total.rows_rejected) == 1


@counting
@pytest.mark.parametrize("written", ["E5", "E82072", "5E3", "inf", "1e999", "0x10", "41 52"])
def test_what_is_no_number_is_an_error_at_its_place(sample: Sample, written: str) -> None:
    def put(lines: Lines, head: int, row: int, column: int) -> None:  # noqa: ARG001
        lines[row][column] = written

    lines, row = changed(sample, put)
    faults = [fault for fault in read(sample, lines).errors if f"‘{written}’" in fault.what]
    assert faults
    assert all(f"row {row + 1}," in fault.where for fault in faults)


@counting
@pytest.mark.parametrize(
    ("mark", "meaning"), [(" [r]", "revised"), ("p", "provisional"), (" [p]", "provisional")]
)
def test_a_mark_after_a_number_leaves_the_number_and_is_told(
    sample: Sample, mark: str, meaning: str
) -> None:
    lines, row = changed(sample, lambda *_: None)

    def put(lines: Lines, head: int, row: int, column: int) -> None:  # noqa: ARG001
        lines[row][column] += mark

    marked = read(sample, changed(sample, put)[0])
    same(without_errors(marked), read(sample, lines))
    assert f"marked as {meaning}" in told(marked)


@counting
@pytest.mark.parametrize(
    "sign", ["1-4", "[low]", "~", "..", "5 or fewer", "<5", "Suppressed (n<5)"]
)
def test_a_sign_for_a_small_number_is_no_number_and_no_fault(sample: Sample, sign: str) -> None:
    def put(lines: Lines, head: int, row: int, column: int) -> None:  # noqa: ARG001
        lines[row][column] = sign

    extract = read(sample, changed(sample, put)[0])
    assert not [fault for fault in extract.errors if f"‘{sign}’" in fault.what]


@counting
def test_two_columns_of_one_heading_are_refused_where_they_differ(sample: Sample) -> None:
    if sample.source in ("fft", "cqc_survey"):
        pytest.skip("tables side by side repeat their headings there")
    lines, head = sample.table()
    column = lines[head].index(sample.counts)
    twice = [
        [*line, sample.counts if at == head else "7" if at > head and any(line) else ""]
        for at, line in enumerate(lines)
    ]
    assert "Two columns are headed" in told(read(sample, twice))
    again = [[*line, line[column] if column < len(line) else ""] for line in lines]
    same(without_errors(read(sample, again)), read(sample, lines))
