"""Colour, mark and word by meaning; no hex code stands anywhere else in Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one ground, light or dark. Measured for contrast and for colour blindness."""

    name: str
    survey: str
    fft: str
    community: str
    text: str
    muted: str
    line: str
    ground: str
    panel: str
    quiet: str  # not enough evidence
    dissonance: str
    agreement: str
    partial: str
    improvement: str  # of a month on a chart over time, as are the next two
    concern: str
    common: str

    def signal(self, name: str) -> str:
        return {"survey": self.survey, "fft": self.fft, "community": self.community}[name]


LIGHT = Palette(
    name="light",
    survey="#12436D",
    fft="#D95F0E",
    community="#1B8F87",
    text="#1B2733",
    muted="#4F5F6D",
    line="#D5DBE1",
    ground="#FFFFFF",
    panel="#F4F6F8",
    quiet="#D9DDE1",
    dissonance="#801650",
    agreement="#2F6DB5",
    partial="#A9C9EC",
    improvement="#0072CE",
    concern="#D1610A",
    common="#6B7A86",
)
DARK = Palette(
    name="dark",
    survey="#9CC3EE",
    fft="#F0803C",
    community="#2FB5AA",
    text="#E9EEF3",
    muted="#A9B7C4",
    line="#33465A",
    ground="#0E1B2A",
    panel="#16263A",
    quiet="#475868",
    dissonance="#F06FA8",
    agreement="#7DB3F2",
    partial="#3A6494",
    improvement="#4FA8F5",
    concern="#F59A4F",
    common="#93A3B2",
)

# The mark of a verdict: word -> (glyph, vega shape, filled). Never red or green; each has its word too.
VERDICT_MARKS = {
    "agreement": ("●", "circle"),
    "partial agreement": ("◐", "circle"),
    "dissonance, unusual": ("◆", "diamond"),
    "dissonance of usual size": ("◇", "diamond"),
    "not enough evidence": ("·", "circle"),
    "silence": ("○", "circle"),
}


# Labels of an axis of differences: a sign, but none at zero.
SIGNED = "datum.value === 0 ? '0' : format(datum.value, '+.0f')"
SIGNED_PERCENT = "datum.value === 0 ? '0%' : format(datum.value, '+.0%')"


def one_of_a_kind(names: pd.Series, units: pd.Series) -> list[str]:
    """Names for an axis: where two organisations share one, each with its code."""
    owners = pd.DataFrame({"name": names, "unit": units}).groupby("name")["unit"].nunique()
    return [
        f"{name} ({unit})" if owners[name] > 1 else str(name)
        for name, unit in zip(names, units, strict=True)
    ]


def verdict_fill(mark: str, colours: Palette) -> str:
    """What a verdict's mark is filled with."""
    return {
        "agreement": colours.agreement,
        "partial agreement": colours.partial,
        "dissonance, unusual": colours.dissonance,
        "dissonance of usual size": colours.ground,
        "not enough evidence": colours.quiet,
        "silence": colours.ground,
    }[mark]


def verdict_line(mark: str, colours: Palette) -> str:
    """What a verdict's mark is drawn round with."""
    return {
        "agreement": colours.agreement,
        "partial agreement": colours.agreement,
        "dissonance, unusual": colours.dissonance,
        "dissonance of usual size": colours.dissonance,
        "not enough evidence": colours.muted,
        "silence": colours.muted,
    }[mark]


def verdict_encodings(present: Sequence[str], colours: Palette, columns: int = 3) -> dict[str, Any]:
    """Shape, fill and line of the column `mark`, with a legend of the verdicts that are drawn."""

    def scale(values: list[str]) -> alt.Scale:
        return alt.Scale(domain=list(present), range=values)

    return {
        "shape": alt.Shape(
            "mark:N",
            title=None,
            scale=scale([VERDICT_MARKS[mark][1] for mark in present]),
            legend=alt.Legend(orient="top", columns=columns, labelLimit=220),
        ),
        "fill": alt.Fill(
            "mark:N", title=None, scale=scale([verdict_fill(mark, colours) for mark in present])
        ),
        "stroke": alt.Stroke(
            "mark:N", title=None, scale=scale([verdict_line(mark, colours) for mark in present])
        ),
    }


SIGNAL_MARKS = {"survey": "circle", "fft": "square", "community": "diamond"}
SIGNAL_TITLES = {
    "survey": "Survey",
    "fft": "Friends and Family Test",
    "community": "Community voice",
}


def palette(name: str) -> Palette:
    return DARK if name == "dark" else LIGHT


def marked(picture: Any, said: str, colours: Palette) -> Any:
    """The picture with a line of words inside it, under its own title where it has one: it goes wherever
    the picture is copied to."""
    small: dict[str, Any] = {"fontSize": 11, "fontWeight": "normal", "color": colours.muted}
    title = alt.Title(said, anchor="start", offset=8, **small)
    if isinstance(picture.title, alt.TitleParams):
        title = picture.title.copy()
        title.subtitle = said
        title.subtitleFontSize, title.subtitleColor = small["fontSize"], small["color"]
    return picture.properties(title=title)
