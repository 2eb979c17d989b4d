"""What outlives a rerun: the stores, what a person chose, the files waiting to be loaded."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from pxcore.analysis import masking
from pxcore.analysis.files import load
from pxcore.analysis.files.demonstration import kept_demonstration
from pxcore.analysis.joining import choices as choices_question
from pxcore.analysis.joining import matching
from pxcore.analysis.joining.choices import Choices
from pxcore.analysis.questions import ask, remember
from pxcore.analysis.workshop.decisions import Due, Filter
from pxcore.errors import Fault
from pxcore.ingest import Extract, Request
from pxcore.ingest.profile import Profile, to_json
from pxcore.model import ORGANISATION_TITLES, Organisation
from pxcore.paths import demonstration_workshops, kept_folder, own_database
from pxcore.store import Store
from pxcore.ui.memory import Progress, remembered, with_progress

DEMONSTRATION, OWN = "demonstration", "own"
WORKSHOPS = "workshops on the demonstration"
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
            lambda: with_progress(
                "Loading the demonstration",
                lambda progress: kept_demonstration(kept_folder(), progress),
            ),
        )
    return _opened(kind, _own)


def _opened(kind: str, make: Callable[[], Store]) -> Store:
    """The process's one store of a kind, made when first asked for; its answers are remembered."""
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
    remember(stores.open[kind], remembered)
    return stores.open[kind]


def _own() -> Store:
    """Own data, opened; comments that the rules in force have not masked are masked before all else."""
    return _masked(
        Store.open(own_database()), lambda work: with_progress("Opening your data", work)
    )


def _masked(own: Store, run: Callable[[Callable[[Progress | None], int]], int]) -> Store:
    run(lambda progress: masking.mask_missing(own, progress=progress))
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


def choices() -> Choices:
    """What can be chosen: sources, measures, areas. Cheap once per revision."""
    return ask(store(), choices_question.choices, organisation())


def decisions_looked_at() -> Filter:
    """Which decisions the boxes of their page leave."""
    owner, unit, theme, due = (str(value_of(key) or "") for key in DECISION_BOXES)
    return Filter(owner, unit, theme, Due(due) if due else None)


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


def cell_masked(text: str) -> str:
    """A cell of a file nobody has explained yet, as it may be shown."""
    return masking.cell_masked(text, ask(store(), masking.redactor))


def faults_masked(extract: Extract) -> tuple[Fault, ...]:
    """What is wrong with a file nobody has explained yet, with what it quotes of the file masked."""
    rules = ask(store(), masking.redactor)
    return tuple(
        replace(fault, what=masking.quotes_masked(fault.what, rules)) for fault in extract.faults
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


def restore(extract: int) -> None:
    store().restore(extract)


def confirm(matches: list[tuple[str, str, str]]) -> None:
    matching.confirm(store(), matches)


def forget(name: str, context: str) -> None:
    store().forget_alias(name, context)


def keep(key: str, value: Any) -> None:
    """The one place where session state is set."""
    st.session_state[key] = value


def value_of(key: str, default: Any = None) -> Any:
    return st.session_state.get(key, default)


def misread() -> str:
    """What the address of the page asked for and could not have; "" where it was followed."""
    return str(value_of(MISREAD, ("", ""))[1])
