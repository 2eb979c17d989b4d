"""Pictures small enough for the cell of a table: the sign of variation of a series, a range.

SVG as data addresses: they need no network and no library.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

import numpy as np

from pxcore.analysis.time.series import Series
from pxcore.charts.theme import Palette
from pxcore.stats.control_chart import Variation

WIDTH, HEIGHT, EDGE = 212, 36, 4
SIGN = 36
# Where the points of a sign lie, as in the icons of Making Data Count: up, down, or to and fro.
_COURSES = {
    Variation.IMPROVEMENT: ((8, 26), (14, 23), (20, 16), (27, 9)),
    Variation.CONCERN: ((8, 9), (14, 14), (20, 20), (27, 27)),
    Variation.COMMON: ((6, 20), (12, 14), (18, 21), (24, 14), (30, 19)),
}


def sign(drawn: Series, palette: Palette) -> str:
    """The sign of variation in the manner of Making Data Count; nothing where there are no limits."""
    if drawn.is_wave or drawn.variation not in _COURSES:
        return ""
    good = {Variation.IMPROVEMENT: palette.improvement, Variation.CONCERN: palette.concern}
    colour = palette.muted if drawn.moved_by_asking else good.get(drawn.variation, palette.muted)
    course = _COURSES[drawn.variation]
    drawing = [
        f'<circle cx="18" cy="18" r="16" fill="none" stroke="{colour}" stroke-width="2.5"/>',
        f'<polyline points="{" ".join(f"{x},{y}" for x, y in course)}" fill="none" stroke="{colour}" '
        'stroke-width="1.5"/>',
        *(f'<circle cx="{x}" cy="{y}" r="2.4" fill="{colour}"/>' for x, y in course),
    ]
    return _address(SIGN, SIGN, drawing)


def interval(
    estimate: float, low: float, high: float, band: tuple[float, float], palette: Palette
) -> str:
    """A correlation with its range on an axis from −1 to 1, over the band that another allows; of an estimate
    at its limit the range alone."""
    if not np.isfinite([low, high]).all():
        return ""

    def x(value: float) -> float:
        return EDGE + (float(np.clip(value, -1, 1)) + 1) / 2 * (WIDTH - 2 * EDGE)

    middle = HEIGHT / 2
    drawing = [
        f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="2" y2="{HEIGHT - 2}" stroke="{palette.muted}" '
        'stroke-width="1" stroke-dasharray="2 3"/>',
        f'<line x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{middle}" y2="{middle}" '
        f'stroke="{palette.agreement}" stroke-width="4"/>',
    ]
    if np.isfinite(band).all():
        left, right = map(x, band)
        drawing.insert(
            0,
            f'<rect x="{left:.1f}" width="{right - left:.1f}" y="3" height="{HEIGHT - 6}" '
            f'fill="{palette.quiet}"/>',
        )
    if np.isfinite(estimate):
        drawing.append(
            f'<circle cx="{x(estimate):.1f}" cy="{middle}" r="6" fill="{palette.agreement}"/>'
        )
    return _address(WIDTH, HEIGHT, drawing)


def _address(width: int, height: int, drawing: Sequence[str]) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}">{"".join(drawing)}</svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
