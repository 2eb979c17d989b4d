"""What have we loaded, and can we trust it?"""

from datetime import date

import streamlit as st

from pxcore.analysis.files.sources import sources
from pxcore.analysis.pairs.coverage import coverage
from pxcore.ui import exact, filters, history, layouts, loading, messages, show, state
from pxcore.ui.answers import Answer, ask
from pxcore.words import sources as words
from pxcore.words.columns import Column

show.title("What have we loaded, and can we trust it?")
with messages.guard():
    report = ask(sources, filters.disclosure())
    answer = Answer(report)
    own = not state.is_demonstration()
    show.headline(answer(words.summary), answer(words.limits, own))
    if state.is_demonstration():
        st.markdown(
            ":gray[This is the demonstration, never mixed with yours. To load your own files, choose "
            "**Our data** at the top of the sidebar.]"
        )
    else:
        loading.panel()
    if report.extracts.empty:
        if not state.is_demonstration():
            st.header("Remembered layouts", anchor=False)
            layouts.panel()
        st.stop()
    history.to_look_at(report)
    exact.panel()
    each, files, changes, remembered, reference = st.tabs(
        ["By source", "Files", "History", "Layouts", "Reference"]
    )
    with each:
        history.by_source(
            report,
            ask(coverage, filters.disclosure()),
            filters.disclosure(),
            date.today() if own else None,
        )
    with files:
        show.figures(answer(words.figures))
        history.files(report)
    with changes:
        history.changes(report)
    with remembered:
        if state.is_demonstration():
            st.markdown("Layouts are remembered in your own data.")
        else:
            layouts.panel()
    with reference:
        st.markdown(
            "Organisations, who belongs to whom, and who became whom. They decide which rows join."
        )
        show.table(
            report.reference,
            ["kind", Column.of("detail", "grain"), Column.of("rows", "known")],
            key="sources_reference",
            alt="How much reference data is known",
        )
    show.how(
        "A file is recognised by its headings and read whole; every fault is listed at once. A file "
        "with an error is not loaded at all: it is all or nothing. The same contents are never loaded "
        "twice. A newer file replaces an older one for the figures both hold, and the older ones "
        "speak again if the newer is taken out.",
        f"The database is at `{report.path}`. Uploaded files are kept nowhere else.",
    )
