"""The same call once: a program that heard no answer calls again with the same client key, and nothing is done twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import used_token
from bot.programs.problems import Refused

# For so long a call that is made again is known.
KEPT = timedelta(days=90)


def is_new(work: Work, program: str, what: str, data: Mapping[str, Any], *, now: datetime) -> bool:
    """Return whether a call is made for the first time. Raises Refused when its client key was used for another call.

    Only keyed hashes are stored: a client key may be the number of a visit.
    """
    work.execute(sa.delete(used_token).where(used_token.c.expires_at < now))
    name = (program, what, str(data["client_key"]))
    call = work.cipher.lookup("api-call", *name)
    same = work.cipher.lookup("api-body", *name, json.dumps(dict(data), sort_keys=True, ensure_ascii=False))
    if insert_once(work, used_token, {"lookup": call, "expires_at": now + KEPT}) is not None:
        insert_once(work, used_token, {"lookup": same, "expires_at": now + KEPT})
        return True
    if work.execute(sa.select(used_token.c.id).where(used_token.c.lookup == same)).first() is None:
        raise Refused(409, "client_key_used")
    return False


def is_known(work: Work, program: str, what: str, client_key: str) -> bool:
    """Return whether such a call was made lately."""
    call = work.cipher.lookup("api-call", program, what, client_key)
    return work.execute(sa.select(used_token.c.id).where(used_token.c.lookup == call)).first() is not None
