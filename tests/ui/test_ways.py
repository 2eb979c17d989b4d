"""What is offered where there is no answer."""

from __future__ import annotations

import pytest
import streamlit as st

from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.choices import choices
from pxcore.model import Pairing, Settings
from pxcore.store import Store
from pxcore.ui import ways


@pytest.mark.parametrize(
    ("evidence", "shown", "offered"), [(30, 5, 10), (10, 5, 5), (30, 30, None), (5, 5, None)]
)
def test_where_organisations_are_too_few_fewer_answers_are_offered(
    demonstration: Store, monkeypatch: pytest.MonkeyPatch,
    evidence: int, shown: int, offered: int | None,
) -> None:  # fmt: skip
    """As many as are usual, else as few as there are, and never fewer than may be shown."""
    monkeypatch.setitem(st.session_state, "floor", shown)
    pairing = Pairing("fft_gp", "gp_survey", settings=Settings(evidence_floor=evidence))
    labels = [
        way.label for way in ways._more(align(demonstration, pairing), choices(demonstration))
    ]
    fewer = [label for label in labels if label.startswith("Hear a source from")]
    assert fewer == ([f"Hear a source from {offered} answers"] if offered else [])
