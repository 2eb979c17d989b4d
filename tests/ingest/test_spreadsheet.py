"""Spreadsheets that would end or freeze a server, and damage that would go unnoticed."""

from __future__ import annotations

import io
import re
import struct
import zipfile

import openpyxl
import pytest
import xlsxwriter

from pxcore.analysis.files import load
from pxcore.errors import ExtractError
from pxcore.ingest import open_workbook, spreadsheet

HEADINGS = ["source", "provider", "period", "measure", "positive", "respondents"]
ROWS = [
    ["local_survey", "Q90001", "2026-02", "overall", 41, 52],
    ["local_survey", "Q90002", "2026-02", "overall", 33, 61],
    ["local_survey", "Q90003", "2026-02", "overall", 18, 44],
]


def tidy_book(change=None, **options) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("Data")
        for at, row in enumerate([HEADINGS, *ROWS]):
            sheet.write_row(at, 0, row)
        if change is not None:
            change(sheet)
    return content.getvalue()


def repacked(content: bytes, change, *, stored: bool = False) -> bytes:
    """The zip with what `change(name, data)` makes of each part; None leaves a part out."""
    made = io.BytesIO()
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", kind) as new:
        for part in old.infolist():
            data = change(part.filename, old.read(part))
            if data is not None:
                new.writestr(part.filename, data)
    return made.getvalue()


def in_sheet(pattern: bytes, replacement: bytes):
    def change(name: str, data: bytes) -> bytes:
        return re.sub(pattern, replacement, data) if "worksheets/sheet" in name else data

    return change


def faults(name: str, content: bytes) -> str:
    reading = load.read(name, content)
    assert not reading.ready
    return " ".join(map(str, reading.errors))


# --- Files that ask for everything ---


@pytest.mark.parametrize(
    ("row", "column", "cell"), [(1_048_575, 16_383, "XFD1048576"), (3, 16_000, "WQK4")]
)
def test_a_cell_far_outside_is_named_or_read_and_the_next_file_loads(row, column, cell):
    reading = load.read("far.xlsx", tidy_book(lambda sheet: sheet.write(row, column, ".")))
    if reading.ready:
        assert reading.extract is not None
        assert reading.extract.rows_accepted == 3
    else:
        assert f"Data!{cell}" in str(reading.errors[0])
        assert "Delete the row or column" in str(reading.errors[0])
    assert load.read("whole.xlsx", tidy_book()).ready


def test_a_dimension_that_is_declared_and_not_there_changes_nothing():
    content = repacked(
        tidy_book(), in_sheet(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:XFD1048576"/>')
    )
    assert load.read("declared.xlsx", content).extract.rows_accepted == 3


def test_a_cell_in_the_last_row_is_read_with_the_rest():
    reading = load.read("low.xlsx", tidy_book(lambda sheet: sheet.write(900_000, 0, "a note")))
    assert reading.ready or "Data!A900001" in str(reading.errors[0])


def test_a_text_that_a_million_cells_share_is_a_fault():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for row in range(20_000):
            sheet.write(row, 0, "x" * 30_000)
    text = faults("shared.xlsx", content.getvalue())
    assert "more memory" in text or "cannot be read" in text  # the reader may give up first


def test_a_zip_that_unpacks_to_gigabytes_is_not_unpacked():
    bomb = repacked(
        tidy_book(), lambda name, data: data + b" " * 600_000_000 if "sheet1" in name else data
    )
    assert len(bomb) < 1_000_000
    assert "unpacks to 572 MB" in faults("bomb.xlsx", bomb)


def test_hundreds_of_sheets_are_read_or_refused():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for number in range(300):
            book.add_worksheet(f"Sheet {number}").write(0, 0, "nothing")
    assert "not known" in faults("many.xlsx", content.getvalue())


def test_columns_beyond_what_a_sheet_holds_are_refused():
    wide = repacked(tidy_book(), in_sheet(rb'r="F1"', b'r="ZZZZ1"'))
    assert "475,254 columns" in faults("wide.xlsx", wide)


def test_a_loop_of_sectors_in_an_old_workbook_ends():
    # A compound file whose allocation table points from sector 0 to sector 0.
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, 1, 0, 0, 4096, 0, 0, 0, 0, 0)
    struct.pack_into("<I", header, 76, 0)
    sector = struct.pack("<I", 0) * 128
    assert faults("loop.xls", bytes(header) + sector * 4)


