"""Would other reasonable choices change the verdict? Asked for by a button, since it takes seconds."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.judging.robustness import robustness
from pxcore.analysis.pairs.agreement import agreement
from pxcore.charts import divergence as charts
from pxcore.charts import what_if as what_if_charts
from pxcore.model import Pairing
from pxcore.ui import show, state
from pxcore.ui.answers import ask, finished
from pxcore.words import robustness as words

WANTED = "robustness_asked"
OFFER = (
    "Other scales, floors, months, weights, rates and ways to count comments, in every combination. It takes "
    "some seconds, once."
)


def _wanted() -> bool:
    """Draw the button that tries them, or the one that puts them away; whether they are asked for."""
    if not state.value_of(WANTED):
        st.caption(OFFER)
        st.button("Try them all", on_click=state.keep, args=(WANTED, True), key="robustness_try")
        return False
    # pressed while they are being tried, it stops the trying
    st.button("Stop and put away", on_click=state.keep, args=(WANTED, False), type="tertiary")
    return True


def strip(pairing: Pairing) -> None:
    """How every verdict stands up to other choices, and which choice flips most; worked out on demand."""
    with st.container(border=True):
        if not _wanted():
            return
        report = ask(robustness, pairing)
        text = f"{finished(words.summary, report)} {finished(words.decisive, report)}".strip()
        st.markdown(show.escape(text))
        show.chart(
            what_if_charts.strip,
            report,
            key="what_if_strip",
            alt=text,
            rests_on=ask(agreement, pairing),
        )


def panel(pairing: Pairing, unit: str) -> None:
    """The share of specifications with the same verdict, what flips it, and all of them drawn."""
    with st.container(border=True):
        st.markdown("### Would other reasonable choices change it?", anchors=False)
        if not _wanted():
            return
        report = ask(robustness, pairing)
        text, summary = finished(words.of_one, report, unit), finished(words.summary, report)
        st.markdown(show.escape(text or "This organisation was not judged."))
        st.caption(show.escape(summary))
        if text:
            show.chart(
                charts.specifications,
                report,
                unit,
                key="divergence_specifications",
                alt=f"{text} {summary}",
                rests_on=ask(agreement, pairing),
            )
