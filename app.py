"""Page config, navigation, shared filters; then the page runs. Nothing else."""

import streamlit as st

from pxcore.ui import navigation, opening

page = navigation.start()
st.logo(opening.LOGO, size="large")
opened = opening.draw(
    page
)  # before the imports below, which take seconds on a server's first visit

from pxcore.ui import filters, messages, state  # noqa: E402

filters.data_switch()
with messages.guard():
    state.store()
    choices = state.choices()
if choices.sources:
    filters.follow_link(choices)
    filters.sidebar(choices)
if opened:
    with messages.guard():
        state.overview_report(filters.pairing(choices), filters.measures(choices))
    opening.over()
page.run()
state.settle()
