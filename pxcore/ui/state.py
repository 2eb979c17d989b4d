"""What outlives a rerun: the stores, the cached reports, the files waiting to be loaded.

Reports are cached by (store, revision, question), and the question carries the disclosure settings:
a load makes every answer new, and nothing else does.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pxcore import maps
from pxcore.analysis import masking as masking_question
from pxcore.analysis.comments import coding as coding_question
from pxcore.analysis.comments import comments as comments_question
from pxcore.analysis.comments import documents as documents_question
from pxcore.analysis.comments import themes as themes_question
from pxcore.analysis.files import load
from pxcore.analysis.files import methods as methods_question
from pxcore.analysis.files import sources as sources_question
from pxcore.analysis.files.demonstration import kept_demonstration
from pxcore.analysis.joining import bands as bands_question
from pxcore.analysis.joining import choices as choices_question
from pxcore.analysis.joining import matching
from pxcore.analysis.joining import trace as trace_question
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging import certainty as certainty_question
from pxcore.analysis.judging import checks as checks_question
from pxcore.analysis.judging import judgement as judgement_verdicts_question
from pxcore.analysis.judging import reasons as reasons_question
from pxcore.analysis.judging import robustness as robustness_question
from pxcore.analysis.pairs import agreement as agreement_question
from pxcore.analysis.pairs import coefficients as coefficients_question
from pxcore.analysis.pairs import divergence as divergence_question
from pxcore.analysis.pairs import group_offers as offers_question
from pxcore.analysis.pairs import groups as groups_question
from pxcore.analysis.pairs import league as league_question
from pxcore.analysis.pairs import overview
from pxcore.analysis.pairs import provider as provider_question
from pxcore.analysis.pairs import scenarios as scenarios_question
from pxcore.analysis.pairs import settling as settling_question
from pxcore.analysis.pairs import what_if as what_if_question
from pxcore.analysis.pairs.coverage import Coverage, coverage
from pxcore.analysis.pairs.group_report import GroupsReport
from pxcore.analysis.time import cells, decisions
from pxcore.analysis.time import changes as changes_question
from pxcore.analysis.time import lasting as lasting_question
from pxcore.analysis.time import movers as movers_question
from pxcore.analysis.time import trends as trends_question
from pxcore.analysis.workshop import agenda, example, frozen
from pxcore.analysis.workshop import decisions as decisions_question
from pxcore.analysis.workshop import workshops as workshops_question
from pxcore.disclosure import Released
from pxcore.errors import Fault, PxError
from pxcore.ingest import Extract, Request
from pxcore.ingest.profile import Profile, to_json
from pxcore.model import (
    ORGANISATION_TITLES,
    USUAL_DISCLOSURE,
    Disclosure,
    Organisation,
    Pairing,
    Scenario,
    Signal,
)
from pxcore.paths import demonstration_workshops, kept_folder, own_database
from pxcore.publish.codes import Answers
from pxcore.stats.settling import Side as SettlingSide
from pxcore.store import Store
from pxcore.ui import answers, workers
from pxcore.ui.answers import finished
from pxcore.words import coding as coding_words
from pxcore.words import comments as comment_words
from pxcore.words import rules as rule_words
from pxcore.words.trends import everybody

Answer = TypeVar("Answer")
DEMONSTRATION, OWN = "demonstration", "own"
WORKSHOPS = "workshops on the demonstration"
Progress = Callable[[str, int, int], None]
SELDOM = 0.1  # seconds between two steps of a bar that grows
PAGE = "page"  # in session state: the file of the page that is drawn
MISREAD = "misread"  # in session state: a page, and what its address asked for and could not have
# In session state: the workshop led; which decisions are looked at, in the order of `Filter`.
LED = "workshop_led"
DECISION_BOXES = ("decisions_owner", "decisions_unit", "decisions_theme", "decisions_due")
STORES = {DEMONSTRATION: "Demonstration", OWN: "Our data"}


class _Stores:
    """The process's stores: one for the demonstration, one for own data."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open: dict[str, Store] = {}

    def close(self) -> None:
        for store in self.open.values():
            store.close()


