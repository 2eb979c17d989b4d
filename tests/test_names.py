"""Names say what they hold: the field's nouns, not words that could stand for anything."""

from __future__ import annotations

from pathlib import Path

from tests.names import VAGUE, bindings, vague, words

ROOT = Path(__file__).parents[1]
FILES = [*(ROOT / "pxcore").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]
MOST = 0.01  # of all bindings


def test_nearly_every_name_says_what_it_holds() -> None:
    places = [
        f"{path.relative_to(ROOT)}:{line}: {name}" for path in FILES for line, name in vague(path)
    ]
    every = sum(1 for path in FILES for _ in bindings(path))
    assert len(places) < MOST * every, "\n".join(places)


def test_a_name_is_read_word_by_word(tmp_path: Path) -> None:
    path = tmp_path / "names.py"
    path.write_text(
        "import numpy as found\n\n\nclass ToldTwice:\n    def other_half(self, one, phone):\n"
        "        self.kept = one\n        [said, rows] = one, phone\n"
    )
    assert words("ToldTwice") == ["told", "twice"]
    assert [name for _, name in sorted(vague(path))] == [
        "found", "ToldTwice", "one", "other_half", "kept", "said",
    ]  # fmt: skip
    assert "phone" not in VAGUE
