"""What do people say behind the figures? The same themes across sources, with how sure each share is.

What is counted is people, not comments: one author is one, in however many comments. A share is of the
people whose comments somebody coded; it says nothing of those who did not write. Every figure is worked out
from counts as they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    NO_FILTERS,
    NOT_SAID,
    Voice,
    cells_of,
    compared,
    differences_of,
    every_cell,
    feelings_of,
    is_everybody,
    pairs_of,
    prominence_of,
    published_themes,
    services_of,
    trends_of,
    voices_of,
    without_comments,
)
from pxcore.analysis.comments.mentions import (
    ThemesQuestion as ThemesQuestion,  # whoever asks needs it
)
from pxcore.analysis.joining.periods import refuse_part_of_a_quarter
from pxcore.analysis.judging.verdicts import chance
from pxcore.analysis.masking import redactor
from pxcore.analysis.rows import JSON_SCHEMA, each
from pxcore.disclosure import Count, Released, release
from pxcore.stats.trend import SHOWN
from pxcore.store import Store
from pxcore.words.counts import noise_said
from pxcore.words.english import few, joined, percent, percent_range, points_signed, tested_together

MOST_DRAWN = 14  # themes in the first picture
MOST_TOGETHER = 12  # themes in the picture of pairs
COMMENTS = "Each source of comments"  # in what is said of its counts


@dataclass(frozen=True, slots=True)
class ThemesReport:
    """Themes by source, with intervals; by service; over time; together; and what nobody speaks of."""

    asked: ThemesQuestion
    account: Released  # one row per source with comments: people, and whether somebody codes them
    voices: tuple[Voice, ...]
    prominence: Released  # one row per theme and voice
    services: Released  # one row per theme, voice and service
    feelings: Released  # one row per theme ('' for all), voice and feeling
    differences: Released  # one row per theme: left voice against right voice
    trends: Released  # one row per theme and voice with enough points
    points: Released  # one row per theme, voice and period
    pairs: Released  # one row per voice and two themes
    too_short: dict[str, str]  # voice -> why nothing can be said of time
    without_comments: tuple[str, ...]  # titles of loaded sources nobody comments in
    by_rule: float  # people whose comments have suggested themes; NaN where few, 0 where none is suggested
    extracts: tuple[int, ...]
    revision: int

    # --- Sentences ---

    @property
    def status(self) -> str:
        return "ok" if any(voice.people > 0 for voice in self.voices) else "nothing"

    @property
    def few(self) -> str:
        """How a count under the floor reads."""
        return f"fewer than {self.asked.disclosure.floor}"

    def summary(self) -> str:
        """The one plain sentence."""
        if self.status != "ok":
            return self._nothing()
        first = self.ordered_themes()[:1]
        if not first:
            return f"No theme is named by enough people to be shown: each by {self.few}."
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
            of = f"any of {len(tested)} themes" if len(tested) > 1 else "the one theme compared"
            return f"; {one} and {other} are not shown to differ on {of}"
        return f"; {one} and {other} differ beyond chance on {found} of {len(tested)} themes"

    def _nothing(self) -> str:
        if self.account.empty:
            return "No comments are loaded here: nobody is heard in their own words."
        if self.voices:
            return "Too few people have coded comments here to show anything about themes."
        waiting = self._people(self.account["with_words"].sum(min_count=1))
        return (
            f"{waiting[:1].upper()}{waiting[1:]} people wrote the comments that are loaded here, and nobody "
            "has coded them with themes yet."
        )

    def _people(self, count: float) -> str:
        """A number of people as it is shown."""
        return self.few if np.isnan(count) else f"{count:,.0f}"

    def limits(self) -> str:
        if self.status != "ok":
            return ""
        said = ["Shares of the people who wrote, not of patients: who writes has chosen to."]
        if self.marks:
            said.insert(
                0,
                f"Includes themes suggested by keyword rules for {self._people(self.by_rule)} people: "
                "suggested by a machine, not found by a person.",
            )
        elif self.asked.suggestions:
            said.insert(
                0, "Every comment here is coded by a person or its supplier: rules suggest nothing."
            )
        every, topics = self.ordered_themes(topics_only=False), self.ordered_themes()
        if every and topics and every[0] != topics[0]:
            said.append(f"{every[0]} is named more, but names no topic.")
        not_labelled, undated = (self.account[name].sum() for name in ("not_labelled", "undated"))
        if not_labelled > 0:
            said.append(
                f"Comments of {not_labelled:,.0f} people could not be labelled and are left out."
            )
        if undated > 0 and self.asked.window is None:
            said.append(
                f"Comments of {undated:,.0f} people have no certain date: they are in the shares, not in "
                "anything over time."
            )
        return " ".join(said)

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
                    "themes looked at quarter by quarter, beyond chance",
                )
            )
        elif self.too_short:
            shown.append(("Rising or falling", "Too short", next(iter(self.too_short.values()))))
        return shown

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
            f"{row.points} quarters"
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
            seldom = rows[rows["under"].notna()]
            if len(seldom):
                said.append(
                    f"{voice.title} says little on {few(seldom['theme'])}: "
                    f"{self._seldom_said(seldom.iloc[0])} named each."
                )
            unlisted = rows[rows["silence"] == "not published"]
            if len(unlisted):
                said.append(
                    f"{voice.title} lists its most frequent themes alone: "
                    + ("one other is" if len(unlisted) == 1 else f"{len(unlisted)} others are")
                    + " not in it, which does not say that nobody named "
                    + ("it." if len(unlisted) == 1 else "them.")
                )
        said += [
            f"{maps.source(str(row.source))['short_title']}: nobody has coded the comments of "
            f"{self._people(row.with_words)} people."
            for row in each(self.account)
            if not (row.coded_by_supplier or row.coded_by_hand)
        ]
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
    def tested(self) -> Released:
        return (
            self.differences[self.differences["q_value"].notna()]
            if len(self.differences)
            else self.differences
        )

    def _of_theme(self, theme: str) -> Released:
        rows = self.prominence[self.prominence["theme"] == theme]
        return rows.sort_values("share", ascending=False, kind="stable")

    def ordered_themes(self, *, topics_only: bool = True) -> list[str]:
        """Themes by the largest share any voice gives them; general praise is not a topic."""
        rows = self.prominence[self.prominence["share"].notna() & (self.prominence["people"] > 0)]
        if topics_only:
            rows = rows[rows["topic"].astype(bool)]
        best = rows.groupby("theme", sort=False)["share"].max()
        return [str(theme) for theme in best.sort_values(ascending=False, kind="stable").index]

    def drawn(self) -> Released:
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

    def _seldom_said(self, row: Any) -> str:
        """What is known of a share that fewer than the floor make up."""
        return f"{self.few} of {row.base:,.0f}, under {percent(row.under)},"

    def drawn_said(self) -> str:
        told = [f"{row.theme}, {row.source}: {row.said}" for row in each(self.drawn().head(10))]
        return f"{self.summary()} {'; '.join(told)}."

    def heat(self) -> Released:
        """Theme by source and service; a service of which nothing is known is left out."""
        order = {theme: at for at, theme in enumerate(self.ordered_themes())}
        rows = self.services[self.services["theme"].isin(order) & self.services["base"].notna()]
        titles = maps.service_titles()
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
            label=[f"<{100 * under:.0f}" if under == under else "" for under in rows["under"]],
        ).sort_values(["order", "place_order"], kind="stable")

    def _cell_said(self, row: Any) -> str:
        if np.isfinite(row.share):
            return self.share_said(row)
        if np.isfinite(row.under):
            return f"{self._seldom_said(row)} named it"
        return (
            "not in the report" if row.silence == "not published" else "withheld by the publisher"
        )

    def heat_said(self, voices: Sequence[str] = ()) -> str:
        """In words, of all sources or of some."""
        rows = self.heat()
        rows = rows[rows["voice"].isin(voices or rows["voice"])]
        shown = rows[rows["share"].notna() & (rows["service"] != "")].nlargest(6, "share")
        told = "; ".join(
            f"{row.theme} in {row.source}, {row.place}: {percent(row.share)}" for row in each(shown)
        )
        return f"How often each theme is named, by source and service. Highest: {told}."

    def series(self, theme: str) -> Released:
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
            many = "one point" if len(hidden) == 1 else f"{len(hidden)} points"
            told.append(f"At {many} {self.few} people named it: not drawn.")
        return " ".join(told) or f"{theme}: named by too few people to look at over time."

    def gaps_alone(self) -> str:
        """Gaps that would be findings by themselves, and are none among those tested together."""
        rows = self.tested
        if rows.empty:
            return ""
        alone = rows[(rows["low"] * rows["high"] > 0) & ~rows["shown"].astype(bool)]
        return tested_together(list(alone["theme"]), len(rows), "no difference is shown")

    def trends_alone(self) -> str:
        """The same of trends."""
        rows = self.trends
        if rows.empty:
            return ""
        alone = rows[(rows["low"] * rows["high"] > 0) & (rows["direction"] == "no trend shown")]
        names = [
            f"{row.theme} ({self.voice(row.voice).title})" if len(self.titles()) > 1 else row.theme
            for row in each(alone)
        ]
        return tested_together(names, len(rows), "no trend is shown")

    def trend_rows(self) -> Released:
        """The trends for the screen."""
        rows = self.trends
        return Released(
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

    def pair_rows(self, voice: str) -> Released:
        """The pairs for the screen, strongest first."""
        rows = self.pairs[self.pairs["voice"] == voice]
        return Released(
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

    def pairs_of(self, voice: str) -> Released:
        """Both halves of the square of themes of one voice, for a picture."""
        rows = self.pairs[self.pairs["voice"] == voice]
        turned = rows.rename(columns={"left_theme": "right_theme", "right_theme": "left_theme"})
        both = Released(pd.concat([rows, turned], ignore_index=True))
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

    def screen(self) -> Released:
        """One row per theme: each voice's share with its range, and how two of them differ."""
        titles = {row["domain"]: row["title"] for row in maps.rows("domains")}
        rows = []
        seldom = self.prominence[self.prominence["under"].notna()]["theme"]
        every = dict.fromkeys([*self.ordered_themes(topics_only=False), *seldom])
        for theme in every:
            of_theme = self.prominence[self.prominence["theme"] == theme]
            row: dict[str, Any] = {
                "theme": theme,
                "domain": titles.get(str(of_theme["domain"].iloc[0]), ""),
            }
            for cell in each(of_theme):
                row[f"voice {cell.voice}"] = self._cell_in_table(cell)
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
        return Released(rows, columns=["theme", "domain", *shares, *gaps, "feeling"])

    def _cell_in_table(self, cell: Any) -> str:
        if np.isfinite(cell.share):
            return f"{percent(cell.share)} ({percent_range(cell.low, cell.high)})"
        if np.isfinite(cell.under):
            return f"{self.few} of {cell.base:,.0f}: under {percent(cell.under)}"
        words = {"not published": "not in the report", "withheld": "withheld by the publisher"}
        return words.get(cell.silence, "too few to show")

    def _feeling_said(self, theme: str) -> list[str]:
        rows = self.feelings[
            (self.feelings["theme"] == theme) & (self.feelings["feeling"] == "negative")
        ]
        return [
            f"{self.voice(row.voice).title} {percent(row.share)} ({percent_range(row.low, row.high)})"
            if np.isfinite(row.share)
            else f"{self.voice(row.voice).title} under {percent(row.under)}"
            for row in each(rows[rows["share"].notna() | rows["under"].notna()])
        ]

    def felt(self) -> Released:
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
        worst = rows[(rows["feeling"] == "negative") & (rows["theme"] != "")].nlargest(4, "low")
        if worst.empty:
            return "What those felt who named a theme rests on too few people to be shown theme by theme."
        told = "; ".join(f"{row.name}, {row.source}: {row.said}" for row in each(worst))
        return f"Comments that name a theme and are negative as a whole, surest to be many: {told}."

    def table(self) -> Released:
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
            "theme", "domain", "source", "people", "base", "share", "low", "high", "under", *FEELINGS,
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
            if self.asked.suggestions and self.by_rule != 0
            else ()
        )

    def notes(self) -> list[str]:
        """What to bear in mind."""
        said = [self.coded_said(), noise_said(COMMENTS, self.asked.disclosure), *self.silence()]
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
        nobody = (
            ""
            if self.asked.disclosure.exact
            else "A theme nobody named reads so too, with what its share is then under. Shares, tests and "
            "trends are worked out from the counts as they are shown, and ranges allow for the noise. "
        )
        return (
            "**Who is counted.** People whose comment somebody coded: one author is one person, in "
            "however many comments. In a file in which any comment has a theme, every comment was "
            "coded; one its coder could not label is left out. What a supplier coded stands; a comment "
            "it did not code takes the themes of the first person who coded it here; suggestions of "
            "keyword rules count only where you switch them on.",
            "**Shares** have Wilson's 95 % interval. **Differences** between two sources have "
            "Newcombe's, with Fisher's exact test and Benjamini and Hochberg's control of false "
            f"findings over all themes compared; beyond chance is q ≤ {SHOWN:.2f}.",
            "**Over time** the share of each quarter with "
            f"at least {FEWEST_AT_A_POINT} people is looked at, for themes named by at least "
            f"{FEWEST_FOR_A_TREND}: Mann and Kendall's test with Sen's slope, autocorrelation allowed "
            "for, q over all tested. Fewer than eight points are too short. Points at which fewer than "
            f"{floor} people named the theme take part, and are not drawn.",
            "**Together**: two themes each named by at least "
            f"{FEWEST_OF_A_PAIR} people, of whom at least {EXPECTED_OF_A_PAIR:.0f} would have named both "
            f"by chance; pairs that fewer than {floor} named are left out. People who write more name more, "
            "so that most pairs go together a little.",
            "**Feeling** is of the whole comment, as its source or coder gave it; not of the theme in it.",
            f"**Small numbers.** {noise_said(COMMENTS, self.asked.disclosure)} {nobody}A report's own "
            "table is shown as printed.",
            "**A comment** is shown, with personal details masked, only where at least "
            f"{floor} people wrote in the same source about the same organisation, in the time and service "
            "asked for: that group is named beside it. Within it a single story stays readable, however few "
            "share its theme; whoever may read comments can count those they read.",
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


def themes(store: Store, asked: ThemesQuestion, only: str = "") -> ThemesReport:
    """What people say behind the figures; of one source alone where `only` names it.

    Raises NothingToCompare where the window cuts a quarter.
    """
    refuse_part_of_a_quarter(asked.window, asked.disclosure)
    parameters = asked.parameters() | {"rules": redactor(store).rules if asked.suggestions else ""}
    disclosure = asked.disclosure
    counts = store.query("theme_counts", **parameters)
    loaded = store.query("theme_counts", **parameters | NO_FILTERS)
    together = store.query("theme_pairs", **parameters)
    published, account = published_themes(store, asked), comment_account(store, asked)
    if only:
        counts, loaded, together = (
            frame[frame["source"] == only] for frame in (counts, loaded, together)
        )
        published = Released(published[published["source"] == only])
        account = Released(account[account["source"] == only])
    exact = every_cell(counts, loaded, published, disclosure)
    cells = cells_of(exact, disclosure)
    voices = voices_of(cells, loaded, published)
    prominence = prominence_of(cells, published, voices, disclosure)
    trends, points, too_short = trends_of(cells, voices, disclosure)
    asked = compared(asked, voices)
    files = [*account.loc[account["people"].notna(), "extracts"], published["extract"]]
    return ThemesReport(
        asked=asked,
        account=account,
        voices=voices,
        prominence=prominence,
        services=services_of(cells, prominence),
        feelings=feelings_of(exact, published, disclosure),
        differences=differences_of(prominence, asked),
        trends=trends,
        points=points,
        pairs=pairs_of(together, prominence, voices, disclosure),
        too_short=too_short,
        without_comments=() if only else without_comments(store, account, published),
        by_rule=_by_rule(exact, loaded, asked),
        extracts=tuple(sorted({int(number) for listed in files for number in listed})),
        revision=store.revision,
    )


def comment_account(store: Store, asked: ThemesQuestion) -> Released:
    """Each source with comments, whatever the filters; of those asked for, how many people wrote them."""
    counts = ("people", "with_words", "not_labelled", "undated")
    return release(
        store.query("comment_account", **asked.filters()),
        asked.disclosure,
        *(Count(name, f"{name}_key", withheld=f"{name}_withheld") for name in counts),
    )


def _by_rule(exact: pd.DataFrame, loaded: pd.DataFrame, asked: ThemesQuestion) -> float:
    """People whose comments have themes that rules suggest; NaN where few, 0 where rules suggest nothing."""
    if not (loaded["by_rule"] > 0).any():
        return 0.0
    people = exact.loc[is_everybody(exact), ["by_rule", "by_rule_key"]]
    shown = release(people, asked.disclosure, Count("by_rule", "by_rule_key"))
    return float(shown["by_rule"].sum(min_count=1))
