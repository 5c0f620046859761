"""`python -m connectors.wechat check` and `… menu`, behind `daozhen check wechat` and `daozhen wechat menu`."""

from __future__ import annotations

import sys

from bot.content.load import load_content
from bot.settings import Settings
from connectors.check_command import run
from connectors.tencent.findings import Finding
from connectors.wechat.answering import MENU
from connectors.wechat.check import check, publish_menu


def menu(settings: Settings) -> list[Finding]:
    """Publish the menu in the language of the settings."""
    phrases = load_content(settings.content_dir, keep_in=settings.kept_dir).phrases
    return publish_menu(settings, {key: phrases.get(f"wechat.menu_{key}", settings.language) for key in MENU})


if __name__ == "__main__":
    run(menu if sys.argv[1:] == ["menu"] else check)
