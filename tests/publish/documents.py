"""Documents of the demonstration, and what stands in a file, for the tests of every writer."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape

from lxml import etree

from pxcore.charts.theme import LIGHT
from pxcore.model import Months, Pairing, Scenario, Scope
from pxcore.publish.asking import document
from pxcore.publish.document import Document, Table
from pxcore.publish.page_names import PAGES
from pxcore.publish.reports import Reports
from pxcore.publish.view import View
from pxcore.store import Store
from tests.remembering import remembering

MARK = "Synthetic data: invented organisations and answers"
GP = Pairing("fft_gp", "gp_survey")
VIEW = View("", Scope.of(GP), scenario=Scenario(months=Months.YEAR))


def whole(store: Store, view: View = VIEW, pages: tuple[str, ...] = tuple(PAGES)) -> Document:
    """Pages of a view as one document."""
    with remembering(store):
        return document(
            [replace(view, page=page) for page in pages],
            Reports(store),
            LIGHT,
            MARK,
            date(2026, 11, 30),
        )


def tables(made: Document) -> Iterator[tuple[str, Table]]:
    """Every table of a document, with the page it is of."""
    for section in made.sections:
        for piece in section.pieces:
            if piece.table is not None:
                yield section.page, piece.table
        if section.figures is not None:
            yield section.page, section.figures


def text_of(content: bytes) -> str:
    """All words of an office file or of a page."""
    if content[:2] != b"PK":
        return unescape(re.sub(r"<[^>]+>", "\n", content.decode("utf-8")))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(name) for name in package.namelist() if name.endswith(".xml")]
    return "\n".join("\n".join(etree.fromstring(part).itertext()) for part in parts)
