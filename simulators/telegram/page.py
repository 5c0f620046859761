"""A page where a person is a patient: writes in private or in a group, presses buttons, and sees what Telegram would show."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from simulators.telegram.chats import Chat, Json, Person
from simulators.telegram.delivery import Delivery
from simulators.telegram.forum import Forum
from simulators.telegram.methods import Methods
from simulators.telegram.world import World

FOLDER = Path(__file__).parent / "static"
PEOPLE = (("王芳", "zh-hans"), ("林怡君", "zh-hant"), ("Emma", "en"), ("Anna", "de"), ("ليلى", "ar"))
NURSES = (("护士 李娜", "zh-hans"), ("Nurse Ana", "en"))
STAFF = "护士台 · Staff desk"
STAFF_ID = -1_000_000_000_002  # the second group that is made
LONGEST_WAIT_S = 20.0
LOOK_EVERY_S = 0.1


class Page:
    """The page and what it calls. On the first look there are some people and a group."""

    def __init__(self, world: World, forum: Forum, delivery: Delivery, methods: Methods) -> None:
        self._world, self._forum, self._delivery = world, forum, delivery
        self._limits, self._photos = methods.limits, methods.photos
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
            "group": lambda data: world.group(str(data["title"]), self._person(data), forum=data.get("forum") == "on"),
            "react": lambda data: world.reacts(self._person(data), self._chat(data), int(data["message"])),
            "topic": lambda data: forum.opens_topic(self._person(data), self._chat(data), str(data["name"])),
            "close": lambda data: forum.closes_topic(self._person(data), self._chat(data), int(data["thread"])),
            "reopen": lambda data: forum.reopens_topic(self._person(data), self._chat(data), int(data["thread"])),
            "delete": lambda data: forum.deletes_topic(self._person(data), self._chat(data), int(data["thread"])),
            "leave": lambda data: forum.leaves(self._person(data), self._chat(data)),
            "join": lambda data: forum.joins(self._person(data), self._chat(data)),
            "anonymous": self._say_as_group,
        }

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/", self._file("index.html"))
        app.router.add_get("/page.js", self._file("page.js"))
        app.router.add_get("/page.css", self._file("page.css"))
        app.router.add_get("/state", self._state)
        app.router.add_get("/photo/{id}", self._photo)
        app.router.add_post("/deed/{name}", self._deed)

    def _file(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def give(_: web.Request) -> web.StreamResponse:
            self._furnish()
            return web.FileResponse(FOLDER / name, headers={"Cache-Control": "no-cache"})

        return give

    def _furnish(self) -> None:
        if self._world.people:
            return
        furnish(self._world)

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

    async def _photo(self, request: web.Request) -> web.Response:
        data = self._photos.data.get(request.match_info["id"])
        return web.Response(status=404) if data is None else web.Response(body=data, content_type="image/png")

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
        place = {"reply_to": int(data.get("reply_to", 0)), "thread": int(data.get("thread", 0))}
        return self._forum.writes(self._person(data), self._chat(data), str(data["text"]), **place)

    def _say_as_group(self, data: Json) -> Json:
        place = {"reply_to": int(data.get("reply_to", 0)), "thread": int(data.get("thread", 0))}
        return self._forum.writes_as_group(self._person(data), self._chat(data), str(data["text"]), **place)

    def _press(self, data: Json) -> str:
        return self._world.presses(self._person(data), self._chat(data), int(data["message"]), str(data["data"]))

    def _person(self, data: Json) -> Person:
        return self._world.people[int(data["person"])]

    def _chat(self, data: Json) -> Chat:
        return self._world.chats[int(data.get("chat") or data["person"])]


def furnish(world: World) -> None:
    """Let there be some people, a group of patients, and one of the staff with topics, in which the bot is an admin."""
    people = [world.person(name, language) for name, language in PEOPLE]
    world.group("病友群 · Patients", people[0])
    nurses = [world.person(name, language) for name, language in NURSES]
    desk = world.group(STAFF, *nurses, forum=True)
    world.adds_bot(nurses[0], desk, "administrator")
    desk.members = {person.id: "left" for person in people}


def _chat_json(chat: Chat) -> Json:
    topics = [
        {"thread": thread, "name": chat.names.get(thread, str(thread)), "state": chat.topics[thread]} for thread in chat.topics
    ]
    known = {"id": chat.id, "type": chat.type, "title": chat.title, "bot": chat.bot, "admins": sorted(chat.admins)}
    more = {"forum": chat.forum, "topics": topics, "reactions": chat.reactions, "outside": sorted(_outside(chat))}
    return {**known, **more, "messages": chat.messages[-200:]}


def _outside(chat: Chat) -> list[int]:
    return [number for number, standing in chat.members.items() if standing in ("left", "kicked")]
