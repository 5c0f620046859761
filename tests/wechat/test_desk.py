"""WeChat's own customer service takes over where the hospital wants it, never from an empty desk and never an alarm."""

from __future__ import annotations

import pytest

from bot.handoff.cases import open_case_of
from simulators.wechat.faults import Fault
from tests.wechat.town import Town

SOMEBODY = {"kf_account": "li@gh", "status": 1, "kf_id": "1001", "accepted_case": 0}


@pytest.fixture
async def desk_town(tmp_path):
    async with Town(tmp_path, settings={"wechat_desk": "transfer"}) as running:
        running.official.settings.desk.append(SOMEBODY)
        yield running


def case_of(town: Town, someone):
    with town.database.read() as work:
        return open_case_of(work, someone.conversation().id)


async def test_who_asks_for_a_person_is_handed_over_and_hears_so(desk_town):
    anna = await desk_town.person().who_agreed()
    push = await anna.says("nurse")

    assert push.verdict == "desk" and anna.follower.at_desk
    anna.hears("120")  # where to turn meanwhile, pushed
    assert case_of(desk_town, anna) is not None


async def test_ordinary_words_are_answered_by_the_bot(desk_town):
    anna = await desk_town.person().who_agreed()
    push = await anna.says("my ear hurts")

    assert push.verdict == "shown" and not anna.follower.at_desk


async def test_when_the_desk_closes_the_bot_answers_again(desk_town):
    anna = await desk_town.person().who_agreed()
    await anna.says("nurse")
    await anna.does(desk_town.official.desk_closes)
    assert case_of(desk_town, anna) is None

    push = await anna.says("my ear hurts")
    assert push.verdict == "shown"
    anna.hears("(my ear hurts)")


async def test_the_end_of_an_earlier_talk_that_is_told_again_closes_no_later_case(desk_town):
    anna = await desk_town.person().who_agreed()
    await anna.says("nurse")
    at = int(desk_town.now().timestamp())
    await anna.does(desk_town.official.desk_closes)
    desk_town.official.settings.desk.clear()
    desk_town.connector._desk._asked_at = float("-inf")
    desk_town.later(minutes=1)
    await anna.says("nurse")
    head = {"ToUserName": desk_town.official.settings.original_id, "FromUserName": anna.follower.openid, "CreateTime": at}
    event = {"MsgType": "event", "Event": "kf_close_session", "KfAccount": "li@gh"}
    await anna.does(lambda person: desk_town.official._post(person, {**head, **event}))

    assert case_of(desk_town, anna) is not None


async def test_nobody_is_handed_over_to_an_empty_desk(desk_town):
    desk_town.official.settings.desk.clear()
    anna = await desk_town.person().who_agreed()
    push = await anna.says("nurse")

    assert push.verdict == "shown" and case_of(desk_town, anna) is not None


async def test_an_alarm_stays_with_us(desk_town):
    anna = await desk_town.person().who_agreed()
    push = await anna.says("I have crushing chest pain and cannot breathe")

    assert push.verdict == "shown" and "120" in push.text


async def test_who_asked_for_a_person_and_then_told_of_an_emergency_stays_with_us(desk_town):
    desk_town.official.settings.desk.clear()
    anna = await desk_town.person().who_agreed()
    await anna.says("nurse")
    await anna.says("I have crushing chest pain and cannot breathe")
    desk_town.official.settings.desk.append(SOMEBODY)
    desk_town.connector._desk._asked_at = float("-inf")
    push = await anna.says("are you there")
    assert push.verdict == "shown" and not anna.follower.at_desk

    await anna.does(desk_town.official.desk_closes)
    assert case_of(desk_town, anna) is not None


@pytest.mark.parametrize("text", ["I have crushing chest pain and cannot breathe", "my ear hurts"])
async def test_a_wechat_that_does_not_say_who_is_at_its_desk_delays_nobody(desk_town, text):
    anna = await desk_town.person().who_agreed()
    desk_town.connector._desk._asked_at = float("-inf")
    desk_town.wechat.faults.order(Fault("hang", "getonlinekflist", seconds=15))
    push = await anna.says(text)

    assert [one.came for one in push.tries] == ["shown"]


async def test_without_the_setting_our_own_desk_has_it(town):
    town.official.settings.desk.append(SOMEBODY)
    anna = await town.person().who_agreed()
    push = await anna.says("nurse")

    assert push.verdict == "shown" and not town.wechat.called("getonlinekflist")
