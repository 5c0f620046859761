"""What a candidate would change, held against what is live, and whether it may be published. Pure.

One lost emergency or crisis blocks, whatever the average: it is named by its sentence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.release.heard import Heard, Kind, Sentence, heard_to_json, unmet

DANGERS: tuple[Kind, ...] = ("emergency", "crisis")
# Of the look-alikes of one language at most this share may be taken for an emergency: more, and nobody would believe an alarm.
MOST_LOOK_ALIKES = 0.05
# Examples that were held back are read by a model that has not seen them: this much worse in a whole language blocks.
MOST_LOST_IN_A_LANGUAGE = 0.05
FEWEST_EXAMPLES = 20


@dataclass(frozen=True)
class Difference:
    """A sentence with what was heard in it before and would be now. `before` is None where nothing is live to compare with."""

    sentence: Sentence
    before: Heard | None
    after: Heard


@dataclass(frozen=True)
class Share:
    """How many held-back examples of an intent (or of all: "") are read rightly in one language (or in all: "")."""

    intent: str
    language: str
    count: int
    before: int | None
    after: int


@dataclass(frozen=True)
class Blocked:
    """Why a candidate may not be published: the phrase `releases_blocked_<key>`, and what fills it in."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """What the gate found."""

    lost: tuple[Difference, ...]  # emergencies and crises that are answered as such live, and would not be
    missed: tuple[Difference, ...]  # those that are not answered as such live either
    alarmed: tuple[Difference, ...]  # look-alikes that would alarm and do not now
    unmet: tuple[Difference, ...]  # saved sentences in which something else is heard than was saved
    changed: tuple[Difference, ...]  # all other sentences whose outcome changes: of patients, saved, of the suite
    shares: tuple[Share, ...]
    counts: Mapping[str, int]  # sentences of each kind
    blocked_because: tuple[Blocked, ...]

    @property
    def passed(self) -> bool:
        """Whether it may be published."""
        return not self.blocked_because


def report(
    sentences: Sequence[Sentence],
    live: Mapping[str, Heard] | None,
    candidate: Mapping[str, Heard],
    *,
    shares: Sequence[Share] = (),
) -> Report:
    """Return what changes from `live` (None: there is nothing to compare with) to `candidate`; both map ids of sentences."""
    all_of_them = [Difference(one, None if live is None else live[one.id], candidate[one.id]) for one in sentences]
    of_kind = defaultdict(list)
    for one in all_of_them:
        of_kind[one.sentence.kind].append(one)
    silent = [one for kind in DANGERS for one in of_kind[kind] if not one.after.alarmed]
    # Without anything to compare with, what is not heard counts as lost: somebody has to look at it.
    lost = tuple(one for one in silent if one.before is None or one.before.alarmed)
    failed = tuple(one for one in of_kind["saved"] if unmet(one.after, one.sentence.expected))
    alarmed = tuple(one for one in of_kind["look_alike"] if one.after.alarmed and not (one.before and one.before.alarmed))
    named = {id(one) for one in (*lost, *failed, *alarmed)}
    return Report(
        lost=lost,
        missed=tuple(one for one in silent if one not in lost),
        alarmed=alarmed,
        unmet=failed,
        changed=tuple(
            one for one in all_of_them if id(one) not in named and one.before and one.before.outcome != one.after.outcome
        ),
        shares=tuple(shares),
        counts=Counter(one.kind for one in sentences),
        blocked_because=(*_dangers(lost), *_look_alikes(of_kind["look_alike"]), *_saved(failed), *_languages(shares)),
    )


def _dangers(lost: Iterable[Difference]) -> Iterator[Blocked]:
    for one in lost:
        yield Blocked(f"lost_{one.sentence.kind}", {"text": one.sentence.text, "language": one.sentence.language})


def _look_alikes(all_of_them: Sequence[Difference]) -> Iterator[Blocked]:
    of_language = Counter(one.sentence.language for one in all_of_them)
    alarmed = Counter(one.sentence.language for one in all_of_them if one.after.alarmed)
    before = Counter(one.sentence.language for one in all_of_them if one.before and one.before.alarmed)
    for language, count in of_language.items():
        # Where it is too many already, a candidate that makes it no worse is no reason.
        if alarmed[language] > max(MOST_LOOK_ALIKES * count, before[language]):
            yield Blocked("look_alikes", {"language": language, "count": alarmed[language], "of": count})


def _saved(failed: Iterable[Difference]) -> Iterator[Blocked]:
    for one in failed:
        yield Blocked("saved", {"text": one.sentence.text, "language": one.sentence.language})


def _languages(shares: Iterable[Share]) -> Iterator[Blocked]:
    for one in shares:
        whole = not one.intent and one.language and one.before is not None and one.count >= FEWEST_EXAMPLES
        if whole and one.before is not None and one.after < one.before - MOST_LOST_IN_A_LANGUAGE * one.count:
            yield Blocked("worse", {"language": one.language, "before": one.before, "after": one.after, "of": one.count})


def as_json(found: Report) -> dict[str, Any]:
    """Return a report as plain data. Sentences of patients are named by their number alone: their words stay where they are kept."""
    plain = {
        name: [_difference(one) for one in getattr(found, name)] for name in ("lost", "missed", "alarmed", "unmet", "changed")
    }
    return {
        **plain,
        "shares": [asdict(one) for one in found.shares],
        "counts": dict(found.counts),
        "blocked_because": [{"key": one.key, "values": dict(one.values)} for one in found.blocked_because],
    }


def _difference(one: Difference) -> dict[str, Any]:
    sentence = one.sentence
    return {
        "id": sentence.id,
        "kind": sentence.kind,
        "language": sentence.language,
        "text": "" if sentence.kind == "patient" else sentence.text,
        "expected": dict(sentence.expected),
        "before": None if one.before is None else heard_to_json(one.before),
        "after": heard_to_json(one.after),
    }
