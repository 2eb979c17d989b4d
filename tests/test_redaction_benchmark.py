"""What masking is measured on: labels are exact, the parts are apart, and the table is what comes out."""

from __future__ import annotations

import csv
import re
from random import Random

import pytest

from benchmarks.redaction import __main__ as benchmark
from benchmarks.redaction.labelled import (
    CLASSES,
    FOLDER,
    INNOCENT,
    MANNERS,
    PARTS,
    READABLE,
    Comment,
    Label,
    NotTheComment,
    as_read,
    comments,
    left_over,
    outcome,
    outcomes,
)
from benchmarks.redaction.synthetic import (
    SLOTS,
    Drawn,
    comment,
    file_of,
    folder_lines,
    part,
    pieces,
    pools,
)
from pxcore.disclosure.redaction import redact
from pxcore.stats.intervals import wilson

MOST_BYTES = 400_000
# What families of names share: parts of names that stand in both parts without giving a name away.
PARTICLES = {"al", "ap", "ben", "bin", "da", "de", "der", "di", "el", "fitz", "ibn", "la", "le", "mac",
             "mc", "ni", "st", "van", "von"}  # fmt: skip


@pytest.fixture(scope="module")
def written() -> dict[str, list[Comment]]:
    return {name: comments(name) for name in PARTS}


def plain(text: str) -> str:
    return "".join(character for character, _ in as_read(text))


# --- The set ---


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_what_its_seed_makes(name: str) -> None:
    path = FOLDER / f"{name.replace(' ', '_')}.jsonl"
    assert path.read_text(encoding="utf-8") == file_of(part(name))
    assert path.stat().st_size < MOST_BYTES


def test_there_is_enough_of_everything(written: dict[str, list[Comment]]) -> None:
    every = [each for name in PARTS for each in written[name]]
    assert len(every) >= 2_400
    assert len(written["held back"]) >= 900
    assert sum(bool(each.labels) for each in every) >= 1_500
    assert sum(not each.labels for each in every) >= 600
    assert sum(len(folder_lines(name, "frames")) for name in PARTS) >= 350
    assert sum(len(folder_lines(name, "written")) for name in PARTS) >= 250
    for name in PARTS:
        for kind in CLASSES:
            labels = [label for each in written[name] for label in each.labels]
            assert sum(label.kind == kind for label in labels) >= 14, (name, kind)
        assert {each.manner for each in written[name]} == set(MANNERS)
        for group in INNOCENT:
            assert sum(each.innocent == group for each in written[name]) >= 20, (name, group)
        assert all(bool(each.labels) != bool(each.innocent) for each in written[name])


def test_every_label_is_exact(written: dict[str, list[Comment]]) -> None:
    titles = re.compile(
        r"(?:dr|mr|mrs|ms|miss|prof|sister|nurse|doctor|the|my)\b\.?\s", re.IGNORECASE
    )
    for each in (each for name in PARTS for each in written[name]):
        ends = 0
        for label in each.labels:
            words = each.text[label.start : label.end]
            assert label.start >= ends, each.number  # in order, none over another
            ends = label.end
            assert words == words.strip(), each.number
            letters = plain(words).replace(" ", "")
            assert len(letters) >= READABLE, (each.number, words)  # else it could never be missed
            if CLASSES[label.kind] == "name":
                assert not titles.match(words), (each.number, words)


def test_comments_are_distinct_and_numbered_as_synthetic(written: dict[str, list[Comment]]) -> None:
    every = [each for name in PARTS for each in written[name]]
    assert len({each.text for each in every}) == len(every)
    assert len({each.number for each in every}) == len(every)
    assert all(each.number.startswith("synthetic-") for each in every)


