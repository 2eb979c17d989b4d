"""Every frame of every report has passed the door; so has everything printed as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd
import pytest

from pxcore import cli
from pxcore.analysis.comments.coding import coding
from pxcore.analysis.comments.comments import CommentsQuestion, comments, every_comment
from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.analysis.files.methods import methods
from pxcore.analysis.files.sources import sources
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.matching import matching
from pxcore.analysis.joining.trace import trace
from pxcore.analysis.judging.certainty import certainty
from pxcore.analysis.judging.checks import checks
from pxcore.analysis.judging.robustness import robustness
from pxcore.analysis.masking import masking
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.coefficients import coefficients
from pxcore.analysis.pairs.coverage import coverage
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.pairs.groups import groups
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.pairs.provider import provider
from pxcore.analysis.pairs.settling import settling
from pxcore.analysis.pairs.what_if import what_if
from pxcore.analysis.time.changes import changes
from pxcore.analysis.time.history import View
from pxcore.analysis.time.history import cells as cells_of
from pxcore.analysis.time.movers import movers
from pxcore.analysis.time.trends import trends
from pxcore.analysis.workshop import record, workshops
from pxcore.analysis.workshop.decisions import decisions_report
from pxcore.analysis.workshop.frozen import data_key, freeze
from pxcore.analysis.workshop.minutes import minutes
from pxcore.analysis.workshop.record import Direction, Draft, Expected
from pxcore.charts.theme import LIGHT
from pxcore.cli.run import Run
from pxcore.disclosure import ANSWERED, Confidential, Released
from pxcore.model import Disclosure, Grain, Organisation, Pairing, Scenario
from pxcore.publish.sections import decisions as decisions_section
from pxcore.publish.sections import record as record_section
from pxcore.store import Store
from pxcore.words import agreement as agreement_words
from pxcore.words import alignment as alignment_words
from pxcore.words import decisions as decision_words
from pxcore.words import divergence as divergence_words
from pxcore.words import record as record_words

LOCAL = Pairing("fft_local", "gp_survey")
NETWORKS = Pairing("fft_local", "gp_survey", grain="pcn")
VOICES = Pairing("fft_gp", "healthwatch", grain="pcn")
FLOOR = Disclosure().floor


def frames_in(value: Any, path: str, seen: set[int]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every frame in a report: in its fields, in what it works out when asked, and in theirs."""
    if isinstance(value, pd.DataFrame):
        yield path, value
        return
    if isinstance(value, Confidential) or id(value) in seen:
        return
    seen.add(id(value))
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)]
        for kind in type(value).__mro__:
            names += [
                name
                for name, made in vars(kind).items()
                if isinstance(made, property | cached_property) and not name.startswith("_")
            ]
        for name in dict.fromkeys(names):
            if name == "rows" and hasattr(value, "everywhere"):
                continue  # of an alignment: exact, for statistics alone
            with suppress(AssertionError):  # what has no answer here
                yield from frames_in(getattr(value, name), f"{path}.{name}", seen)
        for name in ("table", "screen", "shown", "did_not_join", "listed", "pairs_table", "rows"):
            asked = getattr(type(value), name, None)
            if callable(asked) and not isinstance(asked, property):
                yield from frames_in(getattr(value, name)(), f"{path}.{name}()", seen)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from frames_in(item, f"{path}[{key}]", seen)
    elif isinstance(value, tuple | list | frozenset | set):
        for place, item in enumerate(value):
            yield from frames_in(item, f"{path}[{place}]", seen)


VIEW = View("", "", Grain.PRACTICE, "", Organisation.CURRENT, Disclosure())


def _movers(store: Store) -> Any:
    side = align(store, LOCAL).left
    return movers(store, side, VIEW, cells_of(store, side, VIEW))


REPORTS: dict[str, Callable[[Store, OverviewReport], Any]] = {
    "alignment": lambda store, _: align(store, LOCAL),
    "agreement": lambda store, _: agreement(store, LOCAL),
    "coefficients": lambda store, _: coefficients(store, agreement(store, LOCAL)),
    "certainty": lambda store, _: certainty(store, LOCAL),
    "checks": lambda store, _: checks(store, NETWORKS, sets=2),
    "settling": lambda store, _: settling(store, NETWORKS, "left"),
    "divergence": lambda store, _: divergence(store, LOCAL),
    "voices": lambda store, _: divergence(store, VOICES),
    "robustness": lambda store, _: robustness(store, LOCAL),
    "tables in words": lambda store, _: _in_words(store),
    "what if": lambda store, _: what_if(store, LOCAL, Scenario(evidence_floor=30)),
    "groups": lambda store, _: groups(store, Pairing("fft_local", "local_survey"), "age"),
    "overview": lambda _, report: report,
    "coverage": lambda store, _: coverage(store),
    "matrices": lambda _, report: report.matrices(),
    "trends": lambda store, _: trends(store),
    "trends of one": lambda store, _: trends(store, unit="P-0002"),
    "changes": lambda store, _: changes(store, trends(store)),
    "movers": lambda store, _: _movers(store),
    "themes": lambda store, _: themes(store, ThemesQuestion()),
    "comments": lambda store, _: comments(store, CommentsQuestion()),
    "every comment": lambda store, _: every_comment(store, CommentsQuestion()),
    "coding": lambda store, _: coding(store, ThemesQuestion(), "healthwatch"),
    "masked": lambda store, _: masking(store),
    "provider": lambda store, report: provider(store, "P-0002", report.agreements, {}),
    "trace": lambda store, _: trace(store, align(store, LOCAL), "P-0002"),
    "sources": lambda store, _: sources(store),
    "matching": lambda store, _: matching(store),
    "methods": lambda _, __: methods(),
    "workshop": lambda store, _: _workshop(store),
    "decisions": lambda store, _: _decisions(store),
}  # fmt: skip


