"""All example sentences as they stand on disk, and with a draft on top: looked up at once, also with a hundred thousand."""

from __future__ import annotations

import gc
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from statistics import median

from bot.content.packs import read_yaml
from bot.languages import LANGUAGES, Language
from bot.nlu.examples import NEVER_READ
from bot.release.folders import Folder
from bot.training.operations import AddExample, MoveExample, Operation, RemoveExample
from bot.training.places import NLU

MANY = 10_000
_ANNOTATED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


# Without a dictionary in each: a hundred thousand of them are walked through whenever the process looks for garbage.
@dataclass(frozen=True, slots=True)
class Example:
    """One sentence. `same`: what makes two of them the same; `draft`: "added" or "removed" by the draft on top."""

    text: str
    intent: str
    language: Language
    file: str
    same: str
    draft: str = ""


@dataclass(frozen=True)
class Index:
    """The sentences of some state of the files, by intent and language."""

    by_group: Mapping[tuple[str, Language], tuple[Example, ...]]
    intents_of: Mapping[str, tuple[str, ...]]  # the intents in each file
    # What it was laid over, and the groups that are not as there: the others are looked up there, where all is sorted already.
    base: Index | None = None
    touched: frozenset[tuple[str, Language]] = frozenset()

    @cached_property
    def by_same(self) -> dict[str, Example | list[Example]]:
        """The sentences by what makes them the same; only where there are several, in a list."""
        found: dict[str, Example | list[Example]] = {}
        for one in (each for group in self.by_group.values() for each in group):
            known = found.setdefault(one.same, one)
            if isinstance(known, list):
                known.append(one)
            elif known is not one:
                found[one.same] = [known, one]
        return found

    @cached_property
    def counts(self) -> dict[Language, Counter[str]]:
        """How many sentences each intent has in each language."""
        counted: dict[Language, Counter[str]] = {language: Counter() for language in LANGUAGES}
        for (intent, language), group in self.by_group.items():
            counted[language][intent] = len(group)
        return counted

    @cached_property
    def usual(self) -> dict[Language, float]:
        """How many sentences an intent usually has in each language: half of them have more."""
        return {language: median(counts.values()) if counts else 0 for language, counts in self.counts.items()}

    @cached_property
    def intents(self) -> tuple[str, ...]:
        """The intents that have sentences, but for the one that no text is ever read as."""
        return tuple(dict.fromkeys(intent for intent, _ in self.by_group if intent != NEVER_READ))

    @cached_property
    def of_language(self) -> dict[Language, tuple[list[str], list[Example]]]:
        """Of each language what makes its sentences the same, and the sentences, side by side."""
        found: dict[Language, tuple[list[str], list[Example]]] = {language: ([], []) for language in LANGUAGES}
        for (_, language), group in self.by_group.items():
            keys, sentences = found[language]
            keys += [one.same for one in group]
            sentences += group
        return found

    def same_as(self, text: str) -> Sequence[Example]:
        """Return the sentences that say the same but for capitals, blanks and points, in any language and intent."""
        if self.base is None:
            known = self.by_same.get(same(text), [])
            return known if isinstance(known, list) else [known]
        wanted = same(text)
        return [*self._untouched(self.base.same_as(text)), *(one for one in self._touched() if one.same == wanted)]

    def near(self, text: str, language: Language, *, least: float, limit: int = 5) -> list[Example]:
        """Return sentences of a language that are at least so alike (0 to 100), the most alike first."""
        from rapidfuzz import fuzz, process

        if self.base is not None:
            mine = [one for one in self._touched() if one.language == language]
            close = [one for one in mine if fuzz.ratio(same(text), one.same) >= least]
            return [*close, *self._untouched(self.base.near(text, language, least=least, limit=limit))][:limit]
        keys, sentences = self.of_language[language]
        found = process.extract(same(text), keys, scorer=fuzz.ratio, score_cutoff=least, limit=limit)
        return [sentences[place] for _, _, place in found]

    def find(self, asked: str, *, language: Language | None = None, limit: int = 100) -> list[Example]:
        """Return sentences in which `asked` stands, in the order of the files; those of a draft first."""
        wanted = same(asked)
        if self.base is not None:
            mine = [one for one in self._touched() if wanted in one.same and language in (None, one.language)]
            return [*mine, *self._untouched(self.base.find(asked, language=language, limit=limit))][:limit]
        found: list[Example] = []
        for one in (language,) if language else LANGUAGES:
            keys, sentences = self.of_language[one]
            found += [sentences[place] for place, key in enumerate(keys) if wanted in key]
            if len(found) >= limit:
                break
        return found[:limit]

    def _touched(self) -> Iterable[Example]:
        return (one for key in self.touched for one in self.by_group.get(key, ()))

    def _untouched(self, found: Iterable[Example]) -> Iterable[Example]:
        return (one for one in found if (one.intent, one.language) not in self.touched)


