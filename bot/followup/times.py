"""A moment, a span, a duration or a recurrence in patients' words, in five languages. Pure; the clock is an argument.

None when nothing was understood: the date is asked then. What was understood is read back to the patient before it counts.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from bot.followup import time_words as words
from bot.languages import Language
from bot.triage.normalise import Normal, normalise
from bot.triage.numerals import Digits, in_digits

Grain = Literal["minute", "hour", "day", "week", "month", "year"]
# A time is told in a sentence; the rest of a long message is not searched for one.
_READ_AT_MOST = 400
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "fortnight": 1209600}


@dataclass(frozen=True)
class Moment:
    """A point in time, as exact as its grain; a day, week or month begins at `at`."""

    at: datetime
    grain: Grain
    said: str


@dataclass(frozen=True)
class Span:
    """From `start` until before `end`."""

    start: datetime
    end: datetime
    said: str


@dataclass(frozen=True)
class Duration:
    """How long; a month counts 30 days, a year 365."""

    length: timedelta
    said: str


@dataclass(frozen=True)
class Recurrence:
    """Every `every` units; at `times` where they were said, on `weekdays` (Monday is 0) where they were named."""

    every: float
    unit: Literal["minute", "hour", "day", "week", "month", "year"]
    said: str
    times: tuple[time, ...] = ()
    weekdays: tuple[int, ...] = ()
    per_unit: int | None = None  # "three times a day" with no times


TimeSaid = Moment | Span | Duration | Recurrence


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int


@dataclass(frozen=True)
class _Day(_Piece):
    at: datetime
    grain: Grain


@dataclass(frozen=True)
class _Clock(_Piece):
    hour: int
    minute: int
    settled: bool  # morning or afternoon was said, or it is after 12


@dataclass(frozen=True)
class _Part(_Piece):
    name: str


def read_time(text: str, language: Language, now: datetime) -> TimeSaid | None:
    """Return the first time that `text` speaks of, seen from `now` (the patient's local time), or None."""
    normal = normalise(text[:_READ_AT_MOST])
    family = language[:2]
    digits = in_digits(normal.text, family)
    plain = digits.text
    if _BEYOND.search(plain) or _no_such_day(plain, family, now):
        return None
    found = _recurrence(plain, family) or _span(plain, family, now) or _moment(plain, family, now) or _duration(plain, family)
    return None if found is None else replace(found[0], said=_said(found[1], digits, normal))


# Between two times of one day: "um 8 und 20 Uhr".
_AND = re.compile(r"[\s,、،و和及跟&]*(?:and|und)?[\s,]*(?:at|um|الساعه)?\s*")


def clocks_said(text: str, language: Language) -> tuple[time, ...]:
    """Return the first times of day in `text` that are told together; none for "in the morning"."""
    family = language[:2]
    plain = in_digits(normalise(text[:_READ_AT_MOST]).text, family).text
    together: list[_Clock] = []
    for clock in _clocks(plain, family):
        if together and (clock.start < together[-1].end or not _AND.fullmatch(plain[together[-1].end : clock.start])):
            break
        together.append(clock)
    return tuple(sorted({time(one.hour, one.minute) for one in together}))


def parts_said(text: str, language: Language) -> tuple[str, ...]:
    """Return the parts of the day in `text` in their order: morning | noon | afternoon | evening | bedtime | night."""
    family = language[:2]
    plain = in_digits(normalise(text[:_READ_AT_MOST]).text, family).text
    if family == "zh" and re.search(r"早中?晚", plain):
        return ("morning", "noon", "evening") if "早中晚" in plain else ("morning", "evening")
    return tuple(dict.fromkeys(part.name for part in sorted(_parts(plain, family), key=lambda one: one.start)))


# Words that turn a date into another one, and that this grammar does not calculate: asked rather than guessed.
_BEYOND = re.compile(
    r"\b(?:first|second|third|fourth|fifth|last|\d(?:st|nd|rd|th)) (?:\w+day|week|day|month|weekend) (?:of|in)\b|\bquarter\b(?! (?:past|to|after|before))|\bqtr\b|\bq[1-4]\b|\bafter next\b|"
    r"\b(?:end|beginning|middle) of\b|\bweek of\b|\b(?:from|after|before|since) (?:easter|christmas|ramadan)|\b(?:erste|letzte|zweite|dritte)[rns]? \w+(?:tag|woche) (?:im|des|in)\b|\bquartal|(?:ende|anfang|mitte) (?:des|der|dieses|nächste)|"
    r"季度|月底|月初|年底|年初|第\d+个?(?:周|星期|礼拜|月)|的第\d|(?:الاول|الاخير|الثاني) من (?:شهر)?|نهايه (?:الشهر|السنه)"
)


def _no_such_day(text: str, family: str, now: datetime) -> bool:
    """Whether a day is written that no calendar has: 30 February, the 13th month."""
    match = _ISO.search(text) or (_ZH_DATE.search(text) if family == "zh" else None)
    if match is not None and "m" in match.groupdict() and match["m"]:
        return _coming(int(match["m"]), int(match["d"]), _year(match["y"], now) or 2024, now) is None
    named = _month_and_day(text, family) if family != "zh" else None
    return named is not None and _coming(named[1], named[2], named[3] or 2024, now) is None


_Found = tuple[TimeSaid, Sequence[_Piece]]


def _said(pieces: Sequence[_Piece], digits: Digits, normal: Normal) -> str:
    start, end = min(piece.start for piece in pieces), max(piece.end for piece in pieces)
    last = digits.origin[end] if end < len(digits.origin) else len(normal.text)
    return normal.said(digits.origin[start], last)


# --- words ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _compiled(pattern: str, family: str) -> re.Pattern[str]:
    """Whole words where words have ends; Chinese has none."""
    if family == "zh":
        return re.compile(pattern)
    also = "و?" if family == "ar" else ""
    return re.compile(rf"(?<![a-zäöüء-ي\d]){also}(?:{pattern})(?![a-zäöüء-ي])")


def _find(pattern: str, text: str, family: str) -> re.Match[str] | None:
    return _compiled(pattern, family).search(text)


def _any(table: Sequence[tuple[str, int]]) -> str:
    return "|".join(pattern for pattern, _ in table)


def _which(table: Sequence[tuple[str, int]], word: str) -> int:
    return next(value for pattern, value in table if re.fullmatch(_plainly(pattern), word))


@lru_cache(maxsize=256)
def _plainly(pattern: str) -> str:
    """Return a pattern without its look-arounds: the word alone is looked at now, not what stands beside it."""
    return re.sub(r"\(\?<?[=!][^()]*(?:\([^()]*\)[^()]*)*\)", "", pattern)


# --- days -------------------------------------------------------------------------------------------------------------


def _day(text: str, family: str, now: datetime) -> _Day | None:
    for reader in (_written_date, _counted, _weekday_of_a_week, _turn, _weekday, _day_word, _month):
        found = reader(text, family, now)
        if found is not None:
            return found
    return None


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _date(year: int, month: int, day: int, now: datetime) -> datetime | None:
    try:
        return _midnight(now).replace(year=year, month=month, day=day)
    except ValueError:
        return None


def _year(given: str | None, now: datetime) -> int | None:
    if not given:
        return None
    return int(given) if len(given) == 4 else 2000 + int(given) if int(given) < 70 else 1900 + int(given)


def _coming(month: int, day: int, year: int | None, now: datetime) -> datetime | None:
    """Return the day of a year, or without one the next such day from today."""
    if year is not None:
        return _date(year, month, day, now)
    this = _date(now.year, month, day, now)
    return this if this is None or this >= _midnight(now) else _date(now.year + 1, month, day, now)


_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})[-/.年] ?(?P<m>\d{1,2})[-/.月] ?(?P<d>\d{1,2})[日号]?(?!\d)")
_NUMERIC = re.compile(
    r"(?<![\d:.])(?P<a>\d{1,2}) ?(?P<sep>[./-]) ?(?P<b>\d{1,2})(?:(?:(?P=sep)) ?(?P<y>\d{4}|\d{2})|\.)?(?![\d:])"
)
_ZH_DATE = re.compile(
    r"(?:(?P<y>\d{4}|\d{2})年)?(?P<m>\d{1,2})月(?:份)?(?P<d>\d{1,2})[日号]?(?!\d)|(?<!\d)(?P<only>\d{1,2})[号日](?!线|楼|床)"
)


