"""Friends and Family Test workbooks: what was put in is what is read, and every fault is told."""

from __future__ import annotations

import io
import math
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fft_workbooks as made
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pxcore import maps
from pxcore.errors import ExtractError, Severity
from pxcore.frames import ANSWERS, FFT_FACT, MODES
from pxcore.ingest import Extract, Request, open_workbook
from pxcore.ingest.fft import SOURCE
from pxcore.model import Period, Withheld

REAL = os.environ.get("PX_REAL_FILES")
needs_real_files = pytest.mark.skipif(
    not REAL, reason="PX_REAL_FILES is not set: the real files are not part of the repository"
)
TRUSTS = made.SETTINGS["inpatient"][1]
WARDS = made.SETTINGS["inpatient"][3]
FIGURES = {name for name, kind in FFT_FACT.items() if kind == "number"}
JULY = Period.month(2025, 7)
TITLE = made.TITLES["inpatient"]


def read(content: bytes, name: str = "file.xlsx", request: Request | None = None) -> Extract:
    workbook = open_workbook(name, content)
    assert SOURCE.recognise(workbook)
    return SOURCE.parse(workbook, request or Request())


def facts(extract: Extract) -> pd.DataFrame:
    assert [str(fault) for fault in extract.errors] == []
    assert list(extract.frames) == ["fft_fact"]
    assert list(extract.frames["fft_fact"].columns) == list(FFT_FACT)
    return extract.frames["fft_fact"]


def a_trust(number: int = 1, answers: tuple[int, ...] = (60, 20, 5, 5, 5, 5), **more: Any) -> Any:
    row = made.counted(
        answers, icb="B-01", trust=f"T-{number:02}", trust_name=f"Invented Trust {number}"
    )
    row["mode_sms"] = row["respondents"]
    return {**row, **dict.fromkeys(TRUSTS.modes[1:], 0), **more}


def trusts(*rows: made.Row, layout: made.Layout = TRUSTS, **totals: made.Row) -> made.Grid:
    return made.grid(layout, rows, totals)


def book(lines: made.Grid, title: str = TITLE, **more: Any) -> bytes:
    return made.xlsx({"Trusts": lines}, title=title, **more)


def said(extract: Extract, severity: Severity) -> str:
    return " / ".join(str(fault) for fault in extract.faults if fault.severity is severity)


def number(cell: Any) -> float:
    return float("nan") if cell in ("*", "-", "", None) else float(cell)


def expected(layout: made.Layout, rows: list[made.Row]) -> dict[str, dict[str, float]]:
    """What each provider's figures must be read as, worked out from the rows put in."""
    own = {"ICB Name": "icb", "Site Name": "site", "Practice Name": "practice"}
    answer: dict[str, dict[str, float]] = {}
    for row in rows:
        provider = row[own.get(layout.identity[-1], "trust")] if "ward" not in row else ""
        if layout.identity[-1] == "Ward Name":
            provider = f"{row['site']}|{row['ward']}|{row['specialty_1']}|{row['specialty_2']}"
        figures = {name: number(row.get(name)) for _, name in layout.columns if name in FIGURES}
        figures["value"] = number(row.get("positive_share"))
        answer[provider] = figures
    return answer


def assert_figures(
    frame: pd.DataFrame, layout: made.Layout, rows: list[made.Row], measure: str, grain: str
) -> None:
    mine = frame[(frame["measure"] == measure) & (frame["grain"] == grain)]
    put_in = pd.DataFrame.from_dict(expected(layout, rows), orient="index")
    read_back = mine.set_index("provider")
    assert sorted(read_back.index) == sorted(put_in.index)
    pd.testing.assert_frame_equal(
        read_back.loc[put_in.index, put_in.columns], put_in, check_names=False, check_dtype=False
    )


GRAINS = {"ICB Name": "icb", "Site Name": "site", "Ward Name": "ward"}
TOUCH_POINTS = {
    "Q1": "antenatal",
    "Q2": "birth",
    "Q3": "postnatal_ward",
    "Q4": "postnatal_community",
}


def assert_workbook(extract: Extract, setting: str, world: made.World) -> pd.DataFrame:
    """Every figure of every sheet, the totals reconciled, nothing told against it."""
    frame = facts(extract)
    assert said(extract, Severity.WARNING) == ""
    assert set(frame["source"]) == {f"fft_{setting}"}
    assert set(frame["period_start"]) == {pd.Timestamp("2025-07-01")}
    assert set(frame["period_end"]) == {pd.Timestamp("2025-07-31")}
    rows_put_in = 0
    for layout in made.SETTINGS[setting]:
        rows, totals = made.rows_for(layout, world, 1)
        measure = TOUCH_POINTS.get(layout.sheet[-2:], "overall")
        if not layout.answers:  # the modes alone: joined to the organisations' rows
            modes = frame[frame["grain"] == "trust"].set_index("provider")[list(layout.modes)]
            put_in = pd.DataFrame(expected(layout, rows)).T[list(layout.modes)]
            pd.testing.assert_frame_equal(
                modes.loc[put_in.index], put_in, check_names=False, check_dtype=False
            )
            continue
        rows_put_in += len(rows)
        grain = GRAINS.get(layout.identity[-1], "trust")
        assert_figures(frame, layout, rows, measure, grain)
        responses = totals[layout.totals[0]]["respondents"]
        assert any(
            note.startswith(f"{layout.sheet}: {len(rows):,} rows sum to the published total of ")
            and f" {responses:,} responses" in note
            for note in extract.notes
        ), (layout.sheet, extract.notes)
    assert extract.rows_in == extract.rows_accepted == rows_put_in == len(frame)
    return frame


