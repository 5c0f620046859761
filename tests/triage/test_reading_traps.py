"""Own misleading sentences in five languages, each kind with its pairs: what a small word changes, and what it does not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.content.packs import read_yaml
from bot.languages import LANGUAGES
from bot.triage.reading import read
from tests.contents import the_content

LEXICON = the_content().triage.lexicon
KINDS = read_yaml(Path(__file__).parent / "reading_traps.yml")["traps"]
TRAPS = [(kind, trap) for kind, traps in KINDS.items() for trap in traps]


def _holds(expected, finding):
    if finding is None:
        return expected == "absent"
    told = finding.state == "present"
    here = told and finding.when != "past" and finding.holder != "family" and not finding.asked
    return {
        "present": here,
        "absent": not told,
        "doubt": here and finding.doubt,
        "recent": here and finding.when == "recent",
        "past": told and finding.when == "past",
        "asked": told and finding.asked,
        "family": told and finding.holder == "family",
    }[expected]


@pytest.mark.parametrize(("kind", "trap"), TRAPS, ids=[f"{kind}: {trap['language']} {trap['text']}" for kind, trap in TRAPS])
def test_a_small_word_changes_what_it_should_and_nothing_else(kind, trap):
    reading = read(trap["text"], trap["language"], lexicon=LEXICON)
    found = {finding.id: finding for finding in reading.findings}
    wrong = [
        (names, expected)
        for names, expected in trap["states"].items()
        if not (all if expected == "absent" else any)(_holds(expected, found.get(name)) for name in names.split("|"))
    ]

    assert not wrong, reading.findings
    assert not reading.crisis


def test_every_language_has_its_share_of_traps():
    counted = Counter(trap["language"] for _, trap in TRAPS)

    assert all(counted[language] >= 25 for language in LANGUAGES), counted
