"""Times of day that are told together: "um 8 und 20 Uhr", "早晚8点", "8 in the morning and 9 at night". Pure.

Which half of the day is meant has to be said: a list that leaves it open is unclear, and people are asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from itertools import pairwise

from bot.followup.times.clocks import clock_of, clocks_in, in_part, near_part, with_part
from bot.followup.times.tongue import Tongue
from bot.followup.times.types import Clock, Part, Piece


@dataclass(frozen=True)
class Told:
    """The times of one list in their order, and the words that tell them; unclear ones are no times."""

    clocks: tuple[Clock, ...] = ()
    pieces: tuple[Piece, ...] = ()

    @property
    def times(self) -> tuple[time, ...]:
        """Return what clocks show then, the earliest first."""
        return tuple(sorted({one.time for one in self.clocks}))


@dataclass(frozen=True)
class _Item:
    """What stands between two "and": a clock, a part of the day, or both; `after` means that the part comes second."""

    clock: Clock | None = None
    part: Part | None = None
    after: bool = False

    def settled(self) -> Clock | None:
        """Return the clock as its own part settles it."""
        return with_part(self.clock, self.part) if self.clock and self.part else self.clock


def told_together(text: str, tongue: Tongue) -> Told:
    """Return the first list of times in `text`; of one time alone nobody asks which half, of a list somebody must have said."""
    tokens = _first_list(text, tongue)
    items = _items(tokens, text, tongue)
    clocks = [one for one in items if one.clock]
    if not clocks:
        return Told()
    pieces = tuple(Piece(one.start, one.end) for one in tokens)
    named = any(
        one.clock.half == "24" and not re.search(r"\d", text[one.clock.start : one.clock.end]) for one in clocks if one.clock
    )
    parts = [one.part for one in items if one.part and not one.clock]
    if _goes_on(tokens[-1], text, tongue) or (named and parts):
        return Told((), pieces)  # the noon of "morning, noon and evening" is a part of the day, too
    if len(items) == 1:
        return Told((_alone(items[0], text, tongue),), pieces)
    settled_ones = _with_parts_of_all(items, parts) if parts else _of_list(clocks, tongue)
    return Told(tuple(settled_ones or ()), pieces)


def _alone(item: _Item, text: str, tongue: Tongue) -> Clock:
    settled = item.settled()
    assert settled is not None
    part = None if settled.half or item.part else near_part(settled, text, tongue)
    return with_part(settled, part) if part else settled


# --- what belongs together --------------------------------------------------------------------------------------------


def _first_list(text: str, tongue: Tongue) -> list[Clock | Part]:
    """Return the first clock with the clocks and parts of the day around it that nothing else stands between."""
    clocks = _with_bare_numbers(list(clocks_in(text, tongue)), text, tongue)
    if not clocks:
        return []
    tokens = _apart([*clocks, *tongue.parts_in(text)])
    glue = re.compile(rf"(?:{tongue.conj}|{tongue.link}|\s)*")
    first = last = next(place for place, one in enumerate(tokens) if isinstance(one, Clock))
    while first > 0 and glue.fullmatch(text, tokens[first - 1].end, tokens[first].start):
        first -= 1
    while last + 1 < len(tokens) and glue.fullmatch(text, tokens[last].end, tokens[last + 1].start):
        last += 1
    return tokens[first : last + 1]


def _goes_on(last: Piece, text: str, tongue: Tongue) -> bool:
    """Whether another time follows that is none of this list: "from 8 to 9", "8 or 9", "at 8 to eat, and at 9"."""
    if re.compile(rf"\s*(?:{tongue.either})(?:\s|{tongue.link})*\d").match(text, last.end):
        return True
    after = next((one for one in clocks_in(text, tongue) if one.start >= last.end), None)
    if after is None:
        return False
    gap, word = text[last.end : after.start], r"\w{0,8}" if tongue.spaced else r"\w{0,2}"
    if tongue.joint and (re.search(rf"(?<!\w){tongue.joint}", gap) or text.startswith(tongue.joint, after.start)):
        return True
    # A comma alone begins a clause, too: "at 9, because my visit is at 11:30".
    if re.search(tongue.conj, re.sub("[,،、]", " ", gap)) or re.search(rf"(?:{tongue.conj})\s*{word}(?:\s|{tongue.link})*$", gap):
        return True
    between = re.compile(tongue.between).search(text, last.end)
    return between is not None and not gap[: between.start() - last.end].strip() and not text[between.end() : after.start].strip()


def _with_bare_numbers(clocks: list[Clock], text: str, tongue: Tongue) -> list[Clock]:
    """Return the clocks with the numbers that go on after one: "at 8 and 20"."""
    parts = list(tongue.parts_in(text))
    ends = [one.end for one in (*clocks, *parts)]
    pattern = re.compile(rf"(?:\s|{tongue.link})*(?:{tongue.conj})(?:{tongue.conj}|{tongue.link}|\s)*{tongue.bare}")
    found = list(clocks)
    while clocks and ends:
        match = pattern.match(text, ends.pop())
        number = clock_of(match, tongue) if match else None
        if match is None or number is None:
            continue
        number = replace(number, start=match.start("h"), end=match.end())
        if any(one.start < number.end and number.start < one.end for one in found):
            continue
        found.append(number)
        ends.append(number.end)
    return found


def _apart(tokens: Iterable[Clock | Part]) -> list[Clock | Part]:
    """Return the tokens in their order; of two over the same words the clock, or the longer one ("بعد الظهر" is no noon)."""
    kept: list[Clock | Part] = []
    for one in sorted(tokens, key=lambda token: (isinstance(token, Part), token.start - token.end)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda token: token.start)


def _items(tokens: Sequence[Clock | Part], text: str, tongue: Tongue) -> list[_Item]:
    items: list[_Item] = []
    for place, token in enumerate(tokens):
        gap = text[tokens[place - 1].end : token.start] if place else ""
        new = not place or re.search(tongue.conj, gap) or (tongue.joint and text.startswith(tongue.joint, token.start))
        added = None if new else _added(items[-1], token, tongue)
        if added is None:
            items.append(_Item(clock=token) if isinstance(token, Clock) else _Item(part=token))
        else:
            items[-1] = added
    return items


def _added(item: _Item, token: Clock | Part, tongue: Tongue) -> _Item | None:
    """Return the item with one token more, or None: the token begins the next one."""
    if isinstance(token, Clock):
        return replace(item, clock=token) if item.clock is None else None
    if item.part is not None:
        return item if item.part.name == token.name else None
    # 早8点晚8点: in Chinese the part of the day stands before its clock.
    return replace(item, part=token, after=True) if tongue.spaced else None


# --- which half of the day --------------------------------------------------------------------------------------------


def _with_parts_of_all(items: Sequence[_Item], parts: Sequence[Part]) -> list[Clock] | None:
    """Return the clocks of "morning and evening at 7": one for each part; or of as many clocks as parts each in its own."""
    clocks = [one for one in items if one.clock]
    if all(one.clock.half == "24" for one in clocks if one.clock):
        return [one.clock for one in clocks if one.clock]
    if len(clocks) == 1:
        return _one_for_each(clocks[0], [one.part for one in items if one.part])
    named = [one.part for one in items if one.part]
    # "morning and evening at 8 and 9": first all parts, then all clocks.
    if len(named) == len(clocks) and all(one.part is None for one in clocks[1:]) and not clocks[0].after:
        pairs = [(one.clock, part) for one, part in zip(clocks, named, strict=True) if one.clock]
        return _checked([with_part(clock, part) for clock, part in pairs])
    return None


def _one_for_each(item: _Item, parts: Sequence[Part]) -> list[Clock] | None:
    clock = item.clock
    if clock is None or clock.half or any(one.name == "noon" for one in parts):
        return None
    return _checked([in_part(clock, one.name) for one in parts])


def _of_list(items: Sequence[_Item], tongue: Tongue) -> list[Clock] | None:
    """Return the clocks of a list, each settled by its own words, by the hours of 24, or by its neighbour."""
    settled = [clock for item in items if (clock := item.settled())]
    if any(one.half == "24" for one in settled):
        return _checked(settled)
    if not any(one.half for one in settled):
        return _checked(settled) if tongue.counts_to_24 and _ascends(settled) else None
    for place, one in enumerate(settled):
        if one.half:
            continue
        before = place and _half_of(items[place - 1], settled[place - 1], after=False)
        after = next(
            (_half_of(items[at], settled[at], after=True) for at in range(place + 1, len(items)) if settled[at].half), ""
        )
        if not before and not after:
            return None
        settled[place] = in_part(one, before or after or "")
        items = [
            *items[:place],
            replace(items[place], part=items[place - 1].part) if before else items[place],
            *items[place + 1 :],
        ]
    return _checked(settled) if _ascends(settled) else None


def _half_of(item: _Item, settled: Clock, *, after: bool) -> str:
    """Return the part of the day that goes for a neighbour too: "abends um 8 und 10", "8 and 9 pm"; "" for none."""
    if item.part is not None:
        return item.part.name if item.after == after else ""
    return ("evening" if settled.hour >= 12 else "morning") if after and settled.half == "12" else ""


def _ascends(clocks: Sequence[Clock]) -> bool:
    return all(one.minutes < two.minutes for one, two in pairwise(clocks))


def _checked(clocks: list[Clock]) -> list[Clock] | None:
    """Return the clocks, or None: two of them are the same, which nobody would say."""
    return clocks if len({one.time for one in clocks}) == len(clocks) else None