@st.cache_resource(show_spinner=False, on_release=lambda stores: stores.close())
def _stores() -> _Stores:
    return _Stores()


def chosen_store() -> str:
    """Which store the person looks at: DEMONSTRATION until they say otherwise."""
    return str(st.session_state.get("data") or DEMONSTRATION)


def organisation() -> Organisation:
    """As now organised, until the person says otherwise; a link says so before its control is drawn."""
    chosen = st.session_state.get("organisation")
    linked = st.query_params.get("organisation") if chosen is None else None
    for way, title in ORGANISATION_TITLES.items():
        if way == chosen or title == linked:
            return Organisation(way)
    return Organisation.CURRENT


def is_demonstration() -> bool:
    return chosen_store() == DEMONSTRATION


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once a server, after the first page: what is imported by now stays to the end. To look through it for
    garbage takes as long as a small page, and would fall into every third redraw."""
    gc.collect()
    gc.freeze()


def store() -> Store:
    """The store looked at, opened (or, the demonstration, loaded) when first asked for."""
    kind = chosen_store()
    if kind == DEMONSTRATION:
        return _opened(
            kind,
            lambda: _with_progress(
                "Loading the demonstration",
                lambda progress: kept_demonstration(kept_folder(), progress),
            ),
        )
    return _opened(kind, _own)


def _opened(kind: str, make: Callable[[], Store]) -> Store:
    """The process's one store of a kind, made when first asked for."""
    stores = _stores()
    held = stores.open.get(kind)
    if held is not None and held.lost:  # as on a full disk: once there is room, it opens whole
        with stores.lock:
            if stores.open.get(kind) is held:
                held.close()
                del stores.open[kind]
    if kind not in stores.open:
        with stores.lock:
            if kind not in stores.open:
                stores.open[kind] = make()
    return stores.open[kind]


def _own() -> Store:
    """Own data, opened; comments that the rules in force have not masked are masked before all else."""
    return _masked(
        Store.open(own_database()), lambda work: _with_progress("Opening your data", work)
    )


def _masked(own: Store, run: Callable[[Callable[[Progress | None], int]], int]) -> Store:
    run(lambda progress: masking_question.mask_missing(own, progress=progress))
    return own


def workshops(kind: str = "") -> Store:
    """Where workshops are kept on the data looked at (or of a kind): in the own database; those on the
    demonstration in a file of their own, which outlives it.

    A telephone may be the first to ask, before anybody has opened a page: nothing here draws.
    """
    if (kind or chosen_store()) == DEMONSTRATION:
        return _opened(WORKSHOPS, lambda: Store.open(demonstration_workshops(), kind=DEMONSTRATION))
    if not kind:
        return store()
    return _opened(OWN, lambda: _masked(Store.open(own_database()), lambda work: work(None)))


def _with_progress(title: str, work: Callable[[Callable[[str, int, int], None]], Answer]) -> Answer:
    bar = st.progress(0.0, text=title)
    drawn = time.monotonic()

    def progress(doing: str, done: int, of: int) -> None:
        nonlocal drawn
        if time.monotonic() - drawn < SELDOM:
            return
        drawn = time.monotonic()
        bar.progress(min(1.0, done / max(1, of)), text=f"{title}: {doing}")

    try:
        return work(progress)
    finally:
        bar.empty()


# --- Reports ---


_working: ContextVar[bool] = ContextVar("working", default=False)  # a spinner turns, or a bar grows


def _answer_to(
    question: str,  # noqa: ARG001  the key, with the three below
    _answer: Callable[[], Any],
    store_id: str,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    question_in_full: tuple[Any, ...],  # noqa: ARG001
) -> Any:
    return _answer()


# One memory of answers, as it is one function: with a spinner, and without where something else tells.
# Reports are frozen and nothing changes their frames (a test holds every page to that), so that they are
# handed out as they are: to copy the report of nineteen pairs takes longer than all else on a page.
_answered = st.cache_resource(max_entries=150, show_spinner="Working it out …")(_answer_to)
_answered_quietly = st.cache_resource(max_entries=150, show_spinner=False)(_answer_to)


