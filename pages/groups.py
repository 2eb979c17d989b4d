"""Does it hold for everyone?"""

import streamlit as st

from pxcore.analysis.pairs import groups as question
from pxcore.charts import groups as charts
from pxcore.ui import filters, groups, messages, show, state, ways
from pxcore.ui.answers import Answer, ask
from pxcore.words import group_pictures as pictures
from pxcore.words import group_records as records
from pxcore.words import group_tables as tables
from pxcore.words import groups as words
from pxcore.words import verdicts
from pxcore.words.columns import Column

show.title("Does it hold for everyone?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(
        choices,
        "; of people by group, sources that record their age, sex, ethnicity or another group",
    )
    pairing = filters.pairing(choices)
    head = st.container()
    chosen = groups.choose(ask(question.groups_offered, pairing))
    report = ask(question.groups, pairing, chosen)
    answer = Answer(report)
    with head:
        show.headline(answer(words.summary), answer(words.limits))
        show.warnings(answer(verdicts.warnings))
        ways.back(across_domains=report.across_domains)
        if not report.of_people:
            groups.elsewhere(report)
    if report.status == "refused":
        ways.out(report.refusals, report.alignment, choices, "groups")
    elif report.status != "ok":
        messages.empty("What you can do", answer(records.next_step))
    figures = answer(words.figures)
    if figures:
        show.figures(figures)
    if report.has_cells:
        picture, beside = st.columns([0.62, 0.38])
        with picture:
            show.chart(
                charts.by_group,
                report,
                key="groups_by_group",
                title=answer(pictures.picture_title),
                alt=answer(pictures.picture),
            )
        with beside:
            if report.has_gaps:
                show.table(
                    answer(tables.gap_table),
                    [Column.of("what", "which_gap"), "points"],
                    key="groups_gap_table",
                    alt=answer(pictures.gaps_picture),
                )
            show.findings(answer(words.findings))
    show.notes(answer(words.notes))
    if report.has_gaps:
        st.header("How large is the gap between the two, for whom?", anchor=False)
        show.chart(
            charts.gaps,
            report,
            key="groups_gaps",
            title=answer(pictures.gaps_title),
            alt=answer(pictures.gaps_picture),
        )
    if len(report.rankings):
        st.header("Do the two rank organisations alike, for whom?", anchor=False)
        st.markdown(show.escape(answer(words.rankings)))
        if report.has_rankings:
            described = answer(pictures.rankings_picture)
            show.chart(
                charts.rankings,
                report,
                key="groups_rankings",
                title=answer(pictures.rankings_title),
                alt=described,
            )
            show.table(
                answer(tables.ranking_table),
                ["band", answer(words.organisations), "underlying_range", "raw_range"],
                key="groups_ranking_table",
                alt=described,
            )
            if len(report.compared):
                with show.folded(
                    "Every two groups against one another",
                    "groups_every_two",
                    ":material/compare_arrows:",
                ) as opened:
                    if opened:
                        show.table(
                            answer(tables.compared_table),
                            tables.COMPARED,
                            key="groups_compared",
                            alt="Agreement of every two groups against one another",
                        )
                        st.caption(
                            "95 % ranges. Two groups are said to differ where both differ; no q where the "
                            "underlying agreement of one cannot be estimated."
                        )
    if report.has_cells:
        st.header("Each source by group", anchor=False)
        show.table(
            answer(tables.screen),
            answer(tables.columns),
            key="groups_table",
            alt="Each source by group with its range, answers and difference from everybody else",
            height=380,
        )
        show.download(
            report.cells.drop(columns=["side"]),
            "by-group",
            key="groups_download",
            marks=report.marks,
        )
    st.header("Which source records what about people?", anchor=False)
    who = answer(records.who)
    st.markdown(show.escape(who))
    if report.dimensions:
        show.table(
            answer(records.who_table),
            [
                "source",
                *[
                    Column.of(name, "each", title)
                    for name, title in records.dimension_titles(report.dimensions).items()
                ],
            ],
            key="groups_who",
            alt=who,
        )
        st.caption(
            "People of whom it is recorded, and their share of all who answered the source, at any time "
            "and place; –: the source cannot be split by it."
        )
    if report.of_people and len(report.map_rows):
        groups.editor(report)
    show.how(*answer(words.method))
    show.provenance(report.alignment.extracts, report.alignment.revision)
