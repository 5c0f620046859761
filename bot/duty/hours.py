"""Reads working hours as a hospital writes them: `mon-fri: ["08:00-12:00", "13:30-17:30"]`, nights, holidays, single days. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from bot.duty.calendar import DAY, Calendar, Span, always, public_days

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")
_HOLIDAYS = frozenset({"country", "subdivision", "hours"})


class HoursError(ValueError):
    """Hours that cannot be read. The message says which and how they are written."""


def calendar_from(entry: Mapping[str, Any], zone: ZoneInfo, *, look: bool = True) -> Calendar:
    """Return the calendar of `hours`, `holidays` and `days`. Raises HoursError. `look`: also whether the holidays are known."""
    hours = entry["hours"]
    week = always(zone).week if hours == "always" else _week(hours)
    kept = entry.get("holidays") or {}
    if not isinstance(kept, dict) or not set(kept) <= _HOLIDAYS or (kept and "country" not in kept):
        raise HoursError("`holidays` needs a `country` like CN, and may have a `subdivision` and `hours`.")
    country, subdivision = str(kept.get("country", "")), str(kept.get("subdivision", ""))
    if look:
        _known(country, subdivision)
    return Calendar(zone, week, country, subdivision, spans_of(kept.get("hours", "closed")), _days(entry.get("days") or ()))


def _known(country: str, subdivision: str) -> None:
    if not country:
        return
    try:
        public_days(country, subdivision, date.today().year)
    except NotImplementedError:
        where = f"{country} {subdivision}".strip()
        raise HoursError(f"public holidays of {where} are not known. Write a country like CN, and a state like BE.") from None


def _week(hours: Any) -> tuple[tuple[Span, ...], ...]:
    if not isinstance(hours, dict):
        raise HoursError('`hours` is "always", or has lines like mon-fri: ["08:00-12:00", "13:30-17:30"].')
    week: list[tuple[Span, ...]] = [()] * 7
    for key, given in hours.items():
        for number in _numbers(str(key)):
            if week[number]:
                raise HoursError(f"{WEEKDAYS[number]} stands twice in `hours`. Write all its spans in one line.")
            week[number] = spans_of(given)
    return tuple(week)


def _numbers(key: str) -> range:
    first, _, last = key.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        raise HoursError(f"{key!r} is no weekday. Write mon, tue, wed, thu, fri, sat, sun, or mon-fri.")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    if end < start:
        raise HoursError(f"{key!r} runs backwards. The week begins on Monday.")
    return range(start, end + 1)


def spans_of(given: Any) -> tuple[Span, ...]:
    """Return the spans of a list like ["08:00-12:00", "20:00-06:00"], or none for "closed". Raises HoursError."""
    if given == "closed":
        return ()
    if not isinstance(given, list) or not given:
        raise HoursError('spans are a list like ["08:00-12:00", "13:30-17:30"], or "closed".')
    spans = tuple(_span(str(text)) for text in given)
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise HoursError(f"{given} overlap or are not in order. Write them one after the other.")
    return spans


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise HoursError(f"{text!r} is no span. Write it like 08:00-12:00; one that ends on the next day like 20:00-06:00.")
    start_h, start_m, end_h, end_m = map(int, found.groups())
    start, end = start_h * 60 + start_m, end_h * 60 + end_m
    if start >= DAY or end > DAY or start == end:
        raise HoursError(f"{text!r} is no span: it begins before 24:00, ends at 24:00 or the next day, and has a length.")
    return (start, end if end > start else end + DAY)


def _days(given: Any) -> Mapping[date, tuple[Span, ...]]:
    days: dict[date, tuple[Span, ...]] = {}
    for entry in given:
        if not isinstance(entry, dict) or set(entry) != {"date", "hours"} or type(entry["date"]) is not date:
            raise HoursError("each of `days` has a `date` like 2026-12-24 without quotes, and `hours`.")
        if entry["date"] in days:
            raise HoursError(f"{entry['date']} stands twice in `days`. Keep one.")
        days[entry["date"]] = spans_of(entry["hours"])
    return days
