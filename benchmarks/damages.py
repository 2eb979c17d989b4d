"""What becomes of damaged files. Run: python -m benchmarks.damages [NUMBER]

Files of the demonstration (and, where PX_REAL_FILES names a folder of them, publishers' own) are
damaged at random and read. Each must end in a right load (the same frames) or in a clear fault; a
spreadsheet with checksums (xlsx, xlsm, ods) must never load other figures.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pxcore.analysis.files import load
from pxcore.analysis.files.demonstration import demonstration_files

SEED, NUMBER = 20261129, 2_000
SLOWEST = 20.0  # seconds that one file may take
CHECKED = (".xlsx", ".xlsm", ".ods")  # kinds that carry checksums
READABLE = (".xlsx", ".xlsm", ".ods", ".xls", ".csv", ".tsv")
KINDS = ("bytes", "bits", "cut off", "block lost", "block twice", "block zeroed", "block moved")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading one damaged file came to."""

    file_name: str
    kind: str
    result: str  # "right load", "fault", "other figures", "no fault named", "slow" or an exception
    seconds: float


def damaged(content: bytes, kind: str, generator: np.random.Generator) -> bytes:
    """The bytes of a file with one damage of a kind, at a random place."""
    data = np.frombuffer(content, dtype=np.uint8).copy()
    at = int(generator.integers(len(data)))
    length = int(generator.integers(1, max(2, min(len(data) // 4, 2_000))))
    end = min(at + length, len(data))
    if kind == "bytes":
        places = generator.integers(len(data), size=int(generator.integers(1, 9)))
        data[places] = generator.integers(256, size=len(places))
    elif kind == "bits":
        data[at] ^= 1 << int(generator.integers(8))
    elif kind == "cut off":
        data = data[:at]
    elif kind == "block lost":
        data = np.concatenate([data[:at], data[end:]])
    elif kind == "block twice":
        data = np.concatenate([data[:end], data[at:]])
    elif kind == "block zeroed":
        data[at:end] = 0
    else:
        block = data[at:end].copy()
        rest = np.concatenate([data[:at], data[end:]])
        to = int(generator.integers(len(rest) + 1))
        data = np.concatenate([rest[:to], block, rest[to:]])
    return data.tobytes()


def outcome(file_name: str, kind: str, content: bytes, whole: load.Reading) -> Outcome:
    """Read a damaged file, and set it beside the reading of the whole one."""
    begins = time.perf_counter()
    try:
        reading = load.read(file_name, content)
    except Exception as problem:  # what this command looks for
        return Outcome(file_name, kind, f"exception {type(problem).__name__}", 0.0)
    seconds = time.perf_counter() - begins
    if seconds > SLOWEST:
        return Outcome(file_name, kind, "slow", seconds)
    if not reading.ready:
        clear = all(fault.what and fault.where and fault.fix for fault in reading.errors)
        known = not any("does not know" in fault.what for fault in reading.errors)
        named = bool(reading.errors) and clear
        result = "fault" if named and known else "no fault named" if not named else "stumbled"
        return Outcome(file_name, kind, result, seconds)
    return Outcome(
        file_name, kind, "right load" if _same(reading, whole) else "other figures", seconds
    )


def _same(reading: load.Reading, whole: load.Reading) -> bool:
    if reading.extract is None or whole.extract is None:
        return False
    frames, right = reading.extract.frames, whole.extract.frames
    return frames.keys() == right.keys() and all(
        frames[name].equals(right[name]) for name in frames
    )


def wrong(result: Outcome) -> bool:
    """Whether an outcome breaks the promise."""
    if result.result in ("right load", "fault"):
        return False
    checked = result.file_name.lower().endswith(CHECKED)
    # a figure changed inside plain text (or an old .xls) cannot be noticed by anybody
    return not (result.result == "other figures" and not checked)


def readable() -> list[tuple[str, bytes]]:
    """The files to damage: those of the demonstration and, where they are at hand, real ones."""
    files = demonstration_files()
    folder = os.environ.get("PX_REAL_FILES", "")
    if folder:
        files += [
            (path.name, path.read_bytes())
            for path in sorted(Path(folder).rglob("*"))
            if path.suffix in READABLE and path.stat().st_size < 3_000_000
        ]
    return files


def study(files: Iterable[tuple[str, bytes]], number: int, seed: int = SEED) -> Iterator[Outcome]:
    """`number` damages spread over the kinds of files and damages."""
    generator = np.random.default_rng(seed)
    by_suffix: dict[str, list[tuple[str, bytes]]] = {}
    for name, content in files:
        by_suffix.setdefault(Path(name).suffix.lower(), []).append((name, content))
    suffixes = sorted(by_suffix)
    whole: dict[str, load.Reading] = {}
    for turn in range(number):
        candidates = by_suffix[suffixes[turn % len(suffixes)]]
        name, content = candidates[int(generator.integers(len(candidates)))]
        kind = KINDS[int(generator.integers(len(KINDS)))]
        if name not in whole:
            whole[name] = load.read(name, content)
        yield outcome(name, kind, damaged(content, kind, generator), whole[name])


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER
    counts: Counter[tuple[str, str]] = Counter()
    broken, slowest = [], 0.0
    for result in study(readable(), number):
        counts[Path(result.file_name).suffix.lower(), result.result] += 1
        slowest = max(slowest, result.seconds)
        if wrong(result):
            broken.append(result)
    for (suffix, result), times in sorted(counts.items()):
        print(f"{suffix:6} {result:28} {times:6,}")
    print(f"{number:,} damages, the slowest reading took {slowest:.1f} s")
    for result in broken:
        print(f"WRONG  {result.file_name}: {result.kind}: {result.result}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
