"""What outlives a rerun: the stores, the cached reports, the files waiting to be loaded.

Reports are cached by (store, revision, question), and the question carries the disclosure settings:
a load makes every answer new, and nothing else does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from pxcore.analysis import agreement as agreement_question
from pxcore.analysis import choices as choices_question
from pxcore.analysis import coefficients as coefficients_question
from pxcore.analysis import divergence as divergence_question
from pxcore.analysis import load, matching, overview
from pxcore.analysis import methods as methods_question
from pxcore.analysis import robustness as robustness_question
from pxcore.analysis import sources as sources_question
from pxcore.analysis import trace as trace_question
from pxcore.analysis.demonstration import load_demonstration
from pxcore.ingest import Asked, mapping
from pxcore.model import Disclosure, Organisation, Pairing, Periods, Settings
from pxcore.paths import own_database
from pxcore.store import Store

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


def _with_progress(title: str, work: Callable[[Callable[[str, int, int], None]], Any]) -> Any:
    bar = st.progress(0.0, text=title)

    def progress(doing: str, done: int, of: int) -> None:
        bar.progress(min(1.0, done / max(1, of)), text=f"{title}: {doing}")

    try:
        return work(progress)
    finally:
        bar.empty()


# --- Reports ---


@st.cache_data(max_entries=100, show_spinner="Comparing …")
def _agreement(
    _store: Store,
    store_id: str,  # noqa: ARG001  the key
    revision: int,  # noqa: ARG001  the key
    pairing: Pairing,
) -> agreement_question.AgreementReport:
    return agreement_question.agreement(_store, pairing)


@st.cache_data(max_entries=50, show_spinner="Asking in other ways …")
def _coefficients(
    _store: Store,
    store_id: str,  # noqa: ARG001  the key
    revision: int,  # noqa: ARG001  the key
    pairing: Pairing,
) -> coefficients_question.CoefficientsReport | None:
    return coefficients_question.coefficients(_store, agreement(pairing))


@st.cache_data(max_entries=100, show_spinner="Judging every organisation …")
def _divergence(
    _store: Store,
    store_id: str,  # noqa: ARG001  the key
    revision: int,  # noqa: ARG001  the key
    pairing: Pairing,
) -> divergence_question.DivergenceReport:
    return divergence_question.divergence(_store, pairing)


@st.cache_data(max_entries=20, show_spinner=False)
def _overview(
    _store: Store,
    store_id: str,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    area: str,
    disclosure: Disclosure,
    periods: Periods,
    organisation: Organisation,
    settings: Settings,
) -> overview.OverviewReport:
    report: overview.OverviewReport = _with_progress(
        "Comparing every pair of sources",
        lambda progress: overview.overview(
            _store,
            area=area,
            disclosure=disclosure,
            periods=periods,
            organisation=organisation,
            settings=settings,
            progress=progress,
        ),
    )
    return report


@st.cache_data(max_entries=10, show_spinner=False)
def _sources(_store: Store, store_id: str, revision: int) -> sources_question.SourcesReport:  # noqa: ARG001
    return sources_question.sources(_store)


@st.cache_data(max_entries=10, show_spinner=False)
def _matching(_store: Store, store_id: str, revision: int) -> matching.MatchingReport:  # noqa: ARG001
    return matching.matching(_store)


@st.cache_data(max_entries=10, show_spinner=False)
def _successions(_store: Store, store_id: str, revision: int) -> pd.DataFrame:  # noqa: ARG001
    return matching.successions(_store)


@st.cache_data(max_entries=10, show_spinner=False)
def _choices(_store: Store, store_id: str, revision: int) -> choices_question.Choices:  # noqa: ARG001
    return choices_question.choices(_store)


def agreement(pairing: Pairing) -> agreement_question.AgreementReport:
    here = store()
    return _agreement(here, here.id, here.revision, pairing)


def coefficients(pairing: Pairing) -> coefficients_question.CoefficientsReport | None:
    """Everything beside the headline of two sources."""
    here = store()
    return _coefficients(here, here.id, here.revision, pairing)


def divergence(pairing: Pairing) -> divergence_question.DivergenceReport:
    here = store()
    return _divergence(here, here.id, here.revision, pairing)


@st.cache_data(max_entries=20, show_spinner=False)
def _robustness(
    _store: Store,
    store_id: str,  # noqa: ARG001  the key
    revision: int,  # noqa: ARG001  the key
    pairing: Pairing,
) -> robustness_question.RobustnessReport:
    report: robustness_question.RobustnessReport = _with_progress(
        "Judging under other choices",
        lambda progress: robustness_question.robustness(_store, pairing, progress),
    )
    return report


def robustness(pairing: Pairing) -> robustness_question.RobustnessReport:
    """Every verdict under every combination of reasonable choices; takes seconds."""
    here = store()
    return _robustness(here, here.id, here.revision, pairing)


@st.cache_data(max_entries=50, show_spinner=False)
def _trace(
    _store: Store,
    store_id: str,  # noqa: ARG001  the key
    revision: int,  # noqa: ARG001  the key
    pairing: Pairing,
    unit: str,
) -> pd.DataFrame:
    return trace_question.trace(_store, agreement(pairing).alignment, unit)


def trace(pairing: Pairing, unit: str) -> pd.DataFrame:
    """The rows of files behind one organisation's figures."""
    here = store()
    return _trace(here, here.id, here.revision, pairing, unit)


def overview_report(
    area: str,
    disclosure: Disclosure,
    periods: Periods,
    organisation: Organisation,
    settings: Settings,
) -> overview.OverviewReport:
    here = store()
    return _overview(
        here, here.id, here.revision, area, disclosure, periods, organisation, settings
    )


def sources() -> sources_question.SourcesReport:
    here = store()
    return _sources(here, here.id, here.revision)


def names() -> matching.MatchingReport:
    here = store()
    return _matching(here, here.id, here.revision)


def successions() -> pd.DataFrame:
    """Organisations with data that merged, split or changed."""
    here = store()
    return _successions(here, here.id, here.revision)


@st.cache_data(show_spinner=False)
def map_rows(name: str) -> pd.DataFrame:
    """A shipped map, for reading."""
    return sources_question.shipped_map(name)


@st.cache_data(show_spinner=False)
def methods() -> methods_question.MethodsReport:
    """Every method, the trials and the words: the same for all data."""
    return methods_question.methods()


def choices() -> choices_question.Choices:
    """What can be chosen: sources, measures, areas. Cheap once per revision."""
    here = store()
    return _choices(here, here.id, here.revision)


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
