"""Does it hold for everyone?"""

import streamlit as st

from pxcore.charts import groups as charts
from pxcore.ui import filters, groups, messages, show, state, ways
from pxcore.words import verdicts

show.title("Does it hold for everyone?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(
        choices,
        "; of people by group, sources that tell their age, sex, ethnicity or another group",
    )
    pairing = filters.pairing(choices)
    chosen = groups.choose(state.groups_offered(pairing))
    report = state.groups(pairing, chosen)
    if not report.of_people:
        groups.elsewhere(report)
    show.headline(report.summary(), report.limits())
    show.notes(report.notes())
    show.warnings(verdicts.warnings(report))
    ways.back(across_domains=report.across_domains)
    if report.status == "refused":
        ways.out(report.refusals, report.alignment, choices, "groups")
    elif report.status != "ok":
        messages.empty("What you can do", report.next_step())
    figures = report.figures()
    if figures:
        show.figures(figures)
    if report.has_cells:
        picture, beside = st.columns([0.62, 0.38])
        with picture:
            st.subheader("What does each source hear, group by group?", anchor=False)
            show.chart(
                charts.by_group(report, show.palette()),
                key="groups_by_group",
                alt=report.picture_said(),
            )
        with beside:
            show.findings(report.findings())
    if report.has_gaps:
        st.subheader("How large is the gap between the two, for whom?", anchor=False)
        picture, beside = st.columns([0.62, 0.38])
        with picture:
            show.chart(
                charts.gaps(report, show.palette()), key="groups_gaps", alt=report.gaps_said()
            )
        with beside:
            show.table(
                report.gap_screen(),
                {
                    "what": st.column_config.TextColumn("Gap", width="medium"),
                    "points": st.column_config.TextColumn("Points (95 % range)"),
                },
                key="groups_gap_table",
                alt=report.gaps_said(),
            )
    if len(report.rankings):
        st.subheader("Do the two rank organisations alike, for whom?", anchor=False)
        st.markdown(show.escape(report.ranking_answer()))
        if report.has_rankings:
            show.chart(
                charts.rankings(report, show.palette()),
                key="groups_rankings",
                alt=report.rankings_said(),
            )
            show.table(
                report.ranking_screen(),
                {
                    "band": st.column_config.TextColumn("Group"),
                    "organisations": st.column_config.NumberColumn(
                        report.many, format="localized", width="small"
                    ),
                    "underlying_said": st.column_config.TextColumn("Underlying (95 % range)"),
                    "raw_said": st.column_config.TextColumn("Raw (95 % range)"),
                },
                key="groups_ranking_table",
                alt=report.rankings_said(),
            )
            if len(report.compared):
                with st.expander(
                    "Every two groups against one another", icon=":material/compare_arrows:"
                ):
                    show.table(
                        report.compared_screen(),
                        {
                            "pair": st.column_config.TextColumn("Groups"),
                            "underlying": st.column_config.TextColumn("Underlying, difference"),
                            "raw": st.column_config.TextColumn("Raw, difference"),
                            "q": st.column_config.TextColumn(
                                "Chance (q)", width="small", help=show.CHANCE_HELP
                            ),
                        },
                        key="groups_compared",
                        alt="Agreement of every two groups against one another",
                    )
                    st.caption(
                        "95 % ranges. Two groups are said to differ where both differ; no q where the "
                        "underlying agreement of one cannot be estimated."
                    )
    if report.has_cells:
        st.subheader("Each source by group", anchor=False)
        show.table(
            report.screen(),
            {
                "source": st.column_config.TextColumn("Source"),
                "band": st.column_config.TextColumn("Group", width="medium"),
                "percent": st.column_config.NumberColumn(
                    "Positive", format="%.0f%%", width="small"
                ),
                "range": st.column_config.TextColumn("95 % range"),
                "respondents": st.column_config.NumberColumn(
                    "Answers", format="localized", width="small"
                ),
                "organisations": st.column_config.NumberColumn(
                    report.many, format="localized", width="small"
                ),
            }
            | (
                {"note": st.column_config.TextColumn("", width="small")}
                if report.any_withheld
                else {}
            )
            | (
                {
                    "against": st.column_config.TextColumn("Against everybody else, points"),
                    "q": st.column_config.TextColumn(
                        "Chance (q)", width="small", help=show.CHANCE_HELP
                    ),
                }
                if report.of_people
                else {}
            ),
            key="groups_table",
            alt="Each source by group with its range, answers and difference from everybody else",
            height=380,
        )
        show.download(report.table(), "by-group", key="groups_download", marks=report.marks)
    st.subheader("Which source tells what about people?", anchor=False)
    st.markdown(show.escape(report.who_said()))
    if report.dimensions_told():
        show.table(
            report.who_screen(),
            {"source": st.column_config.TextColumn("Source")}
            | {
                name: st.column_config.TextColumn(title)
                for name, title in report.who_titles().items()
            },
            key="groups_who",
            alt=report.who_said(),
        )
        st.caption(
            "People who told it, and their share of all who answered the source, at any time and place; "
            "–: the source cannot be split by it."
        )
    if report.of_people and len(report.map_rows):
        groups.editor(report)
    show.how(*report.method())
    show.provenance(report.alignment.extracts, report.alignment.revision)
