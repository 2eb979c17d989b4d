"""What do people say behind the figures? The same themes across sources, with how sure each share is.

What is counted is people, not comments: one author is one, in however many comments. A share is of the
people whose comments somebody coded; it says nothing of those who did not write.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.evidence import each
from pxcore.analysis.masking import redactor
from pxcore.analysis.rules import rules
from pxcore.analysis.verdicts import chance
from pxcore.analysis.words import few, joined, percent, percent_range, points_signed
from pxcore.disclosure import protect
from pxcore.model import Disclosure, Period, Withheld
from pxcore.stats.intervals import wilson
from pxcore.stats.shares import association, false_discovery, share_differences
from pxcore.stats.trend import FEWEST_POINTS, SHOWN, Trend, trend
from pxcore.store import Store

JSON_SCHEMA = 1
FEWEST_AT_A_POINT = 10  # people whose comments are coded, for a quarter or month to be a point
FEWEST_FOR_A_TREND = 20  # people who named a theme, for it to be looked at over time
FEWEST_OF_A_PAIR = 10  # people who named each of two themes, for them to be looked at together
EXPECTED_OF_A_PAIR = 5.0  # people who would name both by chance alone
MOST_DRAWN = 14  # themes in the first picture
MOST_TOGETHER = 12  # themes in the picture of pairs
FEELINGS = ("positive", "neutral", "negative", "unsaid")
NOT_SAID = "not said"


@dataclass(frozen=True, slots=True)
class ThemesAsked:
    """Which comments are asked about, and whose coding counts."""

    area: str = ""
    service: str = ""
    window: Period | None = None
    own_words: bool = False  # the suppliers' own themes instead of the common ones
    suggestions: bool = False  # with what keyword rules suggest where nobody has coded
    left: str = ""  # two voices to compare; the two with most people unless said
    right: str = ""
    disclosure: Disclosure = field(default_factory=Disclosure)

    def parameters(self) -> dict[str, Any]:
        """The parameters that every query about coded comments takes."""
        raw, common = maps.theme_words()
        themes, patterns = rules()
        return {
            **self.filters(),
            "own_words": self.own_words,
            "raw": list(raw),
            "common": list(common),
            "rule_themes": list(themes),
            "rule_patterns": list(patterns),
        }

    def filters(self) -> dict[str, Any]:
        return {
            "area": self.area,
            "service": self.service,
            "start": self.window.start if self.window else None,
            "end": self.window.end if self.window else None,
        }


@dataclass(frozen=True, slots=True)
class Voice:
    """One source that speaks of themes: comments somebody coded, or a report's own table."""

    key: str
    title: str
    source: str
    signal: str
    people: float  # whose comments are coded; NaN where too few to show
    comments: float
    published: bool  # a table of a report: it lists its most frequent themes alone
    coded_by: str  # in words

    @property
    def noun(self) -> str:
        return "reviews" if self.published else "people"


