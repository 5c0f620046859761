"""Arabic lines that begin from the right, and numbers, names and addresses in them that keep their own direction. Pure."""

from __future__ import annotations

import re
import unicodedata

from bot.languages import Language, is_right_to_left

FIRST_STRONG, END, MARK = "\u2068", "\u2069", "\u200f"
_ISOLATED = re.compile(r"[\u2066-\u2068][^\u2066-\u2069]*\u2069")
# Latin letters and digits with what belongs to them: "Building A, 2", "+49 30 1234", "https://…", "B-12".
_FOREIGN = re.compile(r"\+?[A-Za-z0-9À-ÿ](?:[A-Za-z0-9À-ÿ@:/._%+#?&=’'–-]*[A-Za-z0-9À-ÿ/%])?(?: [A-Za-z0-9À-ÿ]+)*")
_INVISIBLE = re.compile(r"[\u200e\u200f\u2066-\u2069]")


def for_reading(text: str, language: Language) -> str:
    """Return `text` so that a client which takes a line's direction from its first letter shows it rightly."""
    return "\n".join(map(_line, text.split("\n"))) if is_right_to_left(language) else text


def plain(text: str) -> str:
    """Return `text` without the marks of direction, to compare with."""
    return _INVISIBLE.sub("", text)


def _line(line: str) -> str:
    parts, at = [], 0
    for kept in _ISOLATED.finditer(line):
        parts += [_isolate(line[at : kept.start()]), kept.group()]
        at = kept.end()
    isolated = "".join([*parts, _isolate(line[at:])])
    return MARK + isolated if _begins_from_the_left(line) else isolated


def _isolate(text: str) -> str:
    return _FOREIGN.sub(lambda found: f"{FIRST_STRONG}{found.group()}{END}", text)


def _begins_from_the_left(line: str) -> bool:
    # What is isolated says nothing of its line; a line that begins with a sign, a digit or Latin is helped with a mark.
    first = _ISOLATED.sub("", line).lstrip()[:1] or line.lstrip()[:1]
    return bool(first) and unicodedata.bidirectional(first) not in ("R", "AL")
