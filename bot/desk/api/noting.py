"""Notes and drafts. A room of its own: an import contract proves that from here no code leads to a channel."""

from __future__ import annotations

from bot.database.engine import Work
from bot.desk import shapes
from bot.desk.acting import act
from bot.desk.asked import Asked, Asking
from bot.desk.store import Store
from bot.handoff import drafts, notes

MODES: tuple[drafts.Mode, ...] = ("reply", "note")


async def note(store: Store, asking: Asking, case_id: int, asked: Asked) -> shapes.Noted:
    """Write a note that only colleagues read; it leaves the draft of a note empty."""
    text, key = asked.text("text", notes.LONGEST), f"{asking.staff.id}:{asked.client_id()}"
    who, now = asking.staff, asking.now

    def write(work: Work) -> int:
        number = notes.add_note(work, case_id, text, who=who.handle, dedupe_key=key, now=now)
        drafts.clear(work, case_id, who.id, "note")
        return number

    number, done = await act(store, asking, case_id, "note", write)
    return {**done, "key": f"note:{number}"}


async def draft(store: Store, asking: Asking, case_id: int, asked: Asked) -> dict[str, str]:
    """Keep what is in a box; nobody else sees it, and nothing sends it."""
    mode = asked.choice("mode", MODES)
    text = asked.maybe_text("text", drafts.LONGEST)
    who, now = asking.staff, asking.now
    await act(store, asking, case_id, "see", lambda work: drafts.save(work, case_id, who.id, mode, text, now))
    return {"saved": now.isoformat()}
