"""Every part of every file has the code of its view; what is written down beside it was released."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

from pxcore.analysis.files import codes
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.workshop.frozen import data_key
from pxcore.charts.theme import LIGHT
from pxcore.disclosure import Released
from pxcore.errors import PxError
from pxcore.model import Disclosure, Pairing, Period, Scope
from pxcore.publish import headlines
from pxcore.publish.asking import document
from pxcore.publish.codes import Answers, as_json, called_back, code_of, view_of_code
from pxcore.publish.document import Document
from pxcore.publish.files import KINDS
from pxcore.publish.headlines import headline
from pxcore.publish.page_names import PAGES
from pxcore.publish.reports import Reports
from pxcore.publish.view import View, as_shown, to_plain, view_of
from pxcore.store import Store
from pxcore.words import codes as words
from tests.publish.documents import GP, MARK, VIEW, tables, text_of, whole
from tests.publish.test_files import few
from tests.remembering import remembering
from tests.store.loads import extract, fft

WRITERS = {kind.ending: kind.write for kind in KINDS}
LOCAL = Pairing("fft_local", "gp_survey")
KEY_GIVEN_OUT = "1b40f9398e62ceb7df65a54bd1c0020f594c6bcb62bace8ccb37836585cebd2d"


def answers(store: Store, kept_in: Store) -> Answers:
    return Answers(kept_in, store.kind, store.revision, data_key(store), store.codings)


def code(store: Store, kept_in: Store, view: View, reports: Reports | None = None) -> str:
    reports = reports or Reports(store)
    return code_of(view, answers(store, kept_in), lambda: headline(view, reports))


@pytest.fixture(scope="module")
def reports(demonstration: Store) -> Iterator[Reports]:
    """Every report of the demonstration that is asked for, worked out once."""
    with remembering(demonstration) as store:
        yield Reports(store)


@pytest.fixture(scope="module")
def made(reports: Reports) -> Document:
    pages = ("overview", "agreement", "themes")
    return document(
        [replace(VIEW, page=page) for page in pages], reports, LIGHT, MARK, date(2026, 11, 30),
        lambda view: f"PX-{view.page}",
    )  # fmt: skip


def test_every_slide_but_the_cover_has_the_code_of_its_page(made: Document) -> None:
    deck = Presentation(io.BytesIO(WRITERS["pptx"](made)))
    found = set()
    for slide in list(deck.slides)[1:]:
        text = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        mine = [part.code for part in made.sections if part.code in text]
        if mine:
            (mine_alone,) = mine
            assert mine_alone in slide.notes_slide.notes_text_frame.text
            found.add(mine_alone)
        else:
            assert "Where the figures come from" in text or "worked out" in text, text
    assert found == {part.code for part in made.sections}


def test_every_sheet_of_figures_has_the_code_of_its_page(made: Document) -> None:
    book = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](made)))
    for part in made.sections:
        sheets = [sheet for sheet in book if sheet.title.startswith(PAGES[part.page])]
        assert sheets
        for sheet in sheets:
            assert str(sheet.cell(2, 1).value).endswith(part.code)
    contents = [cell.value for row in book["Contents"].iter_rows() for cell in row]
    assert {part.code for part in made.sections} <= set(contents)


@pytest.mark.parametrize("ending", ["docx", "html"])
def test_every_picture_and_table_has_the_code_below_it(made: Document, ending: str) -> None:
    content = WRITERS[ending](made)
    text = (
        [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
        if ending == "docx"
        else text_of(content).split("\n")
    )
    for part in made.sections:
        drawn = sum(
            (piece.picture is not None) + (piece.table is not None) for piece in part.pieces
        )
        assert text.count(part.code) == drawn
        assert any(line.endswith(f"· {part.code}") for line in text)


def test_a_document_without_codes_says_nothing_of_them(made: Document) -> None:
    bare = replace(made, sections=tuple(replace(part, code="") for part in made.sections))
    for write in WRITERS.values():
        assert "PX-" not in text_of(write(bare))
        assert "Code of this view" not in text_of(write(bare))


def test_what_a_page_does_not_look_at_is_not_in_its_code() -> None:
    other = replace(VIEW, page="overview", unit="P-1", group_by="age")
    assert as_shown(other) == as_shown(replace(VIEW, page="overview"))
    for page, kept in (("divergence", {"unit": "P-1"}), ("groups", {"group_by": "age"})):
        shown = as_shown(replace(other, page=page))
        assert {name: getattr(shown, name) for name in ("unit", "group_by")} == {
            "unit": "", "group_by": "",
        } | kept  # fmt: skip
    assert as_shown(replace(VIEW, page="what_if")).scenario == VIEW.scenario


@pytest.mark.parametrize("page", PAGES)
def test_a_view_of_the_demonstration_comes_to_the_same_when_called_back(
    page: str, demonstration: Store, reports: Reports, store: Store
) -> None:
    view = replace(VIEW, page=page)
    made_of = code(demonstration, store, view, reports)
    then = codes.coded_view(store, made_of)
    assert then is not None
    assert view_of_code(then) == as_shown(view)
    assert then.headline.figures
    assert len(then.headline.answer) > 20
    back = called_back(then, answers(demonstration, store), reports)
    assert back.same_data
    assert not back.changed
    assert back.now == then.headline
    assert "come out the same" in words.comparison(back, demonstration.revision)
    assert as_json(back, {}, [])["status"] == "same data"


FEW_PAGES = ("overview", "divergence", "agreement", "provider", "groups", "trends")


@pytest.mark.parametrize("page", FEW_PAGES)
def test_nothing_withheld_is_written_down(page: str, store: Store) -> None:
    """Two practices were heard by four people and three: no figure of theirs, and none that is not shown."""
    view = View(page, Scope.of(LOCAL), unit="P-3" if page != "trends" else "P-5")
    held = few(store)
    now = headline(view, Reports(held))
    shown = {
        round(float(figure), 9)
        for _, table in tables(whole(held, replace(view, page=""), (page,)))
        for column in table.rows.select_dtypes("number")
        for figure in table.rows[column].dropna()
    }
    for name, figure in now.figures:
        of_all = name in {str(mark) for mark in headlines_of_all(held)} or "correlation" in name
        assert of_all or "compared" in name or round(figure, 9) in shown, (page, name, figure)
    assert not [name for name, _ in now.figures if name.startswith(("P-3, FFT local", "P-5"))]


def headlines_of_all(store: Store) -> list[str]:
    report = divergence(store, LOCAL)
    return [*report.certainty.counts(), "underlying agreement"]


def test_only_what_is_released_is_written_down() -> None:
    rows = pd.DataFrame({"name": ["a"], "value": [1.0]})
    with pytest.raises(TypeError, match="released"):
        list(headlines._cells(rows, ("name",), "value"))  # type: ignore[arg-type]
    released = Released({"name": ["a", "b"], "value": [1.0, None]})
    assert list(headlines._cells(released, ("name",), "value")) == [("a", 1.0)]
    assert list(headlines._cells(released, ("name",), "gone")) == []


def test_exact_figures_have_no_code(demonstration: Store, store: Store) -> None:
    exact = replace(
        VIEW, page="agreement", scope=Scope.of(replace(GP, disclosure=Disclosure(exact=True)))
    )
    assert code(demonstration, store, exact) == ""
    with pytest.raises(PxError, match="no code"):
        headline(exact, Reports(demonstration))


def test_later_data_and_what_they_change_are_said(store: Store) -> None:
    few(store)
    view = View("agreement", Scope.of(Pairing("fft_gp", "gp_survey")))
    then = codes.coded_view(store, code(store, store, view))
    assert then is not None
    store.commit([extract("other.csv", fft_fact=[fft("P-1", 1, 90, "2020-01")])])
    same = called_back(then, answers(store, store), Reports(store))
    assert not same.same_data
    assert "All of its" in words.comparison(same, store.revision)
    assert as_json(same, {}, [])["status"] == "newer data"
    store.commit([extract("later.csv", fft_fact=[fft(f"P-{n}", 60 - n, 61) for n in range(12)])])
    back = called_back(then, answers(store, store), Reports(store))
    assert back.changed
    sentence = words.comparison(back, store.revision)
    assert f"revision {then.headline.revision} then, {store.revision} now" in sentence
    assert f"{len(back.changed)} are different today" in sentence
    assert words.listed(back)[0].endswith(" now")
    assert as_json(back, {}, [])["status"] == "changed"
    store.remove(3)
    store.remove(4)
    store.remove(5)
    gone = called_back(then, answers(store, store), Reports(store))
    assert gone.changed or gone.now is None


def test_a_page_of_another_version_is_said_to_be_unknown(store: Store) -> None:
    now = codes.Headline("It was so.", (), (), 1)
    plain = {"page": "oracle", "pairing": {"left": "a", "right": "b"}}
    then = codes.coded_view(store, codes.keep(store, "k", plain, "data", now))
    assert then is not None
    back = called_back(then, answers(store, store), Reports(store))
    assert (back.is_known, back.now) == (False, None)
    assert "no such page or setting" in words.comparison(back, 1)
    assert as_json(back, {}, [])["status"] == "no answer today"


def test_a_code_given_out_before_is_the_code_of_the_same_view(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The text and the key that version 0.2.0 wrote down. A setting added since may change both of what is
    written now; the text is read all the same."""
    text = (Path(__file__).parent / "view_given_out.json").read_text("utf-8").strip()
    pairing = Pairing(
        "fft_gp", "gp_survey", right_measure="contact", area="N-007",
        window=Period(date(2026, 1, 1), date(2026, 3, 31)), disclosure=Disclosure(10),
    )  # fmt: skip
    view = View("divergence", Scope.of(pairing, "general_practice"), "P-1")
    assert json.dumps(to_plain(as_shown(view)), ensure_ascii=False) == text
    assert view_of(json.loads(text)) == view
    monkeypatch.setattr(codes, "version", lambda _: "0.2.0")
    assert codes.view_key("own", json.loads(text), (1, 0, "x")) == KEY_GIVEN_OUT


def test_a_theme_coded_since_makes_another_code(
    demonstration: Store, reports: Reports, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    themes, agreement = (replace(VIEW, page=page) for page in ("themes", "agreement"))
    before = [code(demonstration, store, view, reports) for view in (themes, agreement)]
    monkeypatch.setattr(demonstration, "codings", demonstration.codings + 1)
    after = [code(demonstration, store, view, reports) for view in (themes, agreement)]
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_a_view_already_written_down_is_not_worked_out_again(store: Store) -> None:
    view = View("agreement", Scope.of(GP))
    key = answers(store, store)
    asked: list[int] = []

    def make() -> codes.Headline:
        asked.append(1)
        return codes.Headline("", (), (), 0)

    first = code_of(view, key, make)
    assert code_of(view, key, make) == first
    assert asked == [1]
