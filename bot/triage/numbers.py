"""Durations and ages in five languages; home readings are in measurements.py. Pure grammar over the normalised text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.languages import Language
from bot.triage.measurements import measurements
from bot.triage.numerals import chinese_value

__all__ = ["age_years", "arabic_numerals", "duration_days", "measurements"]

_WORDS: dict[str, dict[str, float]] = {
    "en": {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "couple of": 2, "a couple of": 2, "few": 3, "a few": 3, "several": 4, "half a": 0.5},
    "de": {"ein": 1, "eine": 1, "einem": 1, "einer": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "anderthalb": 1.5, "eineinhalb": 1.5, "paar": 3, "ein paar": 3, "einigen": 4, "mehreren": 4, "halben": 0.5},
    "ar": {"واحد": 1, "اثنين": 2, "ثلاثه": 3, "ثلاث": 3, "تلات": 3, "اربعه": 4, "اربع": 4, "خمسه": 5, "خمس": 5, "سته": 6, "ست": 6, "سبعه": 7, "سبع": 7, "ثمانيه": 8, "ثمان": 8, "تسعه": 9, "تسع": 9, "عشره": 10, "عشر": 10, "كم": 3},
}  # fmt: skip
_UNIT_DAYS: dict[str, tuple[tuple[str, float], ...]] = {
    "zh": (("分钟", 1 / 1440), ("个?小时", 1 / 24), ("个?钟头", 1 / 24), ("天", 1), ("日", 1), ("晚上?", 1), ("个?星期", 7), ("个?礼拜", 7), ("周", 7), ("个?月", 30), ("年", 365)),
    "en": (("min(?:ute)?s?", 1 / 1440), ("h(?:ou)?rs?", 1 / 24), ("days?", 1), ("nights?", 1), ("weeks?", 7), ("wks?", 7), ("months?", 30), ("years?", 365)),
    "de": (("min(?:uten?)?", 1 / 1440), ("stunden?", 1 / 24), ("tage?n?", 1), ("nächten?", 1), ("wochen?", 7), ("monate?n?", 30), ("jahre?n?", 365)),
    "ar": (("دقائق|دقيقه", 1 / 1440), ("ساعات|ساعه", 1 / 24), ("ايام|يوم", 1), ("ليالي|ليله", 1), ("اسابيع|اسبوع", 7), ("شهور|اشهر|شهر", 30), ("سنوات|سنين|سنه", 365)),
}  # fmt: skip
_FIXED_DAYS: dict[str, tuple[tuple[str, float], ...]] = {
    "zh": (("刚才|刚刚|刚开始", 0.01), ("今天|今早|今晨|今晚", 0.5), ("昨天|昨晚|昨夜", 1), ("前天", 2), ("大前天", 3), ("半天", 0.5), ("这周|这星期|这个星期|这礼拜", 7), ("上周|上星期|上个星期|上礼拜", 7), ("上个月", 30), ("半年", 182), ("半个月", 15), ("一直以来|好几年|多年", 1000)),
    "en": (("just now|just started|a moment ago", 0.01), ("this morning|today|tonight|this afternoon", 0.5), ("yesterday|last night|overnight", 1), ("day before yesterday", 2), ("this week|last week", 7), ("last month", 30), ("fortnight", 14), ("for years|all my life", 1000)),
    "de": (("gerade eben|eben erst|soeben", 0.01), ("heute(?: morgen| früh| nacht)?", 0.5), ("gestern|letzte nacht", 1), ("vorgestern", 2), ("diese woche|letzte woche|letzter woche", 7), ("letzten monat", 30), ("seit jahren|schon immer|jahrelang", 1000), ("seit montag|seit dienstag|seit mittwoch|seit donnerstag|seit freitag|seit samstag|seit sonntag", 4)),
    "ar": (("الان|الحين|قبل شوي|توي", 0.01), ("اليوم|الصبح|الليله", 0.5), ("امبارح|البارح|البارحه|امس|مبارح", 1), ("اول امبارح|قبل امس|اول امس", 2), ("يومين", 2), ("اسبوعين", 14), ("شهرين", 60), ("سنتين", 730), ("ساعتين", 2 / 24), ("هذا الاسبوع|الاسبوع الماضي", 7), ("الشهر الماضي", 30), ("من زمان", 1000)),
}  # fmt: skip

_ZH_NUMBER = r"[零〇一二两俩三四五六七八九十百]+"
_ZH_UNITS = "|".join(unit for unit, _ in _UNIT_DAYS["zh"])


def arabic_numerals(text: str) -> str:
    """Return `text` with Chinese numerals as digits of the same meaning. Positions change: only for reading numbers."""
    # 两三天 is "two or three days": the larger counts.
    text = re.sub(r"[一二两三四五六七八]([二三四五六七八九])(?=个?(?:天|周|月|年|小时|星期|礼拜|日|晚))", r"\1", text)
    return re.sub(_ZH_NUMBER, lambda match: chinese_value(match.group(0)), text)


def duration_days(text: str, language: Language) -> float | None:
    """Return how long something has lasted, in days, or None. An age ("3 years old", "my mother, 82 years") is not a duration."""
    family = language[:2]
    plain = arabic_numerals(text) if family == "zh" else text
    found = [days for pattern, days in _FIXED_DAYS[family] if re.search(pattern, plain)]
    for unit, days in _UNIT_DAYS[family]:
        for match in re.finditer(_number_before(unit, family), plain):
            value = _value(match.group("n"), family)
            if value is not None and not _is_age(plain, match, family):
                found.append(value * days)
    return max(found) if found else None


@lru_cache(maxsize=256)
def _number_before(unit: str, family: str) -> str:
    if family == "zh":
        return rf"(?P<n>\d+(?:\.\d+)?|几|好几|半|多)(?:多)?(?:{unit})(?!前?岁|龄|大|孕|生的|生人)"
    words = "|".join(sorted(map(re.escape, _WORDS[family]), key=len, reverse=True))
    # "two to three weeks", "2-3 days": the longer counts.
    return rf"(?<![\w.,])(?:\d+ ?(?:-|to|bis) ?)?(?P<n>\d+(?:[.,]\d+)?|{words})[ -]?(?:full |long |whole |ganzen )?(?:{unit})(?![a-zäöüß])"


def _value(word: str, family: str) -> float | None:
    if word in ("几", "好几", "多"):
        return 4
    if word == "半":
        return 0.5
    if re.fullmatch(r"\d+(?:[.,]\d+)?", word):
        return float(word.replace(",", "."))
    return _WORDS.get(family, {}).get(word)


def _is_age(text: str, span: re.Match[str], family: str) -> bool:
    after = text[span.end() : span.end() + 12]
    if re.match({"en": r"[ -]?old", "de": r" ?alt|jährig", "ar": r" ?عمر", "zh": r"大|岁"}[family], after):
        return True
    return any(age.start() <= span.start("n") < age.end() for age in _ages(text, family))


_AGE: dict[str, str] = {
    "zh": r"(?P<n>\d{1,3})(?P<half>岁半|个半月)?(?P<unit>岁|周岁|个月大|个月(?=的?(?:宝宝|孩子|婴儿|娃|大))|天大|天的?新生儿|多岁|来岁)|(?:宝宝|孩子|娃|婴儿)(?:才|刚|现在)?(?P<n2>\d{1,3})(?P<unit2>个月|岁|天)",
    "en": r"(?P<n>\d{1,3})[ -]?(?P<unit>years?|yrs?|y/?o|months?|mo|weeks?|days?)[ -]?(?:of age|olds?|o\b)|\b(?P<n2>\d{1,3}) ?(?P<unit2>yo|y\.o\.|yr old|m/o)\b|\baged? (?P<n3>\d{1,3})\b|\bi am (?P<n4>\d{2})\b(?! (?:weeks|days|months))|\bi'm (?P<n5>\d{2})\b(?! (?:weeks|days|months))|\((?P<n6>\d{1,2})\)|\b(?:he|she)(?:'s| is) (?P<n7>\d{1,3})\b(?![.,/]?\d|%|°| ?(?:weeks|days|months|mo\b|kg|cm|kilos|pounds))",
    "de": r"(?P<n>\d{1,3})[ -]?(?P<unit>jahre?|monate?|wochen?|tage?) (?:alt|alten|alte|alter|altes)\b|\b(?P<n2>\d{1,3})[ -]?(?P<unit2>jährige[rn]?|jährig|monatige[rs]?)\b|\bbin (?P<n3>\d{2})\b(?!\.? ?(?:woche|ssw|tage))|\((?P<n4>\d{1,2})(?: j(?:ahre)?\.?)?\)|\bist (?P<n5>\d{1,2})(?: jahre)?\b(?=[\s,.]*(?:und|,|\.|$))",
    "ar": r"عمر[ههايي]*\s*(?P<n>\d{1,3})\s*(?P<unit>سنه|سنوات|سنين|شهر|شهور|اشهر|يوم|ايام|اسبوع)?|عمر[ههايي]*\s*(?P<word>سنتين|سنه|شهرين|شهر|يومين|اسبوعين|اسبوع)|عندي (?P<n2>\d{2}) سنه|(?<!من )(?<!منذ )(?P<n3>\d{1,2}) ?(?P<unit3>سنوات|سنين|شهور|اشهر) ?(?=عند|يعاني|حرار)|^(?P<n4>\d{1,2}) ?(?P<unit4>سنوات|سنين|شهور|اشهر)$",
}  # fmt: skip
# Right behind a person a span of years is how old they are: "my mother, 82 years, confused since yesterday". Read as a duration it
# would make the confusion an old one. Of children months are an age too.
_GROWN = {
    "en": r"mother|mom|mum|father|dad|grandma|grandmother|gran|nan|granny|grandpa|grandfather|granddad|husband|wife|partner|aunt|uncle|neighbou?r|brother|sister|man|woman|male|female|friend|patient|lady",
    "de": r"mutter|mama|mutti|vater|papa|vati|oma|opa|großmutter|großvater|mann|frau|ehemann|ehefrau|partner|partnerin|tante|onkel|nachbar|nachbarin|bruder|schwester|schwiegermutter|schwiegervater|freund|freundin|patient|patientin|dame|herr",
    "ar": r"امي|ماما|الوالده|والدتي|ابوي|ابي|بابا|الوالد|والدي|جدي|جدتي|ستي|سيدي|تيته|تيتا|زوجي|جوزي|زوجتي|مراتي|مرتي|خالتي|عمتي|خالي|عمي|اختي|اخي|اخوي|حماتي|حماي|جارتي|جاري|جارنا|انا|رجل|امراه",
}
_YOUNG = {
    "en": r"son|daughter|boy|girl|baby|child|kid|toddler|infant|grandson|granddaughter|nephew|niece|little one",
    "de": r"sohn|tochter|junge|mädchen|baby|kind|säugling|enkel|enkelin|neffe|nichte|kleiner|kleine",
    "ar": r"ابني|بنتي|ولدي|الولد|البنت|طفلي|طفلتي|طفل|طفله|رضيع|رضيعي|البيبي|حفيدي|حفيدتي",
}
_YEARS = {"en": r"years?|yrs?", "de": r"jahre?", "ar": r"سنه|سنوات|سنين|عام"}
_MONTHS = {"en": r"months?", "de": r"monate?", "ar": r"شهر|شهور|اشهر"}
_OF_PERSON = {
    family: re.compile(
        rf"\b(?:(?:{_GROWN[family]})\b[,،(]? ?(?P<n>(?:1[89]|[2-9]\d|1[01]\d))[ -]?(?P<unit>{_YEARS[family]})\b"
        rf"|(?:{_YOUNG[family]})\b[,،(]? ?(?P<n2>\d{{1,2}})[ -]?(?P<unit2>{_YEARS[family]}|{_MONTHS[family]})\b)"
    )
    for family in _GROWN
}
_AGE_UNIT = {"月": 1 / 12, "mo": 1 / 12, "شهر": 1 / 12, "شهور": 1 / 12, "اشهر": 1 / 12, "周": 7 / 365, "week": 7 / 365, "woche": 7 / 365, "اسبوع": 7 / 365, "天": 1 / 365, "day": 1 / 365, "tag": 1 / 365, "يوم": 1 / 365, "ايام": 1 / 365}  # fmt: skip
_AGE_WORDS = {"سنتين": 2.0, "سنه": 1.0, "شهرين": 2 / 12, "شهر": 1 / 12, "يومين": 2 / 365, "اسبوعين": 14 / 365, "اسبوع": 7 / 365}
_EN_AGE_WORDS = r"\b(?P<w>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[ -](?P<u>year|month|week|day)s?[ -]old"


def age_years(text: str, language: Language) -> float | None:
    """Return the age that is told, in years, or None."""
    family = language[:2]
    plain = arabic_numerals(text) if family == "zh" else text
    words = re.search(_EN_AGE_WORDS, plain) if family == "en" else None
    if words:
        return _WORDS["en"][words["w"]] * _age_factor(words["u"])
    match = next(_ages(plain, family), None)
    if match is None:
        return None
    groups = match.groupdict()
    if groups.get("word"):
        return _AGE_WORDS[groups["word"]]
    number = next((value for name, value in groups.items() if name.startswith("n") and value), None)
    unit = next((value for name, value in groups.items() if name.startswith("unit") and value), "")
    if number is None or not 0 <= int(number) <= 120:
        return None
    return int(number) * _age_factor(unit) + (0.5 if groups.get("half") == "岁半" else 0)


def _ages(plain: str, family: str) -> Iterator[re.Match[str]]:
    yield from re.finditer(_AGE[family], plain)
    if family in _OF_PERSON and any(map(str.isdigit, plain)):
        yield from _OF_PERSON[family].finditer(plain)


def _age_factor(unit: str) -> float:
    return next((factor for start, factor in _AGE_UNIT.items() if start in unit), 1.0)
