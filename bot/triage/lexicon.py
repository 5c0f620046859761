"""The concepts of the lexicon packs and the automaton that finds their terms. Data comes in, nothing is read here."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick

from bot.content.packs import ContentError, Pack
from bot.languages import LANGUAGES, Language
from bot.triage.normalise import Normal, folded

KINDS = ("symptom", "sign", "event", "condition", "context", "request", "part")
_LATIN = re.compile(r"[a-z0-9äöüßéèà]")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_ARABIC_BEFORE = frozenset(
    {"", "و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "فال", "كال", "ول", "وب", "ه", "هال", "ع", "عال", "ا"}
)
_ARABIC_AFTER = frozenset(
    {"", "ي", "ه", "ها", "ك", "كم", "نا", "هم", "ا", "ين", "ات", "ان", "تي", "ته", "تها", "تك", "يه", "ني", "و", "وا", "ش", "يش"}
)
_LATIN_AFTER: dict[str, frozenset[str]] = {
    "en": frozenset({"", "s", "es", "'s", "y", "ing", "ed", "d"}),
    "de": frozenset({"", "e", "en", "n", "s", "er", "es", "em", "ern"}),
}
# "Zehn" is ten, no toes: a number that hides a part of the body would hide a time too ("ten years ago").
_NO_PLURAL = frozenset({"zehn"})
_Value = tuple[str, int, Language]  # a concept, the length of the term, its language


@dataclass(frozen=True)
class Concept:
    """One thing patients speak of. `near` finds it by two parts in one clause, such as arm + numb."""

    id: str
    kind: str
    labels: Mapping[Language, str]
    terms: Mapping[Language, tuple[str, ...]]
    near: tuple[tuple[str, str], ...] = ()
    implies: tuple[str, ...] = ()  # tearing chest pain is chest pain too
    source: str = ""


@dataclass(frozen=True)
class Hit:
    """A term in a text, by positions of the normalised text. `gap` lies between its two parts, where it was found by parts."""

    concept: str
    start: int
    end: int
    gap: tuple[int, int] | None = None


class Lexicon:
    """All concepts, compiled for matching."""

    def __init__(self, concepts: Mapping[str, Concept], version: str) -> None:
        self.concepts = concepts
        self.version = version
        self._near = _near_by_part(concepts.values())
        self._parts = frozenset(concept.id for concept in concepts.values() if concept.kind == "part")
        self._automaton = _compile(concepts.values())

    @classmethod
    def from_packs(cls, packs: Iterable[Pack]) -> Lexicon:
        """Return the lexicon of the packs named lexicon-…. Raises ContentError for duplicates and missing languages."""
        concepts: dict[str, Concept] = {}
        versions = []
        for pack in packs:
            versions.append(f"{pack.pack}@{pack.version}")
            for concept_id, entry in pack.entries.items():
                if concept_id in concepts:
                    raise ContentError(f"{pack.path}: {concept_id} stands in another lexicon file too. Put its terms together.")
                concepts[concept_id] = _concept(pack, concept_id, entry)
        for concept in concepts.values():
            for part in {part for pair in concept.near for part in pair} | set(concept.implies):
                if part not in concepts:
                    raise ContentError(f"{concept.id} names {part}, which is no concept. Add it or mend the spelling.")
        return cls(concepts, " ".join(versions))

    def find(self, normal: Normal, language: Language) -> list[Hit]:
        """Return the hits in `normal`, by position; of hits of one concept that overlap only the longest."""
        found: list[Hit] = []
        text = normal.text
        for last, terms in self._automaton.iter(text):
            for concept, length, of in terms:
                start = last + 1 - length
                if _counts(of, language) and _stands_alone(text, start, last + 1, of):
                    found.append(Hit(concept, start, last + 1))
        # A part such as "pain" or "chest" also counts inside a longer term: "severe pain in my chest".
        # Not a single Chinese character, though: the 尿 of 糖尿病 is no urine.
        whole = _longest([hit for hit in found if hit.concept not in self._parts])
        parts = [hit for hit in found if hit.concept in self._parts and not _is_inside_a_word(hit, whole, text)]
        return self._with_near([*whole, *parts], text)

    def _with_near(self, hits: list[Hit], text: str) -> list[Hit]:
        by_concept: dict[str, list[Hit]] = {}
        for hit in sorted(hits, key=lambda hit: hit.start):
            by_concept.setdefault(hit.concept, []).append(hit)
        # Only what the text holds is looked up: the time does not depend on how many concepts there are.
        found = {hit: None for hit in hits}
        for first in by_concept.keys() & self._near.keys():
            for second in by_concept.keys() & self._near[first].keys():
                for one, other in _pairs(by_concept[first], by_concept[second], text):
                    found.update((_joined(concept, one, other), None) for concept in self._near[first][second])
        return sorted(found, key=lambda hit: (hit.start, -hit.end, hit.concept))


def _near_by_part(concepts: Iterable[Concept]) -> dict[str, dict[str, list[str]]]:
    """Return by first and second part the concepts that the two together mean."""
    by_part: dict[str, dict[str, list[str]]] = {}
    for concept in concepts:
        for first, second in concept.near:
            by_part.setdefault(first, {}).setdefault(second, []).append(concept.id)
    return by_part


def _pairs(ones: Sequence[Hit], others: Sequence[Hit], text: str) -> Iterator[tuple[Hit, Hit]]:
    """Yield what belongs together: each of `ones` with the nearest of `others` on both sides, in its own clause if it can."""
    starts = [other.start for other in others]
    for one in ones:
        behind = bisect_left(starts, one.end)
        near = [other for other in (*_last_before(others, behind, one), *others[behind : behind + 1]) if _close(one, other, text)]
        same_clause = [other for other in near if not _COMMA.search(text, *_between(one, other))]
        for other in same_clause or near:
            yield one, other


def _last_before(others: Sequence[Hit], behind: int, one: Hit) -> Sequence[Hit]:
    return next(([other] for other in reversed(others[max(0, behind - 4) : behind]) if other.end <= one.start), [])


def _between(one: Hit, other: Hit) -> tuple[int, int]:
    return (one.end, other.start) if one.start <= other.start else (other.end, one.start)


def _joined(concept: str, one: Hit, other: Hit) -> Hit:
    first, second = (one, other) if one.start <= other.start else (other, one)
    return Hit(concept, first.start, second.end, (first.end, second.start))


def _concept(pack: Pack, concept_id: str, entry: Any) -> Concept:
    where = f"{pack.path}: {concept_id}"
    if not isinstance(entry, dict) or entry.get("kind") not in KINDS:
        raise ContentError(f"{where}: `kind` must be one of {', '.join(KINDS)}.")
    terms = {language: tuple(entry.get("terms", {}).get(language, ())) for language in LANGUAGES}
    labels = entry.get("labels", {})
    if entry["kind"] != "part":
        missing = [language for language in LANGUAGES if not labels.get(language)]
        if missing:
            raise ContentError(f"{where} has no label in {', '.join(missing)}. Write it by hand.")
    if not entry.get("near") and not all(terms.values()):
        missing = [language for language in LANGUAGES if not terms[language]]
        raise ContentError(f"{where} has no terms in {', '.join(missing)}. Add how patients say it.")
    near = tuple((str(pair[0]), str(pair[1])) for pair in entry.get("near", ()))
    return Concept(concept_id, entry["kind"], labels, terms, near, tuple(entry.get("implies", ())), str(entry.get("source", "")))


def _compile(concepts: Iterable[Concept]) -> Any:
    automaton = ahocorasick.Automaton()
    for text, values in _by_text(concepts).items():
        automaton.add_word(text, values)
    if len(automaton):
        automaton.make_automaton()
    return automaton


def _by_text(concepts: Iterable[Concept]) -> dict[str, tuple[_Value, ...]]:
    """Return by normalised term which concepts it means, its length, and of which language it is."""
    said = [(concept.id, language, term) for concept in concepts for language, terms in concept.terms.items() for term in terms]
    lines = folded(" ".join(str(term).split()) for _, _, term in said)
    # Most values are alike, and each process of an installation holds them: one object stands for all.
    shared: dict[Any, Any] = {}

    def one(value: Any) -> Any:
        return shared.setdefault(value, value)

    by_text: dict[str, tuple[_Value, ...]] = {}
    for (concept, language, _), text in zip(said, map(str.strip, lines), strict=True):
        if text:
            by_text[text] = one(tuple(sorted({*by_text.get(text, ()), one((concept, len(text), language))})))
    return by_text


def _counts(of: Language, language: Language) -> bool:
    # "Gift" is poison in German and a present in English: Latin words count in their own language, English everywhere else.
    if of in ("en", "de"):
        return of == language or (of == "en" and language != "de")
    return True


def _stands_alone(text: str, start: int, end: int, of: Language) -> bool:
    first, last = text[start], text[end - 1]
    if _LATIN.match(first) or _LATIN.match(last):
        if start > 0 and _LATIN.match(text[start - 1]):
            return False
        rest = _rest(text, end, _LATIN) if _LATIN.match(last) else ""
        return rest in _LATIN_AFTER.get(of, frozenset({""})) and text[start:end] + rest not in _NO_PLURAL
    if _ARABIC.match(first):
        before = start
        while before > 0 and _ARABIC.match(text[before - 1]):
            before -= 1
        return text[before:start] in _ARABIC_BEFORE and _rest(text, end, _ARABIC) in _ARABIC_AFTER
    return True


def _rest(text: str, end: int, letters: re.Pattern[str]) -> str:
    stop = end
    while stop < len(text) and (letters.match(text[stop]) or text[stop] == "'"):
        stop += 1
    return text[end:stop].rstrip("'")


def _longest(found: list[Hit]) -> list[Hit]:
    """Return the hits that lie in no longer hit, of one concept and place only one. One pass over the hits by position."""
    found.sort(key=lambda hit: (hit.start, -hit.end))
    kept: dict[Hit, None] = {}
    reach = (-1, -1)  # where the kept hit that reaches farthest starts and ends
    for hit in found:
        covered = hit.end < reach[1] or (hit.end == reach[1] and reach[0] < hit.start)
        if not covered:
            kept[hit] = None
            if hit.end > reach[1]:
                reach = (hit.start, hit.end)
    return list(kept)


# A comma parts Chinese clauses; in the others "my chest, it hurts" is one complaint.
def _is_inside_a_word(hit: Hit, whole: list[Hit], text: str) -> bool:
    if hit.end - hit.start > 1 or not _CHINESE.match(text[hit.start]):
        return False
    return any(one.start <= hit.start and hit.end <= one.end and one.concept not in _LOOSE for one in whole)


# Terms that only say how strong it is: the 疼 of 很疼 is still a pain of the place named before.
_LOOSE = frozenset({"pain_any", "unwell"})
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_FARTHEST = 32
_COMMA = re.compile("[,،、]")
_APART = re.compile(r"[。！？!?；;\n.]|\bbut\b|\baber\b|但|لكن")


def _close(one: Hit, other: Hit, text: str) -> bool:
    first, second = (one, other) if one.start <= other.start else (other, one)
    if first.end > second.start:
        return False
    between = text[first.end : second.start]
    if len(between) > _FARTHEST:
        return False
    chinese = bool(_CHINESE.match(text, first.end - 1) or _CHINESE.match(text, second.start))
    if chinese and (len(between) > 8 or "," in between or "、" in between):
        return False
    return not _APART.search(between)
