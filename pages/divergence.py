"""About whom do two sources differ?"""

import streamlit as st

from pxcore.analysis.files.methods import methods as every_method
from pxcore.analysis.pairs import divergence as question
from pxcore.charts import divergence as charts
from pxcore.model import Pairing
from pxcore.ui import (
    certainty,
    comments,
    filters,
    messages,
    robustness,
    show,
    source_cards,
    state,
    ways,
    workshop,
)
from pxcore.ui.answers import Answer, ask, finished
from pxcore.words import divergence as words
from pxcore.words import methods, verdicts
from pxcore.words.columns import Cells, Column


def _list(answer: Answer, pairing: Pairing) -> str:
    """Every organisation and how likely the two agree on it; the one picked."""
    beside = ask(question.voice_beside, pairing)
    by = filters.order(answer(words.orders, beside))
    rows = answer(words.people_list, by, beside)
    place = show.table(
        rows,
        [
            *(Column.of("name", width=180), Column.of("word", "they")),
            *(
                Column.of(
                    which,
                    "each",
                    side.short_title,
                    cells=Cells.FIGURES,
                    width=104,
                    help=f"{side.title}, and how far it is above its peers’ average (▲) or below (▼)",
                )
                for which, side in (("left", answer.report.left), ("right", answer.report.right))
            ),
            *(["patients"] if "patients" in rows else []),
            "in_100",
        ],
        key="divergence_list",
        alt="Every organisation and how likely the two sources agree on it, those to look at first first",
        height=480,
        select=True,
    )
    return "" if place is None else str(rows["unit"].iloc[place])


def _organisation(answer: Answer, unit: str) -> None:
    """How likely the two differ on one organisation, and what each says of it."""
    st.markdown(f"### {show.escape(answer(words.label, unit))}", anchors=False)
    lines = map(show.escape, answer(words.sources, unit))
    st.markdown("  \n".join(lines))
    st.markdown(show.escape(answer(words.sentence, unit)))
    if text := answer(words.dots, unit):
        show.chart(
            charts.dots,
            answer.report,
            unit,
            key="divergence_dots",
            title=answer(words.dots_title, unit),
            alt=text,
        )
    if answer.report.has_standing(unit):
        show.chart(
            charts.standing,
            answer.report,
            unit,
            key="divergence_standing",
            alt=" ".join(answer(words.sources, unit)),
        )


def _behind(answer: Answer, pairing: Pairing, unit: str) -> None:
    """What might be behind it, what people said, and the rows of the files."""
    with st.container(border=True):
        st.markdown("### Reasons to look at", anchors=False)
        for line in answer(words.reasons, unit):
            st.markdown(f"- {show.escape(line)}")
    with show.folded("What did people say?", "divergence_comments", ":material/forum:") as opened:
        if opened:
            comments.panel(unit, pairing.disclosure, "divergence_said")
    label, icon = "Which rows stand behind it?", ":material/search:"
    with show.folded(label, "divergence_rows", icon) as opened:
        if opened:
            show.trace(pairing, unit, "divergence_trace")


def _analyst(answer: Answer, unit: str) -> None:
    """The gaps with their ranges, the stricter test, who stands apart in each source, and other choices."""
    report = answer.report
    if unit:
        st.markdown(f"**{show.escape(report.cell(unit)['name'])}**")
        for sentence in [*answer(words.evidence, unit), *answer(words.tested, unit)]:
            st.markdown(f"- {show.escape(sentence)}")
    ranked, funnels = st.columns([0.6, 0.4])
    with ranked:
        st.markdown("**Those on which they most likely differ**")
        show.chart(charts.ranked, report, key="divergence_ranked", alt=answer(words.ranked))
        st.caption(
            "How far apart the two sources probably put an organisation, with the range that holds it 19 "
            "times in 20. Inside the shaded band they agree."
        )
    with funnels:
        for limits, source in report.funnels():
            st.markdown(f"**{show.escape(source.side.short_title)}**: who stands apart?")
            show.chart(
                charts.funnel,
                report,
                source.side.source,
                unit,
                key=f"divergence_funnel_{source.side.source}",
                alt=answer(words.funnel, limits, source),
            )
    show.findings(answer(words.findings))


show.title("About whom do they differ?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(choices)
    pairing = filters.pairing(choices)
    report = ask(question.divergence, pairing)
    answer = Answer(report)
    show.headline(answer(words.summary), answer(words.limits))
    ways.back(across_domains=report.across_domains)
    ways.out(report.refusals, report.alignment, choices, "divergence")
    if report.status == "refused":
        show.notes(answer(verdicts.notes))
        show.how(*answer(words.method))
        st.stop()
    judged = report.status == "ok"
    if judged:
        show.warnings(answer(words.warnings))
    unit, organisations = "", answer(words.organisations)
    if organisations:
        everyone, card = st.columns([0.53, 0.47])
        with everyone:
            picked = _list(answer, pairing)
        with card, st.container(key="one_organisation"):
            unit = filters.choose_provider(organisations, picked, labelled=False)
            if filters.lands_on(unit):
                show.land_on("one_organisation")
            _organisation(answer, unit)
            with st.container(horizontal=True, vertical_alignment="center"):
                st.page_link(
                    "pages/provider.py",
                    label=f"Everything on {show.escape(report.cell(unit)['name'])}",
                    icon=":material/local_hospital:",
                    query_params=filters.provider_link(unit, report.cell(unit)["name"]),
                )
                source_cards.pair(report.verdicts)
                if judged:
                    name = report.cell(unit)["name"]
                    workshop.offer(unit, name, report.left.source, report.right.source)
        _behind(answer, pairing, unit)
    if judged:
        with st.container(border=True):
            st.markdown("### What would settle it?", anchors=False)
            certainty.settling(report.certainty)
        certainty.lasting(pairing)
        if unit:
            robustness.panel(pairing, unit)
        with show.folded(
            "For the analyst: gaps, tests, funnels", "divergence_analyst", ":material/query_stats:"
        ) as opened:
            if opened:
                _analyst(answer, unit)
    st.header("Every organisation, with its figures", anchor=False)
    show.table(
        answer(words.screen),
        answer(words.columns),
        key="divergence_table",
        pin=True,
        alt="Every organisation with how likely the two agree, the gap, its range and the answers behind it",
        height=380,
    )
    show.download(
        answer(words.table),
        "certainty-by-organisation",
        key="divergence_download",
        marks=report.marks,
    )
    show.notes(answer(verdicts.notes))
    if judged and (reliable := finished(methods.reliability, finished(every_method))):
        st.caption(show.escape(reliable))
    show.how(*answer(words.method))
    show.provenance(report.alignment.extracts, report.alignment.revision)
