"""The facilitator's page: a workshop is chosen or made, and led."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop import admission, frozen, workshops
from pxcore.analysis.workshop.agenda import Purpose, Suggestion, suggestions
from pxcore.analysis.workshop.workshops import Meeting
from pxcore.errors import PxError
from pxcore.model import Scope
from pxcore.store import Store
from pxcore.ui import deciding, leading, minutes, people, show, state
from pxcore.ui.answers import ask, finished
from pxcore.words import methods
from pxcore.words import overview as overview_words
from pxcore.words import workshop as words
from pxcore.words.english import counted, dated

RUNS = timedelta(hours=12)  # so long after it was made, a workshop is led unless another is chosen
PICKED = "workshop_picked"  # in session state: organisations added to the agenda by hand
REFUSED = "workshop_refused"
MADE = "workshop_made"  # in session state: the one just made, to be led from now on
ANSWER = "A room judges a few organisations blind, sees what the figures say, and writes down its decision."
LIMITS = (
    "Everybody answers on their own phone, without an app or account. Nobody sees who said what; only how "
    "many said what."
)
STEPS = (
    "Choose what to talk about",
    "People join on their phones",
    "They answer blind",
    "The figures are shown",
    "They answer again, and decide",
)
METHOD = methods.method("workshop")
LEAVE_TABS = Path(__file__).with_name("leave_tabs.html").read_text(encoding="utf-8")


def choose() -> str:
    """The workshop to lead, the one that is running at first; "" to make one."""
    store = state.workshops()
    listed = workshops.listed(store)
    titles = {"": "Make a new workshop"} | {
        str(row["workshop"]): f"{row['title']} ({dated(row['made_at'].date())})" for row in listed
    }
    if not listed:
        return ""
    made = state.value_of(MADE)
    if made or state.value_of(state.LED) not in titles:
        state.keep(state.LED, made or _running(store, listed[0]))
        state.keep(MADE, "")
    chosen = st.selectbox(
        "Workshop", list(titles), format_func=titles.__getitem__, key=state.LED, width=460
    )
    return str(chosen or "")


def _running(store: Store, latest: Mapping[str, Any]) -> str:
    """The latest workshop while it runs; "" once it has ended, or was made long ago."""
    if workshops.now() - latest["made_at"] >= RUNS:
        return ""
    try:
        meeting = workshops.meeting(store, str(latest["workshop"]))
    except PxError:  # one that cannot be read keeps nobody from making another
        return ""
    return "" if meeting.course.ended else meeting.workshop.workshop


def offer(unit: str, name: str, left: str, right: str) -> None:
    """On another page: put an organisation on the agenda of the next workshop."""
    item = Suggestion(Purpose.PICKED, left, right, unit, name)
    picked: list[Suggestion] = state.value_of(PICKED, [])
    if item in picked:
        st.page_link(
            "pages/workshop.py", label="On the agenda: make the workshop", icon=":material/groups:"
        )
    else:
        st.button(
            "Put before a workshop",
            icon=":material/groups:",
            key="workshop_offer",
            type="tertiary",
            on_click=_keep_picked,
            args=(picked, item),
        )


# --- Make one ---


def make(report: OverviewReport, scope: Scope) -> None:
    """What is suggested, what is added by hand, and the button that freezes it."""
    suggested = finished(suggestions, report)
    picked: list[Suggestion] = state.value_of(PICKED, [])
    for place, (column, step) in enumerate(zip(st.columns(len(STEPS)), STEPS, strict=True), 1):
        column.markdown(f"**{place}** {step}")
    listing, making = st.columns([0.68, 0.32])
    with listing, st.container(border=True):
        st.markdown("### What shall the room talk about?", anchors=False)
        st.caption("Suggested from Overview: three to five fill an hour, after one to practise on.")
        offered = {(item.pair, item.unit) for item in suggested}
        added = [item for item in picked if (item.pair, item.unit) not in offered]
        listed = [item for item in (*suggested, *added) if item.pair in report.certainties]
        chosen = [item for item in listed if _ticked(report, item)]
        _add(report, picked)
    with making, st.form("workshop_make", border=True):
        title = st.text_input("Title", placeholder="such as: Access, June meeting", max_chars=120)
        by = st.text_input("Who leads it", max_chars=120)
        if st.form_submit_button(
            f"Make the workshop ({counted(len(chosen), 'question')})",
            type="primary",
            icon=":material/co_present:",
        ):
            _make(title, by, chosen, report, scope)
    with making:
        st.markdown(
            ":material/visibility_off: **Not for the screen of the room: this page says what the figures "
            "say.**"
        )
    if refused := state.value_of(REFUSED):
        st.warning(show.escape(refused), icon=":material/info:")


def _ticked(report: OverviewReport, item: Suggestion) -> bool:
    cell = report.certainties[item.pair].cell(item.unit)
    pair = " and ".join(
        side.short_title
        for side in (report.certainties[item.pair].left, report.certainties[item.pair].right)
    )
    patients = cell.get("patients", float("nan"))
    whom = f" ({patients:,.0f} patients)" if patients == patients else ""
    label = (
        f"**{show.escape(item.name)}**{whom} · {show.escape(words.PURPOSES[item.purpose])} · "
        f"{show.escape(pair)}: {show.escape(str(cell['mark']))}"
    )
    key = f"workshop_item_{item.left}_{item.right}_{item.unit}"
    return bool(st.checkbox(label, value=True, key=key))


def _add(report: OverviewReport, picked: list[Suggestion]) -> None:
    pairs = finished(overview_words.pairs, report)
    pair_box, unit_box, button = st.columns([0.34, 0.46, 0.2], vertical_alignment="bottom")
    pair = pair_box.selectbox(
        "Add by hand: two sources", list(pairs), format_func=pairs.__getitem__, key="workshop_pair"
    )
    if pair is None:
        return
    rows = report.certainties[pair].in_view
    names = dict(zip(rows["unit"].astype(str), rows["name"].astype(str), strict=True))
    unit = unit_box.selectbox(
        "Organisation", list(names), format_func=names.__getitem__, key="workshop_unit"
    )
    button.button(
        "Add",
        icon=":material/add:",
        key="workshop_add",
        on_click=_keep_picked,
        args=(picked, Suggestion(Purpose.PICKED, *pair, str(unit), names[str(unit)])),
    )


def _keep_picked(picked: Sequence[Suggestion], item: Suggestion) -> None:
    if item not in picked:
        state.keep(PICKED, [*picked, item])


def _make(
    title: str,
    by: str,
    chosen: Sequence[Suggestion],
    report: OverviewReport,
    scope: Scope,
) -> None:
    try:
        store = state.store()
        cells = [
            frozen.freeze(
                store,
                report.certainties[item.pair],
                item.unit,
                item.purpose.value,
                scope.pairing.disclosure,
                report.certainties.values(),
            )
            for item in chosen
        ]
        identifier = workshops.make(
            state.workshops(),
            title,
            by,
            cells,
            revision=store.revision,
            data_key=ask(frozen.data_key),
            view=frozen.view_as_json(scope),
            disclosure=scope.pairing.disclosure,
        )
        admission.open_code(state.workshops(), identifier)
    except PxError as problem:
        state.keep(REFUSED, str(problem))
        st.rerun()
    state.keep(REFUSED, "")
    state.keep(PICKED, [])
    state.keep(MADE, identifier)
    st.rerun()


# --- Lead one ---


def lead(identifier: str) -> None:
    """All that the facilitator of a workshop does."""
    store = state.workshops()
    meeting = workshops.meeting(store, identifier)
    _frozen(meeting)
    # or the arrow keys would move among the tabs once one was clicked, and lead nowhere
    st.html(LEAVE_TABS, unsafe_allow_javascript=True)
    show.tabs(
        {
            "Lead": partial(leading.panel, store, meeting),
            "Write down": partial(deciding.panel, store, meeting),
            "People and codes": partial(people.panel, store, meeting),
            "Words to look at": partial(minutes.queue, store, meeting),
            "Record": partial(minutes.panel, store, meeting),
        },
        key="workshop_tab",
        linked=False,
        always="Write down",  # while a room speaks one goes to and fro
    )


def _frozen(meeting: Meeting) -> None:
    """What the workshop looks at, and whether newer data exist."""
    made_on = meeting.workshop.made_at.date()
    questions = counted(meeting.agenda.cells, "question")
    st.markdown(
        f"**{show.escape(meeting.workshop.title)}** · {questions}, frozen on {dated(made_on)} by "
        f"{show.escape(meeting.workshop.made_by)}. :gray[The filters at the side change nothing in it.]"
    )
    if ask(frozen.data_key) != meeting.workshop.data_key:
        st.markdown(f":material/update: {show.escape(words.newer(made_on))}")
