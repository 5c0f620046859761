"""Which connectors this installation has: those whose settings are there. One line a platform."""

from __future__ import annotations

from bot.settings import Settings
from connectors.contract import Connector


def installed(settings: Settings) -> tuple[Connector, ...]:
    """Return the connectors that are switched on. Raises OperatorError for one that is only half set up."""
    connectors: list[Connector] = []
    if settings.telegram_token:
        from connectors.telegram.connector import Telegram

        connectors.append(Telegram(settings))
    if settings.wechat_app_id or settings.wechat_token:
        from connectors.wechat.connector import WeChat

        connectors.append(WeChat(settings))
    return tuple(connectors)
