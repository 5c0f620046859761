"""A poster: its codes are read back from the picture and open the chat of the place; its words are all there."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from bot.languages import LANGUAGES, is_right_to_left
from bot.posters import pdf, svg
from bot.posters.fonts import NoFont, font_for
from bot.posters.page import HEIGHT, MARGIN, SCALES, WIDTH, Box, Code, Poster, Squares, Text, lay_out
from bot.posters.sizes import millimetres
from bot.privacy.encryption import Cipher, new_key
from bot.scenes.codes import code_of
from bot.settings import ROOT
from connectors.scene_links import links
from tests.conversations.bench import Bench, content_source

CONTENT = content_source().current()
CIPHER = Cipher([new_key()], "lookup")
SVG = "{http://www.w3.org/2000/svg}"
DOTS = 12  # of a rendered picture, for each millimetre


def poster(place: str = "CARD", languages=LANGUAGES, channels: int = 4) -> Poster:
    scene = CONTENT.scenes.by_id[place]
    code = code_of(CIPHER, scene)
    codes = (
        Code("wechat", "http://weixin.qq.com/q/02AbCdEfGhIjK10000M03x"),
        Code("wecom", f"https://work.weixin.qq.com/kfid/kfc0123456789abcdef?enc_scene=ENC&scene_param={code}"),
        Code("telegram", f"https://t.me/daozhen_test_bot?start={code}"),
        Code("webchat", f"https://chat.example.org/chat?start={code}"),
    )
    return Poster(CONTENT.scenes.hospital, scene, codes[:channels], tuple(languages), "120")


def drawn(page: Poster, size: str = "a4") -> str:
    return svg.draw(page, size, phrases=CONTENT.phrases)


def read_svg(text: str) -> set[str]:
    """Return what the codes of an SVG hold: its runs of modules drawn by another hand."""
    picture = Image.new("L", (int(WIDTH * DOTS), int(HEIGHT * DOTS)), 255)
    draw = ImageDraw.Draw(picture)
    for group in ET.fromstring(text).iter(f"{SVG}g"):
        path = group.find(f"{SVG}path")
        x, y, scale = map(float, re.findall(r"[\d.]+", path.get("transform")))
        for column, row, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path.get("d")):
            left, top = x + int(column) * scale, y + int(row) * scale
            corner = (left * DOTS, top * DOTS, (left + int(length) * scale) * DOTS - 1, (top + scale) * DOTS - 1)
            draw.rectangle(corner, fill=0)
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def picture_of(data: bytes) -> Image.Image:
    return pypdfium2.PdfDocument(data)[0].render(scale=4).to_pil()


@pytest.mark.parametrize("size", ["a4", "a5"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_codes_of_an_svg_are_read_back(size, channels):
    page = poster(channels=channels)
    assert read_svg(drawn(page, size)) == {code.address for code in page.codes}


@pytest.mark.parametrize("size", ["a4", "a5"])
@pytest.mark.parametrize("languages", [LANGUAGES, ("ar", "en")])
def test_the_codes_of_a_pdf_are_read_back_from_its_picture(size, languages):
    page = poster("W1", languages)
    data = pdf.draw(page, size, phrases=CONTENT.phrases)
    picture = picture_of(data)
    assert {found.text for found in zxingcpp.read_barcodes(picture)} == {code.address for code in page.codes}
    width, height = millimetres(size)
    assert abs(picture.width / picture.height - width / height) < 0.01


@pytest.mark.parametrize("place", [scene for scene in CONTENT.scenes.by_id])
def test_every_place_has_a_page_that_is_full_and_not_too_full(place):
    items = lay_out(poster(place), phrases=CONTENT.phrases, measure=svg.estimate)
    texts = [item for item in items if isinstance(item, Text)]
    lowest = max(item.y for item in texts)
    assert HEIGHT - MARGIN - 12 < lowest < HEIGHT - MARGIN / 2
    assert min(item.y for item in texts) > 5
    for item in texts:
        assert svg.estimate(item.text, item.language, item.bold) * item.size <= WIDTH - MARGIN


@pytest.mark.parametrize("languages", [(language,) for language in LANGUAGES])
def test_one_language_alone_is_written_larger_than_five_together(languages):
    def largest(page: Poster) -> float:
        return max(item.size for item in lay_out(page, phrases=CONTENT.phrases, measure=svg.estimate) if isinstance(item, Text))

    assert largest(poster(languages=languages, channels=1)) > largest(poster())
    assert SCALES[0] > 1 > SCALES[-1]


def test_nothing_lies_on_a_code():
    items = lay_out(poster(), phrases=CONTENT.phrases, measure=svg.estimate)
    codes = [item for item in items if isinstance(item, Squares)]
    assert len(codes) == 4
    for code in codes:
        assert code.module * 4 <= code.module * min(column for column, _, _ in code.runs)  # the white around it
        for text in (item for item in items if isinstance(item, Text)):
            assert text.y <= code.y or text.y - text.size >= code.y + code.side - code.module * 4
        for box in (item for item in items if isinstance(item, Box)):
            assert box.y + box.height <= code.y or box.y >= code.y + code.side


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("languages", [LANGUAGES, *((language,) for language in LANGUAGES)])
def test_no_text_lies_on_another_or_off_the_page(channels, languages):
    items = lay_out(poster("W1", languages, channels), phrases=CONTENT.phrases, measure=svg.estimate)
    taken = []
    for text in (item for item in items if isinstance(item, Text)):
        half = svg.estimate(text.text, text.language, text.bold) * text.size / 2
        taken.append((text.x - half, text.x + half, text.y - 0.8 * text.size, text.y + 0.1 * text.size))
    assert all(left > 1 and right < WIDTH - 1 for left, right, _, _ in taken)
    for number, (left, right, top, bottom) in enumerate(taken):
        for other in taken[:number]:
            assert right <= other[0] or left >= other[1] or bottom <= other[2] or top >= other[3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_the_place_the_number_and_that_it_is_no_diagnosis_in_each_language(language):
    page = poster(languages=(language,))
    spoken = " ".join(text.text or "" for text in ET.fromstring(drawn(page)).iter(f"{SVG}text"))
    plain = re.sub(r"[\s\u2066\u2069]", "", spoken)
    for expected in (
        page.scene.names[language],
        page.hospital.names[language],
        CONTENT.phrases.get("posters.headline", language),
        CONTENT.phrases.get("posters.emergency", language, number="120"),
        CONTENT.phrases.get("posters.disclaimer", language),
    ):
        assert re.sub(r"\s", "", expected) in plain


def test_arabic_runs_from_right_to_left_and_nothing_else_does():
    for text in ET.fromstring(drawn(poster())).iter(f"{SVG}text"):
        language = text.get("{http://www.w3.org/XML/1998/namespace}lang")
        assert (text.get("direction") == "rtl") == is_right_to_left(language)


def test_no_mark_begins_a_line_and_no_number_is_parted():
    for place in ("CARD", "VACC", "W4"):
        for items in (
            lay_out(poster(place, (language,), 2), phrases=CONTENT.phrases, measure=svg.estimate) for language in LANGUAGES
        ):
            lines = [item.text for item in items if isinstance(item, Text)]
            assert not any(line[0] in "，。！？；：、）,.!?;:)" for line in lines)
            assert sum("120" in line for line in lines) == 2


def test_names_that_are_xml_are_shown_as_they_are():
    from dataclasses import replace

    page = poster()
    names = dict.fromkeys(LANGUAGES, 'A <b> & "c"]]>')
    assert 'A <b> & "c"]]>' in [
        text.text for text in ET.fromstring(drawn(replace(page, scene=replace(page.scene, names=names)))).iter(f"{SVG}text")
    ]


def test_a_pdf_holds_its_fonts_and_asks_for_nothing():
    data = pdf.draw(poster(), "a4", phrases=CONTENT.phrases)
    assert b"/FontFile" in data and len(data) < 400_000
    assert b"/URI" not in data and b"http" not in data.split(b"xmpmeta")[0][:200]


def test_without_a_font_for_the_letters_the_operator_is_told_what_to_do():
    with pytest.raises(NoFont, match="--font"):
        font_for("en", False, ["\U0010fffd"])


def test_an_own_font_is_tried_first_and_a_file_that_is_none_is_named(tmp_path):
    whole = font_for("en", False, ["abc"]).path
    copy = tmp_path / f"own{whole.suffix}"
    shutil.copy(whole, copy)
    assert font_for("en", False, ["abc"], [copy]).path == copy
    broken = tmp_path / "broken.ttf"
    broken.write_text("no font")
    with pytest.raises(NoFont, match=r"broken\.ttf"):
        font_for("en", False, ["abc"], [broken])


@pytest.fixture
def daozhen(tmp_path):
    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DAOZHEN_DATA_DIR": str(tmp_path / "data"), **settings}
        command = [sys.executable, "-m", "bot", "poster", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)

    return run


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


@pytest.mark.slow
def test_a_browser_shows_codes_that_can_be_read(tmp_path):
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no browser")
    page = poster()
    (tmp_path / "page.svg").write_text(drawn(page), encoding="utf-8")
    (tmp_path / "page.html").write_text("<body style='margin:0'><img src='page.svg' style='width:1240px'>", encoding="utf-8")
    shot = tmp_path / "shot.png"
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1240,1754"]
    subprocess.run(
        [*command, f"--screenshot={shot}", f"file://{tmp_path}/page.html"], check=True, capture_output=True, timeout=120
    )
    picture = Image.open(BytesIO(shot.read_bytes()))
    assert {found.text for found in zxingcpp.read_barcodes(picture)} == {code.address for code in page.codes}
