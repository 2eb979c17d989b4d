"""What the facilitator does while the room works: one stage on or back, the phones, the timer, hands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from pxcore.analysis.workshop import record, workshops
from pxcore.analysis.workshop.course import Place, Stage, back, closed, forward
from pxcore.analysis.workshop.room import round_report, waiting
from pxcore.analysis.workshop.workshops import Answer, Meeting
from pxcore.errors import PxError
from pxcore.store import Store
from pxcore.ui import invitation, messages, show, state
from pxcore.words import workshop as words
from pxcore.words.english import uncapital

MINUTES = (1, 2, 3, 5, 10)
REFUSED = "leading_refused"
OUTCOMES = (Stage.ROOM, Stage.MOVEMENT)  # in which what the room said is seen
CLOSED = (Stage.CLOSED_ONE, Stage.CLOSED_TWO)


def panel(store: Store, meeting: Meeting) -> None:
    """The keys, what is on the screen, and what comes next."""
    if refused := state.value_of(REFUSED):
        st.warning(show.escape(refused), icon=":material/info:")
        state.keep(REFUSED, "")
    steering, beside = st.columns([0.62, 0.38], gap="large")
    with steering:
        _now(meeting)
        _keys(store, meeting)
        _seen(meeting)
    with beside:
        _screen(store, meeting)
        _agenda(store, meeting)
        _hands(store, meeting)


def _now(meeting: Meeting) -> None:
    place = meeting.course.place
    which = "Practice" if place.cell == 0 else f"Question {place.cell} of {meeting.agenda.cells}"
    with st.container(border=True, gap="small"):
        st.caption(f"On the screen now · {which}")
        st.markdown(f"## {show.escape(words.title(meeting.cell))}", anchors=False)
        stage = "The workshop is over" if meeting.course.ended else words.STAGES[place.stage]
        st.markdown(f"**{stage}**")
        _live(meeting.workshop.workshop, meeting.course.number)


@st.fragment(run_every=2)
def _live(identifier: str, drawn: int) -> None:
    """Who has answered, never what; the timer. Only this part runs again, until the keys of the screen have
    led on."""
    with messages.guard():
        meeting = workshops.meeting(state.workshops(), identifier)
        if meeting.course.number != drawn:
            st.rerun()
        answered, present = waiting(meeting)
        parts = [words.joined_so_far(present)]
        if meeting.course.open_round is not None:
            parts.append(f"**{words.answered(answered, present)}**")
        if meeting.course.ends_at is not None:
            left = max(0, int((meeting.course.ends_at - workshops.now()).total_seconds()))
            parts.append(f"timer {left // 60}:{left % 60:02d}")
        st.markdown(" · ".join(parts))


def _keys(store: Store, meeting: Meeting) -> None:
    now, identifier = meeting.course, meeting.workshop.workshop
    before, after = back(meeting.agenda, now), forward(meeting.agenda, now)
    with st.container(horizontal=True):
        _button("Back", "Left", "arrow_back", store, before, meeting, disabled=now.ended)
        label = "Forward" if after is None else f"Forward: {uncapital(words.STAGES[after.stage])}"
        _button(label, "Right", "arrow_forward", store, after, meeting, disabled=now.ended)
    with st.container(horizontal=True):
        st.button(
            "Close the phones",
            icon=":material/lock:",
            key="workshop_lock",
            disabled=now.open_round is None,
            on_click=_do,
            args=(partial(_close, store, meeting),),
        )
        round_ = _round(now.place)
        st.button(
            "Begin this round anew",
            icon=":material/restart_alt:",
            key="workshop_reset",
            disabled=round_ is None or now.ended,
            help="What was answered counts no more, and the phones open again. It can be undone.",
            on_click=_do,
            args=(lambda: workshops.reset(store, identifier, now.place.cell, round_ or 1),),
        )
        st.button(
            "Undo",
            icon=":material/undo:",
            key="workshop_undo",
            disabled=now.undoable is None,
            help="Takes back the last thing done here; answers stay.",
            on_click=_do,
            args=(lambda: workshops.undo(store, identifier),),
        )
        with st.popover("Timer", icon=":material/timer:"):
            for minutes in MINUTES:
                st.button(
                    f"{minutes} min",
                    key=f"workshop_timer_{minutes}",
                    on_click=_do,
                    args=(
                        lambda minutes=minutes: workshops.start_timer(store, identifier, minutes),
                    ),
                )
            st.button(
                "No timer",
                key="workshop_timer_0",
                on_click=_do,
                args=(lambda: workshops.start_timer(store, identifier, 0),),
            )
        if not now.ended:
            st.button(
                "End the workshop",
                icon=":material/flag:",
                key="workshop_end",
                type="tertiary",
                on_click=_do,
                args=(lambda: workshops.end(store, identifier),),
            )


def _button(
    label: str,
    key: str,
    icon: str,
    store: Store,
    place: Place | None,
    meeting: Meeting,
    *,
    disabled: bool,
) -> None:
    """One stage on or back, by a click or an arrow key."""
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"workshop_{key.lower()}",
        shortcut=key,
        type="primary" if key == "Right" else "secondary",
        disabled=place is None or disabled,
        on_click=_do,
        args=(partial(_go, store, meeting, place),),
    )


def _close(store: Store, meeting: Meeting) -> None:
    place = meeting.course.place
    if place.round is not None:
        record.advance(store, meeting.workshop.workshop, Place(place.cell, closed(place.stage)))


def _go(store: Store, meeting: Meeting, place: Place | None) -> None:
    if place is not None:
        record.advance(store, meeting.workshop.workshop, place)


def _do(step: Callable[[], object]) -> None:
    try:
        step()
    except PxError as problem:
        state.keep(REFUSED, str(problem))


def _round(place: Place) -> int | None:
    """The round that a stage is of, open or closed."""
    if place.round is not None:
        return place.round
    rounds = {Stage.CLOSED_ONE: 1, Stage.ROOM: 1, Stage.CLOSED_TWO: 2, Stage.MOVEMENT: 2}
    return {**rounds, Stage.RECORDED: 3}.get(place.stage)


def _seen(meeting: Meeting) -> None:
    """What the facilitator needs beside them: the figures, what the room said once it is shown, each
    source's card."""
    cell, place = meeting.cell, meeting.course.place
    with st.container(border=True):
        if cell.facts is None:
            for line in words.PRACTICE_LINES:
                st.markdown(f"- {show.escape(line)}")
        else:
            st.caption(show.escape(words.subject(cell)))
            for source in cell.facts.sources:
                where = words.stands(source)
                stands = f" *{show.escape(where)}*" if where else ""
                st.markdown(f"- {show.escape(words.figure(source))}{stands}")
            if cell.facts.marks:
                st.caption(show.escape(words.marks(cell.facts)))
            with st.expander("What the figures say (the room sees it after the first round)"):
                st.markdown(f"**{show.escape(words.likely(cell.facts))}.**")
                st.markdown(show.escape(f"{words.learnt(cell.facts)} {words.shown(cell.facts)}"))
            with st.container(horizontal=True):
                for source in cell.facts.sources:
                    with st.popover(
                        show.escape(source.side.short_title),
                        icon=":material/info:",
                        type="tertiary",
                    ):
                        st.markdown(f"**{show.escape(source.side.title)}**")
                        st.markdown(
                            "  \n".join(
                                f"**{heading}:** {show.escape(sentence)}"
                                for heading, sentence in words.card(source, cell.facts.grain)
                            )
                        )
        if place.stage in OUTCOMES:
            round_ = 1 if place.stage is Stage.ROOM else 2
            report = round_report(meeting, place.cell, round_)
            st.markdown(f"**The room:** {show.escape(words.counts(report.tally))}.")
            if place.stage is Stage.MOVEMENT and cell.facts is not None:
                for line in filter(None, [words.otherwise(cell.facts, report.tally)]):
                    st.markdown(f":material/edit_note: {show.escape(line)}")
            moved = [] if report.movement is None else words.movement(report.movement)
            for line in (*words.room(report), *moved, *words.roles(report, meeting.workshop.floor)):
                st.markdown(f"- {show.escape(line)}")