@dataclass(frozen=True, slots=True)
class ThemesReport:
    """Themes by source, with intervals; by service; over time; together; and what nobody speaks of."""

    asked: ThemesAsked
    account: pd.DataFrame  # one row per source with comments: comments, people, how they are coded
    voices: tuple[Voice, ...]
    prominence: pd.DataFrame  # one row per theme and voice
    services: pd.DataFrame  # one row per theme, voice and service
    feelings: pd.DataFrame  # one row per theme ('' for all), voice and feeling
    differences: pd.DataFrame  # one row per theme: left voice against right voice
    trends: pd.DataFrame  # one row per theme and voice with enough points
    points: pd.DataFrame  # one row per theme, voice and period
    pairs: pd.DataFrame  # one row per voice and two themes
    too_short: dict[str, str]  # voice -> why nothing can be said of time
    without_comments: tuple[str, ...]  # titles of loaded sources nobody comments in
    by_rule: float  # people whose comments have suggested themes alone, where they are counted
    extracts: tuple[int, ...]
    revision: int

    # --- Sentences ---

    @property
    def status(self) -> str:
        return "ok" if any(voice.people > 0 for voice in self.voices) else "nothing"

    @property
    def has_words(self) -> bool:
        """Whether any of the comments came with their words."""
        return bool((self.account["with_words"] > 0).any())

    def summary(self) -> str:
        """The one plain sentence."""
        if self.status != "ok":
            return self._nothing()
        first = self.ordered_themes()[:1]
        if not first:
            return (
                "No theme is named by enough people to be shown: a figure rests on at least "
                f"{self.asked.disclosure.floor} people."
            )
        told = [
            f"{percent(row.share)} ({percent_range(row.low, row.high)}) in {self.voice(row.voice).title}"
            for row in each(self._of_theme(first[0]))
            if np.isfinite(row.share)
        ]
        return f"{first[0]} is the topic named most: by {joined(told)}{self._differ_said()}."

    def _differ_said(self) -> str:
        tested = self.tested
        if tested.empty:
            return ""
        found = int(tested["shown"].sum())
        one, other = self.voice(self.left).title, self.voice(self.right).title
        if found == 0:
            return f"; {one} and {other} are not shown to differ on any of {len(tested)} themes"
        return f"; {one} and {other} differ beyond chance on {found} of {len(tested)} themes"

    def _nothing(self) -> str:
        if self.account.empty:
            return "No comments are loaded here: nobody is heard in their own words."
        if any(np.isnan(voice.people) for voice in self.voices):
            return "Too few people have coded comments here to show anything about themes."
        waiting = self._counted(int(self.account["with_words"].sum()))
        return f"{waiting} comments are loaded here, and nobody has coded them with themes yet."

    def _counted(self, comments: int) -> str:
        """A number of comments, unless so few that it tells of single people."""
        return f"{comments:,}" if comments >= self.asked.disclosure.floor else "A few"

    def limits(self) -> str:
        if self.status != "ok":
            return ""
        said = ["Shares of the people who wrote, not of patients: who writes has chosen to."]
        if self.asked.suggestions and self.by_rule > 0:
            many = (
                f"{self.by_rule:,.0f} people"
                if self.by_rule >= self.asked.disclosure.floor
                else "a few people"
            )
            said.insert(
                0,
                f"Includes themes suggested by keyword rules for {many}: suggested by a machine, not "
                "found by a person.",
            )
        not_labelled = int(self.account["not_labelled"].sum())
        if not_labelled >= self.asked.disclosure.floor:
            said.append(f"{not_labelled:,} comments could not be labelled and are left out.")
        undated = int(self.account["undated"].sum())
        if undated >= self.asked.disclosure.floor:
            said.append(
                f"{undated:,} comments have no certain date: they are in the shares, not in anything "
                "over time."
                if self.asked.window is None
                else ""
            )
        return " ".join(one for one in said if one)

    def next_step(self) -> str:
        if self.account.empty:
            return (
                "Load comments on the Sources page: Healthwatch feedback, Care Opinion stories, Friends "
                "and Family Test free text, or comments already coded with themes. They are masked as "
                "they are loaded."
            )
        return (
            "Code them by hand under *Code by hand*, or switch on *Count suggested themes* to see what "
            "keyword rules make of them, marked as such. A smaller *smallest number shown* or a wider "
            "area may help where people are few."
        )

    def figures(self) -> list[tuple[str, str, str]]:
        told = [voice for voice in self.voices if np.isfinite(voice.people)]
        by = "; ".join(f"{voice.title} {voice.people:,.0f}" for voice in told)
        most = self.ordered_themes()[:1]
        shown = [
            (
                "People whose comments are coded",
                f"{sum(voice.people for voice in told):,.0f}",
                by,
            )
        ]
        if most:
            row = next(row for row in each(self._of_theme(most[0])) if np.isfinite(row.share))
            shown.append(
                (
                    "Topic named most",
                    most[0],
                    f"{percent(row.share)} ({percent_range(row.low, row.high)}) of {row.base:,.0f} "
                    f"{self.voice(row.voice).noun} in {self.voice(row.voice).title}",
                )
            )
        tested = self.tested
        if len(tested):
            shown.append(
                (
                    "Sources differ on",
                    f"{int(tested['shown'].sum())} of {len(tested)}",
                    f"themes, beyond chance: {self.voice(self.left).title} against "
                    f"{self.voice(self.right).title}",
                )
            )
        if len(self.trends):
            moved = self.trends["direction"] != "no trend shown"
            shown.append(
                (
                    "Rising or falling",
                    f"{int(moved.sum())} of {len(self.trends)}",
                    f"themes looked at {self._by_period()}, beyond chance",
                )
            )
        elif self.too_short:
            shown.append(("Rising or falling", "Too short", next(iter(self.too_short.values()))))
        return shown

    def _by_period(self) -> str:
        cuts = sorted(set(self.trends["cut"]), reverse=True)
        return " and ".join(f"{cut} by {cut}" for cut in cuts)

    def findings(self) -> list[str]:
        """Up to four short things to notice."""
        said = []
        tested = self.tested
        for row in each(tested[tested["shown"]].head(2)):
            more = self.voice(self.left if row.difference > 0 else self.right)
            less = self.voice(self.right if row.difference > 0 else self.left)
            high, low = sorted((row.left_share, row.right_share), reverse=True)
            said.append(
                f"{row.theme}: more in {more.title} ({percent(high)}) than in {less.title} "
                f"({percent(low)})."
            )
        if len(self.trends):
            moved = self.trends[self.trends["direction"] != "no trend shown"]
            said += [self.trend_said(row) for row in each(moved.head(1))]
        if len(self.pairs):
            together = self.pairs[self.pairs["shown"] & (self.pairs["phi"] > 0)]
            said += [self.pair_said(row) for row in each(together.head(1))]
        if not said and len(tested):
            gap = float(((tested["high"] - tested["low"]) / 2).max()) * 100
            said.append(
                f"With these numbers of people, gaps between the two sources of under about {gap:.0f} "
                "points may be chance: not shown to differ does not mean alike."
            )
        said += self.silence()[:1]
        return said

    def trend_said(self, row: Any) -> str:
        """One theme of one voice over time, in words."""
        voice = self.voice(row.voice).title
        way = {"up": "is named more often", "down": "is named less often"}.get(row.direction)
        steep = (
            f"{points_signed(row.slope)} percentage points a year "
            f"({points_signed(row.low)} to {points_signed(row.high)}), "
            f"{row.points} {row.cut}s"
        )
        if way is None:
            return f"{row.theme} in {voice}: no rise or fall shown; {steep}."
        return f"{row.theme} {way} in {voice}: {steep}."

    def pair_said(self, row: Any) -> str:
        """Two themes of one voice together, in words."""
        return (
            f"{row.left_theme} and {row.right_theme} go together in {self.voice(row.voice).title}: of "
            f"those who named the second, {percent(row.with_other)} named the first; of the others, "
            f"{percent(row.without_other)}."
            if row.phi > 0
            else f"{row.left_theme} and {row.right_theme} are seldom named together in "
            f"{self.voice(row.voice).title}: of those who named the second, {percent(row.with_other)} "
            f"named the first; of the others, {percent(row.without_other)}."
        )

    def silence(self) -> list[str]:
        """Who says nothing on what, and why."""
        said = []
        for voice in self.voices:
            rows = self.prominence[self.prominence["voice"] == voice.key]
            none = rows[rows["silence"] == "none"]
            if len(none) and np.isfinite(voice.people):
                most = percent(float(none["high"].max()))
                said.append(
                    f"{voice.title} says nothing on {few(none['theme'])}: nobody of "
                    f"{voice.people:,.0f} {voice.noun}, so at most about {most} would."
                )
            unlisted = rows[rows["silence"] == "not published"]
            if len(unlisted):
                said.append(
                    f"{voice.title} lists its most frequent themes alone: {len(unlisted)} others are "
                    "not in it, which does not say that nobody named them."
                )
        for row in each(self.account):
            if row.coded_by_supplier + row.coded_by_hand == 0 and row.with_words > 0:
                said.append(
                    f"{maps.source(str(row.source))['short_title']}: "
                    f"{self._counted(int(row.with_words)).lower()} comments that nobody has coded."
                )
        if self.without_comments:
            said.append(f"No comments came with {few(self.without_comments)}: they cannot say why.")
        return said

    def coded_said(self) -> str:
        """Whose coding the figures rest on."""
        return " ".join(f"{voice.title}: {voice.coded_by}." for voice in self.voices)

    # --- Parts ---

    def voice(self, key: str) -> Voice:
        return next(voice for voice in self.voices if voice.key == key)

    def loudest(self, keys: Iterable[str]) -> str:
        """Of some voices, the one with most people."""
        return max(keys, key=lambda key: self.voice(key).people)

    def titles(self) -> dict[str, str]:
        return {voice.key: voice.title for voice in self.voices if np.isfinite(voice.people)}

    @property
    def left(self) -> str:
        return self.asked.left

    @property
    def right(self) -> str:
        return self.asked.right

    @property
    def tested(self) -> pd.DataFrame:
        return (
            self.differences[self.differences["q_value"].notna()]
            if len(self.differences)
            else self.differences
        )

    def _of_theme(self, theme: str) -> pd.DataFrame:
        rows = self.prominence[self.prominence["theme"] == theme]
        return rows.sort_values("share", ascending=False, kind="stable")

    def ordered_themes(self, *, topics_only: bool = True) -> list[str]:
        """Themes by the largest share any voice gives them; general praise is not a topic."""
        rows = self.prominence[self.prominence["share"].notna() & (self.prominence["people"] > 0)]
        if topics_only:
            rows = rows[rows["topic"].astype(bool)]
        best = rows.groupby("theme", sort=False)["share"].max()
        return [str(theme) for theme in best.sort_values(ascending=False, kind="stable").index]

    def drawn(self) -> pd.DataFrame:
        """The rows of the first picture: the themes named most, general praise and its like last."""
        topics = self.ordered_themes()
        others = [theme for theme in self.ordered_themes(topics_only=False) if theme not in topics]
        order = [*topics[:MOST_DRAWN], *others]
        rows = self.prominence[
            self.prominence["theme"].isin(order) & self.prominence["share"].notna()
        ]
        return rows.assign(
            order=[order.index(theme) for theme in rows["theme"]],
            source=[self.voice(key).title for key in rows["voice"]],
            signal=[self.voice(key).signal for key in rows["voice"]],
            said=[self.share_said(row) for row in each(rows)],
        ).sort_values(["order", "voice"], kind="stable")

    def share_said(self, row: Any) -> str:
        """One share in words."""
        return (
            f"{percent(row.share)} ({percent_range(row.low, row.high)}): {row.people:,.0f} of "
            f"{row.base:,.0f} {self.voice(row.voice).noun}"
        )

    def drawn_said(self) -> str:
        told = [f"{row.theme}, {row.source}: {row.said}" for row in each(self.drawn().head(10))]
        return f"{self.summary()} {'; '.join(told)}."

    def heat(self) -> pd.DataFrame:
        """Theme by source and service: cells that may be shown, those hidden told apart.

        A service of which nothing may be shown is left out.
        """
        order = {theme: at for at, theme in enumerate(self.ordered_themes())}
        rows = self.services[self.services["theme"].isin(order)]
        told = rows.groupby(["voice", "service"])["share"].transform("count") > 0
        rows = rows[told]
        titles = {row["service"]: row["title"] for row in maps.rows("services")}
        last = ["", *titles, NOT_SAID]  # “other” is the last of the titles
        keys = [voice.key for voice in self.voices]
        return rows.assign(
            order=rows["theme"].map(order),
            place_order=[
                keys.index(key) * len(last) + last.index(part)
                for key, part in zip(rows["voice"], rows["service"], strict=True)
            ],
            source=[self.voice(key).title for key in rows["voice"]],
            place=[
                "All" if part == "" else titles.get(part, part.capitalize())
                for part in rows["service"]
            ],
            said=[self._cell_said(row) for row in each(rows)],
            label=["" if silence == "not published" else "·" for silence in rows["silence"]],
        ).sort_values(["order", "place_order"], kind="stable")

    def _cell_said(self, row: Any) -> str:
        if np.isfinite(row.share):
            return self.share_said(row)
        return "not in the report" if row.silence == "not published" else "too few people to show"

    def heat_said(self) -> str:
        rows = self.heat()
        shown = rows[rows["share"].notna() & (rows["service"] != "")].nlargest(6, "share")
        told = "; ".join(
            f"{row.theme} in {row.source}, {row.place}: {percent(row.share)}" for row in each(shown)
        )
        return f"How often each theme is named, by source and service. Highest: {told}."

    def series(self, theme: str) -> pd.DataFrame:
        """One theme over time, each voice; points that may not be shown are left out."""
        rows = self.points[(self.points["theme"] == theme) & self.points["share"].notna()]
        return rows.assign(
            source=[self.voice(key).title for key in rows["voice"]],
            signal=[self.voice(key).signal for key in rows["voice"]],
            said=[self.share_said(row) for row in each(rows)],
        )

    def series_said(self, theme: str) -> str:
        rows = self.trends[self.trends["theme"] == theme]
        told = [self.trend_said(row) for row in each(rows)]
        hidden = self.points[(self.points["theme"] == theme) & self.points["share"].isna()]
        if len(hidden):
            told.append(f"{len(hidden)} points rest on too few people and are not drawn.")
        return " ".join(told) or f"{theme}: named by too few people to look at over time."

    def trend_rows(self) -> pd.DataFrame:
        """The trends for the screen."""
        rows = self.trends
        return pd.DataFrame(
            {
                "theme": rows["theme"],
                "source": [self.voice(key).title for key in rows["voice"]],
                "way": rows["direction"].map(
                    {"up": "rising", "down": "falling", "no trend shown": "not shown"}
                ),
                "slope": [
                    f"{points_signed(row.slope)} ({points_signed(row.low)} to {points_signed(row.high)})"
                    for row in each(rows)
                ],
                "q": [chance(value) for value in rows["q_value"]],
                "points": rows["points"],
            }
        )

    def pair_rows(self, voice: str) -> pd.DataFrame:
        """The pairs for the screen, strongest first."""
        rows = self.pairs[self.pairs["voice"] == voice]
        return pd.DataFrame(
            {
                "one": rows["left_theme"],
                "other": rows["right_theme"],
                "people": rows["people"],
                "lift": rows["lift"],
                "gap": [
                    f"{points_signed(100 * (row.with_other - row.without_other))} "
                    f"({points_signed(100 * row.low)} to {points_signed(100 * row.high)})"
                    for row in each(rows)
                ],
                "q": [chance(value) for value in rows["q_value"]],
            }
        )

    def pairs_of(self, voice: str) -> pd.DataFrame:
        """Both halves of the square of themes of one voice, for a picture."""
        rows = self.pairs[self.pairs["voice"] == voice]
        turned = rows.rename(columns={"left_theme": "right_theme", "right_theme": "left_theme"})
        both = pd.concat([rows, turned], ignore_index=True)
        named = [theme for theme in self.ordered_themes() if theme in set(both["left_theme"])]
        order = {theme: at for at, theme in enumerate(named[:MOST_TOGETHER])}
        both = both[both["left_theme"].isin(order) & both["right_theme"].isin(order)]
        return both.assign(
            left_order=both["left_theme"].map(order),
            said=[
                f"{row.people:,.0f} people named both, {row.lift:.1f} times as many as chance would "
                "have"
                for row in each(both)
            ],
        )

    def pairs_said(self, voice: str) -> list[str]:
        """The surest pairs in words, those that go together first."""
        rows = self.pairs[(self.pairs["voice"] == voice) & self.pairs["shown"]]
        surest = pd.concat([rows[rows["phi"] > 0].head(3), rows[rows["phi"] < 0].head(1)])
        return [self.pair_said(row) for row in each(surest)] or [
            "No two themes are shown to go together more, or less, than chance would have."
        ]

    def screen(self) -> pd.DataFrame:
        """One row per theme: each voice's share with its range, and how two of them differ."""
        titles = {row["domain"]: row["title"] for row in maps.rows("domains")}
        rows = []
        for theme in self.ordered_themes(topics_only=False):
            of_theme = self.prominence[self.prominence["theme"] == theme]
            row: dict[str, Any] = {
                "theme": theme,
                "domain": titles.get(str(of_theme["domain"].iloc[0]), ""),
            }
            for cell in each(of_theme):
                row[f"voice {cell.voice}"] = (
                    f"{percent(cell.share)} ({percent_range(cell.low, cell.high)})"
                    if np.isfinite(cell.share)
                    else {"none": "nobody", "not published": "not in the report"}.get(
                        cell.silence, "too few to show"
                    )
                )
            if len(self.differences):
                gap = self.differences[self.differences["theme"] == theme]
                row["gap"] = (
                    f"{points_signed(100 * gap['difference'].iloc[0])} "
                    f"({points_signed(100 * gap['low'].iloc[0])} to "
                    f"{points_signed(100 * gap['high'].iloc[0])})"
                    if len(gap) and np.isfinite(gap["difference"].iloc[0])
                    else ""
                )
                row["q"] = chance(float(gap["q_value"].iloc[0])) if len(gap) else ""
            row["feeling"] = "; ".join(self._feeling_said(theme))
            rows.append(row)
        shares = [f"voice {voice.key}" for voice in self.voices]
        gaps = ["gap", "q"] if len(self.differences) else []
        return pd.DataFrame(rows, columns=["theme", "domain", *shares, *gaps, "feeling"])

    def _feeling_said(self, theme: str) -> list[str]:
        rows = self.feelings[
            (self.feelings["theme"] == theme)
            & (self.feelings["feeling"] == "negative")
            & self.feelings["share"].notna()
        ]
        return [
            f"{self.voice(row.voice).title} {percent(row.share)} ({percent_range(row.low, row.high)})"
            for row in each(rows)
        ]

    def felt(self) -> pd.DataFrame:
        """What those felt who named each theme: shares of those of whom it is known."""
        order = {theme: at for at, theme in enumerate(["", *self.ordered_themes()])}
        rows = self.feelings[self.feelings["theme"].isin(order) & self.feelings["share"].notna()]
        rows = rows[rows["feeling"] != "unsaid"]
        return rows.assign(
            name=[theme or "Everybody" for theme in rows["theme"]],
            order=rows["theme"].map(order),
            source=[self.voice(key).title for key in rows["voice"]],
            said=[
                f"{percent(row.share)} ({percent_range(row.low, row.high)}) of {row.known:,.0f}"
                for row in each(rows)
            ],
        ).sort_values(["voice", "order"], kind="stable")

    def felt_said(self) -> str:
        rows = self.felt()
        worst = rows[(rows["feeling"] == "negative") & (rows["theme"] != "")].nlargest(4, "share")
        if worst.empty:
            return "What those felt who named a theme rests on too few people to be shown theme by theme."
        told = "; ".join(f"{row.name}, {row.source}: {row.said}" for row in each(worst))
        return f"Comments that name a theme and are negative as a whole, highest shares: {told}."

    def table(self) -> pd.DataFrame:
        """Every theme of every source, for analysts."""
        rows = self.prominence.merge(
            self.feelings.pivot_table(
                index=["theme", "voice"], columns="feeling", values="count", dropna=False
            )
            .reindex(columns=list(FEELINGS))
            .reset_index(),
            on=["theme", "voice"],
            how="left",
        )
        columns = [
            "theme", "domain", "source", "people", "base", "share", "low", "high", *FEELINGS,
            "coded_by", "withheld", "silence",
        ]  # fmt: skip
        return rows.assign(
            source=[self.voice(key).title for key in rows["voice"]],
            coded_by=[self.voice(key).coded_by for key in rows["voice"]],
        )[columns].reset_index(drop=True)

    @property
    def marks(self) -> tuple[str, ...]:
        """What an export must carry wherever it goes."""
        return (
            ("includes themes suggested by keyword rules",)
            if self.asked.suggestions and self.by_rule > 0
            else ()
        )

    def notes(self) -> list[str]:
        """What to bear in mind."""
        said = [self.coded_said(), *self.silence()]
        said += [
            f"{self.voice(key).title}, over time: {why}." for key, why in self.too_short.items()
        ]
        if not self.asked.own_words:
            said.append(
                "Each supplier's themes are put together under common ones (data/reference/themes.csv); "
                "a theme without a common one keeps its own words."
            )
        if any(voice.published for voice in self.voices):
            said.append(
                "A report and comments may speak of other services and times: what differs may be that."
            )
            said.append(
                "Where a report lists two themes that are one here, the larger of the two counts: how "
                "many named both is not in it."
            )
        return said

    def method(self) -> tuple[str, ...]:
        floor = self.asked.disclosure.floor
        return (
            "**Who is counted.** People whose comment somebody coded: one author is one person, in "
            "however many comments. In a file in which any comment has a theme, every comment was "
            "coded; one its coder could not label is left out. What a supplier coded stands; a comment "
            "it did not code takes the themes of the first person who coded it here; suggestions of "
            "keyword rules count only where you switch them on.",
            "**Shares** have Wilson's 95 % interval. **Differences** between two sources have "
            "Newcombe's, with Fisher's exact test and Benjamini and Hochberg's control of false "
            f"findings over all themes compared; beyond chance is q ≤ {SHOWN:.2f}.",
            "**Over time** the share of each quarter (where there are eight, else of each month) with "
            f"at least {FEWEST_AT_A_POINT} people is looked at, for themes named by at least "
            f"{FEWEST_FOR_A_TREND}: Mann and Kendall's test with Sen's slope, autocorrelation allowed "
            "for, q over all tested. Fewer than eight points are too short.",
            "**Together**: two themes each named by at least "
            f"{FEWEST_OF_A_PAIR} people, of whom at least {EXPECTED_OF_A_PAIR:.0f} would have named both "
            "by chance; pairs that few named are left out. People who write more name more, so that most "
            "pairs go together a little.",
            "**Feeling** is of the whole comment, as its source or coder gave it; not of the theme in it.",
            f"**Small numbers.** A theme named by fewer than {floor} people of a source is not shown, "
            "nor one that fewer did not name; with a cell of a service or a period goes another, so that "
            "it cannot be had by subtraction. **A comment** is shown, with personal details masked, only "
            f"where at least {floor} people wrote in the same source about the same organisation, in the "
            "time and service asked for: that group is named beside it. Within it a single story stays "
            "readable, however few share its theme; whoever may read comments can count those they read.",
        )

    def as_json(self) -> dict[str, Any]:
        """For programs: stable keys, unrounded, missing as null."""
        return {
            "schema": JSON_SCHEMA,
            "status": self.status,
            "reason": None if self.status == "ok" else self.summary(),
            "revision": self.revision,
            "floor": self.asked.disclosure.floor,
            "suggestions": self.asked.suggestions,
            "own_words": self.asked.own_words,
            "sources": [
                {
                    "voice": voice.key,
                    "source": voice.source,
                    "title": voice.title,
                    "people": voice.people,
                    "published": voice.published,
                    "coded_by": voice.coded_by,
                }
                for voice in self.voices
            ],
            "themes": self.table().to_dict("records") if len(self.prominence) else [],
            "compared": [self.left, self.right] if len(self.differences) else None,
            "differences": self.differences.to_dict("records"),
            "trends": self.trends.to_dict("records"),
            "too_short": self.too_short,
            "pairs": self.pairs.to_dict("records"),
            "silence": self.silence(),
            "notes": self.notes(),
            "extracts": list(self.extracts),
        }


