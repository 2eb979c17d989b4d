"""What `groups` found of two sources by the groups of a dimension, in words and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.bands import (
    AS_REGISTERED,
    EVERYBODY,
    NOT_TOLD,
    SAME_MIX,
    TAKEN_TOGETHER,
    BandChange,
)
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.joining.refusals import Refusal
from pxcore.analysis.joining.selection import DIMENSIONS
from pxcore.analysis.judging.verdicts import Judged, Judgement
from pxcore.analysis.pairs.agreement import SEED
from pxcore.analysis.rows import each, records
from pxcore.disclosure import Released, largest_noise
from pxcore.model import GRAIN_TITLES, Withheld
from pxcore.stats.case_mix import CaseMix, Difference, MantelHaenszel, Reversal
from pxcore.stats.correlation import MINIMUM_PAIRS
from pxcore.stats.groups import GroupAverages
from pxcore.words import bands as band_words
from pxcore.words import refusals
from pxcore.words import verdicts as verdict_words
from pxcore.words.english import joined, number
from pxcore.words.verdicts import chance

ORGANISATIONS = "practices_by_deprivation"  # groups of organisations, not of people
UNTOLD = "–"  # a source does not tell it
BEYOND_CHANCE = 0.05
SIDES = ("left", "right")
MOST_NAMED = 3

# How the groups of a dimension are called, all and one by one.
_ALL: Mapping[str, tuple[str, str]] = {
    "age": ("age groups", "every age group"),
    "sex": ("the sexes", "each sex"),
    "ethnicity": ("ethnic groups", "every ethnic group"),
    "deprivation": ("fifths of deprivation", "every fifth of deprivation"),
    "long_term_condition": (
        "people with and without a long-term condition",
        "both those with and without a long-term condition",
    ),
    "disability": (
        "people with and without a disability",
        "both those with and without a disability",
    ),
    "carer": ("carers and others", "both carers and others"),
    ORGANISATIONS: ("fifths", "every fifth"),
}

# A band inside a sentence, where its name alone does not read as people.
_PEOPLE: Mapping[str, str] = {
    "Long-term condition": "those with a long-term condition",
    "No long-term condition": "those without a long-term condition",
    "Disability": "those with a disability",
    "No disability": "those without a disability",
    "Carer": "carers",
    "Not a carer": "those who are not carers",
}

GAP = ("what", "gap", "low", "high", "left_respondents", "right_respondents")
RANKING = (
    "band", "organisations", "raw", "raw_low", "raw_high", "underlying", "underlying_low",
    "underlying_high", "said",
)  # fmt: skip
COMPARED = (
    "first", "second", "difference", "low", "high", "underlying", "underlying_low", "underlying_high",
    "p_value", "q_value",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gap between two sources by group, and with the same mix of people in both."""

    rows: Released  # one row per gap: taken together, with the same mix, and by group; see GAP
    mix: CaseMix | None  # None of organisations, or where nothing compares
    within: MantelHaenszel | None  # the same group at the same organisation
    averages: GroupAverages | None  # of organisations alone
    notes: tuple[str, ...]  # what was joined, left out, or could not be done


