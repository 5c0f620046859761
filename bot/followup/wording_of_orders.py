"""What an order to be reminded is about: its words without the order, the time and what is polite. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from bot.followup.times import places_of_time
from bot.languages import Language

# Before the order nothing stands but the time and these: "the nurse reminded me" is told, not ordered.
_AROUND = re.compile(
    r"\b(?:please|hi|hello|hey|at|on|from|and|the|of|about|around|bitte|hallo|um|am|ab|und|können|kannst|sie|du|mich|so|gegen|heute)\b|"
    r"请|請|麻烦|麻煩|您好|你好|您|你|在|于|於|从|從|和|跟|各|左右|大约|大約|大概|一次|的|[早午晚中三]?[餐饭飯][前后後]|"
    r"[点點时時]|(?:من فضلك|لو سمحت|مرحبا|في|حوالي|عند|على|و)(?![ء-ي])|[\W\d_]",
    re.IGNORECASE,
)
_BEFORE_TIME = re.compile(
    r"(?:\b(?:at|on|by|um|am|in|the|so|gegen|ab|from|around|about)\s+|[在于於]|(?<![ء-ي])(?:في|حوالي|عند|على)\s+)+$",
    re.IGNORECASE,
)
_AFTER_TIME = re.compile(r"\s*(?:左右|(?:的)?时候|(?:的)?時候|各?一次|sharp\b|or so\b)")
_ENDS = " \t\n,.;:!?，。；：！？、؟،…"
_GERMAN_END = re.compile(r"\s+erinnern[.!?]*$", re.IGNORECASE)
_BEGINS = re.compile(r"^(?:to|about|that|of|daran|an|bitte|please|أن|ان|要)\s+", re.IGNORECASE)


def without_time(said: str, order: re.Match[str], language: Language, now: datetime) -> tuple[str, str]:
    """Return what stands before and after an order besides the time; "" for nothing but polite words."""
    before, after = _cut(said, 0, order.start(), language, now), _cut(said, order.end(), len(said), language, now)
    if before and not _AROUND.sub("", _cut(said[: order.start()], 0, order.start(), language, now)):
        before = ""  # the first time of all may be one after the order
    return _AROUND.sub("", before), _task(after)


def task_in(said: str, language: Language, now: datetime) -> str:
    """Return the words without the time."""
    return _task(_cut(said, 0, len(said), language, now))


def _task(text: str) -> str:
    text = _GERMAN_END.sub("", re.sub(r"\s+", " ", text)).strip(_ENDS)
    text = _BEGINS.sub("", text).strip(_ENDS)
    return text if _AROUND.sub("", text) else ""


def _cut(said: str, start: int, end: int, language: Language, now: datetime) -> str:
    """Return a part of the text without the words that tell the time of all of it."""
    left: list[str] = []
    for first, last in places_of_time(said, language, now):
        if start <= first < end:
            left.append(_BEFORE_TIME.sub("", said[start:first]))
            start = last + len(_after_time(said[last:]))
    return " ".join([*left, said[start:end]]) if start < end else " ".join(left)


def _after_time(text: str) -> str:
    found = _AFTER_TIME.match(text)
    return found[0] if found else ""
