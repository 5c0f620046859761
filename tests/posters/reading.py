"""Posters to try, and what their pictures hold."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

from bot.languages import LANGUAGES
from bot.posters import svg
from bot.posters.page import HEIGHT, WIDTH, Code, Poster
from bot.privacy.encryption import Cipher, new_key
from bot.scenes.codes import code_of
from tests.conversations.bench import content_source

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