def _screen(store: Store, meeting: Meeting) -> None:
    """The way to the screen of the room, and how people join."""
    kind, identifier = state.chosen_store(), meeting.workshop.workshop
    code = invitation.room_code(store, identifier)
    where = invitation.address(invitation.here())
    with st.container(border=True):
        st.link_button(
            "Open the screen of the room",
            f"/projector/{kind}/{identifier}",
            icon=":material/present_to_all:",
        )
        st.caption(
            "Move its window to the projector. Arrow keys and a clicker lead from there, too."
        )
        if code is None:
            st.markdown("No code opens the workshop now: make one under “People and codes”.")
        elif invitation.only_here(invitation.here()):
            st.markdown(
                f":material/wifi_off: Telephones cannot reach this computer as “localhost”: the guide "
                f"(docs/workshop.md) says how to start it for a room. Until then: code **{code.code}** in "
                "this browser alone, or count a show of hands."
            )
        else:
            st.markdown(f"People join at **{show.escape(where)}** with **{code.code}**.")


def _agenda(store: Store, meeting: Meeting) -> None:
    with st.expander("Agenda: go straight to a question", icon=":material/list:"):
        for cell in meeting.workshop.cells:
            first = meeting.agenda.stages(cell.cell)[0]
            here = "▸ " if cell.cell == meeting.course.place.cell else ""
            st.button(
                f"{here}{cell.cell or 'Practice'} · {show.escape(words.title(cell))}: "
                f"{words.PURPOSES[cell.purpose]}",
                key=f"workshop_go_{cell.cell}",
                type="tertiary",
                on_click=_do,
                args=(partial(_go, store, meeting, Place(cell.cell, first)),),
            )


def _hands(store: Store, meeting: Meeting) -> None:
    """For rooms whose network keeps telephones apart."""
    place = meeting.course.place
    with st.expander("Count a show of hands", icon=":material/front_hand:"):
        if _round(place) not in (1, 2) or place.stage in OUTCOMES:
            st.markdown("Hands are counted while a round is open, or just closed.")
            return
        with st.form("workshop_hands", border=False, clear_on_submit=True):
            role = show.choice("Whose hands", words.ROLES, key="workshop_hands_of")
            columns = st.columns(len(Answer))
            people = {
                answer: column.number_input(
                    words.ANSWERS[answer], min_value=0, max_value=200, value=0, step=1
                )
                for answer, column in zip(Answer, columns, strict=True)
            }
            if st.form_submit_button("Keep the count", icon=":material/check:"):
                _do(
                    lambda: workshops.count_hands(
                        store, meeting.workshop.workshop, place, role, people
                    )
                )
                st.rerun()
        counted_so_far = meeting.shown_hands(place.cell, _round(place) or 1)
        for (role, answer), count in counted_so_far.items():
            if count:
                st.caption(f"{words.ROLES[role]}: {count} × {uncapital(words.ANSWERS[answer])}")
        st.caption("A role counted again takes the place of its count before.")
