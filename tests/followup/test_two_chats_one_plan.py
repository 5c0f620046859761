"""Two chats become one person and two again: plans and readings stay, in the chat in which they were agreed to."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.database.tables import conversation, patient, plan_enrolment, reading
from bot.inbox import conversations
from bot.linking import merge
from tests import contents
from tests.followup.test_sending import START, enrol, person


@pytest.fixture(scope="module")
def content():
    return contents.content_source().current()


@pytest.fixture
def chats(database, content):
    """Return a function that runs in a store with two people, the second on Telegram, each in a plan with one reading."""

    def fill(work):
        for number, plan, channel in ((1, "hypertension", "webchat"), (2, "diabetes", "telegram")):
            person(work, number)
            work.execute(sa.update(conversation).where(conversation.c.id == f"c{number}").values(channel=channel))
            one = enrol(work, content, plan, number)
            row = {"patient_id": f"p{number}", "enrolment_id": one.id, "kind": "weight", "level": "OK", "source": "checkin"}
            sealed = work.cipher.seal({"values": {"weight_kg": 70}, "said": "70"})
            work.execute(reading.insert().values(**row, dedupe_key=f"r{number}", at=START, sealed=sealed))
        return conversations.get(work, "c1"), conversations.get(work, "c2")

    return fill


def owners(work, table):
    return list(work.execute(sa.select(table.c.patient_id).order_by(table.c.id)).scalars())


def test_of_two_people_who_are_one_nothing_is_lost(database, chats):
    with database.write() as work:
        first, second = chats(work)
        merge.merge(work, first, second, now=START)

        assert owners(work, plan_enrolment) == owners(work, reading) == ["p1", "p1"]


def test_a_zone_that_only_one_had_named_holds_and_an_own_one_stays(database, chats):
    with database.write() as work:
        first, second = chats(work)
        work.execute(sa.update(patient).where(patient.c.id == "p1").values(zone="", quiet="22:00-09:00"))
        work.execute(sa.update(patient).where(patient.c.id == "p2").values(zone="Europe/Berlin", quiet="20:00-07:00"))
        merge.merge(work, first, second, now=START)

        assert tuple(work.execute(sa.select(patient.c.zone, patient.c.quiet)).one()) == ("Europe/Berlin", "22:00-09:00")


@pytest.mark.parametrize(("because", "holds"), [("died", "died"), ("asked", None)])
def test_a_death_holds_for_both_and_a_stop_for_the_plans_that_it_ended(database, chats, because, holds):
    with database.write() as work:
        first, second = chats(work)
        work.execute(sa.update(patient).where(patient.c.id == "p2").values(no_reminders_because=because, no_reminders_at=START))
        merge.merge(work, first, second, now=START)

        assert work.execute(sa.select(patient.c.no_reminders_because)).scalar() == holds


def test_when_they_part_each_plan_goes_with_its_chat(database, chats):
    with database.write() as work:
        first, second = chats(work)
        merge.merge(work, first, second, now=START)
        merge.separate(work, conversations.get(work, "c2"), now=START)

        apart = conversations.get(work, "c2").patient_id
        assert apart != "p1"
        assert owners(work, plan_enrolment) == owners(work, reading) == ["p1", apart]
