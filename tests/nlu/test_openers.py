"""First messages that come every day: a complaint is guided, booking is answered with where one books, a reminder stays one."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.search import Hit
from bot.languages import LANGUAGES
from bot.nlu import readers
from bot.nlu.readers import KnowledgeSearch

COMPLAINTS = [
    ("my daughter has a cough", "en"),
    ("bad cough for 3 days", "en"),
    ("cough", "en"),
    ("Meine Tochter hat Husten", "de"),
    ("Husten", "de"),
    ("schlimmer Husten seit 3 Tagen", "de"),
    ("我女儿咳嗽", "zh-Hans"),
    ("咳嗽三天了", "zh-Hans"),
    ("我女兒咳嗽", "zh-Hant"),
    ("咳嗽", "zh-Hant"),
    ("ابنتي عندها كحة", "ar"),
    ("كحة", "ar"),
    ("ما يقدر ينام", "ar"),
]
# An appointment that is wished for, moved or called off, and the entry that says where.
APPOINTMENTS = [
    ("make me an appointment for tomorrow", "en", "book_appointment"),
    ("I want to book an appointment with a doctor", "en", "book_appointment"),
    ("book a doctor for monday", "en", "book_appointment"),
    ("cancel my appointment", "en", "cancel_appointment"),
    ("can I move my appointment to Friday", "en", "change_appointment"),
    ("Mach mir einen Termin für morgen", "de", "book_appointment"),
    ("Termin absagen", "de", "cancel_appointment"),
    ("帮我预约明天的医生", "zh-Hans", "book_appointment"),
    ("取消预约", "zh-Hans", "cancel_appointment"),
    ("幫我掛明天的號", "zh-Hant", "book_appointment"),
    ("取消掛號", "zh-Hant", "cancel_appointment"),
    ("أريد حجز موعد مع طبيب", "ar", "book_appointment"),
    ("ألغي الموعد", "ar", "cancel_appointment"),
]
REMINDERS = [
    ("remind me of my appointment tomorrow", "en"),
    ("Erinnere mich morgen an meinen Termin", "de"),
    ("提醒我明天的预约", "zh-Hans"),
    ("提醒我明天的門診", "zh-Hant"),
    ("ذكرني بموعدي غدًا", "ar"),
]
ANGER = [
    ("three months for an appointment is a joke", "en"),
    ("ich hatte einen Termin und habe trotzdem den ganzen Vormittag gewartet", "de"),
    ("预约了还要等一上午", "zh-Hans"),
    ("有預約還要等一個早上", "zh-Hant"),
    ("عندي موعد ومع ذلك انتظرت طول الصبح", "ar"),
]
CANNOT = {"en": "I cannot", "de": "Ich kann", "zh-Hans": "我在这里不能", "zh-Hant": "我在這裡沒辦法", "ar": "لا أستطيع"}


@pytest.fixture
def heard(understanding):
    """Return what the model reads in a first message: the intent, and the entry that would answer."""

    def hear(text: str, language: str) -> tuple[str, str]:
        line = understanding.understand_line({"id": text, "text": text, "lang": language})
        return line["intent"], next((entity["value"] for entity in line["entities"] if entity["entity"] == "faq"), "")

    return hear


@pytest.mark.parametrize(("text", "language"), COMPLAINTS)
def test_a_complaint_as_first_message_is_guided_and_not_told_that_no_illness_is_named(heard, text, language):
    assert heard(text, language)[0] == "report_symptom"


def test_what_asks_for_an_illness_or_a_medicine_is_still_told_so(heard):
    assert heard("what medicine should I take for my cough", "en")[0] == "ask_diagnosis_or_drug"


@pytest.mark.parametrize(("text", "language", "entry"), APPOINTMENTS)
def test_an_appointment_is_answered_with_how_one_gets_it_and_sets_no_reminder(heard, text, language, entry):
    assert heard(text, language) == ("ask_faq", entry)


@pytest.mark.parametrize(("text", "language"), REMINDERS)
def test_to_be_reminded_of_an_appointment_stays_a_reminder(heard, text, language):
    assert heard(text, language)[0] == "set_reminder"


@pytest.mark.parametrize(("text", "language"), ANGER)
def test_anger_about_waiting_for_an_appointment_stays_a_complaint(heard, text, language):
    assert heard(text, language)[0] == "complain"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", ["book_appointment", "cancel_appointment", "change_appointment"])
def test_the_answer_says_first_that_the_assistant_cannot_do_it(content, entry, language):
    assert content.knowledge.by_id[entry].answers[language].startswith(CANNOT[language])


@pytest.mark.parametrize(
    ("confidence", "score", "intent"),
    [(0.6, 0.99, "ask_faq"), (0.9, 0.99, "set_reminder"), (0.6, 0.9, "set_reminder")],
)
def test_only_an_order_half_heard_beside_an_entry_plainly_meant_becomes_a_question(monkeypatch, confidence, score, intent):
    plain = Hit("book_appointment", score, answered=True)
    monkeypatch.setattr(readers, "current_index", lambda: _Index(plain))
    message = Message(data={"text": "put me down for Friday", "intent": {"name": "set_reminder", "confidence": confidence}})
    KnowledgeSearch({}).process([message])

    assert message.get("intent")["name"] == intent


@pytest.mark.parametrize(("score", "intent"), [(1.0, "ask_faq"), (0.99, "ask_department")])
def test_only_an_entrys_own_words_outvote_a_question_for_the_right_department(monkeypatch, score, intent):
    monkeypatch.setattr(readers, "current_index", lambda: _Index(Hit("emergency_where", score, answered=True)))
    message = Message(data={"text": "where is it", "intent": {"name": "ask_department", "confidence": 0.5}})
    KnowledgeSearch({}).process([message])

    assert message.get("intent")["name"] == intent


class _Index:
    """A search that always finds the same."""

    def __init__(self, hit: Hit) -> None:
        self._hit = hit

    def search(self, *_: object, **__: object) -> tuple[Hit, ...]:
        return (self._hit,)
