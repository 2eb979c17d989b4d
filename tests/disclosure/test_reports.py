"""Every frame of every report has passed the door; so has everything printed as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pxcore import cli, maps
from pxcore.analysis.comments.coding import coding
from pxcore.analysis.comments.comments import CommentsQuestion, comments, every_comment
from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.analysis.files.methods import methods
from pxcore.analysis.files.sources import sources
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.matching import matching
from pxcore.analysis.joining.trace import trace
from pxcore.analysis.judging.checks import checks
from pxcore.analysis.judging.robustness import robustness
from pxcore.analysis.masking import masking
from pxcore.analysis.pairs.agreement import agreement, certainty
from pxcore.analysis.pairs.coefficients import coefficients
from pxcore.analysis.pairs.coverage import coverage
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.pairs.groups import groups
from pxcore.analysis.pairs.league import league
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.pairs.provider import provider
from pxcore.analysis.pairs.settling import settling
from pxcore.analysis.pairs.what_if import what_if
from pxcore.analysis.time.cells import View
from pxcore.analysis.time.changes import changes
from pxcore.analysis.time.movers import movers
from pxcore.analysis.time.trends import trends
from pxcore.analysis.workshop import record, workshops
from pxcore.analysis.workshop.decisions import decisions_report
from pxcore.analysis.workshop.frozen import data_key, freeze
from pxcore.analysis.workshop.minutes import minutes
from pxcore.analysis.workshop.record import Direction, Draft, Expected
from pxcore.charts.theme import LIGHT
from pxcore.cli.run import Run
from pxcore.cli.watch import watched
from pxcore.disclosure import ANSWERED, Confidential, Released, is_chance
from pxcore.model import Disclosure, Grain, Organisation, Pairing, Scenario, Scope
from pxcore.publish.asking import document
from pxcore.publish.document import Document
from pxcore.publish.pack import check, pack
from pxcore.publish.page_names import PAGES
from pxcore.publish.reports import Reports
from pxcore.publish.sections import decisions as decisions_section
from pxcore.publish.sections import record as record_section
from pxcore.publish.view import View as Leaving
from pxcore.store import Store
from pxcore.words import agreement as agreement_words
from pxcore.words import alignment as alignment_words
from pxcore.words import decisions as decision_words
from pxcore.words import divergence as divergence_words
from pxcore.words import record as record_words

LOCAL = Pairing("fft_local", "gp_survey")
PUBLIC = Pairing("fft_gp", "gp_survey")  # beside which stands a third source
NETWORKS = Pairing("fft_local", "gp_survey", grain="pcn")
VOICES = Pairing("fft_gp", "healthwatch", grain="pcn")
FLOOR = Disclosure().floor
MADE = date(2026, 11, 30)


def parts_of(value: Any) -> Iterator[tuple[str, Any]]:
    """What a report consists of, each with its name: its fields, and what it works out when asked."""
    if isinstance(value, Confidential):
        return
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
                yield name, getattr(value, name)
        for name in ("table", "screen", "shown", "did_not_join", "listed", "pairs_table", "rows"):
            asked = getattr(type(value), name, None)
            if callable(asked) and not isinstance(asked, property):
                yield f"{name}()", getattr(value, name)()
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key), item
    elif isinstance(value, tuple | list | frozenset | set):
        for place, item in enumerate(value):
            yield str(place), item


def frames_in(value: Any, path: str, seen: set[int]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every frame in a report, and in what it consists of."""
    if isinstance(value, pd.DataFrame):
        yield path, value
    elif id(value) not in seen:
        seen.add(id(value))
        for name, part in parts_of(value):
            yield from frames_in(part, f"{path}.{name}", seen)


# sources of single responses, as frames name them
CONFIDENTIAL = {
    name
    for source in maps.confidential_sources()
    for name in (source, maps.source(source)["short_title"], maps.source(source)["title"])
}


