"""Errors in Tencent's shape: HTTP 200, a number, words, and the mark of the call that their support asks for."""

from __future__ import annotations

import random
from typing import Any

# The words of the official list of return codes; WeCom has some of its own. Assumed: 95030, since no page names the number for an
# msgid that was used before, and 93000 for a robot's unknown key. A test of the bot must not hold on to these two.
WORDS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40022: "invalid sub button level",
    40037: "invalid template_id",
    40058: "invalid args size",
    40066: "invalid url",
    40096: "invalid external userid",
    40125: "invalid appsecret",
    40164: "invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist",
    41001: "access_token missing",
    42001: "access_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit mustslower retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48002: "user refuses to receive the message",
    45072: "command must be Typing or CancelTyping",
    45080: "customer service need to be in the conversation",
    45081: "already typing",
    60020: "not allow to access from your ip",
    93000: "invalid webhook url",
    95000: "invalid open_kfid",
    95001: "send msg count limit",
    95007: "invalid msg token",
    95013: "session already closed",
    95014: "user is not in servicing state",
    95016: "state transfer invalid",
    95018: "send msg session status invalid",
    95030: "msgid duplicate",
}


class ApiError(Exception):
    """What is answered instead of a result."""

    def __init__(self, code: int, more: str = "", *, ip: str = "127.0.0.1") -> None:
        self.code = code
        words = WORDS.get(code, "error").format(ip=ip)
        super().__init__(f"{words} {more}".strip())


def answer(error: ApiError, chance: random.Random, *, of_wecom: bool) -> dict[str, Any]:
    """Return it as JSON data."""
    if of_wecom:
        hint = f"hint: [{chance.randrange(10**24):024d}], from ip: 127.0.0.1"
        more = f"more info at https://open.work.weixin.qq.com/devtool/query?e={error.code}"
        return {"errcode": error.code, "errmsg": f"{error}, {hint}, {more}"}
    rid = "-".join(f"{chance.randrange(16**8):08x}" for _ in range(3))
    return {"errcode": error.code, "errmsg": f"{error} rid: {rid}"}
