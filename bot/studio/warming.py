"""What the rooms of the studio read first is read beside the first page, so that nobody waits for it at the door of a room.

Not when the gateway starts: a hundred thousand sentences take 40 MB, and most gateways are never asked for the studio.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.errors import OperatorError
from bot.packs.source import shared_packs
from bot.release.folders import Folder
from bot.studio.visit import Visit
from bot.training.index import shared_source

logger = logging.getLogger(__name__)


@dataclass
class Warming:
    """Over the files of one gateway."""

    folder: Folder
    _reading: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, visit: Visit) -> None:
        """Begin to read what the rooms of this person will ask for; what was read and is still so costs nothing."""
        for read in self._wanted(visit):
            task = asyncio.create_task(asyncio.to_thread(_quietly, read))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    def _wanted(self, visit: Visit) -> Iterator[Callable[[], object]]:
        if visit.may("edit_faq") or visit.may("edit_clinical"):
            yield shared_packs(self.folder).current
        if visit.may("edit_training") or visit.may("label"):
            yield shared_source(self.folder).current


def _quietly(read: Callable[[], object]) -> None:
    try:
        read()
    except (OperatorError, OSError) as error:
        # The room itself says which file it is and what to do.
        logger.info("files of the studio cannot be read ahead (%s)", type(error).__name__)
