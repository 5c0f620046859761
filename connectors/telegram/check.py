"""`daozhen check telegram`: is the bot set up, and can the nurses use its group. It sends nothing to anybody."""

from __future__ import annotations

import asyncio

from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.clock import utc_now
from bot.database.engine import Database, make_engine
from bot.errors import OperatorError
from bot.privacy.encryption import load_cipher
from bot.settings import PREFIX, Settings
from connectors.telegram.api import Api
from connectors.telegram.connector import check as check_settings
from connectors.telegram.desk import places
from connectors.telegram.desk.groups import ONLY_WARNS, problem_in
from connectors.telegram.desk.places import Places
from connectors.telegram.running import PATH
from connectors.tencent.findings import Finding

# What to do about what is wrong with a group.
FIXES = {
    "not_inside": "the bot is not in this group, or the id is wrong. Add it; the id of a group begins with -100.",
    "no_forum": "this group has no topics. Switch them on in the settings of the group.",
    "no_admin": "the bot is an ordinary member. Make it an admin that may manage topics and delete messages.",
    "no_rights": "the bot may not manage topics. Allow it in the rights of the admin.",
    "no_deleting": "the bot may not delete messages: what a patient has erased stays in the topic. Allow it in its rights.",
}


def check(settings: Settings) -> list[Finding]:
    """Return everything that can be said about the settings of Telegram."""
    if not settings.telegram_token:
        return [Finding(f"Telegram is off. Set {PREFIX}TELEGRAM_TOKEN to switch it on.", wrong=True)]
    try:
        check_settings(settings)
    except OperatorError as problem:
        return [Finding(str(problem), wrong=True)]
    database = Database(make_engine(settings.database_url), load_cipher(settings))
    with database.read() as work:
        known = places.with_moves(work, places.places_of(settings))
    api = Api(settings.telegram_token, api_url=settings.telegram_api_url)
    return asyncio.run(_online(settings, api, known))


async def _online(settings: Settings, api: Api, known: Places) -> list[Finding]:
    try:
        return await ask(settings, api, known)
    finally:
        await api.close()


async def ask(settings: Settings, api: Api, known: Places) -> list[Finding]:
    """Return what Telegram says of the token, the webhook and the groups."""
    try:
        me = await api.know_me()
        hook = await api.bot.get_webhook_info()
    except InvalidToken:
        return [Finding(f"Telegram refuses {PREFIX}TELEGRAM_TOKEN. Copy it from @BotFather again.", wrong=True)]
    except TelegramError as failure:
        return [Finding(f"Telegram cannot be reached ({type(failure).__name__}). Is the network right?", wrong=True)]
    found = [Finding(f"The token is right: the bot is @{me.username}."), *_hook(settings, hook)]
    if api.reads_all_of_groups:
        found.append(Finding("Privacy mode is off: the bot gets every message of groups. Switch it on with @BotFather."))
    if not known.configured:
        return [*found, Finding(f"There is no staff group. Set {PREFIX}TELEGRAM_STAFF_GROUP for nurses who answer in Telegram.")]
    for number, chat in enumerate(sorted({known.now(chat) for chat in known.configured}), 1):
        found.append(_of_group(number, await problem_in(api, chat, before="not_inside")))
    return found


def _of_group(number: int, problem: str) -> Finding:
    # A number of ours: the id of a group belongs in no log.
    if not problem:
        return Finding(f"Staff group {number} can be used.")
    return Finding(f"Staff group {number}: {FIXES[problem]}", wrong=problem not in ONLY_WARNS)


def _hook(settings: Settings, hook: WebhookInfo) -> list[Finding]:
    if settings.telegram_mode == "polling":
        return [Finding("Updates are fetched (polling); one process only may do that.")]
    wanted = settings.telegram_public_url.rstrip("/") + PATH
    if hook.url and hook.url != wanted:
        return [Finding(f"The webhook points elsewhere. A gateway that starts sets it to {wanted}.", wrong=True)]
    late = hook.last_error_date is not None and (utc_now() - hook.last_error_date).total_seconds() < 3600
    if hook.url and late:
        return [Finding(f"Telegram could not deliver to {wanted} within the last hour: {hook.last_error_message}.", wrong=True)]
    return [Finding(f"The webhook is {wanted}." if hook.url else f"A gateway that starts sets the webhook to {wanted}.")]
