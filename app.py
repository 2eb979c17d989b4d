"""Page config, navigation, shared filters; then the page runs. Nothing else."""

import streamlit as st

from pxcore.ui import hosts

if __name__ == "__main__":  # a page is drawn
    from pxcore.ui import filters, messages, navigation, show, state

    page = navigation.start()
    st.logo(show.LOGO, size="large")
    filters.data_switch()
    with messages.guard():
        state.store()
        choices = state.choices()
    if choices.sources:
        filters.follow_link(choices)
        filters.sidebar(choices)
    page.run()
    state.settle()
else:  # `streamlit run` seeks what to serve: this same file, to those it is meant for
    app = st.App(__file__, middleware=hosts.MIDDLEWARE)
