"""One nurse at a time, atomic in the database; a lease that ends gives the case back, once, and says so."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bot.handoff import claims
from bot.handoff.case_rows import WECOM
from bot.handoff.cases import CaseProblem, hold_elsewhere
from bot.handoff.claims import LEASE


def race(*acts) -> list[BaseException | None]:
    """Run all at the same time; return what went wrong in each."""
    start, problems = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        start.wait()
        try:
            acts[place]()
        except BaseException as error:
            problems[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems


def test_of_nurses_who_claim_at_once_one_gets_it_and_the_others_hear_who_and_when(ward):
    case = ward.case(ward.chat())
    names = ("ana", "bo", "cem", "dua")

    problems = race(*(lambda who=who: ward.claims(case, who) for who in names))

    holder = ward.looks(case).claimed_by
    lost = [problem for problem in problems if problem is not None]
    assert [name for name, problem in zip(names, problems, strict=True) if problem is None] == [holder]
    assert all(isinstance(problem, CaseProblem) and problem.key == "held" for problem in lost) and len(lost) == 3
    assert {problem.holder for problem in lost} == {holder} and {problem.since for problem in lost} == {ward.now}
    assert ward.happened(case).count("claimed") == 1


def test_claiming_again_changes_nothing_and_says_nothing_twice(ward):
    case = ward.case(ward.chat())
    ward.claims(case)
    ward.passes(minutes=5)

    again = ward.claims(case)

    assert again.lease_until == ward.now + LEASE and ward.happened(case).count("claimed") == 1
    assert sum("Nurse Ana is with you" in text for text in ward.texts()) == 1


def test_a_lead_takes_over_and_the_patient_hears_who_is_there_now(ward):
    case = ward.case(ward.chat())
    ward.claims(case)

    taken = ward.claims(case, "lea", take_over=True)

    assert taken.claimed_by == "lea" and ward.happened(case)[-1] == "taken_over" and "Nurse Lea is with you" in ward.texts()[-1]
    with pytest.raises(CaseProblem) as refused:
        ward.replies(case)
    assert refused.value.holder == "lea"


def test_typing_prolongs_the_lease_of_who_holds_it_and_of_nobody_else(ward):
    case = ward.case(ward.chat())
    ward.claims(case)
    ward.passes(minutes=19)

    assert ward.does(lambda work: claims.renew(work, case.id, who="ana", now=ward.now))
    assert not ward.does(lambda work: claims.renew(work, case.id, who="bo", now=ward.now))
    assert ward.looks(case).lease_until == ward.now + LEASE
    ward.passes(minutes=21)
    assert not ward.does(lambda work: claims.renew(work, case.id, who="ana", now=ward.now))


def test_a_lease_that_ended_gives_the_case_back_with_one_visible_line(ward):
    case = ward.case(ward.chat())
    ward.claims(case)
    ward.passes(minutes=20)

    rounds = [ward.does(lambda work: claims.end_leases(work, ward.now, ward.content.phrases)) for _ in range(3)]

    back = ward.looks(case)
    assert rounds == [1, 0, 0] and (back.state, back.claimed_by) == ("waiting", None)
    assert ward.happened(case)[-1] == "lease_ended" and sum("I am back" in text for text in ward.texts()) == 1


def test_who_was_not_answered_is_told_that_they_still_wait_and_who_was_answered_is_not(ward):
    told = []
    for sender, answers in (("p", False), ("q", True)):
        chat = ward.chat(sender=sender)
        case = ward.case(chat)
        ward.claims(case)
        if answers:
            ward.replies(case)
        ward.releases(case)
        told.append(ward.texts(chat)[-1])

    assert "you need not ask again" in told[0] and "Write “nurse”" not in told[0]
    assert "Write “nurse” when you need one" in told[1] and "need not ask" not in told[1]


def test_a_lease_that_runs_is_left_alone(ward):
    case = ward.case(ward.chat())
    ward.claims(case)
    ward.passes(minutes=19, seconds=59)

    assert not ward.does(lambda work: claims.is_lease_over(work, ward.now))
    assert ward.does(lambda work: claims.end_leases(work, ward.now, ward.content.phrases)) == 0
    assert ward.looks(case).is_held(ward.now)


@pytest.mark.parametrize("early", [timedelta(microseconds=1), timedelta(0)])
def test_a_reply_that_arrives_as_the_lease_expires_counts_once_whoever_comes_first(ward, early):
    case = ward.case(ward.chat())
    ward.claims(case)
    ward.passes(minutes=20)
    ward.now -= early

    race(
        lambda: ward.replies(case, "Please come today."),
        lambda: ward.does(lambda work: claims.end_leases(work, ward.now, ward.content.phrases)),
    )

    after = ward.looks(case)
    assert sum("Please come today." in text for text in ward.texts()) == 1
    assert after.is_held(ward.now) == (after.state == "waiting_for_patient")
    left = ward.happened(case).count("lease_ended")
    assert sum("I am back" in text for text in ward.texts()) == left <= (0 if early else 1)
    assert after.claimed_by == ("ana" if after.is_held(ward.now) else None)


def test_a_reply_after_a_colleague_has_claimed_is_refused_and_never_sent(ward):
    case = ward.case(ward.chat())
    ward.claims(case)
    ward.passes(minutes=20)
    ward.claims(case, "bo")

    with pytest.raises(CaseProblem, match="held by bo"):
        ward.replies(case, "Too late.")
    assert not any("Too late." in text for text in ward.texts())


def test_who_does_not_hold_it_cannot_give_it_back(ward):
    case = ward.case(ward.chat())
    with pytest.raises(CaseProblem, match="not yours"):
        ward.releases(case)
    ward.claims(case)
    with pytest.raises(CaseProblem, match="held by ana"):
        ward.releases(case, "bo")


def test_what_another_program_holds_is_left_to_it_for_an_hour(ward):
    chat = ward.chat()
    with ward.database.write() as work:
        case = hold_elsewhere(work, chat.id, who=WECOM, until=ward.now + timedelta(minutes=10), now=ward.now)
    assert case.waiting_since is None
    ward.writes(chat)
    assert ward.looks(case).due_at is None

    ward.passes(minutes=30)
    assert ward.does(lambda work: claims.end_leases(work, ward.now, ward.content.phrases)) == 0
    ward.passes(minutes=45)
    assert ward.does(lambda work: claims.end_leases(work, ward.now, ward.content.phrases)) == 1
