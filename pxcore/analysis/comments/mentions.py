"""How many people named each theme: shares, parts, time, pairs, feelings; all from counts as they are shown.

An author is a single person, in however many comments. What was counted in SQL comes in, and passes
`release`; every share, range and test is worked out from what it returns.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.comments.rules import rules
from pxcore.analysis.rows import each
from pxcore.disclosure import Count, OfOne, Parts, Released, release
from pxcore.disclosure.perturbation import rest_of_key, sum_of_keys
from pxcore.model import Disclosure, Period, Withheld
from pxcore.stats.intervals import wilson, with_noise
from pxcore.stats.multiplicity import discovery_rates
from pxcore.stats.shares import association, share_differences
from pxcore.stats.trend import FEWEST_POINTS, SHOWN, Trend, trend
from pxcore.store import Store

FEWEST_AT_A_POINT = 10  # people whose comments are coded, for a quarter or month to be a point
FEWEST_FOR_A_TREND = 20  # people who named a theme, for it to be looked at over time
FEWEST_OF_A_PAIR = 10  # people who named each of two themes, for them to be looked at together
EXPECTED_OF_A_PAIR = 5.0  # people who would name both by chance alone
KNOWN_FEELINGS = ("positive", "neutral", "negative")
FEELINGS = (*KNOWN_FEELINGS, "unsaid")
NOT_STATED = "not stated"
PEOPLE = Count("people", "people_key", variance="noise")
# Of two themes together, shown for three who may be read and some others, it would be known that somebody is
# there of whom larger groups say fewer than five.
BOTH = replace(PEOPLE, alone=True)
CHANCES = OfOne(chances=("p_value", "q_value"))
_SHARE = ("people", "base", "share", "low", "high", "under", "withheld")
NO_FILTERS: dict[str, Any] = {"area": "", "service": "", "start": None, "end": None}


class Coder(StrEnum):
    """Who found the themes of a source."""

    SUPPLIER = "supplier"
    PERSON = "person"
    RULE = "rule"
    REPORT = "report"


class Silence(StrEnum):
    """Why a theme has no share in a source, or one of nought."""

    FEW = "few"
    NONE = "none"
    WITHHELD = "withheld"
    NOT_PUBLISHED = "not published"


class TooShort(StrEnum):
    """Why nothing can be said of a source over time."""

    ONE_REPORT = "one report"
    FEW_QUARTERS = "few quarters"


@dataclass(frozen=True, slots=True)
class ThemesQuestion:
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
    published: bool  # a table of a report: it lists its most frequent themes alone
    coders: tuple[Coder, ...]


def compared(question: ThemesQuestion, voices: tuple[Voice, ...]) -> ThemesQuestion:
    """The question with the two voices to compare: those named, or the two with most people."""
    shown = sorted(
        (voice for voice in voices if np.isfinite(voice.people)), key=lambda voice: -voice.people
    )
    keys = [voice.key for voice in shown]
    left = question.left if question.left in keys else next(iter(keys), "")
    # of another source, where there is one
    source = next((voice.source for voice in shown if voice.key == left), "")
    rest = sorted(
        (voice for voice in shown if voice.key != left), key=lambda voice: voice.source == source
    )
    right = (
        question.right
        if question.right in keys and question.right != left
        else next((voice.key for voice in rest), "")
    )
    return replace(question, left=left, right=right)


def is_everybody(counts: pd.DataFrame) -> pd.Series:
    return (counts["cut"] == "all") & (counts["theme"] == "")


def published_themes(store: Store, question: ThemesQuestion) -> Released:
    """Themes as reports print them; of two that go under one common theme, the larger."""
    rows = store.query("theme_published", **question.parameters())
    rows = rows.drop_duplicates(["source", "place", "service", "theme"])  # they come largest first
    voice = rows["source"] + "~" + rows["place"] + "~" + rows["service"]
    return release(rows.assign(voice=voice), question.disclosure, PEOPLE)


def every_cell(
    counts: pd.DataFrame, loaded: pd.DataFrame, published: pd.DataFrame, disclosure: Disclosure
) -> pd.DataFrame:
    """Every theme ('' for everybody) of every source and part, nobody being a count too; not to be shown.

    Which sources and themes there are hangs on all that is `loaded`, and not on the filters: that a theme
    is listed would else say that somebody named it.
    """
    whole = release(loaded[loaded["cut"] == "all"], disclosure, PEOPLE)
    themes = {"", *whole.loc[whole["people"].notna(), "theme"], *published["theme"]}
    place = ["cut", "source", "part"]
    parts = pd.concat([loaded[is_everybody(loaded)], counts[counts["theme"] == ""]])[place]
    grid = parts.drop_duplicates().merge(pd.DataFrame({"theme": sorted(themes)}), how="cross")
    cells = grid.merge(counts, on=[*place, "theme"], how="left")
    numbers = [str(name) for name in cells.select_dtypes("number")]
    return cells.fillna(dict.fromkeys(numbers, 0.0)).assign(withheld=Withheld.NONE.value)


def cells_of(exact: pd.DataFrame, disclosure: Disclosure) -> Released:
    """Theme ('' for everybody) by source and part, with its share of everybody, as it may be shown.

    Parts of fewer people than the floor are left out. `named` holds those who named a theme as the table has
    them, however few, for a trend over all of its points; it is not to be shown.
    """
    place = ["cut", "source", "part"]
    rows = exact[[*place, "theme", "people", "people_key", "withheld"]]
    shown = release(rows, disclosure, PEOPLE)
    everybody = shown[shown["theme"] == ""].set_index(place)[["people", "noise"]]
    everybody = everybody.rename(columns={"people": "base", "noise": "base_noise"})
    of_all = rows[rows["theme"] == ""].set_index(place)[["people", "people_key"]]
    of_all = rows[place].join(of_all, on=place)
    halves = rows.assign(
        rest=of_all["people"] - rows["people"],
        rest_key=rest_of_key(of_all["people_key"], rows["people_key"]),
    )
    parts = Parts((("people", "people_key"), ("rest", "rest_key")), "whole")
    named = release(halves, disclosure, parts)["people"]
    based = shown.assign(named=named).join(everybody, on=place)
    based = based[(based["cut"] == "all") | based["base"].notna()]
    cells = _with_shares(based, disclosure)
    few = cells["withheld"] == Withheld.FLOOR.value
    silence = np.select([few, cells["people"] == 0], [Silence.FEW, Silence.NONE], default="")
    return Released(cells.assign(voice=cells["source"], silence=silence).reset_index(drop=True))


def _with_shares(cells: pd.DataFrame, disclosure: Disclosure) -> pd.DataFrame:
    """Shares with Wilson's range, and what a share lies under where fewer than the floor named it.

    `worth`: the people the share is worth, the noise of its counts being part of its error: `noise` and
    `base_noise` are their variances.
    """
    # with noise, a few more than everybody may seem to have named it
    limit = cells["base"].fillna(np.inf)
    people = cells["people"].where(~(cells["people"] > limit), limit)
    base = cells["base"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = people.to_numpy(dtype=float) / base
        noise = cells["noise"].to_numpy() + share**2 * cells["base_noise"].to_numpy()
        worth = with_noise(base, share, base, noise / base**2)
        under = np.where(people.isna(), np.minimum(disclosure.floor / base, 1), np.nan)
    low, high = wilson(share, worth)
    return cells.assign(
        people=people, share=share, low=low, high=high, worth=worth,
        under=np.where(cells["withheld"] == Withheld.FLOOR.value, under, np.nan),
    )  # fmt: skip


def voices_of(
    cells: pd.DataFrame, loaded: pd.DataFrame, published: pd.DataFrame
) -> tuple[Voice, ...]:
    coders = loaded[is_everybody(loaded)].set_index("source")
    voices = []
    for row in each(cells[is_everybody(cells)]):
        about = maps.source(str(row.source))
        coded = coders.loc[row.source]
        has_coded = {
            Coder.SUPPLIER: coded["by_supplier"],
            Coder.PERSON: coded["by_person"],
            Coder.RULE: coded["by_rule"] > 0,
        }
        voices.append(
            Voice(
                key=str(row.source),
                title=about["short_title"],
                source=str(row.source),
                signal=about["signal"],
                people=float(row.people),
                published=False,
                coders=tuple(coder for coder, has in has_coded.items() if has),
            )
        )
    services = {name: title.lower() for name, title in maps.service_titles().items()}
    places = published["place"].nunique() > 1
    for row in each(published.drop_duplicates("voice")):
        about = maps.source(str(row.source))
        where = f" {row.place}" if places else ""
        voices.append(
            Voice(
                key=str(row.voice),
                title=f"{about['short_title']} report{where}, "
                f"{services.get(row.service, row.service).split(' (')[0]}",
                source=str(row.source),
                signal=about["signal"],
                people=float(row.base),
                published=True,
                coders=(Coder.REPORT,),
            )
        )
    return tuple(voices)


def _about(themes: pd.Series) -> pd.DataFrame:
    """Domain of each theme, and whether it is a topic: general praise is not."""
    known = {row["theme"]: row for row in maps.rows("themes")}
    common = dict(zip(*maps.theme_words(), strict=True))
    nothing = {"domain": "none", "topic": "yes"}
    rows = [known.get(common.get(str(theme).lower(), str(theme)), nothing) for theme in themes]
    return pd.DataFrame(
        {
            "domain": [row["domain"] for row in rows],
            "topic": [row["topic"] == "yes" for row in rows],
        },
        index=themes.index,
    )


def prominence_of(
    cells: Released, published: Released, voices: tuple[Voice, ...], disclosure: Disclosure
) -> Released:
    """Theme by voice: how many named it, of how many; silence by its kind."""
    rows: list[pd.DataFrame] = [cells[(cells["cut"] == "all") & (cells["theme"] != "")]]
    themes = sorted({*rows[0]["theme"], *published["theme"]})
    for voice in voices:
        if not voice.published:
            continue
        listed = published[published["voice"] == voice.key].set_index("theme")
        table = pd.DataFrame({"theme": themes}, dtype=object).assign(
            voice=voice.key, base=voice.people, noise=0.0, base_noise=0.0
        )
        table["people"] = table["theme"].map(listed["people"])
        table["withheld"] = table["theme"].map(listed["withheld"]).fillna(Withheld.NONE.value)
        kinds = {
            Silence.WITHHELD: table["withheld"] != Withheld.NONE.value,
            Silence.NOT_PUBLISHED: table["people"].isna(),
            Silence.NONE: table["people"] == 0,
        }
        table["silence"] = np.select(list(kinds.values()), list(kinds), default="")
        rows.append(_with_shares(table, disclosure))
    columns = ["theme", "voice", *_SHARE, "worth", "noise", "silence"]
    whole = pd.concat([table[columns] for table in rows], ignore_index=True)
    return Released(pd.concat([whole, _about(whole["theme"])], axis=1))


def services_of(cells: Released, prominence: Released) -> Released:
    """Theme by voice and service, each theme's whole ('') beside it."""
    parts = cells[(cells["cut"] == "service") & (cells["theme"] != "")]
    parts = parts.assign(service=parts["part"].replace("", NOT_STATED))
    rows = pd.concat([prominence.assign(service=""), parts], ignore_index=True)
    return Released(rows[["theme", "voice", "service", *_SHARE, "silence"]])


