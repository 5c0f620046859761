"""The small words that change what a symptom word means: negation, doubt, time, person, question. By language family."""

from __future__ import annotations

import re

from bot.languages import Language

# Patient language, not doctors' notes: known clinical lists turn emergencies into "denied" (clinical table §7.1).
_NEGATION = {
    "zh": r"没有|没|并未|从未|未见|未|不是|不觉得|不|无|否认|别的没|从来没",
    "en": r"\bno\b|\bnot\b|\bwithout\b|\bdon'?t\b|\bdoesn'?t\b|\bdidn'?t\b|\bhaven'?t\b|\bhasn'?t\b|\bisn'?t\b|\baren'?t\b|\bwasn'?t\b|\bnever\b|\bnone\b|\bain'?t\b|\bfree of\b|\bneither\b|\bnor\b|\bdenies\b",
    "de": r"\bkeine?[nrms]?\b|\bkeinerlei\b|\bnicht\b|\bohne\b|\bnie\b|\bniemals\b|\bweder\b|\bnoch nie\b|\bfrei von\b",
    "ar": r"\bما عند(?:ي|ه|ها|نا)\b|\bما في(?:ه|ني)?\b|\bما معي\b|\bلا\b|\bما\b|\bمش\b|\bمو\b|\bموب\b|\bليس\b|\bليست\b|\bبدون\b|\bمن غير\b|\bمفي\b|\bمافي\b|\bمافيش\b|\bمفيش\b|\bمعنديش\b|\bماعندي\b|\bلم\b|\bولا\b|\bبلا\b|\bغير\b",
}
# What looks like a negation and is none, or ends it: "not only", "never like this", "no relief", "kaum".
_NOT_A_NEGATION = {
    "zh": r"不是不|没有不|不止|不仅|不光|不但|不只|不知道|不确定|不清楚|不晓得|不得了|差不多|没有缓解|没缓解|没有好转|没好转|不见好|不好|没完没了|不停|不断|不住|是不是|有没有|会不会|要不要|怕不是|不了|不小心|不慎|不由|不自主|不自觉|不舒服|不对劲|不得不|不同|不明|不经意|不爱|不想|不愿|不能|不肯|不敢|未成年|不规律|不正常|不稳|不良|不足|不孕|不吃|不喝|不注意|不行|不到|不管用|没多久|没想到|没精神|没力|没胃口|没睡|没休息好|没吃|没喝|没注意|没办法|没法|没用|没效果|无效|无缘无故|无意|无故|无痰|无力|无法|无名",
    "en": r"\bnot only\b|\bnot just\b|\bnot sure\b|\bdon'?t know\b|\bnever had\b[^,.;]{0,40}\blike this\b|\bnever\b[^,.;]{0,40}\blike this\b|\bno relief\b|\bwithout (?:warning|reason|any reason|doing anything)\b|\bnot (?:better|improving|going away|stopping)\b|\bwon'?t\b|\bno idea\b|\bno matter\b|\bno doubt\b|\bcan'?t\b|\bcannot\b|\bcan not\b|\bnot able\b|\bnot feeling well\b|\bno better\b|\bno longer (?:able|feel)|(?:\bnot|n\'?t)(?: been able to| really| even)? (?:sleep|slept|eat|eaten|drink|drunk|drank|want|feel|felt|stop|stopped|go away|gone away|get better|help|helped|move|walk|work|worked|breathe|breathing|wake|waking|respond|responding|woken)\b",
    "de": r"\bnicht nur\b|\bweiß nicht\b|\bweiss nicht\b|\bnicht sicher\b|\bohne (?:belastung|grund|anlass|vorwarnung)\b|\bnicht (?:besser|weg|mehr aufhören)\b|\bhört nicht auf\b|\bgeht nicht weg\b|\bkeine ahnung\b|\bkeine besserung\b|\bkann (?:vor [^,.]{1,30} )?nicht\b|\bnoch nie so\b|\bnicht mehr\b|\bnicht (?:ge)?(?:schlafen|essen|gegessen|trinken|getrunken|aufstehen|laufen|gehen|arbeiten|gearbeitet|atmen|bewegen|geholfen)\b",
    "ar": r"\bمش عارف\b|\bما ادري\b|\bمدري\b|\bلا ادري\b|\bمو متاكد\b|\bمش متاكد\b|\bليس فقط\b|\bمش بس\b|\bلا يتوقف\b|\bما يوقف\b|\bمش قادر\b|\bما اقدر\b|\bلا استطيع\b|\bما بقدر\b|\bغير طبيعي\b|\bما يروح\b|\bما نمت\b|\bلم انم\b|\bلا انام\b|\bما انام\b|\bلا اكل\b|\bما اكل\b|\bم[شو] مخليني\b|\bلا تنام\b|\bلا ينام\b|\bما (?:هو|هي|علاقه|سبب|اسباب|علاج|العلاج|افضل|الفرق|معني|تفسير|اعراض|هذا|هذه)\b|\bلا املك\b|\bلا اعرف\b|\bلا يوجد سبب\b|\bبدون سبب\b|\bبدون توقف\b|\bغير عادي\b|\bغير مستقر\b",
}
_NEGATION_AFTER = {
    "zh": r"^[，,\s]*(?:倒|都|也|是)?(?:没有|没|不存在)(?=$|[，,。.！!；;]|的)",
    "en": r"^\s*(?::|-|\?|=)?\s*(?:no|none|not really|nope|negative)(?=\s*(?:$|[,.;]|and\b|but\b|\w+ (?:yes|no)\b))",
    "de": r"^\s*(?::|-)?\s*(?:habe ich |hab ich |hatte ich |habe |sind |ist )?(?:nicht|nein|keine[rsn]?)(?=(?: mehr)?\s*(?:$|[,.;]|und\b|aber\b|nur\b|\w+ (?:ja|nein)\b))",
    "ar": r"^\s*(?::)?\s*(?:لا(?=\s*(?:$|[،,.]|\w+ نعم))|مش موجود|مفيش|ما في|غير موجود)",
}
_ADVERSATIVE = {
    "zh": r"但是|但|不过|可是|只是|就是|然而|却|而是",
    "en": r"\bbut\b|\bhowever\b|\bthough\b|\bexcept\b|\bonly\b|\bjust\b|\byet\b",
    "de": r"\baber\b|\bjedoch\b|\bsondern\b|\bdafür\b|\bnur\b|\ballerdings\b|\bdoch\b",
    "ar": r"\bبس\b|\bلكن\b|\bولكن\b|\bغير ان\b|\bالا ان\b|\bمع\b",
}
# A new statement that ends the reach of an earlier negation.
_POSITIVE = {
    "zh": r"(?<!没)(?<!没有)有(?!没有)|出现|感觉|觉得|开始|一直|老是|总是",
    "en": r"\bi have\b|\bi've\b|\bi'?m\b|\bi am\b|\bi feel\b|\bhas\b|\bhaving\b|\bthere is\b|\byes\b|\bnow\b|\bstarted\b",
    "de": r"\b(?:ich )?habe\b|\bhat\b|\bbekomme\b|\bspüre\b|\bja\b|\bjetzt\b|\bist mir\b|\bmir ist\b",
    "ar": r"\bعندي\b|\bعنده\b|\bعندها\b|\bفي\b|\bاشعر\b|\bاحس\b|\bحاسس\b|\bنعم\b|\bالحين\b",
}
_LIST_OR = {
    "zh": r"或者|或是|或|和|以及|、|也没",
    "en": r"\bor\b|\bnor\b",
    "de": r"\boder\b|\bund auch nicht\b|\bnoch\b|\bund\b",
    "ar": r"\bاو\b|\bولا\b|\bو",
}
_DOUBT = {
    "zh": r"好像|可能|会不会|有点像|怀疑|怕是|似乎|不知道是不是|是不是|也许|应该是|大概",
    "en": r"\bmaybe\b|\bmight\b|\bperhaps\b|\bseems?\b|\bnot sure\b|\bcould (?:it )?be\b|\bi think\b|\bprobably\b|\bpossibly\b|\bkind of\b",
    "de": r"\bvielleicht\b|\bkönnte\b|\bich glaube\b|\bnicht sicher\b|\bweiß nicht\b|\bweiss nicht\b|\bvermutlich\b|\bwahrscheinlich\b|\birgendwie\b",
    "ar": r"\bيمكن\b|\bشكلي\b|\bمدري\b|\bمو متاكد\b|\bربما\b|\bاعتقد\b|\bاحتمال\b|\bممكن\b",
}
_PAST = {
    "zh": r"以前|去年|前年|小时候|曾经|得过|当年|上个?月|几年前|年前|早年|之前得|过去",
    "en": r"\blast (?:year|month|summer|winter|spring|autumn|fall)\b|\byears? ago\b|\bmonths? ago\b|\bas a (?:child|kid)\b|\bused to\b|\bin the past\b|\bhistory of\b|\bback then\b|\bin (?:19|20)\d\d\b",
    "de": r"\bfrüher\b|\bletztes jahr\b|\bletzten (?:monat|sommer|winter)\b|\bvor (?:einem|zwei|drei|\d+) (?:jahr|jahren|monaten|monat)\b|\bals kind\b|\bdamals\b|\bhatte mal\b|\b(?:19|20)\d\d\b",
    "ar": r"\bزمان\b|\bقبل سن[هة]\b|\bقبل سنوات\b|\bالسنه الماضيه\b|\bالعام الماضي\b|\bوانا صغير\b|\bكان عندي\b|\bسابقا\b|\bمن قبل\b|\bالشهر الماضي\b",
}
_RESOLVED = {
    "zh": r"好了|没事了|不疼了|不痛了|缓解了|消失了|恢复了|退了|过去了|已经好|全好",
    "en": r"\bgone\b|\bwent away\b|\banymore\b|\bany more\b|\bstopped\b|\bresolved\b|\bbetter now\b|\bis fine now\b|\bcleared up\b|\bit passed\b|\bgot better\b|\bover now\b|\brecovered\b",
    "de": r"\bweg\b|\bvorbei\b|\bwieder gut\b|\bbesser\b|\bverschwunden\b|\baufgehört\b|\bnicht mehr\b|\babgeklungen\b|\büberstanden\b",
    "ar": r"\bراح\b|\bراحت\b|\bاختفي\b|\bاختفت\b|\bتحسنت?\b|\bخف\b|\bانتهي\b|\bوقف\b|\bزال\b",
}
_STILL = {
    "zh": r"没有缓解|没缓解|没好|没有好|不见好|还没",
    "en": r"\bnot gone\b|\bhasn'?t\b|\bhaven'?t\b|\bnot better\b|\bwon'?t\b|\bnever\b|\bdoesn'?t\b",
    "de": r"\bnicht weg\b|\bnicht besser\b|\bgeht nicht\b|\bkeine\b",
    "ar": r"\bما راح\b|\bلم\b|\bما خف\b|\bمش\b",
}
_HYPOTHETICAL = {
    "zh": r"如果|万一|要是|假如|假设|什么是|怎么预防|会引起|会导致|会造成|是什么原因",
    "en": r"\bif\b|\bwhat if\b|\bin case\b|\bwhat happens when\b|\bwhat causes\b|\b(?:can|could|does|will)\b[^.?!]{0,40}\bcause\b|\bwhat is\b|\bsuppose\b|\bshould i (?:worry|get)\b",
    "de": r"\bfalls\b|\bwenn\b|\bwas tun bei\b|\bwas ist\b|\bwoher kommt\b|\bführt\b[^.?!]{0,30}\bzu\b|\bverursacht\b|\bangenommen\b",
    "ar": r"\bلو\b|\bاذا\b|\bما هو\b|\bما هي\b|\bما اسباب\b|\bهل (?:يسبب|تسبب|يؤدي|تؤدي)\b|\bفي حال\b",
}
# A question about the thing itself; "why does my head hurt?" still tells of a head that hurts.
_ABOUT = {
    "zh": r"危险吗|严重吗|要紧吗|会死吗|会传染吗|是什么病|怎么预防|什么意思|可怕吗",
    "en": r"\b(?:is|are)\b[^.?!]{0,60}\b(?:dangerous|serious|bad|normal|contagious|common)\b",
    "de": r"\b(?:ist|sind)\b[^.?!]{0,60}\b(?:gefährlich|schlimm|ernst|normal|ansteckend)\b",
    "ar": r"(?:\bهل\b[^.?!؟]{0,60}\b(?:خطير|خطيره|معدي|طبيعي)\b)|\bخطير\b",
}
_OWN = {
    "zh": r"我|现在|今天|一直|疼得|已经",
    "en": r"\bi\b|\bmy\b|\bme\b|\bnow\b|\btoday\b|\bi'm\b",
    "de": r"\bich\b|\bmir\b|\bmein[er]?\b|\bmich\b|\bjetzt\b|\bheute\b",
    "ar": r"\bعندي\b|\bانا\b|\bالحين\b|\bاليوم\b|ي\b",
}
_FAMILY_HISTORY = {
    "zh": r"(?:爸|妈|父亲|母亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|家里人|亲戚|哥|姐|弟|妹|叔|舅|家族)[^，,。.！!？?]{0,12}(?:得过|走的|去世|有过|家族史|遗传|是.{1,8}走)|遗传|家族史",
    "en": r"\b(?:mother|father|mom|mum|dad|grandmother|grandfather|grandma|grandpa|sister|brother|aunt|uncle|family)\b[^.?!]{0,30}\b(?:had|died|history)\b|\bruns in (?:the|my) family\b|\bfamily history\b|\bhereditary\b",
    "de": r"\b(?:mutter|vater|oma|opa|großmutter|großvater|schwester|bruder|tante|onkel|familie)\b[^.?!]{0,30}\b(?:hatte|starb|gestorben|verstorben)\b|\bin der familie\b|\berblich\b|\bfamiliär",
    "ar": r"(?:امي|ابي|ابوي|جدي|جدتي|اخي|اختي|عمي|خالي|والدي|والدتي)[^.?!؟]{0,25}(?:كان|توفي|توفيت|مات|ماتت)|\bوراث|تاريخ عائلي",
}
_NOT_SELF = {
    "zh": r"我(?:妈|爸|奶奶|爷爷|外婆|外公|姥姥|姥爷|老公|老婆|丈夫|妻子|先生|太太|爱人|儿子|女儿|孩子|宝宝|娃|小孩|弟|妹|哥|姐|朋友|同事|同学|室友|婆婆|公公|岳父|岳母|家人|家里老人|邻居|孙子|孙女|父亲|母亲|阿妈|阿爸|男朋友|女朋友|侄|外甥|家那位|家老头|家老太|家小)|孩子|宝宝|小孩|婴儿|新生儿|老人|老爷子|老太太|老头|老伴|他|她|有人|路人|患者|病人|👶|👵|👴",
    "en": r"\b(?:my|our|the|a)\s+(?:\w+\s+){0,3}(?:mother|father|mom|mum|mommy|dad|daddy|grandma|grandpa|grandmother|grandfather|gran|nan|granny|husband|wife|partner|son|daughter|child|kid|baby|infant|toddler|newborn|sister|brother|friend|colleague|neighbou?r|boyfriend|girlfriend|aunt|uncle|grandson|granddaughter|roommate|boy|girl|man|woman|guy|patient|little one|year[- ]old|flatmate|coworker|boss|teacher|student)\b|\bhe\b|\bshe\b|\bhis\b|\bher\b|\bhim\b|👶|👵|👴",
    "de": r"\b(?:mein|meine|meiner|meinem|meinen|unser|unsere|unserem|der|die|ein|eine)\s+(?:\w+\s+){0,2}(?:mutter|vater|mama|papa|oma|opa|großmutter|großvater|mann|frau|ehemann|partner|partnerin|sohn|tochter|kind|baby|säugling|schwester|bruder|freund|freundin|kollege|kollegin|nachbar|nachbarin|enkel|enkelin|tante|onkel|junge|mädchen|kleiner?|jährige[rn]?|schwiegermutter|schwiegervater|chef|mitbewohner|patient)\b|\bsie\b(?= (?:hat|ist|kann|kriegt|bekommt|atmet|spuckt|reagiert))|\ber\b(?= (?:hat|ist|kann|kriegt|bekommt|atmet|spuckt|reagiert))|👶|👵|👴",
    "ar": r"(?:^|\s)(?:و|ف)?(?:امي|ابي|ابوي|ابويا|بابا|ماما|ابني|بنتي|ولدي|طفلي|طفلتي|زوجي|زوجتي|جدي|جدتي|اخي|اخوي|اختي|صديقي|صديقتي|جاري|والدي|والدتي|الطفل|الرضيع|البيبي|مراتي|جوزي|خالتي|عمتي|عمي|خالي|حماتي|ستي|سيدي|تيتا|جدو|ابن|طفل|رضيعي|المولود|زميلي)(?:\s|$|[،,.])|👶|👵|👴",
}


def _compile(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {family: re.compile(pattern) for family, pattern in patterns.items()}


negation = _compile(_NEGATION)
not_a_negation = _compile(_NOT_A_NEGATION)
negation_after = _compile(_NEGATION_AFTER)
adversative = _compile(_ADVERSATIVE)
positive = _compile(_POSITIVE)
list_or = _compile(_LIST_OR)
doubt = _compile(_DOUBT)
past = _compile(_PAST)
resolved = _compile(_RESOLVED)
still = _compile(_STILL)
hypothetical = _compile(_HYPOTHETICAL)
about = _compile(_ABOUT)
own = _compile(_OWN)
family_history = _compile(_FAMILY_HISTORY)
not_self = _compile(_NOT_SELF)

SENTENCE_END = re.compile(r"[。！!？?؟；;\n]|(?<!\d)\.(?!\d)")
COMMA = re.compile(r"[，,、،]")


def family(language: Language) -> str:
    """Return the key of these tables for a language."""
    return language[:2]
