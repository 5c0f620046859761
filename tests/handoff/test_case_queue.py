"""The queue shows the most urgent first, then who waits longest, and to each only what is theirs to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import utc_now
from bot.database.tables import broken_glass, care_case, conversation, patient, staff
from bot.handoff import queue
from bot.handoff.queue import QueueProblem
from bot.handoff.visible import listed_for, seen_by
from bot.staff.access import CaseFacts, may
from bot.staff.people import Staff

NOW = utc_now()


def who(handle="li", role="nurse", teams=frozenset({"cardio"}), id=1, state="active"):
    return Staff(id, handle, role, state, frozenset(teams))


LI = who()


def ago(minutes: float):
    return NOW - timedelta(minutes=minutes)


@pytest.fixture
def add(database):
    """Store a case and return its number."""
    numbers = iter(range(1, 10_000))

    def put(*, risk=3, waits=None, state="waiting", **columns) -> int:
        key = f"p{next(numbers)}"
        row = {"reason": "red_flag", "level": "R", "crisis": False, "opened_at": ago(600), "risk": risk, "state": state}
        row |= {"waiting_since": waits and ago(waits), "conversation_id": key, "patient_id": key} | columns
        with database.write() as work:
            work.execute(patient.insert().values(id=key, created_at=NOW))
            work.execute(conversation.insert().values(**_conversation(key)))
            return int(work.execute(care_case.insert().values(**row)).inserted_primary_key[0])

    return put


def _conversation(key):
    known = {"channel": "webchat", "lookup": key, "language": "en", "region": "CN", "region_known": True, "level_floor": "INFO"}
    known |= {"episode": 1, "greeted": True, "told_waiting": False, "asked_to_erase": 0, "created_at": NOW, "last_at": NOW}
    return {"id": key, "patient_id": key, **known}


def shown(database, person=LI, tab="all", **filters):
    with database.read() as work:
        return [case.id for case in queue.page(work, staff=person, tab=tab, now=NOW, **filters).rows]


def counts(database, person=LI):
    with database.read() as work:
        return dict(queue.page(work, staff=person, now=NOW).counts)


def test_risk_comes_first_then_who_waits_longest_and_where_nobody_waits_comes_last(database, add):
    quiet = add(risk=1, waits=None, state="waiting_for_patient", lease_until=NOW + timedelta(minutes=9), claimed_by="li")
    late, early, urgent = add(risk=1, waits=5), add(risk=1, waits=50), add(risk=0, waits=1)

    assert shown(database) == [urgent, early, late, quiet]


def test_the_place_in_the_queue_follows_the_unanswered_words_and_not_the_opening(database, add):
    opened_first = add(waits=3, opened_at=ago(900))
    waits_longer = add(waits=30, opened_at=ago(60))

    assert shown(database) == [waits_longer, opened_first]


def test_a_snoozed_case_hides_until_it_is_due_and_then_stands_on_top_of_its_risk(database, add):
    urgent, waiting = add(risk=0, waits=1), add(risk=3, waits=500)
    asleep = add(risk=3, waits=100, snoozed_until=NOW + timedelta(minutes=1))
    back = add(risk=3, waits=None, snoozed_until=ago(1))

    assert shown(database) == [urgent, back, waiting]
    assert shown(database, tab="snoozed") == [asleep]


def test_tabs_part_what_is_mine_what_is_free_and_what_others_hold(database, add):
    soon = NOW + timedelta(minutes=9)
    free = add(waits=9)
    mine = add(waits=8, state="claimed", claimed_by="li", lease_until=soon)
    given = add(waits=7, assigned_to="li")
    others = add(waits=6, state="claimed", claimed_by="bo", lease_until=soon)
    left = add(waits=5, state="claimed", claimed_by="bo", lease_until=ago(1))

    assert shown(database, tab="mine") == [mine, given]
    assert shown(database, tab="unclaimed") == [free, given, left]
    assert shown(database, tab="all") == [free, mine, given, others, left]
    assert counts(database) == {"mine": 2, "unclaimed": 3, "snoozed": 0, "all": 5}


def test_closed_cases_come_with_the_latest_first_and_are_in_no_other_tab(database, add):
    first, last = (add(state="closed", closed_at=ago(minutes), claimed_by="li") for minutes in (50, 5))

    assert shown(database, tab="closed") == [last, first]
    assert not any(shown(database, tab=tab) for tab in ("mine", "unclaimed", "snoozed", "all"))


def test_another_teams_case_is_not_shown_but_one_without_team_and_an_own_one_are(database, add):
    other, none = add(team="skin", waits=9), add(team="", waits=8)
    own, assigned = add(team="cardio", waits=7), add(team="skin", waits=6, assigned_to="li")

    assert shown(database) == [none, own, assigned] and counts(database)["all"] == 3
    assert shown(database, who("su", teams=frozenset({"skin"}), id=2)) == [other, none, assigned]


@pytest.mark.parametrize(("role", "sees"), [("nurse", False), ("lead", False), ("admin", True), ("auditor", False)])
def test_an_admin_knows_of_every_case_and_the_others_of_their_own(database, add, role, sees):
    add(team="skin", waits=3)

    assert bool(shown(database, who(role=role))) is sees


def test_who_is_disabled_lists_nothing(database, add):
    add(team="cardio", waits=3)

    assert shown(database, who(state="disabled")) == shown(database, who(role="admin", state="disabled")) == []


@pytest.mark.parametrize("role", ["nurse", "lead", "admin", "auditor"])
@pytest.mark.parametrize("minutes", [9, -1, None])
def test_what_sql_shows_is_what_the_access_matrix_allows(database, add, role, minutes):
    soon = NOW + timedelta(minutes=9)
    cases = {
        add(team=team, assigned_to=to, claimed_by=by, state=state, lease_until=by and soon): CaseFacts(team, by, to)
        for team in ("", "cardio", "skin")
        for to in (None, "li")
        for by, state in ((None, "waiting"), ("li", "claimed"), ("bo", "claimed"))
    }
    broken = max(number for number, facts in cases.items() if facts.team == "skin" and facts.claimed_by == "bo")
    person = who(role=role, id=_breaks_glass(database, role, broken, minutes))
    glass = {broken} if minutes == 9 else set()
    for act, condition in (("list", listed_for(person, now=NOW)), ("see", seen_by(person, now=NOW))):
        with database.read() as work:
            found = set(work.execute(sa.select(care_case.c.id).where(condition)).scalars())
        allowed = {number for number, facts in cases.items() if may(person, act, replace(facts, glass=number in glass))}
        assert found == allowed


def _breaks_glass(database, role, case_id, minutes) -> int:
    row = {"handle": "li", "role": role, "state": "active", "teams": "", "languages": "en", "language": "en", "duty": "off"}
    with database.write() as work:
        number = int(work.execute(staff.insert().values(**row, created_at=NOW, sealed=b"")).inserted_primary_key[0])
        if minutes is not None:
            glass = {"case_id": case_id, "staff_id": number, "at": ago(5), "until": NOW + timedelta(minutes=minutes)}
            work.execute(broken_glass.insert().values(**glass, sealed=b""))
    return number


def test_filters_of_team_and_language(database, add):
    german = add(team="cardio", language="de", waits=4)
    arabic = add(team="", language="ar", waits=3)

    assert shown(database, language="de") == [german]
    assert shown(database, team="") == [arabic] and shown(database, team="skin") == []


@pytest.mark.parametrize("tab", ["all", "closed"])
def test_pages_follow_each_other_without_a_gap_or_a_double_also_at_equal_times(database, add, tab):
    state = {"state": "closed", "closed_at": ago(7)} if tab == "closed" else {}
    wanted = {add(risk=number % 3, waits=number % 4 * 10 or None, **state) for number in range(23)}
    seen: list[int] = []
    after = None
    with database.read() as work:
        while True:
            page = queue.page(work, staff=LI, tab=tab, after=after, limit=5, now=NOW)
            seen += [case.id for case in page.rows]
            after = page.more
            if after is None:
                break

    assert len(seen) == 23 and set(seen) == wanted
    assert seen == shown(database, tab=tab)


def test_a_case_that_was_answered_between_two_pages_is_not_lost(database, add):
    first, second, third = (add(waits=waits) for waits in (30, 20, 10))
    with database.read() as work:
        after = queue.page(work, staff=LI, limit=1, now=NOW).more
    with database.write() as work:
        work.execute(sa.update(care_case).where(care_case.c.id == first).values(state="closed", closed_at=NOW))

    assert shown(database, after=after) == [second, third]


@pytest.mark.parametrize("after", ["x", "1~2~3~4", "0~1~2026-11-25T20:00:00~7", "~~~"])
def test_a_cursor_of_nobody_is_refused(database, after):
    with pytest.raises(QueueProblem):
        shown(database, after=after)


def test_an_unknown_tab_is_refused(database):
    with pytest.raises(QueueProblem):
        shown(database, tab="everything")
