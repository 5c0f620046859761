"""Signing in: all three have to be right; a stranger learns nothing, is slowed down, and cannot keep anybody out."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import staff_session
from bot.staff import accepting, changing, entering, invitations, sessions, tries
from bot.staff.changing import Person
from bot.staff.entering import Attempt
from tests.staff.people_kit import HASHED, HOUR, MINUTE, NOW, SECRET, code_at, joined, lines

LATER = NOW + HOUR
RIGHT = Attempt("ana", code_at(LATER))


def enter(database, attempt, *, fits=True, now=LATER):
    with database.write() as work:
        begun = entering.begin(work, attempt, now=now)
    if begun.wait_s:
        return begun.wait_s
    with database.write() as work:
        return entering.finish(work, attempt, begun, fits=fits and begun.hashed == HASHED, now=now)


@pytest.fixture
def ana(database):
    with database.write() as work:
        return joined(work)


def test_with_handle_password_and_code_one_is_in(database, ana):
    entered = enter(database, replace(RIGHT, handle=" ANA "))
    with database.read() as work:
        assert sessions.find(work, entered.token, idle=HOUR, now=LATER).staff.handle == "ana"
    assert ("ana", "signed in", ana.subject) in lines(database)


@pytest.mark.parametrize(
    ("attempt", "fits"),
    [(RIGHT, False), (replace(RIGHT, code="000000"), True), (replace(RIGHT, code=""), True), (replace(RIGHT, handle="bo"), True)],
)
def test_with_one_of_the_three_wrong_nobody_is_in_and_it_is_written_down(database, ana, attempt, fits):
    assert enter(database, attempt, fits=fits) is None
    assert lines(database)[-1][:2] == ("nobody", "sign-in refused")


def test_a_code_counts_once_and_a_wrong_password_does_not_use_it_up(database, ana):
    assert enter(database, RIGHT, fits=False) is None
    assert enter(database, RIGHT) is not None
    assert enter(database, RIGHT) is None


def test_a_recovery_code_counts_once(database):
    with database.write() as work:
        _, token = changing.add(work, Person("ana", "nurse", "Ana"), by="operator", now=NOW)
        shown = accepting.accept(work, token, HASHED, (SECRET, 1), now=NOW).recovery
    entered = enter(database, replace(RIGHT, code=shown[0]))
    assert entered.recovery_left == 9
    assert enter(database, replace(RIGHT, code=shown[0])) is None
    assert "signed in with a recovery code" in [what for _, what, _ in lines(database)]


@pytest.mark.parametrize("state", ["disabled", "invited"])
def test_who_is_not_active_does_not_come_in_whatever_they_know(database, ana, state):
    with database.write() as work:
        changing.disable(work, ana.id, by="omar", now=NOW)
        if state == "invited":
            changing.reset(work, ana.id, by="omar", now=NOW)
    assert enter(database, RIGHT) is None


def test_who_was_disabled_while_the_password_was_checked_does_not_come_in(database, ana):
    with database.write() as work:
        begun = entering.begin(work, RIGHT, now=LATER)
    with database.write() as work:
        changing.disable(work, ana.id, by="omar", now=LATER)
    with database.write() as work:
        assert entering.finish(work, RIGHT, begun, fits=True, now=LATER) is None


def test_without_codes_one_is_in_only_where_the_installation_allows_it(database):
    with database.write() as work:
        joined(work, with_codes=False)
    assert enter(database, Attempt("ana", "")) is None
    assert enter(database, Attempt("ana", "", codes_optional=True)) is not None
    with database.write() as work:
        joined(work, "bo")
    assert enter(database, Attempt("bo", "", codes_optional=True)) is None, "who has an app needs its code"


def test_for_a_handle_that_nobody_has_the_same_statements_are_run(database, ana):
    def statements(handle):
        seen = []
        listen = lambda *given: seen.append(given[2].split()[0:3])  # noqa: E731
        sa.event.listen(database.engine, "before_cursor_execute", listen)
        enter(database, replace(RIGHT, handle=handle), fits=False)
        sa.event.remove(database.engine, "before_cursor_execute", listen)
        return Counter(map(tuple, seen))

    assert statements("ana") == statements("nobody-at-all")


def test_pauses_grow_for_a_known_handle_and_for_one_that_nobody_has_alike(database, ana):
    def waits(handle):
        return [enter(database, Attempt(handle, "000000")) for _ in range(7)]

    assert waits("ana") == waits("ghost") == [None] * 5 + [15, 15]
    after = LATER + timedelta(seconds=15)
    assert enter(database, Attempt("ana", "000000"), now=after) is None
    assert enter(database, Attempt("ana", "000000"), now=after) == 30


def test_the_right_password_does_not_pass_during_a_pause_and_does_after_it(database, ana):
    for _ in range(5):
        enter(database, Attempt("ana", "000000"))
    assert enter(database, RIGHT) == 15
    assert enter(database, RIGHT, now=LATER + timedelta(seconds=16)) is not None
    assert enter(database, Attempt("ana", "000000"), now=LATER + MINUTE) is None, "counted anew"


def test_guesses_at_the_same_moment_all_count(database, ana):
    results = []

    def guess():
        results.append(enter(database, Attempt("ana", "000000")))

    guesses = [threading.Thread(target=guess) for _ in range(12)]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join()
    assert results.count(None) == 5
    assert enter(database, RIGHT) > 0


def test_a_stranger_who_knows_the_handle_does_not_keep_ana_out_of_her_own_browser(database, ana):
    device = enter(database, RIGHT).device
    for _ in range(6):
        enter(database, Attempt("ana", "000000"))
    now = LATER + timedelta(seconds=30)
    hers = Attempt("ana", code_at(now), device=device)
    assert enter(database, replace(hers, device=None), now=now - timedelta(seconds=29)) > 0
    assert enter(database, hers, now=now) is not None


def test_a_browsers_mark_is_for_one_handle_and_cannot_be_made_up(database, ana):
    with database.write() as work:
        device = tries.new_device(work.cipher, handle="ana")
        assert tries.is_known(work.cipher, device, handle="ana")
        assert not tries.is_known(work.cipher, device, handle="bo")
        for made_up in ("", ".", "abc.def", device[:-1] + "!", "é.é"):
            assert not tries.is_known(work.cipher, made_up, handle="ana")
    for _ in range(5):
        enter(database, Attempt("ana", "0", device="made.up"))
    assert enter(database, Attempt("ana", "0", device="other.one")) == 15


def test_an_address_that_tries_many_handles_is_slowed_down_and_another_is_not(database):
    for number in range(30):
        assert enter(database, Attempt(f"guess{number}", "0", address="203.0.113.7")) is None
    assert enter(database, Attempt("one-more", "0", address="203.0.113.7")) == 15
    assert enter(database, Attempt("one-more", "0", address="203.0.113.8")) is None


def test_pauses_end_where_they_should():
    assert [tries.pause_s(wrong, free=5, longest_s=900) for wrong in (0, 4, 5, 6, 9, 11, 12, 5000)] == [
        0,
        0,
        15,
        30,
        240,
        900,
        900,
        900,
    ]


def test_wrong_tries_are_forgotten_after_twelve_hours(database, ana):
    for _ in range(5):
        enter(database, Attempt("ana", "000000"))
    assert enter(database, Attempt("ana", "000000"), now=LATER + 12 * HOUR + MINUTE) is None


def unlock(database, session, *, fits):
    with database.write() as work:
        begun = entering.begin_confirm(work, session, now=LATER)
        return entering.finish_confirm(work, session, begun, fits=fits, what="unlocked", now=LATER)


def test_the_password_opens_a_locked_page_and_five_wrong_ones_end_the_session(database, ana):
    token = enter(database, RIGHT).token
    with database.write() as work:
        session = sessions.find(work, token, idle=HOUR, now=LATER)
        sessions.lock(work, session.number)
    assert unlock(database, session, fits=False) is False
    assert unlock(database, session, fits=True) is True
    with database.read() as work:
        assert not sessions.find(work, token, idle=HOUR, now=LATER).locked
    assert [unlock(database, session, fits=False) for _ in range(5)] == [False] * 4 + [None]
    with database.read() as work:
        assert sessions.find(work, token, idle=HOUR, now=LATER) is None


@pytest.mark.parametrize("kind", ["invite", "reset", "telegram"])
def test_a_token_works_once_even_when_used_twice_at_the_same_moment(database, ana, kind):
    with database.write() as work:
        token = invitations.issue(work, ana.id, kind, now=NOW)
    won, together = [], threading.Barrier(6)

    def use():
        together.wait()
        with database.write() as work:
            won.append(invitations.use(work, token, (kind,), now=NOW))

    threads = [threading.Thread(target=use) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.handle for one in won if one is not None] == ["ana"]


@pytest.mark.parametrize(("kind", "hours"), [("invite", 72), ("reset", 1), ("telegram", 1)])
def test_tokens_end_in_time_and_are_for_one_thing(database, ana, kind, hours):
    others = {"invite", "reset", "telegram"} - {kind}
    with database.write() as work:
        token = invitations.issue(work, ana.id, kind, now=NOW)
        last = NOW + hours * HOUR - MINUTE
        assert invitations.peek(work, token, (kind,), now=last).staff.handle == "ana"
        assert invitations.peek(work, token, tuple(others), now=NOW) is None
        assert invitations.use(work, token, (kind,), now=NOW + hours * HOUR) is None
        assert invitations.peek(work, token + "x", (kind,), now=NOW) is None


def test_a_newer_link_ends_the_older_one(database, ana):
    with database.write() as work:
        older, newer = (invitations.issue(work, ana.id, "reset", now=NOW) for _ in range(2))
        assert invitations.use(work, older, ("reset",), now=NOW) is None
        assert invitations.use(work, newer, ("reset",), now=NOW) is not None


def test_a_new_password_takes_the_place_of_the_old_one_and_signs_out_everywhere(database, ana):
    old = enter(database, RIGHT).token
    with database.write() as work:
        token, kind = changing.reset(work, ana.id, by="omar", now=LATER)
        assert sessions.find(work, old, idle=HOUR, now=LATER) is not None, "until it is used"
        accepted = accepting.accept(work, token, "new hash", (SECRET, 1), now=LATER)
        assert kind == "reset" and accepting.accept(work, token, "third", None, now=LATER) is None
    with database.read() as work:
        assert sessions.find(work, old, idle=HOUR, now=LATER) is None
        assert sessions.find(work, accepted.token, idle=HOUR, now=LATER) is not None
        assert len(work.execute(sa.select(staff_session)).all()) == 1


def test_an_offered_secret_is_for_one_person_and_ends(database):
    with database.read() as work:
        secret, sealed = accepting.offer(work, whose="a", now=NOW)
        assert secret not in sealed
        assert accepting.offered(work, sealed, whose="a", now=NOW + HOUR) == secret
        assert accepting.offered(work, sealed, whose="b", now=NOW) is None
        assert accepting.offered(work, sealed, whose="a", now=NOW + 2 * HOUR) is None
        for wrong in ("", "x", sealed[:-4], "ü" * 50):
            assert accepting.offered(work, wrong, whose="a", now=NOW) is None
