"""What a waiting patient is told: whether somebody is there, how soon they answer, when somebody comes, and whom to call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import conversation
from bot.duty import clocks
from bot.duty.ladder import Crew
from bot.duty.teams import Team
from bot.duty.when import moment_in_words, span_in_words, zone_of
from bot.handoff.case_rows import Case
from bot.handoff.patient_lines import say
from bot.languages import Language
from bot.staff.people import all_staff
from bot.triage.hotlines import emergency_number

_WHERE = sa.select(conversation.c.language, conversation.c.region, conversation.c.region_known).where(
    conversation.c.id == sa.bindparam("wanted")
)


@dataclass(frozen=True)
class Reader:
    """Who reads it: in which language, and where they are if that is known."""

    language: Language
    region: str | None


@dataclass(frozen=True)
class Prospect:
    """What waiting comes to. `phrase`: of the pack `handoff`. `due`: until when an answer is promised. `back`: somebody comes."""

    phrase: str
    due: datetime | None = None
    back: datetime | None = None


def prospect(case: Case, team: Team, crew: Crew) -> Prospect:
    """Return what is true for somebody who begins to wait for a person. Pure.

    Somebody is there only when a nurse of the team has begun their shift and, for what is no emergency, it is working time.
    For an emergency without a nurse the ladder wakes leads and admins at once: then, and only then, it is said.
    """
    now, calendar = crew.now, team.calendar
    urgent = clocks.is_urgent(case.level, crisis=case.crisis)
    somebody = any(person.duty == "on" for person in crew.there(team.id))
    if somebody and (urgent or calendar.is_open(now)):
        due = case.due_at
        if due is None or due <= now:  # what was promised and not kept is not to be said again
            due = clocks.due_at(team, "first", level=case.level, crisis=case.crisis, start=now)
        return Prospect("urgent_here" if urgent else "waiting_here", due=due)
    if urgent:
        return Prospect("urgent_called" if crew.chiefs(team.id) or crew.anybody() else "urgent_nobody")
    back = None if calendar.is_open(now) else calendar.next_opening(now)
    # They should be there, and are not: no time can be promised.
    return Prospect("waiting_nobody") if back is None else Prospect("waiting_until", back=back)


def waiting_text(work: Work, case: Case, *, content: Content, now: datetime) -> str:
    """Return what the patient is told who begins to wait, in the language of the chat where they wrote last."""
    team = content.teams.of(case.team)
    crew = Crew(tuple(person for person in all_staff(work) if person.state == "active"), now)
    reader = reader_of(work, case)
    return words_of(prospect(case, team, crew), reader, case=case, content=content, now=now)


def still_waiting_text(work: Work, case: Case, *, content: Content, now: datetime) -> str:
    """Return what somebody is told who waits already and asks again: that it is not lost, and from when on somebody is there."""
    team = content.teams.of(case.team)
    crew = Crew(tuple(person for person in all_staff(work) if person.state == "active"), now)
    reader, found = reader_of(work, case), prospect(case, team, crew)
    if found.back is None:
        return content.phrases.get("handoff.already_waiting", reader.language, number=case.id)
    return words_of(Prospect("already_until", back=found.back), reader, case=case, content=content, now=now)


def words_of(found: Prospect, reader: Reader, *, case: Case, content: Content, now: datetime) -> str:
    """Return a prospect in words. Pure."""
    values: dict[str, Any] = {
        "number": case.id,
        "emergency": emergency_number(reader.region, reader.language, tables=content.triage),
    }
    if found.due is not None:
        values["when"] = _promise(found.due, reader, case=case, content=content, now=now)
    if found.back is not None:
        values["back"] = _at(found.back, reader, case=case, content=content, now=now)
    return content.phrases.get(f"handoff.{found.phrase}", reader.language, **values)


def _promise(due: datetime, reader: Reader, *, case: Case, content: Content, now: datetime) -> str:
    """Return "within 30 minutes", or "by tomorrow at 9:20" when a break or a night lies between."""
    shuts = content.teams.of(case.team).calendar.closes_at(now)
    if clocks.is_urgent(case.level, crisis=case.crisis) or shuts is None or due <= shuts:
        return content.phrases.get("handoff.within", reader.language, span=span_in_words(due - now, reader.language))
    moment = _at(due, reader, case=case, content=content, now=now)
    return content.phrases.get("handoff.by", reader.language, moment=moment)


def _at(moment: datetime, reader: Reader, *, case: Case, content: Content, now: datetime) -> str:
    """Return a moment by the patient's clock; by the team's, and saying so, where it is not known what theirs shows."""
    house = content.teams.of(case.team).calendar.zone
    own = zone_of(reader.region, moment)
    zone = own or house
    text = moment_in_words(moment, now=now, language=reader.language, zone=zone, phrases=content.phrases)
    if own is None:
        return content.phrases.get("handoff.time_of_hospital", reader.language, moment=text)
    if moment.astimezone(own).utcoffset() != moment.astimezone(house).utcoffset():
        return content.phrases.get("handoff.time_of_yours", reader.language, moment=text)
    return text


def reader_of(work: Work, case: Case) -> Reader:
    """Return who reads, where they wrote last."""
    row = work.execute(_WHERE, {"wanted": case.conversation_id}).one()
    return Reader(row.language, row.region if row.region_known else None)


def tell_late(work: Work, case: Case, *, content: Content, key: str, crew: Crew) -> None:
    """Tell somebody whom nobody answered in time that it is so: an emergency each time, others once.

    Not while a nurse holds the case: what the bot then said would be about her, in her place.
    """
    urgent = clocks.is_urgent(case.level, crisis=case.crisis)
    if case.state != "waiting" or (not urgent and case.first_reply_at is not None):
        return
    reader = reader_of(work, case)
    number = emergency_number(reader.region, reader.language, tables=content.triage)
    # Where there is nobody to be reached it must not be said that somebody is tried.
    somebody = crew.chiefs(case.team) or crew.anybody()
    phrase = "waiting_late" if not urgent else "urgent_late" if somebody else "urgent_nobody"
    values = {"number": case.id, "emergency": number}
    say(work, case, phrase, dedupe_key=f"told:{key}", now=crew.now, phrases=content.phrases, **values)
