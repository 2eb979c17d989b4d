"""The shipped maps agree with each other, and nothing of a real provider is in the demonstration."""

from __future__ import annotations

import csv
import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from pxcore import maps
from pxcore.analysis.files.sources import MONTHS_APART
from pxcore.ingest.profile import shipped_profiles
from pxcore.model import GROUPS, Grain, Signal

DATA = Path(__file__).parents[1] / "data"


def column(name: str, of: str) -> set[str]:
    return {row[of] for row in maps.rows(name)}


def test_every_source_has_a_signal_service_and_level_that_exist() -> None:
    for row in maps.rows("sources"):
        assert row["signal"] in set(Signal)
        assert row["service"] in {"", *column("services", "service")}
        assert row["grain"] in set(Grain)
        assert row["every"] in {"", *MONTHS_APART}
        assert re.fullmatch(r"(\d{1,2})?", row["months_to_publish"])
        assert row["every"] or not row["months_to_publish"]
        assert re.fullmatch(r"(https://[\w./-]+)?", row["page"])
    assert len(column("sources", "source")) == len(maps.rows("sources"))


def test_titles_tell_sources_apart() -> None:
    assert len(column("sources", "title")) == len(maps.rows("sources"))
    assert len(column("sources", "short_title")) == len(maps.rows("sources"))


def test_every_measure_has_a_source_and_a_domain_that_exist() -> None:
    for row in maps.rows("measures"):
        assert row["source"] in maps.sources()
        assert row["domain"] in column("domains", "domain")
        assert row["unit"] in {"proportion", "score", "stars", "rating", "count"}
    assert len(maps.measures()) == len(maps.rows("measures"))


def test_the_friends_and_family_test_maps_to_overall_alone() -> None:
    for row in maps.rows("measures"):
        if maps.source(row["source"])["signal"] == Signal.FFT:
            assert row["domain"] == "overall"


def test_every_question_has_a_measure_years_and_a_citation() -> None:
    for row in maps.rows("questions"):
        assert (row["source"], row["measure"]) in maps.measures()
        assert int(row["year_from"]) <= int(row["year_to"] or 9999)
        assert row["citation"]


def test_fieldwork_windows_are_periods_with_a_citation_or_marked_approximate() -> None:
    for row in maps.rows("survey_windows"):
        assert row["source"] in maps.sources()
        assert date.fromisoformat(row["fieldwork_start"]) <= date.fromisoformat(
            row["fieldwork_end"]
        )
        assert row["approximate"] == "yes" or "general knowledge" not in row["citation"]


def test_breaks_speak_of_known_sources() -> None:
    for row in maps.rows("breaks"):
        assert row["source"] in {"", *maps.sources()}
        assert row["signal"] in set(Signal)
        date.fromisoformat(row["date"])


def test_themes_and_groups_have_homes() -> None:
    assert column("themes", "domain") <= column("domains", "domain")
    assert column("groups", "dimension") <= set(GROUPS)


def test_a_word_means_one_service() -> None:
    words = [word for row in maps.rows("services") for word in row["also"].split("|")]
    assert len(words) == len(set(words))


def test_published_figures_lie_inside_their_intervals_and_are_cited() -> None:
    for row in maps.rows("published_figures"):
        assert float(row["low"]) <= float(row["estimate"]) <= float(row["high"])
        assert row["citation"]


def test_shipped_profiles_never_hold_a_period() -> None:
    for profile in shipped_profiles():
        assert profile.period.found_in in {"file_name", "column", "cell", "ask"}


def test_every_demonstration_file_is_in_the_manifest_and_unchanged() -> None:
    with (DATA / "demo" / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        manifest = {row["path"]: row for row in csv.DictReader(lines)}
    there = {
        path.relative_to(DATA / "demo").as_posix(): path
        for path in (DATA / "demo").rglob("*")
        if path.is_file() and path.name not in ("README.md", "manifest.csv")
    }
    assert set(manifest) == set(there)
    for name, path in there.items():
        assert manifest[name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest(), name


def test_the_demonstration_is_under_five_megabytes() -> None:
    assert sum(p.stat().st_size for p in (DATA / "demo").rglob("*") if p.is_file()) < 5_000_000


@pytest.mark.parametrize("folder", ["demo", "reference"])
def test_data_is_described_in_its_readme(folder: str) -> None:
    said = (DATA / "README.md").read_text(encoding="utf-8")
    assert f"`{folder}/" in said
