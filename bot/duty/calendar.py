"""When a team works: days of the week, breaks, nights, public holidays, time zones. What a patient is told must be true. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

# Minutes after midnight of the day on which it begins; the end may lie on the next day (over 1440).
Span = tuple[int, int]
DAY = 24 * 60
MONDAY = 0
# A calendar that is shut for longer than this never opens: its pack is refused.
LONGEST_SHUT = timedelta(days=60)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Calendar:
    """When a team works, in its own local time. A span belongs to the day on which it begins.

    A day named in `days` has its own spans; else a day on which a weekend is worked off (China) has those of a Monday, a
    public holiday has `on_holidays`, and any other day those of its weekday.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]  # seven, Monday first
    country: str = ""  # ISO 3166-1 alpha-2 of the public holidays; "": none are kept
    subdivision: str = ""
    on_holidays: tuple[Span, ...] = ()
    days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Return the spans that begin on `day`."""
        if day in self.days:
            return self.days[day]
        if self.country:
            off, worked = public_days(self.country, self.subdivision, day.year)
            if day in worked:
                return self.week[MONDAY]
            if day in off:
                return self.on_holidays
        return self.week[day.weekday()]

    def openings(self, after: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield (from, until) in UTC of the working time of a year that ends after `after`, in order; what touches is one."""
        held: tuple[datetime, datetime] | None = None
        for start, end in self._pieces(after):
            if held is not None and start <= held[1]:
                held = (held[0], max(end, held[1]))
            else:
                if held is not None:
                    yield held
                held = (start, end)
        if held is not None:
            yield held

    def _pieces(self, after: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = after.astimezone(self.zone).date() - timedelta(days=1)
        for number in range(367):
            day = first + timedelta(days=number)
            for start, end in self.spans_on(day):
                opens, shuts = instant(day, start, self.zone), instant(day, end, self.zone)
                if opens < shuts and shuts > after:
                    yield opens, shuts

    def is_open(self, now: datetime) -> bool:
        """Return whether `now` is working time."""
        return any(start <= now < end for start, end in self._near(now))

    def opened_at(self, now: datetime) -> datetime | None:
        """Return since when it is open, looking back no further than the day before, or None when it is not."""
        since: datetime | None = None
        last: datetime | None = None
        for start, end in self._near(now):
            if start > now:
                break
            # What touches is one: midnight opens nothing that was open before it.
            since = since if last is not None and start <= last else start
            last = end if last is None else max(last, end)
        return since if last is not None and now < last else None

    def closes_at(self, now: datetime) -> datetime | None:
        """Return until when it is open, or None when it is not, or does not shut within a week."""
        end = next((end for start, end in self.openings(now) if start <= now < end), None)
        return None if end is None or end - now > timedelta(days=7) else end

    def next_opening(self, now: datetime) -> datetime | None:
        """Return when working time begins next after `now`, in UTC; None when it never shuts."""
        return next((start for start, _ in self.openings(now) if start > now), None)

    def add_working_time(self, start: datetime, minutes: int) -> datetime:
        """Return the moment at which `minutes` of working time have gone by since `start`, in UTC.

        With 0 it is `start` itself, or the next opening. It lies in working time or on the end of it. Raises ValueError when
        the calendar never opens.
        """
        left = timedelta(minutes=minutes)
        for opens, shuts in self._pieces_once(start):
            if shuts - opens >= left:
                return opens + left
            left -= shuts - opens
        raise ValueError("the calendar has too little working time in a year")

    def _pieces_once(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the working time from `start` on, piece by piece; what two spans share is yielded once."""
        at = start.astimezone(timezone.utc)
        for opens, shuts in self._pieces(at):
            if shuts > at:
                yield max(opens, at), shuts
                at = shuts

    def _near(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the working time around `now`, without looking further than two days."""
        today = now.astimezone(self.zone).date()
        for number in (-1, 0):
            day = today + timedelta(days=number)
            for start, end in self.spans_on(day):
                yield instant(day, start, self.zone), instant(day, end, self.zone)

    def shuts_for_ever(self, now: datetime) -> bool:
        """Return whether nobody ever comes: not within `LONGEST_SHUT`."""
        opening = next((start for start, _ in self.openings(now)), None)
        return opening is None or opening - now > LONGEST_SHUT


def always(zone: ZoneInfo) -> Calendar:
    """Return a calendar that is open day and night."""
    return Calendar(zone, (((0, DAY),),) * 7)


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC at which the clock shows `minute` of `day`.

    A time that the clock shows twice (autumn) is the first of both; one that it leaps over (spring) is the moment of the leap.
    """
    wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
    moment = wall.astimezone(timezone.utc)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    # Read with the offset of after the leap it lies before it: walk to it, an hour at most.
    moment, before = wall.replace(fold=1).astimezone(timezone.utc), wall.utcoffset()
    while moment.astimezone(zone).utcoffset() == before:
        moment += _MINUTE
    return moment


@lru_cache(maxsize=64)
def public_days(country: str, subdivision: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the public holidays of a year, and the days of its weekends that are worked. Raises NotImplementedError for an
    unknown country.

    China names its days a year ahead: of later years only the holidays themselves are known, exceptions stand in the pack.
    """
    import holidays

    found = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    worked = frozenset(day for day in getattr(found, "weekend_workdays", ()) if day.year == year)
    return frozenset(found) - worked, worked
