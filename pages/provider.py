"""What do all sources say of one organisation?"""

from functools import partial

import streamlit as st

from pxcore.analysis.pairs import provider as question
from pxcore.analysis.pairs.overview import overview
from pxcore.charts import provider as charts
from pxcore.ui import exact, filters, messages, provider, show, state, ways
from pxcore.ui.answers import Answer, ask
from pxcore.words import provider as words

show.title("What do all sources say of one organisation?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(choices)
    scope = filters.scope(choices)
    whole = ask(overview, scope)
    offered = provider.organisations(whole)
    if not offered:
        show.headline("No organisation has figures from two sources at the same time.")
        ways.of_every_pair(whole, choices, "provider")
        provider.alone(choices, scope)
        st.stop()
    head = st.container()
    unit = filters.choose_provider(offered)
    report = ask(question.provider, unit, whole)
    answer = Answer(report)
    with head:
        show.headline(answer(words.summary), answer(words.limits))
        ways.back(across_domains=whole.across_domains)
    if figures := answer(words.figures):
        show.figures(figures)
    picture, beside = st.columns([0.6, 0.4])
    with picture:
        st.header("Where does each source put it?", anchor=False)
        if len(report.audible):
            show.chart(
                charts.sources,
                report,
                key="provider_standing",
                title=answer(words.picture_title),
                alt=answer(words.picture),
            )
        for sentence in answer(words.sources):
            st.markdown(f"- {show.escape(sentence)}")
        if heard := answer(words.together):
            st.markdown(f"**{show.escape(heard)}**")
    with beside:
        provider.verdicts(report)
        provider.league(report)
    provider.by_itself(choices, scope, unit)
    with st.container(key="beside"):
        st.header("Beside others", anchor=False)
        provider.beside(report, offered, whole)
    if not exact.is_on():
        with st.container(key="not_on_paper"):
            st.caption(
                "To print this page, use the browser's own print (Ctrl+P): the sidebar and the buttons "
                "stay off the paper."
            )
    show.download(partial(answer, words.table), f"provider-{unit}", key="provider_download")
    show.how(*words.method())
    show.provenance(provider.extracts(report), report.revision)
