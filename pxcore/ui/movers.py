"""Which organisations changed from one year to the next, on every source that covers two."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pxcore.analysis.time.movers import MoversReport, movers
from pxcore.analysis.time.trends import TrendsReport
from pxcore.ui import filters, show
from pxcore.ui.answers import ask, finished
from pxcore.words import movers as words
from pxcore.words.columns import Column

KEY = "trends_movers_table"
MOST_AT_ONCE = 1000  # organisations looked at unasked: a few hundred take a second


def report_of(report: TrendsReport, organisations: int) -> MoversReport | None:
    """Who changed; None where so many are looked at on demand alone, and none is demanded."""
    if organisations > MOST_AT_ONCE and not st.toggle(
        f"Look at each of up to {organisations:,}: takes a while",
        key="trends_each",
        bind="query-params",
    ):
        return None
    return ask(movers, report)


def panel(report: MoversReport) -> None:
    """Every organisation with what each source said a year ago and now, those that changed first; one that
    is picked is looked at."""
    if not report.sources:
        return
    st.header("Which of them changed?", anchor=False)
    rows = finished(words.screen, report)

    def look_at_it() -> None:
        place = show.place_of(KEY)
        if place is not None:
            filters.look_at(str(rows["unit"].iloc[place]))

    show.table(
        rows,
        [
            Column.of("name", width=225),
            *(
                Column.of(
                    moves.side.source,
                    "each",
                    moves.side.short_title,
                    width=248,
                    help=f"{moves.before} and {moves.after}, and the change with its 95 % range in "
                    "points; ▲ and ▼ beyond chance, all tested together",
                )
                for moves in report.sources
            ),
        ],
        pin=True,
        key=KEY,
        alt="Every organisation with what each source said a year ago and now, those that changed first",
        height=215,
        select=look_at_it,
    )


def way_to_first(report: MoversReport) -> None:
    """To the organisation that the headline names first."""
    for unit in report.changed_in_two[:1]:
        st.button(
            f"Look at {show.escape(report.names[unit])}",
            icon=":material/arrow_forward:",
            key="trends_first_mover",
            on_click=filters.look_at,
            args=(unit,),
            width="stretch",
        )


def counts(report: MoversReport) -> None:
    """How many of each source, whom it leaves out, and the rows for elsewhere."""
    for sentence in finished(words.notes, report):
        st.markdown(f"- {show.escape(sentence)}")
    show.download(
        partial(finished, words.table, report), "changes-by-organisation", key="trends_movers_csv"
    )
