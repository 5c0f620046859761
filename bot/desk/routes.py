"""The routes of the desk: two pages, their files, their calls, their stream. All behind the door of the staff's pages."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from starlette.routing import BaseRoute, Mount, Route

from bot.bootstrap import Services
from bot.desk import reveal
from bot.desk.api import (
    coding,
    following,
    handover,
    noting,
    own,
    reading,
    readings_file,
    replying,
    scheduling,
    searching,
    snippets,
    ticking,
    warding,
)
from bot.desk.api.moving import Moving
from bot.desk.asked import Asked, Asking
from bot.desk.calls import Calls, OnCase
from bot.desk.live import Live
from bot.desk.pages import FOLDER, Pages
from bot.desk.reads import Reads
from bot.desk.snippet_pages import SnippetPages
from bot.desk.streaming import Streaming
from bot.web.files import OwnFiles
from bot.web.frame import Frame
from bot.web.guard import Endpoint, Guarded

API = "/desk/api"
# What was typed while the line was down is sent when it is back, and by then the page may have locked.
DRAFT = "cases/{case}/draft"


def routes(services: Services) -> list[BaseRoute]:
    """Return the desk's routes over the services of one gateway."""
    frame = Frame(services, [FOLDER / "templates"])
    door, pages, texts = Guarded(services, frame), Pages(services, frame), SnippetPages(services, frame)
    idle = timedelta(minutes=services.settings.desk_idle_minutes)
    streaming = Streaming(Live(services, idle=idle))

    def call(path: str, endpoint: Endpoint, method: str = "GET") -> Route:
        return Route(f"{API}/{path}", door.api(endpoint, act="use_desk", while_locked=path == DRAFT), methods=[method])

    return [
        Route("/desk", door.page(pages.desk, act="use_desk")),
        Route("/desk/handover", door.page(pages.handover, act="handover")),
        Route("/desk/ward", door.page(pages.ward, act="ward")),
        Route("/desk/scheduler", door.page(pages.scheduler, act="scheduler")),
        Route("/desk/texts", door.page(texts.page, act="use_desk")),
        Route("/desk/texts", door.page(texts.keep, act="use_desk"), methods=["POST"]),
        Route("/desk/texts/{number:int}/remove", door.page(texts.remove, act="use_desk"), methods=["POST"]),
        Mount("/static/desk", OwnFiles(directory=FOLDER / "static"), name="desk"),
        call("stream", streaming.listen),
        *[call(path, endpoint, method) for path, endpoint, method in _calls(services, idle)],
    ]


def _calls(services: Services, idle: timedelta) -> list[tuple[str, Endpoint, str]]:
    calls, reads = Calls(services), Reads()
    shift = timedelta(hours=services.settings.desk_shift_hours)

    async def me(asking: Asking, _: object) -> object:
        return own.me(asking, idle)

    async def preferences(asking: Asking, asked: Asked) -> object:
        return own.me(asking.of(await own.preferences(services, asking, asked)), idle)

    async def duty(asking: Asking, asked: Asked) -> object:
        return own.me(asking.of(await own.duty(services, asking, asked, shift)), idle)

    return [
        ("me", calls.with_query(me), "GET"),
        ("me/preferences", calls.with_body(preferences), "PUT"),
        ("me/duty", calls.with_body(duty), "POST"),
        ("queue", calls.with_query(partial(reading.read_queue, services)), "GET"),
        ("handover", calls.with_query(partial(handover.read, services)), "GET"),
        ("ward", calls.with_query(partial(warding.read, services)), "GET"),
        ("ward/seen", calls.with_body(partial(warding.seen, services)), "POST"),
        ("ward/case", calls.with_body(partial(warding.to_case, services)), "POST"),
        ("ward/code", calls.with_body(partial(coding.make, services, services.settings.public_url)), "POST"),
        ("scheduler", calls.with_query(partial(ticking.read, services)), "GET"),
        ("people", calls.with_query(partial(reading.people, services)), "GET"),
        ("search", calls.with_body(partial(searching.find, services)), "POST"),
        ("snippets", calls.with_query(partial(snippets.listed, services)), "GET"),
        ("snippets", calls.with_body(partial(snippets.keep, services)), "POST"),
        ("snippets/used", calls.with_body(partial(snippets.used, services)), "POST"),
        ("snippets/{snippet}", calls.with_query(partial(snippets.remove, services)), "DELETE"),
        ("cases/{case}", calls.with_query(partial(reading.read_case, services, reads)), "GET"),
        ("cases/{case}/followup", calls.with_query(partial(following.read, services, reads)), "GET"),
        ("cases/{case}/readings.{kind}", calls.with_query(partial(readings_file.take, services)), "GET"),
        ("cases/{case}/thread", calls.with_query(partial(reading.read_thread, services, reads)), "GET"),
        *[(f"cases/{{case}}/{name}", calls.on_case(act), "POST") for name, act in acts(services).items()],
    ]


def acts(services: Services) -> dict[str, OnCase]:
    """Return what can be done to a case, by the last part of its address."""
    moving = Moving(services)
    return {
        "claim": moving.claim,
        "release": moving.release,
        "renew": moving.renew,
        "assign": moving.assign,
        "transfer": moving.transfer,
        "snooze": moving.snooze,
        "wake": moving.wake,
        "urgent": moving.urgent,
        "block": moving.block,
        "unblock": moving.unblock,
        "close": moving.close,
        "reopen": moving.reopen,
        "reply": partial(replying.reply, services),
        "undo": partial(replying.undo, services),
        "note": partial(noting.note, services),
        "draft": partial(noting.draft, services),
        "schedule": partial(scheduling.schedule, services),
        "cancel": partial(scheduling.cancel, services),
        "reveal": partial(reveal.reveal, services),
        "glass": partial(own.break_glass, services),
        "presence": partial(own.say_presence, services),
        "enrol": partial(following.enrol, services),
        "plan": partial(following.change, services),
    }