def _once(
    question: str, answer: Callable[[Store], Answer], *details: Any, own_bar: bool = False
) -> Answer:
    """The answer to a question put to the store looked at: worked out once a revision.

    What takes long is waited for under one sign: that of the outermost question, or its own bar.
    """
    opened = store()
    ask = _answered_quietly if own_bar or _working.get() else _answered
    before = _working.set(True)
    try:
        report: Answer = ask(question, lambda: answer(opened), opened.id, opened.revision, details)
    finally:
        _working.reset(before)
    return report


def _judged(pairing: Pairing) -> judgement_verdicts_question.Judgement:
    """Two sources judged: what Agreement, Divergence and Overview stand on; once for all areas."""
    whole = replace(pairing, area="")
    judged = _once("judgement", lambda s: judgement_verdicts_question.judgement(s, whole), whole)
    return judgement_verdicts_question.within(judged, pairing.area)


def _reasons(judged: judgement_verdicts_question.Judgement) -> reasons_question.Reasons:
    """What the files offer that could make two sources differ; the same whatever the area."""
    whole = replace(judged.alignment.pairing, area="")
    return _once("reasons", lambda s: reasons_question.reasons(s, judged), whole)


def _certainty(judged: judgement_verdicts_question.Judgement) -> certainty_question.CertaintyReport:
    """How likely two judged sources agree on each organisation; the same whatever the area."""
    whole = replace(judged.alignment.pairing, area="")
    # two of different domains are refused until a measure is chosen by name, and resolve to the same
    details = whole, bool(judged.not_compared())
    quiet = _working.get()  # something else tells that it takes a while

    def answer(opened: Store) -> certainty_question.CertaintyReport:
        return _in_a_worker(
            "Learning how alike the two usually are",
            (opened.id, opened.revision, *details),
            lambda progress: certainty_question.certainty_of(opened, judged, progress),
            quiet=quiet,
        )

    kept = _once("certainty", answer, *details, own_bar=True)
    return replace(kept, judgement=judged)


def _in_a_worker(
    title: str, key: tuple[Any, ...], work: Callable[[workers.Progress], Answer], *, quiet: bool
) -> Answer:
    """What is worked out though its page be left, with a bar if it takes more than a moment."""
    room: list[DeltaGenerator] = []  # none where it takes but a moment

    def progress(share: float) -> None:
        if not room:
            room.append(st.empty())
        if quiet:
            room[0].empty()  # where a page that is left is given up
        else:
            room[0].progress(share, text=title)

    try:
        return workers.waited_for(key, work, progress)
    finally:
        for place in room:
            place.empty()


def certainty(pairing: Pairing) -> certainty_question.CertaintyReport:
    """How likely two sources agree on each organisation in view, marked as their agreement is."""
    return _once(
        "certainty in view",
        lambda _: replace(_certainty(_judged(pairing)), judgement=agreement(pairing).judgement),
        pairing,
    )


def agreement(pairing: Pairing) -> agreement_question.AgreementReport:
    return _once("agreement", lambda _: agreement_question.agreement_of(_judged(pairing)), pairing)


def coefficients(pairing: Pairing) -> coefficients_question.CoefficientsReport | None:
    """Everything beside the headline of two sources."""
    return _once(
        "coefficients",
        lambda s: coefficients_question.coefficients(s, agreement(pairing), _judged),
        pairing,
    )


def divergence(pairing: Pairing) -> divergence_question.DivergenceReport:
    return _once(
        "divergence",
        lambda s: divergence_question.divergence_of(s, _judged(pairing), _reasons, _certainty),
        pairing,
    )


def beside_voice(pairing: Pairing) -> judgement_verdicts_question.Judgement | None:
    """The left source judged beside community voice; None where there is none of these organisations."""

    def answer(opened: Store) -> judgement_verdicts_question.Judgement | None:
        third = what_if_question.third_source(opened, agreement(pairing))
        if not third or maps.source(third)["signal"] != Signal.COMMUNITY:
            return None
        other = replace(pairing, right=third, left_measure="", right_measure="")
        try:
            return _judged(other)
        except PxError:  # not at this level, or in this window
            return None

    return _once("beside_voice", answer, pairing)


