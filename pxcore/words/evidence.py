"""What was assumed of a source when it was weighed, in words."""

from __future__ import annotations

from pxcore.analysis.joining.notes import Note, Noticed
from pxcore.analysis.judging.evidence import Evidence
from pxcore.stats.spread import FEWEST_PEERS
from pxcore.words.english import counted


def notes(weighed: Evidence) -> list[str]:
    """What to bear in mind of a source."""
    return [note(weighed, noted) for noted in weighed.notes]


def note(weighed: Evidence, noted: Note) -> str:
    """What was noticed as a source was weighed."""
    side = weighed.side
    match noted.kind:
        case Noticed.OWN_PEERS:
            judged = (
                f"; {noted.count} {'has' if noted.count == 1 else 'have'} fewer than {FEWEST_PEERS} peers "
                f"and {'is' if noted.count == 1 else 'are'} not judged."
                if noted.count
                else "."
            )
            return f"{side.short_title}: each organisation is set against its own peers{judged}"
        case Noticed.FEW_PEERS:
            return (
                f"{side.short_title}: only {noted.count} organisations have enough answers to be compared "
                "with one another: to be read with caution."
            )
        case Noticed.ASSUMED_BASE:
            whom = (
                "each organisation, because the file gives none"
                if noted.every
                else f"{counted(noted.count, 'organisation')} without a published number"
            )
            return (
                f"{side.title}: {noted.answers:g} answers are assumed for {whom}. Every verdict on them "
                "rests on that assumption."
            )
        case Noticed.ASSUMED_MONTHS:
            return (
                f"{side.short_title}: {noted.answers:g} answers are taken to be worth one, because too few "
                "organisations have several months to see how far months differ by themselves."
            )
        case Noticed.ASSUMED_DESIGN:
            whom = "" if noted.every else f" for {counted(noted.count, 'organisation')}"
            return (
                f"{side.short_title}: {noted.answers:g} weighted answers are taken to be worth one "
                f"(assumed; no interval is published{whom})."
            )
    raise ValueError(f"{noted.kind} is no note on a source")
