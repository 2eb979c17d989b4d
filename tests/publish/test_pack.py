"""A pack says what made it, confirms every figure it can, and names what differs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pxcore.cli import DONE, FAULT, main
from pxcore.errors import PxError
from pxcore.model import Pairing, Scope
from pxcore.publish.pack import MANIFEST, Outcome, check, pack
from pxcore.publish.reports import Reports
from pxcore.publish.view import View
from pxcore.store import Store
from tests.publish.documents import VIEW, whole
from tests.publish.test_files import few
from tests.schemas import faults
from tests.store.loads import extract, fft

PAGES = ("agreement", "divergence")


@pytest.fixture(scope="module")
def packed(demonstration: Store) -> bytes:
    return pack(whole(demonstration, pages=PAGES), [VIEW] * 2, "demonstration")


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The pack with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for part in before.namelist():
            kept = before.read(part)
            after.writestr(part, change(kept) if part == name else kept)
    return made.getvalue()


def outcomes(content: bytes, store: Store | None) -> dict[str, Outcome]:
    result = check(content, Reports(store) if store else None, store.kind if store else "")
    return {item.what: item.outcome for item in result.checks}


def test_every_figure_is_confirmed_where_the_same_data_are_loaded(
    packed: bytes, demonstration: Store
) -> None:
    assert set(outcomes(packed, demonstration).values()) == {Outcome.SAME}


def test_a_chart_leaves_what_it_draws_and_no_other_column(demonstration: Store) -> None:
    made = whole(demonstration, View("themes", VIEW.scope), ("themes",))
    with zipfile.ZipFile(io.BytesIO(pack(made, [VIEW], "demonstration"))) as package:
        manifest = json.loads(package.read(MANIFEST))
        charts = [
            json.loads(package.read(table["file"]))
            for table in manifest["sections"][0]["tables"]
            if table["title"].startswith("the chart of")
        ]
    assert [[column["name"] for column in chart["columns"]] for chart in charts] == [
        ["theme", "source", "share", "low", "high"]
    ]


def test_without_the_data_the_released_figures_give_what_they_can(packed: bytes) -> None:
    result = outcomes(packed, None)
    assert result["agreement, raw rank correlation, from the released figures"] is Outcome.SAME
    assert result["divergence, very likely differ, from the released figures"] is Outcome.SAME
    assert result["agreement, asked again"] is Outcome.NO_DATA


def test_it_says_what_made_it(packed: bytes) -> None:
    result = check(packed, None)
    assert "pxcore" in result.made_by
    assert result.kind == "demonstration"
    assert any(name.startswith("GPPS_2026_practices_synthetic.csv (") for name in result.data)


def test_a_figure_changed_in_the_pack_is_named(packed: bytes, demonstration: Store) -> None:
    name = "tables/agreement-3.json"

    def other_figure(part: bytes) -> bytes:
        table = json.loads(part)
        place = [column["name"] for column in table["columns"]].index("left_value")
        table["rows"][0][place] = 0.111
        return json.dumps(table).encode()

    result = outcomes(changed(packed, name, other_figure), demonstration)
    differing = [what for what, outcome in result.items() if outcome is Outcome.DIFFERS]
    assert "agreement, ‘all figures’, as packed" in differing
    assert any("row 1, FFT GP: Value" in what for what in differing)
    assert "agreement, raw rank correlation, from the released figures" in differing


@pytest.mark.parametrize("name", [MANIFEST, "tables/divergence-1.json"])
def test_a_byte_changed_anywhere_is_found(packed: bytes, name: str) -> None:
    flipped = changed(packed, name, lambda part: part.replace(b"Practice", b"Practise", 1))
    if name == MANIFEST:
        flipped = changed(packed, name, lambda part: part.replace(b"pxcore", b"pycore", 1))
    assert check(flipped, None).differs


def test_data_changed_since_are_named(store: Store) -> None:
    view = View("", Scope.of(Pairing("fft_gp", "gp_survey")))
    made = pack(whole(few(store), view, ("agreement",)), [view], "own")
    assert not check(made, Reports(store), "own").differs
    store.commit([extract(fft_fact=[fft("P-1", 5, 60, month="2024-01")])])
    result = check(made, Reports(store), "own")
    assert result.differs
    assert any("FFT GP" in item.what and "is now" in item.detail for item in result.checks)


def test_single_responses_are_confirmed_in_their_own_store_alone(store: Store) -> None:
    view = View("", Scope.of(Pairing("fft_local", "gp_survey")))
    made = pack(whole(few(store), view, ("agreement",)), [view], "own")
    assert not check(made, Reports(store), "own").differs
    assert outcomes(made, store)["agreement, the answer"] is Outcome.SAME
    elsewhere = outcomes(made, None)
    assert elsewhere["agreement, asked again"] is Outcome.OWN_STORE
    assert Outcome.NO_DATA not in elsewhere.values()
    other = Store.open()
    assert outcomes(made, few(other))["agreement, asked again"] is Outcome.OWN_STORE
    other.close()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no pack", b"not a zip"])
def test_what_is_no_pack_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(PxError, match="cannot be read as a pack"):
        check(content, None)


def test_a_zip_of_something_else_is_no_pack(packed: bytes) -> None:
    with pytest.raises(PxError, match="no manifest"):
        check(changed(packed, MANIFEST, lambda _: b"{}"), None)

    def other_form(part: bytes) -> bytes:
        return json.dumps(json.loads(part) | {"format": 99}).encode()

    with pytest.raises(PxError, match="another form"):
        check(changed(packed, MANIFEST, other_form), None)


def test_the_command_line_writes_and_repeats(
    tmp_path: Path, packed: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(packed)
    assert main(["reproduce", str(path), "--json"]) == DONE
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert not faults("reproduce", printed)
    path.write_bytes(
        changed(packed, "tables/agreement-2.json", lambda part: part.replace(b"1", b"2", 1))
    )
    assert main(["reproduce", str(path)]) == FAULT
    assert "differs: agreement" in capsys.readouterr().out


def test_the_same_figures_make_the_same_pack(demonstration: Store, packed: bytes) -> None:
    assert pack(whole(demonstration, pages=PAGES), [VIEW] * 2, "demonstration") == packed
