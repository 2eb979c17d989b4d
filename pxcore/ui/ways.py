"""Ways out of a refusal, and back: each a button that sets the filter concerned.

The one place where causes are put to buttons; every page that may have no answer draws these.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.joining.choices import Choices
from pxcore.analysis.joining.refusals import Apart, Cause, OtherDomains, Refusal
from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.disclosure import enough
from pxcore.model import (
    DISCLOSURE_FLOORS,
    EVIDENCE_FLOORS,
    GRAIN_TITLES,
    Organisation,
    Periods,
    Settings,
)
from pxcore.stats.spread import FEWEST_PEERS
from pxcore.ui import filters, matching, messages, show, state
from pxcore.words import overview
from pxcore.words import refusals as refusal_words
from pxcore.words.english import counted

MOST = 3  # ways out; more would be a wall of buttons
ASSUMED = 100  # answers an organisation, where a survey gives none


@dataclass(frozen=True, slots=True)
class Way:
    """A button: what stands on it, and what it sets."""

    label: str
    sets: Mapping[str, Any]


EVERYWHERE = Way("Look everywhere", {"area": ""})
EVERY_SERVICE = Way("All services", {"service": ""})
NO_WINDOW = Way("As the survey was made", {"window": ""})
ANY_NUMBER = Way(f"Show from {DISCLOSURE_FLOORS[0]} answers", {"floor": DISCLOSURE_FLOORS[0]})
AS_NOW = Way("As now organised", {"organisation": Organisation.CURRENT.value})
SAME_TIME = Way("Back to the same time only", {"periods": Periods.ALIGNED.value})
USUAL_MEASURES = Way("Back to the usual measures", {"left_measure": "", "right_measure": ""})
NO_ASSUMPTION = Way("Assume no answers", {"assumed_base": 0})
HELPED_BY_NAMES = frozenset({Cause.NAMES, Cause.NOTHING_JOINS, Cause.FEW})


def out(refusals: Sequence[Refusal], alignment: Alignment, choices: Choices, key: str) -> None:
    """What can be done about the causes: at most three ways, the most useful first; nothing where there is
    no cause.

    `key` sets apart the buttons of one place on a page from those of another.
    """
    if not refusals:
        return
    ways: list[Way] = []
    for refusal in refusals:
        for way in _ways_of(refusal, alignment, choices):
            if way not in ways:
                ways.append(way)
    with st.container(horizontal=True, vertical_alignment="center", key=f"ways_{key}"):
        _each(ways[:1], key, type="primary")
        _each(ways[1:MOST], f"{key}_more")
        causes = {refusal.cause for refusal in refusals}
        if alignment.names_waiting and causes & HELPED_BY_NAMES and len(ways) < MOST:
            matching.link(alignment.names_waiting)
        if len(ways) < MOST:
            messages.load_files()


def of_every_pair(report: OverviewReport, choices: Choices, key: str) -> None:
    """Where nothing is said of any organisation: why the natural pair has no answer, and its ways."""
    if not report.agreements:
        messages.load_files()
        return
    if report.likely:
        return
    natural = choices.natural_pair(filters.service(choices))
    first = report.of_pair(natural) or report.agreements[0]
    # ranked alike or not, no single organisation can be judged where a cause stands against it
    refusals = first.refusals or first.judgement.refusals
    if not refusals:
        return
    st.markdown(show.escape(overview.why_not(first, refusals)))
    out(refusals, first.alignment, choices, key)


def judged_singly(report: AgreementReport) -> None:
    """Where too few are compared for a correlation and each is judged all the same: the way to them."""
    assert report.verdicts is not None
    st.page_link(
        "pages/divergence.py",
        label=f"See the {report.verdicts.heard:,} that are judged one by one",
        icon=":material/call_split:",
        query_params=filters.pair_link(report.left.source, report.right.source),
    )


def take(sets: Mapping[str, Any]) -> None:
    """Set filters, as a person would in the sidebar."""
    for name, value in sets.items():
        state.keep(name, value)


def back(*, across_domains: bool = False) -> None:
    """The ways back from what a page is marked with, where it is marked."""
    marked = (
        (SAME_TIME, filters.periods() is Periods.LATEST),
        (USUAL_MEASURES, across_domains),
        (NO_ASSUMPTION, filters.settings().assumed_base > 0),
    )
    ways = [way for way, holds in marked if holds]
    if ways:
        _buttons(ways, "back", type="tertiary", icon=":material/undo:")


def two_sources(choices: Choices, more: str = "") -> None:
    """End the page, with a way on, unless there are two sources to set side by side."""
    if len(choices.sources) < 2:
        messages.empty(
            "Two sources are needed",
            f"Load at least two sources that speak of the same organisations{more}.",
        )
        st.stop()
    left, right = (filters.chosen(which, choices) for which in filters.SIDES)
    if left and right:
        return
    service = choices.services.get(filters.service(choices), "this service").lower()
    with st.container(border=True):
        st.markdown("### Two sources are needed", anchors=False)
        st.markdown(show.escape(f"Only {choices.sources[left]} speaks of {service}."))
        with st.container(horizontal=True, vertical_alignment="center"):
            _each([EVERY_SERVICE], "service", type="primary")
            messages.load_files()
    st.stop()


def wider(choices: Choices, uses: Collection[str], key: str) -> None:
    """Where a page is empty: what narrows it is taken back, one button each."""
    narrowing = {
        "area": (EVERYWHERE, filters.area(choices)),
        "service": (EVERY_SERVICE, filters.service(choices)),
        "window": (Way("Whenever it was", {"window": ""}), filters.window(choices)),
    }
    ways = [way for name, (way, held) in narrowing.items() if name in uses and held]
    if filters.disclosure().floor != DISCLOSURE_FLOORS[0]:
        ways.append(ANY_NUMBER)
    with st.container(horizontal=True, vertical_alignment="center", key=f"ways_{key}"):
        _each(ways[:MOST], key)
        if len(ways) < MOST:
            messages.load_files()


def _buttons(ways: Sequence[Way], key: str, **look: Any) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"ways_{key}"):
        _each(ways, key, **look)


def _each(ways: Sequence[Way], key: str, **look: Any) -> None:
    for place, way in enumerate(ways):
        st.button(way.label, key=f"way_{key}_{place}", on_click=take, args=(way.sets,), **look)


# --- The causes ---


def _ways_of(refusal: Refusal, alignment: Alignment, choices: Choices) -> list[Way]:
    """The ways out of one cause, the most useful first."""
    match refusal:
        case Apart(months=months):
            label = f"Compare the latest of each ({counted(months, 'month')} apart)"
            return [Way(label, {"periods": Periods.LATEST.value})]
        case OtherDomains(left=left, right=right, domains=domains, measures=measures):
            # of Overview, which shows every pair, the two need not be those chosen
            sets = {"left": left, "right": right}
            for which, measure in zip(filters.SIDES, measures, strict=True):
                sets[f"{which}_measure"] = measure
            first, second = map(refusal_words.domain, domains)
            return [Way(f"Compare {first} with {second} anyway", sets)]
    match refusal.cause:
        case Cause.NO_BASE:
            label = f"Assume {ASSUMED} answers a {GRAIN_TITLES[alignment.grain][0]}"
            return [Way(label, {"assumed_base": ASSUMED})]
        case Cause.AREA:
            return [EVERYWHERE]
        case Cause.WINDOW:
            return [NO_WINDOW]
        case Cause.BREAK if filters.periods() is Periods.LATEST:
            return [SAME_TIME]
        case Cause.BREAK if filters.window(choices):
            return [NO_WINDOW]
        case Cause.NO_FIGURES:
            level = Way("At the finest level both have", {"grain": ""})
            ways = [level] if filters.pairing(choices).grain else []
            return [*ways, *([USUAL_MEASURES] if filters.scope(choices).measures else [])]
        case Cause.NAMES | Cause.NOTHING_JOINS | Cause.FEW:
            return [*_more(alignment, choices), *_natural(alignment, choices)]
    return _natural(alignment, choices)


def _natural(alignment: Alignment, choices: Choices) -> list[Way]:
    """The natural two, where others are chosen."""
    pair = choices.natural_pair(filters.service(choices))
    if not all(pair) or {alignment.left.source, alignment.right.source} == set(pair):
        return []
    first, second = (choices.sources[name] for name in pair)
    return [Way(f"Compare {first} with {second}", dict(zip(filters.SIDES, pair, strict=True)))]


def _more(alignment: Alignment, choices: Choices) -> list[Way]:
    """Where organisations are too few: what leaves some out is taken back."""
    evidence, usual = alignment.pairing.evidence_floor, Settings().evidence_floor
    fewer = usual if evidence > usual else EVIDENCE_FLOORS[0]
    disclosure = filters.disclosure()
    narrowing = (
        (EVERYWHERE, alignment.pairing.area != ""),
        (ANY_NUMBER, disclosure.floor != DISCLOSURE_FLOORS[0]),
        (
            Way(f"Hear a source from {fewer} answers", {"evidence": fewer}),
            evidence > fewer
            and enough([fewer], disclosure)[0]
            and len(alignment.pairs) >= FEWEST_PEERS,
        ),
        (NO_WINDOW, filters.window(choices) != ""),
        (AS_NOW, alignment.pairing.organisation is Organisation.REPORTED),
    )
    return [way for way, holds in narrowing if holds]
