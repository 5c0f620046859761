"""Makes what a platform sent a text that a database takes and a person could read. Pure."""

from __future__ import annotations

import re

# All control characters but tab and line break. Direction marks stay: Arabic needs them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def readable(text: str) -> str:
    """Return `text` without control characters; a lone surrogate, which is no text, becomes "?"."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")).replace("\ufffd", "?").strip()
