"""Names and themes are text: whatever stands in them, a browser shows it and does nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.served import JOURNEY, WAIT, Server

pytestmark = JOURNEY
# Every kind of syntax that Streamlit's Markdown knows, one of each and then mixed at random.
PARTS = [
    ":material/star:", ":material_star:", ":smile:", ":streamlit:", ":+1:", ":red[Mary]", ":red-badge[x]",
    ":blue-background[x]", ":rainbow[x]", ":small[x]", ":shimmer[x]", ":help[a](b)", ":red", "::note[x]",
    "http://evil.example", "https://evil.example/a?b=c", "HTTP://EVIL.EXAMPLE", "www.evil.example",
    "WWW.evil.example", "a.b@evil.example", "mailto:a@evil.example", "xmpp:a@evil.example/x",
    "<http://evil.example>", "<b>bold</b>", "<img src=x>", "<!-- x -->", "&lt;b&gt;", "&copy;", "&#65;",
    "**bold**", "__bold__", "*it*", "_it_", "~~gone~~", "~sub~", "`code`", "``` code", "$x^2$", "$$x$$",
    "\\(x\\)", "[a](http://evil.example)", "![a](x.png)", "[^1]", "[^1]: note",
    "[a]: http://evil.example",
    "[[x]]", "# heading", "###### h", "> quoted", "- item", "+ item", "* item", "1. item", "12) item",
    "2024. item",
    "- [ ] task", "| a | b |", "---", "***", "===", "->", "<-", "<->", "--", ">=", "<=", "~=", "!", "\\",
    "{x=1}",
    "Fees $5 to $10 Clinic", "10:30:15", "C:\\temp", "St :red[Mary] **Bold** _it_ Practice", "@", ":",
]  # fmt: skip
STRANGE = (
    "a, img, svg, code, pre, strong, em, del, sup, sub, table, ul, ol, blockquote, hr, input, .katex, "
    "h1, h2, h3, h4, h5, h6, span[style], span[class*=Badge], span[role=img]"
)


def texts() -> list[str]:
    chance = random.Random(13)
    mixed = [
        chance.choice(["", " ", "x"]).join(chance.choices(PARTS, k=chance.randint(2, 4)))
        for _ in range(150)
    ]
    return [*PARTS, *(f"Elm {part} Surgery" for part in PARTS), *mixed]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page that shows each of the texts in a box of its own."""
    script = tmp_path_factory.mktemp("names") / "names.py"
    script.write_text(
        "import streamlit as st\n"
        "from pxcore.ui import show\n"
        "from tests.browser.test_names import texts\n"
        "for place, text in enumerate(texts()):\n"
        "    with st.container(key=f'box{place}'):\n"
        "        st.markdown(show.escape(text))\n"
        "st.caption('the end')\n",
        encoding="utf-8",
    )
    running = Server(script.with_name("own.duckdb"), script=str(script))
    yield running.address
    running.stop()


def test_a_browser_shows_the_very_words_and_nothing_else(address: str, page: Any) -> None:
    page.goto(address)
    page.get_by_text("the end").wait_for(timeout=WAIT)
    page.wait_for_timeout(1000)
    shown = page.evaluate(
        """([count, strange]) => Array.from({length: count}, (_, place) => {
            const box = document.querySelector(`.st-key-box${place} [data-testid=stMarkdownContainer]`);
            const found = Array.from(box.querySelectorAll(strange)).map(one => one.outerHTML);
            return [box.textContent.replaceAll('\\u2060', '').trim(), found];
        })""",
        [len(texts()), STRANGE],
    )
    wrong = [
        (text, words, found)
        for text, (words, found) in zip(texts(), shown, strict=True)
        if words != " ".join(text.split()) or found
    ]
    assert not wrong, "\n".join(map(repr, wrong))
