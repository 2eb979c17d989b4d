"""Small extracts made by hand, for tests of what the store does with them."""

from __future__ import annotations

import hashlib
import itertools
from datetime import date
from typing import Any

import pandas as pd

from pxcore.frames import FRAMES
from pxcore.ingest.source import conform
from pxcore.model import Period

_numbers = itertools.count(1)


def extract(name: str = "", **frames: list[dict[str, Any]]) -> dict[str, Any]:
    """An extract as the store takes it; each frame a list of rows, blanks filled in."""
    name = name or f"file-{next(_numbers)}.csv"
    told = {key: conform(pd.DataFrame(rows), FRAMES[key]) for key, rows in frames.items()}
    rows = sum(len(frame) for frame in told.values())
    return {
        "layout": "test",
        "file_name": name,
        "sha256": hashlib.sha256(f"{name}{frames}".encode()).hexdigest(),
        "title": "Test",
        "publisher": "test",
        "as_at": None,
        "rows_in": rows,
        "rows_kept": rows,
        "rows_withheld": 0,
        "rows_rejected": 0,
        "rejected": "{}",
        "faults": "[]",
        "notes": "[]",
        "frames": told,
    }


def fft(
    provider: str,
    positive: float | None,
    respondents: float | None,
    month: str = "2024-02",
    **more: Any,
) -> dict[str, Any]:
    """One row of GP FFT for one practice and month."""
    period = Period.month(int(month[:4]), int(month[5:]))
    known = positive is not None and respondents
    return {
        "source": "fft_gp",
        "measure": "overall",
        "grain": "practice",
        "provider": provider,
        "provider_name": f"Practice {provider}",
        "period_start": period.start,
        "period_end": period.end,
        "respondents": respondents,
        "positive": positive,
        "value": positive / respondents if known else None,  # type: ignore[operator]
        "withheld": "none" if known else "publisher",
        "cell": "A!1",
    } | more


def survey(
    provider: str,
    value: float | None,
    respondents: float | None = 100,
    wave: int = 2024,
    **more: Any,
) -> dict[str, Any]:
    """One row of the GP survey for one practice and wave (fieldwork January to March)."""
    return {
        "source": "gp_survey",
        "measure": "overall",
        "grain": "practice",
        "provider": provider,
        "provider_name": f"Practice {provider}",
        "service": "general_practice",
        "period_start": date(wave, 1, 2),
        "period_end": date(wave, 3, 25),
        "respondents": respondents,
        "value": value,
        "withheld": "none" if value is not None else "publisher",
        "cell": "B!1",
    } | more


def provider(code: str, grain: str = "practice", name: str = "", **more: Any) -> dict[str, Any]:
    return {"code": code, "name": name or f"Name of {code}", "grain": grain, "cell": "C!1"} | more


def parent(code: str, above: str, grain: str, own: str = "practice") -> dict[str, Any]:
    return {"code": code, "grain": own, "parent": above, "parent_grain": grain, "cell": "C!1"}


def became(old: str, new: str, on: str = "2024-10-01") -> dict[str, Any]:
    return {
        "old_code": old,
        "new_code": new,
        "succeeded_on": date.fromisoformat(on),
        "cell": "D!1",
    }


def response(
    number: int, provider_name: str = "", positive: int = 1, on: str = "2024-02-10", **more: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """One response and its answer."""
    row = {
        "source": "fft_local",
        "response": f"r{number}",
        "provider_name": provider_name,
        "answered_on": date.fromisoformat(on) if on else None,
        "cell": f"row {number}",
    } | more
    answer = {
        "source": row["source"],
        "response": f"r{number}",
        "measure": "overall",
        "answer": "Good" if positive else "Poor",
        "positive": positive,
    }
    return row, answer