def _written_date(text: str, family: str, now: datetime) -> _Day | None:
    match = _ISO.search(text)
    if match:
        at = _date(int(match["y"]), int(match["m"]), int(match["d"]), now)
        return _Day(*match.span(), at, "day") if at else None
    return (
        _chinese_date(text, now)
        if family == "zh"
        else (_named_month(text, family, now) or _numeric(text, family, now) or _only_day(text, family, now))
    )


def _chinese_date(text: str, now: datetime) -> _Day | None:
    match = _ZH_DATE.search(text)
    if match is None:
        return None
    if match["only"]:
        at = _day_of_month(int(match["only"]), now)
    else:
        at = _coming(int(match["m"]), int(match["d"]), _year(match["y"], now), now)
    return _Day(*match.span(), at, "day") if at else None


def _day_of_month(day: int, now: datetime) -> datetime | None:
    for months in range(0, 12):
        at = _date(*_month_later(now, months), day, now)
        if at is not None and at >= _midnight(now):
            return at
    return None


def _month_later(now: datetime, months: int) -> tuple[int, int]:
    count = now.year * 12 + now.month - 1 + months
    return count // 12, count % 12 + 1


def _month_and_day(text: str, family: str) -> tuple[re.Match[str], int, int, int | None] | None:
    months = _any(words.MONTHS[family])
    year = r"(?:,? ?(?:of )?(?P<y>\d{4}))?"
    before = rf"(?:the )?(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?[ /]?(?:of |من )?(?P<m>{months})\.?[,/]?{year}"
    after = rf"(?P<m>{months})\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!:){year}(?!\d| ?[ap]\.?m)"
    match = _find(before, text, family) or (_find(after, text, family) if family != "ar" else None)
    if match is None:
        return None
    return match, _which(words.MONTHS[family], match["m"]), int(match["d"]), int(match["y"]) if match["y"] else None


