"""Every message of the bot carries the disclaimer in its language; nothing gets past the one place that adds it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import utc_now
from bot.languages import LANGUAGES
from bot.messages import Button, Card, Reply
from bot.outbox import compose as composing
from bot.outbox.compose import Composed, NotComposed, carries_disclaimer, compose, compose_from_nurse
from bot.outbox.output_filter import forbidden_in
from bot.outbox.store import Place, enqueue
from tests.contents import the_content

PHRASES = the_content().phrases
KINDS = ("answer", "question", "result", "emergency", "crisis", "consent", "notice")
replies = st.builds(
    Reply,
    text=st.text(min_size=1, max_size=200),
    kind=st.sampled_from(KINDS),
    buttons=st.lists(st.builds(Button, title=st.text(max_size=10), payload=st.text(max_size=10)), max_size=3).map(tuple),
    card=st.none() | st.just(Card("R", "x", (), (), ())),
)


@given(reply=replies, language=st.sampled_from(LANGUAGES), first=st.booleans())
def test_every_message_of_every_kind_carries_the_disclaimer_in_its_language(reply, language, first):
    message = compose(reply, language, phrases=PHRASES, first=first)

    assert carries_disclaimer(message.text, language, phrases=PHRASES)


@given(text=st.text(max_size=100), language=st.sampled_from(LANGUAGES))
def test_the_check_notices_when_the_composing_step_is_bypassed(text, language):
    assert not carries_disclaimer(text + ".", language, phrases=PHRASES)


def test_a_message_cannot_be_made_without_compose():
    with pytest.raises(NotComposed):
        Composed("hi", "", "en", "answer", "bot", (), None, object())


def test_the_outbox_takes_nothing_else(database):
    with database.write() as work, pytest.raises(TypeError, match="carries the disclaimer"):
        enqueue(work, Place("c", "webchat"), Reply("hi"), dedupe_key="x", now=utc_now())


def test_the_first_message_says_more_than_the_later_ones():
    first, later = (compose(Reply("hi"), "de", phrases=PHRASES, first=value) for value in (True, False))

    assert "ersetzt keinen Arztbesuch" in first.text and len(later.note) < len(first.note)


def test_a_nurse_is_labelled_and_carries_no_disclaimer():
    message = compose_from_nurse("Bitte kommen Sie morgen.", "de", name="Li", phrases=PHRASES)

    assert "Li" in message.note and not carries_disclaimer(message.text, "de", phrases=PHRASES)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-Hans", "您得了肺炎。"),
        ("zh-Hans", "建议服用布洛芬"),
        ("zh-Hant", "您沒事，不用看醫師"),
        ("en", "You probably have a heart attack."),
        ("en", "Take 400 mg twice a day"),
        ("en", "You are fine."),
        ("de", "Sie haben einen Schlaganfall."),
        ("de", "Nehmen Sie Ibuprofen."),
        ("de", "500 mg/d reichen."),
        ("ar", "أنت بخير"),
        ("ar", "لديك سكري"),
    ],
)
def test_a_diagnosis_a_drug_or_a_verdict_never_leaves(language, text):
    message = compose(Reply(text), language, phrases=PHRASES)

    assert forbidden_in(text, language)
    assert text not in message.text and not forbidden_in(message.text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-Hans", "因为您说：“吃了布洛芬还发烧”"),
        ("en", "Because you said: “I took ibuprofen 400 mg”"),
        ("en", "You have an appointment in Building A."),
        ("de", "Weil Sie geschrieben haben: „Paracetamol 500 mg hilft nicht“"),
        ("de", "Sie haben eine Frage?"),
        ("en", "Please write it with the unit, for example 112 mg/dL"),
        ("ar", "اكتبه مع الوحدة، مثل 112 mg/dL"),
    ],
)
def test_the_patients_own_quoted_words_and_plain_sentences_do_leave(language, text):
    assert text in compose(Reply(text), language, phrases=PHRASES).text


def test_a_composing_step_that_forgets_the_disclaimer_is_found(monkeypatch):
    monkeypatch.setattr(composing, "_note", lambda *_, **__: "", raising=False)
    monkeypatch.setattr(PHRASES.__class__, "get", lambda self, key, language, **_: "" if key.startswith("disclaimer") else key)

    message = compose(Reply("hi"), "en", phrases=PHRASES)
    monkeypatch.undo()

    assert not carries_disclaimer(message.text, "en", phrases=PHRASES)
