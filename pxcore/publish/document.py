"""What leaves for other programs, whatever the file: sections of pieces, made of what a page shows.

A writer (`excel`, `powerpoint`, `word`, `html`) takes a document and knows nothing of the questions; a
section (`sections/`) takes the reports and the words of its page and knows nothing of files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.metadata import version
from types import MappingProxyType

from pxcore.charts.specification import Specification
from pxcore.charts.theme import Mark, Palette
from pxcore.disclosure import Released
from pxcore.publish.page_names import SECTIONS as SECTIONS  # writers need both
from pxcore.words import columns as nouns
from pxcore.words.columns import Cells, heading


class Form(StrEnum):
    """How the cells of a column are written."""

    TEXT = "text"
    COUNT = "whole numbers"
    SHARE = "a proportion, as per cent"
    PERCENT = "per cent"
    DECIMAL = "two decimals"
    DAY = "a day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name in the frame, what people read above it, how its cells are written."""

    name: str
    heading: str
    form: Form = Form.TEXT
    share: float = 1.0  # of the width, beside the others
    names_rows: bool = False  # its cells say what their rows are


_FORMS = MappingProxyType(
    {Cells.COUNT: Form.COUNT}
    | dict.fromkeys((Cells.PERCENT, Cells.TENTHS), Form.PERCENT)
    | dict.fromkeys((Cells.HUNDREDTHS, Cells.THOUSANDTHS), Form.DECIMAL)
    | dict.fromkeys((Cells.DAY, Cells.MOMENT), Form.DAY)
)


def headed(*listed: str | nouns.Column, names_rows: bool = False) -> tuple[Column, ...]:
    """Columns under the titles of their nouns; whether the first says what its row is."""
    return tuple(
        Column(
            of.name, of.title, _FORMS.get(of.cells, Form.TEXT), of.share, names_rows and not place
        )
        for place, of in enumerate(nouns.columns(listed))
    )


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that have been released, under headings for people."""

    rows: Released
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.rows, Released):
            raise TypeError("only what has been released may be published")
        _refuse_missing(self.rows, [column.name for column in self.columns])


class Kind(StrEnum):
    """A chart that an office program can draw and a person edit."""

    RANGES = "a mark a row, with its range"
    POINTS = "a mark an organisation, by two figures"
    SHARES = "a bar a row, in parts"


@dataclass(frozen=True, slots=True)
class Native:
    """A chart as its figures, for a program that draws it itself.

    Attributes
    ----------
    rows : one per mark or part. RANGES: `label`, `x`, `low`, `high`; POINTS: `label`, `x`, `y`; SHARES:
        `label`, `x`.
    series : the column that tells marks apart, "" of one kind alone.
    marks : of the values of `series`, in the order of the legend; one, where all are alike.
    axes : titles of the axis across and of the axis up.
    form : of the figures on the axis across.
    """

    kind: Kind
    rows: Released
    label: str
    x: str
    y: str = ""
    low: str = ""
    high: str = ""
    series: str = ""
    marks: tuple[Mark, ...] = ()
    axes: tuple[str, str] = ("", "")
    form: Form = Form.DECIMAL

    def __post_init__(self) -> None:
        if not isinstance(self.rows, Released):
            raise TypeError("only what has been released may be published")
        _refuse_missing(self.rows, self._columns)

    @property
    def drawn(self) -> Released:
        """What is drawn of the rows, and nothing else they have."""
        return Released(self.rows[self._columns])

    @property
    def _columns(self) -> list[str]:
        named = (self.label, self.series, self.x, self.y, self.low, self.high)
        return list(dict.fromkeys(filter(None, named)))


def _refuse_missing(rows: Released, names: Sequence[str]) -> None:
    """A column that its report has no more is a fault of ours."""
    missing = [name for name in names if name not in rows]
    if missing:
        raise KeyError(f"no such columns: {', '.join(missing)}")


@dataclass(frozen=True, slots=True)
class Piece:
    """One message: a sentence, and the picture or the table that shows it.

    Attributes
    ----------
    title : the sentence.
    lines : what stands below it, a sentence each.
    alt : the picture in words.
    """

    title: str
    lines: tuple[str, ...] = ()
    picture: Specification | None = None
    alt: str = ""
    native: Native | None = None
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its answer and the pieces that show it.

    Attributes
    ----------
    page : the file of the page that shows it.
    cautions : what was assumed, and what to bear in mind.
    method : how it is worked out; Markdown.
    sources : what it rests on, with the periods, in a line.
    figures : every figure of it, for analysts.
    files : the files behind it.
    marks : what must stand beside every figure.
    statistics : figures over all organisations by their names; a pack has them worked out anew.
    code : calls the view back; "" where none is kept.
    """

    page: str
    question: str
    answer: str
    limits: str
    pieces: tuple[Piece, ...]
    cautions: tuple[str, ...]
    method: tuple[str, ...]
    sources: str
    figures: Table | None
    files: Table
    revision: int
    marks: tuple[str, ...] = ()
    statistics: tuple[tuple[str, float], ...] = ()
    code: str = ""

    @property
    def basis(self) -> str:
        """What every part of it rests on, what must stand beside it, and its code, in a line."""
        return " · ".join(filter(None, [self.sources, *self.marks, self.code]))


@dataclass(frozen=True, slots=True)
class Document:
    """Sections that leave together.

    Attributes
    ----------
    mark : that the data are invented, where they are; stands in every file.
    made : the day.
    """

    title: str
    sections: tuple[Section, ...]
    palette: Palette
    mark: str
    made: date

    @property
    def provenance(self) -> str:
        """Which data, which program, when: a line for the foot of every part."""
        revisions = sorted({section.revision for section in self.sections})
        data = ", ".join(map(str, revisions))
        made = f"{self.made.day} {self.made:%B %Y}"
        return f"Data revision {data}; pxcore {version('pxcore')}; made {made}"


FILES = headed(
    nouns.Column.of("title", "source", share=1.4),
    *("file_name", "publisher", nouns.Column.of("loaded_at", title="Loaded"), "sha256"),
)


def files(extracts: Released, numbers: Sequence[int]) -> Table:
    """The files of some extracts, of all that are loaded (`SourcesReport.extracts`)."""
    return Table(Released(extracts[extracts["extract"].isin(list(numbers))]), FILES)


def every_column(rows: Released, left: str = "", right: str = "") -> Table:
    """All columns of a frame for analysts, under the titles of their nouns, or their names.

    `left` and `right` are the two sources, for columns of one of them.
    """
    columns = []
    sides = {f"{which}_": title for which, title in (("left", left), ("right", right)) if title}
    for name in map(str, rows.columns):
        kind = rows[name].dtype.kind
        form = (
            Form.DAY if kind == "M"
            else Form.TEXT if kind not in "fiu"
            else Form.COUNT if name.endswith(_COUNTS) or kind in "iu"
            else Form.DECIMAL
        )  # fmt: skip
        of_side = next((side for side in sides if name.startswith(side)), "")
        title = heading(name.removeprefix(of_side))
        columns.append(Column(name, f"{sides[of_side]}: {title}" if of_side else title, form))
    return Table(rows, tuple(columns))


_COUNTS = (
    "respondents",
    "answers",
    "people",
    "organisations",
    "patients",
    "compared",
    "positive",
    "periods",
)
_MARKED = re.compile(r"\*\*|`|(?<!\w)\*|\*(?!\w)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def plain(markdown: str) -> str:
    """A paragraph of Markdown as words alone, for a program that knows none."""
    return " ".join(_MARKED.sub("", _LINK.sub(r"\1", markdown)).split())
