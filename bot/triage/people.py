"""Whom a message is about: self, a child or somebody else, sex, pregnancy, known conditions. As far as the words say it."""

from __future__ import annotations

import re
from typing import Literal

from bot.languages import Language
from bot.triage import cues
from bot.triage.numbers import age_years
from bot.triage.types import Patient

CHILD_UNTIL = 14

_CHILD = {
    "zh": r"孩子|宝宝|小孩|婴儿|新生儿|儿子|女儿|娃|小朋友|闺女|孙子|孙女|👶|喝奶|尿不湿",
    "en": r"\b(?:child|kid|baby|infant|toddler|newborn|son|daughter|little one|grandson|granddaughter|boy|girl|diaper|nappy|my little)\b|👶",
    "de": r"\b(?:kind|kindes|baby|säugling|sohn|tochter|kleinkind|neugeborene[srn]?|enkel|enkelin|junge|mädchen|kleine[rn]?|windel)\b|👶",
    "ar": r"(?:ابني|بنتي|ولدي|طفل|رضيع|البيبي|المولود|ابن |بنت |عيالي|حفيد|👶)",
}
# These are children of any age; all other words above speak of a small one.
_OF_ANY_AGE = {
    "zh": r"儿子|女儿|闺女|孙子|孙女|我儿|我女",
    "en": r"\b(?:son|daughter|grandson|granddaughter|boy|girl|my child|my kid)\b",
    "de": r"\b(?:sohn|tochter|enkel|enkelin|junge|mädchen|mein kind)\b",
    "ar": r"(?:ابني|بنتي|ولدي|ابن |بنت |عيالي|حفيد)",
}
# A newborn is at most four weeks old even when nobody says how old.
_NEWBORN = {"zh": r"新生儿|刚出生的", "en": r"\bnewborn\b", "de": r"\bneugeborene[srn]?\b", "ar": r"حديث الولاده|المولود الجديد"}
# Who wants a child, or has given birth, does not write about one.
_NO_CHILD_YET = re.compile(
    r"(?:要|想要|准备要|生|生完|生了|怀|怀了|没有|没|影响|对|伤害|我的|我们的|干扰)个?(?:孩子|小孩|小宝宝|宝宝)(?=有|会|没|影响|不|[，,。？?！]|$)|(?:要|生|生完|生了|怀|怀了)个?(?:孩子|小孩|宝宝)|试管婴儿|\b(?:want|wanting|try|trying for|try for) (?:a|another) (?:child|baby)\b"
)
_ADULT_CHILD = {"zh": r"(?:成年|上大学|工作)", "en": r"\badult\b|\bgrown\b|\bcollege\b", "de": r"\berwachsen", "ar": r"بالغ"}
_FEMALE = {
    "zh": r"我妈|母亲|奶奶|外婆|姥姥|老婆|妻子|太太|女儿|女性|女[,，\s]|女\d|阿姨|婆婆|闺女|孙女|月经|大姨妈|例假|怀孕|孕|白带|阴道|乳房|产后|她|来月经|姐|妹|阿妈|女朋友",
    "en": r"\b(?:mother|mom|mum|grandma|grandmother|wife|daughter|female|woman|girl|she|her|period|pregnant|vagina|aunt|sister|granddaughter|girlfriend|menstrua\w*)\b",
    "de": r"\b(?:mutter|mama|oma|großmutter|frau|tochter|weiblich|schwester|schwanger|periode|scheide|tante|enkelin|freundin|mädchen|regel)\b|\bich bin eine frau\b",
    "ar": r"امي|ماما|جدتي|زوجتي|مراتي|بنتي|انثي|امراه|حامل|حمل|الدوره|دورتي|اختي|خالتي|عمتي|ستي|طفلتي",
}
_MALE = {
    "zh": r"我爸|父亲|爷爷|外公|姥爷|老公|丈夫|先生|儿子|男性|男[,，\s]|男\d|叔|伯|孙子|睾丸|前列腺|阴茎|他(?!们)|阿爸|男朋友|哥|弟弟",
    "en": r"\b(?:father|dad|grandpa|grandfather|husband|son|male|man|boy|he|his|him|testic\w*|prostate|penis|uncle|brother|grandson|boyfriend)\b",
    "de": r"\b(?:vater|papa|opa|großvater|mann|ehemann|sohn|männlich|bruder|hoden|prostata|penis|onkel|enkel|freund|junge)\b",
    "ar": r"ابوي|ابي|بابا|جدي|زوجي|جوزي|ابني|ولدي|ذكر|رجل|اخي|اخوي|الخصيه|البروستات|عمي|خالي",
}
_PREGNANT = {
    "zh": r"怀孕|孕\d|孕(?:妇|期|早期|晚期|中期)|有喜|怀着|胎动|见红|羊水|有身孕|孕吐|产检|孕周",
    "en": r"\bpregnan\w*|\bexpecting\b|\bgestation\b|\bwaters? broke\b|\bfetal\b|\btrimester\b|\bbaby (?:is not|isn'?t|has stopped|stopped) moving\b|\bweeks? (?:along|gone|preg\w*)\b|\b\d\d ?(?:wks?|weeks) (?:gone|preg\w*|along)\b|\bpreggers\b|\bpreggo\b|\b(?:five|six|seven|eight|[5-8]) months gone\b",
    "de": r"\bschwanger\w*|\bssw\b|\b(?:im|ende|anfang) (?:[3-9]\.|(?:dritt|viert|fünft|sechst|siebt|acht|neunt)en) monat\b|\d\d\. (?:schwangerschafts)?woche\b|\bfruchtwasser\b|\bfruchtblase\b|\bkindsbewegung\w*",
    "ar": r"حامل|حبلي|حملي|الحمل|بالحمل|حركه الجنين|ماء الراس",
}
_NOT_PREGNANT = {
    "zh": r"没(?:有)?怀孕|未孕|没有?身孕|怀孕了吗|备孕|想怀孕|不孕",
    "en": r"\bnot pregnant\b|\bget(?:ting)? pregnant\b|\bpregnancy test was negative\b",
    "de": r"\bnicht schwanger\b|\bschwanger werden\b",
    "ar": r"مش حامل|مو حامل|لست حامل|غير حامل",
}
_POSTPARTUM = {
    "zh": r"产后|刚生完|生完孩子|坐月子|剖腹产后|顺产后|剖宫产后|哺乳|喂奶",
    "en": r"\bpostpartum\b|\bafter (?:giving birth|delivery|my c-section|childbirth|the birth)\b|\bgave birth\b|\bbreast ?feeding\b|\bc-section (?:two|three|\d+|last)",
    "de": r"\bnach der geburt\b|\bentbunden\b|\bwochenbett\b|\bstille\b|\bstillen\b|\bkaiserschnitt\b|\bgeburt vor\b",
    "ar": r"بعد الولاده|نفاس|ولدت|ارضع|رضاعه|القيصريه",
}
_CONDITIONS: dict[str, dict[str, str]] = {
    "diabetes": {"zh": r"糖尿病|[一二12]型糖|打胰岛素|二甲双胍", "en": r"\bdiabet\w*|\binsulin\b|\btype (?:1|2|one|two)\b|\bt[12]d\b", "de": r"\bdiabet\w*|\binsulin\b|\bzuckerkrank\w*|\btyp[ -]?[12]\b|\b(?:hat|habe?|hab|mit|wegen) zucker\b", "ar": r"سكري|انسولين|مرض السكر|(?:عند\w{1,2}|فيه|معه|معها|بال|مريض\w*) سكر\b|\bسكر نوع\b"},
    "anticoagulant": {"zh": r"抗凝药|华法林|利伐沙班|阿哌沙班|氯吡格雷|溶栓|稀释血液", "en": r"\bblood thinners?\b|\bwarfarin\b|\bxarelto\b|\beliquis\b|\banticoag\w*|\bapixaban\b|\brivaroxaban\b|\bpradaxa\b|\bdabigatran\b|\bedoxaban\b|\bclopidogrel\b|\bplavix\b", "de": r"\bblutverdünner\w*|\bmarcumar\b|\bxarelto\b|\beliquis\b|\bgerinnungshemmer\w*|\bpradaxa\b|\blixiana\b|\bplavix\b|\bfalithrom\b|\bblutverdünnend\w*", "ar": r"مميع|مسيل للدم|سيوله الدم|وارفارين|(?:باخد|ياخذ|ياخد|بياخد|اخذ|تاخذ|على|علي) (?:ال)?سيوله|ماريفان|بلافيكس"},
    "immunosuppressed": {"zh": r"化疗|免疫抑制|移植后|白血病|艾滋|放疗|靶向", "en": r"\bchemo\w*|\bimmunosuppress\w*|\btransplant\w*|\bleuk\w*|\bhiv\b|\bweak immune\b", "de": r"\bchemo\w*|\bimmunsuppr\w*|\btransplant\w*|\bleukämie\b|\bhiv\b", "ar": r"كيماوي|كيميائي|مثبط المناعه|زراعه كل|زرع (?:كل|كبد|قلب|نخاع|رئه)|زرعت? (?:كليه|كلوه|كبد|قلب)|لوكيميا|نقص المناعه"},
    "dialysis": {"zh": r"透析", "en": r"\bdialysis\b", "de": r"\bdialyse\w*", "ar": r"غسيل الكل|غسيل كل|ديلزه"},
    "heart_failure": {"zh": r"心衰|心力衰竭|心功能不全", "en": r"\bheart failure\b", "de": r"\bherzinsuffizienz\b|\bherzschwäche\b", "ar": r"قصور القلب|ضعف القلب|فشل القلب"},
    "postop": {"zh": r"术后|手术后|做完手术|刚做(?:了|完)?手术|开刀后|出院后|刀口|伤口拆线|\d天前(?:做|刚做).{0,6}手术", "en": r"\bafter (?:my |the |an? )?(?:\w+ )?(?:surgery|operation|op)\b|\bpost[- ]?op\w*|\bsince (?:my |the )?(?:surgery|operation)\b|\bsurgery (?:\w+ )?(?:days?|weeks?) ago\b|\bhad (?:\w+ ){0,3}(?:surgery|operation)\b|\bsurgical wound\b|\bmy incision\b|\bstitches\b", "de": r"\bnach (?:der|meiner|einer) (?:\w*op|operation|\w*operation)\b|\boperiert\b|\bop-wunde\b|\bop-narbe\b|\bfrisch operiert\b|\bseit der op\b", "ar": r"بعد العمليه|بعد عمليه|عملت عمليه|سويت عمليه|جرح العمليه|بعد الجراحه"},
    "contact_lens": {"zh": r"隐形眼镜|美瞳|ok镜", "en": r"\bcontact lens\w*|\bmy contacts\b", "de": r"\bkontaktlinsen?\b", "ar": r"عدسات لاصقه|العدسات"},
    "one_kidney": {"zh": r"一个肾|单肾|孤立肾", "en": r"\b(?:one|single|only one) kidney\b", "de": r"\b(?:eine|nur eine) niere\b|\beinzelniere\b", "ar": r"كليه واحده|كلوه واحده"},
    "cast": {"zh": r"打石膏|石膏", "en": r"\bin a cast\b|\bunder (?:the|my) cast\b|\bmy cast\b|\bplaster cast\b", "de": r"\bgips\b", "ar": r"الجبس|جبيره"},
    "catheter_line": {"zh": r"picc|置管|输液港|引流管|导尿管|管子口", "en": r"\bpicc\b|\bport-?a-?cath\b|\bcatheter\b|\bdrain\b|\bcentral line\b", "de": r"\bpicc\b|\bport\b|\bkatheter\b|\bdrainage\b", "ar": r"قسطره|بورت|انبوب التصريف"},
    "epilepsy": {"zh": r"癫痫|羊癫疯", "en": r"\bepilep\w*", "de": r"\bepilep\w*", "ar": r"صرع"},
    "asthma": {"zh": r"哮喘", "en": r"\basthma\w*", "de": r"\basthma\w*", "ar": r"ربو"},
}  # fmt: skip


