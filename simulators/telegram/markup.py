"""Looks of a text and buttons under it, checked as Telegram checks them."""

from __future__ import annotations

import re
from typing import Any

from simulators.telegram.chats import Json
from simulators.telegram.errors import bad_request
from simulators.telegram.parameters import Parameters

LONGEST_PLACEHOLDER = 64
_LOOKS = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote", "expandable_blockquote",
                    "text_link", "date_time"})  # fmt: skip
_KINDS_OF_BUTTON = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay", "callback_game")


def check_entity(entity: Any, length: int) -> None:
    """Refuse a look that there is not, or that stands beside the text."""
    if not isinstance(entity, dict) or entity.get("type") not in _LOOKS:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    offset, size = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(size, int) or offset < 0 or size < 1 or offset + size > length:
        raise bad_request("ENTITY_BOUNDS_INVALID")


def markup_of(values: Parameters) -> Json | None:
    """Return the buttons under a message as they are kept, None: no."""
    markup = values.get("reply_markup")
    if markup is None:
        return None
    if isinstance(markup, dict) and markup.get("force_reply") is True:
        if len(str(markup.get("input_field_placeholder", ""))) > LONGEST_PLACEHOLDER:
            raise bad_request("input field placeholder is too long")
        return markup
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise bad_request("object expected as reply markup")
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return {"inline_keyboard": rows} if buttons else None


def _check_button(button: Json) -> None:
    kinds = [name for name in _KINDS_OF_BUTTON if name in button]
    if not str(button.get("text", "")).strip() or len(kinds) != 1:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if kinds == ["callback_data"] and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if kinds == ["url"] and not re.fullmatch(r"(https?|tg)://\S+", str(button["url"])):
        raise bad_request("inline keyboard button URL is invalid: Wrong HTTP URL")
    start = re.search(r"[?&]start=([^&]*)", str(button.get("url", "")))
    if start and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start[1]):
        raise bad_request("START_PARAM_INVALID")
