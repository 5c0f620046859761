"""Short orders about reminders and readings, in five languages: list, snooze, quiet hours, where somebody is, show. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bot.duty.when import LOCALES, zone_of
from bot.followup.times import Moment, read_time
from bot.languages import LANGUAGES, Language

# A short message that is only this.
_AROUND = r"[\s,，.。!！?？؟،…]*"
_PLEASE = r"(?:please|pls|bitte|请|請|麻烦|麻煩|帮我|幫我|من فضلك|لو سمحت)?"
_LIST = (
    r"(?:(?:show|list|change|pause|what are)(?: me)? )?my reminders|which reminders do i have|reminders|"
    r"(?:查看|看看?|列出|修改|更改|暂停|暫停)?我的(?:所有)?提醒|(?:我)?有(?:什么|什麼|哪些)提醒|(?:修改|更改|暂停|暫停)提醒|"
    r"(?:zeig(?:e|en sie)? (?:mir )?|ändere |ändern sie |pausiere )?meine erinnerungen|(?:welche )?erinnerungen(?: habe ich)?|erinnerungen (?:ändern|pausieren|zeigen)|"
    r"(?:اعرض|أعرض|أرني|ارني|غير|عدل|عدّل)? ?(?:لي )?تذكيراتي|ما (?:هي )?تذكيراتي"
)
_PAUSE = (
    r"(?:pause|hold|suspend|stop) (?:all )?(?:my |the )?reminders (?P<p1>(?:for|until|till) .{1,30})|no reminders (?P<p2>(?:for|until|till) .{1,30})|"
    r"(?:把)?(?:我的)?(?:所有)?提醒(?:都)?(?:先)?(?:暂停|暫停)(?P<p3>.{1,15})|(?:暂停|暫停)(?:我的)?(?:所有)?提醒(?P<p4>(?:到|直到)?.{1,15})|(?:暂停|暫停)(?P<p5>.{1,12})(?:的)?提醒|"
    r"(?:pausiere?n?(?: sie)?|stoppe?n?(?: sie)?|unterbrich|unterbrechen sie) (?:bitte )?(?:alle )?(?:meine |die )?erinnerungen (?P<p6>(?:für|bis) .{1,30})|"
    r"(?:alle )?(?:meine |die )?erinnerungen (?:bitte )?(?P<p7>(?:für|bis) .{1,30}?) (?:pausieren|unterbrechen|aussetzen)|keine erinnerungen (?P<p8>(?:für|bis) .{1,30})|"
    r"(?:أوقف|اوقف|علق|علّق|أوقفي|اوقفي) (?:كل )?(?:التذكيرات|تذكيراتي) (?:مؤقتا |مؤقتًا )?(?P<p9>(?:لمدة|حتى|إلى|الى|ل).{1,30})"
)
_LATER = (
    r"snooze|(?:remind me )?(?:again )?(?:a bit )?later(?: again)?|not now|(?:remind me )?again in .{1,30}|remind me in .{1,30} again|"
    r"(?:等会儿?|过会儿?|待会儿?|晚点|一会儿?)(?:再)?(?:提醒我?|说)?|(?:等一下|晚點|待會)(?:再)?(?:提醒我?|說)?|.{1,12}[后後]再提醒我?|"
    r"(?:erinner\w*(?: sie)? mich )?(?:bitte )?(?:noch ?mal )?später(?: noch ?mal| wieder)?|jetzt nicht|(?:noch ?mal|wieder) in .{1,30}|in .{1,30} (?:noch ?mal|wieder)|"
    r"(?:ذكرني )?(?:لاحقا|لاحقًا|بعدين)|ليس الآن|ذكرني (?:مرة أخرى|مره اخرى) .{1,30}"
)
_NOT_BEFORE = r"not before (?P<t1>.{1,20})|(?P<t2>.{1,12}?)(?:之前|以前|前)(?:都)?(?:不要|别|別|请勿|請勿)(?:提醒我?|打扰我?|打擾我?|发|發)?|nicht vor (?P<t3>.{1,20})|(?:ليس|لا) قبل (?P<t4>.{1,20})"
_NOT_AFTER = r"not after (?P<t1>.{1,20})|(?P<t2>.{1,12}?)(?:之后|之後|以后|以後|后|後)(?:都)?(?:不要|别|別|请勿|請勿)(?:提醒我?|打扰我?|打擾我?|发|發)?|nicht nach (?P<t3>.{1,20})|(?:ليس|لا) بعد (?P<t4>.{1,20})"
_HERE = (
    r"(?:i am|i'm|i’m) (?:now |currently )?(?:in|back in) (?P<p1>[^\W\d][\w\s'’-]{1,30}?)(?: now| at the moment)?|"
    r"我(?:现在|現在|目前)?(?:人)?(?:已经|已經)?(?:在|到了?)(?P<p2>[^\W\d]{2,12}?)(?:了)?|"
    r"ich bin (?:jetzt |gerade |wieder )*in (?P<p3>[^\W\d][\w\s-]{1,30}?)(?: jetzt| gerade)?|"
    r"(?:أنا|انا) (?:الآن |الان |حاليا )?في (?P<p4>[^\W\d][\w\s]{1,30}?)(?: الآن| الان)?"
)
_SHOW = (
    r"(?:show|see|view)(?: me)? (?:my |the )?|(?:给我|給我|让我|讓我)?(?:看看?|查看|显示|顯示)(?:一下)?(?:我的)?|"
    r"(?:zeig(?:e|en sie)?|zeigt)(?: mir)?(?: bitte)?(?: meine?n?)? ?|(?:اعرض|أعرض|أرني|ارني|وريني)(?: لي)? ?"
)
_MEASURES: tuple[tuple[str, str], ...] = (
    ("blood_pressure", r"blood pressure|bp|血压|血壓|blutdruck|ضغط(?: الدم|ي| دمي)?|الضغط"),
    ("glucose", r"(?:blood )?(?:sugar|glucose)|血糖|blutzucker|zucker|(?:ال)?سكر(?:ي)?(?: الدم)?"),
    ("weight", r"weight|体重|體重|gewicht|(?:ال)?وزن(?:ي)?"),
    ("temperature", r"temperature|fever|体温|體溫|temperatur|(?:درجة )?(?:ال)?حرار(?:ة|تي)"),
    ("spo2", r"oxygen|spo2|血氧|sauerstoff|(?:ال)?[أا]كسجين"),
    ("peak_flow", r"peak flow|峰流速|peak-?flow|ذروة الجريان"),
    ("pain", r"pain|疼痛|schmerzen|(?:ال)?[أا]لم"),
)  # fmt: skip
_VALUES = r"readings|values|measurements|测量值|读数|數值|数值|讀數|測量值|(?:mess)?werte|قراءاتي|القياسات|قياساتي"
_TAIL = r"(?: ?(?:readings|values|chart|trend|记录|紀錄|记錄|曲线|曲線|图|圖|werte|verlauf))?"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{_AROUND}{_PLEASE}{_AROUND}(?:{pattern}){_AROUND}{_PLEASE}{_AROUND}")


_LISTS, _LATERS, _BEFORE, _AFTER, _PLACE, _PAUSES = map(_whole, (_LIST, _LATER, _NOT_BEFORE, _NOT_AFTER, _HERE, _PAUSE))
_SHOWS = tuple((name, _whole(rf"(?:{_SHOW})(?:{words}){_TAIL}")) for name, words in (*_MEASURES, ("", _VALUES)))
# In a sentence: not in the middle of a Latin word, and in a German one that goes on ("Blutdruckmessung").
_SPOKEN = tuple(
    (name, re.compile(rf"(?<![a-zäöüß])(?:{words})(?:(?![a-z])|(?<=blutdruck)|(?<=blutzucker)|(?<=gewicht))"))
    for name, words in _MEASURES
)
LONGEST = 80


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip() if len(text) <= LONGEST else ""


def is_list(text: str) -> bool:
    """Return whether somebody asks for their reminders, to see or change them."""
    return _LISTS.fullmatch(_folded(text)) is not None


def pause_words(text: str) -> str | None:
    """Return for how long or until when somebody wants no reminders, in their words, or None: they do not say so."""
    found = _PAUSES.fullmatch(_folded(text))
    return next((one for one in found.groups() if one), None) if found else None


def is_later(text: str) -> bool:
    """Return whether somebody wants the reminder that has just come once more, later."""
    return _LATERS.fullmatch(_folded(text)) is not None


def shown_measure(text: str) -> str | None:
    """Return of what somebody wants to see their readings ("": of whatever they told last), or None: of nothing."""
    said = _folded(text)
    return next((name for name, pattern in _SHOWS if pattern.fullmatch(said)), None) if said else None


def measures_in(text: str) -> frozenset[str]:
    """Return which measures a text of any length speaks of."""
    said = unicodedata.normalize("NFKC", text).casefold()
    return frozenset(name for name, pattern in _SPOKEN if pattern.search(said))


def is_measure(said: str) -> bool:
    """Return whether words are the name of what is measured and nothing else ("my sugar"); pain and fever are felt, and no such name."""
    named = re.sub(r"^(?:my|the|meine?n?|我的?)\s*", "", _folded(said))
    return named != "fever" and any(pattern.fullmatch(named) for name, pattern in _SPOKEN if name != "pain")


def quiet_wish(text: str, language: Language, now: object, known: tuple[str, str]) -> str | None:
    """Return the quiet hours (21:00-08:00) that somebody wants, or None. `known`: start and end as they are now."""
    said = _folded(text)
    for pattern, is_end in ((_BEFORE, True), (_AFTER, False)):
        found = pattern.fullmatch(said)
        clock = _clock(next((one for one in found.groups() if one), ""), language, now, evening=not is_end) if found else None
        if clock is not None:
            return f"{known[0]}-{clock}" if is_end else f"{clock}-{known[1]}"
    return None


def zone_wish(text: str, now: object) -> tuple[str, str] | None:
    """Return (time zone, place as it was written) of who says where they are, or None: no place that we know, or of many zones."""
    found = _PLACE.fullmatch(_folded(text))
    place = next((one for one in found.groups() if one), "").strip() if found else ""
    zone = _places().get(place)
    if zone is None and place in _regions():
        region = zone_of(_regions()[place], now)  # type: ignore[arg-type]
        zone = region.key if region is not None else None
    return None if zone is None else (zone, place)


def _clock(said: str, language: Language, now: object, *, evening: bool) -> str | None:
    number = re.fullmatch(r"(\d{1,2})(?::(\d\d))?(?: ?(?:uhr|o'clock|点|點))?", said.strip())
    if number is not None:
        hour = int(number[1]) + (12 if evening and int(number[1]) < 12 else 0)
        return f"{hour:02d}:{number[2] or '00'}" if hour < 24 and int(number[2] or 0) < 60 else None
    found = read_time(said, language, now)  # type: ignore[arg-type]
    return f"{found.at:%H:%M}" if isinstance(found, Moment) and found.grain in ("minute", "hour") else None


@cache
def _places() -> dict[str, str]:
    """Return the zone of each city that names one, in our languages, and of some that share another's."""
    from babel import Locale

    found = dict(_ALSO)
    for language in LANGUAGES:
        for zone, names in Locale.parse(LOCALES[language]).time_zones.items():
            if isinstance(names.get("city"), str):
                found.setdefault(_folded(names["city"]), zone)
    return {**_english(), **found}


@cache
def _english() -> dict[str, str]:
    from zoneinfo import available_timezones

    names = (one for one in sorted(available_timezones()) if one.count("/") == 1 and not one.startswith(("Etc/", "SystemV/")))
    return {_folded(one.split("/")[1].replace("_", " ")): one for one in names}


@cache
def _regions() -> dict[str, str]:
    from babel import Locale

    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale.parse(LOCALES[language]).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(_folded(name), code)
    return found


_ALSO = {
    **dict.fromkeys(
        ("beijing", "peking", "北京", "بكين", "guangzhou", "广州", "廣州", "shenzhen", "深圳", "成都"), "Asia/Shanghai"
    ),
    **dict.fromkeys(("munich", "münchen", "hamburg", "frankfurt", "köln", "慕尼黑", "ميونخ", "ميونيخ"), "Europe/Berlin"),
}
