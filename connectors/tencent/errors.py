"""What a failure at Tencent means for a message: again, never, closed, or nobody knows. The table of the specification. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import httpx

from bot.database.engine import DatabaseProblem
from bot.outbox.sender import Closed, Permanent, SendError, Transient, Unknown
from connectors.tencent.access import NoToken
from connectors.tencent.api import BUSY, DAILY_QUOTA, SET_UP, TOKEN_CODES, ApiError, HttpError

# A refused token after a new one was fetched: a matter for the operator. Asked again now and then.
TOKEN_PAUSE = timedelta(seconds=60)
QUOTA_PAUSE = timedelta(hours=1)
CHINA = timezone(timedelta(hours=8))

# Out of the window or unfollowed; quota of the window used up; not a follower; refuses; no subscription left.
CLOSED = frozenset([45015, 45047, 43004, 48002, 43101])
# The same of WeCom's customer service: too many messages, too long ago, the session is over.
CLOSED_AT_WECOM = frozenset([95001, 95002, 95013])
# Bad person, template, field; too long; all these are refused for ever.
PERMANENT = frozenset([40003, 40037, 47003, 45002, 40058, 40096, *SET_UP])

# The request never left, so nothing can arrive twice.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
# A proxy's words about somebody behind it, who may have done it.
_OF_A_PROXY = frozenset([502, 504])
_SERVER_ERROR = 500


def error_of(failure: BaseException, *, now: datetime | None = None) -> SendError:
    """Return which of the four errors `failure` is. `now` tells how long it is until Tencent's next day."""
    if isinstance(failure, ApiError):
        return _of_code(failure.errcode, now)
    if isinstance(failure, HttpError):
        return _of_status(failure.status)
    if isinstance(failure, (*_NOT_SENT, NoToken, DatabaseProblem)):
        return Transient()
    return Unknown()  # the line broke after sending began, or an answer that is none


def is_set_up(failure: BaseException) -> bool:
    """Whether a setting is wrong, so that every message would be refused: sound the alarm and wait."""
    return isinstance(failure, ApiError) and failure.errcode in SET_UP | TOKEN_CODES


def _of_code(code: int, now: datetime | None) -> SendError:
    if code in BUSY:
        return Transient()
    if code in TOKEN_CODES:
        return Transient(TOKEN_PAUSE)
    if code == DAILY_QUOTA:
        return Transient(QUOTA_PAUSE if now is None else until_next_day(now))
    return Closed() if code in CLOSED | CLOSED_AT_WECOM else Permanent()


def _of_status(status: int) -> SendError:
    if status in _OF_A_PROXY:
        return Unknown()
    return Transient() if status >= _SERVER_ERROR or status in (408, 429) else Permanent()


def until_next_day(now: datetime) -> timedelta:
    """Return how long it is until midnight in China, when quotas begin anew."""
    there = now.astimezone(CHINA)
    return there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) - there
