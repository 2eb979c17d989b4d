"""A file that left, read for itself: its tables, what its charts are drawn from, and all of its words.

Nothing of the program that wrote it is used: what stands hidden in a file is read as what it shows.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pandas as pd
from lxml import etree

_PROPERTIES = ("title", "subject", "description", "keywords", "creator", "category")
_CHART = re.compile(r"(ppt|word|xl)/charts/chart\d+\.xml")
_EMBEDDED = re.compile(r".*/embeddings/.*\.xlsx")
_NUMBER = re.compile(r"(?<![\w.,#-])[−-]?\d[\d,]*(?:\.\d+)?(?![\w#])")


@dataclass
class Left:
    """What a file holds.

    Attributes
    ----------
    tables : of each the headings and the rows, as they stand; of the rows of a chart the names of columns.
    numbers : that stand in none of them: charts of office programs with their ranges, constants of a drawing.
    words : every text that is no cell: sentences, alternative texts, notes, properties.
    """

    tables: list[pd.DataFrame] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def every_number(self) -> Iterator[float]:
        yield from self.numbers
        for table in self.tables:
            for column in table:
                yield from numbers_in(table[column])

    def spoken(self) -> Iterator[str]:
        """Every number written in words."""
        texts = [*self.words]
        for table in self.tables:
            texts += map(str, table.columns)
            for column in table:
                texts += [value for value in table[column] if isinstance(value, str)]
        for text in texts:
            yield from numerals(text)


def numerals(text: str) -> list[str]:
    """The numbers in a text, as they are written."""
    return [found.replace(",", "").replace("−", "-") for found in _NUMBER.findall(text)]


def as_number(value: Any) -> float | None:
    """A cell as a number; None of one that is none."""
    if isinstance(value, str):
        plain = value.replace(",", "").replace("−", "-").removesuffix("%").strip()
        try:
            return float(plain)
        except ValueError:
            return None
    if isinstance(value, bool) or not pd.api.types.is_number(value) or pd.isna(value):
        return None
    return float(value)


def numbers_in(cells: Iterable[Any]) -> list[float]:
    """Those of some cells that are numbers."""
    return [number for number in map(as_number, cells) if number is not None]


def left_by(content: bytes) -> Left:
    """What a file holds: of Excel, Word, PowerPoint, a repeat pack, a page of HTML, or CSV."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if "manifest.json" in names:
                return _of_pack(package)
            return (
                _of_workbook(content, package)
                if "xl/workbook.xml" in names
                else _of_office(package)
            )
    text = content.decode("utf-8-sig")
    if text.lstrip()[:9].lower() == "<!doctype":
        return _of_html(text)
    return Left([pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)])


# --- Office files ---


def _of_workbook(content: bytes, package: zipfile.ZipFile) -> Left:
    left = Left()
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:  # hidden ones too
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        heads = int(re.sub(r"\D", "", str(sheet.freeze_panes or "1"))) - 1  # rows that stand still
        for row in rows[: max(0, heads - 1)]:
            left.words += [str(cell) for cell in row if cell is not None]
        if heads:
            named = [place for place, cell in enumerate(rows[heads - 1]) if cell is not None]
            headings = [str(rows[heads - 1][place]) for place in named]
            cells = [[row[place] for place in named] for row in rows[heads:]]
            left.tables.append(pd.DataFrame(cells, columns=headings, dtype=object))
        else:
            left.words += [str(cell) for row in rows for cell in row if cell is not None]
    _rest_of(
        package, left, lambda name: not name.startswith("xl/worksheets/") and "shared" not in name
    )
    return left


def _of_office(package: zipfile.ZipFile) -> Left:
    left = Left()
    _rest_of(package, left, str)
    return left


