"""What `python -m connectors.… check` has in common: the tables are there, findings are printed, a wrong one is exit code 1."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import NoReturn, Protocol

from bot.database.engine import make_engine
from bot.database.migrate import migrate
from bot.errors import OperatorError
from bot.settings import Settings, read_settings


class Finding(Protocol):
    """One sentence of a check, and whether something is wrong."""

    @property
    def text(self) -> str:
        """The sentence."""

    @property
    def wrong(self) -> bool:
        """Whether the operator has to do something."""


def run(check: Callable[[Settings], Sequence[Finding]]) -> NoReturn:
    """Print what `check` finds and end the process. A mistake of the operator's is one sentence, never a traceback."""
    try:
        settings = read_settings()
        engine = make_engine(settings.database_url)
        migrate(engine)
        engine.dispose()
        found = check(settings)
    except OperatorError as error:
        sys.exit(str(error))
    for one in found:
        print(one.text, file=sys.stderr if one.wrong else sys.stdout)
    sys.exit(int(any(one.wrong for one in found)))
