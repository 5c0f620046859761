"""What is left out while serving changes no answer: plain Rasa and ours are asked the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from talks import FORM, said, turns

from bot.nlu import speed

_plain_run = speed._original_run


@contextmanager
def rasa(find: object, states: object, keys: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RulePolicy, "_find_action_from_rules", find)
        patch.setattr(RulePolicy, "_get_possible_keys", keys)
        patch.setattr(RulePolicy, "_prediction_states", states, raising=False)
        yield


def plain() -> object:
    return rasa(speed._original_find, Policy._prediction_states, speed._original_keys)


def fast() -> object:
    return rasa(speed._find_action_from_rules, speed._recent_states, speed._kept_keys)


@pytest.fixture(scope="module")
def processor(understanding):
    return understanding._agent.processor


@pytest.fixture(scope="module")
def policy(processor) -> RulePolicy:
    nodes = processor.graph_runner._instantiated_nodes.values()
    return next(node._component for node in nodes if isinstance(node._component, RulePolicy))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_rules_say_the_same_about_any_conversation(policy, processor, data):
    events = data.draw(turns(processor.domain))
    ends_with_message = data.draw(st.booleans())
    if ends_with_message:
        events = [*events, ActionExecuted("action_listen"), said(data.draw(st.sampled_from(processor.domain.intents)))]
    tracker = DialogueStateTracker.from_events("c", events, processor.domain.slots)

    with plain():
        expected = policy.predict_action_probabilities(tracker, processor.domain)
    with fast():
        found = policy.predict_action_probabilities(tracker, processor.domain)

    assert found == expected and found.events == expected.events


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_rules_say_the_same_at_each_step_of_a_conversation_that_follows_them(policy, processor, data):
    domain = processor.domain
    tracker = DialogueStateTracker.from_events("c", [ActionExecuted("action_listen")], domain.slots)
    for intent in data.draw(st.lists(st.sampled_from(domain.intents), min_size=1, max_size=6)):
        tracker.update(said(intent))
        for _ in range(4):
            with plain():
                expected = policy.predict_action_probabilities(tracker, domain)
            with fast():
                assert policy.predict_action_probabilities(tracker, domain) == expected
            action = domain.action_names_or_texts[expected.probabilities.index(max(expected.probabilities))]
            tracker.update(ActionExecuted(action))
            if action == FORM:
                tracker.update(data.draw(st.sampled_from([ActiveLoop(FORM), ActiveLoop(None), ActionExecutionRejected(FORM)])))
            if action == "action_listen":
                break


def test_only_the_steps_that_rules_look_at_are_described(policy, processor):
    events = [
        event for _ in range(50) for event in (ActionExecuted("action_listen"), said("greet"), ActionExecuted("utter_greet"))
    ]
    tracker = DialogueStateTracker.from_events("c", events, processor.domain.slots)
    longest = speed._longest_rule(policy)

    with plain():
        every = policy._prediction_states(tracker, processor.domain)
    with fast():
        recent = policy._prediction_states(tracker, processor.domain)

    assert len(every) == 101 and recent == every[-longest:]


@pytest.mark.parametrize(
    ("user", "needs"),
    [({"intent": "greet"}, True), ({"text": "hello"}, False), ({}, False), ({"intent": "a", "text": "b"}, True)],
)
def test_a_rule_that_quotes_the_patient_is_still_looked_for(policy, monkeypatch, user, needs):
    state = {"prev_action": {"action_name": "action_listen"}, "user": user}
    monkeypatch.setitem(policy.lookup, RULES, {json.dumps([state]): "utter_greet"})
    monkeypatch.delitem(vars(policy), "_daozhen_rules", raising=False)

    assert speed._every_rule_needs_an_intent(policy) is needs
    del policy._daozhen_rules


@pytest.mark.parametrize("text", ["where can I park?", "mir tut das Ohr weh", "我要怎麼掛號", "…", "أريد ممرضة"])
def test_a_message_is_read_the_same_without_dask(processor, monkeypatch, text):
    target = processor.model_metadata.nlu_target

    def read() -> dict[str, object]:
        inputs = {
            PLACEHOLDER_MESSAGE: [UserMessage(text, message_id="1", metadata={"language": "en"})],
            PLACEHOLDER_TRACKER: None,
        }
        return processor.graph_runner.run(inputs=inputs, targets=[target])[target][0].as_dict()

    monkeypatch.setattr(DaskGraphRunner, "run", _plain_run)
    expected = read()
    monkeypatch.setattr(DaskGraphRunner, "run", speed._run_in_order)

    assert read() == expected and expected["intent"]


def test_what_is_kept_of_situations_holds_no_word_of_a_patient_and_has_an_end(policy, processor, monkeypatch):
    monkeypatch.setattr(speed, "MOST_SITUATIONS", 3)
    with fast():
        for intent in processor.domain.intents[:8]:
            message = UserUttered("MARKERWORT", {"name": intent, "confidence": 1.0})
            events = [ActionExecuted("action_listen"), message]
            tracker = DialogueStateTracker.from_events("c", events, processor.domain.slots)
            policy.predict_action_probabilities(tracker, processor.domain)

    kept = vars(policy)["_daozhen_kept_keys"]
    assert 0 < len(kept) <= 3 and "MARKERWORT" not in repr(kept)
