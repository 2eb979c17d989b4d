"""What a view comes to: the sentence of its page and the figures in it, to be set beside another day’s.

Figures of single organisations, months, groups or themes are taken from released frames alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pxcore.analysis.comments.themes import ThemesReport, themes
from pxcore.analysis.files.codes import Headline
from pxcore.analysis.files.methods import MethodsReport, methods
from pxcore.analysis.files.sources import SourcesReport, sources
from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.pairs.agreement import AgreementReport, agreement, certainty
from pxcore.analysis.pairs.divergence import DivergenceReport, divergence
from pxcore.analysis.pairs.groups import groups
from pxcore.analysis.pairs.what_if import WhatIfReport, what_if
from pxcore.analysis.time.movers import MoversReport, movers
from pxcore.analysis.time.trends import TrendsReport
from pxcore.analysis.workshop.decisions import Followed, filtered
from pxcore.analysis.workshop.frozen import FrozenCell
from pxcore.analysis.workshop.minutes import Minutes
from pxcore.disclosure import Released
from pxcore.errors import PxError
from pxcore.publish.reports import Reports, provider_of, unit_of
from pxcore.publish.view import View
from pxcore.words import agreement as agreement_words
from pxcore.words import alignment as alignment_words
from pxcore.words import decisions as decisions_words
from pxcore.words import divergence as divergence_words
from pxcore.words import groups as groups_words
from pxcore.words import methods as methods_words
from pxcore.words import overview as overview_words
from pxcore.words import provider as provider_words
from pxcore.words import sources as sources_words
from pxcore.words import themes as themes_words
from pxcore.words import trends as trends_words
from pxcore.words import what_if as what_if_words
from pxcore.words import workshop as workshop_words

MOST_FIGURES = 40  # of a view
Figures = Iterator[tuple[str, float]]


def headline(view: View, reports: Reports) -> Headline:
    """What a view comes to.

    Raises
    ------
    PxError : exact figures are asked for, or there is nothing to show of what is named.
    """
    if view.exact:
        raise PxError("Exact figures are called back by no code.", fix="Switch them off.")
    asked = view.scope.pairing
    match view.page:
        case "overview":
            whole = reports.overview(view)
            pair = whole.pair_in_view(asked)
            likely = whole.likely[pair] if pair is not None else None
            figures = _words_of(likely) if likely is not None else iter(())
            return _headline(
                overview_words.summary(whole, pair),
                figures, whole.extracts, whole.coverage.revision,
            )  # fmt: skip
        case "agreement":
            report = reports.ask(agreement, asked)
            likely_each = reports.ask(certainty, asked) if len(report.pairs) else None
            return of_agreement(report, likely_each)
        case "divergence":
            differing = reports.ask(divergence, asked)
            return of_divergence(differing, unit_of(view, differing))
        case "provider":
            of_unit = provider_of(view, reports)
            rows = provider_words.table(of_unit)
            return _headline(
                provider_words.summary(of_unit),
                _cells(rows, ("title",), "value"), of_unit.extracts, of_unit.revision,
            )  # fmt: skip
        case "trends":
            over_time = reports.trends(view)
            return of_trends(over_time, reports.ask(movers, over_time))
        case "themes":
            return of_themes(reports.ask(themes, view.themes))
        case "groups":
            by_group = reports.ask(groups, asked, view.group_by)
            return _headline(
                groups_words.summary(by_group), _cells(by_group.cells, ("source", "band"), "value"),
                by_group.alignment.extracts, by_group.alignment.revision,
            )  # fmt: skip
        case "what_if":
            changed = reports.ask(what_if, asked, view.scenario)
            return _headline(
                what_if_words.summary(changed), _of_scenario(changed),
                changed.extracts, changed.baseline.alignment.revision,
            )  # fmt: skip
        case "alignment":
            return of_alignment(reports.ask(agreement, asked).alignment)
        case "sources":
            loaded = reports.ask(sources, asked.disclosure)
            return _headline(
                sources_words.summary(loaded), _of_files(loaded),
                [int(number) for number in loaded.with_figures["extract"]], loaded.revision,
            )  # fmt: skip
        case "methods":
            shipped = methods()
            return _headline(methods_words.summary(shipped), _of_trials(shipped), (), 0)
        case "decisions":
            followed = reports.decisions()
            return _headline(
                decisions_words.summary(followed), _of_decisions(filtered(followed, view.decisions)),
                followed.extracts, followed.revision,
            )  # fmt: skip
        case "workshop":
            return of_workshop(reports.minutes(view.workshop))
    raise PxError(f"There is no page ‘{view.page}’ to call back.")


def today(view: View, reports: Reports) -> Headline:
    """What a view comes to of today's data: of a workshop, too, whose page goes on showing what was frozen.

    Raises
    ------
    PxError : as for `headline`.
    """
    return _workshop_today(view, reports) if view.workshop else headline(view, reports)


def of_agreement(report: AgreementReport, likely: CertaintyReport | None) -> Headline:
    """What Agreement comes to; `likely` is None where nothing is compared."""
    return _headline(
        agreement_words.headline(report),
        [*_correlations(report, ""), *(_words_of(likely) if likely is not None else ())],
        report.alignment.extracts,
        report.alignment.revision,
    )


def of_alignment(alignment: Alignment) -> Headline:
    """What Alignment comes to: how many organisations have both, and what became of every row."""
    rows = alignment_words.account(alignment)
    figures = [
        ("organisations compared", float(len(alignment.pairs))),
        *_cells(rows, ("source", "reason"), "rows"),
    ]
    return _headline(
        alignment_words.summary(alignment), figures, alignment.extracts, alignment.revision
    )


def of_workshop(report: Minutes) -> Headline:
    """What a workshop looks at, as it was frozen."""
    figures = [
        figure
        for cell in report.cells
        for figure in _of_question(
            cell.facts, cell.facts.agree, cell.facts.left.value, cell.facts.right.value
        )
    ]
    return _headline(_questions(report), figures, report.extracts, report.workshop.revision)


def _workshop_today(view: View, reports: Reports) -> Headline:
    """The same questions asked of today's data."""
    report, measures = reports.minutes(view.workshop), dict(view.scope.measures)
    figures: list[tuple[str, float]] = []
    extracts: set[int] = set()
    revision = 0
    for cell in report.cells:
        left, right = cell.facts.left.side.source, cell.facts.right.side.source
        asked = replace(
            view.scope.pairing, left=left, right=right, left_measure=measures.get(left, ""),
            right_measure=measures.get(right, ""),
        )  # fmt: skip
        together = reports.ask(agreement, asked)
        revision = together.alignment.revision
        extracts |= set(together.alignment.extracts)
        row = reports.ask(certainty, asked).cell(cell.facts.unit) if len(together.pairs) else {}
        values = (row.get(name) for name in ("agree", "left_value", "right_value"))
        figures += _of_question(cell.facts, *values)
    return _headline(_questions(report), figures, sorted(extracts), revision)


