"""The failure table of the specification, line by line: what goes wrong at Telegram, and what a patient sees of it."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from bot.database.engine import DatabaseProblem
from bot.database.tables import case_event, outbound
from bot.messages import Reply
from bot.outbox.compose import compose
from bot.outbox.store import Place, enqueue
from simulators.telegram.errors import ApiError, bad_request, forbidden, too_many
from simulators.telegram.faults import Fault
from tests.telegram.town import Town, until


def problems(town) -> list[tuple[str, str]]:
    """Return state and problem of what was not simply sent."""
    with town.database.read() as work:
        rows = work.execute(sa.select(outbound.c.state, outbound.c.problem).where(outbound.c.problem.isnot(None)))
        return [tuple(row) for row in rows]


@pytest.fixture
async def anna(town):
    return await town.person().who_agreed()


def order(town, kind, **more):
    town.telegram.faults.order(Fault(kind, "sendMessage", **more))


async def test_429_is_waited_for_and_keeps_the_order(town, anna):
    order(town, "error", error=too_many(7), times=3)
    for number in range(5):
        town.telegram.world.says(anna.person, f"word {number}")
    await town.settled()
    assert [text.split("\n")[0] for text in anna.heard()][-5:] == [f"(word {number})" for number in range(5)]


async def test_429_for_one_chat_does_not_hold_up_another(town, anna):
    ben = await town.person("Ben").who_agreed()
    order(town, "error", error=too_many(100_000), chat=anna.person.id)
    town.telegram.world.says(anna.person, "from anna")
    town.telegram.world.says(ben.person, "from ben")
    await until(lambda: any("(from ben)" in text for text in ben.heard()))
    assert not any("(from anna)" in text for text in anna.heard())
    # The wait begins when the refusal is written down: time that is skipped before that would not shorten it.
    await until(lambda: ("pending", "Transient") in problems(town))
    town.telegram.clock.skip(100_001)
    await town.settled()
    anna.hears("(from anna)")


@pytest.mark.parametrize("kind", ["unanswered", "garbage"])
async def test_an_answer_that_arrived_unseen_is_sent_again_rather_than_never(town, anna, kind):
    order(town, kind)
    await anna.says("my ear hurts")
    assert len([text for text in anna.heard() if "(my ear hurts)" in text]) == 2


@pytest.mark.parametrize("kind", ["lost", "gateway"])
async def test_an_answer_that_was_lost_arrives_once(town, anna, kind):
    order(town, kind)
    await anna.says("my ear hurts")
    assert len([text for text in anna.heard() if "(my ear hurts)" in text]) == 1


async def test_an_answer_too_slow_is_of_unknown_outcome(town, anna):
    order(town, "slow", seconds=60.0)  # three seconds here; the line waits for one
    await anna.says("my ear hurts")
    await asyncio.sleep(2.5)
    assert ("sent", "Unknown") in problems(town)


async def test_what_must_not_come_twice_is_given_up_after_an_unknown_outcome(town, anna):
    order(town, "unanswered")
    message = compose(Reply("remember"), "en", phrases=town.services.content.current().phrases)
    with town.database.write() as work:
        place = Place(anna.conversation().id, "telegram")
        enqueue(work, place, message, dedupe_key="r", now=town.now(), at_most_once=True)
    town.services.feed.outgoing.set()
    await town.settled()
    assert problems(town) == [("dead", "Unknown")] and len([text for text in anna.heard() if "remember" in text]) == 1


async def test_500_of_telegram_is_tried_again(town, anna):
    order(town, "error", error=ApiError(500, "Internal Server Error"))
    await anna.says("my ear hurts")
    assert len([text for text in anna.heard() if "(my ear hurts)" in text]) == 1


async def test_who_blocks_in_the_middle_gets_nothing_and_coming_back_it_goes_on(town, anna):
    await anna.says("nurse")
    town.assistant.holds()
    town.telegram.world.says(anna.person, "my ear hurts")
    await asyncio.sleep(0.1)
    anna.person.blocked = True  # Telegram's note of it gets lost
    town.assistant.lets_go()
    await town.settled()
    assert ("dead", "Closed") in problems(town)
    with town.database.read() as work:
        assert "unreachable" in list(work.execute(sa.select(case_event.c.what)).scalars())
    await anna.says("hello again")
    anna.hears("(hello again)")


async def test_a_note_of_a_block_that_comes_late_takes_nothing_from_who_is_back(town, anna):
    order(town, "error", error=too_many(1000))
    add, late = town.telegram.delivery.add, []
    town.telegram.delivery.add = lambda *update: late.append(update)  # they have a queue of their own, and may come later
    town.telegram.world.blocks(anna.person)
    town.telegram.world.unblocks(anna.person)
    town.telegram.delivery.add = add
    town.telegram.clock.skip(3)
    await _says_and_waits(town, anna)
    for update in late:
        add(*update)
    await until(lambda: town.telegram.delivery.waiting() == 0)
    assert "dead" not in town.states(outbound) and anna.conversation().erase_after is None


async def test_telegrams_note_of_a_block_gives_up_what_waits(town, anna):
    order(town, "error", error=too_many(1000))
    await _says_and_waits(town, anna)
    town.telegram.world.blocks(anna.person)
    await town.settled()
    assert ("dead", "Closed") in problems(town)


async def _says_and_waits(town, anna):
    town.telegram.world.says(anna.person, "my ear hurts")
    await until(lambda: ("pending", "Transient") in problems(town))


@pytest.mark.parametrize(
    "error",
    [
        forbidden("user is deactivated"),
        forbidden("bot can't initiate conversation with a user"),
        bad_request("chat not found"),
    ],
)
async def test_a_chat_that_is_gone_is_given_up(town, anna, error):
    order(town, "error", error=error)
    await anna.says("my ear hurts")
    assert problems(town) == [("dead", "Closed")]


async def test_formatting_that_telegram_refuses_is_left_away(town, anna):
    order(town, "error", error=bad_request("can't parse entities: unsupported"))
    await anna.says("my ear hurts")
    anna.hears("(my ear hurts)")
    assert "entities" not in anna.chat.messages[-1]


async def test_buttons_that_telegram_refuses_cost_the_words_nothing(town, caplog):
    town.telegram.faults.order(Fault("error", "sendMessage", error=bad_request("BUTTON_DATA_INVALID")))
    anna = town.person()
    await anna.starts()
    anna.hears("I am the guide of the Sample Hospital")
    assert anna.buttons() == [] and "buttons refused" in caplog.text


async def test_a_message_that_telegram_refuses_for_ever_does_not_hold_up_the_next(town, anna):
    order(town, "error", error=bad_request("BUTTON_DATA_INVALID"))
    await anna.says("one")
    await anna.says("two")
    assert problems(town) == [("dead", "Permanent")]
    anna.hears("(two)")


async def test_a_press_that_is_too_old_to_be_answered_still_counts(town):
    anna = town.person()
    await anna.starts()
    town.telegram.faults.order(Fault("error", "answerCallbackQuery", error=bad_request("query is too old")))
    key = anna.chat.messages[-1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    town.telegram.world.presses(anna.person, anna.chat, anna.chat.messages[-1]["message_id"], key)
    await town.settled()
    anna.hears("(Hello)")


async def test_a_webhook_that_was_moved_is_set_again(town, caplog):
    hook = town.telegram.delivery.webhook
    ours, hook.url = hook.url, "https://evil.example.org/"
    town.telegram.clock.skip(2)
    await until(lambda: town.telegram.delivery.webhook.url == ours)
    assert town.telegram.delivery.webhook.secret and "lost or moved" in caplog.text


@pytest.mark.parametrize(("waiting", "ago", "told"), [(3, 30, True), (0, 30, False), (3, 7200, False)])
async def test_what_telegram_cannot_bring_is_told_to_the_operator(town, monkeypatch, caplog, waiting, ago, told):
    known, delivery = town.telegram.delivery.info(), town.telegram.delivery
    looked = []

    def info():
        looked.append(1)
        failed = {"last_error_date": int(town.telegram.clock.now()) - ago, "last_error_message": "SSL error"}
        return {**known, **failed, "pending_update_count": waiting}

    with monkeypatch.context() as broken:
        broken.setattr(delivery, "info", info)
        await until(lambda: len(looked) > 2)
        assert (town.connector.state() == "Telegram cannot deliver to us") is told
    assert caplog.text.count("SSL error") == told
    await until(lambda: town.connector.state() == "ok")


async def test_a_refused_token_stops_sending_keeps_everything_and_says_so(town, anna):
    token, town.telegram.token = town.telegram.token, "another"
    town.telegram.world.says(anna.person, "my ear hurts")
    await until(lambda: town.connector.state() == "token refused")
    assert not any("(my ear hurts)" in text for text in anna.heard())
    town.telegram.token = token
    town.telegram.clock.skip(70)
    await town.settled()
    anna.hears("(my ear hurts)")


async def test_the_database_away_makes_telegram_keep_the_message(town, anna, monkeypatch):
    stored = town.services.inbox._store
    failures = []

    def fails(message):
        if len(failures) < 3:
            failures.append(message)
            raise DatabaseProblem("away")
        return stored(message)

    monkeypatch.setattr(town.services.inbox, "_store", fails)
    await anna.says("my ear hurts")
    anna.hears("(my ear hurts)")
    assert len(failures) == 3 and town.telegram.delivery.webhook.last_error.endswith("503")


async def test_a_mistake_of_ours_in_one_update_is_counted_and_holds_up_nobody(town, anna, monkeypatch):
    private = town.connector._intake._private
    said = private.said

    async def fails(message):
        if "breaks" in message.text:
            raise ZeroDivisionError(message.text)
        await said(message)

    monkeypatch.setattr(private, "said", fails)
    town.telegram.world.says(anna.person, "zebramarker breaks it")
    await anna.says("my ear hurts")
    anna.hears("(my ear hurts)")
    counted = town.services.metrics.registry.get_sample_value
    assert counted("daozhen_updates_ignored_total", {"channel": "telegram", "kind": "mistake"}) == 1


async def test_telegram_down_at_the_start_is_waited_for(tmp_path):
    town = Town(tmp_path)
    town.telegram.faults.order(Fault("error", "getMe", times=4, error=bad_request("not now")))
    async with town:
        anna = await town.person().who_agreed()
        anna.hears("(Hello)")


async def test_a_second_poller_does_not_lose_messages(tmp_path):
    async with Town(tmp_path, mode="polling") as town:
        anna = await town.person().who_agreed()
        await town.telegram.delivery.poll(0, 1, 0)
        await until(lambda: ("getUpdates", 409) in town.telegram.refused)
        town.telegram.world.says(anna.person, "my ear hurts")
        await until(lambda: any("(my ear hurts)" in text for text in anna.heard()))


async def test_with_polling_numbers_that_begin_anew_lower_are_taken_once_and_hold_up_nobody(tmp_path):
    async with Town(tmp_path, mode="polling") as town:
        anna = await town.person().who_agreed()
        town.telegram.delivery._next = 1_000  # after a quiet week
        await anna.says("my ear hurts")
        await until(lambda: town.telegram.delivery.waiting() == 0)
        await anna.says("my knee hurts")
        assert [text for text in town.stored() if "hurts" in text] == ["my ear hurts", "my knee hurts"]


async def test_a_message_and_a_press_that_cross_are_both_seen_to(town):
    anna = town.person()
    await anna.starts()
    message = anna.chat.messages[-1]
    key = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for _ in range(2):
        town.telegram.world.says(anna.person, "my ear hurts")
        town.telegram.world.presses(anna.person, anna.chat, message["message_id"], key)
    await town.settled()
    anna.hears("(my ear hurts)")


async def test_updates_that_always_fail_keep_nobody_elses_back(town, anna):
    """As many chats as Telegram has lines write something that we cannot read: all of it is acknowledged."""
    for number in range(100):
        town.telegram.delivery.add("message", {"chat": {"id": number, "type": "private"}, "text": number}, ("message", number))
    await anna.says("my ear hurts")
    anna.hears("(my ear hurts)")
    assert town.telegram.delivery.waiting() == 0
