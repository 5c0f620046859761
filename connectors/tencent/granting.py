"""Where access tokens come from: the two calls that need the secret. Nothing here keeps or logs it."""

from __future__ import annotations

from connectors.tencent.access import Fetch, Granted
from connectors.tencent.api import Json, Line, NoAnswer

LONGEST_TOKEN = 512


def of_official_account(line: Line, app_id: str, secret: str, *, force: bool = False) -> Fetch:
    """Return how a token of an official account is fetched: the stable one, which several programs may ask for at any time.

    `force` makes Tencent give a new one: 20 times a day, and only when an operator says so.
    """

    async def fetch() -> Granted:
        payload = {"grant_type": "client_credential", "appid": app_id, "secret": secret, "force_refresh": force}
        return _granted(await line.call("cgi-bin/stable_token", payload))

    return fetch


def of_corporation(line: Line, corp_id: str, secret: str) -> Fetch:
    """Return how a token of WeCom is fetched. It must not be asked for often: Tencent answers 45009 then."""

    async def fetch() -> Granted:
        return _granted(await line.call("cgi-bin/gettoken", None, {"corpid": corp_id, "corpsecret": secret}))

    return fetch


def _granted(answer: Json) -> Granted:
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN or type(seconds) is not int or seconds <= 0:
        raise NoAnswer
    return Granted(token, seconds)
