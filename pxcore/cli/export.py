"""What the app gives away, from the command line: for reports that are made on a schedule."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from pxcore.analysis.comments.themes import ThemesQuestion
from pxcore.analysis.joining.choices import choices
from pxcore.analysis.workshop import workshops
from pxcore.cli import explain, options
from pxcore.cli.run import DONE, FAULT, Run, command
from pxcore.errors import NothingToCompare, PxError
from pxcore.model import Pairing, Scope, Settings
from pxcore.publish.page_names import DECISIONS, LEAVING, WORKSHOP

SYNTHETIC = "Synthetic data: invented organisations and answers"


@command
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--page",
    "pages",
    multiple=True,
    # a scenario is set in the app
    type=click.Choice([page for page in LEAVING if page != "what_if"]),
    default=("overview",),
    show_default=True,
    help="A page; give it again for more, in their order.",
)
@click.option("--unit", default="", metavar="CODE", help="The organisation looked at.")
@click.option("--service", default="", metavar="SERVICE", help="This service alone.")
@click.option("--group-by", default="", metavar="GROUPS", help="Such as age, for the page groups.")
@click.option(
    "--workshop",
    default="",
    metavar="TITLE",
    help="Whose record the page ‘workshop’ is; the latest where none is named.",
)
@click.option("--title", default="", help="The title of the file.")
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own PowerPoint template.",
)
@options.pairing
def export_command(
    run: Run,
    files: Sequence[str],
    pages: tuple[str, ...],
    workshop: str,
    template: Path | None,
    **given: Any,
) -> None:
    """Write pages to FILES: .pptx, .docx, .xlsx, .html, or .zip to be repeated, by their endings."""
    # here: what draws and writes takes a second to import, and no other command needs it
    from dataclasses import replace

    from pxcore.publish.asking import NOTHING_LEAVES, PAPER, document
    from pxcore.publish.files import KINDS
    from pxcore.publish.headlines import headline
    from pxcore.publish.pack import pack
    from pxcore.publish.reports import Reports

    if run.disclosure.exact:
        raise PxError(NOTHING_LEAVES, fix="Leave --exact out.")
    by_ending = {kind.ending: kind.write for kind in KINDS}
    if template is not None:
        by_ending["pptx"] = partial(by_ending["pptx"], template=template)
    endings = (*by_ending, "zip")
    for name in files:
        if Path(name).suffix.removeprefix(".").lower() not in endings:
            raise PxError(
                f"‘{name}’ has no ending that says what it is.",
                fix=f"Give it one of: {', '.join(f'.{ending}' for ending in endings)}.",
            )
    no_figures = [page for page in (DECISIONS, WORKSHOP) if page in pages]
    if no_figures and any(name.lower().endswith(".zip") for name in files):
        raise PxError(
            "A repeat pack holds no decisions and no workshop: they are no figures to be worked out again.",
            fix=f"Leave --page {no_figures[0]} out, or write it to a file of another kind.",
        )
    title = given.pop("title")
    view = view_of_options(run, **given)
    by_ending["zip"] = lambda made: pack(made, [view] * len(made.sections), run.store.kind)
    mark = SYNTHETIC if run.store.kind == "demonstration" else ""
    reports = Reports(run.store, lambda: run.code_store)
    views = [
        _workshop(run, workshop) if page == WORKSHOP else replace(view, page=page)
        for page in dict.fromkeys(pages)
    ]
    made = document(
        views, reports, PAPER, mark, date.today(),
        lambda shown: explain.code(run, shown, lambda: headline(shown, reports)),
    )  # fmt: skip
    if title:
        made = replace(made, title=title)
    written = []
    for name in files:
        content = by_ending[Path(name).suffix.removeprefix(".").lower()](made)
        _write(Path(name), content)
        written.append({"file": name, "bytes": len(content)})
    if run.as_json:
        codes = [{"page": part.page, "code": part.code or None} for part in made.sections]
        run.print_json(
            {"status": "ok", "files": written, "revision": run.store.revision, "codes": codes}
        )
        return
    for entry in written:
        print(f"written  {entry['file']}: {entry['bytes']:,} bytes")


def _workshop(run: Run, title: str) -> Any:
    """The view of the workshop of a title; of the latest where none is named."""
    from pxcore.publish.view import of_workshop

    rooms = run.code_store
    listed = workshops.listed(rooms)
    named = [row for row in listed if title in ("", row["title"], row["workshop"])]
    if not named:
        titles = "; ".join(dict.fromkeys(str(row["title"]) for row in listed))
        raise NothingToCompare(
            f"There is no workshop ‘{title}’." if title else "No workshop has been held.",
            fix=f"There are: {titles}." if titles else "Make one in the app.",
        )
    if title and len(named) > 1:
        known = "; ".join(f"{row['workshop']} of {row['made_at']:%d %B %Y}" for row in named)
        raise NothingToCompare(
            f"Several workshops are called ‘{title}’.", fix=f"Name one by its number: {known}."
        )
    return of_workshop(workshops.workshop(rooms, str(named[0]["workshop"])))


@command
@click.argument(
    "file", metavar="PACK", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def reproduce_command(run: Run, file: Path) -> int:
    """Work out again what a pack holds, and compare: with --database, of the data there too."""
    from pxcore.publish.pack import Outcome, check
    from pxcore.publish.reports import Reports

    reports = Reports(run.store) if run.database else None
    result = check(file.read_bytes(), reports, run.store.kind if run.database else "")
    counts = {
        outcome.value: sum(item.outcome is outcome for item in result.checks) for outcome in Outcome
    }
    if run.as_json:
        run.print_json(
            {
                "status": "differs" if result.differs else "ok",
                "made_by": result.made_by,
                "kind": result.kind,
                "data": list(result.data),
                "counts": counts,
                "checks": [
                    {
                        "what": item.what,
                        "outcome": item.outcome.value,
                        "detail": item.detail or None,
                    }
                    for item in result.checks
                ],
            }
        )
        return FAULT if result.differs else DONE
    print(f"{file.name}: {result.made_by}, of {result.kind} data: {', '.join(result.data)}.")
    for item in result.checks:
        print(f"  {item.outcome.value}: {item.what}{f' ({item.detail})' if item.detail else ''}")
    print("; ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) + ".")
    return FAULT if result.differs else DONE


def view_of_options(
    run: Run,
    unit: str,
    service: str,
    group_by: str,
    area: str,
    evidence_floor: int,
    assumed_base: int,
    **given: Any,
) -> Any:
    """The view that the options ask for; the two natural sources where none are named."""
    from pxcore.publish.view import View

    offered = choices(run.store, given["organisation"])
    left, right = offered.pair_of(given.pop("left"), given.pop("right"), service)
    if not (left and right):
        raise NothingToCompare(
            "There are no two sources to set side by side.", fix="Load them first: see ‘coverage’."
        )
    area = run.area(area)
    pairing = Pairing(
        left=left,
        right=right,
        area=area,
        disclosure=run.disclosure,
        settings=Settings(evidence_floor=max(1, evidence_floor), assumed_base=assumed_base),
        **given,
    )
    return View(
        page="",
        scope=Scope.of(pairing, service),
        unit=unit,
        group_by=group_by,
        themes=ThemesQuestion(
            area=area, service=service, window=given["window"], disclosure=run.disclosure
        ),
    )


def _write(path: Path, content: bytes) -> None:
    """The file whole, or not at all."""
    making = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        making.write_bytes(content)
        making.replace(path)
    except OSError as problem:
        making.unlink(missing_ok=True)
        raise PxError(
            f"‘{path}’ cannot be written ({problem.strerror}).",
            fix="Name a folder that exists, and a file nothing else holds open.",
        ) from problem
