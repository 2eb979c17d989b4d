"""What the report of themes says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.cli.run import plain
from pxcore.disclosure import Released
from pxcore.model import Disclosure
from pxcore.publish.themes import as_json
from pxcore.store import Store
from pxcore.words import themes as words
from tests.analysis.voices import committed, many
from tests.store.loads import extract, fft

WAIT, STAFF, PARK = "Waiting times", "Staff attitudes", "Parking and transport"
EXACT = Disclosure(exact=True)


def test_comments_nobody_has_coded_are_said_to_wait(store: Store) -> None:
    committed(store, many(20))
    report = themes(store, ThemesQuestion(disclosure=EXACT))
    assert report.status == "nothing"
    assert words.summary(report) == (
        "20 people wrote the comments that are loaded, and nobody has coded them with themes yet."
    )
    assert "Healthwatch: nobody has coded the comments of 20 people." in words.silence(report)


def test_a_few_comments_are_not_counted_aloud(store: Store) -> None:
    committed(store, many(3))
    report = themes(store, ThemesQuestion())
    assert words.summary(report) == (
        "Fewer than 5 people wrote the comments that are loaded, and nobody has coded them with themes "
        "yet."
    )
    assert "3" not in " ".join(words.silence(report))


def test_nothing_loaded_is_said_to_be_nothing(store: Store) -> None:
    report = themes(store, ThemesQuestion())
    assert report.status == "nothing"
    assert "No comments are loaded" in words.summary(report)
    assert "Load comments" in words.next_step(report)
    store.commit([extract(fft_fact=[fft("P-1", 8, 10)])])
    assert "No comments came with FFT GP" in " ".join(
        words.silence(themes(store, ThemesQuestion()))
    )


def test_the_demonstration_is_golden(
    demonstration: Store, golden: Callable[[str, Any], None]
) -> None:
    report = themes(demonstration, ThemesQuestion())
    found = as_json(report)
    golden(
        "demonstration_themes",
        plain(
            {
                "summary": words.summary(report),
                "limits": words.limits(report),
                "findings": words.findings(report),
                "sources": found["sources"],
                "screen": words.screen(report).to_dict("records"),
                "trends": words.trend_rows(report).to_dict("records"),
                "pairs": words.pair_rows(report, "healthwatch").head(5).to_dict("records"),
                "silence": found["silence"],
            }
        ),
    )


def test_general_praise_named_most_is_told_though_it_is_no_topic(store: Store) -> None:
    committed(store, [*many(60, ["Praise in general"]), *many(30, [STAFF], start=60)])
    report = themes(store, ThemesQuestion())
    assert words.summary(report).startswith("Staff attitudes is the topic named most")
    assert "Praise in general is named more, but names no topic." in words.limits(report)


def test_that_rules_suggest_nothing_is_said(store: Store) -> None:
    committed(store, many(30, [STAFF]))
    told = words.limits(themes(store, ThemesQuestion(suggestions=True)))
    assert "rules suggest nothing" in told
    assert "rules suggest nothing" not in words.limits(themes(store, ThemesQuestion()))


def test_every_table_has_been_released(demonstration: Store) -> None:
    report = themes(demonstration, ThemesQuestion())
    for rows in (words.screen(report), words.table(report), words.trend_rows(report),
                 words.pair_rows(report, "healthwatch")):  # fmt: skip
        assert isinstance(rows, Released)
        assert not [column for column in rows if column.endswith("_key")]


def test_the_method_names_its_constants(demonstration: Store) -> None:
    text = " ".join(words.method(themes(demonstration, ThemesQuestion())))
    assert "at least 10 people is looked at, for themes named by at least 20" in text
    assert "q ≤ 0.05" in text
    assert "{" not in text


def test_one_theme_alone_is_spoken_of_in_the_singular(store: Store) -> None:
    opinion = many(60, [STAFF], start=500, source="care_opinion")
    committed(store, [*many(30, [WAIT]), *many(30, [STAFF], start=50)], opinion)
    report = themes(store, ThemesQuestion())
    assert "Care Opinion says little on Waiting times: fewer than 5" in " ".join(
        words.silence(report)
    )
    assert "% named it." in " ".join(words.silence(report)).replace(", named", " named")
