"""One spelling for matching, with the way back to the patient's own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Longer texts are read as far as this: a patient's message has some hundred characters.
LONGEST = 2000

ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "٫": ".", "،": "،", "گ": "ك", "چ": "ج"}
)
_DROPPED = re.compile(r"[\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ud800-\udfff\ufe0f]")
_SAME = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "：": ":"})
# Words of Taiwan and Cantonese that are not a matter of characters; same length, so that positions stay.
_SAME_LENGTH_WORDS = (
    ("痺", "痹"),
    ("睪", "睾"),
    ("痠", "酸"),
    ("唔系", "不是"),
    ("冇", "没"),
    ("嘔", "呕"),
    ("屙", "拉"),
    ("佢", "他"),
    ("焖", "闷"),
    ("嘅", "的"),
    ("咗", "了"),
    ("翳", "闷"),
    ("喺", "在"),
)
# As people type on a phone: without the apostrophe, or as they speak. Whole words that mean nothing else in any of our languages.
_TYPED = {
    **{f"{verb}nt": f"{verb}n't" for verb in ("do", "does", "did", "is", "are", "was", "have", "has", "had", "could", "would")},
    **{"cant": "can't", "wont": "won't", "shouldnt": "shouldn't", "werent": "weren't", "aint": "ain't"},
    **{"hes": "he's", "shes": "she's", "theres": "there's", "thats": "that's", "ive": "i've", "theyre": "they're", "u": "you"},
    "nich": "nicht",
}
_TYPED_RE = re.compile(rf"(?<!['\w])(?:{'|'.join(_TYPED)})(?!['\w])")


@dataclass(frozen=True)
class Normal:
    """A normalised text; `origin[i]` is where its character i stands in the original."""

    text: str
    original: str
    origin: tuple[int, ...]

    def said(self, start: int, end: int) -> str:
        """Return the patient's own words for a span of the normalised text."""
        if start >= end:
            return ""
        return self.original[self.origin[start] : self.origin[end - 1] + 1].strip()


def normalise(text: str, *, longest: int = LONGEST) -> Normal:
    """Return `text` in one spelling: width, case, Arabic letters and digits, Simplified characters. Never raises."""
    original = text[:longest]
    out: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(original):
        for small in _character(character):
            out.append(small)
            origin.append(index)
    return _written_out(Normal(_simplify("".join(out)), original, tuple(origin)))


def _written_out(normal: Normal) -> Normal:
    """Return `normal` with words as they are spelt, each character still pointing at the patient's own."""
    text, read = "", 0
    origin: list[int] = []
    for word in _TYPED_RE.finditer(normal.text):
        full, own = _TYPED[word[0]], normal.origin[word.start() : word.end()]
        text += normal.text[read : word.start()] + full
        origin += [*normal.origin[read : word.start()], *(own[min(place, len(own) - 1)] for place in range(len(full)))]
        read = word.end()
    if not read:
        return normal
    return Normal(text + normal.text[read:], normal.original, (*origin, *normal.origin[read:]))


def folded(texts: Iterable[str]) -> list[str]:
    """Return of each text, each one line, what `normalise` makes of it: for the eighty thousand terms at every start.

    All together cost a third of one by one.
    """
    plain = _simplify("".join(map(_character, "\n".join(texts))))
    return _TYPED_RE.sub(lambda word: _TYPED[word[0]], plain).split("\n")


@lru_cache(maxsize=4096)
def _character(character: str) -> str:
    if _DROPPED.match(character):
        return ""
    folded = unicodedata.normalize("NFKC", character).casefold().translate(_SAME).translate(ARABIC)
    return "".join(_digit(small) for small in folded if not _DROPPED.match(small))


def _digit(character: str) -> str:
    if character.isdecimal() and not character.isascii():
        return str(unicodedata.decimal(character))
    return character


def _simplify(text: str) -> str:
    if not re.search(r"[\u3400-\u9fff]", text):
        return text
    converted = str(_converter().convert(text))
    # Checked over all dictionary rows: t2s keeps the length. Should that ever change, positions matter more.
    if len(converted) != len(text):
        converted = text
    for other, ours in _SAME_LENGTH_WORDS:
        converted = converted.replace(other, ours)
    return converted


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
