"""Who has blocked the bot gets no reminder, whether Telegram told us or we find out; who comes back and writes does again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import case_event, plan_enrolment, reminder
from bot.followup import enrolments
from bot.followup.enrolments import Entry
from bot.followup.rounds import TASKS
from bot.followup.sending import plan_all
from bot.inbox.conversations import LEFT_ERASED_AFTER
from tests.telegram.town import Town, until


@pytest.fixture
async def town(tmp_path):
    async with Town(tmp_path) as running:
        yield running


@pytest.fixture
async def anna(town):
    return await town.person("Anna", "en").who_agreed()


def enrolled(town, anna):
    """Enrol Anna in a plan of mornings, the first of which is tomorrow."""
    one, now, content = anna.conversation(), town.now(), town.services.content.current()
    with town.database.write() as work:
        work.execute(sa.text("UPDATE patient SET quiet = '00:00-00:00'"))
        entry = Entry(one.patient_id, one.id, "medicine", "1", now.date(), "UTC", "ana", "k", consented=True)
        enrolment, _ = enrolments.enrol(work, entry, now=now)
        plan_all(work, enrolment, content, now=now)


async def morning(town):
    """Let what waits be due now, and do a round."""
    now = town.now()
    with town.database.write() as work:
        times = {"due_at": now, "wanted_at": now, "until": now + timedelta(hours=2)}
        work.execute(sa.update(reminder).where(reminder.c.state == "waiting").values(**times))
    await town.services.followup.run(TASKS[0])


def states(town):
    with town.database.read() as work:
        columns = (reminder.c.state, reminder.c.why)
        return [tuple(row) for row in work.execute(sa.select(*columns).where(reminder.c.attempt == 0).order_by(reminder.c.id))]


def heard(anna):
    return [text for text in anna.heard() if "daily reminder" in text]


async def test_a_reminder_arrives(town, anna):
    enrolled(town, anna)
    await morning(town)
    await until(lambda: len(heard(anna)) == 1)
    assert states(town)[0] == ("sent", None)


async def test_after_telegrams_note_of_a_block_none_is_made_and_what_is_kept_ends_soon(town, anna):
    enrolled(town, anna)
    town.telegram.world.blocks(anna.person)
    await until(lambda: anna.conversation().erase_after is not None)
    assert anna.conversation().erase_after <= town.now() + LEFT_ERASED_AFTER
    await morning(town)
    assert states(town)[0] == ("skipped", "left") and heard(anna) == []


async def test_a_block_that_nobody_told_us_of_is_found_out_once(town, anna):
    enrolled(town, anna)
    anna.person.blocked = True
    await morning(town)
    await until(lambda: states(town)[0] == ("failed", "unreachable"))
    await morning(town)
    assert states(town)[1] == ("skipped", "left") and heard(anna) == []


async def test_who_comes_back_and_writes_is_reminded_again(town, anna):
    enrolled(town, anna)
    town.telegram.world.blocks(anna.person)
    await until(lambda: anna.conversation().erase_after is not None)
    await morning(town)
    town.telegram.world.unblocks(anna.person)
    await anna.says("hello again")
    assert anna.conversation().erase_after is None
    await morning(town)
    await until(lambda: len(heard(anna)) == 1)
    with town.database.read() as work:
        assert work.execute(sa.select(plan_enrolment.c.state)).scalar() == "active"


@pytest.mark.parametrize(("blocks", "told"), [(True, ["unreachable"]), (False, [])])
async def test_the_nurse_of_an_open_case_learns_that_the_person_has_blocked_us(town, anna, blocks, told):
    await anna.says("nurse")
    if blocks:
        town.telegram.world.blocks(anna.person)
    await town.settled()
    with town.database.read() as work:
        said = work.execute(sa.select(case_event.c.what).where(case_event.c.what == "unreachable")).scalars().all()
    assert said == told
