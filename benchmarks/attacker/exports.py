"""What leaves by files: the pages in every form, the repeat pack, a workshop's record, the digest of a load.

Every file is written, read for itself (`leaving`), and held against the document it was made of: it may carry
no number that is not there. Counts of people in it are read as those of the page are, by the same readers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.attacker import readings, side_by_side
from benchmarks.attacker.leaving import Left, as_number, left_by, numerals
from benchmarks.attacker.reading import Reading
from benchmarks.attacker.truth import Truth
from pxcore.analysis.comments.mentions import FEELINGS
from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.joining.bands import Bands
from pxcore.publish import word
from pxcore.publish.asking import PAPER, document
from pxcore.publish.cells import rows as rows_written
from pxcore.publish.document import Column, Document, Kind, Native, Section, Table
from pxcore.publish.files import KINDS
from pxcore.publish.pack import pack
from pxcore.publish.picture import as_wide_as_its_page
from pxcore.publish.reports import Reports
from pxcore.publish.view import View
from pxcore.store import Store

DAY = date(2026, 11, 30)
WRITERS: Mapping[str, Callable[[Document, View], bytes]] = {
    **{kind.ending: lambda made, _, write=kind.write: write(made) for kind in KINDS},  # type: ignore[misc]
    "zip": lambda made, view: pack(made, [view] * len(made.sections), "demonstration"),
}
DIGITS = 9  # significant ones by which two numbers are the same
# what a program of an office writes of its own: sizes of print, places and numbers of pages
OWN_NUMBERS = frozenset(map(float, range(0, 13)))


class Remembering(Reports):
    """Answers, and the last to each question, which a page was made of."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.last: dict[str, Any] = {}

    def ask(self, question: Callable[..., Any], *details: Any, **named: Any) -> Any:
        self.last[question.__name__] = super().ask(question, *details, **named)
        return self.last[question.__name__]


def readings_of(
    truth: Truth, reports: Remembering, view: View, bands: Bands, strange: list[str]
) -> Iterator[Reading]:
    """Every count in every file of one page; `strange` gets the numbers of a file that its document lacks."""
    made = document([view], reports, PAPER, "", DAY)
    report = reports.last.get(view.page)
    for ending, write in WRITERS.items():
        left = left_by(write(made, view))
        strange += [f"{view.page}, as {ending}: {number:g}" for number in strangers(left, made)]
        for table in tables_of(left, made.sections[0]):
            if view.page in ("agreement", "divergence"):
                yield from of_two_sources(truth, report.alignment, table, view.page.title(), ending)
            elif view.page == "trends":
                yield from of_trends(truth, report, table, ending)
            elif view.page == "themes":
                yield from of_themes(truth, report, table, ending)
            elif view.page == "groups":
                yield from of_groups(truth, report, table, bands, ending)
            elif view.page == "provider":
                yield from of_provider(truth, report, table, ending)


# --- Nothing but what the document holds ---


def strangers(left: Left, made: Document) -> list[float]:
    """Numbers of a file that its document does not hold."""
    known = {*map(_alike, _numbers(made)), *OWN_NUMBERS}
    numbers = [*left.every_number(), *map(float, left.spoken())]
    return sorted({number for number in numbers if _alike(abs(number)) not in known})


def _alike(number: float) -> float:
    return float(f"{abs(number):.{DIGITS}g}")


def _numbers(made: Document) -> Iterator[float]:
    """Every number a document holds: of tables, charts and drawings, as they are and as they are printed."""
    yield from _spoken(
        [made.title, made.provenance, made.mark, *map(str, (made.made, made.made.year))]
    )
    for section in made.sections:
        texts = [section.question, section.answer, section.limits, section.sources]
        texts += [*section.cautions, *section.method, *section.marks]
        yield float(section.revision)
        yield from (number for _, number in section.statistics)
        for piece in section.pieces:
            texts += [piece.title, piece.alt, *piece.lines]
            if piece.table is not None:
                yield from _of_table(piece.table)
            if piece.native is not None:
                yield from _of_native(piece.native)
            if piece.picture is not None:
                yield from _walked(as_wide_as_its_page(piece.picture))
        for table in (section.figures, section.files):
            if table is not None:
                yield from _of_table(table)
        yield from _spoken(texts)


def _spoken(texts: Sequence[str]) -> Iterator[float]:
    for text in texts:
        yield from map(float, numerals(text))


def _of_table(table: Table) -> Iterator[float]:
    """Its figures, as they are and as they are printed, and how many rows there are, shown and not."""
    yield from (float(word.MOST_ROWS), float(len(table.rows)))
    for column in table.columns:
        yield from _spoken([column.heading])
        for value in table.rows[column.name]:
            number = as_number(value)
            if number is not None:
                yield number
            yield from _spoken([str(value)])
    for row in rows_written(table):
        yield from _spoken(row)


def _of_native(native: Native) -> Iterator[float]:
    """The figures of a chart, how far its ranges reach, and the ends of the line of the same in both."""
    rows = native.rows
    shown = rows[[*filter(None, (native.x, native.y, native.low, native.high))]].astype("float64")
    yield from shown.to_numpy().ravel()
    if native.low:
        yield from (shown[native.x] - shown[native.low]).clip(lower=0)
        yield from (shown[native.high] - shown[native.x]).clip(lower=0)
    if native.kind is Kind.POINTS:
        values = shown.dropna().to_numpy()
        yield from (math.floor(values.min()), math.ceil(values.max()))
    yield from _spoken([*map(str, rows[native.label]), *native.axes])
    yield from _spoken([mark.label for mark in native.marks])


