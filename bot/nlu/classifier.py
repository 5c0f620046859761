"""Intents from sentence vectors: logistic regression, trained with scikit-learn, served with numpy alone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.encoder import CharacterGrams, Encoder, best_encoder, encoder_named
from bot.knowledge.latest import Latest
from bot.nlu.ahead import Waiting
from bot.nlu.content import settings
from bot.nlu.examples import NEVER_READ
from bot.nlu.intents import STRENGTH, Weights, features, fit, read, write
from bot.nlu.training import reading_version

logger = logging.getLogger(__name__)

RANKING = 5
WEIGHTS = "classifier.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceIntentClassifier(GraphComponent, IntentClassifier):
    """Reads the intent of a message; the same for all languages."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SentenceIntentClassifier:
        """Return an untrained classifier."""
        return cls(config, model_storage, resource)

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._encoder: Encoder | None = None
        self._learned: Weights | None = None
        self._ranked: Latest[str, tuple[tuple[str, float], ...]] = Latest(self._rank)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength` is the inverse of the regularisation; `encoder` is "best" or "characters"."""
        return {"strength": STRENGTH, "encoder": "best"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Return what else the weights depend on: Rasa's own cache only looks at this class and the examples."""
        return reading_version()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all intent examples and store weights and the encoder's name."""
        examples = [
            example
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT) not in (None, NEVER_READ)
        ]
        self._encoder = CharacterGrams() if self._config["encoder"] == CharacterGrams.name else best_encoder()
        rows = features([example.get(TEXT) for example in examples], self._encoder, keep_in=settings().kept_dir)
        self._learned = fit(rows, [example.get(INTENT) for example in examples], strength=self._config["strength"])
        self._persist()
        return self._resource

    def _persist(self) -> None:
        assert self._encoder is not None and self._learned is not None
        with self._storage.write_to(self._resource) as folder:
            write(folder / WEIGHTS, self._learned, self._encoder.name)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceIntentClassifier:
        """Return the trained classifier, with the encoder that it was trained with."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._learned, encoder = read(folder / WEIGHTS)
        component._encoder = encoder_named(encoder)
        component._ranked.of("ready")  # loads the encoder's weights now and not with the first patient's message
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message. A text without a letter or a digit has no intent."""
        for message in messages:
            text = (message.get(TEXT) or "").strip()
            if not any(character.isalnum() for character in text) or self._encoder is None:
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
                continue
            ranking = [{"name": name, "confidence": confidence} for name, confidence in self._ranked.of(text)]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def read_ahead(self, waiting: Sequence[Waiting]) -> None:
        """Rank several together."""
        self._ranked.prepare([one.text for one in waiting])

    def _rank(self, texts: Sequence[str]) -> list[tuple[tuple[str, float], ...]]:
        assert self._encoder is not None and self._learned is not None
        labels, shares = self._learned.labels, self._learned.shares(features(texts, self._encoder))
        best = np.argsort(-shares, axis=1)[:, :RANKING]
        return [tuple((labels[place], float(likely[place])) for place in some) for likely, some in zip(shares, best, strict=True)]
