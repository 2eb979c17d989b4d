"""About whom do two sources differ beyond chance?"""

import streamlit as st

from pxcore.charts import divergence as charts
from pxcore.ui import comments, filters, messages, robustness, show, state, ways
from pxcore.words import divergence as words
from pxcore.words import verdicts

show.title("About whom do two sources differ beyond chance?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(choices)
    pairing = filters.pairing(choices)
    report = state.divergence(pairing)
    show.headline(words.summary(report), words.limits(report))
    ways.back(across_domains=report.across_domains)
    show.notes(verdicts.notes(report))
    ways.out(report.refusals, report.alignment, choices, "divergence")
    if report.status == "refused":
        show.how(*words.method(report))
        st.stop()
    event = None
    if report.status == "ok":
        show.warnings(words.warnings(report))
        show.figures(words.figures(report))
        picture, beside = st.columns([0.64, 0.36])
        with picture:
            st.subheader("The largest gaps, graded", anchor=False)
            event = show.chart(
                charts.ranked(report, show.palette()),
                key="divergence_ranked",
                alt=words.ranked(report),
                select=True,
            )
            st.caption(
                "Each row: the gap between where the two sources put an organisation, with its 95 % "
                "range; where the whole range lies inside the shaded band the two agree. "
                "Filled diamonds are unusual, hollow ones "
                "of usual size; the quiet dots below are the next largest gaps, which chance may "
                "explain. Pick a mark for all that is known about it."
            )
        with beside:
            show.findings(words.findings(report))
            for limits, source in report.funnels():
                st.markdown(f"**{show.escape(source.side.short_title)}**: who stands apart?")
                show.chart(
                    charts.funnel(source, limits, show.palette(), filters.provider()),
                    key=f"divergence_funnel_{source.side.source}",
                    alt=words.funnel(report, limits, source),
                )
    with st.container(key="one_organisation"):
        st.subheader("One organisation: what stands behind its verdict?", anchor=False)
    organisations = words.organisations(report)
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
        words_beside, drawn = st.columns([0.55, 0.45])
        with words_beside:
            st.markdown(f"#### {show.escape(words.label(report, unit))}", anchors=False)
            st.markdown(show.escape(words.sentence(report, unit)))
            for sentence in words.evidence(report, unit):
                st.markdown(f"- {show.escape(sentence)}")
        with drawn:
            if report.has_standing(unit):
                show.chart(
                    charts.standing(report, unit, show.palette()),
                    key="divergence_standing",
                    alt=" ".join(words.evidence(report, unit)[:2]),
                )
            with st.container(border=True):
                st.markdown("#### Reasons to look at", anchors=False)
                for line in words.reasons(report, unit):
                    st.markdown(f"- {show.escape(line)}")
        if report.status == "ok":
            robustness.panel(pairing, unit)
        with st.expander("Which rows stand behind it?", icon=":material/search:"):
            show.trace(pairing, unit, "divergence_trace")
        with st.expander(
            "What did people say?",
            icon=":material/forum:",
            key="divergence_comments",
            on_change="rerun",
        ) as downloaded:
            if downloaded.open:
                comments.panel(unit, pairing.disclosure, "divergence_said")
    st.subheader("Every organisation", anchor=False)
    show.table(
        words.screen(report),
        {
            "name": st.column_config.TextColumn("Organisation", width="medium", pinned=True),
            "verdict": st.column_config.TextColumn("Verdict"),
            "gap": st.column_config.TextColumn("Gap (95 % range)"),
            "q": st.column_config.TextColumn(
                "Chance (q)",
                width="small",
                help=f"That the gap is an unusual one. {show.CHANCE_HELP}",
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
        alt="Every organisation with its verdict, the gap, its range and the answers behind it",
        height=380,
    )
    show.download(
        words.table(report),
        "verdicts-by-organisation",
        key="divergence_download",
        marks=report.marks,
    )
    show.how(*words.method(report))
    show.provenance(report.alignment.extracts, report.alignment.revision)
