"""Sentences that mislead word matching: negation, doubt, time, person, idiom, spelling, number, in five languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.packs import read_yaml
from bot.messages import LEVELS
from bot.triage.guide import guide_line
from bot.triage.reading import read
from tests.contents import the_content

TABLES = the_content().triage
TRAPS = read_yaml(Path(__file__).parent / "traps.yml")["traps"]
NAMES = [f"{trap['language']} {trap['text']}" for trap in TRAPS]


def _holds(expected: str, finding) -> bool:
    if finding is None:
        return expected == "absent"
    kept = finding.state == "present"
    return {
        "present": kept and finding.when != "past" and finding.holder != "family" and not finding.asked,
        "absent": not kept,
        "past": kept and finding.when in ("past", "recent"),
        "asked": kept and finding.asked,
        "family": kept and finding.holder == "family",
    }[expected]


@pytest.mark.parametrize("trap", TRAPS, ids=NAMES)
def test_a_misleading_sentence_is_read_as_it_is_meant(trap):
    reading = read(trap["text"], trap["language"], lexicon=TABLES.lexicon)
    found = {finding.id: finding for finding in reading.findings}
    wrong = []
    for names, expected in trap.get("states", {}).items():
        every = all if expected == "absent" else any
        if not every(_holds(expected, found.get(name)) for name in names.split("|")):
            wrong.append((names, expected))

    assert not wrong, reading.findings
    assert reading.crisis is trap["crisis"]


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap.get("numbers")], ids=lambda trap: trap["text"])
def test_numbers_in_a_sentence_are_read_with_their_unit(trap):
    reading = read(trap["text"], trap["language"], lexicon=TABLES.lexicon)
    told = {one.kind: one.value for one in reading.measurements} | {"duration_days": reading.duration_days}

    for kind, value in trap["numbers"].items():
        assert told[kind] == pytest.approx(value, abs=0.06)


@pytest.mark.parametrize("trap", TRAPS, ids=NAMES)
def test_a_misleading_sentence_gets_at_least_its_level(trap):
    line = guide_line({"id": "1", "text": trap["text"], "lang": trap["language"]}, tables=TABLES)

    if trap["least"] == "quiet":
        assert line["level"] in ("R", "INFO") and not line["crisis"]
    else:
        assert LEVELS.index(line["level"]) <= LEVELS.index(trap["least"]), line["reasons"]
