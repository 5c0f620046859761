"""Words as JSON: of patient, bot and colleagues, masked here and nowhere else. What else becomes JSON is in serialise.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.content.load import Content
from bot.desk import shapes
from bot.desk.masking import Mask
from bot.desk.serialise import Viewing, dated, direction, number_of
from bot.desk.thread import Piece
from bot.handoff.said import words_of
from bot.languages import Language, detect


def said(text: str, language: Language, mask: Mask) -> dict[str, Any]:
    """Return words as an item shows them."""
    shown, hidden = mask.text(text, language)
    return {"text": shown, "masked": hidden, "language": language, "dir": direction(language)}


@dataclass(frozen=True)
class Context:
    """What the pieces of a thread are shown with. `wrote`: who wrote which message; `delivery`: what became of it."""

    viewing: Viewing
    mask: Mask
    wrote: Mapping[int, str]
    delivery: Mapping[int, shapes.Delivery]


# What an event may say beside itself: staff, teams, levels, times. Never the bot's trace, which quotes the patient.
_EVENT_DATA = (
    *("to", "from", "team", "level", "was", "until", "department", "department_right", "outcome", "due_at", "state", "into"),
    *("reason", "what", "step", "on_duty", "problem", "via"),
)
# Of these what a colleague wrote to it stands in the event: why, or how a reply read before it was changed.
_EVENT_WORDS = {"snoozed": "reason", "blocked": "reason", "edited": "before"}


def item(piece: Piece, context: Context) -> shapes.Item:
    """Return a piece of the thread as it is shown."""
    made: shapes.Item = {"key": piece.key, "at": piece.at.isoformat(timespec="milliseconds"), "author": None}  # type: ignore[typeddict-item]
    if piece.kind == "event":
        return {**made, **_event(piece, context)}  # type: ignore[typeddict-item]
    language = piece.language if piece.kind != "note" else detect(words_of(piece.content), context.viewing.staff.language)
    words = said(words_of(piece.content), language, context.mask)
    if piece.kind == "note":
        return {**made, **words, "kind": "note", "author": context.viewing.colleague(piece.who)}  # type: ignore[typeddict-item]
    form = str(piece.content.get("form") or piece.content.get("kind") or "text")
    if piece.content.get("erased"):
        form = "erased"
    made = {**made, **words, "form": form, "channel": piece.channel, "kind": "patient"}  # type: ignore[typeddict-item]
    if piece.content.get("written"):
        made["written_at"] = str(piece.content["written"])
    return made if piece.kind == "in" else _ours(made, piece, context)


def _ours(made: shapes.Item, piece: Piece, context: Context) -> shapes.Item:
    is_nurse = piece.author == "nurse"
    made["kind"] = "nurse" if is_nurse else "bot"
    made["author"] = context.viewing.colleague(context.wrote.get(piece.id)) if is_nurse else None
    if piece.id in context.delivery:
        made["delivery"] = context.delivery[piece.id]
    return made


def _event(piece: Piece, context: Context) -> dict[str, Any]:
    viewing, content = context.viewing, piece.content
    name = _EVENT_WORDS.get(piece.what, "")
    shown = said(words_of({"text": str(content.get(name) or "")}), viewing.staff.language, context.mask)
    data = {key: _plain(content[key], viewing) for key in _EVENT_DATA if key != name and content.get(key) is not None}
    author = None if piece.who in (None, "bot", "patient") else viewing.colleague(piece.who)
    number = content.get("outbound")
    more = {"removes": f"out:{number}"} if piece.what == "undone" else {"of": f"out:{number}"} if number is not None else {}
    return {**shown, **more, "kind": "event", "what": piece.what, "data": data, "author": author}


def _plain(value: object, viewing: Viewing) -> str:
    """Return a value of an event as text: of people of the staff their names."""
    if isinstance(value, list):
        return ", ".join(_plain(one, viewing) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return viewing.names.get(str(value), str(value))


def scheduled(one: Any, viewing: Viewing, mask: Mask) -> shapes.Scheduled:
    """Return a reply that is to be sent later."""
    text, hidden = mask.text(one.text, viewing.staff.language)
    return {
        "id": one.id,
        "text": text,
        "masked": hidden,
        "who": viewing.colleague(one.who) or {"handle": one.who, "name": one.who},
        "due_at": one.due_at.isoformat(timespec="milliseconds"),
        "state": one.state,
        "problem": one.problem,
    }


def hit(found: Any, words: tuple[str, tuple[tuple[int, int], ...]], row: shapes.Row, *, hidden: bool) -> shapes.Hit:
    """Return what was found; `words`: the part about it, masked already, and where the words stand in it."""
    language = found.language or detect(words[0], "en")
    return {
        "id": found.case.id,
        "number": number_of(found.case.id),
        "key": found.key,
        "kind": found.kind,
        "at": found.at.isoformat(timespec="milliseconds"),
        "text": words[0],
        "marks": [[start, end] for start, end in words[1]],
        "masked": hidden,
        "language": language,
        "dir": direction(language),
        "row": row,
    }


def summary(sentences: dict[str, Any], language: Language, mask: Mask) -> shapes.Summary:
    """Return the summary; it quotes the patient."""
    shown, hidden = mask.any(sentences, language)
    return {**shown, "masked": hidden}  # type: ignore[typeddict-item]


def trace(found: Any, language: Language, mask: Mask) -> shapes.Trace:
    """Return how the bot came to its level; it quotes the patient, so `language` is theirs."""
    lines = [{"kind": one.kind, "text": one.text, "rule": one.rule, "version": one.version} for one in found.lines]
    shown, _ = mask.any({"lines": lines, "raw": found.raw}, language)
    return {  # type: ignore[typeddict-item]
        "level": found.level,
        "departments": list(found.departments),
        "content_version": found.content_version,
        "source": found.source,
        **shown,
    }


def card(found: Any, content: Content, viewing: Viewing, mask: Mask) -> dict[str, Any]:
    """Return who the patient is, as far as they said: no address, no name."""
    language, tables = viewing.staff.language, content.triage
    known = tables.lexicon.concepts
    labels = [known[one].labels.get(language, one) if one in known else one for one in found.conditions]
    place = None if found.scene is None else content.scenes.by_id.get(found.scene)
    more = {
        "conditions": labels,
        "scene": None if place is None else place.names[language],
        "blocked_by": viewing.colleague(found.blocked_by),
        "earlier": [{**one, "number": number_of(one["id"])} for one in asdict(found)["earlier"]],
    }
    shown, _ = mask.any(dated({**asdict(found), **more}), language)
    return dict(shown)
