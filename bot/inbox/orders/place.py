"""Where somebody is, and when they want quiet: all their reminders follow."""

from __future__ import annotations

from bot.followup import planning, wishes
from bot.followup.steps import quiet_of, zone_of
from bot.inbox.handle import Handling
from bot.inbox.orders.saying import local, tell


def place_or_hours(handling: Handling, text: str) -> bool:
    """Take the message as a place or as hours of quiet; False when it tells neither."""
    return _place(handling, text) or _hours(handling, text)


def _place(handling: Handling, text: str) -> bool:
    place = wishes.zone_wish(text, handling.rules.now)
    if place is None:
        return False
    patient, rules = handling.known.conversation.patient_id, handling.rules
    planning.move_to(handling.work, patient, place[0], rules.content, now=rules.now)
    there = rules.now.astimezone(zone_of(place[0]))
    tell(handling, "chat_zone", place=place[1].title(), time=f"{there:%H:%M}")
    return True


def _hours(handling: Handling, text: str) -> bool:
    patient, rules = handling.known.conversation.patient_id, handling.rules
    usual = quiet_of(planning.quiet_of_patient(handling.work, patient))
    known = (f"{usual.start:%H:%M}", f"{usual.end:%H:%M}")
    hours = wishes.quiet_wish(text, handling.known.conversation.language, local(handling), known)
    if hours is None:
        return False
    planning.keep_quiet(handling.work, patient, hours, rules.content, now=rules.now)
    start, _, end = hours.partition("-")
    tell(handling, "chat_quiet", start=start, end=end)
    return True
