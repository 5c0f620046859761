"""Entities by rules: the language of the conversation, symptoms read by the triage engine, FAQ entries found by search.

Words and numbers come from dictionaries and grammars, never from the classifier.
"""

from __future__ import annotations

import logging
import math
import re
import threading
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.encoder import best_encoder, for_meaning
from bot.knowledge.entries import Entries
from bot.knowledge.latest import Latest
from bot.knowledge.search import Index
from bot.languages import LANGUAGES, Language, detect
from bot.nlu.ahead import Waiting
from bot.nlu.content import content_source, settings
from bot.second_reader.model import ReaderProblem, SecondReader, load_second_reader
from bot.triage.reading import read
from bot.triage.types import Opinion, Reading

logger = logging.getLogger(__name__)

# Intents that a symptom in the same sentence must not turn into a complaint: "a nurse please, my ear hurts".
COURTESIES = frozenset(
    ["thank", "greet", "insult", "smalltalk", "say_goodbye", "affirm", "deny", "out_of_scope", "challenge_bot", "ask_help"]
)
# None of these tells since when or how old: "since two days" is no goodbye. Small talk does ("nice weather today").
TELL_NO_TIME = frozenset(["say_goodbye", "greet", "insult", "ask_help", "challenge_bot"])
# "bp 150/95": so many letters may stand around a number that was measured, and it is still all that was told.
AROUND_A_NUMBER = 16
_ASKS = re.compile(r"[?？؟,，،]|吗|嗎|呢")
# A courtesy that is only half sure is mostly gibberish; being told off for a typo would be worse than being asked again.
DOUBTFUL_BELOW = {"insult": 0.85}
DOUBTFUL_COURTESY_BELOW = 0.6
KEPT_INTENTS = frozenset(
    [
        "request_nurse",
        "ask_faq",
        "ask_diagnosis_or_drug",
        "ask_privacy",
        "ask_my_data",
        "delete_my_data",
        "ask_why",
        "complain",
        # "Remind me of my eye drops": action_reminders looks itself whether more than an order was said.
        "set_reminder",
        "show_reminders",
        "change_reminder",
        "show_readings",
    ]
)


# A question that an entry answers plainly is one, whatever intent it looks like: "can antibiotics cure a cold?" sounds like
# asking for a drug. Each with the score that the entry needs at least, so that "could it be a tumour?" is not a rumour.
ASKED_WITHOUT_SAYING_SO = {
    None: 0.0,
    "nlu_fallback": 0.0,
    "out_of_scope": 0.0,
    "smalltalk": 0.0,
    "ask_diagnosis_or_drug": 0.95,
    # Only an entry's own words: "where is the emergency department?" is half a question for the right department.
    "ask_department": 1.0,
    # "Could you make an appointment for my wife?" sounds like an order too: only where it was half heard, see `_needed`.
    "set_reminder": 0.95,
    "change_reminder": 0.95,
}
# An order that is surer than this is one, whatever entry it is near: "move the reminder for Friday's appointment".
SURE_OF_AN_ORDER = 0.65


