"""Do our sources agree? Every pair of sources at once, and what is loaded."""

import streamlit as st

from pxcore.charts import overview as charts
from pxcore.ui import convergence, filters, messages, show, state, ways
from pxcore.ui.answers import Answer
from pxcore.words import agreement
from pxcore.words import overview as words

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
        st.stop()
    service = filters.service(choices)
    report = state.overview_report(filters.pairing(choices), filters.measures(choices), service)
    answer = Answer(report)
    show.headline(answer(words.summary), answer(words.limits))
    ways.back(across_domains=report.across_domains)
    ways.of_every_pair(report, choices, "overview")
    show.figures(answer(words.figures))
    matrices = answer(type(report).matrices)
    picture, notice = st.columns([0.64, 0.36])
    with picture:
        if matrices:
            convergence.panel(matrices)
        else:  # with nothing compared yet, what each source covers comes first
            convergence.coverage(report.coverage)
    with notice:
        convergence.looks(report.looks, tested=any(matrix.telling for matrix in matrices))
        show.findings(answer(words.findings))
    if report.answered:
        st.subheader("How alike does each pair rank the same organisations?", anchor=False)
        show.chart(
            charts.agreements,
            report,
            key="overview_agreements",
            alt=" ".join(agreement.summary(answer) for answer in report.answered),
        )
    if matrices:
        convergence.coverage(report.coverage)
    st.subheader("Every pair of sources", anchor=False)
    show.table(
        answer(words.screen),
        {
            "pair": st.column_config.TextColumn("Sources", width=192),
            "compared": st.column_config.NumberColumn("Compared", format="localized", width=74),
            "underlying_range": st.column_config.TextColumn(
                "Underlying", width=120, help="Underlying agreement, with its 95 % range"
            ),
            "raw_range": st.column_config.TextColumn(
                "Raw", width=122, help="Raw rank correlation, with its 95 % range"
            ),
            "mirrors": st.column_config.NumberColumn(
                "Mirrors",
                format="%.2f",
                width=60,
                help="What two perfect mirrors of the truth would show as raw",
            ),
            "to_bear_in_mind": st.column_config.TextColumn(
                "To bear in mind", width=338, help="In full in the download"
            ),
        },
        key="overview_table",
        alt="Every pair of sources with its figures, or why there are none",
        height=320,
    )
    show.download(answer(words.table), "agreement-of-sources", key="overview_download")
    show.how(*words.method())
    show.provenance(report.extracts, report.coverage.revision)
