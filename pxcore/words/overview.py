"""Do our sources agree? Every pair of sources, and where to look first, in words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pxcore.analysis.joining.periods import Side
from pxcore.analysis.joining.refusals import Refusal
from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.judging.judgement import Mark
from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.analysis.pairs.overview import Look, OverviewReport, Standing
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES, Signal
from pxcore.stats.correlation import MINIMUM_PAIRS
from pxcore.stats.intervals import Interval
from pxcore.words import agreement, certainty, methods, reasons, refusals, verdicts
from pxcore.words.english import at_limit, capital, counted, number, number_range, uncapital

NO_REASON = "The files themselves offer no reason."
STATUS = {
    "ok": "Compared",
    "refused": "Not compared",
    "not_enough_evidence": "Not enough evidence",
}
Pair = tuple[str, str]  # two sources, left and right
TABLE = (
    "pair", "status", "compared", "underlying", "underlying_low", "underlying_high", "correlation",
    "low", "high", "mirrors", "periods", "to_bear_in_mind",
)  # fmt: skip


def of_pair(report: AgreementReport) -> str:
    return f"{report.left.short_title} and {report.right.short_title}"


def summary(report: OverviewReport, pair: Pair | None = None) -> str:
    """Of a pair of sources: for how many organisations they tell the same story, and whom to look at
    first. Without one, that nothing can be said yet, and of what."""
    if pair is not None:
        agreed = report.agreement(pair)
        if agreed.judgement.too_alike or agreed.opposite:
            return agreement.summary(agreed)
        return f"{certainty.summary(report.likely[pair])}{_look_first(report, pair)}"
    if not report.agreements:
        return (
            "There is nothing to compare yet: load at least two sources that speak of the same "
            "organisations."
        )
    if report.answered:
        return agreement.summary(report.answered[0])
    judged = report.standing(Standing.ONE_BY_ONE)
    if judged:
        many = GRAIN_TITLES[judged[0].alignment.grain][1]
        return (
            f"Too few {many} to say how alike {of_pair(judged[0])} rank them; one by one they are judged. "
            f"{certainty.summary(_certainty(report, judged[0]))}"
        )
    pairs = len(report.agreements)
    if pairs == 1:
        return "The only pair of sources cannot be compared yet."
    return f"None of the {pairs} pairs of sources can be compared yet."


def _look_first(report: OverviewReport, pair: Pair) -> str:
    """Whom to look at first, of all pairs; the pair where it is another."""
    for look in report.looks(pair):
        of = "" if (look.left, look.right) == pair else f" ({of_pair(look.report)})"
        return f" Look first at {look.name}{of}."
    return ""


def _certainty(report: OverviewReport, agreement: AgreementReport) -> CertaintyReport:
    return report.certainties[agreement.left.source, agreement.right.source]


def limits(report: OverviewReport, pair: Pair | None = None) -> str:
    """How alike a pair is in general, in a line, and which measure it goes by where one was chosen."""
    if pair is None and not report.answered:
        return ""
    agreed = report.agreement(pair) if pair is not None else report.answered[0]
    settled = certainty.settled(report.likely[pair]) if pair is not None else ""
    return " ".join(
        filter(
            None,
            [
                settled,
                agreement.in_general(agreed),
                _opposite(report, agreed),
                by_measure(report.by_measure),
            ],
        )
    )


def _opposite(report: OverviewReport, agreed: AgreementReport) -> str:
    """The first pair other than the one in view that is shown to rank in opposite order; "" where none is."""
    for other in report.standing(Standing.OPPOSITE):
        if other is not agreed:
            return f"But {of_pair(other)} rank in opposite order: is a scale reversed?"
    return ""


def sure(report: OverviewReport, pair: Pair) -> list[str]:
    """What the line about a pair in general rests on: the figure in full, the raw one, what others found."""
    agreed = report.agreement(pair)
    sentences = [agreement.summary(agreed), agreement.context(agreed)]
    if agreed.published:
        estimates = [float(row["estimate"]) for row in agreed.published]
        span = (
            f"about {number(estimates[0])}"
            if len(estimates) == 1
            else number_range(min(estimates), max(estimates))
        )
        sentences.append(f"Published studies of such a pair find {span} raw.")
    return list(filter(None, sentences))


def pairs(report: OverviewReport) -> dict[Pair, str]:
    """The pairs of which something is said of single organisations, and what each is called."""
    return {
        pair: f"{certainty.pair(likely)} ({counted(likely.heard, *_grain(likely))})"
        for pair, likely in report.likely.items()
    }


def _grain(report: CertaintyReport) -> tuple[str, str]:
    return GRAIN_TITLES[report.alignment.grain]


def by_measure(sides: Sequence[Side]) -> str:
    """Which sources are shown by another measure than the usual one; "" where none is."""
    measures = "; ".join(f"{side.short_title} by ‘{side.measure_title}’" for side in sides)
    return f"As chosen in the sidebar: {measures}." if measures else ""


def community(report: OverviewReport) -> str:
    """For how many organisations community voice has enough answers."""
    for compared in report.agreements:
        for which, side in (("left", compared.left), ("right", compared.right)):
            if side.signal == Signal.COMMUNITY.value and compared.verdicts is not None:
                shown = compared.verdicts.shown
                enough = int((shown[f"{which}_silence"] == "").sum())
                many = GRAIN_TITLES[compared.alignment.grain][1]
                return (
                    f"{side.short_title} speaks, with enough answers, for {enough:,} of "
                    f"{len(shown):,} {many}."
                )
    return ""


def findings(report: OverviewReport) -> list[str]:
    """Short things to notice, a sentence for each way in which pairs stand."""
    return [_finding(kind, pairs) for kind in Standing if (pairs := report.standing(kind))] or [
        "Load a second source to compare."
    ]


def _finding(kind: Standing, pairs: Sequence[AgreementReport]) -> str:
    first = of_pair(pairs[0])
    more = f" and {len(pairs) - 1} more" if len(pairs) > 1 else ""
    match kind:
        case Standing.TOO_ALIKE:
            return (
                f"More alike than two sources of different people would be: {first}{more}. "
                f"{capital(Mark.SAME_PEOPLE)}."
            )
        case Standing.ALIKE:
            alike = "; ".join(f"{of_pair(report)} ({_figure(report)})" for report in pairs[:2])
            further = f"; and {len(pairs) - 2} more" if len(pairs) > 2 else ""
            return f"Shown to rank alike to some degree: {alike}{further}."
        case Standing.OPPOSITE:
            return (
                f"Shown to rank in opposite order: {first} ({_figure(pairs[0])}){more}. "
                "Is one scale reversed?"
            )
        case Standing.UNSURE:
            return (
                f"Cannot be said either way: {first}{more}. Their ranges reach from below zero to above "
                "it."
            )
        case Standing.ONE_BY_ONE:
            return f"Judged one by one, too few for a correlation: {first}{more}."
        case Standing.FEW:
            return f"Not enough evidence for {first}{more}: neither agreement nor disagreement."
        case Standing.REFUSED:
            return f"Not compared: {first}{more}. The table says why."


def why_not(report: AgreementReport, causes: Sequence[Refusal]) -> str:
    """Why a pair has no answer."""
    return f"{of_pair(report)}: {uncapital(refusals.sentences(causes))}"


def _figure(report: AgreementReport) -> str:
    """The figure that leads, with its range and how many it rests on."""
    leading, interval = report.leading, report.leading_interval
    assert leading is not None
    what = "underlying" if report.underlying_leads else "raw"
    if interval is None:
        value = "" if leading.estimate is None else number(leading.estimate)
    elif leading.estimate is None:
        value = at_limit(interval.low, interval.high)
    else:
        value = f"{number(leading.estimate)}, {number_range(interval.low, interval.high)}"
    return "; ".join([f"{what} {value}", f"{leading.pairs:,} compared", *report.marks])


# --- The table ---


def table(report: OverviewReport) -> Released:
    """One row per pair of sources."""
    return Released([_row(agreement) for agreement in report.agreements], columns=list(TABLE))


def _row(report: AgreementReport) -> dict[str, object]:
    latent, correlation = report.latent, report.correlation
    underlying = _ends(latent.interval if latent else None)
    raw = _ends(correlation.interval if correlation else None)
    left, right = report.left.period, report.right.period
    periods = dict.fromkeys(map(str, (left, right))) if left and right else ()
    why = refusals.text(report.refusals) or agreement.not_estimated(latent, report.verdicts)
    return {
        "pair": of_pair(report),
        "status": STATUS[report.status],
        "compared": report.compared,
        "underlying": latent.estimate if latent else None,
        "underlying_low": underlying[0],
        "underlying_high": underlying[1],
        "correlation": correlation.estimate if correlation else None,
        "low": raw[0],
        "high": raw[1],
        "mirrors": report.mirrors.mean if report.mirrors else None,
        "periods": " / ".join(periods),
        "to_bear_in_mind": "; ".join(filter(None, [*report.marks, why])),
    }


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return (interval.low, interval.high) if interval else (None, None)


def screen(report: OverviewReport) -> Released:
    """The table for the screen: each figure with its range; what to bear in mind, in a line."""
    rows = table(report)
    return Released(
        rows.assign(
            to_bear_in_mind=[_briefly(agreement) for agreement in report.agreements],
            underlying_range=_ranges(rows, "underlying", "underlying_low", "underlying_high"),
            raw_range=_ranges(rows, "correlation", "low", "high"),
        )
    )


def _ranges(rows: pd.DataFrame, *columns: str) -> list[str]:
    texts = []
    for estimate, low, high in zip(*(rows[column].tolist() for column in columns), strict=True):
        if pd.isna(low):
            texts.append("" if pd.isna(estimate) else number(estimate))
        elif pd.isna(estimate):
            texts.append(at_limit(low, high))
        else:
            texts.append(f"{number(estimate)} ({number_range(low, high)})")
    return texts


def _briefly(report: AgreementReport) -> str:
    """What to bear in mind of a pair, in a line: its marks, and the heart of why there is no figure."""
    return capital("; ".join(filter(None, [*report.marks, agreement.brief_reason(report)])))


# --- Where to look first ---


def what(look: Look) -> str:
    """The word for how likely the two differ on it, and the patients whom it concerns."""
    patients = f"; {counted(look.cell['patients'], 'patient')}" if look.people == "patients" else ""
    return f"{capital(look.cell['mark'])}{verdicts.marked(look.report)}{patients}."


def each_source(look: Look) -> tuple[str, str]:
    """What each of the two says of it beside its peers."""
    judged = look.certainty.verdicts
    assert judged is not None
    return (
        verdicts.beside_peers(judged.left, look.cell, "left"),
        verdicts.beside_peers(judged.right, look.cell, "right"),
    )


def reason(look: Look) -> str:
    """One candidate reason; "" where the files offer none."""
    candidates = look.reasons.of(look.unit)
    return reasons.sentence(candidates[0]) if candidates else ""


def method() -> tuple[str, ...]:
    return methods.method("overview", fewest=MINIMUM_PAIRS)
