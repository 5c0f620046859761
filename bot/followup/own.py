"""A reminder in the patient's own words: what of, and when. Pure; the patient's local time is an argument.

What was understood is read back, and nothing is sent before the patient's yes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.duty.when import LOCALES
from bot.followup.times import Duration, Moment, Recurrence, clocks_said, parts_said, read_time
from bot.followup.wording_of_orders import task_in, without_time
from bot.languages import Language
from bot.phrases import Phrases

# Longer is no reminder but a story that speaks of one.
LONGEST = 200
# Who wants none for longer stops it.
LONGEST_PAUSE = timedelta(days=366)
# Later than this is no "again in a while".
SOON = timedelta(hours=12)
# What is offered for a part of the day; a clock time of one's own can be written always.
_CHOICES = {
    "morning": ("07:00", "08:00", "09:00"),
    "noon": ("11:30", "12:00", "13:00"),
    "afternoon": ("14:00", "15:00", "16:00"),
    "evening": ("18:00", "19:00", "20:00"),
    "bedtime": ("20:30", "21:00", "22:00"),
    "night": ("20:30", "21:00", "22:00"),
}
_USUAL = ("08:00", "12:00", "20:00")
_NUMBER = re.compile(r"([01]?\d|2[0-3])(?::([0-5]\d))?")
# Says which half of the day, or writes the time as one of 24 hours.
_HALF = re.compile(r"\b[ap]\.?\s?m\b|\b0\d:|\d\s?uhr\b", re.IGNORECASE)
# "Remind me", as an order; the language of the words may be another than that of the conversation.
_ORDER = re.compile(
    r"(?:(?:can|could|would|will) you |please )*(?:set (?:me )?a reminder|remind me|send me a reminder)(?! (?:why|what|how|where|who|which)\b)(?: please)?(?: (?:to|about|that|of|for))?\b|"
    r"(?:(?:可以|能不能|能|麻烦您?|麻煩您?|请|請)(?:你|您)?)?(?:到时候?|到時候?)?提醒(?:我|一下我?)(?:一下|要)?(?!了|一下?[为為]|[为為](?:什|何)|怎|[哪谁誰])|"
    r"(?:(?:kannst|können|könnten|könntest|würden) (?:du|sie) mich (?:bitte )?(?=.*erinnern))|(?:bitte )?erinner(?:e|n sie|n)? mich(?: bitte)?(?:,? daran)?(?!,? (?:warum|wieso|weshalb|wie|was|wo|wer|welche)\b)(?: an(?= ))?|"
    r"(?:من فضلك |أرجو أن |ارجو ان )?(?:ذك[ّ]?رني|ذكريني|فكرني|فكريني)(?! (?:لماذا|ليش|لماذا|كيف|ما |ماذا|أين|وين|من ))(?: (?:أن|ان|بأن|بان))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class When:
    """When an own reminder comes: `details` are what `bot.followup.steps` reads, counted from `anchor`."""

    anchor: date
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What the patient wants to be reminded of ("" if they did not say); `when` is None if no clear time was told."""

    text: str
    when: When | None


def is_order(said: str) -> bool:
    """Return whether `said` may be an order to remind them: quickly, for every message."""
    return len(said) <= LONGEST and _ORDER.search(said) is not None


def read_wish(said: str, language: Language, now: datetime) -> Wish | None:
    """Return what somebody wants to be reminded of and when, or None: this is no order to remind them."""
    order = _ORDER.search(said) if len(said) <= LONGEST else None
    if order is None:
        return None
    before, after = without_time(said, order, language, now)
    return Wish(after, read_when(said, language, now)) if not before else None


def wish_in(said: str, language: Language, now: datetime) -> Wish:
    """Return the wish in words that are known to ask for a reminder: where no order is read in them, all of them without the time."""
    found = read_wish(said, language, now)
    if found is not None:
        return found
    text = task_in(said, language, now)
    return Wish(text if len(text) <= LONGEST else "", read_when(said, language, now))


def read_when(said: str, language: Language, now: datetime) -> When | None:
    """Return the times that are told in `said`, or None: none, or not clear to the minute."""
    found = read_time(said, language, now)
    clocks = clocks_said(said, language)
    if isinstance(found, Recurrence):  # of "every morning" only the patient knows when that is
        return _again_and_again(found, now) if clocks else None
    if isinstance(found, Moment) and found.grain in ("minute", "hour") and found.at > now:
        return once(found.at) if len(clocks) < 2 else _several(found.at.date(), clocks, now)
    return None


