"""The way through the demonstration in three stops, and the first steps with one's own data."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pxcore.analysis.files.onboarding import Onboarding, Step, onboarding
from pxcore.analysis.files.sources import sources
from pxcore.analysis.joining.choices import Choices
from pxcore.analysis.joining.matching import matching
from pxcore.model import USUAL_DISCLOSURE
from pxcore.ui import filters, show, state
from pxcore.ui.answers import ask
from pxcore.words import onboarding as words

STOP = "tour_stop"  # in session state: the stop somebody is at; None where nobody is led
ASKED = "tour_asked"  # whether the way was taken, or not wanted
_ORDINALS = ("first", "second", "third")
_PAGES = {
    Step.REFERENCE: "pages/sources.py",
    Step.SURVEY: "pages/sources.py",
    Step.FFT: "pages/sources.py",
    Step.COMMUNITY: "pages/sources.py",
    Step.NAMES: "pages/alignment.py",
    Step.ANSWER: "pages/alignment.py",
}


def offer(page: str) -> None:
    """In the sidebar, where the way begins on the demonstration, until somebody has said yes or no."""
    if page != words.TOUR[0][0] or not state.is_demonstration() or state.value_of(ASKED):
        return
    with st.sidebar.container(border=True, key="tour_offer"):
        st.markdown("**New here?** Three stops through the invented data.")
        with st.container(horizontal=True):
            st.button("Show me round", key="tour_begin", on_click=_begin)
            st.button("No, thanks", key="tour_refuse", type="tertiary", on_click=_leave)


def _begin() -> None:
    state.keep(ASKED, True)
    state.keep(STOP, 0)


def _leave() -> None:
    state.keep(ASKED, True)
    state.keep(STOP, None)


def band(page: str) -> None:
    """What is said at the stop a page is, and the ways on and out; from another page, the way back.

    `page` is the file of the page that is drawn.
    """
    stop = state.value_of(STOP)
    if stop is None:
        return
    stops = len(words.TOUR)
    places = [place for place, _ in words.TOUR]
    at_stop = page in places
    if at_stop:
        stop = places.index(page)
        state.keep(STOP, stop)
    last = stop + 1 == stops
    with st.container(border=True, key="tour"):
        explanation, ways = st.columns([0.8, 0.2], vertical_alignment="center")
        explanation.markdown(
            f"**{stop + 1} of {stops}.** {show.escape(words.TOUR[stop][1])}"
            if at_stop
            else f"You are on a way of {stops} stops, at the {_ORDINALS[stop]}."
        )
        with ways, st.container(horizontal=True, vertical_alignment="center"):
            # links keep what is set in the address
            if not at_stop:
                st.page_link(f"pages/{places[stop]}.py", label="Back to it")
            elif not last:
                st.page_link(
                    f"pages/{places[stop + 1]}.py",
                    label="**Next**",
                    icon=":material/arrow_forward:",
                )
            st.button(
                "Done" if at_stop and last else "Leave",
                key="tour_leave",
                type="tertiary",
                on_click=_leave,
            )


def first_steps(choices: Choices, *, answered: bool) -> None:
    """What one's own data still need; nothing on the demonstration, and nothing once all is done."""
    if state.is_demonstration():
        return
    report: Onboarding = onboarding(
        ask(sources, USUAL_DISCLOSURE),
        tuple(choices.sources),
        ask(matching, filters.disclosure()),
        answered=answered,
    )
    if report.complete:
        return
    steps = words.steps(report)
    if report.done[Step.ANSWER]:  # there is something to see, which comes first
        _what_is_left(steps)
        return
    with st.container(border=True, key="first_steps"):
        st.markdown(f"### {show.escape(words.heading(report))}", anchors=False)
        titles = [show.escape(title) for _, done, title, _ in steps if done]
        if titles:
            st.caption(f":material/check_circle: {' · '.join(titles)}")
        _what_is_left(steps)


def _what_is_left(steps: Sequence[tuple[Step, bool, str, str]]) -> None:
    for step, done, title, why in steps:
        if not done:
            st.page_link(
                _PAGES[step],
                label=f"**{show.escape(title)}**: {show.escape(why)}",
                icon=":material/radio_button_unchecked:",
            )
