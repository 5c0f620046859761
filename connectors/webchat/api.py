"""What the page calls: session, messages in both directions, stream. Stored first, then acknowledged."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem
from bot.inbox.receive import check_all
from bot.inbox.rows import LONGEST_TEXT
from bot.languages import Language
from bot.posters.fonts import NoFont
from connectors.webchat import conversation, session, texts
from connectors.webchat.conversation import Seen
from connectors.webchat.exports import MEDIA, Exports, Kind
from connectors.webchat.incoming import Message, Refused, language_in, read_message
from connectors.webchat.limits import Limits
from connectors.webchat.numbers import ambulance
from connectors.webchat.stream import Listening, start_number, stream
from connectors.webchat.watch import Watch

logger = logging.getLogger(__name__)

NO_STORE = {"Cache-Control": "no-store"}
RETRY_AFTER_S = 5


class Api:
    """The page's calls over the services of one gateway."""

    def __init__(self, services: Services) -> None:
        self._services, self._settings = services, services.settings
        self._watch = Watch(services.read, feed=services.feed)
        self._limits = Limits(services.settings.webchat_per_minute)
        self._exports = Exports(services)

    async def open_session(self, request: Request) -> Response:
        """Give the browser an anonymous token, or let it keep the one it has."""
        if not session.is_from_our_page(request):
            return self._refuse(Refused("error_origin", 403), self._language(request))
        response = JSONResponse({}, headers=NO_STORE)
        self._give_token(request, response)
        return response

    async def forget_session(self, request: Request) -> Response:
        """Take the token away: the next message begins a new conversation. What is stored stays."""
        if not session.is_from_our_page(request):
            return self._refuse(Refused("error_origin", 403), self._language(request))
        response = Response(status_code=204, headers=NO_STORE)
        session.forget_token(response, secure=self._settings.secure_cookies)
        return response

    async def send(self, request: Request) -> Response:
        """Store one message of the person; 202 only once it is stored."""
        language = self._language(request)
        try:
            if not session.is_from_our_page(request):
                raise Refused("error_origin", 403)
            token = self._token(request)
            if token is None:
                raise Refused("error_session", 401)
            data = await _json(request)
            language = language_in(data) or language
            message = read_message(data)
            await self._pass_limits(request, token, message, language)
            inbound = message.inbound(token, now=self._services.clock(), browser=self._language(request))
            receipt = await self._services.inbox.receive(inbound)
        except Refused as refused:
            return self._refuse(refused, language)
        except DatabaseProblem:
            return self._refuse(Refused("error_store", 503), language)
        stored = {"message": receipt.message_id, "duplicate": receipt.duplicate}
        return JSONResponse(stored, status_code=202, headers=NO_STORE)

    async def catch_up(self, request: Request) -> Response:
        """Return the messages after a number; for a page that opens (after 0) also the person's own words."""
        after = start_number(request)
        try:
            found = await self._conversation(request)
            if found is None:
                return JSONResponse({"conversation": False, "messages": [], "own": [], "more": False}, headers=NO_STORE)
            page = await conversation.messages_after(self._services, found, after)
            own = [] if after else await conversation.own_words(self._services, found)
        except DatabaseProblem:
            return self._refuse(Refused("error_store", 503), self._language(request))
        answer = {"conversation": True, "messages": Seen(after).new(page), "own": own, "more": page.is_full}
        response = JSONResponse(answer, headers=NO_STORE)
        if not after:  # who comes back is known for longer
            self._give_token(request, response)
        return response

    async def picture(self, request: Request) -> Response:
        """Return the picture of one message to this person; 404 for anybody else, as for a message without one."""
        try:
            found = await self._conversation(request)
            drawn = None if found is None else await conversation.picture(self._services, found, request.path_params["number"])
        except DatabaseProblem:
            return self._refuse(Refused("error_store", 503), self._language(request))
        if drawn is None:
            return Response(status_code=404, headers=NO_STORE)
        return Response(drawn, media_type="image/svg+xml", headers=NO_STORE)

    async def readings_pdf(self, request: Request) -> Response:
        """Return the person's own readings for their doctor; 404 when there are none."""
        return await self._readings(request, "pdf")

    async def readings_csv(self, request: Request) -> Response:
        """Return the same as a table for programs."""
        return await self._readings(request, "csv")

    async def _readings(self, request: Request, kind: Kind) -> Response:
        language = self._language(request)
        try:
            found = await self._conversation(request)
            if self._exports.is_busy:
                raise Refused("error_busy", 429)
            file = None if found is None else await self._exports.file(found, kind, language)
        except Refused as refused:
            return self._refuse(refused, language)
        except DatabaseProblem:
            return self._refuse(Refused("error_store", 503), language)
        except NoFont as problem:
            logger.error("no PDF of readings: %s", problem)
            return self._refuse(Refused("error_pdf", 503), language)
        if file is None:
            return Response(status_code=404, headers=NO_STORE)
        named = {"Content-Disposition": f'attachment; filename="readings.{kind}"'}
        return Response(file, media_type=MEDIA[kind], headers=NO_STORE | named)

    async def listen(self, request: Request) -> Response:
        """Return the stream of the person's conversation; 204 tells the browser that there is none yet."""
        try:
            found = await self._conversation(request)
        except DatabaseProblem:
            return self._refuse(Refused("error_store", 503), self._language(request))
        if found is None:
            return Response(status_code=204, headers=NO_STORE)

        async def is_current() -> bool:
            return await self._conversation(request) == found

        return stream(self._services, self._watch, Listening(found, start_number(request), is_current))

    async def page_texts(self, request: Request) -> Response:
        """Return the page's texts in the language asked for, with the regions and their numbers."""
        content = self._services.content.current()
        home = self._settings.region
        data = texts.page_texts(content, self._language(request), home=home, limit=LONGEST_TEXT)
        return JSONResponse(data, headers={"Cache-Control": "no-cache"})

    async def _pass_limits(self, request: Request, token: str, message: Message, language: Language) -> None:
        verdict = self._limits.count(token, _address(request))
        if verdict == "stop":
            raise Refused("error_busy", 429)
        if verdict == "free" and not message.is_too_long:
            return
        # A red flag is never refused for its length or its number: only then is the text read here.
        if not await asyncio.to_thread(self._is_alarm, message, language):
            raise Refused("error_busy", 429) if verdict == "slow_down" else Refused("error_long")

    def _is_alarm(self, message: Message, language: Language) -> bool:
        return check_all(message.text, language, tables=self._services.content.current().triage).alarm

    async def _conversation(self, request: Request) -> str | None:
        token = self._token(request)
        return None if token is None else await conversation.find(self._services, token)

    def _token(self, request: Request) -> str | None:
        return session.token_of(request, secure=self._settings.secure_cookies)

    def _give_token(self, request: Request, response: Response) -> None:
        secure, days = self._settings.secure_cookies, self._settings.retention_days
        session.give_token(response, self._token(request), secure=secure, days=days)

    def _language(self, request: Request) -> Language:
        accepted = request.headers.get("accept-language", "")
        return texts.choose_language(request.query_params.get("lang"), accepted, self._settings.language)

    def _refuse(self, refused: Refused, language: Language) -> Response:
        content = self._services.content.current()
        number = ambulance(content.triage, self._settings.region)
        sentence = texts.text(content, refused.key, language, **_values(refused.key, number))
        headers = NO_STORE | ({"Retry-After": str(RETRY_AFTER_S)} if refused.status in (429, 503) else {})
        return JSONResponse({"error": refused.key, "sentence": sentence}, status_code=refused.status, headers=headers)


def _values(key: str, number: str) -> dict[str, object]:
    if key == "error_long":
        return {"limit": LONGEST_TEXT}
    return {"number": number} if key in ("error_busy", "error_store") else {}


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Refused("error_format") from None
    except ClientDisconnect:  # larger than the gateway lets through
        raise Refused("error_long") from None


def _address(request: Request) -> str | None:
    # A reverse proxy on this machine: all patients come from its address.
    host = request.client.host if request.client else None
    return None if host is None or host.startswith("127.") or host == "::1" else host
