"""`daozhen check wecom`: is customer service set up, and which setting is wrong where it is not. It sends nothing to anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.clock import Clock, utc_now
from bot.database.engine import Database, make_engine
from bot.privacy.encryption import load_cipher
from bot.settings import PREFIX, Settings
from connectors.tencent.access import AccessTokens
from connectors.tencent.api import Api, ApiError, Line
from connectors.tencent.findings import Finding, explained, refused_address
from connectors.tencent.granting import of_corporation
from connectors.wecom import calls, door
from connectors.wecom.robot import RobotProblem, keys_of

T = TypeVar("T")


def check(settings: Settings) -> list[Finding]:
    """Return all findings."""
    found = offline(settings)
    if any(one.wrong for one in found) or not settings.wecom_corp_id:
        return found
    return found + asyncio.run(with_api(settings, online))


def offline(settings: Settings) -> list[Finding]:
    """Return what can be said without asking WeCom."""
    found = []
    try:
        robots = len(keys_of(settings))
        if robots:
            found.append(Finding(f"{robots} robots tell the staff's groups of urgent cases, without a word about the patient."))
    except RobotProblem as problem:
        found.append(Finding(str(problem), wrong=True))
    if not door.is_on(settings):
        names = f"{PREFIX}WECOM_CORP_ID, _KF_SECRET, _TOKEN and _AES_KEYS"
        return [*found, Finding(f"Customer service (微信客服) is off. Set {names} to switch it on.", wrong=not found)]
    try:
        door.check(settings)
    except door.WeComProblem as problem:
        return [*found, Finding(str(problem), wrong=True)]
    return [*found, Finding(f"The callback of 微信客服 is <public address>{door.PATH}.")]


async def online(api: Api) -> list[Finding]:
    """Return what WeCom says to the secret, our address and the accounts."""
    try:
        known = await calls.accounts_of(api)
    except Exception as failure:
        return [Finding(sentence(failure), wrong=True)]
    ours = [account for account in known if account.managed]
    if not ours:
        text = "The secret is right, and no account of 微信客服 is ours: tick 通过API管理 for one, and this app under 可调用接口的应用."
        return [Finding(text, wrong=True)]
    return [Finding(f"The secret is right, the address is allowed, and {len(ours)} of {len(known)} accounts are ours.")]


def sentence(failure: BaseException) -> str:
    """Return what an operator has to do about a failure."""
    return explained(failure, "WeCom", _of_code)


def _of_code(error: ApiError) -> str:
    code = error.errcode
    if code == 60020:
        return f"60020: WeCom refuses calls from {refused_address(error)}. Add it to 企业可信IP of the app."
    if code == 40013:
        return f"40013: {PREFIX}WECOM_CORP_ID is no corp id. Copy it from 我的企业: it begins with ww."
    if code in (40001, 40014, 42001):
        return f"{code}: {PREFIX}WECOM_KF_SECRET is wrong. Copy the secret from the page of the app that may use 微信客服."
    if code in (48001, 48002, 60011):
        return f"{code}: this app may not use 微信客服. Put it under 可调用接口的应用 there."
    return f"WeCom answers {code} ({error.errmsg})."


def tokens_of(settings: Settings, database: Database, line: Line, clock: Clock) -> AccessTokens:
    """Return the token that all processes share."""
    fetch = of_corporation(line, settings.wecom_corp_id, settings.wecom_kf_secret)
    return AccessTokens(database, clock, fetch, f"{settings.wecom_corp_id}:kf")


async def with_api(settings: Settings, act: Callable[[Api], Awaitable[T]]) -> T:
    """Run `act` with a line to WeCom."""
    database = Database(make_engine(settings.database_url), load_cipher(settings))
    line = Line(settings.wecom_api_url or door.OFFICIAL)
    api = Api(line, tokens_of(settings, database, line, utc_now))
    try:
        return await act(api)
    finally:
        await api.close()
        database.engine.dispose()