@dataclass(frozen=True, slots=True)
class GroupsReport(Judged):
    """Two sources by the groups of one dimension."""

    judgement: Judgement
    status: str  # "ok", "refused", or "cannot_split": not by both sources
    reason: str
    group_by: str  # one of DIMENSIONS, or ORGANISATIONS; "" where nothing can be split
    offered: Mapping[str, str]  # what can be asked for these two sources -> its title
    splits: tuple[bool, bool]  # whether each of the two can be split
    who: Released  # one row per source and dimension: how many people told it
    cells: Released  # one row per source and group; see CELL
    gaps: Gaps | None
    rankings: Released  # one row per group: how alike the two rank organisations; see RANKING
    compared: Released  # agreement of every two groups, set against one another; see COMPARED
    changes: tuple[BandChange, ...]  # what of the map of groups a person changed
    map_rows: Released  # of `Bands.table`: this dimension, as the two sources tell it
    unplaced: tuple[str, ...]  # words of a source's own that count in no common group

    @property
    def of_people(self) -> bool:
        return self.group_by in DIMENSIONS

    @property
    def title(self) -> str:
        """What the groups are, in words: “age”, “how deprived their patients are”."""
        return DIMENSIONS.get(self.group_by, "how deprived their patients are")

    @property
    def _groups(self) -> str:
        return _ALL[self.group_by][0]

    def both_titles(self) -> str:
        return f"{self.left.short_title} and {self.right.short_title}"

    def _who(self, band: str) -> str:
        """A group inside a sentence."""
        if band in _PEOPLE:
            return _PEOPLE[band]
        if self.group_by == "deprivation":
            return f"fifth {band}"
        if self.group_by == "age" and band[:1].isdigit():
            return f"people of {band}"
        return band[:1].lower() + band[1:] if band.startswith("Fifth ") else band

    @property
    def many(self) -> str:
        """The organisations, as the head of a column."""
        return GRAIN_TITLES[self.alignment.grain][1].capitalize()

    @property
    def has_cells(self) -> bool:
        """Whether any figure of a group can be shown."""
        return bool(self.cells["value"].notna().any())

    @property
    def has_gaps(self) -> bool:
        return self.gaps is not None and len(self.gaps.rows) > 1

    @property
    def has_rankings(self) -> bool:
        return bool(self.rankings["raw"].notna().any())

    # --- Sentences ---

    def summary(self) -> str:
        """The one plain sentence."""
        if self.status == "refused":
            return refusals.sentences(self.refusals)
        if self.status == "cannot_split" or not self.group_by:
            return self.reason
        assert self.gaps is not None
        whom = (
            ""
            if self.of_people
            else f"{GRAIN_TITLES[self.alignment.grain][1].capitalize()} by {self.title}: "
        )
        said = self._simpson() or self._gap_said()
        said = f"{whom}{said[:1].lower()}{said[1:]}" if whom and said[:3] == "The" else whom + said
        return (
            f"{said}{verdict_words.marked(self)}."
            if said
            else f"Nothing can be compared by {self.title}."
        )

    def _simpson(self) -> str:
        """A gap that turns round, in plain words; only where both the crude gap and the adjusted one
        are beyond chance."""
        assert self.gaps is not None
        mix = self.gaps.mix
        if mix is None or not mix.confirmed or mix.reversal is Reversal.NONE:
            return ""
        higher, _ = self._ordered(mix.crude.value)
        opposite = mix.standardised.value * mix.crude.value < 0
        where = (
            f"with the same mix of people in both it is {points(mix.standardised.value)} lower"
            if opposite
            else "comparing people of the same group it is lower"
        )
        if mix.reversal is Reversal.FULL:
            where += f", and it points that way within {_ALL[self.group_by][1]}"
        return (
            f"Taken together {higher.short_title} is {points(mix.crude.value)} higher; {where}: the two "
            f"sources heard different people, by {self.title}"
        )

    def _gap_said(self) -> str:
        """The gap taken together, and whether it differs between groups."""
        assert self.gaps is not None
        rows = self.gaps.rows
        bands = rows[~rows["what"].isin(TOTALS)]
        if rows.empty:
            return f"{self.both_titles()} cannot be compared by {self.title}: {self._why_no_gap()}"
        first = rows.iloc[0]
        higher, lower = self._ordered(first["gap"])
        said = (
            f"{higher.short_title} stands {points(first['gap'])} above {lower.short_title} "
            f"({span(first, first['gap'])})"
        )
        if self.gap_differs is None or len(bands) < 2:
            return f"{said}; whether that gap differs between {self._groups} cannot be told"
        if not self.gap_differs:
            return f"{said}; between {self._groups} the gap does not differ beyond chance"
        sign = 1 if first["gap"] >= 0 else -1
        ordered = bands.assign(toward=bands["gap"] * sign).sort_values("toward", kind="stable")
        widest, narrowest = ordered.iloc[-1], ordered.iloc[0]
        return (
            f"{said}, and the gap differs between {self._groups}: {_named_gap(widest, sign)} for "
            f"{self._who(widest['what'])}, {_named_gap(narrowest, sign)} for "
            f"{self._who(narrowest['what'])}"
        )

    def _why_no_gap(self) -> str:
        assert self.gaps is not None
        if not self.gaps.notes:
            return "too few answers"
        first = self.gaps.notes[0].rstrip(".")
        return f"{first[:1].lower()}{first[1:]}"

    def _ordered(self, gap: float) -> tuple[Side, Side]:
        """The side that stands higher, and the other."""
        return (self.left, self.right) if gap >= 0 else (self.right, self.left)

    @property
    def gap_p(self) -> float | None:
        """Of no difference of the gap between groups; None where it was not tested."""
        if self.gaps is None:
            return None
        if self.gaps.averages is not None:
            return self.gaps.averages.p_value
        return self.gaps.mix.odds.heterogeneity_p if self.gaps.mix is not None else None

    @property
    def gap_differs(self) -> bool | None:
        """Whether the gap differs between groups beyond chance; None where it cannot be told."""
        return None if self.gap_p is None else self.gap_p < BEYOND_CHANCE

    def limits(self) -> str:
        """What limits the answer."""
        if self.status != "ok":
            return ""
        if not self.of_people:
            return (
                "These are groups of organisations, not of people: what holds for practices with more "
                "deprived patients need not hold for deprived patients."
            )
        one, many = GRAIN_TITLES[self.alignment.grain]
        n = self._organisations()
        return (
            f"Of those whose {self.title} is known, at the {f'one {one}' if n == 1 else f'{n:,} {many}'} "
            "both sources speak of. The others may differ."
        )

    def _organisations(self) -> int:
        rows = self.cells[self.cells["band"] == EVERYBODY]
        return int(rows["organisations"].min()) if len(rows) else 0

    def figures(self) -> list[tuple[str, str, str]]:
        """Label, value and what it rests on."""
        if self.gaps is None or self.gaps.rows.empty:
            return []
        told = []
        pair = f"{self.left.short_title} less {self.right.short_title}"
        for row in each(self.gaps.rows[self.gaps.rows["what"].isin(TOTALS)].head(2)):
            told.append(
                (
                    row.what,
                    f"{signed_points(row.gap)} points",
                    f"{pair}; 95 % range {signed_span(row)}",
                )
            )
        p = self.gap_p
        if p is not None:
            told.append(
                (
                    f"Does the gap differ between {self._groups}?",
                    "yes" if p < BEYOND_CHANCE else "not beyond chance",
                    f"p = {chance(p)}".replace("= <", "<") + f"; {self._tested_by()}",
                )
            )
        told.append(
            (
                "Does agreement differ?",
                "cannot be told"
                if self.agreement_tested.empty
                else "yes"
                if len(self.agreement_differs)
                else "not beyond chance",
                f"{len(self.agreement_differs)} of {len(self.agreement_tested)} comparisons of two groups"
                if len(self.agreement_differs)
                else self.agreement_said(),
            )
        )
        return told

    def _tested_by(self) -> str:
        return (
            "all groups at once, by odds"
            if self.of_people
            else "all fifths at once, of average practices"
        )

    @property
    def agreement_tested(self) -> Released:
        """Every two groups of which more than raw figures can be compared."""
        return Released(self.compared[self.compared["q_value"].notna()])

    @property
    def agreement_differs(self) -> Released:
        """Every two groups for which the two sources agree otherwise, beyond chance."""
        tested = self.agreement_tested
        return Released(tested[tested["q_value"] < BEYOND_CHANCE])

    def agreement_said(self) -> str:
        """Whether the two sources rank organisations more alike for one group than for another."""
        many = GRAIN_TITLES[self.alignment.grain][1]
        if self.compared.empty:
            return f"it takes {MINIMUM_PAIRS} {many} with enough answers of two groups"
        tested = len(self.agreement_tested)
        if not tested:
            return (
                "no two groups have an underlying agreement to compare, and raw figures are lower where "
                "answers are fewer"
            )
        apart = self.agreement_differs.sort_values("q_value", kind="stable")
        if apart.empty:
            chance = "not" if tested == 1 else "none"
            return (
                f"{tested} comparison{'s' if tested != 1 else ''} of two groups, "
                f"{chance} beyond chance; that does not show they are the same"
            )
        said = []
        for one in each(apart.head(MOST_NAMED)):
            more, less = (one.first, one.second) if one.difference > 0 else (one.second, one.first)
            said.append(f"more alike for {self._who(more)} than for {self._who(less)}")
        return f"{'; '.join(said)}, numbers of answers allowed for"

    def ranking_answer(self) -> str:
        """Whether the two rank organisations alike for every group, in a sentence or two."""
        one, many = GRAIN_TITLES[self.alignment.grain]
        enough = int(self.rankings["raw"].notna().sum())
        if not enough:
            most = int(self.rankings["organisations"].max())
            why = (
                f"at most {f'one {one} has' if most == 1 else f'{most} {many} have'} enough answers of one "
                f"group in both, and it takes {MINIMUM_PAIRS} to print a correlation"
                if most < MINIMUM_PAIRS
                else f"in no group can {many} be ranked in both"
            )
            return (
                f"Not enough evidence: {why}. Whether agreement differs between {self._groups} cannot be "
                "told."
            )
        few = self.rankings.loc[self.rankings["raw"].isna(), "band"].tolist()
        said = f"{self.agreement_said()[:1].upper()}{self.agreement_said()[1:]}."
        if len(self.compared) and self.agreement_tested.empty:
            said = (
                f"Whether agreement differs between {self._groups} cannot be told: "
                f"{self.agreement_said()}."
            )
        if few:
            said += f" Not enough evidence for {joined(few)}."
        return said

    def findings(self) -> list[str]:
        """Up to four short things to notice."""
        said = []
        if self.gaps is not None and self.gaps.mix is not None:
            said.append(self.mix_said())
        if self.gaps is not None and self.gaps.averages is not None and len(self.gaps.rows):
            said.append(
                "Each fifth is told by its average practice: every practice counts alike, however many "
                "answers it has."
            )
            if len(self.agreement_differs):
                said.append(
                    f"The two sources rank practices {self.agreement_said()}. How far practices differ "
                    "from one another may differ between fifths too: a prompt to look."
                )
        said += self._apart_said()
        if self.gaps is not None and self.gaps.within is not None:
            said.append(self._within_said(self.gaps.within))
        said += self._silent_said()
        return said[:4]

    def mix_said(self) -> str:
        """What the mix of people explains of the gap: never a reversal unless both gaps are beyond
        chance."""
        assert self.gaps is not None
        mix = self.gaps.mix
        assert mix is not None
        crude, same = mix.crude, mix.standardised
        higher, lower = self._ordered(crude.value)
        if mix.confirmed:
            return (
                f"Taken together {higher.short_title} is {points(crude.value)} higher "
                f"({_of(crude)}); with the same mix of people in both it is "
                f"{_toward(same.value, crude.value)} ({_of(same, crude.value)}). "
                "Read the groups, not the total."
            )
        if crude.interval.low <= 0 <= crude.interval.high:
            return (
                f"Taken together the two do not differ beyond chance ({signed_points(crude.value)}, "
                f"{_signed(crude)}); with the same mix of people in both the gap is "
                f"{signed_points(same.value)} ({_signed(same)})."
            )
        if mix.explained:
            return (
                f"Who was heard explains most of the gap: {points(crude.value)} taken together, "
                f"{_toward(same.value, crude.value)} with the same mix of people in both "
                f"({_of(same, crude.value)})."
            )
        return (
            f"Who was heard explains little of the gap: {points(crude.value)} taken together, "
            f"{_toward(same.value, crude.value)} with the same mix of people in both "
            f"({_of(same, crude.value)})."
        )

    def _within_said(self, within: MantelHaenszel) -> str:
        one = GRAIN_TITLES[self.alignment.grain][0]
        if within.interval is None:
            return (
                f"Within one group at one {one} the odds cannot be compared: one of the two sources has "
                "only good, or no good, answers there."
            )
        return (
            f"Comparing people of the same group at the same {one}, the odds of a good answer in "
            f"{self.left.short_title} are {within.ratio:.1f} times those in {self.right.short_title} "
            f"({within.interval.low:.1f} to {within.interval.high:.1f})."
        )

    def _apart_said(self) -> list[str]:
        """Groups that answer otherwise than everybody else in one source."""
        said = []
        for which, side in zip(SIDES, (self.left, self.right), strict=True):
            rows = self.cells[
                (self.cells["side"] == which) & (self.cells["q_value"] < BEYOND_CHANCE)
            ]
            rows = rows.reindex(rows["difference"].abs().sort_values(ascending=False).index)
            if len(rows):
                # of two groups one is the other turned round
                alone = (self.cells.loc[self.cells["side"] == which, "q_value"].notna()).sum() == 2
                told = [
                    f"{self._who(row.band)}, {points(row.difference)} "
                    f"{'above' if row.difference > 0 else 'below'}"
                    for row in each(rows.head(1 if alone else MOST_NAMED))
                ]
                said.append(
                    f"{side.short_title}, each against everybody else in it: {'; '.join(told)}."
                )
        return said

    def _silent_said(self) -> list[str]:
        """How many did not tell."""
        said = []
        for row in each(self.cells[self.cells["band"] == NOT_TOLD]):
            whole = self.cells[
                (self.cells["side"] == row.side) & (self.cells["band"] == EVERYBODY)
            ]["respondents"]
            if row.respondents > 0 and len(whole) and whole.iloc[0] > 0:
                share = row.respondents / whole.iloc[0]
                said.append(
                    f"{row.source}: the {self.title} of {share:.0%} is not known, not told or not asked"
                    f" ({row.respondents:,.0f} answers)."
                )
        return said

    @property
    def _few(self) -> str:
        return f"fewer than {self.alignment.pairing.disclosure.floor}"

    def notes(self) -> list[str]:
        """What was assumed, joined or left out."""
        said = verdict_words.notes(self)
        if self.gaps is not None:
            said += self.gaps.notes
        few = self.cells[self.cells["withheld"] == Withheld.FLOOR.value]
        for which, side in zip(SIDES, (self.left, self.right), strict=True):
            here = few[(few["side"] == which) & (few["band"] != NOT_TOLD)]
            if len(here):
                said.append(
                    f"{side.short_title}: {self._few} people of {joined(list(here['band']))} answered."
                )
        if self.unplaced:
            quoted = [f"‘{word}’" for word in self.unplaced]
            said.append(
                f"In words of a source's own, each a group by itself: {joined(quoted)}. Say below which "
                "group they count in."
            )
        said += [f"{band_words.change(change)}." for change in self.changes]
        return list(dict.fromkeys(said))

    # --- Tables ---

    def who_screen(self) -> Released:
        """One row per source that tells anything, one column per dimension that any source tells."""
        wide = self.who.pivot(index="title", columns="dimension", values="said")
        able = self.who.groupby("title")["tells"].any()
        telling = set(self.who.loc[self.who["said"] != UNTOLD, "title"])
        order = sorted(
            dict.fromkeys(title for title in self.who["title"] if title in telling),
            key=lambda title: not able[title],
        )
        rows = wide.reindex(order)[self.dimensions_told()].rename_axis(columns=None)
        return Released(rows.reset_index().rename(columns={"title": "source"}))

    def dimensions_told(self) -> list[str]:
        found = set(self.who.loc[self.who["said"] != UNTOLD, "dimension"])
        return [dimension for dimension in DIMENSIONS if dimension in found]

    def who_titles(self) -> dict[str, str]:
        """Dimension -> title, of those any source tells."""
        return {name: DIMENSIONS[name].capitalize() for name in self.dimensions_told()}

    def map_screen(self) -> Released:
        """The map of groups in words: as told, what it counts as, and which source tells it so."""
        titles = {side.source: side.short_title for side in (self.left, self.right)}
        told_by = [
            "both" if len(sources) > 1 else titles[sources[0]]
            for sources in self.map_rows["sources"]
        ]
        return Released(self.map_rows.drop(columns="sources").assign(told_by=told_by))

    def told_by_titles(self) -> dict[str, str]:
        """Whose words a change of the map can be about: a source's name, "" for any; and its title."""
        tells = {one for sources in self.map_rows["sources"] for one in sources}
        sides = [side for side in (self.left, self.right) if side.source in tells]
        return {"": "Any source", **{side.source: side.short_title for side in sides}}

    def able(self) -> list[tuple[str, str, str]]:
        """Pairs of other sources that both tell who answered: left, right, and what they tell.

        Of different kinds first, and those that tell most.
        """
        told = {
            str(source): set(rows["dimension"])
            for source, rows in self.who[self.who["tells"]].groupby("source")
        }
        here = {self.left.source, self.right.source}
        found = []
        for one, other in combinations(told, 2):
            shared = [title for d, title in DIMENSIONS.items() if d in told[one] & told[other]]
            if shared and {one, other} != here:
                signals = {maps.source(name)["signal"] for name in (one, other)}
                left, right = sorted((one, other), key=list(maps.sources()).index, reverse=True)
                found.append((len(signals) < 2, -len(shared), left, right, ", ".join(shared)))
        return [(left, right, shared) for _, _, left, right, shared in sorted(found)[:MOST_NAMED]]

    def who_said(self) -> str:
        """What can be asked of these sources, in a sentence or two."""
        told = self.who[self.who["tells"]]
        silent = [DIMENSIONS[d] for d in DIMENSIONS if d not in set(told["dimension"])]
        mute = [
            title for title in dict.fromkeys(self.who["title"]) if title not in set(told["title"])
        ]
        said = []
        if mute:
            said.append(f"Cannot be split by any group of people: {joined(mute)}.")
        if silent:
            said.append(f"No source tells {joined(silent, 'or')}.")
        return " ".join(said) or "Every source tells something about who answered."

    def screen(self) -> Released:
        """Each source by group, for the screen: per cents and ranges in words."""
        rows = self.cells
        told = rows.assign(
            percent=rows["value"] * 100,
            range=[
                "" if np.isnan(low) else f"{low:.0%} to {high:.0%}"
                for low, high in zip(rows["low"], rows["high"], strict=True)
            ],
            against=[
                ""
                if np.isnan(row.difference)
                else f"{signed_points(row.difference)} "
                f"({signed_range(row.difference_low, row.difference_high)})"
                for row in each(rows)
            ],
            q=["" if np.isnan(q) else chance(q) for q in rows["q_value"]],
            note=[self._few if why == Withheld.FLOOR.value else "" for why in rows["withheld"]],
        )
        return Released(told)

    @property
    def any_withheld(self) -> bool:
        return bool((self.cells["withheld"] != Withheld.NONE.value).any())

    def gap_screen(self) -> Released:
        assert self.gaps is not None
        rows = self.gaps.rows
        points = [f"{signed_points(row.gap)} ({signed_span(row)})" for row in each(rows)]
        return Released(rows.assign(points=points))

    def ranking_screen(self) -> Released:
        rows = self.rankings
        figures = {
            f"{what}_said": [
                _figure(*row) for row in rows[[what, f"{what}_low", f"{what}_high"]].to_numpy()
            ]
            for what in ("raw", "underlying")
        }
        return Released(rows.assign(**figures))

    def compared_screen(self) -> Released:
        """Agreement of every two groups set against one another."""

        def figure(value: float, low: float, high: float) -> str:
            if np.isnan(value):
                return "cannot be estimated"
            return f"{number(value)} ({number(low)} to {number(high)})"

        rows = [
            {
                "pair": f"{one.first} against {one.second}",
                "raw": figure(one.difference, one.low, one.high),
                "underlying": figure(one.underlying, one.underlying_low, one.underlying_high),
                "q": "" if np.isnan(one.q_value) else chance(one.q_value),
            }
            for one in each(self.compared)
        ]
        return Released(pd.DataFrame(rows, columns=["pair", "raw", "underlying", "q"]))

    def table(self) -> Released:
        """Each source by group, for export."""
        return Released(self.cells.drop(columns=["side"]))

    def picture_said(self) -> str:
        """The picture of each source by group, in words."""
        told = [
            f"{row.source}, {row.band}: {row.value:.0%} ({row.low:.0%} to {row.high:.0%})"
            for row in each(self.cells[self.cells["value"].notna()])
        ]
        return f"{self.summary()} {'; '.join(told)}."

    def gaps_said(self) -> str:
        """The picture of the gaps, in words."""
        assert self.gaps is not None
        told = [f"{row.what}: {signed_points(row.gap)}" for row in each(self.gaps.rows)]
        return f"{self.left.short_title} less {self.right.short_title}. {'; '.join(told)}."

    def rankings_said(self) -> str:
        told = [f"{row.band}: {row.said}" for row in each(self.rankings)]
        return f"How alike the two rank organisations, by group. {'; '.join(told)}."

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why the two are not compared at all; empty where they are, split or not."""
        return self.judgement.not_compared()

    def next_step(self) -> str:
        """What a person can do where these two cannot be split."""
        both = self.who[self.who["tells"]].groupby("dimension")["title"].agg(list)
        able = [
            f"**{DIMENSIONS[d]}**: {joined(both[d])}"
            for d in DIMENSIONS
            if len(both.get(d, ())) > 1
        ]
        if not able:
            return "Load local responses, one a row, with a column for age, sex, ethnicity or another group."
        return (
            "Sources that tell the same about people can be compared by it. Choose two of them in the "
            f"sidebar: {'; '.join(able)}."
        )

    def method(self) -> tuple[str, ...]:
        return (
            "**Groups** are each source's own categories, joined to bands that both can supply. The map "
            "is shipped, and can be changed for your own database below; what is changed is said.",
            "**Each source by group**: answers counted over its organisations, with Wilson's interval on "
            "the number of independent answers they are worth (months of FFT that differ by themselves, "
            "weighted surveys, several comments of one person). A group is set against all others shown "
            "(Newcombe); chance findings are held to 1 in 20 over the groups shown "
            "(Benjamini–Hochberg).",
            "**The gap** is taken together as published, then with the same mix of people in both "
            "(direct standardisation to both sources pooled, or to registered patients), then group by "
            "group. Odds are compared within groups (Mantel–Haenszel); whether the gap differs between "
            "groups is the test of Breslow and Day with Tarone's correction, on odds: near 100 % the same "
            "odds are fewer points.",
            "**A reversal** is named only where the gap taken together and the gap among like people "
            "point opposite ways and both are beyond chance. An adjusted gap near nought is no reversal: "
            "who was heard explains the gap.",
            f"**Agreement by group** uses organisations with enough answers of that group in both; it "
            f"takes {MINIMUM_PAIRS}. Two groups are compared by drawing organisations again and again, "
            f"each with all of its groups (2,000 samples, seed {SEED}). Fewer answers lower the raw figure "
            "by themselves, so that two groups are said to differ only where the underlying agreement "
            "differs too (interval from both profile intervals, after Zou); where it cannot be "
            "estimated, it cannot be told.",
            "**Practices by how deprived their patients are** are groups of organisations, by the fifth "
            "in which most of their registered patients live. Each practice counts alike; the test of "
            "Alexander and Govern says whether fifths differ.",
            f"**Small numbers**: {self._small_numbers()}",
        )

    def _small_numbers(self) -> str:
        if self.alignment.pairing.disclosure.exact:
            return "exact figures are shown, as asked for on this computer."
        if not self.alignment.confidential:
            return "both sources are published, and their figures are shown as they were printed."
        return (
            "counts of single responses, of good answers and of the others, each carry a small noise, seldom "
            f"of more than {largest_noise()} either way (where one person answered several times, as many "
            "times more), which is always the same for the same people; figures may not add up. Shares, gaps "
            "and tests are worked out from the counts shown, and every range allows for the noise. A count "
            f"under {self.alignment.pairing.disclosure.floor} reads “{self._few}”, and a group of so few is "
            "left out of the comparison, unless it is made to count as one with another. Agreement by group "
            "is worked out from exact figures over many organisations, and shown to two decimals."
        )

    def as_json(self) -> dict[str, Any]:
        """For programs: proportions 0-1, missing is None; as exactly as it may leave."""
        return {
            "status": self.status,
            "reason": self.reason or None,
            "group_by": self.group_by or None,
            "summary": self.summary(),
            "cells": records(self.cells),
            "gaps": records(self.gaps.rows) if self.gaps is not None else [],
            "gap_differs_p": self.gap_p,
            "reversal": (
                self.gaps.mix.reversal.value
                if self.gaps is not None and self.gaps.mix is not None
                else None
            ),
            "agreement": records(self.rankings.drop(columns=["said"])),
            "agreement_differences": records(self.compared),
            "notes": [*self.marks, *self.notes()],
            "extracts": list(self.alignment.extracts),
            "revision": self.alignment.revision,
        }


TOTALS = (TAKEN_TOGETHER, SAME_MIX, AS_REGISTERED)


# --- Words ---


def points(gap: float) -> str:
    """The size of a gap in percentage points: whole ones."""
    size = round(abs(gap) * 100)
    if size == 0:
        return "under 1 point"
    return f"{size} point{'s' if size != 1 else ''}"


def signed_points(gap: float) -> str:
    """A gap with its sign, and no sign at nought."""
    size = round(gap * 100)
    return f"{size:+d}".replace("-", "−") if size else "0"


def signed_range(low: float, high: float) -> str:
    return f"{signed_points(low)} to {signed_points(high)}"


def signed_span(row: Any) -> str:
    return signed_range(row.low, row.high)


def span(row: pd.Series, toward: float) -> str:
    """The range of a gap, counted in the direction of the one that stands higher."""
    ends = (row["low"], row["high"]) if toward >= 0 else (-row["high"], -row["low"])
    return f"{signed_points(ends[0]).lstrip('+')} to {signed_points(ends[1]).lstrip('+')}"


def _named_gap(row: pd.Series, sign: int) -> str:
    gap = row["gap"] * sign
    return f"{points(gap)}" + (" the other way" if round(gap * 100) < 0 else "")


def _sign(value: float) -> int:
    return 1 if value >= 0 else -1


def _toward(gap: float, crude: float) -> str:
    """A gap counted in the direction of the crude one: no sign where it points the same way."""
    return signed_points(gap * _sign(crude)).removeprefix("+")


def _signed(one: Difference) -> str:
    return signed_range(one.interval.low, one.interval.high)


def _of(one: Difference, toward: float | None = None) -> str:
    """The range of a gap in the direction of the crude one."""
    sign = _sign(one.value if toward is None else toward)
    ends = sorted((one.interval.low * sign, one.interval.high * sign))
    return signed_range(*ends).replace("+", "")


def _figure(value: float, low: float, high: float) -> str:
    if np.isnan(low):
        return "" if np.isnan(value) else f"{number(value)} (no range)"
    estimate = "at the limit" if np.isnan(value) else number(value)
    return f"{estimate} ({number(low)} to {number(high)})"
