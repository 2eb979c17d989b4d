"""The layers are a table, and this is it: what each part of pxcore may import of the others."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEAVES = {"model", "frames", "errors", "maps", "paths"}
MAY_IMPORT = {
    "model": set(),
    "frames": {"model"},
    "errors": set(),
    "maps": {"errors", "paths"},
    "paths": set(),
    "stats": {"errors"},
    "ingest": {"model", "frames", "errors", "maps"},
    "store": {"model", "frames", "errors"},
    "disclosure": {"model", "errors", "maps"},
    "words": {"model", "maps", "disclosure", "stats", "analysis"},
    "publish": LEAVES | {"disclosure", "stats", "analysis", "words", "charts"},
    "analysis": {
        "model",
        "frames",
        "errors",
        "maps",
        "paths",
        "store",
        "stats",
        "disclosure",
    },
    "charts": {"model", "analysis", "stats", "words"},
    "cli": {
        "analysis",
        "disclosure",
        "model",
        "errors",
        "maps",
        "paths",
        "words",
        "publish",
    },
    "__main__": {"cli"},
    "ui": LEAVES
    | {"ingest", "store", "stats", "disclosure", "analysis", "charts", "words", "publish"},
}
# The rooms of analysis, and what each may import of the others: no room has a circle.
ROOMS = {
    "rows": set(),
    "questions": set(),
    "masking": set(),
    "joining": {"rows", "masking"},
    "judging": {"rows", "questions", "joining"},
    "comments": {"rows", "masking", "joining", "judging"},
    "pairs": {"rows", "questions", "masking", "joining", "judging"},
    "time": {"rows", "questions", "masking", "joining", "judging"},
    "files": {"masking", "joining"},
    "workshop": {"rows", "questions", "masking", "joining", "judging", "comments", "pairs"},
}
# The one module in which file formats and the database meet.
MEETING_PLACE = "pxcore/analysis/files/load.py"
ONLY_IN = {"streamlit": ("ui",), "duckdb": ("store",), "altair": ("charts",), "click": ("cli",)}
ONLY_IN |= {"starlette": ("ui",), "jinja2": ("ui",), "segno": ("ui",)}
NOT_IN_PAGES = {"pandas", "altair", "numpy", "duckdb", "scipy"}

MODULES = sorted((ROOT / "pxcore").rglob("*.py"))
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]


@cache
def imports(path: Path) -> set[str]:
    """Every module a file imports, in full: `pxcore.ingest` from `from pxcore import ingest` too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


def layer(path: Path) -> str:
    return path.relative_to(ROOT / "pxcore").parts[0].removesuffix(".py")


