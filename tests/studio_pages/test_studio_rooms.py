"""Every room of the studio is there, says its name, and can be used by everybody: by hand, by ear, in both directions."""

from __future__ import annotations

import pytest
from desk_page import PHONE
from looking import look
from playwright.sync_api import expect

from bot.studio.rooms import ROOMS

pytestmark = pytest.mark.slow
NAMES = [room.key for room in ROOMS]
ADDRESS = {room.key: room.address for room in ROOMS}


@pytest.mark.parametrize("room", NAMES)
def test_a_room_is_where_the_frame_says_and_can_be_used(ward, studio_of, picture, room):
    studio = studio_of(path=ADDRESS[room])
    expect(studio.at(f'.rooms-list a[aria-current="page"][data-room="{room}"]')).to_be_visible()
    studio.page.wait_for_load_state("networkidle")
    assert look(studio) == []
    picture(studio, "studio-clinical" if room == "clinical" else f"room-{room}")


@pytest.mark.parametrize("room", NAMES)
def test_a_room_can_be_used_on_a_phone_from_right_to_left_at_night(ward, studio_of, picture, room):
    ward.hire("omar", "admin", language="ar")
    studio = studio_of(path=ADDRESS[room], viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    studio.page.wait_for_load_state("networkidle")
    assert look(studio) == []
    picture(studio, f"room-{room}-phone")
