"""A long talk costs no more than a short one, and is the same to Rasa: its own methods are asked the same."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, LoopInterrupted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from talks import FORM, said, turns

from bot.nlu import long_talks

RARELY = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(scope="module")
def domain(understanding):
    return understanding._agent.processor.domain


def begun(domain, events=()) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("c", list(events), domain.slots)


@RARELY
@given(data=st.data())
def test_the_same_events_count_after_each_new_one(domain, data):
    tracker = begun(domain)
    for event in data.draw(turns(domain)):
        tracker.update(event)
        assert long_talks.applied_events(tracker) == long_talks._original_applied_events(tracker)


@RARELY
@given(data=st.data())
def test_the_same_events_count_when_the_tracker_gets_others(domain, data):
    tracker = begun(domain, data.draw(turns(domain)))
    long_talks.applied_events(tracker)
    for event in list(tracker.events)[data.draw(st.integers(0, 3)) :]:
        tracker.events.pop()
        assert long_talks.applied_events(tracker) == long_talks._original_applied_events(tracker), event


def test_what_is_known_to_be_a_form_only_later_was_one_before(domain):
    tracker = begun(domain)
    events = [ActionExecuted("action_listen"), said("greet"), ActionExecuted(FORM), ActionExecuted("action_listen")]
    for event in (*events, SlotSet("language", "de"), ActionExecuted(FORM), ActiveLoop(FORM), SlotSet("language", "en")):
        tracker.update(event)
        assert long_talks.applied_events(tracker) == long_talks._original_applied_events(tracker)
    assert ActionExecuted("action_listen") not in long_talks.applied_events(tracker)[2:]


@RARELY
@given(data=st.data())
def test_a_copy_is_as_one_that_lived_through_all_again(domain, data):
    tracker = begun(domain, data.draw(turns(domain)))
    plain, ours = long_talks._original_copy(tracker), long_talks.copied(tracker)

    assert state_of(ours) == state_of(plain)


@pytest.mark.parametrize(
    "change",
    [SlotSet("language", "de"), said("greet"), ActionExecuted("utter_greet"), ActiveLoop(None), ActionExecutionRejected(FORM), LoopInterrupted(True)],
    ids=lambda event: event.type_name,
)  # fmt: skip
def test_what_happens_to_a_copy_does_not_happen_to_the_tracker(domain, change):
    tracker = begun(domain, [ActionExecuted("action_listen"), said("report_symptom"), ActionExecuted(FORM), ActiveLoop(FORM)])
    before = state_of(tracker)
    copied = long_talks.copied(tracker)
    copied.update(change)

    assert state_of(tracker) == before and state_of(copied) != before


def test_each_event_of_a_talk_is_looked_at_once(domain, monkeypatch):
    looked_at: Counter[int] = Counter()
    original = long_talks._apply

    def counted(tracker, event, *rest):
        looked_at[id(event)] += 1
        original(tracker, event, *rest)

    monkeypatch.setattr(long_talks, "_apply", counted)
    tracker = begun(domain, [ActionExecuted("action_listen"), said("greet")])
    for _ in range(40):
        tracker.update(ActionExecuted("utter_greet"))
        for _ in range(5):
            long_talks.applied_events(tracker)

    assert set(looked_at.values()) == {1} and len(looked_at) == 42


def state_of(tracker: DialogueStateTracker) -> dict[str, object]:
    """Everything that there is to a tracker."""
    own = {name: value for name, value in vars(tracker).items() if name != "_daozhen_applied"}
    slots = {name: (slot.value, slot.has_been_set) for name, slot in tracker.slots.items()}
    return {**own, "events": list(tracker.events), "slots": slots}
