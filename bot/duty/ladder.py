"""Whom to wake for a case that nobody takes, and whom to remind of a clock. Who is off duty is left alone, but for leads and
admins when nobody else is there. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.duty.clocks import Clock, is_urgent
from bot.messages import Level
from bot.staff.people import Staff

# urgent: there is one. raised: one in their hands has become so. unclaimed: it still waits. due, late: of a clock. nobody: no nurse is on duty, or none takes it.
# digest: what waits at the start of a shift. empty: a team has nobody.
What = Literal["urgent", "raised", "unclaimed", "due", "late", "nobody", "digest", "empty"]
# From this step on leads are paged too, and from the next one admins.
LEADS_FROM, ADMINS_FROM = 2, 3
LONGEST_PAUSE = timedelta(minutes=30)


@dataclass(frozen=True)
class Waiting:
    """What the ladder asks of a case. `since`: the patient's first words that no person has answered."""

    id: int
    team: str
    level: Level
    crisis: bool
    language: str
    since: datetime
    claimed_by: str | None = None
    assigned_to: str | None = None

    @property
    def is_urgent(self) -> bool:
        """Whether it wakes somebody at any hour."""
        return is_urgent(self.level, crisis=self.crisis)


@dataclass(frozen=True)
class Told:
    """The last step that was taken for a case, and when."""

    step: int
    at: datetime


@dataclass(frozen=True)
class Page:
    """One page to one person."""

    staff_id: int
    what: What


@dataclass(frozen=True)
class Crew:
    """All accounts that are active, and the time at which they are looked at."""

    people: tuple[Staff, ...]
    now: datetime

    def there(self, team: str) -> tuple[Staff, ...]:
        """Return who can answer patients of a team now; when all of them are on a break, those."""
        members = [person for person in self._answering() if person.is_in(team)]
        on = tuple(person for person in members if person.duty == "on")
        return on or tuple(members)

    def anybody(self) -> tuple[Staff, ...]:
        """Return who is there in any team."""
        return tuple(self._answering())

    def chiefs(self, team: str) -> tuple[Staff, ...]:
        """Return whom to wake when nobody of a team is there: its leads and the admins; without them the other leads."""
        found = (*self.leads(team), *self.of_role("admin"))
        return found or self.of_role("lead")

    def leads(self, team: str) -> tuple[Staff, ...]:
        """Return the leads of a team, on duty or not."""
        return tuple(person for person in self.of_role("lead") if person.is_in(team))

    def of_role(self, role: str) -> tuple[Staff, ...]:
        """Return everybody with a role, on duty or not."""
        return tuple(person for person in self.people if person.role == role)

    def is_there(self, person: Staff) -> bool:
        """Return whether somebody has begun their shift and not ended it; a break belongs to it."""
        return person.duty != "off" and (person.duty_until is None or person.duty_until > self.now)

    def _answering(self) -> list[Staff]:
        return [person for person in self.people if person.role in ("nurse", "lead") and self.is_there(person)]


def step_due(told: Told | None, clock: Clock, now: datetime) -> int | None:
    """Return the step to take now for an urgent case that nobody took, or None when it is not time.

    After a pause of the program there is one step, not all that were missed.
    """
    if told is None:
        return 0
    return told.step + 1 if now >= told.at + pause_after(told.step, clock) else None


def pause_after(step: int, clock: Clock) -> timedelta:
    """Return how long to wait after a step. Once everybody was paged the pauses double, up to half an hour."""
    doubled = 1 << max(0, min(step - ADMINS_FROM, 10))
    return max(timedelta(minutes=clock.again), min(LONGEST_PAUSE, timedelta(minutes=clock.again) * doubled))


def climb(case: Waiting, step: int, crew: Crew) -> tuple[Page, ...]:
    """Return the pages of one step for an urgent case that nobody took: each person once.

    Step 0: who is on duty and understands the patient. 1: all of the team who are there. 2: also the leads. 3 and later: also
    the admins. Nobody there: leads and admins at once; not even those: whoever is on duty in another team.
    """
    present = crew.there(case.team)
    if not present:
        return _pages(crew.chiefs(case.team) or crew.anybody(), "nobody", crew)
    speaking = tuple(person for person in present if case.language in person.languages)
    audience = (speaking or present) if step == 0 else present
    above: tuple[Staff, ...] = ()
    if step >= LEADS_FROM:
        above = crew.leads(case.team) or crew.chiefs(case.team)
    if step >= ADMINS_FROM:
        above = (*above, *crew.of_role("admin"))
    return _pages((*audience, *above), "urgent" if step == 0 else "unclaimed", crew)


def remind(case: Waiting, what: Literal["due", "late"], crew: Crew) -> tuple[Page, ...]:
    """Return the pages of a clock that comes near its end or has passed it.

    An urgent case that nobody took has the ladder for that. Leads are told of what is late and urgent or within a day; at
    home only when nobody is there.
    """
    if case.is_urgent and case.claimed_by is None:
        return ()
    audience = _whose(case, crew)
    weighty = case.is_urgent or case.level == "U"
    if what == "late" and weighty:
        above = crew.leads(case.team) if audience else crew.chiefs(case.team)
        # At home they hear of it when nobody is there, or when somebody holds an emergency and does not answer.
        audience = (*audience, *(lead for lead in above if case.is_urgent or not audience or crew.is_there(lead)))
    return _pages(audience, what, crew)


def _whose(case: Waiting, crew: Crew) -> tuple[Staff, ...]:
    """Return who has to act on a clock and is there: who holds it, else whom it was given to, else the team."""
    for handle in (case.claimed_by, case.assigned_to):
        found = tuple(person for person in crew.people if person.handle == handle and crew.is_there(person))
        if found:
            return found
    present = crew.there(case.team)
    speaking = tuple(person for person in present if case.language in person.languages)
    return speaking or present


def _pages(audience: Iterable[Staff], what: What, crew: Crew) -> tuple[Page, ...]:
    """Return one page for each person; who is off duty is told that nobody is there, since that is why they are woken."""
    return tuple(
        Page(staff_id, what if crew.is_there(person) else "nobody")
        for staff_id, person in {person.id: person for person in audience}.items()
    )
