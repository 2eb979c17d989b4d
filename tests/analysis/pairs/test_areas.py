"""Organisations that share areas: the range allows for it, and the figure is told within areas."""

from __future__ import annotations

import numpy as np
import pytest

from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.coefficients import coefficients
from pxcore.publish.agreement import as_json
from pxcore.store import Store
from pxcore.words import agreement as words
from pxcore.words import coefficients as coefficient_words
from tests.analysis.frames import GP, committed, standings
from tests.store.loads import parent, provider


def boards(store: Store, of_boards: float, count: int = 10, each: int = 12) -> Store:
    """Practices of some boards; `of_boards` of what differs is the boards', on which both agree."""
    random = np.random.default_rng(4)
    board = np.repeat(np.arange(count), each)
    level = np.sqrt(of_boards) * random.standard_normal(count)[board]
    own = np.sqrt(1 - of_boards) * random.standard_normal((2, count * each))
    left, right = standings(zip(*(level + own), strict=True))
    links = [parent(f"P-{place}", f"B-{at}", "icb") for place, at in enumerate(board)]
    return committed(
        store, left, right, parent=links, provider=[provider(f"B-{n}", "icb") for n in range(count)]
    )


def test_what_only_areas_share_is_told_beside_the_headline(store: Store) -> None:
    report = agreement(boards(store, 0.6), GP)
    assert report.latent is not None
    assert report.latent.areas == 10
    within = report.within_areas
    assert within is not None
    assert within.interval is not None
    assert within.interval.low < 0 < within.interval.high
    assert report.differs_within
    (sentence,) = (line for line in words.cautions(report) if line.startswith("Within areas"))
    assert "the two agree less" in sentence
    assert "over 120 practices" in sentence
    more = coefficients(store, report)
    assert more is not None
    assert "Within areas" in set(coefficient_words.table(more)["coefficient"])
    told = as_json(report)
    assert told["latent"]["areas"] == 10
    assert told["latent_within_areas"]["estimate"] == pytest.approx(within.estimate)


def test_where_areas_are_few_nothing_is_said_of_them(store: Store) -> None:
    report = agreement(boards(store, 0.6, count=4, each=20), GP)
    assert report.latent is not None
    assert report.latent.areas == 0
    assert report.within_areas is None
    assert not report.differs_within
    assert as_json(report)["latent_within_areas"] is None
