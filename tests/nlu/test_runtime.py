"""What Rasa loads from us: commands cannot be typed, failures are noticed, events are sealed, locks do not poll."""

from __future__ import annotations

import asyncio
import time

import jsonschema
import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.actions.action import RemoteAction
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.database import Database, DatabaseProblem, make_engine, migrate
from bot.database.tables import tracker_event
from bot.knowledge.encoder import CharacterGrams, SentenceVectors
from bot.messages import Turn
from bot.nlu import remote_actions
from bot.nlu.harmless import harmless
from bot.nlu.lock_store import AsyncioLockStore
from bot.nlu.tracker_store import EncryptedTrackerStore
from bot.nlu.turn import TurnState, current_turn
from bot.privacy.encryption import Cipher, new_key
from connectors.rasa.channel import Collected, said_before, user_message


@pytest.mark.parametrize(
    "text", ['/secret{"a":1}', "/restart", "  /restart", "／restart", "\u200b/restart", "\u202e/back", "//x", "\ufeff /x", "/ /x"]
)
def test_a_typed_command_reaches_rasa_as_words(text):
    assert not harmless(text).startswith(INTENT_MESSAGE_PREFIX)


@given(st.text(max_size=60))
def test_no_text_at_all_is_a_command_or_empty(text):
    cleaned = harmless("/" + text)

    assert cleaned and not cleaned.strip().startswith("/")


def test_an_ordinary_text_stays_as_it_is():
    assert harmless("my ear hurts 3/10") == "my ear hurts 3/10"


def test_a_button_is_an_intent_of_its_own_and_a_text_is_not():
    pressed = user_message(Turn("c", "1", "Yes", "en", "CN", "webchat", payload="a:chest:yes"), Collected())
    typed = user_message(Turn("c", "2", "press_button", "en", "CN", "webchat"), Collected())

    assert pressed.parse_data["intent"]["name"] == "press_button"
    assert typed.parse_data is None


@pytest.fixture
def database(tmp_path) -> Database:
    engine = make_engine(f"sqlite:///{tmp_path}/t.sqlite")
    migrate(engine)
    return Database(engine, Cipher([new_key()], "lookup"))


@pytest.fixture
def store(database) -> EncryptedTrackerStore:
    return EncryptedTrackerStore(Domain.empty(), database=database)


def tracker_with(*texts: str) -> DialogueStateTracker:
    tracker = DialogueStateTracker("c1", [])
    tracker.update(ActionExecuted("action_session_start"))
    tracker.update(SessionStarted())
    for text in texts:
        tracker.update(UserUttered(text, message_id=text))
    return tracker


async def test_events_come_back_and_are_sealed_on_disk(store, database, tmp_path):
    await store.save(tracker_with("MARKERWORT im Ohr"))
    fresh = EncryptedTrackerStore(Domain.empty(), database=database)

    back = await fresh.retrieve("c1")

    assert back is not None and back.latest_message.text == "MARKERWORT im Ohr"
    assert all(b"MARKERWORT" not in path.read_bytes() for path in tmp_path.iterdir())


async def test_each_turn_stores_only_what_is_new(store, database):
    tracker = tracker_with("one")
    await store.save(tracker)
    tracker.update(UserUttered("two"))
    await store.save(tracker)

    with database.read() as work:
        sealed = work.execute(sa.select(tracker_event.c.sealed).order_by(tracker_event.c.id)).scalars().all()
        assert [len(work.cipher.unseal(row)) for row in sealed] == [3, 1]


async def test_a_failed_turn_leaves_no_trace(store):
    tracker = tracker_with("one")
    await store.save(tracker)
    token = current_turn.set(TurnState(failed=True))
    tracker.update(UserUttered("two"))
    await store.save(tracker)
    current_turn.reset(token)

    back = await store.retrieve("c1")

    assert [event.text for event in back.events if isinstance(event, UserUttered)] == ["one"]