def feelings_of(exact: pd.DataFrame, published: Released, disclosure: Disclosure) -> Released:
    """What those felt who named a theme ('' for everybody): of those of whom it is known, how many."""
    whole = exact[exact["cut"] == "all"]
    rows = pd.concat(
        [whole.assign(voice=whole["source"]), published.assign(unsaid=0.0)], ignore_index=True
    )
    names = [name for feeling in (*FEELINGS, "known") for name in (feeling, f"{feeling}_key")]
    rows = rows.reindex(columns=["theme", "voice", "withheld", *names])
    rows["known"] = rows[list(KNOWN_FEELINGS)].sum(axis=1, skipna=False)
    rows["known_key"] = sum_of_keys([rows[f"{feeling}_key"] for feeling in KNOWN_FEELINGS])
    withheld = {f"{name} withheld": rows["withheld"] for name in (*FEELINGS, "known")}
    counts = [
        Count(
            name,
            f"{name}_key",
            withheld=f"{name} withheld",
            variance=f"{name} noise",
        )
        for name in (*FEELINGS, "known")
    ]
    shown = release(rows.assign(**withheld), disclosure, *counts)
    is_known = np.repeat([feeling in KNOWN_FEELINGS for feeling in FEELINGS], len(shown))
    long = pd.DataFrame(
        {
            "theme": np.tile(shown["theme"], len(FEELINGS)),
            "voice": np.tile(shown["voice"], len(FEELINGS)),
            "feeling": np.repeat(FEELINGS, len(shown)),
            "withheld": pd.concat([shown[f"{name} withheld"] for name in FEELINGS]).to_numpy(),
            "people": np.concatenate([shown[name] for name in FEELINGS]),
            "noise": np.concatenate([shown[f"{name} noise"] for name in FEELINGS]),
            "base": np.where(is_known, np.tile(shown["known"], len(FEELINGS)), np.nan),
            "base_noise": np.tile(shown["known noise"], len(FEELINGS)),
        }
    )
    shares = _with_shares(long, disclosure).rename(columns={"people": "count", "base": "known"})
    columns = ["theme", "voice", "feeling", "count", "known", "share", "low", "high", "under",
               "withheld"]  # fmt: skip
    return Released(shares[columns])


