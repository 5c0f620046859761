"""Codes of links and QR codes that offer a plan: of a poster for everybody, or of a letter for one person, who may use it once.

A code says itself what it offers, so that nothing is stored for a letter that nobody opens. It is sealed with the installation's
look-up key: nobody else can make one, or read from it of which plan or day it is. At most 32 characters of a-z, 2-7 and _: a start
parameter of Telegram, a scene of WeChat and of WeCom.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.followup.plans import Plan, Plans
from bot.privacy.encryption import Cipher

SHAPE = re.compile(r"e_[a-z2-7]{29}")
# A letter is read in this time, or never; a poster hangs for years.
VALID = timedelta(days=60)
_FIRST_DAY = date(2020, 1, 1)
_TAG, _NONCE, _PROOF = 3, 4, 7  # bytes
EVERYBODY = bytes(_NONCE)


@dataclass(frozen=True)
class Link:
    """What a code offers. `day`: from which day the plan counts; None: from the day on which it is opened.

    `nonce`: of the person whose letter it is, as hexadecimal digits; "": it is for everybody.
    """

    plan: str
    issued: date
    day: date | None = None
    nonce: str = ""

    @property
    def once(self) -> bool:
        """Whether it is for one person."""
        return bool(self.nonce)

    def has_ended(self, today: date) -> bool:
        """Return whether it is too old to be opened."""
        return self.once and today - self.issued > VALID


def code_of(cipher: Cipher, link: Link) -> str:
    """Return the code of a link: the same for the same link."""
    days = _days(link.issued).to_bytes(2, "big") + (0 if link.day is None else _days(link.day)).to_bytes(2, "big")
    plain = _tag(cipher, link.plan) + days + (bytes.fromhex(link.nonce) if link.nonce else EVERYBODY)
    proof = _hash(cipher, "proof", plain.hex())[:_PROOF]
    return "e_" + base64.b32encode(proof + _mixed(cipher, proof, plain)).decode().rstrip("=").lower()


def link_of(cipher: Cipher, code: str, plans: Plans) -> Link | None:
    """Return what a code offers, or None: made up, of another installation, or the plan is gone."""
    if not SHAPE.fullmatch(code):
        return None
    raw = base64.b32decode(code.removeprefix("e_").upper() + "===")
    proof, plain = raw[:_PROOF], _mixed(cipher, raw[:_PROOF], raw[_PROOF:])
    if not hmac.compare_digest(proof, _hash(cipher, "proof", plain.hex())[:_PROOF]):
        return None
    plan = _plan(cipher, plain[:_TAG], plans)
    issued, day = (int.from_bytes(plain[place : place + 2], "big") for place in (_TAG, _TAG + 2))
    nonce = plain[_TAG + 4 :]
    if plan is None:
        return None
    return Link(plan.id, _date(issued), _date(day) if day else None, "" if nonce == EVERYBODY else nonce.hex())


def nonce_of(cipher: Cipher, *names: str) -> str:
    """Return the nonce of somebody's letter: the same for the same names, so that a letter made twice is one letter."""
    return _hash(cipher, "nonce", *names)[:_NONCE].hex()


def once_key(nonce: str) -> str:
    """Return under which key somebody is enrolled who opened their letter: a unique key, so that nobody else opens it after."""
    return f"link:{nonce}"


def _plan(cipher: Cipher, tag: bytes, plans: Plans) -> Plan | None:
    return next((plan for plan in plans.by_id.values() if _tag(cipher, plan.id) == tag), None)


def _tag(cipher: Cipher, plan: str) -> bytes:
    return _hash(cipher, "plan", plan)[:_TAG]


def _mixed(cipher: Cipher, proof: bytes, data: bytes) -> bytes:
    """Return data made unreadable, or readable again: what it is mixed with depends on all of it, by the proof."""
    pad = _hash(cipher, "pad", proof.hex())
    return bytes(one ^ other for one, other in zip(data, pad, strict=False))


def _hash(cipher: Cipher, *parts: str) -> bytes:
    return bytes.fromhex(cipher.lookup("enrolment-link", *parts))


def _days(day: date) -> int:
    # 0 stands for no day at all.
    return (day - _FIRST_DAY).days + 1


def _date(days: int) -> date:
    return _FIRST_DAY + timedelta(days=days - 1)