# --- The official layouts --------------------------------------------------------------------


@pytest.mark.parametrize("setting", list(made.SETTINGS))
def test_every_figure_of_an_official_layout_is_read_and_reconciled(setting: str) -> None:
    world = made.world(7)
    assert_workbook(read(made.official(setting, world)), setting, world)


@needs_real_files
@pytest.mark.parametrize("setting", list(made.SETTINGS))
def test_every_figure_put_into_an_official_shell_is_read_and_reconciled(setting: str) -> None:
    size = {"trusts": 140, "sites": 5, "wards": 10} if setting == "inpatient" else {"trusts": 60}
    world = made.world(11, **size)
    shell = Path(str(REAL)) / "fft" / f"FFT-{setting}-July-2025-shell.xlsx"
    content = made.filled_shell(shell, setting, world)
    extract = read(content, "workbook.xlsx")
    frame = assert_workbook(extract, setting, world)
    if setting == "inpatient":
        assert (frame["withheld"] == "publisher").sum() > 500
        assert (frame["respondents"] == 0).sum() > 100


@needs_real_files
def test_an_unfilled_shell_holds_no_rows_and_says_so() -> None:
    shells = sorted((Path(str(REAL)) / "fft").glob("*-shell.xlsx"))
    assert len(shells) == 5
    for shell in shells:
        extract = read(shell.read_bytes(), shell.name)
        assert [fault.what for fault in extract.errors] == ["The tables hold no rows of data."]
        assert not extract.frames


@needs_real_files
def test_no_other_real_file_is_taken_for_a_publication() -> None:
    others = list(Path(str(REAL)).rglob("*.csv"))
    assert len(others) > 10
    for path in others:
        assert not SOURCE.recognise(open_workbook(path.name, path.read_bytes())), path.name


def test_parents_keys_and_cells_are_the_rows_own() -> None:
    world = made.world(2)
    frame = facts(read(made.official("inpatient", world)))
    ward = frame[frame["grain"] == "ward"].iloc[1]
    assert ward["provider"] == "T-000-0|Ward 1|100 - GENERAL SURGERY|"
    assert ward["parent"] == "T-000-0"
    assert ward["provider_name"] == "Ward 1"
    assert ward["icb"] == "B-00"
    assert ward["cell"] == "Wards!16"
    site = frame[frame["grain"] == "site"].iloc[0]
    assert (site["provider"], site["parent"]) == ("T-000-0", "T-000")
    board = frame[frame["grain"] == "icb"].iloc[0]
    assert (board["provider"], board["provider_name"]) == ("B-00", "Invented board 0")


def test_totals_selection_notes_and_hidden_sheets_are_not_data() -> None:
    lines = trusts(a_trust(1), a_trust(2))
    lines += [[], ["Notes: figures are as submitted by each trust."], ["Source: NHS England"]]
    lines += [["-"] * 9]
    hidden = {"Trusts old": trusts(a_trust(9))}
    extract = read(book(lines, hidden=hidden))
    assert list(facts(extract)["provider"]) == ["T-01", "T-02"]
    assert (extract.rows_in, extract.rows_rejected, extract.faults) == (2, {}, ())


def test_the_header_read_is_named() -> None:
    assert "Sheet ‘Trusts’: rows 10–11 read as the header." in read(book(trusts(a_trust()))).notes


@pytest.mark.parametrize("blank_rows", [0, 3, 30])
def test_a_moved_header_is_found(blank_rows: int) -> None:
    lines = [[]] * blank_rows + trusts(a_trust())[9:]
    extract = read(book(lines))
    assert facts(extract)["cell"].tolist() == [f"Trusts!{blank_rows + 6}"]


def test_merged_header_cells_are_read() -> None:
    lines = trusts(a_trust())
    merge = [(9, column, 10, column) for column in range(7)] + [(9, 7, 9, 12), (9, 13, 9, 20)]
    assert facts(read(book(lines, merge={"Trusts": merge})))["very_good"].tolist() == [60]


def test_line_breaks_capitals_and_spellings_in_headings_are_folded() -> None:
    world = made.world(2, trusts=1, sites=1, wards=1)
    rows, _ = made.rows_for(WARDS, world, 1)
    lines = made.grid(WARDS, rows)
    swaps = {
        "Trust Code": " org\ncode ",
        "Total Responses": "TOTAL\u00a0RESPONSES",
        "Don't Know": "don’t  know",
        "First Speciality": "First Specialty",
    }
    lines = [[swaps.get(cell, cell) for cell in line] for line in lines]
    assert len(facts(read(book(lines)))) == 1


# --- CSVs saved from one sheet -----------------------------------------------------------------


def as_csv(lines: made.Grid, name: str = "FFT-inpatient-July-2025.csv", **more: Any) -> Extract:
    return read(made.text(lines, **more), name)


