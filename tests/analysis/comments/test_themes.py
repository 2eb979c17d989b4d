"""Themes: people are counted, counts shown as released, suppliers' codes kept, suggestions never unasked.

Arithmetic is looked at in exact figures; what is shown of confidential counts in tests of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.proportion import proportion_confint

from pxcore.analysis.comments import coding, mentions
from pxcore.analysis.comments.themes import ThemesQuestion, ThemesReport, themes
from pxcore.analysis.files import load
from pxcore.disclosure import Released, largest_noise
from pxcore.errors import NothingToCompare
from pxcore.model import Disclosure, Period
from pxcore.publish.themes import as_json
from pxcore.store import Store
from pxcore.words import theme_trends as theme_trends_words
from pxcore.words import themes as words
from tests.analysis.voices import comment, committed, many
from tests.store.loads import extract, parent, provider

WAIT, STAFF, PARK = "Waiting times", "Staff attitudes", "Parking and transport"
EXACT = Disclosure(exact=True)
QUARTER = Period(date(2025, 7, 1), date(2025, 9, 30))


def exact(store: Store, **more: Any) -> ThemesReport:
    """The report in exact figures."""
    return themes(store, ThemesQuestion(disclosure=EXACT, **more))


def cell(report: ThemesReport, theme: str, voice: str = "healthwatch") -> pd.Series:
    rows = report.prominence
    found = rows[(rows["theme"] == theme) & (rows["voice"] == voice)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_share_is_of_people_with_wilsons_range(store: Store) -> None:
    committed(store, [*many(30, [WAIT]), *many(70, [STAFF], start=30)])
    report = exact(store)
    found = cell(report, WAIT)
    assert (found["people"], found["base"], found["share"]) == (30, 100, 0.3)
    assert (found["low"], found["high"]) == pytest.approx(
        proportion_confint(30, 100, method="wilson")
    )
    assert (
        words.summary(report)
        == "Staff attitudes is the topic named most: by 70% (60 to 78%) in Healthwatch."
    )


def test_one_author_is_one_person_in_however_many_comments(store: Store) -> None:
    same = many(40, [WAIT], author="P 1")
    again = [comment(50 + at, [WAIT], author="P 2", on=f"2025-{at + 1:02}-01") for at in range(12)]
    committed(store, [*same, *again, *many(18, [STAFF], start=100), *many(10, [], start=200)])
    report = exact(store)
    assert report.voice("healthwatch").people == 30
    assert cell(report, WAIT)["people"] == 2  # two people wrote 52 comments
    assert (cell(report, STAFF)["people"], cell(report, STAFF)["base"]) == (18, 30)


def test_in_exact_figures_nobody_is_silence(store: Store) -> None:
    opinion = many(60, [STAFF], start=500, source="care_opinion")
    committed(store, [*many(20, [WAIT]), *many(30, [STAFF], start=20)], opinion)
    report = exact(store)
    none = cell(report, WAIT, "care_opinion")
    assert (none["people"], none["share"], none["silence"]) == (0, 0, "none")
    assert "Care Opinion says nothing on Waiting times: none of 60 people" in " ".join(
        words.silence(report)
    )


def test_a_theme_of_a_supplier_is_put_under_the_common_one_and_keeps_its_words(
    store: Store,
) -> None:
    rows = [*many(20, ["Timeliness of care"]), *many(20, ["TIMELINESS  of care!"], start=20)]
    committed(store, [*rows, *many(20, ["Something of its own"], start=40)])
    report = exact(store)
    assert cell(report, WAIT)["people"] == 40
    assert cell(report, "Something of its own")["people"] == 20
    own = exact(store, own_words=True)
    assert cell(own, "Timeliness of care")["people"] == 20
    assert cell(own, "Timeliness of care")["domain"] == "access"


def test_two_words_for_one_theme_in_one_comment_are_one_mention(store: Store) -> None:
    committed(
        store, [*many(20, ["Staff manner", "Staff professionalism"]), *many(20, [], start=20)]
    )
    assert cell(exact(store), STAFF)["people"] == 20


def test_general_praise_is_no_topic(store: Store) -> None:
    committed(store, [*many(80, ["Positive experience & gratitude"]), *many(20, [WAIT], start=80)])
    report = themes(store, ThemesQuestion())
    assert report.topics == (WAIT,)
    assert report.named == ("Praise in general", WAIT)
    assert words.summary(report).startswith("Waiting times is the topic named most")


def test_what_could_not_be_labelled_is_left_out_and_said(store: Store) -> None:
    not_labelled = many(30, [], start=100, flags=["Labelling not possible"])
    not_assigned = many(20, [], start=200, flags=["Not assigned"])
    committed(store, [*many(20, [WAIT]), *not_labelled, *not_assigned])
    report = exact(store)
    assert cell(report, WAIT)["base"] == 40  # not assigned is a coder's answer: none of the themes
    assert "Comments of 30 people could not be labelled" in words.limits(report)


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
    assert exact(store).voice("healthwatch").people == 60
    assert exact(store, area="B-1").voice("healthwatch").people == 30
    assert exact(store, service="dental").voice("healthwatch").people == 30
    assert exact(store, window=Period.month(2025, 7)).voice("healthwatch").people == 20


def test_an_undated_comment_that_a_later_file_repeats_counts_once(store: Store) -> None:
    rows = many(20, [WAIT], on="")
    committed(store, rows, [*rows, *many(5, [WAIT], start=50, on="")])
    assert cell(exact(store), WAIT)["base"] == 25


# --- What is shown -----------------------------------------------------------------------------


def noisy(shown: float, exactly: float) -> bool:
    return abs(shown - exactly) <= largest_noise()


def test_what_few_or_nobody_named_reads_fewer_than_five_with_its_bound(store: Store) -> None:
    opinion = many(60, [STAFF], start=500, source="care_opinion")
    committed(
        store, [*many(4, [WAIT]), *many(20, [PARK], start=10), *many(30, [], start=50)], opinion
    )
    committed(store, many(20, [WAIT], start=900, source="nhs_reviews"))
    report = themes(store, ThemesQuestion())
    screen = words.screen(report).set_index("theme")
    for theme, voice in ((WAIT, "healthwatch"), (WAIT, "care_opinion"), (PARK, "care_opinion")):
        found = cell(report, theme, voice)
        assert np.isnan(found["people"])
        assert np.isnan(found["share"])
        assert (found["silence"], found["withheld"]) == ("few", "floor")
        assert found["under"] == 5 / found["base"]
        under = f"{100 * found['under']:.0f}%"
        said = f"fewer than 5 of {found['base']:.0f}: under {under}"
        assert screen.loc[theme, f"voice {voice}"] == said
    silence = " ".join(words.silence(report))
    assert (
        "Care Opinion says little on Parking and transport and Waiting times: fewer than 5"
        in silence
    )
    assert "none of" not in silence
    assert not report.prominence["people"].eq(0).any()


def test_a_theme_of_few_everywhere_is_not_named_at_all(store: Store) -> None:
    """That it is listed would say that somebody wrote of it, perhaps in words of their own."""
    committed(store, [*many(2, ["Zebra crossing"]), *many(30, [STAFF], start=10)])
    for asked in (ThemesQuestion(), ThemesQuestion(own_words=True)):
        report = themes(store, asked)
        assert "Zebra" not in str(as_json(report))
        assert "Zebra" not in report.services.to_csv() + report.feelings.to_csv()


def test_what_is_listed_hangs_on_no_filter(store: Store) -> None:
    """Themes, sources and files of few in an area are as they are where nobody wrote."""
    _in_two_areas(store)
    committed(store, [*many(30, [WAIT]), *many(30, [STAFF], start=50)])
    committed(store, many(20, [WAIT], start=900, source="care_opinion"), name="opinion")
    nobody = themes(store, ThemesQuestion(area="B-2"))
    committed(store, many(3, [WAIT], start=100, provider="P-2", on="2025-08-10"), name="later")
    few = themes(store, ThemesQuestion(area="B-2"))
    for name in ("prominence", "services", "feelings", "differences", "trends", "points", "pairs"):
        assert getattr(few, name).to_csv() == getattr(nobody, name).to_csv(), name
    assert words.summary(few) == words.summary(nobody)
    assert str(few.voices) == str(nobody.voices)
    assert few.extracts == nobody.extracts == ()


def test_a_window_that_cuts_a_quarter_is_refused(store: Store) -> None:
    committed(store, many(30, [WAIT]))
    for window in (Period.month(2025, 7), Period(date(2025, 7, 10), date(2025, 9, 30))):
        with pytest.raises(NothingToCompare, match="by whole quarters"):
            themes(store, ThemesQuestion(window=window))
    assert themes(store, ThemesQuestion(window=QUARTER)).status == "ok"


def test_a_source_of_few_people_is_not_heard(store: Store) -> None:
    committed(store, many(4, [WAIT]))
    report = themes(store, ThemesQuestion())
    assert report.status == "nothing"
    assert "Too few people's comments are coded" in words.summary(report)
    assert as_json(report)["themes"] == []


def test_the_same_people_are_as_many_wherever_they_are_counted(store: Store) -> None:
    """Everybody by area, service, window and quarter; those who named a theme in each of these."""
    _in_two_areas(store)
    committed(
        store, [*many(40, [WAIT, STAFF]), *many(30, [STAFF], start=100), *many(20, [], start=200)]
    )
    views = [
        {},
        {"area": "B-1"},
        {"service": "general_practice"},
        {"window": QUARTER},
    ]
    asked = [themes(store, ThemesQuestion(**view)) for view in views]  # type: ignore[arg-type]
    assert len({report.voice("healthwatch").people for report in asked}) == 1
    assert len({report.account["people"].iloc[0] for report in asked}) == 1
    for theme in (WAIT, STAFF):
        counts = {cell(report, theme)["people"] for report in asked}
        counts |= {count for report in asked for count in _of_services(report, theme)["people"]}
        assert len(counts) == 1
        assert noisy(counts.pop(), {WAIT: 40, STAFF: 70}[theme])
    assert asked[0].pairs["people"].iloc[0] == cell(asked[0], WAIT)["people"]  # who named both


def _of_services(report: ThemesReport, theme: str) -> pd.DataFrame:
    return report.services[report.services["theme"] == theme]


def test_a_file_loaded_again_gives_the_same_counts(store: Store) -> None:
    rows = [*many(40, [WAIT]), *many(30, [STAFF], start=100)]
    first = themes(committed(store, rows), ThemesQuestion())
    again = themes(committed(store, rows), ThemesQuestion())
    assert first.prominence.equals(again.prominence)


def test_counts_carry_noise_and_are_never_further_off_than_it(store: Store) -> None:
    rows = []
    for at in range(40):
        place = {"provider": f"P-{at}", "service": ("dental", "pharmacy")[at % 2]}
        on = f"{2023 + at % 12 // 4}-{at % 4 * 3 + 1:02}-01"
        rows += many(6 + at, [WAIT], start=1000 * at, on=on, **place)
        rows += many(9, [STAFF], start=1000 * at + 500, on=on, **place)
    committed(store, rows)
    shown, true = themes(store, ThemesQuestion()), exact(store)
    keys = ["theme", "voice", "service"]
    both = shown.services.merge(true.services, on=keys)
    points = shown.points.merge(true.points, on=["theme", "voice", "when"])
    off = pd.concat([both["people_x"] - both["people_y"], points["people_x"] - points["people_y"]])
    assert off.abs().max() <= largest_noise()
    assert (off != 0).mean() > 0.5


def test_shares_are_of_counts_as_they_are_shown(store: Store) -> None:
    rows = [
        *many(12, [WAIT]),
        *many(25, [STAFF], start=100),
        *many(30, [WAIT], start=200, service="dental"),
    ]
    report = themes(committed(store, rows), ThemesQuestion())
    for cells in (report.prominence, report.services):
        shown = cells[cells["people"].notna()]
        assert len(shown)
        assert (shown["share"] == shown["people"] / shown["base"]).all()
        assert (shown["share"] <= 1).all()
        # the noise widens ranges
        narrow = proportion_confint(shown["people"], shown["base"], method="wilson")
        assert (shown["high"] - shown["low"] > narrow[1] - narrow[0]).all()
    known = report.feelings[report.feelings["count"].notna() & report.feelings["share"].notna()]
    assert (known["share"] == known["count"] / known["known"]).all()
    assert (known["count"] >= 5).all()


@pytest.mark.parametrize("silent", [0, 1, 2])
def test_no_share_is_above_one(store: Store, silent: int) -> None:
    rows: list[dict[str, Any]] = []
    for at in range(30):
        rows += many(9, [WAIT], start=1000 * at, on=f"20{10 + at // 2}-0{1 + at % 2 * 5}-10")
        rows += many(silent, [], start=1000 * at + 500, on=f"20{10 + at // 2}-0{1 + at % 2 * 5}-10")
    report = themes(committed(store, rows), ThemesQuestion())
    for cells in (report.prominence, report.services, report.points):
        shown = cells[cells["share"].notna()]
        assert (shown["people"] <= shown["base"]).all()
        assert (shown["high"] <= 1).all()


def test_every_frame_of_a_report_has_been_released(store: Store, demonstration: Store) -> None:
    for report in (themes(store, ThemesQuestion()), themes(demonstration, ThemesQuestion())):
        for name in ("account", "prominence", "services", "feelings", "differences", "trends", "points",
                     "pairs"):  # fmt: skip
            frame = getattr(report, name)
            assert isinstance(frame, Released), name
            assert not [column for column in frame if column.endswith("_key")]
    for frame in (
        words.screen(report),
        words.table(report),
        words.trend_rows(report),
        report.felt(),
        report.heat(),
    ):
        assert isinstance(frame, Released)


def test_nearly_every_legitimate_figure_of_the_demonstration_is_shown(demonstration: Store) -> None:
    """Of themes by source, service and time, where as many people as the floor wrote."""
    areas = demonstration.query("areas", organisation="current")
    asked = [ThemesQuestion(), *(ThemesQuestion(area=code) for code in areas["code"][::6])]
    asked += [ThemesQuestion(window=QUARTER), ThemesQuestion(service="dental")]
    cells = known = few = 0
    for one in asked:
        shown = themes(demonstration, one)
        true = themes(demonstration, replace(one, disclosure=EXACT))
        for name, place in (("prominence", []), ("services", ["service"]), ("points", ["when"])):
            at = ["theme", "voice", *place]
            both = getattr(true, name).merge(getattr(shown, name), on=at, how="left")
            both = both[both["base_x"] >= 5]
            cells += len(both)
            known += int((both["share_y"].notna() | both["under_y"].notna()).sum())
            few += int(both.loc[both["people_x"] < 5, "people_y"].notna().sum())
    assert cells > 1000
    # of three who may be read and one other, the other's moved number decides
    assert 0 < few < 0.03 * cells
    assert known / cells >= 0.95


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


# --- What was felt -----------------------------------------------------------------------------


def test_feelings_are_shares_of_those_known(store: Store) -> None:
    rows = [
        *many(40, [WAIT], sentiment="negative"),
        *many(10, [WAIT], start=40, sentiment="positive"),
        *many(2, [WAIT], start=50, sentiment="neutral"),
        *many(8, [WAIT], start=60, sentiment=""),
        *many(50, [STAFF], start=80, sentiment="positive"),
    ]
    report = exact(committed(store, rows))
    felt = report.feelings[report.feelings["theme"] == WAIT].set_index("feeling")
    assert felt["count"].to_dict() == {"positive": 10, "neutral": 2, "negative": 40, "unsaid": 8}
    assert felt.loc["negative", "share"] == 40 / 52
    shown = themes(store, ThemesQuestion()).feelings
    shown = shown[shown["theme"] == WAIT].set_index("feeling")
    assert np.isnan(shown.loc["neutral", "count"])  # two
    assert noisy(shown.loc["negative", "count"], 40)
    assert shown.loc["neutral", "under"] == 5 / shown.loc["neutral", "known"]
    assert noisy(shown.loc["negative", "known"], 52)
    few = themes(store, ThemesQuestion(disclosure=Disclosure(30))).feelings.set_index(
        ["theme", "feeling"]
    )
    assert np.isnan(few.loc[(WAIT, "positive"), "count"])


def test_a_person_of_two_feelings_is_mixed(store: Store) -> None:
    rows = [comment(at, [WAIT], author=f"P {at % 10}", sentiment=("positive", "negative")[at // 10])
            for at in range(20)]  # fmt: skip
    committed(store, [*rows, *many(30, [STAFF], start=50)])
    felt = exact(store).feelings
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
    report = exact(store)
    assert (report.left, report.right) == ("healthwatch", "care_opinion")
    rows = report.differences.set_index("theme")
    assert rows.loc[WAIT, "difference"] == pytest.approx(0.6 - 10 / 60)
    assert bool(rows.loc[WAIT, "shown"])
    assert "differ beyond chance on 2 of 2 themes" in words.limits(report)
    turned = exact(store, left="care_opinion", right="healthwatch")
    assert turned.differences.set_index("theme").loc[WAIT, "difference"] == pytest.approx(
        -(0.6 - 10 / 60)
    )


def test_a_hidden_cell_is_in_no_comparison(store: Store) -> None:
    opinion = [
        *many(50, [STAFF], start=500, source="care_opinion"),
        *many(3, [WAIT], start=600, source="care_opinion"),
    ]
    committed(store, [*many(60, [WAIT]), *many(40, [STAFF], start=100)], opinion)
    rows = themes(store, ThemesQuestion()).differences.set_index("theme")
    assert np.isnan(rows.loc[WAIT, "difference"])
    assert np.isnan(rows.loc[WAIT, "p_value"])


def test_two_sources_are_compared_by_counts_as_they_are_shown(store: Store) -> None:
    opinion = many(60, [STAFF, WAIT], start=500, source="care_opinion")
    committed(store, [*many(60, [WAIT]), *many(40, [STAFF], start=100)], opinion)
    report = themes(store, ThemesQuestion())
    one, other = (cell(report, WAIT, voice) for voice in (report.left, report.right))
    row = report.differences.set_index("theme").loc[WAIT]
    assert row["difference"] == pytest.approx(
        one["people"] / one["base"] - other["people"] / other["base"]
    )
    table = np.rint(
        [[v["share"] * v["worth"], (1 - v["share"]) * v["worth"]] for v in (one, other)]
    )
    exact_p = fisher_exact(table.astype(int)).pvalue
    assert row["p_value"] == pytest.approx(float(f"{exact_p:.0e}"))


def over_years(store: Store, rise: int) -> ThemesReport:
    rows: list[dict[str, Any]] = []
    for quarter in range(12):
        on = f"{2022 + quarter // 4}-{quarter % 4 * 3 + 2:02}-10"
        named = 10 + rise * quarter
        rows += many(named, [WAIT], start=1000 * quarter, on=on)
        rows += many(60 - named, [STAFF], start=1000 * quarter + 500, on=on)
    return exact(committed(store, rows))


def test_a_theme_that_rises_is_found_and_its_opposite_falls(store: Store) -> None:
    report = over_years(store, rise=2)
    found = report.trends.set_index("theme")
    assert found.loc[WAIT, "direction"] == "up"
    assert found.loc[STAFF, "direction"] == "down"
    assert found.loc[WAIT, "slope"] == pytest.approx(100 * 2 / 60 * 4)  # points a year
    assert "Waiting times is rising in Healthwatch" in theme_trends_words.over_time(report, WAIT)
    assert len(report.series(WAIT)) == 12


def test_a_theme_that_stays_is_not_said_to_move(store: Store) -> None:
    report = over_years(store, rise=0)
    assert set(report.trends["direction"]) == {"no trend shown"}
    assert "no rise or fall shown" in theme_trends_words.over_time(report, WAIT)


def test_too_few_points_are_said_to_be_too_short(store: Store) -> None:
    committed(store, many(60, [WAIT, STAFF]))
    report = themes(store, ThemesQuestion())
    assert report.trends.empty
    assert report.too_short == {"healthwatch": mentions.TooShort.FEW_QUARTERS}
    assert "fewer than 8 quarters" in " ".join(words.too_short(report))


def test_points_in_time_of_few_people_take_part_and_are_not_drawn(store: Store) -> None:
    rows: list[dict[str, Any]] = []
    for quarter in range(12):
        on = f"{2022 + quarter // 4}-{quarter % 4 * 3 + 2:02}-10"
        rows += many(2 if quarter == 5 else 10, [WAIT], start=1000 * quarter, on=on)
        rows += many(30, [STAFF], start=1000 * quarter + 500, on=on)
    report = themes(committed(store, rows), ThemesQuestion())
    points = report.points[report.points["theme"] == WAIT].set_index("when")
    assert points["people"].isna().sum() == 1
    assert points["under"].notna().sum() == 1
    assert report.trends.set_index("theme").loc[WAIT, "points"] == 12
    assert "At one point fewer than 5 people named it: not drawn." in theme_trends_words.over_time(
        report, WAIT
    )
    slopes = report.trends[["slope", "low", "high"]]
    assert (slopes == slopes.round(1)).all(axis=None)


def test_a_point_is_one_where_enough_people_are_shown(store: Store) -> None:
    rows: list[dict[str, Any]] = []
    for month in range(120):
        on = f"{2010 + month // 12}-{month % 12 + 1:02}-10"
        rows += many(10, [WAIT], start=1000 * month, on=on)
    points = themes(committed(store, rows), ThemesQuestion()).points
    assert (points["base"] >= mentions.FEWEST_AT_A_POINT).all()


def test_themes_that_go_together_are_found(store: Store) -> None:
    rows = [
        *many(40, [WAIT, STAFF]),
        *many(20, [WAIT], start=100),
        *many(20, [STAFF], start=200),
        *many(80, [PARK], start=300),
    ]
    report = exact(committed(store, rows))
    pair = report.pairs[
        (report.pairs["left_theme"] == STAFF) & (report.pairs["right_theme"] == WAIT)
    ].iloc[0]
    assert pair["people"] == 40
    assert pair["lift"] == pytest.approx(40 * 160 / 60 / 60)
    assert pair["with_right"] == pytest.approx(40 / 60)
    assert bool(pair["shown"])
    assert "go together in Healthwatch" in " ".join(words.pairs(report, "healthwatch"))


def test_a_pair_that_few_named_is_left_out(store: Store) -> None:
    rows = [*many(4, [WAIT, STAFF]), *many(30, [WAIT], start=100), *many(30, [STAFF], start=300)]
    assert themes(committed(store, rows), ThemesQuestion()).pairs.empty
    assert exact(store).pairs["people"].to_list() == [4]


@pytest.mark.parametrize(("read", "hidden"), [(4, 4), (5, 1), (5, 0)])
def test_two_themes_are_shown_together_where_those_read_or_the_others_are_enough(
    store: Store, read: int, hidden: int
) -> None:
    """Else that they are would tell that somebody is there besides those read."""
    rows = many(60, [PARK], start=1000)
    for theme in (WAIT, STAFF):
        rows += many(60, [theme], start=2000 + 1000 * (theme == WAIT))
    rows += many(read, [WAIT, STAFF])
    rows += [
        comment(100 + at, [WAIT, STAFF], provider=f"P-{2 + at}", provider_name=f"B Practice {at}")
        for at in range(hidden)
    ]
    pairs = themes(committed(store, rows), ThemesQuestion()).pairs
    assert len(pairs) == (read >= 5 or hidden >= 5)


def test_pairs_are_of_counts_as_they_are_shown_and_fit_their_themes(store: Store) -> None:
    rows = [*many(40, [WAIT, STAFF]), *many(1, [WAIT], start=100), *many(25, [PARK], start=300)]
    report = themes(committed(store, rows), ThemesQuestion())
    pair = report.pairs.iloc[0]
    named = [cell(report, theme)["people"] for theme in (STAFF, WAIT)]
    assert noisy(pair["people"], 40)
    assert pair["people"] <= min(named)
    assert pair["with_right"] == pytest.approx(pair["people"] / named[1])
    assert pair["with_right"] <= 1


# --- Who coded --------------------------------------------------------------------------------


def test_suggestions_count_only_where_asked_for_and_are_said_everywhere(store: Store) -> None:
    committed(store, many(20, comment="The parking was full"))
    assert themes(store, ThemesQuestion()).status == "nothing"
    report = exact(store, suggestions=True)
    assert cell(report, PARK)["people"] == 20
    assert words.coded_by(report.voice("healthwatch")) == "suggested by keyword rules"
    assert "suggested by keyword rules for 20 people" in words.limits(report)
    assert words.marks(report)
    assert as_json(report)["suggestions"] is True


def test_a_rule_never_touches_what_a_person_or_a_supplier_coded(store: Store) -> None:
    committed(store, [*many(20, [STAFF], comment="The parking was full"), *many(20, [], start=50)])
    with_rules = themes(store, ThemesQuestion(suggestions=True))
    assert with_rules.prominence.equals(themes(store, ThemesQuestion()).prominence)
    assert with_rules.by_rule == 0
    assert not words.marks(with_rules)


def test_the_first_person_to_code_counts_and_the_supplier_stands(store: Store) -> None:
    supplied = many(20, [STAFF], source="care_opinion")
    committed(
        store, many(12, start=100), [*supplied, *many(6, [], start=300, source="care_opinion")]
    )
    asked = ThemesQuestion()
    for coder, found in (("Ann", [WAIT]), ("Bo", [PARK])):
        for source in ("healthwatch", "care_opinion"):
            for _ in range(6):
                waiting = coding.next_comment(store, asked, source, coder)
                assert waiting is not None
                coding.code(store, waiting, coder, found)
    report = exact(store)
    assert (cell(report, WAIT)["people"], cell(report, WAIT)["base"]) == (6, 6)
    assert words.coded_by(report.voice("healthwatch")) == "coded by people in this app"
    assert cell(report, STAFF, "care_opinion")["people"] == 20
    assert cell(report, WAIT, "care_opinion")["people"] == 0
    for _ in range(12):
        coding.undo(store, "Ann")  # now Bo's stand alone, on those both had coded
    assert cell(exact(store), PARK)["people"] == 6


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
                    published(theme=PARK, respondents=None, withheld="publisher"),
                    published(theme="Something rare", respondents=4, positive=4,
                              neutral=0, negative=0),
                ]
            )
        ]
    )  # fmt: skip
    committed(store, [*many(20, [WAIT, PARK]), *many(30, ["Appointment availability"], start=50)])
    report = themes(store, ThemesQuestion())
    voice = report.voices[-1]
    assert voice.published
    assert voice.title == "Healthwatch report, general practice"
    got = cell(report, "Appointment availability", voice.key)
    assert (got["people"], got["base"]) == (
        109,
        300,
    )  # as printed: the larger of the two, not their sum
    withheld = cell(report, PARK, voice.key)
    assert (withheld["withheld"], withheld["silence"]) == ("publisher", "withheld")
    shown = words.screen(report).set_index("theme").loc[PARK, f"voice {voice.key}"]
    assert shown == "withheld by the publisher"
    high = themes(
        store, ThemesQuestion(disclosure=Disclosure(30))
    )  # our floor hides no public figure
    assert cell(high, "Something rare", voice.key)["people"] == 4
    assert cell(report, WAIT, voice.key)["silence"] == "not published"
    assert "lists only its most frequent themes" in " ".join(words.silence(report))


# --- Whole reports ----------------------------------------------------------------------------


def test_a_higher_floor_hides_more_and_changes_no_count_that_stays(demonstration: Store) -> None:
    low = themes(demonstration, ThemesQuestion())
    high = themes(demonstration, ThemesQuestion(disclosure=Disclosure(30)))
    for name, place in (("prominence", []), ("services", ["service"])):
        less, more = getattr(low, name), getattr(high, name)
        assert more["people"].notna().sum() < less["people"].notna().sum()
        stays = more[more["people"].notna()]
        both = stays.merge(less, on=["theme", "voice", *place])
        assert (both["share_x"] == both["share_y"]).all()
        assert (stays["people"] >= 30).all()


def test_the_coded_comments_of_two_trusts(real: Path) -> None:
    """47 themes (43 of them used), 3 flags, odd scores and dates: read, counted, and said."""
    store = Store.open()
    files = [(path.name, path.read_bytes()) for path in sorted((real / "comments").glob("*.csv"))]
    outcome = load.load_files(store, files)
    assert [one.status for one in outcome] == ["loaded"]
    assert "outside the documented 1 to 5" in str(outcome[0].reading.faults)
    report = exact(store)
    voice = report.voice("coded_comments")
    assert (voice.people, words.coded_by(voice)) == (4132, "coded by the supplier")
    assert words.summary(report).startswith(
        "Staff attitudes is the topic named most: by 35% (33 to 36%)"
    )
    assert "Comments of 1,364 people have no certain date" in words.limits(report)
    assert "Comments of 1,589 people could not be labelled" in words.limits(report)
    assert report.trends.empty  # seven quarters
    assert exact(store, own_words=True).prominence["theme"].nunique() == 43
    own = themes(store, ThemesQuestion(own_words=True))
    assert (own.prominence["people"].dropna() >= 5).all()
    assert noisy(own.voice("coded_comments").people, 4132)
    store.close()
