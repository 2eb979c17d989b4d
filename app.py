"""Page config, navigation, shared filters; then the page runs. Nothing else."""

import streamlit as st

if __name__ == "__main__":  # a page is drawn
    from pxcore.ui import navigation, opening

    page = navigation.start()
    st.logo(opening.LOGO, size="large")
    opened = opening.draw(page)

    # only now: on a server's first visit these imports take seconds
    from pxcore.analysis.pairs.overview import overview
    from pxcore.ui import codes, filters, guide, messages, publishing, state
    from pxcore.ui.answers import ask

    file = navigation.file_of(page.title)
    state.keep(state.PAGE, file)
    filters.hold()
    with messages.guard():
        codes.follow(page.title)
    filters.data_switch()
    with messages.guard():
        state.store()
        choices = state.choices()
    if choices.sources:
        filters.follow_link(choices, page.title)
        filters.sidebar(choices, navigation.filters_of(page.title))
    if opened:
        with messages.guard():
            ask(overview, filters.scope(choices))
        opening.over()
    guide.offer(file)
    away = st.sidebar.container()  # filled last
    codes.box()
    with messages.guard():
        guide.band(file)
        codes.band(choices, file)
        page.run()
    if choices.sources:
        publishing.offer(choices, file, away)  # only now is it known what is looked at
    codes.foot()
    state.settle()
else:  # `streamlit run` seeks what to serve: this same file, to those it is meant for
    from pxcore.ui import hosts, routes

    app = st.App(__file__, routes=routes.ROUTES, middleware=hosts.MIDDLEWARE)