def test_a_csv_with_a_title_line_and_two_heading_rows() -> None:
    lines = [[f"{TITLE} (synthetic demonstration)"], [], *trusts(a_trust(), a_trust(2))[9:]]
    extract = as_csv(lines, "download.csv")
    frame = facts(extract)
    assert list(frame["cell"]) == ["row 8", "row 9"]
    assert set(frame["source"]) == {"fft_inpatient"}
    assert set(frame["period_start"]) == {pd.Timestamp("2025-07-01")}
    assert extract.notes[0] == "The file: rows 3–4 read as the header."


def test_a_csv_with_the_headings_in_one_row_and_no_title() -> None:
    lines = trusts(a_trust())[9:]
    one_row = [
        lower or ("" if upper in ("Breakdown of Responses", "Mode of Collection") else upper)
        for upper, lower in zip(lines[0], lines[1], strict=True)
    ]
    frame = facts(as_csv([one_row, *lines[2:]]))
    assert frame["very_good"].tolist() == [60]
    assert frame["mode_sms"].tolist() == [100]


def test_a_windows_1252_csv_keeps_its_names_and_its_dont_know() -> None:
    lines = trusts(a_trust(trust_name="Invented Trust – Saint-Élan’s"))[9:]
    lines = [["Don’t Know" if cell == "Don't Know" else cell for cell in line] for line in lines]
    frame = facts(as_csv(lines, encoding="cp1252"))
    assert frame["provider_name"].tolist() == ["Invented Trust – Saint-Élan’s"]
    assert frame["dont_know"].tolist() == [5]


def test_a_byte_order_mark_lower_case_codes_and_thousands_commas_are_read() -> None:
    row = a_trust(1, (1200, 34, 0, 0, 0, 0))
    row |= {"trust": " t-01 ", "respondents": "1,234", "very_good": "1,200", "mode_sms": "1,234"}
    frame = facts(as_csv(trusts(row)[9:], encoding="utf-8-sig"))
    assert frame["provider"].tolist() == ["T-01"]
    assert frame["respondents"].tolist() == [1234]


@pytest.mark.parametrize("form", ["proportion", "percentage", "sign"])
def test_percentages_are_read_however_they_are_written(form: str) -> None:
    forms: dict[str, Callable[[float], Any]] = {
        "proportion": lambda share: share,
        "percentage": lambda share: round(100 * share, 2),
        "sign": lambda share: f"{100 * share:g}%",
    }
    rows = [a_trust(1), a_trust(2, (1, 0, 99, 0, 0, 0)), a_trust(3, (100, 0, 0, 0, 0, 0))]
    for row in rows:
        for share in ("positive_share", "negative_share"):
            row[share] = forms[form](row[share])
    assert facts(as_csv(trusts(*rows)[9:]))["value"].tolist() == [0.8, 0.01, 1.0]


def test_a_large_csv_is_read_whole(tmp_path: Path) -> None:
    count = 450_000
    rng = np.random.default_rng(3)
    answers = rng.multinomial(60, [0.7, 0.2, 0.04, 0.02, 0.02, 0.02], size=count)
    head = "ICB Code,ICB Name,Practice Code,Practice Name,Total Responses,Percentage Positive,"
    head += "Percentage Negative,Very Good,Good,Neither Good nor Poor,Poor,Very Poor,Don't Know\r\n"
    path = tmp_path / "FFT-GP-July-2025.csv"
    with path.open("w", newline="") as out:
        out.write(head)
        for at, (vg, g, n, p, vp, dk) in enumerate(answers.tolist()):
            out.write(f"B-{at % 42:02},Invented Integrated Care Board {at % 42},P-{at:06},")
            if at % 10 == 0:
                out.write("An Invented Practice With A Long Enough Name,*,*,*,*,*,*,*,*,*\r\n")
            else:
                out.write(f"An Invented Practice With A Long Enough Name,60,{(vg + g) / 60:.2f},")
                out.write(f"{(p + vp) / 60:.2f},{vg},{g},{n},{p},{vp},{dk}\r\n")
    content = path.read_bytes()
    assert len(content) > 45_000_000
    extract = read(content, path.name)
    frame = facts(extract)
    assert len(frame) == count
    assert (frame["withheld"] == "publisher").sum() == count / 10
    assert np.nansum(frame["very_good"]) == answers[np.arange(count) % 10 != 0, 0].sum()


# --- What was put in is what is read -----------------------------------------------------------

answer_counts = st.tuples(*[st.integers(0, 400)] * 6)
published_rows = st.lists(
    st.tuples(answer_counts, st.sampled_from(["shown", "shown", "starred"])), min_size=1, max_size=8
)


