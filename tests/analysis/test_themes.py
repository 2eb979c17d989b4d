"""Themes: people are counted, small numbers hidden, suppliers' codes kept, suggestions never unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from pxcore.analysis import coding, load, mentions
from pxcore.analysis.themes import ThemesAsked, ThemesReport, themes
from pxcore.cli import _plain
from pxcore.model import Disclosure, Period
from pxcore.store import Store
from tests.analysis.voices import comment, committed, many
from tests.store.loads import extract, fft, parent, provider

WAIT, STAFF, PARK = "Waiting times", "Staff attitudes", "Parking and transport"


def cell(report: ThemesReport, theme: str, voice: str = "healthwatch") -> pd.Series:
    rows = report.prominence
    found = rows[(rows["theme"] == theme) & (rows["voice"] == voice)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_share_is_of_people_with_wilsons_range(store: Store) -> None:
    committed(store, [*many(30, [WAIT]), *many(70, [STAFF], start=30)])
    report = themes(store, ThemesAsked())
    found = cell(report, WAIT)
    assert (found["people"], found["base"], found["share"]) == (30, 100, 0.3)
    assert (found["low"], found["high"]) == pytest.approx(
        proportion_confint(30, 100, method="wilson")
    )
    assert (
        report.summary()
        == "Staff attitudes is the topic named most: by 70% (60 to 78%) in Healthwatch."
    )


def test_one_author_is_one_person_in_however_many_comments(store: Store) -> None:
    same = many(40, [WAIT], author="P 1")
    again = [comment(50 + at, [WAIT], author="P 2", on=f"2025-{at + 1:02}-01") for at in range(12)]
    committed(store, [*same, *again, *many(18, [STAFF], start=100), *many(10, [], start=200)])
    report = themes(store, ThemesAsked())
    assert report.voice("healthwatch").people == 30
    assert np.isnan(cell(report, WAIT)["share"])  # two people wrote 52 comments
    assert cell(report, WAIT)["silence"] == "few"
    assert (cell(report, STAFF)["people"], cell(report, STAFF)["base"]) == (18, 30)


def test_what_few_named_and_what_few_did_not_name_is_hidden(store: Store) -> None:
    rows = [*many(4, [WAIT, STAFF]), *many(93, [STAFF], start=4), *many(3, [], start=97)]
    committed(store, rows)
    report = themes(store, ThemesAsked())
    for theme in (WAIT, STAFF):  # four named the one; three did not name the other
        assert np.isnan(cell(report, theme)["people"])
        assert np.isnan(cell(report, theme)["share"])
    assert "4" not in str(report.as_json()["themes"])
    assert report.summary().startswith("No theme is named by enough people")


def test_a_true_zero_is_shown_as_silence(store: Store) -> None:
    opinion = many(60, [STAFF], start=500, source="care_opinion")
    committed(store, [*many(20, [WAIT]), *many(30, [STAFF], start=20)], opinion)
    report = themes(store, ThemesAsked())
    none = cell(report, WAIT, "care_opinion")
    assert (none["people"], none["share"], none["silence"]) == (0, 0, "none")
    assert "Care Opinion says nothing on Waiting times: nobody of 60 people" in " ".join(
        report.silence()
    )


def test_a_source_of_few_people_is_not_heard(store: Store) -> None:
    committed(store, many(4, [WAIT]))
    report = themes(store, ThemesAsked())
    assert report.status == "nothing"
    assert "Too few people" in report.summary()
    assert "4" not in str(report.as_json()["themes"])


def test_a_theme_of_a_supplier_is_put_under_the_common_one_and_keeps_its_words(
    store: Store,
) -> None:
    rows = [*many(20, ["Timeliness of care"]), *many(20, ["TIMELINESS  of care!"], start=20)]
    committed(store, [*rows, *many(20, ["Something of its own"], start=40)])
    report = themes(store, ThemesAsked())
    assert cell(report, WAIT)["people"] == 40
    assert cell(report, "Something of its own")["people"] == 20
    own = themes(store, ThemesAsked(own_words=True))
    assert cell(own, "Timeliness of care")["people"] == 20
    assert cell(own, "Timeliness of care")["domain"] == "access"


def test_two_words_for_one_theme_in_one_comment_are_one_mention(store: Store) -> None:
    committed(
        store, [*many(20, ["Staff manner", "Staff professionalism"]), *many(20, [], start=20)]
    )
    assert cell(themes(store, ThemesAsked()), STAFF)["people"] == 20


def test_general_praise_is_no_topic(store: Store) -> None:
    committed(store, [*many(80, ["Positive experience & gratitude"]), *many(20, [WAIT], start=80)])
    report = themes(store, ThemesAsked())
    assert report.ordered_themes() == [WAIT]
    assert report.ordered_themes(topics_only=False) == ["Praise in general", WAIT]
    assert report.summary().startswith("Waiting times is the topic named most")


def test_what_could_not_be_labelled_is_left_out_and_said(store: Store) -> None:
    not_labelled = many(30, [], start=100, flags=["Labelling not possible"])
    not_assigned = many(20, [], start=200, flags=["Not assigned"])
    committed(store, [*many(20, [WAIT]), *not_labelled, *not_assigned])
    report = themes(store, ThemesAsked())
    assert cell(report, WAIT)["base"] == 40  # not assigned is a coder's answer: none of the themes
    assert "30 comments could not be labelled" in report.limits()


def test_filters_of_area_service_and_time(store: Store) -> None:
    store.commit(
        [
            extract(
                provider=[provider("P-1"), provider("P-2"), provider("B-1", "icb")],
                parent=[parent("P-1", "B-1", "icb")],
            )
        ]
    )
    here = many(20, [WAIT], on="2025-07-10")
    there = many(30, [STAFF], start=100, provider="P-2", on="2025-09-01", service="dental")
    committed(store, [*here, *there, *many(10, [WAIT], start=200, on="")])
    assert themes(store, ThemesAsked()).voice("healthwatch").people == 60
    assert themes(store, ThemesAsked(area="B-1")).voice("healthwatch").people == 30
    assert themes(store, ThemesAsked(service="dental")).voice("healthwatch").people == 30
    july = Period.month(2025, 7)
    assert themes(store, ThemesAsked(window=july)).voice("healthwatch").people == 20


def test_an_undated_comment_that_a_later_file_repeats_counts_once(store: Store) -> None:
    rows = many(20, [WAIT], on="")
    committed(store, rows, [*rows, *many(5, [WAIT], start=50, on="")])
    assert cell(themes(store, ThemesAsked()), WAIT)["base"] == 25


# --- Parts of a whole -------------------------------------------------------------------------

PARTS = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=2, max_size=4)


@settings(deadline=None)
@given(PARTS)
def test_no_hidden_part_follows_from_the_whole(parts: list[tuple[int, int]]) -> None:
    """Of each theme whose whole is shown, no part is hidden alone, and none shown rests on few."""
    told = [("all", theme, "", sum(pair[at] for pair in parts)) for at, theme in enumerate("ab")]
    told += [("all", "", "", sum(map(sum, parts)))]
    for place, pair in enumerate(parts):
        told += [("service", theme, f"s{place}", pair[at]) for at, theme in enumerate("ab")]
        told += [("service", "", f"s{place}", sum(pair))]
    counts = pd.DataFrame(told, columns=["cut", "theme", "part", "people"])
    counts = counts[counts["people"] > 0].assign(
        source="healthwatch", comments=1.0, by_supplier=1.0, by_person=0.0, by_rule=0.0
    )
    counts["people"] = counts["people"].astype(float)
    none = pd.DataFrame(columns=["voice", "source", "place", "service", "theme", "people", "base"])
    asked = ThemesAsked()
    voices = mentions.voices_of(counts, none, asked)
    whole = mentions.prominence_of(counts, none, voices, asked)
    cells = mentions.parts_of(counts, "service", voices, whole, asked)
    cells = cells[cells["service"] != ""]
    truth = {row.theme + row.part: row.people for row in counts.itertuples()}
    for theme, of_theme in cells.groupby("theme"):
        shown = of_theme[of_theme["people"].notna()]
        for row in shown.itertuples():
            assert row.people == truth.get(f"{theme}{row.service}", 0)
            assert row.people == 0 or row.people >= 5
            assert row.base - row.people == 0 or row.base - row.people >= 5
        if whole.set_index("theme").loc[theme, "share"] >= 0:
            hidden = of_theme[of_theme["people"].isna()]
            assert len(hidden) != 1
            held = sum(truth.get(f"{theme}{one}", 0) for one in hidden["service"])
            assert held == 0 or held >= 5


def _in_two_areas(store: Store) -> None:
    areas = {"P-1": "B-1", "P-2": "B-2"}
    store.commit(
        [
            extract(
                provider=[*map(provider, areas), *(provider(one, "icb") for one in areas.values())],
                parent=[parent(own, above, "icb") for own, above in areas.items()],
            )
        ]
    )


def test_what_few_named_elsewhere_is_not_had_by_looking_at_one_area(store: Store) -> None:
    """All less one area would leave the two people of the other who named it."""
    _in_two_areas(store)
    here = [*many(20, [WAIT]), *many(20, [STAFF], start=20)]
    there = {"provider": "P-2"}
    committed(
        store,
        [
            *here,
            *many(2, [WAIT], start=100, **there),
            *many(20, [STAFF], start=110, **there),
            *many(9, [PARK], start=140, **there),
        ],
    )
    assert cell(themes(store, ThemesAsked()), WAIT)["people"] == 22
    one = themes(store, ThemesAsked(area="B-1"))
    assert np.isnan(cell(one, WAIT)["people"])
    assert cell(one, WAIT)["silence"] == "few"
    assert cell(one, STAFF)["people"] == 20
    parts = one.services[one.services["theme"] == WAIT]
    assert parts["people"].isna().all()  # its parts would add up to it


def test_an_area_is_not_heard_where_few_people_are_outside_it(store: Store) -> None:
    _in_two_areas(store)
    committed(store, [*many(30, [WAIT]), *many(2, [WAIT], start=100, provider="P-2")])
    assert themes(store, ThemesAsked()).voice("healthwatch").people == 32
    assert np.isnan(themes(store, ThemesAsked(area="B-1")).voice("healthwatch").people)


def test_a_service_or_a_time_alone_is_hidden_with_what_few_named_in_the_others(
    store: Store,
) -> None:
    july, august = {"on": "2025-07-10"}, {"on": "2025-08-10", "service": "dental"}
    committed(
        store,
        [
            *many(20, [WAIT], **july),
            *many(20, [STAFF], start=20, **july),
            *many(2, [WAIT], start=100, **august),
            *many(20, [STAFF], start=110, **august),
            *many(9, [PARK], start=140, **august),
        ],
    )
    for asked in (
        ThemesAsked(service="general_practice"),
        ThemesAsked(window=Period.month(2025, 7)),
    ):
        one = themes(store, asked)
        assert np.isnan(cell(one, WAIT)["people"])
        assert cell(one, STAFF)["people"] == 20


NESTED = st.lists(st.integers(0, 14), min_size=6, max_size=6)


@settings(deadline=None)
@given(NESTED, NESTED)
def test_no_few_people_follow_from_areas_looked_at_in_turn(
    named: list[int], others: list[int]
) -> None:
    """Six areas, two in each of three larger ones: no total shown leaves a few people of one of them."""
    rows = [
        (theme, f"s{at}", f"i{at // 2}", float(count))
        for at, (yes, no) in enumerate(zip(named, others, strict=True))
        for theme, count in ((WAIT, yes), ("", yes + no))
        if count
    ]
    own = pd.DataFrame(rows, columns=["theme", "part", "icb", "people"]).assign(
        sub_icb="", region=""
    )
    if not (own["theme"] == WAIT).any():
        return
    told = mentions._beside_each_other(own, ThemesAsked())
    for _, of_theme in told.groupby("theme"):
        for inside in (of_theme, *(group for _, group in of_theme.groupby("icb"))):
            hidden = inside[inside["withheld"] != "none"]
            shown = inside[inside["withheld"] == "none"]
            assert not ((shown["people"] > 0) & (shown["people"] < 5)).any()
            if len(inside) > 1 and inside["people"].sum() >= 5:
                assert len(hidden) != 1 or hidden["people"].sum() >= 5


def test_feelings_of_a_theme_are_hidden_in_twos(store: Store) -> None:
    rows = [
        *many(40, [WAIT], sentiment="negative"),
        *many(10, [WAIT], start=40, sentiment="positive"),
        *many(2, [WAIT], start=50, sentiment="neutral"),
        *many(50, [STAFF], start=60, sentiment="positive"),
    ]
    committed(store, rows)
    report = themes(store, ThemesAsked())
    felt = report.feelings[report.feelings["theme"] == WAIT].set_index("feeling")
    assert felt["count"].isna().sum() == 2  # the two, and the ten beside them
    assert felt.loc["negative", "count"] == 40
    assert felt["share"].isna().all()  # of whom it is known would tell the hidden
    staff = report.feelings[report.feelings["theme"] == STAFF].set_index("feeling")
    assert staff.loc["positive", "share"] == 1.0


def test_a_person_of_two_feelings_is_mixed(store: Store) -> None:
    rows = [comment(at, [WAIT], author=f"P {at % 10}", sentiment=("positive", "negative")[at // 10])
            for at in range(20)]  # fmt: skip
    committed(store, [*rows, *many(30, [STAFF], start=50)])
    felt = themes(store, ThemesAsked()).feelings
    felt = felt[felt["theme"] == WAIT].set_index("feeling")
    assert felt.loc["neutral", "count"] == 10  # mixed is neither
    assert felt.loc["positive", "count"] == 0


# --- Two sources, time, pairs -----------------------------------------------------------------


def test_two_sources_are_compared_theme_by_theme(store: Store) -> None:
    opinion = [
        *many(50, [STAFF], start=500, source="care_opinion"),
        *many(10, [WAIT], start=600, source="care_opinion"),
    ]
    committed(store, [*many(60, [WAIT]), *many(40, [STAFF], start=100)], opinion)
    report = themes(store, ThemesAsked())
    assert (report.left, report.right) == ("healthwatch", "care_opinion")
    rows = report.differences.set_index("theme")
    assert rows.loc[WAIT, "difference"] == pytest.approx(0.6 - 10 / 60)
    assert bool(rows.loc[WAIT, "shown"])
    assert "differ beyond chance on 2 of 2 themes" in report.summary()
    turned = themes(store, ThemesAsked(left="care_opinion", right="healthwatch"))
    assert turned.differences.set_index("theme").loc[WAIT, "difference"] == pytest.approx(
        -(0.6 - 10 / 60)
    )


def test_a_hidden_cell_is_in_no_comparison(store: Store) -> None:
    opinion = [
        *many(50, [STAFF], start=500, source="care_opinion"),
        *many(3, [WAIT], start=600, source="care_opinion"),
    ]
    committed(store, [*many(60, [WAIT]), *many(40, [STAFF], start=100)], opinion)
    rows = themes(store, ThemesAsked()).differences.set_index("theme")
    assert np.isnan(rows.loc[WAIT, "difference"])
    assert np.isnan(rows.loc[WAIT, "p_value"])


def over_years(store: Store, rise: int) -> ThemesReport:
    rows: list[dict[str, Any]] = []
    for quarter in range(12):
        on = f"{2022 + quarter // 4}-{quarter % 4 * 3 + 2:02}-10"
        named = 10 + rise * quarter
        rows += many(named, [WAIT], start=1000 * quarter, on=on)
        rows += many(60 - named, [STAFF], start=1000 * quarter + 500, on=on)
    return themes(committed(store, rows), ThemesAsked())


def test_a_theme_that_rises_is_found_and_its_opposite_falls(store: Store) -> None:
    report = over_years(store, rise=2)
    found = report.trends.set_index("theme")
    assert found.loc[WAIT, "direction"] == "up"
    assert found.loc[STAFF, "direction"] == "down"
    assert found.loc[WAIT, "slope"] == pytest.approx(100 * 2 / 60 * 4)  # points a year
    assert found.loc[WAIT, "cut"] == "quarter"
    assert "Waiting times is named more often in Healthwatch" in report.series_said(WAIT)
    assert len(report.series(WAIT)) == 12


def test_a_theme_that_stays_is_not_said_to_move(store: Store) -> None:
    report = over_years(store, rise=0)
    assert set(report.trends["direction"]) == {"no trend shown"}
    assert "no rise or fall shown" in report.series_said(WAIT)


def test_too_few_points_are_said_to_be_too_short(store: Store) -> None:
    committed(store, many(60, [WAIT, STAFF]))
    report = themes(store, ThemesAsked())
    assert report.trends.empty
    assert "fewer than 8 quarters" in report.too_short["healthwatch"]
    assert ("Rising or falling", "Too short") in [figure[:2] for figure in report.figures()]


def test_points_in_time_of_few_people_are_not_drawn(store: Store) -> None:
    rows: list[dict[str, Any]] = []
    for quarter in range(12):
        on = f"{2022 + quarter // 4}-{quarter % 4 * 3 + 2:02}-10"
        rows += many(2 if quarter == 5 else 10, [WAIT], start=1000 * quarter, on=on)
        rows += many(20, [STAFF], start=1000 * quarter + 500, on=on)
    report = themes(committed(store, rows), ThemesAsked())
    points = report.points[report.points["theme"] == WAIT]
    assert points["people"].isna().sum() == 2  # the quarter of two people, and another
    assert report.trends.set_index("theme").loc[WAIT, "points"] == 12


def test_themes_that_go_together_are_found(store: Store) -> None:
    rows = [
        *many(40, [WAIT, STAFF]),
        *many(20, [WAIT], start=100),
        *many(20, [STAFF], start=200),
        *many(80, [PARK], start=300),
    ]
    report = themes(committed(store, rows), ThemesAsked())
    pair = report.pairs[
        (report.pairs["left_theme"] == STAFF) & (report.pairs["right_theme"] == WAIT)
    ].iloc[0]
    assert pair["people"] == 40
    assert pair["lift"] == pytest.approx(40 * 160 / 60 / 60)
    assert pair["with_other"] == pytest.approx(40 / 60)
    assert bool(pair["shown"])
    assert "go together in Healthwatch" in " ".join(report.pairs_said("healthwatch"))


def test_a_pair_with_a_small_cell_is_left_out(store: Store) -> None:
    rows = [*many(40, [WAIT, STAFF]), *many(3, [WAIT], start=100), *many(60, [PARK], start=300)]
    pairs = themes(committed(store, rows), ThemesAsked()).pairs
    assert not ((pairs["left_theme"] == STAFF) & (pairs["right_theme"] == WAIT)).any()


# --- Who coded --------------------------------------------------------------------------------


def test_comments_nobody_has_coded_are_said_to_wait(store: Store) -> None:
    committed(store, many(20))
    report = themes(store, ThemesAsked())
    assert report.status == "nothing"
    assert (
        report.summary()
        == "20 comments are loaded here, and nobody has coded them with themes yet."
    )


def test_a_few_comments_are_not_counted_aloud(store: Store) -> None:
    committed(store, many(3))
    report = themes(store, ThemesAsked())
    assert (
        report.summary()
        == "A few comments are loaded here, and nobody has coded them with themes yet."
    )
    assert "3" not in " ".join(report.silence())


def test_suggestions_count_only_where_asked_for_and_are_said_everywhere(store: Store) -> None:
    committed(store, many(20, comment="The parking was full"))
    assert themes(store, ThemesAsked()).status == "nothing"
    report = themes(store, ThemesAsked(suggestions=True))
    assert cell(report, PARK)["people"] == 20
    assert report.voice("healthwatch").coded_by == "suggested by keyword rules"
    assert "suggested by keyword rules for 20 people" in report.limits()
    assert report.marks
    assert report.as_json()["suggestions"] is True


def test_a_rule_never_touches_what_a_person_or_a_supplier_coded(store: Store) -> None:
    committed(store, [*many(20, [STAFF], comment="The parking was full"), *many(20, [], start=50)])
    with_rules = themes(store, ThemesAsked(suggestions=True))
    assert with_rules.prominence.equals(themes(store, ThemesAsked()).prominence)
    assert with_rules.by_rule == 0
    assert not with_rules.marks


def test_the_first_person_to_code_counts_and_the_supplier_stands(store: Store) -> None:
    supplied = many(20, [STAFF], source="care_opinion")
    committed(
        store, many(12, start=100), [*supplied, *many(6, [], start=300, source="care_opinion")]
    )
    asked = ThemesAsked()
    for coder, found in (("Ann", [WAIT]), ("Bo", [PARK])):
        for source in ("healthwatch", "care_opinion"):
            for _ in range(6):
                waiting = coding.next_comment(store, asked, source, coder)
                assert waiting is not None
                coding.code(store, waiting, coder, found)
    report = themes(store, asked)
    assert (cell(report, WAIT)["people"], cell(report, WAIT)["base"]) == (6, 6)
    assert report.voice("healthwatch").coded_by == "coded by people in this app"
    assert cell(report, STAFF, "care_opinion")["people"] == 20
    assert cell(report, WAIT, "care_opinion")["people"] == 0
    for _ in range(12):
        coding.undo(store, "Ann")  # now Bo's stand alone, on those both had coded
    assert cell(themes(store, asked), PARK)["people"] == 6


# --- Published tables -------------------------------------------------------------------------


def published(**rows: Any) -> dict[str, Any]:
    return {
        "source": "healthwatch",
        "measure": "theme",
        "grain": "area",
        "provider": "",
        "provider_name": "A Town",
        "service": "general_practice",
        "period_start": pd.Timestamp("2024-07-01").date(),
        "period_end": pd.Timestamp("2024-09-30").date(),
        "withheld": "none",
        "cell": "A!1",
    } | rows


def test_a_reports_own_table_is_a_voice_and_what_it_does_not_list_is_not_nobody(
    store: Store,
) -> None:
    store.commit(
        [
            extract(
                summary=[
                    published(measure="overall", respondents=300, positive=200),
                    published(theme="Appointment availability", respondents=109, positive=43,
                              neutral=7, negative=59),
                    published(theme="Booking appointments", respondents=30, positive=12,
                              neutral=0, negative=18),
                ]
            )
        ]
    )  # fmt: skip
    committed(store, [*many(20, [WAIT]), *many(30, ["Appointment availability"], start=50)])
    report = themes(store, ThemesAsked())
    voice = report.voices[-1]
    assert voice.published
    assert voice.title == "Healthwatch report, general practice"
    got = cell(report, "Appointment availability", voice.key)
    assert (got["people"], got["base"]) == (109, 300)  # the larger of the two, not their sum
    assert cell(report, WAIT, voice.key)["silence"] == "not published"
    assert "lists its most frequent themes alone" in " ".join(report.silence())


# --- Whole reports ----------------------------------------------------------------------------


def test_nothing_loaded_is_said_to_be_nothing(store: Store) -> None:
    report = themes(store, ThemesAsked())
    assert report.status == "nothing"
    assert "No comments are loaded" in report.summary()
    assert "Load comments" in report.next_step()
    store.commit([extract(fft_fact=[fft("P-1", 8, 10)])])
    assert "No comments came with FFT GP" in " ".join(themes(store, ThemesAsked()).silence())


def test_a_higher_floor_hides_more_and_changes_no_figure_that_stays(demonstration: Store) -> None:
    low = themes(demonstration, ThemesAsked())
    high = themes(demonstration, ThemesAsked(disclosure=Disclosure(30)))
    for name in ("prominence", "services"):
        one, other = getattr(low, name), getattr(high, name)
        assert other["people"].notna().sum() < one["people"].notna().sum()
        stays = other[other["people"].notna()]
        both = stays.merge(one, on=["theme", "voice", *(["service"] if name == "services" else [])])
        assert (both["share_x"] == both["share_y"]).all()
        assert ((stays["people"] >= 30) | (stays["people"] == 0)).all()


def test_the_demonstration_is_golden(
    demonstration: Store, golden: Callable[[str, Any], None]
) -> None:
    report = themes(demonstration, ThemesAsked())
    found = report.as_json()
    golden(
        "demonstration_themes",
        _plain(
            {
                "summary": report.summary(),
                "limits": report.limits(),
                "figures": report.figures(),
                "findings": report.findings(),
                "sources": found["sources"],
                "screen": report.screen().to_dict("records"),
                "trends": report.trend_rows().to_dict("records"),
                "pairs": report.pair_rows("healthwatch").head(5).to_dict("records"),
                "silence": found["silence"],
            }
        ),
    )


def test_the_coded_comments_of_two_trusts(real: Path) -> None:
    """47 themes (43 of them used), 3 flags, odd scores and dates: read, counted, and said."""
    store = Store.open()
    files = [(path.name, path.read_bytes()) for path in sorted((real / "comments").glob("*.csv"))]
    outcome = load.load_files(store, files)
    assert [one.status for one in outcome] == ["loaded"]
    assert "outside the documented 1 to 5" in str(outcome[0].reading.faults)
    report = themes(store, ThemesAsked())
    voice = report.voice("coded_comments")
    assert (voice.people, voice.coded_by) == (4132, "coded by the supplier")
    assert report.summary().startswith(
        "Staff attitudes is the topic named most: by 35% (33 to 36%)"
    )
    assert "2,322 comments have no certain date" in report.limits()
    assert "1,685 comments could not be labelled" in report.limits()
    assert report.trends["cut"].eq("month").all()
    own = themes(store, ThemesAsked(own_words=True))
    assert own.prominence["theme"].nunique() == 43
    shown = own.prominence["people"].dropna()
    assert ((shown >= 5) | (shown == 0)).all()
    store.close()


def test_general_praise_named_most_is_told_though_it_is_no_topic(store: Store) -> None:
    committed(store, [*many(60, ["Praise in general"]), *many(30, [STAFF], start=60)])
    report = themes(store, ThemesAsked())
    assert report.summary().startswith("Staff attitudes is the topic named most")
    assert "Praise in general is named more, but names no topic." in report.limits()


def test_that_rules_suggest_nothing_is_said(store: Store) -> None:
    committed(store, many(30, [STAFF]))
    told = themes(store, ThemesAsked(suggestions=True)).limits()
    assert "rules suggest nothing" in told
    assert "rules suggest nothing" not in themes(store, ThemesAsked()).limits()
