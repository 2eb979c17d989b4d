"""What the report of themes says: shares and gaps in words, tables for the screen, how it was worked out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.comments.mentions import (
    EXPECTED_OF_A_PAIR,
    FEELINGS,
    FEWEST_AT_A_POINT,
    FEWEST_FOR_A_TREND,
    FEWEST_OF_A_PAIR,
    Coder,
    Silence,
    TooShort,
    Voice,
)
from pxcore.analysis.comments.themes import ThemesReport
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.stats.trend import FEWEST_POINTS, LEAST_WORTH, SHOWN, Direction
from pxcore.words.columns import Column
from pxcore.words.counts import fewer_than, noise_said
from pxcore.words.english import (
    capital,
    counted,
    few,
    joined,
    percent,
    percent_range,
    points_signed,
    tested_together,
    uncapital,
)
from pxcore.words.methods import method as paragraphs
from pxcore.words.theme_trends import DIRECTIONS, trend
from pxcore.words.verdicts import chance

COMMENTS = "Each source of comments"  # what its counts are of
CODERS = {
    Coder.SUPPLIER: "coded by the supplier",
    Coder.PERSON: "coded by people in this app",
    Coder.RULE: "suggested by keyword rules",
    Coder.REPORT: "as the report lists them",
}
TOO_SHORT = {
    TooShort.ONE_REPORT: "one report is one point in time",
    TooShort.FEW_QUARTERS: f"fewer than {FEWEST_POINTS} quarters with {FEWEST_AT_A_POINT} people",
}
SILENCES = {
    Silence.NOT_PUBLISHED: "not in the report",
    Silence.WITHHELD: "withheld by the publisher",
}
NO_PAIR = "No two themes are shown to go together more, or less, than chance would have."


# --- The answer ---


def summary(report: ThemesReport) -> str:
    """The one plain sentence."""
    if report.status != "ok":
        return _nothing(report)
    tops = report.top_topics()
    if tops.empty:
        fewer = fewer_than(report.question.disclosure)
        return f"No theme is named by enough people to be shown: each by {fewer}."
    if tops["theme"].nunique() > 1:
        named = [
            f"{row.theme} in {report.voice(row.voice).title}, {_share(row)}" for row in each(tops)
        ]
        return f"Named most: {', '.join(named[:-1])}, and {named[-1]}.{_moving(report)}"
    shares = [f"{_share(row)} in {report.voice(row.voice).title}" for row in each(tops)]
    return f"{tops['theme'].iloc[0]} is the topic named most: by {joined(shares)}.{_moving(report)}"


def _feeling(report: ThemesReport, tops: pd.DataFrame) -> str:
    """How those felt who name the theme named most; "" where that is not known."""
    if tops.empty:
        return ""
    first = tops.sort_values("share", ascending=False, kind="stable").iloc[0]
    felt = report.felt()
    rows = felt[(felt["theme"] == first["theme"]) & (felt["feeling"] == "negative")]
    if rows.empty:
        return ""
    of_each = [f"{_share(row)} in {report.voice(row.voice).title}" for row in each(rows)]
    return f"Of those naming {uncapital(first['theme'])}, negative as a whole: {joined(of_each)}."


def _moving(report: ThemesReport) -> str:
    """The theme that rises or falls the most surely; "" where none does."""
    for row in each(report.moving.head(1)):
        return f" {row.theme} is {DIRECTIONS[row.direction]} in {report.voice(row.voice).title}."
    return ""


def _share(row: Any) -> str:
    return f"{percent(row.share)} ({percent_range(row.low, row.high)})"


def _differ(report: ThemesReport) -> str:
    tested = report.tested
    if tested.empty:
        return ""
    both = f"{report.voice(report.left).title} and {report.voice(report.right).title}"
    differ = int(tested["shown"].sum())
    if differ:
        return f"{both} differ beyond chance on {differ} of {len(tested)} themes."
    of = f"any of {len(tested)} themes" if len(tested) > 1 else "the one theme compared"
    return f"{both} are not shown to differ on {of}."


def _wrote(report: ThemesReport) -> str:
    """How many people wrote what is coded, source by source."""
    shown = [voice for voice in report.voices if np.isfinite(voice.people)]
    if not shown:
        return ""
    by = joined([f"{voice.people:,.0f} {_noun(voice)} in {voice.title}" for voice in shown])
    return f"From {by}."


def _nothing(report: ThemesReport) -> str:
    if report.account.empty:
        return "No comments are loaded: nobody is heard in their own words."
    if report.voices:
        return "Too few people's comments are coded to show anything about themes."
    waiting = capital(_people(report, report.account["with_words"].sum(min_count=1)))
    return (
        f"{waiting} wrote the comments that are loaded, and nobody has coded them with themes yet."
    )


def _people(report: ThemesReport, count: float) -> str:
    """A number of people as it is shown."""
    if np.isnan(count):
        return f"{fewer_than(report.question.disclosure)} people"
    return counted(count, "person", "people")


def limits(report: ThemesReport) -> str:
    if report.status != "ok":
        return ""
    sentences = list(
        filter(None, (_wrote(report), _differ(report), _feeling(report, report.top_topics())))
    )
    if report.includes_suggestions:
        sentences.append(
            f"Includes themes suggested by keyword rules for {_people(report, report.by_rule)}: "
            "suggested by a machine, not found by a person."
        )
    elif report.question.suggestions:
        sentences.append(
            "Every comment is coded by a person or its supplier: rules suggest nothing."
        )
    sentences.append("Shares are of people who chose to write, not of patients.")
    every, topics = report.named, report.topics
    if every and topics and every[0] != topics[0]:
        sentences.append(f"{every[0]} is named more, but names no topic.")
    not_labelled, undated = (report.account[name].sum() for name in ("not_labelled", "undated"))
    if not_labelled > 0:
        sentences.append(
            f"Comments of {_people(report, not_labelled)} could not be labelled and are left out."
        )
    if undated > 0 and report.question.window is None:
        sentences.append(
            f"Comments of {_people(report, undated)} have no certain date: they count in the shares, but "
            "in nothing over time."
        )
    return " ".join(sentences)


def next_step(report: ThemesReport) -> str:
    if report.account.empty:
        return (
            "Load comments on the Sources page: Healthwatch feedback, Care Opinion stories, Friends "
            "and Family Test free text, or comments already coded with themes. They are masked as "
            "they are loaded."
        )
    return (
        "Code them by hand under *Code and mask*, or switch on *Count suggested themes* to see what "
        "keyword rules make of them, marked as such. A smaller *smallest number shown* or a wider "
        "area may help where people are few."
    )


def _noun(voice: Voice) -> str:
    return "reviews" if voice.published else "people"


def findings(report: ThemesReport) -> list[str]:
    """Up to four short things to notice."""
    sentences = []
    tested = report.tested
    for row in each(tested[tested["shown"]].head(2)):
        more = report.voice(report.left if row.difference > 0 else report.right)
        less = report.voice(report.right if row.difference > 0 else report.left)
        high, low = sorted((row.left_share, row.right_share), reverse=True)
        sentences.append(
            f"{row.theme}: more in {more.title} ({percent(high)}) than in {less.title} ({percent(low)})."
        )
    sentences += [trend(report, row) for row in each(report.moving.head(1))]
    if len(report.pairs):
        together = report.pairs[report.pairs["shown"] & (report.pairs["phi"] > 0)]
        sentences += [pair(report, row) for row in each(together.head(1))]
    if not sentences and len(tested):
        gap = float(((tested["high"] - tested["low"]) / 2).max()) * 100
        sentences.append(
            f"With these numbers of people, gaps between the two sources of under about {gap:.0f} "
            "points may be chance: not shown to differ does not mean alike."
        )
    return sentences + silence(report)[:1]


def silence(report: ThemesReport) -> list[str]:
    """Who says nothing on what, and why."""
    sentences = []
    for voice in report.voices:
        rows = report.prominence[report.prominence["voice"] == voice.key]
        none = rows[rows["silence"] == Silence.NONE]
        if len(none) and np.isfinite(voice.people):
            sentences.append(
                f"{voice.title} says nothing on {few(none['theme'])}: none of {voice.people:,.0f} "
                f"{_noun(voice)}, so at most about {percent(float(none['high'].max()))} would."
            )
        seldom = rows[rows["under"].notna()]
        if len(seldom):
            sentences.append(
                f"{voice.title} says little on {few(seldom['theme'])}: "
                f"{_under(report, seldom.iloc[0])} named {_them(seldom, 'each')}."
            )
        unlisted = rows[rows["silence"] == Silence.NOT_PUBLISHED]
        if len(unlisted):
            sentences.append(
                f"{voice.title} lists only its most frequent themes: {len(unlisted)} more "
                f"{'is' if len(unlisted) == 1 else 'are'} not in it, which does not mean that nobody "
                f"named {_them(unlisted)}."
            )
    sentences += [
        f"{maps.source(str(row.source))['short_title']}: nobody has coded the comments of "
        f"{_people(report, row.with_words)}."
        for row in each(report.account)
        if not (row.coded_by_supplier or row.coded_by_hand)
    ]
    if report.without_comments:
        sentences.append(
            f"No comments came with {few(report.without_comments)}: "
            f"{'it' if len(report.without_comments) == 1 else 'they'} cannot say why."
        )
    return sentences


def _them(rows: pd.DataFrame, several: str = "them") -> str:
    return "it" if len(rows) == 1 else several


def _under(report: ThemesReport, row: Any) -> str:
    """What is known of a share that fewer than the floor make up."""
    fewer = fewer_than(report.question.disclosure)
    return f"{fewer} of {row.base:,.0f}, under {percent(row.under)},"


def coders(report: ThemesReport) -> str:
    """Whose coding the figures rest on."""
    return " ".join(f"{voice.title}: {coded_by(voice)}." for voice in report.voices)


def coded_by(voice: Voice) -> str:
    return joined([CODERS[coder] for coder in voice.coders])


def marks(report: ThemesReport) -> tuple[str, ...]:
    """What an export must carry wherever it goes."""
    return ("includes themes suggested by keyword rules",) if report.includes_suggestions else ()


def too_short(report: ThemesReport) -> list[str]:
    """Why a source has no trend, of each that has none."""
    return [
        f"{report.voice(key).title}, over time: {TOO_SHORT[reason]}."
        for key, reason in report.too_short.items()
    ]


def notes(report: ThemesReport) -> list[str]:
    """What to bear in mind."""
    sentences = [
        coders(report),
        noise_said(COMMENTS, report.question.disclosure),
        *silence(report),
        *too_short(report),
    ]
    if not report.question.own_words:
        sentences.append(
            "Each supplier's themes are put together under common ones (data/reference/themes.csv); "
            "a theme without a common one keeps its own words."
        )
    if any(voice.published for voice in report.voices):
        sentences += [
            "A report and comments may speak of different services and times: what differs may be that.",
            "Where a report lists two themes that go under one common theme, the larger of the two counts: "
            "how many named both is not in it.",
        ]
    return sentences


def method(report: ThemesReport) -> tuple[str, ...]:
    disclosure = report.question.disclosure
    nobody = (
        ""
        if disclosure.exact
        else " A theme nobody named reads so too, with what its share is then under. Shares, tests and "
        "trends are worked out from the counts as they are shown, and ranges allow for the noise."
    )
    return paragraphs(
        "themes",
        shown=SHOWN,
        at_a_point=FEWEST_AT_A_POINT,
        for_a_trend=FEWEST_FOR_A_TREND,
        points=FEWEST_POINTS,
        worth=LEAST_WORTH,
        floor=disclosure.floor,
        of_a_pair=FEWEST_OF_A_PAIR,
        by_chance=EXPECTED_OF_A_PAIR,
        noise=noise_said(COMMENTS, disclosure),
        nobody=nobody,
    )


# --- Shares, in pictures and tables ---


def shares(report: ThemesReport, rows: Released) -> list[str]:
    """Each share in words: of how many people, or why there is none."""
    return [_cell(report, row) for row in each(rows)]


def _cell(report: ThemesReport, row: Any) -> str:
    if np.isfinite(row.share):
        of = f"{row.people:,.0f} of {row.base:,.0f} {_noun(report.voice(row.voice))}"
        return f"{_share(row)}: {of}"
    if np.isfinite(row.under):
        return f"{_under(report, row)} named it"
    return SILENCES[Silence(row.silence)]


def prominence_title(report: ThemesReport) -> str:
    """The title of the first picture; "" where no theme may be shown."""
    tops = report.top_topics()
    if tops.empty:
        return ""
    first = tops.sort_values("share", ascending=False).iloc[0]
    return f"{first['theme']} most of all: {percent(first['share'])}, {report.voice(first['voice']).title}"


def prominence(report: ThemesReport) -> str:
    """The first picture in words."""
    rows = report.drawn().head(10)
    shown = zip(rows["theme"], rows["source"], shares(report, rows), strict=True)
    of_each = "; ".join(f"{theme}, {source}: {share}" for theme, source, share in shown)
    return f"{summary(report)} {of_each}."


def heat(report: ThemesReport, voices: Sequence[str] = ()) -> str:
    """The picture by service in words, of all sources or of some."""
    rows = report.heat()
    rows = rows[rows["voice"].isin(voices or rows["voice"])]
    shown = rows[rows["share"].notna() & (rows["service"] != "")].nlargest(6, "share")
    highest = "; ".join(
        f"{row.theme} in {row.source}, {row.place}: {percent(row.share)}" for row in each(shown)
    )
    return f"How often each theme is named, by source and service. Highest: {highest}."


def columns(report: ThemesReport) -> list[str | Column]:
    """Of the table for the screen: one for each source."""
    shares = [Column.of(f"voice {key}", "each", title) for key, title in report.titles().items()]
    shown: list[str | Column] = [Column.of("theme", width=205), *shares]
    if len(report.differences):
        less = f"{report.voice(report.left).title} less {report.voice(report.right).title}"
        shown += [Column.of("gap", "gap_in_points", "Gap, points", help=less), "q"]
    return [*shown, "feeling", "domain"]


def screen(report: ThemesReport) -> Released:
    """One row per theme: each voice's share with its range, and how two of them differ."""
    titles = {row["domain"]: row["title"] for row in maps.rows("domains")}
    rows = []
    seldom = report.prominence[report.prominence["under"].notna()]["theme"]
    every = dict.fromkeys([*report.named, *seldom])
    shares, differences = _by_theme(report.prominence), _by_theme(report.differences)
    negative = _negative(report)
    for theme in every:
        of_theme = shares[theme]
        row: dict[str, Any] = {
            "theme": theme,
            "domain": titles.get(str(of_theme[0].domain), ""),
        }
        for cell in of_theme:
            row[f"voice {cell.voice}"] = _in_table(report, cell)
        if len(report.differences):
            row |= {"gap": "", "q": ""}
            for gap in differences.get(theme, []):
                row["gap"] = _points(gap.difference, gap, 100)
                row["q"] = chance(float(gap.q_value))
        row["feeling"] = "; ".join(negative.get(theme, []))
        rows.append(row)
    columns = [f"voice {voice.key}" for voice in report.voices]
    gaps = ["gap", "q"] if len(report.differences) else []
    return Released(rows, columns=["theme", "domain", *columns, *gaps, "feeling"])


