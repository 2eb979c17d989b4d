"""The command line: arguments in, one analysis called, its report printed.

Exit status 0: done (a refusal to compare is an answer); 1: a fault in the input; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import difflib
import glob
import io
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pxcore import maps
from pxcore.analysis import masking
from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.analysis.files import load
from pxcore.analysis.files.demonstration import load_demonstration
from pxcore.analysis.files.sources import sources
from pxcore.analysis.joining import matching
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.choices import choices
from pxcore.analysis.pairs.agreement import AgreementReport, agreement
from pxcore.analysis.pairs.coefficients import coefficients
from pxcore.analysis.pairs.coverage import coverage
from pxcore.analysis.pairs.divergence import MOST_DRAWN, DivergenceReport, divergence
from pxcore.analysis.time.changes import changes
from pxcore.analysis.time.trends import trends
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare, PxError, StoreError
from pxcore.model import (
    DISCLOSURE_FLOORS,
    Disclosure,
    Organisation,
    Pairing,
    Period,
    Periods,
    Settings,
)
from pxcore.paths import HOME, own_database
from pxcore.publish import agreement as agreement_json
from pxcore.publish import alignment as alignment_json
from pxcore.publish import changes as publish_changes
from pxcore.publish import coefficients as coefficients_json
from pxcore.publish import divergence as divergence_json
from pxcore.publish import themes as publish_themes
from pxcore.publish import trends as publish_trends
from pxcore.publish.coverage import as_json as coverage_as_json
from pxcore.words import agreement as agreement_words
from pxcore.words import alignment as alignment_words
from pxcore.words import changes as words_changes
from pxcore.words import coverage as coverage_words
from pxcore.words import divergence as divergence_words
from pxcore.words import refusals
from pxcore.words import series as words_series
from pxcore.words import themes as words_themes
from pxcore.words import trends as words_trends
from pxcore.words import verdicts as verdict_words

DONE, FAULT, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    _print_in_any_encoding()
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["start"]:
        return _start(arguments[1:])
    parser = _parser()
    try:
        parsed = parser.parse_args(arguments)
    except SystemExit as left:  # argparse has said why
        return int(left.code or 0)
    try:
        return int(parsed.run(parsed))
    except PxError as problem:
        if parsed.json:
            _print_json({"schema": 1, "status": "error", "reason": str(problem)})
        print(f"pxcore: {problem}", file=sys.stderr)
        return FAULT
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    finally:
        if getattr(parsed, "store", None) is not None:
            parsed.store.close()


def _print_in_any_encoding() -> None:
    """A letter the output has no sign for is written as its code: a pipe of Windows knows 256 signs."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--database",
        metavar="PATH",
        help="the database file; else PX_DATABASE, else one in your data folder; "
        "‘demonstration’ is the demonstration data, in memory",
    )
    common.add_argument("--json", action="store_true", help="print JSON for programs")
    parser = argparse.ArgumentParser(
        prog="python -m pxcore",
        description="Do our sources of patient experience agree? Load extracts and compare them.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    command = commands.add_parser("load", parents=[common], help="load files (patterns allowed)")
    command.add_argument("files", nargs="+", metavar="FILE")
    command.add_argument("--profile", default="", help="read them with this mapping profile")
    command.add_argument(
        "--period",
        type=_period,
        metavar="YYYY-MM",
        help="their month or year, where they do not say",
    )
    command.add_argument("--source", default="", help="their source, where they do not say")
    command.set_defaults(run=_load)

    command = commands.add_parser(
        "sources", parents=[common], help="what is loaded, and from where"
    )
    command.add_argument("--remove", type=int, metavar="N", help="take extract N out")
    command.add_argument("--restore", type=int, metavar="N", help="put extract N back")
    command.add_argument(
        "--erase",
        action="store_true",
        help="with --remove: delete the comments of extract N for good, from the file too",
    )
    command.set_defaults(run=_sources)

    command = commands.add_parser(
        "coverage", parents=[common], help="how much of each source, when"
    )
    _add_floor(command)
    command.set_defaults(run=_coverage)

    command = commands.add_parser(
        "themes", parents=[common], help="what people say: themes by source, with intervals"
    )
    command.add_argument("--source", default="", metavar="SOURCE", help="this source alone")
    command.add_argument("--area", default="", metavar="CODE")
    command.add_argument(
        "--window", type=_period, metavar="PERIOD", help="such as ‘2025-26 Q3’ or 2025-26"
    )
    command.add_argument(
        "--own-words", action="store_true", help="the suppliers' themes, not the common ones"
    )
    command.add_argument(
        "--suggestions",
        action="store_true",
        help="count what keyword rules suggest where nobody has coded (marked as such)",
    )
    _add_floor(command)
    command.set_defaults(run=_themes)

    for name, run, purpose in (
        ("align", _align, "what joins two sources, and what does not"),
        ("agreement", _agreement, "do two sources rank organisations alike"),
        ("divergence", _divergence, "about whom do two sources differ beyond chance"),
    ):
        command = commands.add_parser(name, parents=[common], help=purpose)
        command.add_argument("--left", default="", metavar="SOURCE")
        command.add_argument("--right", default="", metavar="SOURCE")
        command.add_argument("--left-measure", default="", metavar="M")
        command.add_argument("--right-measure", default="", metavar="M")
        command.add_argument("--area", default="", metavar="CODE")
        command.add_argument("--grain", default="", metavar="G")
        command.add_argument(
            "--periods", type=Periods, choices=list(Periods), default=Periods.ALIGNED
        )
        command.add_argument(
            "--organisation",
            type=Organisation,
            choices=list(Organisation),
            default=Organisation.CURRENT,
        )
        command.add_argument(
            "--window", type=_period, metavar="PERIOD", help="such as ‘2025-26 Q3’ or 2025-26"
        )
        command.add_argument(
            "--evidence-floor",
            type=_whole,
            default=Settings().evidence_floor,
            metavar="N",
            help="answers a source needs to be heard on an organisation (never fewer than --floor)",
        )
        command.add_argument(
            "--assumed-base",
            type=_whole,
            default=0,
            metavar="N",
            help="answers to assume for each organisation where a survey gives none",
        )
        _add_floor(command)
        command.set_defaults(run=run)
        if name == "align":
            command.add_argument(
                "--names", action="store_true", help="list names without a code and suggestions"
            )
            command.add_argument(
                "--confirm",
                action="append",
                default=[],
                metavar="NAME=CODE",
                help="match a name to a code",
            )
            command.add_argument(
                "--confirm-exact",
                action="store_true",
                help="match every name that is exactly one organisation's",
            )

    command = commands.add_parser(
        "trends", parents=[common], help="how sources move over time, and whether together"
    )
    command.add_argument("--unit", default="", metavar="CODE", help="a practice or trust")
    command.add_argument("--area", default="", metavar="CODE", help="all of an area together")
    command.add_argument("--service", default="", metavar="SERVICE")
    command.add_argument(
        "--organisation",
        type=Organisation,
        choices=list(Organisation),
        default=Organisation.CURRENT,
    )
    _add_floor(command)
    command.set_defaults(run=_trends)

    command = commands.add_parser(
        "demo", parents=[common], help="load the demonstration data into a database"
    )
    command.set_defaults(run=_demo)

    commands.add_parser(
        "start", help="start the app; takes what Streamlit takes, as --server.port 8600"
    )
    return parser


def _whole(text: str) -> int:
    """A whole number of answers, none negative."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is less than nothing")
    return number


def _add_floor(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--floor",
        type=int,
        choices=DISCLOSURE_FLOORS,
        default=DISCLOSURE_FLOORS[0],
        help="show no count of confidential answers under it",
    )
    command.add_argument(
        "--exact",
        action="store_true",
        help="exact figures of single responses, for who owns the data: marked so, not to be passed on",
    )


def _disclosure(arguments: argparse.Namespace) -> Disclosure:
    return Disclosure(arguments.floor, exact=arguments.exact)


def _open(arguments: argparse.Namespace) -> load.Store:
    """The database asked for, as the kind it holds; `main` closes it."""
    store: load.Store
    if arguments.database == "demonstration":
        store = load_demonstration()
    else:
        path = arguments.database or own_database()
        try:
            store = load.open_store(path)
        except StoreError as problem:
            try:
                store = load.open_store(path, kind="demonstration")
            except StoreError:
                raise problem from None  # no demonstration either: what was wrong first stands
    arguments.store = store
    return store


def _area(store: load.Store, code: str) -> str:
    """The code of an area there are figures for; "" stays "". Refused where there is none, with those
    it may mean."""
    if not code:
        return ""
    areas = choices(store).areas
    if code.strip().upper() in areas:
        return code.strip().upper()
    folded = code.strip().lower()
    alike = difflib.get_close_matches(code.strip().upper(), areas, n=5, cutoff=0.5)
    alike += [
        item for item, title in areas.items() if folded in title.lower() and item not in alike
    ]
    named = "; ".join(f"{item}: {areas[item]}" for item in (alike or list(areas))[:8])
    raise NothingToCompare(
        f"There is no area with the code ‘{code}’ in what is loaded.",
        fix=f"It may be one of: {named}." if named else "Load the reference files that name areas.",
    )


# --- Commands ---


def _load(arguments: argparse.Namespace) -> int:
    never_mixed = PxError(
        "Nothing is loaded into the demonstration: it is never mixed with your own data.",
        fix="Name a database of your own, or none.",
    )
    if arguments.database == "demonstration":
        raise never_mixed
    paths, refused = _expand(arguments.files)
    if arguments.source:
        maps.source(arguments.source)
    store = _open(arguments)
    if store.kind != "own":
        raise never_mixed
    files: list[tuple[str, bytes]] = []
    for path in paths:
        try:
            files.append((path, Path(path).read_bytes()))
        except OSError as problem:
            refused.append((path, _unreadable(problem)))
    outcomes = load.load_files(
        store,
        files,
        request=load.Request(arguments.period, arguments.source),
        profile=arguments.profile,
        progress=None if arguments.json or not sys.stderr.isatty() else _progress,
    )
    printed = [_outcome_json(outcome) for outcome in outcomes]
    printed += [
        {"file": path, "status": "refused", "problem": f"{path}: {why}", "faults": []}
        for path, why in refused
    ]
    if arguments.json:
        _print_json({"schema": 1, "files": printed, "revision": store.revision})
    else:
        for outcome in printed:
            _print_outcome(outcome)
    return FAULT if any(outcome["status"] == "refused" for outcome in printed) else DONE


def _unreadable(problem: OSError) -> str:
    if isinstance(problem, FileNotFoundError):
        return "There is no such file."
    if isinstance(problem, PermissionError):
        return "There is no permission to read it: ask its owner, or copy it to a folder of yours."
    if isinstance(problem, IsADirectoryError):
        return "It is a folder."
    return f"It cannot be read ({problem.strerror or type(problem).__name__})."


def _expand(patterns: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Files for names and patterns, and what cannot be read with the reason.

    Patterns are expanded here, because not every shell does it; a file of that very name goes before a
    pattern. A folder named alone stands for the files in it.
    """
    files: list[str] = []
    refused: list[tuple[str, str]] = []
    for pattern in patterns:
        path = os.path.expanduser(pattern)
        matches = (
            [path] if os.path.lexists(path) else sorted(glob.glob(path, recursive=True)) or [path]
        )
        for match in map(Path, matches):
            if not match.is_dir():
                files.append(str(match))
            elif len(matches) == 1:
                try:
                    inside = [item for item in sorted(match.iterdir()) if not item.is_dir()]
                except OSError as problem:
                    refused.append((str(match), _unreadable(problem)))
                    continue
                files += [str(item) for item in inside if item.name[0] != "."]
                if not inside:
                    why = "There is no file in the folder: name files, or FOLDER/**/*.csv."
                    refused.append((str(match), why))
    return list(dict.fromkeys(files)), refused


def _period(words: str) -> Period:
    if re.fullmatch(r"[1-9][0-9]{3}", words):
        return Period(date(int(words), 1, 1), date(int(words), 12, 31))
    period = load.period_in(words)
    if period is None:
        raise argparse.ArgumentTypeError(
            f"‘{words}’ is not a period. Write a month as 2026-02, a quarter as ‘2025-26 Q3’, a "
            "financial year as 2025-26, a year as 2026, or two days as 2026-01-01/2026-03-31."
        )
    return period


def _outcome_json(outcome: load.Loaded) -> dict[str, Any]:
    extract = outcome.reading.extract
    return {
        "file": outcome.file_name,
        "status": outcome.status,
        "extract": outcome.number,
        "recognised_as": outcome.reading.recognised_as or None,
        "problem": outcome.problem or None,
        "rows_in": extract.rows_in if extract else None,
        "rows_kept": extract.rows_accepted if extract else None,
        "rows_withheld": extract.rows_withheld if extract else None,
        "rows_rejected": dict(extract.rows_rejected) if extract else {},
        "faults": [
            {
                "severity": fault.severity.value,
                "what": fault.what,
                "where": fault.where,
                "fix": fault.fix,
            }
            for fault in outcome.reading.faults
        ],
        "notes": list(extract.notes) if extract else [],
    }


def _print_outcome(outcome: dict[str, Any]) -> None:
    name = Path(outcome["file"]).name
    if outcome["status"] == "loaded":
        print(
            f"loaded   {name}: {outcome['recognised_as']}; {outcome['rows_kept']:,} of "
            f"{outcome['rows_in']:,} rows kept, {outcome['rows_withheld']:,} withheld or missing"
        )
        for reason, rows in outcome["rows_rejected"].items():
            print(f"           left out: {rows:,} rows: {reason}")
    elif outcome["status"] == "already loaded":
        print(f"kept     {outcome['problem']}")
    else:
        print(f"refused  {name}")
        if not outcome["faults"]:
            print(f"           {outcome['problem']}")
    for fault in outcome["faults"]:
        place = f" ({fault['where']})" if fault["where"] else ""
        print(f"           {fault['severity']}: {fault['what']}{place} {fault['fix']}".rstrip())


def _progress(doing: str, done: int, of: int) -> None:
    print(f"\r\033[K{doing} ({done} of {of})", end="", file=sys.stderr, flush=True)
    if doing == "Loading":
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _sources(arguments: argparse.Namespace) -> int:
    store = _open(arguments)
    if arguments.erase and arguments.remove is None:
        raise PxError("Nothing is named to erase.", fix="Write --remove N --erase.")
    if arguments.remove is not None:
        (store.erase if arguments.erase else store.remove)(arguments.remove)
    if arguments.restore is not None:
        store.restore(arguments.restore)
    report = sources(store)
    done = [
        report.copies_hold() if arguments.erase else "",
        report.restored(arguments.restore) if arguments.restore is not None else "",
    ]
    columns = [
        "extract",
        "status",
        "file_name",
        "title",
        "publisher",
        "as_at",
        "loaded_at",
        "rows_in",
        "rows_kept",
        "rows_withheld",
        "rows_rejected",
        "live_rows",
        "sha256",
    ]
    if arguments.json:
        _print_json(
            {
                "schema": 1,
                "database": report.path,
                "notes": [note for note in done if note],
                "revision": report.revision,
                "extracts": _records(report.extracts[columns]),
                "history": _records(
                    report.history[["revision", "happened_at", "event", "file_name", "said"]]
                ),
            }
        )
        return DONE
    for note in done:
        if note:
            print(note)
    print(report.summary())
    print(f"Database: {report.path}, revision {report.revision}")
    if len(report.extracts):
        shown = report.extracts[["extract", "status", "file_name", "rows_kept", "live_rows"]]
        print(shown.to_string(index=False))
    return DONE


def _coverage(arguments: argparse.Namespace) -> int:
    report = coverage(_open(arguments), _disclosure(arguments))
    if arguments.json:
        _print_figures(arguments, coverage_as_json(report))
        return DONE
    print(coverage_words.summary(report))
    return DONE


def _themes(arguments: argparse.Namespace) -> int:
    if arguments.source:
        maps.source(arguments.source)  # one that does not exist is said to be so
    store = _open(arguments)
    if arguments.suggestions:
        masking.mask_missing(store, progress=_progress)  # rules look at masked words alone
    report = themes(
        store,
        ThemesQuestion(
            area=_area(store, arguments.area),
            window=arguments.window,
            own_words=arguments.own_words,
            suggestions=arguments.suggestions,
            disclosure=_disclosure(arguments),
        ),
        only=arguments.source,
    )
    if arguments.json:
        _print_figures(arguments, publish_themes.as_json(report))
        return DONE
    print(words_themes.summary(report))
    if report.status == "ok":
        print(f"  {words_themes.limits(report)}")
        print(f"  {words_themes.coders(report)}")
        rows = words_themes.screen(report)
        titles = {f"voice {key}": title for key, title in report.titles().items()}
        print(rows[["theme", *titles]].rename(columns=titles).to_string(index=False))
        for sentence in words_themes.findings(report):
            print(f"  {sentence}")
    return DONE


def _pairing(arguments: argparse.Namespace, store: load.Store) -> Pairing:
    if not arguments.left or not arguments.right:
        raise PxError(
            "Two sources are needed.", fix="Name them with --left and --right: see ‘coverage’."
        )
    return Pairing(
        left=arguments.left,
        right=arguments.right,
        left_measure=arguments.left_measure,
        right_measure=arguments.right_measure,
        grain=arguments.grain,
        area=_area(store, arguments.area),
        periods=arguments.periods,
        window=arguments.window,
        organisation=arguments.organisation,
        disclosure=_disclosure(arguments),
        settings=Settings(
            evidence_floor=max(1, arguments.evidence_floor), assumed_base=arguments.assumed_base
        ),
    )


def _align(arguments: argparse.Namespace) -> int:
    store = _open(arguments)
    if arguments.confirm:
        matches = []
        waiting = matching.matching(store).names
        for match_given in arguments.confirm:
            name, equals, code = match_given.rpartition("=")
            if not equals or not name or not code:
                raise PxError(f"‘{match_given}’ is not a match.", fix="Write it as NAME=CODE.")
            name, at, context = name.strip().partition("@@")
            contexts = (
                [context] if at else sorted(set(waiting.loc[waiting["name"] == name, "context"]))
            )
            if len(contexts) > 1:
                raise PxError(
                    f"‘{name}’ stands in several places: {', '.join(contexts)}.",
                    fix="Say which: NAME@@PLACE=CODE.",
                )
            matches.append((name, contexts[0] if contexts else "", code.strip().upper()))
        matching.confirm(store, matches, by="command line")
    if arguments.confirm_exact:
        sure = matching.matching(store).sure
        exact = list(zip(sure["name"], sure["context"], sure["code"], strict=True))
        if exact:
            matching.confirm(store, exact, by="command line")
        elif not arguments.json:
            print("There is nothing to confirm: no name waits that is exactly one organisation's.")
    if arguments.names or (not arguments.left and (arguments.confirm or arguments.confirm_exact)):
        names = matching.matching(store)
        if arguments.json:
            _print_json(
                {
                    "schema": 1,
                    "names": _records(names.names[["source", "name", "context", "code"]]),
                    "suggestions": _records(names.suggestions),
                }
            )
        else:
            print(f"{len(names.open_names)} names are not matched to a code.")
            if len(names.suggestions):
                print(names.suggestions.to_string(index=False))
        return DONE
    alignment = align(store, _pairing(arguments, store))
    if arguments.json:
        _print_figures(arguments, alignment_json.as_json(alignment))
        return DONE
    print(alignment_words.summary(alignment))
    for place, refusal in enumerate(alignment.refusals):
        print(refusals.text([refusal]) if place else refusals.way_out(refusal))
    for note in alignment_words.notes(alignment):
        print(f"Note: {note}")
    account = alignment_words.account(alignment).drop(columns="organisations")
    account = account.rename(columns={"organisations_text": "organisations"})
    print(account[["side", "reason", "rows", "organisations"]].to_string(index=False))
    return DONE


def _agreement(arguments: argparse.Namespace) -> int:
    store = _open(arguments)
    report = agreement(store, _pairing(arguments, store))
    if arguments.json:
        more = coefficients(store, report)
        _print_figures(
            arguments,
            coefficients_json.as_json(more) if more is not None else agreement_json.as_json(report),
        )
    else:
        _print_agreement(report)
    return DONE


def _print_agreement(report: AgreementReport) -> None:
    say = agreement_words
    print(refusals.text(report.refusals) or say.summary(report))
    if report.status != "refused":
        for line in (say.context(report), *say.warnings(report)):
            if line:
                print(f"  {line}")
        if report.verdicts is not None and report.verdicts.heard:
            print(f"  {verdict_words.could_agree(report.verdicts)}")
        for side in (report.left, report.right):
            print(f"  {side.title}: {side.measure_title}, {side.period}")
        if report.alignment.withheld:
            print(f"  {report.alignment.withheld} left out: too few answers to compare.")
    for note in alignment_words.notes(report.alignment):
        print(f"  Note: {note}")


def _divergence(arguments: argparse.Namespace) -> int:
    store = _open(arguments)
    report = divergence(store, _pairing(arguments, store))
    if arguments.json:
        _print_figures(arguments, divergence_json.as_json(report))
    else:
        _print_divergence(report)
    return DONE


def _print_divergence(report: DivergenceReport) -> None:
    say = divergence_words
    print(refusals.text(report.refusals) or say.summary(report))
    if report.status != "ok" or report.verdicts is None:
        return
    print(f"  {say.limits(report)}")
    for line in say.warnings(report):
        print(f"  {line}")
    graded = report.graded.head(MOST_DRAWN)
    for unit, name in zip(graded["unit"], graded["name"], strict=True):
        print(f"\n{name} ({unit}): {say.label(report, unit)}")
        for line in (*say.evidence(report, unit), *say.reasons(report, unit)):
            print(f"  - {line}")


def _trends(arguments: argparse.Namespace) -> int:
    if arguments.unit and arguments.area:
        raise PxError(
            "One organisation or one area, not both.", fix="Name it with --unit or with --area."
        )
    if arguments.service and arguments.service not in maps.service_titles():
        raise PxError(
            f"There is no service called ‘{arguments.service}’.",
            fix=f"The services are: {', '.join(maps.service_titles())}.",
        )
    store = _open(arguments)
    report = trends(
        store,
        unit=arguments.unit,
        area=_area(store, arguments.area),
        service=arguments.service,
        organisation=arguments.organisation,
        disclosure=_disclosure(arguments),
    )
    of_waves = changes(store, report)
    if arguments.json:
        printed = [publish_changes.as_json(change) for change in of_waves]
        _print_figures(arguments, publish_trends.as_json(report) | {"changes": printed})
        return DONE
    print(words_trends.summary(report))
    print(f"  {words_trends.limits(report)}")
    for series in report.series:
        print(f"\n{words_series.summary(series)}")
    for pair in report.pairs:
        print(f"\n{pair.title}: {words_series.directions(pair)} {words_series.ahead(pair)}")
    for change in of_waves:
        print(f"\n{words_changes.summary(change)}")
    for note in words_trends.notes(report):
        print(f"  Note: {note}")
    return DONE


def _start(options: Sequence[str]) -> int:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    with suppress(KeyboardInterrupt):  # that is how it is ended
        return subprocess.run(command, cwd=HOME, check=False).returncode
    return DONE


def _demo(arguments: argparse.Namespace) -> int:
    if not arguments.database:
        raise PxError(
            "Demonstration and own data are never mixed.",
            fix="Name a database for it: demo --database demonstration.duckdb",
        )
    arguments.store = load.open_store(arguments.database, kind="demonstration")
    store = load_demonstration(arguments.store)
    report = sources(store)
    if arguments.json:
        _print_json({"schema": 1, "status": "ok", "extracts": len(report.extracts)})
    else:
        print(f"Demonstration data loaded into {arguments.database}. {report.summary()}")
    return DONE


# --- Printing ---


def _records(frame: Released) -> list[dict[str, Any]]:
    if not isinstance(frame, Released):
        raise TypeError("only what has been released may leave")
    return [
        {str(key): _plain(value) for key, value in row.items()}
        for row in frame.to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    """A value JSON knows: dates in ISO form, missing as null."""
    if isinstance(value, datetime):
        return None if value != value else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float) and math.isnan(value):
        return None
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value != value:  # NaT and its kind
        return None
    return str(value)


def _print_figures(arguments: argparse.Namespace, content: dict[str, Any]) -> None:
    """Figures for a program, with whether confidential ones are exact."""
    _print_json({**content, "exact": arguments.exact})


def _print_json(content: dict[str, Any]) -> None:
    # what cannot be printed as it is, is written the way JSON has for it
    plain = "utf" not in (sys.stdout.encoding or "utf-8").lower()
    print(json.dumps(_plain(content), ensure_ascii=plain, indent=2, allow_nan=False))
