"""What do people say behind the figures? The same themes across sources, with how sure each share is.

What is counted is people, not comments: one author is one, in however many comments. A share is of the
people whose comments somebody coded; it says nothing of those who did not write. Every figure is worked out
from counts as they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.comments.mentions import (
    NO_FILTERS,
    NOT_STATED,
    TooShort,
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
from pxcore.analysis.masking import redactor
from pxcore.disclosure import Count, Released, release
from pxcore.stats.trend import MOVES
from pxcore.store import Store

MOST_DRAWN = 14  # themes in the first picture
MOST_TOGETHER = 12  # themes in the picture of pairs


@dataclass(frozen=True, slots=True)
class ThemesReport:
    """Themes by source, with intervals; by service; over time; together; and what nobody speaks of."""

    question: ThemesQuestion
    account: Released  # one row per source with comments: people, and whether somebody codes them
    voices: tuple[Voice, ...]
    prominence: Released  # one row per theme and voice
    named: tuple[str, ...]  # themes somebody named, by the largest share any voice gives them
    topics: tuple[str, ...]  # those of them that are a topic: general praise is not
    services: Released  # one row per theme, voice and service
    feelings: Released  # one row per theme ('' for all), voice and feeling
    differences: Released  # one row per theme: left voice against right voice
    trends: Released  # one row per theme and voice with enough points
    points: Released  # one row per theme, voice and period
    pairs: Released  # one row per voice and two themes
    too_short: dict[str, TooShort]  # voice -> why it has no trend
    without_comments: tuple[str, ...]  # titles of loaded sources nobody comments in
    by_rule: float  # people whose comments have suggested themes; NaN where few, 0 where none is suggested
    extracts: tuple[int, ...]
    revision: int

    @property
    def status(self) -> Literal["ok", "nothing"]:
        return "ok" if any(voice.people > 0 for voice in self.voices) else "nothing"

    @property
    def includes_suggestions(self) -> bool:
        """Whether a theme that a rule suggested is counted anywhere: an export says so wherever it goes."""
        return self.question.suggestions and self.by_rule != 0

    def voice(self, key: str) -> Voice:
        return next(voice for voice in self.voices if voice.key == key)

    def largest(self, keys: Iterable[str]) -> str:
        """Of some voices, the one with most people."""
        return max(keys, key=lambda key: self.voice(key).people)

    def titles(self) -> dict[str, str]:
        return {voice.key: voice.title for voice in self.voices if np.isfinite(voice.people)}

    @property
    def left(self) -> str:
        return self.question.left

    @property
    def right(self) -> str:
        return self.question.right

    @property
    def tested(self) -> Released:
        rows = self.differences
        return rows[rows["q_value"].notna()] if len(rows) else rows

    @property
    def moving(self) -> Released:
        """The trends that rise or fall beyond chance."""
        rows = self.trends
        return rows[rows["direction"].isin(MOVES)] if len(rows) else rows

    def of_theme(self, theme: str) -> Released:
        """The shares of one theme that are shown, the largest first."""
        rows = self.prominence[self.prominence["theme"] == theme]
        rows = rows[rows["share"].notna()]
        return rows.sort_values("share", ascending=False, kind="stable")

    def top_topics(self) -> pd.DataFrame:
        """The topic that each voice names most, with its share; the largest share first."""
        rows = named_shares(self.prominence)
        rows = rows[rows["topic"].astype(bool)]
        return rows.sort_values("share", ascending=False, kind="stable").drop_duplicates("voice")

    def _with_voices(self, rows: Released) -> Released:
        """Rows with the title and the signal of their voice."""
        voices = {voice.key: voice for voice in self.voices}
        return rows.assign(
            source=[voices[key].title for key in rows["voice"]],
            signal=[voices[key].signal for key in rows["voice"]],
        )

    def drawn(self) -> Released:
        """The rows of the first picture: the themes named most, general praise and its like last."""
        praise = [theme for theme in self.named if theme not in self.topics]
        order = [*self.topics[:MOST_DRAWN], *praise]
        rows = self.prominence[
            self.prominence["theme"].isin(order) & self.prominence["share"].notna()
        ]
        rows = rows.assign(order=[order.index(theme) for theme in rows["theme"]])
        return self._with_voices(rows).sort_values(["order", "voice"], kind="stable")

    def heat(self) -> Released:
        """Theme by source and service; a service of which nothing is known is left out."""
        order = {theme: at for at, theme in enumerate(self.topics)}
        rows = self.services[self.services["theme"].isin(order) & self.services["base"].notna()]
        titles = maps.service_titles()
        last = ["", *titles, NOT_STATED]  # “other” is the last of the titles
        keys = [voice.key for voice in self.voices]
        rows = rows.assign(
            order=rows["theme"].map(order),
            place_order=[
                keys.index(key) * len(last) + last.index(part)
                for key, part in zip(rows["voice"], rows["service"], strict=True)
            ],
            place=[
                "All" if part == "" else titles.get(part, part.capitalize())
                for part in rows["service"]
            ],
        )
        return self._with_voices(rows).sort_values(["order", "place_order"], kind="stable")

    def series(self, theme: str) -> Released:
        """One theme over time, each voice; points that may not be shown are left out."""
        rows = self.points[(self.points["theme"] == theme) & self.points["share"].notna()]
        return self._with_voices(rows)

    def square(self, voice: str) -> Released:
        """Both halves of the square of themes of one voice, for a picture."""
        rows = self.pairs[self.pairs["voice"] == voice]
        turned = rows.rename(columns={"left_theme": "right_theme", "right_theme": "left_theme"})
        both = Released(pd.concat([rows, turned], ignore_index=True))
        paired = set(both["left_theme"])
        named = [theme for theme in self.topics if theme in paired]
        order = {theme: at for at, theme in enumerate(named[:MOST_TOGETHER])}
        both = both[both["left_theme"].isin(order) & both["right_theme"].isin(order)]
        return both.assign(left_order=both["left_theme"].map(order))

    def felt(self) -> Released:
        """What those felt who named each theme: shares of those of whom it is known."""
        order = {theme: at for at, theme in enumerate(["", *self.topics])}
        rows = self.feelings[self.feelings["theme"].isin(order) & self.feelings["share"].notna()]
        rows = rows[rows["feeling"] != "unsaid"]
        rows = rows.assign(
            name=[theme or "Everybody" for theme in rows["theme"]], order=rows["theme"].map(order)
        )
        return self._with_voices(rows).sort_values(["voice", "order"], kind="stable")


def themes(store: Store, question: ThemesQuestion, only: str = "") -> ThemesReport:
    """What people say behind the figures; of one source alone where `only` names it.

    Raises NothingToCompare where the window cuts a quarter.
    """
    refuse_part_of_a_quarter(question.window, question.disclosure)
    parameters = question.parameters() | {
        "rules": redactor(store).rules if question.suggestions else ""
    }
    disclosure = question.disclosure
    counts = store.query("theme_counts", **parameters)
    loaded = store.query("theme_counts", **parameters | NO_FILTERS)
    together = store.query("theme_pairs", **parameters)
    published, account = published_themes(store, question), comment_account(store, question)
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
    question = compared(question, voices)
    shares = named_shares(prominence)
    largest = shares.groupby("theme", sort=False)["share"].max()
    named = largest.sort_values(ascending=False, kind="stable").index
    topics = set(shares.loc[shares["topic"].astype(bool), "theme"])
    files = [*account.loc[account["people"].notna(), "extracts"], published["extract"]]
    return ThemesReport(
        question=question,
        account=account,
        voices=voices,
        prominence=prominence,
        named=tuple(map(str, named)),
        topics=tuple(str(theme) for theme in named if theme in topics),
        services=services_of(cells, prominence),
        feelings=feelings_of(exact, published, disclosure),
        differences=differences_of(prominence, question, voices),
        trends=trends,
        points=points,
        pairs=pairs_of(together, prominence, voices, disclosure),
        too_short=too_short,
        without_comments=() if only else without_comments(store, account, published),
        by_rule=_by_rule(exact, loaded, question),
        extracts=tuple(sorted({int(number) for listed in files for number in listed})),
        revision=store.revision,
    )


def named_shares(prominence: Released) -> Released:
    """The shares that are shown of themes somebody named."""
    return prominence[prominence["share"].notna() & (prominence["people"] > 0)]


def comment_account(store: Store, question: ThemesQuestion) -> Released:
    """Each source with comments, whatever the filters; of those asked for, how many people wrote them."""
    counts = ("people", "with_words", "not_labelled", "undated")
    return release(
        store.query("comment_account", **question.filters()),
        question.disclosure,
        *(Count(name, f"{name}_key", withheld=f"{name}_withheld") for name in counts),
    )


def _by_rule(exact: pd.DataFrame, loaded: pd.DataFrame, question: ThemesQuestion) -> float:
    """People whose comments have themes that rules suggest; NaN where few, 0 where rules suggest nothing."""
    if not (loaded["by_rule"] > 0).any():
        return 0.0
    people = exact.loc[is_everybody(exact), ["by_rule", "by_rule_key"]]
    shown = release(people, question.disclosure, Count("by_rule", "by_rule_key"))
    return float(shown["by_rule"].sum(min_count=1))
