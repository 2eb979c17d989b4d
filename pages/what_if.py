"""Does the conclusion hold if …?"""

import streamlit as st

from pxcore.analysis.pairs import agreement as question
from pxcore.analysis.pairs import scenarios as often_asked
from pxcore.analysis.pairs import what_if as another
from pxcore.charts import what_if as charts
from pxcore.ui import filters, messages, robustness, show, state, ways, what_if
from pxcore.ui.answers import Answer, ask, finished
from pxcore.words import agreement, certainty, scenarios
from pxcore.words import what_if as words

show.title("Does the conclusion hold if …?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(choices)
    pairing = filters.pairing(choices)
    baseline = ask(question.agreement, pairing)
    if baseline.status == "refused":
        show.headline(agreement.summary(baseline))
        ways.out(baseline.refusals, baseline.alignment, choices, "what_if")
        st.stop()
    head, table, room = st.container(), st.container(), st.container()
    options = ask(often_asked.options, baseline)
    asked = what_if.questions(options)
    scenario = what_if.choose(options, choices, baseline, room)
    report = ask(another.what_if, pairing, scenario)
    answer = Answer(report)
    if report.blank and asked:
        often = ask(often_asked.side_by_side, pairing, tuple(asked.items()))
        with table:
            what_if.often(often)
            st.caption(scenarios.HOW_OFTEN)
        with head:
            show.headline(
                finished(scenarios.often, often), finished(certainty.summary, report.likely_before)
            )
            ways.back(across_domains=baseline.across_domains)
    else:
        with head:
            show.headline(answer(words.summary), answer(words.limits))
            ways.back(across_domains=baseline.across_domains)
    if report.answered:
        changes = answer(words.what_changed)
        with room:
            picture, beside = st.columns([0.62, 0.38])
        with picture:
            st.header("What is said of them, before and now", anchor=False)
            show.chart(
                charts.flow,
                report,
                key="what_if_flow",
                title=answer(words.flow_title),
                alt=" ".join(changes),
            )
        with beside:
            show.findings(changes, heading="What changed", most=10)
            st.caption(answer(words.no_test))
        st.header("And all organisations together?", anchor=False)
        show.figures(answer(words.figures))
        if len(report.headline_rows()):
            show.chart(
                charts.headlines,
                report,
                key="what_if_headlines",
                title=answer(words.headlines_title),
                alt=answer(words.in_general),
            )
    what_if.beside(pairing, scenario)
    if report.answered:
        st.header("Organisations spoken of with another word", anchor=False)
        show.table(
            answer(words.screen),
            ["name", "likely_before", "likely_after", "range_before", "range_after"],
            key="what_if_table",
            pin=True,
            alt="Organisations of which something else is said under the scenario",
            height=340,
        )
        show.download(
            answer(words.table),
            "what-if",
            key="what_if_download",
            marks=(answer(words.title), *report.changed.marks),
        )
    if options.judged:
        st.header("Does it hold under any reasonable choice?", anchor=False)
        robustness.strip(pairing)
    what_if.with_more_answers(pairing)
    what_if.without_each(pairing)
    show.how(*words.method())
    show.provenance(report.extracts, baseline.alignment.revision)
