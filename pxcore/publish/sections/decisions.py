"""What became of what was decided, and what the public is told of it."""

from __future__ import annotations

from collections.abc import Sequence

from pxcore.analysis.workshop.decisions import DecisionsReport, Followed
from pxcore.charts import decisions as charts
from pxcore.charts.theme import Palette
from pxcore.disclosure import Released
from pxcore.publish.document import Piece, Section, Table, every_column, files, headed
from pxcore.publish.page_names import DECISIONS, PUBLIC
from pxcore.publish.sections import picture_of
from pxcore.words import decisions as words
from pxcore.words.columns import Column

QUESTION = "What became of what we decided?"
MOST_DRAWN = 25
PUBLISHED = "Names of staff are left out; somebody has read each entry and let it go."


def section(
    report: DecisionsReport, records: Sequence[Followed], extracts: Released, palette: Palette
) -> Section:
    """Decisions followed through every load.

    Parameters
    ----------
    records : those of the report that are looked at.
    """
    pieces = [_moves(records, palette)] if _drawn(records) else []
    if records:
        pieces.append(_records(report, records))
    if report.due:
        pieces.append(Piece("Reviews due.", tuple(map(words.due, report.due))))
    pieces.append(_forecasts(report, palette))
    return Section(
        page=DECISIONS,
        question=QUESTION,
        answer=words.summary(report),
        limits=words.limits(report),
        pieces=tuple(pieces),
        cautions=(),
        method=words.METHOD,
        sources=words.workshops(records),
        figures=every_column(words.table(records)) if records else None,
        files=files(extracts, report.extracts),
        revision=report.revision,
    )


def public(report: DecisionsReport, records: Sequence[Followed], extracts: Released) -> Section:
    """What was raised, done and changed, of decisions that somebody has read and let go: nobody is named."""
    pieces = [
        Piece(
            record.decision.name,
            tuple(f"{heading}: {text}" for heading, text in words.public(record)),
        )
        for record in records
    ]
    behind = sorted({number for record in records for number in record.extracts})
    return Section(
        page=PUBLIC,
        question="You said, we did",
        answer=words.published(records),
        limits=PUBLISHED,
        pieces=tuple(pieces),
        cautions=(),
        method=(),
        sources="",
        figures=every_column(words.public_table(records)) if records else None,
        files=files(extracts, behind),
        revision=report.revision,
    )


def _drawn(records: Sequence[Followed]) -> tuple[Followed, ...]:
    moved = [record for record in records if record.after is not None and record.decision.stands]
    return tuple(moved[:MOST_DRAWN])


def _moves(records: Sequence[Followed], palette: Palette) -> Piece:
    drawn = _drawn(records)
    return Piece(
        words.moves_title(drawn),
        (words.PICTURE,),
        picture_of(charts.moves, palette, drawn),
        " ".join(map(words.news_of_decision, drawn)),
    )


def _records(report: DecisionsReport, records: Sequence[Followed]) -> Piece:
    return Piece(
        "Each decision, and what became of it.",
        (words.judged(report),),
        table=Table(
            words.screen(records),
            headed(
                *(Column.of("organisation", "name"), "decided", "owner", "due", "became"),
                *("in_words", "alone", Column.of("chance", "chance_in_100")),
            ),
        ),
    )


def _forecasts(report: DecisionsReport, palette: Palette) -> Piece:
    score = report.score
    if score is None:
        return Piece("Were the room’s forecasts right?", (words.judged(report),))
    lines = (words.against_base_rate(score), *words.groups(score), words.parts(score))
    return Piece(
        words.judged(report),
        lines,
        picture_of(charts.reliability, palette, score),
        " ".join(words.groups(score)),
    )
