"""What do people say behind the figures? Themes across sources, and the comments themselves."""

import streamlit as st

from pxcore.ui import filters, messages, show, state, voices, ways
from pxcore.words import themes as words

show.title("What do people say behind the figures?")
with messages.guard():
    choices = state.choices()
    head = st.container()
    voices.choose()
    question = filters.themes_question(choices)
    report = state.themes(question)
    with head:
        show.headline(words.summary(report), words.limits(report))
        if report.status == "ok":
            show.figures(words.figures(report))
        else:
            st.markdown(words.next_step(report))
            ways.wider(choices, ("area", "service", "window"), "themes")
    voices.rules(report)
    voices.panel(report, question)
    if report.status == "ok":
        show.notes(words.notes(report))
        show.how(*words.method(report))
    show.provenance(report.extracts, report.revision)
