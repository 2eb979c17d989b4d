"""A document as a workbook: a sheet a table with frozen heads, all figures, where they come from, methods."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd
import xlsxwriter

from pxcore.publish.document import SECTIONS, Document, Form, Section, Table, plain
from pxcore.publish.safe import is_formula, legible

_NUMBERS = {
    Form.COUNT: "#,##0",
    Form.SHARE: "0.0%",
    Form.PERCENT: "0.0",
    Form.DECIMAL: "0.00",
    Form.DAY: "d mmm yyyy",
}
WIDEST, NARROWEST = 60, 9  # of a column, in letters
SHORTEST = 90  # of the line a title has, in letters
HEAD = 4  # the row of the headings, counted from nought
FAMILY = "Arial"
_SIDES = ((False, "left"), (True, "right"))
_OF_FILES = (14, 44, 52, 24, 13, 68)  # widths of the columns of Provenance, in letters


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    section: Section
    title: str
    table: Table


def workbook(document: Document) -> bytes:
    """The bytes of an .xlsx file."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties(
        {
            "title": legible(document.title),
            "subject": "Patient experience: do our sources agree?",
            "comments": "; ".join(filter(None, [document.mark, document.provenance])),
        }
    )
    style = _Style(book, document)
    sheets = list(_sheets(document))
    _contents(book, document, sheets, style)
    for sheet in sheets:
        _table(book, document, sheet, style)
    _provenance(book, document, style)
    _methods(book, document, style)
    book.close()
    return content.getvalue()


class _Style:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any, document: Document) -> None:
        self._book, colours = book, document.palette
        self._cells: dict[tuple[Form, bool, bool], Any] = {}
        base = {"font_name": FAMILY, "font_size": 10, "valign": "top", "font_color": colours.text}
        self._base = base | {"bottom": 1, "bottom_color": colours.line}
        self.title = book.add_format(base | {"bold": True, "font_size": 13, "text_wrap": True})
        self.question = book.add_format(base | {"bold": True, "font_size": 11, "text_wrap": True})
        self.words = book.add_format(base | {"text_wrap": True})
        self.muted = book.add_format(base | {"font_color": colours.muted, "text_wrap": True})
        self.plain_title = book.add_format(base | {"bold": True, "font_size": 14})
        self.plain_muted = book.add_format(base | {"font_color": colours.muted})
        self.mark = book.add_format(base | {"bold": True, "font_color": colours.concern})
        self.link = book.add_format(base | {"font_color": colours.survey, "underline": 1})
        head = base | {
            "bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": colours.survey,
            "font_color": colours.ground,
        }  # fmt: skip
        self._heads = {right: book.add_format(head | {"align": side}) for right, side in _SIDES}

    def head(self, form: Form = Form.TEXT) -> Any:
        """Of a column's heading: above numbers at their side."""
        return self._heads[form is not Form.TEXT]

    def cell(self, form: Form, *, wraps: bool = False, words: bool = False) -> Any:
        """Of a cell; `words` marks what would be a formula as words, as a person does by an apostrophe."""
        key = (form, wraps, words)
        if key not in self._cells:
            number = {"num_format": _NUMBERS[form]} if form in _NUMBERS else {}
            more = {"text_wrap": wraps, "quote_prefix": words}
            self._cells[key] = self._book.add_format(self._base | number | more)
        return self._cells[key]


def _sheets(document: Document) -> Iterator[_Sheet]:
    """Every table with the name of its sheet: those of the pieces, then all figures."""
    for section, page in zip(document.sections, _names(document.sections), strict=True):
        tables = [(piece, piece.table) for piece in section.pieces if piece.table is not None]
        for place, (piece, table) in enumerate(tables):
            yield _Sheet(f"{page} {place + 1}", section, piece.title, table)
        if section.figures is not None:
            yield _Sheet(f"{page}, all figures", section, section.answer, section.figures)


def _names(sections: Sequence[Section]) -> list[str]:
    """The name of each section's sheets; of several of one page, with a letter."""
    names = [SECTIONS[section.page] for section in sections]
    return [
        name
        if names.count(name) == 1
        else f"{name} {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[names[:place].count(name)]}"
        for place, name in enumerate(names)
    ]


def _words(
    sheet: Any, row: int, place: int, words: str, form: Any, letters: float, size: int = 10
) -> int:
    """Write words into a cell of so many letters, its row as high as they need; the row after it."""
    sheet.write_string(row, place, legible(words), form)
    sheet.set_row(row, _height(words, letters, size))
    return row + 1


def _height(words: str, letters: float, size: int = 10) -> float:
    """Of a row of words, in points: programs other than Excel fit none by themselves."""
    lines = len(textwrap.wrap(words, max(8, int(letters * 10.5 / size)))) or 1
    return lines * size * 1.32 + 2


def _contents(book: Any, document: Document, sheets: Sequence[_Sheet], style: _Style) -> None:
    """The first sheet: what each question is answered, and where its tables are."""
    sheet = book.add_worksheet("Contents")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, legible(document.title), style.plain_title)
    sheet.write_string(1, 0, document.mark, style.mark)
    sheet.write_string(2, 0, document.provenance, style.plain_muted)
    row = 4
    for section in document.sections:
        sheet.write_string(row, 0, legible(SECTIONS[section.page]), style.question)
        row = _words(sheet, row, 1, section.question, style.question, 110, 11)
        for words in (section.answer, section.limits, "; ".join(section.marks)):
            if words:
                row = _words(sheet, row, 1, words, style.words, 110)
        for words in filter(None, (section.sources, section.code)):
            row = _words(sheet, row, 1, words, style.muted, 110)
        for item in sheets:
            if item.section is section:
                sheet.write_url(row, 0, f"internal:'{item.name}'!A1", style.link, item.name)
                row = _words(sheet, row, 1, item.title, style.words, 110)
        row += 1
    _on_paper(sheet, document, 1)


