"""The simulated Telegram is as strict as the real one: checked with python-telegram-bot, which nobody here wrote."""

from __future__ import annotations

import asyncio
import itertools
import time

import aiohttp
import pytest
from aiohttp import web
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from connectors.telegram.api import Api
from simulators.telegram.faults import Fault
from simulators.telegram.server import TOKEN, Simulator


@pytest.fixture
async def telegram():
    async with Simulator(scale=50) as running:
        yield running


@pytest.fixture
async def bot(telegram):
    api = Api(TOKEN, api_url=telegram.url, timeout_s=1.0)
    yield api.bot
    await api.close()


@pytest.fixture
def anna(telegram):
    person = telegram.world.person("Anna")
    telegram.world.starts(person)
    return person


def keys(data: str, **more: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("x", **({"callback_data": data} if data else more))]])


async def test_a_sent_message_comes_back_as_the_library_knows_it(bot, anna, telegram):
    message = await bot.send_message(anna.id, "*hi* 😀", entities=[MessageEntity("italic", 5, 2)], reply_markup=keys("a"))
    assert message.text == "*hi* 😀" and message.chat.id == anna.id and message.entities[0].length == 2
    assert telegram.said(anna.id) == ["*hi* 😀"]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda b, a: b.send_message(a, " "), BadRequest, "text is empty"),
        (lambda b, a: b.send_message(a, "x" * 4097), BadRequest, "too long"),
        (lambda b, a: b.send_message(a, "😀" * 2049), BadRequest, "too long"),
        (lambda b, a: b.send_message(4711, "x"), BadRequest, "Chat not found|chat not found"),
        (lambda b, a: b.send_message(a, "x", reply_markup=keys("ب" * 33)), BadRequest, "BUTTON_DATA_INVALID|Button_data_invalid"),
        (lambda b, a: b.send_message(a, "x", reply_markup=keys("", url="nonsense")), BadRequest, "URL"),
        (lambda b, a: b.send_message(a, "x", reply_markup=keys("", url="https://t.me/b?start=a.b")), BadRequest, "START_PARAM"),
        (lambda b, a: b.send_message(a, "x", entities=[MessageEntity("bold", 0, 2)]), BadRequest, "ENTITY_BOUNDS"),
        (lambda b, a: b.send_message(a, "x", parse_mode="HTML"), BadRequest, "parse entities"),
        (lambda b, a: b.send_message(a, "x", message_thread_id=1), BadRequest, "thread not found"),
        (lambda b, a: b.edit_message_reply_markup(a, 999), BadRequest, "to edit not found"),
        (lambda b, a: b.answer_callback_query("1"), BadRequest, "query is too old"),
        (lambda b, a: b.set_my_commands([BotCommand("Start", "x")]), BadRequest, "COMMAND_INVALID"),
        (lambda b, a: b.set_my_commands([BotCommand("start", "x")], language_code="zh-hant"), BadRequest, "LANGUAGE_CODE"),
        (lambda b, a: b.set_my_description("x" * 513), BadRequest, "too long"),
        (lambda b, a: b.set_webhook("http://example.org/x"), BadRequest, "HTTPS"),
        (lambda b, a: b.set_webhook("https://example.org/x", secret_token="a b"), BadRequest, "unallowed"),
    ],
)  # fmt: skip
async def test_what_telegram_refuses_is_refused_in_its_words(bot, anna, call, error, words):
    with pytest.raises(error, match=f"(?i){words}"):
        await call(bot, anna.id)


async def test_at_the_limit_it_is_taken(bot, anna):
    assert await bot.send_message(anna.id, "x" * 4096) and await bot.send_message(anna.id, "x", reply_markup=keys("a" * 64))


async def test_a_method_or_parameter_that_telegram_does_not_know_fails_and_is_remembered(bot, anna, telegram):
    for call in (
        bot.do_api_request("sendTelepathy"),
        bot.send_message(anna.id, "x", api_kwargs={"colour": "red"}),
        bot.send_dice(anna.id),
    ):
        with pytest.raises((BadRequest, InvalidToken, NetworkError)):
            await call
    assert len(telegram.violations) == 3


async def test_a_wrong_token_is_refused(telegram):
    api = Api("1:wrongtoken", api_url=telegram.url)
    with pytest.raises(InvalidToken):
        await api.bot.get_me()
    await api.close()


async def test_who_never_started_or_blocked_or_left_cannot_be_written_to(bot, telegram, anna):
    stranger = telegram.world.person("Ben")
    group = telegram.world.group("G", anna)
    for chat, words in ((stranger.id, "initiate"), (group.id, "not a member")):
        with pytest.raises(Forbidden, match=words):
            await bot.send_message(chat, "x")
    telegram.world.blocks(anna)
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(anna.id, "x")
    telegram.world.says(anna, "again")  # writing unblocks
    assert await bot.send_message(anna.id, "x")


async def test_a_group_that_moved_names_its_new_id(bot, telegram, anna):
    old = telegram.world.group("G", anna, kind="group")
    telegram.world.adds_bot(anna, old)
    new = telegram.world.moves(old)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old.id, "x")
    assert moved.value.new_chat_id == new.id and await bot.send_message(new.id, "x")


