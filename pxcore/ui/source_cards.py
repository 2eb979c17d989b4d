"""What two sources are and what they can bear, a click away from wherever they are named."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.judging.source_card import source_card
from pxcore.analysis.judging.verdicts import Verdicts
from pxcore.ui import show
from pxcore.ui.answers import finished
from pxcore.words import source_card as words


def pair(verdicts: Verdicts | None, *, in_full: bool = False) -> None:
    """A card for each of the two sources, by its short title or its whole one; nothing where they are not
    weighed."""
    if verdicts is None:
        return
    for weighed, beside in (
        (verdicts.left, verdicts.right),
        (verdicts.right, verdicts.left),
    ):
        title = weighed.side.title if in_full else weighed.side.short_title
        with st.popover(show.escape(title), icon=":material/info:", type="tertiary"):
            card = finished(source_card, weighed, beside)
            st.markdown(f"**{show.escape(words.title(card))}**")
            lines = [
                f"**{heading}:** {show.escape(sentence)}"
                for heading, sentence in finished(words.facts, card, verdicts.grain)
            ]
            st.markdown("  \n".join(lines))
