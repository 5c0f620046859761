"""The next shift learns what is open, promised, waking and closing, and nothing about single nurses."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.briefing.handover import FEWEST, ShiftPage, TeamFigures, content_changes, shift_page
from bot.clock import utc_now
from bot.content.packs import Pack
from bot.database.tables import care_case, conversation, kf_session, patient, scheduled_reply, staff, staff_notice
from bot.staff.people import Staff

NOW = utc_now()
LI = Staff(1, "li", "nurse", teams=frozenset({"cardio"}))
HOUR = timedelta(hours=1)


class House:
    """Cases, and what is known of them."""

    def __init__(self, database, content) -> None:
        self.database, self.content = database, content
        self._numbers = iter(range(1, 1000))

    def case(self, *, channel="webchat", **columns) -> int:
        key = f"p{next(self._numbers)}"
        known = {"channel": channel, "language": "en", "region": "CN", "region_known": True, "level_floor": "INFO", "episode": 1}
        known |= {"greeted": True, "told_waiting": False, "asked_to_erase": 0, "created_at": NOW, "last_at": NOW, "lookup": key}
        row = {"conversation_id": key, "patient_id": key, "reason": "red_flag", "level": "R", "crisis": False, "state": "waiting"}
        row |= {"opened_at": NOW - HOUR, "team": "cardio", "risk": 3} | columns
        with self.database.write() as work:
            work.execute(patient.insert().values(id=key, created_at=NOW))
            work.execute(conversation.insert().values(id=key, patient_id=key, **known))
            return int(work.execute(care_case.insert().values(**row)).inserted_primary_key[0])

    def store(self, table, **row) -> None:
        with self.database.write() as work:
            work.execute(table.insert().values(**row))

    def page(self, person=LI) -> ShiftPage:
        with self.database.read() as work:
            return shift_page(work, person, self.content, NOW)


@pytest.fixture
def house(database, content):
    return House(database, content)


def numbers(cases) -> list[int]:
    return [one.id if hasattr(one, "id") else one.case.id for one in cases]


def test_open_cases_are_counted_by_risk_and_listed_the_most_urgent_first(house):
    low, high = house.case(risk=3, waiting_since=NOW - 9 * HOUR), house.case(risk=0, waiting_since=NOW)
    house.case(state="closed", closed_at=NOW)
    house.case(team="skin")

    page = house.page()
    assert page.open_by_risk == ((0, 1), (3, 1)) and numbers(page.open) == [high, low]


def test_promised_replies_that_still_wait_are_handed_over_the_next_one_first(house):
    case, other = house.case(), house.case(team="skin")
    for number, state, hours in ((case, "waiting", 5), (case, "waiting", 2), (case, "sent", 1), (other, "waiting", 1)):
        row = {"case_id": number, "who": "bo", "state": state, "due_at": NOW + hours * HOUR, "created_at": NOW}
        house.store(scheduled_reply, **row, sealed=b"")

    promises = house.page().promises
    assert [(one.case.id, one.who, one.due_at) for one in promises] == [(case, "bo", NOW + h * HOUR) for h in (2, 5)]


def test_snoozes_that_end_in_the_next_shift_are_named_and_later_ones_not(house):
    soon = house.case(snoozed_until=NOW + 3 * HOUR)
    house.case(snoozed_until=NOW + 13 * HOUR)

    assert numbers(house.page().waking) == [soon]


def test_windows_that_close_within_twelve_hours_are_named(house):
    soon, later, over, open_ended = (house.case(channel=channel) for channel in ("wecom", "wecom", "wecom", "telegram"))
    for case, hours in ((soon, 40), (later, 7), (over, 49)):
        row = {"conversation_id": f"p{case}", "wrote_at": NOW - hours * HOUR, "used": 2, "counted": "", "service_state": 1}
        house.store(kf_session, **row)

    closing = house.page().closing
    assert [(one.case.id, one.closes_at, one.left) for one in closing] == [(soon, NOW + 8 * HOUR, 3)]
    assert open_ended not in numbers(closing)


def test_what_is_late_now_and_what_became_late_in_the_last_shift(house):
    late, answered, earlier = house.case(due_at=NOW - HOUR), house.case(), house.case()
    for case, hours, what in ((answered, 3, "late"), (earlier, 13, "late"), (late, 1, "due")):
        row = {
            "case_id": case,
            "dedupe_key": f"n{case}",
            "level": "R",
            "crisis": False,
            "what": what,
            "state": "sent",
            "tries": 1,
        }
        house.store(staff_notice, **row, told="", not_before=NOW, created_at=NOW - hours * HOUR)

    page = house.page()
    assert numbers(page.late_now) == [late] and numbers(page.breaches) == [answered]


def test_who_is_on_duty_is_named(house):
    for number, (handle, duty, until) in enumerate((("li", "on", None), ("bo", "off", None), ("su", "on", NOW - HOUR)), 1):
        sealed = house.database.cipher.seal({"name": handle.title()})
        row = {"id": number, "handle": handle, "role": "nurse", "state": "active", "teams": "", "languages": "", "language": "en"}
        house.store(staff, **row, duty=duty, duty_until=until, created_at=NOW, sealed=sealed)

    assert [one.handle for one in house.page().on_duty] == ["li"]


def test_figures_are_medians_of_teams_and_silent_where_they_would_tell_of_one_person(house):
    for minutes in (1, 2, 3, 4, 100):
        house.case(first_reply_at=NOW - HOUR + timedelta(minutes=minutes), claimed_by="li")
    house.case(team="", first_reply_at=NOW, claimed_by="bo")

    assert house.page().figures == (TeamFigures("", 1, None), TeamFigures("cardio", FEWEST, 3.0))
    assert not {"who", "handle", "nurse", "staff"} & {field.name for field in fields(TeamFigures)}


@pytest.mark.parametrize(("role", "sees"), [("nurse", 1), ("admin", 2), ("auditor", 0)])
def test_each_sees_the_cases_that_they_may_list(house, role, sees):
    house.case(team="cardio"), house.case(team="skin")

    assert len(house.page(replace(LI, role=role)).open) == sees


def pack(folder: Path, name: str, *, days: float, review=date(2099, 1, 1)) -> Pack:
    path = folder / f"{name}.yml"
    path.touch()
    at = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (at, at))
    return Pack(path, name, "2", "sample", "head nurse", "s", "a", "r", review, None)


def test_what_changed_this_week_is_told_with_version_and_owner_and_the_rest_not(tmp_path):
    packs = [pack(tmp_path, "old", days=90), pack(tmp_path, "new", days=2)]
    installed, changes = content_changes(packs, now=NOW)

    assert installed is None and [(one.pack, one.version, one.owner) for one in changes] == [("new", "2", "head nurse")]
    assert changes[0].changed_at is not None


def test_an_installation_is_no_change_but_what_is_edited_after_it_is(tmp_path):
    packs = [pack(tmp_path, name, days=2) for name in ("a", "b")]
    installed, changes = content_changes(packs, now=NOW)
    assert installed is not None and changes == ()

    _, changes = content_changes([*packs, pack(tmp_path, "c", days=1)], now=NOW)
    assert [one.pack for one in changes] == ["c"]


def test_a_review_that_is_due_soon_is_told_though_nothing_changed(tmp_path):
    due = (NOW + timedelta(days=20)).date()
    _, changes = content_changes([pack(tmp_path, "old", days=90, review=due)], now=NOW)

    assert [(one.pack, one.changed_at, one.review_date) for one in changes] == [("old", None, due.isoformat())]
