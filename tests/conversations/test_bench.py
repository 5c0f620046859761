"""The bench itself: it hears what is said, and sees a message without disclaimer, in another language, or torn in two."""

from __future__ import annotations

import pytest

from bot.inbox import handle
from bot.messages import Button, Reply
from bot.outbox import compose
from bot.outbox.compose import Composed


async def test_a_patient_says_and_hears(bench):
    bench.assistant.replies("ear", Reply("Since when?", buttons=(Button("Today", "answer:onset:today"),)))
    bench.assistant.replies("onset:today", "Thank you.")
    patient = await bench.patient(language="en").who_agreed()
    await patient.says("my ear hurts")
    patient.hears("Since when?")
    assert patient.buttons() == ("Today",)
    await patient.presses("Today")
    patient.hears("Thank you.")


async def test_what_was_not_said_is_not_heard(bench):
    patient = await bench.patient(language="en").who_agreed()
    await patient.says("my ear hurts")
    with pytest.raises(AssertionError, match="is not in"):
        patient.hears("Since when?")
    with pytest.raises(AssertionError, match="No button"):
        await patient.presses("Today")


def without_disclaimer(reply, language, *, phrases, first=False):
    return Composed(reply.text, "", language, reply.kind, "bot", reply.buttons, reply.card, compose._ONLY_HERE)


def in_another_language(reply, language, *, phrases, first=False):
    return compose.compose(reply, "de", phrases=phrases, first=first)


def torn(reply, language, *, phrases, first=False):
    return compose.compose(Reply(f"One.\n\nTwo. {reply.text}"), language, phrases=phrases, first=first)


@pytest.mark.parametrize(
    ("composing", "what"), [(without_disclaimer, "no disclaimer"), (in_another_language, "instead of"), (torn, "blank line")]
)
async def test_a_message_that_went_around_the_composing_is_seen(bench, monkeypatch, composing, what):
    monkeypatch.setattr(handle, "compose", composing)
    with pytest.raises(AssertionError, match=what):
        await bench.patient(language="en").says("Hello")


async def test_a_mistake_of_ours_is_seen(bench):
    async def breaks(turn):
        raise ValueError("a mistake")

    patient = await bench.patient(language="en").who_agreed()
    bench.assistant.answer = breaks
    with pytest.raises(AssertionError, match="ValueError at breaks"):
        await patient.says("my ear hurts")
