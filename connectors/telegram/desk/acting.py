"""What a person may do in a group: looked at anew for every message and every press. Membership of the group alone is nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.database.engine import Work
from bot.handoff.case_rows import Case, case_of
from bot.handoff.events import events
from bot.handoff.problems import CaseProblem
from bot.languages import Language
from bot.staff import glass
from bot.staff.access import CaseFacts, InCase, may
from bot.staff.people import Staff, names, of_telegram
from connectors.telegram.desk import rows

T = TypeVar("T")


class Denied(Exception):
    """It is not done. `key`: of the sentence that says why and what to do; `language`: of the person, None: not known."""

    def __init__(self, key: str, *, language: Language | None = None, **values: object) -> None:
        super().__init__(key)
        self.key, self.language, self.values = key, language, values


@dataclass(frozen=True)
class Actor:
    """Who does something, to which case."""

    person: Staff
    case: Case
    now: datetime


def person_of(work: Work, user: int) -> Staff:
    """Return the active member of the staff who linked this account. Raises Denied."""
    person = of_telegram(work, str(user))
    if person is None:
        raise Denied("not_enrolled")
    return person


def actor_of(work: Work, user: int, case_id: int, act: InCase, *, now: datetime) -> Actor:
    """Return who acts, when they may do `act` to the case. Raises Denied."""
    person = person_of(work, user)
    try:
        case = case_of(work, case_id)
    except CaseProblem as problem:
        raise denied(work, problem, person) from None
    facts = CaseFacts(case.team, case.claimed_by, case.assigned_to, glass.is_broken(work, person.id, case.id, now=now))
    if not may(person, act, facts):
        raise Denied("not_allowed", language=person.language)
    return Actor(person, case, now)


def done(work: Work, actor: Actor, do: Callable[[], T], *, seen: bool) -> T:
    """Do something to a case. `seen`: the group sees who did it, so that it needs no line. Raises Denied."""
    before = max((event.id for event in events(work, actor.case.id)), default=0)
    try:
        result = do()
    except CaseProblem as problem:
        raise denied(work, problem, actor.person) from None
    if seen:
        rows.be_quiet(work, actor.case.id, [event.id for event in events(work, actor.case.id, after=before)])
    return result


def denied(work: Work, problem: CaseProblem, person: Staff) -> Denied:
    """Return why something cannot be done to a case, for this person."""
    if problem.key == "held" and problem.holder:
        return Denied("held", language=person.language, who=names(work).get(problem.holder, problem.holder))
    return Denied(problem.key if problem.key in KNOWN else "cannot", language=person.language)


KNOWN = frozenset({"closed", "open", "missing", "erased", "empty", "past", "not_yours", "urgent", "blocked"})