async def test_a_database_error_marks_the_turn_as_failed_instead_of_looking_like_a_new_conversation(store, database):
    state = TurnState()
    token = current_turn.set(state)
    with database.write() as work:
        work.execute(sa.text("DROP TABLE tracker_event"))

    with pytest.raises(DatabaseProblem):
        await store.retrieve("c1")
    current_turn.reset(token)

    assert state.failed


async def test_a_turn_that_was_answered_before_is_not_run_again(store):
    from rasa.shared.core.events import BotUttered

    tracker = tracker_with("7")
    tracker.update(BotUttered("hello", {"custom": {"reply": {"text": "Seit wann?"}, "effects": []}}))
    await store.save(tracker)
    agent = type("Agent", (), {"tracker_store": store})

    again = await said_before(agent, Turn("c1", "7", "x", "de", "DE", "webchat", attempt=2))
    other = await said_before(agent, Turn("c1", "8", "x", "de", "DE", "webchat", attempt=2))

    assert {reply.text for reply in again.replies} == {"hello", "Seit wann?"}
    assert other is None


async def test_a_failing_action_is_noticed_and_its_error_quotes_nothing(monkeypatch):
    remote_actions.apply()

    async def fails(*_: object, **__: object) -> None:
        raise ValueError("MARKERWORT")

    monkeypatch.setattr(remote_actions, "_original_run", fails)
    state = TurnState()
    token = current_turn.set(state)

    with pytest.raises(Exception, match="action x failed: ValueError") as failed:
        await RemoteAction("x", None).run(None, None, None, None)
    current_turn.reset(token)

    assert state.failed and "MARKERWORT" not in str(failed.value)


def test_the_fast_check_of_an_action_answer_refuses_what_rasas_own_refuses():
    remote_actions.apply()
    action = RemoteAction("x", None)

    assert action._validate_action_result({"events": [], "responses": []})
    with pytest.raises(Exception, match="not of type"):
        action._validate_action_result({"events": [], "responses": [1]})


_anything = st.one_of(st.none(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=1))
_event = st.one_of(
    _anything,
    st.fixed_dictionaries(
        {"event": st.sampled_from(["slot", "slot", "slot", "user", "nothing"]), "name": st.one_of(st.text(), st.integers())},
        optional={"value": _anything, "timestamp": st.one_of(st.none(), st.floats(), st.text()), "metadata": _anything},
    ),
)
_result = st.one_of(
    _anything,
    st.fixed_dictionaries(
        {},
        optional={
            "events": st.one_of(_anything, st.lists(_event, max_size=3)),
            "responses": st.one_of(_anything, st.lists(st.one_of(_anything, st.just({})), max_size=2)),
            "more": _anything,
        },
    ),
)


@given(_result)
def test_whatever_passes_the_fast_check_passes_rasas_own(result):
    if remote_actions._is_usual(result):
        jsonschema.validate(result, RemoteAction.action_response_format_spec())


def test_a_slot_that_is_set_and_a_reply_need_no_other_check():
    said = {"events": [{"event": "slot", "timestamp": None, "name": "x", "value": {"a": 1}}], "responses": [{"text": "y"}]}

    assert remote_actions._is_usual(said)


async def test_waiting_for_a_lock_takes_no_second():
    store, order = AsyncioLockStore(), []

    async def hold(name: str) -> None:
        async with store.lock("c1"):
            order.append(name)
            await asyncio.sleep(0.01)

    began = time.monotonic()
    await asyncio.gather(*(hold(name) for name in "abcde"))

    assert order == list("abcde") and time.monotonic() - began < 0.5 and not store._locks


@pytest.mark.parametrize("encoder", [SentenceVectors, CharacterGrams])
def test_vectors_have_length_one_for_any_text(encoder):
    vectors = encoder().encode(["我胸口闷", "", "x" * 5000, "\ud800 broken", "🙂"])

    assert vectors.shape == (5, encoder.dimension) and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_meaning_stays_what_it_was_when_the_model_was_trained():
    ear, same, other = SentenceVectors().encode(["my ear hurts", "Mir tut das Ohr weh", "where can I park the car?"])

    assert ear @ same > 0.7 > ear @ other + 0.3
