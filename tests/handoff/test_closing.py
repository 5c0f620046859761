"""A case ends with an outcome; within seven days whoever needs a person again comes back to the same number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.handoff import closing
from bot.handoff.cases import REOPENS_WITHIN, CaseProblem, open_case_of


def is_open(ward, chat) -> bool:
    with ward.database.read() as work:
        return open_case_of(work, chat.id) is not None


def test_closing_needs_an_outcome_that_is_one(ward):
    case = ward.case(ward.chat())
    with pytest.raises(CaseProblem) as refused:
        ward.closes(case, outcome="done")

    assert refused.value.key == "outcome" and ward.looks(case).state == "waiting"
    assert ward.closes(case, outcome="referred").outcome == "referred"


def test_whether_the_department_was_right_feeds_the_admins(ward):
    said = [(True, None), (False, "ORTHO"), (False, "ORTHO"), (False, None), (None, None)]
    for number, (right, department) in enumerate(said):
        case = ward.case(ward.chat(sender=f"p{number}"), department="ENT")
        ward.closes(case, department_right=right, department=department)

    with ward.database.read() as work:
        hits = closing.department_hits(work, since=ward.now - timedelta(days=1))
        later = closing.department_hits(work, since=ward.now + timedelta(seconds=1))

    assert hits == {"ENT": closing.Hits(1, 3, {"ORTHO": 2})} and later == {}


@pytest.mark.parametrize(
    ("reason", "level"),
    [("person_requested", "R"), ("red_flag", "E1"), ("complaint", "INFO"), ("worrying_checkin", "U"), ("rule", "U")],
)
def test_who_needs_a_person_within_seven_days_comes_back_to_the_same_case(ward, reason, level):
    chat = ward.chat()
    case = ward.case(chat, level="U")
    ward.replies(case)
    ward.closes(case)
    ward.passes(days=6, hours=23)

    again = ward.case(chat, reason, level)

    assert (again.id, again.state, again.reason, again.level) == (case.id, "waiting", reason, level)
    assert (again.waiting_since, again.first_reply_at, again.outcome, again.claimed_by) == (ward.now, None, None, None)
    assert again.due_at is not None and ward.happened(case)[-1] == "reopened"


def test_after_seven_days_it_is_a_new_case(ward):
    chat = ward.chat()
    case = ward.case(chat)
    ward.closes(case)
    ward.passes(seconds=REOPENS_WITHIN.total_seconds() + 1)

    assert ward.case(chat).id != case.id


def test_a_crisis_stays_known_when_the_case_is_reopened(ward):
    chat = ward.chat()
    ward.closes(ward.case(chat, "crisis", "E2", crisis=True))

    again = ward.case(chat, "person_requested", "INFO")

    assert again.crisis and again.risk == 0


def test_a_replay_of_what_opened_a_closed_case_opens_nothing(ward):
    chat = ward.chat()
    case = ward.case(chat, key="the-same")
    ward.closes(case)

    assert ward.case(chat, key="the-same").state == "closed" and not is_open(ward, chat)
    assert ward.happened(case).count("opened") == 1 and "reopened" not in ward.happened(case)


def test_a_replay_of_what_reopened_it_reopens_it_once(ward):
    chat = ward.chat()
    case = ward.case(chat)
    ward.closes(case)
    ward.case(chat, key="back")
    ward.closes(case)

    assert ward.case(chat, key="back").state == "closed" and ward.happened(case).count("reopened") == 1


def test_a_handoff_requested_twice_by_replay_is_one_case_and_one_event(ward):
    chat = ward.chat()
    first, second = ward.case(chat, key="person:1"), ward.case(chat, key="person:1")

    assert first.id == second.id and ward.happened(first) == ["opened"]


def test_a_nurse_reopens_and_has_it_assigned(ward):
    case = ward.case(ward.chat())
    ward.closes(case)

    again = ward.does(lambda work: closing.reopen(work, case.id, who="ana", now=ward.now))

    assert (again.state, again.assigned_to, again.closed_at, again.waiting_since) == ("waiting", "ana", None, None)
    with pytest.raises(CaseProblem) as refused:
        ward.does(lambda work: closing.reopen(work, case.id, who="ana", now=ward.now))
    assert refused.value.key == "open"


def test_an_old_case_is_not_reopened_beside_an_open_one_of_the_same_person(ward):
    chat = ward.chat()
    old = ward.case(chat)
    ward.closes(old)
    ward.passes(days=8)
    ward.case(chat)

    with pytest.raises(CaseProblem, match="open"):
        ward.does(lambda work: closing.reopen(work, old.id, who="ana", now=ward.now))
