"""The JSON Schema of what each command prints, from the table of its fields: `python -m docs.schemas.make`.

`fields.csv` holds a row a field: what it is a field of (a command, a form of one as `align --names`, or a
part that several share), its path, its type, and its meaning with its unit. A path ends with ? where the
field may be absent; a * in it stands for left and right. A type is a JSON type, `date`, `time`, `object`, a
shared part, or the only values with / between them; [] makes a list of these and {} an object of any names.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
PLAIN = ("string", "integer", "number", "boolean", "null")
PATTERNS = {"date": r"^\d{4}-\d{2}-\d{2}$", "time": r"^\d{4}-\d{2}-\d{2}T"}
EVERYWHERE = "error"  # the form that every command prints of a fault


def table() -> dict[str, dict[str, tuple[str, str]]]:
    """Type and meaning of every field, by what it is a field of and by its path."""
    fields: dict[str, dict[str, tuple[str, str]]] = {}
    with (FOLDER / "fields.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for side in ("left", "right") if "*" in row["field"] else ("",):
                path = row["field"].replace("*", side)
                fields.setdefault(row["of"], {})[path] = (row["type"], row["meaning"])
    return fields


def schema(command: str) -> dict[str, Any]:
    """The schema of whatever a command prints."""
    fields = table()
    forms = [form for form in fields if form.split(" ")[0] == command]
    content = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"px {command} --json",
        "anyOf": [_object(fields[form]) for form in (*forms, EVERYWHERE)],
    }
    parts = {part: _object(rows) for part, rows in fields.items()}
    used = {part: parts[part] for part in parts if f'"#/$defs/{part}"' in json.dumps(content)}
    return content | ({"$defs": used} if used else {})


def _object(rows: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """An object of exactly these fields."""
    own = [path for path in rows if "." not in path]
    properties = {}
    for path in own:
        name = path.removesuffix("?")
        inner = {
            longer.removeprefix(f"{name}."): row
            for longer, row in rows.items()
            if longer.startswith(f"{name}.")
        }
        words, meaning = rows[path]
        kinds = [_kind(word, inner) for word in words.split(" or ")]
        kind = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
        properties[name] = {"description": meaning, **kind}
    return {
        "type": "object",
        "properties": properties,
        "required": [path for path in own if not path.endswith("?")],
        "additionalProperties": False,
    }


def _kind(word: str, inner: dict[str, tuple[str, str]]) -> dict[str, Any]:
    if word.endswith("[]"):
        return {"type": "array", "items": _kind(word[:-2], inner)}
    if word.endswith("{}"):
        return {"type": "object", "additionalProperties": _kind(word[:-2], inner)}
    if word == "object":
        return _object(inner)
    if word in PLAIN:
        return {"type": word}
    if word in PATTERNS:
        return {"type": "string", "pattern": PATTERNS[word]}
    if "/" in word:
        return {"enum": [value for value in word.split("/") if value]}
    return {"$ref": f"#/$defs/{word}"}


def as_text(command: str) -> str:
    return json.dumps(schema(command), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write a file a command."""
    for command in commands():
        (FOLDER / f"{command}.json").write_text(as_text(command), encoding="utf-8")


def commands() -> list[str]:
    """The commands that print JSON: what is a field of nothing shared."""
    fields = table()
    shared = {
        word
        for rows in fields.values()
        for words, _ in rows.values()
        for word in words.split(" or ")
    }
    return [of for of in fields if of not in shared and of != EVERYWHERE and " " not in of]


if __name__ == "__main__":
    main()
