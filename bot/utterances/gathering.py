"""The rounds that fill the inbox. Looking and masking is work without a transaction that others would wait for."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from bot.content.load import ContentSource
from bot.database.engine import Database, Work
from bot.desk.masking import Known, public_numbers
from bot.utterances.finding import found_since
from bot.utterances.kinds import Found
from bot.utterances.taking import cluster_of, groups_of, known_among, take, without_personal_data

# A gateway that begins looks back so far; what was taken then is known by its key.
LOOKS_BACK = timedelta(days=2)
# So many are taken in a round: what is left waits for the next one, so that nobody who is served notices.
MOST = 100
# Rows are stored in another order than their times.
OVERLAP = timedelta(minutes=10)


class Gathering:
    """Gathers on one gateway. Several may: a sentence is taken once."""

    def __init__(self, database: Database, content: ContentSource) -> None:
        self._database, self._content = database, content
        self._known = Known()
        self._looked_at: datetime | None = None

    def round(self, now: datetime) -> int:
        """Take what came to be known since the last round, of much the most important; return how much it was. Raises DatabaseProblem."""
        since = now - LOOKS_BACK if self._looked_at is None else self._looked_at - OVERLAP
        public = public_numbers(self._content.current().triage)
        with self._database.read() as work:
            found = found_since(work, since)
            known = known_among(work, [one.key for one in found])
            # What nothing can be learned from ("👍", a number) is not stored, and so never known: it must not take the others' places.
            new = ((one, self._text(work, one, public)) for one in found if one.key not in known)
            fresh = list(islice(((one, text) for one, text in new if text), MOST + 1))
            groups = {language: groups_of(work, language) for language in {one.language for one, _ in fresh}}
        taken = 0
        for one, text in fresh[:MOST]:
            taken += self._take(one, text, cluster_of(text, one.key, groups[one.language]), now)
        if len(fresh) <= MOST:
            self._looked_at = now
        return taken

    def _text(self, work: Work, found: Found, public: frozenset[str]) -> str:
        hiding = self._known.mask_of(work, found.patient_id, public=public)
        return without_personal_data(found.text, found.language, hiding)

    def _take(self, found: Found, text: str, cluster: str, now: datetime) -> bool:
        with self._database.write() as work:
            return take(work, found, text=text, cluster=cluster, now=now) is not None