def _points(value: float, row: Any, times: int = 1) -> str:
    """Percentage points with their range; "" where there are none."""
    if np.isnan(value):
        return ""
    low, high = points_signed(times * row.low), points_signed(times * row.high)
    return f"{points_signed(times * value)} ({low} to {high})"


def _in_table(report: ThemesReport, cell: Any) -> str:
    if np.isfinite(cell.share):
        return _share(cell)
    if np.isfinite(cell.under):
        fewer = fewer_than(report.question.disclosure)
        return f"{fewer} of {cell.base:,.0f}: under {percent(cell.under)}"
    return SILENCES.get(cell.silence, "too few to show")


def _by_theme(rows: pd.DataFrame) -> dict[str, list[Any]]:
    """The rows of each theme."""
    of_theme: dict[str, list[Any]] = {}
    for row in each(rows):
        of_theme.setdefault(row.theme, []).append(row)
    return of_theme


def negative(report: ThemesReport) -> Released:
    """How many of those who named a theme were negative, in each source of which it is known."""
    rows = report.feelings[report.feelings["feeling"] == "negative"]
    known = rows[rows["share"].notna() | rows["under"].notna()]
    return Released(
        known.assign(
            source=[report.voice(voice).title for voice in known["voice"]],
            negative=[
                _share(row) if np.isfinite(row.share) else f"under {percent(row.under)}"
                for row in each(known)
            ],
        )[["theme", "voice", "source", "negative"]]
    )


