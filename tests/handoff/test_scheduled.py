"""A reply for later is looked at again at its time: sent once, or it comes back with the reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import conversation, wechat_follower
from bot.handoff import blocking, moving, scheduled
from bot.handoff.cases import CaseProblem


def plan(ward, case, *, minutes: float = 60, who: str = "ana", key: str = "s1", text: str = "How are you today?") -> int:
    due = ward.now + timedelta(minutes=minutes)
    how = {"who": who, "name": who.title(), "due_at": due, "dedupe_key": key, "now": ward.now}
    return ward.does(lambda work: scheduled.schedule(work, case.id, text, **how))


def send(ward) -> int:
    return ward.does(lambda work: scheduled.send_due(work, ward.now, ward.content.phrases))


def of(ward, case) -> list[tuple[str, str | None]]:
    with ward.database.read() as work:
        return [(one.state, one.problem) for one in scheduled.scheduled(work, case.id)]


def test_it_is_sent_once_at_its_time_and_claims_nothing(ward):
    chat = ward.chat()
    case = ward.case(chat)
    since = ward.looks(case).waiting_since
    assert plan(ward, case) == plan(ward, case)
    ward.passes(minutes=59)
    assert send(ward) == 0
    ward.passes(minutes=1)

    assert [send(ward), send(ward)] == [1, 0]

    after = ward.looks(case)
    assert sum("How are you today?" in text for text in ward.texts(chat)) == 1 and "Nurse Ana" in ward.texts(chat)[-1]
    assert (after.state, after.claimed_by, after.waiting_since) == ("waiting", None, since) and of(ward, case) == []


def test_one_that_was_taken_back_is_never_sent(ward):
    case = ward.case(ward.chat())
    number = plan(ward, case)

    assert ward.does(lambda work: scheduled.cancel(work, number, who="bo", now=ward.now))
    assert not ward.does(lambda work: scheduled.cancel(work, number, who="bo", now=ward.now))
    ward.passes(hours=2)
    assert send(ward) == 0 and not any("How are you" in text for text in ward.texts())


def close(ward, case, chat):
    ward.closes(case)


def held_by_another(ward, case, chat):
    ward.claims(case, "bo")


def block(ward, case, chat):
    ward.does(lambda work: blocking.block(work, case.id, who="ana", now=ward.now, content=ward.content))


def shut_window(ward, case, chat):
    wrote = ward.now - timedelta(hours=48)
    ward.does(
        lambda work: work.execute(wechat_follower.insert().values(conversation_id=chat.id, wrote_at=wrote, used=0, used_brief=0))
    )


def leave(ward, case, chat):
    ward.does(lambda work: work.execute(sa.update(conversation).values(erase_after=ward.now + timedelta(days=1))))


def lateness(ward, case, chat):
    ward.passes(hours=13)


@pytest.mark.parametrize(
    ("happens", "problem"),
    [
        (close, "closed"),
        (held_by_another, "held"),
        (block, "blocked"),
        (shut_window, "window"),
        (leave, "left"),
        (lateness, "late"),
    ],
)
def test_what_cannot_be_sent_any_more_comes_back_with_the_reason(ward, happens, problem):
    chat = ward.chat("wechat", "w")
    case = ward.case(chat)
    plan(ward, case, minutes=1)
    ward.passes(minutes=1)
    happens(ward, case, chat)

    assert [send(ward), send(ward)] == [0, 0]

    assert of(ward, case) == [("refused", problem)] and ward.happened(case)[-1] == "not_sent"
    assert not any("How are you today?" in text for text in ward.texts())


@pytest.mark.parametrize(("happens", "wakes"), [(lateness, True), (shut_window, True), (block, False)])
def test_a_case_that_sleeps_wakes_when_its_planned_reply_could_not_be_sent(ward, happens, wakes):
    chat = ward.chat("wechat", "w")
    case = ward.case(chat)
    plan(ward, case, minutes=1)
    ward.does(lambda work: moving.snooze(work, case.id, who="ana", until=ward.now + timedelta(days=2), **ward.how))
    ward.passes(minutes=1)
    happens(ward, case, chat)
    send(ward)

    assert (ward.looks(case).snoozed_until == ward.now) is wakes


def test_who_holds_it_may_have_it_sent_meanwhile(ward):
    case = ward.case(ward.chat())
    plan(ward, case, minutes=1)
    ward.claims(case)
    ward.passes(minutes=1)

    assert send(ward) == 1


@pytest.mark.parametrize(("minutes", "text", "key"), [(0, "x", "past"), (5, " ", "empty")])
def test_a_time_that_is_over_and_no_words_are_refused(ward, minutes, text, key):
    case = ward.case(ward.chat())
    with pytest.raises(CaseProblem) as refused:
        plan(ward, case, minutes=minutes, text=text)

    assert refused.value.key == key
