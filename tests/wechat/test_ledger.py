"""Tencent's windows, counted by us: five in 48 hours, three in a minute, one kept for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import utc_now
from bot.inbox import conversations, rows
from bot.inbox.conversations import Defaults
from bot.messages import Inbound
from bot.triage.types import Safety
from connectors.wechat import grants, ledger
from connectors.wechat.incoming import Consent

NOW = utc_now()
NOTHING = Safety(level="INFO", red_flags=(), crisis=False)


@pytest.fixture
def someone(database) -> str:
    with database.write() as work:
        return conversations.create(
            work, Inbound("wechat", "1", "o1", "", NOW), language="en", defaults=Defaults("en", "CN"), now=NOW
        ).id


def did(database, someone: str, external_id: str, at=NOW) -> None:
    with database.write() as work:
        rows.store(work, someone, Inbound("wechat", external_id, "o1", "x", at), safety=NOTHING, now=at)


def pushes(database, someone: str, *, for_person: bool = False, at=NOW) -> list[str | None]:
    """Return against what six pushes are counted."""
    with database.write() as work:
        return [ledger.reserve(work, someone, for_person=for_person, now=at) for _ in range(6)]


def test_after_a_message_the_bot_may_push_four_and_a_person_a_fifth(database, someone):
    did(database, someone, "m1")

    assert pushes(database, someone) == ["window"] * 4 + [None, None]
    assert pushes(database, someone, for_person=True) == ["window"] + [None] * 5


def test_a_new_message_begins_a_new_count_and_the_same_one_does_not(database, someone):
    did(database, someone, "m1")
    pushes(database, someone)
    assert pushes(database, someone)[0] is None
    did(database, someone, "m2", NOW + timedelta(minutes=1))

    assert pushes(database, someone, at=NOW + timedelta(minutes=1))[0] == "window"


@pytest.mark.parametrize(("hours", "first"), [(47.9, "window"), (48.1, None)])
def test_the_window_is_open_for_48_hours(database, someone, hours, first):
    did(database, someone, "m1")

    assert pushes(database, someone, at=NOW + timedelta(hours=hours))[0] == first


@pytest.mark.parametrize(("seconds", "first"), [(59, "brief"), (61, None)])
def test_a_tap_opens_three_for_a_minute(database, someone, seconds, first):
    did(database, someone, "event.click")
    at = NOW + timedelta(seconds=seconds)

    assert pushes(database, someone, at=at) == [first] * 3 + [None] * 3


def test_the_short_window_is_used_before_the_long_one(database, someone):
    did(database, someone, "m1")
    did(database, someone, "event.click")

    assert pushes(database, someone) == ["brief"] * 3 + ["window"] * 3


def test_who_has_neither_written_nor_tapped_gets_nothing(database, someone):
    assert pushes(database, someone, for_person=True) == [None] * 6


def test_what_surely_did_not_arrive_does_not_count_and_what_wechat_closed_is_closed(database, someone):
    did(database, someone, "m1")
    with database.write() as work:
        way = ledger.reserve(work, someone, for_person=False, now=NOW)
        ledger.give_back(work, someone, way)
    assert pushes(database, someone).count("window") == 4
    with database.write() as work:
        ledger.close(work, someone)
    assert pushes(database, someone, for_person=True) == [None] * 6


def test_who_left_gets_nothing_until_they_are_back(database, someone):
    did(database, someone, "m1")
    with database.write() as work:
        ledger.leave(work, someone, now=NOW)
    assert pushes(database, someone, for_person=True) == [None] * 6
    did(database, someone, "event.subscribe", NOW + timedelta(seconds=5))

    assert pushes(database, someone, at=NOW + timedelta(seconds=6))[0] == "brief"


def test_a_consent_counts_once_however_often_its_event_comes(database, someone):
    with database.write() as work:
        for _ in range(3):
            grants.decide(work, someone, [Consent("t", True)], event="event.1", lasting=False, now=NOW)
        assert grants.left(work, someone, "t") == 1
        assert grants.use(work, someone, "t", message_id=7, now=NOW) is not None
        assert grants.use(work, someone, "t", message_id=8, now=NOW) is None


def test_a_lasting_consent_is_not_used_up_and_a_withdrawn_one_is_gone(database, someone):
    with database.write() as work:
        grants.decide(work, someone, [Consent("t", True)], event="event.1", lasting=True, now=NOW)
        for number in range(3):
            assert grants.use(work, someone, "t", message_id=number, now=NOW) is not None
        grants.decide(work, someone, [Consent("t", False)], event="event.2", lasting=True, now=NOW)
        assert grants.use(work, someone, "t", message_id=9, now=NOW) is None
