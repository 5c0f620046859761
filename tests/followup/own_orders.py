"""Patients who order a reminder of their own, and what is stored of it then."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database.tables import plan_enrolment, reminder
from bot.followup import enrolments
from bot.followup.sending import send_due

ORDERS = {
    "zh-Hans": ("每天晚上8点提醒我量血压", "量血压", "我的提醒", "看看我的血压"),
    "zh-Hant": ("每天晚上8點提醒我量血壓", "量血壓", "我的提醒", "看看我的血壓"),
    "en": ("remind me to measure my blood pressure every evening at 8", "measure my blood pressure", "my reminders", "show my blood pressure"),
    "de": ("Erinnere mich jeden Abend um 20 Uhr, den Blutdruck zu messen", "den Blutdruck zu messen", "meine Erinnerungen", "zeig mir meinen Blutdruck"),
    "ar": ("ذكرني كل مساء الساعة 8 بقياس الضغط", "بقياس الضغط", "تذكيراتي", "اعرض ضغط الدم"),
}  # fmt: skip


async def ordered(bench, language="en", words=""):
    someone = await bench.patient(language=language).who_agreed()
    await someone.says(words or ORDERS[language][0])
    return someone


async def with_reminder(bench, language="en"):
    someone = await ordered(bench, language)
    await someone.presses(someone.phrase("followup.chat_ask_yes"))
    return someone


def rows(bench):
    with bench.database.read() as work:
        query = sa.select(plan_enrolment.c.state, plan_enrolment.c.ended_because).order_by(plan_enrolment.c.id)
        waiting = sa.select(sa.func.count()).where(reminder.c.state == "waiting")
        return [tuple(row) for row in work.execute(query)], work.execute(waiting).scalar()


def waiting_at(bench):
    with bench.database.read() as work:
        return work.execute(sa.select(reminder.c.due_at).where(reminder.c.state == "waiting")).scalars().all()


def numbers(bench, someone):
    with bench.database.read() as work:
        return [one.id for one in enrolments.of_patient(work, someone.conversation().patient_id)]


async def comes_due(bench, someone):
    """Let the next reminder be sent."""
    due = min(waiting_at(bench))
    await bench.passes(seconds=(due - bench.now()).total_seconds() + 1)
    with bench.database.write() as work:
        send_due(work, bench.services.content.current(), now=bench.now())
    await someone.listens()
