"""A question finds its entry through typos, Traditional script, other words and other languages; other things are not answered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.knowledge.answers import answer_reply, not_answered_reply, read_payload, suggestions_reply, thanks_for_feedback
from bot.knowledge.encoder import best_encoder
from bot.knowledge.search import Index
from bot.languages import LANGUAGES
from bot.outbox.output_filter import forbidden_in

# Own sentences, none of which stands in the packs.
ASKED = [
    ("停车在什么地方比较方便", "parking"), ("我的车能停医院里吗", "parking"), ("請問車子要停哪邊", "parking"), ("is there somewhere to leave my car", "parking"),
    ("Wo darf ich mein Auto abstellen?", "parking"), ("أين أترك سيارتي؟", "parking"),
    ("挂号要怎么弄啊", "book_appointment"), ("I'd like to make an appoinment", "book_appointment"), ("Wie bekomme ich einen Termin bei Ihnen?", "book_appointment"),
    ("كيف أستطيع حجز موعد عندكم؟", "book_appointment"), ("周六看病吗几点开始", "opening_hours"), ("what are your opening times", "opening_hours"),
    ("Wie sind die Öffnungszeiten?", "opening_hours"), ("متى تبدأ العيادة في الصباح؟", "opening_hours"), ("探病可以几点去", "visiting_hours"),
    ("when may I visit my father on the ward", "visiting_hours"), ("Wann darf man Patienten besuchen?", "visiting_hours"),
    ("化验结果去哪儿取", "get_report"), ("where can I see my lab results", "get_report"), ("Wo finde ich meine Laborergebnisse?", "get_report"),
    ("發票要在哪邊印", "invoice"), ("can I pay with my phone", "payment"), ("Kann ich mit Karte zahlen?", "payment"),
    ("医保能报吗", "insurance"), ("病历怎么复印呢", "medical_records"), ("do antibiotics work for a cold", "antibiotics_cold"),
    ("鱼刺卡住了喝醋行不行", "fishbone_vinegar"), ("Hilft Essig wenn eine Gräte im Hals steckt?", "fishbone_vinegar"), ("烫伤了能抹牙膏吗", "toothpaste_burn"),
]  # fmt: skip
OTHER = [
    "你叫什么名字", "今天天气真好", "tell me a joke", "who won the football game", "Wie wird das Wetter morgen?", "ما هي عاصمة فرنسا؟",
    "I love you", "我胸口疼", "my ear hurts since monday", "Ich habe Fieber und Husten", "بطني يوجعني", "qwertz uiop", "播放一首歌", "2+2=?",
]  # fmt: skip


@pytest.fixture(scope="module")
def index(content):
    return Index(content.knowledge, encoder=best_encoder())


@pytest.fixture(scope="module")
def by_letters(content):
    return Index(content.knowledge)


def test_most_questions_in_other_words_find_their_entry_first(index):
    right = [bool(hits) and hits[0].entry == entry for question, entry in ASKED for hits in [index.search(question, "en")]]

    assert sum(right) / len(right) >= 0.85


def test_nearly_all_stand_among_the_first_three(index):
    found = [entry in {hit.entry for hit in index.search(question, "en")} for question, entry in ASKED]

    assert sum(found) / len(found) >= 0.85


def test_what_is_answered_is_nearly_always_right(index):
    answered = [
        (hits[0].entry, entry)
        for question, entry in ASKED
        for hits in [index.search(question, "en")]
        if hits and hits[0].answered
    ]

    assert len(answered) >= len(ASKED) / 2 and sum(one == other for one, other in answered) / len(answered) >= 0.92


@pytest.mark.parametrize("text", OTHER)
def test_small_talk_symptoms_and_gibberish_are_not_answered(index, text):
    hits = index.search(text, "en")

    assert not (hits and hits[0].answered)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("wherre can i parkk", "parking"),
        ("怎麼預約掛號", "book_appointment"),
        ("Offnungszeiten", "opening_hours"),
        ("怎么挂号 please", "book_appointment"),
    ],
)
def test_typos_scripts_and_mixed_languages_are_stood_by_letters_alone(by_letters, text, entry):
    assert by_letters.search(text, "en")[0].entry == entry


def test_nothing_is_found_for_nothing(index):
    assert index.search("   ", "en") == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_names_its_source_and_no_drug_or_verdict(content, language):
    for entry in content.knowledge.by_id.values():
        reply = answer_reply(entry.id, language, entries=content.knowledge, phrases=content.phrases, today=date(2026, 11, 24))
        assert entry.source in reply.text and not forbidden_in(reply.text, language) and "\n\n" not in reply.text
        assert [read_payload(button.payload) for button in reply.buttons] == [(entry.id, "yes"), (entry.id, "no")]


def test_an_expired_entry_is_not_served_and_a_person_is_offered(content):
    entry = content.knowledge.by_id["parking"]
    after = entry.review_date + timedelta(days=1)

    late = answer_reply("parking", "en", entries=content.knowledge, phrases=content.phrases, today=after)

    assert entry.answers["en"] not in late.text and late.buttons[0].payload == "nurse"


def test_a_no_offers_a_person_and_a_yes_does_not(phrases):
    assert (
        thanks_for_feedback("en", helpful=False, phrases=phrases).buttons
        and not thanks_for_feedback("en", helpful=True, phrases=phrases).buttons
    )


def test_suggestions_are_buttons_and_not_found_is_said(content):
    offered = suggestions_reply(["parking", "payment"], "de", entries=content.knowledge, phrases=content.phrases)

    assert [button.payload for button in offered.buttons] == ["faq:parking:show", "faq:payment:show", "nurse"]
    assert not_answered_reply("de", phrases=content.phrases).buttons[0].payload == "nurse"


def test_there_are_enough_entries_in_five_languages(content):
    kinds = [entry.kind for entry in content.knowledge.by_id.values()]

    assert len(kinds) >= 60 and kinds.count("rumour") >= 15
