"""Which sentences would be answered otherwise after an edit of the clinical tables: before anything is kept.

By the rules alone, and where model and second reader were asked about a sentence as well, as its patient would be answered: no edit
of the tables changes what those two say. The gate asks again with the whole program before anything goes live.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from bot.messages import Level
from bot.release.gate import DANGERS
from bot.release.heard import ALARMS, Sentence
from bot.release.listening import Listened
from bot.triage import episode as episodes
from bot.triage.assess import assess
from bot.triage.facts import Facts, facts_of
from bot.triage.lexicon import Lexicon
from bot.triage.opinions import with_opinions
from bot.triage.routing import existing
from bot.triage.safety import check
from bot.triage.tables import RedFlagRule, Tables
from bot.triage.types import Episode

# Sentences that are kept in memory once they were read: the suite has 3,600, patients add some hundreds.
MOST_KEPT = 6000
# After each sentence that is read the others of this process have their turn: a patient does not wait for a preview.
PAUSE_S = 0.001
# Parts of the tables whose edits are followed to the sentences that they touch, or that decide nothing about a first sentence.
_FOLLOWED = ("lexicon", "red_flags", "routes", "departments", "questions", "hotlines", "version")
_ELSEWHERE = tuple(one.name for one in fields(Tables) if one.name not in _FOLLOWED)


@dataclass(frozen=True)
class Outcome:
    """What becomes of a sentence. `department`: the first, "" for none; `alarmed`: the emergency or crisis answer is given."""

    level: Level
    crisis: bool
    department: str
    alarmed: bool


@dataclass(frozen=True)
class Effect:
    """A sentence whose outcome changes."""

    sentence: Sentence
    before: Outcome
    after: Outcome

    @property
    def is_lost(self) -> bool:
        """Whether an emergency or a crisis would not be answered as one any more."""
        return self.sentence.kind in DANGERS and self.before.alarmed and not self.after.alarmed

    @property
    def is_alarm(self) -> bool:
        """Whether what only looks like an emergency would be answered as one."""
        return self.sentence.kind == "look_alike" and self.after.alarmed and not self.before.alarmed


@dataclass(frozen=True)
class Impact:
    """What changes, lost emergencies first. `asked`: how many sentences were looked through; `by_both`: how many of them were asked of
    rules, model and second reader, the others of the rules alone; `milliseconds`: how long it took."""

    effects: tuple[Effect, ...]
    asked: int
    by_both: int
    milliseconds: int


@dataclass(frozen=True)
class _Known:
    """A sentence that was read, and what is known by it. `also`: what model and second reader make of it, None: they were not asked."""

    episode: Episode
    facts: Facts
    also: Listened | None = None

    def heard(self, also: Listened | None) -> _Known:
        """Return the sentence as it is known with what model and second reader make of it."""
        if also is None or also.opinion is None:
            return replace(self, also=also)
        readings = tuple(replace(one, opinion=also.opinion) for one in self.episode.readings)
        return _Known(replace(self.episode, readings=readings), with_opinions(self.facts, (also.opinion,)), also)


@dataclass(frozen=True)
class Edited:
    """What differs between two tables. `routes`: their concepts; `rules`: red flags as they were and as they would be;
    `elsewhere`: something that any sentence may depend on."""

    routes: frozenset[str]
    rules: tuple[RedFlagRule, ...]
    elsewhere: bool

    def touches(self, facts: Facts) -> bool:
        """Whether a sentence may be answered otherwise."""
        if self.elsewhere or not self.routes.isdisjoint(facts.findings):
            return True
        holds = facts.remembering()
        return any(rule.when.holds(holds) for rule in self.rules)


@dataclass
class Rehearsal:
    """Sentences as they were read, and what the live rules make of them: neither changes while rules are edited."""

    pause_s: float = PAUSE_S
    _lexicon: Lexicon | None = None
    _known: OrderedDict[str, _Known] = field(default_factory=OrderedDict)
    _live: Tables | None = None
    _rules: Tables | None = None
    _outcomes: dict[str, tuple[_Known, Outcome]] = field(default_factory=dict)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def prepare(
        self,
        live: Tables,
        sentences: Iterable[Sentence],
        *,
        stop: threading.Event,
        listened: Mapping[str, Listened] | None = None,
    ) -> None:
        """Read what was not read yet, some milliseconds for each sentence, until `stop` is set."""
        also = listened or {}
        with self._one_at_a_time:
            self._begin(live)
            for one in sentences:
                if stop.is_set():
                    return
                self._read(one, live, also.get(one.key))

    def unread(self, live: Tables, sentences: Iterable[Sentence]) -> int:
        """Return how many sentences would have to be read first."""
        known = self._outcomes if self._live is live else {}
        return sum(one.key not in known for one in sentences)

    def impact(
        self, live: Tables, candidate: Tables, sentences: Sequence[Sentence], *, listened: Mapping[str, Listened] | None = None
    ) -> Impact:
        """Return what changes from `live` to `candidate`, which reads words as `live` does.

        `listened`: what model and second reader make of sentences, by their keys.
        """
        began, also = time.monotonic(), listened or {}
        with self._one_at_a_time:
            self._begin(live)
            pair = _Pair(live, candidate, edited(live, candidate), all_existing(candidate))
            effects = [found for one in sentences if (found := self._effect(one, also.get(one.key), pair)) is not None]
        effects.sort(key=lambda one: (not one.is_lost, not one.is_alarm, one.sentence.kind not in DANGERS))
        by_both = sum(one.key in also for one in sentences)
        return Impact(tuple(effects), len(sentences), by_both, round((time.monotonic() - began) * 1000))

    def _begin(self, live: Tables) -> None:
        if not self._reads_like(live):
            self._known.clear()
        self._lexicon = live.lexicon
        if self._live is not live:
            self._outcomes.clear()
            self._rules = all_existing(live)
        self._live = live

    def _reads_like(self, live: Tables) -> bool:
        # A content that was loaded anew has the same words most of the time: they are compared, not compiled.
        known = self._lexicon
        return known is live.lexicon or (known is not None and known.concepts == live.lexicon.concepts)

    def _effect(self, one: Sentence, also: Listened | None, pair: _Pair) -> Effect | None:
        known, said = self._read(one, pair.live, also)
        changed = outcome(known.episode, pair.rules, also=also, text=one.text) if pair.edits.touches(known.facts) else said
        before, after = in_hospital(said, pair.live), in_hospital(changed, pair.candidate)
        return None if before == after else Effect(one, before, after)

    def _read(self, one: Sentence, live: Tables, also: Listened | None) -> tuple[_Known, Outcome]:
        """Return what is known of a sentence, and what becomes of it as things are."""
        known = self._by_rules(one, live)
        there = self._outcomes.get(one.key)
        if there is None or there[0].also != also:
            known = known.heard(also)
            there = self._outcomes[one.key] = (known, outcome(known.episode, self._rules or live, also=also, text=one.text))
        return there

    def _by_rules(self, one: Sentence, live: Tables) -> _Known:
        known = self._known.get(one.key)
        if known is None:
            heard = episodes.hear(episodes.begin(one.language, live.home_region), one.text, tables=live)
            facts = facts_of(heard.readings, answers={}, child_until=live.child_until)
            known = self._known[one.key] = _Known(heard, replace(facts, patient=heard.patient))
            if len(self._known) > MOST_KEPT:
                gone, _ = self._known.popitem(last=False)
                self._outcomes.pop(gone, None)
            if self.pause_s:
                time.sleep(self.pause_s)
        return known


@dataclass(frozen=True)
class _Pair:
    """The two that are compared. `rules`: those of the candidate, in a hospital that has every department."""

    live: Tables
    candidate: Tables
    edits: Edited
    rules: Tables


def edited(live: Tables, candidate: Tables) -> Edited:
    """Return what differs between two tables that read words alike."""
    names = live.routes.keys() | candidate.routes.keys()
    routes = frozenset(name for name in names if live.routes.get(name) != candidate.routes.get(name))
    elsewhere = any(getattr(live, name) != getattr(candidate, name) for name in _ELSEWHERE)
    return Edited(routes, tuple(_changed_rules(live.red_flags, candidate.red_flags)), elsewhere)


def all_existing(tables: Tables) -> Tables:
    """Return the tables of a hospital that has every department: who sees patients instead is asked last, and apart."""
    everything = {name: replace(one, exists=True) for name, one in tables.departments.items()}
    return replace(tables, departments=everything, version=f"{tables.version} whole")


def in_hospital(said: Outcome, tables: Tables) -> Outcome:
    """Return an outcome with the department that sees these patients here."""
    return replace(said, department=existing(said.department, tables)) if said.department else said


def outcome(episode: Episode, tables: Tables, *, also: Listened | None = None, text: str = "") -> Outcome:
    """Return what becomes of what was said: by the rules alone, or with what model and second reader make of the `text`."""
    said = assess(episode, tables=tables)
    shown = said.departments if said.level != "INFO" or said.findings else ()
    alarmed = said.crisis or said.level in ALARMS
    if alarmed and also is not None and not also.guided:
        # The dialogue goes elsewhere: then only what the safety net hears is answered as an emergency.
        alarmed = check(text, episode.language, tables=tables).alarm
    return Outcome(said.level, said.crisis, shown[0].department if shown else "", alarmed)


def _changed_rules(before: Sequence[RedFlagRule], after: Sequence[RedFlagRule]) -> list[RedFlagRule]:
    known, new = {rule.id: rule for rule in before}, {rule.id: rule for rule in after}
    return [rule for one, other in ((known, new), (new, known)) for rule in one.values() if other.get(rule.id) != rule]
