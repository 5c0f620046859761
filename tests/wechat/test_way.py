"""How a follower can be written to, asked before a reminder is made: pushed to, told that something waits, or not before they write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import utc_now
from bot.inbox import conversations, rows
from bot.inbox.conversations import Defaults
from bot.messages import Inbound
from bot.settings import Settings
from bot.triage.types import Safety
from connectors.wechat import grants, ledger
from connectors.wechat.incoming import Consent
from connectors.wechat.rendering import Look
from connectors.wechat.sender import WeChatSender

NOW = utc_now()
LATER = NOW + timedelta(hours=49)
NOTHING = Safety(level="INFO", red_flags=(), crisis=False)


@pytest.fixture
def someone(database) -> str:
    message = Inbound("wechat", "1", "o1", "", NOW)
    with database.write() as work:
        known = conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=NOW)
        rows.store(work, known.id, message, safety=NOTHING, now=NOW)
    return known.id


def sender(tmp_path, *, push="on", **settings) -> WeChatSender:
    return WeChatSender(None, Settings(data_dir=tmp_path, wechat_push=push, **settings), look=Look(links=()))


def way(database, tmp_path, someone, *, at=NOW, **settings):
    with database.write() as work:
        return sender(tmp_path, **settings).way(work, someone, now=at)


def test_inside_the_window_a_reminder_leaves_and_nothing_is_counted(database, tmp_path, someone):
    assert [way(database, tmp_path, someone) for _ in range(9)] == ["open"] * 9


def test_what_is_kept_for_a_nurse_is_not_used_for_a_reminder(database, tmp_path, someone):
    with database.write() as work:
        for _ in range(4):
            ledger.reserve(work, someone, for_person=False, now=NOW)
    assert way(database, tmp_path, someone) == "closed"


def test_outside_the_window_without_any_consent_nothing_can_be_said(database, tmp_path, someone):
    assert way(database, tmp_path, someone, at=LATER) == "closed"


def test_a_consent_to_one_notice_is_a_way_until_it_is_used(database, tmp_path, someone):
    settings = {"wechat_subscription_template": "T1", "wechat_subscription_fields": "thing1={text}"}
    assert way(database, tmp_path, someone, at=LATER, **settings) == "closed"
    with database.write() as work:
        grants.decide(work, someone, [Consent("T1", True)], event="e1", lasting=False, now=NOW)
    assert way(database, tmp_path, someone, at=LATER, **settings) == "notice"
    with database.write() as work:
        grants.use(work, someone, "T1", message_id=1, now=LATER)
    assert way(database, tmp_path, someone, at=LATER, **settings) == "closed"


def test_the_same_notice_is_not_said_twice_before_they_write(database, tmp_path, someone):
    settings = {"wechat_template": "T2", "wechat_template_fields": "thing1={text}"}
    assert way(database, tmp_path, someone, at=LATER, **settings) == "notice"
    with database.write() as work:
        ledger.noticed(work, someone, now=LATER)
    assert way(database, tmp_path, someone, at=LATER, **settings) == "closed"


def test_an_account_that_may_not_push_has_no_way_of_its_own(database, tmp_path, someone):
    assert way(database, tmp_path, someone, push="off") == "closed"


def test_who_does_not_follow_any_more_is_gone(database, tmp_path, someone):
    with database.write() as work:
        ledger.leave(work, someone, now=NOW)
    assert way(database, tmp_path, someone, at=NOW + timedelta(seconds=1)) == "gone"
    with database.read() as work:
        assert conversations.get(work, someone).erase_after == NOW + conversations.LEFT_ERASED_AFTER
