"""What is written down of a question: notes of the discussion, the decision, its versions and reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from pxcore.analysis.workshop import notes, record, workshops
from pxcore.analysis.workshop.frozen import FrozenCell
from pxcore.analysis.workshop.notes import Kind
from pxcore.analysis.workshop.record import (
    REVIEWS,
    Decision,
    DecisionKind,
    Direction,
    Draft,
    Expected,
)
from pxcore.analysis.workshop.workshops import Meeting
from pxcore.errors import PxError
from pxcore.store import Store
from pxcore.ui import minutes, show, state
from pxcore.words import record as record_words
from pxcore.words import workshop as words

REFUSED = "deciding_refused"
SEEN = "deciding_seen"  # in session state: the question last seen on the screen
TYPED = ("words", "action", "owner", "hypothesis", "alternatives", "affected", "risks", "dissent")
NOTHING = "No figure"
AMOUNT = 5.0  # points, or tenths of them of a score: where the form starts


def panel(store: Store, meeting: Meeting) -> None:
    """Notes and the decision on the question that is on the screen, or on another."""
    cells = {cell.cell: cell for cell in meeting.workshop.cells if cell.facts is not None}
    cell = _question(store, meeting, {place: words.title(cell) for place, cell in cells.items()})
    if refused := state.value_of(REFUSED):
        st.warning(show.escape(refused), icon=":material/info:")
        state.keep(REFUSED, "")
    facts = cells[cell].facts
    assert facts is not None
    notes, decision = st.columns([0.4, 0.6], gap="large")
    with notes:
        _notes(store, meeting, cell, facts)
    with decision:
        _decisions(store, meeting, cell, facts)


def _question(store: Store, meeting: Meeting, titles: dict[int, str]) -> int:
    """The question written on: that of the screen, but never another while something is half written.

    titles : by number of the question.
    """
    on_screen, key = max(1, meeting.course.place.cell), f"deciding_cell_{meeting.workshop.workshop}"
    before = state.value_of(key)
    moved = state.value_of(SEEN) != on_screen
    if before not in titles or (moved and not _half_written(store, meeting, before)):
        state.keep(key, on_screen)
    state.keep(SEEN, on_screen)
    box, way = st.columns([0.5, 0.5], vertical_alignment="bottom")
    cell: int = box.selectbox(
        "Question", list(titles), format_func=lambda place: f"{place} · {titles[place]}", key=key
    )
    if cell != on_screen:
        way.button(
            f"On the screen now: {on_screen} · {show.escape(titles[on_screen])}",
            icon=":material/arrow_forward:",
            key="deciding_follow",
            type="tertiary",
            on_click=state.keep,
            args=(key, on_screen),
        )
    return cell


def _half_written(store: Store, meeting: Meeting, cell: int) -> bool:
    """Something is typed and not kept yet, or a decision is being corrected or reviewed."""
    decisions = [
        kept for kept in record.decisions(store, meeting.workshop.workshop) if kept.cell == cell
    ]
    draft, note = _draft_key(meeting, cell, len(decisions)), _note_key(store, meeting)
    typed = (*(f"{draft}_{part}" for part in TYPED), f"{note}_text", f"{note}_by")
    unfolded = (
        f"decision_{how}_{kept.decision}" for kept in decisions for how in ("correct", "review")
    )
    return any(state.value_of(key) for key in (*typed, *unfolded))


def _draft_key(meeting: Meeting, cell: int, known: int) -> str:
    """By which the form of a question's next decision is known: empty once that is written down."""
    return f"decision_new_{meeting.workshop.workshop}_{cell}_{known}"


def _note_key(store: Store, meeting: Meeting) -> str:
    """By which the form of the next note is known: empty once it is kept, what is refused stays in it."""
    kept = sum(note.kind is not None for note in notes.own_words(store, meeting))
    return f"note_{meeting.workshop.workshop}_{kept}"


