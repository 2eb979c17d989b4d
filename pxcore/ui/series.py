"""Every source of a report over time, a picture a row, with its signs beside it."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.time.trends import TrendsReport
from pxcore.charts import trends as charts
from pxcore.ui import show
from pxcore.ui.answers import finished
from pxcore.words import series as words


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
