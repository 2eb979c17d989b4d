"""The same people in two sources, or other people of the same practices: how often each is called so.

python -m benchmarks.same_people [--pairs 200] [--scenario same_dates] [--write]

Draws pairs of sources over a year of some practices and runs the delivered check on them: the delivered
SQL that counts cells, and the delivered judgement of what it counts. `--write` writes
data/reference/same_people.csv: one row a scenario.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from pxcore.analysis.joining.independence import CELLS, Independence, same_people
from pxcore.model import Disclosure
from pxcore.stats.intervals import wilson
from pxcore.store.statements import statement

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "data" / "reference" / "same_people.csv"
COLUMNS = ("scenario", "title", "same", "pairs", "caught", "low", "high", "practices")
SEED = 20261129
START = pd.Timestamp("2025-04-01")
DAYS = 364
RATINGS = ("very good", "good", "neither", "poor", "very poor")


@dataclass(frozen=True)
class World:
    """Two sources of one group of practices."""

    title: str
    overlap: float = 0.0  # of the left source's answers that stand in the right one too
    practices: int = 12
    answers: float = 200.0  # of a practice in a year, in each source
    disguise: str = "as they come"  # of the right source; "hour", "dates", "day off", "months"
    added: float = 0.0  # other answers of the right source, as a share of those it shares
    season: float = 0.0  # how far both rise and fall with the year
    morning: float = 0.0  # share of all answers that come in one morning, in both
    quota: int = 0  # answers a month that the right source asks for, exactly
    alike: bool = False  # practices hardly differ, nearly everybody content


WORLDS = {
    "same": World("the same people, as they come", 1.0),
    "same_hour": World("the same people, one file an hour off", 1.0, disguise="hour"),
    "same_dates": World("the same people, without the time of day", 1.0, disguise="dates"),
    "same_day_off": World("the same people, dates alone, one a day off", 1.0, disguise="day off"),
    "same_months": World("the same people, as monthly counts", 1.0, disguise="months"),
    "same_morning": World("the same people, 400 answers in one morning, dates alone", 1.0,
                          practices=1, answers=400, morning=1.0, disguise="dates"),
    "same_morning_hour": World("the same people, 400 answers in one morning, an hour off", 1.0,
                               practices=1, answers=400, morning=1.0, disguise="hour"),
    "same_group_morning_dates": World(
        "the same people, 12 practices, most answers in one morning, dates alone", 1.0,
        answers=400, morning=0.9, disguise="dates"),
    "same_few": World("the same people, 15 answers a practice, dates alone", 1.0, answers=15,
                      disguise="dates"),
    "inside_months": World("one file inside the other (60 % of it), as monthly counts", 1.0,
                           added=2 / 3, disguise="months"),
    "inside_dates": World("one file inside the other (60 % of it), dates alone", 1.0, added=2 / 3,
                          disguise="dates"),
    "part_60": World("60 % the same people, as they come", 0.6),
    "part_60_hour": World("60 % the same people, an hour off", 0.6, disguise="hour"),
    "part_60_dates": World("60 % the same people, dates alone", 0.6, disguise="dates"),
    "part_60_months": World("60 % the same people, as monthly counts", 0.6, disguise="months"),
    "part_30": World("30 % the same people, as they come", 0.3),
    "part_30_hour": World("30 % the same people, an hour off", 0.3, disguise="hour"),
    "part_30_dates": World("30 % the same people, dates alone", 0.3, disguise="dates"),
    "part_30_months": World("30 % the same people, as monthly counts", 0.3, disguise="months"),
    "other": World("other people of the same practices"),
    "other_alike": World("other people, practices much alike, nearly all content", alike=True),
    "other_season": World("other people, both with the same campaigns and seasons", season=0.9),
    "other_morning": World("other people, 400 answers in one morning by text message in both",
                           answers=400, morning=1.0),
    "other_morning_one": World("other people of one practice, 400 answers in one morning in both",
                               practices=1, answers=400, morning=1.0, disguise="dates"),
    "other_few": World("other people of 40 small practices, 15 answers each", practices=40, answers=15),
    "other_months": World("other people, as monthly counts", practices=40, answers=150,
                          disguise="months"),
    "other_quota": World("other people, one source asking exactly 20 a month", quota=20,
                         disguise="dates"),
    "other_quota_months": World("other people, one source asking exactly 20 a month, as counts",
                                practices=40, quota=20, disguise="months"),
}  # fmt: skip


def drawn(world: World, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two tables of single answers: unit, moment, answer."""
    random = np.random.default_rng([SEED, seed, *(ord(letter) for letter in world.title)])
    spread = 0.1 if world.alike else 0.4
    level = (3.0 if world.alike else 1.8) + spread * random.standard_normal(world.practices)
    sizes = 0.3 * random.standard_normal(world.practices) * (world.practices > 1)
    rates = world.answers * np.exp(sizes)
    phase = random.uniform(0, 2 * np.pi)
    weights = 1 + world.season * np.sin(2 * np.pi * np.arange(DAYS) / 91 + phase)
    weights *= np.where(np.arange(DAYS) % 7 < 5, 1.0, 0.3)
    weights /= weights.sum()
    morning = int(random.integers(DAYS))

    def source(quota: int) -> pd.DataFrame:
        told = []
        for unit in range(world.practices):
            if quota:
                day = np.concatenate(
                    [
                        part[random.integers(len(part), size=quota)]
                        for part in _by_month(np.arange(DAYS))
                    ]
                )
                count = len(day)
            else:
                count = int(random.poisson(rates[unit]))
                day = random.choice(DAYS, size=count, p=weights)
            second = random.integers(8 * 3600, 19 * 3600, size=count)
            batch = random.random(count) < world.morning
            day = np.where(batch, morning, day)
            # sent at nine: half have answered within twenty minutes
            late = np.exp(np.log(1200) + random.standard_normal(count))
            second = np.where(batch, 9 * 3600 + late.clip(max=3 * 3600).astype(int), second)
            good = 1 / (1 + np.exp(-level[unit]))
            chances = np.array(
                [good * 0.75, good * 0.25, *((1 - good) * np.array([0.4, 0.3, 0.3]))]
            )
            told.append(
                pd.DataFrame(
                    {
                        "unit": f"P-{unit:02d}",
                        "moment": START
                        + pd.to_timedelta(day, unit="D")
                        + pd.to_timedelta(second, unit="s"),
                        "answer": np.array(RATINGS)[random.choice(5, size=count, p=chances)],
                    }
                )
            )
        return pd.concat(told, ignore_index=True)

    left, other = source(0), source(world.quota)
    if not world.overlap:
        return left, other
    both = left[random.random(len(left)) < world.overlap]
    share = 1 - world.overlap + world.added
    return left, pd.concat([both, other[random.random(len(other)) < share]], ignore_index=True)