# --- Asking ---


def themes(store: Store, asked: ThemesAsked, only: str = "") -> ThemesReport:
    """What people say behind the figures; of one source alone where `only` names it."""
    parameters = asked.parameters() | {"rules": redactor(store).rules if asked.suggestions else ""}
    counts = store.query("theme_counts", **parameters)
    account = store.query("comment_account", **asked.filters())
    together = store.query("theme_pairs", **parameters)
    published = _published(store, asked)
    if only:
        counts = counts[counts["source"] == only]
        account = account[account["source"] == only]
        together = together[together["source"] == only]
        published = published[published["source"] == only]
    voices = _voices(counts, published, asked)
    asked = _compared(asked, voices)
    prominence = _prominence(counts, published, voices, asked)
    trends, too_short = _trends(counts, voices)
    return ThemesReport(
        asked=asked,
        account=account,
        voices=voices,
        prominence=prominence,
        services=_parts(counts, "service", voices, prominence, asked),
        feelings=_feelings(counts, published, voices, prominence, asked),
        differences=_differences(prominence, asked),
        trends=trends[trends["theme"].isin(_shown(prominence))] if len(trends) else trends,
        points=_points(counts, trends, voices, prominence, asked),
        pairs=_pairs(together, counts, voices, prominence, asked),
        too_short=too_short,
        without_comments=() if only else _without(store, account, published),
        by_rule=float(counts.loc[_everybody(counts), "by_rule"].sum()),
        extracts=tuple(
            sorted(
                {int(one) for listed in account["extracts"] for one in listed}
                | {int(one) for one in published["extract"]}
            )
        ),
        revision=store.revision,
    )


