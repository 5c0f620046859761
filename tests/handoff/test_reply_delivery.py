"""What is said about a reply is true: sent is not seen, parked says what the patient has to do, dead says why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.briefing import delivery
from bot.briefing import windows as handoff_windows
from bot.briefing.delivery import delivery_of, warning, what_became_of
from bot.briefing.windows import Window, window_of, windows
from bot.clock import utc_now
from bot.database.tables import care_case, inbound, kf_session, outbound, wechat_follower
from bot.handoff.case_rows import case_of
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.languages import LANGUAGES
from bot.messages import Inbound
from bot.outbox.compose import compose_from_nurse
from bot.outbox.sender import Closed, Parked, Permanent, Transient, Unknown
from bot.outbox.store import NURSE, Place, enqueue, mark_failed, mark_sent
from connectors.wechat import incoming, ledger
from connectors.wecom import windows as wecom

NOW = utc_now()
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Row:
    """A row of the outbox, as far as its delivery depends on it."""

    id: int = 1
    conversation_id: str = "c"
    author: str = "nurse"
    state: str = "sent"
    tries: int = 1
    problem: str | None = None
    created_at: datetime = NOW - timedelta(minutes=1)
    not_before: datetime = NOW - timedelta(minutes=1)
    sent_at: datetime | None = None


def became(row, *, pulled=False, window=None, wrote_at=None):
    return what_became_of(row, pulled=pulled, window=window or Window(), wrote_at=wrote_at, now=NOW)


def told(row, **more):
    found = became(row, **more)
    return found.state, found.problem, found.advice


def test_a_reply_can_be_taken_back_until_it_leaves():
    held = Row(state="pending", tries=0, not_before=NOW + timedelta(seconds=4))

    assert became(held).state == "pending" and became(held).undo_until == held.not_before
    over = replace(held, not_before=NOW)
    assert became(over).state == "sending" and became(over).undo_until is None


def test_what_waits_for_a_second_try_of_the_bots_own_is_not_shown_as_to_be_taken_back():
    later = Row(state="pending", tries=2, problem="Transient", not_before=NOW + timedelta(seconds=30))

    assert became(later).undo_until is None and told(later) == ("sending", "trouble", "nothing")
    assert became(replace(later, author="bot", tries=0)).undo_until is None


def test_what_does_not_leave_for_ten_minutes_is_a_thing_for_the_administrator():
    row = Row(state="sending", created_at=NOW - delivery.TOO_LONG)

    assert told(row) == ("sending", "long", "tell_admin")
    assert told(replace(row, created_at=NOW - delivery.TOO_LONG + timedelta(seconds=1))) == ("sending", None, None)


def test_sent_is_not_seen_unless_the_patient_wrote_in_the_web_chat_afterwards():
    row = Row(sent_at=NOW - 2 * HOUR)

    assert became(row, pulled=True, wrote_at=NOW - HOUR).state == "seen"
    assert became(row, pulled=True, wrote_at=NOW - HOUR).seen_at == NOW - HOUR
    assert became(row, pulled=True, wrote_at=NOW - 3 * HOUR).state == "sent"
    assert became(row, pulled=True).state == "sent"
    assert became(row, wrote_at=NOW - HOUR).state == "sent"


def test_parked_says_whether_the_time_or_the_number_is_used_up():
    row = Row(state="parked", problem="Parked")

    assert told(row, window=Window(NOW + HOUR, 0)) == ("parked", "quota", "wait_for_patient")
    assert told(row, window=Window(NOW - HOUR, 5)) == ("parked", "window", "wait_for_patient")


@pytest.mark.parametrize(
    ("problem", "gone", "says"),
    [
        ("Closed", False, ("dead", "closed", "other_way")),
        ("Closed", True, ("dead", "left", "other_way")),
        ("Permanent", False, ("dead", "platform", "write_shorter")),
        ("Unknown", False, ("dead", "unknown", "ask_whether_arrived")),
        ("Transient", False, ("dead", "long", "tell_admin")),
        ("Something", False, ("dead", "platform", "write_shorter")),
        (None, False, ("dead", "platform", "write_shorter")),
    ],
)
def test_dead_says_why_and_what_to_do(problem, gone, says):
    assert told(Row(state="dead", problem=problem), window=Window(gone=gone)) == says


def test_windows_of_the_channels():
    wrote = NOW - 7 * HOUR

    assert window_of("wechat", wrote_at=wrote, used=2) == Window(NOW + 41 * HOUR, 3)
    assert window_of("wecom", wrote_at=wrote, used=9) == Window(NOW + 41 * HOUR, 0)
    assert window_of("telegram", wrote_at=wrote, used=9) == window_of("webchat", wrote_at=None, used=0) == Window()
    assert not window_of("wechat", wrote_at=None, used=0).is_open(NOW)


@pytest.mark.parametrize(
    ("window", "advice"),
    [
        (Window(), None),
        (Window(NOW + 41 * HOUR, 3), None),
        (Window(NOW + 11 * HOUR, 3), "write_soon"),
        (Window(NOW + 11 * HOUR, 0), "wait_for_patient"),
        (Window(NOW - HOUR, 3), "wait_for_patient"),
        (Window(gone=True), "other_way"),
    ],
)
def test_a_nurse_is_warned_before_writing(window, advice):
    assert warning(window, NOW) == advice


class Chat:
    """A patient on a channel, with a case and replies."""

    def __init__(self, database, phrases, channel="telegram") -> None:
        self.database, self.phrases, self.channel = database, phrases, channel
        message = Inbound(channel, "first", "p", "", NOW)
        with database.write() as work:
            made = conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=NOW)
            row = {"conversation_id": made.id, "patient_id": made.patient_id, "reason": "red_flag", "level": "R", "crisis": False}
            insert = care_case.insert().values(**row, state="claimed", opened_at=NOW)
            self.case_id = int(work.execute(insert).inserted_primary_key[0])
        self.id = made.id

    def wrote(self, *, hours, name="m", kind="text") -> None:
        row = {"conversation_id": self.id, "channel": self.channel, "external_id": name, "kind": kind, "state": "handled"}
        with self.database.write() as work:
            work.execute(inbound.insert().values(**row, attempts=0, received_at=NOW - hours * HOUR, sealed=None))

    def reply(self, text="hi") -> int:
        with self.database.write() as work:
            made = compose_from_nurse(text, "en", name="Li", phrases=self.phrases)
            number = enqueue(work, Place(self.id, self.channel), made, dedupe_key=text, now=NOW, priority=NURSE)
            assert number is not None
            return number

    def told(self):
        with self.database.read() as work:
            rows = work.execute(sa.select(outbound).order_by(outbound.c.id)).all()
            found = delivery_of(work, case_of(work, self.case_id), rows, NOW)
            return [(found[row.id].state, found[row.id].problem) for row in rows]

    def window(self):
        with self.database.read() as work:
            return windows(work, [self.id])[self.id]


def test_what_the_outbox_notes_is_what_is_told(database, phrases):
    chat = Chat(database, phrases)
    numbers = [chat.reply(f"reply {number}") for number in range(5)]
    errors = (Transient(), Permanent(), Closed(), Parked())
    with database.write() as work:
        for number, error in zip(numbers, errors, strict=False):
            work.execute(sa.update(outbound).where(outbound.c.id == number).values(state="sending", tries=1))
            mark_failed(work, number, error, now=NOW)
        mark_sent(work, numbers[4], platform_id="7", now=NOW)

    assert chat.told() == [
        ("sending", "trouble"),
        ("dead", "platform"),
        ("dead", "closed"),
        ("parked", "window"),
        ("sent", None),
    ]


def test_a_reminder_of_unknown_fate_is_said_to_be_unknown(database, phrases):
    chat = Chat(database, phrases)
    number = chat.reply()
    with database.write() as work:
        work.execute(sa.update(outbound).where(outbound.c.id == number).values(state="sending", tries=1, at_most_once=True))
        mark_failed(work, number, Unknown(), now=NOW)

    assert chat.told() == [("dead", "unknown")]


def test_in_the_web_chat_a_later_message_shows_that_it_was_seen(database, phrases):
    chat = Chat(database, phrases, "webchat")
    chat.reply()
    chat.wrote(hours=1)
    assert chat.told() == [("sent", None)]

    chat.wrote(hours=-1, name="later")
    assert chat.told() == [("seen", None)]


def test_wechats_window_counts_from_the_inbox_and_a_new_message_begins_it_anew(database, phrases):
    chat = Chat(database, phrases, "wechat")
    assert not chat.window().is_open(NOW)
    chat.wrote(hours=7)
    assert chat.window() == Window(NOW + 41 * HOUR, 5)

    with database.write() as work:
        row = {"conversation_id": chat.id, "wrote_at": NOW - 7 * HOUR, "used": 4, "used_brief": 0}
        work.execute(wechat_follower.insert().values(**row))
    assert chat.window() == Window(NOW + 41 * HOUR, 1)
    chat.wrote(hours=1, name="event.tap.3")
    assert chat.window() == Window(NOW + 41 * HOUR, 1)
    chat.wrote(hours=2, name="again")
    assert chat.window() == Window(NOW + 46 * HOUR, 5)


def test_who_left_is_gone_whatever_the_window_says(database, phrases):
    chat = Chat(database, phrases, "wechat")
    chat.wrote(hours=1)
    with database.write() as work:
        row = {"conversation_id": chat.id, "wrote_at": NOW - HOUR, "used": 0, "used_brief": 0, "left_at": NOW}
        work.execute(wechat_follower.insert().values(**row))

    assert chat.window().gone and not chat.window().is_open(NOW)


def test_wecoms_window_is_that_of_its_session(database, phrases):
    chat = Chat(database, phrases, "wecom")
    with database.write() as work:
        row = {"conversation_id": chat.id, "wrote_at": NOW - 40 * HOUR, "used": 2, "counted": "", "service_state": 1}
        work.execute(kf_session.insert().values(**row))

    assert chat.window() == Window(NOW + 8 * HOUR, 3)


def test_the_windows_are_those_that_the_connectors_count_with():
    for connector in (ledger, wecom):
        assert (connector.WINDOW, connector.MOST) == (handoff_windows.LENGTH, handoff_windows.QUOTA)
    assert incoming.EVENT_PREFIX == handoff_windows._NO_WORDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_and_advice_has_a_sentence(phrases, language):
    for name in (*delivery.Problem.__args__,):
        assert phrases.get(f"summary.problem_{name}", language)
    for name in (*delivery.Advice.__args__,):
        assert phrases.get(f"summary.advice_{name}", language)
