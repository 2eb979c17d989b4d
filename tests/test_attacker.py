"""The attack, in short, on a small store in which some comments may be read and others not; and by exact
figures, so that it is seen to find what there is."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks.attacker.attack import KNOWN_ROUTES, SEVERAL, Attack, attack
from benchmarks.attacker.bayes import SURE
from benchmarks.attacker.cells import Cell
from benchmarks.attacker.meetings import meeting
from benchmarks.attacker.noise import Noise
from benchmarks.attacker.player import Player
from benchmarks.attacker.several import respondents_of
from benchmarks.attacker.solver import solve, system_of
from benchmarks.attacker.statements import Statement
from benchmarks.attacker.truth import People, group, one_of, truth_of
from benchmarks.attacker.two_worlds import Exactly, columns_of, leaks, unmoved
from benchmarks.attacker.views import pages_of
from pxcore import maps
from pxcore.model import Pairing
from pxcore.publish.files import KINDS
from pxcore.store import Store
from tests.analysis.voices import comment, committed
from tests.store.loads import extract, fft, parent, provider

READ, UNREAD = 6, 8  # practices
MONTHS = [f"{2024 + place // 12}-{place % 12 + 1:02d}" for place in range(3, 15)]
THEMES = ("Waiting times", "Staff attitude", "Quality of treatment")


@pytest.fixture(scope="module", params=["of one practice", "of several"])
def several(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "of several")


@pytest.fixture(scope="module")
def told(several: bool, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return made(tmp_path_factory.mktemp("attacked") / "px.duckdb", 20261129, several=several)


def made(path: Path, seed: int, *, several: bool) -> Store:
    """Practices in two networks of one board: of some eleven comments were written, of others one to four; by
    a person each, or by people of whom many wrote of several practices.

    Its record keys are the same in every run: by another secret a guess may be a little surer.
    """
    store = Store.open(path)
    units = [f"P-{place}" for place in range(1, READ + UNREAD + 1)]
    store.commit(
        [
            extract(
                provider=[
                    *(provider(unit) for unit in units),
                    *(provider(f"U-{place}", "pcn") for place in (1, 2)),
                    provider("B-1", "icb"),
                ],
                parent=[
                    *(
                        parent(unit, f"U-{1 + place % 2}", "pcn")
                        for place, unit in enumerate(units)
                    ),
                    *(parent(f"U-{place}", "B-1", "icb", "pcn") for place in (1, 2)),
                ],
            ),
            extract(fft_fact=[fft(unit, 80, 100, month) for unit in units for month in MONTHS]),
        ]
    )
    chance = random.Random(seed)
    rows = []
    for place, unit in enumerate(units):
        for _ in range(11 if place < READ else chance.randint(1, 4)):
            feeling = chance.choice(("positive", "negative", "mixed"))
            said = comment(
                len(rows),
                chance.sample(THEMES, chance.randint(0, 2)),
                provider=unit,
                provider_name=f"Name of {unit}",
                on=f"{chance.choice(MONTHS)}-15",
                sentiment=feeling,
                positive=int(feeling == "positive"),
                age=chance.choice(("25-34", "65-74")),
            )
            rows.append(said)
    if several:
        for row, number in zip(rows, respondents_of(len(rows), chance), strict=True):
            row["author"] = f"respondent {number}"
    return committed(store, rows)


def people_of(rows: dict[str, list[int]]) -> People:
    """People by the organisations they wrote of, none of them readable."""
    wrote = sorted((person, name) for name, some in rows.items() for person in some)
    names = sorted(rows)
    count = len({person for person, _ in wrote})
    return People(
        "x",
        {"organisation": np.array([names.index(name) for _, name in wrote], dtype=np.int32)},
        {"organisation": {name: place for place, name in enumerate(names)}},
        np.array([person for person, _ in wrote]),
        np.zeros(len(wrote), dtype=bool),
        np.ones(count, dtype=bool),
        np.zeros(count, dtype=np.int64),
    )


@pytest.fixture(scope="module")
def attacked(told: Store) -> Attack:
    return attack(
        told, Noise.of_file(Path(maps.REFERENCE) / "perturbation.csv"), short=True, seconds=0
    )


def test_every_number_read_is_what_its_people_and_their_keys_give(attacked: Attack) -> None:
    assert attacked.statements.readings > 500
    assert attacked.statements.first_wrong == {}


def test_of_people_not_readable_nothing_follows(attacked: Attack) -> None:
    assert len(attacked.cells) > 100
    assert [one.cell for one in attacked.pinned] == []
    assert [one for one in attacked.guesses if one.of_the_truth > SURE] == []
    assert attacked.rates > 0
    assert attacked.wrong_rates == 0


def test_a_file_has_no_number_that_its_page_has_not(attacked: Attack) -> None:
    assert attacked.files > 20
    assert attacked.strangers == []
    routes = {route for one in attacked.statements.by_group.values() for route in one.routes}
    tables = {route.table for route in routes}
    for file in ("xlsx", "docx", "pptx", "html", "zip"):
        assert any(table.endswith(f", as {file}") for table in tables), file
    assert any(route.page == "Workshop" for route in routes)


def test_the_record_of_a_workshop_is_read_in_every_kind_of_file(told: Store) -> None:
    pairing = Pairing("fft_gp", "healthwatch")
    routes = Counter(reading.route for reading in meeting(told, truth_of(told), pairing))
    for kind in KINDS:
        assert routes[f"the record as {kind.title}"] == routes["what is frozen"] > 0, kind.title


def test_no_column_of_a_file_is_out_of_reach_of_the_noise(tmp_path: Path) -> None:
    """Nothing exact leaves but what two worlds with other answers have in common."""
    store, other = (
        made(tmp_path / f"{seed}.duckdb", seed, several=False) for seed in (20261129, 1)
    )
    views = [view for view in pages_of(Player(store, truth_of(store))) if view.page != "what_if"]
    columns, found = leaks(store, other, views)
    assert columns > 200
    assert found == []
    # what would be seen of a page that showed exact figures
    asked = next(view for view in views if view.page == "agreement")
    exact, elsewhere = (columns_of(asked, Exactly(world)) for world in (store, other))
    assert len(list(unmoved(exact, exact, elsewhere))) > 5
    store.close()
    other.close()


def test_exact_figures_would_tell_of_many(told: Store) -> None:
    exact = attack(told, Noise.none(), short=True, seconds=0)
    assert exact.statements.first_wrong == {}
    assert len(exact.pinned) > len(exact.cells) / 5
    several = [one for one in exact.pinned if one.cell.of_several]
    wrote = exact.statements.truth.people["healthwatch"]
    assert bool(several) == wrote.repeated
    assert all(any(map(KNOWN_ROUTES[SEVERAL], one.ways)) for one in several if one.ways)


def test_a_whole_less_the_rest_is_the_fewest_of_a_part() -> None:
    """Of three practices two people wrote of each, five of them all: so somebody wrote of two."""
    rows = {"A": [0, 1], "B": [1, 2], "C": [3, 4]}
    people = people_of(rows)
    every = group("x")
    rest, first = (every.and_(one_of("organisation", *names)) for names in (("B", "C"), ("A",)))
    stated = [
        Statement(one, *[float(people.count(one))] * 2, people.count(one)) for one in (every, rest)
    ]
    cell = Cell("organisation", first, 2)
    bounds = solve(system_of(people, stated, [cell], Noise.none()), seconds=0)
    assert (bounds[0].low, bounds[0].shared) == (1, True)
    assert not bounds[0].pinned
