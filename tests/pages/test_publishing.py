"""What leaves with a page is what the page shows: its sentence, and every figure of its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pxcore.analysis.pairs.overview import overview
from pxcore.charts.theme import LIGHT
from pxcore.publish import asking
from pxcore.publish.asking import section
from pxcore.publish.document import Table
from pxcore.publish.page_names import PAGES
from pxcore.publish.view import View
from pxcore.ui import publishing, show, state
from tests.analysis.workshop.rooms import concluded, frozen, made
from tests.pages.conftest import APP
from tests.publish.documents import text_of

Visit = Callable[..., AppTest]


@pytest.fixture
def views(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The sections that the dialog makes of a page, as they are made."""
    made: list[Any] = []
    usual = asking.section

    def noted(view: View, *rest: Any) -> Any:
        made.append((view, usual(view, *rest)))
        return made[-1][1]

    monkeypatch.setattr(asking, "section", noted)
    return made


def taken(page: str, chosen: Mapping[str, Any] | None = None, **link: str) -> AppTest:
    """A page opened with what is taken away of it on show, and what is chosen there."""
    at = AppTest.from_file(APP, default_timeout=60)
    for key, value in link.items():
        at.query_params[key] = value
    at.session_state["take_away"] = True
    for key, value in (chosen or {}).items():
        at.session_state[key] = value
    if page != "overview":
        at.switch_page(f"pages/{page}.py")
    return at.run()


def offered(at: AppTest) -> list[Any]:
    return [
        one
        for one in at.get("popover")
        if "take_away" in one.proto.id and "_take" not in one.proto.id
    ]


def same(table: Table, shown: pd.DataFrame) -> bool:
    """Whether the columns of a table are those of a frame on the page, cell by cell."""
    # the code of an organisation, which a page leaves out beside its name, is in the file
    names = [column.name for column in table.columns if column.name != "unit" or "unit" in shown]
    if not set(names) <= set(shown.columns) or len(shown) != len(table.rows):
        return False
    pairs = zip(
        table.rows[names].to_numpy(object).flat, shown[names].to_numpy(object).flat, strict=True
    )
    return all(meant == seen or (pd.isna(meant) and pd.isna(seen)) for meant, seen in pairs)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_leaves_as_it_is_shown(views: list[Any], page: str) -> None:
    link = {"if_months": "A year to its end"} if page == "what_if" else {}
    at = taken(page, **link)
    assert not at.exception
    ((_, made),) = views
    assert made.page == page
    headings = [item.value.lstrip("# ") for item in at.markdown if item.value.startswith("#")]
    assert show.escape(made.answer) in headings
    # tables that stand on the page stand in the file; a few of the file are lists of the page
    shown = [item.value for item in at.dataframe]
    own = [piece.table for piece in made.pieces if piece.table is not None]
    alike = [table for table in own if any(same(table, frame) for frame in shown)]
    lists = {"overview": 5, "provider": 2}.get(page, 0)
    assert len(own) - len(alike) <= lists, [
        column.name for table in own for column in table.columns
    ]
    assert page in ("provider", "what_if") or alike


def test_it_is_what_is_looked_at_that_leaves(views: list[Any]) -> None:
    taken("divergence", provider="Wrengarth Surgery (P-0033)", floor="10")
    ((view, made),) = views
    assert view.unit == "P-0033"
    assert view.scope.pairing.disclosure.floor == 10
    assert any("Wrengarth Surgery" in piece.title for piece in made.pieces)
    assert section(view, publishing.reports(), LIGHT).answer == made.answer


def test_a_page_that_cannot_leave_has_no_button(visit: Visit) -> None:
    assert not offered(visit("methods"))
    assert len(offered(visit("themes"))) == 1


def test_a_report_for_the_board_holds_decisions_and_the_record_beside_pages(
    files: dict[str, Any],
) -> None:
    data, room = state._stores().open["demonstration"], state.workshops(state.DEMONSTRATION)
    concluded(data, overview(data), room)
    pages = ["overview", "divergence", "workshop", "decisions"]
    at = taken("overview", {"take_as": "Word", "take_pages_overview": pages})
    assert not at.exception
    (name,) = [name for name in files if name.startswith("synthetic-overview-divergence-decisions")]
    words = text_of(files[name]())
    places = [
        words.index(part)
        for part in (
            "Do our sources agree?", "Where to look first", "About whom do they differ?",
            "What became of what we decided?", "What did this room conclude?", "To bear in mind",
        )
    ]  # fmt: skip
    assert "Analyst’s note:" in words
    assert places[:5] == sorted(places[:5])
    assert "80 in 100, the middle of 3 answers" in words
    assert "This stays in the room" not in words


def test_another_workshop_is_chosen_and_a_pack_holds_none(files: dict[str, Any]) -> None:
    data, room = state._stores().open["demonstration"], state.workshops(state.DEMONSTRATION)
    first = made(room, frozen(data, overview(data))[:1], data)
    concluded(data, overview(data), room)
    chosen = {"take_as": "Word", "take_pages_agreement": ["workshop"]}
    at = taken("agreement", chosen)
    assert "Ring back within a day" in text_of(files["synthetic-workshop.docx"]())
    assert len(at.selectbox(key="take_workshop").options) == 2
    at = taken("agreement", chosen | {"take_workshop": first})
    assert not at.exception
    assert "Ring back within a day" not in text_of(files["synthetic-workshop.docx"]())
    at = taken("agreement", {"take_as": "Repeat pack"})
    (pages,) = [item for item in at.get("button_group") if "take_pages" in str(item.proto.id)]
    assert "Workshop record" not in str(pages.proto)
    assert "Themes" in str(pages.proto)


def test_without_a_workshop_there_is_nothing_of_it_to_take_away() -> None:
    at = taken("workshop")
    assert not at.exception
    assert "Make a workshop first." in [item.value for item in at.caption]


def test_nothing_leaves_while_exact_figures_are_on(
    views: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing.exact, "is_on", lambda: True)
    at = taken("agreement")
    (popover,) = offered(at)
    assert popover.proto.popover.disabled
    assert views == []
    assert all(one.proto.disabled for one in at.get("download_button"))