def test_no_frame_and_no_name_of_the_held_back_part_stands_in_the_other(
    written: dict[str, list[Comment]],
) -> None:
    first, second = PARTS
    for name in ("frames", "innocent", "sayings", "written"):
        assert not set(folder_lines(first, name)) & set(folder_lines(second, name))
    for kind, pool in pools(first).items():
        names = {name for group in pool.names for name in group}
        assert not names & {name for group in pools(second)[kind].names for name in group}, kind
    words = {
        name: {
            word
            for each in written[name]
            for label in each.labels
            if CLASSES[label.kind] == "name"
            for word in plain(each.text[label.start : label.end]).split()
            if len(word) > 1
        }
        for name in PARTS
    }
    assert words[first] & words[second] <= PARTICLES


def test_nhs_numbers_are_valid_and_nobodys(written: dict[str, list[Comment]]) -> None:
    for each in (each for name in PARTS for each in written[name]):
        for label in each.labels:
            if label.kind == "NHS number":
                digits = plain(each.text[label.start : label.end]).replace(" ", "")
                check = 11 - sum((10 - at) * int(digits[at]) for at in range(9)) % 11
                assert check % 11 == int(digits[9]), each.number
                assert digits.startswith("999") or digits == "9434765919", each.number


@pytest.mark.parametrize("name", PARTS)
def test_telephone_numbers_are_those_kept_for_drama(name: str) -> None:
    drawn = Drawn(name, Random(1))
    drama = re.compile(
        r"(?:(?:0|440?|00440?)(?:7700900|2079460|1632960|11349\d?60|1614960|2920180|2890180|1134960"
        r"|808157|306999|131496)\d+)$"
    )
    for _ in range(300):
        number = drawn.fill("phone")
        digits = "".join(re.findall(r"\d", number))
        assert drama.fullmatch(digits), number


# --- Frames ---


