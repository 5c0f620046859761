"""A nurse's words: sent once, taken back for a moment, an answer to who waited."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import outbound
from bot.handoff import replies
from bot.handoff.cases import CaseProblem
from bot.outbox.held import let_go


def state(ward, number: int) -> str | None:
    with ward.database.read() as work:
        return work.execute(sa.select(outbound.c.state).where(outbound.c.id == number)).scalar()


def undo(ward, number: int, who: str = "ana") -> bool:
    return ward.does(lambda work: replies.undo(work, number, who=who, now=ward.now))


def test_a_double_click_sends_once(ward):
    case = ward.case(ward.chat())

    first, second = ward.replies(case, key="click"), ward.replies(case, key="click")

    assert first == second and sum("I am here." in text for text in ward.texts()) == 1
    assert ward.happened(case).count("reply") == 1


def test_a_reply_answers_who_waited_and_the_next_words_wait_again(ward):
    chat = ward.chat()
    case = ward.case(chat)
    since = ward.now
    ward.passes(minutes=3)
    ward.writes(chat)
    waiting = ward.looks(case)
    assert (waiting.waiting_since, waiting.first_reply_at) == (since, None) and waiting.due_at is not None

    ward.replies(case)
    answered = ward.looks(case)
    assert (answered.state, answered.waiting_since, answered.due_at) == ("waiting_for_patient", None, None)
    assert answered.first_reply_at == ward.now

    ward.passes(minutes=2)
    ward.writes(chat, "thank you, but")
    ward.passes(minutes=1)
    ward.writes(chat, "it hurts more")
    again = ward.looks(case)
    assert again.state == "claimed" and again.waiting_since == ward.now - timedelta(minutes=1)
    assert again.first_reply_at == answered.first_reply_at


def test_a_reply_that_is_not_urgent_can_be_taken_back_for_five_seconds(ward):
    case = ward.case(ward.chat())
    before = ward.looks(case)
    number = ward.replies(case, "Oops")
    assert state(ward, number) == "pending"
    ward.passes(seconds=4)

    assert undo(ward, number) and not undo(ward, number)

    assert state(ward, number) is None and not any("Oops" in text for text in ward.texts())
    after = ward.looks(case)
    assert (after.waiting_since, after.due_at, after.first_reply_at) == (before.waiting_since, before.due_at, None)
    assert after.state == "claimed" and ward.happened(case)[-1] == "undone"


def test_after_five_seconds_it_is_sent_and_stays_sent(ward):
    chat = ward.chat()
    number = ward.replies(ward.case(chat))
    ward.passes(seconds=5)

    assert not undo(ward, number)
    assert ward.does(lambda work: let_go(work, ward.now)) == {chat.id} and state(ward, number) == "sent"
    assert ward.does(lambda work: let_go(work, ward.now)) == frozenset()


def test_nobody_takes_back_the_words_of_a_colleague(ward):
    number = ward.replies(ward.case(ward.chat()))

    assert not undo(ward, number, who="bo") and state(ward, number) == "pending"


@pytest.mark.parametrize("more", [{"level": "E1"}, {"level": "R", "crisis": True}])
def test_a_reply_to_an_emergency_leaves_at_once(ward, more):
    number = ward.replies(ward.case(ward.chat(), "red_flag", **more))

    assert state(ward, number) == "sent" and not undo(ward, number)


def test_a_reply_goes_to_the_chat_where_the_person_wrote_last(ward):
    web, telegram = ward.chat(), ward.chat("telegram", "t")
    from bot.linking.merge import merge

    case = ward.case(web)
    ward.does(lambda work: merge(work, web, telegram, now=ward.now))
    ward.passes(minutes=1)
    ward.writes(telegram)

    ward.replies(case, "Here I am.")

    assert any("Here I am." in text for text in ward.texts(telegram)) and not any(
        "Here I am." in text for text in ward.texts(web)
    )


def test_no_words_and_a_closed_case_take_no_reply(ward):
    case = ward.case(ward.chat())
    with pytest.raises(CaseProblem) as empty:
        ward.replies(case, "  \n")
    ward.closes(case)
    with pytest.raises(CaseProblem) as closed:
        ward.replies(case)

    assert (empty.value.key, closed.value.key) == ("empty", "closed")
