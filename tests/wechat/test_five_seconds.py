"""The answer within WeChat's five seconds, or the right thing when it takes longer; asked twice or thrice, it is one answer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.database.tables import inbound, outbound
from connectors.wechat.answering import Timing
from tests.telegram.town import until
from tests.wechat.town import CUT_S

ALARM = "I have crushing chest pain and cannot breathe"


async def test_a_quick_answer_is_the_reply_itself(either_town):
    anna = await either_town.person().who_agreed()
    either_town.assistant.replies("ear", "Since when?")
    push = await anna.says("my ear hurts")

    anna.hears("Since when?", "not a diagnosis")
    assert anna.ways() == ["passive"] and len(push.tries) == 1 and push.verdict == "shown"


async def test_several_messages_at_once_are_one_reply_with_one_disclaimer(either_town):
    anna = either_town.person()
    await anna.says("Hello")

    (text,) = anna.latest()
    assert anna.ways() == ["passive"] and text.count("not a doctor") == 1


async def test_an_alarm_is_answered_at_once_though_the_assistant_hangs(either_town):
    anna = await either_town.person().who_agreed()
    either_town.assistant.holds()
    push = either_town.official.says(anna.follower, ALARM)
    await push.settled()

    assert len(push.tries) == 1 and push.tries[0].took_s < 1.0
    anna.hears("120")
    either_town.assistant.lets_go()
    await either_town.settled()


async def test_before_consent_an_alarm_is_answered_at_once_as_well(either_town):
    anna = either_town.person()
    await anna.says(ALARM)

    assert "120" in anna.latest()[0]


async def test_late_where_the_account_may_push_it_is_pushed(town):
    anna = await town.person().who_agreed()
    town.assistant.replies("ear", "Since when?")
    town.assistant.holds()
    push = town.official.says(anna.follower, "my ear hurts")
    await push.settled()
    assert push.verdict == "silent" and len(push.tries) == 1

    town.assistant.lets_go()
    await town.settled()
    anna.hears("Since when?")
    assert anna.ways() == ["kf"]


@pytest.mark.parametrize(("seconds", "tries"), [(1.2 * CUT_S, 2), (2.2 * CUT_S, 3)])
async def test_late_where_it_may_only_answer_the_second_or_third_request_gets_the_answer(quiet_town, seconds, tries):
    anna = await quiet_town.person().who_agreed()
    quiet_town.assistant.replies("ear", "Since when?")
    quiet_town.assistant.holds()
    push = quiet_town.official.says(anna.follower, "my ear hurts")
    await asyncio.sleep(seconds)
    quiet_town.assistant.lets_go()
    await push.settled()
    await quiet_town.settled()

    assert len(push.tries) == tries and anna.ways() == ["passive"]
    anna.hears("Since when?")
    assert quiet_town.runs("my ear hurts") == 1


async def test_too_late_for_all_three_the_person_is_told_to_reply_1_and_1_shows_it(quiet_town):
    anna = await quiet_town.person().who_agreed()
    quiet_town.assistant.replies("ear", "Since when?")
    quiet_town.assistant.holds()
    push = quiet_town.official.says(anna.follower, "my ear hurts")
    await push.settled()
    anna.hears("Please reply 1", "120", "not a diagnosis")
    assert len(push.tries) == 3

    quiet_town.assistant.lets_go()
    await until(lambda: "parked" in quiet_town.states(outbound))
    await anna.says("1")
    anna.hears("Since when?")
    assert quiet_town.states(outbound).count("parked") == 0


async def test_1_before_it_is_ready_waits_for_it_and_is_no_message_to_the_assistant(quiet_town):
    anna = await quiet_town.person().who_agreed()
    quiet_town.assistant.replies("ear", "Since when?")
    quiet_town.assistant.holds()
    await quiet_town.official.says(anna.follower, "my ear hurts").settled()
    asking = quiet_town.official.says(anna.follower, "1")
    await asyncio.sleep(0.1)
    quiet_town.assistant.lets_go()
    await asking.settled()
    await quiet_town.settled()

    anna.hears("Since when?")
    assert quiet_town.runs("1") == 0


async def test_any_other_words_show_what_waits_first_and_are_answered_too(quiet_town):
    anna = await quiet_town.person().who_agreed()
    quiet_town.assistant.replies("ear", "Since when?")
    quiet_town.assistant.holds()
    quiet_town.assistant.replies("and my nose", "Noted.")
    await quiet_town.official.says(anna.follower, "my ear hurts").settled()
    quiet_town.assistant.lets_go()
    await until(lambda: "parked" in quiet_town.states(outbound))
    await anna.says("and my nose")

    (text,) = anna.latest()
    assert text.index("Since when?") < text.index("Noted.")


async def test_an_answer_that_got_lost_is_given_again_the_same_and_the_assistant_is_asked_once(quiet_town):
    anna = await quiet_town.person().who_agreed()
    quiet_town.official.postman.faults.answers_lost = 1
    push = await anna.says("my ear hurts")

    assert len(push.tries) == 2 and anna.ways() == ["passive"]
    anna.hears("my ear hurts")
    assert quiet_town.runs("my ear hurts") == 1


async def test_an_answer_that_got_lost_is_pushed_where_it_may_be_since_the_next_could_get_lost_too(town):
    anna = await town.person().who_agreed()
    town.official.postman.faults.answers_lost = 1
    push = await anna.says("my ear hurts")
    await town.settled()

    assert len(push.tries) == 2 and push.verdict == "silent" and anna.ways() == ["kf"]
    anna.hears("my ear hurts")
    assert town.runs("my ear hurts") == 1 and set(town.states(outbound)) == {"sent"}


async def test_an_alarm_whose_answer_got_lost_goes_both_ways(town):
    anna = await town.person().who_agreed()
    town.official.postman.faults.answers_lost = 1
    await anna.says(ALARM)
    await town.settled()

    assert {"passive", "kf"} <= set(anna.ways()) and any("120" in text for text in anna.latest())


async def test_where_it_may_not_be_pushed_the_last_request_gets_the_answer(quiet_town, monkeypatch):
    anna = await quiet_town.person().who_agreed()
    monkeypatch.setattr(Timing, "two_tries", property(lambda _: timedelta(0)))
    quiet_town.official.postman.faults.answers_lost = 1
    await anna.says("my ear hurts")

    assert anna.ways() == ["passive"]
    anna.hears("my ear hurts")


async def test_an_alarm_goes_both_ways_when_its_answer_could_get_lost_for_good(town, monkeypatch):
    anna = await town.person().who_agreed()
    monkeypatch.setattr(Timing, "two_tries", property(lambda _: timedelta(0)))
    await anna.says(ALARM)
    await town.settled()

    assert set(anna.ways()) == {"passive", "kf"} and all("120" in text for text in anna.latest()[:2])


async def test_the_same_message_delivered_twice_at_once_is_answered_once(either_town):
    anna = await either_town.person().who_agreed()
    either_town.official.postman.faults.twice = 1
    await anna.says("my ear hurts")

    assert len(anna.latest()) == 1 and either_town.runs("my ear hurts") == 1
    assert either_town.states(outbound).count("sent") == len(either_town.states(outbound))


async def test_two_messages_in_a_row_are_both_answered_in_order(either_town):
    anna = await either_town.person().who_agreed()
    either_town.assistant.replies("first", "One.")
    either_town.assistant.replies("second", "Two.")
    first = either_town.official.says(anna.follower, "first")
    await until(lambda: len(either_town.states(inbound)) == 3)
    await either_town.official.says(anna.follower, "second").settled()
    await first.settled()
    await either_town.settled()

    said = "\n".join(anna.heard())
    assert said.count("One.") == said.count("Two.") == 1 and said.index("One.") < said.index("Two.")


async def test_what_was_answered_is_marked_sent_and_nothing_is_left(either_town):
    anna = await either_town.person().who_agreed()
    await anna.says("my ear hurts")

    assert set(either_town.states(outbound)) == {"sent"} and set(either_town.states(inbound)) == {"handled"}
    assert anna.conversation().awaited_until is None
