"""Codes by hand are kept with who and when, never changed; two coders are held against each other."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from pxcore import maps
from pxcore.analysis.comments import coding
from pxcore.analysis.comments.rules import rules
from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.disclosure import Released, largest_noise
from pxcore.errors import PxError
from pxcore.model import Disclosure
from pxcore.store import Store
from pxcore.words import coding as words
from tests.analysis.voices import committed, many

ASKED = ThemesQuestion()
WAIT, STAFF = "Waiting times", "Staff attitudes"


def kept(store: Store) -> pd.DataFrame:
    return store._connection.cursor().execute("from coding order by coding").df()


def code(store: Store, coder: str, found: list[str], source: str = "healthwatch") -> str:
    waiting = coding.next_comment(store, ASKED, source, coder)
    assert waiting is not None
    coding.code(store, waiting, coder, found)
    return waiting.response


def test_every_comment_is_offered_once_in_one_order_for_all(store: Store) -> None:
    committed(store, many(12))
    order = [code(store, "Ann", [WAIT]) for _ in range(12)]
    assert sorted(order) == sorted(f"r{at}" for at in range(12))
    assert coding.next_comment(store, ASKED, "healthwatch", "Ann") is None
    assert [code(store, "Bo", []) for _ in range(12)] == order


def test_a_comment_is_offered_masked_without_whom_it_is_about_or_when(store: Store) -> None:
    committed(store, many(6, comment="Dr Sample was late"))
    waiting = coding.next_comment(store, ASKED, "healthwatch", "Ann")
    assert waiting is not None
    assert waiting.comment == "Dr [name] was late"
    assert waiting.done == 0
    assert not {"organisation", "month", "provider"} & set(type(waiting).__dataclass_fields__)


def test_what_is_told_of_coding_hangs_on_no_filter(store: Store) -> None:
    """Else the numbers of an area's comments coded, and left, would be numbers of its people."""
    committed(store, [*many(20), *many(8, start=100, service="dental")])
    for _ in range(28):
        code(store, "Ann", [WAIT])
    everything = words.summary(coding.coding(store, ASKED, "healthwatch"))
    dental = ThemesQuestion(service="dental")
    assert words.summary(coding.coding(store, dental, "healthwatch")) == everything
    assert everything == "Comments coded: Ann 28."
    assert coding.undo(store, "Ann")
    for asked in (ASKED, dental):
        waiting = coding.next_comment(store, asked, "healthwatch", "Ann")
        assert waiting is None or waiting.done == 27


def test_how_many_wrote_is_told_as_it_is_shown(store: Store) -> None:
    committed(store, many(40))
    title = words.sources(coding.sources_to_code(store, ASKED))["healthwatch"]
    people = coding.comment_account(store, ASKED)["people"].iloc[0]
    assert title == f"Healthwatch: {people:.0f} people"
    assert abs(people - 40) <= largest_noise()


def test_a_higher_floor_asks_for_more_comments_coded_by_both(store: Store) -> None:
    committed(store, many(40))
    for _ in range(20):
        code(store, "Ann", [WAIT])
        code(store, "Bo", [WAIT])
    assert len(coding.coding(store, ASKED, "healthwatch").agreement)
    few = coding.coding(store, ThemesQuestion(disclosure=Disclosure(30)), "healthwatch")
    assert few.agreement.empty
    for frame in (few.coders, few.agreement, few.pairs, words.table(few)):
        assert isinstance(frame, Released)


def test_a_source_of_few_people_is_not_offered(store: Store) -> None:
    committed(store, many(4))
    assert coding.sources_to_code(store, ASKED).empty
    assert coding.next_comment(store, ASKED, "healthwatch", "Ann") is None


def test_nothing_kept_is_ever_changed(store: Store) -> None:
    committed(store, many(6))
    before = store.revision
    response = code(store, "Ann", [WAIT])
    assert coding.undo(store, "Ann")
    waiting = coding.next_comment(store, ASKED, "healthwatch", "Ann")
    assert waiting is not None
    assert waiting.response == response  # back at once, to be coded anew
    coding.code(store, waiting, "Ann", [STAFF], "negative")
    rows = kept(store)
    assert list(rows["outcome"]) == ["coded", "withdrawn", "coded"]
    assert list(rows["coder"]) == ["Ann"] * 3
    assert rows["coded_at"].is_monotonic_increasing
    assert store.codings == 3
    assert store.revision == before  # no other figure rests on it
    assert not coding.undo(store, "Bo")


def test_a_skipped_comment_is_not_offered_again_and_has_no_codes(store: Store) -> None:
    committed(store, many(6))
    waiting = coding.next_comment(store, ASKED, "healthwatch", "Ann")
    assert waiting is not None
    coding.skip(store, waiting, "Ann")
    following = coding.next_comment(store, ASKED, "healthwatch", "Ann")
    assert following is not None
    assert following.response != waiting.response
    assert following.done == 1
    assert themes(store, ASKED).status == "nothing"


def test_codes_outlive_a_file_that_is_loaded_again(store: Store) -> None:
    committed(store, many(20))
    for _ in range(20):
        code(store, "Ann", [WAIT])
    committed(store, [*many(20), *many(5, start=100)])  # a longer file replaces the month
    report = themes(store, ThemesQuestion(disclosure=Disclosure(exact=True)))
    assert report.voice("healthwatch").people == 20
    assert len(kept(store)) == 20


