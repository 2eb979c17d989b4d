"""What a command printed, held to its schema in docs/schemas."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[1] / "docs" / "schemas"


@cache
def _validator(command: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{command}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults(command: str, printed: dict[str, Any]) -> list[str]:
    """Where what a command printed is not as its schema says, for every form it may have."""
    return [
        f"{'.'.join(map(str, detail.absolute_path))}: {detail.message[:300]}"
        for fault in _validator(command).iter_errors(printed)
        for detail in (fault.context or [fault])
    ]