def _named_month(text: str, family: str, now: datetime) -> _Day | None:
    found = _month_and_day(text, family)
    at = _coming(found[1], found[2], found[3], now) if found else None
    return _Day(*found[0].span(), at, "day") if found and at else None


def _only_day(text: str, family: str, now: datetime) -> _Day | None:
    match = _find(r"(?:the|am|den|vom|zum) (?P<d>\d{1,2})(?:st|nd|rd|th|\.)", text, family)
    at = _day_of_month(int(match["d"]), now) if match else None
    return _Day(*match.span(), at, "day") if match and at else None


def _numeric(text: str, family: str, now: datetime) -> _Day | None:
    """ "15.3.", "3/15": the day first in German and Arabic; in English only where the numbers leave no doubt."""
    match = _NUMERIC.search(text)
    if match is None or (match["sep"] == "-" and not match["y"]) or (family == "en" and match["sep"] == "." and not match["y"]):
        return None
    day, month = int(match["a"]), int(match["b"])
    if family == "en" and day <= 12 and month <= 12 and day != month:
        return None
    if family == "en" and month > 12:
        day, month = month, day
    at = _coming(month, day, _year(match["y"], now), now) if 1 <= month <= 12 else None
    return _Day(*match.span(), at, "day") if at else None


def _amounts(family: str) -> str:
    units = "|".join(pattern for pattern, _ in words.UNITS[family])
    gap = " ?"
    counted = rf"(?P<n>{words.FEW[family]}){gap}(?P<u>{units})(?P<half>半|钟)?"
    if family != "ar":
        return counted
    return rf"(?:(?P<dual>{'|'.join(words.DUALS)})|(?P<u1>يوم|ساعه|اسبوع|شهر|سنه|دقيقه)(?! ?\d)|{counted})"


def _amount(match: re.Match[str], family: str) -> tuple[float, str]:
    """Return how many of which unit a match of `_amounts` says."""
    groups = match.groupdict()
    if groups.get("dual"):
        return 2, words.DUALS[groups["dual"]]
    if groups.get("u1"):
        return 1, _unit(groups["u1"], family)
    return _number(groups["n"] or "1") + (0.5 if groups.get("half") == "半" else 0), _unit(groups["u"] or "", family)


def _number(word: str) -> float:
    if word in words.FEW_VALUES:
        return words.FEW_VALUES[word]
    digits = re.search(r"\d+(?:[.,]\d+)?", word)
    half = 0.5 if re.search(r"half|半$", word) and digits else 0.0
    if digits is None:
        return 0.5 if word.startswith("halb") else 1.0
    return float(digits.group(0).replace(",", ".")) + half


def _unit(word: str, family: str) -> str:
    return next(unit for pattern, unit in words.UNITS[family] if re.fullmatch(_plainly(pattern), word))


def _later(now: datetime, count: float, unit: str) -> datetime:
    if unit in ("month", "year"):
        year, month = _month_later(now, round(count * (12 if unit == "year" else 1)))
        return now.replace(year=year, month=month, day=min(now.day, calendar.monthrange(year, month)[1]))
    return now + timedelta(seconds=count * _SECONDS[unit])


def _counted(text: str, family: str, now: datetime) -> _Day | None:
    """ "3 days ago", "in two weeks", "3天后"."""
    amounts = _amounts(family)
    for sign, (before, after) in ((-1, words.AGO[family]), (1, words.LATER[family])):
        match = _find(rf"(?:{before}){amounts}(?:{after})", text, family)
        bare = match is not None and family == "en" and not re.search(r"^(?:in|within)|ago$|earlier$|before$|later$|now$|today$", match.group(0))  # fmt: skip
        if match is None or bare or (family == "zh" and not re.search(r"[前后过]", match.group(0))):
            continue
        count, unit = _amount(match, family)
        try:
            at = _later(now, sign * count, unit)
        except (ValueError, OverflowError):
            return None
        exact = unit in ("second", "minute", "hour")
        return _Day(*match.span(), at if exact else _midnight(at), "minute" if exact else "day")
    return None


def _turn(text: str, family: str, now: datetime) -> _Day | None:
    """ "next week", "上个月", "letztes Jahr"."""
    units = "|".join(pattern for pattern, unit in words.UNITS[family] if unit in ("week", "month", "year", "day"))
    for count, (before, after) in ((1, words.NEXT[family]), (-1, words.LAST[family]), (0, words.THIS[family])):
        match = _find(rf"{before}(?P<u>{units}){after}", text, family)
        if match is None or re.match(r"[1-7日天末]", text[match.end() :]):
            continue
        unit = _unit(match["u"], family)
        if family == "zh" and unit == "year" and count:
            continue
        doubled = family == "zh" and match.start() and text[match.start() - 1] == match.group(0)[0]
        return _whole(match, unit, count * (2 if doubled else 1), now)
    year = re.search(r"(?P<w>明年|后年|去年|前年|今年)", text) if family == "zh" else None
    if year:
        return _whole(year, "year", {"明年": 1, "后年": 2, "去年": -1, "前年": -2, "今年": 0}[year["w"]], now)
    return None


