"""Numbers to call, by region. In Arabic text a number is isolated, or it would be read in the wrong direction."""

from __future__ import annotations

from bot.languages import Language, is_right_to_left
from bot.triage.tables import Tables

_ISOLATE, _END = "\u2066", "\u2069"

# The region is not known: the home hospital's number, labelled, and what holds elsewhere.
_LOCAL: dict[Language, str] = {
    "zh-Hans": "{number}（{home}；其他地方请打当地的急救电话）",
    "zh-Hant": "{number}（{home}；其他地方請打當地的急救電話）",
    "en": "{number} ({home}; elsewhere your local emergency number)",
    "de": "{number} ({home}; anderswo den örtlichen Notruf)",
    "ar": "{number} ({home}؛ وفي غيرها رقم الطوارئ المحلي)",
}


def emergency_number(region: str | None, language: Language, *, tables: Tables) -> str:
    """Return the ambulance number of `region`; for an unknown region words that say so, with the home number labelled."""
    hotline = tables.hotlines.get(region or "")
    if hotline is not None:
        return isolated(hotline.ambulance, language)
    home = tables.hotlines[tables.home_region]
    return _LOCAL[language].format(home=home.names[language], number=isolated(home.ambulance, language))


def crisis_number(region: str | None, language: Language, *, tables: Tables) -> str:
    """Return the crisis line of `region`, else its ambulance number; for an unknown region the home's line, labelled."""
    hotline = tables.hotlines.get(region or "")
    if hotline is not None:
        return isolated(hotline.crisis or hotline.ambulance, language)
    home = tables.hotlines[tables.home_region]
    return f"{isolated(home.crisis or home.ambulance, language)} ({home.names[language]})"


def isolated(number: str, language: Language) -> str:
    """Return `number` so that it reads left to right in any text."""
    return f"{_ISOLATE}{number}{_END}" if is_right_to_left(language) else number
