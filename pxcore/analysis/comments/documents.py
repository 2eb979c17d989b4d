"""What documents of community evidence say of one organisation: it fills a silence, and is no figure.

No rate, standing or probability is ever worked out from it: no other question reads these rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pxcore.analysis.masking import redactor
from pxcore.disclosure import Released, enough
from pxcore.model import Disclosure
from pxcore.store import Store

DOCUMENT = ("start", "end", "people", "method", "written_by", "theme", "quotation")


@dataclass(frozen=True, slots=True)
class DocumentsReport:
    """The findings written down about one organisation, the latest collected first."""

    unit: str
    rows: Released  # one row per finding; see DOCUMENT. Of too few people neither number nor quotation
    disclosure: Disclosure
    extracts: tuple[int, ...]
    revision: int


def documents(store: Store, unit: str, disclosure: Disclosure) -> DocumentsReport:
    """What was written down of what people said about an organisation, as it may be read."""
    written = store.query("documents", unit=unit, masks=redactor(store).rules)
    shown = enough(written["people"], disclosure)
    rows = written.assign(
        start=written["period_start"],
        end=written["period_end"],
        people=np.where(shown, written["people"], np.nan),
        quotation=written["quotation"].where(shown, ""),
    )
    return DocumentsReport(
        unit,
        Released(rows[list(DOCUMENT)]),
        disclosure,
        tuple(sorted({int(number) for number in written["extract"]})),
        store.revision,
    )
