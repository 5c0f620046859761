"""The failure table of WeChat, a test a row: what the person sees, what is kept, what is said to the operator."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import httpx
import pytest

from bot.clock import utc_now
from bot.database.engine import DatabaseProblem
from bot.database.tables import inbound, outbound, wechat_follower
from bot.handoff.cases import open_case_of
from bot.outbox.sender import Permanent
from bot.triage.hotlines import emergency_number
from connectors.tencent.api import ApiError
from connectors.tencent.errors import error_of
from simulators.wechat.faults import Fault
from tests.telegram.town import until
from tests.wechat import kit
from tests.wechat.test_windows import Desk
from tests.wechat.town import Town

ALARM = "I have crushing chest pain and cannot breathe"


async def post(town: Town, request) -> httpx.Response:
    """Post a request of our own to the callback of a town with another account's keys: ours."""
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(
            town.address + request.path, params=dict(request.query), content=request.body, headers=dict(request.headers)
        )


@pytest.fixture
async def own_town(tmp_path):
    """A town whose account has the keys of the kit: the simulated WeChat cannot reach it, tests post themselves."""
    own = {
        "wechat_app_id": kit.APP_ID,
        "wechat_token": kit.TOKEN,
        "wechat_aes_keys": f"{kit.AES_KEY},{kit.OLD_KEY}",
        "wechat_push": "off",
    }
    async with Town(tmp_path, settings=own) as running:
        yield running


def counted(town: Town, kind: str) -> float:
    """Return how often something was counted."""
    return (
        town.services.metrics.registry.get_sample_value("daozhen_updates_ignored_total", {"channel": "wechat", "kind": kind})
        or 0.0
    )


async def test_bad_signature_or_replay_is_refused_and_counted_and_nothing_is_stored(own_town):
    good = kit.request(kit.said("hi"))
    forged = replace(good, query={**good.query, "msg_signature": "0" * 40})
    old = kit.request(kit.said("hi"), stamp=int(utc_now().timestamp()) - 400)
    plain = kit.plain_request(kit.said("hi"))

    assert [(await post(own_town, one)).status_code for one in (forged, old, plain)] == [401, 401, 401]
    assert counted(own_town, "refused") == 3 and own_town.states(inbound) == []


async def test_a_wrong_key_or_another_account_is_refused_and_the_previous_key_is_not(own_town):
    unknown = kit.request(kit.said("hi"), key="B" * 43)
    assert (await post(own_town, unknown)).status_code == 401 and counted(own_town, "refused") == 1

    previous = kit.request(kit.said("hi"), key=kit.OLD_KEY)
    answer = await post(own_town, previous)
    assert "Sample Hospital" in kit.read_reply(answer.text, previous.query, key=kit.OLD_KEY)["Content"]


async def test_an_unknown_event_is_silent_and_counted_by_its_kind(own_town):
    answer = await post(own_town, kit.request(kit.event("invented_tomorrow")))

    assert answer.text == "success" and counted(own_town, "invented_tomorrow") == 1


async def test_json_instead_of_xml_is_said_to_the_operator_and_not_its_content(own_town, caplog):
    with caplog.at_level(logging.ERROR):
        answer = await post(own_town, kit.request('{"MsgType": "text", "Content": "zebramarker"}'))

    assert answer.text == "success" and counted(own_town, "malformed") == 1
    assert "zebramarker" not in caplog.text


async def test_a_duplicate_gets_the_same_reply_whatever_time_stamp_it_carries(own_town):
    first, again = (kit.request(kit.said("hi")) for _ in range(2))
    replies = [kit.read_reply((await post(own_town, one)).text, one.query)["Content"] for one in (first, again)]

    assert replies[0] == replies[1] and len(own_town.states(inbound)) == 1


async def test_the_assistant_is_down_the_person_hears_one_moment_with_the_emergency_number_and_the_answer_later(town):
    anna = await town.person().who_agreed()
    town.assistant.goes_down()
    town.assistant.replies("ear", "Since when?")
    await town.official.says(anna.follower, "my ear hurts").settled()
    anna.hears("One moment please", "120")
    assert "received" in town.states(inbound)

    town.assistant.comes_back()
    await until(lambda: any("Since when?" in text for text in anna.heard()))
    await town.settled()


async def test_the_assistant_is_down_and_the_account_may_only_answer_reply_1_shows_it_later(quiet_town):
    anna = await quiet_town.person().who_agreed()
    quiet_town.assistant.goes_down()
    quiet_town.assistant.replies("ear", "Since when?")
    await quiet_town.official.says(anna.follower, "my ear hurts").settled()
    anna.hears("One moment please", "Reply 1 to read on")

    quiet_town.assistant.comes_back()
    await until(lambda: "parked" in quiet_town.states(outbound))
    await anna.says("1")
    anna.hears("Since when?")


async def test_the_database_is_down_red_flag_rules_still_answer_at_once(either_town, monkeypatch):
    anna = await either_town.person().who_agreed()
    _break(either_town, monkeypatch)
    push = either_town.official.says(anna.follower, ALARM)
    await push.settled()

    assert len(push.tries) == 1
    anna.hears(emergency_number(None, "en", tables=either_town.services.content.current().triage), "not a diagnosis")


