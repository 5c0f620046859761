"""The texts that the second reader learns from: packs under content/second_reader, written for this project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.content.packs import ContentError, Pack, read_packs, read_yaml
from bot.knowledge.entries import Entries
from bot.languages import LANGUAGES, Language, detect

Kind = Literal["emergency", "crisis", "quiet", "routine"]
KINDS: tuple[Kind, ...] = ("emergency", "crisis", "quiet", "routine")
FOLDER = "second_reader"
# Intents whose examples may tell of an emergency.
OF_COMPLAINTS = frozenset({"report_symptom", "ask_department", "correct_information", "ask_diagnosis_or_drug", "express_worry"})


@dataclass(frozen=True)
class Text:
    """One example. `group` is the department behind it (emergency, routine) or a heading for the writer."""

    text: str
    language: Language
    kind: Kind
    group: str


def all_texts(root: Path, content: Path, knowledge: Entries) -> tuple[Text, ...]:
    """Return everything that a release is made from, each text once: those written for it, and ordinary messages."""
    written = read_texts(content)
    known = {one.text for one in written}
    return (*written, *(one for one in ordinary_texts(root / "data" / "nlu", knowledge) if one.text not in known))


def read_texts(content: Path) -> tuple[Text, ...]:
    """Return all texts of the packs. Raises ContentError that names the file and the fix."""
    texts = [text for pack in read_packs(content / FOLDER) for text in _texts(pack)]
    seen: dict[str, Text] = {}
    for one in texts:
        other = seen.setdefault(one.text, one)
        if other.kind != one.kind:
            raise ContentError(f"“{one.text}” stands in {other.kind} and in {one.kind}. Keep it in one of them.")
    return tuple(seen.values())


def ordinary_texts(nlu: Path, knowledge: Entries) -> tuple[Text, ...]:
    """Return what patients write who have no complaint: the examples of other intents, the wordings of the FAQ. All quiet.

    Without them "a nurse, please" is far from everything learned, and what is far may fall anywhere.
    """
    told = [(text, language) for language in LANGUAGES for text in _examples(nlu / language)]
    asked = [
        (text, language) for entry in knowledge.by_id.values() for language, texts in entry.questions.items() for text in texts
    ]
    outside = [(text, detect(text, None)) for text in knowledge.outside]
    return tuple(Text(text, language, "quiet", "ordinary") for text, language in dict.fromkeys((*told, *asked, *outside)))


def _examples(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.yml")):
        for block in read_yaml(path).get("nlu", ()):
            if block.get("intent") not in OF_COMPLAINTS:
                yield from (line.removeprefix("- ").strip() for line in block.get("examples", "").splitlines() if line.strip())


def _texts(pack: Pack) -> Iterator[Text]:
    language, kind = pack.path.parent.name, pack.path.stem
    if language not in LANGUAGES or kind not in KINDS:
        raise ContentError(f"{pack.path}: the place says neither language nor kind. Name it <language>/{'|'.join(KINDS)}.yml.")
    if not isinstance(pack.entries, dict):
        raise ContentError(f"{pack.path}: entries are lists of texts under headings. Put them under one.")
    for group, texts in pack.entries.items():
        yield from _group(pack, language, kind, str(group), texts)


def _group(pack: Pack, language: Language, kind: Kind, group: str, texts: Any) -> Iterator[Text]:
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise ContentError(f"{pack.path}: {group} must be a list of texts. Quote what YAML reads as something else.")
    for text in texts:
        yield Text(text.strip(), language, kind, group)
