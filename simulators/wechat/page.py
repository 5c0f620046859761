"""A page where a person is a follower, writes to 微信客服, and reads what the staff group reads: what WeChat would show."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from simulators.wechat.corp import Customer
from simulators.wechat.official import Follower

if TYPE_CHECKING:
    from simulators.wechat.server import Simulator

Json = dict[str, Any]

FOLDER = Path(__file__).parent / "static"
PEOPLE = (("王芳", "zh_CN"), ("林怡君", "zh_TW"), ("Emma", "en"), ("Anna", "de"), ("ليلى", "ar"))
LONGEST_WAIT_S = 20.0
LOOK_EVERY_S = 0.1
SHOWN = 200


class Page:
    """The page and what it calls. On the first look there are some people, who do not follow yet."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.closed = False  # whoever waits for news is answered at once
        official, corp, account = simulator.official, simulator.corp, simulator.kf
        self._customers: dict[str, Customer] = {}  # the same person at 微信客服, by openid
        person, customer = self._person, self._customer
        self._deeds: dict[str, Callable[[Json], Any]] = {
            "say": lambda data: official.says(person(data), str(data["text"])),
            "tap": lambda data: official.taps(person(data), str(data["text"]), str(data["menu"])),
            "image": lambda data: official.sends_image(person(data)),
            "voice": lambda data: official.sends_voice(person(data)),
            "video": lambda data: official.sends_video(person(data)),
            "location": lambda data: official.sends_location(person(data)),
            "follow": lambda data: official.follows(person(data)),
            "unfollow": lambda data: official.unfollows(person(data)),
            "scan": lambda data: official.scans(person(data), official.scene_of(str(data["code"]).strip())),
            "click": lambda data: official.clicks(person(data), str(data["key"])),
            "view": lambda data: official.views(person(data), str(data["url"])),
            "consent": lambda data: official.consents(person(data), *official.settings.notices, accept=bool(data["accept"])),
            "person": lambda data: official.person(str(data["name"]), str(data["language"]), follows=False),
            "desk_say": lambda data: official.desk_says(person(data), str(data["text"])),
            "desk_close": lambda data: official.desk_closes(person(data)),
            "kf_enter": lambda data: corp.enters(customer(data), account, *scene_of_link(str(data.get("code", "")))),
            "kf_say": lambda data: corp.says(customer(data), account, str(data["text"]), menu_id=str(data.get("menu", ""))),
            "kf_image": lambda data: corp.sends(customer(data), account, "image", {"media_id": "sim"}, "[图片]"),
            "kf_voice": lambda data: corp.sends(customer(data), account, "voice", {"media_id": "sim"}, "[语音]"),
            "kf_refuse": lambda data: corp.refuses(customer(data), on=bool(data["on"])),
            "staff_take": lambda data: corp.staff_takes(customer(data), account, next(iter(account.servicers))),
            "staff_say": lambda data: corp.staff_says(customer(data), account, str(data["text"])),
            "staff_end": lambda data: corp.staff_ends(customer(data), account),
        }

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        for path, name in (
            ("/", "index.html"),
            ("/page.js", "page.js"),
            ("/page.css", "page.css"),
            ("/samples.js", "samples.js"),
        ):
            app.router.add_get(path, self._file(name))
        app.router.add_get("/state", self._state)
        app.router.add_get("/media/{id}", self._media)
        app.router.add_post("/deed/{name}", self._deed)

    async def _media(self, request: web.Request) -> web.Response:
        file = self._simulator.media.found(request.match_info["id"])
        return web.Response(status=404) if file is None else web.Response(body=file.data, content_type=file.content_type)

    def _file(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def give(_: web.Request) -> web.StreamResponse:
            self._furnish()
            return web.FileResponse(FOLDER / name, headers={"Cache-Control": "no-cache"})

        return give

    def _furnish(self) -> None:
        official = self._simulator.official
        if not official.followers:
            for name, language in PEOPLE:
                official.person(name, language, follows=False)

    async def _state(self, request: web.Request) -> web.Response:
        """Return what `who` sees, as soon as something is newer than `since`."""
        since, who = int(request.query.get("since", "-1")), request.query.get("who", "")
        for _ in range(int(LONGEST_WAIT_S / LOOK_EVERY_S)):
            if self.closed or self._version() > since:
                break
            await asyncio.sleep(LOOK_EVERY_S)
        return web.json_response(self._everything(who))

    def _version(self) -> int:
        return self._simulator.official.version + self._simulator.corp.version

    def _everything(self, who: str) -> Json:
        simulator, official = self._simulator, self._simulator.official
        people = [{"id": one.openid, "name": one.name, "language": one.language} for one in official.followers.values()]
        person = official.followers.get(who) or next(iter(official.followers.values()), None)
        kf = self._kf_json(person) if person is not None else None  # first: a customer may be made by it
        return {
            "version": self._version(),
            "people": people,
            "account": {"name": official.settings.name, "verified": official.settings.verified, "menu": official.settings.menu},
            "scenes": sorted(set(official.tickets.values())),
            "me": self._person_json(person) if person is not None else None,
            "kf": kf,
            "group": {"name": simulator.robot.group, "chat": [asdict(bubble) for bubble in simulator.robot.notices[-SHOWN:]]},
            "complaints": len(simulator.complaints),
            "connected": {"wechat": bool(official.postman.address.url), "wecom": bool(simulator.corp.postman.address.url)},
        }

    def _person_json(self, person: Follower) -> Json:
        left = person.ledger.left(self._simulator.clock.now())
        chat = [asdict(bubble) for bubble in person.chat[-SHOWN:]]
        return {"id": person.openid, "following": person.following, "typing": person.typing, "left": left, "chat": chat,
                "at_desk": person.at_desk, "notices": sum(person.consents.values())}  # fmt: skip

    def _kf_json(self, person: Follower) -> Json:
        account, customer = self._simulator.kf, self._customer({"who": person.openid})
        talk = self._simulator.corp.talk(customer, account)
        chat = [asdict(bubble) for bubble in talk.chat[-SHOWN:]]
        return {"name": account.name, "state": talk.state, "servicer": talk.servicer, "left": talk.left, "chat": chat,
                "refuses": customer.refuses}  # fmt: skip

    async def _deed(self, request: web.Request) -> web.Response:
        deed = self._deeds.get(request.match_info["name"])
        # A page of another origin could post here as well: it cannot set this header without being asked.
        if deed is None or request.headers.get("X-Simulator") != "1":
            return web.json_response({"error": "unknown"}, status=404)
        try:
            deed(await request.json())
        except (LookupError, ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({})

    def _person(self, data: Json) -> Follower:
        return self._simulator.official.followers[str(data["who"])]

    def _customer(self, data: Json) -> Customer:
        person = self._person(data)
        if person.openid not in self._customers:
            self._customers[person.openid] = self._simulator.corp.customer(person.name)
        return self._customers[person.openid]


def scene_of_link(code: str) -> tuple[str, str]:
    """Return scene and parameter of a link to 微信客服, or the text itself as the scene."""
    query = parse_qs(urlsplit(code).query)
    if "enc_scene" in query:
        return query["enc_scene"][0].removeprefix("ENC"), query.get("scene_param", [""])[0]
    return ("" if "://" in code else code.strip()), ""
