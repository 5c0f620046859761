"""Rules of the hospital that open a case after a guidance: by level, department, place, language, channel. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.content.packs import ContentError, Pack
from bot.languages import LANGUAGES, Language
from bot.messages import LEVELS, Level

_LINES = ("levels", "departments", "scenes", "languages", "channels")


@dataclass(frozen=True)
class Facts:
    """What a rule may ask about. `scene`: the id of the place whose poster led here, "" for none."""

    level: Level
    department: str
    scene: str
    language: Language
    channel: str


@dataclass(frozen=True)
class Rule:
    """One rule. An empty line always holds."""

    id: str
    names: Mapping[Language, str]
    levels: frozenset[str]
    departments: frozenset[str]
    scenes: frozenset[str]
    languages: frozenset[str]
    channels: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        """Return whether all lines hold."""
        asked = (
            (self.levels, facts.level),
            (self.departments, facts.department),
            (self.scenes, facts.scene),
            (self.languages, facts.language),
            (self.channels, facts.channel),
        )
        return all(not line or value in line for line, value in asked)


@dataclass(frozen=True)
class CaseRules:
    """All rules that are on, in the order of the pack."""

    rules: tuple[Rule, ...] = ()

    @property
    def ask_for_scene(self) -> bool:
        """Whether any rule asks for the place: only then it is looked up."""
        return any(rule.scenes for rule in self.rules)

    def first(self, facts: Facts) -> Rule | None:
        """Return the first rule that holds, or None."""
        return next((rule for rule in self.rules if rule.holds(facts)), None)


def rules_from_packs(packs: Iterable[Pack], *, departments: Iterable[str], scenes: Iterable[str]) -> CaseRules:
    """Return the rules in the pack `rules` of the room `handoff`, none without it. Raises ContentError that names rule and fix."""
    pack = next((pack for pack in packs if pack.pack == "rules"), None)
    if pack is None:
        return CaseRules()
    if not isinstance(pack.entries, dict):
        raise ContentError(f"{pack.path}: `entries:` holds one name with its lines below for each rule. Write at least one.")
    known = {"levels": LEVELS, "departments": tuple(departments), "scenes": tuple(scenes), "languages": LANGUAGES}
    return CaseRules(tuple(rule for key, entry in pack.entries.items() for rule in _rules(pack, str(key), entry, known)))


def _rules(pack: Pack, key: str, entry: Any, known: Mapping[str, tuple[str, ...]]) -> tuple[Rule, ...]:
    when = entry.get("when") if isinstance(entry, dict) else None
    if not isinstance(when, dict) or not when or set(when) - set(_LINES) or not isinstance(entry.get("active"), bool):
        raise ContentError(f"{pack.path}: rule {key} needs `active:` and `when:` with some of {', '.join(_LINES)}. Mend it.")
    names = entry.get("names")
    missing = [language for language in LANGUAGES if not (isinstance(names, dict) and names.get(language))]
    if missing:
        raise ContentError(f"{pack.path}: rule {key} has no name in {', '.join(missing)}. Write it by hand.")
    lines = {line: _line(pack, key, line, when.get(line, []), known.get(line)) for line in _LINES}
    return (Rule(key, names, **lines),) if entry["active"] else ()


def _line(pack: Pack, key: str, line: str, given: Any, known: tuple[str, ...] | None) -> frozenset[str]:
    values = given if isinstance(given, list) else [given]
    strange = [value for value in values if not isinstance(value, str) or (known is not None and value not in known)]
    if strange:
        raise ContentError(f"{pack.path}: rule {key} names {strange[0]!r} in `{line}`, which there is not. Mend or remove it.")
    return frozenset(values)
