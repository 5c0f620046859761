"""The gateway process: `python -m connectors`."""

from __future__ import annotations

import gc
import sys

import uvicorn

from bot.database.engine import make_engine
from bot.database.migrate import migrate
from bot.errors import OperatorError
from bot.settings import read_settings
from connectors.gateway import gateway
from connectors.logs import set_up


def main() -> None:
    """Serve until SIGTERM; the messages at hand are finished first."""
    settings = read_settings()
    set_up(settings.log_level)
    migrate(make_engine(settings.database_url))
    app, _ = gateway(settings)
    gc.freeze()  # the content stays for ever: do not walk through it at every collection
    # ws="none": uvicorn does not start with Rasa's pin of websockets, and nothing here speaks WebSocket.
    uvicorn.run(
        app, host=settings.host, port=settings.port, ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=5,
        server_header=False, proxy_headers=False,
    )  # fmt: skip


if __name__ == "__main__":
    try:
        main()
    except OperatorError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
