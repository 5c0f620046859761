"""A case and its topic in the staff group: made once, with one card, kept in step with the web desk."""

from __future__ import annotations

import asyncio

import pytest

from bot.database.tables import desk_topic
from bot.handoff import claims, closing, moving, notes, replies
from tests.telegram.desk_town import EMERGENCY, desk_town
from tests.telegram.town import until


@pytest.fixture
async def town(tmp_path):
    async with desk_town(tmp_path) as running:
        yield running


def at_the_web_desk(town, act, *arguments, **more):
    """Do something as the web desk does it."""
    with town.database.write() as work:
        return act(work, *arguments, **more, now=town.now())


def words(town):
    return {"phrases": town.services.content.current().phrases}


async def test_an_escalation_costs_two_messages_a_topic_without_words_and_one_card(town):
    _, case = await town.patient()
    assert (
        town.topics()[0].startswith(f"#A{case.number} 🔴 en")
        and "Anna" not in town.topics()[0]
        and "pain" not in town.topics()[0]
    )
    in_topic = [message for message in town.desk.messages if message.get("message_thread_id") == case.thread]
    assert len(in_topic) == 2 and "forum_topic_created" in in_topic[0]
    text = case.card["text"]
    assert "crushing chest pain" in text and "ambulance now" in text and "Anna" not in text
    assert case.card["has_protected_content"] and case.buttons() == ["Claim", "Close", "Note"]
    assert any(entity["type"] == "expandable_blockquote" for entity in case.card["entities"])


async def test_a_long_story_is_shown_whole_in_as_few_messages_as_hold_it(town):
    anna = await town.person().who_agreed()
    for number in range(4):
        await anna.says(f"story {number}: " + f"and then {number} " * 90)
    await anna.says(EMERGENCY)
    case = await town.case()
    shown = [case.card["text"], *case.posts()]
    assert all(f"story {number}:" in "\n".join(shown) for number in range(4)) and len(shown) <= 3
    assert town.telegram.limits.throttled == 0


async def test_two_first_messages_at_once_make_one_topic(town):
    anna = await town.person().who_agreed()
    town.telegram.world.says(anna.person, EMERGENCY)
    town.telegram.world.says(anna.person, EMERGENCY + " now")
    await asyncio.gather(*(town.following.round() for _ in range(4)))
    await town.case()
    assert len(town.topics()) == 1
    assert sum("forum_topic_created" in message for message in town.desk.messages) == 1


async def test_what_the_patient_writes_in_three_seconds_is_one_post_and_what_comes_later_another(town):
    nurse = await town.nurse()
    anna, case = await town.patient()
    await nurse.replies("I am here.", case)
    town.telegram.clock.scale, scale = 1.0, town.telegram.clock.scale
    for text in ("first", "second"):
        town.telegram.world.says(anna.person, text)
    town.telegram.clock.scale = scale
    await town.calm()
    assert len(case.posts()) == 1 and "👤 first\n👤 second" in case.posts()[0]
    await town.passes_there(seconds=20)
    await anna.says("third")
    await town.calm()
    assert len(case.posts()) == 2 and case.posts()[1] == "👤 third"


async def test_a_topic_that_was_deleted_in_mid_case_is_made_once_more_with_its_card_and_nothing_is_lost(town):
    nurse = await town.nurse()
    anna, case = await town.patient()
    await nurse.replies("I am here.", case)
    first = case.thread
    town.telegram.forum.deletes_topic(town.lead.person, town.desk, first)
    await anna.says("are you there?")
    await town.calm()
    assert case.thread != first and len(town.topics()) == 1
    assert "are you there?" in case.card["text"] and "I am here." in case.card["text"]
    assert case.buttons() == ["Release", "Close", "Note"]
    await nurse.replies("Yes.", case)
    anna.hears("Yes.")


async def test_a_card_that_was_deleted_is_written_again_in_the_same_topic(town):
    nurse = await town.nurse()
    _, case = await town.patient()
    thread, card = case.thread, case.topic.card
    town.telegram.forum.deletes_message(town.lead.person, town.desk, card)
    await nurse.writes("/claim", case)
    assert case.thread == thread and case.topic.card != card and "Ana has this case" in case.card["text"]


