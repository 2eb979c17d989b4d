"""The rows of files behind one organisation's figure, as a table shows them."""

from __future__ import annotations

from pxcore.analysis.joining.trace import SINGLE_RESPONSES
from pxcore.disclosure import Released
from pxcore.model import Disclosure
from pxcore.words.counts import counts_said


def table(rows: Released, disclosure: Disclosure) -> Released:
    """The rows with their answers in words: few of single responses read as that."""
    answers = counts_said(rows["respondents"], disclosure)
    shown = rows["few"] | rows["respondents"].notna()
    return rows.assign(
        answers=[text if known else "" for text, known in zip(answers, shown, strict=True)],
        cell=rows["cell"].where(
            rows["cell"] != SINGLE_RESPONSES, "single responses, counted together"
        ),
    )
