"""The reminders that somebody has: listed, shown, paused, stopped, put off; and a change in words that name one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.followup import enrolments, planning, reminders, wishes
from bot.followup.beside import meant_by
from bot.followup.enrolments import OWN, Enrolment
from bot.followup.expiry import close_unmeasured
from bot.followup.own import When, in_a_while, later, once, pause_until
from bot.inbox.handle import Handling
from bot.inbox.orders import times
from bot.inbox.orders.new import entry_of
from bot.inbox.orders.saying import line, local, mine, moment, name_of, tell
from bot.messages import Button, Reply

# How many are listed at once.
MOST_LISTED = 9
PAUSE = timedelta(days=7)
# A reminder can be put off for so long after it came.
RECENT = timedelta(hours=12)


def list_all(handling: Handling) -> None:
    """List them, each with a button."""
    known = mine(handling)
    if not known:
        tell(handling, "chat_none")
        return
    lines = [handling.phrase("followup.chat_list")]
    lines += [f"{number}. {line(handling, one)}" for number, one in enumerate(known[:MOST_LISTED], 1)]
    titles = (handling.phrase("followup.chat_choose", number=number) for number in range(1, MOST_LISTED + 1))
    buttons = tuple(Button(title, f"own:{one.id}:show") for title, one in zip(titles, known, strict=False))
    handling.say(Reply("\n".join(lines), kind="question", buttons=buttons))


def change(handling: Handling, said: str) -> None:
    """Do what words say of a reminder: put off what has just come, another time; else show the one that is meant, or all, with buttons."""
    known = {one.id: one for one in mine(handling)}
    number = meant_by(said, {one.id: name_of(handling, one) for one in known.values()})
    one = known.get(number) if number is not None else None
    if known and _puts_off(handling, said):
        return
    if one is None:
        list_all(handling)
    elif not times.change_in(handling, one, said):
        show_one(handling, one)


def obey(handling: Handling, one: Enrolment, act: str) -> None:
    """Do what the button of one reminder says: show | stop | pause | resume | time."""
    acts: Mapping[str, Callable[[Handling, Enrolment], None]] = {
        "show": show_one,
        "stop": _stop,
        "pause": _pause,
        "resume": _resume,
        "time": times.ask,
    }
    acts[act](handling, one)


def show_one(handling: Handling, one: Enrolment) -> None:
    """Show a reminder with what can be done about it."""
    may_move = times.can_move(handling, one)
    acts = ["resume" if one.state == "paused" else "pause", *(["time"] if may_move else []), "stop"]
    buttons = tuple(Button(handling.phrase(f"followup.chat_do_{act}"), f"own:{one.id}:{act}") for act in acts)
    lines = [line(handling, one), *([] if may_move else [handling.phrase("followup.chat_plan_time")])]
    handling.say(Reply("\n".join(lines), kind="question", buttons=buttons))


def _stop(handling: Handling, one: Enrolment) -> None:
    close_unmeasured(handling.work, one.patient_id, handling.rules.content, now=handling.rules.now, enrolment_id=one.id)
    enrolments.stop(handling.work, one.id, because="asked", who="patient", now=handling.rules.now)
    tell(handling, "chat_stopped")


def _pause(handling: Handling, one: Enrolment) -> None:
    until = handling.rules.now + PAUSE
    enrolments.pause(handling.work, one.id, until=until, who="patient", now=handling.rules.now)
    tell(handling, "chat_pauses", when=moment(handling, until))


def _resume(handling: Handling, one: Enrolment) -> None:
    enrolments.resume(handling.work, one.id, who="patient", now=handling.rules.now)
    tell(handling, "chat_resumes")


def pause_all(handling: Handling, text: str) -> bool:
    """Pause all reminders for as long as was said; False when nobody said so."""
    said = wishes.pause_words(text)
    until = pause_until(said, handling.known.conversation.language, local(handling)) if said else None
    if until is None:
        return False
    known = mine(handling)
    for one in known:
        enrolments.pause(handling.work, one.id, until=until, who="patient", now=handling.rules.now)
    tell(handling, "chat_pauses" if known else "chat_none", **({"when": moment(handling, until)} if known else {}))
    return True


def put_off(handling: Handling, text: str) -> bool:
    """Send the reminder of their own that has just come once more later; False when none has, or nobody said so."""
    own = _just_came(handling) if wishes.is_later(text) else None
    if own is None:
        return False
    when = later(local(handling), text, handling.known.conversation.language)
    if when.details["every"] is not None:
        when = once(local(handling) + timedelta(hours=1))
    _send_again(handling, own, when)
    return True


def _puts_off(handling: Handling, said: str) -> bool:
    """Put off what has just come by a time from now ("in half an hour"), in whatever words; False for anything else."""
    when = in_a_while(said, handling.known.conversation.language, local(handling))
    own = _just_came(handling) if when is not None else None
    if when is None or own is None:
        return False
    _send_again(handling, own, when)
    return True


def _just_came(handling: Handling) -> Enrolment | None:
    now, patient = handling.rules.now, handling.known.conversation.patient_id
    own = [one for one in enrolments.of_patient(handling.work, patient, open_only=False) if one.plan == OWN]
    sent = [(one.due_at, of) for of in own for one in reminders.of_enrolment(handling.work, of.id) if one.state == "sent"]
    at, found = max(sent, key=lambda pair: pair[0], default=(now, None))
    return found if now - at <= RECENT else None


def _send_again(handling: Handling, own: Enrolment, when: When) -> None:
    entry = entry_of(handling, when, str(own.details["text"]), consented=True)
    enrolment, _ = enrolments.enrol(handling.work, entry, now=handling.rules.now)
    planning.plan_all(handling.work, enrolment, handling.rules.content, now=handling.rules.now)
    tell(handling, "chat_later", when=f"{when.details['times'][0]}")
