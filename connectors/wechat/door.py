"""Who may speak through the callback, and how we answer: signature, freshness, seal. The mode is what our setting says."""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.errors import OperatorError
from bot.settings import PREFIX, Settings
from connectors.contract import Malformed, NotTheirs, Request
from connectors.tencent.envelope import FRESH_S, Envelope, EnvelopeProblem, signature_of
from connectors.tencent.xml import document, fields, is_json

logger = logging.getLogger(__name__)

_APP_ID = re.compile(r"wx[0-9a-f]{16}")
_TOKEN = re.compile(r"[A-Za-z0-9]{16,32}")
_DIGITS = re.compile(r"[0-9]{1,12}")


class WeChatProblem(OperatorError):
    """WeChat is only half set up. The message names the setting and the fix."""


@dataclass(frozen=True)
class Heard:
    """What a genuine request holds, and what is needed to seal the answer. `key` is -1 in plain mode."""

    fields: Mapping[str, Any]
    nonce: str
    key: int


class Door:
    """Opens requests and seals answers."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        check(settings)
        self._plain = settings.wechat_mode == "plain"
        self._token, self._clock = settings.wechat_token, clock
        self._envelope = None if self._plain else _envelope(settings, clock)

    def check_address(self, query: Mapping[str, str]) -> str:
        """Return what WeChat wants to hear when an operator saves our address. Raises NotTheirs."""
        self._check_plain(query)
        echo = query.get("echostr", "")
        if not 0 < len(echo) <= 1024:
            raise NotTheirs
        return echo

    def open(self, request: Request) -> Heard:
        """Return what is in a request. Raises NotTheirs or Malformed."""
        if self._envelope is None:
            return self._open_plain(request)
        if request.query.get("encrypt_type") != "aes":
            # In safe mode a plain body is somebody who has seen an address, not WeChat.
            raise NotTheirs
        opened = self._envelope.open(request.query, request.body)
        return Heard(fields(opened.plain), request.query.get("nonce", ""), opened.key)

    def answer(self, heard: Heard, text: str, *, to: str, account: str) -> str:
        """Return the reply that says `text` to a person, sealed when the request was."""
        return self._sealed(heard, self._reply(to, account, "text") | {"Content": text})

    def transfer(self, heard: Heard, *, to: str, account: str) -> str:
        """Return the reply that gives the person to WeChat's own customer service."""
        return self._sealed(heard, self._reply(to, account, "transfer_customer_service"))

    def _reply(self, to: str, account: str, kind: str) -> dict[str, Any]:
        now = int(self._clock().timestamp())
        return {"ToUserName": to, "FromUserName": account, "CreateTime": now, "MsgType": kind}

    def _sealed(self, heard: Heard, values: dict[str, Any]) -> str:
        plain = document(values)
        return plain if self._envelope is None else self._envelope.seal(plain, heard.nonce, heard.key)

    def _open_plain(self, request: Request) -> Heard:
        self._check_plain(request.query)
        if is_json(request.body):
            logger.error("WeChat sends JSON: choose XML as the data format in the account's server settings")
            raise Malformed("JSON instead of XML")
        return Heard(fields(request.body), request.query.get("nonce", ""), -1)

    def _check_plain(self, query: Mapping[str, str]) -> None:
        stamp = query.get("timestamp", "")
        if not _DIGITS.fullmatch(stamp) or abs(self._clock().timestamp() - int(stamp)) > FRESH_S:
            raise NotTheirs
        right = signature_of(self._token, stamp, query.get("nonce", ""))
        if not hmac.compare_digest(query.get("signature", "").encode("utf-8", "surrogatepass"), right.encode()):
            raise NotTheirs


def keys_of(settings: Settings) -> tuple[str, ...]:
    """Return the AES keys, the current one first."""
    return tuple(key.strip() for key in settings.wechat_aes_keys.split(",") if key.strip())


def check(settings: Settings) -> None:
    """Raise WeChatProblem when a setting is missing or cannot work. No message holds a secret."""
    if not _APP_ID.fullmatch(settings.wechat_app_id):
        raise WeChatProblem(
            f"{PREFIX}WECHAT_APP_ID is no AppID of an account: wx and 16 letters and digits. Copy it from 基本配置."
        )
    if not _TOKEN.fullmatch(settings.wechat_token):
        raise WeChatProblem(
            f"{PREFIX}WECHAT_TOKEN is missing or not 16 to 32 letters and digits. Without it anybody could write as a patient. "
            "Make one with `openssl rand -hex 16`, and write the same in the account's server settings."
        )
    if settings.wechat_mode == "plain":
        if settings.environment == "production":
            raise WeChatProblem(
                f"{PREFIX}WECHAT_MODE is plain in production: who sees one address could write as anybody. "
                "Choose 安全模式 in the account's server settings and set it to safe."
            )
        return
    _envelope(settings, lambda: None)  # type: ignore[arg-type, return-value]


def _envelope(settings: Settings, clock: Clock) -> Envelope:
    try:
        return Envelope(settings.wechat_token, keys_of(settings), settings.wechat_app_id, clock)
    except EnvelopeProblem:
        raise WeChatProblem(
            f"{PREFIX}WECHAT_AES_KEYS is missing or not 43 letters and digits. Copy the EncodingAESKey from the account's server "
            "settings; while it is being changed write the new one, a comma, and the old one."
        ) from None
