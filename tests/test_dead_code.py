"""What nothing calls is gone: every function and class is named somewhere besides where it is defined."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = [*(ROOT / "pxcore").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]
USERS = [*CODE, *(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "data" / "maker").rglob("*.py")]
# called by the library that the class derives from
BY_A_LIBRARY = {
    "_constructor",
    "_constructor_from_mgr",
    "find_class",
    "list_commands",
    "normalize_choice",
}


def test_every_function_and_class_is_used_outside_its_own_test() -> None:
    names = Counter(
        name for path in USERS for name in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    )
    unused = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and names[node.name] < 2
        and not node.name.startswith("__")
        and node.name not in BY_A_LIBRARY
    ]
    assert not unused, "\n".join(unused)
