"""A document as slides: one message each, its sentence as title; charts and tables that can be edited.

The look is that of `_house`, or of an organisation's own template: its first layout with a centred title
opens, its layout with a title alone carries every message.
"""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import IO, Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from pxcore.charts.theme import Palette
from pxcore.errors import PxError
from pxcore.publish import native
from pxcore.publish.cells import rows as rows_written
from pxcore.publish.document import Document, Form, Piece, Section, Table, plain
from pxcore.publish.picture import framed, png
from pxcore.publish.safe import legible

FAMILY = "Arial"
WIDE = (Inches(13.333), Inches(7.5))
MARGIN = Inches(0.6)
FOOT = Inches(0.45)
GAP = Inches(0.35)
TITLES = (26, 24, 22, 20, 18, 16, 14, 12)  # points, the largest first
BOLD = 0.56  # width of a letter of a title, in its own height
ON_SLIDE = 560  # pixels of a plot that is shown as a picture: its words stay readable
CELLS = (14, 12, 10.5)  # points of a table's words: the largest in which all rows find room
BELOW = Inches(0.55)  # a table, for how many rows there are in all
MOST_LINES = 5  # beside a picture


def presentation(document: Document, template: Path | IO[bytes] | None = None) -> bytes:
    """The bytes of a .pptx file.

    Parameters
    ----------
    template : an organisation's own .pptx or .potx; its slides are left out.

    Raises
    ------
    PxError : the template cannot be read, or has no layout with a title.
    """
    slides = _Slides(document, template)
    slides.opening()
    for section in document.sections:
        for piece in section.pieces:
            slides.message(section, piece)
        if not section.pieces:
            slides.message(section, Piece(section.answer, (section.limits,)))
    content = io.BytesIO()
    slides.deck.save(content)
    return content.getvalue()


