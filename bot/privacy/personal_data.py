"""Personal data in patients' words, found and masked before staff read them outside a case. Pure, no network, no model.

Numbers that a nurse needs stay readable: blood pressures, doses, laboratory values, dates of visits. A name counts
when it is introduced ("我叫…", "my name is", "Frau …"); a name that stands anywhere in a sentence is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.languages import Language

Kind = Literal["name", "phone", "email", "url", "ip", "id_number", "bank", "record_number", "address", "account", "birth_date"]


@dataclass(frozen=True)
class Span:
    """Where one piece of personal data stands in the original text."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """A text without its personal data, and what was taken out."""

    text: str
    spans: tuple[Span, ...]


_LABELS: dict[Kind, dict[str, str]] = {
    "name": {"zh-Hans": "姓名", "zh-Hant": "姓名", "en": "name", "de": "Name", "ar": "الاسم"},
    "phone": {"zh-Hans": "电话", "zh-Hant": "電話", "en": "phone", "de": "Telefon", "ar": "هاتف"},
    "email": {"zh-Hans": "邮箱", "zh-Hant": "電子郵件", "en": "e-mail", "de": "E-Mail", "ar": "بريد"},
    "url": {"zh-Hans": "网址", "zh-Hant": "網址", "en": "link", "de": "Link", "ar": "رابط"},
    "ip": {"zh-Hans": "网络地址", "zh-Hant": "網路位址", "en": "IP address", "de": "IP-Adresse", "ar": "عنوان شبكة"},
    "id_number": {"zh-Hans": "证件号", "zh-Hant": "證件號", "en": "ID number", "de": "Ausweisnummer", "ar": "رقم هوية"},
    "bank": {"zh-Hans": "银行卡号", "zh-Hant": "銀行帳號", "en": "bank number", "de": "Bankdaten", "ar": "رقم بنكي"},
    "record_number": {"zh-Hans": "病历号", "zh-Hant": "病歷號", "en": "record number", "de": "Patientennummer", "ar": "رقم الملف"},
    "address": {"zh-Hans": "地址", "zh-Hant": "地址", "en": "address", "de": "Adresse", "ar": "العنوان"},
    "account": {"zh-Hans": "账号", "zh-Hant": "帳號", "en": "account", "de": "Konto", "ar": "حساب"},
    "birth_date": {"zh-Hans": "出生日期", "zh-Hant": "出生日期", "en": "date of birth", "de": "Geburtsdatum", "ar": "تاريخ الميلاد"},
}  # fmt: skip


def mask(text: str, language: Language, *, public: Collection[str] = ()) -> Masked:
    """Return `text` with each piece of personal data replaced by its kind in brackets, in `language`. Never raises.

    `public`: numbers, as digits, that are nobody's own, like hotlines: they stay readable.
    """
    spans = tuple(one for one in find(text, language) if not _is_public(text[one.start : one.end], one.kind, public))
    out, last = [], 0
    for span in spans:
        out += [text[last : span.start], f"[{_LABELS[span.kind][language]}]"]
        last = span.end
    return Masked("".join([*out, text[last:]]), spans)


def _is_public(piece: str, kind: str, public: Collection[str]) -> bool:
    # "line 12356" may be an account of LINE's, or a hotline.
    return kind in ("phone", "account") and _digits(piece) in public


def find(text: str, language: Language) -> tuple[Span, ...]:
    """Return the personal data of `text` in the order in which it stands; spans never overlap."""
    plain = text.translate(_ONE_WIDTH)
    taken: list[Span] = []
    kept = [match.span() for pattern in _STAYS_READABLE for match in pattern.finditer(plain)]
    finders = [*_FINDERS, ("name", _names_in_english)] if language == "en" else _FINDERS
    for kind, find_all in finders:
        for start, end in find_all(plain):
            free = not any(start < one.end and one.start < end for one in taken)
            if free and end > start and (kind in _OVER_READABLE or not _mostly_inside(start, end, kept)):
                taken.append(Span(kind, start, end))
    return tuple(sorted(taken, key=lambda one: one.start))


# Digits and Latin letters of every width; one character for one, so that places stay. Phones copy a number with blanks that do not
# break and with marks of direction between its groups.
_ONE_WIDTH = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{start + digit: ord("0") + digit for start in (0x0660, 0x06F0) for digit in range(10)},
    **dict.fromkeys((0xA0, 0x2007, 0x2009, 0x202F, 0x3000, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF), ord(" ")),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), ord(" ")),
    **dict.fromkeys((0x2010, 0x2011), ord("-")),
}
# A birth date is a date, and a bank number may hold one: these kinds outweigh what stays readable.
_OVER_READABLE = frozenset({"email", "url", "birth_date", "bank", "record_number", "id_number", "address", "account", "name"})
_STAYS_READABLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?:19|20)\d{2}[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}日?)?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?(?!\d)",
        r"(?<![\d-])\d{1,2}[-/.]\d{1,2}[-/.](?:(?:19|20)\d{2}|\d{2})(?![\d-])",
        r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)",
        r"(?<![\d.])\d{2,3}\s?/\s?\d{2,3}(?![\d/])",
        # Seven digits at most: no laboratory value is longer, and a number to call is.
        r"(?<!\d)\d{1,7}(?:[.,]\d+)?\s?(?:mg|µg|mcg|g|ml|kg|cm|mm|mmol|mmhg|iu|%|°|℃|度|毫克|毫升|公斤|斤|单位|單位|次|片|天|周|月|年|岁|歲|ملغ|مل|كيلو|وحدة|tabletten|einheiten)",
        r"(?:hcg|afp|ca\s?\d+|wbc|plt|血小板|白细胞|白細胞|红细胞|肌酸激酶|leukozyten|thrombozyten)[^\d\n]{0,8}\d+(?:[.,]\d+)?",
    )
)


def _mostly_inside(start: int, end: int, kept: list[tuple[int, int]]) -> bool:
    return any(min(end, stop) - max(start, begin) > (end - start) / 2 for begin, stop in kept)


def _all(*patterns: str, flags: re.RegexFlag = re.IGNORECASE, check: Callable[[str], bool] | None = None) -> Callable[[str], Iterator[tuple[int, int]]]:  # fmt: skip
    """Return a finder of the groups named `v` (or the whole match) that pass `check`."""
    compiled = [re.compile(pattern, flags) for pattern in patterns]

    def find_all(text: str) -> Iterator[tuple[int, int]]:
        for pattern in compiled:
            for match in pattern.finditer(text):
                group: str | int = "v" if "v" in pattern.groupindex else 0
                if check is None or check(match.group(group)):
                    yield match.span(group)

    return find_all


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def is_chinese_id(number: str) -> bool:
    """Return whether `number` is a resident identity number of mainland China with a right check character."""
    if not re.fullmatch(r"\d{17}[\dXx]", number):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()


def is_card(number: str) -> bool:
    """Return whether `number` has the length and the check digit of a payment card (Luhn)."""
    digits = _digits(number)
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return 12 <= len(digits) <= 19 and sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def is_iban(number: str) -> bool:
    """Return whether `number` is a bank account number with right check digits (ISO 13616)."""
    plain = re.sub(r"\s", "", number).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", plain):
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def is_taiwan_id(number: str) -> bool:
    """Return whether `number` is a Taiwanese identity number with a right check digit."""
    if not re.fullmatch(r"[A-Za-z][1289]\d{8}", number):
        return False
    value = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0].upper()) + 10
    weights = [8, 7, 6, 5, 4, 3, 2, 1, 1]
    return (value // 10 + value % 10 * 9 + sum(int(digit) * weight for digit, weight in zip(number[1:], weights, strict=True))) % 10 == 0  # fmt: skip


def is_german_health_number(number: str) -> bool:
    """Return whether `number` is a German health insurance number (KVNR) with a right check digit."""
    if not re.fullmatch(r"[A-Za-z]\d{9}", number):
        return False
    digits = f"{ord(number[0].upper()) - 64:02d}{number[1:9]}"
    products = [int(digit) * (1 + place % 2) for place, digit in enumerate(digits)]
    return sum(value // 10 + value % 10 for value in products) % 10 == int(number[9])


_FINDERS: list[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]]] = []

_TLD = r"com|org|net|edu|gov|info|cn|tw|hk|de|at|ch|uk|us|eu|fr|it|es|se|dk|be|nl|pl|ru|jp|kr|ca|au|br|sa|ae|eg|io|ai|co|me|tv|cc|app|xyz|top|ly|ms|academy|si|aws|am|pm|health|clinic"
_URLS = _all(
    r"\b(?:https?|ftp)://[^\s<>\"'，。；、）\u4e00-\u9fff]+[^\s<>\"'，。；、）\u4e00-\u9fff.,;:!?)\]]",
    r"\bwww\.[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[^\s，。；\u4e00-\u9fff]*)?",
    rf"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{{1,40}}\.){{1,4}}(?:{_TLD})(?![\w.@-]*@)(?![a-z0-9])(?:/[^\s，。；\u4e00-\u9fff]*)?",
    flags=re.IGNORECASE | re.ASCII,
)
_EMAILS = _all(r"[a-z0-9](?:[\w.+-]*[a-z0-9_])?\s?(?:@|＠|\(at\)|\[at\])\s?[a-z0-9-]+(?:\.[a-z0-9-]+)+", flags=re.IGNORECASE | re.ASCII)  # fmt: skip
_IPS = _all(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d|\d)",
    r"(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}[0-9a-f]{1,4}(?![\w:])",
    r"(?<![\w:])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?(?![\w:])",
)

_ID_WORD = r"身份证号?码?|身分證字?號?|证件号码?|護照號?碼?|护照号?码?|社保卡?号?|医保卡?号|健保卡號?|passport(?: number| no\.?)?|reisepass(?:nummer)?|personalausweis(?:nummer)?|ausweisnummer|versicherten(?:nummer|nr\.?)|krankenkassennummer|social security(?: number)?|ssn|national id(?: number)?|iqama|insurance (?:number|id)|driver'?s licen[cs]e(?: number)?|رقم الهوية|الهوية|رقم الإقامة|الإقامة|رقم الجواز|جواز السفر|رقم التأمين|الرقم القومي"
_BETWEEN = r"(?:\s|:|：|=|#|是|为|為|is|ist|lautet|number|nummer|nr\.?|no\.?|هو|رقم)*"
_IDS = (
    _all(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])", check=is_chinese_id),
    _all(r"(?<![\dA-Za-z])[A-Z][1289]\d{8}(?![\dA-Za-z])", check=is_taiwan_id),
    _all(r"(?<![\dA-Za-z])[A-Z]\d{9}(?![\dA-Za-z])", check=is_german_health_number),
    _all(
        rf"(?:{_ID_WORD}){_BETWEEN}(?P<v>[A-Z]{{0,2}}\d[\dA-Z -]{{3,20}}[\dA-Z])",
        r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])",
        r"(?<!\d)784-?\d{4}-?\d{7}-?\d(?!\d)",
        r"(?<![A-Z0-9])[A-Z]\d{6}\([\dA]\)",
        r"(?<!\d)\d{2}\s?\d{6}\s?[A-Z]\s?\d{3}(?![\dA-Z])",
    ),
)
_BANKS = (
    _all(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{3,4}){3,8}(?:\s?[A-Z0-9]{1,3})?(?![A-Z0-9])", check=is_iban),
    _all(
        rf"(?:iban|银行卡号?|銀行帳號|卡号|卡號|账号|帳號|card|konto(?:nummer)?|kreditkarte|بطاقة|حساب|آيبان)(?: number)?{_BETWEEN}(?P<v>(?:[A-Z]{{2}}\d{{2}})?[\dA-Z]?\d[\d -]{{8,30}}\d)"
    ),
    _all(r"(?<![\d.-])\d(?:[ -]?\d){11,18}(?![\d.-]\d|\d)", check=is_card),
    _all(r"(?<![A-Z0-9])[A-Z]{2}\d{2}[A-Z]{4}\d{14}(?![A-Z0-9])"),
)
_RECORDS = _all(
    rf"(?:病历号?码?|病歷號?碼?|住院号|住院號|就诊卡号?|就診卡號?|门诊号|門診號|登记号|登記號|病案号|条码号|检查号|record (?:number|no\.?|id)|mrn|patient (?:id|number|no\.?)|case (?:number|no\.?|id)|hospital number|patienten(?:nummer|nr\.?|-?id)|fall(?:nummer|nr\.?)|aktenzeichen|رقم الملف|رقم المريض|رقم السجل|رقم الملف الطبي){_BETWEEN}(?P<v>(?=[\w-]*\d)[A-Za-z0-9][\w-]{{2,20}})",
    flags=re.IGNORECASE | re.ASCII,
)
_ACCOUNTS = _all(
    r"(?:微信号?|微信號|wechat(?: id)?|weixin|wx|vx|v信|line ?id|line|telegram|tg|skype|instagram|snapchat|سناب|تلغرام|تليجرام)(?:\s|:|：|是|is|ist|号|號|加我?|هو)*(?P<v>@?[a-z0-9][a-z0-9_-]{4,24})(?![\w@])",
    r"(?:qq)(?:\s|:|：|号|號|是|is)*(?P<v>\d{5,12})",
    r"(?<![\w.@/])(?P<v>@[a-z][a-z0-9_]{4,31})(?![\w.])",
    flags=re.IGNORECASE | re.ASCII,
    check=lambda value: bool(re.search(r"\d|_|-|@", value)) or len(value) >= 6,
)

_MONTH = r"(?:jan\w*|feb\w*|mar\w*|mär\w*|apr\w*|mai|may|jun\w*|jul\w*|aug\w*|sep\w*|o[kc]t\w*|nov\w*|de[zc]\w*|يناير|فبراير|مارس|أبريل|ابريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر)"
_DATE = rf"(?:\d{{4}}[-/.年]\s?\d{{1,2}}(?:[-/.月]\s?\d{{1,2}}[日号號]?)?|\d{{1,2}}[-/.]\s?\d{{1,2}}[-/.]\s?\d{{2,4}}|\d{{1,2}}\.?\s(?:of )?{_MONTH},?\s\d{{4}}|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}|民國\d{{2,3}}年\d{{1,2}}月\d{{1,2}}日)"
_BIRTHS = _all(
    rf"(?:出生(?:日期|年月)?|生日|born(?: on)?|date of birth|birth ?date|birthday|dob|d\.o\.b\.?|geb(?:oren)?(?: am)?\.?|geburtsdatum|geburtstag|تاريخ (?:الميلاد|ميلادي)|مواليد|ولدت(?: في)?)[^\d\n]{{0,24}}(?P<v>{_DATE})",
    rf"(?P<v>{_DATE})\s?(?:出生|生人|geboren)",
)

_STREET = r"street|st|road|rd|avenue|ave|lane|ln|drive|court|ct|way|boulevard|blvd|place|square|terrace|gardens?|crescent|close|highway|parkway"
_CITY = r"(?!(?:I|My|He|She|We|The|And|Please)\b)[A-ZÀ-Ž][\w.À-ž()-]*(?:\s[A-ZÀ-Ž][\w.À-ž()-]*){0,2}"
_REST = rf"(?:[,\s>]+(?i:apt|apartment|suite|unit|flat)\.?\s?\d+\w*(?:\s{_CITY})?)?(?:\s*(?:,|\n[>\s]*)\s*(?:{_CITY}|nan)){{0,4}}(?:[,\s>]+(?:[A-Z]{{2}}\s)?\d{{4,6}}(?![\d-]))?"
_ADDRESSES = _all(
    rf"\b\d{{1,5}}[A-Za-z]?\s(?:\d{{1,5}}\s)?(?:[A-ZÀ-Ž][\wÀ-ž'’.-]*\s){{1,4}}(?i:{_STREET})\b\.?{_REST}",
    r"(?i)\b(?:PSC|Unit)\s\d+,?\s(?:Box)\s\d+(?:\s+(?:APO|DPO|FPO)\s[A-Z]{2}\s\d{5})?",
    rf"\b(?:\d{{3,5}}\s)?P\.?O\.?\s?Box\s\d+{_REST}",
    rf"(?<![\d/.])\d{{3,5}}\s(?:[A-ZÀ-Ž][\wÀ-ž'’.-]+\s){{1,3}}\d{{1,4}}[a-z]?(?=,|\.?\s+(?:Apt|Suite)|\s*\n)\.?{_REST}",
    rf"\b(?:[A-ZÀ-Ž][\wÀ-ž'’.-]+\s){{1,3}}\d{{1,4}}[a-z]?(?=\.?\s+(?:Apt|Suite))\.?{_REST}",
    rf"(?<![\d/.])\d{{3,5}}\s(?:(?:[A-ZÀ-ŽΑ-ώ][\wÀ-žΑ-ώ'’.-]*|ul\.|u\.|utca|rue|via|gate|de|des|du|di|dei|do|da|del|la|le|les|of|van|von|der|den|och|terrasse)\s){{1,6}}\d{{1,4}}\b\.?{_REST}",
    r"\b(?:Apt\.?|Suite|Apartment|Flat|Postfach)\s#?\d+\w*",
    r"\b[A-ZÄÖÜ][a-zäöüß]+(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer|ring)\s?\d{1,4}\s?[a-z]?\b(?:,?\s\d{5}\s[A-ZÄÖÜ][a-zäöüß]+)?",
    r"\b(?:[A-ZÄÖÜ][a-zäöüß]+[- ](?:Straße|Str\.|Platz|Allee|Weg)|(?:Am|An der|Im|In der|Unter den)\s[A-ZÄÖÜ][a-zäöüß]+)\s\d{1,4}[a-z]?\b",
    r"(?<!\d)\d{5}\s[A-ZÄÖÜ][a-zäöüß]{2,}(?:\s(?:am|an der|im)\s[A-ZÄÖÜ][a-zäöüß]+)?\b",
    r"(?:[一-鿿]{2,3}(?:省|自治区))?(?:[一-鿿]{2,4}[市縣县])?(?:[一-鿿]{1,4}[区區镇鎮乡鄉])?[一-鿿]{1,6}(?:路|街|大道|巷|弄)(?:[一二三四五六七八九十]段)?\d{1,5}(?:号|號|弄|巷)(?:[\d一-鿿之-]{0,14}?(?:室|楼|樓|栋|棟|幢|单元|單元|户|戶|号|號))*",
    r"(?<=[住在址于於:：])[一-鿿\d]{2,12}(?:小区|花园|花園|公寓|社区|社區|村|大厦|苑|城)\d{1,4}(?:号楼|栋|幢|座|单元|號|号)?(?:[\d一-鿿-]{0,10}(?:室|单元|户|楼|號))?",
    r"(?:家庭住址|家住|地址|住址|收件地址)[是为為:：\s]+(?P<v>[^，。,.;；\n]{4,50})",
    r"\b(?:[Mm]y address(?: is)?|[Aa]ddress(?: is)?|[Ww]ohnhaft in|[Mm]eine (?:Adresse|Anschrift)(?: ist| lautet)?|[Ii]ch wohne in der)[:\s]+(?P<v>[^\n.;!?]{6,70})",
    r"(?:عنواني|العنوان|اسكن في شارع|أسكن في شارع|ساكن في شارع)[:\s]+(?P<v>[^،.؛\n]{4,60})",
    r"(?:شارع|حي)\s[ء-ي]+(?:\s[ء-ي]+)?\s?(?:،\s?)?(?:عمارة|مبنى|رقم|بيت|فيلا)\s?(?:رقم\s)?\d+(?:\s?،?\s?شقة\s\d+)?",
    r"(?i)\b(?:zip|postal|post)(?: ?code)?[:\s]+(?:is\s)?(?P<v>(?=[A-Z-]*\d)[A-Z0-9-]{3,9})\b",
    r"(?:邮编|郵遞區號|PLZ|الرمز البريدي)[:：\s是]*(?P<v>\d{3,6})",
    flags=re.UNICODE,
)

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗方俞任袁柳鲍史唐费薛雷贺倪汤滕罗毕郝安常于傅卞齐康伍余顾孟黄穆萧尹姚邵汪毛米戴宋熊纪舒屈项祝董梁杜阮蓝闵席季贾江郭林钟徐邱骆高夏蔡田胡凌霍万卢丁邓石崔龚程邢裴陆荣翁段侯武刘龙叶黎白邰赖卓屠池乔闻党翟谭申冉桂牛寿尚温庄柴瞿阎慕向易廖耿满匡国文关欧聂曾趙錢孫吳鄭馮陳衛蔣韓楊許呂張嚴華陶謝鄒蘇潘魯韋馬費賀湯羅畢齊顧黃蕭紀項樂董藍閔賈鐘駱萬盧鄧龔陸榮劉龍葉賴喬聞黨譚壽溫莊閻關歐聶"
_GIVEN_STOP = r"是的一不有我你他她在了和就都说說要会會想来來去做得很还還呢吧吗嗎啊今昨的地着过過问問想请請，。！？、,.!?\s\d"
_CHINESE_NAME = rf"(?:[{_SURNAMES}]|欧阳|歐陽|司马|司馬|上官|诸葛|諸葛)[^{_GIVEN_STOP}a-zA-Z]{{1,2}}"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿĀ-žA-Z'’.-]*[a-zà-öø-ÿĀ-ž.]"
_LATIN_NAME = rf"{_CAPITAL}(?:[ -](?:von|van|de|der|den|zu|al|el|bin|ibn|di|da)\b)?(?:[ -]{_CAPITAL}){{0,3}}"
_NO_NAME = r"(?!(?:I|The|A|An|My|Your|It|He|She|They|We|You|No|Not|Yes|Please|Thanks|Sorry|Just|Still|Very|Now|Here|Also|From|In|On|Feeling|Having|German|English|Chinese|Diabetic|Pregnant|Doktor|Ja|Nein|Ich|Und|Schwanger|Diabetiker\w*|Patient\w*|Allergiker\w*|Raucher\w*|Rentner\w*|Student\w*)\b)"
_ARABIC_NAME = r"(?!(?:من|في|عندي|وعندي|عمري|انا|أنا|هو|هي|و|على|الى|إلى|لا|ما|كان|ابن)\b)[ء-ي]{2,}(?:\s(?:بن|بنت|أبو|ابو|عبد|آل|ال)?\s?(?!(?:من|في|و|عندي|وعندي|عمري|وعمري|انا|أنا|وأنا|وانا|عنده|عندها|ورقمي|رقمي|على|أعاني|اعاني|أشعر|اشعر|لدي|ولدي|هل|كيف|متى|أريد|اريد|ابي|أبغى|بدي|مريض|مريضة)(?:\s|$|،))(?!و(?:عمر|عند|رقم|أنا|انا|أريد))[ء-ي]{2,}){0,2}"
_NAMES = _all(
    rf"(?:我(?:的名字)?(?:叫|是)|名字叫?(?:做)?是?|姓名|患者|病人|本人|联系人|聯絡人|大名|叫做)[:：\s]*(?P<v>{_CHINESE_NAME})(?=[，。,.!！?？;；、\s]|$|[今我年女男住电電手的想要])",
    rf"(?:我叫|姓名[:：]\s?|名字是|名字叫)(?P<v>[^{_GIVEN_STOP}]{{2,4}})(?=[，。,.!！?？;；、\s]|$)",
    rf"(?P<v>{_CHINESE_NAME}|[{_SURNAMES}])(?=先生|女士|小姐|太太|大夫|医生|醫生|醫師|医师|主任|护士|護士|護理師|护士长|阿姨|教授|老师)",
    rf"\b(?i:my (?:full |last |first )?name(?:'s| is)|name is|i am called|people call me|call me|this is|name|patient name|full name|surname|signed|sincerely|regards)[:,]?\s+(?P<v>{_NO_NAME}{_LATIN_NAME})",
    rf"\b(?:I'?m|I am)\s(?P<v>{_NO_NAME}{_CAPITAL}(?:\s[A-Z]\.)?\s{_CAPITAL}|{_NO_NAME}{_CAPITAL}(?=,|\.|$))",
    rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Herrn?|Frau|Fräulein|Schwester|Pfleger|Nurse|Doctor|Doktor)\.?\s(?:Dr\.\s|Prof\.\s)*(?P<v>{_NO_NAME}{_LATIN_NAME})",
    rf"\b(?i:ich hei(?:ß|ss)e|mein name ist|mein name|name lautet|(?:viele |liebe |mit freundlichen )?grü(?:ß|ss)en?,?|lg,?|mfg,?|patient(?:in)?:?|versicherte[rn]?:)\s+(?P<v>{_NO_NAME}{_LATIN_NAME})",
    rf"\b[Ii]ch bin (?:die |der )?(?P<v>{_NO_NAME}{_CAPITAL}\s{_CAPITAL})(?=[,.\s]|$)",
    rf"(?:اسمي|اسمى|إسمي|انا اسمي|أنا اسمي|اسم المريض[ةه]?|الاسم|المريض[ةه]?:|السيد[ةه]?|الأستاذ[ةه]?|الدكتور[ةه]?|د\.)[:\s]+(?:هو\s|هي\s)?(?P<v>{_ARABIC_NAME})",
    rf"(?m:^[>\s]*(?P<v>{_NO_NAME}{_CAPITAL}(?:\s[A-Z]\.?)?(?:[ -]{_CAPITAL}){{1,2}})\s*$)(?=\s*\n)",
    flags=re.UNICODE,
)  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# English writes only names with capitals inside a sentence; these words are none.
_CAPITALISED = _words(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October
    November December Type Vitamin Blood Pressure Heart Rate Emergency Department Hospital Clinic Doctor Nurse Dr Crohn Crohns
    Parkinson Alzheimer Covid Diabetes Insulin Syndrome Disease Test Scan Street Road New Year Christmas Day Good Morning Evening
    Thank You Thanks Please Hello Dear Sir Madam The A An I My It He She They We You Your His Her Our This That These What When
    Where Who Why How Is Are Was Can Could Do Does Did Have Has Will Would Should If But And Or So In On At For From With After
    Before Since No Not Yes Also Then Now Just Still Very Feeling Pain Fever Help Ibuprofen Paracetamol Aspirin Tylenol Advil
    English German Chinese Arabic English WhatsApp WeChat Google Telegram Internal Medicine General Surgery American Express European Union"""
)


