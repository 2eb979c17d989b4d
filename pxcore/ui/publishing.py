"""A page, or several, as a file for another program: slides, a report, a workbook, one page of HTML."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pxcore.analysis.joining.choices import Choices
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.scenarios import options
from pxcore.analysis.workshop import record
from pxcore.analysis.workshop.workshops import listed, workshop
from pxcore.disclosure import Released
from pxcore.errors import PxError
from pxcore.model import Pairing, Scenario, Scope
from pxcore.publish.asking import PAPER, document
from pxcore.publish.codes import Answers, answers_of, code_of
from pxcore.publish.document import Document, Section
from pxcore.publish.files import KINDS, FileKind
from pxcore.publish.headlines import headline
from pxcore.publish.pack import pack
from pxcore.publish.page_names import CODED, DECISIONS, LEAVING, WORKSHOP
from pxcore.publish.reports import Reports
from pxcore.publish.view import OF_NO_PAIR, View
from pxcore.publish.view import of_workshop as view_of_workshop
from pxcore.ui import exact, filters, groups, messages, state, what_if
from pxcore.ui.answers import ask
from pxcore.ui.opening import SYNTHETIC

# What is to be done first on a page of which there is nothing to take away yet.
NOT_YET = {
    "what_if": "Choose what to change first.",
    WORKSHOP: "Make a workshop first.",
}
NO_CODES = "no_codes"  # in session state: why no code can be kept
_PACK = FileKind("Repeat pack", "zip", "application/zip", pack)


def reports() -> Reports:
    """Who answers views of the data looked at, as the pages are answered."""
    return Reports(state.store(), state.workshops)


def answering() -> Answers:
    """The data looked at, and where codes of views of them are kept."""
    return answers_of(state.store(), state.workshops())


def offer(choices: Choices, file: str, room: DeltaGenerator) -> None:
    """At the foot of the sidebar, the way to take the page of a file away; nothing where it cannot leave."""
    if file not in LEAVING:
        return
    with room.popover(
        "Take away",
        key="take_away",
        icon=":material/ios_share:",
        width="stretch",
        on_change="rerun",
        disabled=exact.is_on(),
        help=exact.NOTHING_LEAVES if exact.is_on() else "Slides, a report, a workbook or one page",
    ) as opened:
        if opened.open and not exact.is_on():
            _offers(choices, file)


def _offers(choices: Choices, file: str) -> None:
    """Which file, of which pages; it is written when it is wanted."""
    titles = {kind.title: kind for kind in (*KINDS, _PACK)}
    title = st.segmented_control(
        "As", list(titles), default=KINDS[0].title, required=True, key="take_as"
    )
    kind = titles[str(title)]
    views = {name: view(choices, name) for name in LEAVING}
    offered = [name for name in LEAVING if _is_something(views[name], kind)]
    if file not in offered:
        figures_alone = kind is _PACK and file in (WORKSHOP, DECISIONS)
        st.caption(
            "A repeat pack holds figures of sources alone." if figures_alone else NOT_YET[file]
        )
        return
    chosen = st.pills(
        "Pages",
        offered,
        default=[file],
        selection_mode="multi",
        format_func=LEAVING.__getitem__,
        key=f"take_pages_{file}",
    )
    pages = tuple(name for name in offered if name in chosen)
    if not pages:
        st.caption("Choose a page.")
        return
    write = kind.write
    if kind.ending == "pptx":
        own = st.file_uploader(
            "Your own template (optional)", type=["pptx", "potx"], key="take_template"
        )
        if own is not None:
            write = partial(kind.write, template=BytesIO(own.getvalue()))
    with messages.guard():
        looked_at = [
            _which_workshop(views[name].workshop) if name == WORKSHOP else views[name]
            for name in pages
        ]
        mark = SYNTHETIC if state.is_demonstration() else ""
        made = document(looked_at, reports(), PAPER, mark, date.today(), code)
        if kind is _PACK:
            write = partial(pack, views=looked_at, kind=state.chosen_store())
        synthetic = "synthetic-" if state.is_demonstration() else ""
        st.download_button(
            f"Download as {kind.title}",
            data=lambda: write(made),
            file_name=f"{synthetic}{'-'.join(pages[:3]).replace('_', '-')}.{kind.ending}",
            mime=kind.mime,
            icon=":material/download:",
            type="primary",
            on_click="ignore",
            key="take_file",
        )


def _is_something(looked_at: View, kind: FileKind) -> bool:
    """Whether there is anything of a view to take away as that kind of file."""
    match looked_at.page:
        case "what_if":
            return looked_at.scenario != Scenario()
        case "workshop":
            return kind is not _PACK and bool(listed(state.workshops()))
        case "decisions":
            return kind is not _PACK and bool(record.decisions(state.workshops()))
    return True


def _which_workshop(led: str) -> View:
    """The workshop whose record is taken along: the one led, the latest, or another that is chosen."""
    rooms = state.workshops()
    titles = {str(row["workshop"]): str(row["title"]) for row in listed(rooms)}
    options = list(titles)
    chosen = led
    if len(options) > 1 or not led:
        chosen = st.selectbox(
            "Workshop",
            options,
            index=options.index(led) if led in titles else 0,
            format_func=titles.__getitem__,
            key="take_workshop",
        )
    return view_of_workshop(workshop(rooms, str(chosen)))


def files(
    name: str, key: str, make: Callable[[Released], tuple[Section, ...]], title: str = ""
) -> None:
    """What is no view of sources, such as decisions, as a file of each kind; written when it is wanted.

    Parameters
    ----------
    make : its sections, of every file loaded. Each has the code of the page.
    title : of the file; the first question where there is none.
    """
    if exact.is_on():
        st.caption(exact.NOTHING_LEAVES)
        return
    synthetic = state.is_demonstration()
    mark, extracts = SYNTHETIC if synthetic else "", reports().extracts

    view_code = code_of_page()

    def written(kind: FileKind) -> bytes:
        parts = tuple(replace(part, code=view_code) for part in make(extracts))
        return kind.write(Document(title or parts[0].question, parts, PAPER, mark, date.today()))

    with st.container(horizontal=True):
        for kind in KINDS:
            st.download_button(
                f"Download as {kind.title}",
                data=partial(written, kind),
                file_name=f"{'synthetic-' if synthetic else ''}{name}.{kind.ending}",
                mime=kind.mime,
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
                key=f"{key}_{kind.ending}",
            )


def code(looked_at: View) -> str:
    """The code that calls a view back, written down with what it comes to; "" where nothing leaves, where
    there is nothing to call back, and where none can be kept."""
    if exact.is_on() or looked_at.page not in CODED or state.value_of(NO_CODES):
        return ""
    if looked_at.page == WORKSHOP and not looked_at.workshop:  # none is led: one is made here
        return ""
    try:
        data = answering()
    except (
        PxError
    ) as problem:  # another program has the file open: none is given until the next visit
        state.keep(NO_CODES, str(problem))
        return ""
    try:
        return code_of(looked_at, data, lambda: headline(looked_at, reports()))
    except PxError:  # nothing is said of what is named
        return ""


def code_of_page() -> str:
    """The code of what is looked at on the page that is drawn."""
    page, choices = str(state.value_of(state.PAGE, "")), state.choices()
    return code(view(choices, page)) if page in CODED and choices.sources else ""


def view(choices: Choices, page: str) -> View:
    """What a person looks at on a page, as the filters and the boxes of the page are."""
    led = str(state.value_of(state.LED) or "")
    if page == WORKSHOP and led:
        with suppress(PxError):  # the page says what is wrong with it
            return view_of_workshop(workshop(state.workshops(), led))
    if page in OF_NO_PAIR:
        shown = Scope(Pairing("", "", disclosure=filters.disclosure()))
        return View(page, shown, decisions=state.decisions_looked_at())
    scope, unit, scenario = filters.scope(choices), filters.provider(), Scenario()
    if page == "trends" and not unit:
        scope = replace(scope, service=filters.service_of_pair(choices))
    if page == "what_if":
        scenario = what_if.scenario(ask(options, ask(agreement, scope.pairing)), choices)
    return View(
        page=page,
        scope=scope,
        unit=unit,
        group_by=str(state.value_of(groups.KEY) or ""),
        scenario=scenario,
        themes=filters.themes_question(choices),
    )
