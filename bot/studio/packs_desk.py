"""What the pages of FAQ and clinical packs work with: the packs on disk, somebody's draft on top, sentences that were read before."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from bot.content.load import ContentSource
from bot.errors import OperatorError
from bot.packs.candidate import rules_of
from bot.packs.catalogue import BY_ID, Room, Table, table_of
from bot.packs.edits import EditProblem
from bot.packs.impact import Impact, Rehearsal
from bot.packs.source import Files, PackFile, laid, shared_packs
from bot.release.folders import Folder
from bot.release.heard import Sentence
from bot.release.listening import Listening
from bot.release.sentences import of_the_suite, saved_in
from bot.studio.visit import Visit
from bot.training.rows import Change
from bot.triage.tables import Tables

logger = logging.getLogger(__name__)

# So many sentences that are new are read while one waits for a preview, and nobody waits until the second reader has them.
FEW = 50


@dataclass(frozen=True)
class View:
    """The packs as one person sees them. `live`: without the draft."""

    live: Files
    files: Files
    draft: Change | None
    visit: Visit

    @property
    def today(self) -> date:
        """The day of this request."""
        return self.visit.now.date()

    def place(self, room: Room, file: object) -> tuple[Table, PackFile]:
        """Return a file that is edited in this room, with its table. Raises EditProblem."""
        table = table_of(file) if isinstance(file, str) else None
        if table is None or table.room != room or file not in self.files:
            raise EditProblem("pack_gone", "There is no such file any more. Load the page again.", entry=str(file))
        return table, self.files[str(file)]

    def in_table(self, table: Table) -> list[PackFile]:
        """Return the files of a table."""
        return [one for name, one in self.files.items() if name.startswith(table.files)]

    def is_new(self, file: str, entry: str) -> bool:
        """Whether an entry is only in the draft."""
        return bool(entry) and entry in self.files[file].entries and entry not in self.live[file].entries

    def touched(self, table: Table, file: str, entry: str) -> bool:
        """Whether the draft changes an entry."""
        place = table.place(entry)
        operations = [one for one in (self.draft.operations if self.draft else ()) if getattr(one, "file", "") == file]
        return bool(place) and any(getattr(one, "path", ())[: len(place)] == place for one in operations)


def table_named(room: Room, name: object) -> Table:
    """Return a table of a room. Raises EditProblem."""
    table = BY_ID.get(name) if isinstance(name, str) else None
    if table is None or table.room != room:
        raise EditProblem("pack_gone", "There is no such table.", entry=str(name))
    return table


@dataclass(frozen=True)
class Waits:
    """So many sentences were read of those that have to be."""

    read: int
    of: int


@dataclass(frozen=True)
class Previewed:
    """What an edit changes. `listening`: model and second reader are still being asked, so far about so many sentences; `deaf`: they
    cannot be asked, so that the rules answer alone."""

    impact: Impact
    listening: Waits | None
    deaf: bool


@dataclass
class PacksDesk:
    """Over the files of one gateway."""

    folder: Folder
    content: ContentSource
    listening: Listening
    rehearsal: Rehearsal = field(default_factory=Rehearsal)
    _suite: tuple[Sentence, ...] = ()
    _preparing: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._source = shared_packs(self.folder)

    async def view(self, visit: Visit, draft: Change | None) -> View:
        """Return what somebody sees. Raises ContentError for a file that is no YAML."""
        live = await asyncio.to_thread(self._source.current)
        return View(live, laid(live, draft.operations) if draft else live, draft, visit)

    def get_ready(self, patients: tuple[Sentence, ...]) -> None:
        """Begin to read the sentences that edits are tried on, beside everything else: it takes some seconds, once, and about a minute
        for each new model until the second reader was asked about all of them."""
        if self._preparing is None or self._preparing.done():
            self._preparing = asyncio.create_task(self._prepare(patients))

    async def preview(self, after: Files, patients: tuple[Sentence, ...]) -> Previewed | Waits:
        """Return which sentences would be answered otherwise with these packs, or how far the reading of them is."""
        live = self.content.current().triage
        sentences = (*await asyncio.to_thread(self._sentences), *patients)
        unread = await asyncio.to_thread(self.rehearsal.unread, live, sentences)
        if unread > FEW:
            self.get_ready(patients)
            return Waits(len(sentences) - unread, len(sentences))
        known = await asyncio.to_thread(self.listening.known, sentences)
        candidate = await asyncio.to_thread(lambda: rules_of(after, live, today=date.today()))
        found = await asyncio.to_thread(lambda: self.rehearsal.impact(live, candidate, sentences, listened=known))
        missing, failed = found.asked - found.by_both, self.listening.failed
        if missing and not failed:
            self.get_ready(patients)
        listening = Waits(found.by_both, found.asked) if missing > FEW and not failed else None
        return Previewed(found, listening, deaf=missing > FEW and failed)

    async def _prepare(self, patients: tuple[Sentence, ...]) -> None:
        stop = threading.Event()
        live = self.content.current().triage
        try:
            sentences = (*await asyncio.to_thread(self._sentences), *patients)
            read = partial(self._read, live, sentences, stop)
            await asyncio.to_thread(read)
            await asyncio.to_thread(lambda: self.listening.run(sentences, stop=stop))
            await asyncio.to_thread(read)
        except (OperatorError, OSError) as error:
            logger.warning("sentences for previews cannot be read (%s)", type(error).__name__)
        finally:
            stop.set()  # a gateway that ends does not wait for the rest

    def _read(self, live: Tables, sentences: tuple[Sentence, ...], stop: threading.Event) -> None:
        self.rehearsal.prepare(live, sentences, stop=stop, listened=self.listening.known(sentences))

    def _sentences(self) -> tuple[Sentence, ...]:
        self._suite = self._suite or tuple(of_the_suite())
        return (*self._suite, *saved_in(self.folder.content))