@settings(max_examples=60, deadline=None)
@given(published_rows, st.sampled_from([made.EXPERIENCE, made.RECOMMEND]), st.booleans())
def test_parsing_what_was_rendered_gives_the_rows_back(
    drawn: list[tuple[tuple[int, ...], str]], scale: tuple[str, ...], saved_as_csv: bool
) -> None:
    layout = made.Layout("Trusts", TRUSTS.identity, 10, answers=scale, modes=TRUSTS.modes)
    rows = [a_trust(at, answers) for at, (answers, _) in enumerate(drawn)]
    rows = [
        made.starred(row) if how == "starred" else row
        for row, (_, how) in zip(rows, drawn, strict=True)
    ]
    lines = made.grid(layout, rows)
    extract = as_csv([[TITLE], *lines[9:]], "a.csv") if saved_as_csv else read(book(lines))
    frame = facts(extract)
    assert_figures(frame, layout, rows, "overall", "trust")
    assert set(frame["scale"]) == {"experience" if scale == made.EXPERIENCE else "recommend"}
    for row, withheld in zip(rows, frame["withheld"], strict=True):
        starred, empty = row["respondents"] == "*", row["respondents"] == 0
        assert withheld == ("publisher" if starred else "not_calculable" if empty else "none")


# --- Scales and values -------------------------------------------------------------------------


def test_the_recommend_scale_is_known_by_its_answers_not_by_the_date() -> None:
    layout = made.Layout(
        "Trusts",
        TRUSTS.identity,
        10,
        answers=made.RECOMMEND,
        percentages=("Percentage Recommended", "Percentage Not Recommended"),
    )
    frame = facts(read(book(made.grid(layout, [a_trust()]))))
    assert frame.loc[0, ["scale", "value"]].tolist() == ["recommend", 0.8]
    assert frame.loc[0, list(ANSWERS)].tolist() == [60, 20, 5, 5, 5, 5]


def test_totals_and_percentages_without_a_breakdown_are_enough() -> None:
    layout = made.Layout("Trusts", TRUSTS.identity, 10, answers=())
    frame = facts(read(book(made.grid(layout, [a_trust()]))))
    row = frame.iloc[0]
    assert (row["respondents"], row["value"], row["positive"], row["scale"]) == (100, 0.8, 80, "")
    assert math.isnan(row["very_good"])


def test_without_a_percentage_column_all_six_answers_are_the_denominator() -> None:
    layout = made.Layout("Trusts", TRUSTS.identity, 10, percentages=())
    frame = facts(read(book(made.grid(layout, [a_trust(1, (50, 25, 10, 5, 5, 5))]))))
    assert frame.loc[0, ["positive", "value"]].tolist() == [75, 0.75]


def test_the_published_percentage_is_kept_where_it_differs_by_rounding() -> None:
    extract = read(book(trusts(a_trust(1, (2, 0, 1, 0, 0, 0)))))
    assert facts(extract)["value"].tolist() == [0.67]
    assert extract.warnings == ()


def test_a_row_with_no_responses_is_kept_as_not_calculable() -> None:
    frame = facts(read(book(trusts(a_trust(1, (0,) * 6)))))
    row = frame.iloc[0]
    assert (row["respondents"], row["positive"], row["withheld"]) == (0, 0, "not_calculable")
    assert math.isnan(row["value"])


def test_a_withheld_row_keeps_why_and_its_eligible_and_no_zero() -> None:
    frame = facts(read(book(trusts(made.starred(a_trust()), a_trust(2)))))
    row = frame.iloc[0]
    assert row["withheld"] == Withheld.PUBLISHER
    assert row["eligible"] == 307
    assert row[["respondents", "positive", "value", *ANSWERS, "mode_sms"]].isna().all()


def test_a_starred_percentage_is_not_worked_out_from_the_counts() -> None:
    frame = facts(read(book(trusts(a_trust(positive_share="*", negative_share="*")))))
    row = frame.iloc[0]
    assert (row["withheld"], row["very_good"]) == ("publisher", 60)
    assert math.isnan(row["value"])
    assert math.isnan(row["positive"])


def test_a_blank_percentage_beside_no_responses_is_not_calculable() -> None:
    empty = a_trust(1, (0,) * 6, positive_share="", negative_share="")
    frame = facts(read(book(trusts(empty, a_trust(2)))))
    assert frame["withheld"].tolist() == ["not_calculable", "none"]


def test_a_blank_in_a_gp_publication_is_unknown() -> None:
    rows = [
        made.counted((6, 3, 1, 0, 0, 0), icb="B-01", practice="P-0001", practice_name="One"),
        {"icb": "B-01", "practice": "P-0002", "practice_name": "Two"},
        {"icb": "B-01", "practice": "P-0003", "practice_name": "Three", "respondents": 3},
    ]
    content = made.xlsx({"Practices": made.grid(made.PRACTICES, rows)})
    extract = read(content, "ftt-gp-apr-26.xlsx")
    frame = facts(extract)
    assert frame["withheld"].tolist() == ["none", "unknown", "unknown"]
    assert frame["source"].unique().tolist() == ["fft_gp"]
    assert frame["grain"].unique().tolist() == ["practice"]
    assert frame["respondents"].fillna(-1).tolist() == [10, -1, 3]


def test_a_practice_with_nothing_but_a_code_is_kept() -> None:
    lines = [["Practice Code", "Total Responses", "Percentage Positive"]]
    lines += [
        ["P-0001", 10, 90],
        ["P-0002", "", ""],
        ["Blank means withheld or no return.", "", ""],
    ]
    frame = facts(as_csv(lines, "FFT-GP-Oct-22.csv"))
    assert frame["provider"].tolist() == ["P-0001", "P-0002"]
    assert frame["withheld"].tolist() == ["none", "unknown"]