def _table(book: Any, document: Document, item: _Sheet, style: _Style) -> None:
    sheet = book.add_worksheet(item.name)
    sheet.hide_gridlines(2)
    table = item.table
    widths, wrapped = [], []
    for place, column in enumerate(table.columns):
        values = table.rows[column.name]
        longest = max([len(_as_words(value)) for value in values.head(400)] or [0])
        wraps = column.form is Form.TEXT and longest > WIDEST
        least = max(NARROWEST, longest, min(len(column.heading), 14)) + 2
        widths.append(min(WIDEST, least))
        sheet.set_column(place, place, widths[place])
        sheet.write_string(HEAD, place, legible(column.heading), style.head(column.form))
        for row, value in enumerate(values, HEAD + 1):
            _write(sheet, row, place, value, style, column.form, wraps=wraps)
        if wraps:
            wrapped.append(values)
    for row in range(len(table.rows)):
        if wrapped:
            height = max(_height(_as_words(values.iloc[row]), WIDEST) for values in wrapped)
            sheet.set_row(HEAD + 1 + row, height)
    while sum(widths) < SHORTEST:  # room for the title beside a narrow table
        widths.append(NARROWEST)
        sheet.set_column(len(widths) - 1, len(widths) - 1, NARROWEST)
    under = item.section.basis
    letters, across = 0, 0
    while letters < SHORTEST:
        letters, across = letters + widths[across], across + 1
    for row, words, form, size in (
        (0, item.title, style.title, 13),
        (1, under, style.muted, 10),
        (2, document.mark, style.mark, 10),
    ):
        if across > 1:
            sheet.merge_range(row, 0, row, across - 1, "", form)
        _words(sheet, row, 0, words, form, letters, size)
    sheet.set_row(HEAD, 32)
    sheet.freeze_panes(HEAD + 1, 1)
    if len(table.rows):
        sheet.autofilter(HEAD, 0, HEAD + len(table.rows), len(table.columns) - 1)
    _on_paper(sheet, document, HEAD + 1)


def _write(
    sheet: Any, row: int, place: int, value: Any, style: _Style, form: Form, *, wraps: bool = False
) -> None:
    """One cell: a number stays one, and words are words whatever they begin with."""
    cell = style.cell(form, wraps=wraps)
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        sheet.write_blank(row, place, None, cell)
    elif isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        sheet.write_string(row, place, "yes" if value else "no", cell)
    elif isinstance(value, pd.Timestamp) or form is Form.DAY:
        sheet.write_datetime(row, place, pd.Timestamp(value).to_pydatetime(), cell)
    elif pd.api.types.is_number(value):
        sheet.write_number(row, place, float(cast(float, value)), cell)
    else:
        words = legible(str(value))
        marked = style.cell(form, wraps=wraps, words=True) if is_formula(words) else cell
        sheet.write_string(row, place, words, marked)


def _as_words(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return "30 Nov 2026"
    if pd.api.types.is_float(value):
        return f"{value:.2f}"
    return str(value)


def _on_paper(sheet: Any, document: Document, heads: int) -> None:
    """How it prints: A4 across, its heads on every page, data and day at the foot."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, heads - 1)
    foot = "; ".join(filter(None, [document.mark, document.provenance])).replace("&", "&&")
    sheet.set_footer(f"&L&8{foot}&R&8&P of &N")


def _provenance(book: Any, document: Document, style: _Style) -> None:
    """Which files the figures of each question come from."""
    sheet = book.add_worksheet("Provenance")
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, "Where the figures come from", style.plain_title)
    sheet.write_string(1, 0, document.provenance, style.plain_muted)
    sheet.write_string(2, 0, document.mark, style.mark)
    columns = document.sections[0].files.columns if document.sections else ()
    for place, heading in enumerate(["Question", *(column.heading for column in columns)]):
        sheet.write_string(HEAD, place, heading, style.head())
        sheet.set_column(place, place, _OF_FILES[place])
    row = HEAD + 1
    for section in document.sections:
        for values in section.files.rows[[column.name for column in columns]].itertuples(
            index=False
        ):
            sheet.write_string(row, 0, SECTIONS[section.page], style.cell(Form.TEXT))
            for place, (column, value) in enumerate(zip(columns, values, strict=True), 1):
                _write(sheet, row, place, value, style, column.form)
            row += 1
    sheet.freeze_panes(HEAD + 1, 0)
    _on_paper(sheet, document, HEAD + 1)


def _methods(book: Any, document: Document, style: _Style) -> None:
    """How each question is worked out, and what to bear in mind."""
    sheet = book.add_worksheet("Methods")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 112)
    sheet.write_string(0, 0, "How it is worked out, and what to bear in mind", style.plain_title)
    row = 2
    for section in document.sections:
        if not (section.cautions or section.method):
            continue
        row = _words(sheet, row, 0, section.question, style.question, 112, 11)
        for words in (*section.cautions, *map(plain, section.method)):
            row = _words(sheet, row, 0, words, style.words, 112)
        row += 1
    _on_paper(sheet, document, 1)
