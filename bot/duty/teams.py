"""Teams of the staff from the packs `teams` and `clocks`: who takes what, in which languages, when, and how fast. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.content.packs import ContentError, Pack
from bot.duty.calendar import Calendar
from bot.duty.clocks import PRIORITIES, Clock, Priority, priority_of
from bot.duty.hours import HoursError, calendar_from
from bot.languages import LANGUAGES, Language
from bot.messages import Level

_TEAM = frozenset({"names", "zone", "languages", "departments", "takes", "hours", "holidays", "days", "clocks", "fallback"})
_NEEDED = ("names", "zone", "hours")
LONGEST_ID = 32


@dataclass(frozen=True)
class Team:
    """One team. Empty `departments` and `takes` mean: all of them."""

    id: str
    names: Mapping[Language, str]
    languages: frozenset[Language]
    departments: frozenset[str]
    takes: frozenset[Priority]
    calendar: Calendar
    clocks: Mapping[Priority, Clock]

    def clock_of(self, level: Level, *, crisis: bool) -> Clock:
        """Return the promises for a case."""
        return self.clocks[priority_of(level, crisis=crisis)]


@dataclass(frozen=True)
class Teams:
    """All teams by id, in the order of the pack. What no team takes goes to the `fallback`."""

    by_id: Mapping[str, Team]
    fallback: str

    def of(self, team_id: str) -> Team:
        """Return a team; the fallback for an id that the pack has no more."""
        return self.by_id.get(team_id) or self.by_id[self.fallback]


def teams_from_packs(packs: Iterable[Pack], *, departments: Iterable[str], today: date, look: bool = True) -> Teams:
    """Return the teams in the packs of the room `handoff`. Raises ContentError that names the file, the team and the fix.

    Without `look` the calendars are not walked through: that reads public holidays, 11 MB of a process that wakes nobody.
    """
    by_name = {pack.pack: pack for pack in packs}
    missing = [name for name in ("teams", "clocks") if name not in by_name]
    if missing:
        raise ContentError(f"The pack {missing[0]} is missing. Restore content/handoff.")
    clocks = _clocks(by_name["clocks"])
    pack = by_name["teams"]
    known = frozenset(departments)
    teams = {key: _team(pack, key, entry, clocks, known, look=look) for key, entry in _entries(pack)}
    fallback = [key for key, entry in _entries(pack) if entry.get("fallback") is True]
    if len(fallback) != 1:
        raise ContentError(f"{pack.path}: exactly one team is the `fallback: true` that takes what no other does. Mark one.")
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=timezone.utc)
    for team in teams.values() if look else ():
        if team.calendar.shuts_for_ever(noon):
            raise ContentError(f"{pack.path}: team {team.id} does not open within 60 days. Mend its hours or remove it.")
    return Teams(teams, fallback[0])


def _entries(pack: Pack) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(pack.entries, dict) or not pack.entries:
        raise ContentError(f"{pack.path}: `entries:` holds one name with its lines below for each of them. Write at least one.")
    for key, entry in pack.entries.items():
        if not isinstance(entry, dict):
            raise ContentError(f"{pack.path}: {key} has no lines below it. Write them, or remove it.")
        yield str(key), entry


def _clocks(pack: Pack) -> Mapping[Priority, Clock]:
    found = {key: _clock(pack, key, entry) for key, entry in _entries(pack)}
    wrong = sorted(set(PRIORITIES) ^ set(found))
    if wrong:
        raise ContentError(
            f"{pack.path}: {wrong[0]} is missing or no priority. There is one entry each for {', '.join(PRIORITIES)}."
        )
    return {priority: found[priority] for priority in PRIORITIES}


def _clock(pack: Pack, where: str, entry: Any) -> Clock:
    names = ("first", "next", "warn", "again")
    given = entry if isinstance(entry, dict) else {}
    if set(given) != set(names) or not all(type(value) is int and 0 < value <= 7 * 24 * 60 for value in given.values()):
        raise ContentError(f"{pack.path}: {where} needs {', '.join(names)}, each a whole number of minutes above 0.")
    if given["warn"] >= min(given["first"], given["next"]):
        raise ContentError(
            f"{pack.path}: {where} warns {given['warn']} minutes before the end, which is before it begins. Lower it."
        )
    return Clock(**given)


def _team(
    pack: Pack, key: str, entry: Mapping[str, Any], clocks: Mapping[Priority, Clock], departments: frozenset[str], *, look: bool
) -> Team:
    lacking = [name for name in _NEEDED if not entry.get(name)]
    unknown = sorted(set(entry) - _TEAM)
    if lacking or unknown:
        what = f"lacks {lacking[0]}" if lacking else f"does not know `{unknown[0]}`"
        raise ContentError(f"{pack.path}: team {key} {what}. It has {', '.join(sorted(_TEAM))}.")
    if not key.isidentifier() or len(key) > LONGEST_ID:
        raise ContentError(
            f"{pack.path}: team {key} needs a short name of letters, digits and _, at most {LONGEST_ID}. Rename it."
        )
    own = entry.get("clocks") or {}
    _among(pack, key, own, PRIORITIES, "priority")
    return Team(
        id=key,
        names=_names(pack, key, entry["names"]),
        languages=_among(pack, key, entry.get("languages") or LANGUAGES, LANGUAGES, "language"),
        departments=_among(pack, key, entry.get("departments") or (), departments, "department"),
        takes=_among(pack, key, entry.get("takes") or (), PRIORITIES, "priority"),
        calendar=_calendar(pack, key, entry, look=look),
        clocks={**clocks, **{name: _clock(pack, f"{key}, {name}", value) for name, value in own.items()}},
    )


def _calendar(pack: Pack, key: str, entry: Mapping[str, Any], *, look: bool) -> Calendar:
    try:
        zone = ZoneInfo(str(entry["zone"]))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ContentError(f"{pack.path}: team {key} is in the zone {entry['zone']!r}. Write it like Asia/Shanghai.") from None
    try:
        return calendar_from(entry, zone, look=look)
    except HoursError as error:
        raise ContentError(f"{pack.path}: team {key}: {error}") from None


def _names(pack: Pack, key: str, names: Any) -> Mapping[Language, str]:
    missing = [language for language in LANGUAGES if not (isinstance(names, dict) and names.get(language))]
    if missing:
        raise ContentError(f"{pack.path}: team {key} has no name in {', '.join(missing)}. Write it by hand.")
    return {language: str(names[language]).strip() for language in LANGUAGES}


def _among(pack: Pack, key: str, given: Any, known: Iterable[Any], what: str) -> frozenset[Any]:
    known = tuple(known)
    strange = [one for one in given if one not in known]
    if strange:
        raise ContentError(f"{pack.path}: team {key} names the {what} {strange[0]!r}, which there is not. Mend or remove it.")
    return frozenset(given)
