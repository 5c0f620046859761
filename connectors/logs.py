"""How the gateway logs: one JSON object a line, event names, internal ids and counts, never patient words."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import datetime, timezone

# The only extra fields that a log line may carry. Anything else is dropped: a new field is a decision.
ALLOWED = frozenset(
    [
        "kind",
        "language",
        "inbound_id",
        "outbound_id",
        "case_id",
        "error",
        "at",
        "tried_again",
        "blanked",
        "erased",
        "content_version",
        "port",
        "seconds",
        "count",
        "state",
        "via",
    ]
)


# A bot's token stands in every address of Telegram's.
_TOKEN = re.compile(r"\d{5,15}:[A-Za-z0-9_-]{20,}")


class JsonLines(logging.Formatter):
    """Formats a record; of an exception only the class and the place, since its text may quote a patient."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one JSON line."""
        line = {
            "at": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in record.__dict__.items() if name in ALLOWED}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return _TOKEN.sub("[token]", json.dumps(line, ensure_ascii=False, default=str))


def set_up(level: str) -> None:
    """Send all logs of this process to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # These name URLs with every request; ours carry no words, but a log line per poll or round says nothing either.
    for noisy in ("httpx", "httpcore", "uvicorn.access", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Quotes answers that it cannot read, and with them the words we sent.
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
