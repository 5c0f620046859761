"""What a call asks for, read from its body: wrong shapes are refused here, so that nothing behind has to doubt them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from starlette.requests import Request

from bot.desk.masking import Known
from bot.desk.problems import Refused
from bot.staff.people import Staff

T = TypeVar("T", bound=str)
LONGEST_NOTE = 4000
LONGEST_REASON = 300
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# Of an id in an address: more digits than any number has would only cost time.
_NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class Asking:
    """Who asks, and when. `session`: the number of their session; `public`: phone numbers that are nobody's own, like hotlines;
    `known`: what is known of patients and has to be masked."""

    staff: Staff
    now: datetime
    session: int = 0
    csrf: str = ""
    public: frozenset[str] = frozenset()
    known: Known = field(default_factory=Known)

    def of(self, staff: Staff) -> Asking:
        """Return the same for the person as they are by now."""
        return replace(self, staff=staff)


@dataclass(frozen=True)
class Asked:
    """The body of a call."""

    data: dict[str, Any]

    def text(self, name: str, longest: int, *, missing: str = "empty") -> str:
        """Return a text that says something. `missing`: the key of the error when it does not."""
        found = self.maybe_text(name, longest)
        if not found.strip():
            raise Refused(400, missing)
        return found.strip()

    def maybe_text(self, name: str, longest: int) -> str:
        """Return a text that may be empty, as it was written."""
        found = self.data.get(name) or ""
        if not isinstance(found, str):
            raise Refused(400, "wrong")
        if len(found) > longest:
            raise Refused(413, "long", limit=longest)
        # A lone half of a pair cannot be stored, and a NUL not in PostgreSQL.
        return re.sub(r"[\ud800-\udfff\x00]", "", found)

    def choice(self, name: str, among: Collection[T]) -> T:
        """Return one of the words that are known."""
        found = self.data.get(name)
        for one in among:
            if found == one:
                return one
        raise Refused(400, "wrong")

    def client_id(self) -> str:
        """Return the page's own name of this act: said again, nothing is done again."""
        found = self.data.get("client_id")
        if not isinstance(found, str) or not _CLIENT_ID.fullmatch(found):
            raise Refused(400, "wrong")
        return found

    def number(self, name: str) -> int:
        """Return a number above or equal to zero."""
        found = self.data.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 10**15:
            raise Refused(400, "wrong")
        return found

    def flag(self, name: str) -> bool:
        """Return whether something was said to be so."""
        return self.data.get(name) is True

    def later(self, name: str, now: datetime) -> datetime:
        """Return a time after `now`."""
        found = moment(self.data.get(name))
        if found <= now:
            raise Refused(400, "past")
        return found


def moment(value: Any) -> datetime:
    """Return a time with its zone. Raises Refused for anything else."""
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        raise Refused(400, "wrong") from None
    if found.tzinfo is None:
        raise Refused(400, "wrong")
    return found


async def asked(request: Request) -> Asked:
    """Return the body of a call; none at all is an empty one."""
    body = await request.body()
    try:
        data = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise Refused(400, "wrong") from None
    if not isinstance(data, dict):
        raise Refused(400, "wrong")
    return Asked(data)


def case_number(value: object) -> int:
    """Return the number of a case in an address. One that is none is like one that is not theirs."""
    if not _NUMBER.fullmatch(str(value)):
        raise Refused(403, "not_yours", more={"glass": False})
    return int(str(value))
