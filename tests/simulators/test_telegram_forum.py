"""Topics, reactions and standing in the simulated Telegram: checked with python-telegram-bot, which nobody here wrote."""

from __future__ import annotations

import aiohttp
import pytest
from telegram import ForceReply, ReplyParameters
from telegram.error import BadRequest, Forbidden

from connectors.telegram.api import Api
from simulators.telegram.forum import ANONYMOUS
from simulators.telegram.server import TOKEN, Simulator


@pytest.fixture
async def telegram():
    async with Simulator(scale=50) as running:
        yield running
        assert not running.violations


@pytest.fixture
async def bot(telegram):
    api = Api(TOKEN, api_url=telegram.url, timeout_s=1.0)
    yield api.bot
    await api.close()


@pytest.fixture
def ana(telegram):
    return telegram.world.person("Ana")


@pytest.fixture
def desk(telegram, ana):
    chat = telegram.world.group("Desk", ana, forum=True)
    telegram.world.adds_bot(ana, chat, "administrator")
    return chat


async def updates(bot, *kinds):
    """Return what came since the last time, but for the bot's own standing."""
    found = await bot.get_updates(timeout=0, allowed_updates=list(kinds))
    if found:
        await bot.get_updates(offset=found[-1].update_id + 1, timeout=0)
    return [update for update in found if update.my_chat_member is None]


async def test_a_topic_is_made_and_written_in_and_its_number_is_that_of_the_message_that_began_it(bot, desk):
    topic = await bot.create_forum_topic(desk.id, "#A1 🔴 en")
    message = await bot.send_message(desk.id, "hello", message_thread_id=topic.message_thread_id, protect_content=True)
    assert desk.messages[0]["message_id"] == topic.message_thread_id == message.message_thread_id
    assert message.is_topic_message and message.has_protected_content
    assert message.reply_to_message.forum_topic_created.name == "#A1 🔴 en"


async def test_general_is_the_absence_of_a_number_and_one_is_refused(bot, desk):
    assert (await bot.send_message(desk.id, "x")).message_thread_id is None
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(desk.id, "x", message_thread_id=1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda b, c, t: b.create_forum_topic(c, " "), "non-empty"),
        (lambda b, c, t: b.create_forum_topic(c, "x" * 129), "too long"),
        (lambda b, c, t: b.close_forum_topic(c, 999), "Topic_id_invalid|TOPIC_ID_INVALID"),
        (lambda b, c, t: b.reopen_forum_topic(c, t), "Topic_not_modified|TOPIC_NOT_MODIFIED"),
        (lambda b, c, t: b.edit_forum_topic(c, t, name="one"), "Topic_not_modified|TOPIC_NOT_MODIFIED"),
        (lambda b, c, t: b.set_message_reaction(c, 999, "👍"), "to react not found"),
        (lambda b, c, t: b.set_message_reaction(c, t, "🍋"), "REACTION_INVALID|Reaction_invalid"),
        (lambda b, c, t: b.copy_message(c, c, 999), "to copy not found"),
        (lambda b, c, t: b.send_message(c, "x", reply_parameters=ReplyParameters(999)), "to be replied not found"),
        (lambda b, c, t: b.send_message(c, "x", reply_markup=ForceReply(input_field_placeholder="x" * 65)), "(?i)placeholder"),
    ],
)
async def test_what_telegram_refuses_is_refused_in_its_words(bot, desk, call, words):
    topic = await bot.create_forum_topic(desk.id, "one")
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await call(bot, desk.id, topic.message_thread_id)


@pytest.mark.parametrize(
    ("forum", "status", "words"), [(False, "administrator", "not a forum"), (True, "member", "not enough rights")]
)
async def test_topics_need_a_forum_and_an_admin(bot, telegram, ana, forum, status, words):
    chat = telegram.world.group("G", ana, forum=forum)
    telegram.world.adds_bot(ana, chat, status)
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.create_forum_topic(chat.id, "x")


