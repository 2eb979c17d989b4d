"""The demonstration data: synthetic extracts in the publishers' layouts, from a documented truth.

`python -m data.maker data/demo` (or `write(Path("data/demo"))`), in the root of the repository, rebuilds
data/demo byte for byte. It is no part of the installed program.
"""

from __future__ import annotations

from pathlib import Path

from data.maker.files import write_files
from data.maker.planted import PLANTED, SEED, Planted
from data.maker.world import World, draw


def truth(seed: int = SEED) -> World:
    """What was put into the files: every figure, every provider, every planted feature."""
    return draw(seed)


def write(folder: Path, seed: int = SEED) -> list[Path]:
    """Write every demonstration file into a folder; the same seed gives the same bytes."""
    return write_files(folder, draw(seed))


__all__ = ["PLANTED", "Planted", "World", "truth", "write"]