def settling(pairing: Pairing, side: SettlingSide) -> settling_question.SettlingReport:
    """What further answers to one of two sources would settle; takes some tens of seconds."""
    return _once(
        "settling",
        lambda _: _with_progress(
            "Imagining further answers",
            lambda progress: settling_question.settling_of(certainty(pairing), side, progress),
        ),
        pairing,
        side,
        own_bar=True,
    )


def checks(pairing: Pairing) -> checks_question.ChecksReport:
    """Whether such probabilities come true on data like these; takes a minute or more."""
    whole = replace(pairing, area="")

    def answer(opened: Store) -> checks_question.ChecksReport:
        judged = _judged(whole)
        return _with_progress(
            "Checking the probabilities",
            lambda progress: checks_question.checks_of(
                opened, judged, progress, _certainty(judged)
            ),
        )

    return _once("checks", answer, whole, own_bar=True)


def lasting(pairing: Pairing) -> lasting_question.LastingReport:
    """Whether the differences of two sources were there a year earlier; the same whatever the area."""
    whole = replace(pairing, area="")
    return _once("lasting", lambda s: lasting_question.lasting(s, _judged(whole), _judged), whole)


def robustness(pairing: Pairing) -> robustness_question.RobustnessReport:
    """Every verdict under every combination of reasonable choices; takes seconds."""

    def answer(opened: Store) -> robustness_question.RobustnessReport:
        return _with_progress(
            "Judging under other choices",
            lambda progress: robustness_question.robustness(opened, pairing, progress),
        )

    return _once("robustness", answer, pairing, own_bar=True)


def what_if(pairing: Pairing, scenario: Scenario) -> what_if_question.WhatIfReport:
    """The baseline beside a scenario."""
    other = scenario.of(pairing)
    return _once(
        "what if",
        lambda _: what_if_question.compared(
            (agreement(pairing), certainty(pairing)),
            (agreement(other), certainty(other)),
            scenario,
        ),
        pairing,
        scenario,
    )


def side_by_side(
    pairing: Pairing, scenarios: Mapping[str, Scenario]
) -> scenarios_question.SideBySide:
    """Several scenarios beside one baseline."""
    return _once(
        "side by side",
        lambda _: _side_by_side(pairing, scenarios),
        pairing,
        tuple(scenarios.items()),
        own_bar=True,
    )


def _side_by_side(
    pairing: Pairing, scenarios: Mapping[str, Scenario]
) -> scenarios_question.SideBySide:
    baseline = agreement(pairing), certainty(pairing)
    reports: dict[str, what_if_question.WhatIfReport] = {}
    failed: dict[str, tuple[Scenario, PxError]] = {}

    def all_of(progress: Callable[[str, int, int], None]) -> scenarios_question.SideBySide:
        for place, (name, scenario) in enumerate(scenarios.items()):
            progress(name, place, len(scenarios))
            try:
                reports[name] = what_if(pairing, scenario)
            except PxError as problem:  # a source that these data do not have, say
                failed[name] = (scenario, problem)
        return scenarios_question.side_by_side(*baseline, reports, failed)

    return _with_progress("Asking again", all_of)


def what_if_options(pairing: Pairing) -> scenarios_question.Options:
    """What can be changed for two sources."""
    return _once(
        "what_if_options", lambda s: scenarios_question.options(s, agreement(pairing)), pairing
    )


def without_each(pairing: Pairing) -> what_if_question.WithoutEach:
    """Each of three kinds of source left out in turn."""

    def answer(opened: Store) -> what_if_question.WithoutEach:
        third = what_if_question.third_source(opened, agreement(pairing))
        return what_if_question.without_each(agreement, pairing, third)

    return _once("without_each", answer, pairing)