async def test_each_right_is_asked_for_by_itself(bot, desk):
    topic = await bot.create_forum_topic(desk.id, "x")
    desk.rights = {"can_manage_topics"}
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to delete"):
        await bot.delete_forum_topic(desk.id, topic.message_thread_id)
    desk.rights = {"can_delete_messages"}
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to create"):
        await bot.create_forum_topic(desk.id, "y")
    assert await bot.delete_forum_topic(desk.id, topic.message_thread_id)
    member = await bot.get_chat_member(desk.id, int(TOKEN.partition(":")[0]))
    assert member.status == "administrator" and not member.can_manage_topics and member.can_delete_messages


async def test_a_group_says_whether_it_has_topics_and_who_its_admins_are(bot, telegram, ana, desk):
    plain = telegram.world.group("G", ana)
    telegram.world.adds_bot(ana, plain)
    assert (await bot.get_chat(desk.id)).is_forum and not (await bot.get_chat(plain.id)).is_forum
    assert [admin.user.id for admin in await bot.get_chat_administrators(desk.id)] == [ana.id]


async def test_a_topic_that_a_person_deleted_is_gone_with_its_messages_and_no_update_says_so(bot, telegram, ana, desk):
    topic = await bot.create_forum_topic(desk.id, "x")
    card = await bot.send_message(desk.id, "card", message_thread_id=topic.message_thread_id)
    telegram.forum.deletes_topic(ana, desk, topic.message_thread_id)
    assert await updates(bot, "message") == []
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(desk.id, "x", message_thread_id=topic.message_thread_id)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("y", desk.id, card.message_id)


async def test_a_closed_topic_is_closed_to_members_and_open_to_admins(bot, telegram, ana, desk):
    topic = await bot.create_forum_topic(desk.id, "x")
    telegram.forum.closes_topic(ana, desk, topic.message_thread_id)
    (update,) = await updates(bot, "message")
    assert update.message.forum_topic_closed and update.message.message_thread_id == topic.message_thread_id
    assert await bot.send_message(desk.id, "x", message_thread_id=topic.message_thread_id)
    with pytest.raises(LookupError, match=r"(?i)closed"):
        telegram.forum.writes(telegram.world.person("Ben"), desk, "x", thread=topic.message_thread_id)
    desk.bot = "member"
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(desk.id, "x", message_thread_id=topic.message_thread_id)


async def test_what_is_written_in_a_topic_seems_to_answer_its_beginning(bot, telegram, ana, desk):
    thread = telegram.forum.opens_topic(ana, desk, "pause")
    telegram.forum.writes(ana, desk, "lunch?", thread=thread)
    created, chatter = (update.message for update in await updates(bot, "message"))
    assert created.forum_topic_created and created.is_topic_message and created.message_thread_id == thread
    assert chatter.reply_to_message.forum_topic_created and chatter.message_thread_id == thread


async def test_an_answer_in_a_group_without_topics_has_a_thread_that_is_none(bot, telegram, ana):
    chat = telegram.world.group("G", ana)
    telegram.world.adds_bot(ana, chat)
    first = await bot.send_message(chat.id, "hi")
    telegram.world.says(ana, "yes", chat, reply_to=first.message_id)
    (update,) = await updates(bot, "message")
    assert update.message.message_thread_id == first.message_id and not update.message.is_topic_message


async def test_an_admin_who_writes_as_the_group_cannot_be_known(bot, telegram, ana, desk):
    telegram.forum.writes_as_group(ana, desk, "hello")
    (update,) = await updates(bot, "message")
    assert update.message.from_user.id == ANONYMOUS["id"] and update.message.sender_chat.id == desk.id
    with pytest.raises(LookupError):
        telegram.forum.writes_as_group(telegram.world.person("Ben"), desk, "hello")


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("admin", [True, False])
async def test_who_leaves_is_told_only_to_an_admin_who_asked(bot, telegram, ana, desk, asked, admin):
    kinds = ["message", *(["chat_member"] if asked else [])]
    await updates(bot, *kinds)
    desk.bot = "administrator" if admin else "member"
    telegram.forum.leaves(telegram.world.person("Ben"), desk)
    told = [update.chat_member for update in await updates(bot, *kinds) if update.chat_member]
    assert [change.new_chat_member.status for change in told] == (["left"] if asked and admin else [])