def _names_in_english(text: str) -> Iterator[tuple[int, int]]:
    """Two or more capitalised words in a row; nothing where a message is written in capitals or titles."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    if not words or sum(word[0].isupper() for word in words) > max(6, 0.5 * len(words)):
        return
    for match in re.finditer(rf"\b{_CAPITAL}(?:\s[A-Z]\.)?(?:[ -]{_CAPITAL}){{1,2}}", text):
        if not _CAPITALISED & set(re.findall(r"[^\W\d_]+", match.group(0))):
            yield match.span()


_PHONE_WORD = r"电话|電話|手机|手機|联系方式|聯絡電話|座机|传真|phone|mobile|cell|tel\.?|fax|office|call(?: me)?(?: at| on)?|number|handy(?:nummer)?|telefon(?:nummer)?|rufnummer|mobil|erreichbar unter|هاتف\w*|جوال\w*|موبايل\w*|تلفون\w*|رقمي|واتس\w*|whatsapp"
_PHONE_SHAPE = r"(?:\(?(?:\+|00)\s?\d{1,3}\)?[\s.\-/]*)?(?:\(\+?\d{1,4}\)[\s.\-/]*)?\d(?:[\s.\-/()]{0,3}\d){5,16}(?:\s?(?:ext\.?|x|转|轉|durchwahl)\s?\d{1,5})?"


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(
        rf"(?<![\w.*=])(?<!\d[-/]){_PHONE_SHAPE}(?![\w*=]|[./]\d|,\d{{1,3}}(?!\d))", text, re.IGNORECASE | re.ASCII
    ):
        if _is_phone(match.group(0), text[max(0, match.start() - 24) : match.start()], text[match.end() : match.end() + 12]):
            yield match.span()


# A decimal, two years, something like an IP address.
_NO_PHONE = re.compile(r"\d+\.\d+|(?:19|20)\d\d\s?[/-]\s?(?:19|20)\d\d|\d{1,4}(?:\.\d{1,4}){3}")


def _is_phone(said: str, before: str, after: str) -> bool:
    number = re.split(r"(?i)\s?(?:ext|x|转|轉|durchwahl)", said)[0]
    count = len(_digits(number))
    if _NO_PHONE.fullmatch(number.strip()):
        return False
    told = bool(re.search(rf"(?:{_PHONE_WORD})[^\d\n]{{0,16}}$", before, re.IGNORECASE)) or bool(re.match(r"\W{0,2}(?:office|mobile|fax|cell|home)\b", after, re.IGNORECASE))  # fmt: skip
    if told:
        return 6 <= count <= 15
    if re.match(r"\(?(?:\+|00)", number):
        return 8 <= count <= 17
    small_groups = all(len(group) <= 3 for group in re.findall(r"\d+", number))
    return 7 <= count <= 15 and not (small_groups and not number.startswith(("0", "(")) and count < 9)


_FINDERS += [
    ("email", _EMAILS),
    ("url", _URLS),
    *(("birth_date", finder) for finder in (_BIRTHS,)),
    *(("id_number", finder) for finder in _IDS[:3]),
    ("record_number", _RECORDS),
    *(("id_number", finder) for finder in _IDS[3:]),
    *(("bank", finder) for finder in _BANKS),
    ("account", _ACCOUNTS),
    ("ip", _IPS),
    ("phone", _phones),
    ("address", _ADDRESSES),
    ("name", _NAMES),
]
