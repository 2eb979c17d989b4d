"""Monthly over-dispersion against scipy provider by provider, and on months made odd on purpose."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from pxcore.stats.overdispersion import (
    ASSUMED,
    MonthlyOverdispersion,
    _expected_capped_mean,
    monthly_overdispersion,
)


@dataclass(frozen=True)
class Months:
    """Counts of some providers, a row a month; the months numbered from 100."""

    provider: np.ndarray
    month: np.ndarray
    positive: np.ndarray
    respondents: np.ndarray
    inside: np.ndarray
    providers: int

    def found(self) -> MonthlyOverdispersion:
        return monthly_overdispersion(
            self.provider,
            self.month,
            self.positive,
            self.respondents,
            self.inside,
            self.providers,
        )

    def with_counts(self, provider: int, month: int, positive: int, respondents: int) -> Months:
        here = (self.provider == provider) & (self.month == month)
        return replace(
            self,
            positive=np.where(here, positive, self.positive),
            respondents=np.where(here, respondents, self.respondents),
        )


def months(
    seed: int,
    providers: int = 60,
    window: int = 3,
    others: int = 0,
    answers: float = 60,
    correlation: float = 0.0,
) -> Months:
    """Imaginary months at 90 % positive; answers of one month alike by `correlation`."""
    random = np.random.default_rng(seed)
    each = window + others
    who = np.repeat(np.arange(providers), each)
    when = np.tile(np.arange(each), providers)
    n = random.poisson(answers, providers * each) + 5
    rate = np.full(len(n), 0.9)
    if correlation:
        size = (1 - correlation) / correlation
        rate = random.beta(0.9 * size, 0.1 * size, len(n))
    return Months(who, when + 100, random.binomial(n, rate), n, when < window, providers)


# --- The usual value ---


@pytest.mark.parametrize(("degrees", "published"), [(2, 0.900), (11, 0.970)])
def test_the_capped_mean_of_chance_is_the_published_figure(degrees: int, published: float) -> None:
    assert _expected_capped_mean(np.full(30, degrees)) == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize("degrees", [1, 2, 5, 11])
def test_the_capped_mean_of_chance_by_integration(degrees: int) -> None:
    law = scipy.stats.chi2(degrees, scale=1 / degrees)
    cap = law.ppf(0.9)
    below = quad(lambda ratio: ratio * law.pdf(ratio), 0, cap)[0]
    assert _expected_capped_mean(np.full(30, degrees)) == pytest.approx(below + 0.1 * cap)


def test_the_capped_mean_of_mixed_numbers_of_months_by_simulation() -> None:
    degrees = np.repeat([1, 2, 11], [20, 30, 50])
    random = np.random.default_rng(1)
    ratio = random.chisquare(degrees, (20_000, 100)) / degrees
    simulated = np.minimum(ratio, np.quantile(ratio, 0.9)).mean()
    assert _expected_capped_mean(degrees) == pytest.approx(simulated, abs=0.003)


def slow(given_months: Months) -> tuple[float, np.ndarray]:
    """The usual value and each ratio, provider by provider, with scipy's own chi-square."""
    ratios, degrees = np.full(given_months.providers, np.nan), []
    for provider in range(given_months.providers):
        rows = (given_months.provider == provider) & given_months.inside
        x, n = given_months.positive[rows], given_months.respondents[rows]
        if len(x) < 2 or x.sum() in (0, n.sum()):
            continue
        table = np.array([x, n - x])
        found = scipy.stats.chi2_contingency(table, correction=False)
        ratios[provider] = found.statistic / found.dof
        degrees.append(found.dof)
    known = ratios[~np.isnan(ratios)]
    capped = np.minimum(known, np.quantile(known, 0.9))
    chance = [_expected_capped_mean(np.array([df])) for df in set(degrees)]
    assert len(chance) == 1
    return max(1.0, capped.mean() / chance[0]), ratios


@pytest.mark.parametrize("window", [2, 3, 12])
def test_it_equals_scipys_chi_square_provider_by_provider(window: int) -> None:
    data = months(2, window=window, others=4, answers=30, correlation=0.03)
    usual, _ = slow(data)
    found = data.found()
    assert usual > 1.3
    assert found.usual == pytest.approx(usual)
    assert not found.assumed
    assert (found.each[~found.odd] == found.usual).all()


def test_chance_alone_gives_about_one_and_crowded_months_what_they_were_given() -> None:
    plain = [months(seed, 200).found().usual for seed in range(20)]
    assert np.mean(plain) == pytest.approx(1.02, abs=0.03)  # a little over 1: it is kept from below
    crowded = [
        months(seed, 200, window=12, correlation=0.01, answers=45).found().usual
        for seed in range(10)
    ]
    assert np.mean(crowded) == pytest.approx(1 + 49 * 0.01, rel=0.06)


def test_a_few_wrong_months_do_not_rule_it() -> None:
    data = months(3, providers=80)
    for provider in range(5):
        data = data.with_counts(provider, 101, 20, 60)
    found = data.found()
    _, ratios = slow(data)
    assert np.nanmean(ratios) > 2.5
    assert found.usual < 1.35


def test_nobody_or_everybody_positive_says_nothing_and_nor_does_a_single_month() -> None:
    data = months(4, providers=12, others=2)
    for month in (100, 101, 102):
        data = data.with_counts(0, month, 50, 50).with_counts(1, month, 0, 50)
    outside = (data.provider == 2) & (data.month > 100)
    data = replace(data, inside=data.inside & ~outside)
    found = data.found()
    assert found.providers == 9
    assert found.assumed
    assert found.usual == ASSUMED


