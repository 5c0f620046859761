"""Two persons turn out to be one: one case goes on, and nothing that was written about either is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.duty import paging
from bot.handoff import drafts, scheduled
from bot.handoff.case_rows import change
from bot.handoff.cases import REOPENS_WITHIN, list_open
from bot.handoff.moving import snooze
from bot.handoff.notes import add_note, notes
from bot.linking.merge import merge


@pytest.fixture
def two(ward):
    """Two chats with an open case each."""
    web, telegram = ward.chat(), ward.chat("telegram", "t")
    first = ward.case(web)
    ward.passes(minutes=5)
    return web, telegram, first, ward.case(telegram, "red_flag", "E2", department="CARD")


def become_one(ward, web, telegram) -> None:
    ward.does(lambda work: merge(work, web, telegram, now=ward.now))


def test_the_earlier_goes_on_with_what_is_more_urgent_of_both(ward, two):
    web, telegram, first, second = two
    become_one(ward, web, telegram)

    kept, ended = ward.looks(first), ward.looks(second)
    assert (kept.level, kept.risk, kept.department, kept.waiting_since) == ("E2", 1, "CARD", first.waiting_since)
    assert (ended.state, ended.outcome) == ("closed", "merged")
    with ward.database.read() as work:
        assert [case.id for case in list_open(work)] == [first.id]


def test_notes_drafts_and_scheduled_replies_go_on_with_the_kept_case(ward, two):
    web, telegram, first, second = two
    ana = ward.hires("ana")

    def write(work) -> None:
        for case in (first, second):
            add_note(work, case.id, f"note on {case.id}", who="ana", dedupe_key="n", now=ward.now)
            drafts.save(work, case.id, ana, "reply", f"draft on {case.id}", ward.now)
        drafts.save(work, second.id, ana, "note", "only there", ward.now)
        how = {"who": "ana", "name": "Ana", "due_at": ward.now + timedelta(hours=1), "dedupe_key": "s", "now": ward.now}
        scheduled.schedule(work, second.id, "later", **how)

    ward.does(write)
    become_one(ward, web, telegram)

    with ward.database.read() as work:
        assert [note.text for note in notes(work, first.id)] == [f"note on {first.id}", f"note on {second.id}"]
        assert drafts.get(work, first.id, ana, "reply") == f"draft on {first.id}\ndraft on {second.id}"
        assert drafts.get(work, first.id, ana, "note") == "only there" and not drafts.get(work, second.id, ana, "note")
        assert [one.text for one in scheduled.scheduled(work, first.id)] == ["later"]


def test_an_emergency_does_not_fall_asleep_because_the_other_case_sleeps(ward, two):
    web, telegram, first, _ = two
    ward.does(lambda work: snooze(work, first.id, who="ana", until=ward.now + timedelta(hours=9), **ward.how))
    become_one(ward, web, telegram)

    kept = ward.looks(first)
    assert (kept.risk, kept.snoozed_until) == (1, None)
    with ward.database.read() as work:
        assert [todo.case.id for todo in paging.look(work, ward.content.teams, ward.now)] == [first.id]


def test_of_two_that_sleep_what_goes_on_sleeps_until_the_earlier_wakes(ward, two):
    web, telegram, first, second = two
    ward.replies(second), ward.replies(first)
    ward.does(lambda work: snooze(work, first.id, who="ana", until=None, **ward.how))
    ward.does(lambda work: snooze(work, second.id, who="ana", until=ward.now + timedelta(hours=2), **ward.how))
    become_one(ward, web, telegram)

    assert ward.looks(first).snoozed_until == ward.now + timedelta(hours=2)


def test_the_team_of_the_more_urgent_answers_unless_somebody_has_the_other(ward):
    web, telegram = ward.chat(), ward.chat("telegram", "t")
    first = ward.case(web)
    second = ward.case(telegram, "red_flag", "E2")
    ward.does(lambda work: [change(work, case.id, team=team) for case, team in ((first, "nurses"), (second, "triage"))])
    become_one(ward, web, telegram)

    assert ward.looks(first).team == "triage"


def test_who_has_the_kept_case_keeps_it_and_sees_that_somebody_waits(ward, two):
    web, telegram, first, second = two
    ward.replies(first)
    ward.does(lambda work: [change(work, case.id, team=team) for case, team in ((first, "nurses"), (second, "triage"))])
    become_one(ward, web, telegram)

    kept = ward.looks(first)
    assert (kept.team, kept.claimed_by, kept.state, kept.waiting_since) == ("nurses", "ana", "claimed", second.waiting_since)


def test_who_talks_with_either_goes_on_talking(ward, two):
    web, telegram, first, second = two
    ward.claims(second, "bo")
    become_one(ward, web, telegram)

    kept = ward.looks(first)
    assert kept.claimed_by == "bo" and kept.is_held(ward.now) and kept.conversation_id == telegram.id


def test_of_two_who_hold_one_each_the_holder_of_the_kept_case_stays(ward, two):
    web, telegram, first, second = two
    ward.claims(first, "ana"), ward.claims(second, "bo")
    become_one(ward, web, telegram)

    assert ward.looks(first).claimed_by == "ana" and ward.happened(second)[-1] == "merged"


def test_nobody_comes_back_to_the_case_that_ended_in_another(ward, two):
    web, telegram, first, second = two
    become_one(ward, web, telegram)
    ward.closes(first)
    ward.passes(minutes=1)

    assert ward.case(telegram).id == first.id
    ward.closes(first)
    ward.passes(seconds=REOPENS_WITHIN.total_seconds() + 1)
    assert ward.case(telegram).id not in (first.id, second.id)