def test_a_zero_response_gp_row_with_a_blank_percentage_is_not_calculable() -> None:
    lines = [["Practice Code", "Total Responses", "Percentage Positive"], ["P-0001", 0, ""]]
    lines += [["P-0002", 20, 95]]
    assert facts(as_csv(lines, "FFT-GP-Oct-22.csv"))["withheld"].tolist() == [
        "not_calculable",
        "none",
    ]


# --- Which service and which month -------------------------------------------------------------


@pytest.mark.parametrize("setting", list(made.TITLES))
def test_the_setting_is_taken_from_the_title(setting: str) -> None:
    layout = made.PRACTICES if setting in ("gp", "dental") else made.Layout("S", TRUSTS.identity, 4)
    row = a_trust(practice="P-0001", practice_name="One")
    sheet = "Trusts Q3" if setting == "maternity" else "Data"
    content = made.xlsx({sheet: made.grid(layout, [row])}, title=made.TITLES[setting])
    frame = facts(read(content))
    assert frame["source"].tolist() == [f"fft_{setting}"]
    assert frame["measure"].tolist() == ["postnatal_ward" if sheet == "Trusts Q3" else "overall"]


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("FFT-AE-July-2025.csv", "fft_ae"),
        ("fft_a&e_trusts_2025-07.csv", "fft_ae"),
        ("Friends-and-Family-Test-inpatient-July-2025.csv", "fft_inpatient"),
        ("fft-community-mental-health-Jul-25.csv", "fft_mental_health"),
        ("FFT-community-July-2025.csv", "fft_community"),
        ("fft-ambulance-PTS-Jul-25.csv", "fft_ambulance"),
    ],
)
def test_the_setting_is_taken_from_the_file_name(name: str, setting: str) -> None:
    layout = made.Layout("S", TRUSTS.identity, 1)
    assert facts(as_csv(made.grid(layout, [a_trust()]), name))["source"].tolist() == [setting]


@pytest.mark.parametrize(("q", "measure"), list(TOUCH_POINTS.items()))
def test_the_touch_point_of_a_csv_is_in_its_name(q: str, measure: str) -> None:
    layout = made.Layout("S", TRUSTS.identity, 1, eligible=False)
    lines = made.grid(layout, [a_trust()])
    for name in (f"FFT-maternity-{q}-July-2025.csv", f"fft_maternity_{measure}_2025-07.csv"):
        assert facts(as_csv(lines, name))["measure"].tolist() == [measure]


def test_a_maternity_csv_without_a_touch_point_is_refused() -> None:
    layout = made.Layout("S", TRUSTS.identity, 1, eligible=False)
    extract = as_csv(made.grid(layout, [a_trust()]), "FFT-maternity-July-2025.csv")
    assert "touch point" in said(extract, Severity.ERROR)


def test_an_unclear_setting_is_asked_for_and_taken_from_the_answer() -> None:
    lines = made.grid(made.Layout("S", TRUSTS.identity, 1), [a_trust()])
    extract = as_csv(lines, "July-2025.csv")
    assert extract.needs == ("source",)
    told = read(made.text(lines), "July-2025.csv", Request(source="fft_community"))
    assert facts(told)["source"].tolist() == ["fft_community"]
    wrong = read(made.text(lines), "July-2025.csv", Request(source="gp_survey"))
    assert wrong.needs == ("source",)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("fft-gp-jul-22.xlsm", (2022, 7)),
        ("FFT-GP-Oct-22.xlsm", (2022, 10)),
        ("fft-gp-feb-23-v2.xlsm", (2023, 2)),
        ("FFT-GP-data--January-2024.xlsm", (2024, 1)),
        ("Friends-and-Family-Test-FFT-GP-data-May-2024.xlsm", (2024, 5)),
        ("friends-and-family-gp-data-october-2025.xlsm", (2025, 10)),
        ("FFT_GP_MacroWebfile_Dec-25.xlsm", (2025, 12)),
        ("ftt-gp-apr-26.xlsm", (2026, 4)),
    ],
)
def test_the_month_is_read_from_the_drifting_names_of_gp_files(
    name: str, month: tuple[int, int]
) -> None:
    row = a_trust(practice="P-0001", practice_name="One")
    frame = facts(read(made.xlsx({"Practices": made.grid(made.PRACTICES, [row])}), name))
    assert frame["source"].tolist() == ["fft_gp"]
    assert frame["period_start"].tolist() == [pd.Timestamp(*month, 1)]
    assert frame["period_end"].tolist() == [pd.Timestamp(Period.month(*month).end)]


def test_the_title_wins_over_the_file_name_and_the_difference_is_told() -> None:
    extract = read(book(trusts(a_trust())), "FFT-outpatient-June-2025.xlsx")
    frame = facts(extract)
    assert frame.loc[0, "source"] == "fft_inpatient"
    assert frame.loc[0, "period_start"] == pd.Timestamp("2025-07-01")
    warnings = said(extract, Severity.WARNING)
    assert "The title says July 2025, the file name June 2025" in warnings
    assert "The title says FFT inpatient, the file name FFT outpatient" in warnings


