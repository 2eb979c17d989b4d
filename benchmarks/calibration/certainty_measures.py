"""What certainty claims of one data set, counted against the truth."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy import special

from benchmarks.calibration.measures import EVIDENCE_FLOOR, EXACT, Tally, weighed_as_in_the_app
from benchmarks.calibration.measures import SETTINGS as SETTINGS_OF_THE_APP
from benchmarks.calibration.study import Task
from benchmarks.calibration.world import SCENARIOS, DataSet, simulate
from pxcore.analysis.judging.evidence import Evidence, Kind
from pxcore.analysis.judging.verdicts import judge
from pxcore.disclosure.perturbation import KEYS, joined_key, perturbed_with_variance
from pxcore.errors import TooFewPairs
from pxcore.stats.certainty import PROBABLY, UNLIKELY, VERY_LIKELY, VERY_UNLIKELY, posterior
from pxcore.stats.certainty_fit import Prior, usual_behaviour
from pxcore.stats.certainty_nodes import Answered, Counted, Scored
from pxcore.stats.certainty_sources import together
from pxcore.stats.settling import Side, chances

BINS = (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)
INTERVALS = tuple(zip(BINS, BINS[1:], strict=False))
MOVED, PERTURBING, VARYING, SETTLED = 0.15, 20261129, 20261130, 20261131
FOLLOWED, MORE = 8, 400.0  # organisations of a data set that get more answers, and how many more


@dataclass(frozen=True)
class Setting:
    """What of which scenario is tried."""

    scenario: str
    title: str  # in one short phrase, for the Methods page
    places: tuple[int, int] = (0, 1)  # the two sources that are compared
    perturbed: bool = False  # the second is confidential
    varied: bool = False  # how alike they are is drawn anew for each data set, as the prior has it


def _setting(name: str) -> Setting:
    return Setting(name, SCENARIOS[name].title)


# In order of importance. The comments are the source whose counts are few enough for their noise to
# matter. Worlds of which the two sources compared would be those of null_usual are left out.
SETTINGS = {
    "null_usual": _setting("null_usual"),
    "null_ceiling": _setting("null_ceiling"),
    "planted_two_big": _setting("planted_two_big"),
    "null_small_group": _setting("null_small_group"),
    "planted_5pct": _setting("planted_5pct"),
    "comments_perturbed": Setting(
        "null_usual", "GP survey and confidential comments, their counts perturbed", (0, 2), True
    ),
    "planted_20pct": _setting("planted_20pct"),
    "null_overdispersed": _setting("null_overdispersed"),
    "null_heavy_tails": _setting("null_heavy_tails"),
    "trusts_cqc": _setting("trusts_cqc"),
    "null_unrelated": _setting("null_unrelated"),
    "null_two_big": _setting("null_two_big"),
    "null_ceiling_varied": Setting(
        "null_ceiling",
        "two sources near 100 % with few answers, agreeing more or less",
        varied=True,
    ),
    "null_no_interval": _setting("null_no_interval"),
    "null_bias": _setting("null_bias"),
    "comments": Setting("null_usual", "GP survey and comments, counts as they are", (0, 2)),
    "null_noise_only": _setting("null_noise_only"),
    "at_the_margin": _setting("at_the_margin"),
    "at_the_margin_sure": _setting("at_the_margin_sure"),
}
TOGETHER, SETTLING = "three_sources", "settling"
TITLES = {name: setting.title for name, setting in SETTINGS.items()} | {
    TOGETHER: "three sources at once: all that speak above average, or all below",
    SETTLING: "GP survey and FFT with many answers: settled by 400 more survey answers",
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
    agree, true = certainty.agree[both], np.abs(gap) < certainty.margin - EXACT
    planted = data.planted[:, setting.places][both].any(axis=1)
    count = float(both.sum())
    counted: Tally = {"refused": (0.0, 1.0)}
    for low, high in INTERVALS:
        inside = (agree >= low) & ((agree < high) | (high == BINS[-1]))
        many = float(inside.sum())
        counted[f"claimed {low:g}-{high:g}"] = (float(agree[inside].sum()), many)
        counted[f"true {low:g}-{high:g}"] = (float(true[inside].sum()), many)
        counted[f"excess {low:g}-{high:g}"] = (float((agree - true)[inside].sum()), many)
        counted[f"share {low:g}-{high:g}"] = (many, count)
    outer = (agree >= VERY_LIKELY) | (agree <= VERY_UNLIKELY)
    right = np.where(agree >= VERY_LIKELY, true, ~true)
    counted["outer claimed"] = (
        float(np.maximum(agree, 1 - agree)[outer].sum()),
        float(outer.sum()),
    )
    counted["outer right"] = (float(right[outer].sum()), float(outer.sum()))
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
    claimed = np.concatenate([joint.all_above, joint.all_below])
    sides = (data.truth > 0, data.truth < 0)
    true = np.concatenate([(side | ~speaks).all(axis=1) for side in sides])
    known = ~np.isnan(claimed)  # at least two speak
    claimed, true = claimed[known], true[known]
    for low, high in INTERVALS:
        inside = (claimed >= low) & ((claimed < high) | (high == BINS[-1]))
        many = float(inside.sum())
        counted[f"claimed {low:g}-{high:g}"] = (float(claimed[inside].sum()), many)
        counted[f"true {low:g}-{high:g}"] = (float(true[inside].sum()), many)
        counted[f"excess {low:g}-{high:g}"] = (float((claimed - true)[inside].sum()), many)
        counted[f"share {low:g}-{high:g}"] = (many, float(len(claimed)))
    counted["brier"] = (float(((claimed - true) ** 2).sum()), float(len(claimed)))
    for place, source in enumerate(joint.places):
        truth = data.truth[:, place]
        covers = (source.low <= truth) & (truth <= source.high)
        counted[f"standing {place} covers"] = (float(covers.sum()), float(len(truth)))
    return counted


def tally_settling(data: DataSet, number: int) -> Tally:
    """Organisations that could be either get more survey answers: do as many settle as was promised?

    Of these few can be settled with a chance of 4 in 5: most truly stand near the margin. So the
    chance that is held to the truth is that of a given number of answers.
    """
    source = data.scenario.sources[0]
    weighed = [weighed_as_in_the_app(data.published[place]) for place in (0, 1)]
    (survey, fft), judged = zip(*(answered(part, data.units) for part in weighed), strict=True)
    usual = usual_behaviour(survey, fft)
    agree = posterior(usual, survey, fft).certainty().agree
    open_still = np.flatnonzero(judged[0] & judged[1] & (agree > UNLIKELY) & (agree < PROBABLY))
    random = np.random.default_rng([SETTLED, number])
    worth = 1 / source.design_effect
    whole = round(MORE * worth)
    promised = settled = 0.0
    followed = random.permutation(open_still)[:FOLLOWED]
    for row in followed:
        promised += float(chances(usual, survey, fft, row, Side.LEFT, [MORE], worth=worth)[0])
        place = special.logit(source.mean) + source.deviation * data.truth[row, 0]
        share = random.binomial(whole, special.expit(place)) / whole
        after = Counted(
            survey.positive[[row]] + share * MORE,
            survey.answers[[row]] + MORE,
            survey.effective[[row]] + whole,
        )
        again = Counted(fft.positive[[row]], fft.answers[[row]], fft.effective[[row]])
        now = float(posterior(usual, after, again).certainty().agree[0])
        settled += now >= VERY_LIKELY or now <= VERY_UNLIKELY
    many = float(len(followed))
    return {
        "promised": (promised, many),
        "delivered": (settled, many),
        "excess": (promised - settled, many),
    }


def drawn(setting: Setting, number: int) -> DataSet:
    scenario = SCENARIOS[setting.scenario]
    if setting.varied:
        prior = Prior()
        luck = np.random.default_rng([VARYING, number]).standard_normal()
        # two sources that contradict each other are not in this world
        alike = max(0.0, float(np.tanh(prior.alike + prior.alike_deviation * luck)))
        scenario = replace(scenario, agreement=alike)
    return simulate(scenario, number)


def run(task: Task) -> tuple[str, list[tuple[int, Tally]]]:
    """Some data sets of one setting."""
    name, numbers = task
    return name, [(number, tally_of(name, number)) for number in numbers]


def tally_of(name: str, number: int) -> Tally:
    if name in (TOGETHER, SETTLING):
        data = simulate(SCENARIOS["null_usual" if name == TOGETHER else "null_two_big"], number)
        return tally_together(data) if name == TOGETHER else tally_settling(data, number)
    setting = SETTINGS[name]
    return tally(drawn(setting, number), setting, number)
