"""What an assistant that runs takes over without a new start: another model, and changed content. Turns go on meanwhile.

Both are made beside the old, in a thread: loading takes a second or two, and no patient should wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor

from bot.content.load import LOOK_EVERY_S
from bot.nlu.content import settings
from bot.nlu.readers import current_index
from bot.nlu.serving import served

logger = logging.getLogger(__name__)


class Following:
    """Looks each second at the model that is to be served and at the content. `refused`: the model that did not load."""

    def __init__(self) -> None:
        self.refused = ""

    async def begin(self, app: Any, _: Any = None) -> None:
        """Begin to look; a listener of Sanic's."""
        app.add_task(self._forever(app))

    async def _forever(self, app: Any) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look(app.ctx.agent, settings().models_dir)
            except Exception as error:
                logger.error("a change was not taken over: %s", type(error).__name__)

    async def look(self, agent: Any, models: Path) -> None:
        """Take over what changed."""
        await asyncio.get_running_loop().run_in_executor(None, current_index)
        wanted = served(models)
        if wanted != self.refused:
            self.refused = ""  # another one is chosen: whoever chooses that one again wants it tried again
        if not wanted or wanted in (agent.processor.model_filename, self.refused):
            return
        try:
            await swap(agent, models / wanted)
        except Exception as error:
            # Tried once: the one before goes on answering, and who published is told.
            self.refused = wanted
            logger.error("the model %s does not load (%s): the one before answers on", wanted, type(error).__name__)


async def swap(agent: Any, model: Path) -> None:
    """Let `agent` answer with the model in the file `model` from the next turn on. Raises what Rasa raises when it does not load.

    Stores, locks and turns that are under way stay as they are.
    """
    began = time.monotonic()
    processor = await asyncio.get_running_loop().run_in_executor(None, _load, agent, model)
    agent.processor, agent.domain = processor, processor.domain
    agent.tracker_store.domain = processor.domain
    if isinstance(agent.nlg, TemplatedNaturalLanguageGenerator):
        agent.nlg.responses = processor.domain.responses
    logger.info("model %s took over after %.1f s", model.name, time.monotonic() - began)


def _load(agent: Any, model: Path) -> MessageProcessor:
    return MessageProcessor(
        model_path=str(model),
        tracker_store=agent.tracker_store,
        lock_store=agent.lock_store,
        action_endpoint=agent.action_endpoint,
        generator=agent.nlg,
        http_interpreter=agent.http_interpreter,
    )
