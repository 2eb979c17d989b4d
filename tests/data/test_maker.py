"""The demonstration data: rebuilt byte for byte, invented throughout, read back as put in."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data import maker
from data.maker import World, planted
from data.maker.fft import months
from pxcore import ingest, maps, paths
from pxcore.frames import ANSWERS, MODES
from pxcore.ingest.source import Extract, Request
from pxcore.ingest.workbook import open_workbook

COMMITTED = paths.DATA / "demo"
REAL = os.environ.get("PX_REAL_FILES")
MOST_BYTES = 5_000_000
BLOCK = 4096  # bytes: what a file takes on a disk is a whole number of these
BY_HAND = {"README.md"}  # written by a person, not by the module


@pytest.fixture(scope="module")
def world() -> World:
    return maker.truth()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The files as the documented command writes them anew, and what it prints."""
    place = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "data.maker", str(place)]
    done = subprocess.run(
        command, cwd=paths.DATA.parent, capture_output=True, text=True, check=True
    )
    return place, done.stdout


@cache
def _read(path: str) -> Extract:
    """A demonstration file, read by the source that recognises it."""
    workbook = open_workbook(Path(path).name, (COMMITTED / path).read_bytes())
    source = ingest.recognise(workbook)
    assert source is not None, path
    return source.parse(workbook, Request())


def _loadable() -> list[str]:
    return sorted(set(_contents(COMMITTED)) - {"manifest.csv", "reference/aliases.csv"})


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in BY_HAND
    }


# --- The files ------------------------------------------------------------------------------


def test_the_same_seed_writes_the_same_bytes_as_were_committed(written: tuple[Path, str]) -> None:
    anew, committed = _contents(written[0]), _contents(COMMITTED)
    assert sorted(anew) == sorted(committed)
    assert [path for path in anew if anew[path] != committed[path]] == []
    assert f"{len(anew)} files written" in written[1]
    assert len(anew) > 200


def test_another_seed_gives_other_figures(world: World) -> None:
    assert not maker.truth(seed=1).gp_survey["value"].equals(world.gp_survey["value"])


