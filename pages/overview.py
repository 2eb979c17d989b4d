"""Do our sources agree? Every pair of sources at once, and what is loaded."""

import streamlit as st

from pxcore.charts import overview as charts
from pxcore.ui import filters, messages, show, state

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
    report = state.overview_report(
        filters.area(choices), filters.disclosure(), filters.periods(), filters.organisation()
    )
    service = filters.service(choices)
    report = report.of_service(service) if service else report
    show.headline(report.summary(), report.limits())
    show.figures(report.figures())
    picture, notice = st.columns([0.64, 0.36])
    with picture:
        if report.answered:
            st.subheader("How alike do two sources rank the same organisations?", anchor=False)
            show.chart(
                charts.agreements(report, show.palette()),
                key="overview_agreements",
                alt=" ".join(one.summary() for one in report.answered),
            )
        else:
            messages.empty(
                "No two sources can be compared yet",
                report.next_step(),
                page="pages/alignment.py",
                label="See what joins and what does not",
            )
    with notice:
        show.findings(report.findings())
        st.page_link("pages/agreement.py", label="Look at one pair", icon=":material/scatter_plot:")
        st.page_link(
            "pages/alignment.py", label="See what did not join", icon=":material/join_inner:"
        )
    st.subheader("What does each source cover?", anchor=False)
    show.chart(
        charts.coverage(report.coverage, show.palette()),
        key="overview_coverage",
        alt=report.coverage.summary(),
    )
    st.subheader("Every pair of sources", anchor=False)
    show.table(
        report.shown(),
        {
            "pair": st.column_config.TextColumn("Sources", width="medium"),
            "status": st.column_config.TextColumn("Answer"),
            "compared": st.column_config.NumberColumn(
                "Compared", format="localized", width="small"
            ),
            "correlation": st.column_config.NumberColumn(
                "Correlation", format="%.2f", width="small"
            ),
            "range": st.column_config.TextColumn("95 % range", alignment="right", width="small"),
            "periods": st.column_config.TextColumn("Time"),
            "said": st.column_config.TextColumn("To bear in mind", width="medium"),
        },
        key="overview_table",
        alt="Every pair of sources with its raw rank correlation or why there is none",
        height=320,
    )
    show.download(report.table(), "agreement-of-sources", key="overview_download")
    show.how(
        "Two sources are set side by side for the same organisations over the same time: the months "
        "of the Friends and Family Test inside a survey's fieldwork are added up (answers are added, "
        "percentages are never averaged).",
        "The **raw rank correlation** (Spearman) says how alike the two order those organisations: "
        "1 the same order, 0 no relation. Its range is the 95 % Bonett–Wright interval. It is *raw*: "
        "with few answers per organisation even two perfect mirrors of the truth would stay well "
        "under 1, so a low figure does not by itself mean that the sources disagree.",
        "Fewer than ten organisations: no figure is printed. The Friends and Family Test is not an "
        "official statistic and is not for comparing organisations; nothing here is a league table.",
    )
    show.provenance(report.extracts, report.coverage.revision)