def groups(pairing: Pairing, group_by: str) -> GroupsReport:
    """Two sources by the groups of a dimension."""
    return _once(
        "groups",
        lambda s: groups_question.groups_of(s, _judged(pairing), group_by),
        pairing,
        group_by,
    )


def groups_offered(pairing: Pairing) -> dict[str, str]:
    """What two sources can be split by."""
    return _once("groups_offered", lambda s: offers_question.offered(s, _judged(pairing)), pairing)


def keep_bands(
    dimension: str, wanted: dict[str, str], by: str, reason: str, source: str = ""
) -> int:
    return bands_question.keep(store(), dimension, wanted, by, reason, source)


def take_back_bands(changes: tuple[bands_question.BandChange, ...]) -> None:
    bands_question.take_back(store(), changes, "")


def back_to_shipped_bands(dimension: str, sources: tuple[str, ...]) -> None:
    bands_question.back_to_shipped(store(), dimension, sources, "")


def make_workshop(
    title: str,
    by: str,
    chosen: Sequence[agenda.Suggestion],
    report: overview.OverviewReport,
    pairing: Pairing,
    measures: tuple[tuple[str, str], ...],
) -> str:
    """Freeze what is chosen of an overview, and keep a workshop on it; its identifier."""
    opened = store()
    cells = [
        frozen.freeze(
            opened,
            report.certainties[item.pair],
            item.unit,
            item.purpose.value,
            pairing.disclosure,
            report.certainties.values(),
        )
        for item in chosen
    ]
    return workshops_question.make(
        workshops(),
        title,
        by,
        cells,
        revision=opened.revision,
        data_key=data_key(),
        view=frozen.view_as_json(pairing, measures),
        disclosure=pairing.disclosure,
    )


def example_decisions() -> None:
    """Write the invented decisions of the demonstration down."""
    example.example(store(), workshops())


def data_key() -> str:
    """A fingerprint of the files that speak in the store looked at."""
    return _once("data key", frozen.data_key)


def answering() -> Answers:
    """The data looked at, and where codes of views of them are kept."""
    opened = store()
    return Answers(workshops(), opened.kind, opened.revision, data_key(), opened.codings)


def scenarios() -> tuple[scenarios_question.Saved, ...]:
    """Those saved in the store looked at; read anew each time, as saving changes no answer."""
    return scenarios_question.saved(store())


def keep_scenario(name: str, scenario: Scenario, by: str) -> None:
    scenarios_question.keep(store(), name, scenario, by.strip() or "this computer")


def withdraw_scenario(name: str) -> None:
    scenarios_question.withdraw(store(), name)


def trace(pairing: Pairing, unit: str) -> Released:
    """The rows of files behind one organisation's figures."""
    return _once(
        "trace",
        lambda s: trace_question.trace(s, _judged(pairing).alignment, unit),
        pairing,
        unit,
    )


def _cells(side: Side, view: cells.View) -> cells.Cells:
    """One source's months of all organisations: the same whichever of them is looked at."""
    return _once(
        "cells",
        lambda s: cells.cells(s, side, view),
        side.source,
        side.measure,
        replace(view, unit="", area=""),
    )


def trends(
    unit: str,
    area: str,
    service: str,
    organisation: Organisation,
    disclosure: Disclosure,
    measures: tuple[tuple[str, str], ...],
) -> trends_question.TrendsReport:
    return _once(
        "trends",
        lambda s: trends_question.trends(
            s,
            unit=unit,
            area=area,
            service=service,
            organisation=organisation,
            disclosure=disclosure,
            measures=measures,
            cells_of=_cells,
        ),
        unit,
        area,
        service,
        organisation,
        disclosure,
        measures,
    )


def trend_organisations(
    area: str, service: str, whole_of: str, organisation: Organisation
) -> dict[str, str]:
    """Whose series can be looked at: all together first (of the service `whole_of`), then one by one."""

    def answer(opened: Store) -> dict[str, str]:
        whole = {"": everybody(*trends_question.whole(opened, area, whole_of, organisation))}
        return whole | trends_question.organisations(opened, area, service, organisation)

    return _once("trend organisations", answer, area, service, whole_of, organisation)


