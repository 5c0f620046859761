"""`python -m connectors.rasa.trial MODEL`: sentences through one model and the content of the settings, without a server or a store.

A line of JSON in, one out: `{"sentences": [{"id", "text", "lang"}]}` → `{"heard": [...]}` (`bot.release.heard`), and
`{"try": {"text", "lang", "region"?}}` → all that can be seen of one sentence, with the texts that a patient would read. The gate and
"try it" run it beside what is served: for what is live and for a candidate, the same way. `{"listen": [{"id", "text", "lang"}]}` →
`{"listened": [...]}` (`bot.release.listening`): what no rule decides about a sentence, for previews of edits of the rules.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor

from bot.content.load import Content
from bot.languages import Language
from bot.messages import Reply, Turn
from bot.nlu import remote_actions, speed
from bot.nlu.ahead import Waiting, read_ahead
from bot.nlu.content import content_source
from bot.nlu.harmless import harmless
from bot.nlu.lock_store import AsyncioLockStore
from bot.nlu.readers import second_reader
from bot.nlu.turn import TurnState, current_turn
from bot.outbox.compose import compose
from bot.release.heard import ALARMS, Heard, heard_to_json
from bot.release.listening import Listened, listened_to_json
from bot.triage.emergency import emergency_reply
from bot.triage.guide import assessed, language_of
from bot.triage.safety import check
from bot.triage.types import Assessment, Opinion
from connectors.rasa.channel import Collected, user_message

# With these the dialogue goes to the guidance, which says what the level demands.
GUIDED = ("report_symptom", "ask_department")
NOBODY_YET = "trial"


class ActionsHere(EndpointConfig):  # type: ignore[misc]
    """Runs the actions in this process instead of asking the action server."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1/webhook", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, method: str = "post", json: Any = None, **_: Any) -> Any:
        """Run one action."""
        return await self._executor.run(json)