def _rest_of(package: zipfile.ZipFile, left: Left, wanted: Any) -> None:
    """Tables, paragraphs, alternative texts, charts and workbooks inside an office file."""
    for name in filter(wanted, package.namelist()):
        if _EMBEDDED.fullmatch(name):
            inside = openpyxl.load_workbook(io.BytesIO(package.read(name)))
            for sheet in inside.worksheets:
                head, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
                left.tables.append(pd.DataFrame(rows, columns=list(map(str, head)), dtype=object))
            continue
        if not name.endswith(".xml"):
            continue
        tree = etree.fromstring(package.read(name))
        if _CHART.fullmatch(name):
            for one in _named(tree, "v"):
                number = as_number(one.text)
                if number is None:
                    left.words.append(one.text or "")
                else:
                    left.numbers.append(number)
            left.words += ["".join(one.itertext()) for one in _named(tree, "p")]
            continue
        inside_tables = set()
        for table in _named(tree, "tbl"):
            rows = [
                [" ".join(_paragraphs(cell)) for cell in _named(row, "tc")]
                for row in _named(table, "tr")
            ]
            inside_tables.update(map(id, _named(table, "p")))
            if rows:
                left.tables.append(pd.DataFrame(rows[1:], columns=rows[0], dtype=object))
        left.words += [
            "".join(_runs(one)) for one in _named(tree, "p") if id(one) not in inside_tables
        ]
        left.words += [str(one.get("descr")) for one in tree.iter() if one.get("descr")]
        if name == "docProps/core.xml":
            for one in _PROPERTIES:
                left.words += [part.text or "" for part in _named(tree, one)]


def _named(tree: Any, name: str) -> list[Any]:
    """Elements by their name, whatever the namespace."""
    return [
        one
        for one in tree.iter()
        if isinstance(one.tag, str) and etree.QName(one).localname == name
    ]


def _paragraphs(tree: Any) -> list[str]:
    return ["".join(_runs(one)) for one in _named(tree, "p")]


def _runs(paragraph: Any) -> list[str]:
    """Its words; not the number of a page, which no one wrote."""
    fields = {id(one) for outer in _named(paragraph, "fld") for one in outer.iter()}
    return [one.text or "" for one in _named(paragraph, "t") if id(one) not in fields]


# --- Pages and packs ---


class _Page(HTMLParser):
    """Tables, drawings and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self._rows, self._cell = Left(), [], None  # type: ignore[var-annotated]
        self._inside, self._kind = "", ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self._inside = tag if tag in ("script", "style") else ""
        self._kind = told.get("type") or ""
        self.left.words += [
            str(told[name]) for name in ("aria-label", "alt", "title") if told.get(name)
        ]
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._cell = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self._rows[-1].append(self._cell)
            self._cell = None
        elif tag == "table" and self._rows:
            head, *rows = self._rows
            self.left.tables.append(pd.DataFrame(rows, columns=head, dtype=object))
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            if self._kind == "application/json":
                _drawn(json.loads(data), self.left)
        elif self._inside == "style":
            return
        elif self._cell is not None:
            self._cell += data
        elif data.strip():
            self.left.words.append(data)


def _of_html(text: str) -> Left:
    page = _Page()
    page.feed(text)
    return page.left


def _drawn(tree: Any, left: Left) -> None:
    """A drawing: its rows, with every column of them; and all else it says."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == "datasets":
                left.tables += [pd.DataFrame(rows) for rows in value.values()]
            else:
                _drawn(value, left)
    elif isinstance(tree, list):
        for value in tree:
            _drawn(value, left)
    elif isinstance(tree, str):
        left.words.append(tree)
    elif (number := as_number(tree)) is not None:
        left.numbers.append(number)


def _of_pack(package: zipfile.ZipFile) -> Left:
    left = Left()
    manifest = json.loads(package.read("manifest.json"))
    for section in manifest["sections"]:
        left.numbers += section["statistics"].values()
        left.words += [section[name] for name in ("question", "answer", "limits", "sources")]
        left.words += [table["title"] for table in section["tables"]]
    for name in package.namelist():
        if name.startswith("tables/"):
            table = json.loads(package.read(name))
            headings = [column["heading"] for column in table["columns"]]
            left.tables.append(pd.DataFrame(table["rows"], columns=headings, dtype=object))
    return left
