"""Page config, navigation, shared filters; then the page runs. Nothing else."""

import streamlit as st

from pxcore.ui import filters, messages, navigation, show, state

st.set_page_config(page_title="Do our sources agree?", page_icon=show.ICON, layout="wide")
page = navigation.pages()
st.logo(show.LOGO, size="large")
filters.data_switch()
with messages.guard():
    state.store()
    choices = state.choices()
if choices.sources:
    filters.sidebar(choices)
page.run()