def _whole(match: re.Match[str], unit: str, count: int, now: datetime) -> _Day:
    today = _midnight(now)
    if unit == "week":
        return _Day(*match.span(), today - timedelta(days=today.weekday()) + timedelta(weeks=count), "week")
    if unit == "month":
        year, month = _month_later(today, count)
        return _Day(*match.span(), today.replace(year=year, month=month, day=1), "month")
    if unit == "year":
        return _Day(*match.span(), today.replace(year=today.year + count, month=1, day=1), "year")
    return _Day(*match.span(), today + timedelta(days=count), "day")


def _weekday_of_a_week(text: str, family: str, now: datetime) -> _Day | None:
    """ "Tuesday next week", "nächste Woche Dienstag", "ثلاثاء الأسبوع الماضي"."""
    week = _turn(text, family, now)
    day = _find(rf"(?:on )?(?P<w>{_any(words.WEEKDAYS[family])})", text, family) if week and family != "zh" else None
    if week is None or day is None or week.grain != "week" or max(week.start - day.end(), day.start() - week.end) > 9:
        return None
    at = week.at + timedelta(days=_which(words.WEEKDAYS[family], day["w"]))
    return _Day(min(week.start, day.start()), max(week.end, day.end()), at, "day")


def _weekday(text: str, family: str, now: datetime) -> _Day | None:
    names = _any(words.WEEKDAYS[family])
    for weeks, forms in ((1, words.NEXT), (-1, words.LAST), (0, words.THIS)):
        before, after = forms[family]
        match = _find(rf"{before}(?P<w>{names}){after}", text, family)
        if match:
            doubled = family == "zh" and match.start() and text[match.start() - 1] == match.group(0)[0]
            return _weekday_of(match, weeks * (2 if doubled else 1), family, now)
    match = _find(rf"(?P<w>{names})(?:\.|s)?", text, family)
    return _weekday_of(match, None, family, now) if match else None


def _weekday_of(match: re.Match[str], weeks: int | None, family: str, now: datetime) -> _Day:
    day = _which(words.WEEKDAYS[family], match["w"])
    today = _midnight(now)
    if weeks is None or (family != "zh" and weeks == 1 and match.group(0).startswith(("coming", "kommende", "upcoming"))):
        return _Day(*match.span(), today + timedelta(days=(day - today.weekday() - 1) % 7 + 1), "day")
    if weeks == -1 and family != "zh":
        return _Day(*match.span(), today - timedelta(days=(today.weekday() - day - 1) % 7 + 1), "day")
    monday = today - timedelta(days=today.weekday())
    return _Day(*match.span(), monday + timedelta(weeks=weeks, days=day), "day")


def _day_word(text: str, family: str, now: datetime) -> _Day | None:
    for pattern, days in words.DAYS[family]:
        match = _find(pattern, text, family)
        if match:
            return _Day(*match.span(), _midnight(now) + timedelta(days=days), "day")
    return None


def _month(text: str, family: str, now: datetime) -> _Day | None:
    if family == "zh":
        match = re.search(r"(?:(?P<y>\d{4})年)?(?<![\d个])(?P<m>\d{1,2})月(?!\d)|(?P<y2>\d{4})年", text)
        month = int(match["m"]) if match and match["m"] else 0
    else:
        match = _find(
            rf"(?P<m>{_any(words.MONTHS[family])})\.?(?: (?P<y>\d{{4}}))?|(?:in|im jahr|عام|سنه) (?P<y2>(?:19|20)\d\d)",
            text,
            family,
        )
        month = _which(words.MONTHS[family], match["m"]) if match and match["m"] else 0
    if match is None or month > 12:
        return None
    if not month:
        at = _date(int(match["y2"]), 1, 1, now)
        return _Day(*match.span(), at, "year") if at else None
    year = int(match["y"]) if match["y"] else now.year + (month < now.month)
    at = _date(year, month, 1, now)
    return _Day(*match.span(), at, "month") if at else None


# --- clock ------------------------------------------------------------------------------------------------------------

