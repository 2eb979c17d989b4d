"""Details that have a form: all the rules, in the order in which they are looked for."""

from __future__ import annotations

from pxcore.disclosure.redaction import addresses, ages, dates, numbers, vehicles, web
from pxcore.disclosure.redaction.rules import Rule

# In this order: what holds another kind inside it goes first.
RULES: tuple[Rule, ...] = (
    *web.RULES,
    *numbers.CARDS,
    *numbers.NHS_NUMBERS,
    *dates.NAMED_DAYS,
    *numbers.ACCOUNTS,
    *dates.DAYS,
    *ages.RULES,
    *numbers.PHONES,
    *addresses.POSTCODES,
    *numbers.LICENCES,
    *addresses.RULES,
    *numbers.REFERENCES,
    *vehicles.RULES,
    *numbers.LONG_NUMBERS,
)
# most comments hold no digit
WITHOUT_DIGITS = tuple(rule for rule in RULES if not rule.digits)