def test_a_file_that_takes_too_long_is_a_fault_and_the_next_one_loads(monkeypatch, tmp_path):
    endless = tmp_path / "endless.py"
    endless.write_text("import time\ntime.sleep(60)\n")
    spreadsheet.close()
    monkeypatch.setattr(spreadsheet, "PROGRAM", endless)
    monkeypatch.setattr(spreadsheet, "seconds_for", lambda _: 0.1)
    with pytest.raises(ExtractError, match="could not be read within"):
        open_workbook("slow.xlsx", tidy_book())
    monkeypatch.undo()
    assert load.read("whole.xlsx", tidy_book()).ready


def test_the_process_is_kept_for_the_next_file_and_gives_nothing_that_runs():
    spreadsheet.close()
    load.read("one.xlsx", tidy_book())
    process = spreadsheet._idle[-1]
    load.read("two.xlsx", tidy_book())
    assert spreadsheet._idle[-1] is process
    harmful = b"cos\nsystem\n(S'true'\ntR."
    with pytest.raises(Exception, match="is no cell"):
        spreadsheet._Answers(io.BytesIO(harmful)).load()
    process._popen.kill()  # whatever ended it, the next file is read
    process._popen.wait()
    assert load.read("three.xlsx", tidy_book()).ready


# --- Damage ---


def test_a_part_with_another_checksum_is_named():
    # The figures stand uncompressed in the file: 41 becomes 14, and every reader would believe it.
    content = repacked(tidy_book(), lambda _, data: data, stored=True)
    assert content.count(b"<v>41</v>") == 1
    text = faults("damaged.xlsx", content.replace(b"<v>41</v>", b"<v>14</v>"))
    assert "xl/worksheets/sheet1.xml" in text
    assert "Download it again" in text


def test_a_part_that_is_listed_and_lost_is_named():
    lost = repacked(tidy_book(), lambda name, data: None if "sharedStrings" in name else data)
    assert "xl/sharedStrings.xml" in faults("lost.xlsx", lost)


def test_a_part_that_stands_twice_is_refused():
    content = io.BytesIO(tidy_book())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", b"<sst/>")
    assert "xl/sharedStrings.xml" in faults("twice.xlsx", content.getvalue())


@pytest.mark.parametrize(("at", "value"), [(6, 99), (8, 99), (4, 90)])
def test_an_unknown_zip_version_method_or_mark_is_a_fault(at, value):
    content = bytearray(tidy_book())
    directory = content.index(b"PK\x01\x02")
    content[directory + at] = value
    reading = load.read("version.xlsx", bytes(content))
    assert reading.ready == (at == 4)  # which program made it changes nothing


def test_a_file_cut_off_is_said_to_be():
    assert "cut off" in faults("cut.xlsx", tidy_book()[:-200])


# --- Formulas without results ---


def test_a_column_of_formulas_saved_without_results_is_refused():
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    for at, row in enumerate(ROWS, 2):
        book.active.append([*row[:4], f"=ROUND(F{at}*0.8,0)", row[5]])
    content = io.BytesIO()
    book.save(content)
    text = faults("formulas.xlsx", content.getvalue())
    assert "Column E (‘positive’) holds formulas that were never worked out, in 3 cells" in text
    assert "Sheet!E2" in text


def test_formulas_with_results_are_read():
    content = tidy_book(lambda sheet: sheet.write_formula(1, 4, "=40+1", None, 41))
    reading = load.read("formulas.xlsx", content)
    assert reading.ready
    assert not reading.faults


def test_a_formula_whose_result_is_an_empty_text_is_worked_out():
    content = tidy_book(lambda sheet: sheet.write_formula(1, 6, '=""', None, ""))
    assert load.read("formulas.xlsx", content).ready


def test_the_place_of_every_cell_stays_its_own_below_blank_rows():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("Data").write(5, 2, "x")
    sheet = open_workbook("blank.xlsx", content.getvalue()).sheet("Data")
    assert [len(row) for row in sheet.rows] == [0, 0, 0, 0, 0, 3]
    assert sheet.rows[5][2] == "x"
