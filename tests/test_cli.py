"""The command line does what the app does: every command, in words and as JSON, and its exit status."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pxcore.cli import DONE, FAULT, USAGE, main
from pxcore.store import Store
from tests.analysis.frames import alike, standings
from tests.schemas import faults

ROOT = Path(__file__).parents[1]
HEADINGS = "source,provider,period,measure,positive,respondents\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two tidy sources of twelve practices over the same time, and one file that is broken."""
    fft = "".join(f"fft_gp,P-{n},2024-02,overall,{40 + n},{60}\n" for n in range(12))
    survey = "".join(
        f"gp_survey,P-{n},2024-01-02/2024-03-25,overall,{50 + n},{100}\n" for n in range(12)
    )
    (tmp_path / "fft one.csv").write_text(HEADINGS + fft)
    (tmp_path / "survey.csv").write_text(HEADINGS + survey)
    (tmp_path / "broken.csv").write_text("")
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: str) -> tuple[int, str, str]:
        status = main([*arguments, "--database", str(folder / "own.duckdb")])
        said = capsys.readouterr()
        if "--json" in arguments and status != USAGE:
            assert not faults(arguments[0], json.loads(said.out))
        return status, said.out, said.err

    return command


def test_patterns_are_expanded_and_one_failure_does_not_stop_the_others(
    run: Any, folder: Path
) -> None:
    status, out, _ = run("load", str(folder / "*.csv"))
    assert status == FAULT
    assert out.count("loaded ") == 2
    assert "refused  broken.csv" in out
    assert "The file is empty" in out


def test_a_load_as_json_tells_every_file_and_fault(run: Any, folder: Path) -> None:
    status, out, _ = run("load", str(folder / "*.csv"), "--json")
    told = json.loads(out)
    assert status == FAULT
    assert {one["status"] for one in told["files"]} == {"loaded", "refused"}
    broken = next(one for one in told["files"] if one["status"] == "refused")
    assert broken["faults"][0]["fix"]


def test_a_missing_file_is_a_fault_and_the_same_file_again_is_not(run: Any, folder: Path) -> None:
    assert run("load", str(folder / "none.csv"))[0] == FAULT
    assert run("load", str(folder / "survey.csv"))[0] == DONE
    status, out, _ = run("load", str(folder / "survey.csv"))
    assert status == DONE
    assert "already loaded" in out


def test_a_folder_stands_for_the_files_in_it(run: Any, folder: Path) -> None:
    apart = folder / "january"
    apart.mkdir()
    assert run("load", str(apart))[0] == FAULT  # nothing in it: told, not passed over
    (folder / "survey.csv").rename(apart / "survey.csv")
    status, out, _ = run("load", str(apart))
    assert status == DONE
    assert "survey.csv" in out


def test_agreement_in_words_and_as_json(run: Any, folder: Path) -> None:
    run("load", str(folder / "fft*.csv"), str(folder / "survey.csv"))
    status, out, _ = run("agreement", "--left", "fft", "--right", "survey")
    assert status == DONE
    assert "12 practices" in out
    told = json.loads(run("agreement", "--left", "fft_gp", "--right", "gp_survey", "--json")[1])
    assert (told["status"], told["pairs"], told["spearman"]["estimate"]) == ("ok", 12, 1.0)


# --- Divergence, and what stands beside agreement ---

PAIR = ("--left", "fft_gp", "--right", "gp_survey")


@pytest.fixture
def contradicted(run: Any, folder: Path) -> Any:
    """Two dozen practices on which two sources agree, and two on which they contradict each other."""
    left, right = standings([*alike(), (2.2, -2.2), (-2.0, 2.0)], 400, 300)
    fft = [f"fft_gp,{row['provider']},2024-02,overall,{row['positive']:.0f},400\n" for row in left]
    waves = [
        f"gp_survey,{row['provider']},2024-01-02/2024-03-25,overall,{300 * row['value']:.0f},300\n"
        for row in right
    ]
    (folder / "contradicted fft.csv").write_text(HEADINGS + "".join(fft))
    (folder / "contradicted survey.csv").write_text(HEADINGS + "".join(waves))
    assert run("load", str(folder / "contradicted*.csv"))[0] == DONE
    return run


