"""Codes on the command line: the code of what is printed, and what a code names."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import click

from pxcore.analysis.comments.themes import ThemesQuestion
from pxcore.analysis.files.codes import Headline, coded_view, read_code
from pxcore.analysis.files.sources import sources
from pxcore.analysis.joining.choices import choices
from pxcore.cli.run import DEMONSTRATION, Run, command, released
from pxcore.disclosure import Released
from pxcore.errors import PxError, StoreError
from pxcore.model import Scope
from pxcore.publish.view import View
from pxcore.words import codes as words

MOST_FILES = 12  # that are listed


def code(run: Run, view: View, make: Callable[[], Headline]) -> str:
    """The code of a view that is printed; "" of exact figures, and where none can be kept, which is said."""
    from pxcore.publish.codes import answers_of, code_of

    try:
        answers = answers_of(run.store, run.code_store)
    except StoreError as problem:
        print(f"pxcore: no code is given, for none can be kept. {problem}", file=sys.stderr)
        return ""
    return code_of(view, answers, make)


def print_code(code: str) -> None:
    """Below what is printed, what calls it back."""
    if code:
        print(f"  Code of this view: {code}")


def view_of_sources(
    run: Run, page: str, scope: Scope, unit: str = "", themes: ThemesQuestion | None = None
) -> View:
    """The view of a page that looks at every source by itself."""
    left, right = choices(run.store, scope.pairing.organisation).pair_of("", "", scope.service)
    two = replace(scope, pairing=replace(scope.pairing, left=left, right=right))
    return View(page, two, unit, themes=themes or ThemesQuestion())


@command
@click.argument("code", metavar="CODE")
def explain_command(run: Run, code: str) -> None:
    """What a code such as PX-7F3K2MQ names: page, filters, data, and whether newer data change it."""
    from pxcore.publish.codes import answers_of, as_json, called_back, view_of_code
    from pxcore.publish.page_names import CODED
    from pxcore.publish.reports import Reports

    store = run.store
    written = read_code(code)
    then = coded_view(run.code_store, written)
    if then is None:
        raise PxError(
            words.unknown(written),
            fix=words.MADE_ELSEWHERE
            + ("" if run.database else f" One of the demonstration: --database {DEMONSTRATION}."),
        )
    answers = answers_of(store, run.code_store)
    back = called_back(then, answers, Reports(store, lambda: run.code_store))
    extracts = sources(store).extracts
    # the numbers of a demonstration made anew are those of its files alone
    known = then.headline.extracts if store.path or then.data_key == answers.data_key else ()
    files = Released(extracts[extracts["extract"].isin(known)])
    columns = ["extract", "title", "file_name", "loaded_at", "status", "sha256"]
    page, view, settings = str(then.view["page"]), view_of_code(then), {}
    if view is not None:
        themes = view.themes if page == "themes" else None
        area = (themes or view.scope.pairing).area
        parts = {
            "Service": view.scope.service, "Organisation": view.unit, "By": view.group_by,
            "Workshop": view.workshop, **words.decisions_looked_at(view.decisions),
        }  # fmt: skip
        settings = words.settings(
            view.scope.pairing, themes, choices(store).areas.get(area, area), parts
        )
    if run.as_json:
        run.print_json(as_json(back, settings, released(files[columns])))
        return
    print(f"{then.code}: {CODED.get(page, page)}")
    print(f"  {words.made(then, store.kind)}")
    for name, text in settings.items():
        print(f"  {name}: {text}")
    named = [f"{row['file_name']} ({row['status']})" for row in files.to_dict("records")]
    more = f" and {len(named) - MOST_FILES} more" if len(named) > MOST_FILES else ""
    if then.headline.extracts:
        print(f"  Rests on: {', '.join(named[:MOST_FILES]) or words.NO_FILES}{more}")
    print(f"  It came to: {then.headline.answer}")
    print(f"  {words.comparison(back, store.revision)}")
    for line in words.listed(back):
        print(f"    - {line}")
    if back.now is not None and back.now.answer != then.headline.answer:
        print(f"  Today: {back.now.answer}")
