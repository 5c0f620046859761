"""What is sent. But for the time and the numbers of messages, a shot depends on its number and the seed alone: it can be sent again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from connectors.contract import Request
from tests.connectors.hostile.doors import CANARY, SENDERS, Door

LARGE = 20 * 1024 * 1024
WORDS = ("my ear hurts", "crushing chest pain and I am sweating", "我头疼", "أشعر بألم", "/start", "/delete", "I agree", "1", "",
         "\ud800 lone \udfff", "\x00\x01\x1b[31m", "\u202e\u2066\u200f", "👩‍⚕️🇨🇳", "a" * 5000, "]]>", "%s%n{0}{x!r}", "' OR 1=1 --",
         "<script>alert(1)</script>", "\r\nX-Injected: 1", "/intent{\"a\": 1}", "../../etc/passwd", "\ufeff\ufffe\uffff", "٠١٢", "１２３")  # fmt: skip
PIECES = (b"", b"\x00", b"\xff", b"\xed\xa0\x80", b"{", b"}", b"]", b'"', b"\\ud800", b"<", b"]]>", b"&", b"1e999", b"-1", b"null", b"NaN",
          b"99999999999999999999", b"\xe2\x80\xae", b"[" * 200, b"<a>" * 200, b"true", b'"x"', b"{}")  # fmt: skip
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "zebramarker"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><MsgType>&a;</MsgType></xml>'
BOMBS = (ENTITIES + b"<xml><MsgType>&c;</MsgType></xml>", OUTSIDE, b"<xml>" * 20_000, b"[" * 100_000, b'{"a":' * 100_000,
         b"<xml>" + b"<a>x</a>" * 8_000 + b"</xml>", b'{"update_id": ' + b"9" * 50_000 + b"}", b"\x1f\x8b" + b"\x00" * 500,
         b"<xml" + b' a="x"' * 9_000 + b"/>", b"<?xml version='1.0' encoding='utf-7'?><xml/>", b"\xff\xfe<\x00x\x00m\x00l\x00/\x00>\x00")  # fmt: skip
WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    7.5,
    1 << 63,
    1 << 70,
    "",
    "x",
    [],
    {},
    [[]],
    {"id": {}},
    "\ud800",
    "9" * 400,
    [CANARY],
    1e308,
)


@dataclass(frozen=True)
class Shot:
    """One request as bytes. `content`: what was signed, when that can be made smaller."""

    kind: str
    raw: bytes
    content: bytes | None = None
    is_http: bool = True  # False: no server has to understand it, a closed line is an answer too


def shot(door: Door, number: int, seed: int) -> Shot:
    """Return shot `number`."""
    chance = random.Random(f"{seed}:{number}")
    kind, make = chance.choices(tuple(KINDS.items()), weights=tuple(WEIGHTS[name] for name in KINDS))[0]
    made = make(door, chance)
    return made if isinstance(made, Shot) else Shot(kind, raw_of(made))


def signed(door: Door, kind: str, content: bytes) -> Shot:
    """Return a shot with this content, signed as the platform would."""
    return Shot(kind, raw_of(door.signed(content)), content)


def raw_of(request: Request, **more: str) -> bytes:
    """Return a request as it goes over the line."""
    target = quote(request.path, safe="/%") + (f"?{urlencode(request.query, errors='replace')}" if request.query else "")
    headers = {"host": "gateway", **request.headers, "content-length": str(len(request.body)), **more}
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + request.body


def _genuine(door: Door, chance: random.Random) -> bytes:
    words = f"{CANARY} {chance.choice(WORDS)}" if chance.random() < 0.9 else chance.choice(WORDS)
    return chance.choice(door.contents(words, chance.randrange(SENDERS)))


def _real(door: Door, chance: random.Random) -> Shot:
    return signed(door, "genuine", _genuine(door, chance))


def _broken(door: Door, chance: random.Random) -> Shot:
    return signed(door, "signed, broken", _mutated(_genuine(door, chance), chance))


def _mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(changed) + 1)
        piece = chance.choice(PIECES) if chance.random() < 0.7 else chance.randbytes(chance.randint(1, 8))
        changed[place : place + chance.choice((0, 1, 4, 40))] = piece
    return bytes(changed)


def _wrong_types(door: Door, chance: random.Random) -> Shot:
    content = _genuine(door, chance)
    try:
        data = json.loads(content)
    except ValueError:  # XML: another value, or another element, in the place of one
        parts = content.split(b"><")
        parts[chance.randrange(len(parts))] = chance.choice((b"a>b</a", b"MsgType>7</MsgType", b"xml", b"/xml", *PIECES))
        return signed(door, "signed, wrong types", b"><".join(parts))
    for _ in range(chance.randint(1, 3)):
        _spoil(data, chance)
    return signed(door, "signed, wrong types", json.dumps(data).encode())


def _spoil(data: Any, chance: random.Random) -> None:
    """Put something wrong somewhere into parsed JSON."""
    here: Any = data
    while isinstance(here, (dict, list)) and here:
        key = chance.choice(list(here)) if isinstance(here, dict) else chance.randrange(len(here))
        if not isinstance(here[key], (dict, list)) or not here[key] or chance.random() < 0.3:
            here[key] = deepcopy(chance.choice(WRONG))
            return
        here = here[key]


def _bomb(door: Door, chance: random.Random) -> Shot:
    return signed(door, "signed, bomb", chance.choice(BOMBS))


def _stranger(door: Door, chance: random.Random) -> Request:
    return chance.choice(door.forged(door.signed(_genuine(door, chance))))


def _other(door: Door, chance: random.Random) -> Shot:
    request = chance.choice(door.others) if door.others else door.signed(_genuine(door, chance))
    junk = {name: chance.choice(WORDS) for name in chance.sample(("after", "lang", "echostr", "timestamp", "nonce", "x"), 2)}
    return Shot("query junk", raw_of(replace(request, query={**request.query, **junk})))


def _outside(door: Door, chance: random.Random) -> Shot:
    request = door.signed(_genuine(door, chance))
    return Shot("changed after signing", raw_of(replace(request, body=_mutated(request.body, chance))))


def _headers(door: Door, chance: random.Random) -> Shot:
    junk = chance.choice((
        {"content-type": "x" * 5000}, {"content-encoding": "gzip"}, {"expect": "100-continue"}, {"content-length": "9" * 30},
        {"content-length": "-1"}, {"content-length": "0x10"}, {"transfer-encoding": "chunked"}, {"transfer-encoding": "gzip, chunked"},
        {"cookie": "a=b; " * 900}, {"host": ""}, {"host": "x" * 3000}, {"upgrade": "websocket", "connection": "upgrade"},
        {"accept-language": "de;q=x, \u0661;q=1e9,*" * 40}, {"x-forwarded-for": f"{CANARY}, ::1"}, {"range": "bytes=0-" * 50},
        {"x-telegram-bot-api-secret-token": "\udcff\udcfe"}, {CANARY: "\x00"}, {"a b": "c"}, {"content-length": "5"},
    ))  # fmt: skip
    return Shot("header junk", raw_of(door.signed(_genuine(door, chance)), **junk), is_http=False)


def _line(door: Door, chance: random.Random) -> Shot:
    request = door.signed(_genuine(door, chance))
    method = chance.choice(
        ("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "ZEBRA", "post", "P\x00ST", "")
    )
    path = chance.choice((request.path, request.path + "/", "//", "/..%2f..%2fetc/passwd", "/static/webchat/..%2f..%2f..%2fetc/passwd",
                          "/%ff%fe", "/" + "a" * 9000, "*", "http://other/", request.path + "%00", "/chat/api/stream?after=x"))  # fmt: skip
    raw = raw_of(request)
    first = f"{method} {path} HTTP/{chance.choice(('1.1', '1.0', '2', '9.9', ''))}".encode("utf-8", "surrogateescape")
    return Shot("request line junk", first + b"\r\n" + raw.partition(b"\r\n")[2], is_http=False)


def _noise(_: Door, chance: random.Random) -> Shot:
    return Shot("noise", chance.randbytes(chance.randint(1, 2000)) + b"\r\n\r\n", is_http=False)


def _large(door: Door, chance: random.Random) -> Shot:
    size = chance.choice((LARGE, 2 * 1024 * 1024, 1024 * 1024 + 1, 64 * 1024 + 1))
    return Shot("large", raw_of(replace(door.signed(_genuine(door, chance)), body=b"x" * size)))


def _large_unannounced(door: Door, chance: random.Random) -> Shot:
    request = door.signed(_genuine(door, chance))
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    raw = raw_of(replace(request, body=b""), **{"transfer-encoding": "chunked"}).replace(b"content-length: 0\r\n", b"")
    return Shot("large, in chunks", raw + chunk * chance.choice((2, 20, 320)) + b"0\r\n\r\n")


Make = Callable[[Door, random.Random], "Shot | Request"]
KINDS: dict[str, Make] = {
    "genuine": _real, "signed, broken": _broken, "signed, wrong types": _wrong_types, "signed, bomb": _bomb, "stranger": _stranger,
    "query junk": _other, "changed after signing": _outside, "header junk": _headers, "request line junk": _line, "noise": _noise,
    "large": _large, "large, in chunks": _large_unannounced,
}  # fmt: skip
WEIGHTS = {
    "genuine": 120, "signed, broken": 300, "signed, wrong types": 240, "signed, bomb": 20, "stranger": 80, "query junk": 60,
    "changed after signing": 80, "header junk": 40, "request line junk": 40, "noise": 16, "large": 3, "large, in chunks": 1,
}  # fmt: skip
