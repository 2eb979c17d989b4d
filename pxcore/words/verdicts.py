"""Verdicts in words: each in a label and a sentence, how many there are, and what bears on them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.judgement import Judged, Mark
from pxcore.analysis.judging.silence import Silence
from pxcore.analysis.judging.verdicts import GRADED_WITHIN, Verdicts
from pxcore.model import GRAIN_TITLES
from pxcore.stats.spread import FEWEST_PEERS
from pxcore.stats.verdict import Rule, Side, State, side_words
from pxcore.words import alignment, evidence, independence
from pxcore.words.english import capital, counted, signed

LABELS: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.SILENCE: "Silence",
        Rule.AGREEMENT: "Agreement",
        Rule.DISSONANCE_UNUSUAL: "Dissonance, unusual",
        Rule.SAME_SIDE_UNUSUAL: "Partial agreement: same side, one much more strongly",
        Rule.DISSONANCE_USUAL: "Dissonance of usual size",
        Rule.SAME_SIDE_APART: "Partial agreement: same side, one more strongly",
        Rule.SAME_SIDE: "Partial agreement: probably the same side",
        Rule.NOT_ENOUGH: "Not enough evidence",
    }
)
# Above every agreement that no two independent sources would show.
TOO_ALIKE = (
    f"{capital(Mark.SAME_PEOPLE)}: the two sources rank organisations more alike than two perfect mirrors "
    "of the truth would with these numbers of answers. Until it is known that they asked different "
    "people, their agreement is no evidence."
)
_AGREEING = (State.AGREEMENT, State.PARTIAL)
_COLUMNS = (
    "rule", "left_silence", "right_silence", "same_side", "widest", "narrowest", "q_value",
    "difference_low", "difference_high",
)  # fmt: skip


def labels(rules: pd.Series) -> list[str]:
    """The label of each verdict."""
    return [LABELS[Rule(rule)] for rule in rules]


# --- One organisation ---


def sentences(verdicts: Verdicts, cells: pd.DataFrame, marks: Sequence[Mark] = ()) -> list[str]:
    """The verdict on each of some organisations of `verdicts`, in a sentence or two, with the marks that
    must stand behind it."""
    reason = "" if verdicts.comparable else _not_comparable(verdicts)
    columns = [cells[column].tolist() for column in _COLUMNS]
    columns += [sides(cells[f"{which}_above"]) for which in ("left", "right")]
    return [
        _ended(verdicts, Rule(row[0]), _sentence(verdicts, reason, *row), marks)
        for row in zip(*columns, strict=True)
    ]


def _ended(verdicts: Verdicts, rule: Rule, sentence: str, marks: Sequence[Mark]) -> str:
    """The sentence with its full stop, and with what it rests on."""
    if verdicts.too_alike and rule.state in _AGREEING:
        marks = tuple(dict.fromkeys((Mark.SAME_PEOPLE, *marks)))
    end = f" ({'; '.join(marks)})." if marks else ""
    if rule is not Rule.SILENCE and verdicts.assumed:
        return f"{sentence}. (Numbers of answers are assumed.){end}"
    return f"{sentence}{end or '.'}"


def _not_comparable(verdicts: Verdicts) -> str:
    noun, many = GRAIN_TITLES[verdicts.grain]
    for source in (verdicts.left, verdicts.right):
        if source.whole_silence is Silence.NO_PEERS:
            return (
                f"Fewer than {FEWEST_PEERS} {many} have enough answers in {source.side.short_title}, so "
                "none can be said to stand above or below its peers"
            )
    return (
        f"Fewer than {FEWEST_PEERS} {many} have enough answers in both sources, so how far the two "
        f"usually differ on a {noun} is not known"
    )


def _sentence(
    verdicts: Verdicts,
    reason: str,
    rule: int,
    left_silence: str,
    right_silence: str,
    same_side: float,
    widest: float,
    narrowest: float,
    q_value: float,
    low: float,
    high: float,
    left_side: str,
    right_side: str,
) -> str:
    left, right = verdicts.left.side.short_title, verdicts.right.side.short_title
    both = f"{left}: {left_side}", f"{right}: {right_side}"
    step = steps(verdicts.margin)
    match rule:
        case Rule.SILENCE:
            return _silence(verdicts, {left: left_silence, right: right_silence})
        case Rule.AGREEMENT:
            many = GRAIN_TITLES[verdicts.grain][1]
            real = q_value <= verdicts.settings.false_discovery
            return (
                f"The sources agree: closer than {step} between {many} ({margin_in_points(verdicts)})"
                + (". The small gap that remains is real" if real else "")
            )
        case Rule.DISSONANCE_UNUSUAL:
            return (
                f"{'. '.join(both)}. A gap this big is unusual for these two sources; of all such flags in "
                "this table about 1 in 20 is expected to be chance"
            )
        case Rule.SAME_SIDE_UNUSUAL:
            return (
                "Same side of the average, but one source puts it there much more strongly; unusually "
                f"so. {'; '.join(both)}"
            )
        case Rule.DISSONANCE_USUAL:
            return (
                f"{'. '.join(both)}. The two differ here by more than {step}, beyond chance. Gaps this big "
                "are common between these two sources: worth a look, not an outlier"
            )
        case Rule.SAME_SIDE_APART:
            return f"Same side of the average, one source more strongly. {'; '.join(both)}"
        case Rule.SAME_SIDE:
            return (
                f"Probably the same side of the average ({at_least(same_side)}); how close the two are "
                "is not established"
            )
    if reason:
        return f"Not enough evidence. {reason}"
    if low * high > 0:
        least, most = sorted((abs(low), abs(high)))
        shown = (
            f"Not enough evidence: taken alone these numbers show a gap, of {least:.1f} to {most:.1f} "
            "typical differences, but "
        )
        if narrowest > verdicts.margin:  # the rule of usual size asks for a standard error as well
            return (
                f"{shown}too roughly to be graded: it is known to within {(high - low) / 2:.1f} either "
                f"way, and it takes {GRADED_WITHIN:.1f}"
            )
        return f"{shown}not whether it is over {step}"
    fits = (
        f"agreement within {step} and a gap of up to {widest:.1f} times that"
        if verdicts.margin == 1
        else f"agreement and a gap of up to {widest:.1f} typical differences"
    )
    ruled_out = ". A gap of twice that or more is ruled out" if widest < 2 else ""
    return f"Not enough evidence: these numbers fit both {fits}{ruled_out}"


def _silence(verdicts: Verdicts, silences: Mapping[str, str]) -> str:
    """Why there is nothing to compare, by source."""
    same, few = Silence.SAME_PEOPLE.value, Silence.FEW.value
    if set(silences.values()) == {same}:
        left, right = silences
        return f"{left} and {right} are the same people's answers here: that they agree would say nothing"
    floor = f", and it takes {verdicts.left.evidence_floor}"
    parts = [
        f"{title}: {silence}{floor if silence == few else ''}"
        for title, silence in silences.items()
        if silence
    ]
    opening = "Not enough evidence" if few in silences.values() else "Silence"
    return f"{opening}: nothing to compare. {'; '.join(parts)}"


def sides(above: npt.ArrayLike) -> list[str]:
    """Where one source alone puts each organisation, in words."""
    return [
        words if words in ("", Side.AVERAGE) else f"{words} its peers"
        for words in side_words(above).tolist()
    ]


def side(above: float) -> str:
    """Where one source alone puts an organisation, in words."""
    return sides([above])[0]


def steps(margin: float) -> str:
    """The margin of agreement as a length: one typical difference, or so many."""
    return "one typical difference" if margin == 1 else f"{margin:g} typical differences"


def at_least(share: float) -> str:
    """A probability of at least so much, never printed as certainty."""
    return "more than 99%" if share > 0.99 else f"at least {np.floor(share * 100):.0f}%"


def chance(value: float) -> str:
    """A p- or q-value for print: never 0."""
    if np.isnan(value):
        return "–"
    if value < 0.001:
        return "< 0.001"
    if value == float(f"{value:.0e}"):
        return f"{value:g}"  # it has a single figure, and none is made up
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def source(weighed: Evidence, cell: Mapping[str, Any], which: str) -> str:
    """What one source says of an organisation: figure, interval, the average, answers, and where that puts
    it."""
    about = weighed.side
    if np.isnan(cell[f"{which}_value"]):
        return f"{about.title}: {cell[f'{which}_silence'] or 'not shown'}."
    return f"{about.title} ({about.period}): {_figure(weighed, cell, which)}"


def source_in_brief(weighed: Evidence, cell: Mapping[str, Any], which: str) -> str:
    """The same by its short title, whenever it was."""
    about = weighed.side
    if np.isnan(cell[f"{which}_value"]):
        return f"{about.short_title}: {cell[f'{which}_silence'] or 'not shown'}."
    return f"{about.short_title}: {_figure(weighed, cell, which)}"


def beside_peers(weighed: Evidence, cell: Mapping[str, Any], which: str) -> str:
    """The figure of one source and that of its peers, in a few words."""
    value, peers = cell[f"{which}_value"], _peers(weighed)
    proportion = weighed.side.unit == "proportion"
    text = f"{weighed.side.short_title} {printed(value, proportion)}"
    if np.isnan(peers):
        return text
    way = arrow(difference_printed(value, peers, proportion))
    return f"{way} {text} (peers {printed(peers, proportion)})".strip()


def beside_average(weighed: Evidence, rows: pd.DataFrame, which: str) -> list[str]:
    """The figure of one source for each organisation, marked above its peers or below, and by how much; ""
    where it is not shown."""
    peers, proportion = _peers(weighed), weighed.side.unit == "proportion"
    texts = []
    for value in rows[f"{which}_value"]:
        text = "" if np.isnan(value) else printed(value, proportion)
        if text and not np.isnan(peers):
            apart = difference_printed(value, peers, proportion)
            text = f"{arrow(apart)} {text} ({signed(apart, 0 if proportion else 1)})".strip()
        texts.append(text)
    return texts


def _peers(weighed: Evidence) -> float:
    """What an organisation's figure of a source stands beside; NaN where that is no average of all."""
    whole = weighed.spread is not None and not weighed.side.selection.peers
    return weighed.average if whole else np.nan


