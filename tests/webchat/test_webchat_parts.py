from __future__ import annotations

import asyncio
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbox.history import Item
from connectors.webchat.conversation import LOOK_BACK, Page, Seen
from connectors.webchat.limits import ADDRESS_TIMES, HARD_TIMES, Limits
from connectors.webchat.texts import choose_language
from connectors.webchat.watch import Watch


def item(number: int) -> Item:
    return Item(number, "bot", datetime.now(timezone.utc), {"text": "x"})


def page(numbers) -> Page:
    return Page(tuple(item(number) for number in numbers), first=1)


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_session_below_its_limit_passes():
    limits = Limits(10, clock=Time())

    assert {limits.count("me", "10.0.0.1") for _ in range(10)} == {"free"}


def test_a_session_above_its_limit_is_slowed_and_then_stopped():
    limits = Limits(10, clock=Time())

    verdicts = [limits.count("me", None) for _ in range(10 * HARD_TIMES + 1)]

    assert verdicts == ["free"] * 10 + ["slow_down"] * (10 * HARD_TIMES - 10) + ["stop"]


def test_what_was_counted_runs_out():
    time = Time()
    limits = Limits(10, clock=time)
    for _ in range(11):
        limits.count("me", None)

    time.now += 60

    assert limits.count("me", None) == "free"


def test_one_session_does_not_slow_another():
    limits = Limits(1, clock=Time())
    limits.count("me", "10.0.0.1")
    limits.count("me", "10.0.0.1")

    assert limits.count("you", "10.0.0.1") == "free"


def test_many_sessions_of_one_address_are_slowed():
    limits = Limits(1, clock=Time())

    verdicts = [limits.count(f"session {number}", "10.0.0.1") for number in range(ADDRESS_TIMES + 1)]

    assert verdicts == ["free"] * ADDRESS_TIMES + ["slow_down"]


def test_behind_a_proxy_addresses_do_not_count():
    limits = Limits(1, clock=Time())

    assert {limits.count(f"session {number}", None) for number in range(500)} == {"free"}


@given(st.permutations(range(1, 30)), st.data())
def test_every_message_is_passed_on_once_though_some_become_visible_late(order, data):
    """A number is given before it is committed, so of several written at once a lower one may be seen later."""
    jitter = sorted(range(29), key=lambda number: number + order[number] % LOOK_BACK)
    seen, visible, passed = Seen(0), [], []
    for number in jitter:
        visible.append(number + 1)
        if data.draw(st.booleans()):
            passed += seen.new(page(one for one in sorted(visible) if one > seen.resume))
    passed += seen.new(page(one for one in sorted(visible) if one > seen.resume))

    assert sorted(one["number"] for one in passed) == list(range(1, 30))


def test_a_page_that_resumes_gets_what_came_meanwhile():
    before = Seen(0).new(page(range(1, 20)))

    after = Seen(before[-1]["resume"]).new(page(range(before[-1]["resume"] + 1, 25)))

    assert {20, 21, 22, 23, 24} <= {one["number"] for one in after}
    assert len(after) == 5 + LOOK_BACK


class Told:
    def __init__(self) -> None:
        self.events: list[str] = []

    def tell(self, conversation_id: str, event: str) -> None:
        self.events.append(conversation_id)


async def test_a_message_written_by_another_process_is_told_once():
    told, rows = Told(), [(1, "old")]

    async def read(_):
        return list(rows)

    watch = Watch(read, feed=told)
    await watch.look()
    rows.append((2, "mine"))
    await watch.look()
    await watch.look()

    assert told.events == ["old", "mine"]


async def test_nobody_looks_while_no_page_is_open(monkeypatch):
    monkeypatch.setattr("connectors.webchat.watch.EVERY_S", 0.005)
    looks = []

    async def read(_):
        looks.append(1)
        return []

    watch = Watch(read, feed=Told())
    with watch.while_open():
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.02)
    count = len(looks)
    await asyncio.sleep(0.05)

    assert count >= 2
    assert len(looks) == count


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("de", "zh-CN", "de"),
        ("fr", "ar-EG,en;q=0.5", "ar"),
        (None, "zh-TW,zh;q=0.9", "zh-Hant"),
        (None, "zh-HK", "zh-Hant"),
        (None, "zh-Hant-CN", "zh-Hant"),
        (None, "zh-CN,en", "zh-Hans"),
        (None, "zh", "zh-Hans"),
        (None, "fr-FR,de-AT;q=0.8", "de"),
        (None, "fr, *;q=0.1", "en"),
        (None, "", "en"),
        (None, "env", "en"),
    ],
)
def test_the_page_speaks_the_language_asked_for_or_of_the_browser(asked, accepted, language):
    assert choose_language(asked, accepted, "en") == language
