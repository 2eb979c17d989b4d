"""What a workshop looks at, as it stood when the workshop was made: later loads change none of it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import date
from typing import Any, TypeVar

from pxcore import maps
from pxcore.analysis.comments.comments import CommentsQuestion, comments
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.source_card import SourceCard, source_card
from pxcore.analysis.rows import each
from pxcore.errors import NothingToCompare
from pxcore.model import Disclosure, Period, Scope
from pxcore.store import Store

MOST_COMMENTS = 6


@dataclass(frozen=True, slots=True)
class FrozenSource:
    """One of the two sources on one organisation; None where it does not say."""

    card: SourceCard
    value: float | None  # in the source's unit: a proportion 0-1, or a score
    low: float | None
    high: float | None
    respondents: float | None
    peers: float | None  # the average of all its organisations
    above: float | None  # how likely the organisation stands above them, by this source alone
    silence: str  # why it says nothing; "" where it speaks
    lowest: float | None = None  # of the scale of a score
    highest: float | None = None

    @property
    def side(self) -> Side:
        return self.card.side


@dataclass(frozen=True, slots=True)
class FrozenComment:
    """One comment as it may be read."""

    source: str
    organisation_name: str
    service: str
    month: date | None
    sentiment: str
    themes: tuple[str, ...]
    coded_by: str
    comment: str
    people: int  # who wrote about the organisation in this source


@dataclass(frozen=True, slots=True)
class FrozenCell:
    """One organisation in two sources: figures, how likely they agree, and what people said."""

    purpose: str  # why it is on the agenda: see agenda.Purpose
    unit: str
    name: str
    grain: str
    domain: str
    left: FrozenSource
    right: FrozenSource
    mark: str  # the word for how likely the two agree, or why none is said
    agree: float | None
    shown: bool  # the stricter rules confirm it
    before: float | None  # that the two agree on any organisation, before it is heard
    gap: float | None  # in typical differences
    gap_low: float | None
    gap_high: float | None
    margin: float  # within which the two agree
    dots: tuple[float, ...]  # twenty gaps, each as likely as another
    marks: tuple[str, ...]  # what must stand beside every figure of the pair
    comments: tuple[FrozenComment, ...]
    readable: int  # comments on it that may be read, of which these are the newest
    beside: tuple[
        FrozenSource, ...
    ] = ()  # a further source of the same organisation: nothing is judged of it

    @property
    def sources(self) -> tuple[FrozenSource, FrozenSource]:
        return self.left, self.right


def freeze(
    store: Store,
    report: CertaintyReport,
    unit: str,
    purpose: str,
    disclosure: Disclosure,
    others: Iterable[CertaintyReport] = (),
) -> FrozenCell:
    """One organisation of a report, with its comments, and what a third source says of it: of the first of
    `others` that has one. Raises NothingToCompare where it is not in the report, or exact figures are on:
    what is frozen is seen by a room."""
    if disclosure.exact:
        raise NothingToCompare(
            "A workshop cannot be made while exact figures are on.",
            fix="Switch them off on the Sources page: a room sees what may leave.",
        )
    cell, verdicts = report.cell(unit), report.verdicts
    if not cell or verdicts is None:
        raise NothingToCompare("These two sources say nothing of that organisation.")
    listed = comments(store, CommentsQuestion(area=unit, disclosure=disclosure))
    people = {(row.source, row.organisation): int(row.people) for row in each(listed.groups)}
    left, right = verdicts.left, verdicts.right
    domains = {left.side.domain, right.side.domain}
    return FrozenCell(
        purpose=purpose,
        unit=unit,
        name=str(cell["name"]),
        grain=report.alignment.grain.value,
        domain=left.side.domain if len(domains) == 1 else right.side.domain,
        left=_source(left, right, cell, "left"),
        right=_source(right, left, cell, "right"),
        mark=str(cell["mark"]),
        agree=_number(cell["agree"]),
        shown=bool(cell["shown"]),
        before=None if report.before is None else float(report.before.agree),
        gap=_number(cell["gap"]),
        gap_low=_number(cell["gap_low"]),
        gap_high=_number(cell["gap_high"]),
        margin=float(verdicts.margin),
        dots=tuple(float(dot) for dot in report.dots(unit)),
        marks=tuple(str(mark) for mark in report.marks),
        comments=tuple(
            FrozenComment(
                source=str(row.source),
                organisation_name=str(row.organisation_name),
                service=str(row.service),
                month=None if row.month != row.month else row.month.date(),
                sentiment=str(row.sentiment),
                themes=tuple(row.themes),
                coded_by=str(row.coded_by),
                comment=str(row.comment),
                people=people[row.source, row.organisation],
            )
            for row in each(listed.rows.head(MOST_COMMENTS))
        ),
        readable=listed.matches,
        beside=_beside(report, unit, others),
    )


def _beside(
    report: CertaintyReport, unit: str, others: Iterable[CertaintyReport]
) -> tuple[FrozenSource, ...]:
    """A source that is heard on the organisation and is neither of the two."""
    asked = {report.left.source, report.right.source}
    for other in others:
        verdicts, cell = other.verdicts, other.cell(unit)
        if not cell or verdicts is None or other.alignment.grain != report.alignment.grain:
            continue
        sides = (
            (verdicts.left, verdicts.right, "left"),
            (verdicts.right, verdicts.left, "right"),
        )
        for weighed, opposite, which in sides:
            if weighed.side.source not in asked and cell[f"{which}_silence"] == "":
                return (_source(weighed, opposite, cell, which),)
    return ()


def _source(
    weighed: Evidence, beside: Evidence, cell: Mapping[str, Any], which: str
) -> FrozenSource:
    side = weighed.side
    measure = maps.measures().get((side.source, side.measure), {})
    lowest, highest = (
        float(end) if (end := measure.get(f"scale_{which_end}", "")) else None
        for which_end in ("low", "high")
    )
    return FrozenSource(
        card=source_card(weighed, beside),
        value=_number(cell[f"{which}_value"]),
        low=_number(cell[f"{which}_low"]),
        high=_number(cell[f"{which}_high"]),
        respondents=_number(cell[f"{which}_respondents"]),
        peers=None if weighed.spread is None else float(weighed.average),
        above=_number(cell[f"{which}_above"]),
        silence=str(cell[f"{which}_silence"]),
        lowest=lowest,
        highest=highest,
    )


def _number(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


# --- Kept as JSON, and read again ---


def as_json(cell: FrozenCell) -> str:
    """The facts in full, the same text for the same facts."""
    return json.dumps(asdict(cell), default=_plain, sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not a fact that can be kept")


def from_json(text: str) -> FrozenCell:
    """The facts that `as_json` wrote, by this version of the program or an earlier one: what is kept is read
    for as long as the database lives, so that a field added later needs a default. A test reads a text of
    each form that ever landed.

    Raises NothingToCompare where facts are missing that this version cannot do without.
    """
    facts = json.loads(text)
    for which in ("left", "right"):
        facts[which] = _source_of(facts[which])
    facts["beside"] = tuple(map(_source_of, facts.get("beside", ())))
    facts["comments"] = tuple(
        _made_of(
            FrozenComment,
            {
                **comment,
                "month": comment["month"] and date.fromisoformat(comment["month"]),
                "themes": tuple(comment["themes"]),
            },
        )
        for comment in facts["comments"]
    )
    facts["dots"], facts["marks"] = tuple(facts["dots"]), tuple(facts["marks"])
    return _made_of(FrozenCell, facts)


def _source_of(facts: Mapping[str, Any]) -> FrozenSource:
    card = dict(facts["card"])
    for name in ("side", "beside"):
        card[name] = _side(card[name])
    return _made_of(FrozenSource, {**facts, "card": _made_of(SourceCard, card)})


def _side(facts: Mapping[str, Any]) -> Side:
    """A side with what is said of it; whose answers counted is in the workshop's frozen view."""
    period = facts["period"] and Period(
        *(date.fromisoformat(facts["period"][end]) for end in ("start", "end"))
    )
    left_out = ("selection", "mix")
    return _made_of(
        Side, {k: v for k, v in facts.items() if k not in left_out} | {"period": period}
    )


Made = TypeVar("Made")


def _made_of(kind: type[Made], facts: Mapping[str, Any]) -> Made:
    """A dataclass of kept facts; what it no longer has is left, what it has since has its default."""
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    missing = [
        name
        for name, item in known.items()
        if name not in facts and item.default is MISSING and item.default_factory is MISSING
    ]
    if missing:
        raise NothingToCompare(
            "What this workshop froze lacks facts that this version of the program needs.",
            ", ".join(missing),
            "Open it with the version that made it.",
        )
    return kind(**{name: value for name, value in facts.items() if name in known})


def key_of(*texts: str) -> str:
    """A fingerprint of what was frozen."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def data_key(store: Store) -> str:
    """A fingerprint of the files that speak now: the same files, the same data."""
    rows = store.query("extracts")
    return key_of(*sorted(rows.loc[rows["status"] == "loaded", "sha256"]))


def view_as_json(scope: Scope) -> str:
    """The filters and settings in force, whichever two sources are chosen."""
    view = asdict(scope.pairing) | {"measures": scope.measures}
    for chosen in ("left", "right", "left_measure", "right_measure"):
        del view[chosen]
    return json.dumps(view, default=_plain, sort_keys=True)
