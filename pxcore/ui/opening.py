"""The first moments of a server: what is on screen before the libraries are imported and the data are in.

Imports nothing but Streamlit and the paths, for it must be there at once: the rest of the program takes
seconds to import. What it shows is drawn as the Overview draws it, in the same places, so that nothing
moves when that page takes over.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import streamlit as st

from pxcore.paths import DATA

LOGO = str(Path(__file__).with_name("logo.svg"))  # the marks of the three signals
PAPER = Path(__file__).with_name("paper.css")
SCREEN = Path(__file__).with_name("screen.css")
SYNTHETIC = "Synthetic data: invented organisations and answers"
DEMONSTRATION = DATA / "demo"
ANSWER = DATA / "reference" / "first_answer.json"

_ready = False  # whether this server has shown the demonstration's Overview


def title(question: str, *, synthetic: bool) -> None:
    """A page's one question, and, for the demonstration, that nothing here is real."""
    st.html(SCREEN)
    st.html(PAPER)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.title(question, anchor=False, width="content")
        if synthetic:
            st.markdown(f":orange-badge[:material/science: {SYNTHETIC}]", width="content")


def headline(answer: str, limits: str) -> None:
    """The answer, in Markdown; beneath it, muted, what limits it."""
    st.markdown(f"## {answer}", anchors=False)
    if limits:
        st.markdown(f":gray[{limits}]")


def fingerprint() -> str:
    """Of the demonstration: its manifest has the fingerprint of every file."""
    return hashlib.sha256((DEMONSTRATION / "manifest.csv").read_bytes()).hexdigest()


def first_answer() -> dict[str, str]:
    """What Overview says of the demonstration, if it was written down of these very files; else nothing.

    tests/pages holds it to what the page works out, and the page itself takes its place within seconds.
    """
    try:
        answer = json.loads(ANSWER.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    right = isinstance(answer, dict) and answer.get("manifest") == fingerprint()
    return answer if right else {}


def draw(page: Any) -> bool:
    """Where this server has not yet shown the demonstration's Overview, and that is what was asked for:
    its question and answer. Whether it was drawn."""
    if _ready or page.url_path or st.query_params.to_dict() or st.session_state.get("data"):
        return False
    answer = first_answer()
    if answer:
        title(answer["question"], synthetic=True)
        headline(answer["summary"], answer["limits"])
    return bool(answer)


def over() -> None:
    """The page takes the place of what was drawn."""
    global _ready
    _ready = True
    st.rerun()
