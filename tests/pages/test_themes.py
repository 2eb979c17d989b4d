"""The Themes page: read, searched, coded and masked as a person would."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pxcore.analysis import masking
from pxcore.paths import own_database
from pxcore.store import Store
from pxcore.ui import show, state, voices
from tests.analysis.voices import comment, committed, many
from tests.pages.test_pages import charts, sound, words
from tests.store.loads import extract, fft, response

Visit = Callable[..., AppTest]


def own(visit: Visit, **link: str) -> tuple[AppTest, Store]:
    """The page on own data, and its store; opened once so that there is one."""
    at = visit("themes", data="Our data", **link)
    return at, state._stores().open["own"]


def test_the_answer_leads_with_intervals_and_what_limits_it(visit: Visit) -> None:
    at = sound(visit("themes"))
    said = words(at)
    assert (
        "Named most: Staff attitudes in Care Opinion, 29% (21 to 38%), and Appointment availability in "
        "Healthwatch, 2"
    ) in said
    assert "not of patients" in said
    assert "Healthwatch: coded by the supplier" in said
    assert len(charts(at)) == 1  # the other pictures are in tabs that are closed
    assert [tab.label for tab in at.tabs] == list(voices.TABS)  # coding by hand is seen at once
    assert (
        "Parking and transport: the 95 % range leaves out 0, yet no difference is shown. Each is tested "
        "together with 12 others" in said
    )


PARTS = {
    **{tab: {"themes_tab": tab} for tab in voices.TABS[:2]},
    **{part: {"themes_tab": voices.TABS[2], "themes_detail": part} for part in voices.DETAIL},
    **{part: {"themes_tab": voices.TABS[3], "themes_work": part} for part in voices.WORK},
}


@pytest.mark.parametrize("tab", PARTS)
def test_every_tab_opens_by_its_link_and_says_its_pictures_in_words(visit: Visit, tab: str) -> None:
    at = sound(visit("themes", **PARTS[tab]))
    assert all(len(picture.alt) > 20 for picture in charts(at))  # type: ignore[attr-defined]
    drawn = {
        "How many named it": 1,
        "By service": 2,
        "Over time": 1,
        "Together": 1,
        "How they felt": 1,
    }
    assert len(charts(at)) == drawn.get(tab, 0)


@pytest.mark.parametrize(
    "link",
    [
        {"floor": "30"},
        {"themes_words": "As each supplier coded"},
        {"themes_suggested": "true"},
        {"area": "NHS nowhere"},
        {"window": "2025-26 Q3"},
        {"service": "General practice"},
    ],
    ids=lambda link: next(iter(link)),
)
@pytest.mark.parametrize("tab", ["By service", "Together", "Code by hand"])
def test_every_filter_leaves_the_page_whole(visit: Visit, link: dict[str, str], tab: str) -> None:
    assert "What do people say" in str(sound(visit("themes", **PARTS[tab], **link)).title[0].value)


@pytest.mark.parametrize("tab", PARTS)
def test_where_no_theme_may_be_shown_the_page_is_whole(visit: Visit, tab: str) -> None:
    at, store = own(visit, **PARTS[tab])
    committed(store, [*many(4, ["Waiting times"]), *many(3, [], start=10)])
    sound(at)  # with nothing loaded at all
    assert "No theme is named by enough people" in words(sound(at.run()))
    assert len(charts(at)) == (tab == "How they felt")  # of everybody, whatever they named


def test_comments_are_found_by_words_that_stay_out_of_the_address(visit: Visit) -> None:
    at = visit("themes", themes_tab="Read comments")
    at.text_input(key="themes_words_searched").set_value('"in the queue"').run()
    said = words(sound(at))
    assert "44 comments found (Care Opinion 8, Healthwatch 36)" in said
    assert "one of " in said
    assert "queue" not in str(at.query_params)


def test_no_comment_is_shown_unmasked(visit: Visit) -> None:
    at = visit("themes", themes_tab="Read comments")
    at.text_input(key="themes_words_searched").set_value("front desk could not have been").run()
    assert "Mrs \\[name\\] on the front desk" in words(at)
    assert "Mrs Example" not in words(at)


def test_what_somebody_wrote_does_nothing_to_the_page(visit: Visit) -> None:
    _, store = own(visit)
    evil = "# Big :red[red] **bold** <b>x</b> $x^2$ :smile: [link](http://example.org)"
    committed(store, many(6, ["Waiting times"], comment=evil))
    said = words(sound(visit("themes", data="Our data", themes_tab="Read comments")))
    # marks that hide words are taken away before masking; what is left is shown as it stands
    assert show.escape("# Big :red[red] bold x $x^2$ :smile: [link]([web address]") in said


def test_an_address_that_makes_things_up_is_taken_for_any(visit: Visit) -> None:
    at = sound(
        visit(
            "themes",
            themes_theme="Nonsense",
            themes_source="nowhere",
            themes_left="nobody",
            themes_tab="None",
        )
    )
    assert "Each mark: the share of people" in words(at)
    at = visit(
        "themes", themes_theme="Nonsense", themes_source="nowhere", themes_tab="Read comments"
    )
    assert "899 comments found" in words(sound(at))


def test_comments_without_words_are_said_to_have_none(visit: Visit) -> None:
    at, store = own(visit)
    committed(store, many(20, ["Waiting times"], comment=""))
    said = words(sound(at.run()))
    assert "Waiting times is the topic named most" in said
    at, _ = own(visit, themes_tab="Read comments")
    assert "The comments of fewer than 5 people came with their words" in words(sound(at))


def test_with_figures_and_no_comments_the_page_says_what_to_load(visit: Visit) -> None:
    at, store = own(visit)
    store.commit([extract(fft_fact=[fft("P-1", 8, 10)])])
    said = words(sound(at.run()))
    assert "nobody is heard in their own words" in said
    assert "Load comments on the Sources page" in said
    assert charts(at) == []


def test_suggestions_are_off_until_switched_on_and_then_marked(visit: Visit) -> None:
    at, store = own(visit)
    committed(store, many(20, comment="No parking at all"))
    assert "nobody has coded them" in words(sound(at.run()))
    at.toggle(key="themes_suggested").set_value(True).run()
    said = words(sound(at))
    assert re.search(r"Includes themes suggested by keyword rules for \d\d people", said)
    read = visit("themes", data="Our data", themes_suggested="true", themes_tab="Read comments")
    assert "suggested by a rule: Parking and transport (right for 100%)" in words(sound(read))
    assert "Which rules suggest themes" in [one.label for one in at.expander][0]


def test_coding_by_hand_keeps_the_codes_and_takes_them_back(visit: Visit) -> None:
    at, store = own(visit, **PARTS["Code by hand"])
    committed(store, many(8))
    at.run()
    at.text_input(key="coder").set_value("Ann").run()
    assert "0 of this source done by you" in words(sound(at))
    at.button(key="code Waiting times").click().run()
    at.button(key="felt negative").click().run()
    at.button(key="code_keep").click().run()
    assert "1 of this source done by you" in words(sound(at))
    kept = store._connection.cursor().execute("from coding").df()
    assert list(kept["coder"]) == ["Ann"]
    assert [list(found) for found in kept["themes"]] == [["Waiting times"]]
    assert list(kept["sentiment"]) == ["negative"]
    at.button(key="code_skip").click().run()
    assert "2 of this source done by you" in words(at)
    at.button(key="code_undo").click().run()
    assert "1 of this source done by you" in words(at)
    assert "Ann" not in str(at.query_params)
    shortcuts = [one.proto.shortcut for one in at.button if one.key and one.key.startswith("code ")]
    assert len(set(shortcuts)) == len(shortcuts) > 20


def test_a_name_that_is_listed_is_masked_at_once(visit: Visit) -> None:
    at, store = own(visit, **PARTS["Names to mask"])
    committed(store, [comment(n, comment="Zebra was kind") for n in range(6)])
    at.run()
    at.text_area(key="masking_names").set_value("Zebra")
    submit = next(one for one in at.button if one.label == "Mask these names")
    submit.click().run()
    assert "Say who you are" in words(at)
    at.text_input(key="masking_by").set_value("Ann")
    at.text_area(key="masking_names").set_value("Zebra")
    next(one for one in at.button if one.label == "Mask these names").click().run()
    assert list(masking.masking(store).names["name"]) == ["Zebra"]
    assert "by the number of people: name " in words(sound(at))


def test_divergence_drills_to_comments_on_one_organisation(visit: Visit) -> None:
    at = sound(visit("divergence", ask="fft_gp~gp_survey~P-0103"))
    assert "What did people say?" in [one.label for one in at.expander]


def test_an_older_database_is_masked_when_it_is_opened(visit: Visit) -> None:
    older = Store.open(own_database())
    told = [response(row.pop("number"), **row) for row in (comment(n) for n in range(6))]
    older.commit([extract(response=[r for r, _ in told], answer=[a for _, a in told])])
    older.close()
    at = sound(visit("themes", data="Our data"))
    assert "6 comments found" in words(at)
