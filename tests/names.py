"""The names a file binds, and which of them say nothing of what they hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

# Words that stand for anything at all: a reader must look elsewhere for what is meant.
VAGUE = frozenset(
    ("told", "said", "one", "here", "found", "asked", "kept", "other", "heard", "spoken")
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


def words(name: str) -> list[str]:
    """first_answer and FirstAnswer are two words each."""
    return [word.lower() for word in _WORDS.findall(name)]


def bindings(path: Path) -> Iterator[tuple[int, str]]:
    """Every name that a file gives to something: variables, parameters, attributes, functions, classes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.lineno, node.asname


def vague(path: Path) -> list[tuple[int, str]]:
    """Where a file binds a name in which such a word stands."""
    return [(line, name) for line, name in bindings(path) if VAGUE & set(words(name))]
