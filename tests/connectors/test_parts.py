"""The small pure parts that connectors share: cutting, cleaning, direction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.readable import readable
from connectors.right_to_left import END, FIRST_STRONG, MARK, for_reading, plain
from connectors.splitting import length_in, split

UNITS = ("utf16", "characters", "utf8")


@given(text=st.text(max_size=400), limit=st.integers(8, 60), unit=st.sampled_from(UNITS))
def test_parts_fit_and_lose_nothing_but_blanks(text, limit, unit):
    parts = split(text, limit=limit, unit=unit)

    assert all(length_in(unit)(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(("unit", "length"), [("utf16", 2), ("characters", 1), ("utf8", 4)])
def test_an_emoji_counts_as_the_platform_counts_it(unit, length):
    assert length_in(unit)("😀") == length


def test_a_text_at_the_limit_stays_whole_and_one_over_does_not():
    assert len(split("x" * 4096, limit=4096, unit="utf16")) == 1 and len(split("x" * 4097, limit=4096, unit="utf16")) == 2


@pytest.mark.parametrize(
    "text", ["One sentence here. Another sentence.", "第一句话说完了。第二句话在后面。", "جملة أولى هنا؟ جملة ثانية هنا"]
)
def test_a_cut_comes_after_a_sentence(text):
    first = split(text, limit=len(text) - 3, unit="characters")[0]

    assert first[-1] in ".。؟"


def test_a_family_of_joined_emoji_is_not_torn():
    family = "👨‍👩‍👧"

    assert split("x" * 6 + family, limit=10, unit="characters")[1] == family


def test_the_disclaimer_never_stands_alone():
    note = "This is not a diagnosis."
    parts = split("word " * 19 + "end." + "\n" + note, limit=100, unit="characters", last=note)

    assert parts[-1].endswith(note) and parts[-1] != note and all(len(part) <= 100 for part in parts)


@given(st.text(max_size=100) | st.text(alphabet=st.characters(categories=["Cs", "Cc"]), max_size=20))
def test_what_was_cleaned_can_be_stored(text):
    readable(text).encode("utf-8")

    assert "\x00" not in readable(text) and readable(readable(text)) == readable(text)


def test_pairs_of_surrogates_become_their_character():
    assert readable("\ud83d\ude00") == "😀" and readable("a\ud83d") == "a?"


def test_latin_in_an_arabic_line_is_isolated():
    assert for_reading("اذهب إلى Building A من فضلك", "ar") == f"اذهب إلى {FIRST_STRONG}Building A{END} من فضلك"


@pytest.mark.parametrize("line", ["112 هو الرقم", "• ألم", "😀 مرحبا", "ENT"])
def test_a_line_that_begins_with_something_else_still_runs_from_the_right(line):
    assert for_reading(line, "ar").startswith(MARK)


def test_a_line_of_arabic_needs_no_mark_and_other_languages_none_at_all():
    assert for_reading("مرحبا", "ar") == "مرحبا" and for_reading("112 ist die Nummer", "de") == "112 ist die Nummer"


def test_what_is_isolated_already_is_left_alone():
    text = "اتصل بالرقم \u2066997\u2069 الآن"

    assert for_reading(text, "ar") == text and plain(text) == "اتصل بالرقم 997 الآن"