def _negative(report: ThemesReport) -> dict[str, list[str]]:
    return {
        theme: [f"{row.source} {row.negative}" for row in of_theme]
        for theme, of_theme in _by_theme(negative(report)).items()
    }


def gaps_alone(report: ThemesReport) -> str:
    """Gaps that would be findings by themselves, and are none among those tested together."""
    rows = report.tested
    if rows.empty:
        return ""
    alone = rows[(rows["low"] * rows["high"] > 0) & ~rows["shown"].astype(bool)]
    return tested_together(list(alone["theme"]), len(rows), "no difference is shown")


def table(report: ThemesReport) -> Released:
    """Every theme of every source, for analysts."""
    rows = report.prominence.merge(
        report.feelings.pivot_table(
            index=["theme", "voice"], columns="feeling", values="count", dropna=False
        )
        .reindex(columns=list(FEELINGS))
        .reset_index(),
        on=["theme", "voice"],
        how="left",
    )
    columns = [
        "theme", "domain", "source", "people", "base", "share", "low", "high", "under", *FEELINGS,
        "coded_by", "withheld", "silence",
    ]  # fmt: skip
    return rows.assign(
        source=[report.voice(key).title for key in rows["voice"]],
        coded_by=[coded_by(report.voice(key)) for key in rows["voice"]],
    )[columns].reset_index(drop=True)


