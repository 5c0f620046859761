"""Messages as patients, bot and nurses write them: the lexicon's 80,000 terms in five languages, in ordinary sentences."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bot.languages import LANGUAGES, Language
from bot.triage.tables import Tables

_PATIENT: dict[Language, tuple[str, ...]] = {
    "zh-Hans": (
        "医生你好，我从{when}开始{one}，现在还有{two}，应该挂哪个科？",
        "{one}，要紧吗",
        "我妈妈{when}{one}，吃不下饭，晚上睡不好",
        "孩子{one}{when}了，没有发烧，{two}",
        "谢谢，我明天过去",
        "还是{one}，比昨天重一点，要不要去急诊",
    ),
    "zh-Hant": (
        "醫師您好，我從{when}開始{one}，現在還有{two}，該掛哪一科？",
        "{one}，要緊嗎",
        "我媽媽{when}{one}，吃不下，晚上睡不好",
        "孩子{one}{when}了，沒有發燒，{two}",
        "謝謝，我明天過去",
    ),
    "en": (
        "Hello, I have had {one} since {when} and now also {two}. Which department should I go to?",
        "is {one} dangerous?",
        "My mother has {one} {when}, she does not eat and sleeps badly",
        "my son has {one}, no fever, {two}",
        "thank you, I will come tomorrow",
        "still {one}, a bit worse than yesterday, should I go to the emergency room?",
    ),
    "de": (
        "Guten Tag, ich habe seit {when} {one} und jetzt auch {two}. In welche Abteilung muss ich?",
        "ist {one} gefährlich?",
        "Meine Mutter hat {when} {one}, sie isst nicht und schläft schlecht",
        "mein Sohn hat {one}, kein Fieber, {two}",
        "danke, ich komme morgen",
        "immer noch {one}, etwas schlimmer als gestern, muss ich in die Notaufnahme?",
    ),
    "ar": (
        "السلام عليكم، عندي {one} من {when} والآن {two}، أي قسم أراجع؟",
        "هل {one} خطير؟",
        "أمي عندها {one} {when} ولا تأكل ونومها سيئ",
        "ابني عنده {one} بدون حرارة، {two}",
        "شكرا، سآتي غدا",
    ),
}
_WHEN: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("昨天", "三天前", "上周", "今天早上", "两个月"),
    "zh-Hant": ("昨天", "三天前", "上週", "今天早上", "兩個月"),
    "en": ("yesterday", "three days", "last week", "this morning", "two months"),
    "de": ("gestern", "drei Tagen", "letzter Woche", "heute Morgen", "zwei Monaten"),
    "ar": ("أمس", "ثلاثة أيام", "الأسبوع الماضي", "الصباح", "شهرين"),
}
_OURS: dict[Language, tuple[str, ...]] = {
    "zh-Hans": (
        "您{one}多久了？有没有{two}？",
        "建议您去看门诊，因为您说了“{one}”。如果变重请马上去急诊。",
        "好的，请明天上午带医保卡来。",
    ),
    "zh-Hant": (
        "您{one}多久了？有沒有{two}？",
        "建議您去看門診，因為您說了「{one}」。如果變嚴重請馬上去急診。",
        "好的，請明天上午帶健保卡來。",
    ),
    "en": (
        "How long have you had {one}? Is there {two} as well?",
        "The department for this is open tomorrow, because you said “{one}”. If it gets worse go to the emergency department.",
        "All right, please come tomorrow morning and bring your card.",
    ),
    "de": (
        "Seit wann haben Sie {one}? Ist auch {two} da?",
        "Die Abteilung ist morgen offen, weil Sie „{one}“ geschrieben haben. Wird es schlimmer, gehen Sie in die Notaufnahme.",
        "Gut, kommen Sie morgen früh und bringen Sie die Karte mit.",
    ),
    "ar": (
        "منذ متى لديك {one}؟ هل يوجد {two}؟",
        "القسم مفتوح غدا لأنك قلت «{one}». إذا ساءت الحالة فاذهب إلى الطوارئ.",
        "حسنا، تعال غدا صباحا ومعك البطاقة.",
    ),
}
# As many as patients of the sample hospital: half Chinese.
_SHARES = {"zh-Hans": 40, "zh-Hant": 15, "en": 20, "de": 15, "ar": 10}


def texts(tables: Tables, *, ours: bool, seed: int) -> Iterator[tuple[Language, str]]:
    """Yield messages for ever: of patients, or those of the bot and the nurses. Some terms are frequent, most are rare."""
    chance = random.Random(seed)
    words = {language: _terms(tables, language) for language in LANGUAGES}
    while True:
        language = chance.choices(list(_SHARES), list(_SHARES.values()))[0]
        terms = words[language]  # type: ignore[index]
        one, two = (terms[int(len(terms) * chance.random() ** 4)] for _ in range(2))
        sentence = chance.choice((_OURS if ours else _PATIENT)[language])  # type: ignore[index]
        yield language, sentence.format(one=one, two=two, when=chance.choice(_WHEN[language]))  # type: ignore[index, misc]


def _terms(tables: Tables, language: Language) -> list[str]:
    """Return all terms, the same order each time, those of complaints first: they are the ones that are said often."""
    chance = random.Random(7)
    concepts = sorted(tables.lexicon.concepts.values(), key=lambda one: (one.kind not in ("symptom", "sign"), one.id))
    often = [one.terms[language][0] for one in concepts if one.terms.get(language)]
    seldom = [term for one in concepts for term in one.terms.get(language, ())[1:]]
    chance.shuffle(seldom)
    return often[:300] + seldom
