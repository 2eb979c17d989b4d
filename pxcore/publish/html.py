"""A document as one page that any browser opens without a network: charts that answer the mouse, tables.

The libraries that draw the charts stand in it once (vl-convert's bundle of Vega); all words are HTML.
"""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from pxcore.charts.theme import Palette
from pxcore.publish.cells import rows as rows_written
from pxcore.publish.document import (
    SECTIONS,
    Document,
    Form,
    Piece,
    Section,
    Table,
    every_column,
    plain,
)
from pxcore.publish.picture import as_wide_as_its_page
from pxcore.publish.picture import rows as rows_drawn
from pxcore.publish.safe import legible

_STYLE = Path(__file__).with_name("page.css")
MOST_ROWS = 150  # of a picture's figures behind a fold: whoever does not see it has them there
# Charts are drawn one after the other, those in view first to be seen; folds are open on paper.
_DRAWING = """
window.addEventListener("DOMContentLoaded", async () => {
  const options = {actions: false, renderer: "svg", ast: false, tooltip: {theme: "light"}};
  for (const holder of document.querySelectorAll(".picture")) {
    const spec = JSON.parse(document.getElementById(holder.dataset.spec).textContent);
    await vegaEmbed(holder, spec, options);
    holder.querySelector("svg")?.setAttribute("aria-hidden", "true");
  }
  document.documentElement.dataset.drawn = "all";
});
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not(.figures)")) fold.open = true;
});
"""


def page(document: Document) -> bytes:
    """The bytes of an .html file."""
    numbers = iter(range(1, 10_000))
    sections = "".join(
        _section(section, place, numbers) for place, section in enumerate(document.sections)
    )
    first = document.sections[0]
    pages = [section.page for section in document.sections]
    links = "".join(
        f'<li><a href="#s{place}">'
        f"{_text(SECTIONS[section.page] if pages.count(section.page) == 1 else section.question)}</a></li>"
        for place, section in enumerate(document.sections)
    )
    navigation = (
        f"<nav aria-label='Contents'><ul>{links}</ul></nav>" if len(document.sections) > 1 else ""
    )
    draws = any(
        piece.picture is not None for section in document.sections for piece in section.pieces
    )
    scripts = f"<script>{_libraries()}</script>\n<script>{_DRAWING}</script>" if draws else ""
    mark = f'<p class="mark">{_text(document.mark)}</p>' if document.mark else ""
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; font-src data:">
<title>{_text(document.title)}</title>
<style>{_style(document.palette)}</style>
</head>
<body>
<header>
<h1>{_text(document.title)}</h1>
{mark}
<p class="answer">{_text(first.answer)}</p>
<p class="muted">{_text(document.provenance)}</p>
{navigation}
</header>
<main>{sections}</main>
<footer><p>{_text("; ".join(filter(None, [document.mark, document.provenance])))}</p></footer>
{scripts}
</body>
</html>
""".encode()  # noqa: E501


def _text(words: str) -> str:
    return escape(legible(words))


def _style(palette: Palette) -> str:
    """The style sheet in the colours of the screen."""
    sheet = _STYLE.read_text(encoding="utf-8")
    for name in ("text", "ground", "panel", "survey", "fft", "line", "muted", "concern"):
        sheet = sheet.replace(name.upper(), getattr(palette, name))
    return sheet


@cache
def _libraries() -> str:
    """The libraries that draw charts, as one script."""
    import vl_convert  # here, for it takes a while to load

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return script.replace("</script", r"<\/script")


def _section(section: Section, place: int, numbers: Any) -> str:
    pieces = "".join(_piece(piece, section, numbers) for piece in section.pieces)
    cautions = "".join(f"<li>{_text(words)}</li>" for words in section.cautions)
    method = "".join(f"<p>{_text(plain(words))}</p>" for words in section.method)
    bear = (
        f"<details><summary>To bear in mind</summary><ul>{cautions}</ul></details>"
        if cautions
        else ""
    )
    limits = f'<p class="muted">{_text(section.limits)}</p>' if section.limits else ""
    how = f"<details><summary>How is this worked out?</summary>{method}</details>" if method else ""
    return (
        f'<section aria-labelledby="s{place}"><h2 id="s{place}"{" class=first" if place == 0 else ""}>'
        f"{_text(section.question)}</h2>"
        f'<p class="answer">{_text(section.answer)}</p>{limits}'
        f'<p class="sources">{_text(section.basis)}</p>{pieces}{bear}{how}'
        f"<details><summary>Where do these figures come from?</summary>{_table(section.files)}</details>"
        "</section>"
    )


def _piece(piece: Piece, section: Section, numbers: Any) -> str:
    answer = section.answer
    lines = "".join(
        f"<li>{_text(line)}</li>" for line in piece.lines if line not in (piece.title, answer)
    )
    heading = "" if piece.title == answer else f"<h3>{_text(piece.title)}</h3>"
    parts = [heading, f"<ul>{lines}</ul>" if lines else ""]
    if piece.picture is not None:
        parts.append(_figure(piece, next(numbers), section.code))
    if piece.table is not None:
        parts.append(_table(piece.table))
        parts.append(f'<p class="sources">{_text(section.code)}</p>' if section.code else "")
    return "".join(parts)


def _figure(piece: Piece, number: int, code: str) -> str:
    """A chart with its words for those who do not see it, and its figures behind a fold."""
    assert piece.picture is not None
    spec = json.dumps(as_wide_as_its_page(piece.picture), allow_nan=False, separators=(",", ":"))
    spec = spec.replace("<", r"\u003c")
    caption = f"<figcaption>{_text(code)}</figcaption>" if code else ""
    behind = ""
    if piece.table is None:
        drawn = every_column(rows_drawn(piece.picture))
        rest = ""
        if len(drawn.rows) > MOST_ROWS:
            rest = f"<p>The first {MOST_ROWS} of {len(drawn.rows):,}; all are in the workbook.</p>"
        behind = (
            '<details class="figures"><summary>Its figures</summary>'
            f"{_table(drawn, MOST_ROWS)}{rest}</details>"
        )
    return (
        f'<figure><div class="picture" role="img" aria-label="{_text(piece.alt)}" data-spec="v{number}">'
        f'</div><script type="application/json" id="v{number}">{spec}</script>{caption}</figure>'
        f"{behind}"
    )


def _table(table: Table, most: int | None = None) -> str:
    kinds = ["" if column.form is Form.TEXT else ' class="number"' for column in table.columns]
    heads = "".join(
        f'<th scope="col"{kind}>{_text(column.heading)}</th>'
        for column, kind in zip(table.columns, kinds, strict=True)
    )
    cells = [
        ('<th scope="row">', "</th>") if column.names_rows else (f"<td{kind}>", "</td>")
        for column, kind in zip(table.columns, kinds, strict=True)
    ]
    body = "".join(
        "<tr>"
        + "".join(
            f"{opens}{_text(words)}{ends}" for words, (opens, ends) in zip(row, cells, strict=True)
        )
        + "</tr>"
        for row in rows_written(table, most)
    )
    grid = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="scroll" tabindex="0">{grid}</div>'
