"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import reduce
from typing import Any

import click

from pxcore.analysis.files import load
from pxcore.model import DISCLOSURE_FLOORS, Organisation, Period, Periods, Settings


class _Values(click.Choice[Any]):
    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:  # noqa: ARG002
        """An enumeration by its values: click goes by the names of its members."""
        return str(choice)


def _together(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Several options as one decorator, in this order."""
    return lambda function: reduce(lambda inner, option: option(inner), reversed(options), function)


def period(words: str) -> Period:
    """A period as it is written on the command line."""
    if re.fullmatch(r"[1-9][0-9]{3}", words):
        return Period(date(int(words), 1, 1), date(int(words), 12, 31))
    named = load.period_in(words)
    if named is None:
        raise click.BadParameter(
            f"‘{words}’ is not a period. Write a month as 2026-02, a quarter as ‘2025-26 Q3’, a "
            "financial year as 2025-26, a year as 2026, or two days as 2026-01-01/2026-03-31."
        )
    return named


area = click.option("--area", default="", metavar="CODE", help="This area alone.")
window = click.option("--window", type=period, help="Such as ‘2025-26 Q3’ or 2025-26.")
organisation = click.option(
    "--organisation",
    type=_Values(Organisation),
    default=Organisation.CURRENT.value,
    show_default=True,
    help="Merged organisations as they are now, or as they were reported.",
)


# what a command takes that prints figures of people
figures = _together(
    click.option(
        "--floor",
        type=click.Choice(DISCLOSURE_FLOORS),
        default=DISCLOSURE_FLOORS[0],
        show_default=True,
        help="Show no count of confidential answers under it.",
    ),
    click.option(
        "--exact",
        is_flag=True,
        help="Exact figures of single responses, for who owns the data: marked so, not to be passed on.",
    ),
)
# what a command takes that sets two sources side by side
pairing = _together(
    click.option("--left", default="", metavar="SOURCE", help="One source, or its signal."),
    click.option("--right", default="", metavar="SOURCE", help="The source set beside it."),
    click.option("--left-measure", default="", metavar="M", help="A measure of the left source."),
    click.option("--right-measure", default="", metavar="M", help="A measure of the right source."),
    area,
    click.option("--grain", default="", metavar="G", help="Such as practice, trust or pcn."),
    click.option(
        "--periods",
        type=_Values(Periods),
        default=Periods.ALIGNED.value,
        show_default=True,
        help="Those that meet, or the latest of each.",
    ),
    organisation,
    window,
    click.option(
        "--evidence-floor",
        type=click.IntRange(min=0),
        default=Settings().evidence_floor,
        show_default=True,
        metavar="N",
        help="Answers a source needs to be heard on an organisation (never fewer than --floor).",
    ),
    click.option(
        "--assumed-base",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Answers to assume for each organisation where a survey gives none.",
    ),
    figures,
)