def test_a_missing_month_is_asked_for_and_taken_from_the_answer() -> None:
    content = book(trusts(a_trust()), title="Inpatient Friends and Family Test (FFT) Data")
    assert read(content).needs == ("period",)
    frame = facts(read(content, request=Request(period=JULY)))
    assert frame.loc[0, "period_end"] == pd.Timestamp("2025-07-31")
    year = Period(Period.month(2025, 4).start, Period.month(2026, 3).end)
    assert read(content, request=Request(period=year)).needs == ("period",)


def test_a_month_in_a_cell_of_its_own_above_the_header_is_found() -> None:
    lines = [["Inpatient Friends and Family Test"], ["July 2025"], *trusts(a_trust())[9:]]
    assert facts(as_csv(lines, "a.csv")).loc[0, "period_start"] == pd.Timestamp("2025-07-01")


# --- Faults ------------------------------------------------------------------------------------


def broken(**cells: Any) -> made.Grid:
    return trusts(a_trust(1), a_trust(2, **cells), a_trust(3))


FAULTS: dict[str, tuple[made.Grid, Severity, str, str]] = {
    "text in a number": (
        broken(good="twenty"),
        Severity.ERROR,
        "‘twenty’ stands where ‘Good’ should be a number",
        "Trusts!I16",
    ),
    "an error value": (broken(good="#REF!"), Severity.ERROR, "‘#REF!’", "Trusts!I16"),
    "a negative count": (broken(poor=-5), Severity.ERROR, "(-5) is negative", "Trusts!K16"),
    "a count that is not whole": (
        broken(very_poor=5.5),
        Severity.ERROR,
        "(5.5) is not a whole number",
        "Trusts!L16",
    ),
    "a percentage over 100": (
        broken(positive_share=1.2),
        Severity.ERROR,
        "‘Percentage Positive’ is 120 %",
        "Trusts!F16",
    ),
    "a negative percentage": (
        broken(negative_share=-0.1),
        Severity.ERROR,
        "‘Percentage Negative’ is -10 %",
        "Trusts!G16",
    ),
    "more positive than responses": (
        broken(respondents=70),
        Severity.ERROR,
        "80 positive answers of 70 responses",
        "Trusts!D16",
    ),
    "a formula without its value": (
        broken(good=""),
        Severity.ERROR,
        "‘Good’ is blank although the row is filled",
        "Trusts!I16",
    ),
    "answers that do not sum": (
        broken(respondents=101),
        Severity.WARNING,
        "the answers sum to 100, ‘Total Responses’ says 101",
        "Trusts!D16",
    ),
    "a percentage that is not its counts'": (
        broken(positive_share=0.9),
        Severity.WARNING,
        "the percentage printed (90 %) is not the one its counts give (80 %)",
        "Trusts!F16",
    ),
    "fewer eligible than responses": (
        broken(eligible=40),
        Severity.WARNING,
        "100 responses of 40 people eligible",
        "Trusts!E16",
    ),
    "modes that do not add up": (
        broken(mode_other=3),
        Severity.WARNING,
        "1 row of sheet ‘Trusts’: the collection modes do not add up",
        "Trusts!N16",
    ),
    "a row without a code": (
        broken(trust=""),
        Severity.WARNING,
        "1 row with figures on sheet ‘Trusts’ has no organisation code",
        "Trusts!B16",
    ),
    "different figures for one organisation": (
        trusts(a_trust(1), a_trust(1, (1, 2, 3, 4, 5, 6))),
        Severity.ERROR,
        "T-01 stands 2 times on sheet ‘Trusts’ with different figures",
        "Trusts!15, Trusts!16",
    ),
    "the same row twice": (
        trusts(a_trust(1), a_trust(1)),
        Severity.WARNING,
        "T-01 stands 2 times on sheet ‘Trusts’ with the same figures",
        "Trusts!15, Trusts!16",
    ),
}


@pytest.mark.parametrize("kind", list(FAULTS))
def test_a_fault_says_what_where_and_how_to_mend_it(kind: str) -> None:
    lines, severity, what, where = FAULTS[kind]
    extract = read(book(lines))
    found = [fault for fault in extract.faults if what in fault.what]
    assert [(fault.severity, fault.where) for fault in found] == [(severity, where)]
    assert found[0].fix
    assert extract.rows_accepted == len(extract.frames["fft_fact"])
    others = [fault for fault in extract.errors if fault not in found]
    assert others == []


def test_all_faults_of_a_file_are_collected() -> None:
    lines = trusts(
        a_trust(1, good="twenty"), a_trust(2, poor=-5), a_trust(3, positive_share=3), a_trust(4)
    )
    extract = read(book(lines, title=""))
    assert extract.needs == ("period", "source")
    assert len(extract.errors) >= 5
    with pytest.raises(ExtractError):
        extract.raise_errors()


def test_past_twenty_faults_of_a_kind_are_counted_not_listed() -> None:
    extract = read(book(trusts(*(a_trust(n, good="twenty") for n in range(50)))))
    assert len(extract.errors) == 21
    assert extract.errors[-1].what == "… and 30 more of this kind."


def test_the_category_sum_is_used_where_the_total_differs() -> None:
    assert facts(read(book(broken(respondents=101))))["respondents"].tolist() == [100, 100, 100]


