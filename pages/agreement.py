"""Do two sources order organisations alike?"""

import streamlit as st

from pxcore.analysis.pairs import agreement as question
from pxcore.charts import agreement as charts
from pxcore.ui import coefficients, filters, messages, show, source_cards, state, ways
from pxcore.ui.answers import Answer, ask, finished
from pxcore.words import agreement as words
from pxcore.words import certainty, verdicts

show.title("Do two sources order organisations alike?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(choices)
    report = ask(question.agreement, filters.pairing(choices))
    answer = Answer(report)
    show.headline(answer(words.headline), answer(words.limits))
    ways.back(across_domains=report.across_domains)
    ways.out(report.refusals, report.alignment, choices, "agreement")
    if report.status == "refused":
        show.notes(answer(verdicts.notes))
        show.how(*answer(words.method))
        st.stop()
    if report.status != "ok" and not report.judgement.refusals:
        ways.judged_singly(report)
    show.warnings(answer(words.warnings))
    if report.pairs.empty:
        show.notes(answer(verdicts.notes))
        show.how(*answer(words.method))
        show.provenance(report.alignment.extracts, report.alignment.revision)
        st.stop()
    likely = ask(question.certainty, filters.pairing(choices))
    picture, beside = st.columns([0.49, 0.51])
    with picture:
        event = show.chart(
            charts.scatter,
            report,
            likely,
            key="agreement_scatter",
            title=finished(certainty.shares_title, likely),
            alt=answer(words.summary),
            select=True,
        )
        st.caption(answer(words.caption))
    with beside:
        show.findings(answer(words.findings, likely))
        show.notes(answer(verdicts.notes))
        source_cards.pair(report.verdicts)
    if report.correlation is not None:
        label = "How strong is that? With and without chance"
        with show.folded(label, "agreement_strength", ":material/straighten:") as opened:
            if opened:
                show.chart(
                    charts.coefficient,
                    report,
                    key="agreement_coefficient",
                    title=answer(words.coefficient_title),
                    alt=answer(words.published),
                )
                st.caption(show.escape(answer(words.context)))
                st.caption(show.escape(answer(words.published)))
                show.notes(answer(words.cautions))
    coefficients.panel(report)
    st.header("The organisations compared", anchor=False)
    first = show.picked(event, "organisation", "unit")
    show.table(
        answer(words.screen, first),
        answer(words.columns),
        key="agreement_table",
        pin=True,
        alt="The organisations compared, with both values, their intervals and answers",
        height=360,
    )
    show.download(
        report.table(), "organisations-compared", key="agreement_download", marks=report.marks
    )
    organisations = answer(words.organisations)
    if organisations:
        label = "Which rows stand behind one organisation?"
        with show.folded(label, "agreement_rows", ":material/search:") as opened:
            if opened:
                options = list(organisations)
                unit = st.selectbox(
                    "Organisation",
                    options,
                    index=options.index(first) if first in organisations else 0,
                    format_func=organisations.__getitem__,
                    key=f"trace {first}",
                )
                show.trace(filters.pairing(choices), unit, "agreement_trace")
    show.how(*answer(words.method))
    show.provenance(report.alignment.extracts, report.alignment.revision)
