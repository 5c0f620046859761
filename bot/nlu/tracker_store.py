"""Rasa's conversations, encrypted, in our own table: one row for each turn, and the live ones in memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.clock import utc_now
from bot.database import Database, make_engine, migrate
from bot.database.tables import tracker_event
from bot.nlu.content import settings
from bot.nlu.turn import mark_failed, may_be_kept
from bot.privacy.encryption import load_cipher

# Live trackers kept in memory: reading one back costs as much as the rest of a turn. Unused ones go with the next turn of anybody.
KEEP_LIVE = 500
KEEP_LIVE_S = 3600.0

_MINE = tracker_event.c.conversation_id == sa.bindparam("conversation")
_START = sa.select(sa.func.max(tracker_event.c.id)).where(_MINE, tracker_event.c.session_started).scalar_subquery()
# Built once: that costs more than running them.
_NEWEST_ROW = sa.select(sa.func.max(tracker_event.c.id)).where(_MINE)
_SESSION = (
    sa.select(tracker_event.c.sealed).where(_MINE, tracker_event.c.id >= sa.func.coalesce(_START, 0)).order_by(tracker_event.c.id)
)
_ALL = sa.select(tracker_event.c.sealed).where(_MINE).order_by(tracker_event.c.id)
_ADD = tracker_event.insert()


@dataclass(frozen=True)
class _Live:
    """A tracker in memory and what of it is stored. Without both numbers unchanged it is not believed."""

    tracker: DialogueStateTracker
    events: int  # that many are stored
    row: int  # id of the conversation's newest row: another process may have added one, or the patient erased all
    used_at: float


class EncryptedTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Stores the events of each turn in one sealed row.

    Rasa wraps every store so that an error on reading looks like a new conversation, which would let the bot answer
    where it must be silent. Here such an error marks the whole turn as failed: it is thrown away and tried again.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        endpoint_config: EndpointConfig | None = None,
        database: Database | None = None,
        **kwargs: Any,
    ) -> None:
        self._live: OrderedDict[str, _Live] = OrderedDict()  # least recently used first
        super().__init__(domain, event_broker, **kwargs)
        self._database = database or _open()

    @property
    def domain(self) -> Domain:
        """The domain that trackers are read with."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        # A model that is swapped in may have other slots: live trackers are read anew with them.
        self._domain = domain or Domain.empty()
        self._live.clear()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the latest session of the conversation, or None when it has none."""
        row, live = self._newest_row(sender_id), self._live.get(sender_id)
        # More events than were stored: an earlier turn died half-way, and the row tells the truth.
        if live is not None and live.row == row and len(live.tracker.events) == live.events:
            self._remember(live.tracker, row)
            return live.tracker
        self._live.pop(sender_id, None)
        events = self._session(sender_id) if row else []
        if not events:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        self._remember(tracker, row)
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return all sessions of the conversation."""
        events = self._read(_ALL, conversation_id)
        return DialogueStateTracker.from_dict(conversation_id, events, self.domain.slots) if events else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the new events of a turn that was answered; forget those of one that was not."""
        live = self._live.pop(tracker.sender_id, None)
        if not may_be_kept():
            return
        stored = live.events if live is not None and live.tracker is tracker else len(self._session(tracker.sender_id))
        fresh = list(tracker.events)[stored if stored <= len(tracker.events) else 0 :]
        if not fresh:
            return
        row = self._write(tracker.sender_id, fresh)
        await self.stream_events(tracker)
        # A new session leaves the old one behind: the next turn reads the new one alone.
        if not (stored and _starts_session(fresh)):
            self._remember(tracker, row)

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        with self._database.read() as work:
            return list(work.execute(sa.select(tracker_event.c.conversation_id).distinct()).scalars())

    def _newest_row(self, sender_id: str) -> int:
        with self._noticed(), self._database.read() as work:
            return int(work.execute(_NEWEST_ROW, {"conversation": sender_id}).scalar() or 0)

    def _session(self, sender_id: str) -> list[dict[str, Any]]:
        events = self._read(_SESSION, sender_id)
        starts = [index for index, event in enumerate(events) if event["event"] == SessionStarted.type_name]
        # The action that started the session belongs to it.
        return events[max(0, starts[-1] - 1) :] if starts else events

    def _read(self, rows: Any, sender_id: str) -> list[dict[str, Any]]:
        with self._noticed(), self._database.read() as work:
            sealed = work.execute(rows, {"conversation": sender_id}).scalars()
            return [event for turn in sealed for event in work.cipher.unseal(turn)]

    def _write(self, sender_id: str, events: list[Event]) -> int:
        row: dict[str, Any] = {"conversation_id": sender_id, "session_started": _starts_session(events), "created_at": utc_now()}
        with self._noticed(), self._database.write() as work:
            row["sealed"] = work.cipher.seal([event.as_dict() for event in events])
            return int(work.execute(_ADD, row).inserted_primary_key[0])

    @staticmethod
    @contextmanager
    def _noticed() -> Iterator[None]:
        try:
            yield
        except Exception:
            mark_failed()
            raise

    def _remember(self, tracker: DialogueStateTracker, row: int) -> None:
        now = time.monotonic()
        self._live[tracker.sender_id] = _Live(tracker, len(tracker.events), row, now)
        self._live.move_to_end(tracker.sender_id)
        while len(self._live) > KEEP_LIVE or next(iter(self._live.values())).used_at < now - KEEP_LIVE_S:
            self._live.popitem(last=False)


def _starts_session(events: Iterable[Event]) -> bool:
    return any(isinstance(event, SessionStarted) for event in events)


def _open() -> Database:
    current = settings()
    engine = make_engine(current.database_url)
    migrate(engine)
    return Database(engine, load_cipher(current))
