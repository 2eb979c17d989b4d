"""The window and the pages of the app, named once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

# A picture of our own: a Material icon in the tab would be fetched from another machine, and so
# would a page's, where no other is set first.
ICON = str(Path(__file__).with_name("icon.svg"))


ALL = (
    "area", "service", "sources", "floor", "measures", "grain", "periods", "window", "organisation",
    "evidence", "assumed_base",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A page in the menu, and the filters it uses: the sidebar draws no other."""

    file: str
    title: str
    group: str
    filters: Collection[str] = ()


# Of every pair of sources at once, whichever two are chosen: their measures count all the same.
_OF_EVERY_PAIR = tuple(name for name in ALL if name != "sources")
ANSWERS, DATA = "", "Data and methods"  # groups of the menu: answers stand in it by themselves
PAGES = (
    Shown("overview", "Overview", ANSWERS, _OF_EVERY_PAIR),
    Shown("divergence", "Divergence", ANSWERS, ALL),
    Shown("agreement", "Agreement", ANSWERS, ALL),
    Shown("provider", "Provider", ANSWERS, _OF_EVERY_PAIR),
    Shown(
        "trends",
        "Trends",
        ANSWERS,
        ("area", "service", "sources", "floor", "measures", "organisation"),
    ),
    Shown("themes", "Themes", ANSWERS, ("area", "service", "floor", "window")),
    Shown("groups", "Groups", ANSWERS, ALL),
    Shown("what_if", "What if", ANSWERS, ALL),
    Shown("workshop", "Workshop", ANSWERS, _OF_EVERY_PAIR),
    Shown("decisions", "Decisions", ANSWERS),
    Shown("sources", "Sources", DATA),
    Shown("alignment", "Alignment", DATA, ALL),
    Shown("methods", "Methods", DATA),
)


def start() -> Any:
    """Set up the window and draw the menu; the page to run."""
    st.set_page_config(page_title="Do our sources agree?", page_icon=ICON, layout="wide")
    # The configuration hides the menu of file names that Streamlit makes of the folder `pages/` until
    # st.navigation is first called; ours, with the same setting, is to be seen.
    st.set_option("client.showSidebarNavigation", True)
    groups: dict[str, list[Any]] = {}
    for page in PAGES:
        groups.setdefault(page.group, []).append(
            st.Page(f"pages/{page.file}.py", title=page.title, default=page is PAGES[0])
        )
    return st.navigation(groups, position="top")


def filters_of(title: str) -> Collection[str]:
    """The filters that the page of a title uses."""
    return next((page.filters for page in PAGES if page.title == title), ())


def file_of(title: str) -> str:
    """The file of the page of a title; "" of a page that is not ours."""
    return next((page.file for page in PAGES if page.title == title), "")


def run_inside_the_app() -> None:
    """Start again through app.py where a page was run without it.

    The very first visit of a server, if it is a link to a page, makes Streamlit run that file from
    the folder `pages/` alone, as it did before st.navigation; calling that once ends it for good.
    """
    if "data" not in st.session_state:  # the switch that app.py draws on every run
        start()
        st.rerun()