_CLOCKS: dict[str, tuple[str, ...]] = {
    "zh": (r"(?<![\d.:月/])(?P<h>\d{1,2})(?=(?:和|、|及|跟)\d{1,2}点)", r"(?<!\d)(?P<h>\d{1,2})(?:点|时(?!候|间))(?:钟|整)?(?:(?P<m>\d{1,2})分?|(?P<half>半)|(?P<q>1刻|3刻))?", r"(?<!\d)(?P<h>\d{1,2}):(?P<m>\d{2})"),
    "en": (
        r"(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))? ?(?P<ap>[ap])\.?m?\b\.?(?<=m|p|a|\.)", r"(?P<h>\d{1,2})[:h](?P<m>\d{2})", r"(?P<rel>half|quarter|\d{1,2}(?: min(?:ute)?s?)?) (?P<dir>past|after|to|before|till) (?P<h>\d{1,2})",
        r"(?P<h>\d{1,2}) ?o'?clock", r"(?:at|by|around|@) (?P<h>\d{1,2})(?: (?P<m>[0-5]\d))?(?! ?(?:days?|weeks?|hours?|min|times|mg|%|/|-))",
        r"(?<!take )(?P<h>[4-9]|1[01])(?= in the (?:early |late )?(?:morning|evening))|(?<!take )(?P<h2>[1-6])(?= in the afternoon)|(?<!take )(?P<h3>[7-9]|1[01])(?= at night)", r"(?P<word>noon|midday|midnight)",
    ),
    "de": (
        r"(?<![.:])(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?(?= ?(?:und|,) ?(?:um )?\d{1,2}(?:[:.]\d{2})? ?uhr)", r"(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))? ?uhr(?: (?P<m2>\d{2}))?", r"(?P<h>\d{1,2}):(?P<m>\d{2})", r"halb (?P<halb>\d{1,2})", r"(?P<rel>viertel|\d{1,2}(?: minuten)?) (?P<dir>nach|vor) (?P<h>\d{1,2})", r"(?:um|gegen|ab) (?P<h>\d{1,2})(?! ?(?:tage|wochen|mg|%))",
        r"(?P<h>[4-9]|1[01])(?= (?:uhr )?(?:morgens|abends))",
    ),
    "ar": (
        r"(?:الساعه|ساعه|عند|علي) ?(?:ال)?(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?(?: ?و ?(?P<half>نصف?)| ?و ?(?P<q>ربع)| (?P<less>الا ربع)| ?و ?(?P<m2>\d{1,2})(?: ?دقيقه)?)?", r"(?P<h>\d{1,2}):(?P<m>\d{2})", r"(?P<h>\d{1,2})(?= ?(?:صباحا|مساء|الصبح|العصر|المغرب|بالليل|ظهرا|ص\b|م\b))",
    ),
}  # fmt: skip


def _clocks(text: str, family: str) -> Iterator[_Clock]:
    end = 0
    while True:
        every = [one for pattern in _CLOCKS[family] if (one := _compiled(pattern, family).search(text, end))]
        if not every:
            return
        # Of two readings of one time the first pattern is right; a time that stands before it is another one.
        found = min((one for one in every if one.end() <= every[0].start()), key=lambda one: one.start(), default=every[0])
        clock = _clock_of(found)
        end = found.end()
        if clock is not None:
            # Germans count to 24: 3:30 is at night.
            exact = family == "de" and re.search(r"\d:\d", found.group(0))
            yield replace(clock, settled=True) if exact else _with_part(clock, text, family)


def _clock_of(match: re.Match[str]) -> _Clock | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    if "word" in groups:
        return _Clock(*match.span(), 0 if groups["word"] == "midnight" else 12, 0, True)
    if "halb" in groups:
        return _Clock(*match.span(), (int(groups["halb"]) - 1) % 24, 30, False)
    hour, minute = int(groups.get("h") or groups.get("h2") or groups["h3"]), int(groups.get("m") or groups.get("m2") or 0)
    minute = 30 if "half" in groups else minute
    quarter = groups.get("q")
    minute = 45 if quarter == "3刻" else 15 if quarter else minute
    if "less" in groups or "rel" in groups:
        hour, minute = _relative_clock(hour, groups)
    if "ap" in groups:
        hour = hour % 12 + (12 if groups["ap"] == "p" else 0)
    if hour > 24 or minute > 59:
        return None
    return _Clock(*match.span(), hour % 24, minute, "ap" in groups or hour > 12 or hour == 0)


def _relative_clock(hour: int, groups: dict[str, str]) -> tuple[int, int]:
    """ "quarter to nine", "zehn nach acht", "الا ربع"."""
    said = groups.get("rel", "quarter")
    number = re.match(r"\d+", said)
    minutes = int(number.group(0)) if number else 30 if said == "half" else 15
    if "less" in groups or groups.get("dir") in ("to", "before", "till", "vor"):
        return (hour - 1) % 24, 60 - minutes
    return hour, minutes


def _with_part(clock: _Clock, text: str, family: str) -> _Clock:
    """Return the clock with the part of the day that stands beside it."""
    if clock.settled:
        return clock
    near = [part for part in _parts(text, family) if -12 <= part.start - clock.end <= 14 or 0 <= clock.start - part.end <= 6]
    part = min(near, key=lambda one: abs(one.start - clock.start), default=None)
    if part is None:
        return clock
    hour = clock.hour
    late = part.name in words.AFTER_NOON or (part.name == "noon" and hour < 6) or (part.name == "night" and 6 < hour < 12)
    hour = hour + 12 if late and hour < 12 else 0 if part.name == "night" and hour == 12 else hour
    return _Clock(min(clock.start, part.start), max(clock.end, part.end), hour, clock.minute, True)


