"""Are the sources moving together?"""

from functools import partial

import streamlit as st

from pxcore.analysis.time import trends as question
from pxcore.analysis.time.changes import changes as of_waves
from pxcore.ui import (
    decisions,
    filters,
    matching,
    messages,
    movers,
    publishing,
    series,
    show,
    state,
    ways,
)
from pxcore.ui.answers import Answer, ask, finished
from pxcore.words import changes
from pxcore.words import movers as of_movers
from pxcore.words import trends as words
from pxcore.words.columns import Column

show.title("Are they moving together?")
with messages.guard():
    choices = state.choices()
    if not choices.sources:
        messages.empty(
            "Nothing is loaded yet",
            "Load a source that speaks of practices or trusts month by month, such as the Friends and "
            "Family Test, and another to see beside it.",
        )
        st.stop()
    whole_of = filters.service_of_pair(choices)
    area, organised = filters.area(choices), filters.organisation()
    organisations = finished(
        words.organisations,
        ask(question.whole, area, whole_of, organised),
        ask(question.organisations, area, filters.service(choices), organised),
    )
    head = st.container()
    chosen, way = st.columns([0.64, 0.36], vertical_alignment="bottom")
    with chosen:
        unit = filters.choose_provider(organisations, labelled=False)
    report = publishing.reports().trends(publishing.view(choices, "trends"))
    answer = Answer(report)
    changed = movers.report_of(report, len(organisations))
    with head:
        show.headline(answer(words.headline, changed), answer(words.beneath, changed))
    with way:
        if unit:
            st.button(
                f"Back to {organisations['']}",
                icon=":material/arrow_back:",
                key="trends_everybody",
                on_click=filters.look_at,
                args=("",),
                width="stretch",
            )
        elif changed is not None:
            movers.way_to_first(changed)
    matching.way_there(report.without_a_figure())
    if report.series:
        series.together(report, "trends")
        if changed is not None and not unit:
            movers.panel(changed)
        series.signs(report)
        series.by_itself(report, "trends")
        of_one = finished(of_movers.of_one, changed) if changed is not None and unit else []
        show.findings([*of_one, *answer(words.findings)])
        show.notes(answer(words.notes))
        decisions.panel(report)
        st.header("Do they go the same way?", anchor=False)
        pairs = answer(words.pairs)
        if len(pairs):
            show.table(
                pairs,
                [
                    *(Column.of("pair", width=235), "directions"),
                    *(Column.of("gap", "difference_a_year"), "ahead"),
                ],
                pin=True,
                key="trends_pairs",
                alt="Every two sources that speak by the month or quarter: whether they go the same way",
            )
        else:
            st.markdown(
                "It takes two sources that speak by the month or quarter; there is one at most."
            )
        for change in ask(of_waves, report):
            st.markdown(f"- {show.escape(changes.summary(change))}")
        if changed is not None and changed.sources:
            st.header("Who changed, source by source?", anchor=False)
            movers.counts(changed)
        st.header("Every point", anchor=False)
        show.table(
            answer(words.screen),
            [
                *(Column.of("source", width=105), "period", Column.of("value", "score")),
                Column.of("respondents", width=75),
                Column.of(
                    "organisations",
                    title="From",
                    width=60,
                    help="Organisations whose answers are added up",
                ),
                *("swing", "rule", "starts_afresh"),
            ],
            pin=True,
            key="trends_table",
            alt="Every point of every source with its answers, limits and what the rules say of it",
            height=380,
        )
        show.download(partial(answer, words.table), "points-over-time", key="trends_download")
    else:
        show.notes(answer(words.notes))
        for step in answer(words.next_steps):
            st.markdown(f"- {show.escape(step)}")
        ways.wider(choices, ("area", "service"), "trends")
    show.how(*answer(words.method))
    show.provenance(report.extracts, report.revision)