def printed(value: float, proportion: bool) -> str:
    """A figure of a source: a percentage, or a score."""
    return f"{value:.0%}" if proportion else f"{value:.1f}"


def difference_printed(value: float, peers: float, proportion: bool) -> float:
    """By how much a figure is over another, both as they are printed: percentage points, or of its score."""
    size, places = (100, 0) if proportion else (1, 1)
    return round(round(value * size, places) - round(peers * size, places), places)


def arrow(difference: float) -> str:
    """Above or below; "" where the two are printed alike."""
    return "▲" if difference > 0 else "▼" if difference < 0 else ""


def _figure(weighed: Evidence, cell: Mapping[str, Any], which: str) -> str:
    value, low, high, answers, silence = (
        cell[f"{which}_{column}"] for column in ("value", "low", "high", "respondents", "silence")
    )
    proportion, peers = weighed.side.unit == "proportion", _peers(weighed)
    text = printed(value, proportion)
    beside = []
    if np.isfinite(low):
        beside.append(f"{printed(low, proportion)} to {printed(high, proportion)}")
    if not np.isnan(peers):
        beside.append(f"peers {printed(peers, proportion)}")
    text += f" ({'; '.join(beside)})" if beside else ""
    text += f", {counted(answers, 'answer')}" if np.isfinite(answers) else ", answers not given"
    if silence:
        return f"{text}; not heard: {silence}."
    where = side(cell[f"{which}_above"])
    return f"{text}: {where}." if where else f"{text}."


