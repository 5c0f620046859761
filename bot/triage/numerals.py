"""Numbers in words as digits, with the way back to the words. Pure grammar over the normalised text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Digits:
    """A text with its numerals as digits; `origin[i]` is where its character i stands in the source."""

    text: str
    source: str
    origin: tuple[int, ...]

    def said(self, start: int, end: int) -> str:
        """Return the words of the source that a span of the digits stands for."""
        if start >= end:
            return ""
        after = self.origin[end] if end < len(self.origin) else len(self.source)
        return self.source[self.origin[start] : after].strip()


def in_digits(text: str, family: str) -> Digits:
    """Return `text` with the numerals of a language family ("zh", "en", "de", "ar") as digits."""
    pattern, value = _FAMILIES[family]
    out: list[str] = []
    origin: list[int] = []
    last = 0
    for match in pattern.finditer(text):
        if not match.group(0):
            continue  # "dreimal", "viertel": a numeral is only their beginning
        # "38.2三天" stays two numbers.
        apart = " " if match.start() and text[match.start() - 1].isdigit() else ""
        written = apart + value(match.group(0)) + (" " if text[match.end() : match.end() + 1].isdigit() else "")
        out += [text[last : match.start()], written]
        origin += [*range(last, match.start()), *([match.start()] * len(written))]
        last = match.end()
    return Digits("".join([*out, text[last:]]), text, (*origin, *range(last, len(text))))


_ZH_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
# 十分疼 is "very painful", 百分之九十 is 90 per cent, 一百一 is 110.
_ZH = re.compile(r"(?!十分(?![里中之钟,，。 ]))(?!百分之)[零〇一二两俩三四五六七八九十百]+")


def chinese_value(word: str) -> str:
    """Return the digits of a Chinese numeral below a thousand; digits read one by one stay so (一五零 is 150)."""
    if not any(character in word for character in "十百"):
        return "".join(str(_ZH_DIGITS[character]) for character in word)
    total, current, last_unit = 0, 0, 1
    for character in word:
        if character in "十百":
            last_unit = 10 if character == "十" else 100
            total += (current or 1) * last_unit
            current = 0
        else:
            current = _ZH_DIGITS[character]
    # 一百八 is 180, not 108.
    shortened = last_unit == 100 and "零" not in word and "〇" not in word
    return str(total + current * (10 if shortened else 1))


_EN_UNITS = dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"], range(1, 20), strict=True))  # fmt: skip
_EN_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_EN_WORDS: dict[str, int] = {**_EN_UNITS, **_EN_TENS, "zero": 0, "oh": 0, "hundred": 100}
_EN_ONE = "|".join(sorted(_EN_WORDS, key=len, reverse=True))
_EN = re.compile(rf"\b(?:a (?=hundred)|(?!oh\b))(?:{_EN_ONE})\b(?:(?: |-| and )(?:{_EN_ONE})\b)*")


def _english_value(words: str) -> str:
    numbers: list[int] = []
    current: int | None = None
    for word in re.findall(r"[a-z]+", words):
        if word in ("and", "a"):
            continue
        value = _EN_WORDS[word]
        joined = _joined(current, value, word)
        if joined is None and current is not None:
            numbers.append(current)
        current = value if joined is None else joined
    return " ".join(map(str, [*numbers, current or 0]))


def _joined(current: int | None, value: int, word: str) -> int | None:
    """Return one number of two that are said together, or None when they are two numbers."""
    if word == "hundred":
        return (current or 1) * 100
    if current is None:
        return None
    if current >= 100 and current % 100 == 0 and value < 100:
        return current + value
    if current % 10 == 0 and current % 100 >= 20 and 0 < value < 10:
        return current + value
    # "one fifty over ninety", "one oh five"
    if 1 <= current <= 3 and (value >= 10 or word == "oh"):
        return current * 100 + value
    return None


_DE_UNITS = {"eins": 1, "ein": 1, "eine": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fünf": 5, "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9}  # fmt: skip
_DE_TEENS = {"zehn": 10, "elf": 11, "zwölf": 12, "zwoelf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "fuenfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19}  # fmt: skip
_DE_TENS = {"zwanzig": 20, "dreissig": 30, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "fuenfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90}  # fmt: skip
_DE_UNIT, _DE_TEEN, _DE_TEN = ("|".join(sorted(words, key=len, reverse=True)) for words in (_DE_UNITS, _DE_TEENS, _DE_TENS))
_DE_BELOW_100 = rf"(?:(?P<u>{_DE_UNIT})und(?P<t>{_DE_TEN})|(?P<t2>{_DE_TEN})|(?P<z>{_DE_TEEN})|(?P<e>{_DE_UNIT}))"
_DE_NUMBER = re.compile(rf"(?P<h>(?P<hn>{_DE_UNIT})?hundert(?:und)?)?{_DE_BELOW_100}?(?P<half>einhalb)?")
_DE = re.compile(rf"\b(?!(?:ein|eine)\b)(?={_DE_UNIT}|{_DE_TEEN}|{_DE_TEN}|hundert){_DE_NUMBER.pattern}\b")


def _german_value(word: str) -> str:
    match = _DE_NUMBER.fullmatch(word)
    if match is None:
        return word
    hundreds = _DE_UNITS.get(match["hn"] or "", 1) * 100 if match["h"] else 0
    below = sum(
        words[match[name]]
        for name, words in (("u", _DE_UNITS), ("t", _DE_TENS), ("t2", _DE_TENS), ("z", _DE_TEENS), ("e", _DE_UNITS))
        if match[name]
    )
    return f"{hundreds + below}{'.5' if match['half'] else ''}"


# Spelled as `normalise` leaves them: ه for ة, ا for أ, ي for ى and ئ.
_AR_UNITS = {"واحد": 1, "واحده": 1, "اثنين": 2, "اثنان": 2, "اتنين": 2, "ثنين": 2, "ثلاثه": 3, "ثلاث": 3, "تلاته": 3, "تلات": 3, "اربعه": 4, "اربع": 4, "خمسه": 5, "خمس": 5, "سته": 6, "ست": 6, "سبعه": 7, "سبع": 7, "ثمانيه": 8, "ثماني": 8, "ثمان": 8, "تمانيه": 8, "تمنيه": 8, "تسعه": 9, "تسع": 9, "ثالث": 3, "رابع": 4, "خامس": 5, "سادس": 6, "سابع": 7, "ثامن": 8, "تاسع": 9}  # fmt: skip
_AR_TENS = {"عشره": 10, "عشر": 10, "عاشر": 10, "عشرين": 20, "عشرون": 20, "ثلاثين": 30, "ثلاثون": 30, "تلاتين": 30, "اربعين": 40, "اربعون": 40, "خمسين": 50, "خمسون": 50, "ستين": 60, "ستون": 60, "سبعين": 70, "سبعون": 70, "ثمانين": 80, "ثمانون": 80, "تمانين": 80, "تسعين": 90, "تسعون": 90}  # fmt: skip
_AR_HUNDREDS = {"ميه": 100, "مييه": 100, "مايه": 100, "مءه": 100, "ميتين": 200, "مايتين": 200, "ميتان": 200, "ثلاثميه": 300, "ثلاثمايه": 300, "تلتميه": 300, "اربعميه": 400, "اربعمايه": 400, "خمسميه": 500, "خمسمايه": 500}  # fmt: skip
_AR_WORDS = {**_AR_UNITS, **_AR_TENS, **_AR_HUNDREDS, "صفر": 0}
_AR_ONE = "|".join(sorted(_AR_WORDS, key=len, reverse=True))
# الاثنين is Monday.
_AR = re.compile(rf"(?<![ء-ي])(?!الا[ثت]نين)(?:ال)?(?:{_AR_ONE})(?![ء-ي])(?: و ?(?:ال)?(?:{_AR_ONE})(?![ء-ي])| عشره?(?![ء-ي]))*")


def _arabic_value(words: str) -> str:
    numbers: list[int] = []
    current: int | None = None
    for word in re.findall("[ء-ي]+", words):
        value = _arabic_word(word)
        if value is None:
            continue
        if current is not None and not _arabic_fits(current, value):
            numbers.append(current)
            current = None
        current = value if current is None else current + value
    return " ".join(map(str, [*numbers, current or 0]))


def _arabic_word(word: str) -> int | None:
    for start in ("", "و", "ال", "وال"):
        if word.startswith(start) and word[len(start) :] in _AR_WORDS:
            return _AR_WORDS[word[len(start) :]]
    return None


def _arabic_fits(current: int, value: int) -> bool:
    # hundred, then unit, then ten: "مئة وخمسة وتسعين"
    if value >= 100:
        return False
    return current % 100 == 0 if value < 10 else current % 100 < 10


_FAMILIES: dict[str, tuple[re.Pattern[str], Callable[[str], str]]] = {
    "zh": (_ZH, chinese_value),
    "en": (_EN, _english_value),
    "de": (_DE, _german_value),
    "ar": (_AR, _arabic_value),
}
