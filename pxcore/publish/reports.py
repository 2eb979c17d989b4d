"""Who answers a view: every report by its question, worked out of a store or as an app remembers it.

No picture is drawn by it: a command that prints figures alone need not wait for what draws.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, Protocol, TypeVar

from pxcore.analysis.comments.themes import ThemesQuestion, ThemesReport, themes
from pxcore.analysis.files.load import Store
from pxcore.analysis.files.methods import MethodsReport, methods
from pxcore.analysis.files.sources import SourcesReport, sources
from pxcore.analysis.judging.certainty import CertaintyReport, certainty_of
from pxcore.analysis.pairs.agreement import AgreementReport, agreement
from pxcore.analysis.pairs.divergence import DivergenceReport, divergence
from pxcore.analysis.pairs.group_report import GroupsReport
from pxcore.analysis.pairs.groups import groups
from pxcore.analysis.pairs.overview import OverviewReport, overview
from pxcore.analysis.pairs.provider import ProviderReport, organisations, provider
from pxcore.analysis.pairs.what_if import WhatIfReport, what_if
from pxcore.analysis.time.movers import MoversReport, movers
from pxcore.analysis.time.trends import TrendsReport, trends
from pxcore.analysis.workshop.decisions import DecisionsReport, decisions_report
from pxcore.analysis.workshop.minutes import Minutes, minutes
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare
from pxcore.model import Disclosure, Pairing, Scenario
from pxcore.publish.view import View
from pxcore.words import divergence as divergence_words

Report = TypeVar("Report")


class Reports(Protocol):
    """Who answers: the store itself, or an app that remembers what it has answered."""

    @property
    def extracts(self) -> Released: ...
    def sources(self, disclosure: Disclosure) -> SourcesReport: ...
    def methods(self) -> MethodsReport: ...
    def decisions(self) -> DecisionsReport: ...
    def minutes(self, workshop: str) -> Minutes: ...
    def overview(self, view: View) -> OverviewReport: ...
    def agreement(self, pairing: Pairing) -> AgreementReport: ...
    def certainty(self, report: AgreementReport) -> CertaintyReport: ...
    def divergence(self, pairing: Pairing) -> DivergenceReport: ...
    def provider(self, unit: str, whole: OverviewReport) -> ProviderReport: ...
    def trends(self, view: View) -> TrendsReport: ...
    def movers(self, report: TrendsReport) -> MoversReport: ...
    def themes(self, question: ThemesQuestion) -> ThemesReport: ...
    def groups(self, pairing: Pairing, group_by: str) -> GroupsReport: ...
    def what_if(self, pairing: Pairing, scenario: Scenario) -> WhatIfReport: ...


class FromStore:
    """Every report worked out once.

    Parameters
    ----------
    rooms : opens where workshops and decisions are kept, where that is not with the data.
    """

    def __init__(self, store: Store, rooms: Callable[[], Store] | None = None) -> None:
        self._store, self._rooms = store, rooms or (lambda: store)
        self._answered: dict[Hashable, Any] = {}

    def _once(self, question: Hashable, answer: Callable[[], Report]) -> Report:
        if question not in self._answered:
            self._answered[question] = answer()
        report: Report = self._answered[question]
        return report

    @cached_property
    def extracts(self) -> Released:
        return sources(self._store).extracts

    def sources(self, disclosure: Disclosure) -> SourcesReport:
        return sources(self._store, disclosure)

    def methods(self) -> MethodsReport:
        return methods()

    def decisions(self) -> DecisionsReport:
        return self._once(
            "decisions", lambda: decisions_report(self._store, self._rooms(), date.today())
        )

    def minutes(self, workshop: str) -> Minutes:
        return minutes(self._rooms(), self._store, workshop)

    def overview(self, view: View) -> OverviewReport:
        asked, measures = view.pairing, view.measures
        whichever = replace(asked, left="", right="", left_measure="", right_measure="")
        whole = self._once(
            ("overview", whichever, measures),
            lambda: overview(
                self._store,
                area=asked.area,
                disclosure=asked.disclosure,
                periods=asked.periods,
                organisation=asked.organisation,
                settings=asked.settings,
                measures=dict(measures),
                grain=asked.grain,
                window=asked.window,
            ),
        )
        return whole.of_service(view.service) if view.service else whole

    def agreement(self, pairing: Pairing) -> AgreementReport:
        return self._once(("agreement", pairing), lambda: agreement(self._store, pairing))

    def certainty(self, report: AgreementReport) -> CertaintyReport:
        return self._once(
            ("certainty", report.alignment.pairing),
            lambda: certainty_of(self._store, report.judgement),
        )

    def divergence(self, pairing: Pairing) -> DivergenceReport:
        return self._once(("divergence", pairing), lambda: divergence(self._store, pairing))

    def provider(self, unit: str, whole: OverviewReport) -> ProviderReport:
        return provider(
            self._store,
            unit,
            whole.agreements,
            whole.area_names,
            whole.by_measure,
            certainties=whole.certainties,
        )

    def trends(self, view: View) -> TrendsReport:
        asked = view.pairing
        return self._once(
            ("trends", view),
            lambda: trends(
                self._store,
                unit=view.unit,
                area=asked.area,
                service=view.service,
                organisation=asked.organisation,
                disclosure=asked.disclosure,
                measures=view.measures,
            ),
        )

    def movers(self, report: TrendsReport) -> MoversReport:
        measures = tuple((side.source, side.measure) for side in report.sides())
        return self._once(("movers", report.view, measures), lambda: movers(self._store, report))

    def themes(self, question: ThemesQuestion) -> ThemesReport:
        return self._once(("themes", question), lambda: themes(self._store, question))

    def groups(self, pairing: Pairing, group_by: str) -> GroupsReport:
        return self._once(
            ("groups", pairing, group_by), lambda: groups(self._store, pairing, group_by)
        )

    def what_if(self, pairing: Pairing, scenario: Scenario) -> WhatIfReport:
        return self._once(
            ("what_if", pairing, scenario), lambda: what_if(self._store, pairing, scenario)
        )


# --- What of a report a view looks at ---


def pair_of(view: View, whole: OverviewReport) -> tuple[str, str] | None:
    """The pair of sources in view on Overview: those chosen, else the first of which something is said."""
    chosen = {view.pairing.left, view.pairing.right}
    pair = next((pair for pair in whole.likely if set(pair) == chosen), None)
    return pair or next(iter(whole.likely), None)


def unit_of(view: View, report: DivergenceReport) -> str:
    """The organisation looked at on Divergence; "" of none."""
    offered = divergence_words.organisations(report) if report.status != "refused" else {}
    return view.unit if view.unit in offered else next(iter(offered), "")


def provider_of(view: View, reports: Reports) -> ProviderReport:
    """The organisation looked at in every source; the first where none is named.

    Raises
    ------
    NothingToCompare : no two sources speak of it.
    """
    whole = reports.overview(view)
    named = organisations(whole.agreements)
    if not named or (view.unit and view.unit not in named):
        raise NothingToCompare(
            f"No two sources speak of ‘{view.unit}’ at the same time."
            if named
            else "No organisation has figures from two sources at the same time."
        )
    return reports.provider(view.unit or next(iter(named)), whole)
