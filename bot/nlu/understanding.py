"""Loads the trained model for single messages, without a server."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

from bot.nlu.serving import newest_model
from bot.nlu.training import TrainingFailed


class Understanding:
    """A trained model for single messages, without a server."""

    def __init__(self, agent: Any) -> None:
        self._agent = agent
        self._loop = asyncio.new_event_loop()

    def understand_line(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return `{id, intent, confidence, entities}` for `{id, text, lang?}`."""
        from rasa.core.channels.channel import UserMessage

        from bot.nlu.harmless import harmless

        language = {"language": record["lang"]} if record.get("lang") else None
        message = UserMessage(harmless(record["text"]), metadata=language)
        parsed = self._loop.run_until_complete(self._agent.processor.parse_message(message))
        entities = [
            {name: entity[name] for name in ("entity", "value", "score") if name in entity} for entity in parsed["entities"]
        ]
        intent = parsed["intent"]
        return {"id": record["id"], "intent": intent["name"], "confidence": round(intent["confidence"], 4), "entities": entities}


def load_understanding(models: Path) -> Understanding:
    """Return the newest model in `models`. Raises TrainingFailed when there is none."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    newest = newest_model(models)
    if newest is None:
        raise TrainingFailed(f"There is no model in {models}. Run `daozhen train` first.")
    # Unless told otherwise Rasa writes each message with all that it reads to stdout, between our lines.
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.WARNING)
    return Understanding(Agent.load(str(newest)))
