"""What leaves a workshop: own words once somebody has looked at them, and the record."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.workshop import record, workshops
from pxcore.analysis.workshop.record import Decision
from pxcore.analysis.workshop.room import round_report
from pxcore.analysis.workshop.workshops import AgendaCell, Meeting, Words
from pxcore.store import Store
from pxcore.ui import exact, show, state
from pxcore.ui.html_pages import filled
from pxcore.words import record as record_words
from pxcore.words import workshop as words
from pxcore.words.english import counted, dated


def queue(store: Store, meeting: Meeting) -> None:
    """Every note and reason, masked, for somebody to say whether it may leave."""
    listed = workshops.own_words(store, meeting)
    waiting = [text for text in listed if text.leaves is None]
    st.markdown(
        f"### {counted(len(waiting), 'text')} to look at" if waiting else "### Nothing to look at",
        anchors=False,
    )
    st.caption(
        "Rules have hidden names, numbers and places; they find most, not all. A text goes into the record "
        "only once somebody has read it here and let it."
    )
    if waiting and st.button("Let all leave that are listed", key="words_all", type="tertiary"):
        for text in waiting:
            workshops.review(store, text.number, leaves=True, by=meeting.workshop.made_by)
        st.rerun()
    for text in sorted(listed, key=lambda text: text.leaves is not None):
        _text(store, meeting, text)


def _text(store: Store, meeting: Meeting, text: Words) -> None:
    cell = meeting.workshop.cells[text.cell]
    with st.container(border=True, key=f"words_{text.number}"):
        line, buttons = st.columns([0.72, 0.28], vertical_alignment="center")
        line.markdown(show.escape(text.words))
        line.caption(show.escape(f"{_about(text)} · {words.title(cell)}"))
        with buttons, st.container(horizontal=True):
            for leaves, label in ((True, "May leave"), (False, "Stays")):
                st.button(
                    label,
                    key=f"words_{text.number}_{leaves}",
                    type="primary" if text.leaves is leaves else "secondary",
                    on_click=workshops.review,
                    args=(store, text.number),
                    kwargs={"leaves": leaves, "by": meeting.workshop.made_by},
                )


def _about(text: Words) -> str:
    """What somebody's words are."""
    if text.kind is None:
        said = words.ANSWERS[text.answer] if text.answer else ""
        return f"Why somebody said “{said}”, round {text.round}"
    return words.KINDS[text.kind] + (f" ({text.by})" if text.by else "")


def panel(store: Store, meeting: Meeting) -> None:
    """The record, to read and to take along."""
    versions = record.versions(store, meeting.workshop.workshop)
    waiting = sum(text.leaves is None for text in workshops.own_words(store, meeting))
    if waiting:
        st.markdown(
            f":material/info: {counted(waiting, 'text waits', 'texts wait')} to be looked at and "
            f"{'is' if waiting == 1 else 'are'} not in the record yet."
        )
    synthetic = state.is_demonstration()
    name = f"{'synthetic-' if synthetic else ''}workshop-{meeting.workshop.made_at:%Y-%m-%d}"
    with st.container(horizontal=True):
        st.download_button(
            "Download the record",
            data=lambda: as_page(store, meeting, synthetic=synthetic).encode("utf-8"),
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/description:",
            on_click="ignore",
            key="record_download",
            disabled=exact.is_on(),
            help=exact.NOTHING_LEAVES
            if exact.is_on()
            else "One file: opens in any browser, prints.",
        )
        show.download(record_words.table(versions), "decisions", key="record_csv")
    for decision in record.decisions(store, meeting.workshop.workshop):
        with st.container(border=True, key=f"record_{decision.decision}"):
            st.markdown(f"**{show.escape(record_words.heading(decision))}**")
            rows(decision)
            for version in versions:
                if version.decision == decision.decision:
                    st.caption(show.escape(record_words.version(version)))
    if not versions:
        st.markdown("Nothing is decided yet. What the room said of each question is in the record.")


def rows(decision: Decision) -> None:
    """All that is written down of a decision."""
    st.markdown(
        "  \n".join(
            f"*{heading}:* {show.escape(text)}" for heading, text in record_words.rows(decision)
        )
    )


def as_page(store: Store, meeting: Meeting, *, synthetic: bool) -> str:
    """The record as one page of HTML that needs nothing else."""
    workshop = meeting.workshop
    return filled(
        "record.html",
        title=workshop.title,
        synthetic=synthetic,
        made=f"Frozen on {dated(workshop.made_at.date())} by {workshop.made_by}",
        frozen=f"data at revision {workshop.revision}, fingerprint {workshop.frozen_key[:16]}",
        people=words.joined_so_far(len(meeting.present)),
        cells=[_cell(store, meeting, cell) for cell in workshop.cells if cell.facts],
    )


def _cell(store: Store, meeting: Meeting, cell: AgendaCell) -> dict[str, object]:
    facts = cell.facts
    assert facts is not None
    rounds = []
    for round_ in (1, 2):
        report = round_report(meeting, cell.cell, round_)
        if report.tally.people:
            moved = [] if report.movement is None else words.movement(report.movement)
            lines = [*words.room(report), *moved, *words.roles(report, meeting.workshop.floor)]
            rounds.append((round_, words.counts(report.tally), lines))
    of_cell = [
        decision
        for decision in record.decisions(store, meeting.workshop.workshop)
        if decision.cell == cell.cell
    ]
    versions = record.versions(store, meeting.workshop.workshop)
    return {
        "name": words.title(cell),
        "subject": words.subject(cell),
        "figures": [words.figure(source) for source in facts.sources],
        "likely": words.likely(facts),
        "learnt": words.learnt(facts),
        "marks": words.marks(facts),
        "rounds": rounds,
        "texts": [
            (_about(text), text.words)
            for text in workshops.own_words(store, meeting)
            if text.cell == cell.cell and text.leaves
        ],
        "decisions": [
            {
                "heading": record_words.heading(decision),
                "rows": record_words.rows(decision),
                "versions": [
                    record_words.version(version)
                    for version in versions
                    if version.decision == decision.decision
                ],
                "reviews": [
                    record_words.reviewed(review)
                    for review in record.reviews(store)
                    if review.decision == decision.decision
                ],
            }
            for decision in of_cell
        ],
    }
