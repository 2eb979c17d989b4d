"""The pages of telephones in a workshop: by a code and without an account, plain HTML, and nothing of the
data but the question that is open.

Who somebody is, is a secret in a cookie; reloading, a lost network and a restart of the server bring them
back where they were. What a telephone sent is on disk before it is told so.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from pxcore.analysis.workshop import admission, record, workshops
from pxcore.analysis.workshop.admission import Code
from pxcore.analysis.workshop.course import FORECAST_ROUND, Place, Stage
from pxcore.analysis.workshop.workshops import Answer, Meeting, Role, Sent
from pxcore.errors import PxError
from pxcore.paths import demonstration_workshops, own_database
from pxcore.store import Store
from pxcore.ui import state
from pxcore.ui.html_pages import filled
from pxcore.words import workshop as words

COOKIE = "px_join"
COOKIE_DAYS = 14
SECRET = 43  # letters of a cookie
MOST_WRONG, WRONG_WITHIN = 12, 300  # wrong codes of one address, in so many seconds
MOST_ADDRESSES = 10_000  # remembered
LATE = {
    Sent.CLOSED: "The round had closed before that arrived. What you sent before it closed stands.",
    Sent.NO_ANSWER: "Nothing was sent: choose an answer.",
    Sent.REMOVED: "The facilitator has taken you off the list. Speak to them.",
    Sent.NOT_JOINED: "Choose as what you take part first.",
}


class _WrongCodes:
    """How often an address has named a code that there is none of."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.times: defaultdict[str, deque[float]] = defaultdict(deque)

    def too_many(self, address: str, wrong: bool = False) -> bool:
        with self.lock:
            times, at = self.times[address], time.monotonic()
            while times and at - times[0] > WRONG_WITHIN:
                times.popleft()
            if wrong:
                times.append(at)
            many = len(times) >= MOST_WRONG
            if not times:
                del self.times[address]
            while len(self.times) > MOST_ADDRESSES:
                del self.times[next(iter(self.times))]
            return many


wrong_codes = _WrongCodes()


@dataclass(frozen=True, slots=True)
class _Visit:
    """A request to the page of a code that is known."""

    store: Store
    code: Code
    secret: str  # of the cookie
    fresh: bool  # the cookie is set with this answer

    @property
    def participant(self) -> str:
        return workshops.participant_of(self.code.workshop, self.secret)

    @property
    def has_joined(self) -> bool:
        joined = self.store.events("workshop_participants", workshop=self.code.workshop)
        return self.participant in {row["participant"] for row in joined}

    @property
    def token(self) -> str:
        """What a form of this page carries: nobody who has not the cookie can make it."""
        return hmac.new(self.secret.encode(), self.code.code.encode(), hashlib.sha256).hexdigest()[
            :32
        ]


def door(request: Request, body: bytes) -> Response:  # noqa: ARG001
    """Where a code is typed in."""
    code = admission.tidy_code(request.query_params.get("code", ""))
    if code:
        return RedirectResponse(f"/join/{code}", status_code=303)
    return _shown("Join the workshop", asks="code", lines=["Type the code that is on the screen."])


