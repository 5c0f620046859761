"""What of a sentence no rule decides: whether the model takes it for a complaint, and what the second reader thinks of it.

An edit of the rules changes neither, so that it is asked once for each sentence, of what is live, in a process beside it; how a patient
would be answered after an edit is then reckoned at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

from bot.errors import OperatorError
from bot.release import store
from bot.release.candidate import Side, live_side
from bot.release.heard import Sentence
from bot.release.hearing import TOGETHER, Hearing, KeptOutcomes, heard_with
from bot.settings import Settings
from bot.triage.episode import opinion_from_json
from bot.triage.types import Opinion

logger = logging.getLogger(__name__)

FOLDER = "listened"
# The parts of the content that model and second reader read.
ROOMS = ("triage/lexicon", "knowledge")


@dataclass(frozen=True)
class Listened:
    """`guided`: the dialogue leads to the guidance; `opinion`: of the second reader, None where it is not loaded."""

    guided: bool
    opinion: Opinion | None


class Process(Protocol):
    """Listens with one model; `bot.release.hearing.Hearing`."""

    def wait_until_ready(self) -> None:
        """Wait until it can."""

    def listen(self, sentences: Sequence[Sentence]) -> list[dict[str, Any]]:
        """Return what is made of each sentence."""

    def close(self) -> None:
        """End it."""


Start = Callable[[Side], Process]


@dataclass
class Listening:
    """What was listened to with what is live, kept on disk without a word of anybody. For any thread."""

    settings: Settings
    start: Start | None = None
    failed: bool = False
    _kept: KeptOutcomes | None = None
    _made_with: str = ""
    _listened: dict[str, Listened] = field(default_factory=dict)
    _running: threading.Lock = field(default_factory=threading.Lock)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def known(self, sentences: Iterable[Sentence]) -> dict[str, Listened]:
        """Return what is known of sentences, by their keys."""
        with self._one_at_a_time:
            self._follow()
        return {one.key: self._listened[one.key] for one in sentences if one.key in self._listened}

    def run(self, sentences: Sequence[Sentence], *, stop: threading.Event) -> None:
        """Listen to what was not listened to yet, some hundredths of a second for each sentence, until `stop` is set.

        Does nothing while another thread does. `failed` says that there is no model, or that it did not load.
        """
        if not self._running.acquire(blocking=False):
            return
        try:
            self._run(sentences, stop)
        except (OperatorError, OSError, ValueError, KeyError, TypeError) as error:
            self.failed = True
            logger.warning("sentences for previews cannot be listened to (%s)", type(error).__name__)
        finally:
            self._running.release()

    def _run(self, sentences: Sequence[Sentence], stop: threading.Event) -> None:
        with self._one_at_a_time:
            side, kept = self._follow()
        new = [one for one in {one.key: one for one in sentences}.values() if one.key not in self._listened]
        if side is None or kept is None or not new:
            self.failed = side is None
            return
        process = (self.start or self._start)(side)
        try:
            process.wait_until_ready()
            for begin in range(0, len(new), TOGETHER):
                if stop.is_set():
                    return
                some = new[begin : begin + TOGETHER]
                self._take(kept, dict(zip((one.key for one in some), process.listen(some), strict=True)))
            self.failed = False
        finally:
            process.close()
            kept.write()

    def _take(self, kept: KeptOutcomes, found: Mapping[str, dict[str, Any]]) -> None:
        kept.outcomes |= found
        if kept is self._kept:  # another model is live by now: what is known of it comes from there
            self._listened |= {key: listened_from_json(one) for key, one in found.items()}

    def _follow(self) -> tuple[Side | None, KeptOutcomes | None]:
        """Return what is live, and what is kept of it; of another model or other words nothing is known any more."""
        side = live_side(self.settings)
        made_with = "" if side is None else _made_with(side)
        if made_with != self._made_with:
            self._kept = None if side is None else KeptOutcomes(store.outcomes(self.settings) / FOLDER / f"{made_with}.json")
            known = {} if self._kept is None else self._kept.outcomes
            self._listened = {key: listened_from_json(one) for key, one in known.items()}
            self._made_with = made_with
        return side, self._kept

    def _start(self, side: Side) -> Process:
        place = store.outcomes(self.settings) / FOLDER
        return Hearing(self.settings, model=side.model, content=side.folder.content, models=place)


def listened_to_json(one: Listened) -> dict[str, Any]:
    """Return it as plain data, without the words that an opinion quotes."""
    opinion = None if one.opinion is None else asdict(replace(one.opinion, said=""))
    return {"guided": one.guided, "opinion": opinion}


def listened_from_json(data: Mapping[str, Any]) -> Listened:
    """Return what was written with `listened_to_json`."""
    return Listened(bool(data["guided"]), opinion_from_json(data["opinion"]))


def _made_with(side: Side) -> str:
    return heard_with(side.model, side.folder.content, rooms=ROOMS)
