"""Seals what is pushed and opens what is answered, with wechatpy's own classes: nobody here wrote them, the bot's may be wrong."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto

from simulators.wechat import xml

Mode = Literal["plain", "compat", "safe"]


@dataclass
class Address:
    """Where the pushes of one account go, as its admin sets it. `aes_keys`: the one in use first, then the one before."""

    receive_id: str
    token: str
    aes_keys: list[str]
    mode: Mode = "safe"
    url: str = ""
    others: tuple[str, ...] = ()  # further doors to the same bot: tries and doubles go around
    is_wecom: bool = False
    as_json: bool = False  # the other data format an admin can choose
    tries: int = 3


@dataclass(frozen=True)
class Sealed:
    """One request: its query, its body, and the number of the key."""

    query: dict[str, str]
    body: str
    key: int


def signature(*parts: str) -> str:
    """Return Tencent's signature of the parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def check_query(address: Address, *, now: float, chance: random.Random) -> tuple[dict[str, str], str]:
    """Return the query of an address check and what has to be answered. WeCom seals the echo, official accounts do not."""
    echo = str(chance.randrange(10**18, 10**19))
    stamp, nonce = str(int(now)), _nonce(chance)
    if not address.is_wecom:
        query = {"signature": signature(address.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "echostr": echo}
        return query, echo
    inner = _sealed(address, echo, stamp, nonce, 0)
    return {"msg_signature": inner["MsgSignature"], "timestamp": stamp, "nonce": nonce, "echostr": inner["Encrypt"]}, echo


def seal(address: Address, fields: dict[str, Any], *, now: float, chance: random.Random, key: int = 0) -> Sealed:
    """Return the request that brings `fields`, in the address's mode."""
    stamp, nonce = str(int(now)), _nonce(chance)
    query = {} if address.is_wecom else {"signature": signature(address.token, stamp, nonce)}
    query |= {"timestamp": stamp, "nonce": nonce}
    if not address.is_wecom and "FromUserName" in fields:
        query["openid"] = fields["FromUserName"]
    write = json.dumps if address.as_json else xml.render
    plain = write(fields)
    if address.mode == "plain":
        return Sealed(query, plain, key)
    inner = _sealed(address, plain, stamp, nonce, key)
    query |= {"msg_signature": inner["MsgSignature"]} | ({} if address.is_wecom else {"encrypt_type": "aes"})
    if address.mode == "compat":
        return Sealed(query, write({**fields, "Encrypt": inner["Encrypt"]}), key)
    outer: dict[str, Any] = {"ToUserName": fields["ToUserName"], "Encrypt": inner["Encrypt"]}
    return Sealed(query, write({**outer, "AgentID": ""} if address.is_wecom else outer), key)


def open_reply(address: Address, body: str, key: int) -> dict[str, Any]:
    """Return the elements of a passive reply. Raises ValueError when WeChat would not take it."""
    fields = xml.read(body)
    if address.mode == "plain" or (address.mode == "compat" and "Encrypt" not in fields):
        return fields
    missing = {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"} - set(fields)
    if missing:
        raise ValueError(f"the reply is not sealed: {', '.join(sorted(missing))} missing")
    crypto = _crypto(address, key)
    try:
        plain = crypto.decrypt_message(fields, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
    except Exception as error:  # wechatpy raises many kinds
        raise ValueError(f"the reply cannot be opened: {type(error).__name__}") from None
    return xml.read(plain)


def _sealed(address: Address, plain: str, stamp: str, nonce: str, key: int) -> dict[str, Any]:
    return xml.read(_crypto(address, key).encrypt_message(plain, nonce, stamp))


def _crypto(address: Address, key: int) -> Any:
    make: Callable[..., Any] = WeComCrypto if address.is_wecom else WeChatCrypto
    return make(address.token, address.aes_keys[key], address.receive_id)


def _nonce(chance: random.Random) -> str:
    return str(chance.randrange(10**8, 10**10))
