"""What WeChat's callback says: from the fields of one XML message to an event. Pure.

Everything that is nobody's message is `Ignored` with its kind: WeChat invents events, and each is acknowledged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from bot.messages import Inbound, InboundKind
from bot.scenes.codes import code_in
from connectors.contract import Malformed
from connectors.readable import readable

CHANNEL = "wechat"
# External ids of what opens the window for a minute only: follows, scans, the menu, taps on links of ours.
EVENT_PREFIX = "event."
LONGEST_KEY = 128

_KINDS: dict[str, InboundKind] = {
    "text": "text",
    "image": "image",
    "voice": "voice",
    "video": "other",
    "shortvideo": "other",
    "location": "other",
    "link": "other",
    "file": "other",
}
_GRANTS = ("subscribe_msg_popup_event", "subscribe_msg_change_event")


@dataclass(frozen=True)
class Event:
    """Who did something, when, and under which id it is known. `account`: whom WeChat sent it to."""

    person: str
    account: str
    external_id: str
    at: datetime


@dataclass(frozen=True)
class Said(Event):
    """A message. `menu`: the number in the link that was tapped, 0 when it was typed."""

    text: str
    kind: InboundKind
    menu: int = 0


@dataclass(frozen=True)
class Followed(Event):
    """Somebody follows the account, or scanned a code and does already. `code`: of one of our posters, or ""."""

    code: str
    is_new: bool


@dataclass(frozen=True)
class Left(Event):
    """Somebody does not follow the account any more."""


@dataclass(frozen=True)
class Tapped(Event):
    """An entry of the menu."""

    key: str


@dataclass(frozen=True)
class Consent:
    """One decision about notices of one template."""

    template: str
    accepted: bool


@dataclass(frozen=True)
class Decided(Event):
    """Somebody allowed or forbade notices."""

    consents: tuple[Consent, ...]


@dataclass(frozen=True)
class Noticed(Event):
    """What became of a notice. `template`: of a subscription notice, "" of a template message."""

    template: str
    arrived: bool


@dataclass(frozen=True)
class DeskClosed(Event):
    """The talk at WeChat's own customer service has ended: messages come to us again."""


@dataclass(frozen=True)
class Ignored:
    """None of our business."""

    kind: str


Read = Said | Followed | Left | Tapped | Decided | Noticed | DeskClosed | Ignored


def read(fields: Mapping[str, Any]) -> Read:
    """Return what one message of WeChat says. Raises Malformed when even its envelope is not one."""
    who = {name: _word(fields, name) for name in ("FromUserName", "ToUserName", "MsgType")}
    at = _time(fields.get("CreateTime"))
    if who["MsgType"] == "event":
        return _event(fields, who["FromUserName"], who["ToUserName"], at)
    kind = _KINDS.get(who["MsgType"])
    if kind is None:
        return Ignored(_name(who["MsgType"]))
    number = fields.get("MsgId")
    if not isinstance(number, str) or not number.isascii() or not number.isdigit() or len(number) > 32:
        raise Malformed("no MsgId")
    text = readable(_text(fields, "Content" if kind == "text" else "Recognition"))
    text = text.lstrip("/").strip()  # a "/" in front is typed, never an order to the assistant
    menu = _text(fields, "bizmsgmenuid")
    tapped = int(menu) if menu.isascii() and menu.isdigit() and len(menu) < 19 else 0
    identity = f"{EVENT_PREFIX}tap.{number}" if tapped else number
    return Said(who["FromUserName"], who["ToUserName"], identity, at, text=text, kind=kind, menu=tapped)


def inbound_of(said: Said) -> Inbound | None:
    """Return a message as the inbox takes it; None: there is nothing in it."""
    if said.kind == "text" and not said.text:
        return None
    return Inbound(CHANNEL, said.external_id, said.person, said.text, said.at, kind=said.kind)


def _event(fields: Mapping[str, Any], person: str, account: str, at: datetime) -> Read:
    name, key = _word(fields, "Event").casefold(), _text(fields, "EventKey")
    base = (person, account, _event_id(person, at, name, key), at)
    if name in ("subscribe", "scan"):
        return Followed(*base, code=code_in(key), is_new=name == "subscribe")
    if name in _PLAIN:
        return _PLAIN[name](*base)
    if name == "click":
        return Tapped(*base, key=key[:LONGEST_KEY])
    if name in _GRANTS:
        return Decided(*base, consents=tuple(_consents(fields)))
    if name == "templatesendjobfinish":
        return Noticed(*base, template="", arrived=_text(fields, "Status") == "success")
    return _noticed(fields, base) if name == "subscribe_msg_sent_event" else Ignored(_name(name))


_PLAIN: dict[str, type[Left] | type[DeskClosed]] = {"unsubscribe": Left, "kf_close_session": DeskClosed}


def _event_id(person: str, at: datetime, name: str, key: str) -> str:
    # Events have no number: WeChat's own advice is sender and time. The key keeps two taps of one second apart.
    said = f"{person}:{int(at.timestamp())}:{name}:{key}".encode("utf-8", "surrogatepass")
    return EVENT_PREFIX + hashlib.sha256(said).hexdigest()[:48]


def _consents(fields: Mapping[str, Any]) -> list[Consent]:
    found = []
    for entry in _entries(fields):
        template, status = entry.get("TemplateId"), entry.get("SubscribeStatusString")
        if isinstance(template, str) and 0 < len(template) <= 64 and status in ("accept", "reject"):
            found.append(Consent(template, status == "accept"))
    return found


def _noticed(fields: Mapping[str, Any], base: tuple[str, str, str, datetime]) -> Read:
    for entry in _entries(fields):
        template = entry.get("TemplateId")
        if isinstance(template, str) and 0 < len(template) <= 64:
            return Noticed(*base, template=template, arrived=str(entry.get("ErrorCode", "0")) == "0")
    return Ignored("subscribe_msg_sent_event")


def _entries(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the entries of `List`: the documents put it below nodes of different names; one entry is no array."""
    found: list[Mapping[str, Any]] = []
    for name, value in fields.items():
        inner = (
            value if name == "List" else value.get("List") if isinstance(value, dict) and name.startswith("Subscribe") else None
        )
        found += [one for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, dict)]
    return found


def _word(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 128 or not value.isascii() or not value.isprintable():
        raise Malformed(f"no {name}")
    return value


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise Malformed(f"{name} is no text")
    return value or ""


def _time(value: object) -> datetime:
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 10:
        raise Malformed("no CreateTime")
    return datetime.fromtimestamp(int(value), timezone.utc)


def _name(kind: str) -> str:
    """Return a kind that may stand in a metric: what strangers could invent is not endless."""
    return kind if kind.replace("_", "").isalnum() and len(kind) <= 40 else "other"