def test_a_frame_becomes_a_comment_with_its_labels() -> None:
    drawn = Drawn("development", Random(3))
    made = comment("c", pieces("Dr {titled: Oyelowo} and {rare: the twins}\\n[is|is] late", drawn))
    assert made.text == "Dr Oyelowo and the twins\nis late"
    assert [(made.text[label.start : label.end], label.kind) for label in made.labels] == [
        ("Oyelowo", "surname after a title"),
        ("the twins", "rare context"),
    ]


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        ("thanks {nobody}", "there is no slot ‘nobody’"),
        ("thanks {first", "a brace that is no slot"),
    ],
)
def test_a_frame_with_a_slot_misspelt_is_refused(frame: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        pieces(frame, Drawn("development", Random(3)))


def test_every_slot_has_a_class() -> None:
    assert set(SLOTS.values()) == set(CLASSES)


# --- What can still be read ---


@pytest.mark.parametrize(
    ("text", "masked", "left"),
    [
        ("Thank you Will, I will call", "Thank you [name], I will call", ""),
        ("Thank you Will, I will call", "Thank you Will, I [name] call", "will"),
        ("ask Sandra and Tom", "ask [name] and Tom", ""),
        ("<em>Sandra</em> was kind", "[name] was kind", ""),
        ("<em>Sandra</em> was kind", "<em>[name]</em> was kind", ""),
        ("San\u200bdra was kind", "[name] was kind", ""),
        ("O&#39;Neill was kind", "O'[name] was kind", "o"),
        ("Ann van der Berg came", "[name] van der [name] came", "vander"),
        ("ring ０７７００ ９００１２３ now", "ring [phone number]23 now", "23"),
        ("ring 07700&nbsp;900123 now", "ring 07700 900123 now", "07700900123"),
    ],
)
def test_what_is_left_of_a_label_is_read_as_people_read(text: str, masked: str, left: str) -> None:
    words = {"Thank you Will": (10, 14), "ask Sandra": (4, 10), "Ann van": (0, 15)}
    start, end = next((at for begin, at in words.items() if text.startswith(begin)), (0, 0))
    if end == 0:
        start = 5 if text.startswith("ring") else 0
        end = text.index(" now" if start else " was")
    places = left_over(text, masked)
    seen = as_read(text)
    assert "".join(c for c, at in seen if c != " " and start <= at < end and at in places) == left


def test_what_is_no_masking_of_the_comment_is_refused() -> None:
    for masked in ("thank you", "[name] was unkind", "Sandra was kin"):
        with pytest.raises(NotTheComment, match="with stretches masked"):
            left_over("Sandra was kind", masked)


@pytest.mark.parametrize(
    ("masked", "left", "touched"),
    [
        ("Dr [name] came", False, True),
        ("Dr O’[name] came", False, True),  # one letter names nobody
        ("Dr [name]ill came", True, True),
        ("Dr O’Neill came", True, False),
        ("[name] came", False, True),  # her title went with her
    ],
)
def test_a_label_is_masked_when_less_than_two_letters_are_left(
    masked: str, left: bool, touched: bool
) -> None:
    made = Comment("c", "Dr O’Neill came", (Label(3, 10, "surname after a title"),), "as usual")
    result = outcome(made, masked)
    assert result.labels == ((made.labels[0], left),)
    assert result.touched is touched


def test_rows_count_labels_with_their_intervals() -> None:
    name, form = "first name alone", "postcode"
    made = [
        Comment("a", "Ann is in LS1 1AA", (Label(0, 3, name), Label(10, 17, form)), "as usual"),
        Comment("b", "bob came", (Label(0, 3, name),), "small letters"),
        Comment("c", "Carol singers", (), "as usual", INNOCENT[0]),
        Comment("d", "Will call", (), "as usual", INNOCENT[1]),
    ]
    masked = {
        "Ann is in LS1 1AA": "[name] is in [postcode]",
        "Carol singers": "[name] singers",
    }
    table = benchmark.rows("development", list(outcomes(made, lambda text: masked.get(text, text))))
    by = {(row.kind, row.group): row for row in table}
    assert [(by[key].identifiers, by[key].masked) for key in [
        ("name", "all"), ("name", name), ("form", "all"), ("form", form), ("form", "phone number"),
        ("manner", "as usual"), ("manner", "small letters"), ("innocent", "all"),
        ("innocent", INNOCENT[0]), ("innocent", INNOCENT[1]),
    ]] == [(2, 1), (2, 1), (1, 1), (1, 1), (0, 0), (2, 2), (1, 0), (2, 1), (1, 1), (1, 0)]  # fmt: skip
    low, high = wilson(0.5, 2)
    assert (by["name", "all"].low, by["name", "all"].high) == (
        round(float(low), 4),
        round(float(high), 4),
    )


# --- The table ---


def test_the_table_that_is_shipped_is_what_the_measurement_gives(
    written: dict[str, list[Comment]],
) -> None:
    table = [
        row
        for name in PARTS
        for row in benchmark.rows(
            name, list(outcomes(written[name], lambda text: redact(text).text))
        )
    ]
    with benchmark.TABLE.open(encoding="utf-8", newline="") as lines:
        assert "Synthetic" in next(lines)
        shipped = list(csv.DictReader(lines))
    assert [
        (row["part"], row["kind"], row["class"], int(row["identifiers"]), int(row["masked"]))
        for row in shipped
    ] == [(row.part, row.kind, row.group, row.identifiers, row.masked) for row in table], (
        f"run `{benchmark.COMMAND} --write`"
    )
    for row, of in zip(shipped, table, strict=True):
        assert float(row["low"]) == pytest.approx(of.low, abs=1e-9, nan_ok=True)
        assert float(row["high"]) == pytest.approx(of.high, abs=1e-9, nan_ok=True)


def test_the_held_back_part_is_shown_only_when_it_is_to_be_revealed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for arguments in (["--show", "3"], ["--show", "3", "--part", "held back"]):
        with pytest.raises(SystemExit):
            benchmark.main(arguments)
        assert "needs --reveal" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        benchmark.main(["--write", "--part", "development"])
    assert "--write keeps both parts" in capsys.readouterr().err
