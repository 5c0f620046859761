"""What the desk reads and does in the database, on both of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import utc_now
from bot.database.tables import care_case, inbound, outbound, staff, staff_notice
from bot.database.tables import consent as consents
from bot.handoff import edits, replies
from bot.handoff.cases import add_message, case_of
from bot.handoff.problems import CaseProblem
from bot.privacy import consent
from bot.staff import invitations, own
from bot.staff.changing import Person, add
from connectors.telegram.desk import members, overflow, reading, receipts, rows
from connectors.telegram.desk.about import about_of
from tests.telegram.test_desk_rows import open_one

NOW = utc_now()


@pytest.fixture
def desk(database, content):
    """A case of somebody who agreed, with a nurse who linked her account and is on duty."""
    with database.write() as work:
        case = open_one(work, "anna")
        row = {"patient_id": "anna", "version": consent.VERSION, "state": "granted", "channel": "telegram", "language": "en"}
        work.execute(consents.insert().values(**row, at=NOW))
        person, _ = add(work, Person("ana", "nurse", "Ana", frozenset({"triage"})), by="test", now=NOW)
        work.execute(staff.update().values(state="active", duty="on"))
        own.link_telegram(work, invitations.issue(work, person.id, "telegram", now=NOW), "77", now=NOW)
    return database, content, case


def says(work, number, text, **more):
    """Store a message of the patient."""
    sealed = work.cipher.seal({"text": text, "payload": "", "crisis": False, "cut": False, "level": "INFO"})
    row = {"conversation_id": "c-anna", "channel": "telegram", "external_id": f"{number}.1", "kind": "text", "state": "handled"}
    values = {**row, "attempts": 1, "received_at": NOW + timedelta(seconds=number), "sealed": sealed, **more}
    return work.execute(inbound.insert().values(**values)).inserted_primary_key[0]


def answers(work, content, case, text, **more):
    """Reply as Ana does; returns the number of the message."""
    how = {"who": "ana", "name": "Ana", "dedupe_key": text, "now": NOW, "phrases": content.phrases, **more}
    return replies.reply(work, case, text, **how)


def test_a_topic_without_a_card_reads_all_and_one_with_a_card_only_what_is_new(desk):
    database, content, case = desk
    with database.write() as work:
        says(work, 1, "it hurts")
        topic = rows.take(work, case, now=NOW)
        whole = reading.read(work, topic, content, now=NOW)
        assert [one.text for one in whole.early] == ["it hurts"] and whole.new == () and whole.agreed
        told = {"told_event": whole.last_event, "told_inbound": whole.last_in, "upto_out": whole.last_out}
        rows.save(work, topic.id, card=9, card_in=whole.last_in, card_out=whole.last_out, **told)
        add_message(work, case_of(work, case), says(work, 2, "it is worse"), now=NOW)
        number = answers(work, content, case, "From the desk.")
        view = reading.read(work, rows.of_case(work, case), content, now=NOW)
        assert [one.text for one in view.early] == ["it hurts"]
        assert {(one.who, one.text) for one in view.new} == {("patient", "it is worse"), ("ana", "From the desk.")}
        rows.link(work, case, 12, "wait", now=NOW, outbound_id=number)
        assert [one.who for one in reading.read(work, rows.of_case(work, case), content, now=NOW).new] == ["patient"]
        assert about_of(work, view.case, content, "de").lines[0].startswith("S: ")


def test_a_message_with_the_number_of_an_earlier_one_is_a_change_of_it(desk):
    database, content, case = desk
    with database.write() as work:
        says(work, 1, "left")
        says(work, 2, "right", external_id="1.2")
        says(work, 3, "pressed", external_id="press.abc", kind="button")
        view = reading.read(work, rows.take(work, case, now=NOW), content, now=NOW)
        assert [(one.text, one.is_change) for one in view.early] == [("left", False), ("right", True), ("pressed", False)]


def test_receipts_are_due_when_the_fate_is_known_and_once(desk):
    database, content, case = desk
    with database.write() as work:
        number = answers(work, content, case, "Hello")
        rows.link(work, case, 12, "wait", now=NOW, outbound_id=number)
        assert receipts._due(work) == ()
        reasons = {}
        for state, problem in (
            ("sent", None),
            ("dead", "Closed"),
            ("dead", "Permanent"),
            ("dead", "Unknown"),
            ("parked", "Parked"),
        ):
            work.execute(outbound.update().where(outbound.c.id == number).values(state=state, problem=problem))
            (due,) = receipts._due(work)
            reasons[state, problem] = receipts.reason_of(due)
        assert list(reasons.values())[1:] == ["blocked", "refused", "unknown", "window"]
        rows.mark(work, due.id, receipts.HELD_BACK)
        assert receipts._due(work) == ()
        work.execute(outbound.update().where(outbound.c.id == number).values(state="sent"))
        assert len(receipts._due(work)) == 1


def test_only_urgent_cases_that_wait_are_told_directly_and_each_person_once(desk):
    database, content, case = desk
    later = NOW + timedelta(seconds=10)
    with database.write() as work:
        assert overflow.tell(work, case, now=NOW) == 0  # the pages go first
        assert overflow.tell(work, case, now=later) == 1 and overflow.tell(work, case, now=later) == 0
        (notice,) = [row for row in work.execute(staff_notice.select()) if row.via == "telegram"]
        assert notice.case_id == case
        work.execute(staff_notice.delete())
        answers(work, content, case, "I am here.")
        assert overflow.tell(work, case, now=later) == 0


def test_who_is_gone_gives_the_cases_back_and_a_stranger_changes_nothing(desk):
    database, content, case = desk
    with database.write() as work:
        answers(work, content, case, "I am here.")
        assert members.gone(work, 78, now=NOW, phrases=content.phrases) == () and case_of(work, case).claimed_by == "ana"
        assert members.gone(work, 77, now=NOW, phrases=content.phrases) == (case,)
        assert case_of(work, case).state == "waiting" and members.gone(work, 77, now=NOW, phrases=content.phrases) == ()
        assert work.execute(care_case.select()).one().claimed_by is None


@pytest.mark.parametrize(
    ("changed", "fate"),
    [
        ({}, "unsent"),
        ({"state": "sent", "sent_at": NOW, "platform_id": "5"}, "sent"),
        ({"state": "sent", "sent_at": NOW - timedelta(hours=49), "platform_id": "5"}, "late"),
        ({"state": "sent", "sent_at": NOW, "platform_id": "5,6"}, "cannot"),
        ({"state": "dead"}, "cannot"),
        ({"state": "sending"}, "cannot"),
    ],
)
def test_a_reply_can_be_changed_as_long_as_the_platform_lets_it(desk, changed, fate):
    database, content, case = desk
    how = {"who": "ana", "name": "Ana", "now": NOW, "phrases": content.phrases}
    with database.write() as work:
        number = answers(work, content, case, "Take the stairs.")
        work.execute(outbound.update().where(outbound.c.id == number).values(**(changed or {"tries": 0})))
        edit = edits.look(work, number, "Do not.", **how)
        assert edit.fate == fate and edits.look(work, number, "Take the stairs.", **how).fate == "same"
        if fate == "unsent":
            assert edits.store(work, edit, who="ana", now=NOW)
            row = work.execute(outbound.select().where(outbound.c.id == number)).one()
            assert work.cipher.unseal(row.sealed)["text"].startswith("Do not.")
        with pytest.raises(CaseProblem):
            edits.look(work, number, "Do not.", **{**how, "who": "ben"})
