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
    icon: str
    filters: Collection[str] = ()


# Of every pair of sources at once, whichever two are chosen: their measures count all the same.
_OF_EVERY_PAIR = tuple(name for name in ALL if name != "sources")
PAGES = (
    Shown("overview", "Overview", "grid_view", _OF_EVERY_PAIR),
    Shown("sources", "Sources", "folder_open"),
    Shown("alignment", "Alignment", "join_inner", [name for name in ALL if name != "evidence"]),
    Shown("agreement", "Agreement", "scatter_plot", ALL),
    Shown("divergence", "Divergence", "call_split", ALL),
    Shown("what_if", "What if", "alt_route", ALL),
    Shown("groups", "Groups", "groups", ALL),
    Shown(
        "trends",
        "Trends",
        "show_chart",
        ("area", "service", "sources", "floor", "measures", "organisation"),
    ),
    Shown("themes", "Themes", "forum", ("area", "service", "floor", "window")),
    Shown("provider", "Provider", "local_hospital", _OF_EVERY_PAIR),
    Shown("methods", "Methods", "function"),
)


def start() -> Any:
    """Set up the window and draw the menu; the page to run."""
    st.set_page_config(page_title="Do our sources agree?", page_icon=ICON, layout="wide")
    # The configuration hides the menu of file names that Streamlit makes of the folder `pages/` until
    # st.navigation is first called; ours, with the same setting, is to be seen.
    st.set_option("client.showSidebarNavigation", True)
    return st.navigation(
        [
            st.Page(
                f"pages/{page.file}.py",
                title=page.title,
                icon=f":material/{page.icon}:",
                default=page is PAGES[0],
            )
            for page in PAGES
        ],
        expanded=True,
    )


def filters_of(title: str) -> Collection[str]:
    """The filters that the page of a title uses."""
    return next((page.filters for page in PAGES if page.title == title), ())


def run_inside_the_app() -> None:
    """Start again through app.py where a page was run without it.

    The very first visit of a server, if it is a link to a page, makes Streamlit run that file from
    the folder `pages/` alone, as it did before st.navigation; calling that once ends it for good.
    """
    if "data" not in st.session_state:  # the switch that app.py draws on every run
        start()
        st.rerun()
