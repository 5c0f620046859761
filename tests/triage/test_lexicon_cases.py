"""Complaints in the words of each language lead where a triage nurse would send them: some hundred cases for each topic."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.packs import read_yaml
from bot.triage.guide import guide_line
from tests.contents import the_content

TABLES = the_content().triage
CASES = [
    {**case, "topic": path.stem}
    for path in sorted((Path(__file__).parent / "lexicon_cases").glob("*.yml"))
    for case in read_yaml(path)["cases"]
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['topic']} {case['language']} {case['text']}")
def test_a_complaint_leads_to_its_department(case):
    said = guide_line({"id": "1", "text": case["text"], "lang": case["language"]}, tables=TABLES)
    # In an emergency the emergency department stands first, and the department behind it second.
    named = [one for one in said["departments"] if one != "ED" or "ED" in case["top"]]

    assert not case["top"] or (named[:1] and named[0] in case["top"]), said["reasons"]
    assert not set(case.get("not") or ()) & set(said["departments"]), said["reasons"]
