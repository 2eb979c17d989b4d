"""What a picture rests on, in a line: its sources, each with its period."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from pxcore import maps
from pxcore.analysis.comments.themes import ThemesReport
from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.judgement import Judged
from pxcore.analysis.pairs.coefficients import CoefficientsReport
from pxcore.analysis.pairs.coverage import Coverage
from pxcore.analysis.pairs.matrix import Matrix
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.pairs.provider import ProviderReport
from pxcore.analysis.pairs.what_if import WhatIfReport
from pxcore.analysis.rows import each
from pxcore.analysis.time.series import Series
from pxcore.analysis.time.trends import TrendsReport
from pxcore.analysis.workshop.decisions import Followed
from pxcore.words.english import joined, month_range

MOST_BY_NAME = 4  # sources that each have their own period in the line


def basis(*question: Any) -> str:
    """The sources and periods of what a picture is drawn from; "" where it rests on no source.

    Parameters
    ----------
    question : reports and choices, as a picture's function takes them.
    """
    lines = [line for item in question for line in _sources(_series(item, question))]
    return "; ".join(dict.fromkeys(lines))


def _series(item: Any, question: tuple[Any, ...]) -> Any:
    """Of a report over time and a place in it, the one series; anything else as it is."""
    place = question[1] if len(question) > 1 else None
    if isinstance(item, TrendsReport) and isinstance(place, int):
        return item.series[place]
    return item


def _side(side: Side) -> str:
    return f"{side.short_title}, {side.period}" if side.period else side.short_title


def _sides(sides: Iterable[Side]) -> list[str]:
    """Each side once; of many, their titles and the time from the first to the last."""
    distinct = {_side(side): side for side in sides}
    if len(distinct) <= MOST_BY_NAME:
        return list(distinct)
    periods = [side.period for side in distinct.values() if side.period]
    titles = joined(list(dict.fromkeys(side.short_title for side in distinct.values())))
    if not periods:
        return [titles]
    first, last = min(period.start for period in periods), max(period.end for period in periods)
    return [f"{titles}, {month_range(first, last)}"]


@singledispatch
def _sources(report: object) -> list[str]:  # noqa: ARG001  of what is no report: nothing
    return []


@_sources.register
def _(report: tuple) -> list[str]:  # type: ignore[type-arg]
    return [line for item in report for line in _sources(item)]


@_sources.register
def _(report: Judged) -> list[str]:
    return _sides((report.left, report.right))


@_sources.register
def _(report: Alignment) -> list[str]:
    return _sides((report.left, report.right))


@_sources.register
def _(report: CoefficientsReport) -> list[str]:
    return _sources(report.agreement)


@_sources.register
def _(report: WhatIfReport) -> list[str]:
    return list(dict.fromkeys([*_sources(report.baseline), *_sources(report.changed)]))


@_sources.register
def _(report: OverviewReport) -> list[str]:
    return _sides(
        side for agreement in report.agreements for side in (agreement.left, agreement.right)
    )


@_sources.register
def _(report: Matrix) -> list[str]:
    likely = report.certainties.values()
    return _sides(side for pair in likely for side in (pair.left, pair.right))


@_sources.register
def _(report: ProviderReport) -> list[str]:
    return [
        f"{row.source}, {row.period}" if row.period else str(row.source)
        for row in each(report.sources)
    ]


@_sources.register
def _(report: Series) -> list[str]:
    points = report.shown
    if points.empty:
        return [report.side.short_title]
    return [
        f"{report.side.short_title}, {month_range(points['start'].iloc[0], points['end'].iloc[-1])}"
    ]


@_sources.register
def _(report: TrendsReport) -> list[str]:
    return [line for series in report.series for line in _sources(series)]


@_sources.register
def _(record: Followed) -> list[str]:
    expected, after = record.decision.draft.expected, record.after
    if expected is None or after is None:
        return []
    title = maps.source(expected.figure.source)["short_title"]
    return [f"{title}, {after.period}"]


@_sources.register
def _(report: ThemesReport) -> list[str]:
    window = report.question.window
    titles = ", ".join(report.titles().values())
    return [f"{titles}, {window}" if window else titles] if titles else []


@_sources.register
def _(report: Coverage) -> list[str]:
    cells = report.cells
    if cells.empty:
        return []
    titles = ", ".join(dict.fromkeys(cells["short_title"]))
    return [f"{titles}, {month_range(cells['period_start'].min(), cells['period_end'].max())}"]
