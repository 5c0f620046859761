"""A code that a patient scans at the bedside or finds in a letter: it offers a plan, and they are asked in chat."""

from __future__ import annotations

import re
import secrets
from datetime import date

import segno

from bot.database.engine import Work
from bot.desk.asked import Asked, Asking
from bot.desk.content_store import ContentStore
from bot.desk.problems import Refused
from bot.desk.rights import needed_elsewhere
from bot.desk.shapes_followup import Code
from bot.followup import enrolling
from bot.followup.enrolling import EnrolProblem, Wish
from bot.followup.links import VALID, Link, code_of
from bot.followup.steps import zone_of
from bot.privacy import audit

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,200}")
NONCE_BYTES = 4


async def make(store: ContentStore, public_url: str, asking: Asking, asked: Asked) -> Code:
    """Return a code for everybody, or for one person who may use it once. Where no setting says the address, it is the page's own."""
    needed_elsewhere(asking, "ward")
    content = store.content.current()
    link = Link(asked.text("plan", 48, missing="wrong"), _today(asking, content.followup.zone), _day(asked), _nonce(asked))
    try:
        enrolling.check(Wish(link.plan, asking.staff.handle, "", day=link.day), content, now=asking.now)
    except EnrolProblem as problem:
        raise Refused(400, f"enrol_{problem.key}") from None
    origin = public_url.rstrip("/") or asked.maybe_text("origin", 250)
    if not public_url and not _ORIGIN.fullmatch(origin):
        raise Refused(400, "wrong")

    def write(work: Work) -> str:
        audit.record(work, who=asking.staff.handle, what="made link", subject=link.plan, now=asking.now)
        return code_of(work.cipher, link)

    address = f"{origin}/chat?start={await store.write(write)}"
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=4, dark="#000", light="#fff")
    return {"link": address, "picture": picture, "ends": (link.issued + VALID).isoformat() if link.once else None}


def _today(asking: Asking, zone: str) -> date:
    return asking.now.astimezone(zone_of(zone)).date()


def _nonce(asked: Asked) -> str:
    return secrets.token_hex(NONCE_BYTES) if asked.flag("once") else ""


def _day(asked: Asked) -> date | None:
    found = asked.maybe_text("day", 10)
    try:
        return date.fromisoformat(found) if found else None
    except ValueError:
        raise Refused(400, "enrol_day") from None
