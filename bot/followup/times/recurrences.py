"""What comes again: how often, on which weekdays, at which times. Pure."""

from __future__ import annotations

import re
from datetime import time

from bot.followup.times.amounts import number
from bot.followup.times.clocks import HOURS, clocks_in
from bot.followup.times.tongue import Tongue, any_of, which
from bot.followup.times.types import Found, Piece, Recurrence


def recurrence(text: str, tongue: Tongue) -> Found | None:
    """Return what comes again, or None: nothing says that anything does."""
    mark = re.search(tongue.every, text)
    if mark is None:
        return None
    pieces: list[Piece] = [Piece(*mark.span())]
    every, unit, per = _rhythm(text, tongue, pieces)
    weekdays = _weekdays(text, tongue, pieces)
    times = _times(text, tongue, pieces)
    if unit is None:
        unit = "week" if weekdays else "day" if times else None
    if unit is None:
        return None
    return Recurrence(every, unit, "", times, weekdays, None if times else per), pieces  # type: ignore[arg-type]


def _rhythm(text: str, tongue: Tongue, pieces: list[Piece]) -> tuple[float, str | None, int | None]:
    """Return every how many of which unit, and how often in one."""
    per = tongue.find(tongue.per, text)
    count = _times_said(per, tongue, pieces) if per else None
    alternate = re.search(tongue.alternate, text)
    if alternate:
        pieces.append(Piece(*alternate.span()))
        return 2, _unit_of_alternate(alternate, text, tongue), count
    step = tongue.find(tongue.step.replace("{units}", tongue.unit_words()), text)
    if step:
        pieces.append(Piece(*step.span()))
        return number(step["n"], tongue), tongue.unit(step["u"]), count
    if per and (per["u"] or per["u2"]):
        return 1, _unit_of_adverb(per["u"] or per["u2"], tongue), count
    dual = re.search(rf"{tongue.each}({'|'.join(tongue.duals)})", text) if tongue.duals else None
    if dual:
        pieces.append(Piece(*dual.span()))
        return 2, tongue.duals[dual[1]], count
    return 1, _plain_unit(text, tongue, pieces), count


def _unit_of_alternate(alternate: re.Match[str], text: str, tongue: Tongue) -> str:
    after = text[alternate.end() : alternate.end() + 8]
    said = (
        name
        for pattern, name in tongue.units
        if re.search(rf"(?:{pattern})$", alternate.group(0)) or tongue.find(rf"(?:{pattern})", after)
    )
    return next(said, "day")


def _times_said(match: re.Match[str], tongue: Tongue, pieces: list[Piece]) -> int:
    pieces.append(Piece(*match.span()))
    word = match["n"] or match["n2"] or "1"
    digits = re.search(r"\d+", word)
    return int(digits.group(0)) if digits else tongue.often.get(word, 1)


def _unit_of_adverb(word: str, tongue: Tongue) -> str | None:
    for unit, pattern in tongue.adverbs.items():
        if re.fullmatch(pattern, word):
            return unit
    found = (name for pattern, name in tongue.units if re.fullmatch(pattern, word))
    return next(found, "week" if "星期" in word else "month" if word == "月" else "day")


def _plain_unit(text: str, tongue: Tongue, pieces: list[Piece]) -> str | None:
    for unit, pattern in tongue.adverbs.items():
        match = re.search(pattern, text)
        if match:
            pieces.append(Piece(*match.span()))
            return unit
    for pattern, unit in tongue.units:
        match = tongue.find(rf"{tongue.each}(?:{pattern})", text)
        if match and (tongue.spaced or not re.match(r"[1-7日天]", text[match.end() :])):
            pieces.append(Piece(*match.span()))
            return unit if unit != "second" else None
    return None


def _weekdays(text: str, tongue: Tongue, pieces: list[Piece]) -> tuple[int, ...]:
    found = []
    for match in tongue.compiled(rf"(?P<w>{any_of(tongue.weekdays)}){tongue.plural}").finditer(text):
        found.append(which(tongue.weekdays, match["w"]))
        pieces.append(Piece(*match.span()))
    if tongue.several:
        more = re.search(tongue.several, text)
        found += [6 if day == "日" else int(day) - 1 for day in more[1] if day in "123456日"] if more else []
    weekend = re.search(r"weekends?|周末|wochenende", text)
    return tuple(sorted({*found, *((5, 6) if weekend else ())}))


def _times(text: str, tongue: Tongue, pieces: list[Piece]) -> tuple[time, ...]:
    clocks = list(clocks_in(text, tongue))
    pieces += clocks
    if clocks:
        return tuple(sorted({time(clock.hour, clock.minute) for clock in clocks}))
    parts = list(tongue.parts_in(text))
    pieces += parts
    names = next((names for word, names in tongue.all_parts if word in text), tuple(part.name for part in parts))
    return tuple(sorted({time(HOURS[name][2] % 24) for name in names}))
