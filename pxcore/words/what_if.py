"""Does the conclusion hold if …? What a scenario changes, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.judging.certainty import AGREE, DIFFER, CertaintyReport, Unsaid
from pxcore.analysis.judging.judgement import Mark
from pxcore.analysis.judging.robustness import MOST_WAYS
from pxcore.analysis.pairs.what_if import (
    NOT_COMPARED,
    PRACTICALLY_THE_SAME,
    Figure,
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
from pxcore.words import agreement, alignment, certainty, methods, refusals, scenarios
from pxcore.words.english import (
    at_limit,
    capital,
    counted,
    joined,
    number,
    number_range,
    percent,
    uncapital,
)
from pxcore.words.robustness import CHOICES

MOST_NAMED = 3
GENERAL: Mapping[Figure, str] = {
    Figure.UNDERLYING: "how alike in general:",
    Figure.RAW: "raw rank correlation",
}
HOW_FAR: Mapping[HowFar | None, str] = {
    HowFar.SAME: ", practically the same",
    HowFar.INSIDE: ", inside the range the baseline already allowed",
    HowFar.OUTSIDE: ", outside the range of the baseline",
    None: "",
}


def title(report: WhatIfReport) -> str:
    return scenarios.title(report.scenario)


def summary(report: WhatIfReport) -> str:
    """Whether the conclusion holds, and for how many the two now tell the same story."""
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
    return f"{holds}{title(report)}{note}: {_stories(report)}.{asked}"


def _stories(report: WhatIfReport) -> str:
    """For how many the two tell the same story and on how many they differ, beside what it was."""
    if not report.same_level:
        return _other_level(report)
    if not report.judged:
        return f"nothing is said of a single {_nouns(report)[0]}, before or after"
    if not len(report.in_both):
        return f"no {_nouns(report)[0]} is in both"
    views = (report.likely_after, report.likely_before)
    (agree, differ, said), (was, differed, of) = map(_counts, views)
    now = counted(said, *_nouns(report))
    return (
        f"the same story for {agree:,} of {now}, where it was {was:,} of {of:,}. They probably differ on "
        f"{differ:,}, where it was {differed:,}"
    )


def _counts(report: CertaintyReport) -> tuple[int, int, int]:
    """On how many the two probably agree, on how many they probably differ, and of how many in all."""
    counts = report.counts()
    agree, differ = (sum(counts[mark] for mark in marks) for marks in (AGREE, DIFFER))
    return agree, differ, len(report.likely)


def flow_title(report: WhatIfReport) -> str:
    """The title of the picture of who is spoken of with another word."""
    moved, in_both = len(report.moved), counted(len(report.in_both), *_nouns(report))
    return f"{moved or 'None'} of {in_both} spoken of with another word"


def headlines_title(report: WhatIfReport) -> str:
    """The title of the picture of the figures for all together; "" where one of the two has none."""
    before, after = report.headlines
    if before is None or after is None or before.figure != after.figure:
        return ""
    now, was = (
        "at the limit" if view.estimate is None else number(view.estimate)
        for view in (after, before)
    )
    return f"{capital(after.figure)} {now}, where it was {was}"


def in_general(report: WhatIfReport) -> str:
    """How alike the two are over all organisations, beside what it was; "" where nothing is changed."""
    return f"{capital(_headline(report))}." if report.answered else ""


def _headline(report: WhatIfReport) -> str:
    """The figure for all organisations together, beside what it was."""
    before, after = report.headlines
    if after is None:
        return "no figure can be worked out for all organisations together"
    if after.estimate is None:
        bound = at_limit(after.interval.low, after.interval.high)
        text = f"{GENERAL[after.figure]} at the limit of what can be estimated ({bound})"
    else:
        text = f"{GENERAL[after.figure]} {_with_range(after)}"
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


def _other_level(report: WhatIfReport) -> str:
    before, after = (
        GRAIN_TITLES[view.alignment.grain][1] for view in (report.baseline, report.changed)
    )
    return f"what is said of {after} cannot be set beside what is said of {before}"


def limits(report: WhatIfReport) -> str:
    """What limits the comparison; where these sources cannot show the scenario, why."""
    if not report.followed:
        return " ".join(_new_notes(report)) or "Neither source records what this would take."
    if not report.answered:
        return ""
    return " ".join(filter(None, (in_general(report), lost(report) if report.lost else "")))


def no_test(report: WhatIfReport) -> str:
    """What a difference between two views of the same data is, and is not."""
    why = "Both rest in part on the same answers, so that the" if report.shares_answers else "The"
    return (
        f"{why} difference between them is not a test: it shows whether the conclusion depends on this "
        "choice."
    )


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
            "Nothing is said of a single organisation, before or after; "
            + (
                "only the order of all of them can be compared."
                if any(report.headlines)
                else "nor is there a figure for all of them together."
            )
        ]
    move = report.headline_move
    if move is not None and abs(move) >= PRACTICALLY_THE_SAME:
        return ["Nothing else is said of any organisation."]
    return ["Nothing changes: the conclusion does not depend on this choice."]


def _new_notes(report: WhatIfReport) -> list[str]:
    known = alignment.notes(report.baseline.alignment)
    return [note for note in alignment.notes(report.changed.alignment) if note not in known]


def _moves(report: WhatIfReport) -> list[str]:
    """Who enters or leaves those that differ, how many else are spoken of otherwise, and who is in one of
    the two alone."""
    moved, sentences = report.moved, []
    differ = moved[["before", "after"]].isin(DIFFER)
    left, entered = (differ["before"] & ~differ["after"], differ["after"] & ~differ["before"])
    for rows, view, change in (
        (moved[left], "after", "no longer among those that differ"),
        (moved[entered], "before", "now among those that differ"),
    ):
        if len(rows):
            sentences.append(f"{capital(change)}: {_named(rows, view)}.")
    silent = moved["after"].isin(list(Unsaid))
    count = int((~left & ~entered & ~silent).sum())
    if count:
        more = "more " if sentences else ""
        sentences.append(
            f"{count:,} {more}{'is' if count == 1 else 'are'} spoken of with another word, such as could be "
            "either instead of probably agree."
        )
    sentences += _newly_silent(report)
    noun, nouns = _nouns(report)
    for view, absent in (("baseline", "after"), ("scenario", "before")):
        count = int((report.moves[absent] == NOT_COMPARED).sum())
        if count:
            sentences.append(f"{counted(count, f'{noun} is', f'{nouns} are')} in the {view} alone.")
    return sentences


def _named(rows: pd.DataFrame, view: str) -> str:
    """The first organisations by name, each with its word in the view that is not named already."""
    when = "now" if view == "after" else "was"
    names = [f"{row.name} ({when} {getattr(row, view)})" for row in each(rows.head(MOST_NAMED))]
    more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
    return f"{', '.join(names)}{more}"


def _newly_silent(report: WhatIfReport) -> list[str]:
    """Of how many nothing is said under the scenario, and why of most of them."""
    units = report.moved.loc[report.moved["after"].isin(list(Unsaid)), "unit"]
    if not len(units) or report.changed.verdicts is None:
        return []
    cells = report.changed.verdicts.shown
    cells = cells[cells["unit"].isin(units)]
    silences = pd.concat([cells["left_silence"], cells["right_silence"]])
    silences = silences[silences != ""].value_counts()
    why = f": {silences.index[0]}" if len(silences) else ""
    return [f"Nothing more is said of {len(units):,}{why}."]


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
        ("Another word", f"{len(report.moved):,}", in_both)
        if report.same_level
        else ("Another word", "–", "another level"),
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
    """Every organisation with how likely the two agree on it, in both views."""
    return Released(report.moves.drop(columns="place").reset_index(drop=True))


def screen(report: WhatIfReport) -> Released:
    """The organisations of which something else is said, with the gap in both, for the screen."""
    rows = report.moved
    columns = {
        f"{name}_{view}": of_each(rows, view)
        for view in ("before", "after")
        for name, of_each in (("likely", _likely), ("range", _gaps))
    }
    return Released(rows.assign(**columns))


def _likely(rows: pd.DataFrame, view: str) -> list[str]:
    """The word, and how likely the two agree in 100."""
    cells = zip(rows[view], rows[f"agree_{view}"], strict=True)
    return [
        mark if np.isnan(agree) else f"{mark} ({certainty.of_100(agree)})" for mark, agree in cells
    ]


def _gaps(rows: pd.DataFrame, view: str) -> list[str]:
    names = ("gap", "gap_low", "gap_high")
    columns = {f"{name}_{view}": name for name in names}
    return certainty.gaps(rows[list(columns)].rename(columns=columns))


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
                "without": maps.source(pair.left_out)["short_title"],
                "pair": pair_title(pair),
                "underlying_range": _figure(pair.report.latent, "cannot be estimated"),
                "raw_range": _figure(pair.report.correlation, ""),
                "compared": len(pair.report.pairs),
            }
        )
    return Released(rows, columns=["without", "pair", "underlying_range", "raw_range", "compared"])


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
