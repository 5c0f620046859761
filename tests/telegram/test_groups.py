"""Groups: quiet when not called, general questions answered for all, everything about a body led away, nothing stored."""

from __future__ import annotations

import asyncio

import pytest

from bot.database.engine import DatabaseProblem
from bot.database.tables import chat_group, conversation, inbound, patient
from bot.messages import Reply
from connectors.telegram.groups import Groups, Said
from connectors.telegram.updates import GroupMessage, Migration
from tests.telegram.town import Someone, Town

SYMPTOM = "my stomach hurts since two days, what can I do"
HEALTH_WORDS = ("stomach", "pain", "hurt", "symptom", "ill", "sick")
PRIVATE = "only in private"


class Ward:
    """A group with the bot, an admin and two members."""

    def __init__(self, town: Town, chat, admin: Someone, anna: Someone, ben: Someone) -> None:
        self.town, self.chat, self.admin, self.anna, self.ben = town, chat, admin, anna, ben

    async def asks(self, who: Someone, text: str) -> list[str]:
        """Let `who` write and return what the bot answers."""
        await who.says(text, self.chat)
        return who.latest(self.chat)

    def tables(self) -> list[int]:
        """Return how many rows people have."""
        with self.town.database.read() as work:
            return [len(work.execute(table.select()).all()) for table in (patient, conversation, inbound)]


@pytest.fixture
async def ward(town):
    admin, anna, ben = town.person("Admin"), town.person("Anna"), town.person("Ben")
    chat = town.group("Ward 3", admin)
    town.telegram.world.adds_bot(admin.person, chat)
    await town.settled()
    return Ward(town, chat, admin, anna, ben)


async def test_on_joining_the_bot_introduces_itself_with_the_rule_and_a_door(ward):
    (introduction,) = ward.anna.heard(ward.chat)
    assert "nothing about your own health" in introduction and "I store nothing" in introduction
    assert ward.anna.buttons(ward.chat) == ["Talk in private"]


async def test_it_is_quiet_when_not_called(ward):
    ward.chat.bot = "administrator"  # so that Telegram sends everything
    for text in ("hello all", SYMPTOM, "where do I pay?", "crushing chest pain", "/faq@another_bot where do I pay"):
        assert await ward.asks(ward.anna, text) == []


@pytest.mark.parametrize(
    "text", ["/faq where do I pay?", "/faq@daozhen_sim_bot where do I pay?", "@daozhen_sim_bot where do I pay?"]
)
async def test_a_general_question_is_answered_for_all(ward, text):
    ward.town.telegram.world.reads_all = True
    (answer,) = await ward.asks(ward.anna, text)
    assert "cashier" in answer and answer.endswith("This is not a diagnosis.")


async def test_a_reply_to_the_bot_is_for_the_bot(ward):
    await ward.anna.says("where do I pay?", ward.chat, reply_to=ward.chat.messages[0]["message_id"])
    assert "cashier" in ward.anna.latest(ward.chat)[0]


async def test_a_reply_to_somebody_else_is_not(ward):
    ward.town.telegram.world.reads_all = True
    message = await ward.ben.says("hello", ward.chat)
    await ward.anna.says("where do I pay?", ward.chat, reply_to=message["message_id"])
    assert ward.anna.latest(ward.chat) == []


@pytest.mark.parametrize(
    "text", [SYMPTOM, "is it bad that my stomach hurts and where do I pay", "I am 34 and pregnant", "blood pressure 170/100"]
)
async def test_anything_about_a_body_gets_one_neutral_sentence_and_a_door(ward, text):
    (answer,) = await ward.asks(ward.anna, f"/faq {text}")
    assert PRIVATE in answer and not any(word in answer.lower().split("i am an automated")[0] for word in HEALTH_WORDS)
    assert ward.anna.buttons(ward.chat)[-1] == "Talk in private"


@pytest.mark.parametrize(("text", "door"), [("/nurse", True), ("/nurse。", True), ("/weather", False)])
async def test_who_asks_for_a_nurse_in_the_group_is_led_to_the_private_chat(ward, text, door):
    answers = await ward.asks(ward.anna, text)
    assert [PRIVATE in answer for answer in answers] == [True] * door


async def test_the_neutral_sentence_comes_once_in_ten_minutes_to_each_member(ward):
    assert len(await ward.asks(ward.anna, f"/faq {SYMPTOM}")) == 1
    assert await ward.asks(ward.anna, f"/faq {SYMPTOM} please") == []
    assert len(await ward.asks(ward.ben, f"/faq {SYMPTOM}")) == 1
    ward.town.connector._intake._groups._seconds = lambda: 1e9
    assert len(await ward.asks(ward.anna, f"/faq {SYMPTOM} again")) == 1


