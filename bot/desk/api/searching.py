"""Search: the words come in the body, so that they stand in no address, no log and no history."""

from __future__ import annotations

from bot.content.load import Content
from bot.database.engine import Work
from bot.desk import rows, serialise, serialise_words, shapes
from bot.desk.acting import viewing_of
from bot.desk.asked import Asked, Asking
from bot.desk.content_store import ContentStore
from bot.desk.items import mask_of
from bot.desk.problems import Refused
from bot.desk.reads import record
from bot.desk.rights import needed_elsewhere
from bot.desk.serialise import Viewing
from bot.privacy import audit
from bot.search import search

LIMIT = 20


async def find(store: ContentStore, asking: Asking, asked: Asked) -> shapes.Search:
    """Return what holds the words, of cases that are theirs. The search and each case that it shows are written down."""
    needed_elsewhere(asking, "search")
    query = asked.text("q", search.LONGEST_QUERY)
    before = asked.text("before", 32) if asked.data.get("before") else None
    content = store.content.current()
    found = await store.read(lambda work: _find(work, asking, query, before, content))
    cases = sorted({hit["id"] for hit in found["hits"]})

    def write_down(work: Work) -> None:
        audit.record(work, who=asking.staff.handle, what="searched", subject=asking.staff.subject, now=asking.now)
        record(work, asking, cases, what="found case")

    await store.write(write_down)
    return found


def _find(work: Work, asking: Asking, query: str, before: str | None, content: Content) -> shapes.Search:
    try:
        found = search.find(
            work, asking.staff, query, now=asking.now, tables=content.triage, limit=LIMIT, before=before
        )  # fmt: skip
    except search.SearchProblem:
        raise Refused(400, "wrong") from None
    viewing = viewing_of(work, asking)
    cases = {hit.case.id: hit.case for hit in found.hits}
    shown = {facts.case.id: serialise.row(facts, viewing) for facts in rows.of_cases(work, list(cases.values()))}
    hits = [_hit(work, hit, query, viewing, shown[hit.case.id]) for hit in found.hits if hit.case.id in shown]
    return {"hits": hits, "more": found.more, "looked_at_all": found.looked_at_all}


def _hit(work: Work, found: search.Hit, query: str, viewing: Viewing, row: shapes.Row) -> shapes.Hit:
    language = found.language or viewing.staff.language
    text, hidden = mask_of(work, found.case.id, viewing).text(found.text, language)  # type: ignore[arg-type]
    return serialise_words.hit(found, search.excerpt(text, query), row, hidden=hidden)
