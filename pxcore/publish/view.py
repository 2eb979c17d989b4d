"""What somebody looks at: a page and all its settings. The same view asked again gives the same answer."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pxcore.analysis.comments.themes import ThemesQuestion
from pxcore.analysis.workshop.decisions import Filter
from pxcore.analysis.workshop.workshops import Workshop
from pxcore.errors import PxError
from pxcore.model import USUAL_DISCLOSURE, Pairing, Scenario, Scope
from pxcore.publish.page_names import DECISIONS, WORKSHOP

Kind = TypeVar("Kind")
OF_NO_PAIR = (DECISIONS, "sources", "methods")  # pages that look at no two sources


@dataclass(frozen=True, slots=True)
class View:
    """A page with the question it asks.

    Attributes
    ----------
    scope : the two sources and every filter.
    unit : the organisation looked at; "" of none, or the first.
    group_by : what two sources are split by.
    workshop : the one led; its scope is that of the data when it was frozen.
    decisions : which of them are looked at.
    """

    page: str
    scope: Scope
    unit: str = ""
    group_by: str = ""
    scenario: Scenario = field(default_factory=Scenario)
    themes: ThemesQuestion = field(default_factory=ThemesQuestion)
    workshop: str = ""
    decisions: Filter = field(default_factory=Filter)

    @property
    def exact(self) -> bool:
        """Whether figures are shown as they are, of which nothing leaves."""
        return self.scope.pairing.disclosure.exact or self.themes.disclosure.exact


def as_shown(view: View) -> View:
    """A view without what its page does not look at, so that the same page is the same view."""
    blank = View(view.page, view.scope)
    if view.page in OF_NO_PAIR:
        # the list of files hides rows of few people, too
        shown = view.scope.pairing.disclosure if view.page == "sources" else USUAL_DISCLOSURE
        return replace(
            blank, scope=Scope(Pairing("", "", disclosure=shown)),
            decisions=view.decisions if view.page == DECISIONS else blank.decisions,
        )  # fmt: skip
    return replace(
        view,
        unit=view.unit if view.page in ("divergence", "provider", "trends") else "",
        group_by=view.group_by if view.page == "groups" else "",
        scenario=view.scenario if view.page == "what_if" else blank.scenario,
        themes=view.themes if view.page == "themes" else blank.themes,
        workshop=view.workshop if view.page == WORKSHOP else "",
        decisions=blank.decisions,
    )


def of_workshop(made: Workshop) -> View:
    """The view of a workshop: the filters in force when it was made, whichever two sources a question has.

    Raises
    ------
    PxError : they are those of a version that had other settings.
    """
    frozen = dict(json.loads(made.frozen_view))
    measures = tuple((str(source), str(name)) for source, name in frozen.pop("measures", ()))
    try:
        pairing = _built(Pairing, {"left": "", "right": ""} | frozen)
    except (KeyError, TypeError, ValueError) as problem:
        raise PxError(
            f"The workshop ‘{made.title}’ was made with settings this version does not have.",
            fix="Open it with the version that made it.",
        ) from problem
    return View(WORKSHOP, Scope(pairing, measures), workshop=made.workshop)


def to_plain(value: Any) -> Any:
    """A view, or a part of one, as JSON has it: every field by its name, those of a scope beside the others,
    where codes given out have them."""
    if is_dataclass(value) and not isinstance(value, type):
        plain: dict[str, Any] = {}
        for part in fields(value):
            item = to_plain(getattr(value, part.name))
            plain |= item if part.name == "scope" else {part.name: item}
        return plain
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return [to_plain(item) for item in value] if isinstance(value, tuple) else value


def view_of(plain: Mapping[str, Any]) -> View:
    """The view that `to_plain` made.

    Raises
    ------
    KeyError, TypeError, ValueError : it is no view, or that of a version that had other settings.
    """
    rest = dict(plain)
    of_scope = {part.name: rest.pop(part.name) for part in fields(Scope) if part.name in rest}
    return _built(View, rest, scope=_built(Scope, of_scope))


def _built(kind: type[Kind], plain: Any, **built: Any) -> Kind:
    hints = get_type_hints(kind)
    unknown = set(plain) - set(hints)
    if unknown:
        raise KeyError(f"unknown settings: {', '.join(sorted(unknown))}")
    return kind(**built, **{name: _value(hints[name], value) for name, value in plain.items()})


def _value(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):  # such as Period | None
        rest = [part for part in get_args(hint) if part is not type(None)]
        return None if value is None else _value(rest[0], value)
    if get_origin(hint) is tuple:
        parts = get_args(hint)
        if parts[-1] is Ellipsis:
            return tuple(_value(parts[0], item) for item in value)
        return tuple(_value(part, item) for part, item in zip(parts, value, strict=True))
    if isinstance(hint, type) and is_dataclass(hint):
        return _built(hint, value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return date.fromisoformat(value) if hint is date else value
