"""What leaves a workshop: own words once somebody has looked at them, and the record."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.workshop import minutes, notes
from pxcore.analysis.workshop.notes import Words
from pxcore.analysis.workshop.record import Decision
from pxcore.analysis.workshop.workshops import Meeting
from pxcore.publish.sections import record as record_section
from pxcore.store import Store
from pxcore.ui import publishing, show, state
from pxcore.words import minutes as minutes_words
from pxcore.words import record as record_words
from pxcore.words import workshop as words
from pxcore.words.english import counted


def queue(store: Store, meeting: Meeting) -> None:
    """Every note and reason, masked, for somebody to say whether it may leave."""
    listed = notes.own_words(store, meeting)
    waiting = [text for text in listed if text.leaves is None]
    st.markdown(
        f"## {counted(len(waiting), 'text')} to look at" if waiting else "## Nothing to look at",
        anchors=False,
    )
    st.caption(
        "Rules have hidden names, numbers and places; they find most, not all. A text goes into the record "
        "only once somebody has read it here and let it."
    )
    if waiting and st.button("Let all leave that are listed", key="words_all", type="tertiary"):
        for text in waiting:
            notes.review(store, text.number, leaves=True, by=meeting.workshop.made_by)
        st.rerun()
    for text in sorted(listed, key=lambda text: text.leaves is not None):
        _text(store, meeting, text)


def _text(store: Store, meeting: Meeting, text: Words) -> None:
    cell = meeting.workshop.cells[text.cell]
    with st.container(border=True, key=f"words_{text.number}"):
        line, buttons = st.columns([0.72, 0.28], vertical_alignment="center")
        line.markdown(show.escape(text.words))
        line.caption(show.escape(f"{minutes_words.about(text)} · {words.title(cell)}"))
        with buttons, st.container(horizontal=True):
            for leaves, label in ((True, "May leave"), (False, "Stays")):
                st.button(
                    label,
                    key=f"words_{text.number}_{leaves}",
                    type="primary" if text.leaves is leaves else "secondary",
                    on_click=notes.review,
                    args=(store, text.number),
                    kwargs={"leaves": leaves, "by": meeting.workshop.made_by},
                )


def panel(store: Store, meeting: Meeting) -> None:
    """The record, to read and to take along."""
    report = minutes.minutes(store, state.store(), meeting.workshop.workshop)
    if report.waiting:
        st.markdown(
            f":material/info: {counted(report.waiting, 'text waits', 'texts wait')} to be looked at and "
            f"{'is' if report.waiting == 1 else 'are'} not in the record yet."
        )
    publishing.files(
        f"workshop-{meeting.workshop.made_at:%Y-%m-%d}",
        "record",
        lambda extracts: record_section.sections(report, extracts),
        record_section.title(report),
    )
    show.download(record_words.table(report.versions), "decisions", key="record_csv")
    for kept in report.decisions:
        with st.container(border=True, key=f"record_{kept.decision.decision}"):
            st.markdown(f"**{show.escape(record_words.heading(kept.decision))}**")
            rows(kept.decision)
            for version in kept.versions:
                st.caption(show.escape(record_words.version(version)))
    if not report.decisions:
        st.markdown("Nothing is decided yet. What the room said of each question is in the record.")


def rows(decision: Decision) -> None:
    """All that is written down of a decision."""
    st.markdown(
        "  \n".join(
            f"*{heading}:* {show.escape(text)}" for heading, text in record_words.rows(decision)
        )
    )
