"""The texts that the assistant says, side by side in five languages: where each stands, and what is wrong with a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from bot.content.language_check import language_problem
from bot.content.packs import read_yaml
from bot.languages import LANGUAGES, Language
from bot.outbox.output_filter import forbidden_in
from bot.release.folders import Folder
from bot.training.checks import Finding
from bot.training.operations import Path, SetText

RESPONSES, PHRASES = "domain/responses", "content/phrases"
LONGEST = 3000
_SLOTS = re.compile(r"\{(\w+)\}")


# What the staff reads on its own pages: it comes to no patient, and no disclaimer stands below.
_OF_STAFF = tuple(f"{PHRASES}/{name}" for name in ("desk", "staff", "studio/", "telegram_desk", "paging", "summary"))


def is_for_patients(file: str) -> bool:
    """Whether the texts of a file are said to patients."""
    return not file.startswith(_OF_STAFF)


@dataclass(frozen=True)
class Text:
    """One thing that is said. `places`: where it stands in each language; `defaults`: where it is repeated for an unknown one;
    `buttons`: the labels of its buttons."""

    file: str
    key: str
    texts: Mapping[Language, str]
    places: Mapping[Language, Path]
    defaults: tuple[tuple[Path, str], ...] = ()
    buttons: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What the page calls it."""
        return f"{self.file}:{self.key}"

    @property
    def slots(self) -> frozenset[str]:
        """The names of its placeholders."""
        return frozenset(slot for text in self.texts.values() for slot in slots_of(text))

    def becoming(self, new: Mapping[Language, str]) -> list[SetText]:
        """Return what has to be done for the texts to be `new`; a default that repeats one of them follows it."""
        found = []
        for language, text in new.items():
            before = self.texts.get(language)
            if text != before and language in self.places:
                found.append(SetText(self.file, self.places[language], before, text))
                found += [SetText(self.file, place, was, text) for place, was in self.defaults if was == before]
        return found


def slots_of(text: str) -> frozenset[str]:
    """Return the names of the placeholders in a text; of a broken one those that can be read."""
    return frozenset(_SLOTS.findall(text))


def check_text(text: str, language: Language, slots: frozenset[str]) -> tuple[Finding, ...]:
    """Return what there is to say about a text, what is wrong first. `slots`: the placeholders it has to have."""
    if not text.strip():
        return (Finding("wrong", "empty"),)
    found = list(_problems(text, language))
    for name in sorted(slots - slots_of(text)):
        found.append(Finding("wrong", "slot_missing", {"slot": name}))
    for name in sorted(slots_of(text) - slots):
        found.append(Finding("wrong", "slot_unknown", {"slot": name}))
    return tuple(found)


def _problems(text: str, language: Language) -> Iterator[Finding]:
    if len(text) > LONGEST:
        yield Finding("wrong", "long", {"most": str(LONGEST)})
    if not _is_fillable(text):
        yield Finding("wrong", "slot_broken")
    words = _SLOTS.sub("", text)
    if any(letter.isalpha() for letter in words) and language_problem(text, language):
        yield Finding("wrong", "script")
    for word in forbidden_in(text, language):
        yield Finding("wrong", "forbidden", {"text": word})
    if "\n\n" in text.strip():
        yield Finding("wrong", "blank_line")


def _is_fillable(text: str) -> bool:
    try:
        return all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(text))
    except ValueError:
        return False


@dataclass
class TextSource:
    """The texts of the files in `folder`: only files that were written since are read again."""

    folder: Folder
    _known: dict[str, tuple[tuple[int, int], tuple[Text, ...]]] = field(default_factory=dict)

    def current(self) -> dict[str, Text]:
        """Return all texts by their id, as the files stand now."""
        found = {}
        for name in self._names():
            about = self.folder.path(name).stat()
            stamp = (about.st_mtime_ns, about.st_size)
            known = self._known.get(name)
            if known is None or known[0] != stamp:
                known = self._known[name] = (stamp, tuple(texts_in(name, read_yaml(self.folder.path(name)))))
            found.update({one.id: one for one in known[1]})
        return found

    def _names(self) -> Iterable[str]:
        for part in (RESPONSES, PHRASES):
            root = self.folder.path(part)
            yield from (f"{part}/{path.relative_to(root).as_posix()}" for path in sorted(root.rglob("*.yml")))


def texts_in(file: str, said: Any) -> Iterator[Text]:
    """Yield the texts of one file that says `said`."""
    if file.startswith(RESPONSES):
        for key, variations in ((said or {}).get("responses") or {}).items():
            yield _response(file, str(key), variations)
    else:
        for key, by_language in ((said or {}).get("entries") or {}).items():
            texts = {language: str(by_language[language]) for language in LANGUAGES if by_language.get(language)}
            yield Text(file, str(key), texts, {language: ("entries", key, language) for language in LANGUAGES})


def _response(file: str, key: str, variations: list[dict[str, Any]]) -> Text:
    texts: dict[Language, str] = {}
    places: dict[Language, Path] = {}
    buttons: dict[Language, tuple[str, ...]] = {}
    defaults = []
    for at, one in enumerate(variations):
        place: Path = ("responses", key, at, "text")
        wanted = {each.get("value") for each in one.get("condition", ()) if each.get("name") == "language"}
        language = next((each for each in LANGUAGES if each in wanted), None)
        if language is None:
            defaults.append((place, one.get("text", "")))
        elif language not in texts:
            texts[language], places[language] = one.get("text", ""), place
            buttons[language] = tuple(str(each.get("title", "")) for each in one.get("buttons") or ())
    return Text(file, key, texts, places, tuple(defaults), buttons)
