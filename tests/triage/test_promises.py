"""The promises of triage: emergencies are found in five languages, look-alikes left alone, the level only rises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages import LANGUAGES, detect
from bot.messages import LEVELS
from bot.outbox.output_filter import forbidden_in
from bot.triage import episode as episodes
from bot.triage.assess import MOST_QUESTIONS, assess
from bot.triage.emergency import emergency_reply
from bot.triage.explain import result_reply
from bot.triage.guide import guide_line
from bot.triage.hotlines import emergency_number
from bot.triage.questions import question
from bot.triage.reading import read
from bot.triage.safety import check
from tests.contents import the_content

CONTENT = the_content()
TABLES = CONTENT.triage

EMERGENCIES = [
    ("zh-Hans", "我胸口闷，左胳膊发麻", "E1"), ("zh-Hant", "胸口好悶，左手一直麻", "E1"), ("en", "pressure on my chest and I am sweating", "E1"),
    ("de", "Druck auf der Brust, mir ist übel", "E1"), ("ar", "صدري مضغوط وذراعي اليسرى تنمل", "E1"),
    ("zh-Hans", "我爸突然嘴歪了，说话不清", "E1"), ("zh-Hant", "我媽臉歪一邊，講話大舌頭", "E1"), ("en", "my husband's face is drooping", "E1"),
    ("de", "meine Mutter kann plötzlich nicht mehr richtig sprechen", "E1"), ("ar", "أمي فجأة لا تستطيع الكلام", "E1"),
    ("zh-Hans", "喘不上气，嘴唇发紫", "E1"), ("zh-Hant", "我爸喘不過氣", "E1"), ("en", "I can't breathe", "E1"), ("de", "Meine Oma kriegt kaum Luft", "E1"),
    ("ar", "مش قادر أتنفس", "E1"), ("zh-Hans", "叫不醒他", "E1"), ("zh-Hant", "爺爺叫不醒", "E1"), ("en", "she won't wake up", "E1"),
    ("de", "er ist nicht ansprechbar", "E1"), ("ar", "ما يصحى", "E1"), ("zh-Hans", "不想活了，药都准备好了", "E1"), ("zh-Hant", "遺書寫好了，今晚就走", "E1"),
    ("en", "I have the pills ready, goodbye everyone", "E1"), ("de", "Ich will sterben, die Tabletten liegen bereit", "E1"), ("ar", "جهزت الحبوب، الوداع", "E1"),
    ("zh-Hans", "孕32周，今天没有胎动", "E2"), ("zh-Hant", "懷孕有出血", "E2"), ("en", "i'm pregnant and i'm bleeding", "E2"), ("de", "Ich bin schwanger und blute", "E2"),
    ("ar", "حامل وعندي نزيف", "E2"), ("zh-Hans", "睾丸突然很疼", "E2"), ("en", "sudden pain in one testicle", "E2"), ("de", "plötzlich starke Hodenschmerzen", "E2"),
    ("zh-Hans", "宝宝两个月，发烧38度5", "E2"), ("en", "my 2 month old has a fever", "E2"), ("de", "mein Baby ist 2 Monate alt und hat Fieber", "E2"),
    ("ar", "ابني عمره شهرين وحرارته 39", "E2"), ("zh-Hans", "喝农药了", "E1"), ("en", "he drank bleach", "E1"), ("de", "sie hat Tabletten geschluckt, eine ganze Packung", "E1"),
    ("zh-Hans", "胸痛好了，现在没事了", "E2"), ("en", "no chest pain but I can't breathe", "E1"), ("de", "Ohne Belastung habe ich Brustschmerzen", "E2"),
]  # fmt: skip
QUIET = [
    ("zh-Hans", "我没有胸痛，就是有点咳嗽"), ("zh-Hant", "沒有胸痛，只是鼻塞"), ("en", "I don't have chest pain, just a cough"), ("de", "Brustschmerzen habe ich nicht, nur Schnupfen"),
    ("ar", "ما عندي ألم في الصدر، بس زكام"), ("zh-Hans", "我想死你们了"), ("zh-Hant", "今天笑死我了"), ("en", "this headache is killing me"), ("en", "I could kill for a coffee"),
    ("de", "ich bin todmüde"), ("ar", "ميت من الجوع"), ("zh-Hans", "去年心梗过，现在来问复查"), ("en", "my chest pain went away last year"), ("en", "is chest pain dangerous?"),
    ("ar", "هل ألم الصدر خطير؟"), ("zh-Hans", "我爸是心梗走的，我会不会遗传"), ("en", "where can I park?"), ("de", "Wie bekomme ich einen Termin?"), ("zh-Hans", "你好"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "least"), EMERGENCIES)
def test_an_emergency_is_found_in_every_language(language, text, least):
    safety = check(text, language, tables=TABLES)

    assert LEVELS.index(safety.level) <= LEVELS.index(least), safety


@pytest.mark.parametrize(("language", "text"), QUIET)
def test_negation_idioms_history_and_plain_questions_raise_no_alarm(language, text):
    assert not check(text, language, tables=TABLES).alarm


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
@settings(max_examples=150)
def test_no_text_at_all_breaks_the_reading_and_it_reads_the_same_twice(text, language):
    assert read(text, language, lexicon=TABLES.lexicon) == read(text, language, lexicon=TABLES.lexicon)
    assert detect(text, None) in LANGUAGES


SOFTENERS = [
    "",
    "谢谢",
    "🙂",
    "my wife says it is nothing",
    "Es ist bestimmt nichts.",
    "أهلي يقولون بسيطة",
    "please and thank you",
    "不好意思打扰了",
]


@given(st.sampled_from(EMERGENCIES), st.lists(st.sampled_from(SOFTENERS), max_size=4))
@settings(max_examples=80)
def test_politeness_relatives_and_emoji_never_lower_the_level(case, softeners):
    language, text, _ = case
    told = episodes.hear(episodes.begin(language, "CN"), text, tables=TABLES)
    before = assess(told, tables=TABLES).level
    told = told.with_floor(before)
    for softener in softeners:
        told = episodes.hear(told, softener, tables=TABLES)

    assert LEVELS.index(assess(told, tables=TABLES).level) <= LEVELS.index(before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_can_be_asked_skipped_and_explained(language):
    begun = episodes.begin(language, "CN")
    for name in TABLES.questions:
        asked = question(name, language, tables=TABLES, episode=begun)
        assert asked.text and asked.why and "skipped" in dict(asked.choices)
        assert not forbidden_in(f"{asked.text} {asked.why}", language)


def test_a_guidance_ends_after_at_most_six_questions():
    told = episodes.hear(episodes.begin("en", "CN"), "my belly hurts and I feel dizzy", tables=TABLES)
    asked = 0
    while (name := assess(told, tables=TABLES).asks) is not None:
        asked += 1
        told = episodes.answer(episodes.replace(told, pending=name), "skipped", tables=TABLES)

    assert 0 < asked <= MOST_QUESTIONS


@pytest.mark.parametrize(
    ("pending", "text", "language", "value"),
    [("chest", "是的", "zh-Hans", "yes"), ("chest", "Nein", "de", "no"), ("chest", "نعم", "ar", "yes"), ("chest", "2", "en", "no"), ("age", "40", "en", "adult"),
     ("age", "宝宝8个月", "zh-Hans", "baby"), ("onset", "seit gestern", "de", "days"), ("severity", "8/10", "en", "severe"), ("who", "我妈", "zh-Hans", "other")],
)  # fmt: skip
def test_questions_are_answered_in_free_words(pending, text, language, value):
    told = episodes.replace(episodes.begin(language, "CN"), pending=pending)

    assert episodes.answer(told, text, tables=TABLES).answers[pending] == value


def test_a_yes_to_the_completing_question_raises_the_level():
    told = episodes.hear(episodes.begin("en", "CN"), "I have a headache", tables=TABLES)
    name = assess(told, tables=TABLES).asks
    answered = episodes.answer(episodes.replace(told, pending=name), "yes", tables=TABLES)

    assert assess(told, tables=TABLES).level == "R" and assess(answered, tables=TABLES).level == "E1"


def test_an_episode_survives_the_way_through_json():
    told = episodes.hear(episodes.begin("zh-Hans", "CN"), "孩子3岁，发烧39度，有糖尿病", tables=TABLES)

    assert episodes.from_json(episodes.to_json(told)) == told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", sorted(TABLES.hotlines))
def test_the_number_is_that_of_the_region_whatever_the_language(language, region):
    safety = check("I can't breathe", "en", tables=TABLES)
    text = emergency_reply(safety, language=language, region=region, tables=TABLES, phrases=CONTENT.phrases).text
    own = TABLES.hotlines[region].ambulance

    assert own in text
    assert not [h.ambulance for h in TABLES.hotlines.values() if h.ambulance != own and h.ambulance in text.replace(own, "")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_region_gets_the_home_number_labelled(language):
    text = emergency_number(None, language, tables=TABLES)

    assert "120" in text and TABLES.hotlines["CN"].names[language] in text


@pytest.mark.parametrize(("language", "text", "_"), EMERGENCIES[:20])
def test_a_result_says_where_and_why_in_the_patients_words_and_nothing_forbidden(language, text, _):
    told = episodes.hear(episodes.begin(language, "CN"), text, tables=TABLES)
    result = assess(told, tables=TABLES)
    reply = result_reply(result, told, tables=TABLES, phrases=CONTENT.phrases)
    said = [finding.said for finding in result.findings if finding.state == "present"]

    assert reply.card.places and any(words in reply.text for words in said) and not forbidden_in(reply.text, language)


@pytest.mark.parametrize(
    ("text", "first"),
    [("my ear hurts", "ENT"), ("膝盖疼了一个月", "ORTHO"), ("Zahnschmerzen seit gestern", "DENT"), ("عيني تؤلمني", "OPH"), ("尿频尿急尿痛", "URO"), ("月经不调", "GYN"),
     ("my 5 year old has a cough", "PED"), ("胸痛", "ED"), ("皮膚癢起疹子", "DERM"), ("乳房摸到硬块", "BREAST"), ("Ich kann nicht schlafen", "PSYC")],
)  # fmt: skip
def test_a_complaint_leads_to_its_department(text, first):
    assert guide_line({"id": 1, "text": text}, tables=TABLES)["departments"][0] == first


def test_a_man_is_never_sent_to_gynaecology():
    named = guide_line({"id": 1, "text": "lower belly pain", "sex": "m"}, tables=TABLES)["departments"]

    assert not {"GYN", "OBS"} & set(named)


@pytest.mark.parametrize(
    ("text", "prior", "language"),
    [("Ohrenschmerzen seit drei Tagen", None, "de"), ("my ear hurts", None, "en"), ("我头痛", None, "zh-Hans"), ("頭很暈", None, "zh-Hant"), ("ألم", None, "ar"),
     ("ok", "de", "de"), ("hallo", "en", "en"), ("耳", "zh-Hant", "zh-Hant"), ("🙂", "ar", "ar")],
)  # fmt: skip
def test_the_language_is_read_from_enough_words_and_kept_otherwise(text, prior, language):
    assert detect(text, prior) == language
