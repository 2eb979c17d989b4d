"""What the study says, in plain words: one row a scenario and measure, with its acceptance line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from benchmarks.calibration.measures import FLOORS, SIDE_BINS
from benchmarks.calibration.over_time import IN_COMMON, LENGTHS, SERIES
from benchmarks.calibration.world import SCENARIOS
from pxcore.words.english import MINUS

COLUMNS = (
    "scenario", "title", "measure", "title_measure", "value", "error", "sets", "line", "meets",
)  # fmt: skip


class Measured(Protocol):
    @property
    def value(self) -> float: ...
    @property
    def error(self) -> float: ...
    @property
    def sets(self) -> int: ...


@dataclass(frozen=True)
class Line:
    """What a figure must be for the tool to be accepted, both ends included."""

    low: float = 0.0
    high: float = 1.0
    plain: bool = False  # a figure that is no per cent

    @property
    def words(self) -> str:
        if self.plain:
            return f"{self.low:g} to {self.high:g}".replace("-", MINUS)
        low, high = (f"{100 * end:g}" for end in (self.low, self.high))
        if self.high == self.low == 0:
            return "none"
        if self.high >= 1:
            return f"at least {low} %"
        return f"at most {high} %" if self.low <= 0 else f"{low} to {high} %"


MEASURES = {
    "false_alarms": "False alarms: ordinary organisations with p of 0.05 or less, %",
    "false_alarms fewest": "False alarms of the third with the fewest FFT answers, %",
    "false_alarms most": "False alarms of the third with the most FFT answers, %",
    "any_table": "Pairs of sources with any ordinary organisation called unusual, %",
    "any_set": "Data sets where that happens in any of their pairs, %",
    "any_together": "The same, all pairs tested together as on Overview, %",
    "three_false_alarms": "Three sources at once: false alarms, %",
    "three_any": "Three sources at once: data sets with any false flag, %",
    "false_share": "Chance findings among those called unusual, mean, %",
    "power_raw": "Planted contradictions with p of 0.05 or less, %",
    "power": "Planted contradictions significant after correction, %",
    "found": "Planted contradictions found: unusual or of usual size, %",
    "found_opposite": "The same, of those truly on opposite sides, %",
    "planted_agrees": "Planted contradictions called Agreement, %",
    "apart_agrees": "Truly a typical difference apart or more, called Agreement, %",
    "apart_could_agree": "The same, of those with enough answers to show Agreement, %",
    "agrees_apart": "Agreement said, but truly a typical difference apart or more, %",
    "could_agree": "Organisations with enough answers to show Agreement at all, %",
    "too_few_spoken_of": "Fewer than 10 answers in a source, yet not called Silence, %",
    "level_changes_verdict": "Verdicts that change when a source is rosier everywhere, %",
    "same_side": "Said to be 80 % sure or more of the same side: truly so, %",
    "latent_covers": "95 % ranges of the underlying agreement that hold the truth, %",
    "latent_none": "Underlying agreement that cannot be estimated, %",
    "latent_error": "Underlying agreement less the truth, mean",
    "latent_width": "Width of the 95 % range of the underlying agreement, mean",
    "within_latent_covers": "The same within areas: ranges that hold the truth, %",
    "within_latent_error": "Underlying agreement within areas less the truth, mean",
    "verdict AGREEMENT": "Verdicts: Agreement, %",
    "verdict SAME_SIDE": "Verdicts: Partial agreement, probably the same side, %",
    "verdict SAME_SIDE_APART": "Verdicts: Partial agreement, one more strongly, %",
    "verdict SAME_SIDE_UNUSUAL": "Verdicts: Partial agreement, one unusually strongly, %",
    "verdict DISSONANCE_USUAL": "Verdicts: Dissonance of usual size, %",
    "verdict DISSONANCE_UNUSUAL": "Verdicts: Dissonance, unusual, %",
    "verdict NOT_ENOUGH": "Verdicts: Not enough evidence, %",
    "verdict SILENCE": "Verdicts: Silence, %",
    **{
        f"same_side {low:g}-{high:g}": f"Same side said to be {100 * low:.0f}–{100 * high:.0f} % "
        "sure: truly so, %"
        for low, high in zip(SIDE_BINS, SIDE_BINS[1:], strict=False)
    },
    **{
        f"{name} {floor}": f"{title}, {floor} answers or more in both"
        for floor in FLOORS
        for name, title in (
            ("organisations", "Number of organisations"),
            ("raw", "Raw rank correlation, mean"),
            ("latent", "Underlying agreement, mean"),
        )
    },
    "marked p_prime": "p′ charts of 12 answers a month at 98 % with a month marked, %",
    "marked xmr": "XmR charts of a normal series with a month marked, %",
    **{f"direction {months}": f"A direction shown, {months} months, %" for months in LENGTHS},
    **{f"cannot_tell {months}": f"“Cannot tell”, {months} months, %" for months in LENGTHS},
    **{
        f"false_lead {months}": f"A lead said, {months} months, nothing else in common, %"
        for months in IN_COMMON
    },
    **{
        f"true_lead {months}": f"A true lead of 3 months found, {months} months, %"
        for months in IN_COMMON
    },
}
PLAIN = (
    "latent_error",
    "within_latent_error",
    "latent_width",
    "raw",
    "latent",
    "organisations",
)  # not per cents

_CALIBRATED, _AT_MOST_6 = Line(0.04, 0.06), Line(high=0.06)
NULLS = [name for name in SCENARIOS if name.startswith("null_")]
PLANTED = [name for name, scenario in SCENARIOS.items() if scenario.planted]
THREE = [name for name, scenario in SCENARIOS.items() if len(scenario.sources) == 3]
JUDGED = [name for name in SCENARIOS if name != "rising_floor"]

# Section 8 of the method specification: what must hold.
LINES: Mapping[tuple[str, str], Line] = {
    **{
        (name, "false_alarms"): _CALIBRATED
        for name in ("null_usual", "null_two_big", "null_overdispersed", "null_bias")
    },
    **{
        (name, "false_alarms"): _AT_MOST_6
        for name in (
            "null_noise_only",
            "null_tiny_hw",
            "null_ceiling",
            "null_small_group",
            "null_fifty",
        )
    },
    ("null_heavy_tails", "false_alarms"): Line(high=0.07),
    ("null_usual", "any_table"): Line(high=0.10),
    ("null_two_big", "any_table"): Line(high=0.10),
    ("null_small_group", "any_table"): Line(high=0.10),
    ("null_fifty", "any_table"): Line(high=0.10),
    **{
        (name, "any_together"): Line(high=0.10)
        for name in ("null_usual", "null_small_group", "null_fifty")
    },
    **{
        (name, "false_share"): Line(high=0.07)
        for name in ("planted_5pct", "planted_two_big", "trusts_cqc")
    },
    ("planted_two_big", "power"): Line(low=0.35),
    ("planted_two_big", "power_raw"): Line(low=0.75),
    ("planted_two_big", "found"): Line(low=0.50),
    ("planted_two_big", "planted_agrees"): Line(high=0.0),
    ("planted_hw_only", "planted_agrees"): Line(high=0.02),
    **{
        (name, "latent_covers"): Line(0.93, 0.97)
        for name in ("null_usual", "null_two_big", "null_areas_20", "null_areas_40")
    },
    **{
        (name, "latent_error"): Line(-0.01, 0.01, plain=True)
        for name in ("null_usual", "null_two_big")
    },
    **{  # where all agree perfectly nobody is truly so far apart
        (name, "apart_agrees"): Line(high=0.05) for name in JUDGED if name != "null_noise_only"
    },
    **{(name, "same_side"): Line(low=0.85) for name in ("null_usual", "null_unrelated")},
    ("chance_over_time", "marked p_prime"): Line(high=0.186),  # those of a normal series
    **{("slow_swings", f"direction {months}"): Line(high=0.07) for months in LENGTHS},
    **{("shared_season", f"false_lead {months}"): Line(high=0.07) for months in IN_COMMON},
    ("shared_season", "true_lead 60"): Line(low=0.90),
    **{(name, "too_few_spoken_of"): Line(high=0.0) for name in JUDGED},
    **{(name, "level_changes_verdict"): Line(high=0.0) for name in JUDGED},
}

_VERDICTS = [name for name in MEASURES if name.startswith("verdict ")]
_SIDES = [name for name in MEASURES if name.startswith("same_side ")]
_LATENT = ("latent_covers", "latent_none", "latent_error", "latent_width")
# What the table tells of each scenario, beside whatever has a line.
_TOLD: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(JUDGED, ("false_alarms", "any_table")),
    **dict.fromkeys(NULLS, ("false_alarms", "any_table", "latent_covers")),
    **dict.fromkeys(
        PLANTED,
        ("false_alarms", "false_share", "power_raw", "power", "found", "planted_agrees"),
    ),
    **dict.fromkeys(
        ("at_the_margin", "at_the_margin_sure", "at_the_margin_of_20"),
        ("could_agree", "apart_agrees", "apart_could_agree"),
    ),
    "rising_floor": tuple(
        f"{name} {floor}" for floor in FLOORS for name in ("organisations", "raw", "latent")
    ),
    "chance_over_time": ("marked xmr",),
    "slow_swings": tuple(f"cannot_tell {months}" for months in LENGTHS),
    "shared_season": tuple(f"true_lead {months}" for months in IN_COMMON),
}
_MORE: Mapping[str, tuple[str, ...]] = {
    "null_usual": (
        "any_set", "any_together", "three_false_alarms", "three_any", *_LATENT, "agrees_apart", "could_agree",
        *_VERDICTS, *_SIDES,
    ),
    "null_two_big": (*_LATENT, "agrees_apart", "could_agree", *_VERDICTS),
    **dict.fromkeys(
        ("null_areas_20", "null_areas_40"),
        (*_LATENT, "within_latent_covers", "within_latent_error"),
    ),
    "null_tiny_hw": ("verdict SILENCE", "latent_none", "latent_error"),
    "null_small_group": ("any_set", "latent_none"),
    "null_fifty": ("any_set",),
    "null_ceiling": ("latent_none",),
    "null_unrelated": _SIDES,
    "null_overdispersed": ("false_alarms fewest", "false_alarms most"),
    "planted_5pct": ("agrees_apart",),
    "planted_two_big": ("found_opposite", "agrees_apart", "could_agree", *_VERDICTS),
    "planted_hw_only": ("agrees_apart",),
    "trusts_cqc": ("three_false_alarms", "could_agree"),
}  # fmt: skip
POOLED = ("too_few_spoken_of", "level_changes_verdict")  # none of any scenario: told once


def rows_of(found: Mapping[str, Mapping[str, Measured]]) -> Iterator[dict[str, str | int]]:
    """The rows of the table, scenario by scenario."""
    for scenario, measures in found.items():
        wanted = dict.fromkeys((*_TOLD[scenario], *_MORE.get(scenario, ())))
        wanted |= dict.fromkeys(
            measure for name, measure in LINES if name == scenario and measure not in POOLED
        )
        for measure in (name for name in MEASURES if name in wanted):
            if measure in measures:
                yield _row(scenario, measure, measures[measure])
    for measure in POOLED:
        every = [one[measure] for one in found.values() if measure in one]
        if every:
            yield _pooled(measure, every)


def _row(scenario: str, measure: str, one: Measured) -> dict[str, str | int]:
    line = LINES.get((scenario, measure))
    plain = measure.split(" ")[0] in PLAIN
    form, times = (".3f", 1) if plain else (".2f", 100)
    if measure.startswith("organisations"):
        form = ".0f"
    return {
        "scenario": scenario,
        "title": (SCENARIOS | SERIES)[scenario].title,
        "measure": measure.lower().replace(" ", "_").replace("-", "_to_"),
        "title_measure": MEASURES[measure],
        "value": f"{times * one.value:{form}}".replace("-0.000", "0.000"),
        "error": f"{times * one.error:{form}}",
        "sets": one.sets,
        "line": line.words if line else "",
        "meets": "" if line is None else "yes" if line.low <= one.value <= line.high else "no",
    }


def _pooled(measure: str, every: list[Measured]) -> dict[str, str | int]:
    """What must be nought in every scenario: the worst of them."""
    worst = max(every, key=lambda one: one.value)
    return {
        "scenario": "every_scenario",
        "title": "all of the above; the worst of them",
        "measure": measure,
        "title_measure": MEASURES[measure],
        "value": f"{100 * worst.value:.2f}",
        "error": f"{100 * worst.error:.2f}",
        "sets": sum(one.sets for one in every),
        "line": Line(high=0.0).words,
        "meets": "yes" if worst.value == 0 else "no",
    }
