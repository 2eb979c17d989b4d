"""Who takes part, and the codes by which they join."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from pxcore.analysis.workshop import admission, workshops
from pxcore.analysis.workshop.admission import Code
from pxcore.analysis.workshop.workshops import Meeting
from pxcore.store import Store
from pxcore.ui import invitation, show
from pxcore.words import workshop as words
from pxcore.words.english import dated


def panel(store: Store, meeting: Meeting) -> None:
    joined, doors = st.columns(2, gap="large")
    with joined:
        _people(store, meeting)
    with doors:
        _codes(store, meeting)


def _people(store: Store, meeting: Meeting) -> None:
    st.markdown(f"## {words.joined_so_far(len(meeting.present))}", anchors=False)
    if not meeting.joined:
        st.caption("Nobody yet. The code stands on the screen of the room.")
    numbers: Counter[str] = Counter()
    with st.container(gap=None):
        _listed(store, meeting, numbers)


def _listed(store: Store, meeting: Meeting, numbers: Counter[str]) -> None:
    for person in meeting.joined:
        numbers[person.role] += 1
        removed = person.participant in meeting.course.removed
        name = f"{words.ROLES[person.role]} {numbers[person.role]}"
        far = ", from elsewhere" if person.remote else ""
        line, button = st.columns([0.7, 0.3], vertical_alignment="center")
        line.markdown(
            f"{'~~' if removed else ''}{show.escape(name)}{'~~' if removed else ''} "
            f":gray[joined {person.joined_at:%H:%M} UTC{far}]"
        )
        button.button(
            "Let in again" if removed else "Remove",
            key=f"workshop_person_{person.participant}",
            type="tertiary",
            on_click=workshops.readmit if removed else workshops.remove,
            args=(store, meeting.workshop.workshop, person.participant),
        )


def _codes(store: Store, meeting: Meeting) -> None:
    identifier, where = meeting.workshop.workshop, invitation.address(invitation.here())
    st.markdown("## Codes", anchors=False)
    for code in (
        invitation.room_code(store, identifier),
        invitation.remote_code(store, identifier),
    ):
        if code is not None:
            _code(store, code, f"{where}/{code.code}")
    with st.container(horizontal=True):
        st.button(
            "New code for the room",
            icon=":material/qr_code:",
            key="workshop_code_room",
            on_click=_open,
            args=(store, identifier),
            help=f"It opens for {workshops.ROOM_HOURS} hours. The one before stays open until withdrawn.",
        )
        st.button(
            "New link for those elsewhere",
            icon=":material/link:",
            key="workshop_code_remote",
            on_click=_open,
            args=(store, identifier),
            kwargs={"remote": True},
            help="For absentees who see the screen by video call. It opens for a fortnight.",
        )


def _open(store: Store, identifier: str, *, remote: bool = False) -> None:
    admission.open_code(store, identifier, remote=remote)


def _code(store: Store, code: Code, link: str) -> None:
    kind = "Link for those elsewhere" if code.remote else "Code for the room"
    with st.container(border=True):
        st.markdown(
            f"**{kind}**, until {dated(code.expires_at.date())}, {code.expires_at:%H:%M} UTC"
        )
        st.code(link, language=None)
        st.button(
            "Withdraw",
            key=f"workshop_withdraw_{code.code}",
            type="tertiary",
            icon=":material/block:",
            on_click=admission.withdraw_code,
            args=(store, code),
        )