def same(text: str) -> str:
    """Return what makes two sentences the same: no capitals, marks, points, or second blanks."""
    plain = unicodedata.normalize("NFKC", _ANNOTATED.sub(r"\1", text) if "[" in text else text).casefold()
    return _BETWEEN_WORDS.sub(" ", plain).strip()


@dataclass
class ExampleSource:
    """The index of the files in `folder`: only files that were written since are read again. For any thread, one at a time."""

    folder: Folder
    _files: dict[str, tuple[tuple[int, int], tuple[Example, ...]]] = field(default_factory=dict)
    _index: Index | None = None
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Index:
        """Return the index as the files stand now. Raises ContentError for one that is no YAML."""
        with self._one_at_a_time:
            return self._current()

    def _current(self) -> Index:
        nlu = self.folder.path(NLU)
        stamps = {}
        for path in sorted(nlu.rglob("*.y*ml")):
            about = path.stat()
            stamps[f"{NLU}/{path.relative_to(nlu).as_posix()}"] = (about.st_mtime_ns, about.st_size)
        if self._index is None or stamps != {name: stamp for name, (stamp, _) in self._files.items()}:
            self._files = {name: self._read(name, stamp) for name, stamp in stamps.items()}
            self._index = index_of(one for _, some in self._files.values() for one in some)
            _leave_alone(self._index)
        return self._index

    def _read(self, name: str, stamp: tuple[int, int]) -> tuple[tuple[int, int], tuple[Example, ...]]:
        known = self._files.get(name)
        if known is not None and known[0] == stamp:
            return known
        return stamp, tuple(_examples(self.folder, name))


@cache
def shared_source(folder: Folder) -> ExampleSource:
    """Return the source of a folder that all of this process use: each of its own would hold all sentences once more."""
    return ExampleSource(folder)


def _leave_alone(index: Index) -> None:
    """Sort a large index, and keep the search for garbage from walking through it: each would hold everybody up for a tenth of a second."""
    if sum(len(group) for group in index.by_group.values()) < MANY:
        return
    _ = index.by_same, index.of_language, index.counts
    gc.collect()
    gc.freeze()


def index_of(examples: Iterable[Example]) -> Index:
    """Return the index of some sentences."""
    groups: dict[tuple[str, Language], list[Example]] = {}
    files: dict[str, dict[str, None]] = {}
    for one in examples:
        groups.setdefault((one.intent, one.language), []).append(one)
        files.setdefault(one.file, {})[one.intent] = None
    return Index({key: tuple(group) for key, group in groups.items()}, {file: tuple(some) for file, some in files.items()})


def with_draft(index: Index, operations: Iterable[Operation]) -> Index:
    """Return the index as it will be: what a draft adds and takes away is marked, and what goes counts as there until it is live."""
    groups, files = dict(index.by_group), dict(index.intents_of)
    touched: set[tuple[str, Language]] = set()
    for one in operations:
        if isinstance(one, RemoveExample | MoveExample):
            key = (one.intent, one.language)
            touched.add(key)
            groups[key] = tuple(replace(each, draft="removed") if each.text == one.text else each for each in groups.get(key, ()))
        if isinstance(one, AddExample | MoveExample):
            intent, file = (one.intent, one.at_file) if isinstance(one, AddExample) else (one.to, one.to_file or one.at_file)
            key = (intent, one.language)
            touched.add(key)
            groups[key] = (*groups.get(key, ()), Example(one.text, intent, one.language, file, same(one.text), "added"))
            files[file] = tuple(dict.fromkeys((*files.get(file, ()), intent)))
    return Index(groups, files, index, frozenset(touched))


def _examples(folder: Folder, name: str) -> Iterable[Example]:
    language = next((one for one in LANGUAGES if name.startswith(f"{NLU}/{one}/")), None)
    if language is None:
        return
    for block in (read_yaml(folder.path(name)) or {}).get("nlu") or ():
        intent, lines = block.get("intent"), block.get("examples")
        if not intent or not isinstance(lines, str):
            continue
        for line in lines.splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                yield Example(text, str(intent), language, name, same(text))
