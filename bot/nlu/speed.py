"""What Rasa does for every message of every bot and ours does not need. Only for serving.

What grows with a talk is in bot.nlu.long_talks. `rasa train`, `rasa test` and `rasa shell` run Rasa as it is;
tests/nlu/test_speed.py and test_long_talks.py hold both to the same answers.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.nlu import long_talks

# Situations whose rules are kept. A situation is the last steps of a talk, without a word of it: there are some hundred.
MOST_SITUATIONS = 5_000

_original_find = RulePolicy._find_action_from_rules
_original_keys = RulePolicy._get_possible_keys
_original_run = DaskGraphRunner.run


def apply() -> None:
    """Replace the methods. Doing it twice changes nothing."""
    long_talks.apply()
    RulePolicy._prediction_states = _recent_states
    RulePolicy._get_possible_keys = _kept_keys
    # Only for a line of the debug log.
    RulePolicy.format_tracker_states = staticmethod(_nothing_said)
    RulePolicy._find_action_from_rules = _find_action_from_rules
    DaskGraphRunner.run = _run_in_order
    # Builds an empty domain for each message to warn of intents that the domain lacks: `rasa data validate` does that.
    MessageProcessor._check_for_unseen_features = _nothing_unseen
    # Copies all events deeply, and writes all slots, for two lines of the debug log.
    MessageProcessor._log_action_on_tracker = _take_over
    MessageProcessor._log_slots = staticmethod(_nothing_logged)


def _recent_states(
    self: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    # Rasa describes each step since the session began, two to three times a message; rules only look back a few steps.
    events = tracker.applied_events()
    skip = 1 + sum(isinstance(event, ActionExecuted) for event in events) - _longest_rule(self)
    replayed, states = long_talks.begun_again(tracker), []
    for event in events:
        if isinstance(event, ActionExecuted):
            if skip <= 0:
                states.append(domain.get_active_state(replayed))
            skip -= 1
        # `update` would keep the event and mark it as well: only what it changes is looked at.
        event.apply_to(replayed)
    states.append(domain.get_active_state(replayed))
    self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
    return states


def _find_action_from_rules(
    self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
) -> Any:
    # Rasa first looks for rules that quote the patient's text. There are none as long as each one names an intent.
    if use_text_for_last_user_input and not tracker.active_loop_name and _every_rule_needs_an_intent(self):
        return None, None, False
    return _original_find(self, tracker, domain, use_text_for_last_user_input)


def _kept_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    # Rasa holds each of some hundred rules against each step, two to six times a message.
    kept: dict[tuple[int, str], set[str]] = vars(self).setdefault("_daozhen_kept_keys", {})
    situation = (id(lookup), repr(states))
    if situation not in kept:
        if len(kept) >= MOST_SITUATIONS:
            kept.clear()
        kept[situation] = _original_keys(self, lookup, states)
    return set(kept[situation])


def _nothing_said(states: list[State]) -> str:
    return ""


def _run_in_order(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    # Dask schedules threads for a handful of steps that run one after the other.
    known: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    nodes = self._graph_schema.nodes

    def output(name: str) -> Any:
        if name not in known:
            if name not in nodes:
                return name  # what Rasa's node takes for "not resolved"
            known[name] = self._instantiated_nodes[name](*(output(needed) for needed in nodes[name].needs.values()))
        return known[name]

    return dict(output(name) for name in targets or self._graph_schema.target_names)


def _nothing_unseen(self: MessageProcessor, parse_data: dict[str, Any]) -> None:
    return None


def _take_over(
    self: MessageProcessor,
    tracker: DialogueStateTracker,
    action: Action,
    events: list[Event] | None,
    prediction: PolicyPrediction,
) -> None:
    events = events or []
    if not any(isinstance(event, ActionExecutionRejected) for event in events):
        tracker.update_with_events(prediction.events, self.domain)
        tracker.update(action.event_for_successful_execution(prediction))
    tracker.update_with_events(events, self.domain)


def _nothing_logged(tracker: DialogueStateTracker) -> None:
    return None


def _longest_rule(policy: RulePolicy) -> int:
    return int(_about_rules(policy)[0])


def _every_rule_needs_an_intent(policy: RulePolicy) -> bool:
    return bool(_about_rules(policy)[1])


def _about_rules(policy: RulePolicy) -> tuple[int, bool]:
    # Kept on the policy: a new model brings a new policy.
    known: tuple[int, bool] | None = vars(policy).get("_daozhen_rules")
    if known is None:
        rules = [json.loads(key) for key in policy.lookup[RULES]]
        unhappy = [json.loads(key) for key in policy.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]]
        known = (max(map(len, rules + unhappy), default=1), all(_needs_intent(states[-1]) for states in rules))
        policy._daozhen_rules = known
    return known


def _needs_intent(state: State) -> bool:
    after_message = state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) == ACTION_LISTEN_NAME
    return not after_message or bool(state.get(USER, {}).get(INTENT))
