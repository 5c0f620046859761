"""Plans of a case's patient: read, begun, changed, ended; a visit recorded. What the patient hears of it they are asked in chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from bot.content.load import Content
from bot.database.engine import Work
from bot.desk import following
from bot.desk.acting import act, viewing_of
from bot.desk.asked import Asked, Asking, case_number
from bot.desk.content_store import ContentStore
from bot.desk.problems import Refused
from bot.desk.reads import Reads
from bot.desk.rights import need
from bot.desk.shapes_followup import FollowupView
from bot.followup import asking as asking_patients
from bot.followup import checkins, enrolling, enrolments
from bot.followup.enrolling import EnrolProblem, Wish
from bot.followup.enrolments import OWN, Enrolment
from bot.followup.limits import BEST, LIMITS, LimitProblem, read_limits
from bot.followup.sending import plan_all
from bot.followup.steps import zone_of
from bot.followup.visits import record_visit
from bot.handoff.case_rows import Case, case_of
from bot.staff.access import may

LONGEST_ZONE, MOST_LIMITS = 48, 20
BECAUSE = ("done", "staff", "died", "moved")
# Of these nothing more is sent at all, not only of one plan.
FOR_GOOD = ("died", "moved")
_STATUS = {"plan": 400, "day": 400, "zone": 400, "limits": 400}

Changing = Callable[[Work, Enrolment, Content, Asking, Asked], None]


async def read(store: ContentStore, reads: Reads, asking: Asking, asked: Mapping[str, str]) -> FollowupView:
    """Return what stands on the card of a case's patient."""
    case_id, content = case_number(asked["case"]), store.content.current()

    def look(work: Work) -> FollowupView:
        facts = need(work, asking, case_id, "see")
        return _view(work, asking, case_id, content, change=may(asking.staff, "enrol", facts))

    found = await store.read(look)
    await reads.goes_on(store, asking, case_id)
    return found


async def enrol(store: ContentStore, asking: Asking, case_id: int, asked: Asked) -> dict[str, Any]:
    """Enrol the patient of a case; they are asked in chat, and nothing of the plan is sent before their yes."""
    wish = Wish(
        plan=asked.text("plan", 48, missing="wrong"),
        by=asking.staff.handle,
        dedupe_key=f"desk:{asking.staff.id}:{asked.client_id()}",
        day=_day(asked, "day"),
        zone=asked.maybe_text("zone", LONGEST_ZONE).strip(),
        limits=_limits(asked),
    )

    def begin(work: Work, case: Case, content: Content) -> None:
        enrolling.enrol(work, case.conversation_id, wish, content, now=asking.now)

    return await _done(store, asking, case_id, begin)


async def change(store: ContentStore, asking: Asking, case_id: int, asked: Asked) -> dict[str, Any]:
    """Change one plan of the patient: ask again, pause, resume, stop, set limits, record a visit."""
    what, number = asked.choice("what", tuple(_CHANGES)), asked.number("id")
    asked.client_id()

    def do(work: Work, case: Case, content: Content) -> None:
        one = enrolments.of_id(work, number)
        if one is None or one.patient_id != case.patient_id or one.plan == OWN:
            raise Refused(404, "gone")
        _CHANGES[what](work, one, content, asking, asked)

    return await _done(store, asking, case_id, do)


async def _done(store: ContentStore, asking: Asking, case_id: int, do: Callable[[Work, Case, Content], None]) -> dict[str, Any]:
    content = store.content.current()

    def run(work: Work) -> FollowupView:
        do(work, case_of(work, case_id), content)
        return _view(work, asking, case_id, content, change=True)

    try:
        view, done = await act(store, asking, case_id, "enrol", run)
    except EnrolProblem as problem:
        raise Refused(_STATUS.get(problem.key, 409), f"enrol_{problem.key}") from None
    return {**done, "followup": view}


def _view(work: Work, asking: Asking, case_id: int, content: Content, *, change: bool) -> FollowupView:
    return following.view(work, case_of(work, case_id), content, viewing_of(work, asking), may=change)


def _ask(work: Work, one: Enrolment, content: Content, asking: Asking, asked: Asked) -> None:
    if asking_patients.ask(work, one, content, now=asking.now, again=f"{asking.staff.id}:{asked.client_id()}") is None:
        raise Refused(409, "plan_changed")


def _pause(work: Work, one: Enrolment, content: Content, asking: Asking, asked: Asked) -> None:
    day, zone = _day(asked, "until"), zone_of(one.zone)
    until = None if day is None else datetime.combine(day, time(0), zone)
    if until is not None and until <= asking.now:
        raise Refused(400, "past")
    _required(enrolments.pause(work, one.id, until=until, who=asking.staff.handle, now=asking.now))


def _resume(work: Work, one: Enrolment, content: Content, asking: Asking, asked: Asked) -> None:
    _required(enrolments.resume(work, one.id, who=asking.staff.handle, now=asking.now))
    again = enrolments.of_id(work, one.id)
    if again is not None:
        plan_all(work, again, content, now=asking.now)


def _stop(work: Work, one: Enrolment, content: Content, asking: Asking, asked: Asked) -> None:
    because, who = asked.choice("because", BECAUSE), asking.staff.handle
    if because in FOR_GOOD:
        enrolments.stop_all(work, one.patient_id, because=because, who=who, now=asking.now)  # type: ignore[arg-type]
        checkins.close_all(work, one.patient_id, now=asking.now)
    else:
        _required(enrolments.stop(work, one.id, because=because, who=who, now=asking.now))  # type: ignore[arg-type]


def _visited(work: Work, one: Enrolment, content: Content, asking: Asking, asked: Asked) -> None:
    group = asked.text("group", 48, missing="wrong")
    _required(record_visit(work, one, group, content, who=asking.staff.handle, now=asking.now) > 0)


def _set_limits(work: Work, one: Enrolment, content: Content, asking: Asking, asked: Asked) -> None:
    try:
        kept = read_limits(_limits(asked), content.followup.thresholds)
    except LimitProblem:
        raise Refused(400, "enrol_limits") from None
    values = {LIMITS: kept.get(LIMITS, {}), BEST: kept.get(BEST)}
    _required(enrolments.change(work, one.id, who=asking.staff.handle, now=asking.now, **values))


_CHANGES: dict[str, Changing] = {
    "ask": _ask,
    "pause": _pause,
    "resume": _resume,
    "stop": _stop,
    "visited": _visited,
    "limits": _set_limits,
}


def _required(done: bool) -> None:
    """A colleague or the patient was quicker."""
    if not done:
        raise Refused(409, "plan_changed")


def _day(asked: Asked, name: str) -> date | None:
    found = asked.maybe_text(name, 10)
    try:
        return date.fromisoformat(found) if found else None
    except ValueError:
        raise Refused(400, "enrol_day") from None


def _limits(asked: Asked) -> Mapping[str, Any]:
    found = asked.data.get("limits") or {}
    if not isinstance(found, dict) or len(found) > MOST_LIMITS:
        raise Refused(400, "wrong")
    return found
