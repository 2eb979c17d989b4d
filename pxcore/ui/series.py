"""Every source of a report over time, a picture a row, with its signs beside it."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.time.trends import TrendsReport
from pxcore.charts import trends as charts
from pxcore.ui import show


def rows(report: TrendsReport, key: str) -> None:
    """One row a source; `key` begins the keys of the pictures."""
    for place, one in enumerate(report.series):
        picture, beside = st.columns([0.72, 0.28], vertical_alignment="center")
        with picture:
            show.chart(
                charts.row(report, place, show.palette()),
                key=f"{key}_{one.side.source}",
                alt=one.said(),
            )
        with beside:
            show.icons(one.latest_said(), one.icons())
