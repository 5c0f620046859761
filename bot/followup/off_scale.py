"""A meter for blood sugar shows HI or LO instead of a number when it is too far off to be measured. Pure."""

from __future__ import annotations

import re
from typing import Literal

Seen = Literal["sure", "ask", "none"]
MEASURE = "glucose"
# What shows something, in the five languages: right before the letters, or anywhere beside capitals.
_SHOWS = (
    r"meter|metre|monitor|machine|device|display|says?|shows?|reads?|showing|gerät|zeigt|anzeige|steht|"
    r"显示|顯示|出现|出現|血糖仪|血糖儀|血糖机|血糖機|仪器|儀器|الجهاز|جهاز|يظهر|يكتب|كاتب|يعطي"
)
_LETTERS = re.compile(r"(?<![^\W\d_])(?:hi|lo)(?![^\W\d_])|(?<=[\u3400-\u9fff])(?:hi|lo)(?![a-z])", re.IGNORECASE)
_SHOWN = re.compile(rf"(?:{_SHOWS})\W*(?:only|just|nur|只|فقط)?\W*(?:hi|lo)(?![a-z])", re.IGNORECASE)
_CUE = re.compile(_SHOWS, re.IGNORECASE)


def seen_in(text: str) -> Seen:
    """Return whether words without a number say that a meter shows HI or LO; "ask": they may, or be a greeting."""
    letters = [match.group(0) for match in _LETTERS.finditer(text)]
    if not letters:
        return "none"
    alone = text.strip(" \t\r\n.,!?…。，！？؟“”\"'«»„")
    in_capitals = any(one.isupper() for one in letters)
    if alone in ("HI", "LO") or alone.casefold() == "lo" or _SHOWN.search(text) or (in_capitals and _CUE.search(text)):
        return "sure"
    return "ask" if in_capitals or alone.casefold() == "hi" else "none"
