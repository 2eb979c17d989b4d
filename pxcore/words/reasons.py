"""Candidate reasons, each as what was noticed and a question: never an explanation."""

from __future__ import annotations

from pxcore import maps
from pxcore.analysis.judging.reasons import OtherTimes, Reason, ReasonKind, Reasons, Unseen
from pxcore.words import independence
from pxcore.words.english import capital, counted, joined


def sentence(reason: Reason) -> str:
    """One candidate reason."""
    title = _short(reason.source) if reason.source else ""
    figure, beside = reason.figure or 0.0, reason.beside or 0.0
    match reason.kind:
        case ReasonKind.SAME_PEOPLE:
            assert reason.noticed is not None
            return f"Are these two sources? {capital(independence.sign(reason.noticed))}."
        case ReasonKind.MODE if reason.month:
            return (
                f"Did the way of asking change the answers? {beside:.0%} of {title} answers came by text "
                f"message at first and {figure:.0%} in {reason.period}; the change came in {reason.month}."
            )
        case ReasonKind.MODE:
            return (
                f"Is it the way of asking? {figure:.0%} of {title} answers came by text message here, "
                f"{beside:.0%} at the middle organisation."
            )
        case ReasonKind.ODD_MONTH:
            return (
                f"What happened in {reason.month}? That month of {title} stands apart from the others of "
                "this organisation by more than chance."
            )
        case ReasonKind.MONTHS_MISSING:
            return (
                f"{title} has answers in {figure:.0f} of the {beside:.0f} months. Were the others withheld, "
                "or was nobody asked?"
            )
        case ReasonKind.RESPONSE_RATE if figure > 1:
            return (
                f"{title} has more answers than people to be asked ({figure:.0%}). Is the number of people "
                "asked right?"
            )
        case ReasonKind.RESPONSE_RATE:
            return (
                f"Who did not answer? {figure:.1%} of those asked answered {title} here, {beside:.0%} at the "
                "middle organisation."
            )
        case ReasonKind.FEW_ANSWERS:
            return f"Would more answers say the same? {title} rests on {counted(figure, 'answer')} here."
        case ReasonKind.FULL_MARKS:
            return f"Who was asked? All {counted(figure, 'answer')} of {title} are positive."
        case ReasonKind.MERGER:
            assert reason.on is not None
            return (
                f"Do its parts differ? {reason.parts} became this organisation on {reason.on.day} "
                f"{reason.on:%B %Y}; answers are added up."
            )
        case ReasonKind.WHO_ANSWERED:
            return (
                f"Did other people answer? {figure:.0%} of those who answered {title} are 65 or older, "
                f"{beside:.0%} of those who answered {_short(reason.second)}."
            )
        case ReasonKind.SERVICES:
            return (
                f"Is it the same service? {figure:.0%} of what {title} holds here does not say which "
                "service it is about."
            )


def of_all(reasons: Reasons) -> list[str]:
    """What holds for all organisations."""
    lines = []
    for reason in reasons.of_all:
        if isinstance(reason, OtherTimes):
            lines.append(
                f"Different times: {_short(reason.left)} is of {reason.left_period}, "
                f"{_short(reason.right)} of {reason.right_period}, about "
                f"{counted(reason.months, 'month')} apart. Has care changed in between?"
            )
        else:
            lines.append(
                f"A break lies between the two periods: {reason.change} ({reason.on:%B %Y})."
            )
    return lines


def unseen(reasons: Reasons) -> list[str]:
    """What these files do not let one look at, a kind of reason each."""
    return [_unseen(kind) for kind in reasons.unseen]


def _unseen(kind: Unseen) -> str:
    titles = joined([_short(source) for source in kind.sources])
    lacking = {
        ReasonKind.MODE: f"{titles} does not give it",
        ReasonKind.RESPONSE_RATE: f"{titles} does not say how many people were asked",
        ReasonKind.WHO_ANSWERED: f"{titles} without ages",
    }[kind.kind]
    return f"{kind.kind} ({lacking})"


def not_checked(reasons: Reasons) -> list[str]:
    """The same as one sentence; none where everything could be looked at."""
    if not reasons.unseen:
        return []
    return [f"Could not be looked at: {'; '.join(unseen(reasons))}."]


def _short(source: str) -> str:
    return maps.source(source)["short_title"]
