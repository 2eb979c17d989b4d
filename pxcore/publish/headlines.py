"""What a view comes to: the sentence of its page and the figures in it, to be set beside another day’s.

Figures of single organisations, months, groups or themes are taken from released frames alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxcore.analysis.comments.themes import ThemesReport
from pxcore.analysis.files.codes import Headline
from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.analysis.pairs.divergence import DivergenceReport
from pxcore.analysis.pairs.what_if import WhatIfReport
from pxcore.analysis.time.movers import MoversReport
from pxcore.analysis.time.trends import TrendsReport
from pxcore.disclosure import Released
from pxcore.errors import PxError
from pxcore.publish.reports import Reports, pair_of, provider_of, unit_of
from pxcore.publish.view import View
from pxcore.words import agreement as agreement_words
from pxcore.words import divergence as divergence_words
from pxcore.words import groups as groups_words
from pxcore.words import overview as overview_words
from pxcore.words import provider as provider_words
from pxcore.words import themes as themes_words
from pxcore.words import trends as trends_words
from pxcore.words import what_if as what_if_words

MOST_FIGURES = 40  # of a view
Figures = Iterator[tuple[str, float]]


def headline(view: View, reports: Reports) -> Headline:
    """What a view comes to.

    Raises
    ------
    PxError : exact figures are asked for, or there is nothing to show of what is named.
    """
    if view.pairing.disclosure.exact or view.themes.disclosure.exact:
        raise PxError("Exact figures are called back by no code.", fix="Switch them off.")
    asked = view.pairing
    match view.page:
        case "overview":
            whole = reports.overview(view)
            pair = pair_of(view, whole)
            likely = whole.likely[pair] if pair is not None else None
            figures = _words_of(likely) if likely is not None else iter(())
            return _headline(
                overview_words.summary(whole, pair),
                figures, whole.extracts, whole.coverage.revision,
            )  # fmt: skip
        case "agreement":
            report = reports.agreement(asked)
            return of_agreement(report, reports.certainty(report) if len(report.pairs) else None)
        case "divergence":
            differing = reports.divergence(asked)
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
            return of_trends(over_time, reports.movers(over_time))
        case "themes":
            return of_themes(reports.themes(view.themes))
        case "groups":
            by_group = reports.groups(asked, view.group_by)
            return _headline(
                groups_words.summary(by_group), _cells(by_group.cells, ("source", "band"), "value"),
                by_group.alignment.extracts, by_group.alignment.revision,
            )  # fmt: skip
        case "what_if":
            changed = reports.what_if(asked, view.scenario)
            return _headline(
                what_if_words.summary(changed), _of_scenario(changed),
                changed.extracts, changed.baseline.alignment.revision,
            )  # fmt: skip
    raise PxError(f"There is no page ‘{view.page}’ to call back.")


def of_agreement(report: AgreementReport, likely: CertaintyReport | None) -> Headline:
    """What Agreement comes to; `likely` is None where nothing is compared."""
    return _headline(
        agreement_words.headline(report),
        [*_correlations(report, ""), *(_words_of(likely) if likely is not None else ())],
        report.alignment.extracts,
        report.alignment.revision,
    )


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