def _compared(asked: ThemesAsked, voices: tuple[Voice, ...]) -> ThemesAsked:
    """The question with the two voices to compare: as asked, or the two with most people."""
    heard = sorted(
        (voice for voice in voices if np.isfinite(voice.people)), key=lambda voice: -voice.people
    )
    keys = [voice.key for voice in heard]
    left = asked.left if asked.left in keys else next(iter(keys), "")
    # of another source, where there is one
    source = next((voice.source for voice in heard if voice.key == left), "")
    rest = sorted(
        (voice for voice in heard if voice.key != left), key=lambda voice: voice.source == source
    )
    right = (
        asked.right
        if asked.right in keys and asked.right != left
        else next((voice.key for voice in rest), "")
    )
    return replace(asked, left=left, right=right)


def _everybody(counts: pd.DataFrame) -> pd.Series:
    return (counts["cut"] == "all") & (counts["theme"] == "")


def _published(store: Store, asked: ThemesAsked) -> pd.DataFrame:
    """Themes as reports list them; of two that are one here, the one named more."""
    rows = store.query("theme_published", **asked.parameters())
    rows = rows.drop_duplicates(["source", "place", "service", "theme"])  # they come largest first
    return rows.assign(voice=rows["source"] + "~" + rows["place"] + "~" + rows["service"])