def _notes(store: Store, meeting: Meeting, cell: int, facts: FrozenCell) -> None:
    st.markdown("## Notes", anchors=False)
    st.caption("Names and numbers of people are hidden before a note is kept.")
    kind = show.choice("What it is", words.KINDS, key="note_kind")
    form = _note_key(store, meeting)
    with st.form("workshop_note", border=True):
        answer = None
        if kind is Kind.OVERRULE:
            st.markdown(f"The figures say: {show.escape(words.likely(facts))}.")
            answer = st.selectbox(
                "The room says instead",
                list(words.ANSWERS),
                index=None,  # what the room says is asked for, and never taken for granted
                format_func=words.ANSWERS.__getitem__,
                placeholder="Choose what it says",
                key=f"{form}_answer",
            )
        text = st.text_area(
            "Why" if kind is Kind.OVERRULE else "In words",
            max_chars=workshops.LONGEST_NOTE,
            key=f"{form}_text",
        )
        by = st.text_input(
            "Whose" if kind is Kind.INFERENCE else "Whose (if it matters)",
            max_chars=80,
            key=f"{form}_by",
        )
        if st.form_submit_button("Keep the note", icon=":material/add_notes:"):
            identifier = meeting.workshop.workshop
            _do(lambda: notes.add_note(store, identifier, cell, kind, text, by, answer))
    for note in notes.own_words(store, meeting):
        if note.cell == cell and note.kind is not None:
            whose = f" ({show.escape(note.by)})" if note.by else ""
            st.markdown(f"- **{words.KINDS[note.kind]}**{whose}: {show.escape(note.words)}")


def _decisions(store: Store, meeting: Meeting, cell: int, facts: FrozenCell) -> None:
    identifier = meeting.workshop.workshop
    known = [kept for kept in record.decisions(store, identifier) if kept.cell == cell]
    standing = [kept for kept in known if kept.stands]
    for decision in known:
        _shown(store, meeting, decision)
    if not standing:
        st.markdown("## The decision", anchors=False)
        with st.container(border=True):
            _new(store, meeting, cell, facts, len(known))
        return
    with show.folded("Write down another decision", f"decision_more_{cell}") as opened:
        if opened:
            _new(store, meeting, cell, facts, len(known))


def _new(store: Store, meeting: Meeting, cell: int, facts: FrozenCell, known: int) -> None:
    draft = _form(facts, None, _draft_key(meeting, cell, known))
    by = st.text_input("Who writes this", value=meeting.workshop.made_by, key=f"decision_by_{cell}")
    if st.button("Write it down", type="primary", icon=":material/save:", key="decision_keep"):
        _do(lambda: record.record(store, meeting, cell, draft, by))


def _shown(store: Store, meeting: Meeting, decision: Decision) -> None:
    with st.container(border=True, key=f"decision_{decision.decision}"):
        st.markdown(f"**{show.escape(record_words.heading(decision))}**")
        minutes.rows(decision)
        st.caption(show.escape(record_words.version(decision)))
        if not decision.stands:
            return
        with show.folded(
            "Correct or withdraw it", f"decision_correct_{decision.decision}"
        ) as opened:
            if opened:
                _correct(store, meeting, decision)
        with show.folded("Review it", f"decision_review_{decision.decision}") as opened:
            if opened:
                review(store, decision)


def _correct(store: Store, meeting: Meeting, decision: Decision) -> None:
    cell = meeting.workshop.cells[decision.cell or 0]
    assert cell.facts is not None
    st.caption("What it said before stays: a correction is a new version.")
    draft = _form(cell.facts, decision.draft, f"decision_{decision.decision}_{decision.version}")
    why = st.text_input("Why it is changed", key=f"decision_why_{decision.decision}", max_chars=200)
    by = st.text_input(
        "Who changes it", value=meeting.workshop.made_by, key=f"decision_who_{decision.decision}"
    )
    with st.container(horizontal=True):
        if st.button("Keep the new version", key=f"decision_again_{decision.decision}"):
            _do(lambda: record.correct(store, decision, draft, why, by, cell.facts))
        if st.button("Withdraw it", key=f"decision_withdraw_{decision.decision}", type="tertiary"):
            _do(lambda: record.withdraw(store, decision, why, by))


def review(store: Store, decision: Decision) -> None:
    """What became of the action, 30, 90 and 180 days on."""
    for kept in record.reviews(store):
        if kept.decision == decision.decision:
            st.markdown(f"- {show.escape(record_words.reviewed(kept))}")
    with st.form(f"decision_reviewed_{decision.decision}", border=False, clear_on_submit=True):
        which, what = st.columns(2)
        days = which.selectbox("Review", REVIEWS, format_func=lambda days: f"After {days} days")
        outcome = show.choice(
            "The action is",
            record_words.OUTCOMES,
            key=f"decision_outcome_{decision.decision}",
            within=what,
        )
        text = st.text_input("In words", max_chars=400)
        by = st.text_input("Who reviews it", max_chars=80)
        if st.form_submit_button("Keep the review"):
            _do(lambda: record.review(store, decision, days, outcome, text, by))