def trend_rows(report: ThemesReport) -> Released:
    """The trends for the screen."""
    rows = report.trends
    return Released(
        {
            "theme": rows["theme"],
            "source": [report.voice(key).title for key in rows["voice"]],
            "way": [DIRECTIONS[Direction(direction)] for direction in rows["direction"]],
            "slope": [_points(row.slope, row) for row in each(rows)],
            "q": [chance(value) for value in rows["q_value"]],
            "points": rows["points"],
        }
    )


# --- Together ---


def pair(report: ThemesReport, row: Any) -> str:
    """Two themes of one voice together."""
    together = "go together" if row.phi > 0 else "are seldom named together"
    return (
        f"{row.left_theme} and {row.right_theme} {together} in {report.voice(row.voice).title}: of those "
        f"who named the second, {percent(row.with_right)} named the first; of the others, "
        f"{percent(row.without_right)}."
    )


def pairs(report: ThemesReport, voice: str) -> list[str]:
    """The surest pairs in words, those that go together first."""
    rows = report.pairs[(report.pairs["voice"] == voice) & report.pairs["shown"]]
    surest = pd.concat([rows[rows["phi"] > 0].head(3), rows[rows["phi"] < 0].head(1)])
    return [pair(report, row) for row in each(surest)] or [NO_PAIR]