def _voices(counts: pd.DataFrame, published: pd.DataFrame, asked: ThemesAsked) -> tuple[Voice, ...]:
    floor = asked.disclosure.floor
    found = []
    for row in each(counts[_everybody(counts)]):
        about = maps.source(str(row.source))
        by = [
            words
            for words, people in (
                ("coded by the supplier", row.by_supplier),
                ("coded by people in this app", row.by_person),
                ("suggested by keyword rules", row.by_rule),
            )
            if people > 0
        ]
        enough = row.people >= floor
        found.append(
            Voice(
                key=str(row.source),
                title=about["short_title"],
                source=str(row.source),
                signal=about["signal"],
                people=float(row.people) if enough else float("nan"),
                comments=float(row.comments) if enough else float("nan"),
                published=False,
                coded_by=joined(by),
            )
        )
    services = {row["service"]: row["title"].lower() for row in maps.rows("services")}
    places = published["place"].nunique() > 1
    for row in each(published.drop_duplicates("voice")):
        about = maps.source(str(row.source))
        where = f" {row.place}" if places else ""
        enough = row.base >= floor
        found.append(
            Voice(
                key=str(row.voice),
                title=f"{about['short_title']} report{where}, "
                f"{services.get(row.service, row.service).split(' (')[0]}",
                source=str(row.source),
                signal=about["signal"],
                people=float(row.base) if enough else float("nan"),
                comments=float(row.base) if enough else float("nan"),
                published=True,
                coded_by="as the report lists them",
            )
        )
    return tuple(found)