class _Slides:
    """The deck as it grows."""

    def __init__(self, document: Document, template: Path | IO[bytes] | None) -> None:
        self.document, self.palette = document, document.palette
        self.deck = _house(document.palette) if template is None else _own(template)
        self.deck.core_properties.title = legible(document.title)
        self.deck.core_properties.comments = "; ".join(
            filter(None, [document.mark, document.provenance])
        )
        layouts = list(self.deck.slide_layouts)
        titled = [layout for layout in layouts if _title_of(layout) is not None]
        if not titled:
            raise PxError(
                "The template has no layout with a title.",
                fix="Use a template with a layout ‘Title Only’, or none.",
            )
        self.cover = next((layout for layout in titled if _is_cover(layout)), titled[0])
        self.plain = min(titled, key=lambda layout: (_is_cover(layout), len(layout.placeholders)))

    def opening(self) -> None:
        """What it is about, its first answer, and that nothing is real where it is not."""
        slide = self.deck.slides.add_slide(self.cover)
        slide.shapes.title.text = legible(self.document.title)
        first = self.document.sections[0]
        under = [first.answer, *(filter(None, [self.document.mark])), self.document.provenance]
        subtitle = next(
            (shape for shape in slide.placeholders if shape.placeholder_format.idx == 1), None
        )
        if subtitle is not None:
            _say(subtitle.text_frame, under, Pt(16), self.palette.muted)
            subtitle.text_frame.paragraphs[0].runs[0].font.color.rgb = native.colour(
                self.palette.text
            )
            subtitle.text_frame.paragraphs[0].runs[0].font.size = Pt(20)
            subtitle.text_frame.paragraphs[0].space_after = Pt(24)
        _drop_empty(slide)
        self._notes(slide, first, first.pieces[0] if first.pieces else None)

    def message(self, section: Section, piece: Piece) -> None:
        """A slide of one message: a picture with what to notice beside it, or a table."""
        slide = self.deck.slides.add_slide(self.plain)
        self._title(slide, piece.title)
        _drop_empty(slide)
        self._kicker(slide, section)
        left, top, width, height = self._body(slide)
        if piece.native is not None or piece.picture is not None:
            beside = [line for line in piece.lines if line != piece.title][:MOST_LINES]
            drawn = Emu(int(width * 0.66)) if beside else width
            self._picture(slide, piece, (left, top, drawn, height))
            if beside:
                at = Emu(left + drawn + GAP)
                self._lines(slide, beside, (at, top, Emu(left + width - at), height))
        elif piece.table is not None:
            lines = list(piece.lines)[:2]
            room = self._lines(slide, lines, (left, top, width, Emu(Inches(0.7)))) if lines else 0
            self._table(
                slide, piece.table, (left, Emu(top + room), width, Emu(height - room)), piece.title
            )
        else:
            self._lines(slide, piece.lines, (left, top, width, height), Pt(18))
        self._foot(slide, section)
        self._notes(slide, section, piece)

    def _title(self, slide: Any, sentence: str) -> None:
        """The sentence, as large as two lines allow."""
        words = sentence.removesuffix(".") if sentence.count(". ") == 0 else sentence
        slide.shapes.title.text = legible(words)
        room = slide.shapes.title.width.pt
        fits = [
            size for size in TITLES if len(textwrap.wrap(words, int(room / (size * BOLD)))) <= 2
        ]
        for paragraph in slide.shapes.title.text_frame.paragraphs:
            for run in paragraph.runs:
                run.font.size = Pt(fits[0] if fits else TITLES[-1])

    def _kicker(self, slide: Any, section: Section) -> None:
        """Which question it answers, small above the title."""
        top = slide.shapes.title.top
        box = slide.shapes.add_textbox(
            MARGIN, Emu(max(0, top - Inches(0.26))), Inches(9), Inches(0.28)
        )
        _say(box.text_frame, [section.question], Pt(11), self.palette.survey, bold=True)
        if self.document.mark:
            width = Inches(3.6)
            left = Emu(self.deck.slide_width - MARGIN - width)
            above = Emu(max(0, top - Inches(0.26)))
            pill = slide.shapes.add_textbox(left, above, width, Inches(0.28))
            _say(pill.text_frame, [self.document.mark], Pt(10), self.palette.concern, bold=True)
            pill.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT

    def _body(self, slide: Any) -> native.Box:
        """The room below the title and above the foot."""
        title = slide.shapes.title
        top = Emu(title.top + title.height + Inches(0.12))
        bottom = Emu(self.deck.slide_height - FOOT - Inches(0.2))
        return Emu(MARGIN), top, Emu(self.deck.slide_width - 2 * MARGIN), Emu(bottom - top)

    def _picture(self, slide: Any, piece: Piece, box: native.Box) -> None:
        """A chart of the program's own where it can draw it; else the picture as it is on screen."""
        if piece.native is not None:
            native.draw(slide, piece.native, box, self.palette, piece.alt or piece.title)
            return
        assert piece.picture is not None
        left, top, width, height = box
        drawn = io.BytesIO(png(framed(piece.picture, None, self.palette, ON_SLIDE)))
        shape = slide.shapes.add_picture(drawn, left, top)
        scale = min(width / shape.width, height / shape.height)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
        shape._element.nvPicPr.cNvPr.set("descr", legible(piece.alt or piece.title))

    def _lines(self, slide: Any, lines: Any, box: native.Box, size: Pt | None = None) -> int:
        """Sentences one below the other; the height they take."""
        left, top, width, height = box
        letters = sum(map(len, lines))
        size = size or Pt(14 if letters < 420 else 12 if letters < 700 else 10.5)
        shape = slide.shapes.add_textbox(left, top, width, height)
        _say(shape.text_frame, list(lines), size, self.palette.text)
        for paragraph in shape.text_frame.paragraphs:
            paragraph.space_after = Pt(size.pt * 0.6)
        per_line = max(10, int(width / size * 2))
        return int(sum(len(textwrap.wrap(line, per_line)) * 1.3 + 0.6 for line in lines) * size)

    def _table(self, slide: Any, table: Table, box: native.Box, alt: str) -> None:
        """As many rows as there is room for; how many there are in all stands below."""
        left, top, width, height = box
        rows = rows_written(table)
        shares = [column.share for column in table.columns]
        widths = [int(width * share / sum(shares)) for share in shares]
        heads = [column.heading for column in table.columns]
        for size in CELLS:
            letters = [max(6, int((Emu(inches).pt - 10) / (size * 0.53))) for inches in widths]
            heights = [
                int(_lines_of(row, letters) * Pt(size * 1.25) + Pt(11)) for row in [heads, *rows]
            ]
            if sum(heights) <= height - BELOW:
                break
        shown, used = 0, heights[0]
        while shown < len(rows) and used + heights[shown + 1] <= height - BELOW:
            shown, used = shown + 1, used + heights[shown + 1]
        frame = slide.shapes.add_table(shown + 1, len(widths), left, top, width, Emu(int(used)))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", legible(alt))
        grid = frame.table
        _plain_style(grid)
        for place, inches in enumerate(widths):
            grid.columns[place].width = Emu(inches)
        for place, column in enumerate(table.columns):
            _cell(grid.cell(0, place), column.heading, column.form, size, self.palette, head=True)
        grid.rows[0].height = Emu(heights[0])
        for number, row in enumerate(rows[:shown], 1):
            grid.rows[number].height = Emu(heights[number])
            for place, (words, column) in enumerate(zip(row, table.columns, strict=True)):
                _cell(grid.cell(number, place), words, column.form, size, self.palette)
        if shown < len(rows):
            at = Emu(int(top + height - Inches(0.22)))
            box_below = slide.shapes.add_textbox(left, at, width, Inches(0.25))
            text = f"The first {shown:,} of {len(rows):,}; all are in the workbook."
            _say(box_below.text_frame, [text], Pt(10), self.palette.muted)

    def _foot(self, slide: Any, section: Section) -> None:
        """What it rests on, from which data, and the number of the slide."""
        top = Emu(self.deck.slide_height - FOOT)
        width = Emu(self.deck.slide_width - 2 * MARGIN)
        line = slide.shapes.add_connector(1, MARGIN, top, Emu(MARGIN + width), top)
        line.line.color.rgb, line.line.width = native.colour(self.palette.line), Pt(0.75)
        shape = slide.shapes.add_textbox(MARGIN, top, Emu(int(width * 0.94)), Inches(0.34))
        words = " · ".join(filter(None, [section.basis, self.document.provenance]))
        _say(
            shape.text_frame,
            [words],
            Pt(9 if len(words) < 160 else 8 if len(words) < 185 else 7),
            self.palette.muted,
        )
        number = slide.shapes.add_textbox(
            Emu(MARGIN + int(width * 0.94)), top, Emu(int(width * 0.06)), Inches(0.34)
        )
        _number(number.text_frame, self.palette)

    def _notes(self, slide: Any, section: Section, piece: Piece | None) -> None:
        """Method and provenance, for whoever speaks."""
        files = section.files.rows
        named = [
            f"{title}: {name}"
            for title, name in zip(files["title"], files["file_name"], strict=True)
        ]
        shown = [] if piece is None else [*piece.lines]
        shown += [f"The picture in words: {piece.alt}"] if piece and piece.alt else []
        parts = [
            section.answer,
            section.limits,
            *shown,
            "How it is worked out:",
            *map(plain, section.method),
            *(["To bear in mind:", *section.cautions] if section.cautions else []),
            f"Sources: {section.sources}" if section.sources else "",
            f"Files: {'; '.join(named)}" if named else "",
            f"Code of this view: {section.code}" if section.code else "",
            self.document.provenance,
            self.document.mark,
        ]  # fmt: skip
        slide.notes_slide.notes_text_frame.text = "\n".join(filter(None, map(legible, parts)))


