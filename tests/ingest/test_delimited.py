"""Separator, encoding and quotation marks are decided over whole rows, or the file is refused."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.errors import ExtractError, Severity
from pxcore.ingest import delimited

TABLE = "provider,period,measure,positive,respondents\nP-1,2026-02,overall,41,52\nP-2,2026-02,overall,33,61\n"


def read(text: str | bytes) -> delimited.Text:
    return delimited.read("file.csv", text.encode() if isinstance(text, str) else text)


def errors(text: str | bytes) -> str:
    return " ".join(str(f) for f in read(text).faults if f.severity is Severity.ERROR)


def refusal(text: str | bytes) -> str:
    with pytest.raises(ExtractError) as problem:
        read(text)
    return str(problem.value)


# --- Separator ---


def test_commas_in_the_comments_do_not_outvote_the_semicolons():
    rows = (
        "code;date;rating;comment\n" + "Q1;10/03/2026;Good;Kind, quick, clean, calm, as ever\n" * 5
    )
    assert read(rows).separator == ";"
    assert {len(row) for row in read(rows).rows} == {4}


@pytest.mark.parametrize("separator", delimited.SEPARATORS)
def test_each_separator_is_taken_where_every_row_has_it(separator):
    text = TABLE.replace(",", separator)
    assert read(text).separator == separator


def test_two_separators_that_fit_alike_are_refused_with_both():
    text = refusal("a;b,c;d\n1;2,3;4\n5;6,7;8\n")
    assert "commas" in text
    assert "semicolons" in text


def test_decimal_commas_are_no_separators():
    assert read("code;share\nP-1;0,5\nP-2;0,7\n").separator == ";"


@given(
    st.sampled_from(sorted(delimited.SEPARATORS)),
    st.lists(st.lists(st.text('ab ,;|"\n’é', max_size=8), min_size=4, max_size=4), min_size=3),
)
def test_whatever_a_spreadsheet_program_writes_is_read_back(separator, rows):
    headings = ["code", "date", "rating", "comment"]
    rows = [[f"P-{at}", *row[1:]] for at, row in enumerate(rows)]
    content = io.StringIO()
    csv.writer(content, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([headings, *rows])
    text = read(content.getvalue())
    assert text.separator == separator
    assert text.rows == [headings, *rows]


# --- Encoding ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_or_without_its_mark(encoding):
    text = TABLE.replace("P-1", "Café’s")
    assert read(text.encode(encoding)).rows[1][0] == "Café’s"


def test_western_european_text_is_read_and_said():
    text = read(TABLE.replace("P-1", "Café’s").encode("cp1252"))
    assert text.rows[1][0] == "Café’s"
    assert "Windows-1252" in text.notes[0]


def test_utf_16_with_an_odd_byte_is_a_fault():
    assert "cut off" in refusal(TABLE.encode("utf-16")[:-1])


@pytest.mark.parametrize("name", ["Brożek", "Wałęsa", "Wąsik"])
def test_central_european_text_is_not_read_as_western(name):
    text = refusal(TABLE.replace("P-2", name).encode("cp1250"))
    assert "row 3" in text
    assert "encoding" in text


def test_one_bad_byte_in_unicode_text_is_refused_with_its_row():
    content = TABLE.replace("P-1", "Café Müller").encode().replace(b"P-2", b"P\xff2")
    text = refusal(content)
    assert "mixes two encodings" in text
    assert "row 3" in text


@pytest.mark.parametrize("content", [b"a,b\n1,\x00\n", b"a,b\n1,\x07\n"])
def test_characters_that_no_text_has_are_refused_with_their_row(content):
    assert "row 2" in refusal(content)


# --- Quotation marks and whole rows ---


def test_a_quotation_mark_never_closed_says_where_it_opens():
    text = refusal(TABLE.replace("P-1,", 'P-1,"'))
    assert "row 2" in text
    assert "quotation mark" in text


def test_a_quotation_mark_closed_rows_later_is_noticed():
    rows = [f"P-{n},2026-02,overall,{n},52,Surgery {n}" for n in range(6)]
    rows[1] = rows[1].replace("Surgery", '"Surgery')
    rows[4] = rows[4] + '"'
    assert "row 3" in errors("a,b,c,d,e,f\n" + "\n".join(rows) + "\n")


def test_a_comment_of_several_lines_is_a_comment():
    text = 'code,date,comment\nP-1,2026,"First line\nsecond, with a comma\nthird"\nP-2,2026,x\n'
    assert errors(text) == ""


def test_a_separator_inside_a_text_slips_the_row_and_is_told():
    text = errors(TABLE.replace("P-2,2026-02", "P-2, the second,2026-02"))
    assert "row 3" in text
    assert "slipped" in text


def test_blank_cells_beyond_the_headings_do_no_harm():
    assert errors(TABLE.replace("52\n", "52,,\n")) == ""


def test_a_file_that_breaks_off_in_its_last_row_is_told():
    assert "breaks off" in errors(TABLE[:-20])
    assert errors(TABLE[:-1]) == ""


def test_a_row_of_two_hundred_thousand_columns_is_refused():
    assert "200,000 columns" in refusal(",".join("x" * 200_000) + "\n")