def _parts(text: str, family: str) -> list[_Part]:
    return [
        _Part(*match.span(), name) for pattern, name in words.PARTS[family] for match in _compiled(pattern, family).finditer(text)
    ]


# --- moments and spans ------------------------------------------------------------------------------------------------


def _moment(text: str, family: str, now: datetime) -> _Found | None:
    day = _day(text, family, now)
    if day is not None and day.grain == "minute":
        return Moment(day.at, "minute", ""), [day]
    clock = next((one for one in _clocks(_without(text, day), family)), None)
    if clock is not None:
        return _at_clock(day, clock, now)
    part = next(iter(sorted(_parts(_without(text, None), family), key=lambda one: one.start)), None)
    if part is not None and (day is None or day.grain == "day"):
        start, end, _ = words.HOURS[part.name]
        midnight = day.at if day else _midnight(now)
        pieces = [day, part] if day else [part]
        return Span(midnight + timedelta(hours=start), midnight + timedelta(hours=end), ""), pieces
    if day is not None:
        return Moment(day.at, day.grain, ""), [day]
    match = re.search(words.NOW[family], text)
    return (Moment(now, "minute", ""), [_Piece(*match.span())]) if match else None


def _without(text: str, piece: _Piece | None) -> str:
    """Return the text with a piece blanked: a date has numbers that are no clock."""
    if piece is None:
        return text
    return text[: piece.start] + re.sub(r"\d", "#", text[piece.start : piece.end]) + text[piece.end :]


def _at_clock(day: _Day | None, clock: _Clock, now: datetime) -> _Found:
    if day is not None and day.grain == "day":
        # "tomorrow at 5" is the afternoon, "at 8" the morning.
        hour = clock.hour + 12 if not clock.settled and 1 <= clock.hour <= 6 else clock.hour
        return Moment(day.at + timedelta(hours=hour, minutes=clock.minute), "minute", ""), [day, clock]
    at = _midnight(now) + timedelta(hours=clock.hour, minutes=clock.minute)
    step = timedelta(days=1) if clock.settled else timedelta(hours=12)
    while at <= now:
        at += step
    return Moment(at, "minute", ""), [clock]


_BETWEEN = {
    "zh": r"(?<=[点分日号天月周半午晚\d上早])(?:一直)?(?:到|至|-|~)(?=[\d上下中早晚明后今凌周星礼])",
    "en": r" ?(?:-| to | until | till | thru | through | and ) ?",
    "de": r" ?(?:-| bis(?: zum)? | und ) ?",
    "ar": r" (?:الي|حتي|لحد|-|و)(?: |(?=ال))",
}
_OPENS = {"zh": r"从|", "en": r"\b(?:from|between)\b", "de": r"\b(?:von|vom|zwischen|ab)\b", "ar": r"(?:من|بين)(?= )"}
_PAST_SPAN = {"zh": r"(?:过去|最近|近|前)(?:的)?", "en": r"(?:the |over the |during the )?(?:last|past|previous) ", "de": r"(?:in den |die )?(?:letzten|vergangenen|vorigen) ", "ar": r"(?:اخر|خلال اخر) "}  # fmt: skip
_NEXT_SPAN = {"zh": r"(?:未来|接下来|今后|往后|后)(?:的)?", "en": r"(?:the |over the )?(?:next|coming|following) ", "de": r"(?:in den |die )?(?:nächsten|kommenden|folgenden) ", "ar": r"(?:ال)?(?=\d+ \S+ (?:ال)?قادمه)"}  # fmt: skip
_WEEKEND = {"zh": r"(?P<t>下个?|上个?|这个?|本)?周末", "en": r"(?P<t>next |last |this |the )?week-?end", "de": r"(?P<t>nächstes |letztes |dieses |am )?wochenende", "ar": r"(?P<t>)(?:نهايه الاسبوع|عطله نهايه الاسبوع|الويكند)"}  # fmt: skip


def _span(text: str, family: str, now: datetime) -> _Found | None:
    return _from_to(text, family, now) or _stretch(text, family, now) or _weekend(text, family, now)


def _from_to(text: str, family: str, now: datetime) -> _Found | None:
    opened = bool(re.search(_OPENS[family], text)) if family != "zh" else True
    for match in re.finditer(_BETWEEN[family], text):
        if not opened and not re.search(r"[-]|bis|to|until|till|الي|حتي", match.group(0)):
            continue
        left, right = text[: match.start()], text[match.end() :]
        first = _moment(left, family, now) or _bare_clock(left, right, family, now)
        second = _moment(right, family, (_begin(first[0]) if first else None) or now)
        if first is None or second is None or isinstance(first[0], Recurrence) or isinstance(second[0], Recurrence):
            continue
        made = _joined(first, second, _day(right, family, now) is None, match.end())
        if made is not None:
            return made
    return None


