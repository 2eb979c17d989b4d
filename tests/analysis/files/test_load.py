"""Files in: recognised, read whole, loaded together, one's failure never another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pxcore.analysis.files import load
from pxcore.errors import ExtractError, Severity
from pxcore.ingest import SOURCES, Request
from pxcore.model import Period
from pxcore.store import Store

TIDY = (
    "source,provider,period,measure,positive,respondents\n"
    "local_survey,P-1,2026-02,overall,41,52\n"
    "local_survey,P-2,2026-02,overall,3,4\n"
)
MAPPED = "gp_code,fft_responses,fft_pct_positive\nP-1,10,90.0\nP-2,,\n"


def files(**named: str) -> list[tuple[str, bytes]]:
    return [(name.replace("__", "."), text.encode()) for name, text in named.items()]


def test_a_good_file_loads_beside_a_bad_one(store: Store) -> None:
    outcomes = load.load_files(store, files(bad__csv="", good__csv=TIDY))
    assert {one.file_name: one.status for one in outcomes} == {
        "bad.csv": "refused",
        "good.csv": "loaded",
    }
    assert "empty" in next(one.problem for one in outcomes if one.status == "refused")


def test_the_same_contents_twice_in_one_batch_load_once(store: Store) -> None:
    outcomes = load.load_files(store, files(a__csv=TIDY, b__csv=TIDY))
    assert sorted(one.status for one in outcomes) == ["already loaded", "loaded"]
    assert len(store.query("extracts")) == 1


def test_a_revised_version_follows_the_file_it_revises(store: Store) -> None:
    revised = TIDY.replace("41,52", "44,52")
    load.load_files(store, [("fft-v2.csv", revised.encode()), ("fft.csv", TIDY.encode())])
    newest = store.query("extracts").iloc[0]
    assert (newest["file_name"], newest["live_rows"]) == ("fft-v2.csv", 2)


def test_a_file_with_an_error_is_not_half_loaded(store: Store) -> None:
    broken = TIDY + "local_survey,P-3,2026-02,overall,many,60\n"
    reading = load.read("broken.csv", broken.encode(), store=store)
    assert reading.errors
    assert not reading.ready
    assert reading.extract is not None
    with pytest.raises(ExtractError):
        load.commit(store, [reading.extract])
    assert store.query("extracts").empty


def test_what_is_odd_about_answers_is_told_without_a_comment_that_slipped_into_their_column(
    store: Store,
) -> None:
    said = (
        "Date,Practice code,Overall experience,Phone,Comment\n"
        "2026-01-05,P-1,Very good,Very easy,fine\n"
        "2026-01-06,P-1,I waited for two hours and then nobody came,Very easy,ok\n"
        "2026-01-07,P-1,Mrs Madeup was rude,Very easy,ok\n"
        "2026-13-07,P-1,Quite good,Very easy,ok\n"
    )
    (one,) = load.load_files(store, [("answers.csv", said.encode())])
    told = " ".join(fault.what for fault in one.reading.faults)
    kept = str(store.query("extracts")["faults"].iloc[0])
    for words in (told, kept):
        assert "Madeup" not in words
        assert "two hours" not in words
        assert "‘Quite good’" in words
        assert "9999-99-99" in words


def test_a_heading_of_a_layout_is_quoted_as_it_stands(store: Store) -> None:
    """Masked as somebody's handle, nobody would know which column is meant."""
    table = MAPPED.replace("10,90.0", "ten,180.0")
    faults = load.read("broken, monthly.csv", table.encode(), store=store).faults
    sentences = " ".join(fault.what for fault in faults)
    assert "‘fft_pct_positive’ is 180" in sentences
    assert "‘ten’ in the column ‘fft_responses’ is not a number" in sentences


def test_only_the_name_of_a_file_is_kept_never_where_it_lay(store: Store) -> None:
    load.load_files(store, [("/home/somebody/secret/good.csv", TIDY.encode())])
    assert store.query("extracts")["file_name"].tolist() == ["good.csv"]


def test_an_unknown_layout_asks_for_the_wizard(store: Store) -> None:
    reading = load.read("odd.csv", b"colour,weight\nred,3\n", store=store)
    assert reading.needs == ("mapping",)
    assert not reading.ready


def test_a_profile_finds_the_month_in_each_files_own_name(store: Store) -> None:
    months = {}
    for name in ("fft_gp_2026-02.csv", "fft_gp_2026-03.csv"):
        extract = load.read(name, MAPPED.encode(), store=store).extract
        assert extract is not None
        months[name] = extract.frames["fft_fact"]["period_start"].dt.month.unique().tolist()
    assert months == {"fft_gp_2026-02.csv": [2], "fft_gp_2026-03.csv": [3]}


def test_a_month_nobody_says_is_asked_for(store: Store) -> None:
    reading = load.read("fft_gp.csv", MAPPED.encode(), store=store)
    assert reading.needs == ("period",)
    answered = load.read(
        "fft_gp.csv", MAPPED.encode(), store=store, request=Request(Period.month(2026, 2))
    )
    assert answered.ready