class Trial:
    """One model with the content of this process."""

    def __init__(self, agent: Any, content: Content) -> None:
        self._agent, self._content = agent, content

    async def hear(self, sentences: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return what is heard in each sentence, in their order."""
        self._ahead(sentences)
        heard = []
        for one, opinion in zip(sentences, self._opinions(sentences), strict=True):
            language, assessment = self._assess(one, opinion)
            heard.append(heard_to_json(self._heard(one["text"], language, assessment, await self._parse(one["text"], language))))
        return heard

    async def listen(self, sentences: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return what model and second reader make of each sentence, in their order."""
        self._ahead(sentences)
        listened = []
        for one, opinion in zip(sentences, self._opinions(sentences), strict=True):
            parsed = await self._parse(one["text"], language_of(dict(one)))
            listened.append(listened_to_json(Listened(parsed["intent"]["name"] in GUIDED, opinion)))
        return listened

    async def try_out(self, one: Mapping[str, Any]) -> dict[str, Any]:
        """Return all that can be seen of one sentence: intents, findings, rules, and the texts that a patient would read."""
        opinion = next(iter(self._opinions([one])))
        language, assessment = self._assess(one, opinion)
        parsed = await self._parse(one["text"], language)
        return {
            "heard": heard_to_json(self._heard(one["text"], language, assessment, parsed)),
            "intents": [
                {"name": ranked["name"], "confidence": round(ranked["confidence"], 3)} for ranked in parsed["intent_ranking"][:5]
            ],
            "findings": [{"id": found.id, "state": found.state, "said": found.said} for found in assessment.findings],
            "rules": [{"id": flag.id, "level": flag.level, "said": list(flag.said)} for flag in assessment.red_flags],
            "departments": [{"id": ranked.department, "reason": ranked.reason} for ranked in assessment.departments[:3]],
            "second_reader": None if opinion is None else {"verdict": opinion.verdict, "said": opinion.said},
            "asks": assessment.asks,
            "texts": await self._texts(str(one["text"]), language, str(one.get("region") or "")),
        }

    def _ahead(self, sentences: Sequence[Mapping[str, Any]]) -> None:
        read_ahead(self._agent.processor, [Waiting(harmless(one["text"]).strip(), language_of(dict(one))) for one in sentences])

    def _opinions(self, sentences: Sequence[Mapping[str, Any]]) -> Sequence[Opinion | None]:
        reader = second_reader()
        texts = [(one["text"], language_of(dict(one))) for one in sentences]
        return reader.read_all(texts) if reader is not None else [None] * len(texts)

    def _assess(self, one: Mapping[str, Any], opinion: Opinion | None) -> tuple[Language, Assessment]:
        return assessed(dict(one), tables=self._content.triage, opinion=opinion)

    async def _parse(self, text: str, language: Language) -> dict[str, Any]:
        parsed = await self._agent.processor.parse_message(UserMessage(harmless(text), metadata={"language": language}))
        return {"intent_ranking": [], **parsed}

    def _heard(self, text: str, language: Language, assessment: Assessment, parsed: Mapping[str, Any]) -> Heard:
        intent, ranking = parsed["intent"], parsed["intent_ranking"]
        alarm = assessment.level in ALARMS or assessment.crisis
        answered = [found["value"] for found in parsed["entities"] if found["entity"] == "faq" and found.get("answered")]
        told = assessment.level != "INFO" or assessment.findings
        others = [ranked["confidence"] for ranked in ranking if ranked["name"] != intent["name"]]
        return Heard(
            intent=intent["name"] or "",
            confidence=round(intent["confidence"], 3),
            margin=round(intent["confidence"] - max(others, default=0.0), 3),
            level=assessment.level,
            crisis=assessment.crisis,
            department=assessment.departments[0].department if told and assessment.departments else "",
            red_flags=tuple(flag.id for flag in assessment.red_flags),
            faq=answered[0] if answered and intent["name"] == "ask_faq" else "",
            # By rules alone it is answered before the assistant is asked; what only the second reader hears needs the guidance.
            alarmed=alarm and (intent["name"] in GUIDED or check(text, language, tables=self._content.triage).alarm),
        )

    async def _texts(self, text: str, language: Language, region: str) -> list[str]:
        safety = check(text, language, tables=self._content.triage)
        tables, phrases = self._content.triage, self._content.phrases
        replies: list[Reply] = []
        if safety.alarm:
            replies.append(emergency_reply(safety, language=language, region=region or None, tables=tables, phrases=phrases))
        replies += await self._said(text, language, region or tables.home_region)
        return [compose(reply, language, phrases=phrases).text for reply in replies]

    async def _said(self, text: str, language: Language, region: str) -> tuple[Reply, ...]:
        turn = Turn(f"{NOBODY_YET}-{uuid.uuid4().hex}", "1", text, language, region, "webchat")
        token, out = current_turn.set(TurnState()), Collected()
        try:
            await self._agent.handle_message(user_message(turn, out))
        finally:
            current_turn.reset(token)
        return out.answer().replies


async def serve(trial: Trial, lines: TextIO, answers: TextIO) -> None:
    """Answer line after line until there is none."""
    for line in lines:
        asked = json.loads(line)
        answers.write(json.dumps(await _answer(trial, asked), ensure_ascii=False) + "\n")
        answers.flush()


async def _answer(trial: Trial, asked: Mapping[str, Any]) -> dict[str, Any]:
    if "sentences" in asked:
        return {"heard": await trial.hear(asked["sentences"])}
    if "listen" in asked:
        return {"listened": await trial.listen(asked["listen"])}
    return await trial.try_out(asked["try"])


def load(model: str) -> Trial:
    """Return the model in the file `model`, with the content of the settings."""
    remote_actions.apply()
    speed.apply()
    return Trial(Agent.load(model, action_endpoint=ActionsHere(), lock_store=AsyncioLockStore()), content_source().current())


def main(model: str) -> None:
    """Load, say {"ready": true}, and answer."""
    os.nice(10)  # what is served goes first, however long this takes
    # Whatever prints goes to stderr: stdout is ours alone.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.ERROR)
    trial = load(model)
    answers.write(json.dumps({"ready": True}) + "\n")
    answers.flush()
    asyncio.run(serve(trial, sys.stdin, answers))


if __name__ == "__main__":
    main(sys.argv[1])
