""" "Did you go?": only for who wished to be asked, once or twice, what they say is counted for the department that was named."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import guidance_outcome, plan_enrolment, reminder
from bot.followup import outcomes
from bot.followup.sending import send_due
from bot.languages import LANGUAGES
from bot.messages import Effect, Reply
from tests.conversations.bench import Bench

GUIDED = Effect("assessment", {"level": "R", "departments": ["ENT", "DERM", "GP"]})


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


async def guided(bench, language="en", effect=GUIDED):
    patient = await bench.patient(language=language).who_agreed()
    bench.assistant.replies("ear", Reply("Ear, nose and throat.", kind="result"), effects=[effect])
    await patient.says("my ear")
    return patient


async def asked(bench, patient, *, days=3):
    """Press the button below the guidance and let the days pass."""
    await patient.presses(patient.phrase("followup.outcome_offer"))
    await days_pass(bench, patient, days)


async def days_pass(bench, patient, days):
    content = bench.services.content.current()
    bench._later += timedelta(days=days)
    with bench.database.write() as work:
        work.execute(sa.text("UPDATE patient SET quiet = '00:00-00:00'"))
        due = work.execute(sa.select(reminder.c.due_at).where(reminder.c.state == "waiting").order_by(reminder.c.due_at)).scalar()
        if due is not None and abs(due - bench.now()) < timedelta(days=1):
            bench._later += due - bench.now() + timedelta(minutes=1)
        send_due(work, content, now=bench.now())
    await patient.listens()


def rows(bench):
    with bench.database.read() as work:
        columns = [guidance_outcome.c[name] for name in ("department", "went", "was_right", "department_seen")]
        return [tuple(row) for row in work.execute(sa.select(*columns))]


def state(bench):
    with bench.database.read() as work:
        return work.execute(sa.select(plan_enrolment.c.state)).scalar()


async def test_who_does_not_press_the_button_is_never_asked(bench):
    patient = await guided(bench)
    assert patient.buttons() == ("Ask me in 3 days",)
    await days_pass(bench, patient, 3)
    patient.hears_nothing()
    assert rows(bench) == []


@pytest.mark.parametrize(
    "effect", [Effect("assessment", {"level": "E2", "departments": ["ED"]}), Effect("profile", {"who": "self"})]
)
async def test_below_an_emergency_or_an_answer_that_is_no_guidance_there_is_no_such_button(bench, effect):
    patient = await guided(bench, effect=effect)
    assert patient.buttons() == ()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_three_days_later_they_are_asked_and_a_yes_counts_for_the_department(bench, language):
    patient = await guided(bench, language)
    await asked(bench, patient)
    questions = bench.services.content.current().followup.plans.questions
    patient.hears(questions["went"].texts[language])
    assert len(patient.buttons()) == 3
    await patient.presses(questions["went"].options[0].titles[language])
    patient.hears(questions["right_department"].texts[language])
    await patient.presses(questions["right_department"].options[0].titles[language])
    patient.hears(patient.phrase("followup.outcome_thanks", emergency="120")[:12])
    assert rows(bench) == [("ENT", True, True, None)] and state(bench) == "ended"


async def test_who_says_stop_and_then_wishes_to_be_asked_again_is_asked(bench):
    patient = await guided(bench)
    await patient.presses(patient.phrase("followup.outcome_offer"))
    await patient.says("stop reminders")

    await patient.says("ask me in 3 days")
    patient.hears("in three days I will ask")
    await days_pass(bench, patient, 3)

    patient.hears(bench.services.content.current().followup.plans.questions["went"].texts["en"])


async def test_who_has_answered_is_not_told_that_they_will_be_asked_again(bench):
    patient = await guided(bench)
    await patient.presses(patient.phrase("followup.outcome_offer"))
    with bench.database.write() as work:
        work.execute(sa.update(plan_enrolment).values(state="ended", ended_because="done"))

    await patient.says("ask me in 3 days")

    patient.hears_not("in three days I will ask")


async def test_the_words_on_the_button_may_be_typed(bench):
    patient = await guided(bench)
    await patient.says("ask me in 3 days")
    patient.hears("in three days I will ask")


@pytest.mark.parametrize(
    ("answer", "seen"),
    [("Dermatology", "DERM"), ("the skin clinic, dermatology", "DERM"), ("Hautklinik", None), ("Another one", None)],
)
async def test_the_wrong_department_is_counted_with_where_they_were_seen(bench, answer, seen):
    patient = await guided(bench)
    await asked(bench, patient)
    await patient.says("yes I went")
    await patient.says("no, they sent me to somebody else")
    patient.hears("Which department saw you")
    assert "Another one" in patient.buttons() and len(patient.buttons()) == 3
    await patient.says(answer)
    patient.hears("Thank you for telling me")
    assert rows(bench) == [("ENT", True, False, seen)]
    with bench.database.read() as work:
        (counts,) = outcomes.counts(work)
    assert (counts.asked, counts.answered, counts.went, counts.right, counts.wrong) == (1, 1, 1, 0, 1)
    assert counts.seen == ({seen: 1} if seen else {})


async def test_not_yet_is_asked_about_once_more_and_then_no_more(bench):
    patient = await guided(bench)
    await asked(bench, patient)
    await patient.presses("Not yet")
    patient.hears("I have noted it")
    await days_pass(bench, patient, 3)
    patient.hears("Did you go")
    await patient.says("not yet")
    assert rows(bench) == [("ENT", None, None, None)] and state(bench) == "ended"
    await days_pass(bench, patient, 3)
    patient.hears_nothing()


async def test_who_will_not_go_is_told_to_write_when_it_gets_worse(bench):
    patient = await guided(bench)
    await asked(bench, patient)
    await patient.says("no")
    patient.hears("still troubles you", "120")
    assert rows(bench) == [("ENT", False, None, None)] and not bench.cases()


async def test_the_wish_is_taken_once_and_without_a_guidance_there_is_nothing_to_ask(bench):
    patient = await bench.patient(language="en").who_agreed()
    await patient.says("ask me later")
    patient.hears("no guidance to come back to")
    patient = await guided(bench)
    await patient.says("ask me later")
    await patient.says("ask me later")
    with bench.database.read() as work:
        assert work.execute(sa.select(sa.func.count()).select_from(plan_enrolment)).scalar() == 1
