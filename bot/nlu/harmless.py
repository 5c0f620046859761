"""Takes away what would make Rasa read a patient's text as a command."""

from __future__ import annotations

import re
import unicodedata

# The longest text that is read for an intent; the gateway keeps the whole message.
LONGEST_TEXT = 1000
# Everything that Rasa, or a careless strip() in front of it, would take away before a command: blanks, invisible marks.
_BEFORE_TEXT = re.compile(r"^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad/]+")


def harmless(text: str) -> str:
    """Return `text` without what would make Rasa read it as `/intent{"slot": …}`, and never empty."""
    return _BEFORE_TEXT.sub("", unicodedata.normalize("NFKC", text))[:LONGEST_TEXT].strip() or "…"