async def test_too_fast_is_429_and_waiting_as_told_helps(bot, telegram, anna):
    telegram.clock.scale = 0.001  # time stands still: what is too fast does not depend on this machine
    with pytest.raises(RetryAfter):
        for number in range(8):
            await bot.send_message(anna.id, str(number))
    assert telegram.limits.throttled == 1
    telegram.clock.skip(2)
    assert await bot.send_message(anna.id, "x")


async def test_a_group_takes_twenty_a_minute(telegram, anna, bot):
    group = telegram.world.group("G", anna)
    telegram.world.adds_bot(anna, group)
    telegram.clock.scale = 0.001  # time stands still
    with pytest.raises(RetryAfter):
        for number in range(25):
            telegram.clock.skip(0.1)
            await bot.send_message(group.id, str(number))
    assert len(telegram.said(group.id)) == 20


async def test_a_pressed_button_is_answered_once_and_in_time(bot, telegram, anna):
    message = await bot.send_message(anna.id, "?", reply_markup=keys("a"))
    query = telegram.world.presses(anna, telegram.world.chats[anna.id], message.message_id, "a")
    assert await bot.answer_callback_query(query, text="ok") and telegram.world.queries[query].text == "ok"
    late = telegram.world.presses(anna, telegram.world.chats[anna.id], message.message_id, "a")
    telegram.clock.skip(61)
    for one in (query, late):
        with pytest.raises(BadRequest, match="too old"):
            await bot.answer_callback_query(one)


async def test_not_modified_is_an_error(bot, anna):
    message = await bot.send_message(anna.id, "?", reply_markup=keys("a"))
    assert await bot.edit_message_reply_markup(anna.id, message.message_id)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_reply_markup(anna.id, message.message_id)


@pytest.mark.parametrize(
    ("kind", "error", "arrived"),
    [
        ("lost", NetworkError, 0),
        ("unanswered", NetworkError, 1),
        ("garbage", Exception, 1),
        ("gateway", NetworkError, 0),
        ("slow", TimedOut, 1),
    ],
)
async def test_faults_happen_once_with_or_without_effect(bot, telegram, anna, kind, error, arrived):
    telegram.faults.order(Fault(kind, "sendMessage", seconds=60))
    with pytest.raises(error):
        await bot.send_message(anna.id, "x")
    await asyncio.sleep(0.4)
    assert len(telegram.said(anna.id)) == arrived and await bot.send_message(anna.id, "y")


async def test_long_polling_waits_for_news_and_a_higher_offset_confirms(bot, telegram, anna):
    api = Api(TOKEN, api_url=telegram.url, poll_s=20)
    (first,) = await api.updates(0)
    waiting = asyncio.create_task(api.updates(first["update_id"] + 1))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    telegram.world.says(anna, "news")
    (second,) = await waiting
    assert second["message"]["text"] == "news" and second["update_id"] == first["update_id"] + 1
    assert (await api.updates(first["update_id"] + 1))[0] == second  # not confirmed yet
    assert telegram.delivery.waiting() == 1
    await api.close()


async def test_polling_beside_a_webhook_or_another_poller_is_a_conflict(bot, telegram, anna):
    api = Api(TOKEN, api_url=telegram.url, poll_s=20)
    await api.updates(0)
    number = telegram.delivery._next
    first = asyncio.create_task(api.updates(number))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(api.updates(number))
    with pytest.raises(Conflict, match="other getUpdates"):
        await first
    telegram.world.says(anna, "x")
    assert await second
    await bot.set_webhook("https://example.org/x")
    with pytest.raises(Conflict, match="webhook is active"):
        await api.updates(0)
    await api.close()


