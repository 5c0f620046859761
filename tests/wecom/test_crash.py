"""kill -9 at any moment: a callback that was acknowledged is fetched, a page that was stored is not stored again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.database.tables import kf_account
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.messages import Inbound
from connectors.wecom import accounts, windows
from connectors.wecom.fetching import Fetching
from connectors.wecom.intake import Intake
from tests.telegram.town import until
from tests.wecom.kit import ACCOUNT


class Killed(BaseException):
    """The process is gone: nothing that comes behind is done."""


@pytest.fixture
async def anna(town):
    return await town.person().who_agreed()


async def test_a_callback_that_was_acknowledged_before_the_end_is_fetched_by_the_next_process(town, anna, monkeypatch):
    async def never(self):
        return None

    with monkeypatch.context() as gone:
        gone.setattr(Fetching, "fetch_due", never)  # acknowledged, and then nothing
        push = town.corp.says(anna.customer, anna.account, "my ear hurts")
        await push.settled()
        assert push.verdict == "silent" and "my ear hurts" not in town.stored()
    await until(lambda: any("(my ear hurts)" in text for text in anna.heard()))


async def test_an_end_in_the_middle_of_a_page_loses_nothing_and_doubles_nothing(town, anna, monkeypatch):
    take, taken = Intake.take, []

    async def dies(self, item):
        if len(taken) == 2:
            taken.append(None)
            raise Killed
        taken.append(item)
        await take(self, item)

    url, town.corp.postman.address.url = town.corp.postman.address.url, ""
    for number in range(4):
        town.corp.says(anna.customer, anna.account, f"word {number}")
    town.corp.postman.address.url = url
    with town.database.read() as work:
        before = work.execute(sa.select(kf_account.c.sealed)).scalar_one()
    account = _due(town)
    monkeypatch.setattr(Intake, "take", dies)
    with pytest.raises(Killed):
        await town.connector._fetching._fetch(account)
    with town.database.write() as work:
        assert work.cipher.unseal(work.execute(sa.select(kf_account.c.sealed)).scalar_one()) == work.cipher.unseal(before)
        accounts.take_back(work, now=town.now())
    await until(lambda: sum("(word" in text for text in anna.heard()) >= 4)
    await town.settled()
    assert [text for text in town.stored() if text.startswith("word")] == [f"word {number}" for number in range(4)]
    assert sum("(word" in text for text in anna.heard()) == 4


def _due(town):
    with town.database.write() as work:
        work.execute(sa.update(kf_account).values(due_at=town.now(), lease_until=None))
        (account,) = accounts.take_due(work, now=town.now())
        return account


def test_one_fetches_at_a_time_and_a_call_meanwhile_is_not_forgotten(database, now):
    with database.write() as work:
        accounts.called(work, ACCOUNT, "T1", now=now())
        (mine,) = accounts.take_due(work, now=now())
        assert accounts.take_due(work, now=now()) == ()
        accounts.called(work, ACCOUNT, "T2", now=now())
        assert accounts.take_due(work, now=now()) == ()
        accounts.progress(work, mine.id, "c1", now=now())
        accounts.done(work, mine, now=now(), more=False)
        (again,) = accounts.take_due(work, now=now())
        assert (again.cursor, again.token, again.calls) == ("c1", "T2", 2)
        accounts.done(work, again, now=now(), more=False)
        assert accounts.take_due(work, now=now()) == ()


def test_who_died_while_fetching_is_followed_after_the_lease(database, now):
    with database.write() as work:
        accounts.called(work, ACCOUNT, "T1", now=now())
        accounts.take_due(work, now=now())
        assert accounts.take_due(work, now=now(31)) != ()


def test_a_token_is_used_for_nine_minutes_only(database, now):
    with database.write() as work:
        accounts.called(work, ACCOUNT, "T1", now=now())
        (account,) = accounts.take_due(work, now=now(541))
        assert account.token == ""


def test_the_account_is_sealed(database, now):
    with database.write() as work:
        accounts.called(work, ACCOUNT, "zebra-token", now=now())
        row = work.execute(sa.select(kf_account)).one()
        assert ACCOUNT not in str(row) and "zebra" not in str(row)


def test_the_window_counts_each_message_once_and_begins_anew_with_the_persons_next(conversed, now):
    store, conversation = conversed
    with store.write() as work:
        windows.wrote(work, conversation, at=now())

        def take(msgid: str, priority: int = 2, later: int = 0) -> str:
            return windows.take(work, conversation, msgid, priority=priority, now=now(later))

        assert [take(msgid) for msgid in "abbcde"] == ["yes", "yes", "yes", "yes", "last", "full"]
        windows.wrote(work, conversation, at=now())  # the same message of the person, once more
        assert take("f") == "full"
        assert take("g", priority=1) == "last"  # a nurse's
        assert take("g", priority=1) == "last"  # again
        assert take("h", priority=0) == "full"
        windows.give_back(work, conversation, "a")  # not the latest: it was sent long ago
        assert take("h", priority=0) == "full"
        windows.give_back(work, conversation, "g")
        assert take("h", priority=0) == "last"
        windows.wrote(work, conversation, at=now(1))
        assert take("i", later=1) == "yes"
        assert take("i", later=48 * 3600 + 1) == "over"


@pytest.fixture
def now():
    return lambda later=0: datetime(2026, 11, 1, tzinfo=timezone.utc) + timedelta(seconds=later)


@pytest.fixture
def conversed(database, now):
    """A database with one conversation, and its id."""
    message = Inbound(channel="wecom", external_id="1", sender="wk/wm", text="hi", sent_at=now())
    with database.write() as work:
        known = conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=now())
    return database, known.id
