"""Killed at any moment: a case has one topic with one card, nothing is lost, and at most the post that was on its way is doubled."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from connectors.telegram.desk import rows
from simulators.telegram.server import Simulator
from tests.telegram.desk_town import EMERGENCY, Case, desk_town
from tests.telegram.storm import FakeAssistant, Gateway


class Killed(BaseException):
    """What a process sees that is killed: nothing more."""


class Death:
    """Kills the desk at the n-th moment: before a call (even) or after it, before its outcome is noted (odd)."""

    def __init__(self, desk, at):
        self._desk, self._left, self.dead = desk, at, False
        self._call, self._write = desk.calls._call, desk._services.write
        desk.calls._call = self._dying_call
        desk._services.write = self._dying_write

    def _tick(self):
        if self.dead or self._left == 0:
            self.dead = True
            raise Killed
        self._left -= 1

    async def _dying_call(self, chat, call, **more):
        self._tick()
        done = await self._call(chat, call, **more)
        self._tick()
        return done

    async def _dying_write(self, act):
        if self.dead:
            raise Killed
        return await self._write(act)

    def end(self):
        self._desk.calls._call, self._desk._services.write = self._call, self._write


def posts_of(town, number):
    """Return the threads in which something of a case was written, and how often each text was."""
    threads = {thread for thread, name in town.desk.names.items() if name.startswith(f"#A{number} ")}
    written = [one for one in town.desk.messages if one.get("message_thread_id") in threads and "text" in one]
    return {one["message_thread_id"] for one in written}, Counter(one["text"].split("\n")[0] for one in written)


@pytest.fixture
async def town(tmp_path):
    async with desk_town(tmp_path) as running:
        desk = running.connector._intake.desk
        desk._task.cancel()  # rounds are made by the test
        await asyncio.gather(desk._task, return_exceptions=True)
        yield running


async def rounds_until(town, true):
    """Let a gateway that has just started go on until something is true."""
    following = town.connector._intake.desk.following
    await town.services.write(rows.take_back)
    following._waiting.clear()
    following._swept = None
    for _ in range(300):
        town.telegram.clock.skip(1)
        await following.round()
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not become true")


async def dies(town, at):
    """Make rounds until death comes at the n-th moment; returns whether it came."""
    desk = town.connector._intake.desk
    death = Death(desk, at)
    try:
        for _ in range(40):
            town.telegram.clock.skip(1)
            await desk.following.round()
            await asyncio.sleep(0.01)
    except Killed:
        pass
    finally:
        death.end()
    return death.dead


@pytest.mark.parametrize("at", range(4))
async def test_killed_between_any_two_calls_of_an_escalation_there_is_one_topic_with_a_card(town, at):
    anna = await town.person().who_agreed()
    await anna.says(EMERGENCY)
    assert await dies(town, at)
    await rounds_until(town, lambda: town._has_card(1))
    threads, texts = posts_of(town, 1)
    assert len(threads) == 1 and threads == {Case(town, 1).thread}
    assert len(town.topics()) == (2 if at == 1 else 1)  # the first of the two is empty: that it was made, nobody could note
    assert all(times == (2 if at == 3 else 1) for times in texts.values())


@pytest.mark.parametrize("at", range(2))
async def test_killed_while_telling_what_the_patient_wrote_it_is_told_and_at_most_twice(town, at):
    anna = await town.person().who_agreed()
    await anna.says(EMERGENCY)
    await rounds_until(town, lambda: town._has_card(1))
    await anna.says("it is worse")
    assert await dies(town, at)
    await rounds_until(town, lambda: is_told(town))
    _, texts = posts_of(town, 1)
    assert texts["👤 it is worse"] == 1 + at


def is_told(town):
    """Whether the topic shows everything."""
    with town.database.read() as work:
        return rows.of_case(work, 1).told_event >= rows.last_event(work)


@pytest.mark.slow
async def test_a_gateway_that_is_killed_again_and_again_loses_no_case_and_makes_no_second_card(tmp_path):
    assistant = FakeAssistant()
    await assistant.start()
    async with Simulator() as telegram:
        lead = telegram.world.person("Lead")
        desk = telegram.world.group("Desk", lead, forum=True)
        telegram.world.adds_bot(lead, desk, "administrator")
        gateway = Gateway(tmp_path, telegram, assistant)
        gateway._environment["DAOZHEN_TELEGRAM_STAFF_GROUP"] = str(desk.id)
        await gateway.start()
        kills = 4
        for number in range(kills):
            someone = telegram.world.person(f"P{number}")
            telegram.world.starts(someone)
            telegram.world.says(someone, EMERGENCY)
            await asyncio.sleep(0.4 + 0.35 * number)
            gateway.kill()
            await gateway.start()

        def carded():
            return {one["text"].split()[1] for one in desk.messages if "text" in one and one["text"].startswith("🔴 A")}

        for _ in range(300):
            if len(carded()) == kills:
                break
            await asyncio.sleep(0.2)
        gateway.end()
        assert carded() == {f"A{number}" for number in range(1, kills + 1)} and not telegram.violations
        for number in range(1, kills + 1):
            with_card = {one["message_thread_id"] for one in desk.messages if one.get("text", "").startswith(f"🔴 A{number} ")}
            assert len(with_card) == 1
        cards = sum(one.get("text", "").startswith("🔴 A") for one in desk.messages)
        assert kills <= cards <= kills + kills
    await assistant.stop()
