"""Whether two sources seem to be the same people's answers, and by what sign."""

from __future__ import annotations

from pxcore.analysis.joining.independence import SameAnswers, Sign
from pxcore.analysis.judging.judgement import SamePeople
from pxcore.words.english import counted


def sign(noticed: SameAnswers) -> str:
    """What was noticed of one organisation, as the end of a sentence."""
    share = (
        f"{'taken together, ' if noticed.together else ''}about {noticed.share:.0%} of the answers"
    )
    match noticed.sign:
        case Sign.TIME:
            hours = noticed.lag / 60
            apart = f", {hours:g} hour{'' if hours <= 1 else 's'} apart throughout"
            return f"{share} stand in both at the same time{apart if noticed.lag else ''}"
        case Sign.DAY:
            when = "one day apart throughout" if noticed.lag else "on the same day"
            return f"{share} stand in both {when}"
        case Sign.MONTH:
            return f"{share} seem to stand in both: their numbers move together, period by period"
        case Sign.COUNTS:
            return (
                f"in {noticed.alike} of {noticed.periods} periods both hold the very same number of "
                "answers and of positive ones"
            )
        case Sign.WAVE:
            return (
                "both hold the very same number of answers and of positive ones, as at "
                f"{counted(noticed.alike, 'other organisation')}"
            )


NO_EVIDENCE = "Their agreement is no evidence, and is not counted."


def summary(same: SamePeople) -> str:
    """Where the same people seem to have answered both."""
    return f"{where(same)}. {NO_EVIDENCE}"


def where(same: SamePeople) -> str:
    """The same, without what follows from it and without its full stop."""
    first = ", ".join(same.names[:3])
    more = f" and {len(same.names) - 3} more" if len(same.names) > 3 else ""
    return (
        f"The same people seem to have answered both sources at {first}{more}: {sign(same.noticed)}"
    )
