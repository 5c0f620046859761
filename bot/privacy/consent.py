"""Consent: which text was agreed to, when, and how an answer to the question is read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import consent
from bot.languages import Language
from bot.privacy.words import plain

# Raise it when the consent text changes its meaning: everybody is asked again.
VERSION = "2026-12"
YES, NO = f"consent:yes:{VERSION}", f"consent:no:{VERSION}"

_PUNCTUATION = re.compile(r"[.。!！,，、،?？؟~～…]+")

State = Literal["granted", "refused", "revoked", "none"]

_YES_WORDS: dict[str, frozenset[str]] = {
    "zh": frozenset(["同意", "我同意", "好", "好的", "可以", "是", "是的", "行", "嗯", "没问题", "沒問題", "ok", "好啊", "好吧", "好喔", "可以喔", "同意的", "当然", "當然", "yes"]),
    "en": frozenset({"yes", "y", "ok", "okay", "i agree", "agree", "agreed", "sure", "fine", "yes please", "of course", "i accept", "accept", "yeah", "yep"}),
    "de": frozenset({"ja", "j", "ok", "okay", "einverstanden", "ich stimme zu", "zustimmen", "gern", "gerne", "klar", "in ordnung", "ja gerne", "ja bitte", "stimme zu", "jo"}),
    "ar": frozenset({"نعم", "نعم أوافق", "نعم موافق", "أوافق", "اوافق", "موافق", "موافقة", "تمام", "ايوه", "أيوه", "اي", "ok", "حسنا", "حسنًا", "طيب", "اكيد", "ماشي"}),
}  # fmt: skip
_NO_WORDS: dict[str, frozenset[str]] = {
    "zh": frozenset(["不同意", "我不同意", "不", "不要", "不行", "不可以", "否", "不用", "不好", "拒绝", "拒絕", "no"]),
    "en": frozenset({"no", "n", "no thanks", "no thank you", "i disagree", "disagree", "i do not agree", "i don't agree", "refuse", "nope"}),
    "de": frozenset({"nein", "n", "nein danke", "nicht einverstanden", "ich stimme nicht zu", "ablehnen", "lieber nicht", "nee"}),
    "ar": frozenset({"لا", "لا أوافق", "لا اوافق", "غير موافق", "لا شكرا", "لا شكرًا", "ارفض", "أرفض", "مش موافق", "مو موافق"}),
}  # fmt: skip


def read_answer(text: str, payload: str, language: Language) -> bool | None:
    """Return True for yes, False for no, None when the message is not an answer. English words count everywhere."""
    if payload in (YES, NO):
        return payload == YES
    pieces = [" ".join(piece.split()) for piece in _PUNCTUATION.split(plain(text)) if piece.strip()]
    whole, each = _answer(" ".join(pieces), language[:2]), {_answer(piece, language[:2]) for piece in pieces}
    # "No, I do not agree" says it twice; of "yes, no" nobody knows.
    return whole if whole is not None or len(each) != 1 else each.pop()


def _answer(said: str, family: str) -> bool | None:
    if said in _NO_WORDS[family] | _NO_WORDS["en"]:
        return False
    return True if said in _YES_WORDS[family] | _YES_WORDS["en"] else None


# Asked for every message: built once, since building a statement costs more than running it.
_LATEST = (
    sa.select(consent.c.state, consent.c.version)
    .where(consent.c.patient_id == sa.bindparam("patient"), consent.c.channel == sa.bindparam("channel"))
    .order_by(consent.c.id.desc())
    .limit(1)
)


def state(work: Work, patient_id: str, channel: str) -> State:
    """Return the latest decision on the present text on this channel; an older version counts as none.

    A person with two channels is asked on each: a yes in one chat is none in the other.
    """
    row = work.execute(_LATEST, {"patient": patient_id, "channel": channel}).first()
    if row is None or (row.version != VERSION and row.state == "granted"):
        return "none"
    return row.state  # type: ignore[no-any-return]


def since(work: Work, patient_id: str, channel: str) -> datetime | None:
    """Return when this person last decided on this channel, or None when they never did."""
    mine = (consent.c.patient_id == patient_id, consent.c.channel == channel)
    at: datetime | None = work.execute(sa.select(sa.func.max(consent.c.at)).where(*mine)).scalar()
    return at


def record(work: Work, patient_id: str, decision: State, *, channel: str, language: Language, now: datetime) -> None:
    """Append a decision; earlier ones stay as evidence."""
    work.execute(
        consent.insert().values(
            patient_id=patient_id, version=VERSION, state=decision, channel=channel, language=language, at=now
        )
    )