def test_a_saved_profile_is_recognised_next_time(store: Store) -> None:
    from dataclasses import replace

    from pxcore.ingest import open_workbook
    from pxcore.ingest.profile import PeriodRule, ValueColumn, to_json
    from pxcore.ingest.suggestion import suggest

    odd = b"Org code,Number asked,Happy %\nP-1,50,80\n"
    suggestion = suggest(open_workbook("odd 2026-02.csv", odd))
    profile = replace(
        suggestion.profile,
        name="odd",
        source="local_survey",
        columns={"code": "Org code", "respondents": "Number asked"},
        values=(ValueColumn("Happy %", "overall", "percentage"),),
        period=PeriodRule("file_name", "month"),
    )
    store.save_profile("odd", to_json(profile))
    reading = load.read("odd 2026-03.csv", odd, store=store)
    assert reading.ready
    assert reading.extract is not None
    assert str(reading.extract.frames["survey_fact"]["period_start"].iloc[0].date()) == "2026-03-01"


def test_an_unknown_layout_names_its_nearest_misses(store: Store) -> None:
    odd = b"Org,Mnth,Question,Happy people,Asked\nP-0001,2026-02,overall,40,50\n"
    (fault,) = load.read("odd.csv", odd, store=store).faults
    assert "5 headings away from ‘Tidy figures’: rename ‘Org’ to ‘provider’" in fault.fix


def test_two_remembered_layouts_that_fit_one_file_are_asked_about(store: Store) -> None:
    from dataclasses import replace

    from pxcore.ingest.profile import shipped_profiles, to_json

    fft = next(one for one in shipped_profiles() if one.name == "fft_gp_excerpt")
    for name in ("ours", "theirs"):
        store.save_profile(name, to_json(replace(fft, name=name)))
    reading = load.read("fft_gp_2026-02.csv", MAPPED.encode(), store=store)
    assert reading.needs == ("profile",)
    assert "‘ours’, ‘theirs’" in reading.faults[0].what
    assert load.read("fft_gp_2026-02.csv", MAPPED.encode(), store=store, profile="ours").ready


def test_a_remembered_layout_reads_what_the_built_in_source_cannot(store: Store) -> None:
    from pxcore.ingest.profile import AnswerColumn, Profile, to_json

    ours = Profile(
        "ours", "local_survey", {"code": "practice_code", "date": "EndDate"}, (), holds="answers",
        answers=(AnswerColumn("overall_experience", "overall", "fairly_good"),),
    )  # fmt: skip
    text = (
        b"EndDate,practice_code,overall_experience,phone\n2026-03-02,P-0001,Very good,Very easy\n"
    )
    refused = load.read("form.csv", text, store=store)
    assert "no column for the date" in refused.faults[0].what
    store.save_profile("ours", to_json(ours))
    assert load.read("form.csv", text, store=store).ready


def test_a_profile_nobody_saved_is_said_to_be_unknown(store: Store) -> None:
    reading = load.read("odd.csv", MAPPED.encode(), store=store, profile="none such")
    assert "no mapping profile" in reading.faults[0].what


def test_a_preview_shows_published_figures_and_no_single_answers(store: Store) -> None:
    extract = load.read("good.csv", TIDY.encode(), store=store).extract
    assert extract is not None
    shown = load.preview(extract, "survey_fact")
    assert shown["respondents"].tolist() == extract.frames["survey_fact"]["respondents"].tolist()
    assert load.preview(extract, "response").empty


def test_what_was_read_says_its_date(store: Store) -> None:
    extract = load.read("good.csv", TIDY.encode(), store=store).extract
    assert extract is not None
    assert str(load.as_at(extract)) == "2026-02-28"


def test_sources_have_one_name_each() -> None:
    names = [source.name for source in SOURCES]
    assert len(names) == len(set(names))


# Real files that are refused, and what the refusal must say.
REFUSED: dict[str, str] = {}


def test_every_real_csv_loads_or_is_refused_with_its_reason(real: Path, store: Store) -> None:
    paths = sorted(real.rglob("*.csv"))
    outcomes = load.load_files(store, [(path.name, path.read_bytes()) for path in paths])
    refused = {one.file_name: one.problem for one in outcomes if one.status != "loaded"}
    assert refused.keys() == REFUSED.keys(), refused
    said = {one.file_name: " ".join(str(fault) for fault in one.reading.faults) for one in outcomes}
    assert "416" in said["fft_comments_coded_2021_2023_two_trusts.csv"]
    assert "day/month" in said["fft_comments_coded_2021_2023_two_trusts.csv"]
    assert "add up to 49" in said["healthwatch_tower_hamlets_2024q2_service_sentiment.csv"]
    assert "changed places" in said["healthwatch_tower_hamlets_2024q2_service_sentiment.csv"]
    assert "30 practice codes" in said["gp_mapping_2025-08.csv"]
    rejected = {
        one.file_name: dict(one.reading.extract.rows_rejected)
        for one in outcomes
        if one.reading.extract
    }
    rows = rejected["fft_gp_rows_2025-09_2026-08_new_scale.csv"]
    assert sorted(rows.values()) == [6, 8]
    assert rejected["succession_1992_2021.csv"] == {"a code that succeeds itself": 39}
    assert all(one.reading.errors == () for one in outcomes)
    assert {fault.severity for one in outcomes for fault in one.reading.faults} == {
        Severity.WARNING
    }


def test_the_demonstration_loads_without_a_refusal(demonstration: Store) -> None:
    extracts = demonstration.query("extracts")
    assert set(extracts["status"]) == {"loaded"}
    assert len(extracts) > 200
    assert demonstration.query("unmatched_names")["code"].eq("").sum() >= 1  # one left to confirm
