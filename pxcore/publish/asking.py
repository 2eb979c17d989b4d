"""A view as a section: which report its page needs, and what is made of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Protocol

from pxcore.analysis.comments.themes import ThemesQuestion, ThemesReport, themes
from pxcore.analysis.files.load import Store
from pxcore.analysis.files.sources import sources
from pxcore.analysis.judging.certainty import CertaintyReport, certainty_of
from pxcore.analysis.pairs.agreement import AgreementReport, agreement
from pxcore.analysis.pairs.divergence import DivergenceReport, divergence
from pxcore.analysis.pairs.group_report import GroupsReport
from pxcore.analysis.pairs.groups import groups
from pxcore.analysis.pairs.overview import OverviewReport, overview
from pxcore.analysis.pairs.provider import ProviderReport, organisations, provider
from pxcore.analysis.pairs.what_if import WhatIfReport, what_if
from pxcore.analysis.time.trends import TrendsReport, trends
from pxcore.charts.theme import LIGHT, Palette
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare, PxError
from pxcore.model import Pairing, Scenario
from pxcore.publish.document import PAGES, Document, Section
from pxcore.publish.sections import agreement as agreement_section
from pxcore.publish.sections import divergence as divergence_section
from pxcore.publish.sections import groups as groups_section
from pxcore.publish.sections import overview as overview_section
from pxcore.publish.sections import provider as provider_section
from pxcore.publish.sections import themes as themes_section
from pxcore.publish.sections import trends as trends_section
from pxcore.publish.sections import what_if as what_if_section
from pxcore.publish.view import View
from pxcore.words import divergence as divergence_words

NOTHING_LEAVES = "Nothing leaves while exact figures are on."
TITLE = "Do our sources agree?"
PAPER = LIGHT  # in a file everything stands on a light ground


class Reports(Protocol):
    """Who answers: the store itself, or an app that remembers what it has answered."""

    @property
    def extracts(self) -> Released: ...
    def overview(self, view: View) -> OverviewReport: ...
    def agreement(self, pairing: Pairing) -> AgreementReport: ...
    def certainty(self, report: AgreementReport) -> CertaintyReport: ...
    def divergence(self, pairing: Pairing) -> DivergenceReport: ...
    def provider(self, unit: str, whole: OverviewReport) -> ProviderReport: ...
    def trends(self, view: View) -> TrendsReport: ...
    def themes(self, question: ThemesQuestion) -> ThemesReport: ...
    def groups(self, pairing: Pairing, group_by: str) -> GroupsReport: ...
    def what_if(self, pairing: Pairing, scenario: Scenario) -> WhatIfReport: ...


class FromStore:
    """Every report worked out anew; what several pages stand on, once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._overviews: dict[View, OverviewReport] = {}

    @cached_property
    def extracts(self) -> Released:
        return sources(self._store).extracts

    def overview(self, view: View) -> OverviewReport:
        whole = self._overview(replace(view, page="", unit="", service=""))
        return whole.of_service(view.service) if view.service else whole

    def _overview(self, view: View) -> OverviewReport:
        asked = view.pairing
        if view in self._overviews:
            return self._overviews[view]
        self._overviews[view] = overview(
            self._store,
            area=asked.area,
            disclosure=asked.disclosure,
            periods=asked.periods,
            organisation=asked.organisation,
            settings=asked.settings,
            measures=dict(view.measures),
            grain=asked.grain,
            window=asked.window,
        )
        return self._overviews[view]

    def agreement(self, pairing: Pairing) -> AgreementReport:
        return agreement(self._store, pairing)

    def certainty(self, report: AgreementReport) -> CertaintyReport:
        return certainty_of(self._store, report.judgement)

    def divergence(self, pairing: Pairing) -> DivergenceReport:
        return divergence(self._store, pairing)

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
        return trends(
            self._store,
            unit=view.unit,
            area=asked.area,
            service=view.service,
            organisation=asked.organisation,
            disclosure=asked.disclosure,
            measures=view.measures,
        )

    def themes(self, question: ThemesQuestion) -> ThemesReport:
        return themes(self._store, question)

    def groups(self, pairing: Pairing, group_by: str) -> GroupsReport:
        return groups(self._store, pairing, group_by)

    def what_if(self, pairing: Pairing, scenario: Scenario) -> WhatIfReport:
        return what_if(self._store, pairing, scenario)


def section(view: View, reports: Reports, palette: Palette) -> Section:
    """The section of a view.

    Raises
    ------
    PxError : exact figures are asked for, or there is nothing to show of what is named.
    """
    if view.pairing.disclosure.exact or view.themes.disclosure.exact:
        raise PxError(NOTHING_LEAVES, fix="Switch them off, and ask again.")
    asked, extracts = view.pairing, reports.extracts
    match view.page:
        case "overview":
            whole = reports.overview(view)
            chosen = {asked.left, asked.right}
            pair = next((pair for pair in whole.likely if set(pair) == chosen), None)
            pair = pair or next(iter(whole.likely), None)
            return overview_section.section(whole, pair, extracts, palette)
        case "agreement":
            report = reports.agreement(asked)
            likely = reports.certainty(report) if len(report.pairs) else None
            return agreement_section.section(report, likely, extracts, palette)
        case "divergence":
            differing = reports.divergence(asked)
            offered = (
                divergence_words.organisations(differing) if differing.status != "refused" else {}
            )
            unit = view.unit if view.unit in offered else next(iter(offered), "")
            return divergence_section.section(differing, unit, extracts, palette)
        case "provider":
            whole = reports.overview(view)
            named = organisations(whole.agreements)
            if not named or (view.unit and view.unit not in named):
                raise NothingToCompare(
                    f"No two sources speak of ‘{view.unit}’ at the same time."
                    if named
                    else "No organisation has figures from two sources at the same time."
                )
            unit = view.unit or next(iter(named))
            return provider_section.section(reports.provider(unit, whole), extracts, palette)
        case "trends":
            return trends_section.section(reports.trends(view), extracts, palette)
        case "themes":
            return themes_section.section(reports.themes(view.themes), extracts, palette)
        case "groups":
            report_by_group = reports.groups(asked, view.group_by)
            return groups_section.section(report_by_group, extracts, palette)
        case "what_if":
            changed = reports.what_if(asked, view.scenario)
            return what_if_section.section(changed, extracts, palette)
    raise PxError(f"There is no page ‘{view.page}’.", fix=f"The pages are: {', '.join(PAGES)}.")


def document(
    view: View, pages: tuple[str, ...], reports: Reports, palette: Palette, mark: str, made: date
) -> Document:
    """The pages named of what a person looks at, as one document."""
    parts = tuple(section(replace(view, page=page), reports, palette) for page in pages)
    title = parts[0].question if len(parts) == 1 else TITLE
    return Document(title, parts, palette, mark, made)
