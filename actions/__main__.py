"""The action server: `python -m actions`. On loopback only, and its errors repeat nothing of what was asked."""

from __future__ import annotations

import json
import logging
import sys
from http import HTTPStatus
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.errors import CANNOT_RUN, OperatorError
from bot.interpreter import share_finely
from bot.settings import read_settings

logger = logging.getLogger(__name__)


def make_app() -> Sanic:
    """Return the server. rasa_sdk's own listens on all addresses and sends the whole tracker back in its errors."""
    executor = ActionExecutor()
    executor.register_package("actions")
    app = Sanic("daozhen_actions", configure_logging=False)

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        return json_response({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        call: dict[str, Any] = json.loads(request.body)
        try:
            return json_response(await executor.run(call))
        except ActionExecutionRejection as rejection:
            return json_response({"error": "rejected", "action_name": rejection.action_name}, status=HTTPStatus.BAD_REQUEST)
        except ActionNotFoundException as missing:
            return json_response({"error": "not found", "action_name": missing.action_name}, status=HTTPStatus.NOT_FOUND)
        except Exception as error:
            logger.error("action failed: %s in %s", type(error).__name__, call.get("next_action"))
            return json_response({"error": type(error).__name__, "action_name": call.get("next_action")}, status=500)

    return app


def main() -> None:
    """Serve until SIGTERM."""
    settings = read_settings()
    logging.basicConfig(
        level=settings.log_level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    share_finely()
    make_app().run(host="127.0.0.1", port=settings.actions_port, access_log=False, motd=False, debug=False)


if __name__ == "__main__":
    try:
        main()
    except OperatorError as error:
        print(error, file=sys.stderr)
        sys.exit(CANNOT_RUN)
