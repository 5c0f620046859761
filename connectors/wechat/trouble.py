"""When our own store is away: the safety net still reads, and nobody is left without the emergency number."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from bot.bootstrap import Services
from bot.inbox.receive import check_all
from bot.languages import Language, detect
from bot.messages import Reply
from bot.outbox.compose import compose
from bot.triage.emergency import emergency_reply
from bot.triage.hotlines import emergency_number
from connectors.right_to_left import for_reading
from connectors.splitting import split
from connectors.wechat.answering import Answered
from connectors.wechat.incoming import Event, Said
from connectors.wechat.rendering import LIMIT


def without_database(event: Event, services: Services, *, last_try: timedelta) -> Answered | None:
    """Return what can be said without the store: an alarm's answer at once; else, at WeChat's last try, that we have trouble.

    None: leave the request open, so that WeChat asks again: the store may be back by then, and nothing is lost.
    """
    text = event.text if isinstance(event, Said) else ""
    content = services.content.current()
    language = detect(text, services.settings.language) if text else services.settings.language
    safety = check_all(text, language, tables=content.triage)
    if safety.alarm:
        reply = emergency_reply(safety, language=language, region=None, tables=content.triage, phrases=content.phrases)
        return _answered(event, reply, language, services)
    if services.clock() - event.at < last_try:
        return None
    number = emergency_number(None, language, tables=content.triage)
    reply = Reply(content.phrases.get("wechat.trouble", language, emergency=number), kind="notice")
    return _answered(event, reply, language, services)


def _answered(event: Event, reply: Reply, language: Language, services: Services) -> Answered:
    said = compose(reply, language, phrases=services.content.current().phrases)
    text = for_reading(said.text, language)
    return dataclasses.replace(Answered(event.external_id), reply=split(text, limit=LIMIT, unit="utf8")[0])