def test_divergence_in_words_names_those_that_differ_with_evidence_and_reasons(
    contradicted: Any,
) -> None:
    status, out, err = contradicted("divergence", *PAIR)
    assert (status, err) == (DONE, "")
    assert out.startswith(
        "FFT GP and GP survey very likely or probably differ on 2 of 26 practices: P-24 and P-25. They very "
        "likely or probably agree on 24"
    )
    assert out.count("Very likely differ") == 2
    assert "(P-24): Very likely differ (more than 99 in 100), confirmed" in out
    assert "400 answers: clearly above its peers." in out
    assert "FFT GP probably puts it" in out
    assert "Could not be looked at: mode of collection" in out
    assert " nan" not in out
    assert "P-3" not in out  # those that agree are not listed


def test_divergence_as_json_tells_every_organisation(contradicted: Any) -> None:
    status, out, _ = contradicted("divergence", *PAIR, "--json")
    told = json.loads(out)
    assert (status, told["schema"], told["status"]) == (DONE, 1, "ok")
    assert (told["unusual"], told["tested"], told["evidence_floor"]) == (2, 26, 10)
    assert len(told["organisations"]) == 26
    first = told["organisations"][0]
    assert (first["word"], first["verdict"]) == ("very likely differ", "Dissonance, unusual")
    assert first["agree"] < 0.01
    assert first["gap_low"] < first["gap"] < first["gap_high"]
    assert first["difference_low"] < first["difference"] < first["difference_high"]
    assert first["q_value"] <= 0.05
    assert isinstance(first["reasons"], list)


def test_certainty_in_words_says_what_was_known_before_and_each_organisation(
    contradicted: Any,
) -> None:
    status, out, err = contradicted("certainty", *PAIR)
    assert (status, err) == (DONE, "")
    assert out.startswith(
        "FFT GP and GP survey tell the same story for most practices: very likely or probably for 24 "
    )
    assert "Of a practice whose answers nobody has read, the chance that these two agree is " in out
    assert "learnt from 26 practices" in out
    rows = [line for line in out.splitlines() if re.search(r"\bP-\d+\b", line)]
    assert len(rows) == 26
    assert "P-24" in rows[0] + rows[1]  # those least likely to agree first
    assert re.search(r"Very likely differ .* [+−]\d\.\d \([+−]\d\.\d to [+−]\d\.\d\)$", rows[0])
    assert " nan" not in out


def test_what_would_settle_it_is_printed_when_asked_for(contradicted: Any) -> None:
    status, out, _ = contradicted("certainty", *PAIR, "--settle", "right", "--answers", "300")
    assert status == DONE
    assert "No practice could be either: there is nothing to settle." in out
    told = json.loads(contradicted("certainty", *PAIR, "--settle", "left", "--json")[1])
    assert (told["settling"]["either"], told["settling"]["organisations"]) == (0, [])
    assert "settling" not in json.loads(contradicted("certainty", *PAIR, "--json")[1])
    assert contradicted("certainty", *PAIR, "--settle", "middle")[0] == USAGE
    assert contradicted("certainty", *PAIR, "--settle", "left", "--answers", "0")[0] == USAGE


def test_the_checks_are_printed_with_what_they_cannot_see(contradicted: Any) -> None:
    status, out, _ = contradicted("check", *PAIR, "--sets", "2")
    assert status == DONE
    assert out.startswith("If your data behave as this app assumes, or a little worse, ")
    assert "It cannot see every way in which real data may differ" in out
    assert out.count("  - Moved by ") == 3
    assert "Neither source has published months that could be split in two." in out
    assert " nan" not in out
    assert contradicted("check", *PAIR, "--sets", "1")[0] == USAGE


def test_where_nothing_is_said_the_reason_is(contradicted: Any) -> None:
    for command in ("certainty", "check"):
        ask = (command, *PAIR, "--evidence-floor", "350")
        status, out, _ = contradicted(*ask)
        assert status == DONE
        assert "too few organisations to compare with" in out
        told = json.loads(contradicted(*ask, "--json")[1])
        assert told["status"] == "not_enough_evidence"
        assert told["reason"] in out


