"""A number that is typed to choose, however people write it."""

from __future__ import annotations

import pytest

from connectors.numbered import number_in, number_meant


@pytest.mark.parametrize(
    "text", ["2", "２", "②", "2️⃣", "2。", "2！", "2?", "'2'", "“2”", "【2】", "（2）", "2)", "2、", "#2", "٢", " 2~ "]
)
def test_a_number_alone_is_a_number_whatever_signs_stand_around_it(text):
    assert number_in(text) == number_meant(text) == 2


@pytest.mark.parametrize(
    "text",
    [
        "选2",
        "選 2",
        "选择2。",
        "第2个",
        "第二個",
        "二",
        "回复2",
        "回复：2",
        "回覆2",
        "reply 2",
        "Option 2",
        "Nummer 2",
        "Antwort: 2",
        "رقم ٢",
    ],
)
def test_what_the_hint_says_may_be_typed_as_it_stands(text):
    assert number_in(text) == 0 and number_meant(text) == 2


@pytest.mark.parametrize(
    "text", ["2 days", "2天", "两个", "38.5", "1/2", "120", "no 2", "二十天", "第二天", "回复", "", "2 3", "一直疼", "since 2"]
)
def test_a_number_that_says_something_is_no_choice(text):
    assert number_in(text) == number_meant(text) == 0
