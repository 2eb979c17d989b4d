"""What outlives a rerun: the stores, the cached reports, the files waiting to be loaded.

Reports are cached by (store, revision, question), and the question carries the disclosure settings:
a load makes every answer new, and nothing else does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from pxcore.analysis import agreement as agreement_question
from pxcore.analysis import bands as bands_question
from pxcore.analysis import choices as choices_question
from pxcore.analysis import coefficients as coefficients_question
from pxcore.analysis import divergence as divergence_question
from pxcore.analysis import groups as groups_question
from pxcore.analysis import load, matching, overview
from pxcore.analysis import methods as methods_question
from pxcore.analysis import robustness as robustness_question
from pxcore.analysis import sources as sources_question
from pxcore.analysis import trace as trace_question
from pxcore.analysis import verdicts as verdicts_question
from pxcore.analysis import what_if as what_if_question
from pxcore.analysis.demonstration import load_demonstration
from pxcore.ingest import Asked, mapping
from pxcore.model import Disclosure, Organisation, Pairing, Periods, Scenario, Settings
from pxcore.paths import own_database
from pxcore.store import Store

Answer = TypeVar("Answer")
DEMONSTRATION, OWN = "demonstration", "own"
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


def is_demonstration() -> bool:
    return chosen_store() == DEMONSTRATION


def store() -> Store:
    """The store looked at, opened (or, the demonstration, loaded) when first asked for."""
    kind, stores = chosen_store(), _stores()
    if kind not in stores.open:
        with stores.lock:
            if kind not in stores.open:
                if kind == DEMONSTRATION:
                    stores.open[kind] = _with_progress(
                        "Loading the demonstration",
                        lambda progress: load_demonstration(progress=progress),
                    )
                else:
                    stores.open[kind] = Store.open(own_database())
    return stores.open[kind]


def _with_progress(title: str, work: Callable[[Callable[[str, int, int], None]], Answer]) -> Answer:
    bar = st.progress(0.0, text=title)

    def progress(doing: str, done: int, of: int) -> None:
        bar.progress(min(1.0, done / max(1, of)), text=f"{title}: {doing}")

    try:
        return work(progress)
    finally:
        bar.empty()


# --- Reports ---


@st.cache_data(max_entries=150, show_spinner="Working it out …")
def _answered(
    question: str,  # noqa: ARG001  the key, with the three below
    _answer: Callable[[], Any],
    store_id: str,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    asked: tuple[Any, ...],  # noqa: ARG001
) -> Any:
    return _answer()


def _once(question: str, answer: Callable[[Store], Answer], *asked: Any) -> Answer:
    """The answer to a question put to the store looked at: worked out once a revision."""
    here = store()
    found: Answer = _answered(question, lambda: answer(here), here.id, here.revision, asked)
    return found


def _judged(pairing: Pairing) -> verdicts_question.Judgement:
    """Two sources judged: what Agreement and Divergence both stand on."""
    return _once("judgement", lambda s: verdicts_question.judgement(s, pairing), pairing)


def agreement(pairing: Pairing) -> agreement_question.AgreementReport:
    return _once("agreement", lambda _: agreement_question.agreement_of(_judged(pairing)), pairing)


def coefficients(pairing: Pairing) -> coefficients_question.CoefficientsReport | None:
    """Everything beside the headline of two sources."""
    return _once(
        "coefficients",
        lambda s: coefficients_question.coefficients(s, agreement(pairing)),
        pairing,
    )


def divergence(pairing: Pairing) -> divergence_question.DivergenceReport:
    return _once(
        "divergence", lambda s: divergence_question.divergence_of(s, _judged(pairing)), pairing
    )


def robustness(pairing: Pairing) -> robustness_question.RobustnessReport:
    """Every verdict under every combination of reasonable choices; takes seconds."""

    def answer(here: Store) -> robustness_question.RobustnessReport:
        return _with_progress(
            "Judging under other choices",
            lambda progress: robustness_question.robustness(here, pairing, progress),
        )

    return _once("robustness", answer, pairing)


def what_if(pairing: Pairing, scenario: Scenario) -> what_if_question.WhatIfReport:
    """The baseline beside a scenario."""
    return what_if_question.compared(agreement(pairing), agreement(scenario.of(pairing)), scenario)


def what_if_options(pairing: Pairing) -> what_if_question.Options:
    """What can be changed for two sources."""
    return _once(
        "what_if_options", lambda s: what_if_question.options(s, agreement(pairing)), pairing
    )


def without_each(pairing: Pairing) -> what_if_question.WithoutEach:
    """Each of three kinds of source left out in turn."""

    def answer(here: Store) -> what_if_question.WithoutEach:
        third = what_if_question.third_source(here, agreement(pairing))
        return what_if_question.without_each(here, pairing, third)

    return _once("without_each", answer, pairing)


def groups(pairing: Pairing, group_by: str) -> groups_question.GroupsReport:
    """Two sources by the groups of a dimension."""
    return _once(
        "groups",
        lambda s: groups_question.groups_of(s, _judged(pairing), group_by),
        pairing,
        group_by,
    )


def groups_offered(pairing: Pairing) -> dict[str, str]:
    """What two sources can be split by."""
    return _once("groups_offered", lambda s: groups_question.offered(s, _judged(pairing)), pairing)


def keep_bands(dimension: str, wanted: dict[str, str], by: str, reason: str) -> int:
    return bands_question.keep(store(), dimension, wanted, by, reason)


def back_to_shipped_bands(dimension: str, by: str) -> None:
    bands_question.back_to_shipped(store(), dimension, by)


def scenarios() -> tuple[what_if_question.Saved, ...]:
    """Those saved in the store looked at; read anew each time, as saving changes no answer."""
    return what_if_question.saved(store())


def keep_scenario(name: str, scenario: Scenario, by: str) -> None:
    what_if_question.keep(store(), name, scenario, by.strip() or "this computer")


def withdraw_scenario(name: str) -> None:
    what_if_question.withdraw(store(), name)


def trace(pairing: Pairing, unit: str) -> pd.DataFrame:
    """The rows of files behind one organisation's figures."""
    return _once(
        "trace",
        lambda s: trace_question.trace(s, _judged(pairing).alignment, unit),
        pairing,
        unit,
    )