def _about(themes: pd.Series) -> pd.DataFrame:
    """Domain of each theme, and whether it is a topic: general praise is not."""
    known = {row["theme"]: row for row in maps.rows("themes")}
    common = dict(zip(*maps.theme_words(), strict=True))
    nothing = {"domain": "none", "topic": "yes"}
    rows = [known.get(common.get(str(one).lower(), str(one)), nothing) for one in themes]
    return pd.DataFrame(
        {
            "domain": [row["domain"] for row in rows],
            "topic": [row["topic"] == "yes" for row in rows],
        },
        index=themes.index,
    )


def _prominence(
    counts: pd.DataFrame, published: pd.DataFrame, voices: tuple[Voice, ...], asked: ThemesAsked
) -> pd.DataFrame:
    """Theme by voice: how many named it, of how many; small cells hidden, silence told by its kind."""
    whole = counts[(counts["cut"] == "all") & (counts["theme"] != "")]
    named = sorted({*whole["theme"], *published["theme"]})
    parts = []
    for voice in voices:
        cells = pd.DataFrame({"theme": named}, dtype=object).assign(voice=voice.key)
        if voice.published:
            listed = published[published["voice"] == voice.key].set_index("theme")
            cells["people"] = cells["theme"].map(listed["people"])
            cells["withheld"] = cells["theme"].map(listed["withheld"]).fillna(Withheld.NONE.value)
        else:
            own = whole[whole["source"] == voice.source].set_index("theme")
            cells["people"] = cells["theme"].map(own["people"]).fillna(0.0)
            cells["withheld"] = Withheld.NONE.value
        cells["base"] = voice.people
        parts.append(cells)
    if not parts:
        return pd.DataFrame(
            columns=["theme", "voice", "people", "base", "share", "low", "high", "withheld", "silence",
                     "domain", "topic"]
        )  # fmt: skip
    cells = pd.concat(parts, ignore_index=True)
    silence = np.select(
        [cells["people"].isna(), cells["people"] == 0], ["not published", "none"], default=""
    )
    cells = _protected(cells, asked, None)
    cells["silence"] = np.where(cells["withheld"] == Withheld.NONE.value, silence, "few")
    return pd.concat([cells, _about(cells["theme"])], axis=1)


def _protected(
    cells: pd.DataFrame, asked: ThemesAsked, totals_within: list[str] | None
) -> pd.DataFrame:
    """Shares with Wilson's interval where neither few named a theme nor few did not.

    A cell whose base may not be shown (NaN) is hidden too.
    """
    hidden = cells["base"].isna() & (cells["withheld"] == Withheld.NONE.value)
    cells = cells.assign(withheld=cells["withheld"].mask(hidden, Withheld.FLOOR.value))
    rest = cells["base"] - cells["people"]
    fewest = cells["people"].where(~(rest > 0), np.minimum(cells["people"], rest))
    cells = protect(
        cells.assign(fewest=fewest),
        asked.disclosure,
        count="fewest",
        values=["people", "base"],
        totals_within=totals_within,
    ).drop(columns="fewest")
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (cells["people"] / cells["base"]).to_numpy(dtype=float)
    low, high = wilson(share, cells["base"].to_numpy(dtype=float))
    return cells.assign(share=share, low=low, high=high)


def _shown(prominence: pd.DataFrame) -> list[str]:
    return sorted(set(prominence.loc[prominence["share"].notna(), "theme"]))


