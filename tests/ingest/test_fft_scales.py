"""The Friends and Family Test as a slot: a reformed, renamed test loads by rows in CSVs, and no code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pxcore import maps
from pxcore.errors import PxError
from pxcore.ingest import fft_scales, recognise
from pxcore.ingest.fft import SOURCE
from pxcore.ingest.fft_scales import meanings_of, scales
from pxcore.ingest.source import Request
from tests.ingest.layouts import csv_workbook, said, without_errors

REFORM = {
    "fft_answers": """\
quality,Excellent … poor (Care Check),very_good,Excellent,Outstanding,good
quality,Excellent … poor (Care Check),good,Good,,good
quality,Excellent … poor (Care Check),poor,Fair,,poor
quality,Excellent … poor (Care Check),very_poor,Poor,,poor
quality,Excellent … poor (Care Check),dont_know,Cannot say,,unrated
""",
    "fft_headings": """\
name,test,Friends and Family|FFT|FTT|Care Check
name,question,how good was your care|experience of our service
figure,respondents,Answers received|Total Responses
figure,percent_positive,Good care %|Percentage Positive
response,rating,care check answer|rating
group,sex,sex|gender|Sex at birth
breakdown,group_dimension,Who|Demographic
breakdown,group_value,Which group|Demographic group
""",
    "groups": "sex,Female,girls and women\n",
}
AGGREGATE = [
    ["Care Check, July 2027"],
    ["Trust Code", "Trust Name", "Who", "Which group", "Answers received", "Good care %",
     "Excellent", "Good", "Fair", "Poor", "Cannot say"],
    ["RXA", "Elm Trust", "", "", 100, 80, 50, 30, 10, 6, 4],
    ["RXA", "Elm Trust", "Sex at birth", "Girls and women", 60, 75, 30, 15, 8, 4, 3],
    ["RXA", "Elm Trust", "Age", "16 to 24", 40, 87.5, 20, 15, 2, 2, 1],
    ["RXB", "Oak Trust", "", "", "*", "*", "*", "*", "*", "*", "*"],
]  # fmt: skip
RESPONSES = [
    ["date", "Organisation", "care check answer", "Sex at birth"],
    ["2027-07-01", "Elm", "Outstanding", "Girls and women"],
    ["2027-07-02", "Elm", "Good", "Male"],
    ["2027-07-03", "Elm", "Fair", ""],
    ["2027-07-03", "Elm", "Cannot say", ""],
]
SCRIPT = """
import json, sys
from pathlib import Path
from pxcore import paths
paths.DATA = Path(sys.argv[1])
from pxcore.ingest import Request, open_workbook, recognise
from pxcore.ingest.scales import SCALES
out = {"scales": list(SCALES)}
for file in sys.argv[2:]:
    book = open_workbook(Path(file).name, Path(file).read_bytes())
    source = recognise(book)
    extract = source.parse(book, Request())
    out[Path(file).name] = {
        "source": source.name,
        "faults": [str(fault) for fault in extract.faults],
        "notes": list(extract.notes),
        "frames": {
            name: json.loads(frame.to_json(orient="records")) for name, frame in extract.frames.items()
        },
    }