# --- Lengths in the units of a source ---


def margin_in_points(verdicts: Verdicts) -> str:
    """The margin of agreement in the units of both sources."""
    return " and ".join(
        f"{in_points(weighed, verdicts.margin)} on {weighed.side.short_title}"
        for weighed in (verdicts.right, verdicts.left)
    )


def in_points(weighed: Evidence, difference: float) -> str:
    """A difference in peer SDs around the average, in the source's own unit."""
    reach = sum(weighed.points(difference / 2))
    if weighed.scale == "score":
        return f"about {reach:.1f} points of its score"
    return f"about {counted(round(reach), 'percentage point')}"


def detectable(weighed: Evidence, difference: float) -> str:
    """The smallest gap that would have shown up, below and above the average."""
    down, up = weighed.points(difference)
    if weighed.scale == "score":
        return f"{down:.1f} points of its score"
    room_down, room_up = weighed.average * 100, 100 - weighed.average * 100
    parts = []
    if down < room_down - 0.5:
        parts.append(f"{down:.0f} points below the average")
    if up < room_up - 0.5:
        parts.append(f"{up:.0f} above")
    return " or ".join(parts) if parts else "no gap, however large,"


# --- All organisations ---


def could_agree(verdicts: Verdicts) -> str:
    """How often agreement could have been shown at all; stands before any count of it."""
    noun, many = GRAIN_TITLES[verdicts.grain]
    heard = f"{verdicts.heard:,} {many}"
    if not verdicts.heard:
        return f"No {noun} has enough answers in both sources to be judged."
    if not verdicts.comparable:
        return f"None of the {heard} can be judged: they are too few."
    if not verdicts.could_agree:
        return (
            f"Agreement could not have been shown for any of the {heard} with enough answers in both: the "
            "numbers of answers are too small for it."
        )
    return (
        f"Agreement could have been shown for {verdicts.could_agree:,} of the {heard} with enough answers "
        f"in both; it was for {verdicts.count(State.AGREEMENT):,}."
    )


