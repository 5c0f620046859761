"""What the result of a guidance means for the staff: an open case learns of it, and a rule of the hospital may open one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.content.load import Content
from bot.database.engine import Work
from bot.handoff.cases import Case, Cause, note_assessment
from bot.handoff.rules import Facts
from bot.inbox.conversations import Conversation
from bot.messages import Effect
from bot.scenes.codes import scene_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def of_guidance(
    work: Work, chat: Conversation, case: Case | None, effects: Iterable[Effect], *, key: str, content: Content, now: datetime
) -> Iterator[Cause]:
    """Note what the results among `effects` say, and yield the causes for which the hospital wants a case. `key`: of the message."""
    for number, effect in enumerate(effects):
        if effect.name != "assessment":
            continue
        if case is not None:
            note_assessment(work, case, effect.data, dedupe_key=f"{key}:{number}", now=now, teams=content.teams)
        rule = content.rules.first(_facts(work, chat, effect, content)) if content.rules.rules else None
        if rule is not None:
            yield Cause("rule", effect.data["level"], f"rule:{key}:{number}", trace={"rule": rule.id})


def _facts(work: Work, chat: Conversation, effect: Effect, content: Content) -> Facts:
    scene = scene_of(work.cipher, chat.scene, content.scenes) if chat.scene and content.rules.ask_for_scene else None
    department = next(iter(effect.data.get("departments") or ()), "")
    return Facts(effect.data["level"], department, "" if scene is None else scene.id, chat.language, chat.channel)
