"""What a column of figures is headed with, where no page has said so: names of ours in plain words."""

from __future__ import annotations

_HEADINGS = {
    "agree": "Probability that they agree",
    "at": "Date",
    "centre": "Mean",
    "cell": "Row of the file",
    "gap": "Gap, typical differences",
    "gap_high": "Gap, to",
    "gap_low": "Gap, from",
    "high": "To (95 % range)",
    "icb": "Integrated care board",
    "low": "From (95 % range)",
    "lower": "Lower limit",
    "mark": "Verdict",
    "name": "Organisation",
    "order": "Place",
    "pair": "Sources",
    "pcn": "Primary care network",
    "q_value": "Chance (q)",
    "respondents": "Answers",
    "share": "Share",
    "shown_end": "To",
    "standing": "Standing among peers",
    "unit": "Code",
    "upper": "Upper limit",
    "value": "Value",
    "z": "Gap, in its standard errors",
}


def heading(column: str) -> str:
    """A column's heading: `left_value` is “Left value”, `unit` is “Code”."""
    text = _HEADINGS.get(column) or column.replace("_", " ").strip()
    return f"{text[:1].upper()}{text[1:]}"
