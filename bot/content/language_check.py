"""Is a text written in the language it is filed under? By its script: enough to catch a text in the wrong place."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from bot.languages import Language

_HAN = re.compile(r"[\u3400-\u9fff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_LATIN = re.compile(r"[A-Za-zÄÖÜäöüß]")
# Characters that are right in both scripts although OpenCC maps them: 台灣, 公里, 皇后, 只有, 干涉, 一面, 系統, 准許, 几案…
_IN_BOTH = frozenset(
    "吃皂唇台里后只干面系准几了么丑占卜厂云志才表回向出布采征游托沈周制板借致松咸注并志御谷愈岳杆症胡欲尸舍朱佣岩群秘吁涂冲弥刮卷夥峰床"
)


def language_problem(text: str, language: Language) -> str | None:
    """Return what is wrong with the script of `text` for `language`, or None.

    Placeholders such as {hospital} are not looked at.
    """
    plain = re.sub(r"\{[^}]*\}", "", text)
    if language in ("zh-Hans", "zh-Hant"):
        return _chinese_problem(plain, language)
    if language == "ar":
        return None if _ARABIC.search(plain) else "has no Arabic letter"
    if _HAN.search(plain) or _ARABIC.search(plain):
        return "has letters of another script"
    return None if _LATIN.search(plain) else "has no letter"


def _chinese_problem(text: str, language: Language) -> str | None:
    if not _HAN.search(text):
        return "has no Chinese character"
    wrong = {c for c in set(text) - _IN_BOTH if _HAN.match(c) and _is_other_script(c, language)}
    return f"has characters of the other Chinese script: {''.join(sorted(wrong))}" if wrong else None


def _is_other_script(character: str, language: Language) -> bool:
    converter = _converter("t2s" if language == "zh-Hans" else "s2t")
    return bool(converter.convert(character) != character)


@lru_cache(maxsize=2)
def _converter(name: str) -> Any:
    import opencc

    return opencc.OpenCC(name)
