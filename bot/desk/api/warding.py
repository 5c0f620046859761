"""The ward page: who is in which plan and how it stands. Of patients whose case is another team's nothing is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from bot.content.load import Content
from bot.database.engine import Work
from bot.desk.asked import Asked, Asking
from bot.desk.content_store import ContentStore
from bot.desk.following import kept_of, plan_name
from bot.desk.problems import Refused
from bot.desk.rights import broken_by, needed_elsewhere
from bot.desk.serialise import number_of, when
from bot.desk.shapes_followup import Ward, WardLine
from bot.followup import enrolments, ward
from bot.followup.adherence import Adherence, adherence_of
from bot.followup.enrolling import is_offered, today_of
from bot.followup.enrolments import OWN
from bot.followup.steps import zone_of
from bot.followup.ward import STANDINGS, Line
from bot.handoff.case_rows import change
from bot.handoff.cases import Cause, open_case
from bot.privacy import audit
from bot.staff.access import CaseFacts, may

# So many lines are shown; filters show the others.
MOST_LINES = 200


async def read(store: ContentStore, asking: Asking, asked: Mapping[str, str]) -> Ward:
    """Return the ward, filtered; that it was read is written down."""
    needed_elsewhere(asking, "ward")
    content = store.content.current()
    plan, team, standing = asked.get("plan", ""), asked.get("team", ""), asked.get("standing", "")
    if (plan and plan not in content.followup.plans.by_id) or (standing and standing not in STANDINGS):
        raise Refused(400, "wrong")

    today = today_of(content, asking.now)

    def look(work: Work) -> Ward:
        found, all_ = ward.lines(work, plan=plan, today_ends=_midnight(content, asking.now), now=asking.now)
        mine = [one for one in _theirs(work, asking, found) if not team or (one.case is not None and one.case.team == team)]
        shown = [one for one in mine if not standing or one.standing == standing][:MOST_LINES]
        kept = adherence_of(work, [one.id for one in shown], now=asking.now)
        language = asking.staff.language
        return {
            "lines": [_line(one, kept[one.id]) for one in shown],
            "counts": {**dict.fromkeys(STANDINGS, 0), **Counter(one.standing for one in mine)},
            "plans": {key: plan_name(key, content, language) for key in content.followup.plans.by_id},
            "offered": [key for key, one in content.followup.plans.by_id.items() if is_offered(one, today)],
            "now": asking.now.isoformat(timespec="milliseconds"),
            "all": all_ and len(shown) < MOST_LINES,
        }

    found = await store.read(look)
    who = asking.staff
    await store.write(lambda work: audit.record(work, who=who.handle, what="read ward", subject=who.subject, now=asking.now))
    return found


async def seen(store: ContentStore, asking: Asking, asked: Asked) -> dict[str, str]:
    """Write down that a nurse has seen to somebody who was silent, or whose answer worried."""
    needed_elsewhere(asking, "ward")
    number = asked.number("id")

    def note(work: Work) -> None:
        _need(work, asking, number)
        ward.note_seen(work, number, who=asking.staff.handle, now=asking.now)

    await store.write(note)
    return {}


async def to_case(store: ContentStore, asking: Asking, asked: Asked) -> dict[str, int]:
    """Return the case in which a nurse writes to the patient of an enrolment; a new one where none is open."""
    needed_elsewhere(asking, "ward")
    number, content = asked.number("id"), store.content.current()

    def begin(work: Work) -> int:
        one = _need(work, asking, number)
        plan = content.followup.plans.by_id.get(one.plan)
        trace = {"enrolment": one.id, "plan": one.plan, "why": dict(plan.names) if plan else {}}
        cause = Cause("worrying_checkin", "R", f"ward:{one.id}:{ward.latest_checkin(work, one.id)}", trace=trace)
        case, is_new = open_case(work, one.conversation_id, cause, now=asking.now)
        if is_new:  # who opens it has to see it, whichever team it comes to; and the patient waits for nothing
            nobody_waits = dict.fromkeys(("waiting_since", "due_at", "warned_at"))
            change(work, case.id, assigned_to=asking.staff.handle, **nobody_waits)
        audit.record(work, who=asking.staff.handle, what="opened from ward", subject=str(case.id), now=asking.now)
        return int(case.id)

    return {"case": await store.write(begin)}


def _theirs(work: Work, asking: Asking, found: tuple[Line, ...]) -> list[Line]:
    """Return the lines that a nurse may see: of patients without a case, or with one that is theirs to see."""
    broken = broken_by(work, asking.staff, now=asking.now)
    return [one for one in found if one.case is None or may(asking.staff, "see", _facts(one.case, one.case.id in broken))]


def _facts(case: Any, glass: bool) -> CaseFacts:
    return CaseFacts(case.team, case.claimed_by, case.assigned_to, glass)


def _need(work: Work, asking: Asking, number: int) -> enrolments.Enrolment:
    """Return an enrolment that stands on this nurse's ward. Raises Refused."""
    one = enrolments.of_id(work, number)
    if one is None or one.plan == OWN:
        raise Refused(404, "gone")
    case = ward.latest_case(work, one.patient_id)
    if case is not None and not may(asking.staff, "see", _facts(case, case.id in broken_by(work, asking.staff, now=asking.now))):
        raise Refused(403, "not_allowed")
    return one


def _line(one: Line, kept: Adherence) -> WardLine:
    return {
        "id": one.id,
        "plan": one.plan,
        "standing": one.standing,
        "paused": one.state == "paused",
        "language": one.language,
        "channel": one.channel,
        "asked_at": when(one.asked_at),
        "closed_at": when(one.closed_at),
        "due_at": when(one.due_at),
        "in_a_row": one.in_a_row,
        "case": None if one.case is None else _case(one.case),
        "kept": kept_of(kept),
    }


def _case(case: Any) -> dict[str, Any]:
    return {"id": case.id, "number": number_of(case.id), "open": case.state != "closed", "team": case.team}


def _midnight(content: Content, now: datetime) -> datetime:
    """Return when the hospital's day ends."""
    local = now.astimezone(zone_of(content.followup.zone))
    return datetime.combine(local.date() + timedelta(days=1), time(0), local.tzinfo)
