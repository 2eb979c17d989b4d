"""A view called back by its code, in words: what it asked, what made it, whether newer data change it."""

from __future__ import annotations

from pxcore import maps
from pxcore.analysis.comments.themes import ThemesQuestion
from pxcore.analysis.files.codes import CalledBack, Change, CodedView
from pxcore.analysis.workshop.decisions import Filter
from pxcore.model import ORGANISATION_TITLES, Disclosure, Pairing, Periods, Settings
from pxcore.words import decisions
from pxcore.words.english import counted, dated, fixed

MOST_CHANGES = 8  # that are listed
HELP = (
    "It calls this view back: type it in ‘Open a code’ at the foot of the sidebar, or ask ‘px explain’. "
    "It is in every file taken away."
)


def unknown(code: str) -> str:
    """Of a code that was not made where it is asked for."""
    return f"{code} is not known here."


MADE_ELSEWHERE = (
    "It was made on another computer or in another database, or before this program kept codes. Open it "
    "where it was made."
)


NO_FILES = "files that are no longer those of the demonstration"


def made(then: CodedView, kind: str) -> str:
    """When, by which version, of which data."""
    made_by = (
        f"Made {dated(then.made_at.date())}, {then.made_at:%H:%M} UTC, by version {then.program}"
    )
    if not then.headline.extracts:  # such as of the methods, which come with the program
        return made_by
    data = "the demonstration" if kind == "demonstration" else "your data"
    return f"{made_by}, of revision {then.headline.revision} of {data}"


def settings(
    pairing: Pairing, themes: ThemesQuestion | None, area: str, parts: dict[str, str]
) -> dict[str, str]:
    """What was asked, by what each setting is called; what was left as it comes is not in it.

    Parameters
    ----------
    themes : of the page of themes, which looks at no pair.
    area : its name; "" of everywhere.
    parts : further choices of the page, by what each is called.
    """
    sources = [
        f"{maps.source(source)['short_title']}{f' ({measure})' if measure else ''}"
        for source, measure in (
            (pairing.left, pairing.left_measure),
            (pairing.right, pairing.right_measure),
        )
        if source in maps.sources()
    ]
    window = pairing.window if themes is None else themes.window
    disclosure = pairing.disclosure if themes is None else themes.disclosure
    usual = Settings()
    held = {
        "Sources": " beside ".join(sources) if themes is None else "",
        "Area": area,
        "Period": str(window) if window is not None else "",
        "Level": pairing.grain,
        "Times": "the latest of each source" if pairing.periods is Periods.LATEST else "",
        "Organisations": ORGANISATION_TITLES[pairing.organisation.value].lower()
        if pairing.organisation.value != next(iter(ORGANISATION_TITLES))
        else "",
        "Smallest number of answers shown": str(disclosure.floor)
        if disclosure.floor != Disclosure().floor
        else "",
        "Answers a source needs": str(pairing.settings.evidence_floor)
        if pairing.settings.evidence_floor != usual.evidence_floor
        else "",
        "Answers assumed": str(pairing.settings.assumed_base or ""),
        **parts,
    }
    return {name: text for name, text in held.items() if text}


def decisions_looked_at(chosen: Filter) -> dict[str, str]:
    """Which decisions were looked at, by what each choice is called."""
    return {
        "Owner": chosen.owner,
        "Decisions of": chosen.unit,
        "Theme": decisions.theme(chosen.theme) if chosen.theme else "",
        "Action due": decisions.DUES[chosen.due] if chosen.due else "",
    }


def comparison(back: CalledBack, revision: int) -> str:
    """Whether today's data say the same.

    Parameters
    ----------
    revision : of the data there are now.
    """
    then = back.then.headline
    if not back.is_known:
        return (
            f"This version has no such page or setting: it was made by version {back.then.program}."
        )
    if back.now is None:
        return f"It cannot be worked out today. {back.why}"
    figures = counted(len(back.changes), "headline figure")
    if back.same_data:
        changed = len(back.changed)
        rests = "The data are those" if then.extracts else "The program is the one"
        by = "of" if then.extracts else "by"
        return (
            f"{rests} it was made {by}, and all of its {figures} come out the same."
            if not changed
            else f"{rests} it was made {by}, and yet {changed} of its {figures} differ."
        )
    since = f"The data have changed since: revision {then.revision} then, {revision} now"
    if then.revision == revision:
        since = "The data, or the program, have changed since"
    if not back.changed:
        return f"{since}. All of its {figures} are the same today."
    return f"{since}. Of its {figures}, {counted(len(back.changed), 'is', 'are')} different today."


def change(item: Change) -> str:
    """One headline figure then and now."""
    return f"{item.name}: {_figure(item.before)} then, {_figure(item.now)} now"


def listed(back: CalledBack) -> list[str]:
    """The figures that are different today."""
    lines = [change(item) for item in back.changed[:MOST_CHANGES]]
    more = len(back.changed) - len(lines)
    return [*lines, f"and {more} more"] if more > 0 else lines


def _figure(figure: float | None) -> str:
    if figure is None:
        return "none"
    return fixed(figure) if float(figure).is_integer() else fixed(figure, 3)
