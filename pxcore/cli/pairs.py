"""Two sources side by side: what joins, do they agree, how likely on each, about whom they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from pxcore.analysis.joining import matching
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.checks import SETS, checks
from pxcore.analysis.pairs.agreement import agreement, certainty
from pxcore.analysis.pairs.coefficients import coefficients
from pxcore.analysis.pairs.divergence import MOST_DRAWN, divergence
from pxcore.analysis.pairs.settling import SIDES, USUAL, settling_of
from pxcore.analysis.questions import ask
from pxcore.cli import explain, options
from pxcore.cli.run import Run, command, print_progress, released
from pxcore.errors import PxError
from pxcore.model import Pairing, Scope, Settings
from pxcore.publish import agreement as agreement_json
from pxcore.publish import alignment as alignment_json
from pxcore.publish import certainty as certainty_json
from pxcore.publish import checks as checks_json
from pxcore.publish import coefficients as coefficients_json
from pxcore.publish import divergence as divergence_json
from pxcore.publish import headlines
from pxcore.publish import settling as settling_json
from pxcore.publish.reports import unit_of
from pxcore.publish.view import View
from pxcore.words import agreement as agreement_words
from pxcore.words import alignment as alignment_words
from pxcore.words import certainty as certainty_words
from pxcore.words import checks as checks_words
from pxcore.words import divergence as divergence_words
from pxcore.words import refusals
from pxcore.words import settling as settling_words
from pxcore.words import verdicts as verdict_words


def _pairing(run: Run, area: str, evidence_floor: int, assumed_base: int, **given: Any) -> Pairing:
    if not given["left"] or not given["right"]:
        raise PxError(
            "Two sources are needed.", fix="Name them with --left and --right: see ‘coverage’."
        )
    settings = Settings(evidence_floor=max(1, evidence_floor), assumed_base=assumed_base)
    return Pairing(area=run.area(area), disclosure=run.disclosure, settings=settings, **given)


def _by_source(pairing: Pairing, left: Side, right: Side) -> Pairing:
    """The same question with its sources by their own names: they may be named by a signal or a measure."""
    for which, side in (("left", left), ("right", right)):
        if getattr(pairing, which) != side.source:
            named: dict[str, Any] = {which: side.source, f"{which}_measure": side.measure}
            pairing = replace(pairing, **named)
    return pairing


@command
@options.pairing
@click.option("--names", is_flag=True, help="List names without a code and suggestions.")
@click.option("--confirm", multiple=True, metavar="NAME=CODE", help="Match a name to a code.")
@click.option(
    "--confirm-exact",
    is_flag=True,
    help="Match every name that is exactly one organisation's.",
)
def align_command(
    run: Run, names: bool, confirm: Sequence[str], confirm_exact: bool, **given: Any
) -> None:
    """What joins two sources, and what does not."""
    store = run.store
    if confirm:
        matching.confirm(store, _matches(run, confirm), by="command line")
    if confirm_exact:
        sure = matching.matching(store).sure
        exact = list(zip(sure["name"], sure["context"], sure["code"], strict=True))
        if exact:
            matching.confirm(store, exact, by="command line")
        elif not run.as_json:
            print("There is nothing to confirm: no name waits that is exactly one organisation's.")
    if names or (not given["left"] and (confirm or confirm_exact)):
        _print_names(run)
        return
    pairing = _pairing(run, **given)
    alignment = align(store, pairing)
    left, right = alignment.sides
    view = View("alignment", Scope.of(_by_source(pairing, left, right)))
    code = explain.code(run, view, lambda: headlines.of_alignment(alignment))
    if run.as_json:
        run.print_figures(alignment_json.as_json(alignment) | {"code": code or None})
        return
    print(alignment_words.summary(alignment))
    for place, refusal in enumerate(alignment.refusals):
        print(refusals.text([refusal]) if place else refusals.way_out(refusal))
    for note in alignment_words.notes(alignment):
        print(f"Note: {note}")
    account = alignment_words.account(alignment).drop(columns="organisations")
    account = account.rename(columns={"organisations_text": "organisations"})
    print(account[["side", "reason", "rows", "organisations"]].to_string(index=False))
    explain.print_code(code)


def _matches(run: Run, confirm: Sequence[str]) -> list[tuple[str, str, str]]:
    """Name, context and code of each match as it was written, NAME=CODE or NAME@@PLACE=CODE."""
    matches = []
    waiting = matching.matching(run.store).names
    for text in confirm:
        name, equals, code = text.rpartition("=")
        if not equals or not name or not code:
            raise PxError(f"‘{text}’ is not a match.", fix="Write it as NAME=CODE.")
        name, at, context = name.strip().partition("@@")
        contexts = [context] if at else sorted(set(waiting.loc[waiting["name"] == name, "context"]))
        if len(contexts) > 1:
            raise PxError(
                f"‘{name}’ stands in several places: {', '.join(contexts)}.",
                fix="Say which: NAME@@PLACE=CODE.",
            )
        matches.append((name, contexts[0] if contexts else "", code.strip().upper()))
    return matches


def _print_names(run: Run) -> None:
    names = matching.matching(run.store)
    if run.as_json:
        run.print_json(
            {
                "names": released(names.names[["source", "name", "context", "code"]]),
                "suggestions": released(names.suggestions),
            }
        )
        return
    print(f"{len(names.open_names)} names are not matched to a code.")
    if len(names.suggestions):
        print(names.suggestions.to_string(index=False))


@command
@options.pairing
def agreement_command(run: Run, **given: Any) -> None:
    """Do two sources rank organisations alike?"""
    pairing = _pairing(run, **given)
    report = ask(run.store, agreement, pairing)
    if run.as_json:
        more = coefficients(run.store, report)
        figures = (
            agreement_json.as_json(report) if more is None else coefficients_json.as_json(more)
        )
        likely = certainty(run.store, pairing)
        code = explain.code(
            run,
            View("agreement", Scope.of(_by_source(pairing, report.left, report.right))),
            lambda: headlines.of_agreement(report, likely if len(report.pairs) else None),
        )
        run.print_figures(
            figures | {"certainty": certainty_json.of_pair(likely), "code": code or None}
        )
        return
    say = agreement_words
    print(refusals.text(report.refusals) or say.summary(report))
    if report.status != "refused":
        for line in (say.context(report), *say.warnings(report)):
            if line:
                print(f"  {line}")
        if report.verdicts is not None and report.verdicts.heard:
            print(f"  {verdict_words.could_agree(report.verdicts)}")
        for side in (report.left, report.right):
            print(f"  {side.title}: {side.measure_title}, {side.period}")
        if report.alignment.withheld:
            print(f"  {report.alignment.withheld} left out: too few answers to compare.")
    for note in alignment_words.notes(report.alignment):
        print(f"  Note: {note}")


@command
@options.pairing
def divergence_command(run: Run, **given: Any) -> None:
    """About whom do two sources differ beyond chance?"""
    pairing = _pairing(run, **given)
    report = divergence(run.store, pairing)
    if run.as_json:
        view = View("divergence", Scope.of(_by_source(pairing, report.left, report.right)))
        code = explain.code(
            run, view, lambda: headlines.of_divergence(report, unit_of(view, report))
        )
        run.print_figures(divergence_json.as_json(report) | {"code": code or None})
        return
    say = divergence_words
    print(refusals.text(report.refusals) or say.summary(report))
    if report.status != "ok" or report.verdicts is None:
        return
    print(f"  {say.limits(report)}")
    for line in say.warnings(report):
        print(f"  {line}")
    rows = report.differing.head(MOST_DRAWN)
    for unit, name in zip(rows["unit"], rows["name"], strict=True):
        print(f"\n{name} ({unit}): {say.label(report, unit)}")
        for line in (*say.evidence(report, unit), *say.reasons(report, unit)):
            print(f"  - {line}")


@command
@options.pairing
@click.option(
    "--settle",
    type=click.Choice(SIDES),
    help="Say what further answers to that source would settle.",
)
@click.option(
    "--answers",
    type=click.IntRange(min=1),
    default=USUAL,
    show_default=True,
    metavar="N",
    help="Further answers in all, with --settle.",
)
def certainty_command(run: Run, settle: str | None, answers: int, **given: Any) -> None:
    """How likely do two sources agree, organisation by organisation?"""
    pairing = _pairing(run, **given)
    compared = ask(run.store, agreement, pairing)
    report = certainty(run.store, pairing)
    view = View("agreement", Scope.of(_by_source(pairing, compared.left, compared.right)))
    code = explain.code(
        run, view, lambda: headlines.of_agreement(compared, report if len(compared.pairs) else None)
    )
    further = settling_of(report, settle, print_progress) if settle else None
    if run.as_json:
        more = {} if further is None else {"settling": settling_json.as_json(further, answers)}
        run.print_figures(certainty_json.as_json(report) | more | {"code": code or None})
        return
    say = certainty_words
    print(say.summary(report))
    explain.print_code(code)
    if report.status != "ok":
        return
    print(f"  {say.before(report)}")
    print(f"  {say.alike(report)}")
    for note in verdict_words.notes(report):
        print(f"  Note: {note}")
    if further is not None:
        print(f"  {settling_words.summary(further, answers)}")
        print(f"  {settling_words.limits(further)}")
        shown = settling_words.table(further, answers)
        shown = shown[["name", "unit", "likely", "asked", "outlook"]]
        print(shown.to_string(index=False))
        return
    rows = report.in_view.assign(likely=say.labels(report.in_view), gap=say.gaps(report.in_view))
    print(rows[["name", "unit", "likely", "gap"]].to_string(index=False))


@command
@options.pairing
@click.option(
    "--sets",
    type=click.IntRange(min=2),
    default=SETS,
    show_default=True,
    metavar="N",
    help="Imaginary data sets of each kind.",
)
def check_command(run: Run, sets: int, **given: Any) -> None:
    """Do such probabilities come true on data like these? Takes a minute or more."""
    report = checks(run.store, _pairing(run, **given), print_progress, sets=sets)
    if run.as_json:
        run.print_figures(checks_json.as_json(report))
        return
    say = checks_words
    print(say.summary(report))
    if report.design is None:
        return
    print(f"  {say.limits(report)}")
    print(say.designs(report).to_string(index=False))
    for line in (*say.planted(report), *say.history(report)):
        print(f"  - {line}")
