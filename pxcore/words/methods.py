"""How each report is worked out: Markdown files, in which constants are filled in."""

from __future__ import annotations

from importlib.resources import files


def method(noun: str, **values: object) -> tuple[str, ...]:
    """The paragraphs of `methods/<noun>.md`, each on one line, with the values that it names."""
    text = (files("pxcore.words") / "methods" / f"{noun}.md").read_text(encoding="utf-8")
    paragraphs = text.strip().split("\n\n")
    return tuple(" ".join(paragraph.split()).format(**values) for paragraph in paragraphs)
