"""What is learned from a label: an example sentence, a wording of an FAQ question, words for a sign of the lexicon. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.languages import Language
from bot.training.checks import check_example
from bot.training.index import Index, same
from bot.training.operations import AddExample, Operation, SetEntry
from bot.training.places import placed
from bot.training.rows import Kind
from bot.utterances import problems
from bot.utterances.kinds import FAQ, Utterance

_MASK = re.compile(r"\[[^\]]*\]|…")
# What need not stop a label: the sentence is known already, so there is nothing to add.
_KNOWN = "duplicate"
# A place beyond the end of every list: a new wording goes to its end.
_END = 100_000


@dataclass(frozen=True)
class Files:
    """Where things stand. `entries`: file of each entry of the FAQ; `asked`: entry of each wording, as `same` folds it;
    `concepts`: file of each sign; `terms`: the words that a sign has, by its id and language, folded."""

    index: Index
    entries: Mapping[str, str]
    asked: Mapping[str, str]
    concepts: Mapping[str, str]
    terms: Mapping[tuple[str, Language], frozenset[str]]


@dataclass(frozen=True)
class Lesson:
    """One operation, and the kind of change that it belongs to."""

    kind: Kind
    operation: Operation


def sentence_of(text: str) -> str:
    """Return the sentence to learn from: without what stands for personal data."""
    return " ".join(_MASK.sub(" ", text).split())


def lessons(found: Utterance, files: Files) -> Iterator[Lesson]:
    """Yield what follows from a label; nothing of what is known already. Raises UtteranceProblem for what must not be learned."""
    text = sentence_of(found.text)
    if found.intent.startswith(FAQ):
        yield from _wording(found.intent.removeprefix(FAQ), found.language, text, files)
    else:
        yield from _example(found, text, files)
    yield from _terms(found, files)


def _wording(entry: str, language: Language, text: str, files: Files) -> Iterator[Lesson]:
    file, owner = files.entries.get(entry), files.asked.get(same(text))
    if file is None:
        raise problems.not_a_label(f"{FAQ}{entry}")
    if owner is not None and owner != entry:
        raise problems.not_learned(text, "same_text_other_intent")
    if owner is None:
        yield Lesson("faq", SetEntry(file, ("entries", entry, "questions", language, _END), None, text))


def _example(found: Utterance, text: str, files: Files) -> Iterator[Lesson]:
    if found.intent not in files.index.intents:
        raise problems.not_a_label(found.intent)
    wrong = [one.key for one in check_example(text, found.intent, found.language, files.index) if one.kind == "wrong"]
    if wrong and wrong != [_KNOWN]:
        raise problems.not_learned(text, next(one for one in wrong if one != _KNOWN))
    if not wrong:
        yield Lesson("training", placed(AddExample(found.intent, found.language, text), files.index.intents_of))


def _terms(found: Utterance, files: Files) -> Iterator[Lesson]:
    """Words that a sign is said with. They decide about urgency: somebody clinical reviews them, whoever approved the label."""
    for mark in found.marks:
        term, file = found.text[mark.start : mark.end].strip(), files.concepts.get(mark.concept)
        if file and term and same(term) not in files.terms.get((mark.concept, found.language), frozenset()):
            path = ("entries", mark.concept, "terms", found.language, _END)
            yield Lesson("clinical", SetEntry(file, path, None, term))