def _bare_clock(left: str, right: str, family: str, now: datetime) -> _Found | None:
    """ "3 to 5 pm": the first number is a clock because the second is one."""
    number = re.search(r"(?<![\d.:])(\d{1,2})(?::(\d{2}))?\s*$", left)
    clock = next(_clocks(right, family), None)
    if number is None or clock is None or int(number[1]) > 24:
        return None
    hour = int(number[1])
    late = clock.settled and clock.hour >= 12 and hour < 12 and hour + 12 <= clock.hour
    piece = _Clock(number.start(1), number.end(), hour + 12 if late else hour % 24, int(number[2] or 0), True)
    return _at_clock(_day(_without(left, piece), family, now), piece, now)


def _joined(first: _Found, second: _Found, same_day: bool, offset: int) -> _Found | None:
    start = _begin(first[0])
    end = _finish(second[0])
    if start is None or end is None:
        return None
    if same_day and isinstance(second[0], Moment) and second[0].grain == "minute":
        end = start.replace(hour=end.hour, minute=end.minute)
        end += timedelta(days=1) if end <= start else timedelta()
    if end <= start and start - end < timedelta(days=7):
        end += timedelta(days=7)  # from Monday to Friday, said on a Wednesday
    if end <= start:
        return None
    moved = [_Piece(piece.start + offset, piece.end + offset) for piece in second[1]]
    return Span(start, end, ""), [*first[1], *moved]


def _begin(said: TimeSaid) -> datetime | None:
    return said.at if isinstance(said, Moment) else said.start if isinstance(said, Span) else None


def _finish(said: TimeSaid) -> datetime | None:
    if isinstance(said, Span):
        return said.end
    if not isinstance(said, Moment):
        return None
    return said.at if said.grain in ("minute", "hour") else _later(said.at, 1, said.grain)


def end_of(moment: Moment) -> datetime:
    """Return when the day, week, month or year of a moment is over; for a clock time the time itself."""
    return _finish(moment) or moment.at


def _stretch(text: str, family: str, now: datetime) -> _Found | None:
    """ "the last 3 days", "未来两周"."""
    for sign, opening in ((-1, _PAST_SPAN), (1, _NEXT_SPAN)):
        match = _find(rf"{opening[family]}{_amounts(family)}", text, family)
        if match is None or re.match(r"以?[前后]", text[match.end() :]):
            continue
        count, unit = _amount(match, family)
        if family != "zh" and not re.search(r"\d|few|couple|paar", match.group(0)):
            continue
        other = _later(now, sign * count, unit)
        return Span(min(now, other), max(now, other), ""), [_Piece(*match.span())]
    return None


def _weekend(text: str, family: str, now: datetime) -> _Found | None:
    match = _find(_WEEKEND[family], text, family)
    if match is None:
        return None
    turn = match["t"] or ""
    weeks = 1 if re.match(r"下|next|nächst", turn) else -1 if re.match(r"上|last|letzt", turn) else 0
    saturday = _midnight(now) - timedelta(days=now.weekday()) + timedelta(days=5, weeks=weeks)
    return Span(saturday, saturday + timedelta(days=2), ""), [_Piece(*match.span())]


# --- durations and recurrences ----------------------------------------------------------------------------------------


def _duration(text: str, family: str) -> _Found | None:
    seconds = 0.0
    pieces: list[_Piece] = []
    for match in _compiled(_amounts(family), family).finditer(text):
        count, unit = _amount(match, family)
        if pieces and match.start() - pieces[-1].end > 5:
            break
        seconds += count * (_SECONDS.get(unit) or {"month": 30, "year": 365}.get(unit, 0) * 86400)
        pieces.append(_Piece(*match.span()))
    if not pieces or seconds <= 0 or seconds > 200 * 365 * 86400:
        return None
    return Duration(timedelta(seconds=seconds), ""), pieces


