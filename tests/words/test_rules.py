"""Keyword rules in words."""

from __future__ import annotations

from pxcore.analysis.comments.rules import every_rule
from pxcore.words.rules import measured

WAIT = "Waiting times"


def test_each_rule_says_how_often_it_is_right_or_that_it_is_not_known() -> None:
    told = {rule.theme: measured(rule) for rule in every_rule()}
    assert told[WAIT].startswith("right for 74% (69 to 79%) of those it marks; finds ")
    assert told["Medicines and equipment"] == "not measured: too few comments coded with it"
