"""A shift has an end, and the desk shows it: who forgets to go off duty is not waited for by somebody in danger."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from ward import utc_now

from bot.database.tables import staff

pytestmark = pytest.mark.slow


def shift(ward, handle):
    row = ward.read(lambda work: work.execute(sa.select(staff.c.duty, staff.c.duty_until).where(staff.c.handle == handle)).one())
    return row.duty, row.duty_until


def ends_in(ward, handle, **span):
    end = utc_now() + timedelta(**span)
    ward.write(lambda work: work.execute(sa.update(staff).where(staff.c.handle == handle).values(duty_until=end)))


def test_who_goes_on_duty_reads_until_when_and_off_duty_there_is_nothing_to_read(ward, desk_of):
    ward.hire("ana", duty="off")
    desk = desk_of("ana")
    expect(desk.at("#shift")).to_be_hidden()

    desk.at("#duty").select_option("on")

    expect(desk.at("#shift")).to_contain_text("until")
    duty, until = shift(ward, "ana")
    assert duty == "on" and timedelta(hours=11, minutes=50) < until - utc_now() <= timedelta(hours=12)


def test_before_it_ends_there_is_a_word_and_one_click_makes_it_longer(ward, desk_of):
    ward.hire("ana")
    ends_in(ward, "ana", minutes=10)
    desk = desk_of("ana")
    expect(desk.at("#notice")).to_contain_text("ends by itself")

    with desk.page.expect_response("**/desk/api/me/duty"):
        desk.at("#shift").click()

    assert shift(ward, "ana")[1] - utc_now() > timedelta(hours=11)


def test_one_that_has_ended_shows_off_duty(ward, desk_of):
    ward.hire("ana")
    ends_in(ward, "ana", minutes=-1)

    desk = desk_of("ana")

    expect(desk.at("#duty")).to_have_value("off")
    expect(desk.at("#shift")).to_be_hidden()