def is_over(when: When, now: datetime) -> bool:
    """Return whether the last time of a reminder that comes once lies behind `now`, a local time."""
    if when.details["every"] is not None:
        return False
    last = when.anchor + timedelta(days=max(when.details["days"]))
    return datetime.combine(last, max(map(time.fromisoformat, when.details["times"])), now.tzinfo) <= now


def _several(day: date, clocks: tuple[time, ...], now: datetime) -> When:
    """Return several times of one day, of the next if one of them is over."""
    over = day == now.date() and clocks[0] <= now.time()
    return When(day + timedelta(days=int(over)), {"times": [_clock(one) for one in clocks], "every": None, "days": [0]})


def offered_times(said: str, language: Language) -> tuple[str, ...]:
    """Return the times to choose from for the parts of the day in an order ("07:00"; of two parts "07:00 19:00"), () for none."""
    parts = parts_said(said, language)
    if not parts or clocks_said(said, language):
        return ()
    return tuple(" ".join(choice) for choice in zip(*(_CHOICES[part] for part in parts), strict=True))


def usual_times(said: str, language: Language, now: datetime) -> tuple[str, ...]:
    """Return times to choose from for an order that tells the days and no part of them, () where it tells no day."""
    if read_time(said, language, now) is None:
        return ()
    return tuple(one for one in _USUAL if read_when(f"{said} {one}", language, now) is not None)


def read_answer(order: str, answer: str, language: Language, now: datetime) -> When | None:
    """Return when the order is meant, by the answer to "when?": with the day and the part of the day of the order."""
    number = _NUMBER.fullmatch(answer.strip())
    parts = parts_said(order, language)
    told = f"{number[1]}:{number[2] or '00'}" if number else answer
    clocks = clocks_said(told, language)
    if number and not parts:
        return None  # 8 in the morning, or in the evening?
    if parts and clocks and not parts_said(answer, language):
        meant = _in_parts(clocks, parts)
        if not meant:
            return None
        told = " ".join(map(_clock, meant))
    if _is_of_its_own(answer, language, now):
        return read_when(answer, language, now)
    return read_when(f"{order} {told}", language, now) or read_when(told, language, now)


def _is_of_its_own(answer: str, language: Language, now: datetime) -> bool:
    """Whether an answer tells how often itself."""
    return isinstance(read_time(answer, language, now), Recurrence)


def _in_parts(clocks: tuple[time, ...], parts: tuple[str, ...]) -> tuple[time, ...]:
    """Return the clocks in the parts of the day that were ordered: each in the one, one in each, or each in its own; () if unclear."""
    if len(parts) == 1:
        return tuple(_in_part(one, parts[0]) for one in clocks)
    if len(clocks) == 1 and "noon" not in parts:
        clocks = clocks * len(parts)
    meant = tuple(_in_part(one, part) for one, part in zip(clocks, parts, strict=False))
    return meant if len(clocks) == len(parts) == len(set(meant)) else ()


def _in_part(clock: time, part: str) -> time:
    late = part in ("afternoon", "evening", "bedtime") or (part == "night" and clock.hour > 6)
    return clock.replace(hour=clock.hour + 12) if late and 0 < clock.hour < 12 else clock


def pause_until(said: str, language: Language, now: datetime) -> datetime | None:
    """Return until when "for two weeks" or "until Monday" is, or None: no time, or none to come."""
    found = read_time(said, language, now)
    until = now + found.length if isinstance(found, Duration) else found.at if isinstance(found, Moment) else None
    return until if until is not None and now < until <= now + LONGEST_PAUSE else None


def in_a_while(said: str, language: Language, now: datetime) -> When | None:
    """Return the time that is told from now on, soon ("in half an hour"); None for a time of the clock, and for none."""
    found = read_time(said, language, now)
    if not isinstance(found, Moment) or found.grain not in ("minute", "hour"):
        return None
    told = clocks_said(said, language) or parts_said(said, language)
    return None if told or not now < found.at <= now + SOON else once(found.at)


def every_day(clock: str, now: datetime) -> When:
    """Return a reminder for each day from today on, at a local time (HH:MM)."""
    return When(now.date(), {"times": [clock], "every": {"days": 1}, "days": [0]})


def once(at: datetime) -> When:
    """Return one reminder at a local time, to the minute."""
    return When(at.date(), {"times": [f"{at:%H:%M}"], "every": None, "days": [0]})


def later(now: datetime, said: str, language: Language) -> When:
    """Return when to remind again what was put off: at the time that was said, else in an hour."""
    return read_when(said, language, now) or once(now + timedelta(hours=1))


