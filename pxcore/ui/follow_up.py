"""The Decisions page: what became of each, reviews, forecasts, what the public is told, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pxcore.analysis.workshop import example
from pxcore.analysis.workshop.decisions import (
    DecisionsReport,
    Due,
    Filter,
    Followed,
    Move,
    digest,
    filtered,
)
from pxcore.charts import decisions as charts
from pxcore.publish.asking import PAPER
from pxcore.publish.sections import decisions as decisions_section
from pxcore.stats.forecast import ForecastScore
from pxcore.ui import deciding, exact, messages, minutes, publishing, show, state
from pxcore.ui.html_pages import filled
from pxcore.words import decisions as words
from pxcore.words.english import counted, dated

MOST_SHOWN = 25  # records drawn at once; the file holds all
EVERYBODY, EVERYWHERE, EVERYTHING, WHENEVER = (
    "Every owner",
    "Every organisation",
    "Every theme",
    "Whenever due",
)
BADGES = {
    Move.AS_EXPECTED: "blue",
    Move.DID_NOT_MOVE: "orange",
    Move.OTHER_WAY: "orange",
}


def report() -> DecisionsReport:
    """Every decision followed; where there is none, what to do next, and the page ends."""
    followed = publishing.reports().decisions()
    if not followed.records:
        show.headline(words.NOTHING)
        messages.empty(
            "Decide something first",
            "A decision is written down in a workshop: what is done, who owns it, and which figure should "
            "move. From then on this page follows it through every load.",
            page="pages/workshop.py",
            label="Make a workshop",
            icon=":material/groups:",
        )
        if state.is_demonstration():
            st.button(
                "Or follow two invented decisions of May 2025",
                icon=":material/science:",
                key="decisions_example",
                on_click=_example,
            )
        st.stop()
    return followed


def _example() -> None:
    example.example(state.store(), state.workshops())


def refused() -> None:
    """What could not be written down, and why."""
    if why := state.value_of(deciding.REFUSED):
        st.warning(show.escape(why), icon=":material/info:")
        state.keep(deciding.REFUSED, "")


def tabs(followed: DecisionsReport) -> None:
    due = len(followed.due)
    show.tabs(
        {
            "What became of them": partial(_records, followed),
            f"Reviews due ({due})" if due else "Reviews": partial(_reviews, followed),
            "Forecasts": partial(_forecasts, followed),
            "You said, we did": partial(_public, followed),
            "Since the last load": _news,
        },
        key="decisions_tab",
        linked=False,
    )


# --- What became of them ---


def _records(followed: DecisionsReport) -> None:
    chosen = filtered(followed, _filter(followed))
    if not chosen:
        st.markdown("No decision is left by these filters.")
        return
    drawn = [record for record in chosen if record.after is not None and record.decision.stands]
    if drawn:
        show.chart(
            charts.moves,
            tuple(drawn[:MOST_SHOWN]),
            key="decisions_moves",
            alt=" ".join(words.news_of_decision(record) for record in drawn[:MOST_SHOWN]),
        )
        st.caption(words.PICTURE)
    for record in chosen[:MOST_SHOWN]:
        _record(record)
    if len(chosen) > MOST_SHOWN:
        st.caption(f"{len(chosen) - MOST_SHOWN:,} older ones are in the file.")
    show.download(words.table(chosen), "decisions-followed", key="decisions_csv")
    publishing.files(
        "decisions", "decisions_file", lambda extracts: (
            decisions_section.section(followed, chosen, extracts, PAPER),
        ),
    )  # fmt: skip


def _filter(followed: DecisionsReport) -> Filter:
    decisions = [record.decision for record in followed.records]
    owners = sorted({decision.draft.owner for decision in decisions})
    names = {decision.unit: decision.name for decision in decisions}
    themes = {decision.domain: words.theme(decision.domain) for decision in decisions}
    boxes = st.columns(4)
    owner, unit, theme, due = state.DECISION_BOXES
    boxes[0].selectbox(
        "Owner", ["", *owners], format_func=lambda name: name or EVERYBODY, key=owner
    )
    boxes[1].selectbox(
        "Organisation",
        ["", *sorted(names, key=names.__getitem__)],
        format_func=lambda code: names.get(code, EVERYWHERE),
        key=unit,
    )
    boxes[2].selectbox(
        "Theme",
        ["", *sorted(themes, key=themes.__getitem__)],
        format_func=lambda code: themes.get(code, EVERYTHING),
        key=theme,
    )
    boxes[3].selectbox(
        "Action due",
        ["", *(when.value for when in Due)],
        format_func=lambda when: words.DUES[Due(when)] if when else WHENEVER,
        key=due,
    )
    return state.decisions_looked_at()


def _record(record: Followed) -> None:
    decision = record.decision
    with st.container(border=True, key=f"followed_{decision.decision}"):
        st.markdown(
            f":{BADGES.get(record.move, 'gray')}-badge[{words.MOVES[record.move]}] "
            f"**{show.escape(words.title(record))}**"
        )
        st.markdown(show.escape(words.became(record)))
        for sentence in (words.alone(record), words.forecast(record)):
            if sentence:
                st.caption(show.escape(sentence))
        due = f", due {dated(decision.draft.due)}" if decision.draft.due else ""
        st.caption(
            show.escape(f"{decision.draft.owner}{due} · {record.title} · {dated(record.since)}")
        )
        with show.folded("The whole record", f"followed_whole_{decision.decision}") as opened:
            if opened:
                minutes.rows(decision)
        if decision.stands:
            with show.folded("Review it", f"followed_review_{decision.decision}") as opened:
                if opened:
                    deciding.review(state.workshops(), decision)


# --- Reviews, forecasts ---


def _reviews(followed: DecisionsReport) -> None:
    if not followed.due:
        st.markdown("No review is due within 30 days.")
    shown = []
    for review in followed.due:
        icon = ":material/schedule:" if review.overdue else ":material/event:"
        st.markdown(f"{icon} {show.escape(words.due(review))}")
        if review.decision.decision in shown:
            continue
        shown.append(review.decision.decision)
        label, key = "Write the review down", f"due_{review.decision.decision}"
        with show.folded(label, key) as opened:
            if opened:
                deciding.review(state.workshops(), review.decision)


def _forecasts(followed: DecisionsReport) -> None:
    st.markdown(f"**{show.escape(words.judged(followed))}**")
    if followed.score is None:
        st.caption(
            "In a workshop everybody says on their telephone how likely the figure is to move as expected. "
            "Once the day has passed, the forecast is judged."
        )
        return
    _score(followed.score)


def _score(score: ForecastScore) -> None:
    picture, beside = st.columns([0.55, 0.45])
    with picture:
        show.chart(
            charts.reliability,
            score,
            key="decisions_reliability",
            alt=" ".join(words.groups(score)),
        )
    with beside:
        sentences = [words.against_base_rate(score), *words.groups(score), words.parts(score)]
        show.findings(sentences, most=len(sentences))


# --- You said, we did ---


def _public(followed: DecisionsReport) -> None:
    st.markdown(
        "For the public: what was raised, what was done, what changed. Owners and writers are left out, and "
        "names hidden by rules. Rules find most names, not all: **tick what you have read and let go.**"
    )
    ticked = [record for record in followed.standing if _published(record)]
    synthetic = state.is_demonstration()
    st.download_button(
        f"Download the page ({counted(len(ticked), 'decision')})",
        data=lambda: as_page(ticked, followed, synthetic=synthetic).encode("utf-8"),
        file_name=f"{'synthetic-' if synthetic else ''}you-said-we-did.html",
        mime="text/html",
        icon=":material/campaign:",
        on_click="ignore",
        key="decisions_public",
        disabled=exact.is_on() or not ticked,
        help=exact.NOTHING_LEAVES if exact.is_on() else "One file: opens in any browser, prints.",
    )
    if ticked:
        publishing.files(
            "you-said-we-did",
            "public_file",
            lambda extracts: (decisions_section.public(followed, ticked, extracts),),
        )


def _published(record: Followed) -> bool:
    """Shown as it would be published, with the box that lets it go."""
    decision = record.decision
    with st.container(border=True, key=f"public_{decision.decision}"):
        st.markdown(f"**{show.escape(decision.name)}**")
        for heading, text in words.public(record):
            st.markdown(f"*{heading}:* {show.escape(text)}")
        return st.checkbox(
            "Read, and may be published",
            key=f"public_{decision.decision}_{decision.version}_{len(record.reviews)}",
        )


def as_page(records: Sequence[Followed], followed: DecisionsReport, *, synthetic: bool) -> str:
    """What may be published, as one page of HTML that needs nothing else."""
    return filled(
        "said_did.html",
        synthetic=synthetic,
        made=dated(followed.today),
        records=[
            {"name": record.decision.name, "lines": words.public(record)} for record in records
        ],
    )


# --- Since the last load ---


def _news() -> None:
    news = digest(state.store(), publishing.reports().decisions())
    if news is None:
        messages.empty("Nothing is loaded yet", "Load the files you receive, just as they come.")
        return
    st.markdown(f"**{show.escape(words.since(news))}**")
    for sentence in [
        *words.news_of_sources(news),
        *(words.news_of_decision(record) for record in news.decisions),
        *(words.due(review) for review in news.due if review.overdue),
    ]:
        st.markdown(f"- {show.escape(sentence)}")
