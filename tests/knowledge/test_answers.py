"""An answer names its source, never a drug or a verdict on the patient; an expired one is not served; a person is always near."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.content.language_check import language_problem
from bot.knowledge.answers import answer_reply, not_answered_reply, read_payload, suggestions_reply, thanks_for_feedback
from bot.languages import LANGUAGES
from bot.outbox.output_filter import forbidden_in

TODAY = date(2026, 11, 24)
EMERGENCY_RUMOURS = (
    "fingertip_bleeding_stroke", "cough_cpr", "fishbone_vinegar", "home_remedy_snake", "seizure_spoon", "fever_brain_damage",
    "vomit_after_poison", "drip_blood_vessels",
)  # fmt: skip
EMERGENCY_WORDS = {"zh-Hans": "急救电话", "zh-Hant": "急救電話", "en": "emergency number", "de": "Notruf", "ar": "الطوارئ"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_names_its_source_and_no_drug_or_verdict(content, language):
    for entry in content.knowledge.by_id.values():
        reply = answer_reply(entry.id, language, entries=content.knowledge, phrases=content.phrases, today=TODAY)

        assert (entry.source in reply.text) == (entry.kind == "rumour")
        assert not forbidden_in(reply.text, language) and "\n\n" not in reply.text
        assert str(entry.review_date) in reply.text
        assert [read_payload(button.payload) for button in reply.buttons] == [(entry.id, "yes"), (entry.id, "no")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", EMERGENCY_RUMOURS)
def test_a_rumour_about_an_emergency_sends_to_the_emergency_number_and_names_none(content, entry, language):
    answer = content.knowledge.by_id[entry].answers[language]

    assert EMERGENCY_WORDS[language] in answer
    assert not any(number in answer for number in ("120", "119", "112", "911", "999", "997"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rumour_shows_claim_and_verdict_and_a_logistics_answer_does_not(content, language):
    def said(entry):
        return answer_reply(entry, language, entries=content.knowledge, phrases=content.phrases, today=TODAY).text

    verdict = content.phrases.get("knowledge.verdict_false", language)
    claim = content.knowledge.by_id["microwave_cancer"].questions[language][0]
    assert (
        verdict in said("microwave_cancer")
        and claim[1:] in said("microwave_cancer")
        and verdict not in said("parking").split("\n")[0]
    )


def test_on_the_day_of_its_review_an_entry_is_served_and_the_day_after_a_person_is_offered(content):
    entry = content.knowledge.by_id["parking"]

    def on(day):
        return answer_reply("parking", "en", entries=content.knowledge, phrases=content.phrases, today=day)

    assert entry.answers["en"] in on(entry.review_date).text
    late = on(entry.review_date + timedelta(days=1))
    assert entry.answers["en"] not in late.text and late.buttons[0].payload == "nurse"


def test_a_no_offers_a_person_and_a_yes_does_not(phrases):
    assert thanks_for_feedback("en", helpful=False, phrases=phrases).buttons[0].payload == "nurse"
    assert not thanks_for_feedback("en", helpful=True, phrases=phrases).buttons


def test_suggestions_are_at_most_three_buttons_and_a_person(content):
    offered = suggestions_reply(
        ["parking", "payment", "prices", "invoice"], "de", entries=content.knowledge, phrases=content.phrases, today=TODAY
    )

    payloads = [button.payload for button in offered.buttons]
    assert payloads == ["faq:parking:show", "faq:payment:show", "faq:prices:show", "nurse"]
    assert offered.buttons[0].title == "Wo kann ich parken"


def test_expired_entries_are_not_suggested(content):
    late = content.knowledge.by_id["parking"].review_date + timedelta(days=1)
    reply = suggestions_reply(["parking"], "en", entries=content.knowledge, phrases=content.phrases, today=late)

    assert reply == not_answered_reply("en", phrases=content.phrases) and reply.buttons[0].payload == "nurse"


def test_a_payload_that_is_not_ours_is_not_read():
    assert read_payload("faq:parking:show") == ("parking", "show")
    assert [read_payload(other) for other in ("", "nurse", "faq:parking", "faq:parking:eat", "faq:a:b:show", "a:age:1")] == [
        None
    ] * 6


def test_there_are_enough_entries_with_at_least_four_wordings_in_each_language(content):
    entries = content.knowledge.by_id.values()

    assert sum(entry.kind == "logistics" for entry in entries) >= 50 and sum(entry.kind == "rumour" for entry in entries) >= 20
    assert all(len(set(entry.questions[language])) >= 4 for entry in entries for language in LANGUAGES)


def test_wordings_stand_in_their_own_script(content):
    wrong = [
        (entry.id, language, text)
        for entry in content.knowledge.by_id.values()
        for language, texts in entry.questions.items()
        for text in texts
        if (language_problem(text.replace("床", ""), language) if language == "zh-Hant" else language_problem(text, language))
    ]

    assert not wrong


def test_every_rumour_names_an_organisation_and_a_page_and_no_address(content):
    rumours = [entry for entry in content.knowledge.by_id.values() if entry.kind == "rumour"]

    assert all("“" in entry.source and "”" in entry.source and "http" not in entry.source for entry in rumours)


def test_hours_of_a_clinic_are_those_of_the_departments(content):
    for entry, department in (("child_clinic", "PED"), ("vaccination_booking", "VACC"), ("opening_hours", "GP")):
        hours = content.triage.departments[department].hours

        assert hours["en"].replace("Monday", "").count("8:00–17:00") == 1
        assert all("8:00–17:00" in content.knowledge.by_id[entry].answers[language] for language in LANGUAGES)
        assert all("8:00–12:00" in content.knowledge.by_id[entry].answers[language] for language in LANGUAGES)
