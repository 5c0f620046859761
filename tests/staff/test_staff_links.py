"""Addresses that are given to the staff lead where they say."""

from __future__ import annotations

import pytest

from bot.settings import Settings
from bot.staff.links import case_link
from bot.web.guard import own_place


@pytest.mark.parametrize(
    ("desk_url", "link"),
    [
        ("https://desk.example/desk", "https://desk.example/desk?case=17"),
        ("https://desk.example/desk/", "https://desk.example/desk?case=17"),
        ("https://desk.example", "https://desk.example/desk?case=17"),
        ("", ""),
    ],
)
def test_a_link_to_a_case_opens_it_at_the_desk(desk_url, link):
    assert case_link(Settings.parse_obj({"desk_url": desk_url}), 17) == link


def test_who_has_to_sign_in_first_comes_to_the_case_afterwards():
    assert own_place("/desk?case=17") == "/desk?case=17"
