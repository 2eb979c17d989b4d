"""Every source of a report over time, a picture a row, with its signs beside it."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.time.trends import TrendsReport
from pxcore.charts import miniatures
from pxcore.charts import trends as charts
from pxcore.charts.theme import Palette
from pxcore.disclosure import Released
from pxcore.ui import show
from pxcore.ui.answers import finished
from pxcore.words import series as words
from pxcore.words import trends as trends_words


def rows(report: TrendsReport, key: str) -> None:
    """One row a source; `key` begins the keys of the pictures."""
    for place, series in enumerate(report.series):
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
    """Every source in one table: its course with its limits, its latest figure and its signs."""
    show.table(
        finished(_signs, report, show.palette()),
        {
            "source": st.column_config.TextColumn("Source", width=105, pinned=True),
            "course": st.column_config.ImageColumn("Over time", width=175),
            "latest": st.column_config.TextColumn("Latest", width=305),
            "sign": st.column_config.ImageColumn("Sign", width=58),
            "variation": st.column_config.TextColumn("Unusual?", width=165),
            "direction": st.column_config.TextColumn("Where is it heading?", width=150),
        }
        | (
            {"assurance": st.column_config.TextColumn("Its target", width=140)}
            if report.any_target
            else {}
        ),
        key="trends_icons",
        alt="Every source with its course, its latest figure and the icons of variation, direction and "
        "assurance",
    )


def _signs(report: TrendsReport, palette: Palette) -> Released:
    return Released(
        trends_words.icon_table(report).assign(
            course=[miniatures.series(drawn, palette) for drawn in report.series],
            sign=[miniatures.sign(drawn, palette) for drawn in report.series],
        )
    )
