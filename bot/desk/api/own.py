"""What concerns the nurse: who they are, their preferences, their duty, and where they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.database.engine import Work
from bot.desk import presence, serialise, shapes
from bot.desk.acting import viewing_of
from bot.desk.asked import Asked, Asking
from bot.desk.problems import Refused
from bot.desk.rights import need
from bot.desk.store import Store
from bot.staff import glass, own, people
from bot.staff.people import Duty, Staff, StaffProblem, of_id, set_duty

DUTIES: tuple[Duty, ...] = ("off", "on", "break")


def me(asking: Asking, idle: timedelta) -> shapes.Me:
    """Return who is signed in."""
    return serialise.me(asking.staff, csrf=asking.csrf, idle_lock_s=int(idle.total_seconds()))


async def preferences(store: Store, asking: Asking, asked: Asked) -> Staff:
    """Keep some preferences; those that are not named stay. They belong to the person, not to a browser."""
    return await _changed(store, asking, lambda work: own.set_preferences(work, asking.staff.id, asked.data))


async def duty(store: Store, asking: Asking, asked: Asked, shift: timedelta) -> Staff:
    """Begin a shift or a break, or end it. Without an end a shift lasts for `shift`; begun while it runs it is made longer."""
    what = asked.choice("duty", DUTIES)
    until = (
        asked.later("until", asking.now)
        if asked.data.get("until")
        else people.end_of_shift(asking.staff, what, asking.now, shift)
    )

    def begin(work: Work) -> None:
        set_duty(work, asking.staff.id, what, until=until, now=asking.now)
        if what == "off":
            presence.leave_all(work, asking.staff.id, now=asking.now)

    return await _changed(store, asking, begin)


async def say_presence(store: Store, asking: Asking, case_id: int, asked: Asked) -> dict[str, list[shapes.Present]]:
    """Say that a case is open here, or is no more; returns who else has it open. Written only when it is news."""
    state = asked.choice("state", presence.STATES)
    me = asking.staff.id

    def look(work: Work) -> tuple[bool, list[shapes.Present]]:
        need(work, asking, case_id, "see")
        seen = presence.here(work, case_id, now=asking.now, but=me)
        return presence.is_news(work, case_id, me, state, now=asking.now), serialise.present(seen, viewing_of(work, asking))

    is_news, present = await store.read(look)
    if is_news:
        await store.write(lambda work: presence.say(work, case_id, me, state, now=asking.now))
    return {"presence": present}


async def break_glass(store: Store, asking: Asking, case_id: int, asked: Asked) -> dict[str, Any]:
    """Open one case for an hour, with a reason."""
    reason = asked.text("reason", glass.LONGEST_REASON, missing="reason")
    try:
        until = await store.write(lambda work: glass.break_glass(work, asking.staff, case_id, reason, now=asking.now))
    except StaffProblem as problem:
        raise Refused(*((400, "reason") if problem.key == "problem_reason" else (403, "not_allowed"))) from None
    return {"until": until.isoformat()}


async def _changed(store: Store, asking: Asking, do: Any) -> Staff:
    def change(work: Work) -> Staff | None:
        do(work)
        return of_id(work, asking.staff.id)

    try:
        person = await store.write(change)
    except StaffProblem:
        raise Refused(400, "wrong") from None
    if person is None:
        raise Refused(403, "not_allowed")
    return person
