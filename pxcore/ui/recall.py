"""The filters, set to what an answer was asked with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pxcore.analysis.joining.choices import Choices
from pxcore.model import DISCLOSURE_FLOORS, Pairing, Period, Periods, Settings
from pxcore.ui import state
from pxcore.ui.filters import EVERYWHERE, PAIR, PERIOD_TITLES, grains


def put(
    choices: Choices, asked: Pairing, service: str, window: Period | None, floor: int
) -> dict[str, str]:
    """Set the filters to a question, before they are drawn; what is not offered any more is as it comes.
    What an address says of them: those that are as they come are not in it."""
    offered = choices.sources_for(service if service in choices.services else "")
    left, right = (source if source in offered else "" for source in (asked.left, asked.right))
    named = [name for name, period in choices.windows.items() if period == window]
    values: dict[str, Any] = {
        "area": asked.area if asked.area in choices.areas else EVERYWHERE,
        "service": service if service in choices.services else "",
        "left": left,
        "right": right,
        "left_measure": _offered(asked.left_measure, choices.measures.get(left, {})),
        "right_measure": _offered(asked.right_measure, choices.measures.get(right, {})),
        "grain": _offered(asked.grain, grains(choices)),
        "periods": asked.periods.value,
        "window": named[0] if window is not None and named else "",
        "floor": floor,
        "evidence": asked.settings.evidence_floor,
        "assumed_base": asked.settings.assumed_base,
    }
    for key, value in values.items():
        state.keep(key, value)
    state.keep(PAIR, ((left, right), False))
    titles: dict[str, Mapping[str, str]] = {
        "area": choices.areas,
        "service": choices.services,
        "left": offered,
        "right": offered,
        "left_measure": choices.measures.get(left, {}),
        "right_measure": choices.measures.get(right, {}),
        "grain": grains(choices),
        "periods": PERIOD_TITLES,
    }
    usual = {
        "periods": Periods.ALIGNED.value, "floor": DISCLOSURE_FLOORS[0],
        "evidence": Settings().evidence_floor,
    }  # fmt: skip
    return {
        key: titles[key][value] if key in titles else str(value)
        for key, value in values.items()
        if value and value != usual.get(key)
    }


def _offered(name: str, options: Mapping[str, str]) -> str:
    return name if name in options else ""
