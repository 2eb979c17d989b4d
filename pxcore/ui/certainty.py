"""What would settle it, and whether the probabilities come true here: asked for by a button each."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.judging.checks import checks as three_checks
from pxcore.analysis.pairs import settling as further_answers
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.pairs.settling import LEAST, MOST_ANSWERS, USUAL
from pxcore.analysis.time import lasting as question
from pxcore.model import Pairing
from pxcore.stats.settling import Side
from pxcore.ui import filters, messages, show, state
from pxcore.ui.answers import ask, finished
from pxcore.words import certainty as certainty_words
from pxcore.words import checks as checks_words
from pxcore.words import lasting as lasting_words
from pxcore.words import settling as words
from pxcore.words.columns import Column

SETTLING, CHECKS = "settling_asked", "checks_asked"


def lasting(pairing: Pairing) -> None:
    """How much of a difference is still there a year later."""
    with st.container(border=True):
        st.markdown("### Does it last?", anchors=False)
        report = ask(question.lasting, replace(pairing, area=""))
        st.markdown(show.escape(finished(lasting_words.summary, report)))
        st.caption(lasting_words.limits())


def settling(report: CertaintyReport) -> None:
    """How many more answers would settle what could be either, and where to ask a number of them."""
    sides = {Side.RIGHT: report.right.short_title, Side.LEFT: report.left.short_title}
    st.caption(
        "Of the organisations that could be either: what more answers to one of the two sources would "
        "tell, and where to ask first. It takes half a minute, once."
    )
    which, many = st.columns([0.4, 0.6])
    side = which.segmented_control(
        "More answers to",
        list(sides),
        default=Side.RIGHT,
        required=True,
        format_func=sides.__getitem__,
        key="settling_side",
    )
    budget = many.slider(
        "Answers we could still collect",
        LEAST,
        MOST_ANSWERS,
        USUAL,
        step=LEAST,
        key="settling_budget",
    )
    if not _wanted(SETTLING, "Work it out"):
        return
    further = ask(further_answers.settling, report.alignment.pairing, side)
    st.markdown(f"**{show.escape(finished(words.summary, further, budget))}**")
    st.caption(show.escape(finished(words.limits, further)))
    rows = finished(words.table, further, budget)
    if rows.empty:
        return
    show.table(
        rows,
        ["name", Column.of("likely", width=220), "asked", "outlook"],
        key="settling_table",
        pin=True,
        alt="Each organisation that could be either, with how many answers to ask there",
        height=300,
    )
    show.download(rows, "what-would-settle-it", key="settling_download", marks=report.marks)


def _wanted(key: str, label: str) -> bool:
    """Draw the button that starts it, or the one that puts it away; whether it is asked for."""
    if not state.value_of(key):
        st.button(label, on_click=state.keep, args=(key, True), key=f"{key}_button")
        return False
    st.button(
        "Stop and put away",
        on_click=state.keep,
        args=(key, False),
        type="tertiary",
        key=f"{key}_away",
    )
    return True


def checks() -> None:
    """The three checks of the two sources chosen, on Methods."""
    choices = state.choices()
    if len(choices.sources) < 2:
        messages.empty(
            "Nothing to check yet",
            "Load two sources that speak of the same organisations, or choose **Demonstration** on any page.",
        )
        return
    pairing = filters.pairing(choices)
    likely = ask(divergence, pairing).certainty
    st.markdown(show.escape(finished(certainty_words.summary, likely)))
    if likely.status != "ok":
        return
    st.markdown(show.escape(finished(certainty_words.alike, likely)))
    otherwise = finished(certainty_words.alike_otherwise, likely, ask(agreement, pairing))
    if otherwise:
        st.markdown(show.escape(otherwise))
    st.caption(
        "Three checks say how far such probabilities can be relied on for these two sources. They take a "
        "minute or two, once."
    )
    if not _wanted(CHECKS, "Run the three checks"):
        return
    report = ask(three_checks, replace(pairing, area=""))
    st.markdown(f"**{show.escape(finished(checks_words.summary, report))}**")
    st.caption(show.escape(finished(checks_words.limits, report)))
    show.table(
        finished(checks_words.designs, report),
        [Column.of("invented_data", width="large"), "claimed", "right", "sets"],
        key="checks_table",
        alt=finished(checks_words.summary, report),
    )
    st.markdown("### Differences planted in these data", anchors=False)
    for sentence in finished(checks_words.planted, report):
        st.markdown(f"- {show.escape(sentence)}")
    st.markdown("### Half of the months against the rest", anchors=False)
    for sentence in finished(checks_words.history, report):
        st.markdown(f"- {show.escape(sentence)}")
    show.how(*checks_words.method())