def test_the_files_stay_under_five_megabytes_also_on_a_disk_of_blocks() -> None:
    sizes = [path.stat().st_size for path in COMMITTED.rglob("*") if path.is_file()]
    assert sum(-(-size // BLOCK) * BLOCK for size in sizes) < MOST_BYTES


def test_the_manifest_lists_every_file_with_its_fingerprint() -> None:
    contents = _contents(COMMITTED)
    listed = list(csv.DictReader(contents.pop("manifest.csv").decode().splitlines()))
    assert {row["path"]: row["sha256"] for row in listed} == {
        path: hashlib.sha256(content).hexdigest() for path, content in contents.items()
    }
    assert {row["synthetic"] for row in listed} == {"yes"}
    assert {row["source"] for row in listed} <= {
        *maps.sources(),
        "oversight_framework",
        "reference",
    }


def test_the_months_run_from_april_2023_to_march_2026(world: World) -> None:
    for source in ("fft_inpatient", "fft_ae", "fft_maternity", "fft_outpatient", "fft_gp"):
        of_source = world.fft[world.fft["source"] == source]
        assert sorted(of_source["period_start"].unique()) == months()


# --- Invented throughout --------------------------------------------------------------------


def test_every_code_has_a_hyphen(world: World) -> None:
    orgs = world.organisations
    codes = {
        *orgs.name_of(),
        *world.fft["provider"].str.split("|").str[0],
        *world.fft["icb"],
        *world.gp_survey["provider"],
        *world.cqc["provider"],
        *world.aliases["code"],
    }
    assert [code for code in sorted(codes) if "-" not in code] == []


def _folded(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", " ", name.upper()).strip()


@pytest.mark.skipif(
    not REAL, reason="PX_REAL_FILES is not set: the real files are not part of the repository"
)
def test_no_real_organisation_bears_an_invented_name_or_code(world: World) -> None:
    real: set[str] = set()
    for name in ("epraccur", "etr", "gp_mapping_2025-08", "trust_site_ward_2025-07"):
        path = Path(str(REAL)) / "ods" / f"{name}.csv"
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            real |= {_folded(cell) for row in csv.reader(lines) for cell in row}
    orgs = world.organisations
    names = {
        _folded(name)
        for name in (*orgs.name_of().values(), *world.aliases["name"])
        if name != "Independent Sector Providers"
    }
    assert names & real == set()
    assert {_folded(code) for code in orgs.name_of()} & real == set()
    # Not even the place: it is the first word of every practice, trust and site.
    words = {word for name in real for word in name.split()}
    places = {
        name.split()[0].upper()
        for frame in (orgs.practices, orgs.trusts, orgs.sites)
        for name in frame["name"]
    }
    assert places & words == set()


# --- Planted --------------------------------------------------------------------------------


def _standing(world: World, source: str) -> pd.Series:
    of_source = world.standing[world.standing["source"] == source]
    return of_source.set_index("provider")["standing"]


def test_survey_and_fft_standing_agree_moderately(world: World) -> None:
    survey, fft = _standing(world, "gp_survey"), _standing(world, "fft_gp")
    usual = [code for code in survey.index if code not in planted.CONTRADICTIONS]
    assert 0.65 < survey[usual].corr(fft[usual]) < 0.85


def test_planted_contradictions_are_three_standard_deviations_apart(world: World) -> None:
    for code, standing in planted.CONTRADICTIONS.items():
        for source, value in standing.items():
            assert _standing(world, source)[code] == value
        assert max(standing.values()) - min(standing.values()) >= 3


def test_the_small_n_trap_is_seven_answers_in_one_month(world: World) -> None:
    rows = world.fft[world.fft["provider"] == planted.SMALL_N_TRAP]
    heard = rows[rows["respondents"] > 0]
    assert heard["period_start"].tolist() == [planted.SMALL_N_MONTH]
    assert (heard["respondents"].item(), heard["very_good"].item() + heard["good"].item()) == (7, 2)


def test_the_publisher_never_prints_the_answers_of_one_to_four_people(world: World) -> None:
    shown = world.fft[world.fft[list(ANSWERS)].notna().any(axis=1)]
    assert not shown["respondents"].between(1, 4).any()
    few = world.fft[world.fft["respondents"].between(1, 4)]
    assert len(few)
    assert few["value"].isna().all()


def test_a_lone_withheld_row_has_a_withheld_companion(world: World) -> None:
    wards = world.fft[(world.fft["grain"] == "ward") & (world.fft["respondents"] > 0)]
    hidden = wards["very_good"].isna().groupby([wards["period_start"], wards["parent"]])
    siblings = wards.groupby([wards["period_start"], wards["parent"]]).size()
    assert len(siblings)
    assert not ((hidden.sum() == 1) & (siblings > 1)).any()


def test_a_merged_trust_reports_only_after_and_its_predecessors_only_before(world: World) -> None:
    trusts = world.fft[(world.fft["source"] == "fft_inpatient") & (world.fft["grain"] == "trust")]
    on = next(on for old, _, on in planted.SUCCESSIONS if old == "T-05")
    before = trusts[trusts["provider"].isin(["T-05", "T-06"])]
    after = trusts[trusts["provider"] == "T-24"]
    assert before["period_start"].max() < on <= after["period_start"].min()


def test_the_youngest_are_happiest_in_the_fft_and_least_happy_in_the_survey(world: World) -> None:
    overall = world.answers[world.answers["measure"] == "overall"]
    said = overall.merge(world.responses, on=["file", "number"], suffixes=("", "_response"))
    young = said["age"].isin(planted.YOUNG)
    share = said["positive"].groupby([said["source"], young]).mean()
    assert share["fft_local", True] > share["fft_local", False] + 0.05
    assert share["local_survey", True] < share["local_survey", False] - 0.15


def test_one_practice_filled_in_both_local_sources_together(world: World) -> None:
    rows = world.rows[world.rows["reject"] == ""]
    fft = rows[rows["file"].str.startswith("local/local_fft")]
    survey = rows[rows["file"].str.startswith("local/local_patient")]
    both = {
        code: len(set(times) & set(fft.loc[fft["code"] == code, "time"])) / len(times)
        for code, times in survey.groupby("practice_code")["time"]
    }
    assert both.pop(planted.SAME_PEOPLE) == 1
    assert max(both.values()) < 0.01


def test_local_rows_are_the_very_answers_behind_the_published_counts(world: World) -> None:
    local = world.responses[world.responses["source"] == "fft_local"]
    month = pd.to_datetime(local["answered_on"]).dt.to_period("M").dt.start_time.dt.date
    counted = local.groupby(["truly", month]).size()
    gp = world.fft[(world.fft["source"] == "fft_gp") & (world.fft["grain"] == "practice")]
    published = gp.dropna(subset="respondents").set_index(["provider", "period_start"])
    shared = counted.index.intersection(published.index)
    assert len(shared) > 80
    assert (counted[shared] == published.loc[shared, "respondents"]).all()


def test_some_comments_hold_marked_personal_details(world: World) -> None:
    marked = world.responses[world.responses["personal"].eq(True)]
    assert len(marked) == 10
    assert marked["comment"].str.contains("01632 960|Mrs Example|999 000|example.org").sum() >= 4


def test_the_readme_names_every_planted_provider() -> None:
    said = (COMMITTED / "README.md").read_text(encoding="utf-8")
    named = {code for plant in planted.PLANTED for code in plant.providers}
    assert [code for code in sorted(named) if code not in said] == []


# --- Read back as put in --------------------------------------------------------------------


def _same(read: pd.DataFrame, put_in: pd.DataFrame, columns: list[str], file: str) -> None:
    """Two frames hold the same rows in the same order, column by column; blanks are equal."""
    assert len(read) == len(put_in), file
    for column in columns:
        left, right = read[column].to_numpy(), put_in[column].to_numpy()
        if pd.api.types.is_numeric_dtype(read[column]) and not pd.api.types.is_bool_dtype(
            read[column]
        ):
            same = np.isclose(
                left.astype(float), right.astype(float), rtol=0, atol=1e-9, equal_nan=True
            )
        else:
            same = left == right
        assert same.all(), f"{file}, {column}: read {left[~same][:5]}, put in {right[~same][:5]}"


def test_every_demonstration_file_loads_without_an_error() -> None:
    assert {path: _read(path).errors for path in _loadable() if _read(path).errors} == {}


def test_each_kind_of_file_is_recognised_by_exactly_one_source() -> None:
    kinds = {re.sub(r"[A-Z][a-z]+-\d{4}|\d+", "", path): path for path in _loadable()}
    for path in kinds.values():
        workbook = open_workbook(Path(path).name, (COMMITTED / path).read_bytes())
        assert len([s.name for s in ingest.SOURCES if s.recognise(workbook)]) == 1, path


def test_every_fft_figure_is_read_as_it_was_put_in(world: World) -> None:
    keys = ["measure", "grain", "provider"]
    compared = 0
    for file, rows in world.fft.groupby("file"):
        put_in = rows.sort_values(keys)
        read = _read(str(file)).frames["fft_fact"].sort_values(keys)
        put_in = put_in.assign(
            period_start=pd.to_datetime(put_in["period_start"]),
            period_end=pd.to_datetime(put_in["period_end"]),
        )
        text = ["source", *keys, "icb", "provider_name", "period_start", "period_end", "scale"]
        figures = ["respondents", "eligible", "value", *ANSWERS, *MODES]
        _same(read, put_in, [*text, *figures, "withheld"], str(file))
        below = put_in["grain"].isin(["site", "ward"]).to_numpy()
        _same(read[below], put_in[below], ["parent"], str(file))
        compared += put_in[figures].notna().sum().sum()
    assert compared > 50_000


def test_every_published_fft_total_reconciles() -> None:
    unreconciled = [
        (path, fault.what)
        for path in _loadable()
        if path.startswith("fft/")
        for fault in _read(path).warnings
    ]
    assert unreconciled == []


def test_every_gp_survey_figure_is_read_as_it_was_put_in(world: World) -> None:
    keys = ["measure", "grain", "provider"]
    for file, rows in world.gp_survey.groupby("file"):
        put_in = rows.assign(
            provider=rows["provider"].replace({"E-00": "ENGLAND"}),
            period_start=pd.to_datetime(rows["period_start"]),
            period_end=pd.to_datetime(rows["period_end"]),
        ).sort_values(keys)
        read = _read(str(file)).frames["survey_fact"].sort_values(keys)
        figures = ["respondents", "value", "low", "high"]
        _same(read, put_in, [*keys, "period_start", "period_end", *figures, "withheld"], str(file))


def test_every_cqc_figure_is_read_as_it_was_put_in(world: World) -> None:
    keys = ["measure", "provider"]
    for file, rows in world.cqc.groupby("file"):
        put_in = rows.assign(period_start=pd.to_datetime(rows["period_start"])).sort_values(keys)
        read = _read(str(file)).frames["survey_fact"].sort_values(keys)
        columns = ["source", "grain", *keys, "provider_name", "period_start", "respondents"]
        _same(read, put_in, [*columns, "value", "low", "high", "band"], str(file))


def test_every_response_is_read_as_it_was_put_in(world: World) -> None:
    for file, rows in world.responses.groupby("file"):
        put_in = rows.sort_values("number").fillna(
            {
                "service_raw": "",
                "sentiment": "",
                "comment": "",
                "age": "",
                "sex": "",
                "ethnicity": "",
            }
        )
        put_in["answered_on"] = pd.to_datetime(put_in["answered_on"])
        read = _read(str(file)).frames["response"]
        columns = ["source", "provider", "provider_name", "answered_on", "age", "sex", "ethnicity"]
        if file.startswith("local/"):
            _same(read, put_in, [*columns, "provider_context"], str(file))
            assert not read["date_uncertain"].any()
            continue
        _same(read, put_in, [*columns, "response", "stars", "sentiment", "comment"], str(file))
        assert [list(themes) for themes in read["themes"]] == put_in["themes"].tolist()


def test_every_answer_is_read_as_it_was_put_in(world: World) -> None:
    for file, rows in world.answers.groupby("file"):
        read = _read(str(file)).frames["answer"]
        read = read[read["measure"].isin(rows["measure"].unique()) & read["positive"].notna()]
        counted = rows.groupby(["source", "measure"])["positive"].agg(["size", "sum"])
        as_read = read.groupby(["source", "measure"])["positive"].agg(["size", "sum"])
        pd.testing.assert_frame_equal(as_read, counted, check_dtype=False, check_index_type=False)


def test_rows_that_cannot_be_used_are_rejected_with_their_reason(world: World) -> None:
    for file, rows in world.rows.groupby("file"):
        extract = _read(str(file))
        assert extract.rows_in == len(rows)
        assert sum(extract.rows_rejected.values()) == (rows["reject"] != "").sum()


def test_reference_files_hold_the_organisations_put_in(world: World) -> None:
    orgs = world.organisations
    practices = _read("reference/practices_synthetic.csv").frames["provider"]
    assert set(orgs.practices["code"]) <= set(practices["code"])
    trusts = _read("reference/trusts_synthetic.csv").frames["provider"]
    assert set(orgs.trusts["code"]) <= set(trusts["code"])
    succession = _read("reference/succession_synthetic.csv").frames["succession"]
    read = succession[["old_code", "new_code"]].itertuples(index=False, name=None)
    assert set(read) == {(old, new) for old, new, _ in planted.SUCCESSIONS}
    population = _read("reference/list_sizes_synthetic.csv").frames["population"]
    everyone = population[population["dimension"] == ""].set_index("code")["people"]
    sexes = [column for column in orgs.lists if column.startswith(("male_", "female_"))]
    lists = orgs.lists.set_index("practice")[sexes].sum(axis=1)
    assert everyone.to_dict() == lists[everyone.index].astype(float).to_dict()
