"""Which organisations move, on one source at a time."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.time.history import AREAS
from pxcore.analysis.time.trends import TrendsReport
from pxcore.ui import show, state
from pxcore.ui.answers import finished
from pxcore.words import movers as words

MOST_AT_ONCE = 1000  # organisations looked at unasked: a few hundred take a second


def in_brief(report: TrendsReport, organisations: int) -> None:
    """How many organisations move on the first source, muted; nothing where they are looked at on demand."""
    titles = report.by_month()
    if not titles or organisations > MOST_AT_ONCE:
        return
    movers = state.movers(report, next(iter(titles)))
    if movers is not None and len(movers.shown):
        st.markdown(f":gray[{show.escape(finished(words.in_brief, movers))}]")


def panel(report: TrendsReport, organisations: int) -> None:
    """The organisations that rise or fall beyond chance, and all others below them."""
    titles = report.by_month()
    if not titles:
        return
    st.header("Which of them move?", anchor=False)
    if organisations > MOST_AT_ONCE and not st.toggle(
        f"Look at each of up to {organisations:,}: takes a while",
        key="trends_each",
        bind="query-params",
    ):
        return
    if len(titles) > 1:
        chosen = st.segmented_control(
            "On which source",
            list(titles),
            default=next(iter(titles)),
            format_func=titles.__getitem__,
            required=True,
            key="trends_movers",
            bind="query-params",
        )
    else:
        chosen = next(iter(titles))
    source = chosen if chosen in titles else next(iter(titles))
    movers = state.movers(report, source)
    if movers is None:
        return
    st.markdown(show.escape(finished(words.summary, movers)))
    rows = finished(words.table, movers)
    if rows.empty:
        return
    show.table(
        rows,
        {
            "name": st.column_config.TextColumn("Organisation", width=270, pinned=True),
            "way": st.column_config.TextColumn("Direction", width=120),
            "a_year": st.column_config.TextColumn("Points a year (95 % range)", width=190),
            "q_value": st.column_config.NumberColumn(
                "Chance (q)",
                format="%.2g",
                width=85,
                help=show.CHANCE_HELP,
            ),
            "points": st.column_config.NumberColumn("Months", width=75),
            "answers": st.column_config.NumberColumn("Answers", format="localized", width=90),
        },
        key="trends_movers_table",
        alt="Every organisation with its direction, the slope with its range and the answers behind it",
        height=300,
    )
    if finished(words.alone, movers):
        st.caption(show.escape(finished(words.alone, movers)))
    hidden = ["in_area", "a_year", *AREAS]
    show.download(rows.drop(columns=hidden), "directions", key="trends_movers_csv")