async def test_danger_gets_the_emergency_line_every_time_and_no_advice(ward):
    for _ in range(2):
        (answer,) = await ward.asks(ward.anna, "/faq crushing chest pain and my left arm is numb")
        assert "call 120" in answer and PRIVATE in answer and "chest" not in answer


@pytest.mark.parametrize("command", ["/help", "/start"])
async def test_danger_behind_another_command_is_read_too(ward, command):
    (answer,) = await ward.asks(ward.anna, f"{command} crushing chest pain and my left arm is numb")
    assert "call 120" in answer


async def test_nothing_of_a_group_is_stored_and_nobody_becomes_a_patient_by_it(ward):
    for text in ("where do I pay?", SYMPTOM, "crushing chest pain", "zebramarker?"):
        await ward.asks(ward.anna, f"/faq {text}")
    assert ward.tables() == [0, 0, 0]
    assert not ward.town.assistant.turns


async def test_the_door_leads_to_a_private_chat_in_the_groups_language_once(ward):
    with ward.town.database.write() as work:
        work.execute(chat_group.update().values(language="de"))
    await ward.asks(ward.anna, f"/faq {SYMPTOM}")
    url = ward.chat.messages[-1]["reply_markup"]["inline_keyboard"][-1][0]["url"]
    start = url.partition("start=")[2]
    assert "stomach" not in url and len(start) <= 64
    await ward.anna.starts(start)
    ward.anna.hears("automatisches Programm")
    await ward.ben.starts(start)  # the same link a second time: an ordinary beginning in the language of the app
    ward.ben.hears("automated assistant")


async def test_two_members_who_take_turns_are_two_patients_and_the_group_sees_nothing_of_it(ward):
    seen = len(ward.chat.messages)
    for who, other in ((ward.anna, ward.ben), (ward.ben, ward.anna)):
        await who.says(f"/faq {SYMPTOM}", ward.chat)
        await other.says("hello", ward.chat)
    for who in (ward.anna, ward.ben):
        await who.who_agreed()
    await ward.anna.says("my ear hurts")
    await ward.ben.says("my knee hurts")
    ward.anna.hears("(my ear hurts)")
    ward.ben.hears("(my knee hurts)")
    assert ward.anna.conversation().patient_id != ward.ben.conversation().patient_id
    assert not any("ear hurts" in text or "knee" in text for text in ward.anna.heard(ward.chat)[seen:])
    assert len({turn.conversation_id for turn in ward.town.assistant.turns}) == 2