def overview_report(
    area: str,
    disclosure: Disclosure,
    periods: Periods,
    organisation: Organisation,
    settings: Settings,
) -> overview.OverviewReport:
    def answer(here: Store) -> overview.OverviewReport:
        return _with_progress(
            "Comparing every pair of sources",
            lambda progress: overview.overview(
                here,
                area=area,
                disclosure=disclosure,
                periods=periods,
                organisation=organisation,
                settings=settings,
                progress=progress,
            ),
        )

    return _once("overview", answer, area, disclosure, periods, organisation, settings)


def sources() -> sources_question.SourcesReport:
    return _once("sources", sources_question.sources)


def names() -> matching.MatchingReport:
    return _once("names", matching.matching)


def successions() -> pd.DataFrame:
    """Organisations with data that merged, split or changed."""
    return _once("successions", matching.successions)


def choices() -> choices_question.Choices:
    """What can be chosen: sources, measures, areas. Cheap once per revision."""
    return _once("choices", choices_question.choices)


@st.cache_data(show_spinner=False)
def map_rows(name: str) -> pd.DataFrame:
    """A shipped map, for reading."""
    return sources_question.shipped_map(name)


@st.cache_data(show_spinner=False)
def methods() -> methods_question.MethodsReport:
    """Every method, the trials and the words: the same for all data."""
    return methods_question.methods()


# --- Files on their way in ---


@st.cache_resource(scope="session", max_entries=60, show_spinner=False)
def _reading(
    name: str,
    _content: bytes,
    file_id: str,  # noqa: ARG001  the key stands for the content
    asked: Asked,
    profile: str,
    _store: Store,
    store_id: str,  # noqa: ARG001
    revision: int,  # noqa: ARG001  a profile saved since may recognise it
) -> load.Reading:
    return load.read(name, _content, store=_store, asked=asked, profile=profile)


def reading(
    name: str, content: bytes, file_id: str, asked: Asked | None = None, profile: str = ""
) -> load.Reading:
    """A file read and checked, once per file and answer."""
    here = store()
    return _reading(name, content, file_id, asked or Asked(), profile, here, here.id, here.revision)


def load_readings(readings: list[load.Reading]) -> list[load.Loaded]:
    return load.load_readings(store(), sorted(readings, key=lambda r: not load.is_reference(r)))


def save_profile(profile: mapping.Profile) -> None:
    store().save_profile(profile.name, mapping.to_json(profile))


def remove(extract: int) -> None:
    store().remove(extract)


def restore(extract: int) -> None:
    store().restore(extract)


def confirm(matches: list[tuple[str, str, str]]) -> None:
    matching.confirm(store(), matches)


def forget(name: str, context: str) -> None:
    store().forget_alias(name, context)


def keep(key: str, value: Any) -> None:
    """The one place where session state is set."""
    st.session_state[key] = value


def kept(key: str, default: Any = None) -> Any:
    return st.session_state.get(key, default)
