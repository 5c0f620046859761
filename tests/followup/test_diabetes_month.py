"""A whole month with diabetes, in each language, as a patient lives it through the chat: a nurse is called on the right days only."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import checkin, plan_enrolment, reading, reminder
from bot.followup import enrolments
from bot.followup.enrolments import Entry
from bot.followup.readings import of_patient
from bot.followup.rounds import TASKS
from bot.followup.sending import plan_all
from bot.languages import LANGUAGES
from tests.conversations.bench import Bench

DAYS = 30
USUAL = (5.8, 6.3, 7.1, 6.6, 8.2, 5.4, 9.9)
# Three mornings high; one low, measured again and still low; very high. Each calls a nurse on its last day.
UNUSUAL = {10: (14.5,), 11: (14.1,), 12: (15.0,), 20: (3.5, 3.6), 25: (17.2,)}
# An answer of the weekly questions that worries, on day 28: a sore on a foot.
SORE = 28
# On these days nothing is answered, and on this one the unit of "25" has to be asked for: it worries in each, so a nurse is told.
SILENT, UNIT_ASKED = {4, 16}, 6
CALLED = {UNIT_ASKED, 12, 20, 25, SORE}

EASTERN = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
SAID = {
    "zh-Hans": ("{v}", "{v} mmol/L", "血糖{v}", "早上空腹{v}"),
    "zh-Hant": ("{mg} mg/dL", "血糖{mg}", "{mg}", "早餐前{mg}"),
    "en": ("{v}", "{v} mmol/L", "it was {v} this morning", "{mg} mg/dl"),
    "de": ("{comma}", "{comma} mmol/l", "{mg} mg/dl", "heute {comma}"),
    "ar": ("{eastern}", "{eastern} mmol/L", "السكر {eastern_mg} mg/dL", "السكر اليوم {eastern}"),
}
NO = {"zh-Hans": "没有", "zh-Hant": "沒有", "en": "no", "de": "nein", "ar": "لا"}
YES = {"zh-Hans": "有", "zh-Hant": "有", "en": "yes", "de": "ja", "ar": "نعم"}


def in_words(value, language, day):
    """Return a reading as somebody writes it: each day another way."""
    mg = str(round(value * 18.016))
    forms = {"v": value, "mg": mg, "comma": str(value).replace(".", ",")}
    eastern = {"eastern": str(value).translate(EASTERN), "eastern_mg": mg.translate(EASTERN)}
    return SAID[language][day % len(SAID[language])].format(**forms, **eastern)


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


class Month:
    """The patient, and the bench's clock, moved from one reminder to the next."""

    def __init__(self, bench, patient, language):
        self.bench, self.patient, self.language = bench, patient, language
        self.content = bench.services.content.current()
        self.called, self.asked = set(), []

    def begins(self):
        one, now = self.patient.conversation(), self.bench.now()
        with self.bench.database.write() as work:
            entry = Entry(one.patient_id, one.id, "diabetes", "1", now.date(), "UTC", "ana", "k", consented=True)
            enrolment, _ = enrolments.enrol(work, entry, now=now)
            plan_all(work, enrolment, self.content, now=now)
        self.first = now.date()

    def day_of(self, moment):
        return (moment.date() - self.first).days

    async def goes_on(self):
        """Go to the next thing that is due; returns its day and its step."""
        with self.bench.database.read() as work:
            query = sa.select(reminder.c.due_at, reminder.c.step).where(reminder.c.state == "waiting")
            row = work.execute(query.order_by(reminder.c.due_at, reminder.c.priority)).first()
        self.bench._later += max(row.due_at - self.bench.now(), timedelta(0)) + timedelta(seconds=30)
        for task in TASKS:
            await self.bench.services.followup.run(task)
        await self.patient.listens()
        return self.day_of(self.bench.now()), row.step

    def question(self, name):
        return self.content.followup.plans.questions[name].texts[self.language]

    def hears(self, name):
        return any(self.question(name) in item.content["text"] for item in self.patient.latest)

    async def answers_all(self, day):
        """Answer whatever is asked, until nothing is."""
        values = list(UNUSUAL.get(day, (USUAL[day % len(USUAL)],)))
        while True:
            if self.hears("glucose"):
                await self.tells(values, day)
            elif self.hears("low_sugar"):
                await self.patient.says(NO[self.language])
            elif self.hears("feet"):
                await self.patient.says((YES if day >= SORE else NO)[self.language])
            elif self.hears("medicine"):
                await self.patient.presses(self.content.followup.plans.questions["medicine"].options[0].titles[self.language])
            else:
                return

    async def tells(self, values, day):
        if day == UNIT_ASKED:
            await self.patient.says("25")
            self.patient.hears(self.patient.phrase("followup.ask_unit", example="6.2 mmol/L, 112 mg/dL")[:10])
        for value in values:
            await self.patient.says(in_words(value, self.language, day))

    async def nurse_sees_to_it(self, day):
        if self.bench.cases():
            (case,) = self.bench.cases()
            assert (case.reason, case.level) == ("worrying_checkin", "U")
            self.called.add(day)
            ana = self.bench.nurse("Ana")
            await ana.claims(self.patient)
            await ana.closes(self.patient)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_month_with_diabetes_calls_a_nurse_on_the_right_days_and_on_no_other(bench, language):
    month = Month(bench, await bench.patient(language=language).who_agreed(), language)
    month.begins()
    mornings = []
    while True:
        day, step = await month.goes_on()
        if day > DAYS:
            break
        mornings += [day] if step == "morning" else []
        if day not in SILENT:
            await month.answers_all(day)
        await month.nurse_sees_to_it(day)

    assert mornings == list(range(1, DAYS + 1))
    assert month.called == CALLED
    with bench.database.read() as work:
        kept = of_patient(work, month.patient.conversation().patient_id, "glucose")
        states = list(work.execute(sa.select(checkin.c.state).order_by(checkin.c.id)).scalars())
        assert work.execute(sa.select(plan_enrolment.c.state)).scalar() == "active"
        assert {one for one in work.execute(sa.select(reading.c.source)).scalars()} == {"checkin"}
    told = [value for day in range(1, DAYS + 1) if day not in SILENT for value in UNUSUAL.get(day, (USUAL[day % len(USUAL)],))]
    assert [round(one.values["glucose_mmol"], 1) for one in kept] == pytest.approx(told, abs=0.06)
    assert states.count("unanswered") == len(SILENT) and "open" in states[-2:]
