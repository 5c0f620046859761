"""Who hears what: the changes that a look found, as frames for each open page, with what its person may see and no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.desk import serialise
from bot.desk.listener import Listener, frame
from bot.desk.look import Changes, Heard
from bot.desk.rows import RowFacts, Seen
from bot.desk.serialise import Viewing
from bot.duty.clocks import is_urgent
from bot.staff.people import Staff


class Painted:
    """A row as JSON, made once for all who see the same in it."""

    def __init__(self, facts: RowFacts, now: datetime, names: Mapping[str, str], number: int) -> None:
        self._facts, self._now, self._names, self._number = facts, now, names, number
        self._frames: dict[tuple[Any, ...], bytes] = {}

    def frame(self, staff: Staff) -> bytes:
        """Return the `queue` frame for one person."""
        here = any(one.handle == staff.handle and one.until > self._now for one in self._facts.seen)
        mine = self._facts.case.claimed_by == staff.handle
        key = (mine, self._facts.unread_by(staff.id), staff.handle if here else "")
        if key not in self._frames:
            row = serialise.row(self._facts, Viewing(staff, self._now, self._names))
            self._frames[key] = frame("queue", {"row": row}, self._number)
        return self._frames[key]


class Board:
    """What the open pages have been told: who the staff is, who is on duty, whose the cases are, who has them open."""

    def __init__(self, idle: timedelta) -> None:
        self._idle = idle
        self.staff: Mapping[int, Staff] = {}
        self.names: Mapping[str, str] = {}
        self.cases: dict[int, Any] = {}
        self.here: dict[int, tuple[Seen, ...]] = {}
        self.duty: list[Any] = []
        self.number = 0
        self.wanted: frozenset[int] = frozenset()  # cases that somebody sees anew: to be read at the next look

    def tell(self, changes: Changes, listeners: Iterable[Listener], now: datetime, *, asked: Collection[int]) -> None:
        """Let every page hear what is for it. `asked`: the sessions that the look asked for.

        A page that came while the look was under way hears what it found too: no later look finds it again. Only its session
        is not judged by a look that did not ask for it.
        """
        pages = tuple(listeners)
        self.number = max(self.number, changes.event)
        if changes.staff is not None:
            self.staff = changes.staff
            self.names = {one.handle: one.name for one in changes.staff.values()}
        self.wanted = frozenset()
        for page in pages:
            if page.session in asked:
                self._check(page, changes, now)
        self._tell_duty(pages, now)
        for facts in changes.rows:
            self._tell_row(facts, pages, now)
        for case_id in changes.erased:
            erased = self.cases.pop(case_id, None)
            self._tell_gone(erased, pages if erased is not None else ())
        for case_id, seen in changes.here.items():
            self._tell_here(case_id, seen, pages)
        self._tell_heard(changes, pages)
        if changes.everything is not None:  # last: until here it says whose the cases were before
            self._take_over(changes.everything, pages)

    def _take_over(self, cases: Iterable[Any], pages: tuple[Listener, ...]) -> None:
        """Know anew whose the open cases are; what vanished or moved without an event leaves the pages that may not see it."""
        before, self.cases = self.cases, {case.id: case for case in cases}
        for case_id, case in before.items():
            after = self.cases.get(case_id)
            if after is None and case.state != "closed":
                self._tell_gone(case, pages)
            elif after is not None and _whose(after) != _whose(case):
                self.wanted |= {case_id}
                self._tell_gone(case, [page for page in pages if not page.may("list", after)])

    def _check(self, page: Listener, changes: Changes, now: datetime) -> None:
        """End a page whose session was locked or ended, or whose person may do something else by now."""
        running = changes.sessions.get(page.session)
        person = self.staff.get(page.staff.id)
        if person is None or running is None:
            page.end("signed_out", self.number)
        elif running[0] or now - running[1] > self._idle:
            page.end("locked", self.number)
        elif (person.role, person.state, person.teams) != (page.staff.role, page.staff.state, page.staff.teams):
            page.end("changed", self.number)
        else:
            over = person.duty_until is not None and person.duty_until <= now
            page.staff = replace(person, duty="off") if over else person
            self._tell_glass(page, frozenset(case for who, case in changes.glass if who == person.id))

    def _tell_glass(self, page: Listener, glass: frozenset[int]) -> None:
        before, page.glass = page.glass, glass
        self.wanted |= glass - before
        for case_id in before - glass:
            case = self.cases.get(case_id)
            if case is None or not page.may("list", case):
                page.put(frame("gone", {"id": case_id}, self.number), self.number)

    def _tell_duty(self, pages: tuple[Listener, ...], now: datetime) -> None:
        there = tuple(one for one in self.staff.values() if is_there(one, now))
        duty = serialise.on_duty(there)
        if duty != self.duty:
            self.duty = duty
            one = self.duty_frame()
            for page in pages:
                page.put(one, self.number)

    def duty_frame(self) -> bytes:
        """Return who is on duty, as every page may know."""
        return frame("duty", {"on_duty": self.duty}, self.number)

    def _tell_row(self, facts: RowFacts, pages: tuple[Listener, ...], now: datetime) -> None:
        case = facts.case
        before, self.cases[case.id] = self.cases.get(case.id), case
        painted = Painted(facts, now, self.names, self.number)
        thread = frame("thread", {"id": case.id, "version": facts.version}, self.number)
        gone = frame("gone", {"id": case.id}, self.number)
        for page in pages:
            if page.may("list", case):
                page.put(painted.frame(page.staff), self.number)
                if page.may("see", case):
                    page.put(thread, self.number)
            elif before is not None and page.may("list", before):
                page.put(gone, self.number)

    def frames_of(self, facts: RowFacts, page: Listener, now: datetime, *, heard: bool) -> list[bytes]:
        """Return what one page that comes back is told of a case that it may see; `heard`: with its sound, if it still waits."""
        case = facts.case
        told = [Painted(facts, now, self.names, self.number).frame(page.staff)]
        if page.may("see", case):
            told.append(frame("thread", {"id": case.id, "version": facts.version}, self.number))
        if heard and waits_urgently(case) and page.is_woken_by(case):
            told.append(self._page_frame(case, "urgent"))
        elif heard and page.holds(case) and is_urgent(case.level, crisis=case.crisis):
            told.append(self._page_frame(case, "raised"))
        return told

    def _page_frame(self, case: Any, what: str) -> bytes:
        data = {"id": case.id, "number": serialise.number_of(case.id), "level": case.level, "crisis": case.crisis}
        return frame("page", {**data, "what": what}, self.number)

    def _tell_gone(self, case: Any, pages: Iterable[Listener]) -> None:
        for page in pages:
            if page.may("list", case):
                page.put(frame("gone", {"id": case.id}, self.number), self.number)

    def _tell_here(self, case_id: int, seen: tuple[Seen, ...], pages: tuple[Listener, ...]) -> None:
        self.here.pop(case_id, None)
        if seen:
            self.here[case_id] = seen
        for page in pages:
            one = self.here_frame(page, case_id, seen)
            if one is not None:
                page.put(one, self.number)

    def here_frame(self, page: Listener, case_id: int, seen: tuple[Seen, ...]) -> bytes | None:
        """Return who has a case open, without the one who is told; None: it is not theirs to know."""
        case = self.cases.get(case_id)
        if case is None or not page.may("list", case):
            return None
        others = tuple(one for one in seen if one.handle != page.staff.handle)
        people = [{"handle": one.handle, "name": self.names.get(one.handle) or one.handle, "state": one.state} for one in others]
        return frame("presence", {"id": case_id, "presence": people}, self.number)

    def _tell_heard(self, changes: Changes, pages: tuple[Listener, ...]) -> None:
        for page in pages:
            new = {one.case_id: one for one in changes.heard if one.event not in page.heard}  # of a case the latest
            page.heard.update(one.event for one in changes.heard)
            for heard in new.values():
                case = self.cases.get(heard.case_id)
                what = _sound(page, case, heard) if case is not None else ""
                if what:
                    page.sound(heard.event, self._page_frame(case, what), self.number)


def _sound(page: Listener, case: Any, heard: Heard) -> str:
    """Return what a page says aloud of a case, "" when nothing."""
    if waits_urgently(case):
        wakes = page.is_woken_by(case) or (page.staff.handle in heard.to and page.may("list", case))
        return ("urgent" if heard.what == "raised" else heard.what) if wakes else ""
    # Who holds it may be reading another one: nobody else is woken for it.
    became_urgent = heard.what == "raised" and is_urgent(case.level, crisis=case.crisis)
    return "raised" if became_urgent and page.holds(case) and heard.by != page.staff.handle else ""


def _whose(case: Any) -> tuple[Any, ...]:
    return case.team, case.claimed_by, case.assigned_to


def waits_urgently(case: Any) -> bool:
    """Return whether nobody has an urgent case yet."""
    return case.state == "waiting" and is_urgent(case.level, crisis=case.crisis)


def is_there(person: Staff, now: datetime) -> bool:
    """Return whether somebody is on duty or on a break now."""
    runs = person.duty_until is None or person.duty_until > now
    return person.state == "active" and person.duty != "off" and runs