def _by_month(days: np.ndarray) -> list[np.ndarray]:
    months = (START + pd.to_timedelta(days, unit="D")).month
    return [days[months == month] for month in dict.fromkeys(months)]


def disguised(rows: pd.DataFrame, disguise: str) -> pd.DataFrame:
    """The right source as it is handed over."""
    by = {"hour": pd.Timedelta(hours=1), "day off": pd.Timedelta(days=1)}.get(disguise)
    return rows if by is None else rows.assign(moment=rows["moment"] + by)


def looked_at(left: pd.DataFrame, right: pd.DataFrame, disguise: str) -> Independence:
    """What the delivered check makes of two sources."""
    right = disguised(right, disguise)
    counted = _counts(left).merge(
        _counts(right), on=["unit", "period_start"], suffixes=("_left", "_right")
    )
    counted = counted.rename(
        columns={
            f"{what}_{which}": f"{which}_{what}"
            for what in ("answers", "positive")
            for which in ("left", "right")
        }
    )
    if disguise == "months":
        return same_people(
            counted, pd.DataFrame(columns=list(CELLS)), lambda: counted, Disclosure()
        )
    with _database(left, right, timed=disguise in ("as they come", "hour")) as database:
        asked = {
            "grain": "practice", "left_source": "left", "right_source": "right",
            "left_measure": "overall", "right_measure": "overall",
        }  # fmt: skip

        def ask(name: str) -> pd.DataFrame:
            text = statement("ask", name)
            return database.execute(text, {k: v for k, v in asked.items() if f"${k}" in text}).df()

        return same_people(counted, ask("shared_cells"), lambda: ask("shared_days"), Disclosure())


