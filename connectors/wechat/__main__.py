"""`python -m connectors.wechat check` and `… menu`, behind `daozhen check wechat` and `daozhen wechat menu`."""

from __future__ import annotations

import sys

from bot.content.load import load_content
from bot.database.engine import make_engine
from bot.database.migrate import migrate
from bot.errors import OperatorError
from bot.settings import Settings, read_settings
from connectors.tencent.findings import Finding
from connectors.wechat.answering import MENU
from connectors.wechat.check import check, publish_menu


def main(what: str) -> int:
    """Do `what` and return the exit code."""
    settings = read_settings()
    engine = make_engine(settings.database_url)
    migrate(engine)
    engine.dispose()
    found = _menu(settings) if what == "menu" else check(settings)
    for one in found:
        print(one.text, file=sys.stderr if one.wrong else sys.stdout)
    return int(any(one.wrong for one in found))


def _menu(settings: Settings) -> list[Finding]:
    phrases = load_content(settings.content_dir, keep_in=settings.kept_dir).phrases
    return publish_menu(settings, {key: phrases.get(f"wechat.menu_{key}", settings.language) for key in MENU})


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else "check"))
    except OperatorError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
