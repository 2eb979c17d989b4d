"""Do the probabilities of `pxcore.stats.certainty` come true? On imaginary data whose truth is known.

python -m benchmarks.calibration.certainty [--sets 20] [--scenario null_usual] [--processes 1]

For every scenario: of the organisations of which agreement was called so likely, how many did agree;
whether that beats the base rate; how often the interval of the gap holds the truth.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmarks.calibration.measures import EVIDENCE_FLOOR, Tally, weighed_as_in_the_app
from benchmarks.calibration.measures import SETTINGS as SETTINGS_OF_THE_APP
from benchmarks.calibration.study import gather
from benchmarks.calibration.world import SCENARIOS, DataSet, simulate
from pxcore.analysis.judging.evidence import Evidence, Kind
from pxcore.analysis.judging.verdicts import judge
from pxcore.disclosure.perturbation import KEYS, joined_key, perturbed_with_variance
from pxcore.errors import TooFewPairs
from pxcore.stats.certainty import PROBABLY, UNLIKELY, VERY_LIKELY, VERY_UNLIKELY, posterior
from pxcore.stats.certainty_fit import usual_behaviour
from pxcore.stats.certainty_nodes import Answered, Counted, Scored
from pxcore.stats.certainty_sources import together

BINS = (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)
TOGETHER = "three_sources"
SETS, MOVED, PERTURBING = 20, 0.15, 20261129
USUALLY = (
    "null_usual", "null_two_big", "null_bias", "null_unrelated", "null_heavy_tails",
    "null_overdispersed", "null_no_interval", "null_small_group", "null_ceiling",
    "null_noise_only", "planted_5pct", "planted_20pct", "planted_two_big", "trusts_cqc",
    "comments", "comments_perturbed",
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """Which two sources of which scenario are compared, and whether the second is confidential."""

    scenario: str
    places: tuple[int, int] = (0, 1)
    perturbed: bool = False


# the comments are the source whose counts are few enough for their noise to matter
SETTINGS = {name: Setting(name) for name in SCENARIOS if name != "rising_floor"} | {
    "comments": Setting("null_usual", (0, 2)),
    "comments_perturbed": Setting("null_usual", (0, 2), perturbed=True),
}


def answered(source: Evidence, units: np.ndarray) -> tuple[Answered, np.ndarray]:
    """A weighed source as `certainty` takes it, and of which organisations it may be judged."""
    rows = source.rows.set_index("unit").reindex(units)
    judged = rows["speaks"].fillna(False).astype(bool).to_numpy()
    value = rows["value"].to_numpy(float)
    if source.kind is Kind.SCORE:
        return Scored(value, rows["scaled_variance"].to_numpy(float)), judged
    answers = rows["respondents"].to_numpy(float)
    return Counted(value * answers, answers, rows["effective"].to_numpy(float)), judged


def perturbed(source: Counted, number: int) -> Counted:
    """As counts of a confidential source are shown: both ways of answering moved by themselves."""
    random = np.random.default_rng([PERTURBING, number])
    counts = np.nan_to_num([source.positive, source.answers - source.positive])
    keys = joined_key(random.integers(KEYS, size=counts.shape), np.zeros(counts.shape), 0)
    shown, variance = perturbed_with_variance(np.rint(counts), keys)
    answers = shown.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = shown[0] / answers
        noise = ((1 - share) ** 2 * variance[0] + share**2 * variance[1]) / answers**2
    return Counted(shown[0], answers, answers, noise)


def tally(data: DataSet, setting: Setting, number: int) -> Tally:
    """What is claimed of two sources of one data set, counted against the truth."""
    weighed = [weighed_as_in_the_app(data.published[place]) for place in setting.places]
    exact, judged = zip(*(answered(source, data.units) for source in weighed), strict=True)
    try:
        usual = usual_behaviour(*exact)
    except TooFewPairs:
        return {"refused": (1.0, 1.0)}
    sources = exact
    if setting.perturbed:
        shown = perturbed(exact[1], number)
        sources, judged = (
            (exact[0], shown),
            (judged[0], judged[1] & (shown.answers >= EVIDENCE_FLOOR)),
        )
    both = judged[0] & judged[1]
    if not both.any():
        return {"refused": (1.0, 1.0)}
    certainty = posterior(usual, *sources).certainty()
    truth = data.truth[:, setting.places][both]
    gap = truth[:, 0] - truth[:, 1]
    agree, true = certainty.agree[both], np.abs(gap) < certainty.margin
    planted = data.planted[:, setting.places][both].any(axis=1)
    count = float(both.sum())
    counted: Tally = {"refused": (0.0, 1.0)}
    for low, high in zip(BINS, BINS[1:], strict=False):
        inside = (agree >= low) & ((agree < high) | (high == BINS[-1]))
        many = float(inside.sum())
        counted[f"claimed {low:g}-{high:g}"] = (float(agree[inside].sum()), many)
        counted[f"true {low:g}-{high:g}"] = (float(true[inside].sum()), many)
        counted[f"share {low:g}-{high:g}"] = (many, count)
    outer = (agree >= VERY_LIKELY) | (agree <= VERY_UNLIKELY)
    right = np.where(agree >= VERY_LIKELY, true, ~true)
    counted["outer claimed"] = (
        float(np.maximum(agree, 1 - agree)[outer].sum()),
        float(outer.sum()),
    )
    counted["outer true"] = (float(right[outer].sum()), float(outer.sum()))
    firm = (agree >= PROBABLY) | (agree <= UNLIKELY)
    counted["firm"] = (float(firm.sum()), count)
    if not setting.perturbed:
        cells = judge(*weighed, SETTINGS_OF_THE_APP).cells.set_index("unit")["rule"]
        rule = cells.reindex(data.units)[both].to_numpy(float)
        for state in np.unique(rule[~np.isnan(rule)]):
            inside = rule == state
            counted[f"rule {state:g}"] = (float(true[inside].sum()), float(inside.sum()))
    base = certainty.before.agree
    counted["moved"] = (float((np.abs(agree - base) >= MOVED).sum()), count)
    counted["brier"] = (float(((agree - true) ** 2).sum()), count)
    counted["brier of the base rate"] = (float(((base - true) ** 2).sum()), count)
    covers = (certainty.gap_low[both] <= gap) & (gap <= certainty.gap_high[both])
    counted["interval covers"] = (float(covers.sum()), count)
    differ = agree <= VERY_UNLIKELY
    if data.planted.any():
        counted["planted of very likely differ"] = (
            float((differ & planted).sum()),
            float(differ.sum()),
        )
        counted["interval covers planted"] = (
            float((covers & planted).sum()),
            float(planted.sum()),
        )
    same = truth[:, 0] * truth[:, 1] > 0
    counted["opposite claimed"] = (float(certainty.opposite[both].sum()), count)
    counted["opposite true"] = (float((~same).sum()), count)
    alike = data.scenario.agreement
    counted["r less the truth"] = (usual.correlation - alike, 1.0)
    counted["r within its interval"] = (
        float(usual.correlation_low <= alike <= usual.correlation_high),
        1.0,
    )
    return counted


def tally_together(data: DataSet) -> Tally:
    """Of three sources: is “all that speak stand above the average”, or below, as likely as claimed?"""
    sources = [answered(weighed_as_in_the_app(source), data.units)[0] for source in data.published]
    pairs = {}
    for pair in combinations(range(len(sources)), 2):
        with suppress(TooFewPairs):
            pairs[pair] = usual_behaviour(sources[pair[0]], sources[pair[1]])
    joint = together(sources, pairs)
    speaks = np.column_stack([source.speaks for source in sources])
    counted: Tally = {}
    claims = (joint.all_above, joint.all_below)
    for claimed, side in zip(claims, (data.truth > 0, data.truth < 0), strict=True):
        true = (side | ~speaks).all(axis=1)
        for low, high in zip(BINS, BINS[1:], strict=False):
            inside = (claimed >= low) & ((claimed < high) | (high == BINS[-1]))
            for what, values in (("claimed", claimed), ("true", true)):
                name = f"{what} {low:g}-{high:g}"
                above, below = counted.get(name, (0.0, 0.0))
                counted[name] = (above + float(values[inside].sum()), below + float(inside.sum()))
    for place, source in enumerate(joint.places):
        truth = data.truth[:, place]
        covers = (source.low <= truth) & (truth <= source.high)
        counted[f"standing {place} covers"] = (float(covers.sum()), float(len(truth)))
    return counted


def run(task: tuple[str, int]) -> tuple[str, int, Tally]:
    name, number = task
    if name == TOGETHER:
        return name, number, tally_together(simulate(SCENARIOS["null_usual"], number))
    setting = SETTINGS[name]
    return name, number, tally(simulate(SCENARIOS[setting.scenario], number), setting, number)


def study(names: Iterable[str], sets: int, processes: int = 1) -> dict[str, list[Tally]]:
    tasks = [(name, number) for name in names for number in range(sets)]
    if processes == 1:
        results = list(map(run, tasks))
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            results = pool.map(run, tasks, chunksize=4)
    return {
        name: [counted for of, _, counted in results if of == name]
        for name in dict.fromkeys(name for name, _ in tasks)
    }


def _rules(tallies: Sequence[Tally]) -> float:
    """Brier score of the eight rules, each read as the share of its organisations that did agree.

    That share is the best that a rule can be read as; no user knows it.
    """
    sums = np.array(
        [
            [counted.get(f"rule {number}", (0.0, 0.0)) for number in range(1, 9)]
            for counted in tallies
        ]
    ).sum(axis=0)
    true, many = sums.T
    if not many.any():
        return float("nan")
    share = np.divide(true, many, out=np.zeros(8), where=many > 0)
    return float((many * share * (1 - share)).sum() / many.sum())


def table(results: Mapping[str, Sequence[Tally]]) -> list[str]:
    """One line a scenario: in each bin claimed → true (organisations), then the rest."""
    pairs = list(zip(BINS, BINS[1:], strict=False))
    heads = " | ".join(f"{low:g}–{high:g}" for low, high in pairs)
    columns = "firm | moved | outer claimed → right | Brier (base rate, rules) | covers"
    lines = [f"| scenario | {heads} | {columns} |", "|---" * 12 + "|"]
    for name, tallies in results.items():
        values = gather(tallies)
        if "brier" not in values:
            continue
        cells = []
        for low, high in pairs:
            if f"true {low:g}-{high:g}" not in values:
                cells.append("none")
                continue
            claimed, true, share = (
                values[f"{what} {low:g}-{high:g}"] for what in ("claimed", "true", "share")
            )
            cells.append(
                f"{claimed.value:.2f} → {true.value:.2f} ± {true.error:.2f} ({share.value:.0%})"
            )
        outer, right = (values.get(f"outer {what}") for what in ("claimed", "true"))
        cells += [
            f"{values['firm'].value:.0%}",
            f"{values['moved'].value:.0%}",
            f"{outer.value:.3f} → {right.value:.3f}" if outer and right else "none",
            f"{values['brier'].value:.3f} ({values['brier of the base rate'].value:.3f}, "
            f"{_rules(tallies):.3f})",
            f"{values['interval covers'].value:.1%}",
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration.certainty")
    parser.add_argument("--sets", type=int, default=SETS, help="data sets a scenario")
    parser.add_argument("--scenario", choices=[*SETTINGS, TOGETHER], action="append")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="print every measure too")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    results = study(options.scenario or USUALLY, options.sets, options.processes)
    print("\n".join(table(results)))
    for scenario, tallies in results.items():
        if options.all or scenario == TOGETHER:
            for name, value in gather(tallies).items():
                print(f"{scenario:20} {name:32} {value.value:8.4f} ± {value.error:.4f}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
