"""`daozhen poster`, and the way from a scanned code to the chat of the place."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys

import pytest
import zxingcpp

from bot.commands.poster import addresses_of
from bot.posters import pdf
from bot.posters.page import Code, Poster
from bot.privacy.encryption import Cipher, new_key
from bot.scenes.codes import code_of
from bot.settings import ROOT
from connectors.scene_links import links
from tests.conversations.bench import Bench
from tests.posters.reading import CONTENT, drawn, picture_of, read_svg


@pytest.fixture
def daozhen(tmp_path):
    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DAOZHEN_DATA_DIR": str(tmp_path / "data"), **settings}
        command = [sys.executable, "-m", "bot", "poster", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)

    return run


@pytest.mark.parametrize("telegram", ["a_bot_name", "@a_bot_name", "t.me/a_bot_name", "https://t.me/a_bot_name"])
def test_the_name_of_the_bot_is_taken_however_it_is_written(telegram):
    assert addresses_of(telegram=telegram, web="", leave_out=()).telegram == "a_bot_name"


def test_the_command_writes_a_page_for_each_place_and_says_which_codes_are_on_it(daozhen, tmp_path):
    run = daozhen("CARD", "W1", "--out", str(tmp_path), "--telegram", "@a_bot", DAOZHEN_PUBLIC_URL="https://chat.example.org/")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [f"{tmp_path}/poster-{place}-a4.svg: telegram, webchat" for place in ("CARD", "W1")]
    pages = [read_svg((tmp_path / f"poster-{place}-a4.svg").read_text(encoding="utf-8")) for place in ("CARD", "W1")]
    cipher = Cipher([new_key()], (tmp_path / "data" / "lookup-key").read_text().strip())
    for place, found in zip(("CARD", "W1"), pages, strict=True):
        code = code_of(cipher, CONTENT.scenes.by_id[place])
        assert found == {f"https://t.me/a_bot?start={code}", f"https://chat.example.org/chat?start={code}"}


def test_all_makes_a_page_for_every_place(daozhen, tmp_path):
    run = daozhen("all", "--out", str(tmp_path), "--web-url", "https://chat.example.org", "--lang", "en")
    assert run.returncode == 0, run.stderr
    assert {path.name for path in tmp_path.glob("*.svg")} == {f"poster-{place}-a4.svg" for place in CONTENT.scenes.by_id}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("CARD",), "nowhere to lead to"),
        (("NOPE", "--web-url", "https://x"), "no department or ward NOPE"),
        (("CARD", "--web-url", "https://x", "--lang", "fr"), "--lang is fr"),
        (("CARD", "--web-url", "chat.example.org"), "Write it like https://"),
        (("CARD", "--web-url", "https://x/chat"), "without a path"),
        (("CARD", "--wechat-url", "mp.example"), "Write the whole address"),
        (("CARD", "--telegram", "my bot"), "Write the name of the bot"),
        (("CARD", "--web-url", "https://x", "--leave-out", "wechtat"), "--leave-out is wechtat"),
        (("CARD", "--web-url", "https://x", "--format", "png"), "--format is png"),
        (("CARD", "--web-url", "https://x", "--size", "a3"), "--size is a3"),
    ],
)
def test_a_mistake_is_one_sentence(daozhen, tmp_path, arguments, says):
    run = daozhen(*arguments, "--out", str(tmp_path))
    assert run.returncode == 1 and says in run.stderr and "Traceback" not in run.stderr


def test_half_a_poster_is_not_printed_when_a_platform_is_away_and_no_token_is_shown(daozhen, tmp_path):
    token = "1234567890:AAExampleTokenOfNobody_0123456789abc"
    settings = {
        "DAOZHEN_TELEGRAM_TOKEN": token,
        "DAOZHEN_TELEGRAM_MODE": "polling",
        "DAOZHEN_TELEGRAM_API_URL": "http://127.0.0.1:9",
    }
    run = daozhen("CARD", "--web-url", "https://x", "--out", str(tmp_path), **settings)
    assert run.returncode == 1 and "--leave-out" in run.stderr and token not in run.stderr + run.stdout
    assert not list(tmp_path.glob("poster*"))
    run = daozhen("CARD", "--web-url", "https://x", "--out", str(tmp_path), "--leave-out", "telegram", **settings)
    assert run.returncode == 0, run.stderr


async def test_the_code_that_telegram_names_opens_the_chat_of_the_place(tmp_path):
    from tests.telegram.town import Town

    async with Town(tmp_path) as town:
        scene = CONTENT.scenes.by_id["CARD"]
        code = code_of(town.database.cipher, scene)
        address = await town.connector.scene_link(code, town.database)
        page = Poster(CONTENT.scenes.hospital, scene, (Code("telegram", address),), ("en",), "120")
        (read,) = read_svg(drawn(page))
        assert read.startswith(f"https://t.me/{town.telegram.world.bot['username']}?start=")
        anna = town.person("Anna", "en")
        await anna.starts(read.partition("start=")[2])
        anna.hears("You scanned the code of: Cardiology")


async def test_the_code_that_wechat_makes_opens_the_chat_of_the_place(tmp_path):
    from tests.wechat.town import Town

    async with Town(tmp_path) as town:
        scene = CONTENT.scenes.by_id["CARD"]
        code = code_of(town.database.cipher, scene)
        address = await town.connector.scene_link(code, town.database)
        page = Poster(CONTENT.scenes.hospital, scene, (Code("wechat", address),), ("zh-Hans",), "120")
        (read,) = read_svg(drawn(page))
        assert read == address and code not in read  # WeChat's own address: the scene is known to WeChat alone
        anna = town.person("Anna")
        await anna.does(town.official.scans, town.official.scene_of(read))
        anna.hears("心血管内科")


async def test_the_code_of_a_web_chat_opens_the_chat_of_the_place(tmp_path):
    async with Bench(tmp_path) as bench:
        scene = CONTENT.scenes.by_id["CARD"]
        address = f"https://chat.example.org/chat?start={code_of(bench.database.cipher, scene)}"
        page = Poster(CONTENT.scenes.hospital, scene, (Code("webchat", address),), ("en",), "120")
        picture = picture_of(pdf.draw(page, "a5", phrases=CONTENT.phrases))
        (read,) = (found.text for found in zxingcpp.read_barcodes(picture))
        patient = bench.patient(language="en")
        await patient.says("", kind="scan", scene=read.partition("start=")[2])
        patient.hears("You scanned the code of: Cardiology")


async def test_a_platform_that_is_away_is_named_without_its_words(tmp_path):
    class Away:
        channel = "telegram"

        async def scene_link(self, code, database):
            raise RuntimeError("the token is 123:abc")

        async def close(self):
            pass

    found, problems = await links([Away()], ["s_x"], database=None)  # type: ignore[list-item, arg-type]
    assert found == {} and problems == ["telegram does not tell its address now (RuntimeError)."]
    json.dumps(found)


@pytest.mark.slow
async def test_the_command_asks_the_platforms_and_its_codes_lead_to_the_place(tmp_path):
    from simulators.telegram.server import Simulator as Telegram
    from simulators.wechat.server import Simulator as WeChat
    from tests.wechat.town import account_settings

    telegram, wechat = Telegram(), WeChat()
    await telegram.start()
    await wechat.start()
    account = account_settings(tmp_path, wechat)
    names = ("wechat_app_id", "wechat_secret", "wechat_token", "wechat_aes_keys", "wechat_api_url")
    settings = {name: getattr(account, name) for name in names}
    settings |= {"telegram_token": telegram.token, "telegram_mode": "polling", "telegram_api_url": telegram.url}
    environment = os.environ | {f"DAOZHEN_{name.upper()}": value for name, value in settings.items()}
    environment |= {"DAOZHEN_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "bot", "poster", "CARD", "--out", str(tmp_path)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=-1, stderr=-1)
    said, problems = await process.communicate()
    await telegram.stop()
    await wechat.stop()
    assert process.returncode == 0 and b"wechat, telegram" in said, problems
    code = code_of(Cipher([new_key()], (tmp_path / "lookup-key").read_text().strip()), CONTENT.scenes.by_id["CARD"])
    read = read_svg((tmp_path / "poster-CARD-a4.svg").read_text(encoding="utf-8"))
    assert {wechat.official.scene_of(address).rpartition("start=")[2] for address in read} == {code} and len(read) == 2
    assert not telegram.violations and not wechat.complaints
