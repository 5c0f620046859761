"""Home readings in the notations of five languages: read right, asked, or left alone; never guessed. Pure.

A number is a reading when a unit or a word beside it says so (clinical table §4.2). Everything else that has digits,
dates, times, prices, doses, ages, rooms, phone numbers and counts, is blanked out before the reading begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.languages import Language
from bot.triage.numerals import Digits, in_digits
from bot.triage.types import Measurement

MMOL_PER_MG = 18.016
KPA, CMHG = 7.5, 10.0

# Kinds of cue words; "other" takes a number away from every reading.
_CUES: dict[str, str] = {
    "temperature": r"(?:发|高|低)[烧热]|烧(?!伤|烤|饭|菜|水|心|开|杯)|退烧|体温|温度|量得|🤒|🌡|\bfever(?:ish)?\b|\btemp(?:erature)?s?\b|\bfebrile\b|\bburning up\b|fieber\w*|\btemp(?:eratur)?(?:en)?\b|körpertemperatur|حرار\w*|سخون\w*|سخن\w*|حمي",
    "systolic": r"高压|上压|上[面边](?=(?:是|有)?\d)|收缩压|\bsystol\w*|\btop (?:number|value)\b|\bupper (?:number|value|reading)\b|oberer? wert|الانقباضي|انقباضي|الضغط العالي|العالي",
    "diastolic": r"低压|下压|下[面边](?=(?:是|有)?\d)|舒张压|\bdiastol\w*|\bbottom (?:number|value)\b|\blower (?:number|value|reading)\b|unterer? wert|الانبساطي|انبساطي|الواطي|الضغط المنخفض",
    "pressure": r"血压|\b(?:blood )?pressure\b|\bbp(?=\d|\b)|blutdruck\w*|\brr(?=[ :=]*\d{2,3} ?(?:/|:|zu|auf))|\b(?:der|mein) druck\b|(?:ال)?ضغط\w*",
    "a1c": r"糖化(?:血红蛋白)?|hba ?[1#]c|\ba[1#]c\b|langzeitzucker|langzeitwert|السكر التراكمي|التراكمي|تراكمي|هيموجلوبين سكري",
    "glucose": r"血糖(?![仪计])|空腹(?!吗|[,，])|(?:餐|饭)[前后]|\b(?:blood )?(?:sugar|glucose)s?\b|\bfasting\b|\bbgl?\b|blutzucker\w*|\bzucker\w*|\bbz\b|nüchtern(?:wert|zucker)?|glukose|(?:ال)?(?:سكر|سكري|جلوكوز|غلوكوز)\b",
    "oxygen": r"血氧(?:饱和度?)?|氧饱和度?|\bsp ?o[2o]\b|\b(?:blood )?oxygen\b|\bo[2o]\b|\bsat(?:s|uration|uration level)?\b|sauerstoff\w*|sättigung|(?:ال)?[اك]?كسجين|تشبع",
    "pulse": r"心率|脉搏|脉率|心跳|\bpulse(?: rate)?\b|\bheart ?(?:rate|beat)s?\b|\bhr(?=\d|\b)|\bpuls\b|herzfrequenz|herzschlag|ruhepuls|(?:ال)?نبض\w*|ضربات القلب|دقات القلب",
    "weight": r"体重|\bweigh(?:s|t|ing|ed)?\b|\bwieg[et]?\b|\bgewicht\b|körpergewicht|وزن\w*",
    "change": r"瘦|胖|减|掉了|增|[轻重]了|\b(?:lost|lose|losing|gained|gain|put on|dropped)\b|\b(?:abgenommen|zugenommen|verloren|nehme|nahm)\b|نزل\w*|زاد|زدت|خسرت|نقص\w*|فقدت",
    "other": r"室温|水温|气温|天气|外面|热水|冰箱|近视|远视|散光|视力|角度|弯|胆固醇|甘油|尿酸|肌酐|血脂|(?<!糖化)血红蛋白|白细胞|血小板|转氨酶|血钾|钾|血酮|酮|呼吸|\brr\b(?![ :=]*\d{2,3} ?(?:/|:|zu|auf))|身高|鞋|尺码|码|年龄|房|床|楼|号码|编号|价|花了|钱|米饭|大米|行李|搬|提|举|背|买|[一二三四五六七八九十\d]袋|电量|湿度|人数|成功率|"
    r"\b(?:room|ward|bed|floor|flat|apartment|house|bus|line|page|ticket|(?<!top )(?<!bottom )(?<!upper )(?<!lower )number|no\.|code|pin|flight|gate|row|seat|chapter|bmi|cholesterol|ldl|hdl|triglycerides|creatinine|potassium|sodium|uric|crp|wbc|hb|h(?:a)?emoglobin|ferritin|tsh|ketones?|respiratory|breathing rate|breaths|height|size|shoes?|waist|weather|outside|outdoors|oven|water|bath|tyres?|tires?|angle|bend|humidity|battery|price|costs?|paid|pay|lift(?:ed|ing)?|carry|carried|carrying|bag|suitcase|parcel|dumbbells?|rice|chance|success|risk|discount|speed|score|match|street|road|avenue|resolution|iphone|windows|insulin)\b|"
    r"\b(?:zimmer|raum|station|bett|stock|etage|haus(?:nummer)?|bus|linie|seite|nummer|nr\.?|code|pin|flug|gleis|reihe|platz|kapitel|cholesterin|kreatinin|kalium|natrium|harnsäure|hämoglobin|ferritin|ketone?|atemfrequenz|atemzüge|größe|schuh\w*|konfektions\w*|taille|wetter|draussen|außentemperatur|ofen|wasser|waschmaschine|reifen|winkel|beugen|luftfeuchtigkeit|akku|preis|kostet\w*|bezahlt|heben|gehoben|trage|getragen|hantel\w*|koffer|paket|reis|sack|rabatt|strasse|allee|insulin)\b|"
    r"(?:ال)?(?:غرفه|سرير|طابق|الدور|باص|خط|صفحه|رقم|كود|رحله|بوابه|كوليسترول|كولسترول|كرياتينين|بوتاسيوم|هيموجلوبين(?! سكري)|طول|طوله|طولي|مقاس|حذاء|الطقس|الجو|بره|الماء|فرن|بطاريه|سعر|ثمن|دفعت|شارع|حقيبه|رز|تنفس|انسولين)\b",
}
_CUE_RE = {kind: re.compile(pattern) for kind, pattern in _CUES.items()}

_TEMP_DEGREE = r"° ?c\b|° ?f\b|°|度|摄氏度?|华氏度?|\bgrad(?: celsius| fahrenheit)?\b|\bdegrees?(?: celsius| fahrenheit| c\b| f\b)?|\bdeg\b|درجه(?: مئويه| مييويه| فهرنهايت)?|درجات|\bcelsius\b|\bfahrenheit\b|\bf\b|\bc\b"
_UNITS: tuple[tuple[str, str], ...] = (
    ("cmhg", r"cm ?hg|厘米汞柱"),
    ("mmhg", r"mm ?hg|毫米汞柱|ملم زيبق|مم زيبق|ملم زئبق"),
    ("kpa", r"k ?pa\b|千帕"),
    ("mmol/mol", r"mmol ?/ ?mol"),
    ("mmol", r"m ?mol(?: ?/ ?l(?:iter)?)?\b|毫摩尔?(?:每升|/升)?|个?毫摩|ملي ?مول\w*(?:[/ ]ل\w*)?"),
    ("mgdl", r"mg ?(?:/|per|pro)? ?d[lt]\b|mg%|毫克(?:/|每)?分升|م(?:ل)?[غج]م?(?:/| لكل )(?:دل|ديسيلتر)"),
    ("percent", r"%|٪|\bpercent\b|\bprozent\b|بالمي?ه|في المي?ه|بالمءه"),
    ("bpm", r"(?:次|下|跳)(?:/|每)?(?:分钟?|min)|\bbpm\b|(?:beats|times|x|mal|schläge)? ?(?:/|per|a|pro|in der) ?min(?:ute)?\b|(?:نبضه|ضربه|مره|دقه)? ?(?:في|/|ب) ?الدقيقه"),
    ("kg", r"公斤|千克|kgs?\b|kilos?\b|kilograms?\b|kilogramm\b|كيلو(?:جرام|غرام)?|كغم?|كجم"),
    ("jin", r"市?斤"),
    ("pound", r"lbs?\b|pounds?\b|磅|رطل|باوند"),
    ("pfund", r"pfund\b"),
    ("stone", r"stones?\b|st\b|英石"),
    ("degree", _TEMP_DEGREE),
)  # fmt: skip
_UNIT_RE = tuple((name, re.compile(rf" ?(?:{pattern})")) for name, pattern in _UNITS)

_MONTHS = r"jan\w*|feb\w*|mar(?:ch)?|mär\w*|apr\w*|may|mai|june?|juni|july?|juli|aug\w*|sep\w*|okt\w*|oct\w*|nov\w*|de[cz]\w*|يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر|شباط|اذار|نيسان|ايار|حزيران|تموز|ايلول|تشرين|كانون|رمضان|محرم|شعبان|شوال"
_COUNTED = (
    r"个?(?:小时|钟头|分钟|秒|星期|礼拜|月)|天|日|周|年|次(?!/|每)|遍|个(?!毫摩)|人|位|名|例|张|本|只|杯|碗|盒|瓶|片|粒|颗|滴|袋|支|包|单位|岁|级|楼|层|室|房|床|号|路|页|码|元|块|毛|美元|欧元|公分|厘米|毫米|公里|米|毫克(?!/|每)|克|微克|毫升|升|"
    r"mg(?! ?(?:/|per|pro)? ?d[lt]|%)|mcg|µg|μg|ug|g\b|grams?|ml|l\b|liters?|litres?|iu\b|units?|ie\b|einheiten|tablets?|pills?|capsules?|drops|puffs|tabletten?|kapseln?|tropfen|stück|hübe|cm|mm(?! ?hg)|km|m\b|meters?|metres?|zentimeter|inch(?:es)?|feet|ft|miles?|kmh|"
    r"years?|yrs?|yo\b|y/o|months?|weeks?|wks?|days?|nights?|hours?|hrs?|h\b|minutes?|mins?(?!ute)|seconds?|secs?|times(?! (?:a|per) min)|x\b|people|persons?|patients?|kids|children|friends|steps|stairs|"
    r"jahre?n?|jährige?[rn]?|monate?n?|wochen?|tage?n?|nächten?|stunden?|std|minuten?|min\b|sekunden?|mal\b(?! ?(?:pro|in der) ?min)|leute|personen|kinder|stufen|schritte|"
    r"سنه|سنوات|سنين|عام|اعوام|شهور|اشهر|شهر|اسابيع|اسبوع|ايام|يوم|ليالي|ليله|ساعات|ساعه|دقايق|دقاءق|دقيقه|ثانيه|مرات|مره(?! في الدقيقه)|اشخاص|شخص|اطفال|حبات|حبه|قرص|اقراص|ملغ(?!م?/)|ملجم|مجم|مل\b|وحدات|وحده|نقط|قطرات|سم\b|متر|كم\b|ريال|جنيه|دينار|درهم|ليره|دولار|يورو|"
    r"euros?|eur\b|€|dollars?|\$|usd|rmb|yuan|cents?|chf|quid"
)
# What has digits and is no reading, in the order in which it is blanked.
_NO_READING = tuple(
    re.compile(pattern)
    for pattern in (
        r"https?://\S+|\S+@\S+",
        r"a ?1c\b",
        r"(?:电话|手机|微信|qq|tel\.?|phone|mobile|call|handy|telefon|anruf\w*|rufnummer|هاتف|جوال|موبايل|رقمي|تلفون)[^\d\n]{0,12}[+\d][\d \-/()]{4,}\d",
        r"(?<![\d.])(?:\+|00)\d[\d \-()]{7,}\d",
        r"(?<![\d./])\d{2,5}[- ]\d{3,4}[- ]\d{3,5}(?!\d)",
        r"\d{7,}",
        r"\d{4} ?[-/.年] ?\d{1,2}(?: ?[-/.月] ?\d{1,2}[日号]?)?",
        r"(?<![\d.])\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)",
        r"\d{1,2} ?月(?: ?\d{1,2} ?[日号]?)?",
        rf"\d{{1,2}}\.? ?(?:of )?(?:{_MONTHS})\b(?:,? \d{{4}})?|\b(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?!/)(?:,? \d{{4}})?",
        r"\b(?:on|since|until|by|am|vom|bis|seit|ab|dem|termin|appointment|يوم|بتاريخ|موعد\w*) (?:the |dem )?\d{1,2}[/.]\d{1,2}\.?(?![\d])",
        r"\d{1,2}[/.]\d{1,2}[号日]",
        r"\d{1,2}(?:st|nd|rd|th)\b",
        r"(?<!\d)(?:[01]?\d|2[0-4])[:h]\d{2}(?!\d)(?: ?[ap]\.?m\.?| ?uhr)?",
        r"(?<![\d.])\d{1,2} ?(?:[ap]\.?m\b\.?|o'?clock|uhr\b(?: ?\d{2})?)|(?:at|um|gegen) \d{1,2}(?= (?:in the|tonight|today|tomorrow|heute|morgen|abends))",
        r"(?<!\d)(?:[01]?\d|2[0-4])点(?:半|钟|整|\d{1,2}分)",
        r"(?:上午|下午|早上|晚上|中午|凌晨|明天|后天)(?:[01]?\d|2[0-4])点\d{0,2}",
        r"(?:الساعه) ?\d{1,2}(?:[:.]\d{2})?",
        r"[€$£¥] ?\d+(?:[.,]\d+)*",
        r"\b(?:aged?|age:?|i'?m|i am|ich bin|bin|alter:?|عمر\w*|年龄|今年|刚满)[ :]*\d{1,3}(?![\d.,]\d|\d| ?(?:kg|kilo|lb|pound|公斤|斤|°|degrees|grad|度|weeks|wochen|/|cm))",
        r"\b(?:he|she|er|sie|mother|father|son|daughter|mutter|vater)(?:'s| is| ist| was) (?:only |now |erst |jetzt )?\d{1,3}(?![\d.,]\d|\d|[/%°]| ?(?:kg|kilo|lb|pound|degrees|grad|c\b|f\b|cm))",
        r"\b(?:room|ward|bed|floor|flat|apartment|house|bus|line|page|ticket|gate|row|seat|platform|zimmer|raum|station|bett|haus(?:nummer)?|linie|seite|gleis|reihe|platz|nr\.?|no\.|(?<!top )(?<!bottom )(?<!upper )(?<!lower )number|nummer|extension|pin|code|row|size|grösse|größe|غرفه|الغرفه|سرير|رقم|طابق|الطابق|الدور|مقاس|第|房间|病房|座位|票号|排队) ?(?:number |nummer |no\.? |nr\.? |رقم |号)?[a-z]?\d+(?:[/-]\d+)?",
        r"\bstr(?:asse|aße|\.) ?\d+|\w+strasse \d+|\d+[a-z]? [a-z]+ (?:street|st\.|road|rd\.|avenue|ave\.)",
        rf"(?<![\d./+-])(?<!\d[,:])\d+(?:[.,]\d+)?(?: ?(?:-|到|至|to|bis|or|oder|الي) ?\d+(?:[.,]\d+)?)?[ -]?(?:{_COUNTED})(?![a-zäöü])",
        r"(?:[一-鿿] ?)?第\d+",
        r"\b(?:rtx|covid|vitamin|iphone|galaxy|windows|a4|b12|d3|t3|t4|l[1-5]|c[1-7]|omega|ft[34]|ca)[ -]?\d+(?:/\d+)?\b",
    )
)  # fmt: skip
_BEFORE_A_DECIMAL = re.compile(r"(?:血糖|餐后|饭后|空腹|体温|糖化|烧到?)[^\d]{0,4}$")

_POINT = r"(?:[.]\d{1,2}(?!\d)|,\d(?!\d)|(?<=\d\d),\d\d(?!\d)|[度点]\d(?![\d#])| ?(?:point|komma|فاصله|نقطه) ?\d(?!\d))"
_HALF = r"(?:度半|点半(?=度)| and a half| ?و ?نصف?(?![ء-ي]))"
_NUMBER = rf"(?<![\d.#+])(?<!\d[,:])(?<!#[,:])\d{{1,3}}(?:{_POINT}|{_HALF})?(?![\d#])(?!\.\d|:\d)"
_NUMBER_RE = re.compile(_NUMBER)
_STRONG = r" ?(?:/|over|\bzu\b|\bauf\b|علي|比|\bon\b|\bby\b|\\) ?"
_WEAK = r" ?(?:[,:،、和跟到&-]|\bund\b|\band\b| و ?|\bwith\b) ?| "
_PAIR_RE = re.compile(
    rf"(?<![\d.#/+-])(?<!\d[,:])(?<!#[,:])(?P<s>\d{{2,3}}(?:[.,]\d)?)[多几]?(?: ?mm ?hg)?(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK}))(?P<d>\d{{1,3}}(?:[.,]\d)?)(?![\d#/]|[.,]\d|:\d)"
)
# Words that may stand between a cue and its number, and after the number: the two still belong together.
_FILLER = r"(?:is|was|of|at|it|about|around|approx\w*|roughly|nearly|almost|now|today|this|last|morning|evening|night|still|up|to|only|just|reading|readings|level|levels|value|measured|says|shows|showed|showing|went|goes|dropped|drops|fell|falls|down|rate|currently|yesterday|the|a|my|your|his|her|in|after|before|meal|breakfast|lunch|dinner|eating|and|says|high|low|very|been|has|had|resting|rest|has been|number|ist|war|bei|liegt|lag|auf|von|ca|etwa|rund|um|über|unter|fast|heute|jetzt|gerade|aktuell|morgen|abend|früh|gestern|nacht|wert|werte|noch|nur|immer|zeigt|gemessen|beträgt|nach|vor|dem|der|den|das|mein|meine|essen|frühstück|hoch|niedrig|steht|habe|hab|ich|und|wieder|jetzt|im|am|هو|هي|كان|كانت|الان|اليوم|حوالي|تقريبا|وصل|وصلت|الي|عند|علي|قياس|نسبه|مستوي|طلع|طلعت|صار|صارت|عندي|عنده|عندها|امس|الصبح|صايم|بعد|قبل|الاكل|الفطور|في|من|فوق|تحت|مرتفع|عالي|منخفض|و|الدم|تاعي|معدل|قراءه|درجه|درجته|درجتها|جسمي|حقي|الجسم|القلب|دمي|لي)"
_TIGHT_GAP = re.compile(rf"^(?:[\s:=,،~≈>_\-()\"'?!.]|{_FILLER}(?![a-zäöüء-ي])|[^\x00-\xff؀-ۿ])*$")
_FOLLOWED_BY = re.compile(rf"^\s*(?:$|[^a-zäöüء-ي\s]|{_FILLER}(?![a-zäöüء-ي])|(?:but|since|with|for|when|he|she|i|we|so|then|again|right|on|seit|aber|mit|wenn|er|sie|dann|morgens|abends|nüchtern|was|عندي|مع|منذ|لكن|صباحا|مساء|و)(?![a-zäöüء-ي]))")  # fmt: skip
_SENTENCE_END = re.compile(r"[。!！?？;；\n؟]|\.(?=\s|$)")


@dataclass(frozen=True)
class _Cue:
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class _Value:
    number: float
    start: int
    end: int
    decimal: bool
    unit: str
    unit_end: int
    second: float | None = None
    weak: bool = False


def measurements(text: str, language: Language) -> tuple[Measurement, ...]:
    """Return the home readings of a normalised text; `sure` is False where the unit or the number has to be asked.

    An unsure reading holds the more dangerous of the possible values. A number that no unit and no word explains is
    no reading.
    """
    digits = in_digits(text, language[:2])
    if not re.search(r"\d", digits.text):
        return ()
    found: list[Measurement] = []
    plain = _take_pain(digits, digits.text, found)
    plain = _take_weeks(digits, plain, found)
    plain = _take_stone(digits, plain, found)
    plain = _blanked(plain)
    if not re.search(r"\d", plain):
        return tuple(found)
    cues = _cues(plain)
    used: set[_Cue] = set()
    for value in _values(plain):
        found += _readings(value, plain, cues, used, digits, language)
    return tuple(found)


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"\d", "#", text[start:end]) + text[end:]


def _blanked(text: str) -> str:
    text = re.sub(r"o2\b", "oo", text)  # the 2 of SpO2 is no number
    for pattern in _NO_READING:
        for match in pattern.finditer(text):
            clock = re.match(r"\D*\d{1,2}点\d", match.group(0))
            if not (clock and _BEFORE_A_DECIMAL.search(text[: match.start()])) and not _per_minute(text, match):
                text = _blank(text, *match.span())
    return text


def _per_minute(text: str, match: re.Match[str]) -> bool:
    """Whether a count ("90次") goes on to be a rate ("90次每分钟", "每分钟90次", "90 mal pro Minute")."""
    before, after = text[max(0, match.start() - 8) : match.start()], text[match.end() : match.end() + 16]
    counted = re.search(r"(?:次|下|x|mal|times|مره)$", match.group(0))
    return bool(counted and (re.search(r"每分钟?|/分|per minute", before) or re.match(r" ?(?:/|每|per|a|pro|in der|في) ?(?:分|min|ال)", after)))  # fmt: skip


def _cues(text: str) -> list[_Cue]:
    found = [_Cue(kind, *match.span()) for kind, pattern in _CUE_RE.items() for match in pattern.finditer(text)]
    # "糖化血红蛋白" is no "血红蛋白", "السكر التراكمي" no "السكر": the longer word counts.
    return [cue for cue in found if not any(_inside(cue, other) for other in found)]


def _inside(cue: _Cue, other: _Cue) -> bool:
    longer = other.end - other.start > cue.end - cue.start
    return longer and other.start <= cue.start and cue.end <= other.end


def _values(text: str) -> Iterator[_Value]:
    pairs = [match for match in _PAIR_RE.finditer(text) if _is_pair(match)]
    for match in pairs:
        unit, end = _unit(text, match.end())
        high, low = _float(match["s"]), _float(match["d"])
        decimal = "." in match["s"] or "," in match["s"]
        yield _Value(high, match.start(), match.end(), decimal, unit, end, low, bool(match["weak"]))
    for match in _NUMBER_RE.finditer(text):
        if not any(pair.start() <= match.start() < pair.end() for pair in pairs):
            unit, end = _unit(text, match.end())
            number = match.group(0)
            degree = "degree" if re.search(r"度\d|度半", number) and not unit else unit
            decimal = bool(re.search(r"\D", number))
            yield _Value(_float(number), match.start(), match.end(), decimal, degree, end)


def _is_pair(match: re.Match[str]) -> bool:
    """Whether two numbers look like a blood pressure; two numbers side by side only where the sizes fit."""
    high, low = _float(match["s"]), _float(match["d"])
    if match["weak"]:
        return 70 <= high <= 260 and 40 <= low <= 150 and high - low >= 15
    return high >= 6 and low >= 3


def _float(number: str) -> float:
    whole = re.match(r"\d+", number)
    rest = number[whole.end() :] if whole else ""
    if re.match(_HALF, rest):
        return float(number[: whole.end()]) + 0.5 if whole else 0.0
    fraction = re.search(r"\d+", rest)
    return float(f"{whole.group(0) if whole else 0}.{fraction.group(0) if fraction else 0}")


def _unit(text: str, end: int) -> tuple[str, int]:
    for name, pattern in _UNIT_RE:
        match = pattern.match(text, end)
        if match:
            word = match.group(0)
            return (_scale(word) if name == "degree" else name), match.end()
    return "", end


def _scale(degrees: str) -> str:
    if re.search(r"f\b|fahrenheit|华氏|فهرنهايت", degrees):
        return "f"
    return "c" if re.search(r"\bc\b|° ?c|celsius|摄氏|مئويه|مييويه", degrees) else "degree"


def _readings(
    value: _Value, text: str, cues: list[_Cue], used: set[_Cue], digits: Digits, language: Language
) -> list[Measurement]:
    if _is_change(value, text, cues):
        return []
    before = _before(value, text, cues)
    after = _after(value, text, cues)
    order = (before, after) if before not in used or after is None else (after, before)
    for cue in order:
        if cue is None or (cue.kind == "other" and cue is after):
            continue
        if cue.kind == "pressure" and cue in used and value.second is None:
            continue  # "150/95, 72": the third number is another matter
        made = _by_cue(value, cue, text, digits, language)
        if made or (cue.kind == "other" and value.unit not in ("bpm", "mmhg")):
            used.add(cue)
            return made
    return _without_cue(value, text, digits, cues, language)


def _before(value: _Value, text: str, cues: list[_Cue]) -> _Cue | None:
    nearest = max(
        (cue for cue in cues if cue.end <= value.start and cue.kind != "change"),
        key=lambda cue: (cue.end, cue.start),
        default=None,
    )
    if nearest is None or value.start - nearest.end > (60 if nearest.kind != "other" else 25):
        return None
    gap = text[nearest.end : value.start]
    crosses = bool(_SENTENCE_END.search(gap))
    return None if crosses and (nearest.kind == "other" or not (value.decimal or value.unit or value.second)) else nearest


def _after(value: _Value, text: str, cues: list[_Cue]) -> _Cue | None:
    for cue in cues:
        if cue.start >= value.unit_end and re.fullmatch(r"\s?(?:[,，]|的|of|for|\(|:|von|vom|am|im|in|dem|my|the|\s)*\s?", text[value.unit_end : cue.start]):  # fmt: skip
            return cue
    return None


def _belongs(value: _Value, cue: _Cue, text: str) -> bool:
    """Whether nothing but filling words stands between the cue and a number without a unit, or nothing odd follows."""
    if cue.start >= value.end:
        return True
    tight = bool(_TIGHT_GAP.match(text[cue.end : value.start]))
    return tight or (value.start - cue.end <= 40 and bool(_FOLLOWED_BY.match(text[value.end :])))


def _by_cue(value: _Value, cue: _Cue, text: str, digits: Digits, language: Language) -> list[Measurement]:
    """Return what the number is when `cue` says what it is about; nothing when the size or the unit do not fit."""
    said = digits.said(min(cue.start, value.start), max(value.unit_end, cue.end if cue.start >= value.end else 0))
    if cue.kind == "other" or not (value.unit or value.second is not None or _belongs(value, cue, text)):
        return []
    makers = {
        "temperature": _temperature,
        "pressure": _pressure,
        "systolic": _systolic,
        "diastolic": _diastolic,
        "glucose": _glucose,
        "a1c": _a1c,
        "oxygen": _oxygen,
        "pulse": _pulse,
        "weight": _weight,
    }
    make = makers.get(cue.kind)
    return make(value, said, language) if make else []


_WEIGHTS = ("kg", "jin", "pound", "stone", "pfund")
_NOW = re.compile(r"\bnow\b|\bjetzt\b|现在|目前|الان")


def _changes(value: _Value, cue: _Cue, text: str) -> bool:
    if cue.end <= value.start:
        return value.start - cue.end <= 30 and not _NOW.search(text[cue.end : value.start])
    return cue.start >= value.unit_end and len(text[value.unit_end : cue.start].strip()) == 0


def _is_change(value: _Value, text: str, cues: list[_Cue]) -> bool:
    """Whether a weight was lost or gained: "lost 5 kg" is no weight; "lost 5 kg, now 70 kg" ends with one."""
    return value.unit in _WEIGHTS and any(cue.kind == "change" and _changes(value, cue, text) for cue in cues)


def _temperature(value: _Value, said: str, language: Language) -> list[Measurement]:
    number = value.number
    if value.second is not None:
        # "38 5" may be 38.5; "38 auf 39" are two readings.
        both = (value.number, value.second)
        return [Measurement("temperature_c", one, said) for one in both if 34 <= one <= 43] if min(both) >= 34 else []
    if value.unit not in ("", "degree", "c", "f"):
        return []
    if value.unit == "f" or (93 <= number <= 110 and value.unit != "c"):
        return [Measurement("temperature_c", round((number - 32) * 5 / 9, 1), said)] if 88 <= number <= 112 else []
    if 32 <= number <= 43.5:
        return [Measurement("temperature_c", number, said)]
    # 385 is 38.5 without its point.
    if 350 <= number <= 425 and not value.unit:
        return [Measurement("temperature_c", number / 10, said, sure=False)]
    return []


_PRESSURE_UNITS = {"kpa": KPA, "cmhg": CMHG, "mmhg": 1.0, "": 1.0}


def _pressure(value: _Value, said: str, language: Language) -> list[Measurement]:
    if value.unit not in (*_PRESSURE_UNITS, "degree") or (value.unit == "degree" and value.second is None):
        return []
    factor = _PRESSURE_UNITS.get(value.unit, 1.0)
    if value.second is None:
        return _one_pressure(value, said, factor)
    high, low = value.number, value.second
    if value.unit in ("kpa", "cmhg"):
        return _both(high * factor, low * factor, said, sure=True)
    if high < 30 and low < 20:
        # cmHg (18/11) or kPa: never guess; as read in cmHg it is the dangerous reading.
        return _both(high * CMHG, low * CMHG, said, sure=False)
    if high < low:
        return _both(low, high, said, sure=False)
    return _both(high, low, said, sure=high - low >= 10 and low >= 20) if 50 <= high <= 300 else []


def _both(high: float, low: float, said: str, *, sure: bool) -> list[Measurement]:
    return [
        Measurement("systolic", round(high, 1), said, sure=sure),
        Measurement("diastolic", round(low, 1), said, sure=sure),
    ]


def _one_pressure(value: _Value, said: str, factor: float) -> list[Measurement]:
    number = value.number * factor
    if value.unit == "" and 9 <= number <= 30:
        return [Measurement("systolic", number * CMHG, said, sure=False)]
    if 60 <= number <= 300:
        # One number below 130 may be either of the two.
        return [Measurement("systolic", number, said, sure=number >= 130)]
    return []


def _systolic(value: _Value, said: str, language: Language) -> list[Measurement]:
    if value.second is not None:
        return _pressure(value, said, language)
    return _one_of_two("systolic", value, said)


def _diastolic(value: _Value, said: str, language: Language) -> list[Measurement]:
    return _one_of_two("diastolic", value, said) if value.second is None else []


def _one_of_two(kind: str, value: _Value, said: str) -> list[Measurement]:
    if value.unit not in _PRESSURE_UNITS:
        return []
    number = value.number * _PRESSURE_UNITS[value.unit]
    small = value.unit == "" and number <= 30
    number = number * CMHG if small else number
    if not (30 <= number <= 300):
        return []
    return [Measurement(kind, round(number, 1), said, sure=not small)]  # type: ignore[arg-type]


def _glucose(value: _Value, said: str, language: Language) -> list[Measurement]:
    if value.second is not None or value.unit not in ("", "mmol", "mgdl"):
        return []
    number = value.number
    if value.unit == "mgdl" or (value.unit == "" and number > 40):
        return [Measurement("glucose_mmol", round(number / MMOL_PER_MG, 1), said)] if 10 <= number <= 900 else []
    if not 0.6 <= number <= 60:
        return []
    # 20 to 40 is deadly low in one unit and very high in the other; a decimal is mmol/L.
    return [Measurement("glucose_mmol", number, said, sure=value.unit == "mmol" or number < 20 or value.decimal)]


def _a1c(value: _Value, said: str, language: Language) -> list[Measurement]:
    if value.second is not None or value.unit not in ("", "percent", "mmol/mol"):
        return []
    number = value.number
    if value.unit == "mmol/mol" or (value.unit == "" and number > 20):
        return [Measurement("hba1c_percent", round(number / 10.93 + 2.15, 1), said)] if 15 <= number <= 200 else []
    return [Measurement("hba1c_percent", number, said, sure=value.unit == "percent" or number < 15)] if 3 <= number <= 20 else []


def _oxygen(value: _Value, said: str, language: Language) -> list[Measurement]:
    numbers = [value.number] if value.second is None else [value.number, value.second]
    if value.unit not in ("", "percent") or not all(40 <= number <= 100 for number in numbers):
        return []
    # Two numbers of an oximeter: one of them is the pulse.
    sure = value.second is None or value.unit == "percent" or abs(numbers[0] - numbers[-1]) <= 8
    return [Measurement("spo2", number, said, sure=sure) for number in numbers]


def _pulse(value: _Value, said: str, language: Language) -> list[Measurement]:
    numbers = [value.number] if value.second is None else [value.number, value.second]
    if value.unit not in ("", "bpm") or value.decimal:
        return []
    return [Measurement("pulse", number, said) for number in numbers if 20 <= number <= 250]


_KG = {"kg": 1.0, "pound": 0.4536, "pfund": 0.5, "stone": 6.35}


def _weight(value: _Value, said: str, language: Language) -> list[Measurement]:
    if value.second is not None or value.unit not in ("", "jin", *_KG):
        return []
    if value.unit == "jin":
        # 斤 is half a kilogram in mainland China, 0.6 in Taiwan.
        kilograms, sure = (value.number * 0.5, True) if language == "zh-Hans" else (value.number * 0.6, False)
    else:
        kilograms, sure = value.number * _KG.get(value.unit, 1.0), value.unit != ""
    return [Measurement("weight_kg", round(kilograms, 1), said, sure=sure)] if 0.4 <= kilograms <= 350 else []


_ABOUT_THE_BODY = re.compile(
    r"身高|我(?:现在|目前)?(?=\d)|\b(?:me|i'?m|i am|male|female|ich|bin|mann|frau)\b|[男女]|cm\b|انا|#岁|#年"
)


def _without_cue(value: _Value, text: str, digits: Digits, cues: list[_Cue], language: Language) -> list[Measurement]:
    """A unit that only one reading has, or a pair or a decimal that stands alone, needs no word beside it."""
    said = digits.said(value.start, value.unit_end)
    # A word beside the number says that it is something else: a price, a room, a cholesterol.
    if any(_near(value, cue) for cue in cues if cue.kind == "other"):
        return []
    if value.unit in ("mmhg", "kpa", "cmhg"):
        return _pressure(value, said, language)
    if value.second is not None:
        return _bare_pair(value, text, said)
    return _by_unit(value, text, said, language)


def _near(value: _Value, cue: _Cue) -> bool:
    return 0 <= value.start - cue.end <= 30 or 0 <= cue.start - value.unit_end <= 12


def _by_unit(value: _Value, text: str, said: str, language: Language) -> list[Measurement]:
    if value.unit in ("c", "f", "degree"):
        likely = 34.5 <= value.number <= 43 or 95 <= value.number <= 109
        return _temperature(value, said, language) if likely else []
    if value.unit == "bpm":
        return _pulse(value, said, language)
    if value.unit in ("mmol", "mgdl"):
        # Most likely glucose, but cholesterol has the same unit: it is asked.
        return [replace(one, sure=False) for one in _glucose(value, said, language)]
    if value.unit in _WEIGHTS:
        alone = not re.search(r"[^\W\d_]", text[: value.start] + text[value.unit_end :])
        return _weight(value, said, language) if alone or _ABOUT_THE_BODY.search(text) else []
    return _bare_temperature(value, text, said)


def _bare_pair(value: _Value, text: str, said: str) -> list[Measurement]:
    high, low = value.number, value.second or 0
    if value.weak or value.unit or not (85 <= high <= 260 and 45 <= low <= 150 and 15 <= high - low <= 120):
        return []
    alone = not re.search(r"[a-zäöüء-ي]{2,}$", text[: value.start].rstrip()) or _TIGHT_GAP.match(text[: value.start])
    return _both(high, low, said, sure=bool(alone))


def _bare_temperature(value: _Value, text: str, said: str) -> list[Measurement]:
    """Return an unsure temperature for "38.5 since yesterday": most likely a fever, so it is asked."""
    rest = text[: value.start] + " " + text[value.end :]
    short = len(rest) < 25 and _TIGHT_GAP.match(text[: value.start])
    told = short or re.search(r"(?:\b(?:has|hat|have|habe|got|bei)|عند[هي]ا?|量到|量了|有) ?$", text[: value.start])
    likely = 37.3 <= value.number <= 42.5 or 99 <= value.number <= 107
    if value.unit or not value.decimal or not told or not likely or not _FOLLOWED_BY.match(text[value.end :]):
        return []
    return [replace(one, sure=False) for one in _temperature(value, said, "en")]


_PAIN = r"疼|痛|\bpain\w*|\bhurts?\b|\bach(?:e|es|ing)\b|schmerz\w*|\bweh\b|\w*weh\b|الم\b|(?:ال)?الم\w*|وجع\w*|يوجع|توجع|\bnrs\b|\bvas\b|打分|评分"
_PAIN_RE = re.compile(_PAIN)
_OTHER_SCALE = re.compile(r"满意|焦虑|痒|恶心|疲|电影|餐厅|服务|星|\b(?:stars?|rating|anxiety|itch\w*|nausea|tired\w*|fatigue|energy|stress|mood|service|film|movie|hotel|apgar|exam|mark|sterne|bewertung|angst|juck\w*|übelkeit|müde\w*|stimmung|note)\b|نجوم|قلق|حكه|غثيان|تعب|خدمه")  # fmt: skip
_ZERO_TO_TEN = r"[01] ?(?:-|到|至|~|to|bis|الي|حتي) ?10"
_OF_TEN = r" ?(?:/|von|aus|out of|over|من|分?(?:,|，)?满分(?:是|为)?|分之?) ?10(?![\d.,/%])"
_PAIN_NOTATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_ZERO_TO_TEN}[^\d.。]{{0,25}}(?P<v>10|\d)(?![\d/:%#]|[.,]\d)",
        rf"(?<![\d./])(?<!\d[,:])(?:(?P<from>\d) ?(?:-|到|to|bis|or|oder|الي) ?)?(?P<v>10|\d)(?:[.,]5)?{_OF_TEN}",
        r"(?:满分)?10分?(?:里|中|满分|之中|制)(?:的话)?[^\d]{0,8}(?P<v>10|\d)分?(?!\d)",
        rf"(?:{_PAIN})(?:程度|等级|指数|感)?[^\d,，。;]{{0,8}}(?:(?P<from>\d)(?:-|到|至))?(?P<v>10|\d)(?:分|级)(?![钟之期饱熟钱\d])",
        r"(?<![\d.])(?:(?P<from>\d)(?:-|到|至))?(?P<v>10|\d)(?:分|级)(?![钟之期饱熟钱\d])[^\d,，。;]{0,4}(?:疼|痛)",
        r"(?:\bpain (?:level|score|scale|rating|intensity)|\bpain(?= (?:is|was|at|about|around|of|now|=)|[:=])|\bnrs|\bvas|schmerz(?:stärke|skala|wert|level|score|intensität|grad|en)?(?= (?:ist|sind|liegt|bei|war|auf|jetzt)\b|[:=])|schmerz(?:stärke|skala|wert|level|score|intensität|grad)|疼痛(?:评分|等级|指数|程度|级别)|(?:درجه|مستوي|شده|مقياس) الالم)"
        r"(?:[\s:=,]|is|was|at|about|around|of|a|an|now|like|ist|sind|war|liegt|bei|auf|der|einer|skala|von|eine?|etwa|jetzt|gerade|大概|是|有|为|约|هو|هي|في|حوالي|الان|عندي)*(?P<v>10|\d)(?![\d.,/:%#]\d|\d| ?(?:days?|weeks?|hours?|times|months?|tage?|wochen|stunden|mal|x\b|天|个|次|ايام|اسابيع|ساعات|مرات|p\.?m|a\.?m|uhr|o'clock))",
        rf"(?P<weak>{_PAIN}) ?[:=]? ?(?P<v>10|\d)(?=\s*(?:$|[,.!;，。]))(?![.,]\d)",
    )
)  # fmt: skip


def _take_pain(digits: Digits, text: str, found: list[Measurement]) -> str:
    for pattern in _PAIN_NOTATIONS:
        for match in pattern.finditer(text):
            has_cue = bool(_PAIN_RE.search(text))
            if has_cue or (len(text) <= len(match.group(0)) + 8 and not _OTHER_SCALE.search(text)):
                groups = match.groupdict()
                sure = has_cue and not groups.get("from") and not groups.get("weak")
                found.append(Measurement("pain", float(match["v"]), digits.said(*match.span()), sure=sure))
            text = _blank(text, *match.span())
    return text


_PREGNANT = re.compile(r"孕|胎|产检|预产期|\bdue date\b|geburtstermin|羊水|见红|宫缩|\bpregnan\w*|\bgestation\w*|\bwaters? broke\b|\bfetal\b|\btrimester\b|weeks? along|schwanger\w*|\bssw\b|fruchtblase|kindsbeweg\w*|حامل|حمل|الجنين|جنين")  # fmt: skip
_DAYS = r"(?: ?\+ ?\d| ?\d/7)?"
_WEEK_NOTATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"孕(?:期|周)?(?:数)?(?:了|有|已经?|现在|是|到|:|刚好|满|大概|快)*(?P<w>\d{{1,2}}){_DAYS}(?: ?周| ?w)?(?: ?\+ ?\d)?天?(?![\d个月岁天年次])",
        rf"(?<!\d)(?P<w>\d{{1,2}}){_DAYS} ?(?:周|w)(?: ?\+ ?\d| ?\d天)?(?:了|的)?(?:身孕|孕|孕妇|胎)",
        rf"(?<![咳痛疼烧吐泻续前过])(?:我|现在|目前|已经?|今天|刚好?|,|^)(?:是)?(?P<w>\d{{1,2}}){_DAYS} ?周(?:\+\d)?(?:了|\d天)?",
        rf"^(?:i'?m |i am |at |now )?(?P<w>\d{{1,2}}){_DAYS} ?(?:weeks?|wks?)(?= and |,|\.|$)",
        rf"(?<!\d)(?P<w>\d{{1,2}}){_DAYS}[ -]?(?:weeks?|wks?|w)(?:(?: and)? \d days?)?[ -]?(?:pregnant|gestation|along|gestational)",
        rf"pregnant[^.\d]{{0,14}}(?<!for )(?<!past )(?<!last )(?<!of )(?P<w>\d{{1,2}}){_DAYS} ?(?:w\b|wks?|weeks?)",
        rf"(?:waters? broke|contractions|bleeding|baby)[^.\d]{{0,20}}(?:at|in week) (?P<w>\d{{1,2}}){_DAYS} ?(?:w\b|wks?|weeks?)?",
        rf"\b(?:ga|gestational age|gestation(?: of)?|week|weeks?)[ :]*(?P<w>\d{{1,2}}){_DAYS}(?: ?(?:weeks?|wks?))?(?= (?:of pregnancy|pregnan)|$|[ ,.])",
        rf"(?<!\d)(?P<w>\d{{1,2}}){_DAYS}\.? ?(?:te[rn]? )?(?:ssw|schwangerschaftswoche|woche schwanger|wochen schwanger|woche)\b",
        rf"ssw[ :]*(?P<w>\d{{1,2}}){_DAYS}|schwanger(?:schaftswoche)?[^.\d]{{0,14}}(?:in der )?(?P<w2>\d{{1,2}}){_DAYS}\.?(?: ?(?:woche|ssw|w\b))",
        rf"(?:الاسبوع|اسبوعي|بالاسبوع|اسبوع(?: ال)?)(?: رقم)? ?(?:ال)?(?P<w>\d{{1,2}}){_DAYS}|حامل[^.\d]{{0,14}}(?P<w2>\d{{1,2}}){_DAYS} ?(?:اسبوع|اسابيع)|(?<!\d)(?P<w3>\d{{1,2}}) ?(?:اسبوع|اسابيع) ?(?:حمل|حامل)",
    )
)  # fmt: skip
_MONTH_NOTATION = re.compile(
    r"孕(?:了|有|已经?|期)?(?P<m>[1-9]|10)个多?月|(?P<m2>[1-9]|10)[ -]?months?[ -]?pregnant|pregnant[^.\d]{0,10}(?P<m3>[1-9]|10) months|"
    r"(?P<m4>[1-9]|10)\. ?monat schwanger|schwanger[^.\d]{0,10}(?P<m5>[1-9]|10)\. ?monat|حامل[^.\d]{0,14}(?:الشهر|بالشهر|شهر)? ?(?:ال)?(?P<m6>[1-9]|10) ?(?:شهور|اشهر)?"
)


def _take_weeks(digits: Digits, text: str, found: list[Measurement]) -> str:
    """Weeks of pregnancy; nothing is read where nobody speaks of one ("a cough for 5 weeks")."""
    if not _PREGNANT.search(text):
        return text
    for pattern in _WEEK_NOTATIONS:
        for match in pattern.finditer(text):
            weeks = next((float(value) for name, value in match.groupdict().items() if name.startswith("w") and value), 0.0)
            if 3 <= weeks <= 43:
                found.append(Measurement("gestation_weeks", weeks, digits.said(*match.span())))
                text = _blank(text, *match.span())
    told = any(one.kind == "gestation_weeks" for one in found)
    for match in () if told else _MONTH_NOTATION.finditer(text):
        months = next(float(value) for value in match.groups() if value)
        found.append(Measurement("gestation_weeks", round(months * 4.35), digits.said(*match.span()), sure=False))
        text = _blank(text, *match.span())
    return text


_STONE = re.compile(
    r"(?<!\d)(?P<st>\d{1,2}) ?(?:stones?|st)\b[ ,]*(?:and )?(?:(?P<lb>\d{1,2})(?: ?(?:lbs?|pounds?)\b|(?!\d| ?[a-z])))?"
)

_ORDINAL = re.compile(r"(?:1|[23]1)st ?")  # "march 21st" is a day, "12st" is a weight


def _take_stone(digits: Digits, text: str, found: list[Measurement]) -> str:
    for match in _STONE.finditer(text):
        before = text[max(0, match.start() - 25) : match.start()]
        if _ORDINAL.fullmatch(match[0]) and not re.search(r"\bweigh", before):
            continue
        if not _CUE_RE["change"].search(before) and not _CUE_RE["other"].search(before):
            kilograms = int(match["st"]) * 6.35 + int(match["lb"] or 0) * 0.4536
            found.append(Measurement("weight_kg", round(kilograms, 1), digits.said(*match.span())))
        text = _blank(text, *match.span())
    return text
