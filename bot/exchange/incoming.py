"""A file that somebody brings: what it is, by what is in it, and what it would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.exchange import incoming_examples, incoming_texts, po, rasa_yaml, sheets, xliff
from bot.exchange.plan import Plan
from bot.exchange.problems import ExchangeProblem
from bot.exchange.reading import read_examples, read_units
from bot.languages import Language
from bot.release.folders import Folder

LARGEST_FILE = 32 * 1024 * 1024


@dataclass(frozen=True)
class Bringing:
    """What is said beside the file. `whole`: it holds all examples of its intents; `language`: of a file that does not say it."""

    whole: bool = False
    language: Language | None = None


@dataclass(frozen=True)
class Incoming:
    """`format`: what the file was taken for."""

    format: str
    plan: Plan


def incoming(file: bytes, bringing: Bringing, folder: Folder) -> Incoming:
    """Return what a file would change in the files as they are now. Raises ExchangeProblem. Takes a second or two."""
    if len(file) > LARGEST_FILE:
        raise ExchangeProblem("large", "The file is too large.", limit=LARGEST_FILE // 2**20)
    name = format_of(file)
    return Incoming(name, _READ[name](file, bringing, folder))


def format_of(file: bytes) -> str:
    """Return xlsx, xliff, po, yaml or csv."""
    start = file[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith(b"<"):
        return "xliff"
    if start.startswith((b"msgid", b"msgctxt")) or b"\nmsgid " in start or b"\nmsgctxt " in start:
        return "po"
    return "yaml" if start.startswith((b"version:", b"nlu:")) or b"\nnlu:" in start else "csv"


def _sheet(file: bytes, bringing: Bringing, folder: Folder) -> Plan:
    sheet = sheets.read_sheet(file)
    if "intent" not in sheet.head:
        return incoming_texts.plan_of_sheet(read_units(folder), sheet)
    return incoming_examples.plan(read_examples(folder), incoming_examples.from_sheet(sheet), whole=bringing.whole)


def _yaml(file: bytes, bringing: Bringing, folder: Folder) -> Plan:
    if bringing.language is None:
        raise ExchangeProblem("which_language", "Say in which language the examples are: it does not stand in the file.")
    found = rasa_yaml.read(file, bringing.language)
    rows = [(one.intent, one.language, " ".join(one.text.split())) for one in found]
    return incoming_examples.plan(read_examples(folder), rows, whole=bringing.whole)


def _xliff(file: bytes, _: Bringing, folder: Folder) -> Plan:
    return incoming_texts.plan_of_translations(read_units(folder), xliff.read(file))


def _po(file: bytes, _: Bringing, folder: Folder) -> Plan:
    return incoming_texts.plan_of_translations(read_units(folder), po.read(file))


_READ: dict[str, Callable[[bytes, Bringing, Folder], Plan]] = {
    "xlsx": _sheet,
    "csv": _sheet,
    "yaml": _yaml,
    "xliff": _xliff,
    "po": _po,
}