def _counts(rows: pd.DataFrame) -> pd.DataFrame:
    told = rows.assign(
        period_start=rows["moment"].dt.to_period("M").dt.start_time,
        positive=rows["answer"].isin(RATINGS[:2]),
    )
    return told.groupby(["unit", "period_start"], as_index=False).agg(
        answers=("positive", "size"), positive=("positive", "sum")
    )


def _database(left: pd.DataFrame, right: pd.DataFrame, *, timed: bool) -> duckdb.DuckDBPyConnection:
    """What the questions read of the store, and nothing more."""
    rows = pd.concat([left.assign(source="left"), right.assign(source="right")], ignore_index=True)
    rows["number"] = range(len(rows))
    rows["written"] = rows["moment"].dt.strftime("%Y-%m-%d %H:%M:%S" if timed else "%Y-%m-%d")
    rows["good"] = rows["answer"].isin(RATINGS[:2]).astype(float)
    database = duckdb.connect(config={"threads": 1})
    database.register("drawn", rows)
    database.execute(
        "create table stg_response as select 1 as extract, number as response, source, true as live,"
        " unit as code, unit, moment::date as answered_on, written as date_raw from drawn"
    )
    database.execute(
        "create table answer as select 1 as extract, number as response, 'overall' as measure,"
        " answer, good as positive from drawn"
    )
    database.execute(
        "create table mart_provider (code varchar, grain varchar, site varchar, trust varchar,"
        " pcn varchar, sub_icb varchar, icb varchar, region varchar)"
    )
    return database


def study(names: Iterable[str], pairs: int) -> list[dict[str, object]]:
    """One row a scenario: how many pairs were called the same people, with Wilson's interval."""
    rows = []
    for name in names:
        world = WORLDS[name]
        found = [looked_at(*drawn(world, seed), world.disguise) for seed in range(pairs)]
        caught = sum(bool(one.units) for one in found)
        compared = sum(one.compared for one in found)
        low, high = wilson([caught / pairs], [pairs])
        rows.append(
            {
                "scenario": name,
                "title": world.title,
                "same": "yes" if world.overlap else "no",
                "pairs": pairs,
                "caught": caught,
                "low": f"{float(low[0]) * 100:.1f}",
                "high": f"{float(high[0]) * 100:.1f}",
                "practices": f"{sum(len(one.units) for one in found) / max(1, compared):.2f}",
            }
        )
    return rows


def write(rows: Iterable[Mapping[str, object]], path: Path = TABLE) -> None:
    """The table with these rows; those of other scenarios stay as they were."""
    known: dict[str, Mapping[str, object]] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            known = {row["scenario"]: row for row in csv.DictReader(lines)}
    known |= {str(row["scenario"]): row for row in rows}
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(known[name] for name in WORLDS if name in known)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pairs", type=int, default=200)
    asked.add_argument("--scenario", action="append", choices=list(WORLDS))
    asked.add_argument("--write", action="store_true")
    options = asked.parse_args()
    for name in options.scenario or WORLDS:
        rows = study([name], options.pairs)
        print(f"{rows[0]['scenario']}: {rows[0]['caught']} of {rows[0]['pairs']}", flush=True)
        if options.write:
            write(rows)


if __name__ == "__main__":
    main()
