"""Makes the perturbation table of confidential counts, and says what it costs in accuracy.

`python -m benchmarks.perturbation` prints the table's figures; `--write` writes
data/reference/perturbation.csv. The shape is that of the published census tables: noise of at most D either
way, of the largest entropy for its variance (a normal curve cut off at D), without bias from a count of
floor + D upwards. Nearer the floor it is cut off so that no count at or above the floor is shown under it and
none under it is shown at or above it.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pxcore import maps

FLOOR = 5
MOST = 4  # D: the largest noise
SPREAD = 1.7  # of the normal curve before it is cut off
# Under the floor, where a part of few shows in a share alone: so wide that a part shown as nobody may well be
# somebody (of nobody there are no keys, and so no noise).
SPREAD_OF_FEW = 4.0
KEYS = 256
COLUMNS = ("count", "noise", "first_key", "last_key")
PATH = maps.REFERENCE / "perturbation.csv"
BASES = (10, 20, 30, 50, 100, 200)
OFF_BY = (1, 2, 5)


def chances(count: int) -> dict[int, float]:
    """Noise -> its probability, for one count."""
    if count == 0:
        return {0: 1.0}
    low, high = (0, FLOOR - 1) if count < FLOOR else (FLOOR, count + MOST)
    noises = [noise for noise in range(-MOST, MOST + 1) if low <= count + noise <= high]
    spread = SPREAD_OF_FEW if count < FLOOR else SPREAD
    weights = np.exp(-0.5 * (np.array(noises) / spread) ** 2)
    return dict(zip(noises, (weights / weights.sum()).tolist(), strict=True))


def table() -> list[tuple[int, int, int, int]]:
    """The rows of the table: each noise of a count has a range of keys as long as its probability."""
    rows = []
    for count in range(FLOOR + MOST + 1):
        told = chances(count)
        ends = np.rint(np.cumsum(list(told.values())) * KEYS).astype(int)
        first = 0
        for noise, end in zip(told, ends.tolist(), strict=True):
            if end > first:
                rows.append((count, noise, first, end - 1))
            first = end
    return rows


def write(path: Path = PATH) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(table())


def shown(counts: npt.NDArray[np.int64], keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    noises = np.zeros((FLOOR + MOST + 1, KEYS), dtype=np.int64)
    for count, noise, first, last in table():
        noises[count, first : last + 1] = noise
    return counts + noises[np.minimum(counts, FLOOR + MOST), keys]


def share_off(base: int, share: float, rng: np.random.Generator, sets: int = 20_000) -> list[float]:
    """Of percentages of a base, the share shown off by more than each of OFF_BY points."""
    positive = rng.binomial(base, share, sets)
    parts = [shown(part, rng.integers(0, KEYS, sets)) for part in (positive, base - positive)]
    people = np.maximum(FLOOR, parts[0] + parts[1])
    told = (parts[0] + (people - parts[0] - parts[1]) / 2) / people
    off = 100 * np.abs(told - positive / base)
    return [float((off > points).mean()) for points in OFF_BY]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"write {PATH.name}")
    asked = parser.parse_args(arguments)
    if asked.write:
        write()
    print("count  noise: probability")
    for count in range(FLOOR + MOST + 1):
        told = chances(count)
        mean = sum(noise * chance for noise, chance in told.items())
        spread = sum(noise**2 * chance for noise, chance in told.items())
        print(
            f"{count:>5}  "
            + ", ".join(f"{noise:+d}: {chance:.3f}" for noise, chance in told.items())
            + f"  (mean {mean:+.2f}, mean square {spread:.2f})"
        )
    rng = np.random.default_rng(1)
    print("\nshare of percentages shown off by more than 1, 2, 5 points")
    for share in (0.5, 0.8, 0.95):
        for base in BASES:
            off = "  ".join(f"{part:.0%}" for part in share_off(base, share, rng))
            print(f"  {share:.0%} of {base:>3}: {off}")


if __name__ == "__main__":
    main()
