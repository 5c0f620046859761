"""The assistant stands still or dies: the safety net answers at once, and what was asked is answered later, once."""

from __future__ import annotations

import asyncio
import signal
import time

import httpx
import pytest

from tests.system.real_patient import Patient, texts
from tests.system.real_system import wait_until

pytestmark = pytest.mark.slow

ONE_MOMENT = "One moment please"
QUESTION, ANSWER = "where do I pay", "cashier"
ALARM = "I have crushing chest pain and my left arm is numb"
AT_ONCE_S = 1.0
# Beyond the wait for an answer: the assistant is asked whether it is there at all, which may take two seconds.
NOTICED_S = 4.0


@pytest.fixture
async def someone(patient):
    """A patient who agreed, in English, in the United States."""
    async with patient(language="en", region="US") as agreed:
        await agreed.says("hello")
        await agreed.agrees()
        yield agreed


@pytest.fixture
def stopped(system):
    """The assistant stands still: it takes connections and answers nothing."""
    pid = system.hurt("assistant", signal.SIGSTOP)
    yield lambda: system.hurt("assistant", signal.SIGCONT)
    if system.pids().get("assistant") == pid:
        system.hurt("assistant", signal.SIGCONT)
    system.wait_ready()


async def test_an_assistant_that_stands_still_delays_no_emergency_and_answers_once_later(system, someone, stopped):
    asked = await someone.sends(QUESTION)
    await says_one_moment(someone, within_s=system.settings.assistant_timeout_s + NOTICED_S)
    wait_until(lambda: status(system) == "degraded", "/ready says degraded", 10)
    for _ in range(3):
        await alarm_is_answered_at_once(someone)
    stopped()
    await answered_once(someone, asked)


async def test_a_patient_who_never_wrote_is_welcomed_while_the_assistant_stands_still(patient, stopped):
    async with patient(language="de", region="DE") as newcomer:
        began = time.monotonic()
        await newcomer.sends("Guten Tag")
        await newcomer.hears("consent", within_s=AT_ONCE_S)
        assert time.monotonic() - began < AT_ONCE_S


async def test_a_nurse_can_be_asked_for_while_the_assistant_stands_still(system, someone, stopped):
    await someone.sends(QUESTION)
    await says_one_moment(someone, within_s=system.settings.assistant_timeout_s + NOTICED_S)
    await someone.sends("nurse")
    assert "nurse" in (await someone.hears("notice", within_s=2.0))["text"]


async def test_an_assistant_that_is_killed_again_and_again_delays_no_emergency_and_answers_once_later(system, someone):
    asked = []
    for _ in range(3):
        system.hurt("assistant", signal.SIGKILL)
        asked.append(await someone.sends(QUESTION))
        await alarm_is_answered_at_once(someone)
        wait_until(lambda: "assistant" in system.pids(), "the assistant is started again", 20)
    system.wait_ready()
    await answered_once(someone, *asked)


async def test_without_an_outage_nobody_hears_one_moment(someone):
    assert ONE_MOMENT not in texts(await someone.says(QUESTION))


async def says_one_moment(someone: Patient, *, within_s: float) -> None:
    """Hear "one moment"."""
    assert ONE_MOMENT in (await someone.hears("notice", within_s=within_s))["text"]


async def alarm_is_answered_at_once(someone: Patient) -> None:
    """Tell an emergency, and see that its answer is there within the second."""
    began = time.monotonic()
    await someone.sends(ALARM)
    answer = await someone.hears("emergency", within_s=AT_ONCE_S)
    assert time.monotonic() - began < AT_ONCE_S
    assert "911" in answer["text"]


async def answered_once(someone: Patient, *asked: int) -> None:
    """See that each question got one answer and that "one moment" was not said twice in one outage."""
    await someone.is_seen_to(max(asked))
    await asyncio.sleep(1.5)  # a second answer would come now
    await someone.listens()
    answers = [said for said in someone.heard if ANSWER in said["text"]]
    assert len(answers) == len(asked)
    assert texts(someone.heard).count(ONE_MOMENT) <= len(asked)


def status(system) -> str:
    """Return what /ready says; the gateway is ready all the time."""
    answer = httpx.get(f"{system.url}/ready", timeout=10.0, trust_env=False)
    assert answer.status_code == httpx.codes.OK
    return answer.json()["status"]
