"""Who holds a case. While somebody does the bot is silent; a lease ends by itself, so that nobody waits for who went home."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, conversation
from bot.handoff.case_rows import COLUMNS, ELSEWHERE, Case, case_from, case_of, change, locked, still_open
from bot.handoff.events import add_event, held_since
from bot.handoff.patient_lines import say
from bot.handoff.problems import CaseProblem
from bot.phrases import Phrases
from bot.privacy import audit

# A nurse who does nothing for this long has gone: the bot comes back.
LEASE = timedelta(minutes=20)
# Another program ends what it holds itself. When it does not, because its connector is off, we do.
ELSEWHERE_ENDS_AFTER = timedelta(hours=1)

_ENDED = sa.and_(
    care_case.c.state.in_(("claimed", "waiting_for_patient")),
    sa.or_(
        sa.and_(care_case.c.claimed_by.notin_(sorted(ELSEWHERE)), care_case.c.lease_until <= sa.bindparam("now")),
        care_case.c.lease_until <= sa.bindparam("long_ago"),
    ),
)
_ENDED_LEASES = sa.select(*COLUMNS).where(_ENDED).order_by(care_case.c.id).limit(100)


def claim(work: Work, case_id: int, *, who: str, name: str, now: datetime, phrases: Phrases, take_over: bool = False) -> Case:
    """Let `who` hold the case for the length of a lease; the patient reads `name`.

    Of two who claim at once one gets it. Raises CaseProblem with `holder` and `since` for the other; `take_over` (a lead) takes it.
    """
    before = still_open(locked(work, case_id))
    free = sa.or_(
        care_case.c.claimed_by.is_(None),
        care_case.c.claimed_by == who,
        care_case.c.lease_until.is_(None),
        care_case.c.lease_until <= now,
        care_case.c.state == "waiting",
    )
    conditions = [care_case.c.state != "closed", *([] if take_over else [free])]
    state = sa.case((care_case.c.state == "waiting", "claimed"), else_=care_case.c.state)
    taken = {"state": state, "claimed_by": who, "lease_until": now + LEASE, "snoozed_until": None}
    if not change(work, case_id, *conditions, **taken):
        raise held_by_other(work, case_of(work, case_id))
    if before.claimed_by != who or before.state == "waiting":
        taken_from = before.claimed_by if before.is_held(now) else None
        what = "taken_over" if taken_from else "claimed"
        content = {"from": taken_from} if taken_from else None
        event = add_event(
            work, case_id, what, who=who, dedupe_key=f"{what}:{case_id}:{now.timestamp()}", now=now, content=content
        )
        say(work, before, "claimed", dedupe_key=f"claimed:{case_id}:{event}", now=now, phrases=phrases, name=name)
        take_over_from_bot(work, before, now=now)
        audit.record(work, who=who, what="claimed case", subject=str(case_id), now=now)
    return case_of(work, case_id)


def take_over_from_bot(work: Work, case: Case, *, now: datetime) -> None:
    """Whatever the bot was asking in any chat of this person is stale from now on."""
    theirs = sa.and_(conversation.c.patient_id == case.patient_id, conversation.c.nurse_since.is_(None))
    work.execute(sa.update(conversation).where(theirs).values(nurse_since=now))


def held_by_other(work: Work, case: Case) -> CaseProblem:
    """Return the problem that somebody else has the case, or that it is closed."""
    if case.state == "closed":
        return CaseProblem(f"Case {case.id} is closed already.", key="closed", since=case.closed_at)
    holder = case.claimed_by or ""
    since = held_since(work, case.id, holder)
    text = f"Case {case.id} is held by {holder}. Ask them, or claim it when their time is over."
    return CaseProblem(text, key="held", holder=holder, since=since)


def mine(work: Work, case_id: int, who: str, *, now: datetime) -> Case:
    """Return the open case, held for this transaction. Raises CaseProblem when somebody else has it now."""
    case = still_open(locked(work, case_id))
    if case.is_held(now) and case.claimed_by != who:
        raise held_by_other(work, case)
    return case


def renew(work: Work, case_id: int, *, who: str, now: datetime) -> bool:
    """Prolong the lease of `who`, who is at work on the case; False when it is not theirs, or theirs no more."""
    held = (
        care_case.c.claimed_by == who,
        care_case.c.lease_until > now,
        care_case.c.state.in_(("claimed", "waiting_for_patient")),
    )
    return change(work, case_id, *held, lease_until=now + LEASE)


def release(work: Work, case_id: int, *, who: str, now: datetime, phrases: Phrases) -> None:
    """Give the conversation back to the bot; the case waits again. Raises CaseProblem when `who` does not hold it."""
    case = mine(work, case_id, who, now=now)
    if case.claimed_by != who or case.state == "waiting":
        raise CaseProblem(f"Case {case_id} is not yours. Claim it first.", key="not_yours")
    _let_go(work, case, "released", who=who, now=now, phrases=phrases)
    audit.record(work, who=who, what="released case", subject=str(case_id), now=now)


def end_leases(work: Work, now: datetime, phrases: Phrases) -> int:
    """Give back every case whose nurse has done nothing for the length of a lease; the patient is told, once. Returns how many."""
    ended = [case_from(row) for row in work.execute(_ENDED_LEASES, _times(now))]
    return sum(end_lease(work, case.id, now=now, phrases=phrases) for case in ended)


def is_lease_over(work: Work, now: datetime) -> bool:
    """Return whether `end_leases` has something to do: asked without holding up anybody."""
    return work.execute(_ENDED_LEASES.limit(1), _times(now)).first() is not None


def _times(now: datetime) -> dict[str, datetime]:
    return {"now": now, "long_ago": now - ELSEWHERE_ENDS_AFTER}


def end_lease(work: Work, case_id: int, *, now: datetime, phrases: Phrases) -> bool:
    """Give one case back if its lease has ended; the patient is told, once. Returns whether it had."""
    case = locked(work, case_id)
    if case.state not in ("claimed", "waiting_for_patient") or case.is_held(now):
        return False  # they came back, or somebody was quicker
    _let_go(work, case, "lease_ended", who=case.claimed_by or "", now=now, phrases=phrases)
    return True


def _let_go(work: Work, case: Case, what: str, *, who: str, now: datetime, phrases: Phrases) -> None:
    change(work, case.id, state="waiting", claimed_by=None, lease_until=None)
    event = add_event(work, case.id, what, who=who, dedupe_key=f"{what}:{case.id}:{now.timestamp()}", now=now)
    # Who was not answered yet must not think that they have to ask anew.
    phrase = "released" if case.waiting_since is None else "released_waiting"
    say(work, case, phrase, dedupe_key=f"{what}:{case.id}:{event}", now=now, phrases=phrases)
