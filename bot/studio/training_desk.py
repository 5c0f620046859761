"""What the page of training data works with: the sentences on disk, somebody's draft on top, what intents are called."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.release.folders import Folder
from bot.studio.visit import Visit
from bot.training.index import Index, shared_source, with_draft
from bot.training.intents import Described, described, name_of
from bot.training.intents import with_draft as with_draft_of_intents
from bot.training.rows import Change

# Drafts of so many people are kept laid over the index: laying one over a hundred thousand sentences takes a while.
MOST_LAID = 8


@dataclass(frozen=True)
class View:
    """The sentences as one person sees them. `known`: the intents that somebody has described."""

    index: Index
    known: dict[str, Described]
    draft: Change | None
    visit: Visit

    def name(self, intent: str) -> str:
        """Return what an intent is called in their language."""
        return name_of(self.known, intent, self.visit.language)


@dataclass
class TrainingDesk:
    """Over the files of one gateway. Reading a hundred thousand sentences anew takes a second, and does not hold up the event loop."""

    folder: Folder
    _laid: OrderedDict[tuple[int, int, int], Index] = field(default_factory=OrderedDict)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._source = shared_source(self.folder)

    async def view(self, visit: Visit, draft: Change | None) -> View:
        """Return what somebody sees, with their draft. Raises ContentError for a file that is no YAML."""
        return await asyncio.to_thread(self._view, visit, draft)

    def _view(self, visit: Visit, draft: Change | None) -> View:
        with self._one_at_a_time:
            index = self._source.current()
            laid = index if draft is None else self._with(index, draft)
            known = described(self.folder)
            return View(laid, known if draft is None else with_draft_of_intents(known, draft.operations), draft, visit)

    def _with(self, index: Index, draft: Change) -> Index:
        key = (id(index), draft.id, draft.edition)
        if key not in self._laid:
            self._laid[key] = with_draft(index, draft.operations)
        self._laid.move_to_end(key)
        while len(self._laid) > MOST_LAID:
            self._laid.popitem(last=False)
        return self._laid[key]
