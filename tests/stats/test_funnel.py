"""The NHS funnel against FunnelPlotR's own functions and metafor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pxcore.errors import TooFewPairs
from pxcore.stats.funnel import between_variance, funnel, funnel_limits
from pxcore.stats.spread import peer_spread, standing

FUNNEL_PLOT_R: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "funnel.json").read_text(encoding="utf-8")
)
SETS = ["over_dispersed", "chance", "ceiling"]
NAMES = {"low_95": "odll95", "high_95": "odul95", "low_998": "odll998", "high_998": "odul998"}


def counts(seed: int, providers: int = 40, deviation: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    n = random.integers(5, 400, providers)
    true = 1.0 + deviation * random.standard_normal(providers)
    return random.binomial(n, 1 / (1 + np.exp(-true))), n


@pytest.mark.parametrize("name", SETS)
def test_it_equals_funnelplotr(name: str) -> None:
    said = FUNNEL_PLOT_R[name]
    found = funnel(said["positive"], said["respondents"])
    assert found.target == pytest.approx(said["target"], rel=1e-12)
    assert found.dispersion == pytest.approx(said["phi"], rel=1e-12)
    assert found.between == pytest.approx(said["tau2"], rel=1e-10)
    assert found.z == pytest.approx(said["z"], rel=1e-10)
    assert found.z_adjusted == pytest.approx(said["z_adjusted"], rel=1e-10)


WAYS = {"low_95": -1.959964, "high_95": 1.959964, "low_998": -3.090232, "high_998": 3.090232}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("at", ["limits", "lines"])
def test_its_limits_are_funnelplotrs_but_never_turn_back(name: str, at: str) -> None:
    said = FUNNEL_PLOT_R[name]
    found = funnel(said["positive"], said["respondents"])
    n = np.array([row["number.seq"] for row in said[at]])
    limits = found.limits if at == "limits" else funnel_limits(found.target, found.between, n)
    reach = np.sqrt(1 / (4 * n) + said["tau2"])
    for ours, theirs in NAMES.items():
        angle = np.arcsin(np.sqrt(said["target"])) + WAYS[ours] * reach
        inside = (angle >= 0) & (angle <= np.pi / 2)
        its = np.array([row[theirs] for row in said[at]])
        assert getattr(limits, ours)[inside] == pytest.approx(its[inside], abs=1e-7)
        # past a right angle its sine comes down again, towards the centre line and beyond
        assert (getattr(limits, ours)[~inside] == (WAYS[ours] > 0)).all()
        assert ((its > 0) & (its < 1))[~inside].all()
    if at == "lines" and name != "chance":
        assert limits.high_998[0] == 1  # such limits are among them


@pytest.mark.parametrize("name", SETS)
def test_the_step_from_phi_to_the_variance_is_dersimonian_and_lairds(name: str) -> None:
    said = FUNNEL_PLOT_R[name]
    n = np.array(said["respondents"])
    assert between_variance(said["q"] / len(n), 1 / (4 * n)) == pytest.approx(said["dl"], rel=1e-9)


def test_by_hand() -> None:
    # ten providers of 100, five at 40 and five at 60: the target is one half
    found = funnel([40] * 5 + [60] * 5, [100] * 10)
    distance = np.arcsin(np.sqrt(0.6)) - np.pi / 4
    z = distance * 20
    assert found.target == 0.5
    assert found.z[-1] == pytest.approx(z)
    assert found.dispersion == pytest.approx(z**2)
    assert found.between == pytest.approx((10 * z**2 - 9) / (9 * 400))
    whole = np.sqrt(1 / 400 + found.between)
    assert found.z_adjusted[-1] == pytest.approx(distance / whole)
    assert found.limits.high_95[0] == pytest.approx(np.sin(np.pi / 4 + 1.959964 * whole) ** 2)
    assert found.limits.low_998[0] == pytest.approx(np.sin(np.pi / 4 - 3.090232 * whole) ** 2)


def test_no_excess_over_chance_widens_nothing() -> None:
    said = FUNNEL_PLOT_R["chance"]
    found = funnel(said["positive"], said["respondents"])
    assert found.dispersion < 1
    assert found.between == 0
    assert list(found.z_adjusted) == list(found.z)


def test_everybody_positive_everywhere_is_a_flat_funnel() -> None:
    found = funnel([20.0] * 12, [20] * 12)
    assert (found.target, found.between) == (1, 0)
    assert (found.z == 0).all()
    assert (found.limits.high_95 == 1).all()
    assert (found.limits.low_95 < 1).all()


def test_it_leaves_out_twice_as_many_ordinary_providers_as_the_calibrated_spread() -> None:
    funnel_says, spread_says = [], []
    for seed in range(60):
        random = np.random.default_rng(seed)
        n = random.integers(200, 2000, 150)
        angle = np.pi / 4 + 0.12 * random.standard_normal(150)
        x = random.binomial(n, np.sin(angle) ** 2)
        funnel_says.append((np.abs(funnel(x, n).z_adjusted) > 1.96).mean())
        y, v = np.arcsin(np.sqrt(x / n)), 1 / (4 * n)
        spread_says.append((np.abs(standing(y, v, peer_spread(y, v)).z) > 1.96).mean())
    assert 0.10 <= np.mean(funnel_says) <= 0.14
    assert np.mean(spread_says) == pytest.approx(0.05, abs=0.008)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.floats(0, 1))
def test_limits_stay_inside_nought_and_one_and_around_the_target(
    seed: int, deviation: float
) -> None:
    x, n = counts(seed, deviation=2 * deviation)
    found = funnel(x, n)
    for limits in (found.limits, funnel_limits(found.target, found.between, np.arange(1, 500))):
        assert (limits.low_998 >= 0).all()
        assert (limits.high_998 <= 1).all()
        assert (limits.low_95 <= found.target + 1e-12).all()
        assert (limits.high_95 >= found.target - 1e-12).all()
        order = np.argsort(limits.respondents)
        assert (np.diff(limits.low_95[order]) >= 0).all()  # more answers, narrower limits
        assert (np.diff(limits.high_95[order]) <= 0).all()


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_a_provider_is_outside_a_limit_where_its_z_score_says_so(seed: int) -> None:
    x, n = counts(seed)
    found = funnel(x, n)
    outside = (x / n < found.limits.low_95) | (x / n > found.limits.high_95)
    clipped = (found.limits.low_95 == 0) | (found.limits.high_95 == 1)
    assert (outside == (np.abs(found.z_adjusted) > 1.959964))[~clipped].all()


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_the_order_of_providers_changes_nothing(seed: int) -> None:
    x, n = counts(seed)
    order = np.random.default_rng(seed).permutation(len(n))
    before, after = funnel(x, n), funnel(x[order], n[order])
    assert after.between == pytest.approx(before.between)
    assert after.z_adjusted == pytest.approx(before.z_adjusted[order])


def test_under_ten_providers_there_are_no_limits() -> None:
    with pytest.raises(TooFewPairs, match="9 providers"):
        funnel([5] * 9, [10] * 9)


@pytest.mark.parametrize(
    ("positive", "respondents"),
    [
        ([5] * 12, [10] * 11 + [0]),
        ([5] * 12, [10] * 11 + [4]),
        ([-1] + [5] * 11, [10] * 12),
        ([np.nan] + [5] * 11, [10] * 12),
        ([5] * 11, [10] * 12),
    ],
)
def test_impossible_counts_are_refused(positive: list[float], respondents: list[float]) -> None:
    with pytest.raises(ValueError, match="answers|equal length"):
        funnel(positive, respondents)
