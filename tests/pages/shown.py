"""Every text a page of the demonstration shows: sentences, headings, labels, cells, titles of pictures."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from streamlit.testing.v1 import AppTest

# What is worked out once it is opened: folds by their keys, tabs by the key of the set and their titles.
FOLDS: Mapping[str, tuple[str, ...]] = {
    "overview": ("overview_sure", "overview_settle", "provenance_open"),
    "agreement": ("agreement_strength", "agreement_ways", "agreement_rows", "provenance_open"),
    "divergence": (
        "divergence_analyst", "divergence_comments", "divergence_said", "divergence_trace",
        "divergence_rows", "provenance_open",
    ),
    "groups": ("groups_every_two", "provenance_open"),
    "what_if": ("what_if_each", "provenance_open"),
    "themes": ("themes_rules_open", "provenance_open"),
    "trends": ("provenance_open",),
    "provider": ("provenance_open",),
    "alignment": ("matching_matched", "provenance_open"),
}  # fmt: skip
TABS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "agreement": (
        "ways",
        (
            "Same level?", "Same band?", "Other measures", "A third source", "Every coefficient",
            "More answers",
        ),
    ),
    "alignment": (
        "alignment_tab", ("By reason", "Did not join", "Mergers and splits", "Maps"),
    ),
    "methods": (
        "methods_tab",
        (
            "The rules in words", "How well they do", "On your data", "What is masked", "Every method",
            "Known limits",
        ),
    ),
    "themes": (
        "themes_tab", ("Read comments", "By service", "Over time", "Together", "How they felt"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Text:
    """One text as it is shown, without its marks, and where it stands."""

    words: str
    kind: str  # markdown, caption, title, cell, column, label, help, picture


def texts_of(page: str, visit: Callable[..., AppTest], **link: str) -> Iterator[Text]:
    """The texts of a page with all its folds open, tab by tab."""
    at = visit(page, **link)
    for key in FOLDS.get(page, ()):
        at.session_state[key] = True
    at.run()
    yield from _shown(at)
    key, titles = TABS.get(page, ("", ()))
    for title in titles:
        at.session_state[key] = title
        at.run()
        yield from _shown(at)


def _shown(at: AppTest) -> Iterator[Text]:
    assert [one.message for one in at.exception] == []
    for kind in (
        "markdown",
        "caption",
        "title",
        "header",
        "subheader",
        "info",
        "warning",
        "success",
        "error",
    ):
        for one in at.get(kind):
            for line in str(one.value).split("\n"):  # type: ignore[attr-defined]
                if plain := words_of(line):
                    yield Text(plain, kind)
            if text := words_of(str(getattr(one, "help", "") or "")):
                yield Text(text, "help")
    for kind in (
        "selectbox",
        "button",
        "checkbox",
        "toggle",
        "radio",
        "text_input",
        "slider",
        "tab",
        "expander",
    ):
        for one in at.get(kind):
            if label := words_of(str(getattr(one, "label", "") or "")):
                yield Text(label, "label")
            if text := words_of(str(getattr(one, "help", "") or "")):
                yield Text(text, "help")
    for one in at.get("metric"):
        yield Text(words_of(f"{one.label}"), "label")  # type: ignore[attr-defined]
    for table in at.dataframe:
        columns = json.loads(table.proto.columns or "{}")
        for about in columns.values():
            if about and about.get("label"):
                yield Text(words_of(str(about["label"])), "column")
            if about and about.get("help"):
                yield Text(words_of(str(about["help"])), "help")
        frame = table.value
        seen = [name for name in frame if not (columns.get(str(name)) or {}).get("hidden")]
        assert all((columns.get(str(name)) or {}).get("label") for name in seen), (
            "a column without a title"
        )
        for name in seen:
            cells = (cell for cell in frame[name] if isinstance(cell, str) and cell)
            for cell in dict.fromkeys(cells):
                yield Text(cell, "cell")
    for one in at.get("vega_lite_chart"):
        yield Text(words_of(one.proto.alt), "picture")  # type: ignore[attr-defined]
        title = json.loads(one.proto.spec).get("title")  # type: ignore[attr-defined]
        lines = title.get("text", "") if isinstance(title, dict) else title or ""
        if not isinstance(lines, dict):  # what is worked out as it is drawn stands in `alt` too
            yield Text(words_of(" ".join([lines] if isinstance(lines, str) else lines)), "picture")


def words_of(markdown: str) -> str:
    """What a person reads of a line of Markdown or HTML."""
    if re.match(r"\s*<style|\s*```", markdown):
        return ""
    text = re.sub(r"<[^>]+>", " ", markdown)
    text = re.sub(
        r":material/\w+:|:[a-z]+-badge\[|:[a-z]+\[|(?<!\\)\[|(?<!\\)\](?:\([^)]*\))?", "", text
    )
    text = re.sub(r"(?<!\\)(?:\*\*|`|^#+ |^\s*- |^\s*\d+\. |^> )", "", text.strip())
    text = html.unescape(text.replace("\u2060", ""))
    return re.sub(r"\\(.)", r"\1", text).strip()
