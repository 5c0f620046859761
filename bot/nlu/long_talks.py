"""What costs Rasa more with every message of a talk, done once for each event. Only for serving, as bot.nlu.speed is.

Rasa goes through the whole session about ten times for one message. Ours goes on from where it was.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import AnySlotDict, DialogueStateTracker

_original_applied_events = DialogueStateTracker.applied_events
_original_copy = DialogueStateTracker.copy


def apply() -> None:
    """Replace the two methods. Doing it twice changes nothing."""
    DialogueStateTracker.applied_events = applied_events
    DialogueStateTracker.copy = copied


@dataclass(frozen=True)
class _Applied:
    """What came of the first `seen` events of a tracker, the last of which is `last`."""

    seen: int = 0
    last: Event | None = None
    loops: frozenset[str] = frozenset()
    events: tuple[Event, ...] = ()


_NOTHING = _Applied()


def applied_events(self: DialogueStateTracker) -> list[Event]:
    """Return the events that count: without those that were taken back, or that a form has done away with."""
    before: _Applied = vars(self).get("_daozhen_applied", _NOTHING)
    if before.seen > len(self.events) or (before.seen and self.events[before.seen - 1] is not before.last):
        before = _NOTHING  # others than before
    new = list(islice(self.events, before.seen, None))
    loops = before.loops | _loops(new)
    if loops != before.loops and before.seen:
        # What is known to be a form only now was an action like others before.
        before, new = _NOTHING, list(self.events)
    events = list(before.events)
    for event in new:
        _apply(self, event, events, loops)
    if new:
        self._daozhen_applied = _Applied(len(self.events), new[-1], loops, tuple(events))
    return events


def _loops(events: Iterable[Event]) -> frozenset[str]:
    return frozenset(event.name for event in events if isinstance(event, ActiveLoop) and event.name)


def _apply(tracker: DialogueStateTracker, event: Event, events: list[Event], loops: frozenset[str]) -> None:
    # As in Rasa's own, event by event.
    if isinstance(event, (Restarted, SessionStarted)):
        events.clear()
    elif isinstance(event, ActionReverted):
        tracker._undo_till_previous(ActionExecuted, events)
    elif isinstance(event, UserUtteranceReverted):
        tracker._undo_till_previous(UserUttered, events)
        tracker._undo_till_previous(ActionExecuted, events)
    elif (
        isinstance(event, ActionExecuted)
        and event.action_name in loops
        and not tracker._first_loop_execution_or_unhappy_path(event.action_name, events)
    ):
        tracker._undo_till_previous_loop_execution(event.action_name, events)
    else:
        events.append(event)


def copied(self: DialogueStateTracker) -> DialogueStateTracker:
    """Return the tracker as it is. Rasa's own makes an empty one and lets everything happen again."""
    if isinstance(self.slots, AnySlotDict):
        return _original_copy(self)
    made: Any = copy.copy(self)
    made.events = self.events.copy()
    made.slots = {name: _same(slot) for name, slot in self.slots.items()}
    made.active_loop = copy.copy(self.active_loop)  # the one thing of its state that is changed in place
    # As those of a new one: events of a trial are not marked.
    made.model_id = made.assistant_id = made.sender_source = None
    return made


def begun_again(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Return a tracker of the same conversation to which nothing has happened yet."""
    if isinstance(tracker.slots, AnySlotDict):
        return tracker.init_copy()
    made = copied(tracker)
    made.events.clear()
    made._reset()
    return made


def _same(slot: Slot) -> Slot:
    # copy.copy asks each of thirty slots first how it wants to be copied: three times as long.
    made = object.__new__(type(slot))
    vars(made).update(vars(slot))
    return made