@pytest.mark.parametrize("name", REPORTS)
def test_every_frame_of_a_report_has_been_released(
    demonstration: Store, every_pair: OverviewReport, name: str
) -> None:
    report = REPORTS[name](demonstration, every_pair)
    for path, frame in frames_in(report, name, set()):
        assert isinstance(frame, Released), path
        assert not set(frame) & {*ANSWERED, "rows_key", "people_key", "record_key"}, path


def _met(store: Store, held: Store) -> workshops.Meeting:
    """A workshop on single people's answers beside a survey, with a decision on what they should move."""
    likely = certainty(store, LOCAL)
    unit = str(likely.likely["unit"].iloc[0])
    identifier = workshops.make(
        held, "June", "Ann", [freeze(store, likely, unit, "difference", Disclosure())],
        revision=store.revision, data_key=data_key(store), view="{}", disclosure=Disclosure(),
    )  # fmt: skip
    meeting = workshops.meeting(held, identifier)
    facts = meeting.workshop.cells[1].facts
    assert facts is not None
    expected = Expected(record.figure_of(facts.left), Direction.UP, 0.01, date(2027, 3, 31))
    draft = Draft(words="Ring back", action="A line", owner="Manager", expected=expected)
    record.record(held, meeting, 1, draft, "Ann")
    return workshops.meeting(held, identifier)


def _workshop(store: Store) -> Any:
    """What a room is shown and answered, and its record as it leaves."""
    with closing(Store.open(kind="demonstration")) as held:
        meeting = _met(store, held)
        report = minutes(held, store, meeting.workshop.workshop)
        parts = record_section.sections(report, sources(store).extracts)
        return meeting, report, parts, record_words.table(report.versions)


def _decisions(store: Store) -> Any:
    """What became of decisions, as it is shown and as it leaves."""
    with closing(Store.open(kind="demonstration")) as held:
        _met(store, held)
        report = decisions_report(store, held, date(2026, 11, 30))
    assert report.records
    extracts = sources(store).extracts
    return (
        report,
        decision_words.table(report.records),
        decisions_section.section(report, report.records, extracts, LIGHT),
        decisions_section.public(report, report.records, extracts),
    )


def _in_words(store: Store) -> tuple[Released, ...]:
    """The tables of the pages, as words makes them of the reports."""
    together, divergent = agreement(store, LOCAL), divergence(store, LOCAL)
    return (
        agreement_words.screen(together),
        alignment_words.account(together.alignment),
        alignment_words.did_not_join(together.alignment),
        divergence_words.table(divergent),
        divergence_words.screen(divergent),
    )


COMMANDS = (
    ["sources"],
    ["coverage"],
    ["align", "--left", "fft_local", "--right", "gp_survey"],
    ["agreement", "--left", "fft_local", "--right", "gp_survey"],
    ["certainty", "--left", "fft_local", "--right", "gp_survey", "--settle", "left"],
    ["divergence", "--left", "fft_local", "--right", "gp_survey"],
    ["divergence", "--left", "fft_gp", "--right", "healthwatch", "--grain", "pcn"],
    ["trends", "--unit", "P-0002"],
    ["trends"],
    ["themes"],
    ["check", "--left", "fft_local", "--right", "gp_survey", "--sets", "2"],
    ["align", "--names"],
    ["changes"],
)
PEOPLE = ("people", "respondents", "left_people", "right_people", "answers", "base", "comments")


def objects_in(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from objects_in(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from objects_in(value)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_key_and_no_few_people_are_printed(
    command: list[str], capsys: pytest.CaptureFixture[str], demonstration: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(Run, "store", demonstration)
    assert cli.main([*command, "--database", "demonstration", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed.get("exact", False) is False
    for found in objects_in(printed):
        assert not set(found) & {*ANSWERED, "rows_key", "people_key", "record_key", "key"}
        confidential = found.get("source") in (
            "healthwatch",
            "care_opinion",
            "fft_local",
            "local_survey",
        )
        for name in PEOPLE if confidential else ():
            count = found.get(name)
            assert count is None or not isinstance(count, int | float) or count >= FLOOR, found
