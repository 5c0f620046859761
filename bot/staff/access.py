"""Who may do what. Pure: one table, asked for every page, every call and every frame of a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.staff.people import Role, Staff

# With a case: what is done to it.
InCase = Literal[
    "list",  # that there is such a case: level, waiting time, who holds it; no words
    "see",  # words, trace, notes, summary
    "claim",
    "reply",
    "note",
    "reveal",  # one masked field, logged
    "close",
    "snooze",
    "schedule",
    "transfer",
    "urgent",
    "assign",  # give it to somebody else
    "take_over",  # from somebody who holds it
    "block",
    "enrol",  # into a plan of follow-up; change, pause and end it
    "break_glass",
]
# Without a case.
Elsewhere = Literal[
    "use_desk",  # open the desk at all
    "search",
    "handover",
    "ward",  # who is in which plan and how it stands: no words
    "scheduler",  # what is sent when, and what failed: no words, no patients
    "duty_list",  # set the duty of others
    "manage_snippets",  # of a team
    "manage_staff",
    "manage_team",
    "read_audit",
    "export",  # of the audit
    "see_glass",  # who broke which glass, and why
    "use_studio",  # enter it; what may be done there stands in bot.studio.access
]
Act = Literal[InCase, Elsewhere]


@dataclass(frozen=True)
class CaseFacts:
    """What decides of a case. `glass`: this person broke the glass of this case, and its hour has not ended."""

    team: str = ""
    claimed_by: str | None = None
    assigned_to: str | None = None
    glass: bool = False


_NURSE: frozenset[Act] = frozenset(
    {"list", "see", "claim", "reply", "note", "reveal", "close", "snooze", "schedule", "transfer", "urgent", "enrol"}
)
_LEAD: frozenset[Act] = frozenset({*_NURSE, "assign", "take_over", "block"})
# In a case that is theirs: of their team, of no team, or given to them.
_IN_OWN: dict[Role, frozenset[Act]] = {
    "nurse": _NURSE,
    "lead": _LEAD,
    "admin": frozenset(),
    "auditor": frozenset(),
    "editor": frozenset(),
}
# In any case.
_IN_ANY: dict[Role, frozenset[Act]] = {
    "nurse": frozenset({"break_glass"}),
    "lead": frozenset({"break_glass"}),
    # No words: but when nobody comes, somebody has to be able to give the case to a nurse.
    "admin": frozenset({"break_glass", "list", "assign"}),
    "auditor": frozenset(),
    "editor": frozenset(),
}
# In a case of others, while its glass is broken. Who cares for patients may then act as in their own: it is an emergency.
_BEHIND_GLASS: dict[Role, frozenset[Act]] = {
    "nurse": _NURSE,
    "lead": _LEAD,
    "admin": frozenset({"see", "reveal"}),
    "auditor": frozenset(),
    "editor": frozenset(),
}
_ELSEWHERE: dict[Role, frozenset[Act]] = {
    "nurse": frozenset({"use_desk", "search", "handover", "ward"}),
    "lead": frozenset({"use_desk", "search", "handover", "ward", "scheduler", "duty_list", "manage_snippets", "see_glass"}),
    "admin": frozenset({"use_desk", "scheduler", "duty_list", "manage_snippets", "manage_staff", "manage_team", "use_studio"}),
    "auditor": frozenset({"read_audit", "export", "see_glass", "use_studio"}),
    "editor": frozenset({"use_studio"}),
}
ACTS_IN_CASES: frozenset[Act] = frozenset({*_LEAD, "break_glass"})


def may(staff: Staff, act: Act, case: CaseFacts | None = None) -> bool:
    """Return whether `staff` may do `act`, in `case` where it is done to one. Who is not active may nothing."""
    if staff.state != "active":
        return False
    if case is None:
        return act in _ELSEWHERE[staff.role] or (act == "use_studio" and bool(staff.studio))
    if act in _IN_ANY[staff.role]:
        return True
    if is_own(staff, case) and act in _IN_OWN[staff.role]:
        return True
    return case.glass and act in _BEHIND_GLASS[staff.role]


def is_own(staff: Staff, case: CaseFacts) -> bool:
    """Return whether a case is of their team, of no team, or in their hands."""
    return staff.is_in(case.team) or staff.handle in (case.claimed_by, case.assigned_to)


def acts(staff: Staff, case: CaseFacts) -> frozenset[Act]:
    """Return all that `staff` may do in `case`."""
    return frozenset(act for act in ACTS_IN_CASES if may(staff, act, case))
