"""What do people say behind the figures? Themes across sources, and the comments themselves."""

import streamlit as st

from pxcore.analysis.comments.themes import themes
from pxcore.ui import filters, messages, show, state, voices, ways
from pxcore.ui.answers import Answer, ask
from pxcore.words import themes as words

show.title("What do people say behind the figures?")
with messages.guard():
    choices = state.choices()
    head = st.container()
    voices.choose()
    question = filters.themes_question(choices)
    report = ask(themes, question)
    answer = Answer(report)
    with head:
        show.headline(answer(words.summary), answer(words.limits))
        if report.status != "ok":
            st.markdown(answer(words.next_step))
            ways.wider(choices, ("area", "service", "window"), "themes")
    voices.rules(report)
    voices.panel(report, question)
    if report.status == "ok":
        show.notes(answer(words.notes))
        show.how(*answer(words.method))
    show.provenance(report.extracts, report.revision)
