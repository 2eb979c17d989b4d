"""Views and their codes: which code a view has, what a code names, and whether newer data change it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pxcore.analysis.files import codes
from pxcore.analysis.files.codes import CalledBack, CodedView, Headline
from pxcore.analysis.files.load import Store
from pxcore.analysis.questions import ask
from pxcore.analysis.workshop import record, workshops
from pxcore.analysis.workshop.frozen import data_key
from pxcore.errors import PxError
from pxcore.publish.headlines import today
from pxcore.publish.page_names import CODED, DECISIONS
from pxcore.publish.reports import Reports
from pxcore.publish.view import View, as_shown, to_plain, view_of


@dataclass(frozen=True, slots=True)
class Answers:
    """The data that answer, and where codes of views of them are kept.

    Attributes
    ----------
    kept_in : the store of the codes.
    kind : of the data: "own" or "demonstration".
    codings : of comments, kept by people; themes alone change with them.
    """

    kept_in: Store
    kind: str
    revision: int
    data_key: str
    codings: int = 0


def answers_of(store: Store, kept_in: Store) -> Answers:
    """What a store answers, with codes kept in another."""
    key = ask(store, data_key)
    return Answers(kept_in, store.kind, store.revision, key, store.codings)


def key_of(view: View, answers: Answers) -> str:
    """What a view shows, as a hash."""
    state: tuple[object, ...] = (answers.revision, 0, answers.data_key)
    if view.page == "themes":
        state = (answers.revision, answers.codings, answers.data_key)
    elif view.page == DECISIONS:
        written = len(record.versions(answers.kept_in)) + len(record.reviews(answers.kept_in))
        state = (answers.revision, written, answers.data_key)
    elif view.page == "methods":
        state = ()  # they are those of the program, whatever is loaded
    return _key(answers.kind, view, state)


@lru_cache(maxsize=256)  # every redraw of a page asks again
def _key(kind: str, view: View, state: tuple[object, ...]) -> str:
    return codes.view_key(kind, to_plain(as_shown(view)), state)


def code_of(view: View, answers: Answers, make: Callable[[], Headline]) -> str:
    """The code of a view, which is written down with what it comes to where it was not yet; "" of exact
    figures, which no code calls back."""
    if view.exact:
        return ""
    if view.workshop:  # later loads change nothing in it, and its code stays
        made = workshops.workshop(answers.kept_in, view.workshop)
        answers = replace(answers, revision=made.revision, data_key=made.data_key)
    key = key_of(view, answers)
    return codes.code_kept(answers.kept_in, key) or codes.keep(
        answers.kept_in, key, to_plain(as_shown(view)), answers.data_key, make()
    )


def view_of_code(then: CodedView) -> View | None:
    """The view a code names; None where this version has no such page or setting."""
    try:
        view = view_of(then.view)
    except (KeyError, TypeError, ValueError):
        return None
    return view if view.page in CODED else None


def called_back(then: CodedView, answers: Answers, reports: Reports) -> CalledBack:
    """A view as it was and as it is today."""
    view = view_of_code(then)
    if view is None:
        return CalledBack(then, None, "", same_data=False, is_known=False)
    same = codes.code_kept(answers.kept_in, key_of(view, answers)) == then.code
    try:
        now = today(view, reports)
    except PxError as problem:
        return CalledBack(then, None, str(problem), same_data=same)
    return CalledBack(then, now, "", same_data=same)


def as_json(
    back: CalledBack, settings: Mapping[str, str], files: list[dict[str, Any]]
) -> dict[str, Any]:
    """What a code names, for programs.

    Parameters
    ----------
    settings : in words.
    files : those it rests on, of the ones this database knows.
    """
    then = back.then
    return {
        "status": _status(back),
        "code": then.code,
        "page": then.view.get("page"),
        "settings": dict(settings),
        "view": json.dumps(then.view, ensure_ascii=False),
        "made_at": then.made_at,
        "program": then.program,
        "revision": then.headline.revision,
        "data_key": then.data_key,
        "extracts": list(then.headline.extracts),
        "files": files,
        "answer": then.headline.answer,
        "answer_now": back.now.answer if back.now is not None else None,
        "reason": back.why or None,
        "figures": [
            {"name": item.name, "before": item.before, "now": item.now, "same": item.is_same}
            for item in back.changes
        ],
    }


def _status(back: CalledBack) -> str:
    if back.now is None:
        return "no answer today"
    if back.same_data:
        return "same data"
    return "changed" if back.changed else "newer data"
