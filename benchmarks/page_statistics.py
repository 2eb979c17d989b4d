"""How long the statistics of one page take. Run: python benchmarks/page_statistics.py

6,400 practices, three sources, twelve months: everything a page works out but what is simulated.
Times on one machine say little; the ratio to scipy's rank correlation of the same arrays, measured
side by side in one run, is what to quote.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from loading import line, ratio, timed
from scipy import special, stats

from pxcore.stats.certainty import posterior
from pxcore.stats.certainty_fit import usual_behaviour
from pxcore.stats.certainty_nodes import Counted
from pxcore.stats.certainty_sources import together
from pxcore.stats.funnel import funnel
from pxcore.stats.latent import latent_correlation
from pxcore.stats.overdispersion import monthly_overdispersion
from pxcore.stats.scale import Scaled, effective_from_design, logit
from pxcore.stats.spread import Spread, Standing, peer_spread, shrink, standing
from pxcore.stats.verdict import (
    heterogeneity,
    method_variance,
    pair_verdicts,
    speaks,
    split_method_variance,
)

PRACTICES, MONTHS = 6_400, 12
SURVEY, FFT, COMMENTS = range(3)


@dataclass(frozen=True)
class Counts:
    """What the files hold: percentages and answers of each source, and the months of one."""

    proportion: list[np.ndarray]
    respondents: list[np.ndarray]
    practice: np.ndarray
    month: np.ndarray
    month_positive: np.ndarray
    month_respondents: np.ndarray


def imaginary() -> Counts:
    """A survey, a monthly source and comments on the same practices, invented."""
    random = np.random.default_rng(1)
    shared = random.standard_normal(PRACTICES)
    proportion, respondents, truths = [], [], []
    for mean, deviation, answers in ((1.1, 0.45, 110), (2.2, 0.5, 540), (-0.2, 0.6, 15)):
        own = random.standard_normal(PRACTICES)
        true = special.expit(mean + deviation * (np.sqrt(0.6) * shared + np.sqrt(0.4) * own))
        n = np.maximum(3, random.poisson(answers * random.gamma(3, 1 / 3, PRACTICES)))
        proportion.append(random.binomial(n, true) / n)
        respondents.append(n.astype(float))
        truths.append(true)
    practice = np.repeat(np.arange(PRACTICES), MONTHS)
    answers_a_month = random.poisson(respondents[FFT][practice] / MONTHS)
    return Counts(
        proportion,
        respondents,
        practice,
        np.tile(np.arange(MONTHS), PRACTICES),
        random.binomial(answers_a_month, truths[FFT][practice]),
        answers_a_month,
    )


class Page:
    """The steps of a page, each with what the ones before it found."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.effective: list[np.ndarray] = []
        self.scaled: list[Scaled] = []
        self.spreads: list[Spread] = []
        self.standings: list[Standing] = []

    def overdispersion(self) -> None:
        counts = self.counts
        months = monthly_overdispersion(
            counts.practice,
            counts.month,
            counts.month_positive,
            counts.month_respondents,
            counts.month < 3,
            PRACTICES,
        )
        n = counts.respondents
        self.effective = [effective_from_design(n[SURVEY]), n[FFT] / months.each, n[COMMENTS]]

    def spreads_and_standings(self) -> None:
        counts = self.counts
        self.scaled = [
            logit(p, n, known)
            for p, n, known in zip(
                counts.proportion, counts.respondents, self.effective, strict=True
            )
        ]
        heard = [n >= 10 for n in counts.respondents]
        self.spreads = [
            peer_spread(one.value[here], one.variance[here])
            for one, here in zip(self.scaled, heard, strict=True)
        ]
        self.standings = [
            standing(one.value, one.variance, spread)
            for one, spread in zip(self.scaled, self.spreads, strict=True)
        ]
        for one, spread in zip(self.scaled, self.spreads, strict=True):
            shrink(one.value, one.variance, spread)

    def funnels(self) -> None:
        for p, n in zip(self.counts.proportion, self.counts.respondents, strict=True):
            funnel(np.minimum(np.rint(p * n), n), n)

    def latent_correlations(self) -> None:
        for a, b in combinations(range(3), 2):
            here = (self.counts.respondents[a] >= 10) & (self.counts.respondents[b] >= 10)
            latent_correlation(
                self.scaled[a].value[here],
                self.scaled[a].variance[here],
                self.scaled[b].value[here],
                self.scaled[b].variance[here],
                left_spread=self.spreads[a],
                right_spread=self.spreads[b],
            )

    def verdicts_and_heterogeneity(self) -> None:
        speaking = [
            speaks(n, known, where)
            for n, known, where in zip(
                self.counts.respondents, self.effective, self.standings, strict=True
            )
        ]
        totals = np.full((3, 3), np.nan)
        for a, b in combinations(range(3), 2):
            one, other = self.standings[a], self.standings[b]
            method = method_variance(one, other, speaking[a] & speaking[b])
            pair_verdicts(one, other, speaking[a], speaking[b], method=method)
            totals[a, b] = totals[b, a] = method.total
        heard = np.column_stack(speaking)
        heterogeneity(
            np.where(heard, np.column_stack([one.value for one in self.standings]), np.nan),
            np.column_stack([one.variance for one in self.standings]),
            split_method_variance(totals),
        )

    def answered(self, organisations: int = PRACTICES) -> list[Counted]:
        """The sources as certainty takes them, of the first so many organisations."""
        return [
            Counted((p * n)[:organisations], n[:organisations], known[:organisations])
            for p, n, known in zip(
                self.counts.proportion, self.counts.respondents, self.effective, strict=True
            )
        ]

    def certainty(self, organisations: int = PRACTICES) -> None:
        survey, fft, _ = self.answered(organisations)
        posterior(usual_behaviour(fft, survey), fft, survey).certainty()

    def certainty_of_150(self) -> None:
        self.certainty(150)

    def certainty_of_three(self) -> None:
        sources = self.answered()
        pairs = {
            (a, b): usual_behaviour(sources[a], sources[b]) for a, b in combinations(range(3), 2)
        }
        together(sources, pairs)

    def everything(self) -> None:
        self.overdispersion()
        self.spreads_and_standings()
        self.funnels()
        self.latent_correlations()
        self.verdicts_and_heterogeneity()


def rank_correlations(counts: Counts) -> None:
    for a, b in combinations(range(3), 2):
        stats.spearmanr(counts.proportion[a], counts.proportion[b])


def main() -> None:
    counts = imaginary()
    page = Page(counts)
    page.everything()  # what each step below builds on
    reference, everything = "scipy's three rank correlations", "everything"
    times = timed(
        {
            reference: lambda: rank_correlations(counts),
            "over-dispersion of twelve months": page.overdispersion,
            "three spreads, standings and shrunken values": page.spreads_and_standings,
            "three funnels": page.funnels,
            "three underlying correlations with their ranges": page.latent_correlations,
            "three sets of verdicts, heterogeneity": page.verdicts_and_heterogeneity,
            everything: page.everything,
            "certainty of two sources, 150 practices": page.certainty_of_150,
            "certainty of two sources": page.certainty,
            "certainty of three sources together": page.certainty_of_three,
        }
    )
    print(f"{f'{PRACTICES:,} practices, three sources':58} {'min':>7} {'median':>7} {'max':>7}")
    for name, taken in times.items():
        print(line(name, taken))
    print(ratio(f"ratio: everything / {reference}", times[everything], times[reference]))


if __name__ == "__main__":
    main()
