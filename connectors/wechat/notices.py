"""Outside the window: a notice that something waits, never what it is. One ladder: subscription notice, then template message."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.languages import Language
from bot.outbox.sender import Closed, OutboundMessage, Transient, Unknown
from bot.settings import Settings
from connectors.tencent.api import Api, ApiError, describe
from connectors.tencent.errors import error_of
from connectors.wechat import grants, ledger

logger = logging.getLogger(__name__)

# WeChat cuts a field of a template there, and refuses one of a subscription notice (47003).
LONGEST_FIELD = 20
NO_GRANT_LEFT = 43101
CHINA = timezone(timedelta(hours=8))
_FIELD = re.compile(r"\s*([a-z_]+[0-9]*)\s*=\s*([^;]{1,60}?)\s*")


@dataclass(frozen=True)
class Template:
    """One template of the account. `fields`: what is put into each, with {text} and {time}."""

    id: str
    fields: tuple[tuple[str, str], ...]
    lasting: bool = False

    def data(self, text: str, now: datetime) -> dict[str, dict[str, str]]:
        """Return the filled fields as WeChat takes them."""
        at = now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        filled = ((name, value.replace("{text}", text).replace("{time}", at)) for name, value in self.fields)
        return {name: {"value": value[:LONGEST_FIELD]} for name, value in filled}


def template(number: str, fields: str, *, lasting: bool = False) -> Template | None:
    """Return a template of the settings ("thing1={text};time2={time}"), or None when there is none. Raises ValueError."""
    if not number:
        return None
    found = [_FIELD.fullmatch(one) for one in fields.split(";") if one.strip()]
    if not found or None in found:
        raise ValueError("fields are written as thing1={text};time2={time}")
    return Template(number, tuple((one[1], one[2]) for one in found if one), lasting)


class Notices:
    """Tells people that something waits for them."""

    def __init__(self, api: Api, settings: Settings) -> None:
        self._api = api
        self.subscription = template(
            settings.wechat_subscription_template,
            settings.wechat_subscription_fields,
            lasting=settings.wechat_subscription_lasting,
        )
        self.template = template(settings.wechat_template, settings.wechat_template_fields)

    async def tell(self, message: OutboundMessage, services: Services) -> bool:
        """Tell the person of `message`; returns whether they know. Raises Transient when it is worth another try."""
        write, now = services.write, services.clock()
        if await write(lambda work: ledger.has_left(work, message.conversation_id)):
            return False
        if await write(lambda work: ledger.is_noticed(work, message.conversation_id)):
            return True  # the same notice again would say nothing new
        language: Language = message.content["language"]
        text = services.content.current().phrases.get("wechat.notice", language)
        told = await self._subscription(message, text, services) or await self._template(message, text, now)
        if told:
            await write(lambda work: ledger.noticed(work, message.conversation_id, now=now))
        return told

    def can_tell(self, work: Work, conversation_id: str) -> bool:
        """Return whether there is a way to tell this person: a consent to one notice that is left, or a template."""
        chosen = self.subscription
        return self.template is not None or (chosen is not None and grants.left(work, conversation_id, chosen.id) > 0)

    async def _subscription(self, message: OutboundMessage, text: str, services: Services) -> bool:
        chosen, now = self.subscription, services.clock()
        if chosen is None:
            return False
        number = chosen.id

        def use(work: Work) -> grants.Grant | None:
            return grants.use(work, message.conversation_id, number, message_id=message.id, now=now)

        while (grant := await services.write(use)) is not None:
            payload = {"touser": message.recipient, "template_id": number, "data": chosen.data(text, now)}
            try:
                await self._api.call("cgi-bin/message/subscribe/bizsend", payload)
            except Exception as failure:
                outcome = _outcome(failure)
                await services.write(_settling(grant, outcome))
                if outcome == "withdrawn":
                    continue  # it was used up or taken back without our knowing: the next one
                return self._failed("subscription notice", failure)
            return True
        return False

    async def _template(self, message: OutboundMessage, text: str, now: datetime) -> bool:
        if self.template is None:
            return False
        payload = {"touser": message.recipient, "template_id": self.template.id, "data": self.template.data(text, now)}
        try:
            await self._api.call("cgi-bin/message/template/send", payload)
        except Exception as failure:
            return self._failed("template message", failure)
        return True

    def _failed(self, what: str, failure: Exception) -> bool:
        """Return whether the person may have been told all the same. Raises Transient when nothing was sent and may be later."""
        error = error_of(failure)
        logger.warning("a notice failed", extra={"kind": what, "error": describe(failure)})
        if isinstance(error, Transient):
            raise error
        return isinstance(error, Unknown)  # a second notice would say the same: better one too few


def _settling(grant: grants.Grant, outcome: grants.Outcome | grants.Open) -> Callable[[Work], None]:
    return lambda work: grants.settle(work, grant, outcome)


def _outcome(failure: Exception) -> grants.Outcome | grants.Open:
    if isinstance(failure, ApiError) and failure.errcode == NO_GRANT_LEFT:
        return "withdrawn"
    error = error_of(failure)
    if isinstance(error, Unknown):
        return "sent"
    return "withdrawn" if isinstance(error, Closed) else "open"
