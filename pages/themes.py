"""What do people say behind the figures? Themes across sources, and the comments themselves."""

import streamlit as st

from pxcore.ui import filters, messages, show, state, voices, ways

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
            st.markdown(report.next_step())
            ways.wider(choices, ("area", "service", "window"), "themes")
    voices.rules(report)
    voices.panel(report, asked)
    if report.status == "ok":
        show.notes(report.notes())
        show.how(*report.method())
    show.provenance(report.extracts, report.revision)