class _Reader(GraphComponent):
    """A component without training."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> Any:
        """Return the component."""
        return cls(config)

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message that has words."""
        for message in messages:
            if (message.get(TEXT) or "").strip():
                self.read(message)
        return messages

    def read(self, message: Message) -> None:
        """Add what was read to `message`."""
        raise NotImplementedError


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageReader(_Reader):
    """Says the conversation's language with every message; without a gateway (`rasa shell`) it is detected."""

    def read(self, message: Message) -> None:
        """Add the entity `language`."""
        _add(message, "language", language_of(message))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SecondOpinion(_Reader):
    """Asks the second reader; what it takes for an emergency is one, whatever the classifier says."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        reader = second_reader()
        self._opinions: Latest[Waiting, Opinion] | None = None if reader is None else Latest(reader.read_all)

    def read(self, message: Message) -> None:
        """Add the entity `second_reader`, and guide where it hears an emergency or a crisis."""
        if self._opinions is None:
            return
        opinion = self._opinions.of(Waiting(message.get(TEXT), language_of(message)))
        _add(message, "second_reader", asdict(opinion))
        if opinion.verdict in ("emergency", "crisis"):
            _decide(message, "report_symptom", 1.0)

    def read_ahead(self, waiting: Sequence[Waiting]) -> None:
        """Ask for several together."""
        if self._opinions is not None:
            self._opinions.prepare(waiting)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FindingsReader(_Reader):
    """A symptom in the dictionary beats a doubtful classifier."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`sure`: an intent with at least this confidence keeps its place."""
        return {"sure": 0.8}

    def read(self, message: Message) -> None:
        """Move the intent to report_symptom when the triage engine reads a present symptom."""
        reading = read(message.get(TEXT), language_of(message), lexicon=content_source().current().triage.lexicon)
        present = any(finding.state == "present" and not finding.asked for finding in reading.findings) or _is_doubtful(message)
        intent = message.get(INTENT) or {}
        kept = intent.get("name") in KEPT_INTENTS and intent.get("confidence", 0.0) >= 0.5
        # "Thanks, but now my chest hurts" is surely polite and still a complaint.
        certain = intent.get("confidence", 0.0) >= self._config["sure"] and intent.get("name") not in COURTESIES
        if _is_bare_number(message.get(TEXT), reading) and intent.get("name") not in ("request_nurse", "ask_faq"):
            _decide(message, "report_symptom", self._config["sure"])
        elif not present or kept or certain or intent.get("name") in ("ask_department", "report_symptom"):
            self._doubt(message, tells=reading.duration_days is not None or reading.patient.age_years is not None)
        else:
            _decide(message, "report_symptom", self._config["sure"])

    @staticmethod
    def _doubt(message: Message, *, tells: bool) -> None:
        """Leave a half-sure courtesy to the fallback, and one that `tells` since when or how old."""
        intent = message.get(INTENT) or {}
        name = str(intent.get("name"))
        unsure = intent.get("confidence", 0.0) < DOUBTFUL_BELOW.get(name, DOUBTFUL_COURTESY_BELOW)
        if name in COURTESIES and (unsure or (tells and name in TELL_NO_TIME)):
            message.set(INTENT, {"name": name, "confidence": 0.0}, add_to_output=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class KnowledgeSearch(_Reader):
    """Finds the FAQ entries that a question may mean; a changed entry is found without training."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        # Now and not with the first patient's message: vectors and index take three seconds.
        current_index()

    def read(self, message: Message) -> None:
        """Add an entity `faq` for each hit, best first; a plain hit makes the intent ask_faq where it was in doubt."""
        intent = message.get(INTENT) or {}
        if intent.get("name") == "report_symptom" and intent.get("confidence", 0.0) >= 0.8:
            return
        if not any(character.isalnum() for character in message.get(TEXT)):
            return
        hits = current_index().search(for_meaning(message.get(TEXT).strip()), language_of(message), limit=3)
        for hit in hits:
            _add(message, "faq", hit.entry, score=round(hit.score, 3), answered=hit.answered)
        if not hits or not hits[0].answered:
            return
        name, confidence, score = intent.get("name"), intent.get("confidence", 0.0), hits[0].score
        if name == "ask_faq":
            # Half sure that it is a question and sure which one: it interrupts a health question as any other does.
            _decide(message, "ask_faq", max(confidence, score))
        elif score >= _needed(name, confidence):
            _decide(message, "ask_faq", score)

    def read_ahead(self, waiting: Sequence[Waiting]) -> None:
        """Search for several together."""
        current_index().search_ahead([for_meaning(one.text) for one in waiting])


@lru_cache(maxsize=1)
def second_reader() -> SecondReader | None:
    """Return the one second reader of this process, or None where it does not load. A model that is swapped in shares it."""
    try:
        return load_second_reader(best_encoder())
    except ReaderProblem as problem:
        logger.error("%s", problem)
        return None


def current_index() -> Index:
    """Return the FAQ search over the present entries: one of this process, whichever model asks.

    The first is made by whoever asks first. One for changed entries is made in a thread, and until it is done everybody gets the
    one before: its vectors take seconds, and no patient should wait for them.
    """
    entries, kept = content_source().current().knowledge, _index
    if kept is None:
        with _making:
            return _index[1] if _index is not None else _made(entries)
    if entries is not kept[0] and _making.acquire(blocking=False):
        threading.Thread(target=_make_beside, args=(entries,), name="faq-index", daemon=True).start()
    return kept[1]


def _make_beside(entries: Entries) -> None:
    try:
        _made(entries)
    finally:
        _making.release()


def _made(entries: Entries) -> Index:
    global _index  # noqa: PLW0603 - one of this process
    _index = (entries, Index(entries, encoder=best_encoder(), cache_dir=settings().kept_dir))
    return _index[1]


_index: tuple[Entries, Index] | None = None
_making = threading.Lock()


def language_of(message: Message) -> Language:
    """Return the language that came with the message, else the one it seems to be written in."""
    given = (message.get(METADATA) or {}).get("language")
    return given if given in LANGUAGES else detect(message.get(TEXT) or "", None)


def _is_bare_number(text: str, reading: Reading) -> bool:
    """Return whether the message tells a number that was measured and nothing else: it asks for no diagnosis."""
    said = max((len(number.said) for number in reading.measurements), default=0)
    return bool(said) and len(text.strip()) - said <= AROUND_A_NUMBER and not _ASKS.search(text)


def _is_doubtful(message: Message) -> bool:
    """Return whether the second reader wants to ask about danger."""
    return any(
        entity.get("entity") == "second_reader" and entity["value"]["verdict"] == "ask" for entity in message.get(ENTITIES) or ()
    )


def _needed(intent: str | None, confidence: float) -> float:
    """Return the score that an entry needs to make a message of `intent` a question for it."""
    if intent in ("set_reminder", "change_reminder") and confidence >= SURE_OF_AN_ORDER:
        return math.inf
    return ASKED_WITHOUT_SAYING_SO.get(intent, math.inf)


def _decide(message: Message, intent: str, confidence: float) -> None:
    """Set the intent and put it before the classifier's ranking, which shares what is left of the confidence.

    FallbackClassifier compares the first two of the ranking: two doubtful intents would outvote the dictionary.
    """
    decided = {"name": intent, "confidence": confidence}
    others = [
        {**ranked, "confidence": ranked["confidence"] * (1 - confidence)}
        for ranked in message.get("intent_ranking") or []
        if ranked["name"] != intent
    ]
    message.set(INTENT, decided, add_to_output=True)
    message.set("intent_ranking", [decided, *others], add_to_output=True)


def _add(message: Message, entity: str, value: Any, **more: Any) -> None:
    found = {"entity": entity, "value": value, "start": 0, "end": 0, "extractor": "rules", **more}
    message.set(ENTITIES, [*(message.get(ENTITIES) or []), found], add_to_output=True)
