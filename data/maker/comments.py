"""Invented comments, put together from short phrases by theme and feeling. Nobody said them."""

from __future__ import annotations

import numpy as np

THEMES = (
    "Appointment availability",
    "Getting through on the phone",
    "Online access",
    "Waiting times",
    "Quality of treatment",
    "Staff attitudes",
    "Communication with patients",
    "Communication between services",
    "Involvement of family",
    "Continuity of care",
    "Emotional support",
    "Environment and facilities",
    "Parking and transport",
)
POSITIVE, NEUTRAL, NEGATIVE = "positive", "neutral", "negative"

PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "Appointment availability": {
        POSITIVE: (
            "Was offered an appointment the same morning.",
            "Easy to book a time that suited my shifts.",
            "They fitted my little boy in before school closed.",
            "Booked two weeks ahead and it was kept.",
        ),
        NEUTRAL: (
            "Got an appointment in the end, just not the day I wanted.",
            "Routine slots are about three weeks off.",
        ),
        NEGATIVE: (
            "Nothing left by ten past eight, every single day.",
            "Told to ring again tomorrow, four days in a row.",
            "Three weeks for a routine appointment is far too long.",
            "No evening slots, so I lose a day's pay each time.",
        ),
    },
    "Getting through on the phone": {
        POSITIVE: (
            "The new call-back works well, they rang within the hour.",
            "Phone answered quickly for once.",
            "Second in the queue and through in minutes.",
        ),
        NEUTRAL: (
            "The queue told me I was number nine; it took a while.",
            "Phone lines are mixed.",
        ),
        NEGATIVE: (
            "Forty minutes on hold and then cut off.",
            "Rang sixty times before anybody picked up.",
            "By the time the phone is answered everything has gone.",
            "My credit ran out while I was waiting in the queue.",
        ),
    },
    "Online access": {
        POSITIVE: (
            "The online form was simple and I had a reply by lunch.",
            "Ordering repeats in the app has saved me hours.",
        ),
        NEUTRAL: ("The form is fine if you are used to computers.",),
        NEGATIVE: (
            "The online form closes at nine in the morning.",
            "My mother has no smartphone and feels shut out.",
            "The website sends you round in circles.",
        ),
    },
    "Waiting times": {
        POSITIVE: (
            "Seen on time, in and out in fifteen minutes.",
            "Hardly sat down before they called me.",
        ),
        NEUTRAL: ("Waited about half an hour, which is normal here.",),
        NEGATIVE: (
            "Six hours on a plastic chair with a broken wrist.",
            "Running an hour late and nobody said why.",
            "Waited so long I had to move the car twice.",
        ),
    },
    "Quality of treatment": {
        POSITIVE: (
            "The treatment was excellent and my knee is like new.",
            "Thorough check, she found what others had missed.",
            "I could not have had better care.",
        ),
        NEUTRAL: ("The treatment itself was all right.", "Care was fine, nothing special."),
        NEGATIVE: (
            "Sent home too soon and back again two days later.",
            "Nobody looked at my foot, just printed a leaflet.",
            "Pain relief came two hours after I asked.",
        ),
    },
    "Staff attitudes": {
        POSITIVE: (
            "Everybody was kind, from the porter to the consultant.",
            "The receptionist remembered my name and made me feel welcome.",
            "The nurses were cheerful although run off their feet.",
            "Such a patient and respectful doctor.",
        ),
        NEUTRAL: ("Some staff lovely, others brisk.", "Polite enough."),
        NEGATIVE: (
            "The receptionist was rude in front of the whole waiting room.",
            "I was made to feel a nuisance.",
            "Spoken to as if I were a child.",
        ),
    },
    "Communication with patients": {
        POSITIVE: (
            "Everything was explained in words I could follow.",
            "She drew me a picture of the operation, so helpful.",
            "They checked that I had understood before I left.",
        ),
        NEUTRAL: ("Would have liked a bit more explanation.",),
        NEGATIVE: (
            "Nobody told me what the results meant.",
            "Three different people told me three different things.",
            "No interpreter although I had asked twice.",
        ),
    },
    "Communication between services": {
        POSITIVE: (
            "The hospital letter was with my doctor by the next day.",
            "The pharmacy and the surgery sorted it between them.",
        ),
        NEUTRAL: ("Letters seem to take a week or so.",),
        NEGATIVE: (
            "The surgery never got the letter from the hospital.",
            "I had to carry my own notes between departments.",
            "Referral lost twice.",
        ),
    },
    "Involvement of family": {
        POSITIVE: (
            "My daughter was allowed to stay and was kept informed.",
            "They asked my husband what would help at home.",
        ),
        NEUTRAL: ("Family could visit, but only for an hour.",),
        NEGATIVE: (
            "Dad was moved to another ward and nobody rang us.",
            "As his carer I was never asked a thing.",
        ),
    },
    "Continuity of care": {
        POSITIVE: (
            "Same midwife all the way through, which meant the world.",
            "My own doctor knows my history and it shows.",
        ),
        NEUTRAL: ("A different doctor each time, but notes are read.",),
        NEGATIVE: (
            "I tell my story from the beginning every time.",
            "Discharged without any plan for who would follow up.",
        ),
    },
    "Emotional support": {
        POSITIVE: (
            "She sat with me when I got the news.",
            "I felt safe and listened to.",
        ),
        NEUTRAL: ("Support was offered, though not till the end.",),
        NEGATIVE: (
            "I cried in a corridor and people walked past.",
            "Told on the phone, alone, on a Friday evening.",
        ),
    },
    "Environment and facilities": {
        POSITIVE: (
            "Spotless and calm.",
            "The new waiting room is bright and easy to get about in.",
        ),
        NEUTRAL: ("Building is tired but clean.",),
        NEGATIVE: (
            "Toilets out of order for the whole of my stay.",
            "Too noisy at night to sleep.",
            "The lift was broken and I use a wheelchair.",
        ),
    },
    "Parking and transport": {
        POSITIVE: ("Free parking by the door made all the difference.",),
        NEUTRAL: ("Parking is what you would expect.",),
        NEGATIVE: (
            "Nine pounds for parking on top of everything.",
            "Two buses and the last one leaves before clinic ends.",
        ),
    },
}
OPENINGS = (
    "",
    "",
    "",
    "Went with my partner.",
    "Third visit this year.",
    "I am writing about last month.",
    "First time here.",
    "Speaking as a carer.",
    "I have been a patient for twenty years.",
    "We moved here in the spring.",
)
CLOSINGS = {
    POSITIVE: ("", "", "Thank you.", "Would not go anywhere else.", "Five stars from me."),
    NEUTRAL: ("", "", "Could be better, could be worse.", "That is all really."),
    NEGATIVE: (
        "",
        "",
        "It should not be like this.",
        "I do not blame the staff, there are too few of them.",
        "Please sort it out.",
    ),
}
# Made-up personal details, to exercise redaction: numbers and domains reserved for examples, and
# an NHS number from the range (999 ...) kept for tests.
PERSONAL = (
    "Mrs Example on the front desk could not have been kinder.",
    "Please ring me on 01632 960123 if you want to know more.",
    "Dr Madeup Sample listened properly and I want her to know.",
    "Write to me at jo.sample@example.org about this.",
    "My NHS number is 999 000 0018 and it is still wrong on the letter.",
    "I live at 12 Invented Lane, ZZ99 3VZ, two minutes away.",
    "My date of birth is 03/04/1951 and they had it as 1915.",
    "Nurse Pretend was wonderful with my mother, Mrs A. Nobody.",
    "Text me, 07700 900456, any time after six.",
    "Sister Fictional said she would call Mr Placeholder back and did not.",
)


def comment(rng: np.random.Generator, themes: list[str], sentiment: str) -> str:
    """One short comment that speaks of its themes in its feeling."""
    parts = [OPENINGS[int(rng.integers(len(OPENINGS)))]]
    for theme in themes:
        choices = PHRASES[theme][sentiment]
        parts.append(choices[int(rng.integers(len(choices)))])
    closings = CLOSINGS[sentiment]
    parts.append(closings[int(rng.integers(len(closings)))])
    return " ".join(part for part in parts if part)
