"""Does the conclusion hold if …? What a scenario changes, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.judging.robustness import MOST_WAYS
from pxcore.analysis.judging.verdicts import MARKS, Mark
from pxcore.analysis.pairs.what_if import (
    GRADED,
    NOT_COMPARED,
    PRACTICALLY_THE_SAME,
    Headline,
    HowFar,
    Lost,
    Remaining,
    WhatIfReport,
    WithoutEach,
    underlying,
)
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES
from pxcore.stats.case_mix import FEWEST_ANSWERS
from pxcore.stats.correlation import Correlation
from pxcore.stats.latent import LatentCorrelation
from pxcore.stats.sensitivity import FAIRLY_STABLE, STABLE
from pxcore.stats.spread import FEWEST_PEERS
from pxcore.stats.verdict import Rule
from pxcore.words import agreement, alignment, methods, refusals, scenarios
from pxcore.words import verdicts as of_verdicts
from pxcore.words.english import (
    at_limit,
    capital,
    counted,
    joined,
    number,
    number_range,
    percent,
    signed,
    uncapital,
)
from pxcore.words.robustness import CHOICES

MOST_NAMED = 3
HOW_FAR: Mapping[HowFar | None, str] = {
    HowFar.SAME: ", practically the same",
    HowFar.INSIDE: ", inside the range the baseline already allowed",
    HowFar.OUTSIDE: ", outside the range of the baseline",
    None: "",
}


def title(report: WhatIfReport) -> str:
    return scenarios.title(report.scenario)


def summary(report: WhatIfReport) -> str:
    """What changes, in one sentence."""
    if report.blank:
        return "Choose a question, or change something, and see whether the conclusion holds."
    if report.refused:
        return f"{title(report)}: nothing can be compared. {refusals.text(report.changed.refusals)}"
    if not report.followed:
        return f"{title(report)}: {scenarios.CANNOT}, so nothing changes."
    alike = report.baseline.judgement.too_alike or report.changed.judgement.too_alike
    note = f" ({Mark.SAME_PEOPLE})" if alike else ""
    asked = f" {agreement.REVERSED_SCALE}" if report.changed.opposite else ""
    holds = f"{capital(report.holds)}. " if report.holds else ""
    return f"{holds}{title(report)}: {_headline(report)}{note}; {_verdicts(report)}.{asked}"


def _headline(report: WhatIfReport) -> str:
    """The figure for all organisations together, beside what it was."""
    before, after = report.headlines
    if after is None:
        return "no figure can be worked out for all organisations together"
    if after.estimate is None:
        bound = at_limit(after.interval.low, after.interval.high)
        text = f"{after.figure} at the limit of what can be estimated ({bound})"
    else:
        text = f"{after.figure} {_with_range(after)}"
    if before is not None and before.figure == after.figure:
        text += f" instead of {_with_range(before)}{HOW_FAR[report.how_far]}"
    earlier, now = underlying(report.baseline), underlying(report.changed)
    if earlier is not None and now is None:
        return f"underlying agreement can no longer be estimated (it was {_with_range(earlier)}); {text}"
    if earlier is None and now is not None and now != after:
        text += f"; underlying agreement can now be estimated: {_with_range(now)}"
    return text


def _with_range(headline: Headline) -> str:
    return scenarios.estimated(headline.estimate, headline.interval.low, headline.interval.high)


def _nouns(report: WhatIfReport) -> tuple[str, str]:
    return GRAIN_TITLES[report.changed.alignment.grain]


def _verdicts(report: WhatIfReport) -> str:
    """How many organisations get a different verdict."""
    noun, nouns = _nouns(report)
    if not report.same_level:
        return _other_level(report)
    if not report.judged:
        return f"no single {noun} can be judged, before or after"
    moved, in_both = len(report.moved), len(report.in_both)
    if not in_both:
        return f"no {noun} is in both"
    if not moved:
        return (
            f"none of {in_both:,} verdicts changes"
            if in_both > 1
            else "its verdict does not change"
        )
    return f"{moved:,} of {counted(in_both, noun, nouns)} get{'s' if moved == 1 else ''} a different verdict"


def _other_level(report: WhatIfReport) -> str:
    before, after = (
        GRAIN_TITLES[view.alignment.grain][1] for view in (report.baseline, report.changed)
    )
    return f"verdicts on {after} cannot be set beside those on {before}"


def limits(report: WhatIfReport) -> str:
    """What limits the comparison; where these sources cannot show the scenario, why."""
    if not report.followed:
        return " ".join(_new_notes(report)) or "Neither source records what this would take."
    if not report.answered:
        return ""
    why = "Both rest in part on the same answers, so that the" if report.shares_answers else "The"
    sentence = (
        f"{why} difference between them is not a test: it shows whether the conclusion depends on this "
        "choice."
    )
    return f"{lost(report)} {sentence}" if report.lost else sentence


def lost(report: WhatIfReport) -> str:
    """Who is no longer compared, and why."""
    noun, nouns = _nouns(report)
    count = len(report.lost)
    named = "; ".join(f"{item.name} ({reason(item)})" for item in report.lost[:MOST_NAMED])
    more = f"; and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
    return f"{counted(count, f'{noun} is', f'{nouns} are')} no longer compared: {named}{more}."


def reason(item: Lost) -> str:
    """Why an organisation is not compared under the scenario."""
    if not item.outcome:
        return "no answers in one of the two"
    return uncapital(alignment.OUTCOMES[item.outcome])


def what_changed(report: WhatIfReport) -> list[str]:
    """The changes that matter, in sentences."""
    if report.blank:
        return []
    sentences = _moves(report) if report.same_level else [f"{capital(_other_level(report))}."]
    sentences += _new_notes(report)
    if sentences:
        return sentences
    if not report.judged:
        return [
            "No single organisation can be judged, before or after; "
            + (
                "only the order of all of them can be compared."
                if any(report.headlines)
                else "nor is there a figure for all of them together."
            )
        ]
    move = report.headline_move
    if move is not None and abs(move) >= PRACTICALLY_THE_SAME:
        return ["No organisation gets a different verdict."]
    return ["Nothing changes: the conclusion does not depend on this choice."]


def _new_notes(report: WhatIfReport) -> list[str]:
    known = alignment.notes(report.baseline.alignment)
    return [note for note in alignment.notes(report.changed.alignment) if note not in known]


def _moves(report: WhatIfReport) -> list[str]:
    """Which verdicts moved, and who is in one of the two alone."""
    moved, sentences = report.moved, []
    for mark in GRADED:
        for view, change in (("before", "no longer"), ("after", "now")):
            rows = moved[moved[view] == mark]
            if len(rows):
                sentences.append(f"{_named(rows, view)}: {change} “{mark}”.")
    count = int((~moved[["before", "after"]].isin(GRADED)).all(axis=1).sum())
    if count:
        more = "more " if sentences else ""
        sentences.append(
            f"{count:,} {more}change{'s' if count == 1 else ''} between partial agreement, not enough "
            "evidence and silence."
        )
    sentences += _newly_silent(report)
    noun, nouns = _nouns(report)
    for view, absent in (("baseline", "after"), ("scenario", "before")):
        count = int((report.moves[absent] == NOT_COMPARED).sum())
        if count:
            sentences.append(f"{counted(count, f'{noun} is', f'{nouns} are')} in the {view} alone.")
    return sentences


def _named(rows: pd.DataFrame, view: str) -> str:
    """The first organisations by name, each with its verdict in the view that is not named already."""
    names = [
        f"{row.name} (now {row.after})" if view == "before" else f"{row.name} (was {row.before})"
        for row in each(rows.head(MOST_NAMED))
    ]
    more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
    return f"{', '.join(names)}{more}"


def _newly_silent(report: WhatIfReport) -> list[str]:
    """How many fall silent under the scenario, and why most of them do."""
    units = report.moved.loc[report.moved["after"] == MARKS[Rule.SILENCE], "unit"]
    if not len(units) or report.changed.verdicts is None:
        return []
    cells = report.changed.verdicts.shown
    cells = cells[cells["unit"].isin(units)]
    silences = pd.concat([cells["left_silence"], cells["right_silence"]])
    silences = silences[silences != ""].value_counts()
    why = f": {silences.index[0]}" if len(silences) else ""
    return [f"{counted(len(units), 'falls', 'fall')} silent{why}."]


# --- Figures and tables ---


def figures(report: WhatIfReport) -> list[tuple[str, str, str]]:
    """Label, value under the scenario, and what it was."""
    nouns = _nouns(report)[1]
    before, after = report.headlines
    if after is None:
        label, value, now = "Underlying agreement", "–", "no figure"
    else:
        label = after.figure.capitalize()
        value = "at the limit" if after.estimate is None else number(after.estimate)
        now = f"now {number_range(after.interval.low, after.interval.high)}"
    if before is not None and (after is None or before.figure == after.figure):
        was = f"was {_with_range(before)}"
    else:
        was = "no figure before"
    in_both = f"of {len(report.in_both):,} {nouns} in both"
    return [
        (label, value, f"{now}; {was}"),
        ("Changed verdicts", f"{len(report.moved):,}", in_both)
        if report.same_level
        else ("Changed verdicts", "–", "another level"),
        (
            f"{nouns.capitalize()} compared",
            f"{len(report.changed.pairs):,}",
            f"was {len(report.baseline.pairs):,}",
        ),
        _answers(report),
    ]


def _answers(report: WhatIfReport) -> tuple[str, str, str]:
    values, rests_on = [], []
    for which in ("left", "right"):
        now, was = (
            float(view.pairs[f"{which}_respondents"].sum()) if len(view.pairs) else 0.0
            for view in (report.changed, report.baseline)
        )
        side, before = getattr(report.changed, which), getattr(report.baseline, which)
        values.append(f"{now:,.0f}" if now or was else "–")
        whose = "" if side.source == before.source else f" of {before.short_title}"
        rests_on.append(f"{side.short_title}, was {was:,.0f}{whose}" if was else side.short_title)
    return ("Answers", " / ".join(values), "; ".join(rests_on))


def flow_cell(before: str, after: str, organisations: int) -> str:
    """One cell of the picture of verdicts: how many stayed, or went from which verdict to which."""
    if before == after:
        return f"{organisations:,} stayed {before}"
    return f"{organisations:,} went from {before} to {after}"


def table(report: WhatIfReport) -> Released:
    """Every organisation with its verdict in both, and the verdict under the scenario in a sentence."""
    rows = report.moves.drop(columns="place").reset_index(drop=True)
    verdicts = report.changed.verdicts
    if verdicts is None:
        return Released(rows.assign(verdict=""))
    shown = verdicts.shown
    sentences = pd.Series(of_verdicts.sentences(verdicts, shown), shown["unit"])
    return Released(rows.assign(verdict=sentences.reindex(rows["unit"]).fillna("").array))


def screen(report: WhatIfReport) -> Released:
    """The organisations that moved, with their gaps, for the screen."""
    rows = report.moved
    return Released(rows.assign(gap_before=_gaps(rows, "before"), gap_after=_gaps(rows, "after")))


def _gaps(rows: pd.DataFrame, view: str) -> list[str]:
    ends = (rows[f"{name}_{view}"].tolist() for name in ("difference", "low", "high"))
    return [
        "" if np.isnan(value) else f"{signed(value, 1)} ({signed(low, 1)} to {signed(high, 1)})"
        for value, low, high in zip(*ends, strict=True)
    ]


def method() -> tuple[str, ...]:
    return methods.method(
        "what_if",
        choices=joined(list(CHOICES.values())),
        most_ways=MOST_WAYS,
        stable=percent(STABLE),
        fairly_stable=percent(FAIRLY_STABLE),
        fewest_answers=FEWEST_ANSWERS,
        fewest_peers=FEWEST_PEERS,
    )


# --- Without each source ---


def pair_title(pair: Remaining) -> str:
    return joined([maps.source(name)["short_title"] for name in pair.sources])


def without_each(report: WithoutEach) -> str:
    """How alike each two of three sources are, without the third."""
    if not report.pairs:
        return "This takes three kinds of source on the same organisations, and they are not all loaded."
    parts = [
        f"without {maps.source(pair.left_out)['short_title']}: {_alike(pair)}"
        for pair in report.pairs
    ]
    return capital(f"{'; '.join(parts)}.")


def _alike(pair: Remaining) -> str:
    if pair.headline is None:
        return f"for {pair_title(pair)} there is not enough evidence"
    return f"{pair_title(pair)} {agreement.likeness_in_words(pair.report)}"


def without_each_table(report: WithoutEach) -> Released:
    """One row per source left out: the other two, and how alike they are."""
    rows = []
    for pair in report.pairs:
        rows.append(
            {
                "left_out": maps.source(pair.left_out)["short_title"],
                "pair": pair_title(pair),
                "underlying": _figure(pair.report.latent, "cannot be estimated"),
                "raw": _figure(pair.report.correlation, ""),
                "compared": len(pair.report.pairs),
            }
        )
    return Released(rows, columns=["left_out", "pair", "underlying", "raw", "compared"])


def _figure(figure: LatentCorrelation | Correlation | None, none: str) -> str:
    """A figure and its range for a narrow column, whose head says what the range is."""
    if figure is None or (figure.estimate is None and figure.interval is None):
        return none
    if figure.interval is None:
        return f"{number(figure.estimate or 0)} (no range: the order is exactly the same)"
    if figure.estimate is None:
        bound = at_limit(figure.interval.low, figure.interval.high)
        return f"at the limit of what can be estimated ({bound})"
    return scenarios.estimated(figure.estimate, figure.interval.low, figure.interval.high)
