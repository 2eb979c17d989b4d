"""Personal details are masked in every spelling met so far, and nothing is added to what was said."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pxcore.demo.comments import CLOSINGS, OPENINGS, PERSONAL, PHRASES
from pxcore.disclosure.redaction import MASKS, Redactor, redact
from pxcore.disclosure.redaction.plain import plain

MASK = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))
# Words and marks that details are made of, so that what Hypothesis joins is often near to one.
PIECES = st.sampled_from(
    [
        "Dr", "Mrs", "nurse", "Sister", "Sample", "O’Neill", "van", "A.", "and", "was", "kind", ",",
        "07700", "900456", "0", "7", "999", "000", "0018", "+44", "(", ")", "-", "/", ".", "@",
        "example", "org", "dot", "at", "ZZ99", "3VZ", "e1", "4ns", "12", "Invented", "Lane", "street",
        "3rd", "April", "1951", "born", "nhs", "number", "[name]", "[NHS number]", "[", "]", "\u200b",
        "\u00a0", "\n", "ring", "me", "flat", "４", "é", "Ł", "www.", "ref", "Regards", "called",
    ]
)  # fmt: skip
COMMENTS = st.lists(PIECES, max_size=14).flatmap(
    lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)])
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        # NHS numbers: ten digits with a right check digit, however they are grouped
        ("It is 999 000 0018.", "It is [NHS number]."),
        ("It is 9990000018.", "It is [NHS number]."),
        ("It is 999-000-0018.", "It is [NHS number]."),
        ("It is 999\u00a0000\u20090018.", "It is [NHS number]."),
        ("It is ９９９０００００１８.", "It is [NHS number]."),
        ("It is 9\u200b990000018.", "It is [NHS number]."),
        ("NHS number: 999 000 0019", "NHS number: [NHS number]"),  # mistyped, and said to be one
        # telephones
        ("Ring 01632 960123.", "Ring [phone number]."),
        ("Ring (01632) 960 123.", "Ring [phone number]."),
        ("Ring +44 (0)7700 900456.", "Ring [phone number]."),
        ("Ring 0044 7700 900456.", "Ring [phone number]."),
        ("0 7 7 0 0 9 0 0 4 5 6 any time", "[phone number] any time"),
        ("O7700-900-456 any time", "[phone number] any time"),
        ("Abroad: +33 1 99 00 11 22", "Abroad: [phone number]"),
        ("ring me on 960123", "ring me on [phone number]"),
        # the web
        ("jo.sample@example.org", "[e-mail]"),
        ("jo.sample @ example . org", "[e-mail]"),
        ("jo (at) example (dot) org", "[e-mail]"),
        ("jo at example dot org", "[e-mail]"),
        ("see https://example.org/jo?x=1 for it", "see [web address] for it"),
        ("I am @josample there", "I am [web address] there"),
        # places
        ("We are in ZZ99 3VZ now", "We are in [postcode] now"),
        ("We are in zz993vz now", "We are in [postcode] now"),
        ("We are in E1 4NS now", "We are in [postcode] now"),
        ("I live at 12 Invented Lane", "I live at [address]"),
        ("I live at 12a invented lane", "I live at [address]"),
        ("I live in Invented Gardens", "I live in [address]"),
        ("Flat 4b is mine", "[address] is mine"),
        # dates with a day
        ("DOB 03/04/1951", "DOB [date]"),
        ("date of birth: 3.4.51", "date of birth: [date]"),
        ("born on the 3rd of April 1951", "born on the [date]"),
        ("born in 1951", "born in [date]"),
        ("admitted 2026-03-04", "admitted [date]"),
        ("April 3rd, 1951", "[date]"),
        # numbers that point to a person
        ("hospital number A1234567", "hospital number [number]"),
        ("my NI is QQ 12 34 56 C or AB123456C", "my NI is [number] or [number]"),
        # names
        ("Dr Madeup Sample listened", "Dr [name] listened"),
        ("Dr. A. B. Sample-Jones listened", "Dr. [name] listened"),
        ("dr sample listened", "dr [name] listened"),
        ("DR SAMPLE WAS KIND", "DR [name] WAS KIND"),
        ("Mr & Mrs Sample waited", "Mr & Mrs [name] waited"),
        ("Dr Van der Sample today", "Dr [name] today"),
        ("Dr Łukasz Żółć today", "Dr [name] today"),
        ("Nurses Ann, Beth and Cat were good", "Nurses [name] were good"),
        ("the receptionist, Ann, was good", "the receptionist, [name], was good"),
        ("a nurse called Ann was good", "a nurse called [name] was good"),
        ("My name is Jo Sample", "My name is [name]"),
        ("Regards,\nJo Sample", "Regards,\n[name]"),
        # as people write them: without titles, with odd marks, in words
        ("It is 999_000_0018 or 999, 000, 0018", "It is [NHS number] or [NHS number]"),
        ("It is ⁹⁹⁹⁰⁰⁰⁰⁰¹⁸.", "It is [NHS number]."),
        ("Ring 07700_900_456", "Ring [phone number]"),
        ("zero seven seven double zero nine zero zero four five six", "[phone number]"),
        ("jo.sample at example.org", "[e-mail]"),
        ("jo(at)example.org", "[e-mail]"),
        ("josample at gmail", "[e-mail]"),
        ("jo_sample@example,com", "[e-mail]"),
        ("I live on invented lane", "I live on [address]"),
        ("Rose Cottage, Invented Lane", "[address]"),
        ("my car, XX51 ABC, was ticketed", "my car, [number], was ticketed"),
        ("dob 030451", "dob [date]"),
        ("D.O.B. 03 04 51", "D.O.B. [date]"),
        ("born March the third, 1962", "born [date]"),
        ("the twelfth of March 1962", "the [date]"),
        ("on the third of April nineteen fifty one", "on the [date]"),
        ("dr.sample listened", "dr.[name] listened"),
        ("DrSample listened", "Dr[name] listened"),
        ("Dr: Sample, Dr-Other", "Dr: [name], Dr-[name]"),
        ("Drs Sample and Other", "Drs [name]"),
        ("Nurses Ann and Dr Sample", "Nurses [name] and Dr [name]"),
        ("nurse “Ann” or nurse/Ann", "nurse “[name]” or nurse/[name]"),
        ("a nurse by the name of Ann", "a nurse by the name of [name]"),
        ("my name's jo sample", "my name's [name]"),
        ("I'm Jo Sample", "I'm [name]"),
        ("My son Jo was seen", "My son [name] was seen"),
        ("My husband, Jo, waited", "My husband, [name], waited"),
        ("my 3 year old grandson Jo-Ann", "my 3 year old grandson [name]"),
        ("A big thank you to Ann, Bea and Dr Sample", "A big thank you to [name] and Dr [name]"),
        ("Thank you Ann and Bo for all", "Thank you [name] for all"),
        ("helped by Ann on reception", "helped by [name] on reception"),
        ("I saw Ann, the nurse, twice", "I saw [name], the nurse, twice"),
        ("The girl on reception, Ann, was", "The girl on reception, [name], was"),
        ("Re: Jo Sample", "Re: [name]"),
        ("Many thanks\nJo Sample", "Many thanks\n[name]"),
    ],
)
def test_a_detail_is_masked(said: str, shown: str) -> None:
    assert redact(said).text == shown


@pytest.mark.parametrize(
    "said",
    [
        "Number nine in the queue, 40 minutes",
        "Called at 08.00 08.15 08.30 and 8.45",
        "Seen from 2-3pm, at 2.30 pm, 24/7",
        "I waited 2 hours on the road",
        "Rang 111 twice and 999 once",
        "March 2026 was fine, 2025-26 was not",
        "The doctor was kind and the nurse explained",
        "Dr was late. Nurse Was kind. GP Monday morning",
        "10 out of 10, 5 stars",
        "Such a kind doctor. Five stars from me. A lovely lady. Easy to book",
        "Ward 4 on level 2",
        "Sadly, my son was not seen. MY MUM FELL. my wife. Very good",
        "My husband, Who is 80, waited; my daughter Was seen; my dad Parkinsons",
        "Thanks to Covid. Thank You Very Much To All. Thank you Keep it up",
        "Thank you Team for all you do. Thanks to Reception",
        "Unfortunately the receptionist was rude, on Monday the nurse too",
        "I am Very Happy. I'm Not sure. I am Deaf",
        "My name is on the list, her name is spelt wrong",
        "By Staff on reception. The lady on reception, However, was rude",
        "nurses/Doctors, nurse, HCA and midwives were kind",
        "From the start\nLove it. Many thanks\nExcellent service",
        "Re: Covid jab. Patient - satisfied",
        "Appointments at 9:15, 9:30, 10:00; the first of May; one or two, three at most, four once",
        "I live on a busy road, look at gmail, AT10 AND IN24 HRS",
    ],
)
def test_what_is_no_detail_stays(said: str) -> None:
    assert redact(said).text == said


def test_phrases_of_the_demonstration_hold_no_details_and_the_planted_ones_do() -> None:
    phrases = [said for by in PHRASES.values() for group in by.values() for said in group]
    for said in (*phrases, *OPENINGS, *(one for group in CLOSINGS.values() for one in group)):
        assert redact(said).text == said
    shown = " ".join(redact(said).text for said in PERSONAL)
    for detail in (
        "Example", "01632", "Madeup", "Sample", "example.org", "0018", "Invented", "3VZ", "1951",
        "Pretend", "Nobody", "900456", "Fictional", "Placeholder",
    ):  # fmt: skip
        assert detail not in shown, detail


def test_a_wrong_check_digit_alone_is_no_nhs_number() -> None:
    assert redact("999 000 0018").masked == {"NHS number": 1}
    assert "NHS number" not in redact("999 000 0019").masked


@pytest.mark.parametrize("digit", range(9))
def test_exactly_one_check_digit_fits(digit: int) -> None:
    """Modulus 11 leaves one right last digit for nine, or none (a remainder of ten)."""
    nine = f"99900000{digit}"
    fit = [last for last in range(10) if "NHS number" in redact(f"{nine}{last}").masked]
    weighted = sum((10 - at) * int(character) for at, character in enumerate(nine))
    check = 11 - weighted % 11
    assert fit == ([] if check == 10 else [check % 11])


def test_listed_names_are_masked_in_any_case_spacing_and_accent() -> None:
    names = ["Zoë", "Quell Other-Sample", "O’Neill"]
    said = "ZOE and Zoë's friend, quell  other sample, Quell Other; oneill O'Neill. Zoetrope."
    assert redact(said, names).text == (
        "[name] and [name]'s friend, [name], Quell Other; [name] [name]. Zoetrope."
    )
    assert redact(said, names).masked == {"name": 5}


def test_listed_names_are_masked_as_they_are_misspelt() -> None:
    names = ["Zoë", "Sarah-Jane", "O’Neill", "Quell Other", "Łukasz"]
    said = (
        "Zoes manner; SARAHJANE, O Neill, O'Neills; Other, Quell. lukasz, Zone, Quell, Other people"
    )
    assert redact(said, names).text == (
        "[name] manner; [name], [name], [name]; [name]. [name], Zone, Quell, Other people"
    )


def test_a_listed_name_is_not_found_inside_a_mask() -> None:
    assert redact("Dr Sample, name", ["name"]).text == "Dr [name], [name]"


def test_the_rules_key_tells_lists_apart_and_not_their_order() -> None:
    one, other = Redactor(frozenset({"Ann", "Bo"})), Redactor(frozenset({"bo", "ANN"}))
    assert one.rules == other.rules
    assert one.rules != Redactor(frozenset({"Ann"})).rules != Redactor().rules


@given(said=COMMENTS | st.text(max_size=60), names=st.lists(PIECES, max_size=2))
@example(said="Dr 07700900456 Sample", names=[])
@example(said="07700 900456 12345", names=["12345"])
def test_nothing_is_added_and_twice_is_once(said: str, names: list[str]) -> None:
    once = redact(said, names)
    assert redact(once.text, names).text == once.text
    at = 0
    readable = plain(said)
    for piece in MASK.split(once.text):  # what is left stands in the comment, in its order
        found = readable.find(piece, at)
        assert found >= 0
        at = found + len(piece)
    assert len(MASK.sub("", once.text)) <= len(readable)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_detail_is_masked_whatever_stands_around_it(before: str, after: str) -> None:
    assert "jo.sample" not in redact(f"{before}\njo.sample@example.org\n{after}").text
    assert "9000018" not in redact(f"{before}\n9990000018\n{after}").text
    assert "Madeup" not in redact(f"{before}\nMrs Madeup\n{after}").text


def test_a_long_comment_takes_no_time() -> None:
    """Nothing in the patterns doubles with the length: each of these is through in well under a second."""
    for evil in (
        "A" * 20_000, "1-" * 8_000, "a@" * 5_000, "w.w." * 4_000, "Dr " + "Aa " * 5_000,
        "thank you " + "Aa and " * 4_000, "Aa Bb," * 4_000, "my son " + "Aa, " * 5_000,
        "first of " * 4_000, "love," + " " * 9_000, "a.a " * 5_000,
    ):  # fmt: skip
        redact(evil)


# --- Made plain first ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Dr <em>Sample</em> listened", "Dr [name] listened"),
        ("Dr **Sample** listened", "Dr [name] listened"),
        ("ring 07700&nbsp;900&#160;456 please", "ring [phone number] please"),
        ("ring 07700&amp;nbsp;900456 please", "ring [phone number] please"),
        ("ring 07<b>700</b> 900456 please", "ring [phone number] please"),
        ("Dr S\u200bample and jo\u00ad@example.org", "Dr [name] and [e-mail]"),
        ("Ｄｒ Ｓａｍｐｌｅ, ０７７００ ９００４５６", "Dr [name], [phone number]"),
        ("\u202e07700\u202c 900456", "[phone number]"),
        (
            "my mum \U0001d413\U0001d41a\U0001d426\U0001d42c\U0001d422\U0001d427 waited",
            "my mum [name] waited",
        ),
        ("Lovely.<br/>Thanks,<br>Tamsenne", "Lovely.\nThanks,\n[name]"),
        ("Lovely_x000D_\nTamsenne", "Lovely\n[name]"),
        ("Nurse S\u0430rah was kind", "Nurse [name] was kind"),  # a Cyrillic letter in it
    ],
)
def test_what_hides_a_detail_is_taken_away_first(said: str, shown: str) -> None:
    assert redact(said).text == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("5* service, f*** the queue, 4 < 5 & A&E", "5* service, f*** the queue, 4 < 5 & A&E"),
        ("first line \r\n second\tline\u2028third", "first line\nsecond line\nthird"),
        (
            "good \U0001f468\u200d\U0001f469\u200d\U0001f467 care",
            "good \U0001f468\u200d\U0001f469\u200d\U0001f467 care",
        ),
        (
            "caf\u00e9, na\u00efve, \u00bd a day, 10 m\u00b2",
            "caf\u00e9, na\u00efve, \u00bd a day, 10 m\u00b2",
        ),
        ("I <3 this place, 1 <p 2", "I <3 this place, 1 <p 2"),
    ],
)
def test_what_hides_nothing_stays(said: str, shown: str) -> None:
    assert redact(said).text == shown


# --- More identifiers with a form --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("It is 943 476 5919", "It is [NHS number]"),
        ("NI number QQ 12 34 56 C was read out", "NI number [number] was read out"),
        ("hosp no. 48291 got mixed up", "hosp no. [number] got mixed up"),
        ("Datix W123456, SI/2024/0133", "Datix [number], [number]"),
        ("sort code 00-12-34 account 00123456", "sort code [number] account [number]"),
        ("IBAN GB29 NWBK 6016 1331 9268 19", "IBAN [number]"),
        ("licence MORGA657054SM9IJ shown", "licence [number] shown"),
        ("my car A123 BCD and ABC 123D, reg XYZ 1234", "my car [number] and [number], reg [number]"),
        ("I'm jo_sample on Twitter, insta: josample9", "I'm [web address] on Twitter, insta: [web address]"),
        ("facebook dot com slash josample", "[web address]"),
        ("I rang on 4th March and Tuesday 3rd June", "I rang on [date] and [date]"),
        ("appointment on 19/9 cancelled", "appointment on [date] cancelled"),
        ("My mother is 93 and was left; dad, aged 101,", "My mother is [age] and was left; dad, aged [age],"),
        ("she is 98 years old", "she is [age] years old"),
        ("lives at Rose House, Invented Terrace", "lives at [address]"),
    ],
)  # fmt: skip
def test_identifiers_of_every_kind(said: str, shown: str) -> None:
    assert redact(said).text == shown


@pytest.mark.parametrize(
    "said",
    [
        "I was 95th in the queue and waited 98 minutes, 100% awful, temperature 101.2",
        "Scored 10/10 and 5/5, open 24/7, BP 120/80, 2023/24",
        "Paid £250000 of taxes, 1000000% happy",
        "HBA1C and B12 were fine, COVID 19 too",
        "I will call in May. Next March then. Will you answer? Grace under pressure",
        "Hope Ward and the Nightingale unit, St Mary's Hospital, Queen Elizabeth Hospital",
        "Crohn's disease, Parkinson's nurse, Alzheimer's clinic, Hodgkin lymphoma",
        "Taking 40mg of Ramipril, then Naproxen. Omeprazole gave me cramps",
        "I drove from Preston to Chester and parked in Lincoln",
        "Joy of joys, faith restored, may it last, a rose in bloom, mark my words",
        "Every Tom, Dick and Harry; Marks and Spencer; Marie Curie nurses; Jack of all trades",
        "Recieved excelent care from the recpetionist",
        "THANKS TO ALL THE STAFF ON THE WARD, YOU WERE BRILLIANT",
        "Thank You Very Much To All The Lovely Staff On The Ward",
    ],
)
def test_look_alikes_stay(said: str) -> None:
    assert redact(said).text == said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        # names that no list knows, by what stands around them
        ("Thanks Kestwyn! Lovely ward", "Thanks [name]! Lovely ward"),
        ("Cheers, Tamsenne x", "Cheers, [name] x"),
        ("Clean and quick.\nTamsenne", "Clean and quick.\n[name]"),
        ("Great service - Kestwyn L", "Great service - [name]"),
        ("my wife brenwyn was left waiting", "my wife [name] was left waiting"),
        ("thanks to kestwyn and tamsenne on ward 3", "thanks to [name] on ward 3"),
        ("SPOKE TO PERRAN LUDDICK AT DESK, RUDE", "SPOKE TO [name] AT DESK, RUDE"),
        ("From: Tamsenne Luddick", "From: [name]"),
        # of lists, in every position
        ("Sarah was lovely", "[name] was lovely"),
        ("then priya came in", "then [name] came in"),
        ("I saw Will Turner and Grace", "I saw [name]"),
        ("Mr van der Berg and dr de souza", "Mr [name] and dr [name]"),
        ("Dr S. J. Turner, seen by p.n. sharma", "Dr [name], seen by [name]"),
        ("my daughter (D. H.) waited", "my daughter ([name]) waited"),
        ("I'm T.W. from the group", "I'm [name] from the group"),
        ("Emma/Kayleigh/Rose on maternity", "[name] on maternity"),
        ("Will was so kind, will you tell him", "[name] was so kind, will you tell him"),
        ("Prof. Thompson's clinic", "Prof. [name]'s clinic"),
        ("Everyone calls her Smudge", "Everyone calls her [name]"),
    ],
)  # fmt: skip
def test_names_by_what_stands_around_them(said: str, shown: str) -> None:
    assert redact(said).text == shown


IDENTIFIERS = st.sampled_from(
    [
        "943 476 5919", "9990000018", "07700 900456", "+44 7700 900 456", "01632 960123",
        "jo.sample@example.org", "https://example.org/jo", "ZZ99 3VZ", "QQ 12 34 56 C", "@jo_sample",
        "3 April 1951", "03/04/1951", "XX51 KBC", "12 Invented Lane", "GB29 NWBK 6016 1331 9268 19",
        "MORGA657054SM9IJ", "Dr Sample", "Mrs Madeup", "INC-2024-00417", "RX293982",
    ]
)  # fmt: skip
INNOCENT = [
    *("the", "waiting", "room", "was", "clean", "and", "the", "staff", "were", "kind", "to", "us"),
    *("all", "day", "long", "so", "we", "would", "come", "back", "here"),
]


@given(
    identifier=IDENTIFIERS, at=st.integers(0, len(INNOCENT)), mark=st.sampled_from(["", ",", "."])
)
def test_an_identifier_is_masked_wherever_it_stands(identifier: str, at: int, mark: str) -> None:
    said = " ".join([*INNOCENT[:at], identifier + mark, *INNOCENT[at:]])
    shown = redact(said).text
    assert identifier not in shown
    assert [
        word for word in MASK.sub(" ", shown).split() if word not in ("Dr", "Mrs", ",", ".")
    ] == INNOCENT


HIDING = st.sampled_from(["\u200b", "\u00ad", "\u2060", "\ufeff", "<b></b>", "&#8203;", "&zwnj;"])


@given(identifier=IDENTIFIERS, at=st.integers(1, 7), hiding=HIDING)
def test_nothing_put_into_an_identifier_hides_it(identifier: str, at: int, hiding: str) -> None:
    hidden = f"{identifier[:at]}{hiding}{identifier[at:]}"
    assert redact(f"we said {hidden} to them").text == redact(f"we said {identifier} to them").text


@given(COMMENTS | st.text(max_size=80))
def test_plain_twice_is_plain_once_and_unmasks_nothing(said: str) -> None:
    once = plain(said)
    assert plain(once) == once
    assert redact(once).text == redact(said).text


@given(st.lists(PIECES | st.text("0123456789 -./O", max_size=12), max_size=12).map(" ".join))
def test_no_long_run_of_digits_is_left(said: str) -> None:
    """Six digits or more in a row stand in no masked text, but for round figures."""
    left = re.findall(r"(?<![0-9])[0-9]{6,}(?![0-9])", redact(said).text)
    assert [run for run in left if not re.fullmatch("[1-9][0-9]?0{5,}", run)] == []
