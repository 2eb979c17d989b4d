"""Page config, navigation, shared filters; then the page runs. Nothing else."""

import streamlit as st

from pxcore.ui import filters, messages, navigation, show, state

page = navigation.start()
st.logo(show.LOGO, size="large")
filters.data_switch()
with messages.guard():
    state.store()
    choices = state.choices()
if choices.sources:
    filters.follow_link(choices, page.title)
    filters.sidebar(choices, navigation.filters_of(page.title))
page.run()
state.settle()
