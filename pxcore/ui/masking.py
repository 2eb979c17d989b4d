"""The names to mask, and what was masked."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis import masking as question
from pxcore.ui import show, state
from pxcore.ui.answers import ask
from pxcore.ui.memory import with_progress
from pxcore.words import masking as words
from pxcore.words.english import counted

ANEW = "Masking anew"  # every comment, when the list changes


def panel() -> None:
    """List names; take one off again; see what was masked."""
    report = ask(question.masking)
    st.markdown(show.escape(words.summary(report)))
    st.caption(show.escape(words.LIMITS))
    left, right = st.columns(2)
    with left, st.form("names_to_mask", border=True, clear_on_submit=True):
        by = st.text_input("Your name", key="masking_by", max_chars=60)
        listed = st.text_area(
            "Names to mask, one a line",
            key="masking_names",
            placeholder="Staff who are named in comments",
            help="Each is masked in every comment, now and in files loaded later, in any case and "
            "spacing. The list stays on this computer.",
        )
        if st.form_submit_button("Mask these names", icon=":material/visibility_off:"):
            _add((listed or "").splitlines(), (by or "").strip())
    with right:
        if len(report.names):
            many = len(report.names)
            st.markdown(f"**{counted(many, 'name')}** {'is' if many == 1 else 'are'} listed.")
            name = st.selectbox(
                "Listed", list(report.names["name"]), index=None, placeholder="Look up a name",
                key="masking_listed",
            )  # fmt: skip
            if name:
                row = report.names[report.names["name"] == name].iloc[0]
                st.caption(
                    show.escape(f"Listed by {row['changed_by']}, {row['changed_at']:%d %B %Y}.")
                )
                st.button(
                    "Take it off the list",
                    key="masking_off",
                    on_click=_take_off,
                    args=(name, "the app's user"),
                )
        else:
            st.markdown(
                "No names are listed yet. Titles with names are masked without being listed."
            )
        show.table(
            words.table(report),
            ["detail", "masked_people"],
            key="masked_counts",
            alt="In the comments of how many people each kind of detail was masked",
        )


def _take_off(name: str, by: str) -> None:
    with_progress(
        ANEW,
        lambda progress: question.unlist_name(state.store(), name, by, progress=progress),
    )


def _add(names: list[str], by: str) -> None:
    if not by:
        st.warning("Say who you are: the list keeps who put a name on it.")
        return
    new = with_progress(
        ANEW,
        lambda progress: question.list_names(state.store(), names, by, progress=progress),
    )
    if new:
        st.rerun()
    st.info("No new name: those are on the list already.")
