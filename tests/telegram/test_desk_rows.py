"""The rows behind topics, on both databases: one for each case, one worker at a time, and what is behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import utc_now
from bot.database.tables import conversation, desk_topic, patient
from bot.handoff.cases import Cause, add_message, case_of, open_case
from bot.privacy.erase import erase_patient
from connectors.telegram.desk import places, rows
from connectors.telegram.desk.places import Places

NOW = utc_now()


def open_one(work, name, level="E1"):
    """Return the number of a new case of a new patient."""
    work.execute(patient.insert().values(id=name, created_at=NOW))
    row = {"id": f"c-{name}", "patient_id": name, "channel": "telegram", "lookup": name, "language": "en", "region": "CN"}
    more = {
        "region_known": False,
        "level_floor": "INFO",
        "episode": 0,
        "greeted": True,
        "told_waiting": False,
        "asked_to_erase": 0,
    }
    work.execute(conversation.insert().values(**row, **more, created_at=NOW, last_at=NOW))
    return open_case(work, f"c-{name}", Cause("red_flag", level, f"k-{name}"), now=NOW)[0].id


def test_of_two_who_take_a_case_one_has_it_until_it_lets_go_or_its_time_is_over(database):
    with database.write() as work:
        case = open_one(work, "anna")
        first = rows.take(work, case, now=NOW)
        assert first is not None and first.state == "wanted" and rows.take(work, case, now=NOW) is None
        rows.let_go(work, first.id)
        assert rows.take(work, case, now=NOW).id == first.id
        assert rows.take(work, case, now=NOW + rows.LEASE + timedelta(seconds=1)).id == first.id
        assert len(work.execute(desk_topic.select()).all()) == 1


def test_a_case_that_was_erased_in_between_is_taken_by_nobody(database):
    with database.write() as work:
        assert rows.take(work, 4711, now=NOW) is None


def test_a_topic_is_found_by_its_place_and_moves_with_its_group(database):
    with database.write() as work:
        topic = rows.take(work, open_one(work, "anna"), now=NOW)
        rows.save(work, topic.id, chat=-1001, thread=7, state="open", quiet=[3])
        assert rows.at(work, -1001, 7).id == topic.id and rows.at(work, -1001, 8) is None
        rows.moved(work, -1001, -1002)
        assert rows.at(work, -1001, 7) is None and rows.at(work, -1002, 7).chat == -1002
        assert rows.at(work, -1002, 7).quiet == {3}


def test_what_is_behind_is_found_and_what_is_shown_is_not(database):
    with database.write() as work:
        calm, urgent = open_one(work, "anna", "R"), open_one(work, "ben", "E1")
        assert set(rows.behind(work, opened_after=NOW - timedelta(days=1), now=NOW)) == {calm, urgent}
        assert rows.by_risk(work, [calm, urgent, 99]) == [urgent, calm]
        assert rows.behind(work, opened_after=NOW + timedelta(days=1), now=NOW) == []
        for case in (calm, urgent):
            topic = rows.take(work, case, now=NOW)
            rows.save(work, topic.id, chat=-1, thread=case, state="open", told_event=rows.last_event(work))
        assert rows.behind(work, opened_after=NOW - timedelta(days=1), now=NOW) == []
        before = rows.last_event(work)
        add_message(work, case_of(work, calm), 5, now=NOW)
        assert rows.behind(work, opened_after=NOW - timedelta(days=1), now=NOW) == [calm] == rows.changed_since(work, before)


def test_a_topic_whose_case_was_erased_is_kept_until_it_is_deleted_there_and_holds_nothing_of_the_patient(database):
    with database.write() as work:
        topic = rows.take(work, open_one(work, "anna"), now=NOW)
        rows.save(work, topic.id, chat=-1001, thread=7, state="open")
        rows.link(work, topic.case_id, 9, "post", now=NOW)
        rows.let_go(work, topic.id)
        assert not rows.has_orphans(work, now=NOW)
        erase_patient(work, "anna", who="anna", now=NOW)
        assert rows.has_orphans(work, now=NOW) and rows.at(work, -1001, 7) is None
        orphan = rows.take_orphan(work, now=NOW)
        assert (orphan.chat, orphan.thread, orphan.case_id) == (-1001, 7, None) and rows.take_orphan(work, now=NOW) is None
        rows.remove(work, orphan.id)
        assert not rows.has_orphans(work, now=NOW)


def test_a_lost_topic_is_wanted_again_at_once_and_then_only_after_growing_pauses(database):
    with database.write() as work:
        topic = rows.take(work, open_one(work, "anna"), now=NOW)
        waits = []
        for _ in range(3):
            rows.save(work, topic.id, chat=-1, thread=7, state="open")
            topic = rows.of_case(work, topic.case_id)
            rows.lose(work, topic, now=NOW)
            waits.append(rows.of_case(work, topic.case_id).not_before - NOW)
        assert waits == [timedelta(0), timedelta(seconds=60), timedelta(seconds=120)]
        assert rows.of_case(work, topic.case_id).thread is None


def test_a_group_that_moved_twice_is_known_under_its_last_id(database):
    setting = Places({"ar": -5}, -6)
    with database.write() as work:
        once = places.note_move(work, setting, -6, -1006, now=NOW)
        twice = places.note_move(work, once, -1006, -1007, now=NOW)
        assert twice.now(-6) == -1007 and twice.now(-5) == -5
        assert places.with_moves(work, setting).chats == {-5, -6, -1007}


def test_quiet_events_need_no_line_and_are_forgotten_once_they_are_passed(database):
    with database.write() as work:
        topic = rows.take(work, open_one(work, "anna"), now=NOW)
        rows.be_quiet(work, topic.case_id, [5, 6])
        rows.save(work, topic.id, told_event=5)
        rows.be_quiet(work, topic.case_id, [8])
        assert rows.of_case(work, topic.case_id).quiet == {6, 8}


@pytest.mark.parametrize("receipt", ["post", "note", "wait"])
def test_a_message_of_a_topic_is_remembered_once(database, receipt):
    with database.write() as work:
        case = open_one(work, "anna")
        for _ in range(2):
            rows.link(work, case, 9, receipt, now=NOW)
        assert rows.link_of(work, case, 9).receipt == receipt and rows.link_of(work, case, 10) is None
        rows.link(work, 4711, 9, receipt, now=NOW)  # the case is gone: nothing is written
