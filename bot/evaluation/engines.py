"""What is measured, built when it is first asked for: the rules, the second reader, the trained model, the FAQ search."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from bot.content.packs import read_packs
from bot.knowledge.encoder import Remembering, best_encoder
from bot.knowledge.entries import Entries
from bot.knowledge.search import Index
from bot.second_reader.model import ReaderProblem, SecondReader, load_second_reader
from bot.settings import Settings
from bot.triage.guide import guide_line
from bot.triage.tables import Tables, tables_from_packs


class Engines:
    """The parts of the assistant that a set may ask. `rules_only` leaves the second reader out."""

    def __init__(self, settings: Settings, *, rules_only: bool = False) -> None:
        self._settings, self.rules_only = settings, rules_only

    @cached_property
    def tables(self) -> Tables:
        """The clinical tables."""
        content = self._settings.content_dir
        return tables_from_packs(read_packs(content / "hospital") + read_packs(content / "triage"))

    @cached_property
    def encoder(self) -> Remembering:
        """The encoder of sentences."""
        return best_encoder()

    @cached_property
    def second_reader(self) -> SecondReader | None:
        """The second reader, or None when it is left out or does not load."""
        if self.rules_only:
            return None
        try:
            return load_second_reader(self.encoder)
        except ReaderProblem:
            return None

    @cached_property
    def knowledge(self) -> Index:
        """The FAQ search."""
        entries = Entries.from_packs(read_packs(self._settings.content_dir / "knowledge"))
        return Index(entries, encoder=self.encoder, cache_dir=self._settings.kept_dir)

    @cached_property
    def understanding(self) -> Any:
        """The trained Rasa model. Raises TrainingFailed when there is none."""
        from bot.nlu.understanding import load_understanding

        return load_understanding(self._settings.models_dir)

    def guide(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return what `daozhen guide` says to a record."""
        return guide_line(record, tables=self.tables, second_reader=self.second_reader)