def test_the_evidence_floor_asked_for_is_the_one_used(contradicted: Any) -> None:
    ask = ("divergence", *PAIR, "--json")
    high = json.loads(contradicted(*ask, "--evidence-floor", "350")[1])
    assert (high["status"], high["evidence_floor"]) == ("not_enough_evidence", 350)
    assert "too few organisations to compare with" in high["reason"]
    assert high["organisations"] == []
    # never fewer than may be shown
    low = json.loads(contradicted(*ask, "--evidence-floor", "5", "--floor", "30")[1])
    assert (low["floor"], low["evidence_floor"]) == (30, 30)


@pytest.mark.parametrize("option", ["--evidence-floor", "--assumed-base"])
@pytest.mark.parametrize("said", ["-1", "many"])
def test_a_number_of_answers_that_is_none_is_wrong_usage(
    option: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["divergence", *PAIR, f"{option}={said}"]) == USAGE
    assert "Usage: px" in capsys.readouterr().err


def test_a_base_is_assumed_only_where_it_is_asked_for(run: Any, folder: Path) -> None:
    left, right = standings(alike(), 400, 300)
    fft = [f"fft_gp,{row['provider']},2024-02,overall,{row['positive']:.0f},400\n" for row in left]
    (folder / "bare fft.csv").write_text(HEADINGS + "".join(fft))
    bare = [
        f"gp_survey,{row['provider']},2024-01-02/2024-03-25,overall,{row['value']:.3f},\n"
        for row in right
    ]
    (folder / "bare survey.csv").write_text(
        HEADINGS.replace("positive", "value") + "".join(bare)
    )  # fmt: skip
    assert run("load", str(folder / "bare*.csv"))[0] == DONE
    ask = ("divergence", *PAIR, "--json")
    without = json.loads(run(*ask)[1])
    assert without["status"] == "not_enough_evidence"
    assert "numbers of answers not published" in without["reason"]
    told = json.loads(run(*ask, "--assumed-base", "200")[1])
    assert told["status"] == "ok"
    assert "numbers of answers assumed" in told["notes"]
    out = run("agreement", *PAIR, "--assumed-base", "200")[1]
    assert "numbers of answers assumed" in out.splitlines()[0]


def test_agreement_as_json_carries_everything_beside_the_headline(contradicted: Any) -> None:
    told = json.loads(contradicted("agreement", *PAIR, "--json")[1])
    assert told["status"] == "ok"
    assert {"Spearman (bootstrap)", "Kendall", "Pearson"} == set(told["coefficients"])
    for one in told["coefficients"].values():
        assert one["low"] <= one["estimate"] <= one["high"]
    assert {"permutation_p", "detectable", "floor_curve", "bands", "level", "measures"} <= set(told)
    assert sum(map(sum, told["bands"]["table"])) == 26
    assert told["verdicts"]["dissonance"] == 2
    assert told["latent"]["state"] == "estimated"
    assert told["three_sources"] is None


def test_agreement_in_words_says_how_often_it_could_have_been_shown(contradicted: Any) -> None:
    out = contradicted("agreement", *PAIR)[1]
    assert "Underlying agreement about" in out
    assert "Agreement could have been shown for" in out


def test_divergence_that_cannot_be_judged_is_an_answer(run: Any, folder: Path) -> None:
    late = HEADINGS + "".join(f"gp_survey,P-{n},2025-06,overall,5,9\n" for n in range(12))
    (folder / "late.csv").write_text(late)
    run("load", str(folder / "fft*.csv"), str(folder / "late.csv"))
    status, out, _ = run("divergence", *PAIR)
    assert status == DONE
    assert "The periods do not meet" in out
    told = json.loads(run("divergence", *PAIR, "--json")[1])
    assert (told["status"], told["organisations"]) == ("refused", [])


def test_a_refusal_is_an_answer(run: Any, folder: Path) -> None:
    late = HEADINGS + "".join(f"healthwatch,P-{n},2025-06,overall,5,9\n" for n in range(12))
    (folder / "late.csv").write_text(late)
    run("load", str(folder / "fft*.csv"), str(folder / "late.csv"))
    status, out, _ = run("agreement", "--left", "fft_gp", "--right", "healthwatch", "--json")
    told = json.loads(out)
    assert (status, told["status"], told["spearman"]) == (DONE, "refused", None)
    assert "do not meet" in told["reason"]


def test_alignment_accounts_for_every_row(run: Any, folder: Path) -> None:
    run("load", str(folder / "fft*.csv"), str(folder / "survey.csv"))
    told = json.loads(run("align", "--left", "fft_gp", "--right", "gp_survey", "--json")[1])
    assert sum(row["rows"] for row in told["account"]) == 24
    assert len(told["pairs"]) == 12
    assert "Compared" in run("align", "--left", "fft_gp", "--right", "gp_survey")[1]