def test_of_identical_rows_the_last_is_kept_and_the_other_rejected() -> None:
    extract = read(book(trusts(a_trust(1), a_trust(1), a_trust(2))))
    assert facts(extract)["cell"].tolist() == ["Trusts!16", "Trusts!17"]
    assert extract.rows_in == 3
    assert extract.rows_rejected == {"the same row again": 1}


def test_two_wards_of_one_name_differ_by_their_specialties() -> None:
    ward = {"icb": "B", "trust": "T", "trust_name": "T", "site": "S", "site_name": "S", "ward": "W"}
    rows = [
        made.counted((9, 1, 0, 0, 0, 0), **ward, specialty_1="100"),
        made.counted((8, 1, 0, 0, 0, 1), **ward, specialty_1="110"),
    ]
    frame = facts(read(made.xlsx({"Wards": made.grid(WARDS, rows)}, title=TITLE)))
    assert frame["provider"].tolist() == ["S|W|100|", "S|W|110|"]


@pytest.mark.parametrize("heading", ["Trust Code", "Total Responses", "Very Good", "Don't Know"])
def test_a_missing_column_names_the_sheet_the_row_and_the_column(heading: str) -> None:
    lines = [["" if cell == heading else cell for cell in line] for line in trusts(a_trust())]
    extract = read(book(lines))
    (fault,) = extract.errors
    assert fault.what == (
        f"Sheet ‘Trusts’ has no column ‘{heading}’. Rows 10–11 were read as the header."
    )
    assert fault.where == "Trusts!11"


def test_a_missing_site_code_is_not_mistaken_for_a_table_of_trusts() -> None:
    world = made.world(1)
    rows, _ = made.rows_for(made.SETTINGS["inpatient"][2], world, 1)
    lines = made.grid(made.SETTINGS["inpatient"][2], rows)
    lines = [["" if cell == "Site Code" else cell for cell in line] for line in lines]
    extract = read(book(lines))
    assert "has no column ‘Site Code’" in said(extract, Severity.ERROR)


def test_a_missing_sheet_is_no_fault_while_others_hold_data() -> None:
    extract = read(book(trusts(a_trust())))
    assert extract.faults == ()


def test_a_workbook_with_no_table_says_what_a_table_looks_like() -> None:
    extract = read(made.xlsx({"Chart": [["See the charts"]]}, title=TITLE))
    (fault,) = extract.errors
    assert fault.what.startswith("No table of Friends and Family Test responses was found")
    assert "Trust Code" in fault.fix


def test_a_sheet_saved_without_values_is_refused_once() -> None:
    empty = dict.fromkeys((*ANSWERS, *MODES, "respondents", "eligible"), "")
    empty |= {"positive_share": "", "negative_share": ""}
    extract = read(book(trusts(a_trust(1, **empty), a_trust(2, **empty))))
    (fault,) = extract.errors
    assert "saved without the results of its formulas" in fault.what


def test_a_formula_saved_without_its_result_is_told() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book(trusts(a_trust(1), a_trust(2)))))
    workbook["Trusts"]["D16"] = "=SUM(H16:M16)"
    saved = io.BytesIO()
    workbook.save(saved)
    (fault,) = read(saved.getvalue()).errors
    assert fault.where == "Trusts!D16"
    assert "formula saved without its result" in fault.what


def test_braces_in_a_heading_do_no_harm() -> None:
    lines = [
        ["{Total Responses}" if cell == "Total Responses" else cell for cell in line]
        for line in broken(respondents=-1)
    ]
    assert "‘Total Responses’ (-1) is negative" in said(read(book(lines)), Severity.ERROR)


def test_see_and_treat_is_a_measure_of_its_own_beside_patient_transport() -> None:
    _, layout, _ = made.SETTINGS["ambulance"]
    sheets = {
        "PTS Org": made.grid(layout, [a_trust(1)]),
        "SaT Org": made.grid(layout, [a_trust(1, (5, 5, 0, 0, 0, 0))]),
    }
    frame = facts(read(made.xlsx(sheets, title=made.TITLES["ambulance"])))
    assert dict(zip(frame["measure"], frame["respondents"], strict=True)) == {
        "overall": 100,
        "see_and_treat": 10,
    }


def test_every_measure_handed_over_is_in_the_list_of_measures() -> None:
    handed = {("fft_ambulance", "see_and_treat")}
    handed |= {("fft_maternity", point) for point in TOUCH_POINTS.values()}
    handed |= {(f"fft_{name}", "overall") for name in made.TITLES if name != "maternity"}
    assert handed <= set(maps.measures())


def test_modes_alone_are_not_a_publication_of_responses() -> None:
    layout = made.SETTINGS["ambulance"][2]
    rows, totals = made.rows_for(layout, made.world(1), 1)
    extract = as_csv(made.grid(layout, rows, totals), "FFT-ambulance-July-2025.csv")
    assert "collection modes only" in said(extract, Severity.ERROR)


