"""What an import or a bulk edit becomes: drafts of changes, within the rights of who brings it; and taken back while they are drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.desk.asked import Asked
from bot.desk.problems import Refused
from bot.exchange.drafts import Kind, drafts_of, kind_of
from bot.exchange.plan import Line, Plan
from bot.studio.access import StudioAct
from bot.studio.frame import Studio
from bot.studio.visit import Visit
from bot.training import changes

MOST_AT_ONCE = 20
_ACTS: Mapping[Kind, StudioAct] = {
    "training": "edit_training",
    "texts": "edit_texts",
    "faq": "edit_faq",
    "clinical": "edit_clinical",
}
_SCOPES: Mapping[str, StudioAct] = {
    "examples": "edit_training",
    "replies": "edit_texts",
    "answers": "edit_faq",
    "clinical": "edit_clinical",
}


def may_change(visit: Visit, scope: str) -> bool:
    """Return whether somebody may change what is in a scope."""
    return visit.may(_SCOPES[scope])


def within_rights(visit: Visit, plan: Plan) -> Plan:
    """Return the plan in which what somebody may not change is not possible."""
    return Plan(tuple(_allowed(visit, line) for line in plan.lines), plan.same)


async def keep(studio: Studio, visit: Visit, plan: Plan, *, title: str) -> dict[str, Any]:
    """Store a draft for each kind of change, and return where they are. Raises Refused when nothing is possible."""
    drafts = drafts_of(within_rights(visit, plan))
    if not drafts:
        raise Refused(400, "empty")

    def store(work: Any) -> list[int]:
        return [
            changes.create_alone(work, kind=kind, title=title, author=visit.handle, now=visit.now, operations=operations).id
            for kind, operations in drafts
        ]

    return {"changes": [{"id": number, "address": f"/studio/changes/{number}"} for number in await studio.services.write(store)]}


async def undo(studio: Studio, visit: Visit, asked: Asked) -> dict[str, Any]:
    """Withdraw drafts of one's own that were just made. Raises ChangeProblem for any other change."""
    numbers = asked.data.get("changes")
    if not isinstance(numbers, list) or len(numbers) > MOST_AT_ONCE or not all(type(one) is int for one in numbers):
        raise Refused(400, "wrong")

    def withdraw(work: Any) -> None:
        for number in numbers:
            if changes.need(work, number).author != visit.handle:
                raise Refused(403, "not_allowed")
            changes.withdraw(work, number, who=visit.staff, now=visit.now)

    await studio.services.write(withdraw)
    return {"withdrawn": numbers}


def _allowed(visit: Visit, line: Line) -> Line:
    if line.kind == "problem" or visit.may(_ACTS[kind_of(line)]):
        return line
    return replace(line, kind="problem", problem="right")
