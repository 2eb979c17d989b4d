"""How many people named each theme: shares, parts, time, pairs, feelings; every cell protected.

One author is one person, in however many comments. What was counted in SQL comes in; what goes out may
be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.evidence import each
from pxcore.analysis.rules import rules
from pxcore.analysis.words import joined
from pxcore.disclosure import protect
from pxcore.model import Disclosure, Organisation, Period, Withheld
from pxcore.stats.intervals import wilson
from pxcore.stats.shares import association, false_discovery, share_differences
from pxcore.stats.trend import FEWEST_POINTS, SHOWN, Trend, trend
from pxcore.store import Store

FEWEST_AT_A_POINT = 10  # people whose comments are coded, for a quarter or month to be a point
FEWEST_FOR_A_TREND = 20  # people who named a theme, for it to be looked at over time
FEWEST_OF_A_PAIR = 10  # people who named each of two themes, for them to be looked at together
EXPECTED_OF_A_PAIR = 5.0  # people who would name both by chance alone
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


def compared(asked: ThemesAsked, voices: tuple[Voice, ...]) -> ThemesAsked:
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


def is_everybody(counts: pd.DataFrame) -> pd.Series:
    return (counts["cut"] == "all") & (counts["theme"] == "")


def published_themes(store: Store, asked: ThemesAsked) -> pd.DataFrame:
    """Themes as reports list them; of two that are one here, the one named more."""
    rows = store.query("theme_published", **asked.parameters())
    rows = rows.drop_duplicates(["source", "place", "service", "theme"])  # they come largest first
    return rows.assign(voice=rows["source"] + "~" + rows["place"] + "~" + rows["service"])


def told_by_others(
    store: Store, asked: ThemesAsked, parameters: dict[str, Any]
) -> frozenset[tuple[str, str]]:
    """Source and theme ('' for everybody) that may not be shown here, for somebody can look elsewhere too.

    What is asked about is one of several areas, one service, or a span of days. Beside the others of its
    kind and their total, each a view anybody can open, none may follow that rests on few people.
    """
    kinds: list[tuple[str, str, dict[str, Any]]] = []
    if asked.area:
        areas = store.query("areas", organisation=Organisation.CURRENT.value)
        grains = areas.loc[areas["code"] == asked.area, "grain"]
        kinds += [(str(grain), asked.area, {"area": ""}) for grain in grains]
    if asked.service:
        kinds.append(("service", asked.service, {"service": ""}))
    if asked.window:
        kinds.append(("time", "inside", {"start": None, "end": None}))
    hidden: set[tuple[str, str]] = set()
    for level, here, without in kinds:
        rows = store.query(
            "theme_parts",
            **parameters | without,
            level=level,
            first=parameters["start"],
            last=parameters["end"],
        )
        for source, own in rows.groupby("source", sort=False):
            cells = _beside_each_other(own, asked)
            mine = cells[(cells["part"] == here) & (cells["withheld"] != Withheld.NONE.value)]
            hidden |= {(str(source), str(theme)) for theme in mine["theme"]}
    return frozenset(hidden)


def _beside_each_other(own: pd.DataFrame, asked: ThemesAsked) -> pd.DataFrame:
    """Theme by part of one source, with what may be shown beside all totals the parts add up to."""
    about = own.drop_duplicates("part").set_index("part")[["sub_icb", "icb", "region"]]
    cells = pd.MultiIndex.from_product(
        [own["theme"].unique(), about.index], names=["theme", "part"]
    ).to_frame(index=False)
    cells = cells.merge(own[["theme", "part", "people"]], on=["theme", "part"], how="left")
    cells["people"] = cells["people"].fillna(0.0)
    everybody = own[own["theme"] == ""].set_index("part")["people"]
    cells["base"] = cells["part"].map(everybody)
    cells = cells.join(about, on="part").assign(withheld=Withheld.NONE.value)
    before, hidden = -1, 0
    while hidden != before:
        before = hidden
        # what is hidden for one total may lay open another
        for total in ("", "region", "icb", "sub_icb"):
            inside = cells["theme"] + "\0" + (cells[total] if total else "")
            shown = _with_company(_protected(cells.assign(theme=inside), asked, ["theme"]))
            cells["withheld"] = shown["withheld"]
        hidden = int((cells["withheld"] != Withheld.NONE.value).sum())
    return cells


def voices_of(
    counts: pd.DataFrame,
    published: pd.DataFrame,
    asked: ThemesAsked,
    hidden: frozenset[tuple[str, str]] = frozenset(),
) -> tuple[Voice, ...]:
    floor = asked.disclosure.floor
    found = []
    for row in each(counts[is_everybody(counts)]):
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
        enough = row.people >= floor and (str(row.source), "") not in hidden
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
    services = {name: title.lower() for name, title in maps.service_titles().items()}
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


def prominence_of(
    counts: pd.DataFrame,
    published: pd.DataFrame,
    voices: tuple[Voice, ...],
    asked: ThemesAsked,
    hidden: frozenset[tuple[str, str]] = frozenset(),
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
            may = [(voice.source, theme) not in hidden for theme in named]
            cells["withheld"] = np.where(may, Withheld.NONE.value, Withheld.FLOOR.value)
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


def shown_themes(prominence: pd.DataFrame) -> list[str]:
    return sorted(set(prominence.loc[prominence["share"].notna(), "theme"]))


def parts_of(
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
        # parts of a whole that may not be shown would add up to it
        whole = prominence[prominence["voice"] == voice.key].set_index("theme")["withheld"]
        cells = cells.assign(
            voice=voice.key, withheld=cells["theme"].map(whole).fillna(Withheld.NONE.value)
        )
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


def feelings_of(
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


def differences_of(prominence: pd.DataFrame, asked: ThemesAsked) -> pd.DataFrame:
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


def trends_of(
    counts: pd.DataFrame, voices: tuple[Voice, ...]
) -> tuple[pd.DataFrame, dict[str, str]]:
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


def points_of(
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
        cells = parts_of(counts, cut, (voice,), prominence, asked)
        looked_at = trends.loc[trends["voice"] == voice.key, "theme"]
        parts.append(cells[cells["theme"].isin(looked_at)])
    if not parts:
        return pd.DataFrame(columns=columns)
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(when=pd.to_datetime(rows["service"]))[columns]


def pairs_of(
    together: pd.DataFrame,
    counts: pd.DataFrame,
    voices: tuple[Voice, ...],
    prominence: pd.DataFrame,
    asked: ThemesAsked,
) -> pd.DataFrame:
    """Two themes named by the same people: of themes enough people named, in each voice."""
    shown = prominence[prominence["topic"].astype(bool) & prominence["share"].notna()]
    parts = []
    for voice in voices:
        if voice.published or np.isnan(voice.people):
            continue
        topics = set(shown.loc[shown["voice"] == voice.key, "theme"])
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


def without_comments(
    store: Store, account: pd.DataFrame, published: pd.DataFrame
) -> tuple[str, ...]:
    """Sources that are loaded and in which nobody says anything in words."""
    loaded = set(store.query("coverage")["source"])
    heard = {*account["source"], *published["source"]}
    return tuple(
        maps.source(source)["short_title"] for source in maps.sources() if source in loaded - heard
    )
