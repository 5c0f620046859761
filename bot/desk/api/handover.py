"""What one shift hands to the next, as a page needs it: rows of the queue once, and where each of them counts."""

from __future__ import annotations

from collections.abc import Mapping

from bot.briefing.handover import ShiftPage, shift_page
from bot.content.load import Content
from bot.database.engine import Work
from bot.desk import rows, serialise, shapes
from bot.desk.acting import viewing_of
from bot.desk.asked import Asking
from bot.desk.content_store import ContentStore
from bot.desk.rights import needed_elsewhere
from bot.handoff.case_rows import Case
from bot.privacy import audit


async def read(store: ContentStore, asking: Asking, _: Mapping[str, str]) -> shapes.Handover:
    """Return the page of a handover; that it was read is written down."""
    needed_elsewhere(asking, "handover")
    content = store.content.current()
    found = await store.read(lambda work: _page(work, asking, content))
    what, subject = "read handover", asking.staff.subject
    await store.write(lambda work: audit.record(work, who=asking.staff.handle, what=what, subject=subject, now=asking.now))
    return found


def _page(work: Work, asking: Asking, content: Content) -> shapes.Handover:
    page = shift_page(work, asking.staff, content, asking.now)
    viewing = viewing_of(work, asking)
    named = {case.id: case for case in _cases(page)}
    shown = {facts.case.id: serialise.row(facts, viewing) for facts in rows.of_cases(work, list(named.values()))}
    return serialise.handover(page, shown, viewing)


def _cases(page: ShiftPage) -> list[Case]:
    planned = [*(one.case for one in page.promises), *(one.case for one in page.closing)]
    return [*page.open, *page.waking, *page.late_now, *page.breaches, *planned]
