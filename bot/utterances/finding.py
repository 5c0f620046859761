"""Finds sentences that the bot did not serve well, among what was stored since a moment. Reads only; words are still as they were said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import (
    assessment,
    care_case,
    conversation,
    faq_feedback,
    guidance_outcome,
    inbound,
    tracker_event,
    unanswered,
)
from bot.privacy import consent
from bot.utterances.kinds import FAQ, SOURCES, Found, Source
from bot.utterances.turns import Heard, heard_in

# The nurse says that the department was wrong, and not which is right.
_WRONG = "-"
_KEY = "in:"


def found_since(work: Work, since: datetime) -> tuple[Found, ...]:
    """Return what came to be known since then, what is worth most first, each message once.

    Only of people whose consent on that channel covers it: the present text says that sentences help to improve the bot.
    """
    finders = (_near_misses, _corrected, _wrong_places, _unanswered, _unhelpful, _misheard)
    every = [one for find in finders for one in find(work, since)]
    first: dict[str, Found] = {}
    for one in sorted(every, key=lambda one: SOURCES.index(one.source)):
        first.setdefault(one.key, one)
    allowed = _consenting(work, {one.conversation_id for one in first.values()})
    return tuple(
        replace(one, patient_id=allowed[one.conversation_id]) for one in first.values() if one.conversation_id in allowed
    )


def _near_misses(work: Work, since: datetime) -> Iterator[Found]:
    """Only one of the two readers heard an emergency."""
    rows = work.execute(
        sa.select(assessment).where(assessment.c.disagreement, assessment.c.at >= since).order_by(assessment.c.id)
    )
    for row in rows:
        yield from _of_message(work, "near_miss", row.conversation_id, row.dedupe_key, said=row.departments.partition(",")[0])


def _corrected(work: Work, since: datetime) -> Iterator[Found]:
    """A nurse named another department than the bot."""
    case = care_case.c
    wrong = sa.and_(case.closed_at >= since, case.outcome_department.isnot(None), case.outcome_department != case.department)
    for row in work.execute(sa.select(care_case).where(wrong, case.department != "").order_by(case.id)):
        right = "" if row.outcome_department == _WRONG else row.outcome_department
        yield from _of_guidance(work, row.conversation_id, row.opened_at, said=row.department, right=right)


def _wrong_places(work: Work, since: datetime) -> Iterator[Found]:
    """The patient went, and it was the wrong department."""
    outcome = guidance_outcome.c
    wrong = sa.and_(outcome.answered_at >= since, outcome.was_right.is_(False))
    for row in work.execute(sa.select(guidance_outcome).where(wrong).order_by(outcome.id)):
        yield from _of_guidance(work, row.conversation_id, row.asked_at, said=row.department, right=row.department_seen or "")


def _unanswered(work: Work, since: datetime) -> Iterator[Found]:
    for row in work.execute(sa.select(unanswered).where(unanswered.c.at >= since).order_by(unanswered.c.id)):
        text = str(work.cipher.unseal(row.sealed).get("text") or "")
        key = _message_of(row.dedupe_key) or f"unanswered:{row.id}"
        heard = _heard(work, row.conversation_id, key)
        yield Found(key, "unanswered", row.conversation_id, row.language, text, row.at, heard.guesses if heard else ())


def _unhelpful(work: Work, since: datetime) -> Iterator[Found]:
    """The question to which an answer was shown that did not help."""
    table, columns = faq_feedback, faq_feedback.c
    judged = work.execute(sa.select(table).where(columns.at >= since, columns.helpful.is_(False)).order_by(columns.id))
    for row in judged:
        shown = sa.and_(columns.conversation_id == row.conversation_id, columns.entry == row.entry, columns.helpful.is_(None))
        query = sa.select(columns.dedupe_key).where(shown, columns.id < row.id).order_by(columns.id.desc()).limit(1)
        key = work.execute(query).scalar()
        if key is not None:
            yield from _of_message(work, "unhelpful", row.conversation_id, key, said=f"{FAQ}{row.entry}")


def _misheard(work: Work, since: datetime) -> Iterator[Found]:
    """What the classifier did not understand, or tossed a coin about. `rasa shell` has conversations that no gateway knows."""
    known = sa.join(tracker_event, conversation, conversation.c.id == tracker_event.c.conversation_id)
    columns = (tracker_event.c.sealed, tracker_event.c.conversation_id, tracker_event.c.created_at, conversation.c.language)
    query = sa.select(*columns).select_from(known).where(tracker_event.c.created_at >= since).order_by(tracker_event.c.id)
    for row in work.execute(query):
        for heard in heard_in(work.cipher.unseal(row.sealed)):
            if heard.source is not None and heard.message:
                key, language = f"{_KEY}{heard.message}", heard.language or row.language
                yield Found(key, heard.source, row.conversation_id, language, heard.text, row.created_at, heard.guesses)


def _of_guidance(work: Work, chat: str, before: datetime, *, said: str, right: str) -> Iterator[Found]:
    """Yield the message whose assessment was the last before a moment: what led to the department."""
    mine = sa.and_(assessment.c.conversation_id == chat, assessment.c.at <= before)
    key = work.execute(sa.select(assessment.c.dedupe_key).where(mine).order_by(assessment.c.id.desc()).limit(1)).scalar()
    if key is not None:
        yield from _of_message(work, "corrected", chat, key, said=said, right=right)


def _of_message(work: Work, source: Source, chat: str, key: str, *, said: str = "", right: str = "") -> Iterator[Found]:
    """Yield the message from which something was stored under `key`, unless its words are gone."""
    message = _message_of(key)
    row: Any = None
    if message is not None:
        spoken = sa.select(inbound.c.sealed, inbound.c.received_at, conversation.c.language).join_from(inbound, conversation)
        row = work.execute(spoken.where(inbound.c.id == int(message.removeprefix(_KEY)))).first()
    if message is None or row is None or row.sealed is None:
        return
    content = work.cipher.unseal(row.sealed)
    if content.get("text") and not content.get("payload"):
        heard = _heard(work, chat, message)
        language = (heard.language if heard else None) or row.language
        guesses = heard.guesses if heard else ()
        yield Found(message, source, chat, language, content["text"], row.received_at, guesses, said, right)


def _heard(work: Work, chat: str, key: str) -> Heard | None:
    """Return how the assistant heard a message of a conversation."""
    query = sa.select(tracker_event.c.sealed).where(tracker_event.c.conversation_id == chat).order_by(tracker_event.c.id.desc())
    for sealed in work.execute(query).scalars():
        for heard in heard_in(work.cipher.unseal(sealed)):
            if f"{_KEY}{heard.message}" == key:
                return heard
    return None


def _message_of(key: str) -> str | None:
    """Return which message the key of an effect names: in:<number of the message>:<number of the effect>."""
    parts = key.split(":")
    return f"{_KEY}{parts[1]}" if len(parts) > 1 and parts[0] == "in" and parts[1].isdigit() else None


def _consenting(work: Work, chats: set[str]) -> dict[str, str]:
    """Return those of the conversations whose patient agreed, with the patient."""
    rows = work.execute(
        sa.select(conversation.c.id, conversation.c.patient_id, conversation.c.channel).where(conversation.c.id.in_(chats))
    )
    return {row.id: row.patient_id for row in rows.all() if consent.state(work, row.patient_id, row.channel) == "granted"}
