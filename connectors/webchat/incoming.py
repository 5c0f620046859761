"""Reads one message that the page sent. What cannot be used gets a sentence in the person's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.inbox.rows import LONGEST_TEXT
from bot.languages import LANGUAGES, Language
from bot.messages import Inbound
from bot.scenes.codes import code_in
from connectors.readable import readable
from connectors.webchat.conversation import CHANNEL
from connectors.webchat.session import external_id

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_REGION = re.compile(r"[A-Z]{2}")
LONGEST_PAYLOAD = 500


class Refused(Exception):
    """The message is not taken. `key` names the sentence for the person."""

    def __init__(self, key: str, status: int = 400) -> None:
        super().__init__(key)
        self.key, self.status = key, status


@dataclass(frozen=True)
class Message:
    """What the page sent, checked."""

    id: str
    text: str
    payload: str
    language: Language | None
    region: str | None
    scene: str = ""  # the page was opened by a code

    @property
    def is_too_long(self) -> bool:
        """Whether the inbox would cut it: better to say so before it is sent."""
        return len(self.text) > LONGEST_TEXT

    def inbound(self, token: str, *, now: datetime, browser: Language | None = None) -> Inbound:
        """Return it as the inbox takes it. Where the words do not show it ("肚子痛", "ok") the language is that of the `browser`."""
        return Inbound(
            channel=CHANNEL,
            external_id=external_id(token, self.id),
            sender=token,
            text=self.text,
            sent_at=now,
            payload=self.payload,
            kind="button" if self.payload else "text" if self.text else "scan",
            scene=self.scene,
            language=self.language,
            language_hint=browser,
            region=self.region,
        )


def read_message(data: Any) -> Message:
    """Return the message in parsed JSON. Raises Refused."""
    if not isinstance(data, dict):
        raise Refused("error_format")
    identity, text, payload = data.get("id"), data.get("text", ""), data.get("payload", "")
    if not (isinstance(identity, str) and isinstance(text, str) and isinstance(payload, str)):
        raise Refused("error_format")
    if not _ID.fullmatch(identity) or len(payload) > LONGEST_PAYLOAD:
        raise Refused("error_format")
    text = readable(text)
    scene = "" if text or payload else code_in(data.get("scene"))
    if not (text or payload or scene):
        raise Refused("error_empty")
    return Message(identity, text, payload, language_in(data), _region_in(data), scene)


def language_in(data: Any) -> Language | None:
    """Return the language that the person chose on the page, or None."""
    asked = data.get("language") if isinstance(data, dict) else None
    return next((language for language in LANGUAGES if language == asked), None)


def _region_in(data: dict[str, Any]) -> str | None:
    region = data.get("region")
    return region if isinstance(region, str) and _REGION.fullmatch(region) else None
