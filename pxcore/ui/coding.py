"""Coding comments by hand: one at a time, with the keyboard."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.comments import coding as asked
from pxcore.analysis.comments.coding import SENTIMENTS, ToCode, themes_to_give
from pxcore.analysis.comments.themes import ThemesQuestion
from pxcore.ui import comments, show, state
from pxcore.ui.answers import ask, finished
from pxcore.words import coding as words

# One key a theme, in the order of the keyboard; C and R are Streamlit's own.
KEYS = "1234567890QWETYUIOPASDFGHJKL"
FEELING_KEYS = {"positive": "V", "neutral": "B", "negative": "N"}


def panel(question: ThemesQuestion) -> None:
    """Choose a source, say who codes, and code."""
    sources = finished(words.sources, ask(asked.sources_to_code, question))
    if not sources:
        st.markdown(
            "There is nothing to code: no comments with their words are loaded, or too few people wrote "
            "them."
        )
        return
    who, source, again = st.columns([0.3, 0.4, 0.3], vertical_alignment="bottom")
    # not bound to the address: a name is no part of a view
    coder = who.text_input(
        "Your name",
        key="coder",
        persist_state="session",
        max_chars=60,
        help="Kept with every code.",
    )
    chosen = source.selectbox(
        "Comments of", list(sources), format_func=sources.__getitem__, key="coding_source"
    )
    second = again.toggle(
        "Second coder",
        key="coding_again",
        help="Only comments that somebody else has coded: so that two people's codes can be held "
        "against each other.",
    )
    if coder and coder.strip() and chosen:
        _waiting_comment(question, str(chosen), coder.strip(), bool(second))
    else:
        st.caption(
            "Type your name to begin. Comments are shown without the organisation or the date, so that those "
            "that may not be read beside their organisation can be coded too. What a supplier coded stands: "
            "your codes of such comments are held against it, and count where nobody has coded."
        )
    if chosen:
        _agreement(question, str(chosen))


@st.fragment
def _waiting_comment(question: ThemesQuestion, source: str, coder: str, again: bool) -> None:
    """The comment, its themes as keys, and what to do with it. Only this part runs again."""
    waiting = asked.next_comment(state.store(), question, source, coder, again=again)
    if waiting is None:
        st.markdown(
            "No comment of this source that somebody else has coded is left for you."
            if again
            else "You have been through every comment of this source."
        )
        _undo(coder)
        return
    with st.container(border=True):
        st.markdown(f"### {comments.as_written(waiting.comment)}", anchors=False)
        done = f"{waiting.done:,} of this source done by you"
        st.caption(" · ".join(part for part in (waiting.service, done) if part))
    given = state.value_of("coding_given", [])
    felt = state.value_of("coding_felt", "")
    with st.container(horizontal=True, gap="small"):
        for theme, key in zip(themes_to_give(), KEYS, strict=False):
            st.button(
                theme,
                key=f"code {theme}",
                shortcut=key,
                type="primary" if theme in given else "secondary",
                on_click=_toggle,
                args=(theme,),
            )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for feeling in SENTIMENTS:
            st.button(
                feeling.capitalize(),
                key=f"felt {feeling}",
                shortcut=FEELING_KEYS[feeling],
                type="primary" if feeling == felt else "secondary",
                on_click=state.keep,
                args=("coding_felt", "" if feeling == felt else feeling),
            )
        st.space("stretch")
        st.button(
            "Keep, next" if given else "No theme, next",
            key="code_keep",
            shortcut="Enter",
            icon=":material/check:",
            type="primary",
            on_click=_keep,
            args=(waiting, coder),
        )
        st.button("Skip", key="code_skip", shortcut="Right", on_click=_skip, args=(waiting, coder))
        _undo(coder)


def _undo(coder: str) -> None:
    st.button("Undo the last", key="code_undo", shortcut="Left", on_click=_take_back, args=(coder,))


def _toggle(theme: str) -> None:
    given = state.value_of("coding_given", [])
    state.keep(
        "coding_given",
        [name for name in given if name != theme] if theme in given else [*given, theme],
    )


def _clear() -> None:
    state.keep("coding_given", [])
    state.keep("coding_felt", "")


def _keep(waiting: ToCode, coder: str) -> None:
    given, felt = state.value_of("coding_given", []), state.value_of("coding_felt", "")
    asked.code(state.store(), waiting, coder, given, felt)
    _clear()


def _skip(waiting: ToCode, coder: str) -> None:
    asked.skip(state.store(), waiting, coder)
    _clear()


def _take_back(coder: str) -> None:
    asked.undo(state.store(), coder)
    _clear()


def _agreement(question: ThemesQuestion, source: str) -> None:
    report = ask(asked.coding, question, source)
    with st.expander("How alike do two people code?", icon=":material/group:"):
        st.markdown(show.escape(finished(words.summary, report)))
        for sentence in finished(words.agreement, report):
            st.markdown(f"- {show.escape(sentence)}")
        if len(report.agreement):
            show.table(
                finished(words.table, report),
                ["coders", "theme", "both", "match", "kappa", "ac1"],
                key="coding_agreement",
                alt="Each theme: how often two coders gave it alike, with kappa, AC1 and their ranges",
            )  # fmt: skip
        st.caption("What is kept now counts when the page is opened anew or another tab is chosen.")