def changes(report: trends_question.TrendsReport) -> tuple[changes_question.Change, ...]:
    """Whether organisations that rise from wave to wave in one source rise in another."""
    view = replace(report.view, unit="", area="")

    def of_two(survey: Side, series: Side) -> changes_question.Change:
        return _once(
            "change",
            lambda s: changes_question.change(s, survey, series, view),
            *(survey.source, survey.measure, series.source, series.measure),
            view,
        )

    return tuple(of_two(*sides) for sides in changes_question.sides(report))


def movers(report: trends_question.TrendsReport) -> movers_question.MoversReport:
    """Which organisations changed, on each source of a report."""
    everywhere = replace(report.view, unit="", area="")

    def of_source(side: Side, every: cells.Every) -> movers_question.Moves | None:
        return _once(
            "moves",
            lambda s: movers_question.moves(s, side, every, everywhere, _cells(side, everywhere)),
            side.source,
            side.measure,
            everywhere,
        )

    return _once(
        "movers",
        lambda s: movers_question.movers(s, report, of_source),
        report.view,
        *((side.source, side.measure) for side in report.sides()),
    )


def overview_report(
    pairing: Pairing, measures: tuple[tuple[str, str], ...] = (), service: str = ""
) -> overview.OverviewReport:
    """Every pair of sources as the filters have it, whichever two are chosen; of a service alone if named."""
    whichever = replace(pairing, left="", right="", left_measure="", right_measure="")

    def answer(_: Store) -> overview.OverviewReport:
        every = _every_pair(replace(whichever, area=""), measures)
        covered = _coverage(pairing.disclosure)
        return _with_progress(
            "Comparing every pair of sources",
            lambda progress: overview.in_area(
                every, pairing.area, covered, _reasons, _certainty, progress
            ),
        )

    report = _once("overview", answer, whichever, measures, own_bar=True)
    return finished(overview.OverviewReport.of_service, report, service) if service else report


def _every_pair(pairing: Pairing, measures: tuple[tuple[str, str], ...]) -> overview.EveryPair:
    """Every pair of sources judged; the same whatever the area."""

    def answer(opened: Store) -> overview.EveryPair:
        return _with_progress(
            "Comparing every pair of sources",
            lambda progress: overview.every_pair(
                opened, pairing, dict(measures), progress, _judged, _certainty
            ),
        )

    return _once("every pair", answer, pairing, measures, own_bar=True)


def _coverage(disclosure: Disclosure) -> Coverage:
    """What is loaded; the same whatever the area."""
    return _once("coverage", lambda s: coverage(s, disclosure), disclosure)


def provider(unit: str, report: overview.OverviewReport) -> provider_question.ProviderReport:
    """One organisation in every source of an overview."""
    return finished(_provider, unit, report)


def _provider(unit: str, report: overview.OverviewReport) -> provider_question.ProviderReport:
    return provider_question.provider(
        store(),
        unit,
        report.agreements,
        report.area_names,
        report.by_measure,
        _reasons,
        report.certainties,
    )


def themes(question: themes_question.ThemesQuestion) -> themes_question.ThemesReport:
    """Themes of comments; codes given since count, though they change no other figure."""
    return _once("themes", lambda s: themes_question.themes(s, question), question, store().codings)


def comments(question: comments_question.CommentsQuestion) -> comments_question.CommentsReport:
    """One page of comments. What was searched for is kept in memory alone."""
    return _once(
        "comments", lambda s: comments_question.comments(s, question), question, store().codings
    )


def quotations(
    question: comments_question.CommentsQuestion, feelings: tuple[str, ...]
) -> comments_question.Quotations:
    """The newest comment of each of some feelings."""
    return _once(
        "quotations",
        lambda s: comments_question.newest_of_each(s, question, feelings),
        question,
        feelings,
        store().codings,
    )


def league(report: provider_question.ProviderReport) -> league_question.LeagueReport | None:
    """A trust's rank in the league table beside what the sources know; None of one in no table."""
    return finished(_league, report)


