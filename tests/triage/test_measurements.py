"""Home readings in the notations of five languages: read right or asked, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.packs import read_yaml
from bot.triage.measurements import measurements
from bot.triage.normalise import normalise

ROWS = read_yaml(Path(__file__).parent / "measurements.yml")


def _rows(part: str):
    return [(language, row) for language, parts in ROWS.items() for row in parts[part]]


def _name(value) -> str:
    return value if isinstance(value, str) else value["text"]


def _read(text: str, language: str):
    return measurements(normalise(text).text, language)


def _expected(row: dict) -> dict:
    return {kind: value for kind, value in row.items() if kind != "text"}


def test_the_suite_is_as_wide_as_promised():
    assert len(_rows("read")) + len(_rows("ask")) >= 300 and len(_rows("quiet")) >= 80


@pytest.mark.parametrize(("language", "row"), _rows("read"), ids=_name)
def test_a_reading_is_read_with_its_value_and_nothing_beside_it(language, row):
    found = _read(row["text"], language)

    assert {one.kind: one.value for one in found} == pytest.approx(_expected(row), abs=0.06)
    assert all(one.sure for one in found), found


@pytest.mark.parametrize(("language", "row"), _rows("ask"), ids=_name)
def test_a_reading_of_two_meanings_is_asked_and_holds_the_more_dangerous_one(language, row):
    found = _read(row["text"], language)

    assert {one.kind: one.value for one in found} == pytest.approx(_expected(row), abs=0.6)
    assert not any(one.sure for one in found), found


@pytest.mark.parametrize(("language", "text"), _rows("quiet"), ids=_name)
def test_dates_doses_ages_prices_and_counts_are_no_reading(language, text):
    assert _read(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [("zh-Hans", "我血压一百五比九十五，头晕", "血压一百五比九十五"), ("en", "hello, my temp is thirty-eight point five today", "temp is thirty-eight point five")],
)  # fmt: skip
def test_a_reading_keeps_the_words_it_was_said_with(language, text, said):
    assert {one.said for one in _read(text, language)} == {said}


def test_a_message_full_of_digits_is_read_in_time():
    assert _read("1" * 1900 + " 38.5 " + "9 " * 40, "en") is not None