def layers_imported(path: Path) -> set[str]:
    return {
        name.split(".")[1]
        for name in imports(path)
        if name.startswith("pxcore.")
        and (ROOT / "pxcore" / name.split(".")[1]).exists()
        or name.startswith("pxcore.")
        and (ROOT / "pxcore" / f"{name.split('.')[1]}.py").exists()
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_the_layers_it_may(path: Path) -> None:
    own = layer(path)
    if own == "__init__":
        assert not layers_imported(path)
        return
    allowed = MAY_IMPORT[own] | {own}
    if str(path.relative_to(ROOT).as_posix()) == MEETING_PLACE:
        allowed |= {"ingest"}
    assert layers_imported(path) <= allowed


@pytest.mark.parametrize(("library", "owners"), ONLY_IN.items())
def test_a_library_has_one_owner(library: str, owners: tuple[str, ...]) -> None:
    users = {
        layer(path)
        for path in MODULES
        if any(name.split(".")[0] == library for name in imports(path))
    }
    assert users == set(owners)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_arranges_and_does_not_compute(path: Path) -> None:
    used = {name.split(".")[0] for name in imports(path)}
    assert not used & NOT_IN_PAGES
    assert {name.split(".")[1] for name in imports(path) if name.startswith("pxcore.")} <= {
        "ui",
        "analysis",
        "charts",
        "words",
        "model",
        "publish",
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_puts_questions_and_works_none_out(path: Path) -> None:
    """What it imports of analysis it hands to `ask` or `finished`, which remember, and never calls."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    questions = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pxcore.analysis")
        for name in node.names
    }
    called = {
        ast.unparse(node.func).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    assert not called & questions


LONGEST = 600  # lines


def test_no_module_is_too_long_to_be_read_in_one_sitting() -> None:
    """What is longer answers two questions: each gets a module of its own."""
    longer = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    }
    assert not longer


def test_the_table_names_every_layer() -> None:
    assert {layer(path) for path in MODULES} - {"__init__"} == set(MAY_IMPORT)


def room(path: Path) -> str:
    return path.relative_to(ROOT / "pxcore" / "analysis").parts[0].removesuffix(".py")


IN_ROOMS = [path for path in MODULES if layer(path) == "analysis" and room(path) != "__init__"]


@pytest.mark.parametrize("path", IN_ROOMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_of_analysis_imports_only_the_rooms_it_may(path: Path) -> None:
    imported = {name.split(".")[2] for name in imports(path) if name.startswith("pxcore.analysis.")}
    assert imported <= ROOMS[room(path)] | {room(path)}


def test_the_table_names_every_room_and_each_stands_on_those_before_it() -> None:
    assert {room(path) for path in IN_ROOMS} == set(ROOMS)
    order = list(ROOMS)
    for own, others in ROOMS.items():
        assert all(order.index(other) < order.index(own) for other in others)


# From how many answers statistics are worked out: never from fewer than may be shown.
OF_STATISTICS = "pxcore/model.py"


def compares_with_the_floor(text: str) -> list[int]:
    """Lines that compare something with a disclosure floor, or with a name that stands for it."""
    tree = ast.parse(text)

    def has_floor(node: ast.AST, names: set[str]) -> bool:
        return any(
            (
                isinstance(part, ast.Attribute)
                and part.attr == "floor"
                and "disclosure" in ast.unparse(part).lower()
            )
            or (isinstance(part, ast.Name) and part.id in {*names, "DISCLOSURE_FLOORS", "LOWEST"})
            for part in ast.walk(node)
        )

    names = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and has_floor(node.value, set())
        for assigned in node.targets
        for target in (assigned.elts if isinstance(assigned, ast.Tuple) else [assigned])
        if isinstance(target, ast.Name) and target.id in ("floor", "fewest", "lowest")
    }
    ordered = ast.Lt | ast.LtE | ast.Gt | ast.GtE
    return [
        node.lineno
        for node in ast.walk(tree)
        if (
            isinstance(node, ast.Compare)
            and any(isinstance(kind, ordered) for kind in node.ops)
            and has_floor(node, names)
        )
        or (
            isinstance(node, ast.Call)
            and ast.unparse(node.func)
            in ("max", "min", "np.maximum", "np.greater_equal", "np.less")
            and has_floor(node, names)
        )
    ]


@pytest.mark.parametrize(
    "line",
    [
        "few = people < asked.disclosure.floor",
        "floor = pairing.disclosure.floor\nfew = rows[rows['people'] >= floor]",
        "fewest = max(10, disclosure.floor)",
        "few = people < DISCLOSURE_FLOORS[0]",
        "shown = np.maximum(people, disclosure().floor)",
    ],
)
def test_a_comparison_with_the_floor_is_noticed(line: str) -> None:
    assert compares_with_the_floor(line)


@pytest.mark.parametrize("path", [*MODULES, *PAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_but_disclosure_compares_with_the_floor(path: Path) -> None:
    if path in PAGES or layer(path) != "disclosure":
        lines = compares_with_the_floor(path.read_text(encoding="utf-8"))
        assert bool(lines) == (path.relative_to(ROOT).as_posix() == OF_STATISTICS)


def test_no_query_compares_with_the_floor_but_for_who_may_be_read() -> None:
    """Counts leave SQL as they are; whose comments may be read is decided there, once."""
    queries = (ROOT / "pxcore" / "store" / "sql").rglob("*.sql")
    comparing = {
        f"{path.name}: {line.strip()}"
        for path in queries
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(
            r"(people|respondents|answers|count\([^)]*\)) *(<|<=|>|>=) *(\$floor|[2-9]|[1-9][0-9])",
            line,
        )
    }
    assert comparing == {
        "cell_key.sql: create or replace macro enough_to_read(people) as people >= 5;"
    }


@pytest.mark.parametrize("path", [*MODULES, *PAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_confidential_figures_are_looked_into_by_statistics_alone(path: Path) -> None:
    """What draws, shows, downloads or prints never opens what has not been released."""
    if path not in PAGES and layer(path) in ("analysis", "disclosure"):
        return
    names = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.Name)
    }
    assert not names & {"Confidential", "exact_of"}


def test_the_picture_of_the_architecture_is_true() -> None:
    """Every arrow drawn in CONTRIBUTING is one that the tables allow, and no layer or room is missing."""
    drawn = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    picture = drawn.split("```mermaid")[1].split("```")[0]
    arrows = re.findall(r"(\w+)(?:\[[^\]]*\])? --(?: [\w.]+ --)?> (\w+)", picture)
    assert len(arrows) == picture.count("-->") > 15
    for importer, imported in arrows:
        if importer in ROOMS and imported in ROOMS:
            assert imported in ROOMS[importer]
        elif importer not in ("pages", "files"):
            assert imported in MAY_IMPORT[importer], (importer, imported)
    ends = {name for arrow in arrows for name in arrow}
    assert ends >= set(ROOMS) | {"analysis", "words", "charts", "publish", "ui", "store", "ingest"}
