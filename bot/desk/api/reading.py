"""What a nurse reads: the queue, a case with all beside it, and how its thread goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import case_event
from bot.desk import beside, items, rows, serialise, shapes, thread
from bot.desk.acting import done, viewing_of
from bot.desk.asked import Asking, case_number
from bot.desk.content_store import ContentStore
from bot.desk.problems import Refused
from bot.desk.reads import Reads
from bot.desk.rights import glass_until, need
from bot.desk.serialise import Viewing
from bot.desk.telling import is_there
from bot.desk.thread import Place
from bot.handoff import drafts, queue
from bot.handoff.case_rows import case_of
from bot.handoff.problems import CaseProblem
from bot.staff.access import CaseFacts, may
from bot.staff.people import all_staff

ROWS = 50
# More digits than a database counts with.
_TOO_LARGE = re.compile(r"[0-9]{16}")


async def read_queue(store: ContentStore, asking: Asking, asked: Mapping[str, str]) -> shapes.Queue:
    """Return a page of the queue."""
    wanted, after = asked.get("tab") or "unclaimed", asked.get("after") or None
    tab = next((one for one in queue.TABS if one == wanted), None)
    if tab is None or (after and _TOO_LARGE.search(after)):
        raise Refused(400, "wrong")
    team, language = asked.get("team"), asked.get("language")

    def look(work: Work) -> shapes.Queue:
        everybody = all_staff(work)  # once, for names and for who is on duty: each has to be opened
        viewing = Viewing(asking.staff, asking.now, {one.handle: one.name for one in everybody})
        page = queue.page(
            work, staff=asking.staff, tab=tab, team=team or None, language=language or None, after=after, limit=ROWS, now=asking.now
        )  # fmt: skip
        people = tuple(one for one in everybody if is_there(one, asking.now))
        return {
            "rows": [serialise.row(facts, viewing) for facts in rows.of_cases(work, page.rows)],
            "more": page.more,
            "counts": dict(page.counts),
            "on_duty": serialise.on_duty(people),
            "now": asking.now.isoformat(timespec="milliseconds"),
            "resume": last_event(work),
        }

    try:
        return await store.read(look)
    except queue.QueueProblem:
        raise Refused(400, "wrong") from None


async def read_case(store: ContentStore, reads: Reads, asking: Asking, asked: Mapping[str, str]) -> shapes.CaseView:
    """Return a case with all that is shown beside it; that it was read is written down first."""
    case_id, searched, content = case_number(asked["case"]), asked.get("from") == "search", store.content.current()
    view = await store.read(lambda work: _case(work, asking, case_id, content))
    await reads.opened(store, asking, case_id, what="opened hit" if searched else "read case")
    return view


def _case(work: Work, asking: Asking, case_id: int, content: Content) -> shapes.CaseView:
    facts, resume = need(work, asking, case_id, "see"), last_event(work)
    try:
        case = case_of(work, case_id)
    except CaseProblem:
        raise Refused(410, "erased") from None
    viewing = viewing_of(work, asking)
    mask = items.mask_of(work, case_id, viewing)
    own = may(asking.staff, "see", CaseFacts(facts.team, facts.claimed_by, facts.assigned_to))
    until = None if own else glass_until(work, asking, case_id)
    me = asking.staff.id
    return {  # type: ignore[typeddict-item]
        **done(work, asking, case_id),
        **beside.beside(work, case, content, viewing, mask),  # type: ignore[typeddict-item]
        "thread": items.part(work, case_id, thread.latest(work, case_id), viewing),
        "draft": {"reply": drafts.get(work, case_id, me, "reply"), "note": drafts.get(work, case_id, me, "note")},
        "scheduled": beside.scheduled(work, case_id, viewing, mask),
        "glass_until": serialise.when(until),
        "reveals": ["address"] if may(asking.staff, "reveal", facts) else [],
        "resume": resume,
    }


async def read_thread(store: ContentStore, reads: Reads, asking: Asking, asked: Mapping[str, str]) -> shapes.Thread:
    """Return how a thread goes on after a place, or what stood before one."""
    case_id = case_number(asked["case"])
    after, before = asked.get("after", ""), asked.get("before", "")

    def look(work: Work) -> shapes.Thread:
        need(work, asking, case_id, "see")
        viewing = viewing_of(work, asking)
        if after:
            return items.part(work, case_id, thread.since(work, case_id, Place.read(after)), viewing)
        found = thread.latest(work, case_id, before=Place.read(before) if before else None)
        return items.part(work, case_id, found, viewing)

    found = await store.read(look)
    await reads.goes_on(store, asking, case_id)
    return found


async def people(store: ContentStore, asking: Asking, asked: Mapping[str, str]) -> dict[str, list[shapes.Person]]:
    """Return whom a case may be given to: those of its team first, and of them those on duty."""
    number = asked.get("case", "")

    def look(work: Work) -> list[shapes.Person]:
        facts = need(work, asking, int(number), "list") if number.isdecimal() and len(number) < 16 else None
        found = [one for one in all_staff(work) if may(one, "use_desk") and one.role in ("nurse", "lead")]
        team = facts.team if facts else ""
        found.sort(
            key=lambda one: (not one.is_in(team), not is_there(one, asking.now), one.duty == "break", one.name, one.handle)
        )
        return [serialise.person(one, is_there=is_there(one, asking.now)) for one in found]

    return {"people": await store.read(look)}


def last_event(work: Work) -> int:
    """Return the number of the last event of any case: a stream goes on from there."""
    return int(work.execute(sa.select(sa.func.max(case_event.c.id))).scalar() or 0)
