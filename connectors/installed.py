"""Which connectors this installation has: those whose settings are there. One line a platform."""

from __future__ import annotations

import sys

from bot.errors import OperatorError
from bot.settings import Settings, read_settings
from connectors.contract import Connector
from connectors.wecom.door import is_on


def installed(settings: Settings) -> tuple[Connector, ...]:
    """Return the connectors that are switched on. Raises OperatorError for one that is only half set up."""
    connectors: list[Connector] = []
    if settings.telegram_token:
        from connectors.telegram.connector import Telegram

        connectors.append(Telegram(settings))
    if settings.wechat_app_id or settings.wechat_token:
        from connectors.wechat.connector import WeChat

        connectors.append(WeChat(settings))
    if is_on(settings):
        from connectors.wecom.connector import WeCom

        connectors.append(WeCom(settings))
    if settings.wecom_robot_keys:
        from connectors.wecom.robot import Robots

        connectors.append(Robots(settings))
    if settings.smtp_host:
        from connectors.mail.connector import Mail

        connectors.append(Mail(settings))
    return tuple(connectors)


if __name__ == "__main__":  # asked by `daozhen check` and `daozhen up`, which know no platform
    try:
        installed(read_settings())
    except OperatorError as error:
        sys.exit(str(error))