def together(rows: Released) -> list[str]:
    """How many people named both of each pair."""
    return [
        f"{row.people:,.0f} people named both, {row.lift:.1f} times as many as chance would have"
        for row in each(rows)
    ]


def pair_rows(report: ThemesReport, voice: str) -> Released:
    """The pairs for the screen, strongest first."""
    rows = report.pairs[report.pairs["voice"] == voice]
    return Released(
        {
            "first": rows["left_theme"],
            "second": rows["right_theme"],
            "people": rows["people"],
            "lift": rows["lift"],
            "gap": [_points(row.with_right - row.without_right, row, 100) for row in each(rows)],
            "q": [chance(value) for value in rows["q_value"]],
        }
    )


# --- How they felt ---


def feelings(rows: Released) -> list[str]:
    """Each share of those whose feeling is known."""
    return [f"{_share(row)} of {row.known:,.0f}" for row in each(rows)]


def felt(report: ThemesReport) -> str:
    rows = report.felt()
    worst = rows[(rows["feeling"] == "negative") & (rows["theme"] != "")].nlargest(4, "low")
    if worst.empty:
        return (
            "What those felt who named a theme rests on too few people to be shown theme by theme."
        )
    shown = zip(worst["name"], worst["source"], feelings(worst), strict=True)
    most = "; ".join(f"{name}, {source}: {share}" for name, source, share in shown)
    return f"Comments that name a theme and are negative as a whole, surest to be many: {most}."
