"""A moment or a span in words: a day with its time of day, "tomorrow evening", "from Monday to Friday". Pure; seen from `now`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.followup.times.amounts import amount, amounts
from bot.followup.times.clocks import HOURS, clocks_in, near_part, with_part
from bot.followup.times.dates import is_over, later, midnight, real
from bot.followup.times.days import day_in
from bot.followup.times.together import told_together
from bot.followup.times.tongue import Tongue
from bot.followup.times.types import Clock, Day, Found, Moment, Piece, Span, TimeSaid


def moment(text: str, tongue: Tongue, now: datetime) -> Found | None:
    """Return the moment that is told, or the part of a day as a span."""
    day = day_in(text, tongue, now)
    if day is not None and day.grain == "minute":
        return Moment(day.at, "minute", ""), [day]
    told = told_together(_without(text, day), tongue)
    if told.clocks and not _is_one_of_several(day, text, tongue, now):
        found, _ = _at_clock(day, told.clocks[0], now)
        in_day = day is not None and day.grain == "day"
        return found, [*([day] if day is not None and in_day else []), *told.pieces]
    part = next(iter(sorted(tongue.parts_in(text), key=lambda one: one.start)), None)
    if part is not None and (day is None or day.grain == "day"):
        start, end, _ = HOURS[part.name]
        begin = day.at if day else midnight(now)
        pieces = [day, part] if day else [part]
        return Span(begin + timedelta(hours=start), begin + timedelta(hours=end), ""), pieces
    if day is not None:
        return Moment(day.at, day.grain, ""), [day]
    match = re.search(tongue.now, text)
    return (Moment(now, "minute", ""), [Piece(*match.span())]) if match else None


def _is_one_of_several(day: Day | None, text: str, tongue: Tongue, now: datetime) -> bool:
    """Whether another day follows: "on Monday and Thursday at 9" is no moment."""
    and_ = re.compile(rf"\s*(?:{tongue.conj})\s*" + (rf"|\s*(?={tongue.joint})" if tongue.joint else ""))
    match = and_.match(text, day.end) if day is not None else None
    if match is None or day is None:
        return False
    if re.compile(r"\d{1,2}(?:\.(?!\d)|st|nd|rd|th)").match(text, match.end()):
        return True  # "am 5. und 7."
    other = day_in(text[match.end() : match.end() + 20], tongue, now)
    return other is not None and other.start <= 4 and other.grain == "day" and other.at != day.at


def _without(text: str, piece: Piece | None) -> str:
    """Return the text with a piece blanked: a date has numbers that are no clock."""
    if piece is None:
        return text
    return text[: piece.start] + re.sub(r"\d", "#", text[piece.start : piece.end]) + text[piece.end :]


def _at_clock(day: Day | None, clock: Clock, now: datetime) -> Found:
    length = timedelta(minutes=clock.minutes)
    if day is not None and day.grain == "day":
        at = day.at + length
        # "tomorrow at 5" is the afternoon, "at 8" the morning; "today at 8", said at 10, the evening.
        late = 1 <= clock.hour <= 6 or (day.at == midnight(now) and clock.hour < 12 and at <= now)
        at += timedelta(hours=12 if late and not clock.half else 0)
        return Moment(real(at), "minute", ""), [day, clock]
    at = midnight(now) + length
    step = timedelta(hours=24 if clock.half else 12)
    while is_over(real(at), now):
        at += step
    return Moment(real(at), "minute", ""), [clock]


def span(text: str, tongue: Tongue, now: datetime) -> Found | None:
    """Return the stretch of time that is told: its two ends, the last or the next days, a weekend."""
    return _from_to(text, tongue, now) or _stretch(text, tongue, now) or _weekend(text, tongue, now)


def _from_to(text: str, tongue: Tongue, now: datetime) -> Found | None:
    opened = not tongue.opens or bool(re.search(tongue.opens, text))
    clocks = [] if opened else list(clocks_in(text, tongue))
    for match in re.finditer(tongue.between, text):
        if not opened and not re.search(r"[-]|bis|to|until|till|الي|حتي", match.group(0)):
            continue
        if any(one.start < match.start() and match.end() < one.end for one in clocks):
            continue  # "ten to six"
        left, right = text[: match.start()], text[match.end() :]
        first = moment(left, tongue, now) or _bare_clock(left, right, tongue, now)
        second = moment(right, tongue, (_begin(first[0]) if first else None) or now)
        if first is None or second is None:
            continue
        made = _joined(first, second, day_in(right, tongue, now) is None, match.end())
        if made is not None:
            return made
    return None


def _bare_clock(left: str, right: str, tongue: Tongue, now: datetime) -> Found | None:
    """ "3 to 5 pm": the first number is a clock because the second is one."""
    number = re.search(r"(?<![\d.:])(\d{1,2})(?::(\d{2}))?\s*$", left)
    clock = _first_clock(right, tongue)
    if number is None or clock is None or int(number[1]) > 24:
        return None
    hour = int(number[1])
    late = clock.half and clock.hour >= 12 and hour < 12 and hour + 12 <= clock.hour
    piece = Clock(number.start(1), number.end(), hour + 12 if late else hour % 24, int(number[2] or 0), "24")
    return _at_clock(day_in(_without(left, piece), tongue, now), piece, now)


def _first_clock(text: str, tongue: Tongue) -> Clock | None:
    clock = next(clocks_in(text, tongue), None)
    part = near_part(clock, text, tongue) if clock and not clock.half else None
    return with_part(clock, part) if clock and part else clock


def _joined(first: Found, second: Found, same_day: bool, offset: int) -> Found | None:
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
    moved = [Piece(piece.start + offset, piece.end + offset) for piece in second[1]]
    return Span(start, end, ""), [*first[1], *moved]


def _begin(said: TimeSaid) -> datetime | None:
    return said.at if isinstance(said, Moment) else said.start if isinstance(said, Span) else None


def _finish(said: TimeSaid) -> datetime | None:
    if isinstance(said, Span):
        return said.end
    if not isinstance(said, Moment):
        return None
    return said.at if said.grain in ("minute", "hour") else later(said.at, 1, said.grain)


def end_of(moment: Moment) -> datetime:
    """Return when the day, week, month or year of a moment is over; for a clock time the time itself."""
    return _finish(moment) or moment.at


def _stretch(text: str, tongue: Tongue, now: datetime) -> Found | None:
    """ "the last 3 days", "未来两周"."""
    for sign, opening in ((-1, tongue.past), (1, tongue.coming)):
        match = tongue.find(rf"{opening}{amounts(tongue)}", text)
        if match is None or re.match(r"以?[前后]", text[match.end() :]):
            continue
        count, unit = amount(match, tongue)
        if tongue.spaced and not re.search(r"\d|few|couple|paar", match.group(0)):
            continue
        other = later(now, sign * count, unit)
        return Span(min(now, other), max(now, other), ""), [Piece(*match.span())]
    return None


def _weekend(text: str, tongue: Tongue, now: datetime) -> Found | None:
    match = tongue.find(tongue.weekend, text)
    if match is None:
        return None
    turn = match["t"] or ""
    weeks = 1 if re.match(r"下|next|nächst", turn) else -1 if re.match(r"上|last|letzt", turn) else 0
    saturday = midnight(now) - timedelta(days=now.weekday()) + timedelta(days=5, weeks=weeks)
    return Span(saturday, saturday + timedelta(days=2), ""), [Piece(*match.span())]