def differences_of(
    prominence: Released, question: ThemesQuestion, voices: tuple[Voice, ...]
) -> Released:
    """Each theme, one voice against another: the gap in points with its range, tested together."""
    columns = ["theme", "left_share", "right_share", "difference", "low", "high", "p_value", "q_value",
               "shown"]  # fmt: skip
    if not question.left or not question.right:
        return Released(columns=columns)
    sides = [
        prominence[prominence["voice"] == key].set_index("theme")
        for key in (question.left, question.right)
    ]
    left, right = sides
    test = share_differences(
        left["share"] * left["worth"],
        left["worth"],
        right["share"] * right["worth"],
        right["worth"],
    )
    rows = Released(
        {
            "theme": left.index,
            "left_share": left["share"].to_numpy(),
            "right_share": right["share"].to_numpy(),
            "difference": test.difference,
            "low": test.low,
            "high": test.high,
            "p_value": test.p_value,
            "q_value": test.q_value,
            "shown": test.q_value <= SHOWN,
        },
        columns=columns,
    )
    rows = rows.sort_values(["p_value", "theme"], kind="stable").reset_index(drop=True)
    if all(voice.published for voice in voices if voice.key in (question.left, question.right)):
        return rows
    return release(rows, question.disclosure, CHANCES)


def _quarters_of(cells: Released, source: str) -> Released:
    """The quarters with enough people; by the month too few of each theme are in too many views."""
    base = cells[(cells["cut"] == "quarter") & (cells["source"] == source) & (cells["theme"] == "")]
    return Released(base[base["people"] >= FEWEST_AT_A_POINT].sort_values("part"))


