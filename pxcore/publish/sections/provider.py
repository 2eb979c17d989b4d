"""What do all sources say of one organisation? Where each puts it, and whether they agree about it."""

from __future__ import annotations

from pxcore.analysis.pairs.provider import ProviderReport
from pxcore.charts import provider as charts
from pxcore.charts.theme import SIGNAL_TITLES, Mark, Palette
from pxcore.disclosure import Released
from pxcore.publish.document import (
    Kind,
    Native,
    Piece,
    Section,
    Table,
    every_column,
    files,
    headed,
)
from pxcore.publish.sections import picture_of
from pxcore.words import provider as words
from pxcore.words.basis import basis
from pxcore.words.columns import Column
from pxcore.words.english import uncapital

QUESTION = "What do all sources say of one organisation?"


def section(report: ProviderReport, extracts: Released, palette: Palette) -> Section:
    """One organisation in every source."""
    pieces = [_sources(report, palette)]
    if len(report.pairs):
        pieces.append(_pairs(report))
    if reasons := words.reasons(report):
        pieces.append(Piece("Reasons to look at.", tuple(reasons)))
    if silences := words.silences(report):
        pieces.append(
            Piece("Who is silent: silence is not zero, and it is not agreement.", tuple(silences))
        )
    return Section(
        page="provider",
        question=QUESTION,
        answer=words.summary(report),
        limits=words.limits(report),
        pieces=tuple(pieces),
        cautions=tuple(words.repeated(report)),
        method=words.method(),
        sources=basis(report),
        figures=every_column(words.table(report)),
        files=files(extracts, report.extracts),
        revision=report.revision,
    )


def _sources(report: ProviderReport, palette: Palette) -> Piece:
    standings = Released(report.standings())
    signals = [signal for signal in SIGNAL_TITLES if signal in set(standings["signal"])]
    standings = standings.assign(signal=standings["signal"].map(SIGNAL_TITLES))
    shown = words.table(report)
    native = Native(
        Kind.RANGES, standings, "source", "standing", low="low", high="high", series="signal",
        marks=tuple(
            Mark(SIGNAL_TITLES[signal], "circle", palette.signal(signal), palette.signal(signal))
            for signal in signals
        ),
        axes=("← below its peers · typical differences · above →", ""),
    )  # fmt: skip
    return Piece(
        f"{report.name}: {uncapital(words.picture_title(report)) or 'what each source says'}",
        tuple(filter(None, [words.together(report)])),
        picture_of(charts.sources, palette, report) if len(standings) else None,
        words.picture(report),
        native if len(standings) else None,
        Table(
            shown,
            headed(Column.of("title", "source"), "where", Column.of("sentence", "says")),
        ),
    )


def _pairs(report: ProviderReport) -> Piece:
    return Piece(
        "Whether each two sources agree about it.",
        (),
        table=Table(
            words.pairs_table(report),
            headed("pair", Column.of("sentence", "says", "What is said of it")),
        ),
    )