def test_codes_do_not_pass_to_other_words_under_the_same_number(store: Store) -> None:
    committed(store, many(20))
    for _ in range(20):
        code(store, "Ann", [WAIT])
    committed(store, many(20, comment="Something else"))
    assert themes(store, ASKED).status == "nothing"


def test_only_common_themes_can_be_given_and_by_somebody(store: Store) -> None:
    committed(store, many(6))
    waiting = coding.next_comment(store, ASKED, "healthwatch", "Ann")
    assert waiting is not None
    with pytest.raises(PxError):
        coding.code(store, waiting, "Ann", ["Nonsense"])
    with pytest.raises(PxError, match="Say who codes"):
        coding.code(store, waiting, "  ", [WAIT])
    with pytest.raises(PxError):
        coding.code(store, waiting, "The supplier", [WAIT])  # that name is taken
    assert kept(store).empty


def test_two_coders_agree_as_cohen_says(store: Store) -> None:
    committed(store, many(20))
    ann, bo = {}, {}
    for at in range(20):
        ann[code(store, "Ann", [WAIT] if at < 10 else [STAFF])] = at < 10
        bo[code(store, "Bo", [WAIT] if at < 7 or at >= 18 else [STAFF])] = at < 7 or at >= 18
    report = coding.coding(store, ASKED, "healthwatch")
    row = report.agreement.set_index("theme").loc[WAIT]
    table = np.zeros((2, 2))
    for response, named in ann.items():
        table[int(named), int(bo[response])] += 1
    assert row["both"] == 20
    assert row["match"] == pytest.approx(np.trace(table) / 20)
    assert row["kappa"] == pytest.approx(cohens_kappa(table).kappa)
    assert row["low"] < row["match"] < row["high"]
    assert row["kappa_low"] < row["kappa"] < row["kappa_high"]
    assert row["ac1_low"] < row["ac1"] < row["ac1_high"]
    shown = words.table(report).set_index("theme").loc[WAIT]
    assert shown["kappa"] == "0.50 (0.06 to 0.78)"
    assert shown["both"] == 20
    assert "exactly the same themes to 75% (53 to 89%) of 20 comments" in words.agreement(report)[0]
    assert report.coders.set_index("coder")["coded"].to_dict() == {"Ann": 20, "Bo": 20}


def test_under_ten_comments_no_agreement_is_put_in_figures(store: Store) -> None:
    committed(store, many(20))
    for _ in range(9):
        code(store, "Ann", [WAIT])
        code(store, "Bo", [WAIT])
    report = coding.coding(store, ASKED, "healthwatch")
    assert report.agreement.empty
    assert "too few of the same comments" in words.agreement(report)[0]
    assert "9" not in words.agreement(report)[0]


def test_the_second_coder_gets_what_another_has_coded(store: Store) -> None:
    committed(store, many(20))
    first = code(store, "Ann", [WAIT])
    waiting = coding.next_comment(store, ASKED, "healthwatch", "Bo", again=True)
    assert waiting is not None
    assert (waiting.response, waiting.done) == (first, 0)
    coding.code(store, waiting, "Bo", [WAIT])
    assert coding.next_comment(store, ASKED, "healthwatch", "Bo", again=True) is None


def test_a_supplier_is_a_coder_to_be_held_against(store: Store) -> None:
    committed(store, many(20, ["Timeliness of care"]))
    for _ in range(20):
        code(store, "Ann", [WAIT])
    report = coding.coding(store, ASKED, "healthwatch")
    assert (report.pairs["second"] == coding.SUPPLIER).any()
    assert report.agreement.set_index("theme").loc[WAIT, "match"] == 1.0


# --- Keyword rules ----------------------------------------------------------------------------


def test_every_rule_is_a_pattern_for_a_known_theme() -> None:
    named, patterns = rules()
    assert set(named) <= set(coding.themes_to_give())
    for pattern in patterns:
        re.compile(pattern)
        assert pattern == pattern.lower().replace(
            "\\\\", "\\"
        )  # comments are looked at in small letters


def test_rules_are_measured_against_people(store: Store) -> None:
    rows = [
        *many(12, ["Parking and transport"], comment="The parking was full"),
        *many(4, [WAIT], start=50, comment="Waited in the car park"),
        *many(8, ["Parking and transport"], start=100, comment="No room for my car"),
        *many(20, [WAIT], start=200, comment="Waited long"),
    ]
    committed(store, rows)
    found = coding.measured_rules(store).set_index("theme").loc["Parking and transport"]
    assert (found["precision"], found["recall"]) == (12 / 16, 12 / 20)
    assert found["precision_low"] < 12 / 16 < found["precision_high"]
    few = coding.measured_rules(store).set_index("theme")
    assert not (few["suggested"] < coding.FEWEST_MEASURED).any()


def test_what_was_measured_is_what_the_rules_do(demonstration: Store) -> None:
    """The table that is shipped: of the rules as they stand, on the demonstration."""
    found = coding.measured_rules(demonstration).set_index("theme")
    shipped = {row["theme"]: row for row in maps.rows("theme_rules_measured")}
    assert shipped
    for theme, row in shipped.items():
        assert "demonstration" in row["measured_on"]
        for column in ("precision", "recall"):
            assert float(row[column]) == pytest.approx(found.loc[theme, column], abs=1e-3)
        for column in ("suggested", "named"):
            assert float(row[column]) >= coding.FEWEST_MEASURED
