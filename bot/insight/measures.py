"""What is measured, and from which table. No accuracy: what stays undone counts, and who waited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, checkin, conversation, faq_feedback, guidance_outcome, unanswered
from bot.handoff.events import BEGUN_AT
from bot.handoff.merging import MERGED
from bot.insight.activity import active
from bot.insight.groups import Counts, Kind, Share, Waits
from bot.insight.weeks import Week
from bot.languages import Language

Key = tuple[int, Language]
Count = Callable[[Work, Sequence[Week]], Counts]


@dataclass(frozen=True)
class Measure:
    """One number. `key`: of its phrases `numbers_<key>…`; `less`: whether less is better; None: neither is."""

    key: str
    kind: Kind
    less: bool | None
    count: Count


def open_questions(work: Work, weeks: Sequence[Week]) -> Counts:
    """Return how many questions for the FAQ found no answer, of all that were asked."""
    none = _numbers(work, unanswered.c.at, weeks, unanswered)
    shown = _numbers(work, faq_feedback.c.at, weeks, faq_feedback, faq_feedback.c.helpful.is_(None))
    return _shares(none, {key: none.get(key, 0) + shown.get(key, 0) for key in none.keys() | shown.keys()})


def handed_over(work: Work, weeks: Sequence[Week]) -> Counts:
    """Return how many conversations came to a person, of all in which a patient wrote."""
    people = sa.func.count(care_case.c.conversation_id.distinct())
    return _shares(_numbers(work, care_case.c.opened_at, weeks, care_case, number=people), active(work, weeks))


def first_answers(work: Work, weeks: Sequence[Week]) -> Counts:
    """Return how long it took until a person answered, from the opening of the case, or from when it was opened anew.

    A case that went on in another one of the same person is not counted twice.
    """
    week = _week(care_case.c.opened_at, weeks)
    query = sa.select(week, conversation.c.language, BEGUN_AT, care_case.c.first_reply_at).select_from(
        care_case.join(conversation, conversation.c.id == care_case.c.conversation_id)
    )
    found: dict[Key, list[float]] = {}
    alone = sa.func.coalesce(care_case.c.outcome, "") != MERGED
    for row in work.execute(query.where(*_within(care_case.c.opened_at, weeks), alone)):
        waited = (row.first_reply_at - row.begun_at).total_seconds() / 60 if row.first_reply_at else float("inf")
        found.setdefault((row.week, row.language), []).append(waited)
    return {key: Waits(tuple(minutes)) for key, minutes in found.items()}


def wrong_departments(work: Work, weeks: Sequence[Week]) -> Counts:
    """Return how many patients say afterwards that the department was wrong, of those who went and said."""
    return _hits(work, guidance_outcome.c.answered_at, weeks, guidance_outcome, guidance_outcome.c.was_right, hit=False)


def corrected_departments(work: Work, weeks: Sequence[Week]) -> Counts:
    """Return how often a nurse named another department than the bot, of the cases in which she named one."""
    named = sa.and_(care_case.c.outcome_department.is_not(None), care_case.c.department != "")
    all_of = _numbers(work, care_case.c.closed_at, weeks, care_case, named)
    other = care_case.c.outcome_department != care_case.c.department
    return _shares(_numbers(work, care_case.c.closed_at, weeks, care_case, named, other), all_of)


def helpful_answers(work: Work, weeks: Sequence[Week]) -> Counts:
    """Return how many answers of the FAQ were called helpful, of those that were judged."""
    return _hits(work, faq_feedback.c.at, weeks, faq_feedback, faq_feedback.c.helpful, hit=True)


def answered_checkins(work: Work, weeks: Sequence[Week]) -> Counts:
    """Return how many check-ins were answered, of those that are over."""
    over = _numbers(work, checkin.c.opened_at, weeks, checkin, checkin.c.state != "open")
    answered = checkin.c.state.in_(("answered", "worrying"))
    return _shares(_numbers(work, checkin.c.opened_at, weeks, checkin, answered), over)


MEASURES = (
    Measure("unanswered", "share", True, open_questions),
    Measure("handoff", "share", None, handed_over),
    Measure("first_answer", "minutes", True, first_answers),
    Measure("wrong_department", "share", True, wrong_departments),
    Measure("corrected_department", "share", True, corrected_departments),
    Measure("faq_helpful", "share", False, helpful_answers),
    Measure("reminder_response", "share", False, answered_checkins),
)


def _hits(work: Work, at: Any, weeks: Sequence[Week], table: Any, said: Any, *, hit: bool) -> Counts:
    all_of = _numbers(work, at, weeks, table, said.is_not(None))
    return _shares(_numbers(work, at, weeks, table, said.is_(sa.true() if hit else sa.false())), all_of)


def _numbers(work: Work, at: Any, weeks: Sequence[Week], table: Any, *conditions: Any, number: Any = None) -> Mapping[Key, int]:
    """Return how many rows of `table` there are in each week and language; the language is that of the conversation."""
    week, counted = _week(at, weeks), sa.func.count() if number is None else number
    joined = table.join(conversation, conversation.c.id == table.c.conversation_id)
    query = sa.select(week, conversation.c.language, counted.label("number")).select_from(joined)
    rows = work.execute(query.where(*_within(at, weeks), *conditions).group_by(week, conversation.c.language))
    return {(row.week, cast(Language, row.language)): int(row.number) for row in rows}


def _week(at: Any, weeks: Sequence[Week]) -> Any:
    return sa.case(*((at < week.ends, number) for number, week in enumerate(weeks)), else_=len(weeks)).label("week")


def _within(at: Any, weeks: Sequence[Week]) -> Iterable[Any]:
    return at >= weeks[0].begins, at < weeks[-1].ends


def _shares(hits: Mapping[Key, int], all_of: Mapping[Key, int]) -> Counts:
    return {key: Share(hits.get(key, 0), of) for key, of in all_of.items()}