def test_small_numbers_never_reach_the_json(run: Any, folder: Path) -> None:
    rows = [f"fft_gp,P-{n},2024-02,overall,2,{3 if n == 7 else 60}\n" for n in range(12)]
    (folder / "small.csv").write_text(HEADINGS + "".join(rows))
    run("load", str(folder / "small.csv"), str(folder / "survey.csv"))
    told = json.loads(run("align", "--left", "fft_gp", "--right", "gp_survey", "--json")[1])
    assert "P-7" not in {pair["unit"] for pair in told["pairs"]}
    assert told["withheld"] == 1
    assert all(pair["left_respondents"] >= 5 for pair in told["pairs"])


def test_sources_coverage_removal_and_return(run: Any, folder: Path) -> None:
    run("load", str(folder / "fft*.csv"))
    told = json.loads(run("sources", "--json")[1])
    number = told["extracts"][0]["extract"]
    assert told["extracts"][0]["as_at"].startswith("2024-02-29")
    assert "12 organisations" in run("coverage")[1]
    assert json.loads(run("coverage", "--json")[1])["sources"][0]["providers"] == 12
    removed = json.loads(run("sources", "--remove", str(number), "--json")[1])
    assert removed["extracts"][0]["status"] == "removed"
    restored = json.loads(run("sources", "--restore", str(number), "--json")[1])
    assert [one["event"] for one in restored["history"]] == ["restored", "removed", "loaded"]
    assert "1 file of 1 source" in run("sources")[1]


def test_themes_are_told_and_no_comment_is_printed(run: Any, folder: Path) -> None:
    rows = "".join(
        f"{at},2025-07-{at % 28 + 1:02},P-1,5,Dr Zebra kept me {at} minutes,{theme}\n"
        for at in range(30)
        for theme in ["Waiting times; Staff manner" if at < 20 else "Something of its own"]
    )
    heading = "response_id,date,practice_code,stars,comment,themes\n"
    (folder / "healthwatch_rows.csv").write_text(heading + rows)
    assert run("load", str(folder / "healthwatch_rows.csv"))[0] == DONE
    status, out, _ = run("themes")
    assert status == DONE
    assert "Healthwatch: coded by the supplier." in out
    told = json.loads(run("themes", "--source", "healthwatch", "--json", "--exact")[1])
    assert told["status"] == "ok"
    assert told["schema"] == 1
    assert told["exact"] is True
    shares = {one["theme"]: one["share"] for one in told["themes"]}
    assert shares["Waiting times"] == shares["Staff attitudes"] == pytest.approx(2 / 3)
    own = json.loads(run("themes", "--own-words", "--json")[1])
    assert "Staff manner" in {one["theme"] for one in own["themes"]}
    assert json.loads(run("themes", "--window", "2024-25", "--json")[1])["status"] == "nothing"
    assert json.loads(run("themes", "--source", "care_opinion", "--json")[1])["status"] == "nothing"
    for arguments in ((), ("--json",), ("--suggestions", "--json")):
        assert "Zebra" not in run("themes", *arguments)[1]
        assert "minutes" not in run("themes", *arguments)[1]
    assert run("themes", "--source", "nowhere")[0] == FAULT


def test_a_name_is_matched_from_the_command_line(run: Any, folder: Path) -> None:
    (folder / "rows.csv").write_text(
        "time,rating,surgery\n2024-02-03 10:00:00,Very good,The Mill\n"
        "2024-02-04 10:00:00,Good,The Mill\n"
    )
    assert run("load", str(folder / "rows.csv"), str(folder / "fft*.csv"))[0] == DONE
    assert "The Mill" in run("align", "--names", "--json")[1]
    status, _, err = run("align", "--confirm", "The Mill=NOWHERE")
    assert status == FAULT
    assert "not the code of any organisation" in err
    assert "0 names" in run("align", "--confirm", "The Mill=P-3")[1]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["agreement", "--floor", "3", "--left", "a", "--right", "b"],
        ["agreement", "--periods", "whenever"],
        ["load"],
    ],
)
def test_wrong_usage_has_its_own_exit_status(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == USAGE
    assert "Usage: px" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["agreement", "-h"]])
