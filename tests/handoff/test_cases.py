"""One open case per conversation, one nurse at a time, and the patient is told the truth."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import utc_now
from bot.database.tables import audit, outbound
from bot.handoff import cases, closing
from bot.handoff.cases import CaseProblem, Cause
from bot.handoff.claims import LEASE, claim, release
from bot.handoff.notes import add_note
from bot.handoff.replies import reply
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.messages import Inbound

NOW = utc_now()


@pytest.fixture
def conversation_id(database) -> str:
    with database.write() as work:
        made = conversations.create(
            work, Inbound("webchat", "1", "p", "hi", NOW), language="en", defaults=Defaults("en", "CN"), now=NOW
        )
    return made.id


@pytest.fixture
def case_id(database, conversation_id) -> int:
    with database.write() as work:
        return cases.open_case(work, conversation_id, Cause("person_requested", "R", "k1"), now=NOW)[0].id


def texts(database) -> list[str]:
    with database.read() as work:
        return [
            work.cipher.unseal(sealed)["text"]
            for sealed in work.execute(sa.select(outbound.c.sealed).order_by(outbound.c.id)).scalars()
        ]


def test_a_replay_opens_no_second_case_and_a_new_cause_raises_the_level(database, conversation_id, case_id):
    with database.write() as work:
        again, is_new = cases.open_case(work, conversation_id, Cause("person_requested", "R", "k1"), now=NOW)
        raised, _ = cases.open_case(work, conversation_id, Cause("red_flag", "E1", "k2"), now=NOW)
        lowered, _ = cases.open_case(work, conversation_id, Cause("complaint", "R", "k3"), now=NOW)

    assert (again.id, is_new, raised.id, raised.level, lowered.level) == (case_id, False, case_id, "E1", "E1")


def test_two_nurses_claim_and_one_gets_it(database, case_id, phrases):
    got: list[str] = []

    def try_to(name: str) -> None:
        try:
            with database.write() as work:
                claim(work, case_id, who=name, name=name, now=NOW, phrases=phrases)
            got.append(name)
        except CaseProblem:
            pass

    nurses = [threading.Thread(target=try_to, args=(name,)) for name in ("Li", "Bo", "Su")]
    for nurse in nurses:
        nurse.start()
    for nurse in nurses:
        nurse.join()

    assert len(got) == 1


def test_a_claim_ends_when_the_nurse_vanishes(database, case_id, phrases):
    with database.write() as work:
        held = claim(work, case_id, who="Li", name="Li", now=NOW, phrases=phrases)
    later = NOW + LEASE + timedelta(seconds=1)

    assert held.is_held(NOW) and not held.is_held(later)
    with database.write() as work:
        assert claim(work, case_id, who="Bo", name="Bo", now=later, phrases=phrases).claimed_by == "Bo"


def test_replying_claims_and_carries_the_nurses_label(database, case_id, phrases):
    with database.write() as work:
        reply(work, case_id, "Please come tomorrow.", who="Li", name="Li", dedupe_key="1", now=NOW, phrases=phrases)
        held = cases.case_of(work, case_id)

    assert held.claimed_by == "Li" and held.is_held(NOW)
    assert "Nurse Li" in texts(database)[-1] and "is with you now" in texts(database)[0]


def test_a_note_never_reaches_the_patient(database, case_id):
    with database.write() as work:
        add_note(work, case_id, "MARKER looks pale", who="Li", dedupe_key="1", now=NOW)

    assert not any("MARKER" in text for text in texts(database))


def test_release_and_close_tell_the_patient_and_a_closed_case_stays_closed(database, case_id, phrases):
    with database.write() as work:
        claim(work, case_id, who="Li", name="Li", now=NOW, phrases=phrases)
        release(work, case_id, who="Li", now=NOW, phrases=phrases)
        closing.close(work, case_id, who="Li", outcome="advised", now=NOW, phrases=phrases)
    with database.write() as work, pytest.raises(CaseProblem, match="closed"):
        closing.close(work, case_id, who="Li", outcome="advised", now=NOW, phrases=phrases)

    assert any("I am back" in text for text in texts(database)) and any(
        "closed this conversation" in text for text in texts(database)
    )


def test_another_nurse_cannot_close_what_she_does_not_hold(database, case_id, phrases):
    with database.write() as work:
        claim(work, case_id, who="Li", name="Li", now=NOW, phrases=phrases)
    with database.write() as work, pytest.raises(CaseProblem, match="held by Li"):
        closing.close(work, case_id, who="Bo", outcome="advised", now=NOW, phrases=phrases)


def test_what_nurses_do_is_audited_and_the_audit_cannot_be_changed(database, case_id, phrases):
    with database.write() as work:
        reply(work, case_id, "hi", who="Li", name="Li", dedupe_key="1", now=NOW, phrases=phrases)
    with database.read() as work:
        assert {"claimed case", "replied"} <= set(work.execute(sa.select(audit.c.what)).scalars())
    for statement in (sa.delete(audit), sa.update(audit).values(who="nobody")):
        with pytest.raises(Exception, match=r"append only|does not take this"), database.write() as work:
            work.execute(statement)


def test_the_most_urgent_stands_first(database):
    with database.write() as work:
        for number, level in enumerate(("R", "E2", "U", "E1")):
            message = Inbound("webchat", str(number), f"p{number}", "hi", NOW)
            made = conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=NOW)
            cases.open_case(work, made.id, Cause("red_flag", level, level), now=NOW)
        order = [case.level for case in cases.list_open(work)]

    assert order == ["E1", "E2", "U", "R"]
