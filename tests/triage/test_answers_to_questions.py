"""Questions are answered by title, by number and in free words; what asks something else is no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.languages import LANGUAGES
from bot.triage import episode as episodes
from bot.triage.answers import yes_or_no
from bot.triage.assess import assess
from tests.contents import the_content

TABLES = the_content().triage
QUESTIONS = [(name, language) for name in TABLES.questions for language in LANGUAGES]


def _asked(pending: str, language: str):
    return replace(episodes.begin(language, "CN"), pending=pending)


@pytest.mark.parametrize(("name", "language"), QUESTIONS)
def test_every_choice_is_understood_by_its_value_title_and_number(name, language):
    for number, (value, titles) in enumerate(TABLES.questions[name].choices, start=1):
        for said in (value, titles[language], titles[language].upper(), f" {titles[language]}. ", str(number)):
            answered = episodes.answer(_asked(name, language), said, tables=TABLES)

            assert answered is not None and answered.answers == {name: value} and answered.pending is None, said


FREE = [
    ("chest", "zh-Hans", "有一点", "yes"),
    ("chest", "zh-Hans", "没有啊", "no"),
    ("chest", "zh-Hans", "不知道", "unknown"),
    ("chest", "zh-Hant", "對，有", "yes"),
    ("chest", "zh-Hant", "沒有", "no"),
    ("chest", "zh-Hant", "不太清楚，我不確定", "unknown"),
    ("chest", "en", "yes, a bit", "yes"),
    ("chest", "en", "nope", "no"),
    ("chest", "en", "I am, a little", "yes"),
    ("chest", "en", "I have the third one", "yes"),
    # A no that is taken back is none.
    ("chest", "en", "no wait, yes", "yes"),
    ("chest", "en", "No. Actually yes", "yes"),
    ("chest", "en", "no sorry yes", "yes"),
    ("chest", "de", "Nein, doch", "yes"),
    ("chest", "zh-Hans", "没有，哦有", "yes"),
    ("chest", "zh-Hant", "沒有。等等，有", "yes"),
    ("chest", "ar", "لا، نعم", "yes"),
    ("chest", "en", "no, I am fine, yes I mean no", "no"),
    ("chest", "de", "nein, doch nicht", "no"),
    ("chest", "zh-Hans", "没有，是的", "no"),
    ("chest", "en", "I do", "yes"),
    ("chest", "en", "I have two of these", "yes"),
    ("chest", "en", "I have 2 of these", "yes"),
    ("chest", "en", "not sure", "unknown"),
    ("chest", "en", "I don't know", "unknown"),
    ("chest", "de", "ja, leider", "yes"),
    ("chest", "de", "nein, gar nicht", "no"),
    ("chest", "de", "keine Ahnung", "unknown"),
    ("chest", "ar", "ايوه", "yes"),
    ("chest", "ar", "لا، أبدًا", "no"),
    ("chest", "ar", "مش عارف", "unknown"),
    ("age", "zh-Hans", "四十五", "adult"),
    ("age", "zh-Hant", "她七十歲", "older"),
    ("age", "en", "she is 8 months old", "baby"),
    ("age", "en", "he is 4", "child"),
    ("age", "de", "er ist 7 Jahre alt", "child"),
    ("age", "ar", "عمره 3 سنوات", "child"),
    ("onset", "zh-Hans", "昨天开始", "days"),
    ("onset", "zh-Hant", "突然", "sudden"),
    ("onset", "en", "three weeks ago", "weeks"),
    ("onset", "de", "seit heute früh", "today"),
    ("onset", "ar", "من يومين", "days"),
    ("onset", "zh-Hans", "好久了", "months"),
    ("onset", "zh-Hant", "很久了", "months"),
    ("onset", "en", "long time", "months"),
    ("onset", "de", "schon lange", "months"),
    ("onset", "ar", "من زمان", "months"),
    ("severity", "zh-Hans", "疼得受不了", "severe"),
    ("severity", "zh-Hant", "7分", "severe"),
    ("severity", "en", "not too bad", "mild"),
    ("severity", "de", "mittel", "moderate"),
    ("severity", "ar", "شديد جدا", "severe"),
    ("who", "zh-Hans", "我儿子", "child"),
    ("who", "zh-Hant", "我媽媽", "other"),
    ("who", "en", "it's me", "self"),
    ("who", "de", "mein Mann", "other"),
    ("who", "ar", "بنتي", "child"),
    # An infant of six weeks is no child of six.
    ("age", "en", "6 weeks", "infant"),
    ("age", "de", "6 Wochen", "infant"),
    ("age", "zh-Hans", "8个月", "baby"),
    ("age", "zh-Hant", "10天", "infant"),
    ("age", "ar", "شهرين", "infant"),
    ("age", "en", "3 months", "baby"),
    ("age", "en", "12 months", "child"),
    ("age", "de", "45 Jahre", "adult"),
    # For two days is not two of ten.
    ("severity", "en", "unbearable, since 2 days", "severe"),
    ("severity", "de", "seit 3 Tagen sehr stark", "severe"),
    ("severity", "ar", "شديد جدا منذ 3 ايام", "severe"),
    ("severity", "zh-Hans", "8分，已经2天了", "severe"),
    ("severity", "zh-Hans", "不是很疼", "moderate"),
    ("severity", "de", "nicht schlimm", "moderate"),
    ("severity", "en", "not unbearable but very bad", "severe"),
    ("onset", "en", "not suddenly, over 3 days", "days"),
    ("onset", "zh-Hans", "不是突然的，三天了", "days"),
    # Of whom it is not comes first, in any language.
    ("who", "en", "not my son, me", "self"),
    ("who", "en", "not me, my son", "child"),
    ("who", "en", "for no special reason, me", "self"),
    ("who", "zh-Hans", "不是我儿子，是我", "self"),
    ("who", "zh-Hant", "不是我是我兒子", "child"),
    ("who", "de", "nicht mein Kind, ich selbst", "self"),
    ("who", "de", "nein, meine Schwester", "other"),
    ("who", "ar", "ليس ابني، أنا", "self"),
]
NO_ANSWER = [
    ("chest", "zh-Hans", "有停车场吗"),
    ("chest", "zh-Hans", "是不是要空腹"),
    ("chest", "zh-Hans", "不好意思打扰了"),
    ("chest", "zh-Hant", "有停車場嗎"),
    ("chest", "zh-Hant", "幾點開門"),
    ("chest", "en", "where can I park?"),
    ("chest", "de", "wo kann ich parken?"),
    ("chest", "ar", "أين موقف السيارات؟"),
    ("onset", "en", "where can I park?"),
    ("onset", "en", "not a long time"),
    ("onset", "de", "noch nicht lange"),
    ("onset", "zh-Hans", "没多久"),
    ("severity", "de", "wo kann ich parken?"),
    ("chest", "en", "I am 70 actually"),
    ("chest", "en", "I am pregnant"),
    ("chest", "en", "I am asking for my father"),
    ("chest", "en", "I have a question"),
    ("chest", "en", "I have two children"),
    ("who", "zh-Hans", "停车多少钱"),
    ("who", "en", "not me"),
    ("who", "de", "nicht für mich"),
    ("who", "en", "which person?"),
    ("age", "en", "since 3 days"),
    ("age", "zh-Hans", "发烧3天了"),
    ("age", "de", "39 Grad"),
    ("onset", "de", "nicht plötzlich"),
]


@pytest.mark.parametrize(("name", "language", "said", "value"), FREE)
def test_free_words_answer_a_question(name, language, said, value):
    answered = episodes.answer(_asked(name, language), said, tables=TABLES)

    assert answered is not None and answered.answers.get(name) == value


@pytest.mark.parametrize(("name", "language", "said"), NO_ANSWER)
def test_a_question_of_the_patients_own_is_no_answer(name, language, said):
    answered = episodes.answer(_asked(name, language), said, tables=TABLES)

    assert answered is None or name not in answered.answers


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        ("en", "my son has a fever", "he is 4"),
        ("en", "my baby is hot and cries", "I think she is tired"),
        ("zh-Hans", "孩子发烧了", "他四岁"),
        ("zh-Hant", "寶寶發燒", "我覺得他很累"),
        ("de", "mein Kind hat Fieber", "er hat auch Husten"),
        ("ar", "ابني عنده حرارة", "عمره 4 سنوات"),
    ],
)
def test_the_child_stays_the_child_whatever_pronoun_follows(language, first, then):
    told = episodes.hear(episodes.begin(language, "CN"), first, tables=TABLES)
    told = episodes.hear(told, then, tables=TABLES)

    assert told.patient.who == "child"
    assert assess(told, tables=TABLES).departments[0].department in ("PED", "ED")


def test_how_old_is_not_taken_for_how_long():
    told = episodes.answer(_asked("age", "en"), "8 months", tables=TABLES)

    assert told is not None and told.patient.age_years == 0.6
    assert all(reading.duration_days is None for reading in told.readings)


OF_A_CHILD = [
    ("en", "my daughter has a cough", "she is 8 months", 8),
    ("de", "meine Tochter hat Husten", "sie ist 8 Monate", 8),
    ("zh-Hans", "我女儿咳嗽", "她8个月了", 8),
    ("zh-Hant", "我女兒咳嗽", "她才2個月", 2),
]


@pytest.mark.parametrize(("language", "first", "then", "months"), OF_A_CHILD)
def test_so_many_months_of_a_child_are_its_age_before_it_is_asked(language, first, then, months):
    told = episodes.hear(episodes.begin(language, "CN"), first, tables=TABLES)
    told = episodes.hear(told, then, tables=TABLES)

    assert told.patient.age_years == months / 12 and told.patient.who == "child"
    assert told.readings[-1].duration_days is None


@pytest.mark.parametrize(("first", "then"), [("my wife has a cough", "she is 8 months"), ("my daughter has a cough", "8 months")])
def test_so_many_months_of_a_grown_woman_or_of_a_cough_are_no_age(first, then):
    told = episodes.hear(episodes.begin("en", "CN"), first, tables=TABLES)
    told = episodes.hear(told, then, tables=TABLES)

    assert told.patient.age_years is None and told.readings[-1].duration_days == 240


def test_how_long_is_kept_beside_the_age():
    told = episodes.answer(_asked("age", "en"), "he is 4, since 3 days", tables=TABLES)

    assert told is not None and told.patient.age_years == 4 and told.readings[-1].duration_days == 3


@pytest.mark.parametrize(("said", "pregnant"), [("I don't know", None), ("unknown", None), ("no", False), ("yes", True)])
def test_who_does_not_know_whether_she_is_pregnant_is_not_noted_as_not_pregnant(said, pregnant):
    told = episodes.answer(_asked("pregnancy", "en"), said, tables=TABLES)

    assert told is not None and told.patient.pregnant is pregnant


def test_an_adult_told_of_later_is_not_taken_for_the_child():
    told = episodes.hear(episodes.begin("en", "CN"), "my daughter has a cough", tables=TABLES)
    told = episodes.hear(told, "she is 34 years old", tables=TABLES)

    assert told.patient.who == "other" and told.patient.age_years == 34


def test_what_was_answered_outweighs_what_was_guessed_from_words():
    told = episodes.hear(episodes.begin("en", "CN"), "my mother thinks it is my stomach, it hurts", tables=TABLES)
    told = episodes.answer(replace(told, pending="who"), "self", tables=TABLES)

    assert told is not None and assess(told, tables=TABLES).trace["patient"]["who"] == "self"


SAID: dict[str, dict[str | None, list[str]]] = {
    "zh-Hans": {
        "yes": ["是", "嗯", "嗯嗯", "有啊", "对的", "没错", "有一点", "好像有点", "有时候有", "偶尔会", "当然", "行", "可以的", "👌", "没问题", "对，一直都有", "是我妈", "有出汗"],
        "no": ["没", "没有啊", "不是", "都没有", "目前没有", "应该没有吧", "从来没有", "没事", "不疼", "不太疼", "不会", "当然没有", "没什么特别的", "不同意", "否", "出汗没有", "没有，要紧吗"],
        "unknown": ["不知道", "我也说不清", "不太确定", "没注意", "可能吧", "忘了", "没量过", "嗯……说不准"],
        None: ["没力气", "没有胃口", "不舒服", "不好意思问一下", "几点上班", "对了，怎么挂号", "不太舒服", "肚子疼", "没停过", "不会说话了", "大概三天了", "不光是头疼"],
    },
    "zh-Hant": {
        "yes": ["有", "對啊", "有點", "是的", "沒錯", "好啊", "嗯嗯", "係呀", "偶爾", "👍"],
        "no": ["沒有欸", "不會", "都沒有", "目前沒有", "應該沒有", "不是", "冇", "唔係", "完全沒有"],
        "unknown": ["不知道耶", "我不確定", "不清楚", "沒注意", "忘記了"],
        None: ["沒力氣", "沒有胃口", "幾點看診", "可以停車嗎", "不太舒服", "頭很暈"],
    },
    "en": {
        "yes": ["y", "Yesss", "yeah", "yup", "ya", "I do", "sure", "of course", "a little", "sometimes", "maybe a bit", "I think so", "mhm", "well, yes", "unfortunately yes", "that's right", "ok", "yes but not much"],
        "no": ["No", "nooo", "n", "nope", "not really", "not at all", "I don't think so", "never", "none", "nothing like that", "of course not", "definitely not", "no, why do you ask?", "I haven't", "thankfully no", "I don't", "disagree", "no. I said I am fine"],
        "unknown": ["dunno", "idk", "no idea", "I'm not sure", "not really sure", "hard to say", "maybe", "I can't remember", "perhaps"],
        None: ["no appetite", "no feeling in my leg", "not breathing well", "never had it like this before", "can I park there?", "since yesterday", "my arm hurts", "it doesn't stop", "I don't have any strength", "I'm not able to stand"],
    },
    "de": {
        "yes": ["Ja", "jaaa", "jo", "jep", "jawohl", "doch", "na klar", "genau", "leider ja", "ein bisschen", "manchmal", "schon", "stimmt", "ab und zu", "also eigentlich ja", "habe ich", "auf jeden Fall", "Ja, aber nur nachts"],
        "no": ["Nein", "nee", "nö", "ne", "nicht wirklich", "gar nicht", "keine", "überhaupt nicht", "natürlich nicht", "glaube nicht", "noch nie", "zum Glück nicht", "habe ich nicht", "das habe ich nicht", "Auf keinen Fall", "auch nicht", "ich habe keine Allergien", "Nein, wieso?"],
        "unknown": ["weiß nicht", "weiss ich nicht", "keine Ahnung", "bin mir nicht sicher", "vielleicht", "schwer zu sagen", "das kann ich nicht sagen", "kann mich nicht erinnern"],
        None: ["keine Luft", "ich bekomme keine Luft", "ich habe keine Kraft mehr", "nicht nur am Tag", "wo ist der Eingang?", "seit gestern", "ich kann nicht atmen", "kein Appetit", "noch nie so schlimm"],
    },
    "ar": {
        "yes": ["نعم", "أيوه", "ايوا", "اه", "بلى", "أجل", "أكيد", "طبعا", "شوي", "أحيانا", "صح", "تمام", "موافق", "للأسف نعم", "aywa", "na3am", "إيه", "عندي", "نعم عندي", "عندي هذا", "عندي شوية"],
        "no": ["لا", "لااا", "كلا", "أبدا", "مفيش", "ما عندي", "مافي", "لا يوجد", "ماكو", "الحمد لله لا", "غير صحيح", "لا، أبدا", "طبعا لا", "مو عندي", "la2"],
        "unknown": ["مش عارفة", "لا أعرف", "مدري", "ما أدري", "يمكن", "ربما", "لست متأكدا", "ما بعرف", "لا أتذكر"],
        None: ["لا أستطيع التنفس", "مو قادر أمشي", "ما في نفس", "أين المستشفى؟", "من يومين", "ما أقدر أوقف", "رأسي يؤلمني", "مش طبيعي", "عندي ألم في الأذن منذ يومين", "عندي حرارة"],
    },
}  # fmt: skip
ALL_SAID = [(language, said, text) for language, kinds in SAID.items() for said, texts in kinds.items() for text in texts]


@pytest.mark.parametrize(("language", "said", "text"), ALL_SAID)
def test_yes_no_and_do_not_know_are_told_apart_in_all_their_forms(language, said, text):
    assert yes_or_no(text, language) == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "said"), [("yes", "yes"), ("no", "no"), ("ok", "yes"), ("ja", "yes"), ("نعم", "yes"), ("没有", "no"), ("👎", "no"), ("🤷", "unknown")])  # fmt: skip
def test_a_short_answer_is_read_whatever_the_language_of_the_conversation(language, text, said):
    assert yes_or_no(text, language) == said