def _walked(tree: Any) -> Iterator[float]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from _spoken([str(name)])
            yield from _walked(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from _walked(value)
    elif isinstance(tree, str):
        yield from _spoken([tree])
    elif (number := as_number(tree)) is not None:
        yield number


# --- Its counts, as those of the page ---


def tables_of(left: Left, section: Section) -> Iterator[pd.DataFrame]:
    """The tables of a file that are the document's, under the names the reports have for their columns, and
    the rows its drawings are made of."""
    listed: list[tuple[Column, ...]] = [
        piece.table.columns for piece in section.pieces if piece.table is not None
    ]
    if section.figures is not None:
        listed.append(section.figures.columns)
    names = {tuple(c.heading for c in columns): [c.name for c in columns] for columns in listed}
    for table in left.tables:
        own = names.get(tuple(table.columns))
        if own is not None:
            yield table.set_axis(own, axis="columns")
        elif not table.columns.duplicated().any():
            yield table


def _figures(table: pd.DataFrame, *columns: str) -> pd.DataFrame | None:
    """The table with some columns as numbers; None where it has not all of them."""
    if not set(columns) <= set(table.columns):
        return None
    return table.assign(
        **{
            name: [np.nan if (n := as_number(v)) is None else n for v in table[name]]
            for name in columns
        }
    )


def of_two_sources(
    truth: Truth, alignment: Alignment, table: pd.DataFrame, page: str, file: str
) -> Iterator[Reading]:
    """Answers of each organisation in a source of single responses. Columns: unit, left_respondents and
    right_respondents, and, where there are, left_positive and right_positive."""
    counts = [name for name in _COUNTS if name in table]
    rows = _figures(table, *counts)
    if rows is None or "unit" not in rows or not {*_COUNTS[:2]} & set(counts):
        return
    for which in SIDES:
        if f"{which}_respondents" in counts:
            own = rows[rows[f"{which}_respondents"].notna()]
            yield from side_by_side.figures(
                truth, alignment, which, own, page, f"{page}, as {file}"
            )


SIDES = ("left", "right")
_COUNTS = ("left_respondents", "right_respondents", "left_positive", "right_positive")


def of_trends(truth: Truth, report: Any, table: pd.DataFrame, file: str) -> Iterator[Reading]:
    """Every point that is shown. Columns: source, start, end, respondents, positive."""
    rows = _figures(table, "respondents", "positive")
    if rows is None or not {"source", "start", "end"} <= set(rows):
        return
    rows = rows[rows["respondents"].notna()]
    rows = rows.assign(
        start=pd.to_datetime(rows["start"]), end=pd.to_datetime(rows["end"]), shown=True
    )
    points = {str(source): own for source, own in rows.groupby("source")}
    yield from readings.trends(truth, report, points, f"Trends, as {file}")


def of_themes(truth: Truth, report: Any, table: pd.DataFrame, file: str) -> Iterator[Reading]:
    """Who named each theme, with what feeling. Columns: theme, source, people, base and each feeling."""
    rows = _figures(table, "people", "base", *FEELINGS)
    if rows is None or not {"theme", "source"} <= set(rows):
        return
    voices = {title: key for key, title in report.titles().items()}
    rows = rows[rows["people"].notna() & rows["source"].isin(list(voices))]
    rows = rows.assign(voice=rows["source"].map(voices))
    felt = rows.melt(["theme", "voice"], list(FEELINGS), "feeling", "count").dropna(subset="count")
    bare = {
        name: getattr(report, name).head(0) for name in ("account", "services", "points", "pairs")
    }
    as_page = replace(
        report, prominence=rows, feelings=felt.assign(known=np.nan), voices=report.voices, **bare
    )
    for reading in readings.themes(truth, as_page):
        yield replace(reading, route=f"{reading.route}, as {file}", uncertain=True)


def of_groups(
    truth: Truth, report: Any, table: pd.DataFrame, bands: Bands, file: str
) -> Iterator[Reading]:
    """Answers of each group. Columns: source, band, respondents, value."""
    rows = _figures(table, "respondents", "value")
    if rows is None or not {"source", "band"} <= set(rows):
        return
    sides = {report.alignment.left.short_title: "left", report.alignment.right.short_title: "right"}
    rows = rows.assign(side=rows["source"].map(sides))
    rows = rows[rows["respondents"].notna() & rows["side"].notna()]
    for reading in side_by_side.groups(truth, replace(report, cells=rows), bands):
        yield replace(reading, route=f"answers by group, as {file}")


def of_provider(truth: Truth, report: Any, table: pd.DataFrame, file: str) -> Iterator[Reading]:
    """Answers of one organisation in each source. Columns: source, period, respondents."""
    rows = _figures(table, "respondents")
    if rows is None or not {"source", "period"} <= set(rows):
        return
    rows = rows[rows["respondents"].notna()]
    for pair in report.agreements.values():
        alignment = pair.alignment
        for which, side in (("left", alignment.left), ("right", alignment.right)):
            # a source is shown over the period of one of its pairs
            of_side = (rows["source"] == side.short_title) & (rows["period"] == str(side.period))
            own = rows[of_side]
            own = own.rename(columns={"respondents": f"{which}_respondents"})
            yield from side_by_side.figures(
                truth,
                alignment,
                which,
                own.assign(unit=report.unit),
                "Provider",
                f"Provider, as {file}",
            )
