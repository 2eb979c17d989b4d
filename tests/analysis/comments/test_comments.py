"""Comments are read masked, where the floor allows their group, and found by the words they hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.analysis import masking
from pxcore.analysis.comments.comments import (
    PAGE,
    CommentsQuestion,
    comments,
    every_comment,
    looked_for,
    newest_of_each,
    services,
)
from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.analysis.pairs.divergence import divergence
from pxcore.disclosure import Released, largest_noise
from pxcore.disclosure.redaction import folded
from pxcore.model import Disclosure, Pairing, Period
from pxcore.publish.themes import as_json
from pxcore.store import Store
from pxcore.words import comments as words
from tests.analysis.voices import comment, committed, many

SECRET = "Mrs Zebrafish, 07700 900456, zz99 3vz"


WAIT = "Waiting times"


def said(store: Store, **asked: object) -> list[str]:
    return [text for _, text in words.texts(comments(store, CommentsQuestion(**asked)))]  # type: ignore[arg-type]


def test_a_comment_is_shown_masked_with_its_context(store: Store) -> None:
    committed(store, [*many(6, ["Waiting times"], comment=SECRET)])
    report = comments(store, CommentsQuestion(disclosure=Disclosure(exact=True)))
    context, text = words.texts(report)[0]
    assert text == "Mrs [name], [phone number], [postcode]"
    assert context == (
        "Healthwatch · A Practice · General practice · July 2025 · positive · "
        "Waiting times (coded by the supplier) · one of 6 who wrote"
    )


def test_nothing_that_leaves_analysis_holds_a_masked_detail(store: Store) -> None:
    committed(store, [*many(30, ["Waiting times"], comment=SECRET)])
    every = [
        str(words.texts(comments(store, CommentsQuestion()))),
        words.table(every_comment(store, CommentsQuestion())).to_csv(),
        json.dumps(as_json(themes(store, ThemesQuestion())), default=str),
        str(masking.masking(store)),
        store.query("history").to_csv(),
        store.query("extracts").to_csv(),
    ]
    for told in every:
        assert "Zebrafish" not in told
        assert "900456" not in told


def test_a_group_of_few_people_is_not_shown_and_not_counted(store: Store) -> None:
    few = many(4, start=100, provider="P-2", provider_name="Another")
    committed(store, [*many(6), *few])
    report = comments(store, CommentsQuestion())
    assert report.matches == 6
    assert np.isnan(report.not_shown)
    assert "4" not in words.summary(report)
    assert (
        "Comments on organisations about which fewer than 5 people wrote are not shown"
        in words.summary(report)
    )
    assert list(report.organisations()) == ["P-1"]
    assert len(words.table(every_comment(store, CommentsQuestion()))) == 6
    assert comments(store, CommentsQuestion(organisation="P-2")).matches == 0


def test_a_search_does_not_tell_what_hidden_comments_say(store: Store) -> None:
    few = many(2, [WAIT], start=100, provider="P-2", provider_name="Another", sentiment="negative")
    few[0]["comment"] = "A word nobody else wrote: quokka"
    committed(store, [*many(6), *few])
    for hit, miss in (
        (CommentsQuestion(words="quokka"), CommentsQuestion(words="wombat")),
        (CommentsQuestion(theme=WAIT), CommentsQuestion(theme="Dental care")),
        (CommentsQuestion(feeling="negative"), CommentsQuestion(feeling="mixed")),
    ):
        found, nothing = comments(store, hit), comments(store, miss)
        assert words.summary(found) == words.summary(nothing)
        assert np.isnan(found.not_shown)
        assert np.isnan(nothing.not_shown)
        assert "are not searched" in words.summary(found)


def test_few_that_are_hidden_read_as_nobody_does(store: Store) -> None:
    committed(store, many(6))
    alone = words.summary(comments(store, CommentsQuestion()))
    committed(store, many(4, start=100, provider="P-2", provider_name="Another"), name="another")
    assert words.summary(comments(store, CommentsQuestion())) == alone


def test_how_many_wrote_what_is_hidden_is_told_of_people_as_it_is_shown(store: Store) -> None:
    rows = [
        row
        for at in range(10)
        for row in (
            *many(3, start=1000 * at, provider=f"P-{at}", provider_name=f"Practice {at}"),
            *many(9, start=1000 * at + 500, provider=f"P-{at}", author=f"a{at}"),
        )
    ]
    committed(store, rows)
    shown = comments(store, CommentsQuestion())
    assert shown.matches == 0
    assert abs(shown.not_shown - 40) <= largest_noise()
    assert f"Comments of {shown.not_shown:.0f} more people on organisations" in words.summary(shown)
    assert comments(store, CommentsQuestion()).not_shown == shown.not_shown


def test_the_same_people_at_several_organisations_are_counted_once(store: Store) -> None:
    """Four people of whom each wrote of six organisations are few, and read as nobody does."""
    rows = [
        comment(10 * at + who, provider=f"P-{at}", provider_name=f"Practice {at}", author=f"a{who}")
        for at in range(6)
        for who in range(4)
    ]
    committed(store, rows)
    assert np.isnan(comments(store, CommentsQuestion()).not_shown)
    others = [
        comment(10 * at + who, provider=f"P-{at}", provider_name=f"Practice {at}", author=f"b{who}")
        for at in range(10, 40)
        for who in range(3 * (at % 10), 3 * (at % 10) + 3)
    ]
    committed(store, others, name="others")
    assert abs(comments(store, CommentsQuestion()).not_shown - 34) <= largest_noise()


def test_how_many_wrote_is_as_many_as_anywhere_else(store: Store) -> None:
    committed(store, many(40, ["Waiting times"]))
    people = comments(store, CommentsQuestion()).groups["people"].iloc[0]
    assert abs(people - 40) <= largest_noise()
    assert (
        f"one of {people:.0f} who wrote" in words.texts(comments(store, CommentsQuestion()))[0][0]
    )
    assert people == themes(store, ThemesQuestion()).voice("healthwatch").people


def test_every_frame_of_a_report_has_been_released(store: Store) -> None:
    nothing = comments(store, CommentsQuestion())
    for report in (nothing, comments(committed(store, many(6)), CommentsQuestion())):
        for frame in (report.rows, report.groups, words.table(report)):
            assert isinstance(frame, Released)
            assert "people_key" not in frame


def test_one_author_is_no_group(store: Store) -> None:
    committed(store, many(30, author="One"))
    assert comments(store, CommentsQuestion()).matches == 0


def test_a_single_story_stays_readable_in_a_group_that_is_large_enough(store: Store) -> None:
    one = comment(50, ["Parking and transport"], comment="The zebra crossing", sentiment="negative")
    committed(store, [*many(8, ["Waiting times"]), one])
    for asked in ({"words": "zebra"}, {"theme": "Parking and transport"}, {"feeling": "negative"}):
        assert said(store, **asked) == ["The zebra crossing"]


def test_a_narrower_time_or_service_makes_the_group_smaller(store: Store) -> None:
    later = many(3, start=50, on="2025-10-10", service="dental")
    committed(store, [*many(6), *later])
    summer = Period(date(2025, 7, 1), date(2025, 9, 30))
    autumn = Period(date(2025, 10, 1), date(2025, 12, 31))
    assert comments(store, CommentsQuestion()).matches == 9
    assert comments(store, CommentsQuestion(window=autumn)).matches == 0
    assert comments(store, CommentsQuestion(service="dental")).matches == 0
    assert comments(store, CommentsQuestion(window=summer)).matches == 6


def test_the_floor_is_that_of_the_reader(store: Store) -> None:
    committed(store, many(5))
    assert comments(store, CommentsQuestion(disclosure=Disclosure(10))).matches == 0


def test_the_same_people_in_two_sources_are_two_groups(store: Store) -> None:
    committed(store, [*many(6), *many(3, start=50, source="care_opinion")])
    assert comments(store, CommentsQuestion()).matches == 6


@pytest.mark.parametrize(
    ("search", "matches"),
    [
        ("wait", {1, 2}),
        ("WAIT", {1, 2}),
        ("ait", set()),
        ("wait nurse", {2}),
        ('"the queue"', {3}),
        ('"the que"', set()),
        ("queue -telephone", set()),
        ("café", {4}),
        ("cafe", {4}),
        ("x-ray", {5}),
        ("name", set()),  # a mask is no word of the comment
        ("o'clock", {6}),
        ("%", {1, 2, 3, 4, 5, 6, 7}),  # no word at all: nothing is looked for
        ("'; drop table redaction; --", set()),
    ],
)
def test_words_find_what_begins_with_them(store: Store, search: str, matches: set[int]) -> None:
    texts = {
        1: "Waited an hour.",
        2: "The nurse kept me waiting",
        3: "Ninth in the queue on the telephone",
        4: "The Café is dear",
        5: "No X-ray that day",
        6: "At nine o’clock sharp",
        7: "Saw Dr Name-Sample",
    }
    committed(store, [comment(at, comment=text) for at, text in texts.items()])
    report = comments(store, CommentsQuestion(words=search))
    got = {
        at for at, text in texts.items() if any(text[:6] in one for _, one in words.texts(report))
    }
    assert got == matches


@given(st.text(alphabet="ab “”\"-'é.%_", max_size=20))
def test_any_search_is_read_into_plain_words(search: str) -> None:
    begins, phrases, without = looked_for(search)
    for one in (*begins, *phrases, *without):
        assert folded(one).strip() == one != ""


def test_pages_hold_every_comment_once_newest_first(store: Store) -> None:
    rows = [comment(at, on=f"2025-{at % 12 + 1:02}-10") for at in range(PAGE * 2 + 3)]
    committed(store, rows)
    first = comments(store, CommentsQuestion())
    assert first.pages == 3
    pages = [comments(store, CommentsQuestion(page=page)).rows for page in (1, 2, 3)]
    months = [month for page in pages for month in page["month"]]
    assert months == sorted(months, reverse=True)
    texts = [text for page in pages for text in page["comment"]]
    assert sorted(texts) == sorted(row["comment"] for row in rows)


def test_a_comment_masked_by_other_rules_is_not_shown(store: Store) -> None:
    committed(store, many(6))
    store._connection.cursor().execute("update redaction set rules = 'old' where response = 'r1'")
    assert comments(store, CommentsQuestion()).matches == 5


def test_comments_on_one_organisation_of_a_divergence(demonstration: Store) -> None:
    """The practice that Healthwatch alone contradicts has its comments to read."""
    report = divergence(demonstration, Pairing("fft_gp", "gp_survey"))
    assert "P-0103" in set(report.rows["unit"])
    found = comments(demonstration, CommentsQuestion(area="P-0103"))
    assert found.matches > PAGE
    assert set(found.rows["organisation"]) == {"P-0103"}


def test_services_are_those_that_comments_speak_of(store: Store) -> None:
    committed(store, [*many(3), *many(3, start=9, service="dental")])
    assert services(store) == {}  # of few as of nobody
    committed(store, [*many(6), *many(6, start=9, service="dental")])
    assert services(store) == {"general_practice": "General practice", "dental": "Dental"}


def test_suggested_themes_stand_with_how_often_the_rule_is_right(store: Store) -> None:
    committed(store, many(6, comment="No parking at all"))
    context, _ = words.texts(comments(store, CommentsQuestion(suggestions=True)))[0]
    assert "suggested by a rule: Parking and transport (right for 100%)" in context
    assert "suggested" not in words.texts(comments(store, CommentsQuestion()))[0][0]


def test_the_newest_comment_of_each_feeling_is_the_first_listed(demonstration: Store) -> None:
    question = CommentsQuestion(theme=WAIT)
    listed = {
        feeling: words.texts(comments(demonstration, replace(question, feeling=feeling)))[:1]
        for feeling in ("positive", "negative")
    }
    assert all(listed.values())
    newest = words.texts(newest_of_each(demonstration, question, ("positive", "negative")))
    assert newest == [*listed["positive"], *listed["negative"]]


def test_nobody_is_quoted_whose_group_is_too_small(store: Store) -> None:
    committed(
        store,
        [*many(2, [WAIT], comment="Long wait"), *many(6, [WAIT], start=2, provider="P-OTHER")],
    )
    question = CommentsQuestion(theme=WAIT, disclosure=Disclosure(exact=True))
    quoted = newest_of_each(store, question, ("positive", "negative"))
    assert set(quoted.rows["organisation"]) <= set(quoted.groups["organisation"])
    assert "Long wait" not in str(words.texts(quoted))