def _parts(
    counts: pd.DataFrame,
    cut: str,
    voices: tuple[Voice, ...],
    prominence: pd.DataFrame,
    asked: ThemesAsked,
) -> pd.DataFrame:
    """Theme by voice and part (service or period), each theme's whole beside it.

    Parts add up to a whole that is shown, so none is hidden alone: neither a part's people nor those
    who named a theme in it.
    """
    columns = ["theme", "voice", "service", "people", "base", "share", "low", "high", "withheld",
               "silence"]  # fmt: skip
    parts = [prominence.assign(service="")[columns]] if cut == "service" and len(prominence) else []
    for voice in voices:
        own = counts[(counts["cut"] == cut) & (counts["source"] == voice.source)]
        if voice.published or own.empty or np.isnan(voice.people):
            continue
        base = protect(
            own[own["theme"] == ""][["part", "people"]].reset_index(drop=True),
            asked.disclosure,
            count="people",
            values=[],
            totals_within=[],
        )
        themes = sorted(set(own["theme"]) - {""})
        grid = pd.DataFrame(
            [(theme, part) for theme in themes for part in base["part"]],
            columns=["theme", "part"],
            dtype=object,
        )
        cells = grid.merge(own[["theme", "part", "people"]], on=["theme", "part"], how="left")
        cells["people"] = cells["people"].fillna(0.0)
        cells["base"] = cells["part"].map(base.set_index("part")["people"])
        cells = cells.assign(voice=voice.key, withheld=Withheld.NONE.value)
        cells = _with_company(_protected(cells, asked, ["theme"]))
        cells["silence"] = np.where(cells["withheld"] == Withheld.NONE.value, "", "few")
        unsaid = NOT_SAID if cut == "service" else ""
        parts.append(
            cells.assign(service=cells["part"].where(cells["part"] != "", unsaid))[columns]
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _with_company(cells: pd.DataFrame) -> pd.DataFrame:
    """A part that is hidden alone follows from the whole, even beside parts nobody named it in: one of
    those, of the most people, is hidden with it."""
    hidden = cells["people"].isna()
    alone = hidden.groupby(cells["theme"]).transform("sum") == 1
    beside = cells[alone & ~hidden & (cells["people"] == 0)]
    with_it = (
        beside.sort_values("base", ascending=False, kind="stable").drop_duplicates("theme").index
    )
    cells.loc[with_it, ["people", "base", "share", "low", "high"]] = np.nan
    cells.loc[with_it, "withheld"] = Withheld.FLOOR.value
    return cells


def _feelings(
    counts: pd.DataFrame,
    published: pd.DataFrame,
    voices: tuple[Voice, ...],
    prominence: pd.DataFrame,
    asked: ThemesAsked,
) -> pd.DataFrame:
    """What those felt who named a theme ('' for everybody): counts, and shares of those of whom it is known.

    The four feelings add up to the people who named it, so none of them is hidden alone.
    """
    whole = counts[counts["cut"] == "all"].assign(
        voice=lambda rows: rows["source"], neutral=lambda rows: rows["neutral"] + rows["mixed"]
    )
    listed = published.assign(unsaid=0.0)
    columns = ["theme", "voice", *FEELINGS]
    both = pd.concat([whole[columns], listed[columns]], ignore_index=True)
    long = both.melt(["theme", "voice"], list(FEELINGS), "feeling", "count")
    open_cells = prominence[prominence["withheld"] == Withheld.NONE.value]
    keys = {*zip(open_cells["theme"], open_cells["voice"], strict=True)}
    keys |= {("", voice.key) for voice in voices if np.isfinite(voice.people)}
    here = [pair in keys for pair in zip(long["theme"], long["voice"], strict=True)]
    long["withheld"] = np.where(here, Withheld.NONE.value, Withheld.FLOOR.value)
    long = protect(
        long, asked.disclosure, count="count", values=[], totals_within=["theme", "voice"]
    )
    # of whom it is known: only where every feeling of the theme may be shown
    sums = long.assign(said=long["count"].where(long["feeling"] != "unsaid", 0.0))
    known = sums.groupby(["theme", "voice"])["said"].transform(lambda said: said.sum(skipna=False))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (long["count"] / known).to_numpy(dtype=float)
    low, high = wilson(share, known.to_numpy(dtype=float))
    return long.assign(known=known, share=share, low=low, high=high)


def _differences(prominence: pd.DataFrame, asked: ThemesAsked) -> pd.DataFrame:
    """Each theme, one voice against another: the gap in points with its range, tested together."""
    columns = ["theme", "left_share", "right_share", "difference", "low", "high", "p_value", "q_value",
               "shown"]  # fmt: skip
    if not asked.left or not asked.right:
        return pd.DataFrame(columns=columns)
    sides = [
        prominence[prominence["voice"] == key].set_index("theme")
        for key in (asked.left, asked.right)
    ]
    one, other = sides
    found = share_differences(one["people"], one["base"], other["people"], other["base"])
    rows = pd.DataFrame(
        {
            "theme": one.index,
            "left_share": one["share"].to_numpy(),
            "right_share": other["share"].to_numpy(),
            "difference": found.difference,
            "low": found.low,
            "high": found.high,
            "p_value": found.p_value,
            "q_value": found.q_value,
            "shown": found.q_value <= SHOWN,
        },
        columns=columns,
    )
    return rows.sort_values(["p_value", "theme"], kind="stable").reset_index(drop=True)


def _cut_of(counts: pd.DataFrame, source: str) -> tuple[str, pd.DataFrame]:
    """Quarters where there are enough of them, else months; the points with enough people."""
    for cut in ("quarter", "month"):
        base = counts[
            (counts["cut"] == cut) & (counts["source"] == source) & (counts["theme"] == "")
        ]
        base = base[base["people"] >= FEWEST_AT_A_POINT].sort_values("part")
        if len(base) >= FEWEST_POINTS:
            return cut, base
    return "", base


def _trends(counts: pd.DataFrame, voices: tuple[Voice, ...]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Is a theme named more, or less, as time goes on? Tested together over all themes and voices.

    Worked out on all points with enough people; what is drawn of them is protected apart.
    """
    rows: list[dict[str, Any]] = []
    short: dict[str, str] = {}
    for voice in voices:
        if voice.published:
            short[voice.key] = "one report is one point in time"
            continue
        cut, base = _cut_of(counts, voice.source)
        if not cut:
            short[voice.key] = (
                f"fewer than {FEWEST_POINTS} quarters or months with {FEWEST_AT_A_POINT} people"
            )
            continue
        when = pd.to_datetime(base["part"])
        years = (when.dt.year + (when.dt.month - 1) / 12).to_numpy(dtype=float)
        own = counts[(counts["cut"] == cut) & (counts["source"] == voice.source)]
        whole = counts[(counts["cut"] == "all") & (counts["source"] == voice.source)]
        for theme in whole.loc[
            (whole["theme"] != "") & (whole["people"] >= FEWEST_FOR_A_TREND), "theme"
        ]:
            named = own[own["theme"] == theme].set_index("part")["people"]
            people = base["part"].map(named).fillna(0.0).to_numpy(dtype=float)
            share = 100 * people / base["people"].to_numpy(dtype=float)
            season = when.dt.month.to_numpy() if cut == "month" else None
            rows.append(_trend_row(str(theme), voice.key, cut, trend(share, years, season)))
    found = pd.DataFrame(rows)
    if found.empty:
        return found, short
    found["q_value"] = false_discovery(found["p_value"])
    found["direction"] = [
        made.direction(float(q)).value
        for made, q in zip(found.pop("made"), found["q_value"], strict=True)
    ]
    return found.sort_values(["p_value", "theme"], kind="stable").reset_index(drop=True), short


def _trend_row(theme: str, voice: str, cut: str, made: Trend) -> dict[str, Any]:
    return {
        "theme": theme,
        "voice": voice,
        "cut": cut,
        "points": made.test.points,
        "slope": made.slope,  # percentage points a year
        "low": made.interval.low,
        "high": made.interval.high,
        "p_value": made.test.p_value,
        "made": made,
    }


def _points(
    counts: pd.DataFrame,
    trends: pd.DataFrame,
    voices: tuple[Voice, ...],
    prominence: pd.DataFrame,
    asked: ThemesAsked,
) -> pd.DataFrame:
    """The shares of every quarter or month of the themes looked at, those that may be shown."""
    columns = ["theme", "voice", "when", "people", "base", "share", "low", "high", "withheld"]
    parts = []
    for voice in voices:
        cut = "" if voice.published else _cut_of(counts, voice.source)[0]
        if not cut or trends.empty:
            continue
        cells = _parts(counts, cut, (voice,), prominence, asked)
        looked_at = trends.loc[trends["voice"] == voice.key, "theme"]
        parts.append(cells[cells["theme"].isin(looked_at)])
    if not parts:
        return pd.DataFrame(columns=columns)
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(when=pd.to_datetime(rows["service"]))[columns]


def _pairs(
    together: pd.DataFrame,
    counts: pd.DataFrame,
    voices: tuple[Voice, ...],
    prominence: pd.DataFrame,
    asked: ThemesAsked,
) -> pd.DataFrame:
    """Two themes named by the same people: of themes enough people named, in each voice."""
    topics = set(
        prominence.loc[prominence["topic"].astype(bool) & prominence["share"].notna(), "theme"]
    )
    parts = []
    for voice in voices:
        if voice.published or np.isnan(voice.people):
            continue
        whole = counts[(counts["cut"] == "all") & (counts["source"] == voice.source)]
        named = whole[whole["theme"].isin(topics) & (whole["people"] >= FEWEST_OF_A_PAIR)]
        people = named.set_index("theme")["people"]
        pairs = pd.DataFrame(
            [(one, other) for one in people.index for other in people.index if one < other],
            columns=["left_theme", "right_theme"],
            dtype=object,
        ).merge(
            together.loc[
                together["source"] == voice.source, ["left_theme", "right_theme", "people"]
            ],
            on=["left_theme", "right_theme"],
            how="left",
        )
        pairs["people"] = pairs["people"].fillna(0.0)
        pairs["one"] = pairs["left_theme"].map(people)
        pairs["other"] = pairs["right_theme"].map(people)
        parts.append(pairs.assign(voice=voice.key, base=voice.people))
    columns = ["voice", "left_theme", "right_theme", "people", "phi", "lift", "with_other",
               "without_other", "low", "high", "p_value", "q_value", "shown"]  # fmt: skip
    pairs = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if pairs.empty:
        return pd.DataFrame(columns=columns)
    pairs = pairs[pairs["one"] * pairs["other"] / pairs["base"] >= EXPECTED_OF_A_PAIR]
    if pairs.empty:
        return pd.DataFrame(columns=columns)
    # the four cells of the two themes: none of them may rest on few people
    cells = np.stack(
        [
            pairs["people"],
            pairs["one"] - pairs["people"],
            pairs["other"] - pairs["people"],
            pairs["base"] - pairs["one"] - pairs["other"] + pairs["people"],
        ]
    )
    fewest = np.where(cells > 0, cells, np.inf).min(axis=0)
    pairs = protect(
        pairs.assign(fewest=fewest), asked.disclosure, count="fewest", values=["people"]
    )
    pairs = pairs[pairs["people"].notna()].reset_index(drop=True)
    found = association(pairs["people"], pairs["one"], pairs["other"], pairs["base"])
    return (
        pairs.assign(
            phi=found.phi,
            lift=found.lift,
            with_other=found.with_other,
            without_other=found.without_other,
            low=found.low,
            high=found.high,
            p_value=found.p_value,
            q_value=found.q_value,
            shown=found.q_value <= SHOWN,
        )
        .sort_values(["p_value", "left_theme", "right_theme"], kind="stable")[columns]
        .reset_index(drop=True)
    )


def _without(store: Store, account: pd.DataFrame, published: pd.DataFrame) -> tuple[str, ...]:
    """Sources that are loaded and in which nobody says anything in words."""
    loaded = set(store.query("coverage")["source"])
    heard = {*account["source"], *published["source"]}
    return tuple(
        maps.source(source)["short_title"] for source in maps.sources() if source in loaded - heard
    )
