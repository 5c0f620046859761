"""Choices that are typed: on platforms without buttons a number stands before each, and the number or the words choose it."""

from __future__ import annotations

import re

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import inbound, outbound
from bot.messages import Button
from bot.privacy.words import plain

# Signs, and what makes a key of a digit.
_EDGES = re.compile(r"^[\W_\ufe0f\u20e3]+|[\W_\ufe0f\u20e3]+$")
_CHINESE = "一二三四五六七八九十"
# What our hints say ("回复 1 查看", "reply 1"), typed as it stands, and how a choice is named in Chinese.
_MEANT = re.compile(
    r"(?:(?:回复|回覆|选择?|選擇?|reply|option|answer|antworten sie|antworte?|nummer|nr|رقم|أرسل)\W*(?:第\s*)?|第\s*)"
    rf"(\d{{1,2}}|[{_CHINESE}])\s*(?:个|個|项|項|号|號)?"
)


def number_in(text: str) -> int:
    """Return the number that a text is and nothing else ("2", "２.", "٢", "2！"), or 0."""
    said = _EDGES.sub("", plain(text))
    return int(said) if 0 < len(said) <= 2 and said.isdecimal() else 0


def number_meant(text: str) -> int:
    """Return the number that a text chooses: alone, in Chinese, or behind the words of a hint of ours ("回复1"), or 0."""
    said = _EDGES.sub("", plain(text))
    if len(said) == 1 and said in _CHINESE:
        return _CHINESE.index(said) + 1
    found = _MEANT.fullmatch(said)
    if found is None:
        return number_in(text)
    return _CHINESE.index(found[1]) + 1 if found[1] in _CHINESE else int(found[1])


def chosen(work: Work, conversation_id: str, text: str) -> Button | None:
    """Return the choice that `text` names by its number or its words, among those that were offered last; None: none.

    Only what came after the person's latest message offers something, and only until somebody asks without choices: a nurse, or
    a question of the bot's. "2" is an answer to that.
    """
    number, words = number_in(text), _folded(text)
    if not number and len(words) > 200:
        return None
    buttons = _offered(work, conversation_id)
    if not number:
        named = next((button for button in buttons if _folded(button.title) == words), None)
        if named is not None:
            return named
        number = number_meant(text)
    return buttons[number - 1] if 0 < number <= len(buttons) else None


def choice_at(work: Work, conversation_id: str, message_id: int, index: int) -> Button | None:
    """Return one choice of one message to this person, or None: not theirs, or erased meanwhile."""
    mine = sa.and_(outbound.c.id == message_id, outbound.c.conversation_id == conversation_id)
    sealed = work.execute(sa.select(outbound.c.sealed).where(mine)).scalar()
    buttons = [] if sealed is None else work.cipher.unseal(sealed).get("buttons", [])
    return Button(**buttons[index]) if 0 <= index < len(buttons) else None


# Who scans the code of a ward in between has said nothing: the question before it is still there.
_LATEST = (
    sa.select(sa.func.max(inbound.c.received_at))
    .where(inbound.c.conversation_id == sa.bindparam("conversation"), inbound.c.kind != sa.literal("scan"))
    .scalar_subquery()
)
# A statement of every message is built once: building one costs more than running it.
_SINCE = (
    sa.select(outbound.c.sealed, outbound.c.author, outbound.c.kind)
    .where(
        outbound.c.conversation_id == sa.bindparam("conversation"),
        sa.or_(_LATEST.is_(None), outbound.c.created_at >= _LATEST),
        outbound.c.state != "dead",
    )
    .order_by(outbound.c.id.desc())
    .limit(20)
)


def _offered(work: Work, conversation_id: str) -> list[Button]:
    for row in work.execute(_SINCE, {"conversation": conversation_id}):
        buttons = work.cipher.unseal(row.sealed).get("buttons", ())
        if buttons or row.author == "nurse" or row.kind == "question":
            return [Button(**button) for button in buttons]
    return []


def _folded(text: str) -> str:
    return plain(text) or text.strip()