def test_modes_of_an_organisation_without_responses_are_told() -> None:
    layouts = made.SETTINGS["ambulance"]
    world = made.world(1)
    sheets = {}
    for layout in layouts[1:]:
        rows, _ = made.rows_for(layout, world, 1)
        sheets[layout.sheet] = made.grid(layout, rows[1:] if layout.answers else rows)
    extract = read(made.xlsx(sheets, title=made.TITLES["ambulance"]))
    assert "1 organisation of sheet ‘Mode Org’ (first T-000) has no row" in said(
        extract, Severity.WARNING
    )


def test_a_second_sheet_of_the_same_organisations_is_left_out_and_told() -> None:
    sheets = {"Trusts": trusts(a_trust()), "Day cases": trusts(a_trust(1, (1, 1, 1, 1, 1, 1)))}
    extract = read(made.xlsx(sheets, title=TITLE))
    assert facts(extract)["cell"].tolist() == ["Trusts!15"]
    assert extract.rows_rejected == {"already given on an earlier sheet": 1}


# --- Reconciling -------------------------------------------------------------------------------


def test_a_gap_between_rows_and_the_published_total_says_both_figures() -> None:
    rows = [a_trust(1), a_trust(2)]
    total = made.summed([*rows, a_trust(3)])
    extract = read(book(trusts(*rows, **{made.INCLUDING: total})))
    facts(extract)
    (warning,) = extract.warnings
    assert "Total Responses 200 in the rows, 300 published, difference +100" in warning.what
    assert made.INCLUDING in warning.what


def test_a_gap_is_explained_by_withheld_rows_only_up_to_what_they_can_hold() -> None:
    rows = [a_trust(1), made.starred(a_trust(2, (2, 1, 0, 0, 0, 0)))]
    total = made.summed([a_trust(1), a_trust(2, (2, 1, 0, 0, 0, 0))])
    explained = read(book(trusts(*rows, **{made.INCLUDING: total})))
    assert explained.warnings == ()
    assert (
        "Trusts: 2 rows sum to the published total of 103 responses "
        "(1 withheld row holds the other 3)." in explained.notes
    )
    too_much = read(book(trusts(*rows, **{made.INCLUDING: {**total, "respondents": 500}})))
    assert "difference +400" in said(too_much, Severity.WARNING)


def test_rows_above_the_published_total_are_never_explained() -> None:
    rows = [a_trust(1), made.starred(a_trust(2))]
    total = {**made.summed([a_trust(1)]), "respondents": 90}
    extract = read(book(trusts(*rows, **{made.INCLUDING: total})))
    assert "difference -10" in said(extract, Severity.WARNING)


# --- Files that cannot be opened, and files of others --------------------------------------------


def test_an_empty_a_cut_off_and_a_protected_file_are_refused_with_a_reason() -> None:
    whole = book(trusts(a_trust()))
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack("<16x") + b"\x00" * 480
    protected = ole + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 512
    for content, words in (
        (b"", "empty"),
        (whole[: len(whole) // 2], "cut off"),
        (protected, "password"),
    ):
        with pytest.raises(ExtractError, match=words):
            open_workbook("FFT-inpatient-July-2025.xlsx", content)


@pytest.mark.parametrize(
    "headings",
    [
        "gp_code,fft_responses,fft_pct_positive",
        "time,rating,free_text,do_better,surgery",
        "provider,period,measure,positive,respondents",
        "ad_practicecode,distributed,received,resprate,overallexp.pcteval",
        "Practice_Code,Q28_12pct,Q18_12pct",
        "Service Type,Positive,Neutral,Negative,Total",
        "date,practice_code,overall_experience,phone,age,sex",
        "Comment ID,Trust,Respondent ID,Date,FFT categorical answer,FFT question,FFT answer",
        "Likert,Very good,Good,Poor",
        "practice_name,Very good,Good,Neither,Poor,Very poor,Don't know",
    ],
)
def test_files_of_other_sources_are_not_recognised(headings: str) -> None:
    content = (headings + "\n" + ",".join("1" for _ in headings.split(","))).encode()
    assert not SOURCE.recognise(open_workbook("FFT-GP-July-2025.csv", content))


def test_bare_totals_are_taken_for_a_publication_only_where_the_file_says_so() -> None:
    content = b"Practice Code,Responses,% Positive\nP-0001,10,90\n"
    assert not SOURCE.recognise(open_workbook("local-survey-July-2025.csv", content))
    assert SOURCE.recognise(open_workbook("FFT-GP-July-2025.csv", content))


def test_two_months_in_a_name_are_asked_for() -> None:
    content = book(trusts(a_trust()), title="Inpatient Friends and Family Test")
    extract = read(content, "FFT-inpatient-June-2025-and-July-2025.xlsx")
    assert extract.needs == ("period",)
    assert "more than one month: June 2025, July 2025" in extract.errors[0].what
    july = Period.month(2025, 7)
    chosen = read(content, "FFT-inpatient-June-2025-and-July-2025.xlsx", Request(period=july))
    assert facts(chosen)["period_start"].dt.month.tolist() == [7]
    assert "July 2025 is used" in said(chosen, Severity.WARNING)


def test_a_span_in_a_name_is_no_month_of_it() -> None:
    content = book(trusts(a_trust()), title="Inpatient Friends and Family Test")
    assert read(content, "FFT-inpatient-Apr-Jun-2025.xlsx").needs == ("period",)