def _questions(report: Minutes) -> str:
    """What a workshop asks: its title and its questions, which never change."""
    asked = "; ".join(workshop_words.question(cell.cell) for cell in report.cells)
    return f"{report.workshop.title}. {asked}"


def _of_question(
    facts: FrozenCell, agree: float | None, left: float | None, right: float | None
) -> Figures:
    """The figures of one question; those not shown are left out."""
    for title, figure in (
        ("probability that they agree", agree),
        (facts.left.side.short_title, left),
        (facts.right.side.short_title, right),
    ):
        if figure is not None and figure == figure:
            yield f"{facts.name}, {title}", float(figure)


def _of_files(report: SourcesReport) -> Figures:
    loaded, facts = report.loaded, report.with_figures
    yield "files with figures", float(len(facts))
    for title, rows, column in (
        ("rows in use", facts, "live_rows"),
        ("rows without a value", loaded, "rows_withheld"),
        ("rows left out", loaded, "rows_rejected"),
    ):
        yield title, float(rows[column].sum())
    yield "odd values and gaps", float(report.odd)


def _of_trials(report: MethodsReport) -> Figures:
    """How many methods there are, and how many promises about them were kept when they were tried."""
    yield "methods", float(sum(len(chapter.methods) for chapter in report.chapters))
    lines = report.calibration[report.calibration["meets"] != ""]
    yield "promises kept", float((lines["meets"] == "yes").sum())
    yield "promises", float(len(lines))


