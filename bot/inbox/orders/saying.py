"""What all orders about reminders need: the patient's clock, their reminders, and how one of them is called."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.duty.when import moment_in_words
from bot.followup import enrolments
from bot.followup.enrolments import OWN, Enrolment
from bot.followup.own import when_in_words
from bot.followup.showing import zone_of_patient
from bot.inbox.handle import Handling
from bot.messages import Reply
from bot.triage.explain import quoted


def tell(handling: Handling, key: str, **values: object) -> None:
    """Say one phrase of follow-up."""
    handling.say(Reply(handling.phrase(f"followup.{key}", **values), kind="notice"))


def zone(handling: Handling) -> ZoneInfo:
    """Return the patient's time zone."""
    return zone_of_patient(handling.work, handling.known.conversation.patient_id, handling.rules.content)


def local(handling: Handling) -> datetime:
    """Return what the patient's clock shows."""
    return handling.rules.now.astimezone(zone(handling))


def when_written(handling: Handling) -> datetime:
    """Return what the patient's clock showed when they wrote: "in two hours" counts from then, however late it reached us."""
    return handling.known.row.written_at.astimezone(zone(handling))


def moment(handling: Handling, at: datetime) -> str:
    """Return a moment in the patient's words and time."""
    language, phrases = handling.known.conversation.language, handling.rules.content.phrases
    return moment_in_words(at, now=handling.rules.now, language=language, zone=zone(handling), phrases=phrases)


def mine(handling: Handling) -> list[Enrolment]:
    """Return what the patient is reminded of, with what is paused; not what waits for their yes."""
    known = enrolments.of_patient(handling.work, handling.known.conversation.patient_id)
    return [one for one in known if one.state != "asked"]


def name_of(handling: Handling, one: Enrolment) -> str:
    """Return what a reminder is called: the patient's own words, or the name of the plan."""
    plan = handling.rules.content.followup.plans.by_id.get(one.plan)
    named = one.plan if plan is None else plan.names[handling.known.conversation.language]
    return str(one.details["text"]) if one.plan == OWN else named


def line(handling: Handling, one: Enrolment) -> str:
    """Return a reminder in a line: when it comes, if the patient said when, and what of."""
    language, phrases, said = handling.known.conversation.language, handling.rules.content.phrases, name_of(handling, one)
    if one.plan == OWN:
        said = f"{when_in_words(one.anchor, one.details, language, phrases=phrases)}: {quoted(said, language)}"
    return f"{said} ({handling.phrase('followup.chat_paused')})" if one.state == "paused" else said
