"""The webhook's door: who may come in, what it costs, what it says, and what stands in the logs afterwards."""

from __future__ import annotations

import io
import json
import logging
import random

import httpx
import pytest

from bot.database.tables import inbound
from bot.errors import OperatorError
from bot.languages import LANGUAGES
from connectors.contract import NotTheirs
from connectors.installed import installed
from connectors.logs import JsonLines, set_up
from connectors.telegram.connector import SECRET_HEADER, Telegram, TelegramProblem
from connectors.telegram.running import PATH
from tests.telegram.kit import SECRET, TOKEN, group, in_group, press, request, said, settings, standing
from tests.telegram.town import until


async def post(town, body: bytes, secret: str | None = SECRET) -> httpx.Response:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(town.address + PATH, content=body, headers=headers)


@pytest.mark.parametrize("secret", [None, "", "x", SECRET + ".", SECRET[:-1], SECRET.upper(), "a" * 10_000])
async def test_without_the_secret_nothing_is_read(town, secret):
    body = json.dumps(said("crushing chest pain")).encode()
    for content in (body, b"{", b""):
        answer = await post(town, content, secret)
        assert answer.status_code == 401 and not answer.content
    with town.database.read() as work:
        assert work.execute(inbound.select()).all() == []


async def test_the_answer_is_empty_whatever_was_sent(town):
    for update in (said("hi"), in_group("/faq x"), press("x"), standing(group(), "left", "member"), {"update_id": 1, "new": {}}):
        answer = await post(town, json.dumps(update).encode())
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_only_a_post_is_taken(town, method):
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.request(method, town.address + PATH, headers={SECRET_HEADER: SECRET})).status_code == 405


async def test_a_long_text_that_quotes_another_passes_and_a_huge_body_does_not(town):
    quoted = said("字" * 4096, reply_to_message=said("字" * 4096)["message"])
    assert (await post(town, json.dumps(quoted).encode())).status_code == 200
    assert (await post(town, b"x" * (20 * 1024 * 1024))).status_code == 413
    with town.database.read() as work:
        assert len(work.execute(inbound.select()).all()) == 1


async def test_with_polling_no_door_is_open(tmp_path):
    from tests.telegram.town import Town

    async with Town(tmp_path, mode="polling") as town:
        assert (await post(town, b"{}")).status_code == 404


async def test_two_thousand_broken_updates_break_nothing(town):
    chance = random.Random(7)
    wholes = [
        json.dumps(one).encode() for one in (said("hi"), in_group("/faq x"), press("x"), standing(group(), "left", "member"))
    ]
    headers = {SECRET_HEADER: SECRET}
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(2000):
            body = bytearray(chance.choice(wholes))
            for _ in range(chance.randint(1, 8)):
                place = chance.randrange(len(body))
                body[place : place + chance.randint(0, 3)] = bytes(chance.randrange(256) for _ in range(chance.randint(0, 3)))
            answer = await client.post(town.address + PATH, content=bytes(body), headers=headers)
            assert answer.status_code in (200, 400), body
    assert not town.mistakes.seen


async def test_ready_tells_how_the_channel_is_and_no_secret(town):
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(town.address + "/ready")
    assert answer.json()["channels"] == {"telegram": "ok"} and TOKEN not in answer.text


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"telegram_secret": ""}, "TELEGRAM_SECRET"),
        ({"telegram_secret": "short"}, "TELEGRAM_SECRET"),
        ({"telegram_secret": "with spaces and more of them"}, "TELEGRAM_SECRET"),
        ({"telegram_public_url": ""}, "TELEGRAM_PUBLIC_URL"),
        ({"telegram_public_url": "chat.example.org"}, "TELEGRAM_PUBLIC_URL"),
        ({"telegram_token": "nonsense"}, "TELEGRAM_TOKEN"),
        ({"telegram_api_url": "ftp://x"}, "TELEGRAM_API_URL"),
    ],
)
def test_a_half_set_up_telegram_does_not_start_and_says_what_is_missing(tmp_path, more, named):
    with pytest.raises(TelegramProblem, match=named) as problem:
        Telegram(settings(tmp_path, **more))
    assert isinstance(problem.value, OperatorError) and SECRET not in str(problem.value) and TOKEN not in str(problem.value)


def test_polling_needs_no_secret_and_no_address(tmp_path):
    Telegram(settings(tmp_path, telegram_mode="polling", telegram_secret="", telegram_public_url=""))


def test_without_a_token_there_is_no_telegram(tmp_path):
    assert installed(settings(tmp_path, telegram_token="")) == () and len(installed(settings(tmp_path))) == 1


def test_a_connector_without_a_secret_would_let_nobody_in(tmp_path):
    connector = Telegram(settings(tmp_path, telegram_mode="polling", telegram_secret=""))
    for secret in ("", None, "x"):
        with pytest.raises(NotTheirs):
            connector.verify(request(said("hi"), secret=secret))


@pytest.fixture
def lines():
    """Everything that this process logs at the lowest level, as the gateway writes it."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(stream), list(root.handlers)
    levels = {name: logging.getLogger(name).level for name in ("", "httpx", "httpcore", "uvicorn.access", "telegram")}
    set_up("debug")
    root.handlers = [handler]
    handler.setFormatter(JsonLines())
    yield lambda: stream.getvalue().splitlines()
    root.handlers = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


async def test_no_token_secret_word_name_or_id_stands_in_any_log(lines, town):
    from simulators.telegram.errors import bad_request, too_many
    from simulators.telegram.faults import Fault

    anna = town.person("Zebramarker")
    ward = town.group("Zebramarker ward", anna)
    await anna.who_agreed()
    for kind in ("unanswered", "garbage", "gateway", "lost"):
        town.telegram.faults.order(Fault(kind, "sendMessage"))
    town.telegram.faults.order(Fault("error", "sendMessage", error=too_many(1)))
    town.telegram.faults.order(Fault("error", "sendMessage", error=bad_request("chat not found: zebramarker")))
    await anna.says("zebramarker hurts")
    await anna.says("zebramarker, crushing chest pain")
    town.telegram.world.adds_bot(anna.person, ward)
    await anna.says("/faq zebramarker", ward)
    await anna.presses(0, ward)
    town.telegram.token, token = "x", town.telegram.token
    town.telegram.world.says(anna.person, "zebramarker again")
    await until(lambda: town.connector.state() == "token refused")
    town.telegram.token = token
    logging.getLogger("bot").info("it failed at https://api.telegram.org/bot%s/sendMessage", token)
    printed = "\n".join(lines())
    assert "[token]" in printed and "delivery failed" in printed
    for secret in (token, token.partition(":")[2], SECRET, "ebramarker", str(anna.person.id), str(ward.id)):
        assert secret not in printed, next(line for line in lines() if secret in line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_and_descriptions_are_as_long_as_telegram_takes(content, language):
    texts = {key: by[language] for key, by in content.phrases.texts.items() if key.startswith("telegram.")}
    assert len(texts["telegram.description"]) <= 512 and len(texts["telegram.short_description"]) <= 120
    assert all(len(text) <= 256 for key, text in texts.items() if "command_" in key)
    assert len(texts["telegram.old_button"]) <= 190 and len(texts["telegram.group_only_admins"]) <= 190
