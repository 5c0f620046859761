"""The words for time in four language families, as `normalise` and `in_digits` leave them. Data only."""

from __future__ import annotations

import re

Words = dict[str, tuple[tuple[str, int], ...]]

# Longer words first: 大后天 before 后天.
DAYS: Words = {
    "zh": (("大后天", 3), ("大前天", -3), ("后天", 2), ("前天", -2), ("明天|明日|翌日|第2天|明(?=早|晚|上午|下午|中午)", 1), ("昨天|昨日|昨(?=晚|早|夜)", -1), ("今天|今日|当天|今(?=早|晚|夜|晨)", 0)),
    "en": (("(?:the )?day after tomorrow", 2), ("(?:the )?day before yesterday", -2), ("tomorrow|tmrw|tmr", 1), ("yesterday", -1), ("today|tonight|tonite|this (?=morning|afternoon|evening)", 0)),
    "de": (("übermorgen", 2), ("vorgestern", -2), ("morgen(?= (?:früh|vormittag|mittag|nachmittag|abend|um|nacht)|$|,|\\.| )(?<!heute morgen)(?<!jeden morgen)(?<!gestern morgen)(?<!am morgen)(?<!guten morgen)", 1), ("gestern", -1), ("heute", 0)),
    "ar": (("بعد (?:ال)?غد|بعد بكر[هاي]", 2), ("اول (?:امس|امبارح|البارحه)|قبل امس", -2), ("غدا|الغد|بكر[هاي]|باكر", 1), ("امس|امبارح|مبارح|البارحه|البارح", -1), ("اليوم|الليله|النهارده|هذا اليوم", 0)),
}  # fmt: skip
WEEKDAYS: Words = {
    "zh": tuple((rf"(?:周|星期|礼拜){name}", day) for name, day in (("1", 0), ("2", 1), ("3", 2), ("4", 3), ("5", 4), ("6", 5), ("[日天7]", 6))),
    "en": (("mon(?:day)?", 0), ("tue(?:s(?:day)?)?", 1), ("wed(?:nesday)?", 2), ("thu(?:r(?:s(?:day)?)?)?", 3), ("fri(?:day)?", 4), ("sat(?:urday)?", 5), ("sun(?:day)?", 6)),
    "de": (("montag|mo", 0), ("dienstag|di", 1), ("mittwoch|mi", 2), ("donnerstag|do", 3), ("freitag|fr", 4), ("samstag|sonnabend|sa", 5), ("sonntag|so", 6)),
    "ar": (("(?:يوم )?(?:الاثنين|الاتنين|اثنين)", 0), ("(?:يوم )?الثلاثاء?|الثلاثا|التلات", 1), ("(?:يوم )?الاربعاء?|الاربعا", 2), ("(?:يوم )?الخميس", 3), ("(?:يوم )?الجمعه", 4), ("(?:يوم )?السبت", 5), ("(?:يوم )?الاحد", 6)),
}  # fmt: skip
MONTHS: Words = {
    "zh": (),
    "en": tuple((name, number) for number, name in enumerate(["jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"], 1)),
    "de": tuple((name, number) for number, name in enumerate(["jan(?:uar)?|jänner", "feb(?:ruar)?", "märz|maerz|mrz", "apr(?:il)?", "mai", "juni?", "juli?", "aug(?:ust)?", "sept?(?:ember)?", "okt(?:ober)?", "nov(?:ember)?", "dez(?:ember)?"], 1)),
    "ar": tuple((name, number) for number, name in enumerate(["يناير|كانون الثاني", "فبراير|شباط", "مارس|اذار", "ابريل|نيسان", "مايو|ايار", "يونيو|حزيران", "يوليو|تموز", "اغسطس|اب", "سبتمبر|ايلول", "اكتوبر|تشرين الاول", "نوفمبر|تشرين الثاني", "ديسمبر|كانون الاول"], 1)),
}  # fmt: skip
UNITS: dict[str, tuple[tuple[str, str], ...]] = {
    "zh": (("分钟?(?!之)|分(?=后|前)", "minute"), ("个?(?:小时|钟头)", "hour"), ("天|日(?!期)", "day"), ("个?(?:星期|礼拜)|周", "week"), ("个月", "month"), ("年", "year"), ("秒钟?", "second")),
    "en": (("min(?:ute)?s?", "minute"), ("hours?|hrs?", "hour"), ("days?", "day"), ("weeks?|wks?", "week"), ("months?", "month"), ("years?|yrs?", "year"), ("sec(?:ond)?s?", "second"), ("fortnights?", "fortnight")),
    "de": (("min(?:uten?)?", "minute"), ("stunden?|std", "hour"), ("tag(?:e[ns]?)?", "day"), ("wochen?", "week"), ("monat(?:e[ns]?|s)?", "month"), ("jahr(?:e[ns]?)?", "year"), ("sekunden?", "second")),
    "ar": (("دقيقه|دقاءق|دقايق|دقائق", "minute"), ("ساعه|ساعات", "hour"), ("يوم|ايام", "day"), ("اسبوع|اسابيع", "week"), ("شهر|شهور|اشهر", "month"), ("سنه|سنوات|سنين|عام|اعوام", "year"), ("ثانيه|ثواني", "second")),
}  # fmt: skip
DUALS: dict[str, str] = {"دقيقتين": "minute", "ساعتين": "hour", "يومين": "day", "اسبوعين": "week", "شهرين": "month", "سنتين": "year", "عامين": "year"}  # fmt: skip
FEW: dict[str, str] = {
    "zh": r"半个?|几个?|\d+(?:\.\d+)?个?半?",
    "en": r"half an?|half|an?|a couple(?: of)?|a few|\d+(?:\.\d+)?(?: and a half)?",
    "de": r"halbe[nrs]?|eineinhalb|anderthalb|ein(?:e[rnm]?)?|ein paar|paar|\d+(?:[.,]\d+)?",
    "ar": r"نصف|نص|\d+(?:\.\d+)?",
}
FEW_VALUES: dict[str, float] = {"half an": 0.5, "half a": 0.5, "half": 0.5, "a": 1, "an": 1, "a couple": 2, "a couple of": 2, "a few": 3, "半": 0.5, "半个": 0.5, "几": 3, "几个": 3, "eineinhalb": 1.5, "anderthalb": 1.5, "ein paar": 3, "paar": 3, "نصف": 0.5, "نص": 0.5}  # fmt: skip
# Direction of a count: before or after now.
AGO = {"zh": (r"", r"(?:以|之)?前"), "en": (r"", r" (?:ago|earlier|before)"), "de": (r"vor (?:etwa |ca\.? |rund )?", r""), "ar": (r"(?:قبل|من|منذ) (?:حوالي )?", r"")}  # fmt: skip
LATER = {"zh": (r"(?:过|再过)?", r"(?:以|之)?后|(?<=过)"), "en": (r"(?:in|within) (?:about )?|", r"(?: from now| later| from today)?"), "de": (r"(?:in|nach) (?:etwa |ca\.? )?", r""), "ar": (r"(?:بعد|خلال|في خلال) (?:حوالي )?", r"")}  # fmt: skip
# One unit further or back, and the present one; zh before the unit, others around it.
NEXT = {"zh": (r"下(?:1)?个?", r""), "en": (r"(?:the )?(?:next|coming|following|upcoming) ", r""), "de": (r"(?:der |die |das |den )?(?:nächste[rnms]?|kommende[rnms]?|folgende[rnms]?) ", r""), "ar": (r"(?:ال)?", r" (?:ال)?(?:قادمه?|جايه?|مقبله?|تاليه?|الي جاي)")}  # fmt: skip
LAST = {"zh": (r"上(?:1)?个?", r""), "en": (r"(?:the )?(?:last|past|previous) ", r""), "de": (r"(?:der |die |das |den |im )?(?:letzte[rnms]?|vorige[rnms]?|vergangene[rnms]?) ", r""), "ar": (r"(?:ال)?", r" (?:ال)?(?:ماضيه?|فاءته?|فايته?|سابقه?|الي فات)")}  # fmt: skip
THIS = {"zh": (r"(?:这|本|今)(?:1)?个?", r""), "en": (r"(?:this|the current) ", r""), "de": (r"(?:diese[rnms]?|aktuelle[rnms]?) ", r""), "ar": (r"(?:هذا|هذه|هاد|هالا?) ?(?:ال)?", r"")}  # fmt: skip
# Parts of the day: hours, and the hour to remind at.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "zh": (("凌晨|半夜|深夜", "night"), ("早上|早晨|清晨|清早|1早|上午|早(?=\\d|$|晚|中|上|各)|晨|(?<=[今明昨天])早", "morning"), ("中午|午间|正午", "noon"), ("下午|午后|晏昼", "afternoon"), ("晚上|傍晚|夜里|夜晚|今晚|(?<=[今明昨天早每中])晚|晚(?=\\d|各)", "evening"), ("睡前|临睡", "bedtime")),
    "en": (("(?:early |late )?morning|a\\.m\\b", "morning"), ("noon|midday|lunch(?:time)?", "noon"), ("afternoon", "afternoon"), ("evening|tonight|tonite", "evening"), ("bed ?time|before bed", "bedtime"), ("night|midnight", "night")),
    "de": (("vormittags?|morgens|(?<=heute )morgen|früh|(?:am |jeden )morgen", "morning"), ("nachmittags?", "afternoon"), ("mittags?", "noon"), ("abends?", "evening"), ("vor dem schlafen|beim zubettgehen", "bedtime"), ("nachts?", "night")),
    "ar": (("صباحا|الصباح|صباح|الصبح|صبح|الفجر", "morning"), ("الظهر|ظهرا|ظهر", "noon"), ("العصر|عصرا|بعد الظهر", "afternoon"), ("مساءا?|المساء|مسا|المغرب|العشاء?|الليله", "evening"), ("قبل النوم", "bedtime"), ("ليلا|الليل|بالليل|ليله", "night")),
}  # fmt: skip
HOURS = {"morning": (6, 12, 8), "noon": (11, 14, 12), "afternoon": (12, 18, 15), "evening": (18, 22, 20), "bedtime": (21, 23, 22), "night": (22, 30, 22)}  # fmt: skip
AFTER_NOON = frozenset({"afternoon", "evening", "bedtime"})
NOW = {
    "zh": r"现在|此刻|马上|立刻",
    "en": r"\b(?:right now|now|immediately|at the moment)\b",
    "de": r"\b(?:jetzt|sofort|gerade eben)\b",
    "ar": r"الان|الحين|هلا|دلوقتي",
}
EVERY = {
    "zh": r"每|天天|日日|1天\d+次|1日\d+次|隔\d*天|隔日",
    "en": r"\bevery\w*\b|\beach\b|\bdaily\b|\bweekly\b|\bmonthly\b|\bhourly\b|\byearly\b|\bannually\b|\b(?:once|twice|\d+ times|\d+x) (?:an?|per|every|each) |\b(?:morning|evening|night|mon|tues|wednes|thurs|fri|satur|sun|week)(?:day)?s\b|\bweekends\b|\bbid\b|\btid\b",
    "de": r"\bjede[nrsm]?\b|\balle\b(?= (?:\d|ein|zwei|paar|halbe))|täglich|wöchentlich|monatlich|stündlich|jährlich|\b(?:ein|zwei|drei|vier|\d+)[ -]?mal (?:am|pro|in der|im|die) |\b\d+x (?:am|pro|täglich)|\b(?:morgens|mittags|abends|nachts)\b.*\b(?:und|,)|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)s\b",
    "ar": r"(?<![ء-ي])كل(?= )|يوميا|اسبوعيا|شهريا|سنويا|(?:مره|مرتين|\d+ مرات) (?:في|ب|كل) ?(?:ال)?(?:يوم|اسبوع|شهر)",
}
ALTERNATE = re.compile(
    r"隔(?:1)?[天日]|every other|every second|every 2(?:nd)?|jede[nrs]? (?:2\.|zweite[nrs]?)|كل يومين|يوم (?:بعد|و) يوم|يوم ويوم لا"
)
ADVERBS = {"hour": r"hourly|stündlich|每(?:个)?小时", "day": r"daily|everyday|täglich|每[天日晚早]|天天|日日|يوميا", "week": r"weekly|wöchentlich|每(?:个)?(?:周|星期|礼拜)|اسبوعيا", "month": r"monthly|monatlich|每(?:个)?月|شهريا", "year": r"yearly|annually|jährlich|每年|سنويا"}  # fmt: skip