def _league(report: provider_question.ProviderReport) -> league_question.LeagueReport | None:
    return league_question.league(store(), report.unit, report.voices)


def documents(unit: str, disclosure: Disclosure) -> documents_question.DocumentsReport:
    """What was written down of what people said about one organisation."""
    return _once(
        "documents", lambda s: documents_question.documents(s, unit, disclosure), unit, disclosure
    )


def every_comment(question: comments_question.CommentsQuestion) -> Callable[[], Released]:
    """Makes the rows of all the comments asked for; asked when somebody wants the file."""
    opened = store()
    return lambda: comment_words.table(comments_question.every_comment(opened, question))


def comment_services() -> dict[str, str]:
    """The services that comments speak of: name -> title."""
    return _once("comment services", comments_question.services)


def sources_to_code(question: themes_question.ThemesQuestion) -> dict[str, str]:
    return _once(
        "sources to code",
        lambda s: coding_words.sources(coding_question.sources_to_code(s, question)),
        question,
    )


def next_comment(
    question: themes_question.ThemesQuestion, source: str, coder: str, again: bool
) -> coding_question.ToCode | None:
    return coding_question.next_comment(store(), question, source, coder, again=again)


def code(comment: coding_question.ToCode, coder: str, themes: list[str], sentiment: str) -> None:
    coding_question.code(store(), comment, coder, themes, sentiment)


def skip(comment: coding_question.ToCode, coder: str) -> None:
    coding_question.skip(store(), comment, coder)


def undo_coding(coder: str) -> None:
    coding_question.undo(store(), coder)


def coding(question: themes_question.ThemesQuestion, source: str) -> coding_question.CodingReport:
    """Who has coded how much of a source, and how alike two people code."""
    return _once(
        "coding",
        lambda s: coding_question.coding(s, question, source),
        question,
        source,
        store().codings,
    )


def masking() -> masking_question.MaskingReport:
    return _once("masking", masking_question.masking)


def cell_masked(text: str) -> str:
    """A cell of a file nobody has explained yet, as it may be shown."""
    return masking_question.cell_masked(text, _once("redactor", masking_question.redactor))


def faults_masked(extract: Extract) -> tuple[Fault, ...]:
    """What is wrong with a file nobody has explained yet, with what it quotes of the file masked."""
    rules = _once("redactor", masking_question.redactor)
    return tuple(
        replace(fault, what=masking_question.quotes_masked(fault.what, rules))
        for fault in extract.faults
    )


def list_names(names: list[str], by: str) -> list[str]:
    """Put names on the list; every comment is masked anew, with progress."""
    return _with_progress(
        "Masking anew",
        lambda progress: masking_question.list_names(store(), names, by, progress=progress),
    )


def unlist_name(name: str, by: str) -> None:
    _with_progress(
        "Masking anew",
        lambda progress: masking_question.unlist_name(store(), name, by, progress=progress),
    )


def decisions_looked_at() -> decisions_question.Filter:
    """Which decisions the boxes of their page leave."""
    owner, unit, theme, due = (str(value_of(key) or "") for key in DECISION_BOXES)
    return decisions_question.Filter(
        owner, unit, theme, decisions_question.Due(due) if due else None
    )


def followed_decisions() -> decisions_question.DecisionsReport:
    """What became of every decision, as it stands today."""
    held, today = workshops(), date.today()
    happened = [
        max((row["number"] for row in held.events(name, workshop="")), default=0)
        for name in ("decisions", "decision_reviews")
    ]
    return _once(
        "decisions",
        lambda s: decisions_question.decisions_report(s, held, today),
        held.id,
        *happened,
        today,
    )


def digest() -> decisions_question.Digest | None:
    """What the last load brought, and what it says of decisions."""
    return decisions_question.digest(store(), followed_decisions())


def sources(disclosure: Disclosure = USUAL_DISCLOSURE) -> sources_question.SourcesReport:
    return _once("sources", lambda s: sources_question.sources(s, disclosure), disclosure)


