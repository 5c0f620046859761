"""The scheduler page: what the rounds did, what is sent next, what was given up. It names no patient."""

from __future__ import annotations

from collections.abc import Mapping

from bot.desk.asked import Asking
from bot.desk.content_store import ContentStore
from bot.desk.following import plan_name
from bot.desk.rights import needed_elsewhere
from bot.desk.serialise import dated
from bot.desk.shapes_followup import Scheduler
from bot.followup.agenda import agenda


async def read(store: ContentStore, asking: Asking, _: Mapping[str, str]) -> Scheduler:
    """Return how the scheduler stands."""
    needed_elsewhere(asking, "scheduler")
    content, language = store.content.current(), asking.staff.language
    found = await store.read(lambda work: agenda(work, now=asking.now))

    def named(rows: tuple[dict[str, object], ...]) -> list[dict[str, object]]:
        return [{**dated(row), "plan": plan_name(str(row["plan"]), content, language)} for row in rows]

    return {
        "rounds": dated(found.rounds),
        "waiting": dict(found.waiting),
        "lately": dict(found.lately),
        "next": named(found.next),
        "given_up": named(found.given_up),
        "now": asking.now.isoformat(timespec="milliseconds"),
    }
