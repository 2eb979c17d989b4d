"""The frames that ingest hands over and the store keeps, column by column.

Kinds: text, number, integer, date, flag, list (of text). Every row carries `cell`, the place in the file
it was read from.
"""

from __future__ import annotations

from types import MappingProxyType

from pxcore.model import GROUPS

Columns = MappingProxyType[str, str]


def _columns(**kinds: str) -> Columns:
    return MappingProxyType(kinds)


ANSWERS = ("very_good", "good", "neither", "poor", "very_poor", "dont_know")


MODES = (
    "mode_sms",
    "mode_electronic_discharge",
    "mode_electronic_home",
    "mode_electronic_at_appointment",
    "mode_electronic_after_appointment",
    "mode_paper_discharge",
    "mode_paper_home",
    "mode_paper_at_appointment",
    "mode_paper_after_appointment",
    "mode_telephone",
    "mode_online",
    "mode_other",
)


# One row per source, measure, organisation (ward: with both specialties), month and group; counts wide.
FFT_FACT = _columns(
    source="text",
    measure="text",
    grain="text",
    icb="text",  # integrated care board as printed on the row; blank if not
    parent="text",  # trust of a site, site of a ward
    provider="text",  # code; a ward's key is site|ward|first specialty|second specialty
    provider_name="text",
    period_start="date",
    period_end="date",
    scale="text",  # "experience" (from April 2020) or "recommend"; "" where no answers are given
    respondents="number",
    eligible="number",
    **dict.fromkeys(ANSWERS, "number"),
    positive="number",  # very good + good; published percentage x respondents where only that is given
    value="number",  # proportion positive, 0-1, as published where published, else positive/respondents
    **dict.fromkeys(MODES, "number"),
    withheld="text",
    cell="text",
    confidential="flag",  # counts of single responses that nobody publishes
    group_dimension="text",  # "" for everyone
    group_value="text",
)


# One row per source, measure, provider, period and group. A proportion (0-1) or a mean score.
SURVEY_FACT = _columns(
    source="text",
    measure="text",
    grain="text",
    provider="text",  # code, or "" where the file only has names
    provider_name="text",
    parent="text",
    service="text",
    period_start="date",
    period_end="date",
    period_approximate="flag",
    group_dimension="text",  # "" for everyone
    group_value="text",
    respondents="number",  # unweighted answers to this question
    positive="number",  # count, where the file gives one
    value="number",  # proportion 0-1, or the mean on the measure's own scale
    low="number",
    high="number",  # published interval
    standard_error="number",
    eligible="number",
    band="text",  # the publisher's band in its own words
    base_weighting="text",  # "unweighted", "weighted", "unknown" or ""
    withheld="text",
    cell="text",
    confidential="flag",  # counts of single responses that nobody publishes
)


# One row per response (a returned form, a review, a comment).
RESPONSE = _columns(
    source="text",
    response="text",  # the file's own id, or file-unique row key
    author="text",  # respondent key where given
    provider="text",
    provider_name="text",
    provider_context="text",  # network or ICB named on the row: narrows a name match
    service="text",  # one of services.csv, or "" where unknown
    service_raw="text",
    answered_on="date",  # null where the date cannot be read or is uncertain
    date_raw="text",
    date_uncertain="flag",
    mode="text",
    stars="number",
    sentiment="text",  # positive, neutral, negative, mixed or ""
    **dict.fromkeys(GROUPS, "text"),
    themes="list",
    flags="list",  # "Not assigned", "Safeguarding concerns?" and their like: not themes
    comment="text",  # free text as received; never shown before redaction
    cell="text",
)


# One row per comment: what may be read of it.
REDACTION = _columns(
    response="text",
    comment="text",  # with personal details masked
    folded="text",  # its words in small letters between spaces, for searching
    masked="text",  # JSON: kind of detail -> how many were masked
    rules="text",  # which rules and listed names masked it
)


# One row per response and question answered.
ANSWER = _columns(
    source="text",
    response="text",
    measure="text",
    answer="text",  # the words as given
    positive="number",  # 1, 0, or null where the answer counts neither way (denominator excluded)
    score="number",  # the answer's number on its scale, where it has one
    scale_low="number",
    scale_high="number",
)


# One row per published table cell group: counts by sentiment, or a mean rating with its base.
SUMMARY = _columns(
    source="text",
    measure="text",
    grain="text",
    provider="text",
    provider_name="text",
    provider_context="text",
    service="text",
    service_raw="text",
    theme="text",
    group_dimension="text",
    group_value="text",
    period_start="date",
    period_end="date",
    respondents="number",
    positive="number",
    neutral="number",
    negative="number",
    value="number",  # proportion positive 0-1, or mean on scale_low..scale_high
    scale_low="number",
    scale_high="number",
    withheld="text",
    cell="text",
)


# One row per quotation or finding of a document of community evidence: never counted.
DOCUMENT = _columns(
    source="text",
    response="text",  # the row's own key: what may be read of its words is in REDACTION
    provider="text",
    provider_name="text",
    provider_context="text",  # network or ICB named on the row: narrows a name match
    period_start="date",  # when it was collected
    period_end="date",
    people="number",  # how many people were heard; NaN where the document does not say
    method="text",  # an engagement visit, a focus group
    written_by="text",
    theme="text",
    comment="text",  # the quotation as received; never shown before redaction
    cell="text",
)


# One row per trust and quarter of the oversight framework's league table: shown, never compared or blended.
LEAGUE = _columns(
    source="text",
    kind="text",  # of trust, as printed: each kind has a table of its own
    provider="text",
    provider_name="text",
    period_start="date",
    period_end="date",
    score="number",  # average of its metrics' scores; lower is better
    segment="number",
    rank="number",  # 1 is the best of its kind
    rank_low="number",  # the publisher's likely range of the rank
    rank_high="number",
    cell="text",
)


# One row per organisation.
PROVIDER = _columns(
    code="text",
    name="text",
    grain="text",
    status="text",  # "open", "closed" or ""
    opened="date",
    closed="date",
    postcode="text",
    cell="text",
)


# One row per child, parent and grain of the parent.
PARENT = _columns(
    code="text",
    grain="text",
    parent="text",
    parent_grain="text",
    cell="text",
)


# One row per old code, new code and date.
SUCCESSION = _columns(old_code="text", new_code="text", succeeded_on="date", cell="text")


# One row per practice, dimension and group; the whole list has dimension "" and group "".
POPULATION = _columns(
    code="text",
    dimension="text",
    group_value="text",
    people="number",
    cell="text",
)


FRAMES = MappingProxyType(
    {
        "fft_fact": FFT_FACT,
        "survey_fact": SURVEY_FACT,
        "response": RESPONSE,
        "redaction": REDACTION,
        "answer": ANSWER,
        "summary": SUMMARY,
        "document": DOCUMENT,
        "league": LEAGUE,
        "provider": PROVIDER,
        "parent": PARENT,
        "succession": SUCCESSION,
        "population": POPULATION,
    }
)

REFERENCE_FRAMES = ("provider", "parent", "succession", "population")