_PER = {
    "zh": r"(?:每|1)(?P<u>天|日|周|星期|月)(?:吃|服|用|量|测|打|各)?(?P<n>\d+)次|(?:各)(?P<n2>\d)次",
    "en": r"(?P<n>once|twice|\d+ times|\d+x) (?:an?|per|every|each) ?(?P<u>hour|day|week|month|year)|(?P<n2>once|twice|\d+ times|\d+x) (?P<u2>daily|weekly|monthly)",
    "de": r"(?P<n>ein|zwei|drei|vier|fünf|\d+)[ -]?(?:mal|x) ?(?:am|pro|in der|im) ?(?P<u>tag|woche|monat|jahr|stunde)|(?P<n2>ein|zwei|drei|vier|\d+)[ -]?(?:mal|x) (?P<u2>täglich|wöchentlich|monatlich)",
    "ar": r"(?P<n>مره|مرتين|\d+ مرات) (?:في |ب|كل |بال)?(?:ال)?(?P<u>يوم|اسبوع|شهر)|(?P<n2>مره|مرتين|\d+ مرات) (?P<u2>يوميا|اسبوعيا|شهريا)",
}
_TIMES = {"once": 1, "twice": 2, "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "مره": 1, "مرتين": 2}
_STEP = {
    "zh": r"(?:每隔?|隔)(?P<n>\d+(?:\.\d)?)个?(?P<u>{units})",
    "en": r"every (?P<n>\d+|few|couple of) (?P<u>{units})",
    "de": r"alle (?P<n>\d+|paar) (?P<u>{units})",
    "ar": r"كل (?P<n>\d+) (?P<u>{units})",
}


def _recurrence(text: str, family: str) -> _Found | None:
    mark = re.search(words.EVERY[family], text)
    if mark is None:
        return None
    pieces: list[_Piece] = [_Piece(*mark.span())]
    every, unit, per = _rhythm(text, family, pieces)
    weekdays = _weekdays_of(text, family, pieces)
    times = _times_of(text, family, pieces)
    if unit is None:
        unit = "week" if weekdays else "day" if times else None
    if unit is None:
        return None
    return Recurrence(every, unit, "", times, weekdays, None if times else per), pieces  # type: ignore[arg-type]


def _rhythm(text: str, family: str, pieces: list[_Piece]) -> tuple[float, str | None, int | None]:
    """Return every how many of which unit, and how often in one."""
    units = "|".join(pattern for pattern, _ in words.UNITS[family])
    per = _find(_PER[family], text, family)
    count = _times_said(per, pieces) if per else None
    alternate = words.ALTERNATE.search(text)
    if alternate:
        pieces.append(_Piece(*alternate.span()))
        unit = next((name for pattern, name in words.UNITS[family] if re.search(rf"(?:{pattern})$", alternate.group(0)) or _find(rf"(?:{pattern})", text[alternate.end() : alternate.end() + 8], family)), "day")  # fmt: skip
        return 2, unit, count
    step = _find(_STEP[family].replace("{units}", units), text, family)
    if step:
        pieces.append(_Piece(*step.span()))
        return (
            _number(step["n"].replace("few", "3").replace("couple of", "2").replace("paar", "3")),
            _unit(step["u"], family),
            count,
        )
    if per and (per.groupdict().get("u") or per.groupdict().get("u2")):
        word = per.groupdict().get("u") or per.groupdict().get("u2") or ""
        return 1, _unit_of_adverb(word, family), count
    dual = re.search(rf"كل ({'|'.join(words.DUALS)})", text)
    if dual:
        pieces.append(_Piece(*dual.span()))
        return 2, words.DUALS[dual[1]], count
    return 1, _plain_unit(text, family, pieces), count


def _times_said(match: re.Match[str], pieces: list[_Piece]) -> int:
    pieces.append(_Piece(*match.span()))
    word = match.groupdict().get("n") or match.groupdict().get("n2") or "1"
    digits = re.search(r"\d+", word)
    return int(digits.group(0)) if digits else _TIMES.get(word, 1)


def _unit_of_adverb(word: str, family: str) -> str | None:
    for unit, pattern in words.ADVERBS.items():
        if re.fullmatch(pattern, word):
            return unit
    return next((name for pattern, name in words.UNITS[family] if re.fullmatch(pattern, word)), "week" if "星期" in word else "month" if word == "月" else "day")  # fmt: skip


def _plain_unit(text: str, family: str, pieces: list[_Piece]) -> str | None:
    for unit, pattern in words.ADVERBS.items():
        match = re.search(pattern, text)
        if match:
            pieces.append(_Piece(*match.span()))
            return unit
    every = {"zh": r"每(?:1|个)*", "en": r"(?:every|each) (?:single )?", "de": r"jede[nrsm]? ", "ar": r"كل "}[family]
    for pattern, unit in words.UNITS[family]:
        match = _find(rf"{every}(?:{pattern})", text, family)
        if match and not (family == "zh" and re.match(r"[1-7日天]", text[match.end() :])):
            pieces.append(_Piece(*match.span()))
            return unit if unit != "second" else None
    return None


def _weekdays_of(text: str, family: str, pieces: list[_Piece]) -> tuple[int, ...]:
    names = words.WEEKDAYS[family]
    extra = r"s?" if family in ("en", "de") else ""
    found = []
    for match in _compiled(rf"(?P<w>{_any(names)}){extra}", family).finditer(text):
        found.append(_which(names, match["w"]))
        pieces.append(_Piece(*match.span()))
    if family == "zh":  # 每周一三五
        more = re.search(r"每?(?:周|星期|礼拜)([1-6日、和]{2,})", text)
        found += [6 if day == "日" else int(day) - 1 for day in more[1] if day in "123456日"] if more else []
    weekend = re.search(r"weekends?|周末|wochenende", text)
    return tuple(sorted({*found, *((5, 6) if weekend else ())}))


def _times_of(text: str, family: str, pieces: list[_Piece]) -> tuple[time, ...]:
    clocks = list(_clocks(text, family))
    pieces += clocks
    if clocks:
        return tuple(sorted({time(clock.hour, clock.minute) for clock in clocks}))
    parts = _parts(text, family)
    pieces += parts
    if family == "zh" and re.search(r"早中晚", text):
        return time(8), time(12), time(20)
    if family == "zh" and re.search(r"早晚", text):
        return time(8), time(20)
    return tuple(sorted({time(words.HOURS[part.name][2] % 24) for part in parts}))