def _lines_of(cells: list[str], letters: list[int]) -> int:
    """Lines of the tallest cell of a row."""
    return max(
        sum(max(1, len(textwrap.wrap(part, width))) for part in (words.split("\n") or [""]))
        for words, width in zip(cells, letters, strict=True)
    )


def _say(frame: Any, lines: list[str], size: Any, code: str, *, bold: bool = False) -> None:
    """Paragraphs of words in one hand."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, words in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = legible(words)
        run.font.size, run.font.name, run.font.bold = size, FAMILY, bold
        run.font.color.rgb = native.colour(code)


def _number(frame: Any, palette: Palette) -> None:
    """The number of the slide, as a field that follows it."""
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    frame.margin_left = frame.margin_right = frame.margin_top = 0
    field = etree.SubElement(
        paragraph._p, qn("a:fld"), id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum"
    )
    properties = etree.SubElement(field, qn("a:rPr"), lang="en-GB", sz="900")
    fill = etree.SubElement(etree.SubElement(properties, qn("a:solidFill")), qn("a:srgbClr"))
    fill.set("val", palette.muted.removeprefix("#"))
    etree.SubElement(field, qn("a:t")).text = "‹#›"


def _plain_style(grid: Any) -> None:
    """No style of the program's own: lines and colours are those of the cells."""
    properties = grid._tbl.tblPr
    properties.find(qn("a:tableStyleId")).text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
    for name in ("bandRow", "firstRow"):
        properties.set(name, "1" if name == "firstRow" else "0")


