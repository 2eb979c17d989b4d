"""What people decide about series: starting one afresh, setting a target; each with its reason, kept."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pxcore.analysis.time.decisions import set_target, start_afresh, withdraw
from pxcore.analysis.time.trends import TrendsReport
from pxcore.errors import PxError
from pxcore.ui import show, state
from pxcore.ui.answers import finished
from pxcore.words import trends as words
from pxcore.words.columns import Column

WHY = "Why"
WHO = "Who decides"


def panel(report: TrendsReport) -> None:
    """The forms, and every decision so far: nothing is erased, a decision is undone by a later one."""
    titles = report.titles()
    decisions = finished(words.decisions, report)
    standing = decisions[decisions["stands"]]
    with st.expander(
        f"Start a series afresh, or set a target ({len(standing)} in force)",
        icon=":material/edit_calendar:",
        expanded=bool(state.value_of("trends_refused")),
    ):
        refused = state.value_of("trends_refused")
        if refused:
            st.warning(refused, icon=":material/info:")
        if titles:
            afresh, target = st.columns(2)
            with afresh:
                _afresh(report, titles)
            with target:
                _target(report, titles)
        _so_far(report)


def _afresh(report: TrendsReport, titles: dict[str, str]) -> None:
    st.markdown(
        "**Start afresh** where something changed how answers are collected, not care itself."
    )
    source = str(
        st.selectbox("Source", list(titles), format_func=titles.__getitem__, key="trends_afresh_of")
    )
    starts = report.starts(source)
    with st.form("trends_afresh", border=True):
        month = st.selectbox("From", list(starts), format_func=starts.__getitem__)
        reason = st.text_input(
            WHY, placeholder="such as: text messages instead of cards", max_chars=200
        )
        by = st.text_input(WHO, max_chars=80)
        if st.form_submit_button("Start afresh", icon=":material/restart_alt:") and month:
            _keep(lambda: start_afresh(state.store(), report, source, month, reason, by))


def _target(report: TrendsReport, titles: dict[str, str]) -> None:
    st.markdown(
        "**Set a target** and see whether the usual swing lies clear of it. It holds for every "
        "organisation."
    )
    source = str(
        st.selectbox("Source", list(titles), format_func=titles.__getitem__, key="trends_target_of")
    )
    proportion = report.of_source(source).side.unit == "proportion"
    with st.form("trends_target", border=True):
        value = st.number_input(
            "Target, %" if proportion else "Target",
            min_value=0.0,
            max_value=100.0,
            value=90.0 if proportion else 4.0,
            step=1.0 if proportion else 0.1,
            format="%.1f",
        )
        reason = st.text_input(WHY, placeholder="such as: contract 2026-27", max_chars=200)
        by = st.text_input(WHO, max_chars=80)
        if st.form_submit_button("Set the target", icon=":material/flag:"):
            share = value / 100 if proportion else value
            _keep(lambda: set_target(state.store(), report, source, share, reason, by))


def _so_far(report: TrendsReport) -> None:
    decisions = finished(words.decisions, report)
    if decisions.empty:
        st.caption("Nothing has been decided about these series yet.")
        return
    decided = decisions.to_dict("records")
    standing = {
        place: f"{row['of']}: {row['what']} ({row['reason']})"
        for place, row in enumerate(decided)
        if row["stands"]
    }
    if standing:
        with st.form("trends_withdraw", border=True):
            st.markdown("**Undo a decision.** It stays listed, with the reason for undoing it.")
            place = st.selectbox("Decision", list(standing), format_func=standing.__getitem__)
            reason = st.text_input(WHY, max_chars=200)
            by = st.text_input(WHO, max_chars=80)
            if st.form_submit_button("Undo", icon=":material/undo:"):
                decision, owner = decided[int(place or 0)], report.view.owner
                _keep(lambda: withdraw(state.store(), decision, owner, reason, by))
    show.table(
        decisions,
        [
            *(Column.of("at", "happened_at"), Column.of("of", "of_whom")),
            *(Column.of("what", width=270), Column.of("reason", width="medium"), "by", "stands"),
        ],
        key="trends_decisions",
        alt="Every decision on these series, the latest first",
    )


def _keep(decide: Callable[[], None]) -> None:
    """Carry a decision out and draw the page anew; what is refused is said."""
    try:
        decide()
        state.keep("trends_refused", "")
    except PxError as problem:
        state.keep("trends_refused", str(problem))
    st.rerun()
