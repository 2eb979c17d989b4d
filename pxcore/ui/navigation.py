"""The window and the pages of the app, named once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

# A picture of our own: a Material icon in the tab would be fetched from another machine, and so
# would a page's, where no other is set first.
ICON = str(Path(__file__).with_name("icon.svg"))


def start() -> Any:
    """Set up the window and draw the menu; the page to run."""
    st.set_page_config(page_title="Do our sources agree?", page_icon=ICON, layout="wide")
    # The configuration hides the menu of file names that Streamlit makes of the folder `pages/` until
    # st.navigation is first called; ours, with the same setting, is to be seen.
    st.set_option("client.showSidebarNavigation", True)
    return st.navigation(
        [
            st.Page(
                "pages/overview.py", title="Overview", icon=":material/grid_view:", default=True
            ),
            st.Page("pages/sources.py", title="Sources", icon=":material/folder_open:"),
            st.Page("pages/alignment.py", title="Alignment", icon=":material/join_inner:"),
            st.Page("pages/agreement.py", title="Agreement", icon=":material/scatter_plot:"),
            st.Page("pages/divergence.py", title="Divergence", icon=":material/call_split:"),
            st.Page("pages/what_if.py", title="What if", icon=":material/alt_route:"),
            st.Page("pages/groups.py", title="Groups", icon=":material/groups:"),
            st.Page("pages/trends.py", title="Trends", icon=":material/show_chart:"),
            st.Page("pages/themes.py", title="Themes", icon=":material/forum:"),
            st.Page("pages/provider.py", title="Provider", icon=":material/local_hospital:"),
            st.Page("pages/methods.py", title="Methods", icon=":material/function:"),
        ],
        expanded=True,
    )


def run_inside_the_app() -> None:
    """Start again through app.py where a page was run without it.

    The very first visit of a server, if it is a link to a page, makes Streamlit run that file from
    the folder `pages/` alone, as it did before st.navigation; calling that once ends it for good.
    """
    if "data" not in st.session_state:  # the switch that app.py draws on every run
        start()
        st.rerun()