print(json.dumps(out))
"""


def with_rows(folder: Path, more: dict[str, str]) -> Path:
    """A copy of the shipped maps, with rows added; a row of headings given anew stands for the old one."""
    shutil.copytree(maps.REFERENCE, folder / "reference")
    for name, rows in more.items():
        path = folder / "reference" / f"{name}.csv"
        if name == "fft_headings":
            anew = {tuple(row.split(",")[:2]) for row in rows.splitlines()}
            kept = [
                line
                for line in path.read_text("utf-8").splitlines()
                if tuple(line.split(",")[:2]) not in anew
            ]
            path.write_text("\n".join([*kept, rows]), "utf-8")
        else:
            path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + rows, "utf-8")
    return folder


def csv_file(path: Path, rows: list[list]) -> str:
    path.write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
    return str(path)


@pytest.fixture(scope="module")
def reformed(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("reform")
    data = with_rows(folder / "data", REFORM)
    files = [
        csv_file(folder / "care-check-inpatient-July-2027.csv", AGGREGATE),
        csv_file(folder / "answers.csv", RESPONSES),
    ]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(data), *files],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_a_reformed_test_is_read_by_rows_in_the_maps(reformed: dict) -> None:
    read = reformed["care-check-inpatient-July-2027.csv"]
    assert read["source"] == "fft"
    assert read["faults"] == []
    everyone, women, young, withheld = read["frames"]["fft_fact"]
    assert (everyone["source"], everyone["scale"], everyone["provider"]) == (
        "fft_inpatient",
        "quality",
        "RXA",
    )
    assert (everyone["positive"], everyone["respondents"], everyone["value"]) == (80, 100, 0.8)
    assert (everyone["very_good"], everyone["neither"], everyone["dont_know"]) == (50, None, 4)
    assert (women["group_dimension"], women["group_value"]) == ("sex", "Female")
    assert (young["group_dimension"], young["group_value"]) == ("age", "16-24")
    assert (withheld["withheld"], withheld["group_dimension"]) == ("publisher", "")


def test_single_answers_of_a_reformed_test_are_read_too(reformed: dict) -> None:
    read = reformed["answers.csv"]
    assert read["source"] == "fft_rows"
    assert read["faults"] == []
    assert any(
        "4 on" in note or "3 on ‘Excellent … poor (Care Check)’" in note for note in read["notes"]
    )
    answers = read["frames"]["answer"]
    assert [answer["positive"] for answer in answers] == [1, 1, 0, 0]
    assert [answer["score"] for answer in answers] == [4, 3, 2, None]
    assert {answer["scale_high"] for answer in answers} == {4}
    assert [row["sex"] for row in read["frames"]["response"]] == ["Female", "Male", "", ""]


def test_the_wizard_offers_a_scale_that_was_added(reformed: dict) -> None:
    assert "quality" in reformed["scales"]


# --- The shipped scales ------------------------------------------------------------------------


def test_no_word_of_the_shipped_scales_counts_differently_on_another() -> None:
    for name, scale in scales().items():
        for other_name, second in scales().items():
            shared = scale.meanings().keys() & second.meanings().keys()
            for word in shared if name != other_name else ():
                np.testing.assert_equal(scale.meanings()[word], second.meanings()[word])


def test_answers_that_several_scales_count_differently_are_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experience = scales()["experience"]
    reversed_ = fft_scales.Scale(
        "turned",
        "Turned",
        tuple(
            fft_scales.Answer(
                a.kept, a.words, {"good": "poor", "poor": "good"}.get(a.counts, a.counts)
            )
            for a in experience.answers
        ),
    )
    monkeypatch.setattr(
        fft_scales, "scales", lambda: {"experience": experience, "turned": reversed_}
    )
    reading = meanings_of(["good", "poor"])
    assert not reading.meanings
    assert [scale.name for scale in reading.unclear] == ["experience", "turned"]


def test_an_answer_that_is_kept_nowhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {
        "scale": "new",
        "title": "New",
        "answer": "splendid",
        "heading": "Splendid",
        "also": "",
        "counts": "good",
    }
    monkeypatch.setattr(maps, "rows", lambda _: (row,))
    with pytest.raises(PxError, match="Splendid"):
        fft_scales.scales.__wrapped__()


# --- Groups in a publication -------------------------------------------------------------------

HEADS = ["Trust Code", "Total Responses", "Percentage Positive", "Age", "Sex"]


def test_groups_stand_beside_everyone_and_none_is_read_as_them() -> None:
    rows = [["RXA", 100, 80, "", ""], ["RXA", 40, 90, "85+", ""], ["RXA", 60, 70, "All", "Female"]]
    extract = without_errors(
        SOURCE.parse(csv_workbook("FFT-inpatient-July-2025.csv", [HEADS, *rows]), Request())
    )
    facts = extract.frames["fft_fact"]
    assert list(zip(facts["group_dimension"], facts["group_value"], strict=True)) == [
        ("", ""), ("age", "85 and over"), ("sex", "Female"),
    ]  # fmt: skip


def test_rows_of_two_groups_at_once_and_of_nobody_in_particular_are_left_out_and_counted() -> None:
    rows = [
        ["RXA", 100, 80, "", ""],
        ["RXA", 40, 90, "85+", "Female"],
        ["RXA", 60, 70, "", "Prefer not to say"],
    ]
    book = csv_workbook("FFT-inpatient-July-2025.csv", [HEADS, *rows])
    assert recognise(book) is SOURCE
    extract = without_errors(SOURCE.parse(book, Request()))
    assert len(extract.frames["fft_fact"]) == 1
    assert extract.rows_rejected == {
        "of two groups at once": 1,
        "people who did not say which group they are of": 1,
    }
    assert (extract.rows_in, extract.rows_accepted) == (3, 1)


def test_a_kind_of_group_that_is_not_known_is_left_out_and_said() -> None:
    heads = [
        "Trust Code",
        "Total Responses",
        "Percentage Positive",
        "Demographic",
        "Demographic group",
    ]
    rows = [["RXA", 100, 80, "", ""], ["RXA", 40, 90, "Star sign", "Leo"]]
    extract = without_errors(
        SOURCE.parse(csv_workbook("FFT-inpatient-July-2025.csv", [heads, *rows]), Request())
    )
    assert extract.rows_rejected == {"a breakdown that is not known": 1}
    assert "fft_headings.csv" in said(extract)


def test_groups_without_everyone_are_said_to_be_alone() -> None:
    rows = [["RXA", 40, 90, "85+", ""]]
    extract = SOURCE.parse(csv_workbook("FFT-inpatient-July-2025.csv", [HEADS, *rows]), Request())
    assert "groups alone" in said(extract)
