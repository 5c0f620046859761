"""The peer: the least that may be called a durable webhook. An aiohttp application that checks the secret, inserts and commits.

It reads nothing, encrypts nothing and answers nobody. SQLite with the same switches as ours.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
import sys

from aiohttp import web

from connectors.telegram.connector import SECRET_HEADER
from connectors.telegram.running import PATH


def application(file: str, secret: str) -> web.Application:
    """Return the application over the database `file`."""
    database = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE IF NOT EXISTS inbound (number INTEGER PRIMARY KEY, body BLOB)")

    async def webhook(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, ""), secret):
            return web.Response(status=401)
        body = await request.read()
        number = json.loads(body)["update_id"]
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT OR IGNORE INTO inbound VALUES (?, ?)", (number, body))
        database.execute("COMMIT")
        return web.Response()

    async def health(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_post(PATH, webhook)
    app.router.add_get("/health", health)
    return app


if __name__ == "__main__":
    web.run_app(application(sys.argv[2], sys.argv[3]), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
