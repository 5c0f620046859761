"""The sentences that are put to what is live and to a candidate: the safety suite, those that were saved, and those of patients."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.content.packs import ContentError, read_pack
from bot.evaluation.suite import SUITE, read_suite
from bot.languages import LANGUAGES, Language
from bot.release.heard import NOTICED, Sentence

# Where they are kept, as a name of a release's files. No room of the content reads it.
SAVED = "content/studio/sentences.yml"
EXPECTED = tuple(name for name in NOTICED if name != "red_flags")


def of_the_suite(folder: Path = SUITE) -> Iterator[Sentence]:
    """Yield the emergencies, crises and look-alikes. The suite is the program's: no change in the studio reaches it."""
    for case in read_suite(folder):
        yield Sentence(f"{case.id} {case.language}", case.text, case.language, case.kind, {})


def saved_in(content: Path) -> Iterator[Sentence]:
    """Yield the sentences that were saved in this folder of content. Raises ContentError that names the entry and the fix."""
    path = content / SAVED.partition("/")[2]
    if not path.is_file():
        return
    pack = read_pack(path)
    for name, entry in (pack.entries or {}).items():
        yield _saved(f"{path}: {name}", str(name), entry)


def saved_entry(
    text: str, language: Language, heard: Mapping[str, Any], *, expect: tuple[str, ...]
) -> tuple[str, dict[str, Any]]:
    """Return name and entry of a sentence in which what was `heard` has to be heard from now on, in the fields `expect`."""
    name = f"tried-{hashlib.sha256(f'{language} {text}'.encode()).hexdigest()[:12]}"
    return name, {"text": text, "language": language, "expect": {field: heard[field] for field in expect}}


def _saved(where: str, name: str, entry: Any) -> Sentence:
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or not isinstance(entry.get("expect"), dict):
        raise ContentError(f"{where} needs text, language and expect. Add them.")
    if entry.get("language") not in LANGUAGES:
        raise ContentError(f"{where}: the language is {entry.get('language')!r}. Use one of {', '.join(LANGUAGES)}.")
    unknown = sorted(set(entry["expect"]) - set(EXPECTED))
    if unknown or not entry["expect"]:
        raise ContentError(f"{where}: {', '.join(unknown) or 'nothing'} cannot be expected. Use {', '.join(EXPECTED)}.")
    return Sentence(f"saved {name}", entry["text"], entry["language"], "saved", entry["expect"])