async def test_the_database_is_down_for_a_moment_wechat_asks_again_and_nothing_is_lost(either_town, monkeypatch):
    anna = await either_town.person().who_agreed()
    mend = _break(either_town, monkeypatch)
    push = either_town.official.says(anna.follower, "my ear hurts")
    await asyncio.sleep(0.2)
    mend()
    await push.settled()
    await either_town.settled()

    anna.hears("(my ear hurts)")
    assert len(push.tries) == 2


async def test_a_mistake_of_ours_is_never_a_5xx_to_somebody_in_danger(either_town, monkeypatch):
    anna = await either_town.person().who_agreed()

    async def broken(*_, **__):
        raise RuntimeError("zebramarker")

    monkeypatch.setattr(either_town.services.inbox, "receive", broken)
    push = either_town.official.says(anna.follower, ALARM)
    await push.settled()

    anna.hears("120")
    assert push.verdict == "shown" and not any("zebramarker" in line for line in either_town.mistakes.seen)


@pytest.mark.parametrize("code", [45015, 45047])
async def test_a_push_out_of_the_window_comes_with_the_next_message(town, code):
    anna = await town.person().who_agreed()
    town.wechat.faults.order(Fault("error", "custom/send", code=code))
    town.assistant.replies("ear", "Since when?")
    town.assistant.holds()
    await town.official.says(anna.follower, "my ear hurts").settled()
    town.assistant.lets_go()
    await town.settled()
    anna.hears_not("Since when?")
    await anna.says("hello?")

    anna.hears("Since when?")


async def test_a_push_that_wechat_is_too_busy_for_is_tried_again(town):
    anna = await town.person().who_agreed()
    town.wechat.faults.order(Fault("error", "custom/send", code=-1))
    await Desk(town, anna).writes("Please come at nine.")

    assert sum("Please come at nine." in text for text in anna.heard()) == 1


async def test_an_ended_token_is_replaced_and_the_push_arrives_once(town):
    anna = await town.person().who_agreed()
    town.wechat.tokens.expire()
    await Desk(town, anna).writes("Please come at nine.")

    assert sum("Please come at nine." in text for text in anna.heard()) == 1


async def test_a_line_cut_after_the_effect_counts_against_the_quota(town):
    anna = await town.person().who_agreed()
    town.wechat.faults.order(Fault("unanswered", "custom/send"))
    await Desk(town, anna).writes("Please come at nine.")
    (follower,) = town.rows(wechat_follower)
    assert follower.used == 3 and any("Please come at nine." in text for text in anna.heard())


@pytest.mark.parametrize("code", [40125, 40164, 48001])
async def test_a_wrong_set_up_leaves_passive_answers_alone_and_the_state_names_it(town, code):
    anna = await town.person().who_agreed()
    town.wechat.faults.order(Fault("error", "custom/send", code=code, times=50))
    with pytest.raises(Exception, match=str(code)):
        await town.connector.api.call("cgi-bin/message/custom/send", {"touser": "x", "msgtype": "text", "text": {"content": "."}})
    assert str(code) in town.connector.state()
    await anna.says("my ear hurts")

    anna.hears("(my ear hurts)")
    assert anna.ways() == ["passive"]


async def test_the_nurses_desk_is_empty_the_person_is_told_when_and_where_to_turn(either_town):
    anna = await either_town.person().who_agreed()
    await anna.says("nurse")

    anna.hears("120")
    with either_town.database.read() as work:
        assert open_case_of(work, anna.conversation().id) is not None


async def test_a_nurses_message_without_a_grant_lists_the_person_as_not_reached(town):
    anna = await town.person().who_agreed()
    town.later(hours=50)
    desk = Desk(town, anna)
    await desk.writes("Please come at nine.")

    assert desk.heard_that_they_cannot_be_reached() and "parked" in town.states(outbound)


async def test_who_unsubscribes_gets_nothing_more_and_what_waited_is_given_up(town):
    anna = await town.person().who_agreed()
    town.later(hours=50)
    desk = Desk(town, anna)
    await desk.writes("Please come at nine.")
    await anna.does(town.official.unfollows)

    assert "parked" not in town.states(outbound) and desk.heard_that_they_cannot_be_reached()


def test_what_wechat_never_takes_is_given_up():
    assert isinstance(error_of(ApiError(45002)), Permanent)


async def test_no_words_no_person_and_no_secret_in_any_log(town, caplog):
    with caplog.at_level(logging.DEBUG):
        anna = await town.person().who_agreed()
        await anna.says("my zebramarker hurts")
        town.wechat.faults.order(Fault("error", "custom/send", code=45015))
        await Desk(town, anna).writes("Zebramarker at nine.")
        await anna.does(town.official.sends_voice, "zebramarker")
    ours = "\n".join(
        record.getMessage() + str(record.__dict__) for record in caplog.records if record.name.startswith(("bot", "connectors"))
    )

    assert "zebramarker" not in ours.casefold() and anna.follower.openid not in ours
    assert town.connector._settings.wechat_secret not in ours and town.connector._settings.wechat_token not in ours


def _break(town: Town, monkeypatch):
    """Let the database be away; returns what mends it."""

    def away(*_, **__):
        raise DatabaseProblem("away")

    monkeypatch.setattr(town.database, "read", away)
    monkeypatch.setattr(town.database, "write", away)
    return monkeypatch.undo
