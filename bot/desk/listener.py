"""One open page: what it has still to hear, bounded, so that one that does not read holds up nobody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.desk.rights import facts_of
from bot.staff.access import CaseFacts, InCase, may
from bot.staff.people import Staff

# More than a page that listens ever has waiting. One that does not is told to read anew.
MOST_FRAMES = 256


def frame(event: str, data: Mapping[str, Any], number: int) -> bytes:
    """Return an event of the stream as it goes over the line; `number`: of the last event of a case that is known."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {event}\nid: {number}\ndata: {text}\n\n".encode()


@dataclass(eq=False)
class Listener:
    """Who listens, with the session that allows it, and the cases whose glass they broke."""

    staff: Staff
    session: int
    glass: frozenset[int] = frozenset()
    frames: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(MOST_FRAMES))
    ended: bool = False
    # Events that have made their sound here, or were known as it came: the look and the catching up may both see one.
    heard: set[int] = field(default_factory=set)
    # Sounds of looks while it is still being read what the page has missed: only then is it known which it has heard.
    _early: list[tuple[int, bytes]] | None = field(default_factory=list)

    def put(self, one: bytes, number: int) -> None:
        """Let the page hear something; when too much waits already, that it has to read anew."""
        if self.ended:
            return
        if self.frames.full():
            self._empty()
            one = frame("resync", {}, number)
        self.frames.put_nowait(one)

    def sound(self, event: int, one: bytes, number: int) -> None:
        """Let the page hear the sound of an event; while it catches up, once it is known that it has not heard it before."""
        if self._early is None:
            self.put(one, number)
        else:
            self._early.append((event, one))

    def caught_up(self, known: Collection[int], number: int) -> None:
        """The page has been told what it missed; it had heard of the events `known` before that."""
        early, self._early = self._early or [], None
        for event, one in early:
            if event not in known:
                self.put(one, number)

    def end(self, why: str, number: int) -> None:
        """Let the page hear that no more comes, and nothing of what still waited."""
        if not self.ended:
            self._empty()
            self.frames.put_nowait(frame("end", {"why": why}, number))
            self.ended = True

    def may(self, act: InCase, case: Any) -> bool:
        """Return whether this person may do something with a case; `case` is a row or a `Case`."""
        return may(self.staff, act, facts_of(case, glass=case.id in self.glass))

    def is_woken_by(self, case: Any) -> bool:
        """Return whether the page makes a sound for a case: it is for this person to take, and they are on duty."""
        own = CaseFacts(team=case.team, assigned_to=case.assigned_to)
        return self.staff.duty == "on" and may(self.staff, "claim", own)

    def holds(self, case: Any) -> bool:
        """Return whether this person has the case in hand now."""
        return case.state in ("claimed", "waiting_for_patient") and case.claimed_by == self.staff.handle

    def _empty(self) -> None:
        while not self.frames.empty():
            self.frames.get_nowait()