async def test_who_is_kicked_is_told_with_who_did_it(bot, telegram, ana, desk):
    await updates(bot, "chat_member")
    ben = telegram.world.person("Ben")
    telegram.forum.is_kicked(ben, desk, ana)
    telegram.forum.joins(ben, desk)
    kicked, joined = (update.chat_member for update in await updates(bot, "chat_member"))
    assert (
        kicked.from_user.id == ana.id and kicked.new_chat_member.status == "kicked" and kicked.new_chat_member.user.id == ben.id
    )
    assert joined.new_chat_member.status == "member"


@pytest.mark.parametrize("asked", [True, False])
async def test_reactions_are_told_only_when_asked_for(bot, telegram, ana, desk, asked):
    kinds = ["message", *(["message_reaction"] if asked else [])]
    await updates(bot, *kinds)
    message = await bot.send_message(desk.id, "x")
    telegram.world.reacts(ana, desk, message.message_id)
    assert len(await updates(bot, *kinds)) == int(asked)


async def test_the_bot_puts_one_reaction_and_takes_it_away(bot, telegram, ana, desk):
    message = telegram.forum.writes(ana, desk, "x")
    await bot.set_message_reaction(desk.id, message["message_id"], "👀")
    await bot.set_message_reaction(desk.id, message["message_id"], "👍")
    assert desk.reactions == {message["message_id"]: "👍"}
    await bot.set_message_reaction(desk.id, message["message_id"], [])
    assert desk.reactions == {}


async def test_a_copy_has_no_author_and_what_is_protected_is_not_copied(bot, telegram, ana, desk):
    telegram.world.starts(ana)
    photo = telegram.world.sends_photo(ana, "rash")
    copy = await bot.copy_message(desk.id, ana.id, photo["message_id"], protect_content=True)
    message = desk.message(copy.message_id)
    assert message["caption"] == "rash" and message["from"]["is_bot"] and message["has_protected_content"]
    with pytest.raises(BadRequest, match=r"(?i)can't be copied"):
        await bot.copy_message(ana.id, desk.id, copy.message_id)


async def test_topics_and_what_is_done_with_them_count_as_messages(bot, telegram, desk):
    telegram.clock.scale = 0.0
    topic = await bot.create_forum_topic(desk.id, "0")
    for number in range(19):
        await bot.edit_forum_topic(desk.id, topic.message_thread_id, name=f"name {number}")
    with pytest.raises(Exception, match=r"Flood control|retry"):
        await bot.send_message(desk.id, "x", message_thread_id=topic.message_thread_id)
    assert telegram.limits.throttled == 1


async def test_out_of_the_group_nothing_is_possible(bot, telegram, ana, desk):
    telegram.world.adds_bot(ana, desk, "kicked")
    for call in (bot.create_forum_topic(desk.id, "x"), bot.get_chat(desk.id), bot.get_chat_administrators(desk.id)):
        with pytest.raises(Forbidden, match=r"(?i)kicked"):
            await call


async def test_the_page_shows_topics_and_does_what_people_do(telegram, ana, desk):
    async with aiohttp.ClientSession(telegram.url, headers={"X-Simulator": "1"}) as page:

        async def deed(what, **data):
            async with page.post(f"/deed/{what}", json={"person": ana.id, "chat": desk.id, **data}) as answer:
                return answer.status

        assert await deed("topic", name="pause") == 200
        (thread,) = desk.topics
        assert await deed("say", text="lunch?", thread=thread) == 200
        assert await deed("anonymous", text="yes", thread=thread) == 200
        assert await deed("close", thread=thread) == 200 and desk.topics == {thread: "closed"}
        state = await (await page.get("/state")).json()
        (shown,) = [chat for chat in state["chats"] if chat["id"] == desk.id]
        assert shown["topics"] == [{"thread": thread, "name": "pause", "state": "closed"}] and shown["forum"]
        assert await deed("delete", thread=thread) == 200 and await deed("delete", thread=thread) == 400
        assert await deed("leave") == 200 and await deed("say", text="x") == 400
