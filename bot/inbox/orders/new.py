"""A new reminder: its time is asked for where none was clear, and what was understood is read back before it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.followup import asking, enrolments
from bot.followup.enrolments import OWN, Entry
from bot.followup.own import (
    When,
    Wish,
    every_day,
    is_over,
    offered_times,
    once,
    read_answer,
    read_when,
    usual_times,
    when_in_words,
    wish_in,
)
from bot.inbox import conversations, rows
from bot.inbox.handle import Handling, own_words
from bot.inbox.orders.saying import local, tell, zone
from bot.messages import Button, Reply

# How many reminders of their own one person may have.
MOST_OWN = 20
ASKED_WHEN = re.compile(r"ownwhen[-:](\d{1,15}):\d+(?::\d+)?")


@dataclass(frozen=True)
class Order:
    """The words that ask for a reminder, and the message they stand in: the answer to "when?" may come later."""

    row: int
    text: str


def this_order(handling: Handling) -> Order:
    """Return the order that the message at hand is."""
    return Order(handling.known.row.id, own_words(handling.known))


def earlier_order(handling: Handling, row: int) -> Order | None:
    """Return the order that an earlier message of this chat was; None: its words are not kept any more."""
    text = rows.said(handling.work, handling.known.conversation.id, row)
    return Order(row, text) if text else None


def want(handling: Handling, order: Order, wish: Wish) -> None:
    """Ask for the yes to a reminder, or for its time when none was clear."""
    conversation = handling.known.conversation
    own = [one for one in enrolments.of_patient(handling.work, conversation.patient_id) if one.plan == OWN]
    if sum(one.state != "asked" for one in own) >= MOST_OWN:  # what was left unanswered is no reminder
        tell(handling, "chat_too_many")
    elif wish.when is None or is_over(wish.when, local(handling)):  # of an order that reached us late its time may have passed
        if not conversation.reminded:  # so that the answer is looked for; a yes to a plan does the same
            conversations.change(handling.work, conversation.id, reminded=True)
        handling.say(_when_question(handling, order), stage=f"ownwhen-{order.row}")
    else:
        text = wish.text or handling.phrase("followup.chat_plain")
        enrolment, _ = enrolments.enrol(handling.work, entry_of(handling, wish.when, text), now=handling.rules.now)
        asking.ask(handling.work, enrolment, handling.rules.content, now=handling.rules.now, again=str(handling.known.row.id))


def entry_of(handling: Handling, when: When, text: str, *, consented: bool = False) -> Entry:
    """Return a reminder of this patient's own that the message at hand asks for."""
    conversation = handling.known.conversation
    return Entry(
        patient_id=conversation.patient_id,
        conversation_id=conversation.id,
        plan=OWN,
        version=handling.rules.content.version[:16],
        anchor=when.anchor,
        zone=zone(handling).key,
        enrolled_by="patient",
        dedupe_key=f"own:{handling.known.row.id}",
        consented=consented,
        details={**when.details, "text": text},
    )


def _when_question(handling: Handling, order: Order) -> Reply:
    """Ask when, with times to choose from: of the parts of the day that were told, else usual ones."""
    language = handling.known.conversation.language
    times = offered_times(order.text, language) or usual_times(order.text, language, local(handling))
    buttons = [Button(one.replace(" ", " + "), f"own:{order.row}:at:{one}") for one in times]
    if not times:
        phrases, now = handling.rules.content.phrases, local(handling)
        tomorrow = (now + timedelta(days=1)).replace(hour=9, minute=0)
        choices = (
            ("daily:08:00", every_day("08:00", now)),
            ("daily:20:00", every_day("20:00", now)),
            (f"on:{tomorrow:%Y-%m-%d %H:%M}", once(tomorrow)),
        )
        titles = (when_in_words(when.anchor, when.details, language, phrases=phrases) for _, when in choices)
        buttons = [Button(title, f"own:{order.row}:{way}") for title, (way, _) in zip(titles, choices, strict=True)]
    return Reply(handling.phrase("followup.chat_when"), kind="question", buttons=tuple(buttons))


def want_at(handling: Handling, row: int, way: str, chosen: str) -> bool:
    """Take the time that was chosen for an earlier order, or ask again when it has passed; False when its words are not kept any more.

    `way`: at (a time for the days that the order tells) | daily | on (once, a local day and time).
    """
    order, language, now = earlier_order(handling, row), handling.known.conversation.language, local(handling)
    if order is None:
        return False
    if way == "daily":
        when: When | None = every_day(chosen, now)
    elif way == "on":
        at = datetime.fromisoformat(chosen).replace(tzinfo=now.tzinfo)
        when = once(at) if at > now else None
    else:
        when = read_when(f"{order.text} {chosen}", language, now)
    want(handling, order, Wish(wish_in(order.text, language, now).text, when))
    return True


def answers_when(handling: Handling, key: str, text: str) -> bool:
    """Take the message as the time that was asked for under this key; False when it is no such question, or tells none."""
    asked = ASKED_WHEN.fullmatch(key)
    order = earlier_order(handling, int(asked[1])) if asked else None
    language, now = handling.known.conversation.language, local(handling)
    when = read_answer(order.text, text, language, now) if order else None
    if order is None or when is None:
        return False
    want(handling, order, Wish(wish_in(order.text, language, now).text, when))
    return True
