"""A page where a person is a patient: writes in private or in a group, presses buttons, and sees what Telegram would show."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from simulators.telegram.delivery import Delivery
from simulators.telegram.limits import Limits
from simulators.telegram.world import Chat, Person, World

Json = dict[str, Any]

FOLDER = Path(__file__).parent / "static"
PEOPLE = (("王芳", "zh-hans"), ("林怡君", "zh-hant"), ("Emma", "en"), ("Anna", "de"), ("ليلى", "ar"))
LONGEST_WAIT_S = 20.0
LOOK_EVERY_S = 0.1


class Page:
    """The page and what it calls. On the first look there are some people and a group."""

    def __init__(self, world: World, delivery: Delivery, limits: Limits) -> None:
        self._world, self._delivery, self._limits = world, delivery, limits
        self._deeds: dict[str, Callable[[Json], Any]] = {
            "say": self._say,
            "press": self._press,
            "follow": lambda data: world.starts(self._person(data), str(data["start"])),
            "edit": lambda data: world.edits(self._person(data), self._chat(data), int(data["message"]), str(data["text"])),
            "photo": lambda data: world.sends_photo(self._person(data), str(data.get("text", "")), self._chat(data)),
            "voice": lambda data: world.sends_voice(self._person(data), self._chat(data)),
            "sticker": lambda data: world.sends_sticker(self._person(data), self._chat(data)),
            "forward": lambda data: world.forwards(self._person(data), str(data["text"])),
            "block": lambda data: world.blocks(self._person(data)),
            "unblock": lambda data: world.unblocks(self._person(data)),
            "bot": lambda data: world.adds_bot(self._person(data), self._chat(data), str(data["status"])),
            "person": lambda data: world.person(str(data["name"]), str(data.get("language", "en"))),
            "group": lambda data: world.group(str(data["title"]), self._person(data)),
        }

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/", self._file("index.html"))
        app.router.add_get("/page.js", self._file("page.js"))
        app.router.add_get("/page.css", self._file("page.css"))
        app.router.add_get("/state", self._state)
        app.router.add_post("/deed/{name}", self._deed)

    def _file(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def give(_: web.Request) -> web.StreamResponse:
            self._furnish()
            return web.FileResponse(FOLDER / name, headers={"Cache-Control": "no-cache"})

        return give

    def _furnish(self) -> None:
        if self._world.people:
            return
        people = [self._world.person(name, language) for name, language in PEOPLE]
        self._world.group("病友群 · Patients", people[0])

    async def _state(self, request: web.Request) -> web.Response:
        """Return everything, as soon as something is newer than `since`."""
        since = int(request.query.get("since", "-1"))
        for _ in range(int(LONGEST_WAIT_S / LOOK_EVERY_S)):
            if self._world.version > since:
                break
            await asyncio.sleep(LOOK_EVERY_S)
        return web.json_response(self._everything())

    def _everything(self) -> Json:
        world = self._world
        return {
            "version": world.version,
            "bot": world.bot,
            "people": [
                {"id": p.id, "name": p.name, "language": p.language_code, "blocked": p.blocked} for p in world.people.values()
            ],
            "chats": [_chat_json(chat) for chat in world.chats.values() if not chat.moved_to],
            "toasts": {key: query.text for key, query in list(world.queries.items())[-20:] if query.answered},
            "webhook": self._delivery.info(),
            "throttled": self._limits.throttled,
        }

    async def _deed(self, request: web.Request) -> web.Response:
        deed = self._deeds.get(request.match_info["name"])
        # A page of another origin could post here as well: it cannot set this header without being asked.
        if deed is None or request.headers.get("X-Simulator") != "1":
            return web.json_response({"error": "unknown"}, status=404)
        try:
            done = deed(await request.json())
        except (LookupError, ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"query": done if isinstance(done, str) else ""})

    def _say(self, data: Json) -> Json:
        return self._world.says(self._person(data), str(data["text"]), self._chat(data), reply_to=int(data.get("reply_to", 0)))

    def _press(self, data: Json) -> str:
        return self._world.presses(self._person(data), self._chat(data), int(data["message"]), str(data["data"]))

    def _person(self, data: Json) -> Person:
        return self._world.people[int(data["person"])]

    def _chat(self, data: Json) -> Chat:
        return self._world.chats[int(data.get("chat") or data["person"])]


def _chat_json(chat: Chat) -> Json:
    return {"id": chat.id, "type": chat.type, "title": chat.title, "bot": chat.bot, "admins": sorted(chat.admins),
            "messages": chat.messages[-200:]}  # fmt: skip