def _cell(
    cell: Any, words: str, form: Form, size: float, palette: Palette, *, head: bool = False
) -> None:
    cell.margin_left = cell.margin_right = Pt(5)
    cell.margin_top = cell.margin_bottom = Pt(3)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame = cell.text_frame
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    run = paragraph.add_run()
    run.text = legible(words)
    run.font.size, run.font.name, run.font.bold = Pt(size), FAMILY, head
    run.font.color.rgb = native.colour(palette.ground if head else palette.text)
    if form is not Form.TEXT:
        paragraph.alignment = PP_ALIGN.RIGHT
    if head:
        cell.fill.solid()
        cell.fill.fore_color.rgb = native.colour(palette.survey)
    else:
        cell.fill.background()
    properties = cell._tc.get_or_add_tcPr()
    line = etree.Element(qn("a:lnB"), w="6350")
    fill = etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"))
    fill.set("val", palette.line.removeprefix("#"))
    properties.insert(0, line)


# --- Templates ---


def _title_of(layout: Any) -> Any:
    kinds = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    return next((p for p in layout.placeholders if p.placeholder_format.type in kinds), None)


def _is_cover(layout: Any) -> bool:
    title = _title_of(layout)
    return title is not None and title.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE


def _drop_empty(slide: Any) -> None:
    """Placeholders that nothing was put into: they would ask for words."""
    for shape in list(slide.placeholders):
        if shape.has_text_frame and not shape.text_frame.text.strip():
            shape._element.getparent().remove(shape._element)


def _own(template: Path | IO[bytes]) -> Any:
    """An organisation's template, without the slides it may show."""
    try:
        deck = Presentation(str(template) if isinstance(template, Path) else template)
    except Exception as problem:  # whatever a broken package makes the library raise
        raise PxError(
            "The template cannot be read as PowerPoint.",
            fix="Save it in PowerPoint as .pptx and name that file.",
        ) from problem
    listed = deck.slides._sldIdLst
    for entry in list(listed):
        deck.part.drop_rel(entry.rId)
        listed.remove(entry)
    return deck


