"""What a patient's own words answer to a question: yes or no, who, how old, since when, how bad. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from bot.languages import Language
from bot.triage.normalise import normalise
from bot.triage.numbers import age_years, arabic_numerals, duration_days, measurements

YesNo = Literal["yes", "no", "unknown"]

_END = r"(?=$|[\s,，،.。!！?？؟;；、~…])"
_FAMILIES = ("zh", "en", "de", "ar")
# Said before the answer itself. "应该没有" and "leider ja" answer as much as "没有" and "ja" do.
_FILLER = {
    "zh": r"嗯+|呃+|额+|哦+|啊+|唉+|那个|就是|其实|应该是?|好像|似乎|感觉|觉得|我也?|他|她|也|都|倒是?|真的|目前|现在|暂时|从来|一直|基本上?|以前|之前|当然|肯定|绝对|确实|的确|老师|医生|护士|你好|您好",
    "en": r"(?:well|hm+|um+|uh+|er+|oh|ah|so|actually|honestly|luckily|thankfully|fortunately|thank god|unfortunately|sadly|i'?m afraid(?: so)?|i'?d say|i would say|i said|i guess|so far|currently|at the moment|as far as i know|just|hi|hello|doctor)\b",
    "de": r"(?:hm+|äh+m?|also|na ?ja|tja|eigentlich|ehrlich gesagt|zum glück|gott sei dank|leider|momentan|derzeit|zur ?zeit|im moment|bisher|soweit ich weiss|ich würde sagen|ich glaube|ich denke|puh|ach|oh|na|hallo)\b",
    "ar": r"(?:والله|يعني|الحمد لله|للاسف|حاليا|الان|بصراحه|في الحقيقه|مرحبا|السلام عليكم|دكتور|لذلك|اذن|اعتقد|اظن)(?=$|[\s,،.])",
}
_UNKNOWN = {
    "zh": r"我?(?:也|真的?)?(?:不太?(?:清楚|确定|知道|晓得|好说|记得|一定|了解)|不知道?|不晓得|说不(?:清|准|好|上来)|记不(?:清|得|住)|不记得|没(?:有)?(?:注意|留意|量|测|查)过?|忘了|忘记了|可能(?:吧|是吧)?(?=$|[\s,，.。!])|也许|或许|难说|看情况|没印象|🤷)",
    "en": r"(?:i )?(?:really |honestly )?(?:don'?t|do not|dont) (?:really )?(?:know|remember|recall)|(?:i'?m |i am )?(?:not|un) ?(?:so |really |quite |entirely )?(?:sure|certain)\b|no idea|no clue|hard to (?:say|tell)|difficult to say|dunno|idk\b|i (?:can'?t|cannot) (?:say|tell|remember|recall)|can'?t (?:say|tell|remember)|(?:maybe|perhaps|possibly)(?=$|[\s,.!?])(?! (?:a (?:bit|little)|yes))|who knows|i forg[eo]t|it depends",
    "de": r"(?:das |es )?(?:ich )?(?:wei(?:ß|ss) (?:ich )?(?:es |das )?(?:leider |gerade |so )?(?:nicht|ned|net)|kann (?:ich |mich )?(?:mich )?(?:so |jetzt |leider |daran )*(?:nicht|schlecht) (?:sagen|beurteilen|erinnern|daran erinnern))|(?:da )?bin (?:ich )?(?:mir )?(?:da )?(?:nicht (?:ganz )?|un)sicher|ich bin (?:mir )?(?:da )?(?:nicht (?:ganz )?|un)sicher|nicht (?:ganz )?sicher|unsicher|keine ahnung|kein plan|schwer zu sagen|vielleicht|möglich(?:erweise)?\b|kommt drauf an|ich kann (?:mich|das|es) (?:so |jetzt |leider |da )*(?:nicht|schlecht) (?:sagen|beurteilen|mehr erinnern|erinnern)|müsste ich nach(?:sehen|schauen|fragen)",
    "ar": r"(?:انا )?(?:لا|ما|مش|مو|لست) ?(?:اعرف|ادري|عارفه?|متاكده?|بعرف|اعلم|اتذكر|فاكره?|حافظ)|مدري|معرفش|مابعرف|مش عارفه?|مو متاكده?|يمكن|ربما|يجوز|احتمال|الله اعلم|ليس لدي فكره|نسيت|ma ?b?a3ref|mesh 3aref\w*|mu met2aked",
}
# "没力气", "keine Luft", "no feeling in my leg": the negator is the complaint, no answer.
_NO_BUT_A_COMPLAINT = {
    "zh": rf"没有?(?:什么)?(?:力|劲|好转|缓解|停|消|退|睡|吃|好{_END}|好过|醒|精神|胃口|食欲|知觉|尿|气|意识|反应|呼吸|心跳|胎动|停车)|不(?:好意思|舒服|想活|会(?:动|说|走|醒)|认识|太(?:舒服|好|行|能|敢|想)|能动|能说|能呼吸|醒|清醒|省人事|行了|吃|喝|动了|停|止|光|只|仅)",
    "en": r"no (?:appetite|energy|feeling|strength|air|breath|urine|pulse|movement|sensation|sleep|power)|not? (?:only|just|breathing|able|well|good|great|ok\b(?= at all)|responding|waking|eating|drinking|sleeping|moving|feeling|getting)|never (?:had|felt|seen|experienced)[^.]{0,40}(?:like this|so bad|this bad|before)|i (?:don'?t|do not) (?:feel|sleep|eat)|i(?:'m| am) not (?:able|breathing|well|good|feeling|sleeping|eating|myself|getting)|it (?:doesn'?t|does not|isn'?t|is not|hasn'?t) (?:stop|go|get|improv|help|heal|work)|i (?:don'?t|do not|haven'?t|didn'?t) (?:have |had |got )?(?:any |much |the )?(?:feeling|strength|appetite|energy|breath|air|sleep|slept|eaten|eat)",
    "de": r"keine?n? (?:luft|kraft|gefühl|appetit|urin|puls|atem|energie|hunger)|nicht (?:nur|gut|wach|ansprechbar|mehr (?:atmen|stehen|sprechen|sehen))|noch nie so|ich (?:habe|hab|hatte|bekomme|krieg\w*) (?:[a-zäöüß]+ ){0,3}keine?n? (?:luft|kraft|gefühl|appetit|puls|urin)|ich bin nicht (?:ansprechbar|wach|bei|in der lage|fähig|ganz)",
    "ar": r"(?:لا|ما|مش|مو|مب) ?(?:استطيع|اقدر|يستطيع|تستطيع|يقدر|تقدر|قادره?|يتنفس|تتنفس|يرد|ترد|يستجيب|تستجيب|اشعر|احس|يصحي|تصحي|طبيعيه?|ياكل|تاكل|يتحرك|تتحرك|كويسه?|بخير|مرتاحه?)|(?:ما في|مافي|ما ?عندي|معنديش|ليس عندي|ليس لدي) ?(?:اي )?(?:قوه|حيل|شهيه|نفس|احساس|طاقه)|ما ?(?:يوقف|بيوقف|توقف|يروح|بيروح|راح|نمت|اكلت)",
}
_NO = {
    "zh": rf"不是|没有|没(?!错|问题|关系|准)|没事|无{_END}|都?不(?=$|[，,。. 、]|[疼痛会晕吐烧咳抽喝用需要想愿同对行]|太|怎么|觉得|可以|中{_END}|能{_END}|好{_END})|否|木有|拒绝|算了|❌|👎|🙅",
    "en": rf"no+\b|nope\b|nah+\b|naw\b|n{_END}|negative{_END}|never\b|none\b|neither\b|nothing\b|not\b(?! (?:only|just))|i(?:'ve| have)? (?:never\b|not\b|no\b)|i (?:don'?t|do not|dont|haven'?t|didn'?t|am not|wasn'?t|would not|wouldn'?t)\b|i'?m not\b|it (?:doesn'?t|does not|isn'?t|is not|hasn'?t|didn'?t)\b|it'?s not\b|(?:doesn'?t|don'?t|haven'?t|isn'?t|didn'?t)\b|disagree|wrong{_END}|incorrect|❌|👎|🙅|la2+{_END}",
    "de": rf"ne+in+\b|nee+\b|ne{_END}|nö+\b|noe\b|nix\b|nie\b|niemals\b|nicht\b(?! nur)|nichts\b|keine?[nrms]?\b(?! (?:luft|kraft))|keinerlei\b|keinesfalls\b|keineswegs\b|auf keinen fall|(?:auch|noch|eher|gar|überhaupt|absolut|sicher|natürlich|bestimmt|glaube?|denke?|hatte?|habe?)(?: ich)?(?: (?:eher|gar|auch|das|so etwas|sowas|noch|bisher|bislang|absolut))* (?:nicht|nie\b|keine?[nrms]?\b)|falsch{_END}|weder\b|negativ{_END}|ich (?:habe|hab|hatte|leide|bin|trage|nehme|brauche|benötige|rauche|trinke|war)\b[^,.;!?]{{0,40}}\b(?:nicht|nie|keine?[nrms]?|keinerlei)\b|das (?:ist|war|habe ich|hab ich|hatte ich|kommt|stimmt|trifft)\b[^,.;!?]{{0,25}}\bnicht\b",
    "ar": rf"لا+{_END}(?!\s(?:باس|مشكله|شك))|لاء|كلا{_END}|ابدا|مو(?=\s|$)|مش(?=\s|$)|مافي|ما في|مفيش|ماكو|معنديش|ما ?عندي|ما ?عنده?ا?|لا يوجد|لا توجد|لا اعاني|لا اوافق|لا يؤلم|ليس|لست|لم{_END}|غير موافق|غير صحيح|اختلف|مستحيل|ولا(?=\s|$)|خطا{_END}|بدون|la2?{_END}|mafi+sh\b|mafi\b|mesh\b|mish\b",
}
_YES_STRONG = {
    "zh": rf"是(?!不是)|有(?!没有)|对(?!了)(?:的|啊|呀|对|头)*{_END}|嗯+|没错|没问题|系(?:啊|呀|的)?{_END}|对{_END}",
    "en": rf"ye+s+\b|yea+h*\b|ye+p+\b|yup+\b|ya+h?{_END}|y{_END}|aye\b|mhm+|uh[- ]?huh|affirmative|na3am|aywa|aiwa|ay?wah",
    "de": r"ja+\b|jo+\b|joa\b|ja?e?p+\b|jup\b|jawoh?ll?\b|ja(?:ja|klar|wohl)\b|doch\b|aha\b",
    "ar": rf"نعم|ايو[هاي]|اي+{_END}|ايه{_END}|اه+ا*{_END}|بلي{_END}|اجل{_END}|هيه{_END}|يب{_END}|na3am|ayw?a+\b|aiwa\b|eh{_END}",
}
# "I am 70" and "I have a question" begin like a yes, and tell of something else.
_OF_THEMSELVES = r" (?:\d+\b(?! of)|(?:asking|writing|calling|talking|pregnant|from|male|female|his|her|allergic|diabetic|retired|an? (?:\d|man|woman|teacher|student|nurse|doctor|question|son|daughter|child|baby|husband|wife|appointment|diabetic))\b|an appointment|(?:another|one more|(?:two|three) (?:children|kids|sons|daughters)|to|been to|diabetes|insurance|asthma)\b)"
# Agreement and "sometimes": a negator in the same clause turns it round ("natürlich nicht").
_YES_WEAK = {
    "zh": rf"(?:好|行|可以|同意|会|能|要|想|愿意|需要|成|得|中|当然|肯定|确实|的确|ok)(?:的|啊|呀|哇|吧|嘞|滴|呢|了|行)*{_END}|可能有|有点|有些|有时|偶尔|经常|一点点?{_END}|一些|稍微|轻微|可行|👌|👍|✅|🆗|🙆",
    "en": rf"(?:sure|of course|definitely|absolutely|correct|right{_END}|exactly|indeed|ok(?:ay)?|fine{_END}|true{_END}|certainly|totally|agreed?|sounds good|works for me|all ?right|no problem|you bet|that'?s (?:right|fine|ok|true|correct)|it'?s (?:ok|fine|true))\b|i (?:do|have|am|did|was|think so|guess so|believe so){_END}(?!{_OF_THEMSELVES})|it (?:does|is|did)(?= *(?:$|[,.!?;])| (?:yes|now|again|still|a bit|a little|sometimes)\b)|(?:maybe |just )?a (?:little|bit|lot)\b|sometimes|often\b|always\b|occasionally|kind of|sort of|all the time|every (?:day|night|time)|slightly|👌|👍|✅|🆗|🙆",
    "de": rf"(?:na )?klar\b|sicher\b|natürlich|genau\b|stimmt\b|richtig{_END}|schon{_END}|freilich|selbstverständlich|auf jeden fall|definitiv|absolut\b|einverstanden|alles klar|passt\b|ok(?:ay)?\b|gerne?\b|manchmal|ab und zu|gelegentlich|hin und wieder|öfters?\b|häufig{_END}|immer(?: wieder| mal)?{_END}|(?:ein bisschen|etwas|ein wenig|leicht){_END}|hab(?:e)? ich{_END}|trifft zu|korrekt|das sollte (?:funktionieren|gehen|klappen)|das (?:geht|passt|klappt|stimmt)\b|👌|👍|✅|🆗|🙆",
    "ar": r"صح\b|صحيح|اكيد|طبعا|بالتاكيد|بالطبع|تمام|موافق|اوافق|اتفق|حسنا|ماشي|طيب\b|اوكي|ok\b|شويه?\b|قليلا|احيانا|مرات\b|دائما|لا باس|لا مشكله|لا شك|موجود|عندي(?=$|[,،.!…]| (?:هذا|هذه|هذي|هاي|ذلك|نعم|اكيد|شويه?|قليلا|احيانا|كلها?|بعضها|واحده? منها)(?:$|[\s,،.!]))|سينجح|akid\b|tab3an|👌|👍|✅|🆗|🙆",
}
_NOT_SO = {
    "zh": r"不|没|否",
    "en": r"\bnot\b|n'?t\b|\bno\b|\bnever\b",
    "de": r"\bnicht\b|\bkeine?[nrms]?\b|\bnie\b",
    "ar": r"\bلا\b(?! (?:باس|مشكله|شك))|\bليس\b|\bمش\b|\bمو\b|\bما\b",
}
# "有停车场吗" asks about something else; it is no yes.
_ASKS = {
    "zh": r"吗|哪|什么|怎么|多少|几点|有没有|是不是|能不能|要不要|可不可以|[?？]$",
    "en": r"^(?:where|when|what|who|why|which|how|can|could|do|does|is|are|should|will|may)\b|\?$",
    "de": r"^(?:wo|wann|was|wer|warum|welche[rsnm]?|wie|kann|können|darf|muss|soll|ist|sind|haben|gibt)\b|\?$",
    "ar": r"^(?:اين|وين|فين|متي|ايش|شو|ماذا|كيف|كم|هل|ليش|لماذا|مين)(?= |$)|[?؟]$",
}
_ASKS_NOTHING = re.compile(r"没什么|没有什么|不怎么|没怎么|怎么说")
_AGREES_BUT = re.compile(
    r"\bnot ok(?:ay)?\b|\bnot (?:right|fine|true)\b|不(?:行|可以|同意|对)|nicht (?:ok|richtig|einverstanden)|مش تمام|غير صحيح"
)
_CLAUSE = re.compile(r"[,，،。.!！;；؟?？\n…]+")
_SAID_LAST = {
    "zh": (rf"^.{{0,12}}(?:没有|没){_END}", rf"(?:同意|可以|是的|没问题|好的){_END}"),
    "en": (r"\b(?:no|nope|don'?t think so)$", r"\b(?:yes|yeah|yep|i do)$"),
    "de": (r"\b(?:nein|nicht|nee)$", r"\b(?:ja|schon|doch)$"),
    "ar": (r"(?:^| )(?:لا|كلا)$", r"(?:^| )(?:نعم|ايوه|اكيد)$"),
}


# "No wait, yes": the no is taken back. A "right" or "是的" after a no confirms it.
_TAKES_BACK = {
    "zh": r"(?:哦|噢|啊|等等|等一下|不对|其实)*有的?(?:啊|呀|吧|一点)?|(?:等等|等一下|不对|其实)+是的?",
    "en": r"(?:no )?(?:(?:wait|actually|sorry|i mean|oh|well) )*(?:yes|yeah|yep)(?: (?:i do|i have|there is|it is|actually|sorry))?",
    "de": r"(?:nein )?(?:(?:moment|halt|warte|sorry|äh|eigentlich|oh) )*(?:ja|doch)(?: (?:doch|schon|eigentlich))?",
    "ar": r"(?:لا )?(?:(?:لحظه|انتظر|عفوا|اقصد|في الحقيقه) )*(?:نعم|ايوه|اي)",
}


def _compiled(patterns: dict[str, str], *, lead: bool) -> dict[str, re.Pattern[str]]:
    return {family: re.compile(rf"^(?:{pattern})" if lead else pattern) for family, pattern in patterns.items()}


_FILLERS = {family: re.compile(rf"^(?:{pattern})[\s,，،.。、…~]*") for family, pattern in _FILLER.items()}
_UNKNOWN_RE, _COMPLAINT_RE, _NO_RE = (_compiled(one, lead=True) for one in (_UNKNOWN, _NO_BUT_A_COMPLAINT, _NO))
_STRONG_RE, _WEAK_RE = _compiled(_YES_STRONG, lead=True), _compiled(_YES_WEAK, lead=True)
_ASKS_RE, _NOT_SO_RE = _compiled(_ASKS, lead=False), _compiled(_NOT_SO, lead=False)
_LAST_RE = {family: (re.compile(no), re.compile(yes)) for family, (no, yes) in _SAID_LAST.items()}


def yes_or_no(text: str, language: Language) -> YesNo | None:
    """Return what `text` answers to a yes/no question, or None when it answers something else or asks itself.

    The language of the conversation is read first, then the others: "ok" and "ja" are said everywhere. A hedged no
    ("I don't think so") is a no; a bare "maybe" is unknown, which is never read as harmless.
    """
    plain = re.sub(r"^[\s,，.。!！、…~\-]+|\s+$", "", normalise(text).text)
    own = language[:2]
    for family in (own, *(other for other in _FAMILIES if other != own)):
        found = _yes_or_no_in(plain, family)
        if found is not None:
            return found
    return None


def _yes_or_no_in(plain: str, family: str) -> YesNo | None:
    if _COMPLAINT_RE[family].match(plain):
        return None
    if _UNKNOWN_RE[family].match(plain):
        return "unknown"
    rest = _without_fillers(plain, family)
    if _UNKNOWN_RE[family].match(rest):
        return "unknown"
    clause = _CLAUSE.split(rest, maxsplit=1)[0].strip()
    first = clause + "?" if re.match(r"[?？؟]", rest[len(clause) :].strip()) else clause
    if _ASKS_RE[family].search(_ASKS_NOTHING.sub("", first)) and not _polar_word_alone(first, family):
        return None
    found = _led(rest, first, family) or _led(plain, plain, family) or _said_last(plain, family)
    return "yes" if found == "no" and _takes_back(plain, family) else found


def _takes_back(plain: str, family: str) -> bool:
    return any(re.fullmatch(_TAKES_BACK[family], clause.strip()) for clause in _CLAUSE.split(plain))


def _without_fillers(plain: str, family: str) -> str:
    while True:
        shorter = _FILLERS[family].sub("", plain)
        if shorter in (plain, ""):
            return plain
        plain = shorter


def _polar_word_alone(first: str, family: str) -> bool:
    # "Nein, muss ich das angeben?" and "Nein ... informiert?" answer before they ask.
    return family in ("en", "de") and bool(re.match(r"(?:yes|no|ja|nein)\b", first))


def _led(rest: str, first: str, family: str) -> YesNo | None:
    if _COMPLAINT_RE[family].match(rest):
        return None
    if _NO_RE[family].match(rest):
        return "no"
    if _STRONG_RE[family].match(rest):
        return "yes"
    if not _WEAK_RE[family].match(rest):
        return None
    return "no" if _NOT_SO_RE[family].search(" ".join(first.split()[:4])) or _AGREES_BUT.search(rest) else "yes"


def _said_last(plain: str, family: str) -> YesNo | None:
    """ "Leider schon, ja": the answer stands at the end of a short message, or after "therefore"."""
    clauses = [clause.strip() for clause in _CLAUSE.split(plain) if clause.strip()]
    if not clauses or len(plain) > 60:
        return None
    no, yes = _LAST_RE[family]
    for clause in reversed(clauses):
        if no.search(clause):
            return "no"
        if yes.search(clause) or (family != "zh" and _STRONG_RE[family].match(_without_fillers(clause, family))):
            return "yes"
    return None


_WHO = (
    (
        "child",
        r"孩子|宝宝|小孩|儿子|女儿|\b(?:child(?:ren)?|kids?|bab(?:y|ies)|toddler)\b|\b(?:grand|step)?(?:son|daughter)s?\b(?!-in-law)|"
        r"\b(?:\w*kind(?:es|er)?|\w*sohn|\w*tochter|enkel\w*)\b(?! of)|ابني|بنتي|طفل|ولدي",
    ),
    (
        "other",
        r"妈|爸|老公|老婆|家人|朋友|奶奶|爷爷|外婆|姐|妹|哥|弟|邻居|同事|"
        r"\b(?:grand|step)?(?:mother|father|mum|mom|dad)s?\b|\b(?:husband|wife|grandma|grandpa|granny|sister|brother|aunt|uncle|friend|neighbou?r|colleague)s?\b|"
        r"\b(?:\w*mutter|\w*vater|\w*mann|\w*frau|mama|papa|oma|opa|freund\w*|schwester|bruder|tante|onkel|nachbar\w*|kolleg\w*)\b|"
        r"امي|ابي|زوج|جدي|جدتي|صديق|اخي|اختي|عمي|عمتي|خالي|خالتي|جاري",
    ),
    ("self", r"我自己|本人|自己|^我$|\b(?:myself|me|i am|mich|ich|selbst)\b|انا|نفسي|لي\b"),
)
# "Not me, my son": of whom it is not is no answer. "不是我是我儿子" has no comma.
_WHO_PARTS = re.compile(r"[,،.;!]+|(?<!不)是|而是|\bbut\b|\bsondern\b|(?:^| )بل(?= )")
_WHO_SAYS_NO = re.compile(r"^\s*(?:no(?= (?:it|i|me|my|for|about)\b)|nein|لا) ")
_NOT_ABOUT = re.compile(r"不是|不关|\b(?:not|no|nobody|isn'?t)\b|\b(?:nicht|kein\w*)\b|(?:^| )(?:ليس\w*|لست|مش|مو|لا)(?= |$)")


def _whom(plain: str) -> str | None:
    told = (part.strip() for part in _WHO_PARTS.split(_WHO_SAYS_NO.sub("", plain)) if not _NOT_ABOUT.search(part))
    parts = [part for part in told if part]
    return next((value for value, pattern in _WHO if any(re.search(pattern, part) for part in parts)), None)


def free_answer(pending: str, text: str, language: Language, values: Sequence[str]) -> str | None:
    """Return the choice of question `pending` that free words mean, or None when they are no answer to it."""
    plain = normalise(text).text
    readers: dict[str, Callable[[], str | None]] = {
        "who": lambda: _whom(plain),
        "age": lambda: _age_band(plain, language),
        "onset": lambda: _onset(plain, language),
        "severity": lambda: _severity(plain, language),
    }
    if pending in readers:
        return readers[pending]()
    return _choice(yes_or_no(text, language), values) if "yes" in values or "none" in values else None


def _choice(said: YesNo | None, values: Sequence[str]) -> str | None:
    if "yes" not in values:  # "is one of these there as well?" - "no"
        return "none" if said == "no" else None
    return "skipped" if said == "unknown" and "unknown" not in values else said


# How long it has lasted is no age; "8 months" alone is one.
_SINCE = re.compile(
    r"从|自从|开始|前|昨|今|烧|疼|痛|吐|拉|咳|病|难受|不舒服|\b(?:since|for|ago|now|today|yesterday|last|this)\b|"
    r"\b(?:seit|vor|heute|gestern|letzte\w*|diese\w*)\b|منذ|(?:^| )من |قبل|اليوم|امس|امبارح|البارح"
)
# As people count ages in months: three of them are a quarter of a year.
DAYS_OF_A_YEAR = 360


def _age_band(plain: str, language: Language) -> str | None:
    age = _age_alone(plain, language) if (told := age_years(plain, language)) is None else told
    if age is None or age > 120:
        return None
    for band, until in (("infant", 0.25), ("baby", 1), ("child", 14), ("adult", 60), ("older", 121)):
        if age < until:
            return band
    return None


def _age_alone(plain: str, language: Language) -> float | None:
    """Return the age in an answer that says no more: "8 months", "about 45". A temperature is none."""
    if measurements(plain, language):
        return None
    days = duration_days(plain, language)
    if days is not None:
        return None if _SINCE.search(plain) else days / DAYS_OF_A_YEAR
    number = re.fullmatch(r"\D{0,12}(\d{1,3})(?! ?(?:°|度|grad\b|degrees?\b|درجه))\D{0,12}", arabic_numerals(plain))
    return float(number[1]) if number else None


# "A long time" is no number of days, and still the answer "longer".
_LONG_AGO = re.compile(
    r"好久|很久|老久|一直以来|\blong time\b|\bages\b|\bfor years\b|\blange\b|\bewig|من زمان|مده طويله|فتره طويله"
)


_DENIES = r"(?:不是?|没有?|没那么|\b(?:not|n't|nicht|kein\w*)|(?:^| )(?:ليس\w*|مش|مو))\s?(?:很|太|那么|特别|so |that |very |really |sehr |besonders )?"
_SUDDEN = r"突然|sudden|plötzlich|فجا"
_NOT_SUDDEN = re.compile(rf"{_DENIES}(?:{_SUDDEN})")


def _onset(plain: str, language: Language) -> str | None:
    if re.search(_SUDDEN, _NOT_SUDDEN.sub(" ", plain)):
        return "sudden"
    days = duration_days(plain, language)
    if days is None:
        return "months" if _LONG_AGO.search(plain) and not _NOT_SO_RE[language[:2]].search(plain) else None
    return "today" if days < 1 else "days" if days < 8 else "weeks" if days < 60 else "months"


_SEVERE = r"受不了|很疼|很痛|厉害|剧烈|severe|very bad|unbearable|terrible|stark|schlimm|unerträglich|شديد|قوي|لا يحتمل"
_NOT_SEVERE = re.compile(rf"{_DENIES}(?:{_SEVERE}|疼|痛|bad)")
_MILD = r"有点|轻|不厉害|mild|slight|a little|not too bad|leicht|ein bisschen|nicht so|خفيف|بسيط|شوي"
_OF_TEN = re.compile(r"\b(10|\d)\s?(?:/\s?10|分(?!钟)|von 10|out of 10|من 10)")
_NUMBER = re.compile(r"\b(10|\d)(?=\D|$)")


def _severity(plain: str, language: Language) -> str | None:
    # "Unbearable since 2 days" is no 2 of 10.
    is_timed = duration_days(plain, language) is not None
    number = _OF_TEN.search(plain) or (None if is_timed else _NUMBER.search(plain))
    if number:
        return "mild" if int(number[1]) <= 3 else "moderate" if int(number[1]) <= 6 else "severe"
    denied = _NOT_SEVERE.search(plain) is not None
    if re.search(_SEVERE, _NOT_SEVERE.sub(" ", plain)):
        return "severe"
    if re.search(_MILD, plain):
        return "mild"
    return "moderate" if denied or re.search(r"中等|还行|moderate|medium|mittel|متوسط", plain) else None
