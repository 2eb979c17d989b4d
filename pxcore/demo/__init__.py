"""The demonstration data: synthetic extracts in the publishers' layouts, from a documented truth.

`python -m pxcore demo --write FOLDER` (or `write(Path("data/demo"))`) rebuilds data/demo byte for byte.
"""

from __future__ import annotations

from pathlib import Path

from pxcore.demo.planted import PLANTED, SEED, Planted
from pxcore.demo.world import World, draw


def truth(seed: int = SEED) -> World:
    """What was put into the files: every figure, every provider, every planted feature."""
    return draw(seed)


def write(folder: Path, seed: int = SEED) -> list[Path]:
    """Write every demonstration file into a folder; the same seed gives the same bytes."""
    # The spreadsheet writers are needed here alone, and are not installed with the app.
    from pxcore.demo.files import write_files

    return write_files(folder, draw(seed))


__all__ = ["PLANTED", "Planted", "World", "truth", "write"]
