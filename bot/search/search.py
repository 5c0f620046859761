"""Search over encrypted words: by keyed tokens to candidates, newest first, and then in the words themselves. Its cost is bounded.

Whatever the words are, a call walks along the rarest token for at most MOST_LOOKED_AT messages or WALK_S seconds, and opens at most
MOST_OPENED; what it has not looked at it says, and goes on from there when asked.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, conversation, search_mark, search_token
from bot.errors import OperatorError
from bot.handoff.case_rows import COLUMNS, Case, case_from
from bot.handoff.refs import LAST, read_ref
from bot.handoff.said import Said, said
from bot.handoff.visible import seen_by
from bot.search.tokens import MOST_TOKENS, Term, fold, hasher, spans, terms_of
from bot.staff.people import Staff
from bot.triage.tables import Tables

LONGEST_QUERY = 200
# A token is counted as far as this to learn which is the rarest.
COUNT_TO = 2_000
# Looked at in steps: for a frequent word the first one is enough. After WALK_S no further step is begun.
STEPS = (200, *[800] * 14)
MOST_LOOKED_AT = sum(STEPS)
WALK_S = 0.08
MOST_OPENED = 600
MOST_CASES = 5
MOST_HITS = 50
_NUMBER = re.compile(r"(?:[a-z]|#|nr\.?|no\.?)?\s*(\d{1,12})", re.IGNORECASE)


class SearchProblem(OperatorError):
    """The search cannot go on from there."""


@dataclass(frozen=True)
class Hit:
    """A message or note with the words that were looked for, or a case with that number or department."""

    case: Case
    key: str  # in:12 | out:3 | note:4, or of a case case:17
    kind: Literal["patient", "bot", "nurse", "note", "case"]
    author: str  # of a note: the handle
    at: datetime
    language: str  # "": not known
    text: str  # the whole message: mask it first, then cut it with `excerpt`
    marks: tuple[tuple[int, int], ...] = ()  # (start, end) in `text`


@dataclass(frozen=True)
class Found:
    """Hits, the latest first. `looked_at_all`: False when there are older messages at which this call did not look."""

    hits: tuple[Hit, ...]
    more: str | None  # `before` of the next call
    looked_at_all: bool
    looked_at: int


def find(
    work: Work,
    staff: Staff,
    query: str,
    *,
    now: datetime,
    tables: Tables | None = None,
    limit: int = 20,
    before: str | None = None,
) -> Found:
    """Return what `staff` may see and what holds all words of `query`: any part of two or more Chinese characters, words from their
    beginning, long words by any part of four letters; case numbers and names of departments. Raises SearchProblem for a bad `before`.
    """
    asked = query[:LONGEST_QUERY]
    terms = terms_of(asked)
    cases = () if before else tuple(_cases(work, staff, asked, now=now, tables=tables))
    if not terms:
        return Found(cases, None, looked_at_all=True, looked_at=0)
    tokens = _rarest_first(work, terms)
    if not tokens:
        return Found(cases, None, looked_at_all=True, looked_at=0)
    looking = _Looking(work, seen_by(staff, now=now), terms, tokens, limit=max(1, min(limit, MOST_HITS)))
    looking.look(_place(before))
    return Found((*cases, *looking.hits), looking.more, looked_at_all=not looking.capped, looked_at=looking.looked_at)


def _place(before: str | None) -> int:
    if before is None:
        return LAST
    if not before.isascii() or not before.isdecimal() or int(before) > LAST:
        raise SearchProblem("This page of the search cannot be found again. Search anew.")
    return int(before)


def _rarest_first(work: Work, terms: Sequence[Term]) -> tuple[int, ...]:
    """Return the tokens, the rarest first; none when one of them stands nowhere."""
    hashed = hasher(work.cipher)
    names = list(dict.fromkeys(token for term in terms for token in term.tokens))[:MOST_TOKENS]
    counts = {token: _count(work, token) for token in hashed(names)}
    return () if 0 in counts.values() else tuple(sorted(counts, key=lambda token: counts[token]))


_SOME = sa.select(search_token.c.ref).where(search_token.c.token == sa.bindparam("token")).limit(COUNT_TO).subquery()
_COUNT = sa.select(sa.func.count()).select_from(_SOME)


def _count(work: Work, token: int) -> int:
    return int(work.execute(_COUNT, {"token": token}).scalar_one())


class _Looking:
    """One walk along the rarest token."""

    def __init__(self, work: Work, seen: Any, terms: Sequence[Term], tokens: tuple[int, ...], *, limit: int) -> None:
        self._work, self._seen, self._terms, self._limit = work, seen, terms, limit
        self._extent, self._query = _candidates(tokens, seen)
        self.hits: list[Hit] = []
        self.looked_at = 0
        self.more: str | None = None
        self.capped = False
        self._opened = 0

    def look(self, place: int) -> None:
        """Look from `place` backwards until there are enough hits, nothing is left, or it has cost enough."""
        ends_at = time.monotonic() + WALK_S
        for step in STEPS:
            if time.monotonic() > ends_at:
                break
            stretch = {"before": place, "step": step}
            count, last = self._work.execute(self._extent, stretch).one()
            self.looked_at += count
            self._open(list(self._work.execute(self._query, stretch)))
            if self.more is not None or count < step:
                return
            place = last
        self.capped, self.more = True, str(place)

    def _open(self, rows: list[Any]) -> None:
        size = max(2 * self._limit, 40)
        for some in (rows[start : start + size] for start in range(0, len(rows), size)):
            words = said(self._work, [read_ref(row.ref) for row in some])
            cases = _cases_by_number(self._work, self._seen, some, words)
            for row in some:
                self._take(row, words.get(read_ref(row.ref)), cases)
                if self.more is not None:
                    return

    def _take(self, row: Any, one: Said | None, cases: Mapping[int, Case]) -> None:
        self._opened += 1
        case = None if one is None else cases.get(one.case_id or row.case_id)
        marks = None if one is None or case is None else spans(one.text, self._terms)
        if one is not None and case is not None and marks is not None:
            kind = "note" if one.ref.kind == "note" else one.author
            hit = Hit(case, one.ref.key, kind, one.author, one.at, one.language, one.text, marks)  # type: ignore[arg-type]
            self.hits.append(hit)
        if len(self.hits) == self._limit:
            self.more = str(row.ref)
        elif self._opened >= MOST_OPENED:
            self.more, self.capped = str(row.ref), True


def _candidates(tokens: tuple[int, ...], seen: Any) -> tuple[Any, Any]:
    """Return two queries for the next stretch along the rarest token: how long it is and where it ends, and what in it has all
    tokens and may be seen, with the latest case of its patient.

    Scalar subqueries, because a database may turn EXISTS into a join that reads all that a frequent token has.
    """
    rarest, others = tokens[0], tokens[1:]
    stretch = (
        sa.select(search_token.c.ref, search_token.c.mark_id)
        .where(search_token.c.token == rarest, search_token.c.ref < sa.bindparam("before", type_=sa.BigInteger))
        .order_by(search_token.c.ref.desc())
        .limit(sa.bindparam("step", type_=sa.Integer))
        .subquery("stretch")
    )
    other = search_token.alias("other")
    all_there = [
        sa.select(other.c.ref).where(other.c.token == token, other.c.ref == stretch.c.ref).limit(1).scalar_subquery().isnot(None)
        for token in others
    ]
    owner = (
        sa.select(conversation.c.patient_id)
        .join(search_mark, search_mark.c.conversation_id == conversation.c.id)
        .where(search_mark.c.id == stretch.c.mark_id)
        .correlate(stretch)
        .scalar_subquery()
    )
    latest = (
        sa.select(sa.func.max(care_case.c.id)).where(care_case.c.patient_id == owner, seen).correlate(stretch).scalar_subquery()
    )
    case_id = sa.case((sa.and_(*all_there), latest)) if all_there else latest
    found = sa.select(stretch.c.ref, case_id.label("case_id")).subquery("found")
    matching = sa.select(found).where(found.c.case_id.isnot(None)).order_by(found.c.ref.desc())
    return sa.select(sa.func.count(), sa.func.min(stretch.c.ref)).select_from(stretch), matching


def _cases_by_number(work: Work, seen: Any, rows: Sequence[Any], words: Mapping[Any, Said]) -> dict[int, Case]:
    """Return the cases of these hits; a note counts only with its own case, which must be seen too."""
    numbers = {row.case_id for row in rows} | {one.case_id for one in words.values() if one.case_id}
    query = sa.select(*COLUMNS).where(care_case.c.id.in_(numbers), seen)
    return {row.id: case_from(row) for row in work.execute(query)}


def _cases(work: Work, staff: Staff, asked: str, *, now: datetime, tables: Tables | None) -> Iterator[Hit]:
    """Yield the cases that the query names: by their number, or by their department with open ones first."""
    number = _NUMBER.fullmatch(unicodedata.normalize("NFKC", asked).strip())
    which = [care_case.c.id == int(number[1])] if number else []
    departments = _departments(asked, tables) if tables else []
    which += [care_case.c.department.in_(departments), care_case.c.outcome_department.in_(departments)] if departments else []
    if not which:
        return
    query = sa.select(*COLUMNS).where(sa.or_(*which), seen_by(staff, now=now))
    for row in work.execute(query.order_by(care_case.c.state == "closed", care_case.c.id.desc()).limit(MOST_CASES)):
        case = case_from(row)
        yield Hit(case, f"case:{case.id}", "case", "", case.opened_at, case.language, "")


def _departments(asked: str, tables: Tables) -> list[str]:
    """Return the ids of the departments whose name, in any language, begins with the query."""
    wanted = fold(asked).text.strip()
    if len(wanted) < 2:
        return []
    return [id_ for id_, names in _names(tables) if any(name.startswith(wanted) for name in names)]


@lru_cache(maxsize=4)  # of the content, and of the one before
def _names(tables: Tables) -> tuple[tuple[str, tuple[str, ...]], ...]:
    named = tables.departments.items()
    return tuple((id_, tuple(fold(name).text for name in (id_, *one.names.values()))) for id_, one in named)


def excerpt(text: str, query: str, *, around: int = 60) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the part of `text` about the first place of the query's words, and where they stand in it.

    For words that were masked meanwhile: what is found no more has no mark, and the text then begins at its beginning.
    """
    marks = spans(text, terms_of(query[:LONGEST_QUERY])) or ()
    begin = max(0, marks[0][0] - around) if marks else 0
    end = min(len(text), (marks[0][1] if marks else 0) + around)
    before, after = "…" if begin else "", "…" if end < len(text) else ""
    shift = len(before) - begin
    kept = tuple((start + shift, stop + shift) for start, stop in marks if stop <= end)
    return f"{before}{text[begin:end]}{after}", kept
