"""Scenarios in words: each choice, the questions often asked, those saved, and several side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.periods import MONTHS_TITLES
from pxcore.analysis.joining.selection import DIMENSIONS, SENTIMENT_TITLES
from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.analysis.pairs.scenarios import OLDER, Preset, Question, Saved, SideBySide, Status
from pxcore.analysis.pairs.what_if import PRACTICALLY_THE_SAME, Holds
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES, Beforehand, Grain, Mix, Peers, Scenario, TestScale
from pxcore.words import refusals
from pxcore.words.english import at_limit, capital, counted, dated, joined, number, number_range

CANNOT = "these sources cannot show that"
MIX_TITLES: Mapping[Mix, str] = {
    Mix.NONE: "as they answered",
    Mix.POOLED: "of both sources together",
    Mix.REGISTERED: "of each practice's registered patients",
    Mix.NATIONAL: "of all registered patients",
}
PEER_TITLES: Mapping[Peers, str] = {
    Peers.ALL: "all organisations",
    Peers.REGION: "those of the same region",
    Peers.ICB: "those of the same integrated care board",
    Peers.DEPRIVATION: "practices in equally deprived places",
    Peers.SIZE: "practices with about as many patients",
}
BEFOREHAND_TITLES: Mapping[Beforehand, str] = {
    Beforehand.USUAL: "what such sources usually show",
    Beforehand.WIDER: "twice as open a mind",
    Beforehand.NOTHING: "nothing held beforehand",
}
SCALE_TITLES: Mapping[TestScale, str] = {
    TestScale.LOGIT: "log odds",
    TestScale.FREEMAN_TUKEY: "Freeman–Tukey (square roots)",
}
QUESTIONS: Mapping[Question, str] = {
    Question.NO_TEXTS: "Drop text messages",
    Question.MANY_ANSWERS: "Only with 30 answers or more",
    Question.YEAR: "A full year of the monthly source",
    Question.OLDER: f"Only people aged {OLDER}",
    Question.SAME_MIX: "The same mix of people in both",
    Question.REGISTERED: "As all registered patients",
    Question.DEPRIVATION: "Among practices of the same deprivation",
    Question.ICB: "Among those of the same integrated care board",
    Question.DESIGN: "Survey answers worth half",
    Question.ONE_PERSON: "Two comments are one person",
}


# --- Each choice ---


def margin(differences: float) -> str:
    return f"{differences:g} typical difference{'' if differences == 1 else 's'}"


def described(scenario: Scenario, fields: Collection[str] | None = None) -> list[str]:
    """Each choice that differs from the baseline (of some fields, where they are given), in a few words."""
    return [text for field, text in _choices(scenario) if fields is None or field in fields]


def _choices(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for field in ("left", "right"):
        if source := getattr(scenario, field):
            yield field, f"with {maps.source(source)['title']} instead"
    if scenario.grain:
        yield "grain", f"by {GRAIN_TITLES[Grain(scenario.grain)][0]}"
    if scenario.area:
        yield "area", f"in {scenario.area} alone"
    if scenario.service:
        yield "service", f"{maps.service_titles()[scenario.service].lower()} alone"
    if scenario.window is not None:
        yield "window", f"in {scenario.window}"
    if scenario.months is not None:
        yield "months", f"over {MONTHS_TITLES[scenario.months]}"
    if scenario.evidence_floor is not None:
        yield "evidence_floor", f"only with {scenario.evidence_floor} answers or more"
    if scenario.without_modes:
        yield "without_modes", f"without the answers by {joined(scenario.without_modes)}"
    if scenario.groups:
        yield "groups", f"{DIMENSIONS[scenario.dimension]} {joined(scenario.groups)} alone"
    if scenario.mix:
        yield (
            "mix",
            f"weighted by {DIMENSIONS[scenario.dimension]} to the people {MIX_TITLES[scenario.mix]} "
            "(hypothetical)",
        )
    if scenario.peers:
        yield "peers", f"among {PEER_TITLES[scenario.peers]}"
    if scenario.sentiment:
        yield "sentiment", f"comments counted differently: {SENTIMENT_TITLES[scenario.sentiment]}"
    if scenario.comments_halved:
        yield "comments_halved", "two comments counted as one person"
    if scenario.design_effect is not None:
        yield "design_effect", f"{scenario.design_effect:g} weighted answers worth one"
    if scenario.margin is not None:
        yield "margin", f"agreement within {margin(scenario.margin)}"
    if scenario.false_discovery is not None:
        yield "false_discovery", f"chance findings held to 1 in {1 / scenario.false_discovery:.0f}"
    if scenario.beforehand is not None:
        yield (
            "beforehand",
            f"with {BEFOREHAND_TITLES[scenario.beforehand]} on how alike the two are",
        )
    if scenario.scale is not None:
        yield "scale", f"tested on the scale of {SCALE_TITLES[scenario.scale]}"


def title(scenario: Scenario) -> str:
    return capital("; ".join(described(scenario))) or "Nothing is changed"


def not_followed(name: str, scenario: Scenario, fields: Collection[str]) -> str:
    """Which choices of a saved scenario these sources cannot show."""
    return f"‘{name}’: these sources cannot show “{'; '.join(described(scenario, fields))}”."


# --- What managers ask ---


def why_not(preset: Preset, report: AgreementReport) -> str:
    """Why two sources cannot answer a question often asked."""
    if preset.unjudged:
        return "No single organisation can be judged with these two sources."
    left, right = report.left.short_title, report.right.short_title
    neither = f"Neither {left} nor {right} records"
    return {
        Question.NO_TEXTS: f"{neither} how each answer was given.",
        Question.MANY_ANSWERS: "",
        Question.YEAR: "This takes a monthly source beside a survey, at the same time.",
        Question.OLDER: f"{neither} who is 65 or over.",
        Question.SAME_MIX: f"{left} and {right} do not both record age or sex.",
        Question.REGISTERED: "This takes a source that records age, and practices with their list sizes.",
        Question.DEPRIVATION: "This takes practices, and a file of their list sizes.",
        Question.ICB: "All of them belong to one board, or it is not known to which they belong.",
        Question.DESIGN: "Every survey figure here has its published interval, or is not a percentage.",
        Question.ONE_PERSON: "Neither source is community voice.",
    }[preset.question]


# --- Saved, and side by side ---


def saved(item: Saved) -> str:
    """What a saved scenario changes, who saved it and when."""
    return f"{title(item.scenario)} (saved by {item.saved_by}, {dated(item.saved_at)})"


def summary(report: SideBySide) -> str:
    """In how many scenarios the conclusion holds, and which move the headline most."""
    rows = report.rows.iloc[1:]
    if not len(rows):
        return "No scenario to set beside the baseline."
    known = rows[rows["headline_move"].notna()]
    sentences = []
    if len(known):
        inside = int((known["headline_move"].abs() <= 1).sum())
        sentence = (
            f"In {inside:,} of {len(known):,} the headline stays inside the range the baseline already "
            "allowed"
        )
        # how far underlying and raw figures move cannot be set side by side
        figures = known["headline"].unique()
        for figure in figures:
            moves = known[known["headline"] == figure].set_index("name")["headline_move"].abs()
            if len(moves) > 1 and moves.max() >= PRACTICALLY_THE_SAME:
                which = "it" if len(figures) == 1 else f"the {figure}"
                sentence += f"; ‘{moves.idxmax()}’ moves {which} most"
        sentences.append(sentence)
    not_followed, refused = (
        int((rows["status"] == status).sum()) for status in (Status.NOT_FOLLOWED, Status.REFUSED)
    )
    for count, what in (
        (len(rows) - len(known) - not_followed - refused, "set beside it by a single figure"),
        (not_followed, "shown by these sources"),
        (refused, "compared"),
    ):
        if count:
            sentences.append(f"{count:,} cannot be {what}")
    return ". ".join(sentences) + "."


HOLDS: Mapping[str, str] = {
    Holds.YES: "● Yes",
    Holds.PARTLY: "◐ Partly",
    Holds.NO: "○ No",
    "": "–",
}


HOW_OFTEN = (
    "Yes: how alike the two are stays inside its range, and all that was very likely is still at least "
    "probable. Partly: for some organisation it is not. No: how alike they are leaves its range."
)


def often(report: SideBySide) -> str:
    """Whether the conclusion holds in the questions often asked: which it holds in, in part or not."""
    rows = report.rows.iloc[1:]
    asked = rows[rows["holds"].isin([Holds.YES, Holds.PARTLY, Holds.NO])]
    if not len(asked):
        return "None of the questions often asked can be answered with these two sources."
    by_answer = {holds: list(asked.loc[asked["holds"] == holds, "name"]) for holds in Holds}
    questions = counted(len(asked), "question")
    if len(by_answer[Holds.YES]) == len(asked):
        every = f"all {questions}" if len(asked) > 1 else "the question"
        return f"Yes: the conclusion holds in {every} often asked."
    yes, partly, no = (len(by_answer[holds]) for holds in Holds)
    if len(asked) == 1:
        return f"{'No: it does not hold' if no else 'Partly: it holds in part'} in the question often asked."
    counts = [f"it holds in {yes or 'none'} of {questions} often asked"]
    counts += [
        f"{'in part ' if holds is Holds.PARTLY else 'not '}in {number_of}"
        for holds, number_of in ((Holds.PARTLY, partly), (Holds.NO, no))
        if number_of
    ]
    worst = asked[asked["holds"] == (Holds.NO if no else Holds.PARTLY)].nlargest(1, "moved")
    changes = [
        f" With “{row.name}” {_still(row)}the verdict on {row.moved:,.0f} of {row.in_both:,.0f} changes."
        for row in each(worst)
        if row.moved > 0
    ]
    return f"{'No' if no else 'Partly'}: {joined(counts)}.{''.join(changes)}"


def _still(row: Any) -> str:
    """How many of those that differ still do; "" where none differed."""
    if not row.differed > 0:
        return ""
    return f"{row.still:,.0f} of the {row.differed:,.0f} that differ still do, but "


def often_table(report: SideBySide) -> Released:
    """The questions often asked, a row each: whether the conclusion holds, and what it is then."""
    rows = screen(report)
    return Released(
        rows.assign(
            holds=[
                HOLDS[holds] if isinstance(holds, str) else "" for holds in report.rows["holds"]
            ],
            still=[
                "" if pd.isna(row.still) else f"{row.still:,.0f} of {row.differed:,.0f}"
                for row in each(report.rows)
            ],
        )
    )


def table(report: SideBySide) -> Released:
    """The figures of every scenario with what it changes, its marks and of how many something else is
    said."""
    rows = report.rows
    return rows.assign(
        what=[
            title(report.scenarios[name]) if name in report.scenarios else ""
            for name in rows["name"]
        ],
        marks=[_marks(report, row) for row in each(rows)],
        changed=[_changed(report, row) for row in each(rows)],
    )


def _marks(report: SideBySide, row: Any) -> str:
    return "" if pd.isna(row.compared) else "; ".join(report.reports[row.name].marks)


def _changed(report: SideBySide, row: Any) -> str:
    """Of how many organisations something else is said, or why that cannot be told."""
    if row.name in report.failed:
        problem = report.failed[row.name]
        return f"{problem.what} {problem.fix}".strip()
    if row.status == Status.COMPARED:
        return f"{row.moved:,.0f} of {row.in_both:,.0f}"
    return {
        Status.BASELINE: "",
        Status.REFUSED: f"nothing can be compared: {refusals.text(report.reports[row.name].refusals)}",
        Status.NOT_FOLLOWED: "cannot be shown by these sources",
        Status.OTHER_LEVEL: "another level of organisation",
        Status.UNJUDGED: "nothing is said of any",
        Status.APART: "none is in both",
    }[Status(row.status)]


def screen(report: SideBySide) -> Released:
    """For the screen: figures with their ranges, and of how many something else is said."""
    rows = table(report)
    return Released(
        rows.assign(
            what=[
                " · ".join(filter(None, texts))
                for texts in zip(rows["what"], rows["marks"], strict=True)
            ],
            underlying=_ranges(rows, "underlying"),
            raw=_ranges(rows, "raw"),
        )[
            [
                "name",
                "what",
                "compared",
                "underlying",
                "raw",
                "agree",
                "either",
                "differ",
                "changed",
            ]
        ]
    )


def _ranges(rows: pd.DataFrame, figure: str) -> list[str]:
    ends = (rows[column].tolist() for column in (figure, f"{figure}_low", f"{figure}_high"))
    return [
        "–" if pd.isna(low) else estimated(estimate, low, high)
        for estimate, low, high in zip(*ends, strict=True)
    ]


def estimated(estimate: float | None, low: float, high: float) -> str:
    """A figure with its range; one at the limit of what can be estimated has a range alone."""
    if estimate is None or pd.isna(estimate):
        return at_limit(low, high)
    return f"{number(estimate)} ({number_range(low, high)})"
