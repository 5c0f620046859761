"""A slip in a pack is told with file and fix, whatever it is; a good pack is read as written."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.packs import ContentError, Pack
from bot.knowledge.entries import Entries
from bot.languages import LANGUAGES
from bot.settings import ROOT

GOOD = {
    "questions": {language: [f"{language} one", f"{language} two"] for language in LANGUAGES},
    "answers": dict.fromkeys(LANGUAGES, "An answer."),
}


def pack(entries, name="logistics-way"):
    return Pack(Path("way.yml"), name, "3", "sample", "owner", "the office", "a", "b", date(2027, 5, 31), entries)


def test_a_good_pack_is_read_with_the_source_and_date_of_its_header():
    entries = Entries.from_packs([pack({"parking": GOOD})])
    entry = entries.by_id["parking"]

    assert (entry.kind, entry.category, entry.source, entry.verdict) == ("logistics", "way", "the office", "")
    assert entry.review_date == date(2027, 5, 31) and entries.version == "logistics-way@3" and entries.outside == ()


def test_an_entry_may_have_its_own_source_and_date():
    entry = Entries.from_packs([pack({"parking": {**GOOD, "source": "WHO", "review_date": date(2027, 1, 1)}})]).by_id["parking"]

    assert (entry.source, entry.is_expired(date(2027, 1, 1)), entry.is_expired(date(2027, 1, 2))) == ("WHO", False, True)


@pytest.mark.parametrize(
    ("entries", "name", "said"),
    [
        ({"parking": {**GOOD, "answers": {"en": "Here."}}}, "logistics-way", "has no answers in zh-Hans, zh-Hant, de, ar"),
        ({"parking": {**GOOD, "questions": {**GOOD["questions"], "ar": []}}}, "logistics-way", "has no questions in ar"),
        ({"parking": {**GOOD, "questions": {**GOOD["questions"], "ar": "أين"}}}, "logistics-way", "questions are a list"),
        ({"garlic": GOOD}, "rumours-food", "a rumour has a verdict"),
        ({"garlic": {**GOOD, "verdict": "maybe"}}, "rumours-food", "a rumour has a verdict"),
        ({"Parking place": GOOD}, "logistics-way", "is no id"),
        ({"parking": {**GOOD, "review_date": "soon"}}, "logistics-way", "review_date is not a date"),
        ({"parking": GOOD, "garage": GOOD}, "logistics-way", "Keep it in one"),
        (["parking"], "logistics-way", "Mend the indentation"),
        ({"small_talk": {"xx": ["hello"]}}, "outside", "has a language xx"),
    ],
)
def test_a_slip_is_told_with_file_and_fix(entries, name, said):
    with pytest.raises(ContentError) as told:
        Entries.from_packs([pack(entries, name)])

    assert said in str(told.value) and str(told.value).startswith("way.yml")


def test_an_id_stands_in_one_file_only():
    with pytest.raises(ContentError, match="stands in another file"):
        Entries.from_packs([pack({"parking": GOOD}), pack({"parking": GOOD})])


def test_sentences_outside_are_no_entries():
    entries = Entries.from_packs([pack({"small_talk": {"en": ["hello", "bye"], "de": ["hallo"]}}, "outside")])

    assert entries.outside == ("hello", "bye", "hallo") and not entries.by_id


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["questions", "answers", *LANGUAGES, "x"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(
    _ANYTHING | st.dictionaries(st.text(max_size=5) | st.integers(), _ANYTHING, max_size=3),
    st.sampled_from(["rumours-x", "outside", "logistics-x"]),
)
def test_whatever_stands_in_a_file_it_is_read_or_a_content_error(entries, name):
    try:
        Entries.from_packs([pack(entries, name)])
    except ContentError as told:
        assert "way.yml" in str(told)


def test_the_gateway_reads_entries_without_numpy():
    code = (
        "import sys, bot.knowledge.entries, bot.knowledge.answers; sys.exit('numpy' in sys.modules or 'sklearn' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
