"""Asks a patient whether they want a plan: what is sent, how often, how to stop. Nothing of the plan leaves before their yes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal, cast

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import conversation, outbound
from bot.followup.enrolments import OWN, Enrolment
from bot.followup.own import when_in_words
from bot.languages import Language
from bot.messages import Button, Reply
from bot.outbox.compose import compose
from bot.outbox.store import Place, enqueue
from bot.triage.explain import quoted

_LAST = (
    sa.select(outbound.c.dedupe_key)
    .where(outbound.c.conversation_id == sa.bindparam("conversation"))
    .order_by(outbound.c.id.desc())
    .limit(1)
)
_LAST_QUESTION = (
    sa.select(outbound.c.sealed)
    .where(outbound.c.conversation_id == sa.bindparam("conversation"))
    .where(sa.or_(outbound.c.kind == "question", outbound.c.author == "nurse"))
    .order_by(outbound.c.id.desc())
    .limit(1)
)
_ASKED = re.compile(r"plan:([0-9]{1,15}):.*")
_PAYLOAD = re.compile(r"plan:([0-9]{1,15}):(yes|no)")


def payload(enrolment_id: int, answer: Literal["yes", "no"]) -> str:
    """Return what the button of an answer carries."""
    return f"plan:{enrolment_id}:{answer}"


def answer_in(text: str) -> tuple[int, bool] | None:
    """Return (number of the enrolment, whether they agree) from what a button carried; None: it is another button."""
    found = _PAYLOAD.fullmatch(text)
    return None if found is None else (int(found[1]), found[2] == "yes")


def question(enrolment: Enrolment, content: Content, language: Language) -> Reply:
    """Return the question. The name of the plan is not in its first line: a phone shows that locked."""
    phrases, own = content.phrases, "chat_" if enrolment.plan == OWN else ""
    text = _own_words(enrolment, content, language) if own else _plan_words(enrolment, content, language)
    yes, no = (phrases.get(f"followup.{own}ask_{word}", language) for word in ("yes", "no"))
    return Reply(
        text, kind="question", buttons=(Button(yes, payload(enrolment.id, "yes")), Button(no, payload(enrolment.id, "no")))
    )


def _plan_words(enrolment: Enrolment, content: Content, language: Language) -> str:
    phrases, plan = content.phrases, content.followup.plans.by_id[enrolment.plan]
    return "\n".join(
        (phrases.get("followup.ask_plan", language), plan.consent[language], phrases.get("followup.ask_may_i", language))
    )


def _own_words(enrolment: Enrolment, content: Content, language: Language) -> str:
    """Return how a reminder in the patient's own words was understood."""
    when = when_in_words(enrolment.anchor, enrolment.details, language, phrases=content.phrases)
    return content.phrases.get("followup.chat_confirm", language, when=when, text=quoted(enrolment.details["text"], language))


def ask(work: Work, enrolment: Enrolment, content: Content, *, now: datetime, again: str = "") -> int | None:
    """Send the question to the chat of an enrolment that waits for it; returns its number in the outbox.

    None: asked before, answered before, or the chat is gone. `again`: a key under which it is asked once more.
    """
    columns = (conversation.c.channel, conversation.c.language, conversation.c.greeted)
    row = work.execute(sa.select(*columns).where(conversation.c.id == enrolment.conversation_id)).first()
    if row is None or enrolment.state != "asked" or enrolment.plan not in (OWN, *content.followup.plans.by_id):
        return None
    language = cast(Language, row.language)
    message = compose(question(enrolment, content, language), language, phrases=content.phrases, first=not row.greeted)
    place = Place(enrolment.conversation_id, row.channel)
    return enqueue(work, place, message, dedupe_key=f"plan:{enrolment.id}:{again or 'asked'}", now=now)


def last_key(work: Work, conversation_id: str) -> str:
    """Return the key in the outbox of the latest message of a chat, "" when there is none."""
    return str(work.execute(_LAST, {"conversation": conversation_id}).scalar() or "")


def buttons_asked_last(work: Work, conversation_id: str) -> tuple[str, ...]:
    """Return what the buttons carry of the latest message of a chat that asks something: a question, or whatever a nurse wrote."""
    sealed = work.execute(_LAST_QUESTION, {"conversation": conversation_id}).scalar()
    return () if sealed is None else tuple(button["payload"] for button in work.cipher.unseal(sealed).get("buttons", ()))


def asked_last(work: Work, conversation_id: str) -> int:
    """Return the number of the enrolment about which the latest message of a chat asks; 0: it asks something else, or nothing."""
    found = _ASKED.fullmatch(last_key(work, conversation_id))
    return int(found[1]) if found else 0
