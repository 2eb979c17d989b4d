"""A document as a report in Word: answers, pictures with room for the analyst's own note, tables, caveats."""

from __future__ import annotations

import io
from typing import Any

import docx
import pandas as pd
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from pxcore.disclosure import Released
from pxcore.publish.cells import rows as rows_written
from pxcore.publish.document import Document, Form, Piece, Section, Table, headed, plain
from pxcore.publish.picture import framed, png
from pxcore.publish.safe import legible
from pxcore.words.columns import Column

FAMILY = "Arial"
PAPER = (Cm(21), Cm(29.7))
MARGIN = Cm(2)
WIDTH = Emu(PAPER[0] - 2 * MARGIN)
MOST_ROWS = 40  # of a table; the workbook has them all
MOST_WHOLE = 20  # rows of a table that is not parted between pages
TALLEST = Cm(15)  # of a picture
NOTE = "Analyst’s note:"
FINGERPRINT = 12  # letters that tell files apart
_FILES = headed(
    *(Column.of("title", "source", share=1.3), Column.of("file_name", share=1.75)),
    Column.of("loaded_at", title="Loaded", share=1),
    Column.of("sha256", title="Fingerprint", share=0.9),
)


def report(document: Document) -> bytes:
    """The bytes of a .docx file."""
    written = _Report(document)
    written.title()
    for place, section in enumerate(document.sections):
        written.section(section, first=place == 0)
    written.appendix()
    content = io.BytesIO()
    written.file.save(content)
    return content.getvalue()


