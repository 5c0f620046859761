"""What stands in a button of the desk: which case and what to do, signed; who presses is looked at each time."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from bot.handoff.closing import OUTCOMES
from bot.privacy.encryption import Cipher
from connectors.telegram import tokens

PREFIX = "desk."
_BODY = struct.Struct(">QBB")
ACTS = ("claim", "release", "close", "outcome", "department", "note", "back")
# What is answered to "was the department right?"
ANSWERS = ("yes", "no", "open")


@dataclass(frozen=True)
class Sign:
    """A button of the desk. `outcome`: of closing; `answer`: about the department."""

    case_id: int
    act: str
    outcome: str = ""
    answer: str = ""


def sign(cipher: Cipher, wanted: Sign) -> str:
    """Return the data of a button: at most 64 bytes, and no word in it."""
    more = 0
    if wanted.outcome:
        more = OUTCOMES.index(wanted.outcome) * len(ANSWERS)  # type: ignore[arg-type]
        more += ANSWERS.index(wanted.answer) if wanted.answer else 0
    return PREFIX + tokens.signed(cipher, "desk", _BODY.pack(wanted.case_id, ACTS.index(wanted.act), more))


def read(cipher: Cipher, data: str) -> Sign | None:
    """Return what a button means; None: it is none of the desk's, or forged."""
    if not data.startswith(PREFIX):
        return None
    body = tokens.opened(cipher, "desk", data.removeprefix(PREFIX), _BODY.size)
    if body is None:
        return None
    case_id, act, more = _BODY.unpack(body)
    if act >= len(ACTS) or more >= len(OUTCOMES) * len(ANSWERS):
        return None
    name = ACTS[act]
    outcome = OUTCOMES[more // len(ANSWERS)] if name in ("outcome", "department") else ""
    return Sign(case_id, name, outcome, ANSWERS[more % len(ANSWERS)] if name == "department" else "")
