"""Page config, navigation, shared filters; then the page runs. Nothing else."""

import streamlit as st

from pxcore.ui import filters, messages, show, state

st.set_page_config(
    page_title="Do our sources agree?", page_icon=":material/compare_arrows:", layout="wide"
)
pages = st.navigation(
    [
        st.Page("pages/overview.py", title="Overview", icon=":material/grid_view:", default=True),
        st.Page("pages/sources.py", title="Sources", icon=":material/folder_open:"),
        st.Page("pages/alignment.py", title="Alignment", icon=":material/join_inner:"),
        st.Page("pages/agreement.py", title="Agreement", icon=":material/scatter_plot:"),
    ],
    expanded=True,
)
st.logo(show.LOGO, size="large")
filters.data_switch()
with messages.guard():
    state.store()
    choices = state.choices()
if choices.sources:
    filters.sidebar(choices)
pages.run()