def new_times(said: str, now: datetime, language: Language) -> tuple[str, ...]:
    """Return the times that are told without a day or a rhythm ("at 7 instead"): only the clock changes. () for anything else."""
    clocks = clocks_said(said, language)
    found = [read_time(said, language, midnight) for midnight in _midnights(now)]
    if not clocks or not all(isinstance(one, Moment) for one in found):
        return ()
    days = {(one.at.date() - midnight.date()).days for one, midnight in zip(found, _midnights(now), strict=True)}  # type: ignore[union-attr]
    return tuple(_clock(one) for one in clocks) if days == {0} else ()


def clocks_meant(said: str, language: Language) -> tuple[tuple[time, ...], ...]:
    """Return how the times of the clock in `said` may be meant, the likeliest first: a plain 7 may be one of the evening. () for none."""
    number = _NUMBER.fullmatch(said.strip())
    clocks = (time(int(number[1]), int(number[2] or 0)),) if number else clocks_said(said, language)
    if len(clocks) != 1 or not 0 < clocks[0].hour < 12 or parts_said(said, language) or _HALF.search(said):
        return (clocks,) if clocks else ()
    return clocks, (clocks[0].replace(hour=clocks[0].hour + 12),)


def _midnights(now: datetime) -> tuple[datetime, ...]:
    """Return the first minutes of two days: a time without a day belongs to each of them, one of a Monday to one at most."""
    first = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return first, first + timedelta(days=3)


def when_in_words(anchor: date, details: Mapping[str, Any], language: Language, *, phrases: Phrases) -> str:
    """Return how often and when, as it is read back; with the first and the last day where they were told."""
    from babel.dates import format_date

    said = _rhythm_in_words(anchor, details, language, phrases=phrases)
    last = anchor + timedelta(days=int(details["until_days"])) if details.get("until_days") is not None else None
    for key, day in (("chat_from", anchor if details.get("begins") else None), ("chat_until", last)):
        if day is not None:
            told = format_date(day, "full", locale=LOCALES[language])
            said = phrases.get(f"followup.{key}", language, when=said, day=told)
    return said


def _rhythm_in_words(anchor: date, details: Mapping[str, Any], language: Language, *, phrases: Phrases) -> str:
    from babel.dates import format_date

    locale = LOCALES[language]
    times = _joined([str(one) for one in details["times"]], language)
    every, offsets = details.get("every"), details.get("days", [0])
    days = [anchor + timedelta(days=int(offset)) for offset in offsets]
    if every is None:
        return phrases.get("followup.chat_once", language, day=format_date(days[0], "full", locale=locale), times=times)
    if every.get("months"):
        key = "chat_monthly" if every["months"] == 1 else "chat_months"
        return phrases.get(f"followup.{key}", language, count=every["months"], day=anchor.day, times=times)
    if every["days"] % 7 == 0:
        names = _joined([format_date(day, "EEEE", locale=locale) for day in sorted(days, key=date.weekday)], language)
        key = "chat_weekly" if every["days"] == 7 else "chat_weeks"
        return phrases.get(f"followup.{key}", language, count=every["days"] // 7, days=names, times=times)
    key = "chat_daily" if every["days"] == 1 else "chat_days"
    return phrases.get(f"followup.{key}", language, count=every["days"], times=times)


def _again_and_again(found: Recurrence, now: datetime) -> When | None:
    count = int(found.every)
    if not found.times or count < 1 or count != found.every or found.unit in ("minute", "hour"):
        return None
    if found.unit in ("month", "year") and found.begins is None:
        return None  # on which day?
    begins = found.begins or (now.date() if found.length is None else _first_day(found, now))
    last = found.until or (begins + found.length - timedelta(days=1) if found.length is not None else None)
    if last is not None and last < begins:
        return None
    offsets = sorted({(day - begins.weekday()) % 7 for day in found.weekdays}) or [0]
    every = {
        "day": {"days": count},
        "week": {"days": 7 * count},
        "month": {"months": count},
        "year": {"months": 12 * count},
    }[found.unit]
    if found.weekdays and found.unit == "day":
        every = {"days": 7}
    details: dict[str, Any] = {"times": [_clock(one) for one in found.times], "every": every, "days": offsets}
    if begins != now.date() and "days" in every and not found.weekdays:
        details["begins"] = True
    if last is not None:
        details["until_days"] = (last - begins).days
    return When(begins, details)


def _first_day(found: Recurrence, now: datetime) -> date:
    """Return the first day of "for ten days": tomorrow when a time of today is over, so that there are ten."""
    over = not found.weekdays and found.times[0] <= now.time()
    return now.date() + timedelta(days=int(over))


def _clock(one: time) -> str:
    return f"{one:%H:%M}"


def _joined(words: list[str], language: Language) -> str:
    return {"zh-Hans": "、", "zh-Hant": "、", "ar": "، "}.get(language, ", ").join(words)
