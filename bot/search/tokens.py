"""What of a text is indexed and what of a query is looked for. Pure.

Chinese: every two neighbouring characters, Simplified, so that both scripts find each other and any part of two or more
characters is found. Words of other scripts: folded (case, diacritics, umlauts also as "ue", letter forms and digits of Arabic,
without the Arabic article); short ones whole, of longer ones the first four letters, of long ones any four: so a German
compound is found by its parts. What is found this way is looked for again in the words themselves, so a token may promise too
much and never too little.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.privacy.encryption import Cipher
from bot.triage.normalise import normalise

# Another number begins the index anew: raise it when the same text gives other tokens.
VERSION = 1
LONGEST_TEXT = 4000
GRAM = 4
# Words of this length have all their parts of four letters in the index.
LONG = 8
# Of a long query more tokens than these make it no more exact.
MOST_TERMS, MOST_TOKENS = 8, 16

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff"
_LETTER = rf"[^\W_{_CHINESE}]"
_RUN = re.compile(rf"(?P<chinese>[{_CHINESE}]+)|(?P<word>{_LETTER}+)")
_ARABIC = re.compile(r"[\u0620-\u06ff]")
# And, so, with, for, like, the: written as one word with what follows, of which at least three letters must be left.
_ARTICLE = re.compile(r"^[وف]?(?:[بك]?ال|لل)(?=\w{3})")
_PREFIXES = (_ARTICLE, re.compile(r"^[وف](?=\w{3})"), re.compile(r"^[وف]?[بلك](?=\w{3})"))
_ARABIC_BEFORE = "(?:[وف]?(?:[بك]?ال|لل|[بلك])?)"
# "Ruecken" is "Rücken"; "neue" and "Frequenz" stay. As for the German stemmers: both sides lose the same.
_UMLAUT_E = re.compile(r"(?<![aeiouyq])[aou](e)")


@dataclass(frozen=True)
class Folded:
    """A text in one spelling; `origin[i]` is where its character i stands in the original, with one more for the end."""

    text: str
    origin: tuple[int, ...]


@dataclass(frozen=True)
class Term:
    """A part of a query: what must stand in a message, folded, and the tokens that lead there."""

    needle: str
    tokens: tuple[str, ...]
    whole: bool  # a short word counts only as a whole word


def fold(text: str) -> Folded:
    """Return `text` as it is compared, up to LONGEST_TEXT characters. Never raises."""
    normal = normalise(text, longest=LONGEST_TEXT)
    plain: list[str] = []
    origin: list[int] = []
    for character, index in zip(normal.text, normal.origin, strict=True):
        bare = character if character.isascii() else _bare(character)
        plain.append(bare)
        origin += [index] * len(bare)
    return _without_umlaut_e("".join(plain), origin, end=len(normal.original))


def _bare(character: str) -> str:
    if unicodedata.combining(character):
        return ""
    if character < "\u0250" or "\u1e00" <= character <= "\u1eff":
        return "".join(part for part in unicodedata.normalize("NFD", character) if not unicodedata.combining(part))
    return character


def _without_umlaut_e(text: str, origin: list[int], *, end: int) -> Folded:
    dropped = {match.start(1) for match in _UMLAUT_E.finditer(text)}
    kept = [index for index in range(len(text)) if index not in dropped]
    return Folded("".join(text[index] for index in kept), (*(origin[index] for index in kept), end))


def tokens_of(text: str) -> frozenset[str]:
    """Return what of `text` goes into the index, before it is hashed."""
    found: set[str] = set()
    for match in _RUN.finditer(fold(text).text):
        run = match.group()
        found.update(_pairs(run) if match["chinese"] else (token for form in _forms(run) for token in _of_word(form)))
    return frozenset(found)


def _pairs(run: str) -> Iterator[str]:
    return (f"c{run[index : index + 2]}" for index in range(len(run) - 1))


def _forms(word: str) -> frozenset[str]:
    """Return an Arabic word also without what is written in front of it."""
    if not _ARABIC.search(word):
        return frozenset({word})
    return frozenset({word, *(prefix.sub("", word) for prefix in _PREFIXES)})


def _of_word(word: str) -> Iterator[str]:
    if len(word) < GRAM:
        yield f"w{word}"
    elif len(word) < LONG:
        yield f"g{word[:GRAM]}"
    else:
        yield from (f"g{word[index : index + GRAM]}" for index in range(len(word) - GRAM + 1))


def terms_of(query: str) -> tuple[Term, ...]:
    """Return the parts of a query, all of which must stand in a message; a single Chinese character is none."""
    terms: dict[str, Term] = {}
    for match in _RUN.finditer(fold(query).text):
        run = match.group()
        if not match["chinese"]:
            word = _ARTICLE.sub("", run)
            terms.setdefault(word, Term(word, _asked(word), whole=len(word) < GRAM))
        elif len(run) > 1:
            terms.setdefault(run, Term(run, tuple(dict.fromkeys(_pairs(run)))[:MOST_TOKENS], whole=False))
    return tuple(terms.values())[:MOST_TERMS]


def _asked(word: str) -> tuple[str, ...]:
    """The first four letters are in the index for every word; the others only for words that are long themselves."""
    if len(word) < GRAM:
        return (f"w{word}",)
    if len(word) < LONG:
        return (f"g{word[:GRAM]}",)
    parts = (word[:GRAM], word[GRAM : 2 * GRAM], word[-GRAM:])
    return tuple(dict.fromkeys(f"g{part}" for part in parts))


def spans(text: str, terms: Iterable[Term]) -> tuple[tuple[int, int], ...] | None:
    """Return where the terms stand in `text`, first places only, in its own characters; None when one is missing."""
    folded = fold(text)
    found: list[tuple[int, int]] = []
    for term in terms:
        place = _place(folded.text, term)
        if place is None:
            return None
        found.append((folded.origin[place[0]], folded.origin[place[1]]))
    return tuple(sorted(found))


def _place(text: str, term: Term) -> tuple[int, int] | None:
    if not term.whole:
        start = text.find(term.needle)
        return None if start < 0 else (start, start + len(term.needle))
    before = _ARABIC_BEFORE if _ARABIC.search(term.needle) else ""
    match = re.search(rf"(?<!{_LETTER}){before}({re.escape(term.needle)})(?!{_LETTER})", text)
    return None if match is None else match.span(1)


def hasher(cipher: Cipher) -> Callable[[Iterable[str]], frozenset[int]]:
    """Return what makes tokens of 64 bits, signed, that mean nothing without the key of this installation.

    Keyed BLAKE2b is a pseudo-random function by design (RFC 7693) and gives eight bytes directly: 0.7 µs for each token, where
    `Cipher.lookup` (HMAC with SHA-256) takes 2.5 µs, for twenty tokens of each message. Its key comes from the look-up key, under
    a name of its own, so that a token is never equal to another look-up.
    """
    key = bytes.fromhex(cipher.lookup("search", "tokens"))
    begun = hashlib.blake2b(key=key, digest_size=8, person=b"daozhen.search")

    def hashed(tokens: Iterable[str]) -> frozenset[int]:
        return frozenset(map(one, tokens))

    def one(token: str) -> int:
        digest = begun.copy()
        digest.update(token.encode("utf-8", "surrogatepass"))
        return int(struct.unpack(">q", digest.digest())[0])

    return hashed


def version_of(cipher: Cipher) -> int:
    """Return a number that changes with the look-up key and with VERSION: an index of another one is made anew."""
    return int(cipher.lookup("search", "version", str(VERSION))[:15], 16)
