"""A code shows every slip of the hand that copied it, names one view, and never another's."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.analysis.files import codes
from pxcore.analysis.files.codes import ALPHABET, LENGTH, PREFIX, CalledBack, Headline
from pxcore.errors import PxError
from pxcore.store import Store

LETTERS = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)
HEADLINE = Headline("They agree.", (("very likely agree", 12.0), ("raw", 0.25)), (3, 1), 7)
VIEW = {"page": "agreement", "unit": "", "by": date(2026, 3, 1)}


def whole(letters: str) -> str:
    return f"{PREFIX}{letters}{codes.check_character(letters)}"


def test_the_alphabet_has_nothing_to_mistake_and_a_prime_number_of_letters() -> None:
    assert not set(ALPHABET) & set("01BILOU")
    assert len(set(ALPHABET)) == len(ALPHABET) == 29
    assert all(29 % divisor for divisor in range(2, 29))
    assert LENGTH + 1 < 29  # so that every weight is another


@given(LETTERS, st.integers(0, LENGTH), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_shows(letters: str, place: int, wrong: str) -> None:
    code = whole(letters)
    at = len(PREFIX) + place
    changed = code[:at] + wrong + code[at + 1 :]
    if changed == code:
        assert codes.read_code(changed) == code
    else:
        with pytest.raises(PxError, match="a character is mistyped"):
            codes.read_code(changed)


@given(LETTERS, st.integers(0, LENGTH), st.integers(0, LENGTH))
def test_any_two_characters_changed_about_show(letters: str, first: int, second: int) -> None:
    code = list(whole(letters))
    first, second = first + len(PREFIX), second + len(PREFIX)
    code[first], code[second] = code[second], code[first]
    if "".join(code) == whole(letters):
        return
    with pytest.raises(PxError, match="a character is mistyped"):
        codes.read_code("".join(code))


@given(LETTERS)
def test_a_code_is_read_however_it_is_written(letters: str) -> None:
    code = whole(letters)
    bare = code.removeprefix(PREFIX)
    for written in (
        code.lower(), f" {code}\n", code.replace("-", "–"), code.replace("-", " "), bare,
        f"px{bare}", f"{code[:6]} {code[6:]}",
    ):  # fmt: skip
        assert codes.read_code(written) == code


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_code_or_said_to_be_none(written: str) -> None:
    with suppress(PxError):
        code = codes.read_code(written)
        assert codes.read_code(code) == code


def test_what_no_code_holds_is_named() -> None:
    with pytest.raises(PxError, match="no code has ‘O’ in it"):
        codes.read_code("PX-7F3K2MO")
    assert codes.read_code("PX-7F3K2MQ") == "PX-7F3K2MQ"  # the one in every text
    with pytest.raises(PxError, match="mistyped"):
        codes.read_code("PX-2222222")


def test_everything_that_decides_what_is_shown_is_in_the_key() -> None:
    usual = codes.view_key("own", VIEW, (7, 0, "data"))
    assert codes.view_key("own", dict(reversed(VIEW.items())), (7, 0, "data")) == usual
    for other in (
        codes.view_key("demonstration", VIEW, (7, 0, "data")),
        codes.view_key("own", VIEW | {"unit": "P-1"}, (7, 0, "data")),
        codes.view_key("own", VIEW, (8, 0, "data")),
        codes.view_key("own", VIEW, (7, 1, "data")),
        codes.view_key("own", VIEW, (7, 0, "other data")),
    ):
        assert other != usual
        assert codes.code_of(other) != codes.code_of(usual)


def test_a_version_of_its_own_makes_a_code_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = codes.view_key("own", VIEW, (7,))
    monkeypatch.setattr(codes, "version", lambda _: "99.0")
    assert codes.view_key("own", VIEW, (7,)) != usual


def test_a_view_is_written_down_once_and_read_as_it_was(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "own.duckdb")
    key = codes.view_key("own", VIEW, (7,))
    code = codes.keep(store, key, VIEW, "data", HEADLINE)
    later = Headline("They differ.", (("very likely agree", 1.0),), (9,), 8)
    assert codes.keep(store, key, VIEW, "data", later) == code == codes.code_kept(store, key)
    store.close()
    store = Store.open(tmp_path / "own.duckdb")
    then = codes.coded_view(store, code)
    assert then is not None
    assert then.headline == HEADLINE
    assert then.view == {"page": "agreement", "unit": "", "by": "2026-03-01"}
    assert (then.code, then.data_key) == (code, "data")
    assert codes.coded_view(store, whole("222222")) is None
    assert store.revision == 0
    store.close()


def test_two_views_never_share_a_code(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [whole("222222"), whole("333333")]
    monkeypatch.setattr(codes, "code_of", lambda _, attempt=0: made[attempt])
    first = codes.keep(store, "one key", VIEW, "data", HEADLINE)
    second = codes.keep(store, "another key", VIEW | {"unit": "P-1"}, "data", HEADLINE)
    assert [first, second] == made
    assert codes.keep(store, "one key", VIEW, "data", HEADLINE) == first
    kept = codes.coded_view(store, second)
    assert kept is not None
    assert kept.view["unit"] == "P-1"


def test_codes_are_spread_over_all_there_are() -> None:
    made = {codes.code_of(codes.view_key("own", VIEW, (n,))) for n in range(2000)}
    assert len(made) > 1998
    for place in range(len(PREFIX), len(PREFIX) + LENGTH + 1):
        assert {code[place] for code in made} == set(ALPHABET)


def test_what_changed_is_told_figure_by_figure(store: Store) -> None:
    code = codes.keep(store, "key", VIEW, "data", HEADLINE)
    then = codes.coded_view(store, code)
    assert then is not None
    now = Headline("", (("very likely agree", 12.0 + 1e-12), ("raw", 0.26), ("new", 1.0)), (), 8)
    back = CalledBack(then, now, "", same_data=False)
    assert [(item.name, item.is_same) for item in back.changes] == [
        ("very likely agree", True), ("raw", False), ("new", False),
    ]  # fmt: skip
    assert [(item.before, item.now) for item in back.changed] == [(0.25, 0.26), (None, 1.0)]
    assert CalledBack(then, None, "gone", same_data=False).changes == ()