def differing(verdicts: Verdicts) -> str:
    """On how many of those in view the two differ: the answer of Divergence, without its marks."""
    unusual, usual = len(verdicts.unusual), len(verdicts.of_usual_size)
    heard = counted(verdicts.heard, *GRAIN_TITLES[verdicts.grain])
    pair = f"{verdicts.left.side.short_title} and {verdicts.right.side.short_title}"
    text = (
        f"On {unusual:,} of {heard}, {pair} differ by more than these two usually do"
        if unusual
        else f"On none of {heard} do {pair} differ by more than these two usually do"
    )
    if usual:
        text += f"; on {usual:,} more by over one typical difference, beyond chance"
    return text


# --- What bears on every figure of a report ---


def marked(report: Judged) -> str:
    """The marks in brackets, to stand behind a sentence; "" where there is none."""
    return f" ({'; '.join(report.marks)})" if report.marks else ""


def notes(report: Judged) -> list[str]:
    """What was assumed of the two sources, and what to bear in mind, each once."""
    if report.status == "refused":
        return []
    lines = alignment.notes(report.alignment)
    if report.verdicts is not None:
        for weighed in (report.verdicts.left, report.verdicts.right):
            lines += evidence.notes(weighed)
    return list(dict.fromkeys(lines))


def warnings(report: Judged) -> list[str]:
    """What a reader must hear before believing the page."""
    judgement, lines = report.judgement, []
    if judgement.too_alike:
        lines.append(TOO_ALIKE)
    if judgement.same_people is not None:
        lines.append(independence.summary(judgement.same_people))
    return lines


def hardly_track(report: Judged) -> str:
    """Stands above any single organisation where the two sources hardly track each other."""
    many = GRAIN_TITLES[report.alignment.grain][1]
    return (
        f"Across all {many} these two sources hardly track each other; a single one on which they differ "
        "says little."
    )