def _house(palette: Palette) -> Any:
    """Our own look: white ground, a band of the three signals' colours, sentences in bold at the left."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE
    master = deck.slide_master
    _fonts_and_colours(master, palette)
    wanted = ("Title Slide", "Title Only")
    for layout in list(deck.slide_layouts):
        if layout.name not in wanted:
            deck.slide_layouts.remove(layout)
    for shape in list(master.placeholders):
        if shape.placeholder_format.type not in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.BODY):
            shape._element.getparent().remove(shape._element)
    width = Emu(deck.slide_width - 2 * MARGIN)
    for part in (master, *deck.slide_layouts):
        for shape in list(part.placeholders):
            kind = shape.placeholder_format.type
            if kind in (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
                shape._element.getparent().remove(shape._element)
            elif kind == PP_PLACEHOLDER.CENTER_TITLE:
                _place(shape, MARGIN, Inches(1.9), width, Inches(1.3), 40, palette.survey)
            elif kind == PP_PLACEHOLDER.SUBTITLE:
                _place(
                    shape,
                    MARGIN,
                    Inches(3.4),
                    Emu(int(width * 0.82)),
                    Inches(2.6),
                    20,
                    palette.text,
                )
            elif kind == PP_PLACEHOLDER.TITLE:
                _place(shape, MARGIN, Inches(0.62), width, Inches(0.9), 24, palette.text)
    _band(master, deck, palette)
    return deck


def _place(shape: Any, left: Any, top: Any, width: Any, height: Any, size: int, code: str) -> None:
    """Where a placeholder of a layout stands, and the hand its words are in."""
    shape.left, shape.top, shape.width, shape.height = left, top, width, height
    body = shape.text_frame._txBody
    properties = body.find(qn("a:bodyPr"))
    for name in ("lIns", "rIns", "tIns", "bIns"):
        properties.set(name, "0")
    is_subtitle = shape.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE
    properties.set("anchor", "t" if is_subtitle else "b" if size > 30 else "t")
    for child in list(properties):
        properties.remove(child)
    etree.SubElement(properties, qn("a:normAutofit"))
    styles = body.find(qn("a:lstStyle"))
    for child in list(styles):
        styles.remove(child)
    level = etree.SubElement(styles, qn("a:lvl1pPr"), algn="l", marL="0", indent="0")
    spacing = etree.SubElement(etree.SubElement(level, qn("a:lnSpc")), qn("a:spcPct"))
    spacing.set("val", "95000")
    etree.SubElement(level, qn("a:buNone"))
    run = etree.SubElement(level, qn("a:defRPr"), sz=str(size * 100), b="0" if is_subtitle else "1")
    fill = etree.SubElement(etree.SubElement(run, qn("a:solidFill")), qn("a:srgbClr"))
    fill.set("val", code.removeprefix("#"))


def _fonts_and_colours(master: Any, palette: Palette) -> None:
    """The theme that charts and words of the deck take theirs from."""
    part = next(
        relation.target_part
        for relation in master.part.rels.values()
        if relation.reltype.endswith("/theme")
    )
    theme = etree.fromstring(part.blob)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    colours = {
        "dk1": palette.text, "lt1": palette.ground, "dk2": palette.survey, "lt2": palette.panel,
        "accent1": palette.survey, "accent2": palette.fft, "accent3": palette.community,
        "accent4": palette.dissonance, "accent5": palette.agreement, "accent6": palette.common,
        "hlink": palette.survey, "folHlink": palette.muted,
    }  # fmt: skip
    for name, code in colours.items():
        for entry in theme.xpath(f".//a:clrScheme/a:{name}", namespaces=space):
            for child in list(entry):
                entry.remove(child)
            etree.SubElement(entry, qn("a:srgbClr")).set("val", code.removeprefix("#"))
    for font in theme.xpath(".//a:fontScheme/*/a:latin", namespaces=space):
        font.set("typeface", FAMILY)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _band(master: Any, deck: Any, palette: Palette) -> None:
    """A narrow band along the top, in the colours of the three signals."""
    parts = (palette.survey, palette.fft, palette.community)
    ends = [0, int(deck.slide_width * 0.7), int(deck.slide_width * 0.85), deck.slide_width]
    tree = master.shapes._spTree
    for code, start, end in zip(parts, ends[:-1], ends[1:], strict=True):
        tree.append(_rectangle(tree, start, end - start, code))


def _rectangle(tree: Any, left: int, width: int, code: str) -> Any:
    """A filled rectangle of the band, as XML: python-pptx adds no shape to a master."""
    number = max(int(entry.get("id")) for entry in tree.iter(qn("p:cNvPr"))) + 1
    xml = f"""<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
      xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvSpPr><p:cNvPr id="{number}"
      name="Band {number}" descr=""/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm>
      <a:off x="{left}" y="0"/><a:ext cx="{width}" cy="{int(Inches(0.11))}"/></a:xfrm>
      <a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{code.removeprefix("#")}"/>
      </a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>"""
    return etree.fromstring(xml)