def test_ten_providers_with_two_months_are_enough() -> None:
    found = months(4, providers=10, others=2).found()
    assert (found.providers, found.assumed) == (10, False)


def test_months_outside_the_window_do_not_enter_it() -> None:
    data = months(5, others=6, correlation=0.02)
    alone = replace(
        data,
        **{
            name: getattr(data, name)[data.inside]
            for name in ("provider", "month", "positive", "respondents", "inside")
        },
    )
    assert data.found().usual == alone.found().usual


def test_months_without_answers_or_figures_are_left_out() -> None:
    data = months(6, providers=20, window=4)
    here = data.month == 103
    gone = replace(data, inside=data.inside & ~here)
    empty = replace(data, respondents=np.where(here, 0, data.respondents))
    withheld = replace(data, positive=np.where(here, np.nan, data.positive.astype(float)))
    assert empty.found().usual == withheld.found().usual
    # a withheld month is not outside the window: it is nowhere
    kept = data.month != 103
    assert withheld.found().usual == pytest.approx(slow(replace(gone, inside=kept))[0])


def test_no_months_at_all() -> None:
    found = monthly_overdispersion([], [], [], [], [], 3)
    assert found.assumed
    assert list(found.each) == [ASSUMED] * 3
    assert not found.odd.any()
    assert list(found.odd_month) == [-1] * 3


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    data = months(7, providers=15, others=3, correlation=0.05)
    order = np.random.default_rng(seed).permutation(len(data.provider))
    mixed = replace(
        data,
        **{
            name: getattr(data, name)[order]
            for name in ("provider", "month", "positive", "respondents", "inside")
        },
    )
    before, after = data.found(), mixed.found()
    assert after.usual == pytest.approx(before.usual)
    assert after.each == pytest.approx(before.each)
    assert list(after.odd_month) == list(before.odd_month)


# --- Odd months ---


@pytest.mark.parametrize("window", [3, 12])
@pytest.mark.parametrize("wrong", [100, 101, 102])
def test_a_wrong_month_is_named_and_its_own_ratio_stands_for_it(window: int, wrong: int) -> None:
    data = months(8, window=window).with_counts(17, wrong, 30, 70)
    found = data.found()
    _, ratios = slow(data)
    assert found.odd[17]
    assert found.odd_month[17] == wrong
    assert found.each[17] == pytest.approx(ratios[17])
    assert found.each[17] > 5 * found.usual
    assert found.odd.sum() <= 2
    assert (found.odd_month[~found.odd] == -1).all()


@pytest.mark.parametrize("wrong", [100, 101])
def test_of_two_months_the_others_tell_which_is_the_wrong_one(wrong: int) -> None:
    # against their own window two months depart alike; the ten others know better
    data = months(9, window=2, others=10).with_counts(5, wrong, 30, 70)
    assert data.found().odd_month[5] == wrong


def test_ordinary_providers_are_odd_one_in_a_thousand() -> None:
    shares = [months(seed, 200, window=6, others=6).found().odd.mean() for seed in range(10)]
    assert np.mean(shares) < 0.005
    crowded = months(11, 400, window=3, correlation=0.05).found()
    assert crowded.usual > 3
    assert crowded.odd.mean() < 0.02  # although a fifth are beyond chance alone at that level


def test_a_window_that_differs_from_its_other_months_is_flagged() -> None:
    data = months(12, window=3, others=9)
    for month in (100, 101, 102):
        data = data.with_counts(4, month, 42, 60)
    found = data.found()
    other = (data.provider == 4) & ~data.inside
    x, n = data.positive[other].sum(), data.respondents[other].sum()
    apart = scipy.stats.chi2_contingency([[126, 54], [x, n - x]], correction=False)
    assert apart.pvalue < 1e-5
    assert found.odd[4]
    assert found.odd_month[4] in (100, 101, 102)
    assert found.each[4] == found.usual  # steady in itself: the difference may be the truth


def test_a_window_of_one_wrong_month_is_worth_no_more_than_its_other_months_allow() -> None:
    data = months(13, window=1, others=11).with_counts(6, 100, 30, 60)
    found = data.found()
    other = (data.provider == 6) & ~data.inside
    x, n = data.positive[other].sum(), data.respondents[other].sum()
    apart = scipy.stats.chi2_contingency([[30, 30], [x, n - x]], correction=False)
    assert found.assumed  # one month a provider tells nothing of months
    assert found.odd[6]
    assert found.odd_month[6] == 100
    assert found.each[6] == pytest.approx(apart.statistic)


def test_where_all_drift_over_the_years_no_window_is_odd_for_that() -> None:
    random = np.random.default_rng(14)
    data = months(14, providers=80, window=3, others=57, answers=900)
    drift = random.normal(0, 0.03, 80)[data.provider] * ~data.inside
    data = replace(data, positive=random.binomial(data.respondents, np.clip(0.9 + drift, 0, 1)))
    found = data.found()
    apart_by_chance = 0
    for provider in range(80):
        rows = data.provider == provider
        table = [
            [
                data.positive[rows & side].sum(),
                (data.respondents - data.positive)[rows & side].sum(),
            ]
            for side in (data.inside, ~data.inside)
        ]
        apart_by_chance += scipy.stats.chi2_contingency(table, correction=False).pvalue < 0.001
    assert apart_by_chance > 20
    assert found.odd.sum() <= 2
