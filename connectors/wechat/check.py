"""`daozhen check wechat`: is the account set up, and which setting is wrong where it is not. It sends nothing to anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.clock import utc_now
from bot.database.engine import Database, make_engine
from bot.errors import OperatorError
from bot.privacy.encryption import load_cipher
from bot.settings import PREFIX, Settings
from connectors.tencent.api import Api, ApiError, Line, describe
from connectors.tencent.findings import Finding, explained, refused_address
from connectors.wechat import door
from connectors.wechat.connector import OFFICIAL, PATH, tokens_of
from connectors.wechat.notices import template
from connectors.wechat.running import may_push


def offline(settings: Settings) -> list[Finding]:
    """Return what can be said without asking WeChat."""
    if not settings.wechat_app_id and not settings.wechat_token:
        return [Finding(f"WeChat is off. Set {PREFIX}WECHAT_APP_ID, _SECRET, _TOKEN and _AES_KEYS to switch it on.", wrong=True)]
    try:
        door.check(settings)
    except door.WeChatProblem as problem:
        return [Finding(str(problem), wrong=True)]
    found = [Finding(f"The callback is <public address>{PATH}, 消息加解密方式 {_mode(settings)}, 数据格式 XML (never JSON).")]
    if settings.wechat_mode == "plain":
        found.append(Finding(f"{PREFIX}WECHAT_MODE is plain: fine for trying out, refused in production."))
    for name, number, fields in (
        ("SUBSCRIPTION", settings.wechat_subscription_template, settings.wechat_subscription_fields),
        ("TEMPLATE", settings.wechat_template, settings.wechat_template_fields),
    ):
        try:
            template(number, fields)
        except ValueError as problem:
            found.append(Finding(f"{PREFIX}WECHAT_{name}_FIELDS cannot be read: {problem}.", wrong=True))
    return found


async def online(settings: Settings, api: Api) -> list[Finding]:
    """Return what WeChat says to the secret, our address and the account's rights."""
    if not settings.wechat_secret:
        return [Finding(f"{PREFIX}WECHAT_SECRET is missing: the account answers, and can never write by itself.")]
    try:
        pushes = await may_push(api)
    except Exception as failure:
        return [Finding(sentence(failure), wrong=True)]
    if not pushes:
        return [
            Finding(
                "48001: the account may not push (客服消息). It is not verified (微信认证), or a 订阅号. Answers within five seconds work, and 'reply 1'."
            )
        ]
    found = [Finding("The secret is right, the address is allowed, and the account may push (客服消息).")]
    found += await _templates(settings, api)
    return found


async def _templates(settings: Settings, api: Api) -> list[Finding]:
    checks: tuple[tuple[str, str, str, str, str], ...] = (
        ("TEMPLATE", settings.wechat_template, "cgi-bin/template/get_all_private_template", "template_list", "template_id"),
        ("SUBSCRIPTION_TEMPLATE", settings.wechat_subscription_template, "wxaapi/newtmpl/gettemplate", "data", "priTmplId"),
    )
    found = []
    for name, number, path, listed, key in checks:
        if not number:
            continue
        try:
            known = [one.get(key) for one in (await api.call(path)).get(listed, [])]
        except Exception as failure:
            found.append(Finding(f"{PREFIX}WECHAT_{name} could not be checked: {describe(failure)}."))
            continue
        if number not in known:
            found.append(Finding(f"{PREFIX}WECHAT_{name} is no template of this account ({len(known)} are).", wrong=True))
    return found


def sentence(failure: BaseException) -> str:
    """Return what an operator has to do about a failure."""
    return explained(failure, "WeChat", _of_code)


def _of_code(error: ApiError) -> str:
    code = error.errcode
    if code == 40164:
        return f"40164: WeChat refuses calls from {refused_address(error)}. Add it to the IP list (IP白名单) in 基本配置."
    if code == 40013:
        return f"40013: {PREFIX}WECHAT_APP_ID is no AppID of an account."
    if code in (40125, 40001):
        return (
            f"{code}: {PREFIX}WECHAT_SECRET is wrong. Copy the AppSecret from 基本配置; after a reset the old one ends at once."
        )
    trace = f", rid {error.rid}" if error.rid else ""
    return f"WeChat answers {code} ({error.errmsg}{trace})."


def _mode(settings: Settings) -> str:
    return "明文模式" if settings.wechat_mode == "plain" else "安全模式"


async def with_api(settings: Settings, act: Callable[[Api], Awaitable[list[Finding]]]) -> list[Finding]:
    """Run `act` with a line to WeChat and the token that all processes share."""
    database = Database(make_engine(settings.database_url), load_cipher(settings))
    line = Line(settings.wechat_api_url or OFFICIAL)
    api = Api(line, tokens_of(settings, database, line, utc_now))
    try:
        return await act(api)
    finally:
        await api.close()
        database.engine.dispose()


def check(settings: Settings) -> list[Finding]:
    """Return all findings."""
    found = offline(settings)
    if any(one.wrong for one in found):
        return found
    return found + asyncio.run(with_api(settings, lambda api: online(settings, api)))


class MenuProblem(OperatorError):
    """The menu could not be published. The message says why."""


def publish_menu(settings: Settings, names: dict[str, str]) -> list[Finding]:
    """Publish the three entries with these names by key. Raises MenuProblem."""
    door.check(settings)
    buttons = [{"type": "click", "name": name, "key": key} for key, name in names.items()]

    async def publish(api: Api) -> list[Finding]:
        try:
            await api.call("cgi-bin/menu/create", {"button": buttons})
        except Exception as failure:
            raise MenuProblem(sentence(failure)) from None
        return [
            Finding(f"Published: {', '.join(names.values())}. Followers see it within a day, or at once when they follow anew.")
        ]

    return asyncio.run(with_api(settings, publish))
