"""Orders about reminders and readings, taken in chat without the assistant: remind me, my reminders, later, not before 9, show my…"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.duty.when import moment_in_words
from bot.followup import asking, enrolments, planning, reminders, wishes
from bot.followup.enrolments import OWN, Enrolment, Entry
from bot.followup.own import (
    Wish,
    is_order,
    later,
    offered_times,
    once,
    pause_until,
    read_answer,
    read_when,
    read_wish,
    when_in_words,
)
from bot.followup.showing import show_readings, zone_of_patient
from bot.followup.steps import quiet_of, zone_of
from bot.inbox import conversations, rows
from bot.inbox.handle import Handling, Known, own_words
from bot.messages import EMERGENCY_LEVELS, Button, Reply

# How many reminders of their own one person may have, and how many are listed at once.
MOST_OWN, MOST_LISTED = 20, 9
PAUSE = timedelta(days=7)
# A reminder can be put off for so long after it came.
RECENT = timedelta(hours=12)
_PAYLOAD = re.compile(r"own:(\d{1,15}):(show|stop|pause|resume|time)")
_AT = re.compile(r"own:(\d{1,15}):at:((?:\d\d:\d\d ?){1,4})")
_WHEN, _TIME = re.compile(r"ownwhen:(\d{1,15}):\d+"), re.compile(r"owntime-(\d{1,15}):\d+:\d+")


def may_order(known: Known) -> bool:
    """Whether this may be an order about reminders or readings. Words of an emergency never are one."""
    if known.row.level in EMERGENCY_LEVELS:
        return False
    if known.payload or known.conversation.reminded:
        return not known.payload or known.payload.startswith(("own:", "readings:"))
    text = own_words(known)
    return bool(text) and (is_order(text) or wishes.is_list(text) or wishes.shown_measure(text) is not None)


def obey_order(handling: Handling) -> bool:
    """Do what was ordered; False when the message is no such order, and nothing was written."""
    known = handling.known
    done = _pressed(handling) if known.payload else bool(own_words(known)) and _said(handling)
    if done:
        handling.note_for_case()
        handling.done()
    return done


def _said(handling: Handling) -> bool:
    text, known = own_words(handling.known), handling.known.conversation
    if wishes.is_list(text):
        _list(handling)
        return True
    measure = wishes.shown_measure(text)
    if measure is not None:
        return _show(handling, measure)
    if known.reminded and _pause_all(handling, text):
        return True
    if known.reminded and (_answers_when(handling, text) or _later(handling, text) or _place_or_hours(handling, text)):
        return True
    wish = read_wish(text, known.language, _local(handling))
    return wish is not None and _wanted(handling, wish, handling.known.row.id)


def _pressed(handling: Handling) -> bool:
    kind, _, measure = handling.known.payload.partition(":")
    if kind == "readings":
        return _show(handling, measure)
    chosen = _AT.fullmatch(handling.known.payload)
    if chosen is not None:
        return _wanted_at(handling, int(chosen[1]), chosen[2])
    found = _PAYLOAD.fullmatch(handling.known.payload)
    one = enrolments.of_id(handling.work, int(found[1])) if found else None
    if found is None or one is None or one.patient_id != handling.known.conversation.patient_id:
        return False
    if one.state not in enrolments.OPEN:
        _tell(handling, "chat_ended")
        return True
    acts: Mapping[str, Callable[[Handling, Enrolment], None]] = {
        "show": _one,
        "stop": _stop,
        "pause": _pause,
        "resume": _resume,
        "time": _ask_time,
    }
    acts[found[2]](handling, one)
    return True


# --- a new one --------------------------------------------------------------------------------------------------------


def _wanted(handling: Handling, wish: Wish, row_id: int) -> bool:
    """Ask for the yes to a reminder, or for its time when none was clear."""
    conversation = handling.known.conversation
    mine = [one for one in enrolments.of_patient(handling.work, conversation.patient_id) if one.plan == OWN]
    if sum(one.state != "asked" for one in mine) >= MOST_OWN:  # what was left unanswered is no reminder
        _tell(handling, "chat_too_many")
    elif wish.when is None:
        if not conversation.reminded:  # so that the answer is looked for; a yes to a plan does the same
            _remember(handling)
        handling.say(_when_question(handling), stage="ownwhen")
    else:
        entry = Entry(
            patient_id=conversation.patient_id,
            conversation_id=conversation.id,
            plan=OWN,
            version=handling.rules.content.version[:16],
            anchor=wish.when.anchor,
            zone=_zone(handling).key,
            enrolled_by="patient",
            dedupe_key=f"own:{row_id}",
            details={**wish.when.details, "text": wish.text or handling.phrase("followup.chat_plain")},
        )
        enrolment, _ = enrolments.enrol(handling.work, entry, now=handling.rules.now)
        asking.ask(handling.work, enrolment, handling.rules.content, now=handling.rules.now, again=str(handling.known.row.id))
    return True


def _when_question(handling: Handling) -> Reply:
    """Ask when; for "every morning" with times to choose from."""
    language, row = handling.known.conversation.language, handling.known.row.id
    choices = offered_times(own_words(handling.known), language)
    buttons = tuple(Button(one.replace(" ", " + "), f"own:{row}:at:{one}") for one in choices)
    return Reply(handling.phrase("followup.chat_when"), kind="question", buttons=buttons)


def _wanted_at(handling: Handling, row_id: int, chosen: str) -> bool:
    """Take the time that was chosen for an earlier order; False when its words are not kept any more."""
    language, now = handling.known.conversation.language, _local(handling)
    before = rows.said(handling.work, handling.known.conversation.id, row_id)
    wish = read_wish(before, language, now)
    when = read_when(f"{before} {chosen}", language, now)
    return wish is not None and when is not None and _wanted(handling, Wish(wish.text, when), handling.known.row.id)


def _remember(handling: Handling) -> None:
    conversations.change(handling.work, handling.known.conversation.id, reminded=True)


def _answers_when(handling: Handling, text: str) -> bool:
    """Take the message as the time that was asked for; False when it tells none."""
    key = asking.last_key(handling.work, handling.known.conversation.id)
    asked, changes = _WHEN.fullmatch(key), _TIME.fullmatch(key)
    language, now = handling.known.conversation.language, _local(handling)
    if changes:
        one, when = enrolments.of_id(handling.work, int(changes[1])), read_when(text, language, now)
        if one is None or when is None or one.state not in enrolments.OPEN:
            return False
        _change(handling, one, when.details, anchor=when.anchor)
        return True
    before = rows.said(handling.work, handling.known.conversation.id, int(asked[1])) if asked else ""
    wish = read_wish(before, language, now) if before else None
    when = read_answer(before, text, language, now) if before else None
    return wish is not None and when is not None and _wanted(handling, Wish(wish.text, when), handling.known.row.id)


# --- those that are ---------------------------------------------------------------------------------------------------


def _list(handling: Handling) -> None:
    mine = [one for one in enrolments.of_patient(handling.work, handling.known.conversation.patient_id) if one.state != "asked"]
    if not mine:
        _tell(handling, "chat_none")
        return
    lines = [handling.phrase("followup.chat_list")]
    lines += [f"{number}. {_line(handling, one)}" for number, one in enumerate(mine[:MOST_LISTED], 1)]
    titles = (handling.phrase("followup.chat_choose", number=number) for number in range(1, MOST_LISTED + 1))
    buttons = tuple(Button(title, f"own:{one.id}:show") for title, one in zip(titles, mine, strict=False))
    handling.say(Reply("\n".join(lines), kind="question", buttons=buttons))


def _one(handling: Handling, one: Enrolment) -> None:
    acts = ["resume" if one.state == "paused" else "pause", *(["time"] if one.plan == OWN else []), "stop"]
    buttons = tuple(Button(handling.phrase(f"followup.chat_do_{act}"), f"own:{one.id}:{act}") for act in acts)
    lines = [_line(handling, one), *([] if one.plan == OWN else [handling.phrase("followup.chat_plan_time")])]
    handling.say(Reply("\n".join(lines), kind="question", buttons=buttons))


def _line(handling: Handling, one: Enrolment) -> str:
    language, phrases = handling.known.conversation.language, handling.rules.content.phrases
    if one.plan == OWN:
        line = f"{when_in_words(one.anchor, one.details, language, phrases=phrases)}: {one.details['text']}"
    else:
        plan = handling.rules.content.followup.plans.by_id.get(one.plan)
        line = plan.names[language] if plan is not None else one.plan
    return f"{line} ({handling.phrase('followup.chat_paused')})" if one.state == "paused" else line


def _stop(handling: Handling, one: Enrolment) -> None:
    enrolments.stop(handling.work, one.id, because="asked", who="patient", now=handling.rules.now)
    _tell(handling, "chat_stopped")


def _pause(handling: Handling, one: Enrolment) -> None:
    until = handling.rules.now + PAUSE
    enrolments.pause(handling.work, one.id, until=until, who="patient", now=handling.rules.now)
    _tell(handling, "chat_pauses", when=_moment(handling, until))


def _pause_all(handling: Handling, text: str) -> bool:
    """Pause all reminders for as long as was said; False when nobody said so."""
    said = wishes.pause_words(text)
    until = pause_until(said, handling.known.conversation.language, _local(handling)) if said else None
    if until is None:
        return False
    mine = [one for one in enrolments.of_patient(handling.work, handling.known.conversation.patient_id) if one.state != "asked"]
    for one in mine:
        enrolments.pause(handling.work, one.id, until=until, who="patient", now=handling.rules.now)
    _tell(handling, "chat_pauses" if mine else "chat_none", **({"when": _moment(handling, until)} if mine else {}))
    return True


def _resume(handling: Handling, one: Enrolment) -> None:
    enrolments.resume(handling.work, one.id, who="patient", now=handling.rules.now)
    _tell(handling, "chat_resumes")


def _ask_time(handling: Handling, one: Enrolment) -> None:
    handling.say(Reply(handling.phrase("followup.chat_when"), kind="question"), stage=f"owntime-{one.id}")


def _change(handling: Handling, one: Enrolment, details: Mapping[str, object], *, anchor: object) -> None:
    work, rules = handling.work, handling.rules
    enrolments.change(work, one.id, who="patient", now=rules.now, **details)
    changed = enrolments.of_id(work, one.id)
    assert changed is not None
    planning.count_from(work, changed, anchor, rules.content, now=rules.now)  # type: ignore[arg-type]
    changed = enrolments.of_id(work, one.id)
    assert changed is not None
    _tell(handling, "chat_changed", reminder=_line(handling, changed))


def _later(handling: Handling, text: str) -> bool:
    """Send the reminder of their own that has just come once more later; False when none has."""
    conversation, now = handling.known.conversation, handling.rules.now
    if not wishes.is_later(text):
        return False
    mine = [one for one in enrolments.of_patient(handling.work, conversation.patient_id, open_only=False) if one.plan == OWN]
    sent = [
        (one.due_at, own) for own in mine for one in reminders.of_enrolment(handling.work, own.id, limit=2) if one.state == "sent"
    ]
    at, own = max(sent, key=lambda pair: pair[0], default=(now, None))
    if own is None or now - at > RECENT:
        return False
    when = later(_local(handling), text, conversation.language)
    if when.details["every"] is not None:
        when = once(_local(handling) + timedelta(hours=1))
    entry = Entry(
        patient_id=conversation.patient_id,
        conversation_id=conversation.id,
        plan=OWN,
        version=handling.rules.content.version[:16],
        anchor=when.anchor,
        zone=_zone(handling).key,
        enrolled_by="patient",
        dedupe_key=f"own:{handling.known.row.id}",
        consented=True,
        details={**when.details, "text": own.details["text"]},
    )
    enrolment, _ = enrolments.enrol(handling.work, entry, now=now)
    planning.plan_all(handling.work, enrolment, handling.rules.content, now=now)
    _tell(handling, "chat_later", when=f"{when.details['times'][0]}")
    return True


# --- where and when, and readings -------------------------------------------------------------------------------------


def _place_or_hours(handling: Handling, text: str) -> bool:
    work, patient, content = handling.work, handling.known.conversation.patient_id, handling.rules.content
    place = wishes.zone_wish(text, handling.rules.now)
    if place is not None:
        planning.move_to(work, patient, place[0], content, now=handling.rules.now)
        local = handling.rules.now.astimezone(zone_of(place[0]))
        _tell(handling, "chat_zone", place=place[1].title(), time=f"{local:%H:%M}")
        return True
    usual = quiet_of(planning.quiet_of_patient(work, patient))
    language = handling.known.conversation.language
    hours = wishes.quiet_wish(text, language, _local(handling), (f"{usual.start:%H:%M}", f"{usual.end:%H:%M}"))
    if hours is None:
        return False
    planning.keep_quiet(work, patient, hours, content, now=handling.rules.now)
    start, _, end = hours.partition("-")
    _tell(handling, "chat_quiet", start=start, end=end)
    return True


def _show(handling: Handling, measure: str) -> bool:
    conversation, rules = handling.known.conversation, handling.rules
    words = {"language": conversation.language, "content": rules.content, "now": rules.now}
    reply = show_readings(handling.work, conversation.patient_id, measure, **words, emergency=handling.emergency())  # type: ignore[arg-type]
    handling.say(reply)
    return True


def _tell(handling: Handling, key: str, **values: object) -> None:
    handling.say(Reply(handling.phrase(f"followup.{key}", **values), kind="notice"))


def _zone(handling: Handling) -> ZoneInfo:
    return zone_of_patient(handling.work, handling.known.conversation.patient_id, handling.rules.content)


def _local(handling: Handling) -> datetime:
    return handling.rules.now.astimezone(_zone(handling))


def _moment(handling: Handling, moment: datetime) -> str:
    language, phrases = handling.known.conversation.language, handling.rules.content.phrases
    return moment_in_words(moment, now=handling.rules.now, language=language, zone=_zone(handling), phrases=phrases)
