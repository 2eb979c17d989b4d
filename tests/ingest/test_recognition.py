"""One file, one source: each layout is recognised by its own source and by no other."""

from __future__ import annotations

import pytest
from layouts import csv_workbook, needs_real_files, real_workbook, spreadsheet

from pxcore.ingest import (
    community,
    complaints,
    cqc_survey,
    gp_survey,
    healthwatch_tables,
    local_rows,
    mapping,
    ods,
    population,
    reference,
    tidy,
)
from pxcore.ingest.profile import shipped_profiles
from pxcore.ingest.suggestion import suggest

EVERY = (
    gp_survey.SOURCE,
    cqc_survey.SOURCE,
    healthwatch_tables.SOURCE,
    *community.SOURCES,
    *local_rows.SOURCES,
    complaints.SOURCE,
    *ods.SOURCES,
    *reference.SOURCES,
    *population.SOURCES,
    tidy.SOURCE,
    *(mapping.source_of(profile) for profile in shipped_profiles()),
)
ODS = ["P-1", "Elm", "Z-1", "B-1", "", "", "", "", "", "", "20010401", ""]
SAMPLES = {
    "gp_survey": [["ad_practicecode", "overallexp.pcteval"], ["P-1", 0.8]],
    "cqc_survey": [["trustcode", "trustname", "n_tpat", "q46_mean"], ["T-1", "Elm", 9, 8]],
    "healthwatch_tables": [["Service Type", "Positive", "Neutral", "Negative"], ["GP", 1, 0, 0]],
    "community_rows": [["date", "provider", "stars", "comment"], ["2025-01-01", "Elm", 4, "Fine"]],
    "coded_comments": [["Comment ID", "Trust", "Date", "Comment sentiment"], ["1", "Elm", "", 1]],
    "fft_rows": [["time", "rating", "surgery"], ["2025-01-01", "Good", "Elm"]],
    "survey_rows": [["date", "surgery", "phone", "website"], ["2025", "Elm", "Very easy", ""]],
    "complaints": [["Organisation_Code", "Complaints_Total_New", "Complaints_Total_Resolved"]],
    "ods_practices": [[*ODS, "A", "", "", *[""] * 10, "4", ""]],
    "ods_trusts": [[*ODS, *[""] * 15]],
    "ods_members": [["P-1", "S-1", "W", "20130401", "", "0"]],
    "gp_mapping": [["GP_CODE", "GP_NAME", "PCN_CODE", "ICB_CODE"], ["P-1", "Elm", "N-1", "B-1"]],
    "trust_sites": [["Trust Code", "Trust Name", "Site Code", "Ward Name"], ["T-1", "E", "S", "A"]],
    "succession": [["old_code", "new_code", "date"], ["A", "B", "20200401"]],
    "list_sizes": [["practice_code", "total_patients", "total_male"], ["P-1", 10, 5]],
    "registered_patients": [["CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS"], ["P-1", "ALL", "ALL", 9]],
    "tidy": [["provider", "period", "measure", "positive"], ["P-1", "2025", "x", 1]],
    "mapping:fft_gp_excerpt": [["gp_code", "fft_responses", "fft_pct_positive"], ["P-1", 9, 90]],
    "mapping:gp_survey_excerpt": [
        ["gp_code", "access_satisfaction_2024", "phone_easy_2024"],
        ["P-1", 50, 60],
    ],
}  # fmt: skip


def recognised(workbook):
    return [source.name for source in EVERY if source.recognise(workbook)]


def test_every_source_has_a_sample_here():
    assert {source.name for source in EVERY} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_layout_is_recognised_by_its_own_source_alone(name):
    assert recognised(csv_workbook("extract.csv", SAMPLES[name])) == [name]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(name):
    assert recognised(csv_workbook("extract.csv", SAMPLES[name], "utf-8-sig")) == [name]


@pytest.mark.parametrize(
    "name", sorted(set(SAMPLES) - {"ods_practices", "ods_trusts", "ods_members"})
)
def test_a_title_and_another_sheet_above_change_nothing(name):
    rows = [["A title"], [], *SAMPLES[name]]
    workbook = spreadsheet("extract.xlsx", {"About": [["Some words"]], "Data": rows})
    assert recognised(workbook) == [name]


@pytest.mark.parametrize(
    "rows",
    [
        [[]],
        [["", ""], ["", ""]],
        [["a"], ["b", "c"], []],
        [[1, 2, 3], [4, 5, 6]],
        [["name", "code"], ["Elm", "P-1"]],
        [["Month", "Beds"], ["2025-07", 400]],
    ],
)
def test_other_tables_are_recognised_by_none_and_stop_nobody(rows):
    assert recognised(spreadsheet("x.xlsx", {"Empty": [], "Data": rows})) == []
    assert recognised(csv_workbook("x.csv", [*rows, ["end"]])) == []
    assert suggest(spreadsheet("x.xlsx", {"Empty": [], "Data": rows})).columns is not None


@needs_real_files
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("comments/fft_comments_coded_2021_2023_two_trusts.csv", "coded_comments"),
        ("complaints/rdy_ko41a_2024_25_Org_Level.csv", "complaints"),
        ("complaints/rdy_ko41a_2024_25_Site_Level.csv", "complaints"),
        ("fft/fft_gp_2026-02_north_east_london.csv", "mapping:fft_gp_excerpt"),
        ("fft/fft_gp_rows_2025-09_2026-08_new_scale.csv", "fft_rows"),
        ("healthwatch/healthwatch_tower_hamlets_2024q2_gp_by_pcn.csv", "healthwatch_tables"),
        ("healthwatch/healthwatch_tower_hamlets_2024q2_hospital.csv", "healthwatch_tables"),
        ("ods/epraccur.csv", "ods_practices"),
        ("ods/etr.csv", "ods_trusts"),
        ("ods/gp_mapping_2025-08.csv", "gp_mapping"),
        ("population/practice_list_age_sex_imd_2023.csv", "list_sizes"),
        ("survey/cqc_community_mental_health_2019_2020_trust_means.csv", "cqc_survey"),
        ("survey/gpps_2024_north_east_london.csv", "mapping:gp_survey_excerpt"),
        ("fft/FFT-inpatient-July-2025-shell.xlsx", None),
        ("fft/FFT-maternity-July-2025-shell.xlsx", None),
    ],
)
def test_a_real_file_is_recognised_by_one_source_at_most(path, name):
    assert recognised(real_workbook(path)) == ([name] if name else [])
