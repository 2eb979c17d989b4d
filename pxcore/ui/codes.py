"""Codes in the app: that of a view at the foot of its page, a box to open one, what became of it since."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.files.codes import CodedView, coded_view, read_code
from pxcore.analysis.joining.choices import Choices
from pxcore.errors import PxError
from pxcore.model import ORGANISATION_TITLES, Organisation
from pxcore.paths import own_database
from pxcore.publish.codes import called_back, view_of_code
from pxcore.publish.page_names import CODED, WORKSHOP
from pxcore.publish.view import OF_NO_PAIR, View, as_shown, to_plain
from pxcore.ui import exact, filters, groups, publishing, recall, state, what_if
from pxcore.ui.show import escape
from pxcore.words import codes as words

PARAMETER = "code"  # of an address
# In session state: whether the box is open; the code followed last, and whether its page was drawn since.
BOX, CALLED = "open_code", "called_back"


def foot() -> None:
    """The code of the view, with what copies it."""
    code = publishing.code_of_page()
    if code:
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key="view_code"
        ):
            st.caption("Code of this view", width="content", help=words.HELP)
            st.code(code, language=None, width="content")
    elif why := state.value_of(publishing.NO_CODES):
        st.caption(escape(f"This view has no code, for none can be kept. {why}"))


def box() -> None:
    """In the sidebar, where the code of a slide or a report is opened."""
    with st.sidebar.popover(
        "Open a code",
        key=BOX,
        icon=":material/tag:",
        type="tertiary",
        on_change="rerun",
        help="Calls back the view a chart, a table, a slide or a page was made of",
    ) as opened:
        if not opened.open:
            return
        with st.form("code_form", border=False, clear_on_submit=True):
            written = st.text_input(
                "The code below a chart, a table or a slide",
                placeholder="PX-7F3K2MQ",
                key="code_typed",
                max_chars=40,
            )
            pressed = st.form_submit_button("Open", icon=":material/arrow_forward:")
    if pressed and written.strip():
        st.query_params[PARAMETER] = written.strip()
        st.rerun()


def follow(title: str) -> None:
    """Open the view of a code that the address names, before anything is drawn; what stands in the way is
    shown on the page of that title."""
    written = st.query_params.get(PARAMETER)
    if written is None or written == state.value_of(CALLED, ("", False))[0]:
        return  # it was followed: it stays in the address while its view is looked at
    del st.query_params[PARAMETER]
    state.keep(BOX, False)
    try:
        code = read_code(written)
        kind, then = _found(code)
    except PxError as problem:
        state.keep(state.MISREAD, (title, str(problem)))
        return
    view = view_of_code(then)
    if view is None:
        made = f"{code} was made by version {then.program}: this one has no such page or setting."
        state.keep(state.MISREAD, (title, made))
        return
    state.keep("data", kind)
    address = _put(view) | {PARAMETER: code}
    state.keep(CALLED, (code, False))
    st.switch_page(f"pages/{view.page}.py", query_params=address)


def _found(code: str) -> tuple[str, CodedView]:
    """The view of a code, and whether it is of the demonstration or of own data.

    Raises
    ------
    PxError : neither knows it.
    """
    kinds = [state.DEMONSTRATION, *([state.OWN] if own_database().exists() else [])]
    for kind in kinds:
        then = coded_view(state.workshops(kind), code)
        if then is not None:
            return kind, then
    raise PxError(words.unknown(code), fix=words.MADE_ELSEWHERE)


def _put(view: View) -> dict[str, str]:
    """Set filters and boxes to a view; what an address says of the filters."""
    of_data = {} if state.is_demonstration() else {"data": state.STORES[state.OWN]}
    if view.page == WORKSHOP:
        state.keep(state.LED, view.workshop)
        return of_data
    if view.page in OF_NO_PAIR:
        if view.page == "sources":
            state.keep("floor", view.scope.pairing.disclosure.floor)
        for key, chosen in zip(
            state.DECISION_BOXES, to_plain(view.decisions).values(), strict=True
        ):
            state.keep(key, chosen or "")
        return of_data
    asked, of_themes = view.scope.pairing, view.page == "themes"
    state.keep("organisation", asked.organisation.value)  # first: it decides what can be chosen
    choices = state.choices()
    window = view.themes.window if of_themes else asked.window
    floor = (view.themes if of_themes else asked).disclosure.floor
    address = recall.put(choices, asked, view.scope.service, window, floor)
    if view.page in ("divergence", "provider", "trends"):
        state.keep("provider", view.unit)
    if view.group_by:
        state.keep(groups.KEY, view.group_by)
    if view.page == "what_if":
        what_if.put(view.scenario, choices)
        state.keep("if_data", state.is_demonstration())
    if of_themes:
        own = view.themes.own_words
        state.keep("themes_words", filters.OWN_WORDS if own else filters.COMMON_THEMES)
        state.keep("themes_suggested", view.themes.suggestions)
        state.keep("themes_left", view.themes.left)
        state.keep("themes_right", view.themes.right)
    if asked.organisation is not Organisation.CURRENT:
        address["organisation"] = ORGANISATION_TITLES[asked.organisation.value]
    return address | of_data


def band(choices: Choices, file: str) -> None:
    """Above a view that was called back: whether it is what it was; until something else is looked at."""
    code, drawn = state.value_of(CALLED, ("", False))
    if not code or file not in CODED or exact.is_on():
        return
    answers = publishing.answering()
    then = coded_view(answers.kept_in, code)
    view = view_of_code(then) if then is not None else None
    if then is None or view is None or view.page != file:
        state.keep(CALLED, ("", False))
        return
    same_view = as_shown(publishing.view(choices, file)) == as_shown(view)
    if not same_view and drawn:
        state.keep(CALLED, ("", False))
        st.query_params.pop(PARAMETER, None)
        return
    state.keep(CALLED, (code, True))
    if not same_view:
        st.warning(
            escape(f"{words.made(then, answers.kind)}. It came to: {then.headline.answer}"),
            title=f"{code}: not all it asks for can be chosen here any more",
            icon=":material/tag:",
        )
        return
    back = called_back(then, answers, publishing.reports())
    sentence = f"{words.made(then, answers.kind)}. {words.comparison(back, answers.revision)}"
    if back.same_data and not back.changed:
        st.caption(f":material/tag: **{code}** · {escape(sentence)}")
        return
    lines = "\n".join(f"- {escape(line)}" for line in words.listed(back))
    st.info(
        f"{escape(sentence)}\n\n{lines}",
        title=f"{code}: this is today’s view of the same question",
        icon=":material/tag:",
    )
