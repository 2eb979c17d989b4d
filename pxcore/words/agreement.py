"""How alike two sources rank the same organisations, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.judging.silence import Silence
from pxcore.analysis.judging.verdicts import Verdicts
from pxcore.analysis.pairs.agreement import SEED, AgreementReport, Likeness, likeness
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES, Settings
from pxcore.stats.correlation import MINIMUM_PAIRS, concordance
from pxcore.stats.latent import LatentCorrelation, Strength, strength
from pxcore.words import alignment, certainty, methods, refusals, scenarios
from pxcore.words import verdicts as of_verdicts
from pxcore.words.columns import Cells, Column
from pxcore.words.english import at_limit, counted, fixed, number, number_range, uncapital

_BY_LIKENESS: Mapping[Likeness, str] = MappingProxyType(
    {
        Likeness.SAME_ORDER: "rank {many} exactly alike",
        Likeness.REVERSED: "rank {many} in reverse",
        Likeness.MUCH: "rank {many} much alike",
        Likeness.MODERATE: "rank {many} moderately alike or better",
        Likeness.SOME: "rank {many} alike to a degree",
        Likeness.OPPOSITE: "rank {many} in opposite order",
        Likeness.LITTLE: "rank {many} with little or nothing in common",
        Likeness.UNKNOWN: "cannot be said to rank {many} alike or differently",
    }
)
_BY_STRENGTH: Mapping[Strength, str] = MappingProxyType(
    {
        Strength.STRONG: "rank {many} very much alike",
        Strength.MODERATE: "rank {many} alike, moderately or better",
        Strength.POSITIVE: "rank {many} alike to a degree; how far is uncertain",
        Strength.OPPOSITE: _BY_LIKENESS[Likeness.OPPOSITE],
        Strength.LITTLE: _BY_LIKENESS[Likeness.LITTLE],
        Strength.UNKNOWN: _BY_LIKENESS[Likeness.UNKNOWN],
    }
)


# the commonest mistake in loading a file
REVERSED_SCALE = (
    "Is one scale reversed? Where a high figure means a poor experience in one of the two, the order comes "
    "out opposite."
)


def likeness_in_words(report: AgreementReport) -> str:
    """How alike the two rank organisations, in words chosen by an interval, never an estimate."""
    many = GRAIN_TITLES[report.alignment.grain][1]
    if report.judgement.too_alike:
        return f"rank {many} more alike than two perfect mirrors of the truth would"
    if report.estimated:
        assert report.latent is not None
        return _BY_STRENGTH[strength(report.latent)].format(many=many)
    assert report.correlation is not None
    return _BY_LIKENESS[likeness(report.correlation)].format(many=many)


def headline(report: AgreementReport) -> str:
    """How alike the two rank organisations, in words alone."""
    if report.correlation is None:
        return refusals.sentences(report.refusals)
    return f"{_alike(report)}{of_verdicts.marked(report)}."


def _alike(report: AgreementReport) -> str:
    assert report.leading is not None
    compared = counted(report.leading.pairs, *GRAIN_TITLES[report.alignment.grain])
    return (
        f"Across {compared}, {report.left.short_title} and {report.right.short_title} "
        f"{likeness_in_words(report)}"
    )


def summary(report: AgreementReport) -> str:
    """The same with its figure: what is quoted elsewhere, and the text of the picture."""
    if report.correlation is None:
        return refusals.sentences(report.refusals)
    figure = (
        f"Underlying agreement {underlying(report)}"
        if report.underlying_leads
        else f"Raw rank correlation {raw(report)}"
    )
    return f"{_alike(report)}. {figure}{of_verdicts.marked(report)}."


def in_general(report: AgreementReport) -> str:
    """How alike two sources are in general: one figure, its range, and what it would be at best."""
    leading, interval = report.leading, report.leading_interval
    if leading is None:
        why = brief_reason(report)
        return f"How alike in general: cannot be said{f' ({uncapital(why)})' if why else ''}."
    if interval is None:
        figure = "–" if leading.estimate is None else number(leading.estimate)
    elif leading.estimate is None:
        figure = at_limit(interval.low, interval.high)
    else:
        figure = f"{number(leading.estimate)} ({number_range(interval.low, interval.high)})"
    untaken = "" if report.underlying_leads else ", chance in the answers not taken away"
    return f"How alike in general: {figure}, where 1 is the same order{untaken}."


def brief_reason(report: AgreementReport) -> str:
    """Why there is no figure, in a few words; "" where there is one."""
    if report.refusals:
        return refusals.brief(report.refusals[0])
    return not_estimated(report.latent, report.verdicts)


def underlying(report: AgreementReport) -> str:
    """The underlying agreement with its range."""
    assert report.latent is not None
    interval = report.latent.interval
    if interval is None:
        return "cannot be estimated"
    if report.latent.estimate is None:
        return f"at the limit of what can be estimated ({at_limit(interval.low, interval.high)})"
    return (
        f"about {number(report.latent.estimate)} (plausible range "
        f"{number_range(interval.low, interval.high)})"
    )


def raw(report: AgreementReport) -> str:
    """The raw correlation with its range."""
    assert report.correlation is not None
    estimate, interval = number(report.correlation.estimate), report.correlation.interval
    if interval is None:
        return f"{estimate} (no range: the order is exactly the same)"
    return f"{estimate} (plausible range {number_range(interval.low, interval.high)})"


def not_estimated(latent: LatentCorrelation | None, verdicts: Verdicts | None) -> str:
    """Why there is no underlying agreement, as the end of a sentence; "" where there is one or it was not
    asked of these data."""
    if latent is None or verdicts is None or latent.interval is not None:
        return ""
    for weighed in (verdicts.left, verdicts.right):
        if weighed.spread is None:
            title, many = weighed.side.short_title, GRAIN_TITLES[verdicts.grain][1]
            silence = weighed.whole_silence or Silence.NO_PEERS
            return {
                Silence.NO_BASE: f"{title} comes without numbers of answers",
                Silence.NO_ERROR: f"{title} is published without intervals",
                Silence.NO_QUESTION: f"{title} is not a rating of experience",
            }.get(
                silence,
                f"too few {many} have {weighed.evidence_floor} answers or more in {title}",
            )
    return latent.reason


def context(report: AgreementReport) -> str:
    """What stands beside the headline: the raw figure, and what perfect mirrors would show."""
    if report.correlation is None:
        return ""
    parts, latent, pairing = [], report.latent, report.alignment.pairing
    if report.estimated:
        many = GRAIN_TITLES[report.alignment.grain][1]
        across = f"across {report.correlation.pairs:,} {many}"
        if latent is not None and latent.pairs < report.correlation.pairs:
            across += (
                f" with {pairing.rank_floor} answers or more in both. The underlying one asks for "
                f"{pairing.evidence_floor}"
            )
        parts.append(f"The raw rank correlation is {raw(report)} {across}.")
    elif why := not_estimated(latent, report.verdicts):
        parts.append(f"The underlying agreement cannot be estimated: {why}.")
    if report.mirrors is not None:
        mirrors = report.mirrors
        parts.append(
            "With these numbers of answers even two perfect mirrors of the truth would show about "
            f"{number(mirrors.mean)} ({number_range(mirrors.low, mirrors.high)})."
        )
    return " ".join(parts)


def limits(report: AgreementReport) -> str:
    """What limits the answer, muted beneath it."""
    if report.status == "refused":
        return ""
    return " ".join(filter(None, (same_way(report) or in_general(report), left_out(report))))


def same_way(report: AgreementReport) -> str:
    """How often two organisations stand the same way round in both sources; "" where the underlying
    agreement is not known."""
    latent = report.latent
    if not report.underlying_leads or latent is None or latent.interval is None:
        return ""
    if latent.estimate is None:
        return ""
    often, low, high = (
        fixed(concordance(rho) * 100)
        for rho in (latent.estimate, latent.interval.low, latent.interval.high)
    )
    return (
        f"Of two {GRAIN_TITLES[report.alignment.grain][1]}, {report.left.short_title} and "
        f"{report.right.short_title} truly put the same one first {often} times in 100 ({low} to {high}; by "
        "chance 50)."
    )


def left_out(report: AgreementReport) -> str:
    """How many organisations are not in the figures for too few answers; "" where none is."""
    withheld = report.alignment.withheld
    if not withheld:
        return ""
    return (
        f"{withheld:,} more {'is' if withheld == 1 else 'are'} left out, under "
        f"{report.alignment.pairing.rank_floor} answers in one of the two."
    )


def warnings(report: AgreementReport) -> list[str]:
    """What a reader must hear before believing the headline."""
    return [*of_verdicts.warnings(report), *([REVERSED_SCALE] if report.opposite else [])]


def cautions(report: AgreementReport) -> list[str]:
    """What one who quotes the figure should know of it."""
    lines = []
    if report.unexpected:
        lines.append(_unexpected(report))
    if report.far_apart:
        assert report.latent is not None
        assert report.robust is not None
        assert report.latent.nearest is not None
        lines.append(
            "A second way to the same figure, which a few contradictions cannot pull, gives "
            f"{number(report.robust)} instead of {number(report.latent.nearest)}: a few organisations weigh "
            "heavily in the headline."
        )
    if report.differs_within:
        lines.append(_within(report))
    if report.hardly_track:
        lines.append(of_verdicts.hardly_track(report))
    return lines


def _within(report: AgreementReport) -> str:
    """Where organisations of one area are alike or apart otherwise than those of different areas."""
    within, latent = report.within_areas, report.latent
    assert within is not None
    assert within.interval is not None
    assert within.nearest is not None
    assert latent is not None
    assert latent.nearest is not None
    figure = scenarios.estimated(within.estimate, within.interval.low, within.interval.high)
    less = within.nearest < latent.nearest
    why = (
        "part of the headline is whole areas that stand high or low in both"
        if less
        else "whole areas stand apart in the two, which hides how alike the two are inside them"
    )
    return (
        f"Within areas the two agree {'less' if less else 'more'}: {figure} over "
        f"{within.pairs:,} {GRAIN_TITLES[report.alignment.grain][1]}; {why}."
    )


def _unexpected(report: AgreementReport) -> str:
    assert report.correlation is not None
    assert report.expected is not None
    estimate, model = report.correlation.estimate, report.expected
    also, without = "", report.without_full_marks
    if without is not None and without.interval:
        figure = scenarios.estimated(without.estimate, without.interval.low, without.interval.high)
        also = f" Without the organisations that show 100 % it is {figure}."
    return (
        f"The raw correlation ({number(estimate)}) is {'lower' if estimate < model.low else 'higher'} than "
        f"this model expects ({number_range(model.low, model.high)}): the underlying figure rests on "
        "organisations with many answers and may not hold for the small ones. Moving the raw figure most: "
        f"{', '.join(name for name, _ in report.influential)}.{also}"
    )


def findings(report: AgreementReport, likely: CertaintyReport) -> list[str]:
    """Up to four short things to notice."""
    lines = []
    if same_way(report):
        raw = report.correlation
        beside = (
            f"; {number(raw.estimate)} as published" if raw and raw.estimate is not None else ""
        )
        lines.append(f"{in_general(report).removesuffix('.')}{beside}.")
    if likely.status == "ok" and len(likely.likely):
        lines.append(f"One by one: {certainty.summary(likely)}")
    if len(report.pairs):
        lines.append(_levels(report))
    if report.unmatched:
        has = "has" if report.unmatched == 1 else "have"
        lines.append(
            f"{report.unmatched:,} more {has} a figure, or a row, in one source and nothing to compare it "
            "with."
        )
    if report.correlation is not None and not lines:
        lines.append("Pick a mark to see an organisation's figures in the table.")
    if report.correlation is None and report.status == "not_enough_evidence":
        lines.append("Not enough evidence is not agreement, and it is not disagreement.")
    return lines


def _levels(report: AgreementReport) -> str:
    """The middles of both sources, and what a difference between them is not."""
    middles = []
    for which, side in (("left", report.left), ("right", report.right)):
        middle = report.pairs[f"{which}_value"].median()
        figure = f"{middle:.0%}" if side.unit == "proportion" else f"{middle:.1f}"
        total = report.pairs[f"{which}_respondents"].sum()
        answers = counted(total, "answer") if total > 0 else "number of answers not known"
        middles.append(f"{side.short_title} {figure} ({answers})")
    return (
        f"The middle {GRAIN_TITLES[report.alignment.grain][0]}: {', '.join(middles)}. A difference of level "
        "is no disagreement about who is better."
    )


def coefficient_title(report: AgreementReport) -> str:
    """The title of the picture of the figures for all organisations together."""
    assert report.correlation is not None
    observed = number(report.correlation.estimate)
    if report.mirrors is None:
        return f"The raw rank correlation is {observed}"
    return f"Raw {observed}; two perfect mirrors would show {number(report.mirrors.mean)}"


def caption(report: AgreementReport) -> str:
    """How to read the scatter."""
    if report.has_standing:
        return (
            "One mark an organisation, its size the fewer of the two numbers of answers; each source's "
            "general level is taken away. On the dashed line both put it alike; inside the band the gap is "
            "under one typical difference. Marks at the edge lie beyond it. Point at a mark for its ranges; "
            "pick it to keep them."
        )
    return (
        "One mark an organisation; its size the fewer of the two numbers of answers. Dashed: the middle of "
        "each source. Point at a mark for its intervals; pick it to keep them."
    )


def published(report: AgreementReport) -> str:
    """What others found for such a pair of sources."""
    if report.correlation is None:
        return ""
    if not report.published:
        return (
            "No published figure is known for this pair of sources, so there is nothing to hold this one "
            "against."
        )
    return "Published figures are raw: hold them against the raw one. " + " ".join(
        f"{row['estimate']} ({row['low']} to {row['high']}): {row['pair']}. {row['citation']}."
        for row in report.published
    )


def method(report: AgreementReport) -> tuple[str, ...]:
    """How it is worked out."""
    pairing = report.alignment.pairing
    own = methods.method(
        "agreement",
        evidence_floor=pairing.evidence_floor,
        rank_floor=pairing.rank_floor,
        fewest_pairs=MINIMUM_PAIRS,
        seed=SEED,
        design_effect=Settings().design_effect,
    )
    return (*own, *alignment.method())


def screen(report: AgreementReport, first: str = "") -> Released:
    """The table for the screen: per cents instead of proportions, intervals in words."""
    rows = report.table(first)
    for which, side in (("left", report.left), ("right", report.right)):
        scale, form = (100, ".0f") if side.unit == "proportion" else (1, ".1f")
        rows[f"{which}_range"] = [
            "" if pd.isna(low) else f"{low * scale:{form}} to {high * scale:{form}}"
            for low, high in zip(rows[f"{which}_low"], rows[f"{which}_high"], strict=True)
        ]
        rows[f"{which}_value"] = rows[f"{which}_value"] * scale
    return rows


def columns(report: AgreementReport) -> list[str | Column]:
    """Of the table for the screen."""
    shown: list[str | Column] = ["name", "unit"]
    for which, side in (("left", report.left), ("right", report.right)):
        cells = Cells.PERCENT if side.unit == "proportion" else Cells.TENTHS
        shown += [
            Column.of(f"{which}_value", "value", side.short_title, cells=cells),
            Column.of(f"{which}_range", "range"),
            Column.of(f"{which}_respondents", "respondents"),
        ]
    return [*shown, "merged_from"] if report.has_mergers else shown


def organisations(report: AgreementReport) -> dict[str, str]:
    """Code -> name and code, by name: to choose one."""
    return {unit: f"{name} ({unit})" for unit, name in report.organisations().items()}