def rests_on_single_responses(value: Any, usually: bool) -> bool:
    """Whether a part of a report does: as it says, or its sources; else as what it is a part of."""
    if hasattr(value, "confidential"):
        return bool(value.confidential)
    if isinstance(value, str):
        return value in CONFIDENTIAL
    for name in ("alignment", "history", "side", "judgement", "verdicts", "certainty", "evidence"):
        part = getattr(value, name, None)
        if part is not None:
            return rests_on_single_responses(part, usually)
    if hasattr(value, "left") and hasattr(value, "right"):
        return any(rests_on_single_responses(part, usually) for part in (value.left, value.right))
    source = getattr(value, "source", None)
    return source in CONFIDENTIAL if isinstance(source, str) and source else usually


def chances_in(
    value: Any, path: str, confidential: bool, seen: set[int]
) -> Iterator[tuple[str, float]]:
    """Every p and q in a report that rests on single responses."""
    if isinstance(value, pd.DataFrame):
        of = [name for name in ("source", "voice", "left", "right") if name in value]
        rests = value[of].isin(CONFIDENTIAL).any(axis=1) if of else confidential
        numbers = [str(column) for column in value.select_dtypes("number")]
        for name in (name for name in numbers if is_chance(name) or name == "q"):
            for number in value.loc[rests, name] if of else value[name] if confidential else ():
                yield f"{path}.{name}", float(number)
    elif id(value) not in seen:
        seen.add(id(value))
        confidential = rests_on_single_responses(value, confidential)
        for name, part in parts_of(value):
            if is_chance(name) and isinstance(part, float) and confidential:
                yield f"{path}.{name}", part
            yield from chances_in(part, f"{path}.{name}", confidential, seen)


VIEW = View("", "", Grain.PRACTICE, "", Organisation.CURRENT, Disclosure())