async def test_web_desk_and_telegram_agree_at_every_moment(town):
    nurse = await town.nurse()
    anna, case = await town.patient()
    at_the_web_desk(town, claims.claim, case.number, who="ana", name="Ana", **words(town))
    await town.calm()
    assert "Ana has this case" in case.card["text"] and case.posts() == ["Ana has taken the case."]
    at_the_web_desk(town, replies.reply, case.number, "From the desk.", who="ana", name="Ana", dedupe_key="1", **words(town))
    await town.passes_there(seconds=10)
    assert case.posts()[-1] == "🩺 Ana: From the desk."
    anna.hears("From the desk.")
    at_the_web_desk(town, notes.add_note, case.number, "seems calm", who="ana", dedupe_key="2")
    await town.calm()
    assert case.posts()[-1] == "📝 Ana: seems calm"
    await nurse.taps("Release", case)
    assert case.now.state == "waiting" and case.now.claimed_by is None and case.buttons()[0] == "Claim"
    at_the_web_desk(town, closing.close, case.number, who="ana", name="Ana", outcome="advised", **words(town))
    await town.calm()
    assert "Closed" in case.card["text"] and case.buttons() == [] and case.posts()[-1] == "✅ Ana closed it: Advised."
    assert town.desk.topics[case.thread] == "closed" and case.topic.state == "closed"


async def test_a_case_that_waits_and_a_patient_who_writes_make_a_sound_and_what_colleagues_do_makes_none(town):
    nurse = await town.nurse()
    anna, case = await town.patient()
    at_the_web_desk(town, claims.claim, case.number, who="ana", name="Ana", **words(town))
    await town.calm()
    await nurse.writes("/release", case)
    await anna.says("hello?")
    await town.calm()
    calls = [values for name, values in town.telegram.calls if name == "sendMessage" and values["chat_id"] == town.desk.id]
    beginnings = ("🔴 A", "Ana has taken", "👤 hello?")
    found = ((name, values) for name in beginnings for values in calls if values["text"].startswith(name))
    silent = {name: bool(values.get("disable_notification")) for name, values in found}
    assert silent == {"🔴 A": False, "Ana has taken": True, "👤 hello?": False}


async def test_a_case_that_is_needed_again_goes_on_in_its_topic(town):
    await town.nurse()
    anna, case = await town.patient()
    thread = case.thread
    at_the_web_desk(town, closing.close, case.number, who="ana", outcome="advised", **words(town))
    await town.calm()
    await anna.says(EMERGENCY + " again")
    # What was said may come in a post of its own, before or behind the line.
    await town.until(lambda: any("Open again" in post for post in case.posts()) and case.buttons()[:1] == ["Claim"])
    await town.calm()
    assert case.now.state == "waiting" and case.thread == thread and town.desk.topics[thread] == "open"
    assert len(town.topics()) == 1


async def test_a_topic_closed_by_hand_asks_for_the_outcome_and_closes_the_case_with_it(town):
    nurse = await town.nurse()
    _, case = await town.patient()
    town.telegram.forum.closes_topic(town.lead.person, town.desk, case.thread)

    def asked():  # what Telegram itself writes into a topic has no text, and may come behind the question
        return [message for message in town.desk.messages if "what came of it" in message.get("text", "")]

    await town.until(asked)
    await town.calm()
    assert case.now.state == "waiting"
    (question,) = asked()
    await nurse.taps("No answer", case, question)
    if case.now.state != "closed":  # the bot had a department in mind
        await nurse.taps("Department right", case, question)
    assert case.now.state == "closed" and case.now.outcome == "no_answer"


async def test_a_topic_closed_by_hand_opens_again_when_the_patient_writes(town):
    anna, case = await town.patient()
    town.telegram.forum.closes_topic(town.lead.person, town.desk, case.thread)
    await town.calm()
    await anna.says("is anybody there?")
    await town.calm()
    assert town.desk.topics[case.thread] == "open" and "is anybody there?" in case.posts()[-1]


