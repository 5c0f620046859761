"""A nurse has talked with the patient and the bot answers again: what it had asked before is asked no more, what is known stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, Event, SlotSet

from bot.messages import Turn
from bot.nlu.turn import current_turn


async def hand_back(agent: Agent, turn: Turn) -> None:
    """Close the form of a conversation in which a nurse has talked. Doing it again changes nothing more."""
    # Kept in a row of its own, whatever becomes of the turn: a turn only keeps what was answered.
    outside = current_turn.set(None)
    try:
        tracker = await agent.tracker_store.retrieve(turn.conversation_id)
        if tracker is None:
            return
        events = closing(tracker.get_slot("episode"), turn.told_nurse)
        tracker.update_with_events(events, agent.domain)
        await agent.tracker_store.save(tracker)
    finally:
        current_turn.reset(outside)


def closing(guidance: dict[str, Any] | None, told: Sequence[str]) -> list[Event]:
    """Return the events that close the form and leave its question open for good.

    What the patient `told` the nurse is put by, unread: the guidance hears it when it goes on.
    """
    events: list[Event] = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None), SlotSet("triage_answer", None)]
    return [*events, SlotSet("episode", settled(guidance, told))] if guidance else events


def settled(guidance: dict[str, Any], told: Sequence[str]) -> dict[str, Any]:
    """Return the guidance in the slot without a pending question: it counts as answered with "unknown", which rules nothing out."""
    episode, pending = guidance["episode"], guidance["episode"].get("pending")
    answers = {**episode["answers"], **({pending: "unknown"} if pending else {})}
    episode = {**episode, "pending": None, "offered": [], "answers": answers}
    return {**guidance, "episode": episode, "misses": 0, "unheard": list(told)}
