"""Codes: twelve digits, since every keyboard and everybody on the telephone has digits. Pure but for chance."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import timedelta

DIGITS = 12
LASTS = timedelta(minutes=10)

# A code alone, or behind the word for linking; people and keyboards part the groups in many ways.
_WORD = r"(?:/?link|绑定|綁定|連結|关联|verbinden|ربط)"
_GROUPED = re.compile(rf"(?:{_WORD}[\s:：,，、،]*)?((?:\d[\s.\-–—‐‑_]{{0,3}}){{{DIGITS - 1}}}\d)[\s.。!！]*")
_LONGEST = 80


def new_code() -> str:
    """Return a fresh code as people read it: `4831-9207-5516`. One in a million million."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    return "-".join(digits[start : start + 4] for start in range(0, DIGITS, 4))


def code_in(text: str) -> str | None:
    """Return the digits of the code that a message is, or None: there are other words, or more or fewer digits.

    Arabic and full-width digits are digits, and marks of direction that came along with a copied code are nothing.
    """
    if len(text) > _LONGEST:
        return None
    said = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    found = _GROUPED.fullmatch(said.casefold().strip())
    return "".join(str(unicodedata.digit(c)) for c in found[1] if c.isdecimal()) if found else None