def _of_decisions(records: Sequence[Followed]) -> Figures:
    """What came of each: how far its figure has moved, with its range; the same on whatever day one looks."""
    yield "decisions", float(len(records))
    for record in records:
        if record.after is not None:
            name = f"{decisions_words.row_title(record)}, decided {record.since}"
            yield f"{name}, moved by", float(record.after.move)
            yield f"{name}, from", float(record.after.move_low)
            yield f"{name}, to", float(record.after.move_high)


def of_divergence(report: DivergenceReport, unit: str) -> Headline:
    """What Divergence comes to, of all organisations and of the one looked at."""
    figures = list(_words_of(report.certainty)) if report.status == "ok" else []
    if unit:
        rows = Released(report.rows[report.rows["unit"] == unit])
        figures += [
            (f"{unit}, {title}", figure)
            for column, title in (
                ("agree", "probability that they agree"),
                ("left_value", report.left.short_title),
                ("right_value", report.right.short_title),
            )
            for _, figure in _cells(rows, ("unit",), column)
        ]
    return _headline(
        divergence_words.summary(report), figures, report.alignment.extracts, report.alignment.revision
    )  # fmt: skip


def of_trends(report: TrendsReport, changed: MoversReport) -> Headline:
    """What Trends comes to."""
    return _headline(
        trends_words.headline(report, changed), _latest(report), report.extracts, report.revision
    )


def of_themes(report: ThemesReport) -> Headline:
    """What Themes comes to."""
    drawn = report.drawn() if report.status == "ok" else Released()
    return _headline(
        themes_words.summary(report),
        _cells(drawn, ("theme", "source"), "share"), report.extracts, report.revision,
    )  # fmt: skip


def _headline(
    answer: str, figures: Iterator[tuple[str, float]] | Sequence[tuple[str, float]],
    extracts: Sequence[int], revision: int,
) -> Headline:  # fmt: skip
    return Headline(answer, tuple(figures)[:MOST_FIGURES], tuple(map(int, extracts)), revision)


def _cells(rows: Released, names: Sequence[str], column: str) -> Figures:
    """The figures of a column that are shown, each by the names in its row."""
    if not isinstance(rows, Released):
        raise TypeError("only what has been released may be written down")
    if column not in rows:
        return
    for values, figure in zip(
        rows[list(names)].itertuples(index=False), rows[column].astype(float), strict=True
    ):
        if figure == figure:
            yield ", ".join(map(str, values)), float(figure)


def _words_of(likely: CertaintyReport) -> Figures:
    """How many organisations each word is said of."""
    for word, organisations in likely.counts().items():
        yield word, float(organisations)


def _correlations(report: AgreementReport, of: str) -> Figures:
    yield f"{of}organisations compared", float(len(report.pairs))
    for title, figure in (
        ("underlying agreement", report.latent),
        ("raw rank correlation", report.correlation),
    ):
        if figure is None:
            continue
        if figure.estimate is not None:
            yield f"{of}{title}", float(figure.estimate)
        if figure.interval is not None:
            yield f"{of}{title}, from", float(figure.interval.low)
            yield f"{of}{title}, to", float(figure.interval.high)


def _latest(report: TrendsReport) -> Figures:
    """The latest point shown of every source."""
    rows = trends_words.table(report)
    if len(rows):
        latest = rows[rows["value"].notna()].groupby("source", sort=False).tail(1)
        for name, figure in _cells(Released(latest), ("source",), "value"):
            yield f"{name}, latest", figure


def _of_scenario(report: WhatIfReport) -> Figures:
    yield from _correlations(report.baseline, "before: ")
    for word, organisations in _words_of(report.likely_before):
        yield f"before: {word}", organisations
    if report.answered:
        yield from _correlations(report.changed, "now: ")
        for word, organisations in _words_of(report.likely_after):
            yield f"now: {word}", organisations