def page(request: Request, body: bytes) -> Response:
    """What a telephone shows now; or keep what it sent, and then show that."""
    try:
        visit = _visit(request)
        if isinstance(visit, Response):
            return visit
        if request.method == "POST":
            return _sent(visit, body)
        meeting = workshops.meeting(visit.store, visit.code.workshop, visit.participant)
        answer = _page(visit, meeting, request.query_params.get("late", ""))
    except PxError as problem:
        return _shown(
            "Something is wrong", lines=[problem.what, problem.fix], status=503, again=True
        )
    if visit.fresh:
        answer.set_cookie(
            COOKIE,
            visit.secret,
            max_age=COOKIE_DAYS * 86_400,
            path="/join",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return answer


def now(request: Request, body: bytes) -> Response:  # noqa: ARG001
    """The number of what a telephone shows: when it is another, the page is asked for anew."""
    try:
        visit = _visit(request)
        if isinstance(visit, Response):
            return visit
        steps = visit.store.events("workshop_steps", workshop=visit.code.workshop)
    except PxError:
        return PlainTextResponse("", status_code=503)
    return PlainTextResponse(str(steps[-1]["number"] if steps else 0), headers=_headers(""))


def _visit(request: Request) -> _Visit | Response:
    address = request.client.host if request.client else ""
    letters = admission.tidy_code(request.path_params["code"])
    store = store_of(letters)
    code = admission.code_named(store, letters) if store is not None else None
    secret = request.cookies.get(COOKIE, "")
    fresh = not (len(secret) == SECRET and secret.isascii())
    visit = None
    if store is not None and code is not None:
        visit = _Visit(store, code, secrets.token_urlsafe(32) if fresh else secret, fresh)
    if wrong_codes.too_many(address, wrong=visit is None) and not (visit and visit.has_joined):
        # who has joined stays in, though somebody behind the same address guesses
        return _shown(
            "Please wait",
            lines=["Too many codes were tried that there are none of. Try again in five minutes."],
            status=429,
        )
    if visit is None:
        return _shown(
            "There is no such code",
            lines=["Look at the screen again, and type the code as it stands there."],
            asks="code",
            status=404,
        )
    return visit


def store_of(code: str) -> Store | None:
    """Where the workshop of a code is kept, by its first letter; None where there is no such place yet."""
    demonstration = code.startswith(admission.DEMONSTRATION_LETTER)
    kept = demonstration_workshops() if demonstration else own_database()
    kind = state.DEMONSTRATION if demonstration else state.OWN
    return state.workshops(kind) if kept.exists() else None


def _sent(visit: _Visit, body: bytes) -> Response:
    fields = {
        name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()
    }
    if visit.fresh or not hmac.compare_digest(fields.get("form", ""), visit.token):
        return _shown(
            "Open the page again",
            lines=["This telephone did not send what the page gave it. Cookies must be allowed."],
            status=403,
            again=True,
        )
    if "role" in fields:
        return _joined(visit, fields["role"])
    sent = _answered(visit, fields)
    late = "" if sent is Sent.KEPT else f"?late={sent.value}"
    return RedirectResponse(f"/join/{visit.code.code}{late}", status_code=303)


def _joined(visit: _Visit, role: str) -> Response:
    known = {known.value for known in Role}
    if role in known and visit.code.opens(workshops.now()):
        identifier, remote = visit.code.workshop, visit.code.remote
        if not workshops.join(
            visit.store, identifier, visit.participant, Role(role), remote=remote
        ):
            return _shown(
                "The room is full",
                lines=[f"{workshops.MOST_PEOPLE} people have joined: there is no room for more."],
                status=409,
            )
    return RedirectResponse(f"/join/{visit.code.code}", status_code=303)


def _answered(visit: _Visit, fields: dict[str, str]) -> Sent:
    try:
        place = Place(int(fields["cell"]), Stage(fields["stage"]))
        answer = Answer(fields["answer"]) if "answer" in fields else None
        chance = float(fields["chance"]) if "chance" in fields else None
    except (KeyError, ValueError):
        return Sent.NO_ANSWER
    reason = fields.get("reason", "")
    # a page that was not drawn anew may send another answer: that is another request
    what = hashlib.sha256(f"{answer}\0{chance}\0{reason}".encode()).hexdigest()[:16]
    asked = fields.get("request", "")[:40]
    return workshops.send(
        visit.store,
        visit.code.workshop,
        visit.participant,
        f"{asked}-{what}" if asked else "",
        place,
        answer=answer,
        chance=chance,
        reason=reason,
    )


def _page(visit: _Visit, meeting: Meeting, late: str) -> Response:
    """What this telephone shows of a workshop."""
    person = next(
        (joined for joined in meeting.joined if joined.participant == visit.participant), None
    )
    number = meeting.course.number
    common: dict[str, Any] = {
        "synthetic": visit.store.kind == "demonstration",
        "watch": True,
        "number": number,
        "late": LATE[Sent(late)] if late in {sent.value for sent in LATE} else "",
    }
    title = meeting.workshop.title
    if meeting.course.ended:
        lines = ["The workshop is over. Thank you."]
        return _shown(title, lines=lines, waits=True, **common)
    if person is None:
        if not visit.code.opens(workshops.now()):
            lines = ["This code no longer opens the workshop. Ask the facilitator for a new one."]
            return _shown(title, lines=lines, status=410)
        return _shown(
            title,
            lines=["As what do you take part?"],
            choices=[(role.value, text) for role, text in words.ROLES.items()],
            asks="role",
            token=visit.token,
            small=words.PRIVACY,
            **common,
        )
    if person.participant in meeting.course.removed:
        return _shown(title, lines=[LATE[Sent.REMOVED]], waits=True, **common)
    place = meeting.course.place
    if place.round is None:
        return _shown(
            title,
            lines=[words.PHONE_WAITS],
            waits=True,
            again=True,
            small=f"You take part as: {words.ROLES[person.role]}.",
            **common,
        )
    return _question(visit, meeting, place, common)


def _question(visit: _Visit, meeting: Meeting, place: Place, common: dict[str, Any]) -> Response:
    """The open question, and what this telephone has said to it."""
    assert place.round is not None
    before = meeting.latest(place.cell, place.round).get(visit.participant)
    form: dict[str, Any] = {
        "cell": place.cell,
        "stage": place.stage.value,
        "token": visit.token,
        "small": "You can change it until the round closes.",
    }
    if place.round == FORECAST_ROUND:
        asked_of = [
            decision
            for decision in record.decisions(visit.store, meeting.workshop.workshop)
            if decision.cell == place.cell and decision.stands and decision.draft.expected
        ]
        chosen = "" if before is None else f"{before['chance']:g}"
        offered = [(f"{chance:g}", text) for chance, text in words.CHANCES.items()]
        return _shown(
            words.forecast_question(asked_of[-1]) if asked_of else "How likely is it?",
            choices=[
                (value, f"{text} ({float(value) * 100:.0f} in 100)") for value, text in offered
            ],
            asks="chance",
            chosen=chosen,
            standing=f"Sent: {dict(offered)[chosen]}." if chosen in dict(offered) else "",
            **form,
            **common,
        )
    first = meeting.latest(place.cell, 1).get(visit.participant) if place.round == 2 else None
    chosen, reason = ("", "") if before is None else (before["answer"], before["reason"])
    return _shown(
        words.question(meeting.cell),
        choices=[(answer.value, text) for answer, text in words.ANSWERS.items()],
        asks="answer",
        chosen=chosen,
        standing=words.sent(Answer(chosen), reason) if chosen else "",
        lines=[] if first is None else [words.said_first(Answer(first["answer"]))],
        reasons=True,
        reason=reason,
        **form,
        **common,
    )


def _shown(heading: str, *, status: int = 200, **given: Any) -> Response:
    usual: dict[str, Any] = {
        "lines": [], "asks": "", "choices": [], "chosen": None, "standing": "", "reasons": False,
        "reason": "", "cell": "", "stage": "", "token": "", "small": "", "again": False, "late": "",
        "waits": False, "watch": False, "number": 0, "synthetic": False,
    }  # fmt: skip
    nonce = secrets.token_urlsafe(12)
    text = filled(
        "phone.html",
        **(usual | given),
        heading=heading,
        nonce=nonce,
        request=secrets.token_urlsafe(12),
    )
    return HTMLResponse(text, status_code=status, headers=_headers(nonce))


def _headers(nonce: str) -> dict[str, str]:
    """Nothing is fetched from anywhere else, nothing is kept by the browser."""
    return {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"connect-src 'self'; form-action 'self'; base-uri 'none'; script-src 'nonce-{nonce}'",
    }