def _compiled(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {family: re.compile(pattern) for family, pattern in patterns.items()}


_COMPILED = {name: _compiled(patterns) for name, patterns in _CONDITIONS.items()}
_OF_ANY_AGE_RE = _compiled(_OF_ANY_AGE)
_CHILD_RE, _NEWBORN_RE, _ADULT_CHILD_RE = _compiled(_CHILD), _compiled(_NEWBORN), _compiled(_ADULT_CHILD)
_FEMALE_RE, _MALE_RE, _POSTPARTUM_RE = _compiled(_FEMALE), _compiled(_MALE), _compiled(_POSTPARTUM)
_PREGNANT_RE, _NOT_PREGNANT_RE = _compiled(_PREGNANT), _compiled(_NOT_PREGNANT)
_SELF_RE = _compiled(
    {
        "zh": r"^我|我(?:今年|现在|自己|感觉|觉得|有|的|头|胸|肚|腰|一)",
        "en": r"\bi\b|\bi'm\b|\bmy\b",
        "de": r"\bich\b|\bmir\b",
        "ar": r"\bانا\b|\bعندي\b",
    }
)
_PRONOUN = _compiled(
    {"zh": r"他|她", "en": r"\b(?:he|she|his|her|him)\b", "de": r"\b(?:er|sie)\b", "ar": r"(?:^|\s)(?:هو|هي)(?=\s|$)"}
)
_WAS_DENIED = re.compile(r"(?:没有|没|无|不是|\bno\b|\bnot\b|\bkeine?n?\b|\bnicht\b|بدون|ما عندي|ليس)\s?$")


def patient_of(text: str, language: Language) -> Patient:
    """Return what `text` (normalised) says of the patient; what it does not say stays None."""
    family = cues.family(language)
    age = age_years(text, language)
    if age is None and _NEWBORN_RE[family].search(text):
        age = 14 / 365
    child = bool(_CHILD_RE[family].search(_NO_CHILD_YET.sub(" ", text))) and not _ADULT_CHILD_RE[family].search(text)
    pregnant = _pregnant(text, family)
    return Patient(
        who=_who(text, family, child=child, age=age),
        age_years=age,
        maybe_grown=_maybe_grown(text, family) if child and age is None else None,
        sex=_sex(text, family, pregnant=pregnant),
        pregnant=pregnant,
        postpartum=True if _POSTPARTUM_RE[family].search(text) else None,
        conditions=frozenset(name for name in _COMPILED if _has(name, text, family)),
    )


def tells_of_known(text: str, language: Language, known: Patient) -> bool:
    """Return whether the "he" or "she" of `text` (normalised) is the child of whom it was `known` before, and nobody else is named."""
    family = cues.family(language)
    told, beside = patient_of(text, language), patient_of(_PRONOUN[family].sub(" ", text), language)
    fits = told.sex is None or known.sex in (None, told.sex)
    grown = told.age_years is not None and told.age_years >= CHILD_UNTIL
    return known.who == "child" and told.who == "other" and beside.who in (None, "self") and fits and not grown


def _maybe_grown(text: str, family: str) -> bool:
    """Return whether the only child in `text` may be of any age. What says that it is small counts."""
    return not _CHILD_RE[family].search(_OF_ANY_AGE_RE[family].sub(" ", _NO_CHILD_YET.sub(" ", text)))


def _who(text: str, family: str, *, child: bool, age: float | None) -> Literal["self", "child", "other"] | None:
    if (child and (age is None or age < 18)) or (age is not None and age < CHILD_UNTIL):
        return "child"
    if child or cues.not_self[family].search(text):
        return "other"
    if age is not None or _SELF_RE[family].search(text):
        return "self"
    return None


def _sex(text: str, family: str, *, pregnant: bool | None) -> Literal["f", "m"] | None:
    female, male = bool(_FEMALE_RE[family].search(text)), bool(_MALE_RE[family].search(text))
    if pregnant or (female and not male):
        return "f"
    return "m" if male and not female else None


def _pregnant(text: str, family: str) -> bool | None:
    if _NOT_PREGNANT_RE[family].search(text):
        return False
    return True if _PREGNANT_RE[family].search(text) else None


def _has(name: str, text: str, family: str) -> bool:
    if not _said(_COMPILED[name][family], text):
        return False
    # An operation of last year no longer makes a patient one who was just operated on.
    return name not in _FADING or any(
        _COMPILED[name][family].search(part) and not cues.past[family].search(part) for part in cues.SENTENCE_END.split(text)
    )


_FADING = frozenset({"postop"})


def _said(pattern: re.Pattern[str], text: str) -> bool:
    return any(not _WAS_DENIED.search(text, max(0, match.start() - 12), match.start()) for match in pattern.finditer(text))