async def test_faq_alone_lists_questions_and_a_pressed_one_is_answered_for_all_once(ward):
    await ward.asks(ward.anna, "/faq")
    titles = ward.anna.buttons(ward.chat)
    assert len(titles) == 10 and titles[-1] == "Talk in private"
    await ward.anna.presses(0, ward.chat)
    answered = len(ward.anna.heard(ward.chat))
    menu = next(message for message in ward.chat.messages if "What would you like" in message["text"])
    key = menu["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    ward.town.telegram.world.presses(ward.ben.person, ward.chat, menu["message_id"], key)
    await ward.town.settled()
    assert answered == 3 and len(ward.anna.heard(ward.chat)) == answered


async def test_admins_choose_the_language_and_members_cannot(ward):
    assert "Only admins" in (await ward.asks(ward.anna, "/language"))[-1]
    await ward.asks(ward.admin, "/language")
    assert "Only admins" in await ward.anna.presses("Deutsch", ward.chat)
    assert "Deutsch" in await ward.admin.presses("Deutsch", ward.chat)
    (answer,) = await ward.asks(ward.ben, f"/faq {SYMPTOM}")
    assert "nur privat" in answer


async def test_admins_choose_what_is_answered(ward):
    await ward.asks(ward.admin, "/topics")
    assert "paying" not in await ward.admin.presses("paying", ward.chat)
    (answer,) = await ward.asks(ward.anna, "/faq where do I pay?")
    assert PRIVATE in answer or "Did you mean" in answer
    assert "cashier" not in answer
    await ward.asks(ward.admin, "/topics")
    assert "paying" in await ward.admin.presses("paying", ward.chat)
    (answer,) = await ward.asks(ward.ben, "/faq where do I pay?")
    assert "cashier" in answer


async def test_an_admin_who_writes_as_the_group_is_an_admin(ward):
    anonymous = {"sender_chat": {"id": ward.chat.id, "type": "supergroup", "title": "x"}}
    await ward.ben.says("/language", ward.chat, **anonymous)
    assert "Which language" in ward.ben.latest(ward.chat)[0]


async def test_the_bot_asks_not_to_be_made_an_admin(ward):
    ward.town.telegram.world.adds_bot(ward.admin.person, ward.chat, "administrator")
    await ward.town.settled()
    assert "make me an ordinary member" in ward.anna.heard(ward.chat)[-1]


async def test_a_group_that_moves_is_the_same_group(ward):
    old = ward.town.group("Small", ward.admin, kind="group")
    ward.town.telegram.world.adds_bot(ward.admin.person, old)
    await ward.town.settled()
    await ward.admin.says("/language", old)
    await ward.admin.presses("Deutsch", old)
    new = ward.town.telegram.world.moves(old)
    await ward.town.settled()
    await ward.anna.says(f"/faq {SYMPTOM}", new)
    assert "nur privat" in ward.anna.latest(new)[0]


async def test_what_was_said_in_the_new_group_before_the_note_of_the_move_is_not_lost(ward):
    groups = ward.town.connector._intake._groups
    new = ward.town.telegram.world.group("Ward 3")
    new.bot = "member"
    there = await groups._group(new.id)
    ward.town.connector.sender.pace.throttled(f"group:{there.id}", 5.0)
    await groups._say(there, Said(Reply("call 120"), "test"))
    await groups.moved(Migration(ward.chat.id, new.id))
    await ward.town.settled()
    assert ward.anna.heard(new)[0].startswith("call 120")


async def test_a_message_to_a_group_that_has_moved_unnoticed_arrives_in_the_new_one(ward):
    new = ward.town.telegram.world.group("Ward 3")
    new.bot = "member"
    ward.town.telegram.delivery.add = lambda *_: None  # nobody tells us
    ward.chat.moved_to = new.id
    group = await ward.town.connector._intake._groups._group(ward.chat.id)
    await ward.town.connector._intake._groups._say(group, Said(Reply("hello"), "test"))
    await ward.town.settled()
    assert ward.anna.heard(new)[0].startswith("hello")


async def test_out_of_the_group_nothing_is_sent_and_back_in_it_introduces_itself_again(ward):
    world = ward.town.telegram.world
    world.adds_bot(ward.admin.person, ward.chat, "kicked")
    await ward.town.settled()
    with ward.town.database.read() as work:
        assert [row.state for row in work.execute(chat_group.select())] == ["left"]
    world.clock.skip(5)
    world.adds_bot(ward.admin.person, ward.chat, "member")
    await ward.town.settled()
    assert len(ward.anna.heard(ward.chat)) == 2


async def test_topics_of_a_forum_are_answered_where_they_were_asked_or_in_general_when_gone(ward):
    ward.chat.topics = {5: "open"}
    await ward.anna.says("/faq where do I pay?", ward.chat, thread=5)
    assert ward.chat.messages[-1]["message_thread_id"] == 5
    ward.chat.topics = {5: "closed"}
    await ward.ben.says("/faq where do I pay?", ward.chat, thread=5)
    assert "message_thread_id" not in ward.chat.messages[-1] and "cashier" in ward.chat.messages[-1]["text"]


async def test_a_question_chosen_in_a_topic_is_answered_there(ward):
    ward.chat.topics = {5: "open"}
    await ward.anna.says("/faq", ward.chat, thread=5)
    await ward.anna.presses(0, ward.chat)
    assert [message.get("message_thread_id") for message in ward.chat.messages[-2:]] == [5, 5]


async def test_what_could_not_be_stored_is_said_when_it_comes_again(ward, monkeypatch):
    groups, say = ward.town.connector._intake._groups, Groups._say
    message = GroupMessage(1, 2, ward.chat.id, None, ward.anna.person.id, as_group=False, text=f"/faq {SYMPTOM}", to_us=True)

    async def fails(*_):
        raise DatabaseProblem("away")

    monkeypatch.setattr(Groups, "_say", fails)
    with pytest.raises(DatabaseProblem):
        await groups.heard(message)
    monkeypatch.setattr(Groups, "_say", say)
    await groups.heard(message)
    await ward.town.settled()
    assert PRIVATE in ward.anna.heard(ward.chat)[-1]


async def test_a_post_of_the_channel_that_appears_in_its_group_is_not_answered(ward):
    ward.town.telegram.world.reads_all = True
    text = "Crushing chest pain? Call 120. Questions: @daozhen_sim_bot"
    await ward.anna.says(text, ward.chat, is_automatic_forward=True)
    assert ward.anna.latest(ward.chat) == []


@pytest.mark.parametrize("text", ["/faq，怎么挂号？", "/faq：怎么挂号", "/faq怎么挂号", "/faq@daozhen_sim_bot，怎么挂号"])
async def test_chinese_signs_behind_a_command_part_as_a_blank_does(ward, text):
    ward.town.telegram.world.reads_all = True
    assert await ward.asks(ward.anna, text) != []


async def test_a_group_gets_at_most_twenty_messages_a_minute_and_none_is_refused(ward):
    for number in range(30):
        ward.town.telegram.world.says(ward.anna.person, f"/faq where do I pay? {number}", ward.chat)
    for _ in range(120):
        ward.town.telegram.clock.skip(1)
        await asyncio.sleep(0.02)
    await ward.town.settled()
    assert ward.town.telegram.limits.throttled == 0 and len(ward.anna.heard(ward.chat)) == 31
