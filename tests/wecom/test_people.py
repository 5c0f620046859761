"""People write to 微信客服 of a simulated WeCom, and the bot answers them: nothing lost, nothing twice, nothing without its note."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import case_event, inbound, outbound
from bot.messages import Button, Reply
from bot.outbox.compose import compose
from bot.outbox.store import REMINDER, Place, enqueue
from bot.privacy import erase
from bot.scenes.codes import code_of
from connectors.wecom.rendering import LIMIT
from tests.telegram.town import until
from tests.wecom.town import WeComTown


@pytest.fixture
async def anna(town):
    return await town.person().who_agreed()


async def test_hello_consent_and_an_answer(town):
    anna = town.person()
    await anna.says("Hello")
    assert len(anna.talk.chat) >= 2 and anna.talk.chat[-1].more["menu"]["list"][0]["click"]["content"].startswith("1. ")
    await anna.taps(0)
    await anna.says("my ear hurts")
    anna.hears("(my ear hurts)")


async def test_numbers_work_by_typing(town):
    anna = await town.person().who_agreed()
    town.assistant.replies("ear", Reply("Since when?", buttons=(Button("Today", "since:today"), Button("Longer", "since:long"))))
    await anna.says("my ear hurts")
    await anna.says("2")
    with town.database.read() as work:
        last = work.execute(sa.select(inbound.c.sealed).order_by(inbound.c.id.desc())).scalars().first()
        assert work.cipher.unseal(last)["payload"] == "since:long"


async def test_what_the_hint_says_may_be_typed_as_it_stands(town):
    town.assistant.replies("ear", Reply("Since when?", buttons=(Button("Today", "p:today"), Button("Longer", "p:long"))))
    town.assistant.replies("p:long", "So longer.")
    anna = await town.person().who_agreed()
    await anna.says("my ear hurts")
    await anna.says("选2")
    anna.hears("So longer.")


async def test_a_number_without_choices_is_what_was_said(town, anna):
    await anna.says("3")
    assert town.stored()[-1] == "3"


async def test_every_part_carries_its_note_and_fits(town, anna):
    town.assistant.replies("long", Reply("Ein langer Satz mit Umlauten: ä ö ü. " * 120))
    before = len(anna.heard())
    await anna.says("long")
    parts = anna.heard()[before:]
    note = town.services.content.current().phrases.get("disclaimer.short", "en")
    assert 2 <= len(parts) <= 4
    assert all(part.endswith(note) and len(part.encode()) <= LIMIT for part in parts)
    assert ["(1/" in parts[0], f"({len(parts)}/{len(parts)})" in parts[-1]] == [True, True]


async def test_the_same_person_at_two_accounts_is_two_patients(town, anna):
    other = town.corp.account("心内科")
    town.corp.says(anna.customer, other, "Hello")
    await town.settled()
    with town.database.read() as work:
        assert work.execute(sa.text("select count(*) from patient")).scalar() == 2


async def test_a_welcome_in_five_languages_before_the_first_word(town):
    anna = town.person()
    town.corp.enters(anna.customer, anna.account)
    await until(anna.heard)
    anna.hears("您好", "您好，我幫您", "Hello, I help", "Guten Tag", "مرحبًا", "不是医生", "120", "not a doctor", "kein Arzt")
    assert len(anna.heard()) == 1 and len(anna.heard()[0].encode()) <= LIMIT
    assert anna.conversation() is None  # who only looks in is not stored


async def test_no_second_welcome_for_somebody_who_talks_with_us(town, anna):
    before = len(anna.heard())
    town.corp.enters(anna.customer, anna.account)
    await town.settled()
    await asyncio.sleep(0.2)
    assert len(anna.heard()) == before


async def test_a_poster_of_a_department_is_remembered(town):
    anna = town.person()
    content = town.services.content.current()
    scene = next(iter(content.scenes.by_id.values()))
    link = await town.connector.scene_link(code_of(town.database.cipher, scene), town.database)
    assert link.startswith("https://work.weixin.qq.com/kf/")
    town.corp.enters(anna.customer, anna.account, scene=code_of(town.database.cipher, scene))
    await town.settled()
    await anna.says("Hello")
    assert anna.conversation().scene == code_of(town.database.cipher, scene)


@pytest.mark.parametrize(
    ("kind", "body"), [("image", {"media_id": "m"}), ("voice", {"media_id": "m"}), ("file", {"media_id": "m"})]
)
async def test_what_cannot_be_read_is_said_so(town, anna, kind, body):
    await anna.sends(kind, **body)
    anna.hears("I cannot read pictures")


async def test_an_alarm_is_answered_without_consent_and_though_the_assistant_is_away(town):
    town.assistant.goes_down()
    anna = town.person()
    await anna.says("I have crushing chest pain and cannot breathe")
    anna.hears("120")


async def test_a_callback_that_comes_twice_and_one_that_is_lost_change_nothing(town, anna):
    town.corp.postman.faults.twice = 2
    await anna.says("one")
    url, town.corp.postman.address.url = town.corp.postman.address.url, ""
    town.corp.says(anna.customer, anna.account, "two")
    town.corp.postman.address.url = url
    await anna.says("three")
    assert [text for text in town.stored() if text in ("one", "two", "three")] == ["one", "two", "three"]


async def test_without_any_callback_messages_are_found_by_the_clock(town, anna):
    town.corp.postman.address.url = ""
    town.corp.says(anna.customer, anna.account, "two")
    town.wechat.clock.skip(301)
    await until(lambda: "(two)" in "\n".join(anna.heard()))


@pytest.mark.parametrize("cursor", ["", "4gw7999999999999"], ids=["lost", "refused"])
async def test_a_lost_cursor_loses_nothing_and_answers_nothing_twice(town, anna, cursor):
    await anna.says("one")
    before = len(anna.heard())
    with town.database.write() as work:
        rows = work.execute(sa.text("select id, sealed from kf_account")).all()
        for row in rows:
            content = {**work.cipher.unseal(row.sealed), "cursor": cursor}
            work.execute(sa.text("update kf_account set sealed=:s where id=:i"), {"s": work.cipher.seal(content), "i": row.id})
    await anna.says("two")
    assert [text for text in town.stored() if text in ("one", "two")] == ["one", "two"]
    assert len(anna.heard()) == before + 1


async def test_many_pages_are_all_fetched_in_their_order(town, anna):
    town.corp.page_most = 3
    url, town.corp.postman.address.url = town.corp.postman.address.url, ""
    for number in range(10):
        town.corp.says(anna.customer, anna.account, f"word {number}")
    town.corp.postman.address.url = url
    await anna.says("last")
    assert town.stored()[-11:] == [*(f"word {number}" for number in range(10)), "last"]


async def test_a_message_that_came_late_goes_to_a_nurse_and_is_not_answered_as_new(town, anna):
    url, town.corp.postman.address.url = town.corp.postman.address.url, ""
    town.corp.says(anna.customer, anna.account, "my ear hurts")
    town.wechat.clock.skip(601)
    town.corp.postman.address.url = url
    await anna.says("are you there")
    assert "(my ear hurts)" not in "\n".join(anna.heard())
    anna.hears("your message reached me late", "(are you there)")
    assert [case.reason for case in town.cases()] == ["failed"]
    assert "my ear hurts" in town.stored()


async def test_an_alarm_that_came_late_is_still_an_alarm(town, anna):
    url, town.corp.postman.address.url = town.corp.postman.address.url, ""
    town.corp.says(anna.customer, anna.account, "I have crushing chest pain and cannot breathe")
    town.wechat.clock.skip(601)
    town.corp.postman.address.url = url
    await anna.says("are you there")
    assert any(case.level == "E1" for case in town.cases())


async def test_five_messages_are_the_most_and_the_rest_waits_for_the_next_word(town, anna):
    town.assistant.replies("six", *(Reply(f"answer {number}") for number in range(1, 7)))
    await anna.says("six")
    said = [text for text in anna.heard() if text.startswith("answer")]
    assert [text.split("\n")[0] for text in said] == [f"answer {number}" for number in range(1, 5)]
    assert "Reply 1 to read on" in said[-1] and town.wechat.refused == []
    await anna.says("1")
    anna.hears("answer 5", "answer 6")
    assert "1" not in town.stored()[-1:]


async def test_the_fifth_is_for_an_alarm(town, anna):
    town.assistant.replies("six", *(Reply(f"answer {number}") for number in range(1, 7)))
    await anna.says("six")
    assert anna.talk.left == 1


async def test_after_48_hours_nothing_is_sent_and_the_nurse_hears_of_it(town, anna):
    await anna.says("nurse")
    nurse = town.nurse("Li")
    town.wechat.clock.skip(timedelta(hours=49).total_seconds())
    bench_patient = _as_patient(town, anna)
    await nurse.replies(bench_patient, "How are you?")
    await town.settled()
    assert "How are you?" not in "\n".join(anna.heard())
    with town.database.read() as work:
        assert "unreachable" in list(work.execute(sa.select(case_event.c.what)).scalars())
    assert 95018 not in [code for _, code in town.wechat.refused] and 95001 not in [code for _, code in town.wechat.refused]
    await anna.says("I am back")
    anna.hears("How are you?")


def _as_patient(town, someone):
    class Known:
        def conversation(self):
            return someone.conversation()

        async def listens(self):
            await town.services.lanes.idle()

    return Known()


async def test_what_was_taken_and_not_delivered_is_marked_and_told(town, anna):
    await anna.says("nurse")
    anna.customer.refuses = True
    await anna.says("my ear hurts")
    with town.database.read() as work:
        rows = work.execute(sa.select(outbound.c.state, outbound.c.problem).order_by(outbound.c.id)).all()
        assert ("dead", "Closed") in [tuple(row) for row in rows]
        assert "unreachable" in list(work.execute(sa.select(case_event.c.what)).scalars())


async def test_erasing_here_is_confirmed_and_leaves_no_word(town, anna):
    await anna.says("my ear hurts")
    await anna.says("delete my data")
    before = len(anna.heard())
    await anna.taps(0)
    assert town.services.content.current().phrases.get("privacy.erased", "en")[:30] in anna.heard()[-1]
    assert len(anna.heard()) == before + 1 and "my ear hurts" not in town.stored()


async def test_a_whole_patient_can_be_erased(town, anna):
    with town.database.write() as work:
        erase.erase_patient(work, anna.conversation().patient_id, who="admin", now=town.now())
    with town.database.read() as work:
        assert work.execute(sa.text("select count(*) from kf_session")).scalar() == 0


async def test_arabic_lines_begin_from_the_right(town):
    anna = town.person()
    await anna.says("مرحبا، عندي ألم في الأذن")
    body = anna.shown()[-1].more["menu"]["head_content"]
    first = [unicodedata.bidirectional(line[0]) for line in body.split("\n") if line]
    assert first and all(direction in ("AL", "R") for direction in first)


async def test_on_postgresql_as_well(tmp_path, postgres):
    async with WeComTown(tmp_path, database_url=postgres.emptied()) as town:
        anna = await town.person().who_agreed()
        town.assistant.replies("six", *(Reply(f"answer {number}") for number in range(1, 7)))
        await anna.says("six")
        await anna.says("my ear hurts")
        said = re.findall(r"answer \d|\(my ear hurts\)", "\n".join(anna.heard()))
        assert said == [*(f"answer {number}" for number in range(1, 7)), "(my ear hurts)"]  # what has waited goes first


async def test_a_number_that_answers_a_nurse_is_no_choice_of_an_older_question(town, anna):
    town.assistant.replies(
        "ear", Reply("Since when?", "question", (Button("Today", "since:today"), Button("Longer", "since:long")))
    )
    await anna.says("nurse")
    nurse = town.nurse("Li")
    await anna.says("my ear hurts")
    await nurse.claims(_as_patient(town, anna))
    await nurse.replies(_as_patient(town, anna), "How strong is the pain, from 1 to 10?")
    await town.settled()
    await anna.says("2")
    assert town.stored()[-1] == "2"


async def test_a_number_that_answers_a_check_in_is_no_choice_of_an_older_question(town, anna):
    town.assistant.replies(
        "ear", Reply("Since when?", "question", (Button("Today", "since:today"), Button("Longer", "since:long")))
    )
    await anna.says("my ear hurts")
    chat = anna.conversation()

    def asks(work):
        phrases = town.services.content.current().phrases
        message = compose(Reply("How strong is the pain, from 1 to 10?", "question"), chat.language, phrases=phrases)
        enqueue(
            work, Place(chat.id, chat.channel), message, dedupe_key="reminder:1", now=town.services.clock(), priority=REMINDER
        )

    await town.services.write(asks)
    town.services.feed.outgoing.set()
    await town.settled()
    anna.hears("from 1 to 10")
    await anna.says("2")
    assert town.stored()[-1] == "2"
