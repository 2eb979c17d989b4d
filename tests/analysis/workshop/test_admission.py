"""Codes: whom they let in, and how long."""

from __future__ import annotations

from datetime import timedelta

from pxcore.analysis.workshop import admission, workshops
from pxcore.analysis.workshop.frozen import FrozenCell
from pxcore.store import Store
from tests.analysis.workshop.rooms import made


def test_a_code_opens_until_it_expires_or_is_withdrawn(store: Store, identifier: str) -> None:
    code = admission.open_code(store, identifier)
    assert len(code) == 6
    assert code[0] != admission.DEMONSTRATION_LETTER
    named = admission.code_named(store, f" {code[:3].lower()}-{code[3:]} ")
    assert named is not None
    assert named.workshop == identifier
    assert named.opens(workshops.now())
    assert not named.opens(workshops.now() + timedelta(hours=9))
    admission.withdraw_code(store, named)
    withdrawn = admission.code_named(store, code)
    assert withdrawn is not None
    assert not withdrawn.opens(workshops.now())
    assert admission.code_named(store, "ZZZZZZ") is None
    remote = admission.code_named(store, admission.open_code(store, identifier, remote=True))
    assert remote is not None
    assert remote.remote
    assert len(remote.code) == 16
    assert remote.opens(workshops.now() + timedelta(days=13))


def test_codes_on_the_demonstration_are_known_by_their_first_letter(
    cells: tuple[FrozenCell, ...], demonstration: Store
) -> None:
    held = Store.open(kind="demonstration")
    code = admission.open_code(held, made(held, cells, demonstration))
    assert code[0] == admission.DEMONSTRATION_LETTER
    assert admission.DEMONSTRATION_LETTER not in admission.LETTERS
    held.close()
