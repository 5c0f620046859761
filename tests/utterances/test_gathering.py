"""What the bot did not serve well comes into the inbox once, without who it was, of those who agreed to that; and goes with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import utc_now
from bot.database.tables import consent, conversation, inbound, utterance
from bot.privacy.erase import erase_old, erase_patient
from bot.privacy.export import export
from bot.utterances import rows
from bot.utterances.gathering import Gathering
from bot.utterances.rows import Wanted
from tests.contents import content_source
from tests.conversations.bench import Bench
from tests.staff.people_kit import NOW
from tests.utterances.people_heard import assessed, chat, closed, judged, not_answered, says

FALLBACK = ("action_not_understood", "action_listen")


@pytest.fixture
def gathering(database):
    return Gathering(database, content_source())


def inbox(database):
    with database.read() as work:
        found = [one for group in rows.groups(work, Wanted()) for one in group.sentences]
    return [(one.source, one.text) for one in found]


def fill(database, act):
    with database.write() as work:
        return act(work)


def test_each_way_in_is_found_and_what_is_worth_most_is_first(database, gathering):
    def happen(work):
        one = chat(work, NOW)
        says(work, one, "flurble the gnarp", actions=FALLBACK)
        not_answered(work, one, says(work, one, "where can I leave my dog"), "where can I leave my dog")
        judged(work, one, says(work, one, "is there parking for a van"), helpful=False)
        two = chat(work, NOW)
        assessed(work, two, says(work, two, "my arm feels like wood since lunch"), disagreement=True)
        three = chat(work, NOW)
        assessed(work, three, says(work, three, "burning behind the breastbone"))
        closed(work, three, department="CARD", right="GI")
        says(work, chat(work, NOW), "a person or an answer", ranking=(("request_nurse", 0.45), ("ask_faq", 0.4)))

    fill(database, happen)
    assert gathering.round(NOW) == 6
    assert inbox(database) == [
        ("near_miss", "my arm feels like wood since lunch"),
        ("corrected", "burning behind the breastbone"),
        ("unanswered", "where can I leave my dog"),
        ("unhelpful", "is there parking for a van"),
        ("fallback", "flurble the gnarp"),
        ("low_margin", "a person or an answer"),
    ]


def test_what_was_served_well_is_not_taken(database, gathering):
    def happen(work):
        one = chat(work, NOW)
        says(work, one, "hello")
        judged(work, one, says(work, one, "is there parking"), helpful=True)
        assessed(work, one, says(work, one, "my knee hurts"))
        closed(work, one, department="CARD", right="CARD")
        says(work, one, "yes", ranking=(("affirm", 0.4), ("deny", 0.39)), actions=("triage_form", "action_listen"))
        says(work, one, "Parking", actions=FALLBACK, payload="faq:parking:show")

    fill(database, happen)
    assert gathering.round(NOW) == 0


def test_a_message_is_taken_once_as_what_is_worth_most(database, gathering):
    def happen(work):
        one = chat(work, NOW)
        number = says(work, one, "my face hangs a little", actions=FALLBACK)
        assessed(work, one, number, disagreement=True)

    fill(database, happen)
    assert gathering.round(NOW) == 1 and gathering.round(NOW) == 0
    assert Gathering(database, content_source()).round(NOW + timedelta(hours=1)) == 0
    assert inbox(database) == [("near_miss", "my face hangs a little")]


def test_a_later_round_finds_what_came_meanwhile(database, gathering):
    assert gathering.round(NOW) == 0
    fill(database, lambda work: says(work, chat(work, NOW + timedelta(hours=5)), "zorp", actions=FALLBACK))
    assert gathering.round(NOW + timedelta(hours=6)) == 1


def test_of_very_much_the_rest_is_taken_by_the_next_round(database, gathering, monkeypatch):
    monkeypatch.setattr("bot.utterances.gathering.MOST", 2)

    def happen(work):
        for text in ("zorble", "flurble", "gnarp"):
            says(work, chat(work, NOW), text, actions=FALLBACK)

    fill(database, happen)
    later = NOW + timedelta(days=1)
    assert [gathering.round(NOW), gathering.round(later), gathering.round(later)] == [2, 1, 0]


def test_what_nothing_can_be_learned_from_does_not_take_the_places_of_others(database, gathering, monkeypatch):
    monkeypatch.setattr("bot.utterances.gathering.MOST", 2)

    def happen(work):
        for text in ("👍", "12", "🙏🙏", "flurble"):
            says(work, chat(work, NOW), text, actions=FALLBACK)

    fill(database, happen)
    assert gathering.round(NOW) == 1 and inbox(database) == [("fallback", "flurble")]


def test_personal_data_is_gone_before_anything_is_stored(database, gathering):
    text = "My name is Anna Berger, call me on +49 170 1234567, my ear is whistling"
    fill(database, lambda work: says(work, chat(work, NOW), text, actions=FALLBACK))
    gathering.round(NOW)
    ((_, stored),) = inbox(database)
    assert "ear is whistling" in stored and not any(secret in stored for secret in ("Anna", "Berger", "170"))


def test_a_name_that_was_introduced_in_another_message_is_hidden_too(database, gathering):
    def happen(work):
        one = chat(work, NOW)
        says(work, one, "My name is Anna Berger")
        says(work, one, "please tell Berger that the flurble is here", actions=FALLBACK)

    fill(database, happen)
    gathering.round(NOW)
    assert inbox(database) == [("fallback", "please tell [•••] that the flurble is here")]


def test_nothing_but_personal_data_is_not_taken(database, gathering):
    fill(database, lambda work: says(work, chat(work, NOW), "+49 170 1234567", actions=FALLBACK))
    assert gathering.round(NOW) == 0


@pytest.mark.parametrize("agreed", ["", "2026-11"])
def test_who_did_not_agree_to_the_present_text_is_left_out(database, gathering, agreed):
    fill(database, lambda work: says(work, chat(work, NOW, agreed=agreed), "flurble", actions=FALLBACK))
    assert gathering.round(NOW) == 0


def test_who_took_the_consent_back_is_left_out(database, gathering):
    def happen(work):
        one = chat(work, NOW)
        says(work, one, "flurble", actions=FALLBACK)
        work.execute(sa.update(consent).where(consent.c.patient_id == one.id).values(state="revoked"))

    fill(database, happen)
    assert gathering.round(NOW) == 0


def test_sentences_go_when_everything_is_erased_and_with_retention_and_others_stay(database, gathering):
    def happen(work):
        chats = [chat(work, NOW) for _ in range(3)]
        for number, one in enumerate(chats):
            says(work, one, f"{'abc'[number]} zorble flimp", actions=FALLBACK)
        return chats

    first, old, other = fill(database, happen)
    gathering.round(NOW)
    fill(database, lambda work: erase_patient(work, first.id, who="patient", now=NOW))
    year_ago = NOW - timedelta(days=365)
    with database.write() as work:
        work.execute(sa.update(conversation).where(conversation.c.id == old.id).values(last_at=year_ago))
        work.execute(sa.update(inbound).where(inbound.c.conversation_id == old.id).values(received_at=year_ago))
        erase_old(work, now=NOW, days=30)
        left = work.execute(sa.select(utterance.c.conversation_id)).scalars().all()
    assert left == [other.id]


def test_the_export_of_a_person_holds_their_sentences(database, gathering):
    one = fill(database, lambda work: chat(work, NOW))
    fill(database, lambda work: says(work, one, "flurble", actions=FALLBACK))
    gathering.round(NOW)
    with database.read() as work:
        assert [row["content"]["text"] for row in export(work, one.id)["utterance"]] == ["flurble"]


def test_the_same_question_of_many_is_one_group_and_worth_more(database, gathering):
    def happen(work):
        for text in ("how do I get a sick note", "how do i get a sick note?", "how do I get my sick note", "where is the mosque"):
            says(work, chat(work, NOW), text, actions=FALLBACK)
        says(work, chat(work, NOW, language="de"), "how do I get a sick note", actions=FALLBACK)

    fill(database, happen)
    gathering.round(NOW)
    with database.read() as work:
        groups = rows.groups(work, Wanted())
    sizes = [(len(group.sentences), group.first.language) for group in groups]
    assert sizes[0] == (3, "en") and sorted(sizes[1:]) == [(1, "de"), (1, "en")]
    assert groups[0].first.value > groups[1].first.value


async def test_the_worker_of_a_gateway_fills_the_inbox(tmp_path, database_url):
    async with Bench(tmp_path, database_url=database_url) as bench:
        fill(bench.database, lambda work: says(work, chat(work, utc_now()), "flurble", actions=FALLBACK))
        await bench.services.worker.gather()
        assert inbox(bench.database) == [("fallback", "flurble")]
