"""Which groups of people count as one, in words."""

from __future__ import annotations

from pxcore import maps
from pxcore.analysis.joining.bands import BandChange


def change(changed: BandChange) -> str:
    """The change, who made it, when and why."""
    why = f": {changed.reason}" if changed.reason else ""
    of = f" of {maps.source(changed.source)['short_title']}" if changed.source else ""
    return (
        f"{changed.group}{of} counts as ‘{changed.band}’ instead of ‘{changed.instead_of}’ "
        f"(by {changed.by}, {changed.at.day} {changed.at:%B %Y}{why})"
    )
