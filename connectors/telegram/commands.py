"""The menu of commands and the description of the bot, in each language and kind of chat."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.content.load import Content
from bot.languages import Language
from connectors.telegram.api import Api
from connectors.telegram.language import two_letters

PRIVATE = ("start", "help", "nurse", "language", "privacy", "mydata", "link", "delete")
IN_GROUPS = ("faq", "help")
FOR_ADMINS = (*IN_GROUPS, "language", "topics")
# The texts for whoever has none of these as the app's language; Traditional Chinese is set chat by chat.
TOLD: tuple[Language, ...] = ("zh-Hans", "en", "de", "ar")
MOST_CHATS = 10_000


def menu(names: tuple[str, ...], language: Language, content: Content, *, group: bool = False) -> list[BotCommand]:
    """Return the commands `names` with what they do."""
    key = {"language": "group_language"} if group else {}
    get = content.phrases.get
    return [BotCommand(name, get(f"telegram.command_{key.get(name, name)}", language)) for name in names]


async def tell_all(api: Api, content: Content, *, default: Language) -> None:
    """Set all menus and descriptions. Raises TelegramError; safe to repeat."""
    async for _ in _calls(api, content, default):
        await asyncio.sleep(0)


async def _calls(api: Api, content: Content, default: Language) -> AsyncIterator[bool]:
    scopes: tuple[tuple[BotCommandScope, tuple[str, ...], bool], ...] = (
        (BotCommandScopeAllPrivateChats(), PRIVATE, False),
        (BotCommandScopeAllGroupChats(), IN_GROUPS, True),
        (BotCommandScopeAllChatAdministrators(), FOR_ADMINS, True),
    )
    get = content.phrases.get
    for code, language in [("", default), *((two_letters(language), language) for language in TOLD)]:
        for scope, names, group in scopes:
            yield await api.bot.set_my_commands(
                menu(names, language, content, group=group), scope=scope, language_code=code or None
            )
        yield await api.bot.set_my_description(get("telegram.description", language), code or None)
        yield await api.bot.set_my_short_description(get("telegram.short_description", language), code or None)


class ChatCommands:
    """The menu of one chat, where it must differ: Telegram knows one Chinese. Nothing waits for it, and nothing fails by it."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._told: OrderedDict[int, Language] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def speak(self, chat: int, language: Language, content: Content) -> None:
        """See to it that the menu of a private chat is in `language`. Must be called on the event loop."""
        before = self._told.get(chat)
        if language == before or "zh-Hant" not in (before, language):
            return
        self._told[chat] = language
        self._told.move_to_end(chat)
        if len(self._told) > MOST_CHATS:
            self._told.popitem(last=False)
        task = asyncio.create_task(self._tell(chat, language, content))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, chat: int, language: Language, content: Content) -> None:
        with contextlib.suppress(TelegramError):
            if language == "zh-Hant":
                await self._api.bot.set_my_commands(menu(PRIVATE, language, content), scope=BotCommandScopeChat(chat))
            else:
                await self._api.bot.delete_my_commands(scope=BotCommandScopeChat(chat))
