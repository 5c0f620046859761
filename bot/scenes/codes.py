"""The codes of places, and which texts are a code at all: opaque, made with the installation's look-up key, so that nobody else can make or read one.

They stand on paper for years: a code is the same as long as the look-up key and the id of the place are.
"""

from __future__ import annotations

import base64
import re

from bot.followup.links import SHAPE as LINK_SHAPE
from bot.privacy.encryption import Cipher
from bot.scenes.scenes import Scene, Scenes

# 80 bits. Letters and digits only: Telegram takes 64 of A-Z a-z 0-9 _ -, WeChat 64 characters; a QR code stays small.
_SHAPE = re.compile(r"s_[a-z2-7]{16}")
# What begins otherwise offers a plan of follow-up: `bot.followup.links`.
_ANY_SHAPE = re.compile(rf"{_SHAPE.pattern}|{LINK_SHAPE.pattern}")
# WeChat puts this before the scene of somebody who subscribes by scanning.
_WECHAT_PREFIX = "qrscene_"


def code_of(cipher: Cipher, scene: Scene) -> str:
    """Return the code of a place, at most 32 characters."""
    digest = bytes.fromhex(cipher.lookup("scene", scene.kind, scene.id))
    return "s_" + base64.b32encode(digest[:10]).decode().lower()


def code_in(text: object) -> str:
    """Return the code in what a platform handed over, or "" when it has not the shape of one."""
    said = text.strip().removeprefix(_WECHAT_PREFIX) if isinstance(text, str) else ""
    return said if _ANY_SHAPE.fullmatch(said) else ""


def scene_of(cipher: Cipher, code: str, scenes: Scenes) -> Scene | None:
    """Return the place that a code stands for, or None: made up, of another installation, or the place is gone."""
    if not _SHAPE.fullmatch(code):
        return None
    return next((scene for scene in scenes.by_id.values() if code_of(cipher, scene) == code), None)
