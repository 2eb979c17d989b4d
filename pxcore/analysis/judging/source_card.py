"""What a source is beside the one it is compared with: whom it asks, how many answered, what it tells."""

from __future__ import annotations

from dataclasses import dataclass

from pxcore import maps
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.evidence import Evidence
from pxcore.disclosure import rounded


@dataclass(frozen=True, slots=True)
class SourceCard:
    """One source of a pair; None where its files do not say."""

    side: Side
    question: str  # as it is put to people; "" where it is not known
    collection: str  # whom it asks, and how
    confidential: bool  # single responses that nobody publishes
    organisations: int  # with a figure in the period
    answers: int | None  # of all of them together, as shown
    response: float | None  # answers of those asked
    reliability: float | None  # share of its differences between organisations that is no chance
    average: float | None  # of the middle organisation, in the source's own unit
    beside: Side  # the other source
    average_beside: float | None  # its middle, where both are shares


def source_card(weighed: Evidence, beside: Evidence) -> SourceCard:
    """The card of a weighed source, beside another."""
    about, rows, side = maps.source(weighed.side.source), weighed.rows, weighed.side
    measure = maps.measures().get((side.source, side.measure), {})
    respondents, eligible = rows["respondents"], rows["eligible"]
    counted = eligible.notna() & respondents.notna()
    spread = weighed.spread
    shares = side.unit == beside.side.unit == "proportion"
    return SourceCard(
        side=side,
        question=measure.get("question", ""),
        collection=about["collection"],
        confidential=weighed.confidential,
        organisations=int(rows["value"].notna().sum()),
        answers=int(respondents.sum())
        if respondents.notna().any() and not weighed.assumed
        else None,
        response=float(respondents[counted].sum() / eligible[counted].sum())
        if counted.any()
        else None,
        reliability=None
        if spread is None
        else rounded(spread.mean_reliability, weighed.confidential),
        average=None if spread is None else weighed.average,
        beside=beside.side,
        average_beside=beside.average if shares and beside.spread is not None else None,
    )
