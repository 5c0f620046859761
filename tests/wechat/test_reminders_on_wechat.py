"""A reminder on WeChat: pushed in the window, announced by a notice that was allowed, else given up; never shown when it is stale."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.database.tables import checkin, reminder
from bot.followup import enrolments
from bot.followup.enrolments import Entry
from bot.followup.rounds import TASKS
from bot.followup.sending import plan_all
from tests.wechat.test_windows import NOTICE, noticing_town  # noqa: F401 - a fixture


async def reminded(town, anna):
    """Enrol Anna in a plan of mornings and let the first be due now, for two hours; returns what became of it."""
    one, now, content = anna.conversation(), town.now(), town.services.content.current()
    with town.database.write() as work:
        work.execute(sa.text("UPDATE patient SET quiet = '00:00-00:00'"))
        entry = Entry(one.patient_id, one.id, "medicine", "1", now.date(), "UTC", "ana", "k", consented=True)
        enrolment, _ = enrolments.enrol(work, entry, now=now)
        plan_all(work, enrolment, content, now=now)
        times = {"due_at": now, "wanted_at": now, "until": now + timedelta(hours=2)}
        work.execute(sa.update(reminder).values(**times))
    return await rounds(town)


async def rounds(town):
    for task in TASKS:
        await town.services.followup.run(task)
    town.services.feed.outgoing.set()
    await town.settled()
    return first(town)


def first(town):
    with town.database.read() as work:
        columns = (reminder.c.state, reminder.c.why)
        return tuple(work.execute(sa.select(*columns).where(reminder.c.attempt == 0).order_by(reminder.c.id).limit(1)).one())


async def test_in_the_window_it_is_pushed(town):
    anna = await town.person().who_agreed()
    assert await reminded(town, anna) == ("sent", None)
    anna.hears("daily reminder")
    assert anna.ways()[-1] == "kf"


async def test_outside_it_waits_and_is_given_up_as_unanswered_without_a_single_try(town):
    anna = await town.person().who_agreed()
    town.later(hours=49)
    assert await reminded(town, anna) == ("waiting", "unreachable")
    town.later(hours=3)
    assert await rounds(town) == ("skipped", "unreachable")
    assert anna.ways() == ["passive"]
    with town.database.read() as work:
        assert work.execute(sa.select(checkin.c.state)).scalars().all() == ["unanswered"]


async def test_who_writes_while_it_waits_gets_it(town):
    anna = await town.person().who_agreed()
    town.later(hours=49)
    await reminded(town, anna)
    await anna.says("hello again")
    town.later(minutes=16)
    assert await rounds(town) == ("sent", None)
    anna.hears("daily reminder")


async def test_a_notice_that_was_allowed_says_that_something_waits_and_the_word_that_follows_brings_it(noticing_town):  # noqa: F811
    town = noticing_town
    anna = await town.person().who_agreed()
    await anna.does(town.official.consents, NOTICE)
    town.later(hours=49)
    assert await reminded(town, anna) == ("sent", None)
    assert anna.ways()[-1] == "notice"
    anna.hears("reply 1")
    anna.hears_not("daily reminder")
    await anna.says("1")
    anna.hears("daily reminder")


async def test_who_comes_days_after_the_notice_is_not_shown_what_is_stale(noticing_town):  # noqa: F811
    town = noticing_town
    anna = await town.person().who_agreed()
    await anna.does(town.official.consents, NOTICE)
    town.later(hours=49)
    await reminded(town, anna)
    town.later(hours=50)
    await rounds(town)
    assert await rounds(town) == ("failed", "unreachable")
    with town.database.read() as work:
        assert "unanswered" in work.execute(sa.select(checkin.c.state)).scalars().all()
    await anna.says("1")
    assert all("daily reminder" not in text for text in anna.heard())
