"""Says times as people do: "tomorrow at 8:00", "in 30 minutes"; in the patient's zone where it is known. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.languages import Language
from bot.phrases import Phrases

# What Babel calls our languages, and how a day is written without its year.
LOCALES: dict[Language, str] = {"zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_TW", "en": "en", "de": "de", "ar": "ar"}
_DAYS: dict[Language, str] = {
    "zh-Hans": "M月d日EEEE",
    "zh-Hant": "M月d日EEEE",
    "en": "EEEE, d MMMM",
    "de": "EEEE, d. MMMM",
    "ar": "EEEE d MMMM",
}
# The whole country lives by this time.
_OFFICIAL = {"CN": "Asia/Shanghai"}


def span_in_words(span: timedelta, language: Language) -> str:
    """Return a span like "30 minutes", in whole minutes or hours, never shorter than it is."""
    from babel.dates import format_timedelta

    minutes = max(1, -(-int(span.total_seconds()) // 60))
    if minutes > 60:
        minutes = -(-minutes // 60) * 60
    return str(format_timedelta(timedelta(minutes=minutes), granularity="minute", threshold=1.01, locale=LOCALES[language]))


def ago_in_words(span: timedelta, language: Language) -> str:
    """Return a time that has passed like "6 hours ago", in whole minutes, hours or days."""
    from babel.dates import format_timedelta

    return str(format_timedelta(-span, granularity="minute", threshold=1.5, add_direction=True, locale=LOCALES[language]))


def moment_in_words(moment: datetime, *, now: datetime, language: Language, zone: ZoneInfo, phrases: Phrases) -> str:
    """Return a moment like "today at 14:00" or "on Monday, 30 November at 8:00", as clocks in `zone` show it."""
    from babel.dates import format_date

    local = moment.astimezone(zone)
    time = f"{local.hour}:{local.minute:02d}"
    days = (local.date() - now.astimezone(zone).date()).days
    if days in (0, 1):
        return phrases.get(f"handoff.{'today' if days == 0 else 'tomorrow'}", language, time=time)
    day = format_date(local.date(), _DAYS[language], locale=LOCALES[language])
    return phrases.get("handoff.on_day", language, day=day, time=time)


def day_in_words(moment: datetime, language: Language) -> str:
    """Return the day of a moment in its own zone as short as it can be said: "Fri, Nov 27"."""
    from babel.dates import format_skeleton

    return str(format_skeleton("MMMEd", moment, locale=LOCALES[language]))


def zone_of(region: str | None, moment: datetime) -> ZoneInfo | None:
    """Return the zone of a region, or None when it is not known, or when its clocks differ among themselves at that moment."""
    names = _zones(region or "")
    zones = [ZoneInfo(name) for name in names]
    if not zones or len({moment.astimezone(zone).utcoffset() for zone in zones}) > 1:
        return None
    return zones[0]


@cache
def _zones(region: str) -> tuple[str, ...]:
    from babel.core import get_global

    if region in _OFFICIAL:
        return (_OFFICIAL[region],)
    return tuple(get_global("territory_zones").get(region, ()))
