"""Exact figures of single responses, for the person who owns the data, on the own computer alone.

Off at every start. While they are on, every page says so, and nothing leaves: no download, no print.
"""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.masking import note_masked
from pxcore.ui import hosts, state

BAND = (
    "Exact figures of single responses, for this computer alone: do not show, copy or pass on this page. "
    "Downloads and print are off."
)
NOTHING_LEAVES = "Nothing leaves while exact figures are on: switch them off on the Sources page."
# Where somebody prints all the same: the words, and no figure.
NO_PRINT = (
    "<style>@media print { [data-testid='stApp'] { display: none !important; } "
    f"body::before {{ content: '{NOTHING_LEAVES}'; }} }}</style>"
)
# Streamlit's own button above every chart, which no option takes away.
NO_PICTURE = (
    "<style>[data-testid='stElementToolbarButton']:has(button[aria-label^='Download']) "
    "{ display: none !important; }</style>"
)


def is_offered() -> bool:
    """Own data alone, and only where this server answers to nobody but this computer."""
    return not state.is_demonstration() and (st.get_option("server.address") in hosts.LOOPBACK)


def is_on() -> bool:
    return is_offered() and st.session_state.get("exact_figures") is True


def band() -> None:
    """On every page while they are on."""
    if is_on():
        st.warning(BAND, icon=":material/visibility:")
        st.html(NO_PRINT + NO_PICTURE)


def panel() -> None:
    """The switch, with whom and why; kept in the history."""
    if not is_offered():
        return
    with st.expander("Exact figures on this computer", icon=":material/visibility:"):
        if is_on():
            st.markdown("They are on until you switch them off, or close this window.")
            st.button("Switch off exact figures", key="exact_off", on_click=_switch, args=(False,))
            return
        st.markdown(
            "Counts of single responses are shown with a small noise, so that nobody can be found by "
            "comparing views. Whoever owns the data may see them as they are. Every page then says so, "
            "nothing can be downloaded or printed, and who switched them on and why stays in the history."
        )
        with st.form("exact_form", border=False):
            st.text_input("Your name", key="exact_by", max_chars=80)
            st.text_input("What you need them for", key="exact_reason", max_chars=200)
            st.form_submit_button("Show exact figures", on_click=_switch, args=(True,))
        if st.session_state.get("exact_missing"):
            st.error("Give your name and what you need them for: both are kept in the history.")


def _switch(on: bool) -> None:
    by, reason = (
        " ".join(str(st.session_state.get(name) or "").split())
        for name in ("exact_by", "exact_reason")
    )
    st.session_state["exact_missing"] = on and not (by and reason)
    if st.session_state["exact_missing"]:
        return
    if on:
        st.session_state["exact_shown_to"] = by
    st.session_state["exact_figures"] = on
    shown_to, data = st.session_state["exact_shown_to"], state.store()
    if on:
        data.note("exact figures shown", f"by {shown_to}: {note_masked(data, reason)}")
    else:
        data.note("exact figures switched off", f"by {shown_to}")
