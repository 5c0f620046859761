"""A case and its topic in the staff group: made once, with one card, kept in step with the web desk."""

from __future__ import annotations

import pytest

from tests.telegram.desk_town import desk_town


@pytest.fixture
async def town(tmp_path):
    async with desk_town(tmp_path) as running:
        yield running


async def test_an_escalation_costs_two_messages_a_topic_without_words_and_one_card(town):
    _, case = await town.patient()
    assert town.topics() == [f"#A{case.number} 🔴 en"] or town.topics()[0].startswith(f"#A{case.number} 🔴 en · ")
    in_topic = [message for message in town.desk.messages if message.get("message_thread_id") == case.thread]
    assert len(in_topic) == 2 and "forum_topic_created" in in_topic[0]
    text = case.card["text"]
    assert "crushing chest pain" in text and "ambulance now" in text and "Anna" not in text
    assert case.card["has_protected_content"] and case.buttons() == ["Claim", "Close", "Note"]
    assert any(entity["type"] == "expandable_blockquote" for entity in case.card["entities"])


async def test_a_reply_to_the_card_goes_to_the_patient_claims_and_is_receipted(town):
    nurse = await town.nurse()
    anna, case = await town.patient()
    message = await nurse.replies("Please sit down, I am with you.", case)
    anna.hears("Please sit down, I am with you.")
    assert case.now.claimed_by == "ana" and case.desk.reactions[message["message_id"]] == "👍"
    assert "Ana has this case" in case.card["text"] and case.buttons() == ["Release", "Close", "Note"]
    assert case.posts() == []