def names(disclosure: Disclosure = USUAL_DISCLOSURE) -> matching.MatchingReport:
    return _once("names", lambda s: matching.matching(s, disclosure), disclosure)


def note_exact(on: bool, by: str, reason: str) -> None:
    """Keep in the history that exact figures were switched on, by whom and why, or off."""
    if on:
        why = masking_question.note_masked(store(), reason)
        store().note("exact figures shown", f"by {by}: {why}")
    else:
        store().note("exact figures switched off", f"by {by}")


def successions() -> Released:
    """Organisations with data that merged, split or changed."""
    return _once("successions", matching.successions)


def choices() -> choices_question.Choices:
    """What can be chosen: sources, measures, areas. Cheap once per revision."""
    way = organisation()
    return _once("choices", lambda s: choices_question.choices(s, way), way)


@st.cache_data(show_spinner=False)
def map_rows(name: str) -> Released:
    """A shipped map, for reading."""
    return sources_question.shipped_map(name)


@st.cache_data(show_spinner=False)
def rules() -> Released:
    """The keyword rules: the same for all data."""
    return rule_words.table()


@st.cache_resource(show_spinner=False)
def methods() -> methods_question.MethodsReport:
    """Every method, the trials and the words: the same for all data."""
    return methods_question.methods()


# --- Files on their way in ---


@st.cache_resource(scope="session", max_entries=60, show_spinner=False)
def _reading(
    name: str,
    _content: bytes,
    file_id: str,  # noqa: ARG001  the key stands for the content
    request: Request,
    profile: str,
    _store: Store,
    store_id: str,  # noqa: ARG001
    revision: int,  # noqa: ARG001  a profile saved since may recognise it
) -> load.Reading:
    return load.read(name, _content, store=_store, request=request, profile=profile)


def reading(
    name: str, content: bytes, file_id: str, request: Request | None = None, profile: str = ""
) -> load.Reading:
    """A file read and checked, once per file and answer."""
    opened = store()
    return _reading(
        name, content, file_id, request or Request(), profile, opened, opened.id, opened.revision
    )


def load_readings(readings: list[load.Reading]) -> list[load.Loaded]:
    return load.load_readings(store(), sorted(readings, key=lambda r: not load.is_reference(r)))


def profiles() -> dict[str, Profile]:
    """The layouts a person has had remembered, by name."""
    return load.saved_profiles(store())


def save_profile(profile: Profile, instead_of: str = "") -> None:
    """Remember a layout; with `instead_of` another name, that one goes."""
    store().save_profile(profile.name, to_json(profile))
    if instead_of and instead_of != profile.name:
        store().delete_profile(instead_of)


def delete_profile(name: str) -> None:
    store().delete_profile(name)


def remove(extract: int) -> None:
    store().remove(extract)


def erase(extract: int) -> None:
    """Take a file out and delete its comments for good."""
    store().erase(extract)
    _answered.clear()
    _answered_quietly.clear()
    answers.forget()
    workers.forget()


def restore(extract: int) -> None:
    store().restore(extract)


def confirm(matches: list[tuple[str, str, str]]) -> None:
    matching.confirm(store(), matches)


def forget(name: str, context: str) -> None:
    store().forget_alias(name, context)


def start_afresh(
    report: trends_question.TrendsReport, source: str, month: date, reason: str, by: str
) -> None:
    decisions.start_afresh(store(), report, source, month, reason, by)


def set_target(
    report: trends_question.TrendsReport, source: str, value: float, reason: str, by: str
) -> None:
    decisions.set_target(store(), report, source, value, reason, by)


def withdraw(decision: Mapping[Any, Any], owner: str, reason: str, by: str) -> None:
    decisions.withdraw(store(), decision, owner, reason, by)


def keep(key: str, value: Any) -> None:
    """The one place where session state is set."""
    st.session_state[key] = value


def value_of(key: str, default: Any = None) -> Any:
    return st.session_state.get(key, default)


def misread() -> str:
    """What the address of the page asked for and could not have; "" where it was followed."""
    return str(value_of(MISREAD, ("", ""))[1])
