"""What stands in buttons and links instead of what they mean: opaque, signed, bound to a conversation or used once."""

from __future__ import annotations

import base64
import binascii
import secrets
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import outbound, used_token
from bot.privacy.encryption import Cipher

_SIGNATURE = 10  # bytes
_BUTTON = struct.Struct(">QB")
_START = struct.Struct(">II8s")
START_PREFIX = "g_"
START_LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Pressed:
    """What a button of ours means."""

    title: str
    payload: str


def button_token(cipher: Cipher, conversation_id: str, outbound_id: int, index: int) -> str:
    """Return the data of one button: at most 64 bytes, and no word in it."""
    body = _BUTTON.pack(outbound_id, index)
    return _encode(body + _sign(cipher, "button", conversation_id, body))


def pressed(work: Work, conversation_id: str, token: str) -> Pressed | None:
    """Return what a button means to this conversation; None: not ours, somebody else's, or erased meanwhile."""
    data = _decode(token, _BUTTON.size)
    if data is None or not _is_signed(work.cipher, "button", conversation_id, data, _BUTTON.size):
        return None
    number, index = _BUTTON.unpack(data[: _BUTTON.size])
    mine = sa.and_(outbound.c.id == number, outbound.c.conversation_id == conversation_id)
    sealed = work.execute(sa.select(outbound.c.sealed).where(mine)).scalar()
    buttons = [] if sealed is None else work.cipher.unseal(sealed).get("buttons", [])
    return Pressed(buttons[index]["title"], buttons[index]["payload"]) if index < len(buttons) else None


def start_token(cipher: Cipher, group_id: int, *, now: datetime) -> str:
    """Return the payload of a link from a group to the private chat: which group, until when, and nothing of who or why."""
    until = int((now + START_LASTS).timestamp())
    body = _START.pack(group_id, until, secrets.token_bytes(8))
    return START_PREFIX + _encode(body + _sign(cipher, "start", "", body))


def use_start(work: Work, payload: str, *, now: datetime) -> int | None:
    """Return the group that a link came from, the first time it is used; None: forged, too old, or used before."""
    data = _decode(payload.removeprefix(START_PREFIX), _START.size) if payload.startswith(START_PREFIX) else None
    if data is None or not _is_signed(work.cipher, "start", "", data, _START.size):
        return None
    group_id, until, _ = _START.unpack(data[: _START.size])
    work.execute(sa.delete(used_token).where(used_token.c.expires_at < now))
    expires_at = datetime.fromtimestamp(until, now.tzinfo)
    if expires_at < now:
        return None
    row = {"lookup": work.cipher.lookup("start", payload), "expires_at": expires_at}
    return int(group_id) if insert_once(work, used_token, row) is not None else None


def signed(cipher: Cipher, what: str, body: bytes) -> str:
    """Return `body` with our signature, as letters that a button or a link can hold."""
    return _encode(body + _sign(cipher, what, "", body))


def opened(cipher: Cipher, what: str, token: str, size: int) -> bytes | None:
    """Return the body of `size` bytes that `signed` made a token of; None: forged, or for something else."""
    data = _decode(token, size)
    return data[:size] if data is not None and _is_signed(cipher, what, "", data, size) else None


def _sign(cipher: Cipher, what: str, whose: str, body: bytes) -> bytes:
    return bytes.fromhex(cipher.lookup("telegram", what, whose, body.hex()))[:_SIGNATURE]


def _is_signed(cipher: Cipher, what: str, whose: str, data: bytes, size: int) -> bool:
    return secrets.compare_digest(_sign(cipher, what, whose, data[:size]), data[size:])


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(token: str, size: int) -> bytes | None:
    try:
        data = base64.b64decode(token.encode("ascii") + b"==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if len(data) == size + _SIGNATURE and _encode(data) == token else None
