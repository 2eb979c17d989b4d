"""Why two sources are not compared, or no organisation is judged, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pxcore import maps
from pxcore.analysis.joining.periods import CHOOSE_A_QUARTER, is_month
from pxcore.analysis.joining.refusals import (
    AcrossBreak,
    Apart,
    NoFigures,
    NotByQuarter,
    NothingInside,
    OtherDomains,
    Refusal,
    SameSource,
)
from pxcore.analysis.judging.judgement import FewJudged, Mute, NobodyInArea, SamePeople
from pxcore.analysis.pairs.agreement import FewCompared
from pxcore.model import GRAIN_TITLES, Period
from pxcore.stats.correlation import MINIMUM_PAIRS
from pxcore.stats.spread import FEWEST_PEERS
from pxcore.words import independence
from pxcore.words.english import counted

NOT_ENOUGH = "Not enough evidence"


def sentence(refusal: Refusal) -> str:
    """What stands in the way."""
    opening, heart, rest = _parts(refusal)
    return f"{opening}: {heart}{rest}" if opening else f"{heart}{rest}"


def brief(refusal: Refusal) -> str:
    """The heart of it, as part of a line: no full stop, and nothing about how much is enough."""
    return _parts(refusal)[1]


def way_out(refusal: Refusal) -> str:
    """What can be done about it, where nothing can be pressed; "" where nothing can."""
    match refusal:
        case SameSource():
            return "Choose another source on one side."
        case NotByQuarter():
            return CHOOSE_A_QUARTER
        case Apart():
            return (
                "Load extracts of the same time, or ask for the latest of each, whatever its date."
            )
        case OtherDomains():
            return "To compare them all the same, choose the measures by name."
    return ""


def sentences(refusals: Iterable[Refusal]) -> str:
    """All that stands in the way."""
    return " ".join(map(sentence, refusals))


def text(refusals: Iterable[Refusal]) -> str:
    """All that stands in the way, each with what can be done about it."""
    return " ".join(f"{sentence(refusal)} {way_out(refusal)}".strip() for refusal in refusals)


def domain(name: str) -> str:
    """A domain by its title, as it stands in a sentence."""
    titles = {row["domain"]: row["title"].lower() for row in maps.rows("domains")}
    return titles.get(name, name)


def _parts(refusal: Refusal) -> tuple[str, str, str]:
    """How the sentence opens, its heart, and what follows to its end."""
    match refusal:
        case SameSource(source=source):
            return (
                "",
                f"Both sides are {_title(source)}: the same people answered both, so that they agree would "
                "say nothing",
                ".",
            )
        case NoFigures(source=source, measure=measure, grain=grain):
            named = maps.measures().get((source, measure), {}).get("title", measure)
            many = GRAIN_TITLES[grain][1]
            return "", f"{_title(source)} ({named}) has no dated figures for {many}", "."
        case NotByQuarter(source=source):
            return "", f"{_title(source)}: single responses are counted by whole quarters", "."
        case NothingInside(source=source, window=window, covered=covered):
            return (
                "",
                f"{_title(source)} has nothing in {window}: it covers {_covered(covered)}",
                ".",
            )
        case Apart(left=left, right=right, left_covered=first, right_covered=second):
            return (
                "",
                f"The periods do not meet: {_short(left)} covers {_covered(first)}, {_short(right)} covers "
                f"{_covered(second)}",
                ".",
            )
        case AcrossBreak(source=source, change=change):
            return "", f"{_title(source)}: {change}; nothing is compared across it", "."
        case OtherDomains(left=left, right=right, domains=domains):
            return (
                "",
                f"They do not ask about the same thing: {_short(left)} on {domain(domains[0])} and "
                f"{_short(right)} on {domain(domains[1])}",
                ".",
            )
        case SamePeople():
            return "", independence.where(refusal), f". {independence.NO_EVIDENCE}"
        case NobodyInArea(left=left, right=right, grain=grain):
            noun = GRAIN_TITLES[grain][0]
            both = f"both {_short(left)} and {_short(right)}"
            return NOT_ENOUGH, f"no {noun} of this area has enough answers in {both}", "."
        case Mute(source=source, silence=silence):
            return (
                NOT_ENOUGH,
                f"{_short(source)} can support or contradict no other source here ({silence.value})",
                ".",
            )
        case FewJudged(left=left, right=right, grain=grain, tested=tested):
            noun, many = GRAIN_TITLES[grain]
            on = f"only {counted(tested, noun, many)}" if tested else f"no {noun}"
            return (
                NOT_ENOUGH,
                f"{_short(left)} and {_short(right)} both have enough answers on {on}",
                f", and it takes {FEWEST_PEERS} to know how far two sources usually differ.",
            )
        case FewCompared():
            return NOT_ENOUGH, *_few_compared(refusal)
    raise TypeError(f"{type(refusal).__name__} has no words")


def _few_compared(few: FewCompared) -> tuple[str, str]:
    noun, many = GRAIN_TITLES[few.grain]
    if few.no_order:
        return "one source gives every organisation the same value: there is no order", "."
    rest = "."
    if few.compared:
        heart = f"only {counted(few.compared, noun, many)} can be compared"
        rest = f", and it takes {MINIMUM_PAIRS} to print a correlation."
    elif few.withheld:
        heart = f"no {noun} has enough answers in both sources"
    else:
        heart = f"no {noun} has a value from both sources"
    if few.withheld:
        rest += (
            f" {few.withheld} {'is' if few.withheld == 1 else 'are'} left out, with fewer than "
            f"{few.rank_floor} answers in one of the two."
        )
    if few.names:
        rest += (
            f" {counted(few.names, 'name')} {'is' if few.names == 1 else 'are'} not matched to a code yet "
            "(Alignment page)."
        )
    return heart, rest


def _title(source: str) -> str:
    return maps.source(source)["title"]


def _short(source: str) -> str:
    return maps.source(source)["short_title"]


def _covered(periods: Sequence[Period]) -> str:
    """The time a source covers: from the first month to the last, or its latest waves."""
    if all(map(is_month, periods)):
        return str(Period(periods[0].start, periods[-1].end))
    return ", ".join(map(str, periods[-3:]))
