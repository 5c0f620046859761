"""A staff group takes about twenty messages a minute: what is urgent goes first, nothing is refused, and who waits is told of."""

from __future__ import annotations

import asyncio

import pytest

from bot.outbox.pacing import Pace, Rate
from bot.staff.people import set_duty
from connectors.telegram.check import ask
from connectors.telegram.desk import places
from tests.telegram.desk_town import EMERGENCY, Case, desk_town


@pytest.fixture
async def town(tmp_path):
    async with desk_town(tmp_path) as running:
        yield running


def made(town):
    """Return the numbers of the cases in the order in which their topics were made."""
    created = [one for one in town.desk.messages if "forum_topic_created" in one]
    return [int(one["forum_topic_created"]["name"].split()[0].removeprefix("#A")) for one in created]


async def test_ten_cases_at_once_go_past_no_limit_and_the_emergencies_come_first(town):
    await town.nurse()
    people = [await town.person(f"P{number}").who_agreed() for number in range(10)]
    town.desk.bot = "kicked"  # so that all wait at once
    town.following._groups.look_again()
    for number, who in enumerate(people):
        await who.says(EMERGENCY if number % 5 == 4 else "nurse")
    await town.until(lambda: town.connector.state() != "ok")
    town.desk.bot = "administrator"
    for _ in range(200):
        town.telegram.clock.skip(2)
        await asyncio.sleep(0.1)
        if len(made(town)) == 10:
            break
    levels = {one.id: one.level for one in town.cases()}
    order = [levels[number] for number in made(town)]
    assert town.telegram.limits.throttled == 0 and len(order) == 10
    assert order[:2] == ["E1", "E1"] and "E1" not in order[2:]


async def test_who_is_on_duty_is_told_directly_and_of_nothing_but_that_somebody_waits(town):
    ana = await town.nurse()
    off = await town.nurse("Off")
    with town.database.write() as work:
        set_duty(work, town.account("off").id, "off", until=None, now=town.now())
    town.telegram.limits._banned_until[town.desk.id] = town.telegram.clock.now() + 600  # the group has had enough
    anna = await town.person().who_agreed()
    await anna.says(EMERGENCY)
    await town.until(lambda: any("A1" in text or "#1" in text or "1" in text for text in ana.heard()[1:]))
    told = "\n".join(ana.heard()[1:])
    assert "chest" not in told and "Anna" not in told and len(off.heard()) == 1
    assert not town.desk.names


async def test_a_429_of_the_group_holds_up_no_patient(town):
    ana = await town.nurse()
    _, case = await town.patient()
    await ana.replies("I am here.", case)
    town.telegram.limits._banned_until[town.desk.id] = town.telegram.clock.now() + 120
    ben = await town.person("Ben").who_agreed()
    await ben.says(EMERGENCY)
    ben.hears("120")
    assert len(made(town)) == 1
    town.telegram.clock.skip(130)
    second = await town.case()
    assert second.number == 2 and isinstance(second, Case)


def test_what_is_not_urgent_leaves_room_for_what_is():
    clock = [0.0]
    pace = Pace(everything=Rate(30, 30), person=Rate(1, 3), group=Rate(0.25, 5), seconds=lambda: clock[0])
    for _ in range(3):
        assert pace.wait("group:desk:1", reserve=2.0) == 0
        pace.took("group:desk:1")
    assert pace.wait("group:desk:1", reserve=2.0) == pytest.approx(4.0) and pace.wait("group:desk:1") == 0
    clock[0] += 4.0
    assert pace.wait("group:desk:1", reserve=2.0) == pytest.approx(0.0)


async def test_check_says_what_is_wrong_with_a_group_and_what_to_do_without_its_id(town):
    settings = town.services.settings
    known = places.places_of(settings)
    assert any("Staff group 1 can be used" in one.text for one in await ask(settings, town.api, known))
    spoilt = [("bot", "member", "Make it an admin"), ("bot", "kicked", "not in this group"), ("forum", False, "no topics")]
    for name, value, words in spoilt:
        before = getattr(town.desk, name)
        setattr(town.desk, name, value)
        found = await ask(settings, town.api, known)
        assert any(one.wrong and words in one.text for one in found) and not any(str(town.desk.id) in one.text for one in found)
        setattr(town.desk, name, before)
    town.desk.rights.discard("can_delete_messages")
    warned = [one for one in await ask(settings, town.api, known) if "may not delete" in one.text]
    assert warned and not warned[0].wrong
