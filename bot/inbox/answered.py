"""What the assistant answered is stored: replies, effects, what the staff has to know, and "handled", in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.followup import outcomes
from bot.handoff.cases import Cause
from bot.inbox import conversations, rows
from bot.inbox.effects import store_effects
from bot.inbox.escalate import of_guidance
from bot.inbox.handle import Handling, Known
from bot.inbox.nurse import nurse_wrote
from bot.inbox.own import obey_heard
from bot.messages import Answer, Button, Reply, more_urgent

# After a talk with a nurse these need a word on whose counts.
_GUIDING = ("question", "result")


def answer_with(handling: Handling, answer: Answer, *, handed_back: datetime | None = None) -> None:
    """Store what the assistant answered.

    `handed_back`: it was known when the assistant was asked that since then a nurse had talked with the patient.
    """
    known = _at_its_level(handling)
    if not handling.nurse_is_here:
        obey_heard(handling, answer.effects)  # before a question of the guidance is asked again
        _say_all(handling, answer, after_nurse=handed_back is not None)
    if handed_back is not None and known.conversation.nurse_since == handed_back:
        conversations.change(handling.work, known.conversation.id, nurse_since=None)
    handling.note_for_case()
    for cause in _causes(handling, known, answer):
        handling.open_case(cause)
    if known.conversation.told_waiting:
        conversations.change(handling.work, known.conversation.id, told_waiting=False)
    handling.done()


def _at_its_level(handling: Handling) -> Known:
    known = handling.known
    level = more_urgent(known.conversation.level_floor, known.row.level)
    if level == known.conversation.level_floor:
        return known
    # An earlier message closed the episode after this one's alarm.
    conversations.change(handling.work, known.conversation.id, level_floor=level)
    return replace(known, conversation=replace(known.conversation, level_floor=level))


def _say_all(handling: Handling, answer: Answer, *, after_nurse: bool) -> None:
    row = handling.known.row
    if row.cut:
        handling.say(Reply(handling.phrase("inbox.too_long", limit=rows.LONGEST_TEXT), kind="notice"))
    if row.kind not in ("text", "button"):
        handling.say(Reply(handling.phrase("inbox.only_caption"), kind="notice"))
    guides = any(reply.kind in _GUIDING for reply in answer.replies)
    if after_nurse and guides and nurse_wrote(handling.work, handling.known.conversation):
        handling.say(Reply(handling.phrase("handoff.nurse_counts"), kind="notice"))
    may_ask = outcomes.can_ask(answer.effects, handling.rules.content, now=handling.rules.now)
    for reply in answer.replies:
        handling.say(_with_offer(handling, reply) if may_ask and reply.kind == "result" else reply)


def _with_offer(handling: Handling, reply: Reply) -> Reply:
    """Let the patient choose to be asked some days later whether it was the right department."""
    return replace(reply, buttons=(*reply.buttons, Button(handling.phrase("followup.outcome_offer"), "ask_later")))


def _causes(handling: Handling, known: Known, answer: Answer) -> Iterator[Cause]:
    work, chat, now = handling.work, known.conversation, handling.rules.now
    yield from store_effects(work, chat, known.row, answer.effects, now=now)
    key, content = f"in:{known.row.id}", handling.rules.content
    yield from of_guidance(work, chat, known.case, answer.effects, key=key, content=content, now=now)
