"""Each door under two thousand hostile requests: no 5xx, no trace, no error, and no content or secret in a log."""

from __future__ import annotations

import pytest

from tests.connectors.hostile.attack import Watching, attack
from tests.connectors.hostile.doors import CANARY, DOORS
from tests.connectors.hostile.shots import WEIGHTS, shot


@pytest.mark.slow
@pytest.mark.parametrize("channel", sorted(DOORS))
async def test_nothing_gets_through_or_out(channel, tmp_path):
    outcome = await attack(DOORS[channel](), tmp_path, numbers=range(2000))

    assert not outcome.found, outcome.found
    assert set(outcome.kinds) == set(WEIGHTS)
    # Some get in, strangers do not, and what is too large is refused: else this would prove nothing.
    assert outcome.statuses[200] + outcome.statuses[202] > 200 and outcome.statuses[401] > 50 and outcome.statuses[413] > 2


@pytest.mark.parametrize("channel", sorted(DOORS))
def test_a_shot_can_be_sent_again(channel):
    door = DOORS[channel]()
    kinds = [shot(door, number, 7).kind for number in range(200)]
    assert kinds == [shot(door, number, 7).kind for number in range(200)] and len(set(kinds)) > 8


@pytest.mark.parametrize("what", ["a trace", "an error", "content", "a secret"])
def test_the_watch_sees_what_may_not_be_logged(what):
    import logging
    import sys

    watching, logger = Watching(("hush",)), logging.Logger("test")
    logger.addHandler(watching)
    logger.warning("delivery failed", extra={"error": "Closed"})
    assert not watching.seen
    try:
        raise ValueError("x")
    except ValueError:
        told = {"a trace": ("x", sys.exc_info()), "an error": ("x", None), "content": (CANARY, None), "a secret": ("hush", None)}
        text, trace = told[what]
        logger.log(logging.ERROR if what == "an error" else logging.DEBUG, text, exc_info=trace)
    assert watching.seen
