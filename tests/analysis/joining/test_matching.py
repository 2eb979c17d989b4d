"""Names without codes: suggested, confirmed by a person, never matched unasked."""

from __future__ import annotations

import pytest

from pxcore.analysis.joining.matching import confirm, matching, successions
from pxcore.errors import NothingToCompare
from pxcore.model import Disclosure
from pxcore.store import Store
from pxcore.words import matching as words
from pxcore.words.matching import waiting
from tests.store.loads import became, extract, fft, provider, response


@pytest.fixture
def named(store: Store) -> Store:
    """Responses about two names; the reference holds one of them exactly, and one much like it."""
    told = [response(n, "The Mill Surgery") for n in range(6)]
    told += [response(n, "Nowhere House") for n in range(6, 12)]
    store.commit(
        [
            extract(
                provider=[
                    provider("P-1", name="THE MILL SURGERY"),
                    provider("P-2", name="THE HILL SURGERY"),
                ]
            ),
            extract(response=[row for row, _ in told], answer=[answer for _, answer in told]),
        ]
    )
    return store


def test_what_waits_is_counted_by_source(named: Store) -> None:
    report = matching(named, Disclosure(exact=True))
    (source,) = set(report.names["source"])
    assert waiting(report, [source, "gp_survey"]).endswith("2 names without a code, on 12 rows")
    assert waiting(report, ["gp_survey"]) == ""


def test_nothing_is_matched_unasked(named: Store) -> None:
    report = matching(named)
    assert sorted(report.open_names["name"]) == ["Nowhere House", "The Mill Surgery"]
    assert set(report.names["code"]) == {""}


def test_the_same_name_exactly_comes_first_and_is_sure(named: Store) -> None:
    report = matching(named)
    of_mill = report.suggestions[report.suggestions["name"] == "The Mill Surgery"]
    assert of_mill.sort_values("place")["code"].iloc[0] == "P-1"
    assert report.sure[["name", "code"]].values.tolist() == [["The Mill Surgery", "P-1"]]


def test_two_organisations_of_one_name_are_never_sure(named: Store) -> None:
    named.commit([extract(provider=[provider("P-3", name="The Mill Surgery")])])
    assert matching(named).sure.empty


def test_a_confirmed_name_is_no_longer_open(named: Store) -> None:
    confirm(named, [("The Mill Surgery", "", "P-1")])
    assert matching(named).open_names["name"].tolist() == ["Nowhere House"]


def test_one_unknown_code_keeps_none_of_the_matches(named: Store) -> None:
    with pytest.raises(NothingToCompare, match="P-404"):
        confirm(named, [("The Mill Surgery", "", "P-1"), ("Nowhere House", "", "P-404")])
    assert len(matching(named).open_names) == 2


def test_what_became_of_an_organisation_is_said(store: Store) -> None:
    store.commit(
        [
            extract(
                provider=[provider("P-1"), provider("P-2", name="THE NEW ONE")],
                succession=[became("P-1", "P-2")],
            ),
            extract(fft_fact=[fft("P-1", 9, 10)]),
        ]
    )
    told = words.successions(successions(store)).set_index("code").loc["P-1"]
    assert (told["current_code"], told["current_name"]) == ("P-2", "The New One")
    assert "followed" in told["happened"]
