"""Enrolments by another program: of a patient who writes here already, or as a link that it gives to them. They are asked in chat.

POST /api/enrolments  {client_key, plan, day?, patient?, zone?, limits?}   scope enrol
  `patient`: {"case": "A17"} or {"channel": "wechat", "id": "their id there"}; without it the answer holds a link for one person
  201 {"state": "asked", "enrolment": 12, …}, or {"state": "link", "link": "https://…", "code": …, "ends": day}; made again: 200, the same
GET  /api/enrolments/CLIENT_KEY                                            scope read: {"state": "link" | "asked" | "active" | …}
POST /api/visits      {client_key, enrolment_key, group?}                  scope visit: {"settled": n, "group": …}
  `enrolment_key`: the client_key of the enrolment; `group`: of the plan's steps, without it what is due next
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import care_case
from bot.followup import enrolling, enrolments
from bot.followup.enrolling import EnrolProblem, Wish
from bot.followup.enrolments import Enrolment
from bot.followup.links import VALID, Link, code_of, nonce_of, once_key
from bot.followup.steps import zone_of
from bot.followup.visits import groups_waiting, record_visit
from bot.inbox import conversations
from bot.privacy import audit
from bot.programs import once
from bot.programs.asked import Asked
from bot.programs.keys import ApiKey
from bot.programs.problems import Refused

ENROL_FIELDS = ("client_key", "plan", "day", "patient", "zone", "limits")
VISIT_FIELDS = ("client_key", "enrolment_key", "group")
_CASE = re.compile(r"A?([0-9]{1,15})")
_STATUS = {
    "gone": 404,
    "expired": 409,
    "no_consent": 409,
    "already": 409,
    "died": 409,
    "stopped": 409,
    "left": 409,
    "blocked": 409,
}


@dataclass(frozen=True)
class Calling:
    """A call: of whose key, when, and where the web chat is ("": nowhere)."""

    key: ApiKey
    content: Content
    now: datetime
    public_url: str

    @property
    def today(self) -> Any:
        """The day in the hospital."""
        return self.now.astimezone(zone_of(self.content.followup.zone)).date()


def enrol(work: Work, calling: Calling, asked: Asked) -> tuple[int, dict[str, Any]]:
    """Enrol somebody, or make a link; returns status and answer. Raises Refused."""
    client_key, person = asked.client_key(), asked.mapping("patient")
    new = once.is_new(work, calling.key.name, "enrol", asked.data, now=calling.now)
    wish = Wish(
        plan=asked.text("plan"),
        by=calling.key.handle,
        dedupe_key=_dedupe_key(work, calling.key, client_key),
        day=asked.day("day"),
        zone=asked.text("zone"),
        limits=asked.mapping("limits"),
    )
    try:
        if not person:
            return (201 if new else 200), _link(work, calling, wish, client_key, new=new)
        enrolment, _ = enrolling.enrol(work, _conversation(work, person), wish, calling.content, now=calling.now)
    except EnrolProblem as problem:
        raise Refused(_STATUS.get(problem.key, 422), problem.key, value=problem.value) from None
    return (201 if new else 200), _told(enrolment)


def state(work: Work, calling: Calling, client_key: str) -> dict[str, Any]:
    """Return how an enrolment of this program stands. Raises Refused when it made none, and no link, with this key."""
    found = _enrolment(work, calling.key, client_key)
    if found is not None:
        return _told(found)
    if not once.is_known(work, calling.key.name, "enrol", client_key):
        raise Refused(404, "unknown")
    return {"state": "link"}


def visit(work: Work, calling: Calling, asked: Asked) -> dict[str, Any]:
    """Settle what waits of a group of an enrolment, because the patient came. Raises Refused."""
    asked.client_key()
    found = _enrolment(work, calling.key, asked.client_key("enrolment_key"))
    if found is None:
        raise Refused(404, "unknown")
    group = asked.text("group") or next(iter(groups_waiting(work, found, calling.content)), "")
    settled = 0
    if once.is_new(work, calling.key.name, "visit", asked.data, now=calling.now) and group:
        settled = record_visit(work, found, group, calling.content, who=calling.key.handle, now=calling.now)
    return {**_told(found), "group": group, "settled": settled}


def _link(work: Work, calling: Calling, wish: Wish, client_key: str, *, new: bool) -> dict[str, Any]:
    day, _, limits = enrolling.check(wish, calling.content, now=calling.now)
    if limits or wish.zone:
        raise Refused(400, "wrong", what="limits and zone need `patient`: a link holds a plan and a day only")
    if not calling.public_url:
        raise Refused(409, "no_address")
    nonce = nonce_of(work.cipher, calling.key.name, client_key)
    code = code_of(work.cipher, Link(wish.plan, calling.today, wish.day, nonce))
    if new:
        audit.record(work, who=calling.key.handle, what="made link", subject=wish.plan, now=calling.now)
    ends = (calling.today + VALID).isoformat()
    return {
        "state": "link",
        "plan": wish.plan,
        "day": day.isoformat() if wish.day else None,
        "link": f"{calling.public_url}/chat?start={code}",
        "code": code,
        "ends": ends,
    }


def _conversation(work: Work, person: Mapping[str, Any]) -> str:
    """Return the chat in which somebody is asked. Raises Refused: nobody like that writes here."""
    if set(person) == {"case"}:
        number = _CASE.fullmatch(str(person["case"]))
        query = sa.select(care_case.c.conversation_id).where(care_case.c.id == int(number[1] if number else 0))
        found = work.execute(query).scalar()
    elif set(person) == {"channel", "id"} and all(isinstance(value, str) and value for value in person.values()):
        known = conversations.of_sender(work, person["channel"], person["id"])
        found = None if known is None else known.id
    else:
        raise Refused(400, "wrong", what='patient is {"case": …} or {"channel": …, "id": …}')
    if found is None:
        raise Refused(404, "gone")
    return str(found)


def _enrolment(work: Work, key: ApiKey, client_key: str) -> Enrolment | None:
    """Return the enrolment that a program made, or that came of its link."""
    names = (_dedupe_key(work, key, client_key), once_key(nonce_of(work.cipher, key.name, client_key)))
    found = (enrolments.of_key(work, name) for name in names)
    return next((one for one in found if one is not None), None)


def _dedupe_key(work: Work, key: ApiKey, client_key: str) -> str:
    # Hashed: a client key may be the number of a visit, which stands in no column.
    return f"api:{work.cipher.lookup('api-enrolment', key.name, client_key)}"


def _told(one: Enrolment) -> dict[str, Any]:
    return {"state": one.state, "enrolment": one.id, "plan": one.plan, "day": one.anchor.isoformat(), "zone": one.zone}