def test_the_help_is_of_px_and_is_done(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == DONE
    assert capsys.readouterr().out.startswith("Usage: px ")


def test_start_hands_every_option_to_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        started.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)
    options = ["--server.port", "8600", "--server.headless=true", "--help"]
    assert main(["start", *options]) == 3
    assert started[0][-len(options) :] == options


def test_a_fault_is_one_plain_sentence_on_the_error_stream(run: Any) -> None:
    status, out, err = run("agreement", "--left", "fft_gp", "--right", "gp_survey")
    assert (status, out) == (FAULT, "")
    assert err.startswith("pxcore: Nothing is loaded of Friends and Family Test: GP.")
    assert "Traceback" not in err


def test_a_fault_as_json_is_json(run: Any) -> None:
    told = json.loads(run("agreement", "--left", "x", "--right", "y", "--json")[1])
    assert (told["status"], told["schema"]) == ("error", 1)


@pytest.mark.parametrize("said", ["2026-13", "soon", "0000", "²²²²", "2025 Q3", "FY26"])
def test_a_period_that_is_none_is_wrong_usage_and_the_spellings_are_named(
    run: Any, folder: Path, said: str
) -> None:
    for arguments in (("load", str(folder / "survey.csv"), "--period"), ("agreement", "--window")):
        status, out, err = run(*arguments, said)
        assert (status, out) == (USAGE, "")
        assert f"‘{said}’ is not a period" in err
        assert "2025-26 Q3" in err


def test_a_quarter_in_other_words_is_that_quarter_or_refused(run: Any, folder: Path) -> None:
    run("load", str(folder / "fft*.csv"), str(folder / "survey.csv"))
    ask = ("agreement", "--left", "fft_gp", "--right", "gp_survey", "--json", "--window")
    status, out, _ = run(*ask, "Q3 2025-26")
    assert status == USAGE or json.loads(out) == json.loads(run(*ask, "2025-26 Q3")[1])


# --- Files by their names ---


def test_a_file_of_that_very_name_goes_before_a_pattern(run: Any, folder: Path) -> None:
    (folder / "report1.csv").write_text(HEADINGS + "local_survey,P-1,2025-02,overall,11,99\n")
    (folder / "report[1].csv").write_text(HEADINGS + "local_survey,P-1,2026-02,overall,41,52\n")
    assert run("load", str(folder / "report[1].csv"))[0] == DONE
    told = json.loads(run("sources", "--json")[1])["extracts"]
    assert [one["file_name"] for one in told] == ["report[1].csv"]


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = folder / "locked.csv"
    locked.write_text(HEADINGS)
    usual = Path.read_bytes

    def refused(path: Path) -> bytes:  # whoever runs the tests may be allowed to read everything
        if path.name == "locked.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return usual(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    (folder / "empty").mkdir()
    status, out, _ = run(
        "load",
        str(locked),
        str(folder / "gone.csv"),
        str(folder / "empty"),
        str(folder / "survey.csv"),
    )
    assert status == FAULT
    assert "loaded   survey.csv" in out
    assert str(locked) in out
    assert "no permission to read it" in out.lower()
    assert "There is no such file" in out
    assert "no file in the folder" in out


def test_the_demonstration_database_is_opened_as_what_it_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = str(tmp_path / "demonstration.duckdb")
    Store.open(database, kind="demonstration").close()
    assert main(["sources", "--database", database]) == DONE
    assert "Traceback" not in capsys.readouterr().err
    own = tmp_path / "survey.csv"
    own.write_text(HEADINGS + "gp_survey,P-1,2024,overall,5,10\n")
    assert main(["load", str(own), "--database", database]) == FAULT
    assert "never mixed" in capsys.readouterr().err