REPORTS: dict[str, Callable[[Store, OverviewReport], Any]] = {
    "alignment": lambda store, _: align(store, LOCAL),
    "agreement": lambda store, _: agreement(store, LOCAL),
    "coefficients": lambda store, _: coefficients(store, agreement(store, LOCAL)),
    "three sources": lambda store, _: coefficients(store, agreement(store, PUBLIC)),
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
    "movers": lambda store, _: movers(store, trends(store)),
    "movers of an area": lambda store, _: movers(store, trends(store, Scope(Pairing("", "", area="N-007")))),
    "themes": lambda store, _: themes(store, ThemesQuestion()),
    "comments": lambda store, _: comments(store, CommentsQuestion()),
    "every comment": lambda store, _: every_comment(store, CommentsQuestion()),
    "coding": lambda store, _: coding(store, ThemesQuestion(), "healthwatch"),
    "masked": lambda store, _: masking(store),
    "provider": lambda store, report: provider(store, "P-0002", report),
    "trace": lambda store, _: trace(store, align(store, LOCAL), "P-0002"),
    "sources": lambda store, _: sources(store),
    "matching": lambda store, _: matching(store),
    "methods": lambda _, __: methods(),
    "league table": lambda store, report: _league(store, report),
    "export": lambda store, report: _exported(store, report)[0],
    "reproduced": lambda store, report: _reproduced(store, report),
    "watched folder": lambda _, __: _watched(),
    "frozen": lambda store, _: freeze(store, certainty(store, LOCAL), "P-0005", "picked", Disclosure()),
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


@pytest.mark.parametrize("name", REPORTS)
def test_chances_that_rest_on_single_responses_have_a_figure(
    demonstration: Store, every_pair: OverviewReport, name: str
) -> None:
    """p and q of confidential sources: none with more than one significant figure."""
    report = REPORTS[name](demonstration, every_pair)
    finer = {
        path: number
        for path, number in chances_in(report, name, True, set())
        if not np.isnan(number) and number != float(f"{number:.0e}")
    }
    assert not finer


def _league(store: Store, report: OverviewReport) -> Any:
    """A trust of the league table in every source that hears it."""
    unit = str(store.query("league", unit="T-01")["provider"].iloc[0])
    ranked = league(store, unit, provider(store, unit, report).voices)
    assert ranked is not None
    assert len(ranked.sources)
    return ranked


class _Known(Reports):
    """Every pair of sources is compared already."""

    def __init__(self, store: Store, report: OverviewReport) -> None:
        super().__init__(store)
        self.known = report

    def overview(self, view: Leaving) -> OverviewReport:  # noqa: ARG002  of the usual view alone
        return self.known


def _exported(store: Store, report: OverviewReport) -> tuple[Document, list[Leaving], _Known]:
    """Every page that can be taken away, as one document."""
    reports = _Known(store, report)
    views = [Leaving(page, Scope.of(LOCAL), unit="P-0005", group_by="age") for page in PAGES]
    return document(views, reports, LIGHT, "", MADE), views, reports


def _reproduced(store: Store, report: OverviewReport) -> Any:
    made, views, reports = _exported(store, report)
    checked = check(pack(made, views, store.kind), reports, store.kind)
    assert checked.checks
    return checked


def _watched() -> list[dict[str, Any]]:
    """What becomes of a file of single responses, as the log of a folder has it."""
    with TemporaryDirectory() as name, closing(Store.open()) as own:
        folder = Path(name)
        rows = "".join(f"2025-07-0{day},P-1,Very good\n" for day in range(1, 5))
        (folder / "few.csv").write_text(f"date,organisation,rating\n{rows}")
        log = list(watched(own, folder, folder / "log", once=True, wait=lambda: None))
    assert [line["status"] for line in log] == ["loaded"]
    return log


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
RATINGS = ("Very good", "Good", "Poor")
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
    holds_no_key_and_no_few_people(printed)


def holds_no_key_and_no_few_people(printed: Any) -> None:
    for found in objects_in(printed):
        assert not set(found) & {*ANSWERED, "rows_key", "people_key", "record_key", "key"}
        for name in PEOPLE if found.get("source") in CONFIDENTIAL else ():
            count = found.get(name)
            assert count is None or not isinstance(count, int | float) or count >= FLOOR, found
        whose = found.get("source", found.get("voice"))
        for name in filter(is_chance, found if whose is None or whose in CONFIDENTIAL else ()):
            assert found[name] is None or found[name] == float(f"{found[name]:.0e}"), (name, found)


def test_no_key_and_no_few_people_are_printed_of_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What loads, leaves, is watched, explained and reproduced: of single responses of many and of few."""
    database = ["--database", str(tmp_path / "own.duckdb"), "--json"]

    def responses(name: str, counts: dict[str, int]) -> Path:
        rows = [
            f"2025-07-{day % 28 + 1:02d},{unit},{RATINGS[day % len(RATINGS)]}\n"
            for unit, count in counts.items()
            for day in range(count)
        ]
        (tmp_path / name).write_text("date,organisation,rating\n" + "".join(rows))
        return tmp_path / name

    def printed(*command: str) -> dict[str, Any]:
        assert cli.main([*command, *database]) == 0, command
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        holds_no_key_and_no_few_people(found)
        return found

    many = responses("many.csv", {f"P-{n}": 12 + n for n in range(14)} | {"P-90": 3, "P-91": 4})
    survey = tmp_path / "survey.csv"
    rows = "".join(
        f"gp_survey,P-{n},2025-07-02/2025-09-25,overall,{50 + n},100\n" for n in range(14)
    )
    survey.write_text("source,provider_code,period,measure,value,respondents\n" + rows)
    printed("load", str(many), str(survey))
    (tmp_path / "arriving").mkdir()
    responses("few.csv", {"P-92": 4}).rename(tmp_path / "arriving" / "few.csv")
    log = printed("watch", str(tmp_path / "arriving"), "--once")
    assert "4" not in re.findall(
        r"\b\d+\b", json.dumps(log.get("files", log)).replace("2025-07", "")
    )
    pack = str(tmp_path / "pack.zip")
    pair = ("--left", "fft_local", "--right", "gp_survey")
    left = printed("export", pack, "--page", "agreement", "--page", "divergence", *pair)
    assert printed("reproduce", pack)
    assert printed("explain", left["codes"][0]["code"])
