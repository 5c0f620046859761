"""`python -m connectors.telegram check`, behind `daozhen check telegram`."""

from __future__ import annotations

import sys

from bot.database.engine import make_engine
from bot.database.migrate import migrate
from bot.errors import OperatorError
from bot.settings import read_settings
from connectors.telegram.check import check


def main() -> int:
    """Print what was found and return the exit code."""
    settings = read_settings()
    engine = make_engine(settings.database_url)
    migrate(engine)
    engine.dispose()
    found = check(settings)
    for one in found:
        print(one.text, file=sys.stderr if one.wrong else sys.stdout)
    return int(any(one.wrong for one in found))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OperatorError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
