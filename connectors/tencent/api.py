"""Calls to Tencent's APIs: bounded, checked, and with at most one new token. No token, secret or id of a person is ever told on."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from connectors.tencent.access import AccessTokens

CONNECT_S, READ_S = 3.0, 5.0
# A page of 1,000 messages of a synchronisation is below this.
LARGEST_ANSWER = 8 * 1024 * 1024
LINES = 32
# The token is not taken any more: a new one may help, once.
TOKEN_CODES = frozenset([40001, 40014, 42001])
# Nothing is wrong with the message: a setting is. Only an operator can mend it.
SET_UP = frozenset([40164, 40125, 40013, 48001, 60020, 60011, 48006])
BUSY = frozenset([-1, 45011])
DAILY_QUOTA = 45009
# About the account or the platform; every other code is about one person or one message, and the line is fine.
OF_ALL = TOKEN_CODES | SET_UP | BUSY | {DAILY_QUOTA}

_TRACE = re.compile(r"\brid: ?([0-9a-fA-F-]{8,40})")
_HINT = re.compile(r"hint: ?\[[^\]]*\]?")
# Tokens, ids of people and keys are long and without blanks; the address that Tencent refuses is what an operator needs.
_LONG = re.compile(r"[A-Za-z0-9_=+/-]{16,}")
LONGEST_MESSAGE = 160

Json = dict[str, Any]
Ask = Callable[[str], Awaitable[Json]]  # with a token


@dataclass(frozen=True)
class File:
    """A file to upload. `kind`: its media type."""

    name: str
    data: bytes
    kind: str


class ApiError(Exception):
    """Tencent said no. `errmsg` holds no secret and no id of a person; `rid` is Tencent's own trace number."""

    def __init__(self, errcode: int, errmsg: str = "", rid: str = "") -> None:
        super().__init__(f"{errcode} {errmsg}".strip())
        self.errcode, self.errmsg, self.rid = errcode, errmsg, rid


class HttpError(Exception):
    """An answer with a status that is not 200: of a proxy, or of a machine that is overloaded."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class NoAnswer(Exception):
    """Status 200 and not what the API answers: a page of a proxy, or half an answer. What was done, nobody knows."""


class Line:
    """HTTP to one host of Tencent's, without any token."""

    def __init__(self, address: str, *, connect_s: float = CONNECT_S, read_s: float = READ_S) -> None:
        self.address = address.rstrip("/")
        if urlsplit(self.address).scheme not in ("http", "https"):
            raise ValueError("not an http address")
        timeout = httpx.Timeout(read_s, connect=connect_s)
        # No proxy, netrc or certificate of the environment: secrets stand in these addresses.
        limits = httpx.Limits(max_connections=LINES)
        self._http = httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False, limits=limits)

    async def call(self, path: str, payload: Mapping[str, Any] | None, query: Mapping[str, str] | None = None) -> Json:
        """POST `payload` as JSON (None: GET) and return the answer.

        Raises ApiError, HttpError, NoAnswer or httpx.HTTPError; use `error_of`. httpx's own text may hold the address.
        """
        # Chinese as it is: some of Tencent's APIs show \u escapes to people.
        body = None if payload is None else json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
        headers = {} if body is None else {"content-type": "application/json; charset=utf-8"}
        verb = "GET" if body is None else "POST"
        return await self._ask(self._http.build_request(verb, self._at(path), params=query, content=body, headers=headers))

    async def upload(self, path: str, file: File, query: Mapping[str, str] | None = None) -> Json:
        """POST a file as a form and return the answer. Raises as `call`."""
        form = {"media": (file.name, file.data, file.kind)}
        return await self._ask(self._http.build_request("POST", self._at(path), params=query, files=form))

    def _at(self, path: str) -> str:
        return f"{self.address}/{path.lstrip('/')}"

    async def _ask(self, request: httpx.Request) -> Json:
        answer = await self._http.send(request, stream=True)
        try:
            if answer.status_code != httpx.codes.OK:
                raise HttpError(answer.status_code)
            return _checked(await _read(answer))
        finally:
            await answer.aclose()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class Api:
    """Calls with an access token. `problem` says in a few words what was wrong with the latest call, "" when it went well."""

    def __init__(self, line: Line, tokens: AccessTokens) -> None:
        self._line, self._tokens = line, tokens
        self.problem = "not reached yet"

    async def call(self, path: str, payload: Mapping[str, Any] | None = None, **query: str) -> Json:
        """Call and return the answer; a token that is refused is replaced once. Raises as `Line.call`."""
        return await self._noted(lambda token: self._line.call(path, payload, {**query, "access_token": token}))

    async def upload(self, path: str, file: File, **query: str) -> Json:
        """Upload and return the answer, as `call` does. The form is made anew for each token: one that was read is empty."""
        return await self._noted(lambda token: self._line.upload(path, file, {**query, "access_token": token}))

    async def close(self) -> None:
        """Close the connections."""
        await self._line.close()

    async def _noted(self, ask: Ask) -> Json:
        try:
            answer = await self._with_token(ask)
        except Exception as failure:
            of_one = isinstance(failure, ApiError) and failure.errcode not in OF_ALL
            self.problem = "" if of_one else describe(failure)
            raise
        self.problem = ""
        return answer

    async def _with_token(self, ask: Ask) -> Json:
        token = await self._tokens.get()
        try:
            return await ask(token)
        except ApiError as error:
            if error.errcode not in TOKEN_CODES:
                raise
        return await ask(await self._tokens.refresh(token))


def describe(failure: BaseException) -> str:
    """Return in a few words what failed: a code of Tencent's or the class, never an address."""
    if isinstance(failure, ApiError):
        return f"error {failure.errcode}"
    return f"status {failure.status}" if isinstance(failure, HttpError) else type(failure).__name__


def scrubbed(errmsg: str) -> tuple[str, str]:
    """Return Tencent's error text without hints, tokens and ids, and its trace number."""
    trace = _TRACE.search(errmsg)
    text = _LONG.sub("…", _HINT.sub("", _TRACE.sub("", errmsg)))
    return " ".join(text.split())[:LONGEST_MESSAGE].strip(" ,"), trace[1] if trace else ""


async def _read(answer: httpx.Response) -> bytes:
    parts, size = [], 0
    async for part in answer.aiter_bytes():
        size += len(part)
        if size > LARGEST_ANSWER:
            raise NoAnswer
        parts.append(part)
    return b"".join(parts)


def _checked(body: bytes) -> Json:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise NoAnswer from None
    if not isinstance(answer, dict):
        raise NoAnswer
    code = answer.get("errcode", 0)
    if type(code) is not int:
        raise NoAnswer
    if code != 0:
        raise ApiError(code, *scrubbed(str(answer.get("errmsg", ""))))
    return answer