def _form(facts: FrozenCell, before: Draft | None, key: str) -> Draft:
    """Everything a decision may say."""
    was = before or Draft(words="", action="", owner="")
    kind = st.segmented_control(
        "It is a",
        list(DecisionKind),
        default=was.kind,
        format_func=record_words.DECISION_KINDS.__getitem__,
        required=True,
        key=f"{key}_kind",
    )
    text = st.text_area("What is decided or recommended", was.words, key=f"{key}_words", height=80)
    action, owner, due = st.columns([0.42, 0.28, 0.3])
    what = action.text_input("Action", was.action, key=f"{key}_action")
    who = owner.text_input("Owner", was.owner, key=f"{key}_owner", help="A role, or a name")
    when = due.date_input("Due", was.due, key=f"{key}_due", format="DD/MM/YYYY")
    hypothesis = st.text_area(
        "What we think explains it", was.hypothesis, key=f"{key}_hypothesis", height=68
    )
    expected = _expected(facts, was.expected, key)
    with st.expander("More: alternatives, who is affected, risks, who does not agree"):
        alternatives = st.text_area(
            "What else was thought of, and why not",
            was.alternatives,
            key=f"{key}_alternatives",
            height=68,
        )
        affected = st.text_area(
            "Who is affected, and who might be left out",
            was.affected,
            key=f"{key}_affected",
            height=68,
        )
        risks = st.text_area("Risks", was.risks, key=f"{key}_risks", height=68)
        dissent = st.text_area(
            "Who does not agree, and why (roles, not names)",
            was.dissent,
            key=f"{key}_dissent",
            height=68,
        )
        raised = st.date_input(
            "When people first raised it",
            was.first_raised,
            key=f"{key}_raised",
            format="DD/MM/YYYY",
        )
    gift, sure = st.columns(2)
    within = show.choice(
        "In our gift?", record_words.GIFTS, default=was.within_gift, key=f"{key}_gift", within=gift
    )
    confidence = show.choice(
        "How confident are we in it?",
        record_words.CONFIDENCES,
        default=was.confidence,
        key=f"{key}_confidence",
        within=sure,
    )
    return Draft(
        words=text,
        action=what,
        owner=who,
        kind=DecisionKind(kind or DecisionKind.DECISION),
        hypothesis=hypothesis,
        alternatives=alternatives,
        due=when if isinstance(when, date) else None,
        within_gift=within,
        affected=affected,
        risks=risks,
        confidence=confidence,
        dissent=dissent,
        first_raised=raised if isinstance(raised, date) else None,
        expected=expected,
    )


def _expected(facts: FrozenCell, was: Expected | None, key: str) -> Expected | None:
    """The figure expected to move, which way, how far, by when."""
    figures = {
        source.side.source: record.figure_of(source)
        for source in facts.sources
        if source.value is not None
    }
    titles = {
        source.side.source: f"{source.side.short_title} (now {words.value(source.value, source.side.unit)})"
        for source in facts.sources
        if source.value is not None
    }
    which, way, far, by_day = st.columns([0.34, 0.22, 0.22, 0.22])
    options = ["", *figures]
    chosen = which.selectbox(
        "Figure expected to move",
        options,
        options.index(was.figure.source) if was else 0,
        format_func=lambda source: titles.get(source, NOTHING),
        key=f"{key}_figure",
    )
    if not chosen:
        return None
    figure = figures[chosen]
    share = figure.unit == "proportion"
    unit = 100 if share else 1
    direction = show.choice(
        "Which way",
        {Direction.UP: "Up", Direction.DOWN: "Down"},
        default=was.direction if was else None,
        key=f"{key}_way",
        within=way,
    )
    amount = far.number_input(
        "At least, points" if share else "At least",
        min_value=0.0,
        max_value=100.0,
        value=round(was.amount * unit, 6) if was else (AMOUNT if share else AMOUNT / 10),
        step=1.0 if share else 0.1,
        key=f"{key}_amount",
    )
    last = figure.end or date.today()
    day = by_day.date_input(
        "In data up to",
        was.by_date if was else max(last, date.today()) + timedelta(days=365),
        key=f"{key}_by_date",
        format="DD/MM/YYYY",
    )
    return Expected(figure, direction, amount / unit, day)


def _do(step: Callable[[], object]) -> None:
    """Carry it out and draw the page anew; what is refused is said."""
    try:
        step()
    except PxError as problem:
        state.keep(REFUSED, str(problem))
    st.rerun()
