"""HTML from templates: every word is escaped, and colours are those of the theme."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pxcore.charts.theme import Palette, palette

FOLDER = Path(__file__).with_name("templates")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def filled(name: str, **words: Any) -> str:
    """A template with its words; what is missing is a mistake and raises."""
    return (
        _environment()
        .get_template(name)
        .render(light=_variables(palette("light")), dark=_variables(palette("dark")), **words)
    )


def _variables(colours: Palette) -> str:
    """The colours of a ground as CSS."""
    return (
        f"--ground: {colours.ground}; --panel: {colours.panel}; --text: {colours.text}; "
        f"--muted: {colours.muted}; --line: {colours.line}; --accent: {colours.survey}; "
        f"--focus: {colours.fft}; --agreement: {colours.agreement}; --partial: {colours.partial}; "
        f"--dissonance: {colours.dissonance}; --quiet: {colours.quiet}; --survey: {colours.survey}; "
        f"--fft: {colours.fft}; --community: {colours.community};"
    )
