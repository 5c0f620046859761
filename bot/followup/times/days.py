"""Which day is told: a date, "in two weeks", "Tuesday next week", "tomorrow", "March". Pure; seen from `now`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from bot.followup.times.amounts import amount, amounts
from bot.followup.times.dates import coming, date_of, full_year, later, midnight, month_later
from bot.followup.times.tongue import Tongue, any_of, which
from bot.followup.times.types import Day

ISO = re.compile(r"(?<!\d)(?P<y>\d{4})[-/.年] ?(?P<m>\d{1,2})[-/.月] ?(?P<d>\d{1,2})[日号]?(?!\d)")


def day_in(text: str, tongue: Tongue, now: datetime) -> Day | None:
    """Return the day, week, month or year that is told, or the moment "in two hours"; None for no such thing."""
    for reader in (_written, _counted, _weekday_of_a_week, _turn, _weekday, _day_word, _month):
        found = reader(text, tongue, now)
        if found is not None:
            return found
    return None


def no_such_day(text: str, tongue: Tongue, now: datetime) -> bool:
    """Whether a day is written that no calendar has: 30 February, the 13th month."""
    match = ISO.search(text)
    if match is not None:
        return coming(int(match["m"]), int(match["d"]), full_year(match["y"], now), now) is None
    return tongue.impossible(text, now)


def _written(text: str, tongue: Tongue, now: datetime) -> Day | None:
    match = ISO.search(text)
    if match is None:
        return tongue.written_date(text, now)
    at = date_of(int(match["y"]), int(match["m"]), int(match["d"]), now)
    return Day(*match.span(), at, "day") if at else None


def _counted(text: str, tongue: Tongue, now: datetime) -> Day | None:
    """ "3 days ago", "in two weeks", "3天后"."""
    for sign, (before, after) in ((-1, tongue.ago), (1, tongue.later)):
        match = tongue.find(rf"(?:{before}){amounts(tongue)}(?:{after})", text)
        if match is None or (tongue.needs and not re.search(tongue.needs, match.group(0))):
            continue
        count, unit = amount(match, tongue)
        try:
            at = later(now, sign * count, unit)
        except (ValueError, OverflowError):
            return None
        exact = unit in ("second", "minute", "hour")
        return Day(*match.span(), at if exact else midnight(at), "minute" if exact else "day")
    return None


def _turn(text: str, tongue: Tongue, now: datetime) -> Day | None:
    """ "next week", "上个月", "letztes Jahr"."""
    units = tongue.unit_words("week", "month", "year", "day")
    for count, (before, after) in ((1, tongue.next), (-1, tongue.last), (0, tongue.this)):
        match = tongue.find(rf"{before}(?P<u>{units}){after}", text)
        if match is None or re.match(r"[1-7日天末]", text[match.end() :]):
            continue
        unit = tongue.unit(match["u"])
        if tongue.turns and unit == "year" and count:
            continue
        twice = _is_doubled(match, text, tongue)
        return _over(_whole(match, unit, count * (2 if twice else 1), now), twice)
    year = re.search("|".join(tongue.turns), text) if tongue.turns else None
    return _whole(year, "year", tongue.turns[year.group(0)], now) if year else None


def _is_doubled(match: re.Match[str], text: str, tongue: Tongue) -> bool:
    return tongue.doubles and match.start() > 0 and text[match.start() - 1] == match.group(0)[0]


def _over(day: Day, doubled: bool) -> Day:
    """Return the day over the word before it, too: 下下周."""
    return replace(day, start=day.start - 1) if doubled else day


def _whole(match: re.Match[str], unit: str, count: int, now: datetime) -> Day:
    today = midnight(now)
    if unit == "week":
        return Day(*match.span(), today - timedelta(days=today.weekday()) + timedelta(weeks=count), "week")
    if unit == "month":
        year, month = month_later(today, count)
        return Day(*match.span(), today.replace(year=year, month=month, day=1), "month")
    if unit == "year":
        return Day(*match.span(), today.replace(year=today.year + count, month=1, day=1), "year")
    return Day(*match.span(), today + timedelta(days=count), "day")


def _weekday_of_a_week(text: str, tongue: Tongue, now: datetime) -> Day | None:
    """ "Tuesday next week", "nächste Woche Dienstag", "ثلاثاء الأسبوع الماضي"."""
    week = _turn(text, tongue, now) if tongue.spaced else None
    day = tongue.find(rf"(?:on )?(?P<w>{any_of(tongue.weekdays)})", text) if week else None
    if week is None or day is None or week.grain != "week" or max(week.start - day.end(), day.start() - week.end) > 9:
        return None
    at = week.at + timedelta(days=which(tongue.weekdays, day["w"]))
    return Day(min(week.start, day.start()), max(week.end, day.end()), at, "day")


def _weekday(text: str, tongue: Tongue, now: datetime) -> Day | None:
    names = any_of(tongue.weekdays)
    for weeks, (before, after) in ((1, tongue.next), (-1, tongue.last), (0, tongue.this)):
        match = tongue.find(rf"{before}(?P<w>{names}){after}", text)
        if match:
            twice = _is_doubled(match, text, tongue)
            return _over(_weekday_of(match, weeks * (2 if twice else 1), tongue, now), twice)
    match = tongue.find(rf"(?P<w>{names})(?:\.|s)?", text)
    return _weekday_of(match, None, tongue, now) if match else None


def _weekday_of(match: re.Match[str], weeks: int | None, tongue: Tongue, now: datetime) -> Day:
    """Return the day; with no word before it, or "coming", the next one. Chinese counts by weeks: 上周五 is of the last week."""
    day = which(tongue.weekdays, match["w"])
    today = midnight(now)
    if weeks is None or (tongue.spaced and weeks == 1 and match.group(0).startswith(("coming", "kommende", "upcoming"))):
        return Day(*match.span(), today + timedelta(days=(day - today.weekday() - 1) % 7 + 1), "day")
    if weeks == -1 and tongue.spaced:
        return Day(*match.span(), today - timedelta(days=(today.weekday() - day - 1) % 7 + 1), "day")
    monday = today - timedelta(days=today.weekday())
    return Day(*match.span(), monday + timedelta(weeks=weeks, days=day), "day")


def _day_word(text: str, tongue: Tongue, now: datetime) -> Day | None:
    for pattern, days in tongue.days:
        match = tongue.find(pattern, text)
        if match:
            return Day(*match.span(), midnight(now) + timedelta(days=days), "day")
    return None


def _month(text: str, tongue: Tongue, now: datetime) -> Day | None:
    match = tongue.find(tongue.months_of_year, text)
    if match is None:
        return None
    if not match["m"]:
        at = date_of(int(match["y2"]), 1, 1, now)
        return Day(*match.span(), at, "year") if at else None
    month = which(tongue.months, match["m"]) if tongue.months else int(match["m"])
    year = int(match["y"]) if match["y"] else now.year + (month < now.month)
    at = date_of(year, month, 1, now)
    return Day(*match.span(), at, "month") if at else None