async def test_a_topic_closed_by_hand_is_opened_again_at_once_where_the_setting_says_so(tmp_path):
    async with desk_town(tmp_path, desk_settings={"telegram_staff_closed": "reopen"}) as town:
        _, case = await town.patient()
        town.telegram.forum.closes_topic(town.lead.person, town.desk, case.thread)
        await town.calm()
        assert town.desk.topics[case.thread] == "open" and "still open" in case.posts()[-1]


async def test_before_the_patient_agreed_the_card_shows_flags_and_no_words(town):
    anna = town.person()
    await anna.says(EMERGENCY)
    case = await town.case()
    assert "crushing" not in case.card["text"].split("Red flags:")[0] and "left arm" not in case.card["text"]
    assert "has not agreed yet" in case.card["text"]
    await anna.presses(0)
    await town.calm()
    assert any("crushing chest pain and my left arm" in post for post in case.posts())


async def test_names_and_numbers_of_the_patient_are_masked_in_the_group(town):
    anna, case = await town.patient()
    await anna.says("my name is Zebra Marker, my phone is 13800138000")
    await town.calm()
    shown = "\n".join([case.card["text"], *case.posts()])
    assert "13800138000" not in shown and "Zebra" not in shown and "[phone]" in shown


async def test_where_words_are_not_to_be_shown_the_group_learns_only_that_there_are_some(tmp_path):
    wishes = {"telegram_staff_words": "none", "desk_url": "https://desk.example.org/desk"}
    async with desk_town(tmp_path, desk_settings=wishes) as town:
        anna, case = await town.patient()
        await anna.says("it is worse")
        await town.calm()
        shown = "\n".join([case.card["text"], *case.posts()])
        assert "chest" not in shown and "worse" not in shown
        assert (
            "New messages of the patient: 1" in case.posts()[-1]
            and f"https://desk.example.org/desk?case={case.number}" in case.posts()[-1]
        )


async def test_who_has_everything_erased_is_gone_from_telegram_too(town):
    anna, case = await town.patient()
    thread = case.thread
    await anna.says("/delete")
    await anna.presses(0)
    await town.settled()
    for _ in range(60):
        if thread not in town.desk.topics:
            break
        await asyncio.sleep(0.1)
    assert thread not in town.desk.topics
    assert not any("chest" in message.get("text", "") for message in town.desk.messages)

    def is_forgotten() -> bool:
        with town.database.read() as work:
            return work.execute(desk_topic.select()).all() == []

    await until(is_forgotten)  # the row goes once Telegram has said that the topic is gone


async def test_each_group_gets_the_cases_of_its_team_or_language(tmp_path):
    groups = "ar:-1000000000002,-1000000000001"
    async with desk_town(tmp_path, desk_settings={"telegram_staff_group": groups}, also=["Arabic desk"]) as town:
        (other,) = town.others
        assert (town.desk.id, other.id) == (-1000000000001, -1000000000002)
        leila = await town.person("Leila", "ar").who_agreed()
        await leila.says("عندي ألم شديد في الصدر")
        case = await town.case()
        assert case.desk.id == other.id and "عندي ألم شديد" in case.card["text"]
        _, second = await town.patient()
        assert second.desk.id == town.desk.id


async def test_a_case_that_goes_to_another_team_leaves_its_topic_and_gets_one_in_that_teams_group(tmp_path):
    groups = "international:-1000000000002,-1000000000001"
    async with desk_town(tmp_path, desk_settings={"telegram_staff_group": groups}, also=["International"]) as town:
        await town.nurse()
        (other,) = town.others
        anna, case = await town.patient()
        first = case.thread
        assert case.desk.id == town.desk.id
        at_the_web_desk(town, moving.transfer, case.number, who="ana", team="international", **words(town))
        await town.calm()
        assert case.desk.id == other.id and len(other.topics) == 1 and "chest pain" in case.card["text"]
        assert town.desk.topics[first] == "closed" and "another team's group" in town.desk.messages[-2]["text"]
        await anna.says("hello?")
        await town.calm()
        assert "hello?" in case.posts()[-1]
