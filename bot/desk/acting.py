"""An act on a case: allowed, done and read again in one transaction; what cannot be done, in the nurse's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from bot.database.engine import Work
from bot.desk import rows, serialise, shapes
from bot.desk.asked import Asking
from bot.desk.problems import Refused
from bot.desk.rights import broken_by, facts_of, need
from bot.desk.serialise import Viewing
from bot.desk.store import Store
from bot.handoff.problems import CaseProblem
from bot.staff.access import CaseFacts, InCase, acts
from bot.staff.people import names

T = TypeVar("T")
# After this many seconds it is said in minutes.
IN_SECONDS = 120
_HELD = ("claimed", "waiting_for_patient")
# Problems of `bot.handoff.problems`, as an answer of the desk: status and key.
_ANSWERS = {
    "closed": (409, "closed"),
    "open": (409, "changed"),
    "missing": (403, "not_yours"),
    "erased": (410, "erased"),
    "empty": (400, "empty"),
    "outcome": (400, "wrong"),
    "past": (400, "past"),
    "not_yours": (409, "changed"),
    "blocked": (409, "blocked"),
    "nobody": (400, "wrong"),
    "urgent": (409, "urgent_waits"),
}


async def act(store: Store, asking: Asking, case_id: int, what: InCase, do: Callable[[Work], T]) -> tuple[T, shapes.Done]:
    """Do something to a case that `asking` may do, and return what `do` does with the case as it is then.

    Raises Refused: not allowed, somebody else has it, closed meanwhile.
    """

    def run(work: Work) -> tuple[T, shapes.Done]:
        need(work, asking, case_id, what)
        result = do(work)
        return result, done(work, asking, case_id)

    try:
        return await store.write(run)
    except CaseProblem as problem:
        told = problem
    raise await store.read(lambda work: refused(work, asking, case_id, told))


def done(work: Work, asking: Asking, case_id: int) -> shapes.Done:
    """Return a case as it is now. Raises Refused when it is gone."""
    viewing = viewing_of(work, asking)
    facts = next(iter(rows.of_ids(work, [case_id])), None)
    if facts is None:
        raise Refused(410, "erased")
    access = facts_of(facts.case, glass=case_id in broken_by(work, asking.staff, now=asking.now))
    return {"row": serialise.row(facts, viewing), "can": can(asking, access, facts.case)}


def viewing_of(work: Work, asking: Asking) -> Viewing:
    """Return who looks, with what colleagues are called."""
    return Viewing(asking.staff, asking.now, names(work), asking.public, asking.known)


def can(asking: Asking, facts: CaseFacts, case: Any) -> shapes.Can:
    """Return what is offered: what is allowed, and has a meaning in the state of the case."""
    allowed, now = acts(asking.staff, facts), asking.now
    is_open = case.state != "closed"
    held = case.state in _HELD and case.lease_until is not None and case.lease_until > now
    mine = held and case.claimed_by == asking.staff.handle
    others = held and not mine
    return {
        "claim": "claim" in allowed and is_open and not held,
        "reply": "reply" in allowed and is_open and not others,
        "note": "note" in allowed,
        "reveal": "reveal" in allowed,
        "assign": "assign" in allowed and is_open,
        "transfer": "transfer" in allowed and is_open and not others,
        "take_over": "take_over" in allowed and others,
        "block": "block" in allowed,
        "close": "close" in allowed and is_open and not others,
        "reopen": "close" in allowed and not is_open,
        "release": mine,
        "snooze": "snooze" in allowed and is_open and not others,
        "schedule": "schedule" in allowed and is_open and not others,
        "urgent": "urgent" in allowed and is_open,
        "enrol": "enrol" in allowed,
    }


def refused(work: Work, asking: Asking, case_id: int, problem: CaseProblem) -> Refused:
    """Return why something was not done: "Ana took this 3 s ago"."""
    if problem.key != "held":
        status, key = _ANSWERS.get(problem.key, (409, "changed"))
        return Refused(status, key, more={"glass": False} if key == "not_yours" else None)
    viewing = viewing_of(work, asking)
    by = viewing.colleague(problem.holder) or {"handle": "", "name": ""}
    seconds = seconds_since(problem.since, asking.now)
    more = {"by": by, "seconds": seconds, "row": done(work, asking, case_id)["row"]}
    if seconds < IN_SECONDS:
        return Refused(409, "taken", more=more, name=by["name"], seconds=seconds)
    return Refused(409, "taken_minutes", more=more, name=by["name"], minutes=seconds // 60)


def seconds_since(since: datetime | None, now: datetime) -> int:
    """Return how many whole seconds ago something was; what is not known was now."""
    return 0 if since is None else max(0, int((now - since).total_seconds()))
