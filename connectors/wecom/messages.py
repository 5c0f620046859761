"""Reads what `kf/sync_msg` lists: what a person wrote, and what happened to a conversation. Pure; the unknown is `Ignored`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from bot.handoff.case_rows import WECOM
from bot.messages import InboundKind
from connectors.contract import Malformed
from connectors.readable import readable

Json = dict[str, Any]

CHANNEL = "wecom"
# How the staff of the WeCom app is called in our cases.
WECOM_STAFF = WECOM
BY_CUSTOMER, BY_SYSTEM, BY_STAFF = 3, 4, 5
# Who began or went on with a session of the staff, and who ended it.
TAKEN, PASSED_ON, ENDED, TAKEN_AGAIN = 1, 2, 3, 4
_KINDS: dict[str, InboundKind] = {"text": "text", "image": "image", "voice": "voice"}
# Things with no words that people send. What is invented later is none of these, and is stored as "other" all the same.
_ID = re.compile(r"[!-.0-~]{1,64}")
_LATEST = 253_402_300_799
LONGEST_MSGID = 128


@dataclass(frozen=True)
class Customer:
    """Somebody who writes to one account of customer service. With another account they are somebody else."""

    account: str
    user: str

    @property
    def sender(self) -> str:
        """Return both ids as the one under which the inbox knows this person."""
        return f"{self.account}/{self.user}"


@dataclass(frozen=True)
class Said:
    """A message of a customer. `menu`: the id of the choice that was tapped, as we gave it."""

    customer: Customer
    msgid: str
    kind: InboundKind
    text: str
    sent_at: datetime
    menu: str = ""


@dataclass(frozen=True)
class Entered:
    """Somebody opened the chat. `code`: good for one welcome within 20 seconds, "" when they talked in the last 48 hours."""

    customer: Customer
    code: str
    scene: str
    at: datetime


@dataclass(frozen=True)
class NotDelivered:
    """A message of ours was taken and could not be delivered."""

    customer: Customer
    msgid: str


@dataclass(frozen=True)
class StaffCame:
    """The staff took the conversation in the WeCom app, or goes on talking in it. `msgid`: of the entry, "" when none says so."""

    customer: Customer
    at: datetime
    msgid: str = ""


@dataclass(frozen=True)
class StaffLeft:
    """The staff ended the session. `code`: good for one message of ours."""

    customer: Customer
    code: str
    at: datetime
    msgid: str = ""


@dataclass(frozen=True)
class Ignored:
    """None of our business."""

    kind: str


Event = Said | Entered | NotDelivered | StaffCame | StaffLeft | Ignored


def customer_of(sender: str) -> Customer:
    """Return the customer of a `Customer.sender`."""
    account, _, user = sender.partition("/")
    return Customer(account, user)


def read(item: Any) -> Event:
    """Return what one entry of the list is. Raises Malformed when something that is needed is missing or of a wrong type."""
    if not isinstance(item, dict):
        raise Malformed("no object")
    if item.get("msgtype") == "event":
        return _event(_object(item, "event"), _time(item), _msgid(item))
    origin = item.get("origin")
    customer = _customer(item)
    if origin == BY_STAFF:
        return StaffCame(customer, _time(item), _msgid(item))
    return _said(item, customer) if origin == BY_CUSTOMER else Ignored("of nobody")


def _said(item: Json, customer: Customer) -> Event:
    kind, msgid = item.get("msgtype"), item.get("msgid")
    if not isinstance(kind, str) or not isinstance(msgid, str) or not 0 < len(msgid) <= LONGEST_MSGID:
        raise Malformed("no kind or no id")
    text = menu = ""
    if kind == "text":
        body = _object(item, "text")
        text, menu = _text(body, "content"), _text(body, "menu_id")
        if not text:
            return Ignored("empty message")
    return Said(customer, msgid, _KINDS.get(kind, "other"), text, _time(item), menu)


def _event(event: Json, at: datetime, msgid: str) -> Event:
    what = event.get("event_type")
    if what == "enter_session":
        return Entered(_customer(event), _text(event, "welcome_code"), _text(event, "scene") or _text(event, "scene_param"), at)
    if what == "msg_send_fail":
        return NotDelivered(_customer(event), _text(event, "fail_msgid"))
    if what == "session_status_change":
        if event.get("change_type") == ENDED:
            return StaffLeft(_customer(event), _text(event, "msg_code"), at, msgid)
        if event.get("change_type") in (TAKEN, PASSED_ON, TAKEN_AGAIN):
            return StaffCame(_customer(event), at, msgid)
    return Ignored("event")


def _msgid(item: Json) -> str:
    value = item.get("msgid")
    return value if isinstance(value, str) else ""


def _customer(data: Json) -> Customer:
    account, user = data.get("open_kfid"), data.get("external_userid")
    if not isinstance(account, str) or not isinstance(user, str) or not _ID.fullmatch(account) or not _ID.fullmatch(user):
        raise Malformed("no customer")
    return Customer(account, user)


def _object(data: Json, name: str) -> Json:
    value = data.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"{name} is no object")
    return value


def _text(data: Json, name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise Malformed(f"{name} is no text")
    return readable(value)


def _time(data: Json) -> datetime:
    seconds = data.get("send_time")
    if type(seconds) is not int or not 0 <= seconds <= _LATEST:
        raise Malformed("no time")
    return datetime.fromtimestamp(seconds, timezone.utc)
