"""Orders about reminders and readings: in plain words and by buttons without the assistant, in other words as it heard them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.followup import asking, enrolments, wishes
from bot.followup.beside import tells_trouble
from bot.followup.own import Wish, is_order, read_wish, wish_in
from bot.followup.showing import show_readings
from bot.inbox.handle import Handling, Known, own_words
from bot.inbox.orders import known, new, times
from bot.inbox.orders.place import place_or_hours
from bot.inbox.orders.saying import tell, when_written
from bot.messages import EMERGENCY_LEVELS, Effect

_PAYLOAD = re.compile(r"own:(\d{1,15}):(show|stop|pause|resume|time)")
_AT = re.compile(r"own:(\d{1,15}):(?:(at):((?:\d\d:\d\d ?){1,4})|(daily):(\d\d:\d\d)|(on):(\d{4}-\d\d-\d\d \d\d:\d\d))")


def may_order(one: Known) -> bool:
    """Whether this may be an order about reminders or readings. Words of an emergency never are one."""
    if one.row.level in EMERGENCY_LEVELS:
        return False
    if one.payload or one.conversation.reminded:
        return not one.payload or one.payload.startswith(("own:", "readings:"))
    text = own_words(one)
    return bool(text) and (is_order(text) or wishes.is_list(text) or wishes.shown_measure(text) is not None)


def obey_order(handling: Handling) -> bool:
    """Do what was ordered; False when the message is no such order, and nothing was written."""
    done = _pressed(handling) if handling.known.payload else bool(own_words(handling.known)) and _said(handling)
    if done:
        handling.note_for_case()
        handling.done()
    return done


def obey_heard(handling: Handling, effects: Iterable[Effect]) -> None:
    """Do what the assistant heard as an order, in words of which no rule here made one. Words of an emergency never are one."""
    for effect in effects:
        order = _order(handling, effect)
        if handling.known.row.level in EMERGENCY_LEVELS:
            return
        if effect.name == "set_reminder":
            _want(handling, order, wish_in(order.text, handling.known.conversation.language, when_written(handling)))
        elif effect.name == "show_reminders":
            known.list_all(handling)
        elif effect.name == "change_reminder":
            known.change(handling, order.text)
        elif effect.name == "show_readings":
            _show(handling, next(iter(sorted(wishes.measures_in(order.text))), ""))


def _order(handling: Handling, effect: Effect) -> new.Order:
    """Return the words that an effect is about: of this message, or of an earlier one that a button says the meaning of."""
    number = str(effect.data.get("message") or "")
    earlier = new.earlier_order(handling, int(number)) if number.isascii() and number.isdigit() else None
    return earlier or new.this_order(handling)


def _said(handling: Handling) -> bool:
    text, reminded = own_words(handling.known), handling.known.conversation.reminded
    if wishes.is_list(text):
        known.list_all(handling)
        return True
    measure = wishes.shown_measure(text)
    if measure is not None:
        return _show(handling, measure)
    if reminded and (known.pause_all(handling, text) or _answers(handling, text) or known.put_off(handling, text)):
        return True
    if reminded and place_or_hours(handling, text):
        return True
    wish = read_wish(text, handling.known.conversation.language, when_written(handling))
    # "Remind me, my chest hurts": without a time it is a complaint, which the assistant hears.
    if wish is None or (wish.when is None and _tells_trouble(handling, text)):
        return False
    _want(handling, new.this_order(handling), wish)
    return True


def _answers(handling: Handling, text: str) -> bool:
    """Take the message as the time that was asked for; False when it is none, or tells of trouble."""
    key = asking.last_key(handling.work, handling.known.conversation.id)
    is_asked = new.ASKED_WHEN.fullmatch(key) or times.ASKED_TIME.fullmatch(key)
    if not is_asked or _tells_trouble(handling, text):
        return False
    return times.answers(handling, key, text) or new.answers_when(handling, key, text)


def _want(handling: Handling, order: new.Order, wish: Wish) -> None:
    if _tells_trouble(handling, order.text):  # said first: the question about the reminder stays the last
        tell(handling, "chat_trouble", emergency=handling.emergency())
    new.want(handling, order, wish)


def _tells_trouble(handling: Handling, text: str) -> bool:
    language, triage = handling.known.conversation.language, handling.rules.content.triage
    return tells_trouble(text, language, lexicon=triage.lexicon)


def _pressed(handling: Handling) -> bool:
    kind, _, measure = handling.known.payload.partition(":")
    if kind == "readings":
        return _show(handling, measure)
    chosen = _AT.fullmatch(handling.known.payload)
    if chosen is not None:
        row, way, at = (part for part in chosen.groups() if part)
        return new.want_at(handling, int(row), way, at)
    found = _PAYLOAD.fullmatch(handling.known.payload)
    one = enrolments.of_id(handling.work, int(found[1])) if found else None
    if found is None or one is None or one.patient_id != handling.known.conversation.patient_id:
        return False
    if one.state not in enrolments.OPEN:
        tell(handling, "chat_ended")
    else:
        known.obey(handling, one, found[2])
    return True


def _show(handling: Handling, measure: str) -> bool:
    conversation, rules = handling.known.conversation, handling.rules
    words = {"language": conversation.language, "content": rules.content, "now": rules.now}
    reply = show_readings(handling.work, conversation.patient_id, measure, **words, emergency=handling.emergency())  # type: ignore[arg-type]
    handling.say(reply)
    return True
