"""What two sources are split by, and the map of groups as a person may change it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pxcore import maps
from pxcore.analysis.joining import bands as bands_question
from pxcore.analysis.joining.bands import BandChange
from pxcore.analysis.joining.selection import DIMENSIONS
from pxcore.analysis.pairs.group_report import GroupsReport
from pxcore.errors import PxError
from pxcore.ui import filters, show, state
from pxcore.words import bands
from pxcore.words import group_tables as tables
from pxcore.words.columns import Column
from pxcore.words.english import joined

KEY = "group_by"
MOST_PAIRS = 2  # of other sources, each a link
MOST_NAMED = 3  # of what they record, in a link


def choose(offered: Mapping[str, str]) -> str:
    """Draw what these two sources can be split by; the one chosen, "" where there is none."""
    if not offered:
        return ""
    held = state.value_of(KEY)
    if held is not None and held not in offered:  # of another pair
        state.keep(KEY, next(iter(offered)))
    if len(offered) == 1:
        (only,) = offered
        return only
    chosen = st.radio(
        "Split by",
        list(offered),
        format_func=offered.__getitem__,
        key=KEY,
        bind="query-params",
        horizontal=True,
    )
    return str(chosen) if chosen in offered else next(iter(offered))


def elsewhere(report: GroupsReport) -> None:
    """The first other pairs of sources that record who answered, each a link away; shown where these two do
    not."""
    with st.container(horizontal=True):
        for left, right, dimensions in report.elsewhere()[:MOST_PAIRS]:
            titles = joined([maps.source(name)["short_title"] for name in (left, right)])
            shared = [DIMENSIONS[dimension] for dimension in dimensions]
            more = len(shared) - MOST_NAMED
            named = joined([*shared[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])])
            st.page_link(
                "pages/groups.py",
                label=f"By {named}: {titles}",
                icon=":material/groups:",
                query_params=filters.pair_link(left, right),
                help=f"By {joined(shared)}",
            )


def editor(report: GroupsReport) -> None:
    """The groups of a dimension, the band each counts in, and a way to change that for this database."""
    counts = [
        f"{len(report.unplaced)} not placed" if report.unplaced else "",
        f"{len(report.changes)} changed" if report.changes else "",
    ]
    state_of_map = ", ".join(filter(None, counts))
    with st.expander(
        f"Which groups count as one? ({state_of_map})"
        if state_of_map
        else "Which groups count as one?",
        icon=":material/merge_type:",
        key="groups_map_open",  # it stays open when its label tells of a change
    ):
        st.markdown(
            "Sources name groups in their own categories; here they are joined to those that several "
            "sources can supply. You may join or split them for your own database. Every page that asks "
            "for groups follows; the shipped map stays as it is."
        )
        table, changing = st.columns([0.62, 0.38])
        with table:
            show.table(
                tables.map_table(report),
                [
                    *(Column.of("group", "as_named"), Column.of("band", "counts_as"), "shipped"),
                    Column.of("owner", "named_by"),
                ],
                key="groups_map",
                alt="Each group as sources name it, what it counts as, and what in the shipped map",
            )
            st.caption(
                "A source's own words that fewer than 5 people used are not listed; they count as not told."
            )
        with changing:
            _form(report)
        for place, change in enumerate(report.changes):
            text, undo = st.columns([0.85, 0.15], vertical_alignment="center")
            text.markdown(f"- {show.escape(bands.change(change))}")
            undo.button(
                "Undo",
                icon=":material/undo:",
                key=f"groups_undo_{place}",
                on_click=_take_back,
                args=(change,),
            )
        if len(report.changes) > 1:
            st.button(
                "Back to the shipped map",
                icon=":material/undo:",
                key="groups_back",
                on_click=_back_to_shipped,
                args=(report.group_by, (report.left.source, report.right.source)),
            )


def _take_back(change: BandChange) -> None:
    bands_question.take_back(state.store(), (change,), "")


def _back_to_shipped(dimension: str, sources: tuple[str, ...]) -> None:
    bands_question.back_to_shipped(state.store(), dimension, sources, "")


def _form(report: GroupsReport) -> None:
    with st.form("groups_change", border=True, clear_on_submit=True):
        groups = st.multiselect(
            "Count these groups",
            list(dict.fromkeys(report.map_rows["group"])),
            default=list(report.unplaced),
            key="groups_which",
        )
        band = st.selectbox(
            "as",
            list(dict.fromkeys(report.map_rows["band"])),
            index=None,
            placeholder="Choose a group, or write the name of a new one",
            accept_new_options=True,
            key="groups_band",
        )
        titles = tables.owners(report)
        source = st.radio(
            "named by",
            list(titles),
            format_func=titles.__getitem__,
            horizontal=True,
            key="groups_source",
            help="Two sources may mean other people by the same word, such as a survey in which fifth 1 is "
            "the least deprived.",
        )
        by = st.text_input("Who decides", max_chars=60, key="groups_by")
        reason = st.text_input("Why", max_chars=200, key="groups_reason")
        if st.form_submit_button("Count them so"):
            if not groups or not (band or "").strip():
                st.warning("Choose the groups, and what they count as.", icon=":material/info:")
                return
            try:
                moved = bands_question.keep(
                    state.store(),
                    report.group_by,
                    {str(group): str(band) for group in groups},
                    by,
                    reason,
                    str(source),
                )
            except PxError as problem:
                st.warning(show.escape(f"{problem.what} {problem.fix}"), icon=":material/info:")
                return
            if moved:
                st.rerun()
            st.info(_so_already(report, groups, str(band), str(source)), icon=":material/info:")


def _so_already(report: GroupsReport, groups: list[str], band: str, source: str) -> str:
    """Nothing was changed; of which source it is otherwise, because it has a change of its own."""
    otherwise = {
        maps.source(change.source)["short_title"]
        for change in report.changes
        if not source and change.source and change.group in groups and change.band != band
    }
    if not otherwise:
        return "They count so already."
    return (
        f"They count so already, but for {joined(sorted(otherwise))}, by a change of its own: undo that, or "
        "choose the source."
    )
