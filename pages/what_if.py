"""Does the conclusion hold if …?"""

import streamlit as st

from pxcore.charts import coefficients as curves
from pxcore.charts import what_if as charts
from pxcore.ui import filters, messages, robustness, show, state, ways, what_if
from pxcore.ui.answers import Answer
from pxcore.words import agreement, coefficients
from pxcore.words import what_if as words

show.title("Does the conclusion hold if …?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(choices)
    pairing = filters.pairing(choices)
    baseline = state.agreement(pairing)
    if baseline.status == "refused":
        show.headline(agreement.summary(baseline))
        ways.out(baseline.refusals, baseline.alignment, choices, "what_if")
        st.stop()
    head = st.container()
    options = state.what_if_options(pairing)
    scenario = what_if.choose(options, choices, baseline)
    report = state.what_if(pairing, scenario)
    answer = Answer(report)
    with head:
        show.headline(answer(words.summary), answer(words.limits))
        ways.back(across_domains=baseline.across_domains)
        st.caption(f"Baseline: {show.escape(agreement.summary(baseline))}")
    if report.answered:
        show.figures(answer(words.figures))
        changes = answer(words.what_changed)
        picture, beside = st.columns([0.62, 0.38])
        with picture:
            st.subheader("Where did the verdicts go?", anchor=False)
            show.chart(
                charts.flow,
                report,
                key="what_if_flow",
                alt=" ".join(changes),
            )
            if len(report.headline_rows()):
                st.subheader("And all organisations together?", anchor=False)
                show.chart(
                    charts.headlines,
                    report,
                    key="what_if_headlines",
                    alt=answer(words.summary),
                )
        with beside:
            show.findings(changes, heading="What changed", most=10)
    what_if.beside(pairing, scenario)
    if options.judged:
        st.subheader("Does it hold under any reasonable choice?", anchor=False)
        robustness.strip(pairing)
    st.subheader("If more answers are asked for?", anchor=False)
    more = state.coefficients(pairing)
    if more is None:
        st.caption("There is no figure for all organisations together: nothing to draw.")
    else:
        course = coefficients.curve(more)
        st.markdown(show.escape(course))
        if len(more.curve) > 1:
            show.chart(curves.curve, more, key="what_if_curve", alt=course)
    st.subheader("Without each source?", anchor=False)
    each = state.without_each(pairing)
    conclusion = words.without_each(each)
    st.markdown(show.escape(conclusion))
    if each.pairs:
        show.table(
            words.without_each_table(each),
            {
                "left_out": st.column_config.TextColumn("Left out"),
                "pair": st.column_config.TextColumn("The other two"),
                "underlying": st.column_config.TextColumn("Underlying (95 % range)"),
                "raw": st.column_config.TextColumn("Raw (95 % range)"),
                "compared": st.column_config.NumberColumn("Compared", width="small"),
            },
            key="what_if_without",
            alt=conclusion,
        )
        with show.folded(
            "The verdict on each organisation without each source",
            "what_if_each",
            ":material/list:",
        ) as opened:
            if opened:
                show.table(
                    each.verdicts(),
                    {
                        "name": st.column_config.TextColumn(
                            "Organisation", width="medium", pinned=True
                        )
                    }
                    | {
                        pair.left_out: st.column_config.TextColumn(words.pair_title(pair))
                        for pair in each.pairs
                    },
                    key="what_if_without_verdicts",
                    alt="The verdict of each remaining pair of sources on every organisation",
                    height=320,
                )
    if report.answered:
        st.subheader("Organisations with a different verdict", anchor=False)
        show.table(
            answer(words.screen),
            {
                "name": st.column_config.TextColumn("Organisation", width="medium", pinned=True),
                "before": st.column_config.TextColumn("Baseline"),
                "after": st.column_config.TextColumn("Scenario"),
                "gap_before": st.column_config.TextColumn("Gap, baseline (95 % range)"),
                "gap_after": st.column_config.TextColumn("Gap, scenario (95 % range)"),
            },
            key="what_if_table",
            alt="Organisations whose verdict differs between the baseline and the scenario",
            height=340,
        )
        show.download(
            answer(words.table),
            "what-if",
            key="what_if_download",
            marks=(answer(words.title), *report.changed.marks),
        )
    show.how(*words.method())
    show.provenance(report.extracts, baseline.alignment.revision)
