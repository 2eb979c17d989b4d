"""Which code does a name stand for? Suggestions that a person confirms; nothing is matched unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pxcore.analysis.joining.names import readable
from pxcore.disclosure import Count, Released, release
from pxcore.errors import NothingToCompare
from pxcore.model import USUAL_DISCLOSURE, Disclosure
from pxcore.store import Store


@dataclass(frozen=True, slots=True)
class MatchingReport:
    """Names without codes, and the codes each may stand for."""

    names: Released  # one row per source, name and context; `code` where a person confirmed it
    suggestions: Released  # up to five rows per name, most alike first
    disclosure: Disclosure

    @property
    def open_names(self) -> pd.DataFrame:
        return self.names[self.names["code"] == ""]

    @property
    def sure(self) -> pd.DataFrame:
        """The best suggestion of each name that is the same name exactly, and the only such."""
        exact = self.suggestions[self.suggestions["exact"]]
        best = exact[exact["place"] == 1]
        in_context = exact[exact["in_context"]]
        keys = ["source", "name", "context"]
        several = exact.groupby(keys)["code"].nunique()
        several_in_context = in_context.groupby(keys)["code"].nunique()
        only = [
            several_in_context.get(key, 0) == 1 or several.get(key, 0) == 1
            for key in zip(*(best[column] for column in keys), strict=True)
        ]
        return best[
            pd.Series(only, index=best.index, dtype=bool)
        ]  # of none, no rows: not no columns


def matching(store: Store, disclosure: Disclosure = USUAL_DISCLOSURE) -> MatchingReport:
    names = release(store.query("unmatched_names"), disclosure, Count("rows", "rows_key"))
    return MatchingReport(names, Released(store.query("alias_suggestions")), disclosure)


def confirm(
    store: Store, matches: Sequence[tuple[str, str, str]], by: str = "this computer"
) -> None:
    """Keep matches of (name, context, code): from now on the name stands for the code.

    Raises NothingToCompare for a code that no reference file and no loaded row knows: nothing is
    then kept.
    """
    known = set(store.query("known_codes")["code"])
    strange = sorted({code for _, _, code in matches} - known)
    if strange:
        raise NothingToCompare(
            f"{', '.join(strange)} is not the code of any organisation known here.",
            fix="Load the reference files that hold it, or check the code.",
        )
    store.confirm_aliases(
        [{"name": name, "context": context, "code": code} for name, context, code in matches], by
    )


def successions(store: Store) -> Released:
    """One row per organisation with data whose succession was, or could not be, followed."""
    rows = Released(store.query("successions_followed"))
    followed = rows["succession"] == "merged"
    return rows.assign(
        name=rows["name"].map(readable),
        current_code=rows["current_code"].where(followed, ""),
        current_name=rows["current_name"].fillna("").map(readable).where(followed, ""),
    )
