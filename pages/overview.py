"""Do our sources agree? Every pair of sources at once, and what is loaded."""

from functools import partial

import streamlit as st

from pxcore.analysis.pairs.overview import overview
from pxcore.ui import convergence, filters, guide, messages, show, state, ways
from pxcore.ui.answers import Answer, ask
from pxcore.words import overview as words
from pxcore.words.columns import Column

show.title("Do our sources agree?")
with messages.guard():
    choices = state.choices()
    if not choices.sources:
        messages.empty(
            "Nothing is loaded yet",
            "Load the files you receive – FFT workbooks, survey files, community feedback – just as "
            "they come. They stay in a database on this computer. Or choose **Demonstration** in the "
            "sidebar to see the whole app on invented data.",
        )
        guide.first_steps(choices, answered=False)
        st.stop()
    scope = filters.scope(choices)
    report = ask(overview, scope)
    answer = Answer(report)
    pair = report.pair_in_view(scope.pairing)
    show.headline(answer(words.summary, pair), answer(words.limits, pair))
    ways.back(across_domains=report.across_domains)
    ways.of_every_pair(report, choices, "overview")
    guide.first_steps(choices, answered=pair is not None)
    picture, beside = st.columns([0.64, 0.36])
    with picture:
        if pair is not None:
            convergence.choose_pair(report, pair)
            convergence.strip(report, pair)
        else:  # with nothing compared yet, what each source covers comes first
            convergence.silent(answer(type(report).matrices))
            convergence.coverage(report.coverage)
    with beside:
        convergence.looks(report, pair)
        if pair is None:
            show.findings(answer(words.findings))
    if pair is not None:
        convergence.settle(report, pair)
        convergence.sure(report, pair)
        convergence.panel(answer(type(report).matrices))
        convergence.coverage(report.coverage)
    st.header("Every pair of sources", anchor=False)
    st.caption(
        "How alike two sources rank the same organisations in general, or why that cannot be said."
    )
    show.table(
        answer(words.screen),
        [
            *("pair", "compared", Column.of("underlying_range", title="Underlying", width=120)),
            Column.of("raw_range", title="Raw", width=122),
            *(Column.of("mirrors", title="Mirrors", width=60), "to_bear_in_mind"),
        ],
        key="overview_table",
        alt="Every pair of sources with its figures, or why there are none",
        height=320,
    )
    show.download(partial(answer, words.table), "agreement-of-sources", key="overview_download")
    show.how(*words.method())
    show.provenance(report.extracts, report.coverage.revision)