def test_confirming_exact_names_where_none_waits_says_so(run: Any, folder: Path) -> None:
    run("load", str(folder / "fft*.csv"))
    status, out, err = run("align", "--confirm-exact")
    assert (status, err) == (DONE, "")
    assert "nothing to confirm" in out


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_output_to_a_pipe_of_any_encoding_is_written(folder: Path, encoding: str) -> None:
    (folder / "✓.csv").write_text(HEADINGS + "local_survey,P-1,2026-02,overall,41,52\n")
    database = str(folder / "pipe.duckdb")
    for arguments in (["load", "✓.csv"], ["sources", "--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "pxcore", *arguments, "--database", database],
            cwd=folder,
            env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, b"Traceback" in done.stderr) == (DONE, False)
        assert b".csv" in done.stdout
    assert json.loads(done.stdout.decode(encoding))["extracts"][0]["file_name"] == "✓.csv"


# --- What a name may stand for ---


def test_a_signal_of_several_sources_is_refused_with_those_it_may_mean(
    run: Any, folder: Path
) -> None:
    run("load", str(folder / "fft*.csv"), str(folder / "survey.csv"))
    other = "".join(f"fft_ae,T-{n},2024-02,overall,{40 + n},60\n" for n in range(12))
    local = "".join(f"local_survey,P-{n},2024-02,overall,{40 + n},60\n" for n in range(12))
    (folder / "more.csv").write_text(HEADINGS + other + local)
    run("load", str(folder / "more.csv"))
    status, _, err = run("agreement", "--left", "fft", "--right", "survey")
    assert status == FAULT
    assert "gp_survey, local_survey" in err
    # of the Friends and Family sources, one alone is of the other's service
    assert run("agreement", "--left", "fft", "--right", "gp_survey")[0] == DONE


def test_a_part_of_a_measures_title_is_not_taken_for_it(run: Any, folder: Path) -> None:
    run("load", str(folder / "fft*.csv"), str(folder / "survey.csv"))
    status, _, err = run("agreement", *PAIR, "--right-measure", "over")
    assert status == FAULT
    assert "has no measure called ‘over’" in err
    assert "overall" in err


def test_comparisons_may_be_kept_to_a_financial_year_or_quarter(run: Any, folder: Path) -> None:
    run("load", str(folder / "fft*.csv"), str(folder / "survey.csv"))
    pair = ("agreement", "--left", "fft_gp", "--right", "gp_survey", "--json")
    inside = json.loads(run(*pair, "--window", "2023-24 Q4")[1])
    assert (inside["status"], inside["left"]["period_start"]) == ("ok", "2024-02-01")
    assert json.loads(run(*pair, "--window", "Q4 2023/24")[1])["left"] == inside["left"]
    other = json.loads(run(*pair, "--window", "Q3 2023-24")[1])  # not the whole year
    assert (other["status"], other["pairs"]) == ("refused", 0)
    outside = json.loads(run(*pair, "--window", "2025-26")[1])
    assert (outside["status"], outside["pairs"]) == ("refused", 0)


def test_the_floor_asked_for_is_the_floor_used(run: Any, folder: Path) -> None:
    rows = [f"fft_gp,P-{n},2024-02,overall,8,{20 if n < 2 else 60}\n" for n in range(12)]
    (folder / "some.csv").write_text(HEADINGS + "".join(rows))
    run("load", str(folder / "some.csv"), str(folder / "survey.csv"))
    pair = ("agreement", "--left", "fft_gp", "--right", "gp_survey", "--json", "--floor")
    counted = {floor: json.loads(run(*pair, floor)[1]) for floor in ("5", "30")}
    assert {floor: (told["pairs"], told["withheld"]) for floor, told in counted.items()} == {
        "5": (12, 0),
        "30": (10, 2),
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("sources", "--remove", "999"),
        ("sources", "--restore", "999"),
        ("align", "--confirm", "no match"),
        ("align", "--left", "fft_gp"),
        ("agreement", "--left", "fft_gp", "--right", "gp_survey", "--grain", "planet"),
        ("agreement", "--left", "fft_gp", "--right", "gp_survey", "--left-measure", "colour"),
        ("agreement", "--left", "fft_gp", "--right", "gp_survey", "--area", "nowhere"),
        ("trends", "--area", "nowhere"),
        ("themes", "--area", "nowhere"),
        ("load", "nowhere.csv", "--source", "hearsay"),
    ],
)
def test_what_cannot_be_done_is_a_fault_in_words_and_as_json(
    run: Any, folder: Path, arguments: tuple[str, ...]
) -> None:
    run("load", str(folder / "fft*.csv"), str(folder / "survey.csv"))
    status, out, err = run(*arguments)
    assert (status, out) == (FAULT, "")
    assert err.startswith("pxcore: ")
    status, out, _ = run(*arguments, "--json")
    assert status == FAULT
    assert json.loads(out)["reason"]


