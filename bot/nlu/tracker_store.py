"""Rasa's conversations, encrypted, in our own table: one row for each turn, and the live ones in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.clock import utc_now
from bot.database import Database, make_engine, migrate
from bot.database.tables import tracker_event
from bot.nlu.content import settings
from bot.nlu.turn import has_failed, mark_failed
from bot.privacy.encryption import load_cipher

# Live trackers kept in memory: reading one back costs as much as the rest of a turn.
KEEP_LIVE = 500


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
        super().__init__(domain, event_broker, **kwargs)
        self._database = database or _open()
        # conversation -> (tracker, how many of its events are stored)
        self._live: OrderedDict[str, tuple[DialogueStateTracker, int]] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the latest session of the conversation, or None when it has none."""
        live = self._live.get(sender_id)
        # More events than were stored: an earlier turn died half-way, and the row tells the truth.
        if live is not None and len(live[0].events) == live[1]:
            self._live.move_to_end(sender_id)
            return live[0]
        events = self._latest_session(self._read(sender_id))
        if not events:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        self._remember(tracker)
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return all sessions of the conversation."""
        events = [event for row in self._read(conversation_id) for event in row]
        return DialogueStateTracker.from_dict(conversation_id, events, self.domain.slots) if events else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the new events of a turn that did not fail."""
        if has_failed():
            self._live.pop(tracker.sender_id, None)
            return
        live = self._live.get(tracker.sender_id)
        if live is None:
            stored = len(self._latest_session(self._read(tracker.sender_id)))
        else:
            stored = live[1] if live[0] is tracker or live[1] <= len(tracker.events) else 0
        fresh = list(tracker.events)[stored:]
        if fresh:
            self._write(tracker.sender_id, fresh)
        await self.stream_events(tracker)
        self._remember(tracker)

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        with self._database.read() as work:
            return list(work.execute(sa.select(tracker_event.c.conversation_id).distinct()).scalars())

    def _read(self, sender_id: str) -> list[list[dict[str, Any]]]:
        query = sa.select(tracker_event.c.sealed).where(tracker_event.c.conversation_id == sender_id).order_by(tracker_event.c.id)
        try:
            with self._database.read() as work:
                return [work.cipher.unseal(sealed) for sealed in work.execute(query).scalars()]
        except Exception:
            mark_failed()
            raise

    def _write(self, sender_id: str, events: list[Any]) -> None:
        row = {
            "conversation_id": sender_id,
            "session_started": any(isinstance(event, SessionStarted) for event in events),
            "created_at": utc_now(),
        }
        try:
            with self._database.write() as work:
                work.execute(tracker_event.insert().values(**row, sealed=work.cipher.seal([event.as_dict() for event in events])))
        except Exception:
            mark_failed()
            self._live.pop(sender_id, None)
            raise

    def _remember(self, tracker: DialogueStateTracker) -> None:
        self._live[tracker.sender_id] = (tracker, len(tracker.events))
        self._live.move_to_end(tracker.sender_id)
        while len(self._live) > KEEP_LIVE:
            self._live.popitem(last=False)

    @staticmethod
    def _latest_session(rows: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
        events = [event for row in rows for event in row]
        starts = [index for index, event in enumerate(events) if event["event"] == SessionStarted.type_name]
        if not starts:
            return events
        # The action that started the session belongs to it.
        return events[max(0, starts[-1] - 1) :]


def _open() -> Database:
    current = settings()
    engine = make_engine(current.database_url)
    migrate(engine)
    return Database(engine, load_cipher(current))
