"""Each source by itself: how much there is of it, how it moves, what people say."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from pxcore import maps
from pxcore.analysis import masking
from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.analysis.pairs.coverage import coverage
from pxcore.analysis.time.changes import changes
from pxcore.analysis.time.movers import movers
from pxcore.analysis.time.trends import trends
from pxcore.analysis.workshop.decisions import decisions_report, digest
from pxcore.cli import explain, options
from pxcore.cli.run import Run, command, print_progress
from pxcore.errors import PxError
from pxcore.model import Pairing, Scope
from pxcore.publish import changes as changes_json
from pxcore.publish import decisions as decisions_json
from pxcore.publish import headlines
from pxcore.publish import themes as themes_json
from pxcore.publish import trends as trends_json
from pxcore.publish.coverage import as_json as coverage_as_json
from pxcore.words import changes as changes_words
from pxcore.words import coverage as coverage_words
from pxcore.words import decisions as decisions_words
from pxcore.words import movers as movers_words
from pxcore.words import series as series_words
from pxcore.words import themes as themes_words
from pxcore.words import trends as trends_words


@command
@options.figures
def coverage_command(run: Run) -> None:
    """How much of each source, when."""
    report = coverage(run.store, run.disclosure)
    if run.as_json:
        run.print_figures(coverage_as_json(report))
    else:
        print(coverage_words.summary(report))


@command
@click.option("--source", default="", metavar="SOURCE", help="This source alone.")
@options.area
@options.window
@click.option("--own-words", is_flag=True, help="The suppliers' themes, not the common ones.")
@click.option(
    "--suggestions",
    is_flag=True,
    help="Count what keyword rules suggest where nobody has coded (marked as such).",
)
@options.figures
def themes_command(run: Run, source: str, area: str, suggestions: bool, **given: Any) -> None:
    """What people say: themes by source, with intervals."""
    if source:
        maps.source(source)  # one that does not exist is said to be so
    if suggestions:
        masking.mask_missing(run.store, progress=print_progress)  # rules look at masked words alone
    question = ThemesQuestion(
        area=run.area(area), suggestions=suggestions, disclosure=run.disclosure, **given
    )
    report = themes(run.store, question, only=source)
    if run.as_json:
        code = ""
        if not source:  # no page shows one source alone
            scope = Scope(Pairing("", "", area=question.area, disclosure=run.disclosure))
            view = explain.view_of_sources(run, "themes", scope, themes=question)
            code = explain.code(run, view, lambda: headlines.of_themes(report))
        run.print_figures(themes_json.as_json(report) | {"code": code or None})
        return
    print(themes_words.summary(report))
    if report.status == "ok":
        print(f"  {themes_words.limits(report)}")
        print(f"  {themes_words.coders(report)}")
        rows = themes_words.screen(report)
        titles = {f"voice {key}": title for key, title in report.titles().items()}
        print(rows[["theme", *titles]].rename(columns=titles).to_string(index=False))
        for sentence in themes_words.findings(report):
            print(f"  {sentence}")


@command
@click.option("--unit", default="", metavar="CODE", help="A practice or trust.")
@options.area
@click.option("--service", default="", metavar="SERVICE", help="This service alone.")
@options.organisation
@options.figures
def trends_command(run: Run, unit: str, area: str, service: str, **given: Any) -> None:
    """How sources move over time, and whether together."""
    if unit and area:
        raise PxError(
            "One organisation or one area, not both.", fix="Name it with --unit or with --area."
        )
    if service and service not in maps.service_titles():
        raise PxError(
            f"There is no service called ‘{service}’.",
            fix=f"The services are: {', '.join(maps.service_titles())}.",
        )
    pairing = Pairing("", "", area=run.area(area), disclosure=run.disclosure, **given)
    scope = Scope(pairing, service=service)
    report = trends(run.store, scope, unit)
    changed = movers(run.store, report)
    of_waves = changes(run.store, report)
    if run.as_json:
        waves = [changes_json.as_json(change) for change in of_waves]
        code = ""
        if unit or service:  # all together the page shows of a service alone
            view = explain.view_of_sources(run, "trends", scope, unit)
            code = explain.code(run, view, lambda: headlines.of_trends(report, changed))
        figures = trends_json.as_json(report, changed)
        run.print_figures(figures | {"changes": waves, "code": code or None})
        return
    print(trends_words.headline(report, changed))
    print(f"  {trends_words.beneath(report, changed)}")
    for sentence in movers_words.of_one(changed) if unit else movers_words.notes(changed):
        print(f"  {sentence}")
    for series in report.series:
        print(f"\n{series_words.summary(series)}")
    for pair in report.pairs:
        print(f"\n{pair.title}: {series_words.directions(pair)} {series_words.ahead(pair)}")
    for change in of_waves:
        print(f"\n{changes_words.summary(change)}")
    for note in trends_words.notes(report):
        print(f"  Note: {note}")


@command
def changes_command(run: Run) -> None:
    """What the last load brought, and what it says of decisions."""
    news = digest(run.store, decisions_report(run.store, run.store, date.today()))
    if run.as_json:
        run.print_json(decisions_json.as_json(news))
        return
    if news is None:
        print("Nothing is loaded yet.")
        return
    print(decisions_words.since(news))
    for sentence in [
        *decisions_words.news_of_sources(news),
        *(decisions_words.news_of_decision(record) for record in news.decisions),
        *(decisions_words.due(review) for review in news.due),
    ]:
        print(f"  {sentence}")
