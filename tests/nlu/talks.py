"""Talks for property tests: as they come, and as they never should."""

from __future__ import annotations

from hypothesis import strategies as st
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)

FORM = "triage_form"


def said(intent: str) -> UserUttered:
    return UserUttered("words", {"name": intent, "confidence": 1.0}, [{"entity": "language", "value": "de"}])


def turns(domain) -> st.SearchStrategy:
    """Turns as they come and as they never should: answers, forms entered, left and rejected, things taken back."""
    answers = ["action_listen", FORM, *domain.user_actions]
    answer = st.sampled_from(answers).map(ActionExecuted)
    odd = st.sampled_from([
        ActiveLoop(FORM), ActiveLoop(None), ActionExecutionRejected(FORM), LoopInterrupted(True), ActionReverted(),
        UserUtteranceReverted(), SlotSet("language", "de"), SlotSet("triage_answer", "x"), SlotSet("requested_slot", "triage_answer"),
        SessionStarted(), Restarted(),
    ])  # fmt: skip
    asks = st.sampled_from(domain.intents).map(said)
    turn = st.tuples(st.just(ActionExecuted("action_listen")), asks, st.lists(st.one_of(answer, odd), max_size=4))
    return st.lists(turn, min_size=1, max_size=12).map(
        lambda all_: [e for listen, ask, rest in all_ for e in (listen, ask, *rest)]
    )
