"""A patient, a plan and a clock that is moved from one thing that is due to the next."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import sqlalchemy as sa

from bot.database.tables import consent, conversation, outbound, patient, reminder
from bot.followup import enrolments
from bot.followup.enrolments import Entry
from bot.followup.sending import plan_all, send_due
from bot.privacy.consent import VERSION

START = datetime(2026, 3, 1, 1, 0, tzinfo=timezone.utc)


def person(work, number=1, *, language="en", quiet="", zone="Asia/Shanghai", channel="webchat"):
    work.execute(patient.insert().values(id=f"p{number}", created_at=START, quiet=quiet, zone=zone))
    values = {
        "channel": channel,
        "language": language,
        "region": "CN",
        "region_known": True,
        "level_floor": "INFO",
        "episode": 1,
    }
    flags = {
        "greeted": True,
        "told_waiting": False,
        "asked_to_erase": 0,
        "created_at": START,
        "last_at": START - timedelta(days=1),
    }
    work.execute(conversation.insert().values(id=f"c{number}", patient_id=f"p{number}", lookup=f"l{number}", **values, **flags))
    agreed = {"version": VERSION, "state": "granted", "channel": channel, "language": language, "at": START}
    work.execute(consent.insert().values(patient_id=f"p{number}", **agreed))


def enrol(work, content, plan, number=1, *, zone="Asia/Shanghai", anchor=date(2026, 3, 1), details=None, now=START):
    entry = Entry(
        patient_id=f"p{number}",
        conversation_id=f"c{number}",
        plan=plan,
        version="1",
        anchor=anchor,
        zone=zone,
        enrolled_by="ana",
        dedupe_key=f"{plan}:{number}",
        consented=True,
        details=details or {},
    )
    enrolment, _ = enrolments.enrol(work, entry, now=now)
    plan_all(work, enrolment, content, now=now)
    return enrolment


def live(database, content, until, *, now=START, senders=None):
    """Let the time pass, from one thing that is due to the next."""
    while now < until:
        with database.write() as work:
            send_due(work, content, now=now, senders=senders)
            following = work.execute(sa.select(sa.func.min(reminder.c.due_at)).where(reminder.c.state == "waiting")).scalar()
        if following is None:
            return now
        following = following.replace(tzinfo=timezone.utc) if following.tzinfo is None else following
        now = max(now + timedelta(seconds=61), following)
    return now


def told(database):
    """Return when which reminders were sent; second tries are another matter."""
    first = sa.exists().where(reminder.c.outbound_id == outbound.c.id, reminder.c.attempt == 0)
    with database.read() as work:
        rows = work.execute(sa.select(outbound).where(first).order_by(outbound.c.id)).all()
        return [(row.created_at, work.cipher.unseal(row.sealed)["text"]) for row in rows]


def states(database):
    with database.read() as work:
        columns = (reminder.c.step, reminder.c.number, reminder.c.state, reminder.c.why)
        rows = work.execute(sa.select(*columns).where(reminder.c.attempt == 0).order_by(reminder.c.id))
        return [tuple(row) for row in rows]