class Door:
    """A webhook that answers as it is told and remembers what came."""

    def __init__(self) -> None:
        self.came: list[tuple[float, dict, str]] = []
        self.answers: list[int | float] = []
        self.headers: dict[str, str] = {}
        self.at_once = self.most_at_once = 0

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post("/hook", self._post)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self.runner.addresses[0][1]}/hook"

    async def _post(self, request):
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        self.came.append((time.monotonic(), await request.json(), request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = 200
        self.at_once -= 1
        return web.Response(status=answer, headers=self.headers)


@pytest.fixture
async def door(telegram, bot):
    made = Door()
    address = await made.start()
    await bot.set_webhook(address, secret_token="s3cret", max_connections=3)
    yield made
    await made.runner.cleanup()


async def wait_for(true):
    for _ in range(400):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not become true")


async def test_the_webhook_gets_the_secret_and_each_update_until_it_is_taken(telegram, door, anna):
    await wait_for(lambda: not telegram.delivery.waiting())
    door.answers = [500, 500, 404]
    telegram.world.says(anna, "x")
    await wait_for(lambda: not telegram.delivery.waiting())
    assert {secret for _, _, secret in door.came} == {"s3cret"}
    times = [at for at, update, _ in door.came if update["message"]["text"] == "x"]
    pauses = [(later - earlier) * 50 for earlier, later in itertools.pairwise(times)]
    assert len(times) == 4 and pauses[0] < 1 and 1.8 < pauses[1] < 4 and 3.8 < pauses[2] < 7  # at once, 2 s, 4 s


async def test_a_named_wait_is_kept(telegram, door, anna):
    await wait_for(lambda: not telegram.delivery.waiting())
    door.came.clear()
    door.answers, door.headers = [503], {"Retry-After": "20"}
    telegram.world.says(anna, "x")
    await wait_for(lambda: not telegram.delivery.waiting())
    assert 19 < (door.came[1][0] - door.came[0][0]) * 50 < 25


async def test_messages_of_a_chat_come_in_order_and_others_do_not_wait(telegram, door, anna):
    ben = telegram.world.person("Ben")
    await wait_for(lambda: not telegram.delivery.waiting())
    door.came.clear()
    door.answers = [0.3]
    telegram.world.says(anna, "slow")
    telegram.world.says(anna, "after it")
    telegram.world.starts(ben)
    await wait_for(lambda: not telegram.delivery.waiting())
    assert [update["message"]["text"] for _, update, _ in door.came] == ["slow", "/start", "after it"]


async def test_a_press_does_not_wait_for_a_message_of_the_same_person(telegram, door, anna, bot):
    message = await bot.send_message(anna.id, "?", reply_markup=keys("a"))
    await wait_for(lambda: not telegram.delivery.waiting())
    door.came.clear()
    door.answers = [0.3]
    telegram.world.says(anna, "slow")
    telegram.world.presses(anna, telegram.world.chats[anna.id], message.message_id, "a")
    await wait_for(lambda: len(door.came) == 2)
    assert telegram.delivery.waiting() and "callback_query" in door.came[1][1]


async def test_no_more_lines_than_were_asked_for(telegram, door):
    for number in range(12):
        telegram.world.starts(telegram.world.person(str(number)))
    door.answers = [0.05] * 12
    await wait_for(lambda: not telegram.delivery.waiting())
    assert door.most_at_once == 3


async def test_chats_that_always_fail_keep_the_others_back(telegram, door):
    door.answers = [500] * 10_000
    for number in range(6):
        telegram.world.starts(telegram.world.person(str(number)))
    await asyncio.sleep(0.1)
    last = telegram.world.person("last")
    telegram.world.starts(last)
    await asyncio.sleep(0.3)
    assert not any(update["message"]["from"]["id"] == last.id for _, update, _ in door.came)


async def test_an_update_expires_a_message_after_a_day_a_press_after_150_seconds(telegram, door, anna, bot):
    message = await bot.send_message(anna.id, "?", reply_markup=keys("a"))
    await wait_for(lambda: not telegram.delivery.waiting())
    door.answers = [500] * 10_000
    telegram.world.presses(anna, telegram.world.chats[anna.id], message.message_id, "a")
    telegram.world.says(anna, "x")
    telegram.clock.skip(160)
    await wait_for(lambda: telegram.delivery.counts.expired == 1)
    assert telegram.delivery.waiting() == 1
    telegram.clock.skip(24 * 3600)
    await wait_for(lambda: telegram.delivery.counts.expired == 2)


async def test_only_what_was_asked_for_is_made(telegram, bot, anna):
    group = telegram.world.group("G", anna)
    telegram.world.adds_bot(anna, group, "administrator")
    before = telegram.delivery.counts.made
    telegram.world.reacts(anna, group, 1)
    assert telegram.delivery.counts.made == before
    await bot.set_webhook("https://example.org/x", allowed_updates=["message_reaction"])
    telegram.world.reacts(anna, group, 1)
    telegram.world.says(anna, "x")
    assert telegram.delivery.counts.made == before + 1


async def test_privacy_mode_hides_what_is_not_for_the_bot(telegram, anna):
    group = telegram.world.group("G", anna)
    telegram.world.adds_bot(anna, group)
    before = telegram.delivery.counts.made
    for text in ("hello", "hello @daozhen_sim_bot", "/faq@other_bot"):
        telegram.world.says(anna, text, group)
    assert telegram.delivery.counts.made == before
    telegram.world.says(anna, "/faq", group)
    telegram.world.adds_bot(anna, group, "administrator")
    telegram.world.says(anna, "hello", group)
    assert telegram.delivery.counts.made == before + 3


async def test_the_page_shows_people_and_takes_deeds_only_from_itself(telegram):
    async with aiohttp.ClientSession() as http:
        page = await (await http.get(telegram.url)).text()
        state = await (await http.get(f"{telegram.url}/state")).json()
        assert "Simulated Telegram" in page and len(state["people"]) == 7
        deed = {"person": state["people"][0]["id"], "text": "您好"}
        assert (await http.post(f"{telegram.url}/deed/say", json=deed)).status == 404
        assert (await http.post(f"{telegram.url}/deed/say", json=deed, headers={"X-Simulator": "1"})).status == 200
        assert (await http.post(f"{telegram.url}/deed/say", json={"person": 1}, headers={"X-Simulator": "1"})).status == 400
        state = await (await http.get(f"{telegram.url}/state?since={state['version']}")).json()
    assert any(message.get("text") == "您好" for chat in state["chats"] for message in chat["messages"])
