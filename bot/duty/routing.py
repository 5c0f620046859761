"""Which team a case goes to: by risk, department, language and who is there. No case is ever without a team. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.duty.clocks import is_urgent, priority_of
from bot.duty.teams import Team, Teams
from bot.languages import Language
from bot.messages import Level


@dataclass(frozen=True)
class Need:
    """What is known of a case that needs a team. `department`: the first the bot thought of, "" for none."""

    level: Level
    crisis: bool
    department: str
    language: Language | str


def team_for(need: Need, teams: Teams, now: datetime) -> str:
    """Return the id of the team that answers.

    An emergency goes to who takes it and is there, then to who understands the patient. Anything else goes to who understands
    the patient, then to who knows the department; it waits for them. What nobody takes goes to the fallback.
    """
    taking = [team for team in teams.by_id.values() if takes(team, need)]
    if not taking:
        return teams.fallback
    urgent = is_urgent(need.level, crisis=need.crisis)
    # `max` keeps the first of equals: the order of the pack decides.
    return max(taking, key=lambda team: _fit(team, need, urgent=urgent, now=now)).id


def takes(team: Team, need: Need) -> bool:
    """Return whether the team is there for such cases. For emergencies the department does not matter."""
    if team.takes and priority_of(need.level, crisis=need.crisis) not in team.takes:
        return False
    return is_urgent(need.level, crisis=need.crisis) or not team.departments or need.department in team.departments


def _fit(team: Team, need: Need, *, urgent: bool, now: datetime) -> tuple[bool, ...]:
    speaks = need.language in team.languages
    knows = need.department in team.departments
    is_there = team.calendar.is_open(now)
    if urgent:
        return (bool(team.takes), is_there, speaks, knows)
    return (speaks, knows, is_there, bool(team.takes))
