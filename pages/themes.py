"""What do people say behind the figures? Themes across sources, and the comments themselves."""

import streamlit as st

from pxcore.charts import themes as charts
from pxcore.ui import filters, messages, show, state, voices

show.title("What do people say behind the figures?")
with messages.guard():
    choices = state.choices()
    head = st.container()
    voices.choose()
    asked = filters.themes_asked(choices)
    report = state.themes(asked)
    with head:
        show.headline(report.summary(), report.limits())
        if report.status == "ok":
            show.figures(report.figures())
        else:
            messages.empty("What you can do", report.next_step())
    voices.rules(report)
    if report.status == "ok":
        picture, beside = st.columns([0.66, 0.34])
        with picture:
            st.subheader("How many people named each theme?", anchor=False)
            if report.ordered_themes():
                show.chart(
                    charts.prominence(report, show.palette()),
                    key="themes_prominence",
                    alt=report.drawn_said(),
                )
            st.caption(
                "Each mark: the share of people, of all whose comments are coded in that source, with "
                "its 95 % range. One comment may name several themes. "
                + show.escape(report.coded_said())
            )
        with beside:
            show.findings(report.findings())
            voices.compare(report)
    voices.panel(report, asked)
    if report.status == "ok":
        st.subheader("Every theme", anchor=False)
        st.caption("Shares of people, each with its 95 % range in brackets.")
        show.table(
            report.screen(),
            voices.columns(report),
            key="themes_table",
            alt="Every theme with the share of each source, its range, and how two sources differ",
            height=420,
        )
        show.download(report.table(), "themes", key="themes_download", marks=report.marks)
        show.notes(report.notes())
        show.how(*report.method())
    show.provenance(report.extracts, report.revision)
