"""People come, choose, speak, send pictures and leave."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.database.tables import consent, conversation, inbound, patient, wechat_grant, wechat_turn
from bot.messages import Button, Reply
from bot.scenes.codes import code_of
from tests.wechat.test_windows import Desk


async def test_who_follows_is_greeted_in_all_languages_and_asked_for_consent(either_town):
    anna = either_town.person()
    anna.follower.following = False
    await anna.does(either_town.official.follows)

    anna.hears("示例医院", "in English", "auf Deutsch", "بالعربية", "用繁體中文")
    assert anna.ways() == ["passive"]


async def test_who_follows_by_the_code_of_a_department_is_told_which(either_town):
    scenes = either_town.services.content.current().scenes
    scene = next(scene for scene in scenes.by_id.values() if scene.kind == "department")
    anna = either_town.person()
    anna.follower.following = False
    await anna.does(either_town.official.follows, code_of(either_town.database.cipher, scene))

    anna.hears(scene.names["zh-Hans"])
    assert anna.conversation().scene


@pytest.mark.parametrize(
    ("hello", "asked"), [("Hello", "I agree"), ("Guten Tag", "Einverstanden"), ("مرحبا", "أوافق"), ("您好", "同意")]
)
async def test_the_first_words_after_following_choose_the_language_however_short_they_are(either_town, hello, asked):
    anna = either_town.person()
    anna.follower.following = False
    await anna.does(either_town.official.follows)
    await anna.says(hello)

    anna.hears(asked)


async def test_later_short_words_of_another_language_do_not_change_it(either_town):
    anna = await either_town.person().who_agreed("您好")
    await anna.says("ok")

    assert anna.conversation().language == "zh-Hans"


async def test_a_made_up_code_is_a_plain_welcome(either_town):
    anna = either_town.person()
    anna.follower.following = False
    await anna.does(either_town.official.follows, "s_aaaaaaaaaaaaaaaa")

    anna.hears("示例医院")
    assert anna.conversation().scene == ""


async def test_choices_can_be_typed_as_a_number_and_in_words_and_tapped(either_town):
    either_town.assistant.replies("ear", Reply("Since when?", buttons=(Button("Today", "p:today"), Button("Longer", "p:long"))))
    either_town.assistant.replies("p:today", "So today.")
    either_town.assistant.replies("p:long", "So longer.")
    anna = await either_town.person().who_agreed()
    await anna.says("my ear hurts")
    await anna.says("2")
    anna.hears("So longer.")
    await anna.says("my ear hurts")
    await anna.says("today")
    anna.hears("So today.")
    await anna.says("my ear hurts")
    await anna.taps(0)
    anna.hears("So today.")


@pytest.mark.parametrize("answer", ["1！", "回复1", "一"])
async def test_who_agrees_in_other_ways_than_a_mere_1_is_answered(town, answer):
    anna = town.person()
    await anna.says("my ear hurts")
    await anna.says(answer)
    anna.hears("(my ear hurts)")


async def test_a_number_that_answers_a_question_without_choices_is_what_it_is(either_town):
    either_town.assistant.replies("ear", Reply("Since when?", buttons=(Button("Today", "p:today"), Button("Longer", "p:long"))))
    either_town.assistant.replies("nose", "How many days?")
    anna = await either_town.person().who_agreed()
    await anna.says("my ear hurts")
    await anna.says("and my nose")
    await anna.says("2")

    anna.hears("(2)")


async def test_a_scan_in_the_middle_of_a_talk_leaves_the_choices_as_they_were(either_town):
    either_town.assistant.replies("ear", Reply("Since when?", buttons=(Button("Today", "p:today"), Button("Longer", "p:long"))))
    either_town.assistant.replies("p:long", "So longer.")
    anna = await either_town.person().who_agreed()
    await anna.says("my ear hurts")
    await anna.does(either_town.official.scans, "s_aaaaaaaaaaaaaaaa")
    await anna.says("2")

    anna.hears("So longer.")


async def test_a_note_of_leaving_that_comes_late_takes_nothing_from_who_is_back(town):
    anna = await town.person().who_agreed()
    at = int(town.now().timestamp())
    town.later(seconds=5)
    await anna.says("my ear hurts")
    head = {"ToUserName": town.official.settings.original_id, "FromUserName": anna.follower.openid, "CreateTime": at}
    await anna.does(
        lambda person: town.official._post(person, {**head, "MsgType": "event", "Event": "unsubscribe", "EventKey": ""})
    )
    await Desk(town, anna).writes("There you are.")

    anna.hears("There you are.")
    assert anna.conversation().erase_after is None


async def test_a_link_of_an_older_message_still_means_what_it_said(either_town):
    either_town.assistant.replies("ear", Reply("Ear?", buttons=(Button("Left", "p:left"), Button("Right", "p:right"))))
    either_town.assistant.replies("nose", Reply("Nose?", buttons=(Button("Runs", "p:runs"), Button("Bleeds", "p:bleeds"))))
    either_town.assistant.replies("p:right", "The right one.")
    anna = await either_town.person().who_agreed()
    await anna.says("my ear hurts")
    old = anna.heard()[-1].split("msgmenuid=")[2].partition('"')[0]
    await anna.says("and my nose")
    await anna.does(either_town.official.taps, "2", old)

    anna.hears("The right one.")


async def test_a_made_up_number_of_a_link_is_only_what_was_typed(either_town):
    anna = await either_town.person().who_agreed()
    await anna.does(either_town.official.taps, "something", "99999999900")

    anna.hears("(something)")


@pytest.mark.parametrize("deed", ["sends_image", "sends_voice", "sends_video", "sends_location"])
async def test_what_cannot_be_read_is_said_so(either_town, deed):
    anna = await either_town.person().who_agreed()
    await anna.does(getattr(either_town.official, deed))

    anna.hears("cannot read pictures, voice messages or files", "120")


async def test_an_alarm_in_a_voice_that_wechat_could_hear_is_answered(either_town):
    anna = await either_town.person().who_agreed()
    await anna.does(either_town.official.sends_voice, "I have crushing chest pain and cannot breathe")

    assert "120" in anna.latest()[0]


async def test_the_menu_speaks_in_the_persons_language(either_town):
    anna = await either_town.person().who_agreed()
    await anna.does(either_town.official.clicks, "faq")
    anna.hears("(What can you do for me?)")
    await anna.does(either_town.official.clicks, "nurse")
    with either_town.database.read() as work:
        assert "nurse" in [work.cipher.unseal(row)["text"] for row in work.execute(sa.select(inbound.c.sealed)).scalars() if row]


async def test_an_entry_of_a_menu_that_is_not_ours_is_counted_and_silent(either_town):
    anna = await either_town.person().who_agreed()
    push = await anna.does(either_town.official.clicks, "of_another_program")

    assert push.verdict == "silent" and anna.latest() == []


async def test_unknown_events_are_silent_and_nothing_is_stored(either_town):
    anna = await either_town.person().who_agreed()
    before = len(either_town.states(inbound))
    for name in ("VIEW", "user_authorization_revoke", "invented_tomorrow"):
        push = await anna.does(either_town.official.happens, name)
        assert push.verdict == "silent" and len(push.tries) == 1

    assert len(either_town.states(inbound)) == before


async def test_who_leaves_gets_nothing_more_and_is_erased_after_a_month(town):
    anna = await town.person().who_agreed()
    await anna.does(town.official.unfollows)
    await Desk(town, anna).writes("Are you there?")
    assert not [one for one in town.wechat.called("custom/send") if "Are you there?" in one["text"]["content"]]

    with town.database.write() as work:  # the nurse has closed it
        work.execute(sa.text("UPDATE care_case SET state = 'closed'"))
    town.later(days=29)
    await town.services.worker.clean()
    assert anna.conversation() is not None
    town.later(days=2)
    await town.services.worker.clean()
    assert anna.conversation() is None
    with town.database.read() as work:
        assert [work.execute(sa.select(table)).all() for table in (conversation, patient, consent)] == [[], [], []]


async def test_who_comes_back_is_kept(town):
    anna = await town.person().who_agreed()
    await anna.does(town.official.unfollows)
    await anna.does(town.official.follows)
    await Desk(town, anna).writes("There you are.")

    anna.hears("There you are.")
    assert anna.conversation().erase_after is None


async def test_erasing_leaves_nothing_of_wechat_and_is_confirmed_in_the_reply(either_town):
    anna = await either_town.person().who_agreed()
    await anna.says("my ear hurts")
    await anna.says("delete my data")
    await anna.says("1")

    assert anna.ways() == ["passive"] and "deleted" in anna.latest()[0], anna.latest()
    assert either_town.states(inbound) == [] and not either_town.rows(wechat_grant)
    assert len(either_town.rows(wechat_turn)) == 1  # the answer that was just given
