"""The screen of the room: one question at a time, large, nothing to scroll; it follows the facilitator."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from pxcore.analysis.workshop import notes, record, workshops
from pxcore.analysis.workshop.course import Stage, back, forward
from pxcore.analysis.workshop.notes import Kind
from pxcore.analysis.workshop.room import forecast, round_report, waiting
from pxcore.analysis.workshop.workshops import Meeting
from pxcore.charts import workshop as charts
from pxcore.errors import PxError
from pxcore.store import Store
from pxcore.ui import invitation, state
from pxcore.ui.html_pages import filled
from pxcore.words import workshop as words

STEERED = "x-px-screen"  # a header that no form of another site can send
MOST_READ = 560  # letters of comments on one screen
MOST_OF_ONE = 260
OPEN = (Stage.ROUND_ONE, Stage.ROUND_TWO, Stage.FORECAST)


def page(request: Request, body: bytes) -> Response:
    """What is on the screen now; or, sent by its keys, one stage on or back."""
    try:
        store, identifier = _asked_for(request)
        meeting = workshops.meeting(store, identifier)
        if request.method == "POST":
            return _steered(store, meeting, request, body)
        return _drawn(request, store, meeting)
    except PxError as problem:
        return PlainTextResponse(f"{problem.what} {problem.fix}", status_code=404)


def now(request: Request, body: bytes) -> Response:  # noqa: ARG001
    """What changes without a step: who has answered, the timer; and by what the screen is known."""
    try:
        store, identifier = _asked_for(request)
        meeting = workshops.meeting(store, identifier)
        return JSONResponse(
            {
                "screen": _known_by(store, meeting),
                "answered": _count(meeting),
                "timer": _timer(meeting),
            },
            headers={"cache-control": "no-store"},
        )
    except PxError as problem:
        return PlainTextResponse(problem.what, status_code=404)


def _asked_for(request: Request) -> tuple[Store, str]:
    kind = request.path_params["kind"]
    if kind not in state.STORES:
        raise PxError("There is no such screen.")
    return state.workshops(kind), request.path_params["workshop"]


def _steered(store: Store, meeting: Meeting, request: Request, body: bytes) -> Response:
    steps = {b"forward": forward, b"back": back}
    if request.headers.get(STEERED) != "1" or body not in steps:
        return PlainTextResponse("Not sent by the keys of this screen.", status_code=403)
    place = steps[body](meeting.agenda, meeting.course)
    if place is not None and not meeting.course.ended:
        record.advance(store, meeting.workshop.workshop, place)
    return PlainTextResponse("")


def _known_by(store: Store, meeting: Meeting) -> str:
    """Whatever is drawn on the screen is drawn anew when this is another."""
    place = meeting.course.place
    parts = [meeting.course.number]
    if place.stage in (Stage.DECISION, Stage.FORECAST, Stage.RECORDED):
        parts.append(len(record.versions(store, meeting.workshop.workshop)))
    if place.stage in (Stage.VOICES, Stage.MOVEMENT):
        parts.append(len(notes.own_words(store, meeting)))
    return "-".join(map(str, parts))


def _count(meeting: Meeting) -> str:
    answered, present = waiting(meeting)
    if meeting.course.open_round is not None:
        return words.answered(answered, present)
    return words.joined_so_far(present) if meeting.course.place.stage is Stage.WELCOME else ""


def _timer(meeting: Meeting) -> str:
    ends_at = meeting.course.ends_at
    if ends_at is None:
        return ""
    left = max(0, int((ends_at - workshops.now()).total_seconds()))
    return f"{left // 60}:{left % 60:02d}"


def _drawn(request: Request, store: Store, meeting: Meeting) -> Response:
    workshop, place = meeting.workshop, meeting.course.place
    code = invitation.room_code(store, workshop.workshop)
    where = invitation.address(str(request.url))
    nonce = secrets.token_urlsafe(12)
    text = filled(
        "projector.html",
        nonce=nonce,
        steered=STEERED,
        screen=_known_by(store, meeting),
        synthetic=store.kind == "demonstration",
        workshop=workshop.title,
        stage="The workshop is over" if meeting.course.ended else words.STAGES[place.stage],
        is_open=meeting.course.open_round is not None,
        place="" if place.cell == 0 else f"Question {place.cell} of {meeting.agenda.cells}",
        count=_count(meeting),
        timer=_timer(meeting),
        code="" if code is None else code.code,
        address=where.removeprefix("http://").removeprefix("https://"),
        qr=Markup("" if code is None else invitation.picture(f"{where}/{code.code}")),
        **_content(store, meeting),
    )
    return HTMLResponse(
        text,
        headers={
            "cache-control": "no-store",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
            f"connect-src 'self'; base-uri 'none'; script-src 'nonce-{nonce}'",
        },
    )


def _content(store: Store, meeting: Meeting) -> dict[str, Any]:
    """What the stage shows: title, what is beneath it, pictures, lines, comments."""
    cell, place = meeting.cell, meeting.course.place
    facts = cell.facts
    content: dict[str, Any] = {
        "kind": "question", "title": words.title(cell), "subject": words.subject(cell), "big": "",
        "picture": Markup(), "lines": [], "roles": [], "quotes": [], "cards": [], "facts": [],
    }  # fmt: skip
    if meeting.course.ended:
        decided = [d for d in record.decisions(store, meeting.workshop.workshop) if d.stands]
        return content | {
            "kind": "end",
            "title": "Thank you",
            "subject": words.decided(len(decided)),
        }
    match place.stage:
        case Stage.WELCOME:
            return content | {"kind": "welcome", "title": meeting.workshop.title, "subject": ""}
        case Stage.ROOM | Stage.MOVEMENT:
            return content | _room(meeting, place.stage)
        case Stage.ANSWER if facts is not None:
            return content | {
                "kind": "answer",
                "big": words.likely(facts),
                "picture": Markup(charts.dots(facts))
                if facts.dots
                else Markup(charts.figures(facts)),
                "lines": [
                    *filter(None, (words.learnt(facts), words.marks(facts))),
                    *map(words.also, facts.beside),
                ],
                "cards": [
                    (words.figure(source), words.card_in_brief(source, facts.grain))
                    for source in facts.sources
                ],
            }
        case Stage.VOICES if facts is not None:
            inferences = [
                (f"{note.by} concludes", _cut(note.words))
                for note in notes.own_words(store, meeting)
                if note.cell == place.cell and note.kind is Kind.INFERENCE
            ]
            return content | {
                "kind": "voices",
                "facts": [words.figure(source) for source in (*facts.sources, *facts.beside)],
                "quotes": _fitting(words.voices(facts)),
                "lines": [f"{by}: {text}" for by, text in inferences[-2:]],
            }
        case Stage.DECISION | Stage.FORECAST | Stage.RECORDED:
            return content | _decision(store, meeting)
    content["big"] = words.question(cell) if place.stage in OPEN else ""
    if facts is None:
        return content | {"kind": "practice", "lines": list(words.PRACTICE_LINES)}
    content["picture"] = Markup(charts.figures(facts))
    second = place.stage in (Stage.ROUND_TWO, Stage.CLOSED_TWO)
    lines = (f"The figures: {words.likely(facts)}." if second else "", words.marks(facts))
    return content | {"lines": [line for line in lines if line]}


def _room(meeting: Meeting, stage: Stage) -> dict[str, Any]:
    cell = meeting.course.place.cell
    first = round_report(meeting, cell, 1)
    if stage is Stage.ROOM:
        report, picture, lines = first, charts.room(first), words.room(first)
    else:
        report = round_report(meeting, cell, 2)
        picture = charts.room(report, first)
        moved = [] if report.movement is None else words.movement(report.movement)
        lines = [*moved[:3], *words.room(report)[:1]]
    return {
        "kind": "room",
        "picture": Markup(picture),
        "lines": lines,
        "roles": words.roles(report, meeting.workshop.floor),
    }


def _decision(store: Store, meeting: Meeting) -> dict[str, Any]:
    place = meeting.course.place
    standing = [
        decision
        for decision in record.decisions(store, meeting.workshop.workshop)
        if decision.cell == place.cell and decision.stands
    ]
    if not standing:
        return {"kind": "prompts", "lines": list(words.PROMPTS)}
    decision = standing[-1]
    if place.stage is Stage.FORECAST:
        return {"kind": "forecast", "big": words.forecast_question(decision)}
    lines = [text for _, text in words.on_screen(decision)]
    if place.stage is Stage.RECORDED:
        lines.append(words.chance(forecast(meeting, place.cell)))
    return {"kind": "decision", "big": decision.draft.words, "lines": lines}


def _fitting(quotes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """As many comments as one screen holds; a long one is cut, and shows that it is."""
    shown: list[tuple[str, str]] = []
    room_left = MOST_READ
    for context, text in quotes:
        line = _cut(text)
        if len(line) > room_left or len(shown) == 4:
            break
        room_left -= len(line)
        shown.append((context, line))
    return shown


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_OF_ONE else f"{line[:MOST_OF_ONE].rsplit(' ', 1)[0]} …"
