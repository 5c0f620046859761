"""The sealed envelope of callbacks: signature, freshness, AES, whom it is for. The library ciphers, the guard is ours.

wechatpy compares signatures letter by letter, accepts an empty token and captured requests of last year, and raises eight kinds
of errors; so only its AES and its padding are used.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import logging
import re
import secrets
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wechatpy.crypto.base import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder

from bot.clock import Clock
from bot.errors import OperatorError
from connectors.contract import Malformed, NotTheirs
from connectors.tencent.xml import LARGEST, document, fields, is_json

logger = logging.getLogger(__name__)

FRESH_S = 300
LONGEST_ECHO = 1024
WARN_EVERY = timedelta(minutes=1)
_BLOCK, _PREFIX, _LENGTH = 32, 16, 4
_DIGITS = re.compile(r"[0-9]{1,12}")
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


class EnvelopeProblem(OperatorError):
    """The token or a key cannot be used. The message says how they look; it holds neither."""


@dataclass(frozen=True)
class Opened:
    """What was in an envelope. `key`: the place of the key that opened it; the answer is sealed with the same."""

    plain: bytes
    key: int


class Envelope:
    """Opens and seals. `aes_keys`: the current one, then the previous; `receive_id`: app id or corp id."""

    def __init__(self, token: str, aes_keys: Sequence[str], receive_id: str, clock: Clock) -> None:
        if not token or not receive_id:
            raise EnvelopeProblem(
                "The callback token or the account's id is empty. Without a token anybody could write as a patient."
            )
        if not aes_keys or not all(map(_AES_KEY.fullmatch, aes_keys)):
            raise EnvelopeProblem("An EncodingAESKey is not 43 letters and digits. Copy it from the platform's page again.")
        self._token, self._receive_id, self._clock = token, receive_id, clock
        self._warned: dict[str, datetime] = {}
        self._keys = tuple(base64.b64decode(f"{key}=") for key in aes_keys)

    def check_address(self, query: Mapping[str, str]) -> str:
        """Return what to answer when the platform checks our address. Raises NotTheirs.

        Official accounts want their `echostr` back as it is; WeCom encrypts it and wants the words inside.
        """
        echo = query.get("echostr", "")
        if not 0 < len(echo) <= LONGEST_ECHO:
            raise NotTheirs
        self._check_fresh(query)
        if "msg_signature" not in query:
            self._check_signature(query.get("signature", ""), query)
            return echo
        self._check_signature(query["msg_signature"], query, echo)
        try:
            return self._decrypt(echo).plain.decode()
        except (Malformed, UnicodeDecodeError):
            raise NotTheirs from None

    def open(self, query: Mapping[str, str], body: bytes) -> Opened:
        """Return what is in the envelope. Raises NotTheirs, or Malformed for a signed one that nothing can be read from."""
        try:
            self._check_fresh(query)
        except NotTheirs:
            self._tell_of_the_clock(query, body)
            raise
        sealed = _encrypted(body)
        self._check_signature(query.get("msg_signature", ""), query, sealed)
        if is_json(body):
            logger.error("the platform sends JSON: choose XML as the data format of the callback")
            raise Malformed("JSON instead of XML")
        return self._decrypt(sealed)

    def seal(self, plain: str, nonce: str, key: int) -> str:
        """Return the XML that answers with `plain`, sealed with the key of this place."""
        content = plain.encode("utf-8", "replace")
        framed = secrets.token_bytes(_PREFIX) + struct.pack(">I", len(content)) + content + self._receive_id.encode()
        sealed = base64.b64encode(WeChatCipher(self._keys[key]).encrypt(PKCS7Encoder.encode(framed))).decode()
        stamp = str(int(self._clock().timestamp()))
        signature = signature_of(self._token, stamp, nonce, sealed)
        return document({"Encrypt": sealed, "MsgSignature": signature, "TimeStamp": int(stamp), "Nonce": nonce})

    def _check_fresh(self, query: Mapping[str, str]) -> None:
        stamp = query.get("timestamp", "")
        if not _DIGITS.fullmatch(stamp) or abs(self._clock().timestamp() - int(stamp)) > FRESH_S:
            raise NotTheirs

    def _check_signature(self, given: str, query: Mapping[str, str], *more: str) -> None:
        right = signature_of(self._token, query.get("timestamp", ""), query.get("nonce", ""), *more)
        if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode()):
            raise NotTheirs

    def _decrypt(self, sealed: str) -> Opened:
        """Try the keys in their order. Raises Malformed when it is no ciphertext, NotTheirs when none fits or it is for another."""
        try:
            ciphertext = base64.b64decode(sealed.encode("ascii"), validate=True)
        except (binascii.Error, ValueError):
            raise Malformed("no base64") from None
        if not ciphertext or len(ciphertext) % 16:
            raise Malformed("no ciphertext")
        for place, key in enumerate(self._keys):
            plain = _unframed(WeChatCipher(key).decrypt(ciphertext), self._receive_id.encode())
            if plain is not None:
                return Opened(plain, place)
        # Who signs knows our token, so it is most likely a key that was changed on one side only.
        self._warn("a callback with our token is under no key of ours: are EncodingAESKey and account right?")
        raise NotTheirs

    def _tell_of_the_clock(self, query: Mapping[str, str], body: bytes) -> None:
        """Every message is refused while this machine's clock is wrong; somebody who repeats what they saw looks the same."""
        with contextlib.suppress(NotTheirs, Malformed):
            self._check_signature(query.get("msg_signature", ""), query, _encrypted(body))
            self._warn("a callback with a right signature is more than five minutes off: is this machine's clock right?")

    def _warn(self, what: str) -> None:
        """Say something to the operator, once a minute."""
        now = self._clock()
        before = self._warned.get(what)
        if before is None or abs(now - before) >= WARN_EVERY:
            self._warned[what] = now
            logger.warning(what)


def signature_of(*parts: str) -> str:
    """Return the hex SHA-1 over the sorted parts: token, time stamp, nonce and, for an envelope, the ciphertext."""
    joined = "".join(sorted(parts)).encode("utf-8", "surrogatepass")
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def _encrypted(body: bytes) -> str:
    read: Any
    if len(body) > LARGEST:
        raise Malformed("too large")
    if is_json(body):
        try:
            read = json.loads(body)
        except (ValueError, RecursionError):
            raise Malformed("no JSON") from None
    else:
        read = fields(body)
    sealed = read.get("Encrypt") if isinstance(read, dict) else None
    if not isinstance(sealed, str) or not sealed:
        raise NotTheirs  # not in the safe mode: anybody could have written that
    return sealed


def _unframed(framed: bytes, receive_id: bytes) -> bytes | None:
    """Return the message in a frame, or None when the frame is broken or for somebody else: it was another key then."""
    padding = framed[-1]
    if not 1 <= padding <= _BLOCK or framed[-padding:] != bytes([padding]) * padding:
        return None
    inner = framed[_PREFIX:-padding]
    if len(inner) < _LENGTH:
        return None
    (length,) = struct.unpack(">I", inner[:_LENGTH])
    content, whose = inner[_LENGTH : _LENGTH + length], inner[_LENGTH + length :]
    return content if hmac.compare_digest(whose, receive_id) else None