def trends_of(
    cells: Released, voices: tuple[Voice, ...], disclosure: Disclosure
) -> tuple[Released, Released, dict[str, TooShort]]:
    """Is a theme named more, or less, as time goes on? Tested together over all themes and voices.

    Returns the trends, the points behind them, and why nothing can be said of a voice. A point at which few
    named the theme takes part with its share as the table has it, though none is shown.
    """
    rows: list[dict[str, Any]] = []
    points = []
    short: dict[str, TooShort] = {}
    for voice in voices:
        if voice.published:
            short[voice.key] = TooShort.ONE_REPORT
            continue
        base = _quarters_of(cells, voice.source)
        if len(base) < FEWEST_POINTS:
            short[voice.key] = TooShort.FEW_QUARTERS
            continue
        when = pd.to_datetime(base["part"])
        years = (when.dt.year + (when.dt.month - 1) / 12).to_numpy(dtype=float)
        of_source = cells[(cells["source"] == voice.source) & (cells["theme"] != "")]
        whole = of_source[of_source["cut"] == "all"]
        themes = list(whole.loc[whole["people"] >= FEWEST_FOR_A_TREND, "theme"])
        series = of_source[
            (of_source["cut"] == "quarter")
            & of_source["part"].isin(base["part"])
            & of_source["theme"].isin(themes)
        ].sort_values("part")
        series = series.assign(when=pd.to_datetime(series["part"]))
        everybody = series["base"].to_numpy(dtype=float)
        share = np.fmin(series["named"].to_numpy(dtype=float), everybody) / everybody
        named = series["theme"].to_numpy(dtype=object)
        for theme in themes:
            at = np.flatnonzero(named == theme)
            rows.append(_trend_row(str(theme), voice.key, trend(100 * share[at], years)))
            points.append(series.iloc[at])
    columns = ["theme", "voice", "when", *_SHARE]
    drawn = Released(pd.concat(points, ignore_index=True) if points else None, columns=columns)
    trends = Released(rows)
    if trends.empty:
        return trends, drawn, short
    trends["q_value"] = discovery_rates(
        np.where([made.tells for made in trends["made"]], trends["p_value"], np.nan)
    )
    trends["direction"] = [
        made.direction(float(q)).value
        for made, q in zip(trends.pop("made"), trends["q_value"], strict=True)
    ]
    trends = trends.sort_values(["p_value", "theme"], kind="stable").reset_index(drop=True)
    slopes = OfOne(gaps=("slope", "low", "high"))
    return release(trends, disclosure, slopes, CHANCES), drawn, short


