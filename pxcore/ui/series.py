"""Every source of a report over time: on one axis, by its signs, and by itself."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.time.trends import TrendsReport
from pxcore.charts import courses, miniatures
from pxcore.charts import trends as charts
from pxcore.charts.theme import Palette
from pxcore.disclosure import Released
from pxcore.ui import show
from pxcore.ui.answers import finished
from pxcore.words import series as words
from pxcore.words import trends as trends_words
from pxcore.words.columns import Column

KEY_OF_MARKS = (
    "Each on its own scale. Line: mean; dashes: limits of the usual swing. ▲ better, ▼ worse than usual; ~ "
    "as usual. ◆ wave of a survey; bar: 95 % range. × not shown."
)


def together(report: TrendsReport, key: str) -> None:
    """Every source on one dated axis; `key` begins the key of the picture."""
    st.caption(KEY_OF_MARKS)
    show.chart(
        courses.together,
        report,
        key=f"{key}_together",
        alt=finished(trends_words.together, report),
    )


def by_itself(report: TrendsReport, key: str) -> None:
    """A source that is chosen, as large as the page, with its signs beside it."""
    titles = [series.side.short_title for series in report.series]
    chosen = st.segmented_control(
        "One source by itself", titles, key=f"{key}_by_itself", bind="query-params"
    )
    if chosen is None:
        return
    place = titles.index(chosen)
    series = report.series[place]
    picture, beside = st.columns([0.72, 0.28], vertical_alignment="center")
    with picture:
        show.chart(
            charts.row,
            report,
            place,
            key=f"{key}_{series.side.source}",
            alt=finished(words.summary, series),
        )
    with beside:
        show.icons(finished(words.latest, series), finished(words.icons, series))


def signs(report: TrendsReport) -> None:
    """Every source in one table: its latest figure and its signs."""
    show.table(
        finished(_signs, report, show.palette()),
        [
            *(
                Column.of("source", width=105),
                "latest",
                "sign",
                "variation",
                Column.of("direction", "course"),
            ),
            *(["assurance"] if report.any_target else []),
        ],
        pin=True,
        key="trends_icons",
        alt="Every source with its latest figure and the icons of variation, direction and assurance",
    )


def _signs(report: TrendsReport, palette: Palette) -> Released:
    return Released(
        trends_words.icon_table(report).assign(
            sign=[miniatures.sign(drawn, palette) for drawn in report.series],
        )
    )
