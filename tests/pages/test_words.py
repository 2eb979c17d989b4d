"""Every sentence the demonstration shows, on every page and of every kind of organisation planted in it:
British, not too long, whole, without words of computing, and with nothing of the program in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import codespell_lib
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import Text, texts_of

LONGEST = 50  # words between two stops; what leads a page is held to 25 in test_pages
VIEWS: tuple[tuple[str, dict[str, str]], ...] = (
    *(
        (page, {})
        for page in (
            "overview", "agreement", "divergence", "what_if", "groups", "trends", "themes", "provider",
            "sources", "alignment", "methods",
        )
    ),
    *(("overview", link) for link in ({"area": "B-03"}, {"service": "Inpatient"}, {"floor": "30"})),
    *(("agreement", link) for link in ({"left": "NHS.uk reviews"}, {"area": "B-01"}, {"floor": "30"})),
    *(
        ("divergence", {"ask": f"fft_gp~gp_survey~{unit}"})
        for unit in ("P-0012", "P-0060", "P-0066", "P-0048", "P-0018", "P-0090", "P-0130")
    ),
    ("divergence", {"ask": "fft_inpatient~cqc_inpatient~T-11"}),
    ("divergence", {"ask": "fft_gp~nhs_reviews~P-0096"}),
    *(("what_if", link) for link in ({"if_floor": "30"}, {"if_months": "year"}, {"if_margin": "1.5"})),
    *(("groups", {"dimension": name}) for name in ("Age", "Long-term condition")),
    ("themes", {"area": "B-01"}),
    ("trends", {"area": "B-02"}),
)  # fmt: skip
ORGANISATIONS = (
    "Jesselstow Medical Centre (P-0073)",
    "Dovelcombe Hospitals NHS Foundation Trust (T-11)",
    "Farrowmere Health Centre (P-0048)",
    "Gantrymere Hospitals NHS Foundation Trust (T-09)",
)
WITH_ORGANISATION = ("trends", "provider")

# One noun for one thing (the table of nouns in CONTRIBUTING), and nothing that colleagues would not say.
BANNED = re.compile(
    r"\b(?:feeds?|datasets?|dataframes?|KPIs?|indicators?|providers?|posteriors?|priors?|parameters?|"
    r"queries|query|backends?|utili[sz]\w+|leverag\w+|in order to)\b|\bp ?= ?0\.000|\bn ?= ?\d|"
    r"\bsignificant(?!ly (?:above|below)| after correction)|![ ”]|!$",
    re.IGNORECASE,
)
LEAKED = re.compile(
    r"\b(?:None|NaN|nan|NaT|inf)\b(?! yet)|\{\w*\}|<[a-z/]|(?<![\w/.])[a-z]+_[a-z_]+(?![\w./-])|Traceback"
)
SENTENCES = ("markdown", "caption", "help", "info", "warning", "success", "error")
# Right in British English as well, though another word is spelt so on one side of the ocean alone.
BOTH = {"practice", "practices", "story", "stories"}


@cache
def misspelt() -> frozenset[str]:
    """American spellings, and words that are none, by codespell's dictionaries."""
    data = Path(codespell_lib.__file__).parent / "data"

    def pairs(name: str) -> list[list[str]]:
        lines = (data / name).read_text(encoding="utf-8").lower().splitlines()
        return [line.split("->") for line in lines if "->" in line]

    across = pairs("dictionary_en-GB_to_en-US.txt")
    british = {word for word, _ in across}
    american = {other.strip() for _, others in across for other in others.split(",")}
    slips = {word for word, _ in pairs("dictionary.txt")}
    return frozenset((american | slips) - british - BOTH)


def sentences(text: Text) -> list[str]:
    return re.split(r"(?<=[.?!])\s+(?=[A-Z“0-9])", text.words)


def faults(text: Text) -> Iterator[str]:
    """What is wrong with one text; cells hold names, addresses and fingerprints besides words."""
    words = text.words
    prose = text.kind != "cell" or " " in words
    if prose and (match := BANNED.search(words)):
        yield f"not a word of ours: {match.group()}"
    if prose and (match := LEAKED.search(words)):
        yield f"something of the program: {match.group()}"
    if text.kind != "cell" or words.endswith("."):
        for word in re.findall(r"(?<![\w.-])[A-Za-z]+(?![\w@/-]|\.\w)", words):
            if word.lower() in misspelt() and not word.isupper():
                yield f"spelling: {word}"
    if "  " in words:
        yield "two spaces"
    yield from (
        f"brackets: {pair}"
        for pair in ("()", "[]", "“”")
        if words.count(pair[0]) != words.count(pair[1])
    )
    if text.kind not in SENTENCES:
        return
    for sentence in sentences(text):
        ended = sentence.endswith((".", "?"))
        if ended and re.match("[a-z]", sentence) and not re.match(r"[a-z][\w -]*: [A-Z]", sentence):
            yield f"begins small: {sentence[:40]}"  # but for a word of the glossary and what it means
        for part in sentence.split("; "):
            if len(part.split()) > LONGEST:
                yield f"{len(part.split())} words: {part[:60]}"


def reported(texts: Iterator[Text]) -> list[str]:
    return sorted(
        {f"{fault} ({text.kind}: {text.words[:120]})" for text in texts for fault in faults(text)}
    )


@pytest.mark.parametrize(("page", "link"), VIEWS, ids=lambda part: str(part))
def test_every_sentence_is_one_a_british_colleague_would_write(
    visit: Callable[..., AppTest], page: str, link: dict[str, str]
) -> None:
    assert reported(texts_of(page, visit, **link)) == []


@pytest.mark.parametrize("page", WITH_ORGANISATION)
@pytest.mark.parametrize("name", ORGANISATIONS)
def test_every_sentence_on_an_organisation_is_one_a_british_colleague_would_write(
    visit: Callable[..., AppTest], page: str, name: str
) -> None:
    assert reported(texts_of(page, visit, provider=name)) == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("The color of it.", "spelling: color"),
        ("Practices were analyzed.", "spelling: analyzed"),
        ("It was recieved.", "spelling: recieved"),
        ("68 and nan answers.", "something of the program: nan"),
        ("The value of gp_survey is None.", "something of the program: gp_survey"),
        ("This dataset is small.", "not a word of ours: dataset"),
        ("A significant rise.", "not a word of ours: significant"),
        ("Well done!", "not a word of ours: !"),
        ("Two  spaces.", "two spaces"),
        ("An open (bracket.", "brackets: ()"),
        ("it begins small.", "begins small: it begins small."),
        ("M" + "any m" * 50 + "any.", "51 words: Many" + " many" * 11 + " "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_caught(words: str, fault: str) -> None:
    assert fault in list(faults(Text(words, "markdown")))


@pytest.mark.parametrize(
    "words",
    [
        "The practice analysed its programme; the colour is grey.",
        "peers: All organisations of the same kind.",
        "None yet. Change something.",
        "Healthwatch feedback of 12 practices (April 2025).",
    ],
)
def test_what_is_right_is_left_alone(words: str) -> None:
    assert list(faults(Text(words, "markdown"))) == []