class _Report:
    """The file as it grows."""

    def __init__(self, document: Document) -> None:
        self.document, self.palette = document, document.palette
        self.file: Any = docx.Document()
        self.file.core_properties.title = legible(document.title)
        self.file.core_properties.comments = "; ".join(
            filter(None, [document.mark, document.provenance])
        )
        self._look()
        self._head_and_foot()

    def _look(self) -> None:
        """A4 upright, one family of letters, headings in the colours of the screen."""
        page = self.file.sections[0]
        page.orientation, page.page_width, page.page_height = WD_ORIENT.PORTRAIT, *PAPER
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
        styles = self.file.styles
        for name, size, colour, before in (
            ("Normal", 10.5, self.palette.text, 0),
            ("Footer", 8.5, self.palette.muted, 0),  # the number of the page, too
            ("Title", 26, self.palette.survey, 0),
            ("Heading 1", 18, self.palette.survey, 18),
            ("Heading 2", 12.5, self.palette.text, 14),
            ("List Bullet", 10.5, self.palette.text, 0),
        ):
            style = styles[name]
            style.font.name, style.font.size = FAMILY, Pt(size)
            style.font.color.rgb = _colour(colour)
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FAMILY)
            for name_of_theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                style.element.rPr.rFonts.attrib.pop(qn(name_of_theme), None)
            style.paragraph_format.space_before, style.paragraph_format.space_after = (
                Pt(before),
                Pt(5),
            )
        for name in ("Title", "Heading 1", "Heading 2"):
            styles[name].font.bold = True
        for border in styles["Title"].element.iter(qn("w:pBdr")):
            border.getparent().remove(border)

    def _head_and_foot(self) -> None:
        """That nothing is real where it is not, which data, and the page, on every page."""
        page = self.file.sections[0]
        if self.document.mark:
            self._small(
                page.header.paragraphs[0], self.document.mark, self.palette.concern, bold=True
            )
        foot = page.footer.paragraphs[0]
        self._small(foot, f"{self.document.provenance} · page ", self.palette.muted)
        run = foot.add_run()
        run.font.size, run.font.color.rgb = Pt(8.5), _colour(self.palette.muted)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            part = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                part.set(qn("w:fldCharType"), kind)
            else:
                part.text = text
            run._r.append(part)

    def _small(self, paragraph: Any, words: str, colour: str, *, bold: bool = False) -> None:
        run = paragraph.add_run(legible(words))
        run.font.size, run.font.bold, run.font.color.rgb = Pt(8.5), bold, _colour(colour)

    def title(self) -> None:
        self.file.add_paragraph(legible(self.document.title), style="Title")

    def section(self, section: Section, *, first: bool) -> None:
        """One question: its answer, the pieces that show it, what to bear in mind."""
        heading = self.file.add_heading(legible(section.question), 1)
        heading.paragraph_format.page_break_before = not first
        answer = self.file.add_paragraph()
        run = answer.add_run(legible(section.answer))
        run.font.size, run.font.bold = Pt(13), True
        for words in (section.limits, section.basis):
            if words:
                self._muted(words)
        for piece in section.pieces:
            self._piece(piece, section)
        self._listed("To bear in mind", section.cautions)

    def appendix(self) -> None:
        """How everything is worked out, and each file once."""
        heading = self.file.add_heading("How it is worked out", 1)
        heading.paragraph_format.page_break_before = True
        for section in filter(_has_method, self.document.sections):
            self.file.add_heading(legible(section.question), 2)
            for words in section.method:
                self.file.add_paragraph(legible(plain(words)))
        self.file.add_heading("Where the figures come from", 1)
        self._muted(f"{self.document.provenance}. A fingerprint begins the file’s SHA-256.")
        files = pd.concat([section.files.rows for section in self.document.sections])
        files = files.drop_duplicates("extract").sort_values(["title", "file_name"])
        files = files.assign(sha256=files["sha256"].str[:FINGERPRINT])
        self._table(Table(Released(files), _FILES), len(files))

    def _muted(self, words: str) -> None:
        run = self.file.add_paragraph().add_run(legible(words))
        run.font.color.rgb = _colour(self.palette.muted)

    def _listed(self, heading: str, sentences: Any) -> None:
        if sentences:
            self.file.add_heading(heading, 2)
            for words in sentences:
                self.file.add_paragraph(legible(words), style="List Bullet")

    def _piece(self, piece: Piece, section: Section) -> None:
        if piece.title != section.answer:
            self.file.add_heading(legible(piece.title), 2)
        for line in piece.lines:
            if line not in (piece.title, section.answer):
                self.file.add_paragraph(legible(line), style="List Bullet")
        if piece.picture is not None:
            self._picture(piece)
            self._code(section)
            self._note()
        if piece.table is not None:
            self._table(piece.table)
            self._code(section)

    def _code(self, section: Section) -> None:
        """What calls a picture or a table back, small below it."""
        if section.code:
            self._small(self.file.add_paragraph(), section.code, self.palette.muted)

    def _picture(self, piece: Piece) -> None:
        assert piece.picture is not None
        drawn = io.BytesIO(png(framed(piece.picture, None, self.palette)))
        shape = self.file.add_picture(drawn, width=WIDTH)
        if shape.height > TALLEST:
            shape.width, shape.height = Emu(int(shape.width * TALLEST / shape.height)), TALLEST
        shape._inline.docPr.set("descr", legible(piece.alt or piece.title))
        self.file.paragraphs[-1].paragraph_format.keep_with_next = True

    def _table(self, table: Table, most: int = MOST_ROWS) -> None:
        rows = rows_written(table, most)
        grid = self.file.add_table(rows=1 + len(rows), cols=len(table.columns))
        grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        shares = [column.share for column in table.columns]
        widths = [Emu(int(WIDTH * share / sum(shares))) for share in shares]
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = width
        heads = [column.heading for column in table.columns]
        size = 9 if len(heads) < 6 else 8
        # by rows of the grid, not by cells: asking the grid for each takes the square of their number
        for number, (row, words_of) in enumerate(zip(grid.rows, [heads, *rows], strict=True)):
            for cell, words, column, width in zip(
                row.cells, words_of, table.columns, widths, strict=True
            ):
                cell.width = width
                self._cell(cell, words, column.form, size, head=number == 0, bold=column.names_rows)
            _never_broken(row, head=number == 0)
            if number < len(rows) <= MOST_WHOLE:  # a short table stays on one page
                row.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
        if len(rows) < len(table.rows):
            self._muted(f"The first {len(rows):,} of {len(table.rows):,}; all are in the workbook.")

    def _cell(
        self, cell: Any, words: str, form: Form, size: float, *, head: bool, bold: bool = False
    ) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        run = paragraph.add_run(legible(words))
        run.font.size, run.font.bold = Pt(size), head or bold
        if form is not Form.TEXT:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if head:
            run.font.color.rgb = _colour(self.palette.ground)
            _shade(cell, self.palette.survey)
        _line_below(cell, self.palette.line)

    def _note(self) -> None:
        """Room for the words of whoever hands the report on, beside each figure."""
        cell = self.file.add_table(rows=1, cols=1).rows[0].cells[0]
        cell.width = WIDTH
        _shade(cell, self.palette.panel)
        run = cell.paragraphs[0].add_run(f"{NOTE} ")
        run.font.size, run.font.bold = Pt(9), True
        run.font.color.rgb = _colour(self.palette.muted)
        cell.add_paragraph()
        self.file.add_paragraph().paragraph_format.space_after = Pt(2)


def _has_method(section: Section) -> bool:
    return bool(section.method)


def _colour(code: str) -> Any:
    return RGBColor.from_string(code.removeprefix("#"))


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.removeprefix("#"))):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _line_below(cell: Any, colour: str) -> None:
    borders, line = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("color", colour.removeprefix("#"))):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = cell._tc.get_or_add_tcPr()
    shade = properties.find(qn("w:shd"))
    if shade is None:
        properties.append(borders)
    else:  # the schema has borders before shades
        shade.addprevious(borders)


def _never_broken(row: Any, *, head: bool) -> None:
    """A row stays on one page; the headings are repeated on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
