"""What the specification asks for by name and no other file of this folder shows: bursts, calls that are not made, polling like webhook."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict

import pytest

from bot.database.tables import inbound, outbound
from simulators.telegram.errors import bad_request
from simulators.telegram.faults import Fault
from tests.telegram.town import Town, until

WORDS = ["hello", "one", "crushing chest pain", "two"]


@pytest.mark.slow
async def test_two_hundred_chats_at_once_lose_nothing_and_keep_their_order(town):
    world = town.telegram.world
    people = [world.person(f"P{number}") for number in range(200)]
    for word in WORDS:
        for person in people:
            world.says(person, word)
    # Telegram's pace: 25 a second, of which twenty pass here in one.
    await until(lambda: not town.telegram.delivery.waiting(), seconds=60)
    await until(lambda: not {"pending", "sending"} & set(town.states(outbound)), seconds=90)
    with town.database.read() as work:
        rows = work.execute(inbound.select().order_by(inbound.c.id)).all()
        sent, heard = work.execute(outbound.select()).all(), defaultdict(list)
        for row in rows:
            heard[row.conversation_id].append(work.cipher.unseal(row.sealed)["text"])
    assert list(heard.values()) == [WORDS] * 200
    said = [town.telegram.said(person.id) for person in people]
    assert all("120" in "".join(texts) for texts in said)
    # Said again is only what was tried again: on a busy machine an answer of the simulator may come too late.
    assert len(sent) <= sum(map(len, said)) <= sum(row.tries for row in sent)
    assert not town.mistakes.seen and not town.telegram.violations and not town.telegram.limits.throttled


async def test_who_we_are_is_asked_once_and_the_webhook_is_set_once(town):
    anna = await town.person().who_agreed()
    for number in range(10):
        await anna.says(f"word {number}")
    called = Counter(name for name, _ in town.telegram.calls)
    assert called["getMe"] == 1 and called["setWebhook"] == 1


async def test_a_message_whose_buttons_are_gone_already_is_no_failure(town):
    anna = town.person()
    await anna.starts()
    town.telegram.faults.order(Fault("error", "editMessageReplyMarkup", error=bad_request("message is not modified")))
    await anna.presses(0)
    await anna.says("my ear hurts")
    anna.hears("(my ear hurts)")
    assert not town.mistakes.seen


async def test_privacy_mode_switched_off_is_told_to_the_operator(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        async with Town(tmp_path, reads_all=True):
            pass
    assert "privacy mode is off" in caplog.text


async def test_privacy_mode_as_it_should_be_is_not_spoken_of(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        async with Town(tmp_path):
            pass
    assert "privacy mode" not in caplog.text


async def test_with_the_assistant_away_the_patient_hears_so_once_and_is_answered_later(town):
    anna = await town.person().who_agreed()
    town.assistant.goes_down()
    before = len(anna.heard())
    town.telegram.world.says(anna.person, "my ear hurts")
    await until(lambda: len(anna.heard()) == before + 1)
    town.telegram.world.says(anna.person, "crushing chest pain")  # the safety net needs no assistant
    await until(lambda: "120" in anna.heard()[-1])
    town.assistant.comes_back()
    await until(lambda: any("(my ear hurts)" in text for text in anna.heard()), seconds=30)
    assert len([text for text in anna.heard() if "(my ear hurts)" in text]) == 1


@pytest.mark.parametrize("deed", ["emergency", "edited", "block", "group"])
async def test_polling_is_like_the_webhook(either_town, deed):
    town = either_town
    anna = await town.person().who_agreed()
    if deed == "emergency":
        await anna.says("crushing chest pain and I am sweating")
        anna.hears("120")
    elif deed == "edited":
        message = await anna.says("my eer hurts")
        town.telegram.world.edits(anna.person, anna.chat, message["message_id"], "my ear hurts")
        await until(lambda: "my ear hurts" in town.stored())
    elif deed == "block":
        town.telegram.world.blocks(anna.person)
        town.telegram.world.unblocks(anna.person)
        await anna.says("back again")
        anna.hears("(back again)")
    else:
        ward = town.group("Ward", anna)
        town.telegram.world.adds_bot(anna.person, ward)
        town.telegram.world.says(anna.person, "/faq where can I park?", ward)
        await until(lambda: len(town.telegram.said(ward.id)) >= 2)
        assert "park" not in " ".join(town.stored())
