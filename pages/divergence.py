"""About whom do two sources differ?"""

import streamlit as st

from pxcore.charts import divergence as charts
from pxcore.ui import certainty, comments, filters, messages, robustness, show, state, ways
from pxcore.ui.answers import Answer, finished
from pxcore.words import divergence as words
from pxcore.words import methods, verdicts


def _funnels(answer: Answer, unit: str) -> None:
    """Who stands apart in each source, the organisation chosen among them."""
    for limits, source in answer.report.funnels():
        st.markdown(f"**{show.escape(source.side.short_title)}**: who stands apart?")
        show.chart(
            charts.funnel,
            answer.report,
            source.side.source,
            unit,
            key=f"divergence_funnel_{source.side.source}",
            alt=answer(words.funnel, limits, source),
        )


show.title("About whom do two sources differ?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(choices)
    pairing = filters.pairing(choices)
    report = state.divergence(pairing)
    answer = Answer(report)
    show.headline(answer(words.summary), answer(words.limits))
    if report.status == "ok" and (reliable := finished(methods.reliability, state.methods())):
        st.caption(show.escape(reliable))
    ways.back(across_domains=report.across_domains)
    show.notes(answer(verdicts.notes))
    ways.out(report.refusals, report.alignment, choices, "divergence")
    if report.status == "refused":
        show.how(*answer(words.method))
        st.stop()
    event = None
    if report.status == "ok":
        show.warnings(answer(words.warnings))
        show.figures(answer(words.figures))
        picture, beside = st.columns([0.64, 0.36])
        with picture:
            st.subheader("Those on which they most likely differ", anchor=False)
            event = show.chart(
                charts.ranked,
                report,
                key="divergence_ranked",
                alt=answer(words.ranked),
                select=True,
            )
            st.caption(
                "Each row: how far apart the two sources probably put an organisation, with the range "
                "that holds it 19 times in 20. Inside the shaded band they agree. Pick a mark for all "
                "that is known about it."
            )
        with beside:
            show.findings(answer(words.findings))
    with st.container(key="one_organisation"):
        st.subheader("One organisation: how likely, and what stands behind it?", anchor=False)
    organisations = answer(words.organisations)
    if organisations:
        unit = filters.choose_provider(organisations, show.picked(event, "organisation", "unit"))
        if filters.lands_on(unit):
            show.land_on("one_organisation")
        cell = report.cell(unit)
        st.page_link(
            "pages/provider.py",
            label=f"Everything on {show.escape(cell['name'])}",
            icon=":material/local_hospital:",
            query_params=filters.provider_link(unit, cell["name"]),
        )
        if report.status == "ok":
            with beside:
                _funnels(answer, unit)
        words_beside, drawn = st.columns([0.55, 0.45])
        with words_beside:
            st.markdown(f"#### {show.escape(answer(words.label, unit))}", anchors=False)
            st.markdown(show.escape(answer(words.sentence, unit)))
            for sentence in answer(words.evidence, unit):
                st.markdown(f"- {show.escape(sentence)}")
        with drawn:
            if answer(words.dots, unit):
                st.markdown("**How far apart? Each dot is 1 in 20.**")
                show.chart(
                    charts.dots,
                    report,
                    unit,
                    key="divergence_dots",
                    alt=answer(words.dots, unit),
                )
                st.caption(show.escape(answer(words.dots, unit)))
            if report.has_standing(unit):
                show.chart(
                    charts.standing,
                    report,
                    unit,
                    key="divergence_standing",
                    alt=" ".join(answer(words.evidence, unit)[:2]),
                )
            with st.container(border=True):
                st.markdown("#### Reasons to look at", anchors=False)
                for line in answer(words.reasons, unit):
                    st.markdown(f"- {show.escape(line)}")
        tested = answer(words.tested, unit)
        if tested:
            label, icon = "What does the stricter test say?", ":material/rule:"
            with show.folded(label, "divergence_tested", icon) as opened:
                if opened:
                    for sentence in tested:
                        st.markdown(f"- {show.escape(sentence)}")
        if report.status == "ok":
            robustness.panel(pairing, unit)
        label, icon = "Which rows stand behind it?", ":material/search:"
        with show.folded(label, "divergence_rows", icon) as opened:
            if opened:
                show.trace(pairing, unit, "divergence_trace")
        label, icon = "What did people say?", ":material/forum:"
        with show.folded(label, "divergence_comments", icon) as opened:
            if opened:
                comments.panel(unit, pairing.disclosure, "divergence_said")
    if report.status == "ok":
        certainty.lasting(pairing)
        certainty.settling(pairing, report)
    st.subheader("Every organisation", anchor=False)
    show.table(
        answer(words.screen),
        {
            "name": st.column_config.TextColumn("Organisation", width="medium", pinned=True),
            "likely": st.column_config.TextColumn("How likely", width=290),
            "probable_gap": st.column_config.TextColumn(
                "Gap (95 % range)", help="In typical differences between organisations"
            ),
            "left_respondents": st.column_config.NumberColumn(
                f"{report.left.short_title}, answers", format="localized", width=125
            ),
            "right_respondents": st.column_config.NumberColumn(
                f"{report.right.short_title}, answers", format="localized", width=125
            ),
            "reasons": st.column_config.TextColumn("Reasons to look at", width=130),
        },
        key="divergence_table",
        alt="Every organisation with how likely the two agree, the gap, its range and the answers behind it",
        height=380,
    )
    show.download(
        answer(words.table),
        "certainty-by-organisation",
        key="divergence_download",
        marks=report.marks,
    )
    show.how(*answer(words.method))
    show.provenance(report.alignment.extracts, report.alignment.revision)