def test_a_name_in_two_places_must_say_which(run: Any, folder: Path) -> None:
    rows = "".join(
        f"2024-02-0{n} 10:00:00,Good,The Mill,{'North' if n % 2 else 'South'}\n"
        for n in range(1, 9)
    )
    (folder / "rows.csv").write_text("time,rating,surgery,pcn\n" + rows)
    assert run("load", str(folder / "rows.csv"), str(folder / "fft*.csv"))[0] == DONE
    waiting = json.loads(run("align", "--names", "--json")[1])["names"]
    assert sorted(one["context"] for one in waiting) == ["North", "South"]
    status, _, err = run("align", "--confirm", "The Mill=P-3")
    assert (status, "North, South" in err) == (FAULT, True)
    assert "1 names" in run("align", "--confirm", "The Mill@@North=P-3")[1]


def test_own_files_are_never_loaded_into_the_demonstration(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load", str(folder / "survey.csv"), "--database", "demonstration"]) == FAULT
    assert "never mixed" in capsys.readouterr().err


def test_the_demonstration_needs_a_database_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == FAULT
    assert "never mixed" in capsys.readouterr().err


def test_the_demonstration_into_a_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = str(tmp_path / "demonstration.duckdb")
    assert main(["demo", "--database", database]) == DONE
    assert "Demonstration data loaded" in capsys.readouterr().out
    assert main(["coverage", "--database", database]) == DONE


# --- Trends ---


@pytest.fixture
def months(folder: Path, run: Any) -> Any:
    rows = "".join(
        f"fft_gp,P-{n},{2024 + at // 12}-{at % 12 + 1:02d},overall,{80 + (at + n) % 3},100\n"
        for n in range(3)
        for at in range(24)
    )
    (folder / "months.csv").write_text(HEADINGS + rows)
    assert run("load", str(folder / "months.csv"))[0] == DONE
    return run


def test_trends_in_words_tell_the_row_and_its_direction(months: Any) -> None:
    status, out, _ = months("trends", "--unit", "P-1")
    assert status == DONE
    assert "FFT GP: " in out
    assert "Common cause: the usual swing; No trend shown" in out


def test_trends_as_json_tell_every_point(months: Any) -> None:
    status, out, _ = months("trends", "--json")
    told = json.loads(out)
    assert status == DONE
    assert (told["status"], told["unit"], told["level"]) == ("ok", None, "practice")
    (source,) = told["sources"]
    assert (source["source"], source["every"], source["chart"]) == ("fft_gp", "month", "XmR")
    assert len(source["points"]) == 24
    assert source["points"][0]["respondents"] == 300
    assert source["points"][0]["organisations"] == 3
    assert told["changes"] == told["pairs"] == []


def test_trends_of_nobody_or_of_both_are_a_fault(months: Any) -> None:
    status, out, err = months("trends", "--unit", "P-77", "--json")
    assert status == FAULT
    assert json.loads(out)["status"] == "error"
    assert "No loaded file holds figures of P-77" in err
    assert months("trends", "--unit", "P-1", "--area", "B-01")[0] == FAULT
    assert months("trends", "--floor", "4")[0] == USAGE


def test_comments_are_erased_for_good_and_a_file_put_back_says_so(run: Any, folder: Path) -> None:
    run("load", str(folder / "fft one.csv"))
    status, out, _ = run("sources", "--remove", "1", "--erase")
    assert status == DONE
    assert "removed" in out
    status, out, _ = run("sources", "--restore", "1")
    assert status == DONE
    assert "‘fft one.csv’ counts again, without its comments: they were erased for good." in out
    events = json.loads(run("sources", "--json")[1])["history"]
    assert [one["event"] for one in events] == ["restored", "erased", "loaded"]
    assert run("sources", "--erase")[0] == FAULT


@pytest.mark.parametrize("command", ["sources", "coverage"])
def test_trouble_with_the_database_is_told_and_no_traceback(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (folder / "notes.txt").write_text("x")
    for place, what in (
        ("notes.txt/own.duckdb", "leads through a file"),
        (".", "There is a folder where the database should be"),
        ("notes.txt", "not a database of this program"),
    ):
        assert main([command, "--database", str(folder / place)]) == FAULT
        said = capsys.readouterr().err
        assert what in said
        assert str(folder / place) in said
