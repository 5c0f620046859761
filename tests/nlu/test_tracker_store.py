"""What is kept in memory never says more than the database: erased, added to elsewhere, a new session, too old."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.database.tables import tracker_event
from bot.nlu import tracker_store
from bot.nlu.tracker_store import EncryptedTrackerStore
from bot.nlu.turn import TurnState, current_turn


def store_on(database) -> EncryptedTrackerStore:
    return EncryptedTrackerStore(Domain.empty(), database=database)


@pytest.fixture
def store(database) -> EncryptedTrackerStore:
    return store_on(database)


def begin(tracker: DialogueStateTracker, text: str) -> None:
    for event in (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen"), UserUttered(text)):
        tracker.update(event)


async def begun(store: EncryptedTrackerStore, text: str, conversation: str = "c") -> DialogueStateTracker:
    tracker = DialogueStateTracker(conversation, [])
    begin(tracker, text)
    await store.save(tracker)
    return tracker


def said(tracker: DialogueStateTracker) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


async def test_a_live_tracker_is_not_read_again(store):
    tracker = await begun(store, "one")

    assert await store.retrieve("c") is tracker


async def test_what_was_erased_is_not_remembered(store, database):
    await begun(store, "one")
    with database.write() as work:
        work.execute(sa.delete(tracker_event))

    assert await store.retrieve("c") is None and not store._live


async def test_a_turn_added_by_another_process_is_seen(store, database):
    await begun(store, "one")
    other = store_on(database)
    tracker = await other.retrieve("c")
    tracker.update(UserUttered("two"))
    await other.save(tracker)

    assert said(await store.retrieve("c")) == ["one", "two"]


async def test_a_new_session_leaves_the_old_one_behind(store, database):
    tracker = await begun(store, "one")
    begin(tracker, "two")
    await store.save(tracker)

    assert said(await store.retrieve("c")) == said(await store_on(database).retrieve("c")) == ["two"]
    assert said(await store.retrieve_full_tracker("c")) == ["one", "two"]


async def test_a_session_goes_on_over_many_turns_and_restarts(store, database):
    await begun(store, "0")
    for number in range(1, 6):
        current = store if number % 2 else store_on(database)
        tracker = await current.retrieve("c")
        tracker.update(UserUttered(str(number)))
        await current.save(tracker)

    assert said(await store.retrieve("c")) == list("012345")


async def test_a_turn_that_said_nothing_is_not_kept_and_one_that_did_is(store):
    tracker = await begun(store, "one")
    for state, expected in (
        (TurnState(), ["one"]),
        (TurnState(said=True, failed=True), ["one"]),
        (TurnState(said=True), ["one", "x"]),
    ):
        token = current_turn.set(state)
        tracker = await store.retrieve("c")
        tracker.update(UserUttered("x"))
        await store.save(tracker)
        current_turn.reset(token)

        assert said(await store.retrieve("c")) == expected


async def test_conversations_do_not_see_each_other(store, database):
    await begun(store, "mine", "a")
    await begun(store, "yours", "b")
    fresh = store_on(database)

    assert said(await fresh.retrieve("a")) == ["mine"] and sorted(await fresh.keys()) == ["a", "b"]


async def test_only_so_many_trackers_stay_in_memory_and_none_for_long(store, monkeypatch):
    monkeypatch.setattr(tracker_store, "KEEP_LIVE", 2)
    for name in "abc":
        await begun(store, "x", name)
    assert list(store._live) == ["b", "c"]

    monkeypatch.setattr(tracker_store.time, "monotonic", lambda: 1e12)
    monkeypatch.setattr(tracker_store, "KEEP_LIVE_S", 3600.0)
    await begun(store, "x", "d")

    assert list(store._live) == ["d"]
