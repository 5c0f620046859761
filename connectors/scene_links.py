"""Which addresses open the chat of a place: `python -m connectors.scene_links CHANNEL,… CODE…` prints `{channel: {code: address}}`.

For `daozhen poster`, which knows no platform. A connector takes part by having `scene_link` (see `LeadsToPlaces`). For one that
cannot say it now there is a sentence on stderr that names no secret, and exit code 1.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Sequence
from typing import Protocol, runtime_checkable

from bot.database.engine import Database, make_engine
from bot.database.migrate import migrate
from bot.errors import OperatorError
from bot.privacy.encryption import load_cipher
from bot.settings import read_settings
from connectors.contract import Connector
from connectors.installed import installed

# A platform that has not answered by then is left out.
WITHIN_S = 30.0


@runtime_checkable
class LeadsToPlaces(Protocol):
    """A connector whose platform opens the chat with us from a QR code, and tells us the code of the place."""

    channel: str

    async def scene_link(self, code: str, database: Database) -> str:
        """Return what the QR code of this place must hold. May ask the platform, and raise what its library raises.

        It is asked before there are services: the `database` is for tokens of the platform that processes share.
        """


async def links(
    connectors: Sequence[Connector], codes: Sequence[str], *, database: Database
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return the addresses by channel and code, and a sentence for each channel that could not say them."""
    found: dict[str, dict[str, str]] = {}
    problems: list[str] = []
    for connector in connectors:
        if isinstance(connector, LeadsToPlaces):
            try:
                found[connector.channel] = {code: await _within(connector.scene_link(code, database)) for code in codes}
            except Exception as error:  # whatever a platform's library raises; its text may hold a token
                problems.append(f"{connector.channel} does not tell its address now ({type(error).__name__}).")
        await connector.close()
    return found, problems


async def _within(asked: Awaitable[str]) -> str:
    return await asyncio.wait_for(asked, WITHIN_S)


def main() -> None:
    """Print the addresses: of the channels in the first argument, for the codes in the others."""
    try:
        settings = read_settings()
        engine = make_engine(settings.database_url)
        migrate(engine)
        database = Database(engine, load_cipher(settings))
        asked = [connector for connector in installed(settings) if connector.channel in sys.argv[1].split(",")]
        found, problems = asyncio.run(links(asked, sys.argv[2:], database=database))
    except OperatorError as error:
        sys.exit(str(error))
    for problem in problems:
        print(problem, file=sys.stderr)
    print(json.dumps(found))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
