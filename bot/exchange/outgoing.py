"""What leaves: examples and texts in the formats that spreadsheets, Rasa and translators' tools read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.exchange import incoming_examples, incoming_texts, po, rasa_yaml, sheets, xliff
from bot.exchange.reading import Scope, read_examples, read_units
from bot.exchange.units import Example, Unit
from bot.languages import Language
from bot.release.folders import Folder

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "yaml": "application/yaml; charset=utf-8",
    "xliff": "application/xliff+xml; charset=utf-8",
    "po": "text/x-gettext-translation; charset=utf-8",
}
OF_EXAMPLES, OF_TEXTS = ("xlsx", "csv", "yaml"), ("xlsx", "csv", "xliff", "po")


@dataclass(frozen=True)
class Pair:
    """From which language into which somebody translates."""

    source: Language
    target: Language


def examples(folder: Folder, form: str, language: Language | None) -> bytes:
    """Return the examples of a language, or of all but in YAML, which holds one."""
    found = [one for one in read_examples(folder) if language in (None, one.language)]
    return rasa_yaml.write(found) if form == "yaml" else _table(form, found)


def texts(folder: Folder, form: str, scope: Scope, pair: Pair) -> bytes:
    """Return the texts of a scope: in all languages as a table, or as what a translator works on."""
    found = read_units(folder, scope)
    if form == "xliff":
        return xliff.write(found, source=pair.source, target=pair.target)
    return po.write(found, source=pair.source, target=pair.target) if form == "po" else _text_table(form, found)


def _table(form: str, found: Sequence[Example]) -> bytes:
    rows = [(one.intent, one.language, one.text) for one in found]
    if form == "csv":
        return sheets.write_csv(incoming_examples.COLUMNS, rows)
    return sheets.write_xlsx(incoming_examples.COLUMNS, rows, title="examples")


def _text_table(form: str, found: Sequence[Unit]) -> bytes:
    rows = list(incoming_texts.rows_of(found))
    if form == "csv":
        return sheets.write_csv(incoming_texts.HEAD, rows)
    return sheets.write_xlsx(incoming_texts.HEAD, rows, title="texts")
