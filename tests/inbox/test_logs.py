"""No log line carries a patient's words, name, platform id or payload: a full run is read for marker words."""

from __future__ import annotations

import io
import json
import logging

import pytest

from bot.messages import Effect
from connectors.logs import ALLOWED, JsonLines
from tests.conversations.bench import Bench

MARKERS = ("zebramarker", "sender-", "consent:yes", "Auguste")


@pytest.fixture
def lines():
    """Everything that this process logs, of all libraries and at the lowest level, as the gateway writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: stream.getvalue().splitlines()
    root.removeHandler(handler)
    root.setLevel(before)


async def a_full_run(bench):
    """Alarm, consent, answers, effects, a nurse, an outage, a bad message, a mistake of ours, an export, erasing."""
    patient = bench.patient(language="en")
    await patient.says("zebramarker crushing chest pain")
    await patient.presses("I agree")
    effects = [
        Effect("assessment", {"level": "U", "said": "zebramarker"}),
        Effect("unanswered"),
        Effect("profile", {"name": "Auguste"}),
    ]
    bench.assistant.replies("ear", "zebramarker is what you said", effects=effects)
    await patient.says("my ear zebramarker, I am Auguste")
    await patient.says("nurse")
    nurse = bench.nurse("Auguste")
    await nurse.replies(patient, "zebramarker?")
    await nurse.closes(patient)
    bench.assistant.goes_down()
    await patient.says("zebramarker again")
    bench.assistant.comes_back()
    await bench.passes(seconds=20)

    async def breaks(turn):
        raise ValueError(turn.text)

    answer, bench.assistant.answer = bench.assistant.answer, breaks
    await patient.says("zebramarker breaks it", wait=False)
    bench.assistant.answer = answer
    await patient.says("zebramarker once more", wait=False)
    await bench.services.lanes.idle()
    bench.mistakes.seen.clear()
    await patient.says("what do you know about me")
    await patient.says("delete my data")
    await patient.presses("Yes, delete everything")


async def test_a_full_run_leaves_no_marker_in_the_logs(tmp_path, database_url, lines):
    async with Bench(tmp_path, database_url=database_url) as bench:
        await a_full_run(bench)
    found = [line for line in lines() for marker in MARKERS if marker in line]
    assert not found, found[:3]


def test_the_reading_would_see_a_marker(lines):
    logging.getLogger("bot").info("patient wrote zebramarker")
    assert any("zebramarker" in line for line in lines())


def test_an_exception_is_logged_by_class_and_place_only(lines):
    try:
        raise ValueError("zebramarker")
    except ValueError:
        logging.getLogger("bot").exception("it failed")
    (line,) = map(json.loads, lines())
    assert line["error"] == "ValueError" and "zebramarker" not in json.dumps(line)


def test_a_field_that_was_not_decided_on_is_dropped(lines):
    logging.getLogger("bot").info("event", extra={"text": "zebramarker", "inbound_id": 7})
    (line,) = map(json.loads, lines())
    assert line["inbound_id"] == 7 and "text" not in line and "text" not in ALLOWED
