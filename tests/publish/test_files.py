"""Every kind of file shows the figures of its document, says what it is, and nothing else leaves."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from html import unescape

import docx
import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from pxcore.charts.theme import LIGHT
from pxcore.disclosure import Released
from pxcore.errors import PxError
from pxcore.model import Disclosure, Pairing, Scope
from pxcore.publish import powerpoint
from pxcore.publish.asking import section
from pxcore.publish.cells import rows as rows_written
from pxcore.publish.document import Column, Document, Form, Kind, Piece, Table
from pxcore.publish.files import KINDS
from pxcore.publish.page_names import PAGES
from pxcore.publish.reports import Reports
from pxcore.publish.view import View, to_plain, view_of
from pxcore.store import Store
from tests.publish.documents import GP, MARK, VIEW, tables, text_of, whole
from tests.store.loads import extract, fft, provider, response, survey

WRITERS = {kind.ending: kind.write for kind in KINDS}


@pytest.fixture(scope="module")
def made(demonstration: Store) -> Document:
    return whole(demonstration)


@pytest.fixture(scope="module")
def files(made: Document) -> dict[str, bytes]:
    return {ending: write(made) for ending, write in WRITERS.items()}


def test_every_page_is_a_section_with_an_answer_pictures_and_files(made: Document) -> None:
    assert [part.page for part in made.sections] == list(PAGES)
    for part in made.sections:
        assert part.answer, part.page
        assert part.method, part.page
        assert part.sources, part.page
        assert len(part.files.rows), part.page
        assert any(piece.picture for piece in part.pieces), part.page
        assert all(piece.alt for piece in part.pieces if piece.picture), part.page


@pytest.mark.parametrize("ending", WRITERS)
def test_every_file_says_what_it_is(files: dict[str, bytes], made: Document, ending: str) -> None:
    words = text_of(files[ending])
    assert MARK in words
    assert made.provenance in words
    for part in made.sections:
        assert part.answer in words.replace("\n", " ") or part.answer in words, part.page
        assert part.files.rows["file_name"].iloc[0] in words, part.page


def test_the_workbook_has_every_figure(files: dict[str, bytes], made: Document) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    sheets = [
        book[name] for name in book.sheetnames if name not in ("Contents", "Provenance", "Methods")
    ]
    listed = list(tables(made))
    assert len(sheets) == len(listed)
    for sheet, (page, table) in zip(sheets, listed, strict=True):
        assert sheet.title.startswith(PAGES[page])
        assert sheet.freeze_panes == "B6"
        head, *rows = sheet.iter_rows(min_row=5, values_only=True)
        assert list(head[: len(table.columns)]) == [column.heading for column in table.columns]
        assert len(rows) == len(table.rows)
        for place, column in enumerate(table.columns):
            for shown, meant in zip(
                (row[place] for row in rows), table.rows[column.name], strict=True
            ):
                if isinstance(meant, str):
                    assert (shown or "") == meant
                elif pd.isna(meant):
                    assert shown is None
                elif pd.api.types.is_bool(meant):
                    assert shown == ("yes" if meant else "no")
                elif pd.api.types.is_number(meant):
                    assert shown == pytest.approx(float(meant))


def test_the_slides_charts_have_the_figures_and_their_ranges(
    files: dict[str, bytes], made: Document
) -> None:
    deck = Presentation(io.BytesIO(files["pptx"]))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    natives = [piece.native for part in made.sections for piece in part.pieces if piece.native]
    assert len(charts) == len(natives) > 6
    for chart, native in zip(charts, natives, strict=True):
        shown = [
            value
            for series in chart.plots[0].series
            for value in series.values
            if value is not None
        ]
        column = native.y if native.kind is Kind.POINTS else native.x
        for value in shown[: -2 if native.kind is Kind.POINTS else None]:
            assert any(abs(value - meant) < 1e-9 for meant in native.rows[column].dropna())
        if native.kind is not Kind.RANGES:
            continue
        for series in chart.plots[0].series:
            bars = series._element.find(qn("c:errBars"))
            assert bars.find(qn("c:errValType")).get("val") == "cust"
            plus = [float(v.text) for v in bars.find(qn("c:plus")).iter(qn("c:v"))]
            minus = [float(v.text) for v in bars.find(qn("c:minus")).iter(qn("c:v"))]
            for middle, below, above in zip(series.values, minus, plus, strict=True):
                if middle is not None:
                    rows = native.rows[(native.rows[native.x] - middle).abs() < 1e-9]
                    assert any(abs(middle - below - low) < 1e-9 for low in rows[native.low])
                    assert any(abs(middle + above - high) < 1e-9 for high in rows[native.high])


def test_a_slide_is_one_message_with_its_method_in_the_notes(
    files: dict[str, bytes], made: Document
) -> None:
    deck = Presentation(io.BytesIO(files["pptx"]))
    slides = list(deck.slides)
    assert len(slides) == 1 + sum(len(part.pieces) for part in made.sections)
    for slide in slides[1:]:
        assert slide.shapes.title.text
        notes = slide.notes_slide.notes_text_frame.text
        assert "How it is worked out:" in notes
        assert made.provenance in notes
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == 13:  # a picture
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr"), slide.shapes.title.text


def test_the_report_has_pictures_with_words_a_note_each_and_the_tables(
    files: dict[str, bytes], made: Document
) -> None:
    report = docx.Document(io.BytesIO(files["docx"]))
    pictures = [piece for part in made.sections for piece in part.pieces if piece.picture]
    assert len(report.inline_shapes) == len(pictures)
    assert all(shape._inline.docPr.get("descr") for shape in report.inline_shapes)
    words = text_of(files["docx"])
    assert words.count("Analyst’s note:") == len(pictures)
    for part in made.sections:
        for piece in part.pieces:
            if piece.table is not None:
                for row in rows_written(piece.table, 20):
                    assert all(cell in words for cell in row)


def test_the_page_needs_no_network_and_is_small(files: dict[str, bytes], made: Document) -> None:
    content = files["html"]
    assert len(content) < 2_000_000
    page = content.decode("utf-8")
    own = re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    assert not re.findall(r"(?:src|href)=[\"']?https?:", own)
    assert "default-src 'none'" in own
    for part in made.sections:
        for piece in part.pieces:
            if piece.table is not None:
                words = text_of(content)
                assert all(cell in words for row in rows_written(piece.table) for cell in row)


def test_every_chart_of_the_page_has_its_words_and_its_figures(
    files: dict[str, bytes], made: Document
) -> None:
    """Whoever does not see a chart reads what it says, and what it is drawn from."""
    page = files["html"].decode("utf-8")
    charts = re.findall(r'<figure><div class="picture" role="img" aria-label="([^"]*)"', page)
    drawn = [piece for part in made.sections for piece in part.pieces if piece.picture is not None]
    assert [unescape(words) for words in charts] == [piece.alt for piece in drawn]
    assert min(map(len, charts)) > 60
    after = page.split("<figure>")[1:]
    for piece, content in zip(drawn, after, strict=True):
        table = content.partition("</figure>")[2].partition("<table>")[2]
        assert table.startswith("<thead>"), piece.title
        if piece.table is None:
            assert content.partition("</figure>")[2].startswith('<details class="figures">')
    assert "The first 150 of 356; all are in the workbook." in page  # months of coverage


def test_a_cell_that_looks_like_a_formula_is_words_in_every_file(made: Document) -> None:
    rows = Released(
        {"name": ["=1+1", '=HYPERLINK("http://x","y")', "+44", "@SUM(A1)"], "n": [-0.3, 1, 2, 3]}
    )
    table = Table(rows, (Column("name", "=Name"), Column("n", "Figure", Form.DECIMAL)))
    part = replace(made.sections[0], pieces=(Piece("=2+2", ("=3+3",), table=table),))
    book = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](replace(made, sections=(part,)))))
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    sheet = book["Overview 1"]
    marked = [sheet.cell(6 + place, 1) for place in range(4)]
    assert [cell.value for cell in marked] == rows["name"].tolist()
    assert all(cell.quotePrefix for cell in marked if cell.value != "+44")
    assert sheet.cell(6, 2).value == -0.3


def test_what_a_file_cannot_hold_does_not_stop_it(made: Document) -> None:
    strange = "a\x00b\x0bc\ud800 <b>&amp;</b>"
    rows = Released({"name": [strange]})
    piece = Piece(strange, (strange,), table=Table(rows, (Column("name", strange),)))
    part = replace(made.sections[0], pieces=(piece,), answer=strange, cautions=(strange,))
    for write in WRITERS.values():
        assert "<b>" in text_of(write(replace(made, sections=(part,), title=strange)))


def few(store: Store) -> Store:
    """Twelve practices, of which one heard four people alone, and one three."""
    people = [f"P-{n}" for n in range(12) for _ in range({3: 4, 5: 3}.get(n, 40))]
    said = [response(n, provider=code, positive=n % 4 > 0) for n, code in enumerate(people)]
    store.commit(
        [
            extract(provider=[provider(f"P-{n}", name=f"Practice {n:02}x") for n in range(12)]),
            extract(response=[row for row, _ in said], answer=[answer for _, answer in said]),
            extract(
                survey_fact=[survey(f"P-{n}", 0.5 + n / 40) for n in range(12)],
                fft_fact=[fft(f"P-{n}", 40 + n, 60) for n in range(12)],
            ),
        ]
    )
    return store


def test_what_the_page_withholds_no_file_shows(store: Store) -> None:
    local = View("", Scope.of(Pairing("fft_local", "gp_survey")), unit="P-3")
    document = whole(
        few(store), local, ("overview", "divergence", "agreement", "provider", "groups")
    )
    counts = ("respondents", "people", "answers", "positive", "left_respondents", "left_positive")
    seen = 0
    for page, table in tables(document):
        rows = table.rows
        for name in counts:
            if name in rows and rows[name].dtype.kind == "f":
                assert not rows[name].between(0.5, 4.5).any(), (page, name)
                seen += rows[name].notna().sum()
    assert seen > 20
    for ending, write in WRITERS.items():
        words = text_of(write(document))
        assert "Practice 04x" in words, ending
        assert not re.search(r"Practice 0[35]x[^\n]*\b[34] answers\b", words), ending
        assert not re.search(r"(?<![\d,])[34] answers", words), ending


def test_two_sources_that_are_not_set_side_by_side_leave_with_why(demonstration: Store) -> None:
    apart = View("divergence", Scope.of(Pairing("cqc_inpatient", "gp_survey")))
    made = section(apart, Reports(demonstration), LIGHT)
    assert (made.pieces, made.figures) == ((), None)
    assert made.answer


def test_nothing_leaves_while_exact_figures_are_on(demonstration: Store) -> None:
    exact = replace(
        VIEW, page="overview", scope=Scope.of(replace(GP, disclosure=Disclosure(exact=True)))
    )
    with pytest.raises(PxError, match="Nothing leaves"):
        section(exact, Reports(demonstration), LIGHT)


def test_only_what_is_released_is_published() -> None:
    with pytest.raises(TypeError, match="released"):
        Table(pd.DataFrame({"name": ["a"]}), (Column("name", "Name"),))  # type: ignore[arg-type]
    with pytest.raises(KeyError, match="gone"):
        Table(Released({"name": ["a"]}), (Column("gone", "Name"),))


def test_an_organisations_own_template_gives_the_look(made: Document) -> None:
    own = Presentation()
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text = "A slide of theirs"
    held = io.BytesIO()
    own.save(held)
    held.seek(0)
    one = replace(made, sections=made.sections[:1])
    deck = Presentation(io.BytesIO(powerpoint.presentation(one, held)))
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert "A slide of theirs" not in titles
    assert titles[0] == made.title
    assert deck.slide_width == own.slide_width
    assert {slide.slide_layout.name for slide in deck.slides} == {"Title Slide", "Title Only"}
    with pytest.raises(PxError, match="cannot be read"):
        powerpoint.presentation(one, io.BytesIO(b"no presentation"))


def test_a_view_is_the_same_after_json() -> None:
    assert view_of(to_plain(VIEW)) == VIEW
    dated = replace(VIEW, themes=replace(VIEW.themes, left="a"), scope=Scope(GP, (("a", "b"),)))
    assert view_of(to_plain(dated)) == dated
    assert to_plain(date(2026, 1, 2)) == "2026-01-02"
    with pytest.raises(KeyError, match="unknown"):
        view_of(to_plain(VIEW) | {"colour": "red"})
    with pytest.raises(TypeError, match="pairing"):
        view_of({"page": "overview"})
    with pytest.raises(TypeError, match="scope"):
        view_of(to_plain(VIEW) | {"scope": {"pairing": to_plain(GP)}})