def _trend_row(theme: str, voice: str, made: Trend) -> dict[str, Any]:
    return {
        "theme": theme,
        "voice": voice,
        "points": made.test.points,
        "slope": made.slope,  # percentage points a year
        "low": made.interval.low,
        "high": made.interval.high,
        "p_value": made.test.p_value,
        "made": made,
    }


def pairs_of(
    together: pd.DataFrame, prominence: Released, voices: tuple[Voice, ...], disclosure: Disclosure
) -> Released:
    """Two themes named by the same people: of themes enough people named, in each voice."""
    columns = ["voice", "left_theme", "right_theme", "people", "phi", "lift", "with_right",
               "without_right", "low", "high", "p_value", "q_value", "shown"]  # fmt: skip
    coded = {voice.key for voice in voices if not voice.published}
    named = prominence[
        prominence["topic"].astype(bool)
        & prominence["voice"].isin(coded)
        & (prominence["people"] >= FEWEST_OF_A_PAIR)
    ]
    first = named[["voice", "theme", "people", "base", "noise"]]
    pairs = first.rename(columns={"theme": "left_theme", "people": "left_people"}).merge(
        first.rename(
            columns={"theme": "right_theme", "people": "right_people", "noise": "right_noise"}
        ),
        on=["voice", "base"],
    )
    pairs = pairs[
        (pairs["left_theme"] < pairs["right_theme"])
        & (pairs["left_people"] * pairs["right_people"] / pairs["base"] >= EXPECTED_OF_A_PAIR)
    ].merge(
        together.rename(columns={"source": "voice"}),
        on=["voice", "left_theme", "right_theme"],
        how="left",
    )
    pairs = pairs.fillna({"people": 0.0, "people_key": 0.0})
    shown = release(pairs, disclosure, BOTH)
    shown = shown[shown["people"].notna()].reset_index(drop=True)
    if shown.empty:
        return Released(columns=columns)
    left, right, base = (
        shown[name].to_numpy(dtype=float) for name in ("left_people", "right_people", "base")
    )
    # counts as they are shown need not fit: nobody may name both who did not name each
    both = np.clip(
        shown["people"].to_numpy(dtype=float),
        np.maximum(left + right - base, 0),
        np.minimum(left, right),
    )
    # the noise takes away from all four cells alike
    worth = np.ones(len(shown))
    if not disclosure.exact:
        share = both / right
        noise = shown["noise"].to_numpy() + share**2 * shown["right_noise"].to_numpy()
        worth = with_noise(right, share, right, noise / right**2) / right
    test = association(both * worth, left * worth, right * worth, base * worth)
    tested = shown.assign(
        people=both,
        phi=test.phi,
        lift=test.lift,
        with_right=test.with_other,
        without_right=test.without_other,
        low=test.low,
        high=test.high,
        p_value=test.p_value,
        q_value=test.q_value,
        shown=test.q_value <= SHOWN,
    ).sort_values(["p_value", "left_theme", "right_theme"], kind="stable")
    return release(tested[columns].reset_index(drop=True), disclosure, CHANCES)


def without_comments(
    store: Store, account: pd.DataFrame, published: pd.DataFrame
) -> tuple[str, ...]:
    """Sources that are loaded and in which nobody says anything in words."""
    loaded = set(store.query("coverage")["source"])
    with_comments = {*account["source"], *published["source"]}
    return tuple(
        maps.source(source)["short_title"]
        for source in maps.sources()
        if source in loaded - with_comments
    )
