"""Names without a code: suggestions a person confirms, one by one or all exact ones at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from pxcore import maps
from pxcore.analysis.joining.matching import matching
from pxcore.model import USUAL_DISCLOSURE
from pxcore.ui import show, state
from pxcore.ui.answers import ask
from pxcore.words import matching as words

NOT_CHOSEN = ""
TAB = "Names without a code"


def link(waiting: int) -> None:
    """The way to where names are matched to codes, as it stands beside other ways out."""
    st.page_link(
        "pages/alignment.py",
        label=f"Match names to codes ({waiting:,} wait)",
        icon=":material/person_search:",
        query_params={"alignment_tab": TAB},
    )


def way_there(sources: Sequence[str]) -> None:
    """Where sources are silent because names wait for a code: how many, and where to say who they are."""
    waiting = words.waiting(ask(matching, USUAL_DISCLOSURE), sources)
    if waiting:
        st.page_link(
            "pages/alignment.py",
            label=f"{waiting}: say who they are",
            icon=":material/person_search:",
            query_params={"alignment_tab": TAB},
        )


def panel() -> None:
    """The list of names, what each may stand for, and the confirming of it."""
    report = ask(matching, USUAL_DISCLOSURE)
    waiting = report.open_names
    done = report.names[report.names["code"] != ""]
    if report.names.empty:
        st.markdown("Every row with a figure carries a code: there is nothing to match.")
        return
    st.markdown(
        f"**{len(waiting)}** name{'s' if len(waiting) != 1 else ''} without a code; "
        f"**{len(done)}** matched. A match holds for every file with that name, and can be undone."
    )
    sure = report.sure
    if len(sure):
        st.button(
            f"Confirm the {len(sure)} that are exactly one organisation's name",
            type="primary",
            icon=":material/done_all:",
            key="confirm_exact",
            on_click=state.confirm,
            args=(list(zip(sure["name"], sure["context"], sure["code"], strict=True)),),
        )
    if len(waiting):
        _open_names(waiting, report.suggestions)
    if len(done):
        _matched(done)


def _open_names(waiting: pd.DataFrame, suggestions: pd.DataFrame) -> None:
    with st.form("match_names", border=True):
        for row in waiting.head(40).itertuples():
            offered = suggestions[
                (suggestions["source"] == row.source)
                & (suggestions["name"] == row.name)
                & (suggestions["context"] == row.context)
            ]
            labels: dict[str, str] = {NOT_CHOSEN: "Not decided"} | {
                str(row.code): f"{row.candidate} ({row.code})"
                + (" – the same name" if row.exact else f" – {row.likeness:.0%} alike")
                for row in offered.itertuples()
            }
            st.selectbox(
                f"**{show.escape(str(row.name))}**"
                + (f" in {show.escape(str(row.context))}" if row.context else "")
                + f" · {maps.source(str(row.source))['short_title']}",
                list(labels),
                format_func=_label_of(labels),
                key=_key(row),
                accept_new_options=True,
                help="Choose the organisation it stands for, or type its code. Undecided, it stays "
                "listed as not joined.",
            )
        if len(waiting) > 40:
            st.caption(f"The first 40 of {len(waiting)}; the rest follow as you confirm.")
        if st.form_submit_button("Confirm those chosen", icon=":material/check:"):
            chosen = [
                (str(row.name), str(row.context), str(state.value_of(_key(row))).strip().upper())
                for row in waiting.head(40).itertuples()
                if state.value_of(_key(row))
            ]
            if chosen:
                state.confirm(chosen)
                st.rerun()
            st.caption("Nothing was chosen.")


def _label_of(labels: dict[str, str]) -> Callable[[str], str]:
    return lambda code: labels.get(code, code)


def _matched(done: pd.DataFrame) -> None:
    with show.folded(f"{len(done)} matched", "matching_matched", ":material/link:") as opened:
        if opened:
            for row in done.itertuples():
                message, undo = st.columns([0.8, 0.2], vertical_alignment="center")
                message.markdown(
                    f"{show.escape(str(row.name))} → **{show.escape(str(row.code))}** "
                    f"({maps.source(str(row.source))['short_title']})"
                )
                undo.button(
                    "Undo",
                    key=f"unmatch {row.source} {row.name} {row.context}",
                    on_click=state.forget,
                    args=(str(row.name), str(row.context)),
                    type="tertiary",
                    icon=":material/undo:",
                )


def _key(row: object) -> str:
    return f"match {row.source} {row.name} {row.context}"  # type: ignore[attr-defined]
