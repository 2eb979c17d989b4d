"""Do two sources order organisations alike?"""

import streamlit as st

from pxcore.charts import agreement as charts
from pxcore.ui import coefficients, filters, messages, show, state, ways
from pxcore.words import agreement as words
from pxcore.words import verdicts

show.title("Do two sources order organisations alike?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(choices)
    report = state.agreement(filters.pairing(choices))
    show.headline(words.summary(report), words.limits(report))
    ways.back(across_domains=report.across_domains)
    show.notes(verdicts.notes(report))
    ways.out(report.refusals, report.alignment, choices, "agreement")
    if report.status == "refused":
        show.how(*words.method(report))
        st.stop()
    if report.status != "ok" and not report.judgement.refusals:
        ways.judged_singly(report)
    show.warnings(words.warnings(report))
    show.figures(words.figures(report))
    if report.pairs.empty:
        show.how(*words.method(report))
        show.provenance(report.alignment.extracts, report.alignment.revision)
        st.stop()
    picture, beside = st.columns([0.64, 0.36])
    with picture:
        event = show.chart(
            charts.scatter(report, show.palette()),
            key="agreement_scatter",
            alt=words.summary(report),
            select=True,
        )
        st.caption(words.caption(report))
    with beside:
        if report.correlation is not None:
            with st.container(border=True):
                st.markdown("#### How strong is that?", anchors=False)
                show.chart(
                    charts.coefficient(report, show.palette()),
                    key="agreement_coefficient",
                    alt=words.published(report),
                )
                st.caption(show.escape(words.published(report)))
        show.findings(words.findings(report))
    coefficients.panel(filters.pairing(choices), report)
    st.subheader("The organisations compared", anchor=False)
    first = show.picked(event, "organisation", "unit")
    columns = {
        "name": st.column_config.TextColumn("Organisation", width="medium", pinned=True),
        "unit": st.column_config.TextColumn("Code", width="small"),
    }
    for which, side in (("left", report.left), ("right", report.right)):
        columns |= {
            f"{which}_value": st.column_config.NumberColumn(
                side.short_title, format=words.value_format(side)
            ),
            f"{which}_range": st.column_config.TextColumn("95 % range", alignment="right"),
            f"{which}_respondents": st.column_config.NumberColumn("Answers", format="localized"),
        }
    if report.has_mergers:
        columns["merged_from"] = st.column_config.TextColumn("Merged from", width="small")
    show.table(
        words.screen(report, first),
        columns,
        key="agreement_table",
        alt="The organisations compared, with both values, their intervals and answers",
        height=360,
    )
    show.download(
        report.table(), "organisations-compared", key="agreement_download", marks=report.marks
    )
    organisations = words.organisations(report)
    if organisations:
        with st.expander("Which rows stand behind one organisation?", icon=":material/search:"):
            options = list(organisations)
            unit = st.selectbox(
                "Organisation",
                options,
                index=options.index(first) if first in organisations else 0,
                format_func=organisations.__getitem__,
                key=f"trace {first}",
            )
            show.trace(filters.pairing(choices), unit, "agreement_trace")
    show.how(*words.method(report))
    show.provenance(report.alignment.extracts, report.alignment.revision)
