"""The first transaction of a message: stored, read by the safety net, and an alarm answered, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.content.load import Content
from bot.database.engine import Work
from bot.followup.links import link_of
from bot.handoff.cases import Cause, open_case
from bot.inbox import conversations, rows
from bot.inbox.conversations import EPISODE_ENDS_AFTER, Conversation, Defaults
from bot.inbox.late import late_line
from bot.languages import Language
from bot.messages import LEVELS, Inbound
from bot.outbox.compose import compose
from bot.outbox.store import EMERGENCY, Place, enqueue
from bot.privacy import consent
from bot.scenes.codes import scene_of
from bot.triage.emergency import emergency_reply
from bot.triage.normalise import LONGEST
from bot.triage.safety import check
from bot.triage.tables import Tables
from bot.triage.types import Safety

LONGEST_ID = 128
# Longer than any sentence in which a symptom stands.
OVERLAP = 300

Detect = Callable[[str, Language | None], Language]


@dataclass(frozen=True)
class Receipt:
    """What a connector is told once a message is stored. `alarm`: the emergency answer is in the outbox already."""

    message_id: int
    conversation_id: str
    duplicate: bool
    alarm: bool = False


def receive(work: Work, message: Inbound, *, content: Content, defaults: Defaults, detect: Detect, now: datetime) -> Receipt:
    """Store `message` once and, when it says so, the emergency answer with it.

    The safety net reads the raw text here and not in the lane: an earlier message that waits for the assistant
    must not delay it.
    """
    message = _storable(message)
    known = rows.number_of(work, message)
    if known:
        return Receipt(*known, duplicate=True)
    is_place = bool(message.scene) and scene_of(work.cipher, message.scene, content.scenes) is not None
    if not is_place and link_of(work.cipher, message.scene, content.followup.plans) is None:
        message = replace(message, scene="")
    # What leads to a plan does not say where somebody came in.
    came_in = message if is_place else replace(message, scene="")
    conversation = _conversation(work, came_in, defaults=defaults, detect=detect, now=now)
    earlier = rows.correctable(work, conversation.id, message.corrects) if message.corrects else None
    if earlier is not None and earlier.text == message.text:  # only a preview or the like has changed
        return Receipt(earlier.id, conversation.id, duplicate=True)
    safety = check_all(message.text, conversation.language, tables=content.triage)
    # Who takes back a word of a crisis is still read by a nurse: that message keeps its own place.
    if earlier is not None and earlier.state in rows.UNANSWERED and not earlier.crisis:
        agreed = consent.state(work, conversation.patient_id, conversation.channel) == "granted"
        number = rows.replace(work, earlier, message, safety=safety, now=now, keep=agreed)
    else:
        number = rows.store(work, conversation.id, message, safety=safety, now=now)
    if number is None:  # PostgreSQL: another gateway stored the same message in between
        return Receipt(*_required(rows.number_of(work, message)), duplicate=True)
    if safety.alarm:
        late = late_line(message.sent_at, now, conversation.language, content.phrases)
        _answer_alarm(work, conversation, safety, number=number, content=content, now=now, late=late)
    return Receipt(number, conversation.id, duplicate=False, alarm=safety.alarm)


def check_all(text: str, language: Language, *, tables: Tables) -> Safety:
    """Return what the safety net finds in a text of any length; it reads one piece at a time, and they overlap."""
    if len(text) <= LONGEST:
        return check(text, language, tables=tables)
    starts = range(0, len(text) - OVERLAP, LONGEST - OVERLAP)
    found = [check(text[start : start + LONGEST], language, tables=tables) for start in starts]
    return Safety(
        level=min((safety.level for safety in found), key=LEVELS.index),
        red_flags=tuple(flag for safety in found for flag in safety.red_flags),
        crisis=any(safety.crisis for safety in found),
    )


def _required(known: tuple[int, str] | None) -> tuple[int, str]:
    if known is None:
        raise LookupError("a message is stored and not found")
    return known


def _storable(message: Inbound) -> Inbound:
    """Return `message` with an id that fits its column whatever the client made up, and no region that is none."""
    external_id, region = message.external_id, message.region
    if len(external_id) > LONGEST_ID or not external_id.isprintable():
        external_id = hashlib.sha256(external_id.encode("utf-8", "surrogatepass")).hexdigest()
    if region is not None and not (len(region) == 2 and region.isascii() and region.isupper()):
        region = None
    return replace(message, external_id=external_id, region=region)


def _conversation(work: Work, message: Inbound, *, defaults: Defaults, detect: Detect, now: datetime) -> Conversation:
    known = conversations.find(work, conversations.conversation_key(work, message))
    if known is None:
        shows = any(map(str.isalpha, message.text)) and not message.payload
        hint = message.language_hint
        language = message.language or (detect(message.text, hint) if shows else hint or defaults.language)
        return conversations.create(work, message, language=language, defaults=defaults, now=now)
    changes: dict[str, object] = {"last_at": now}
    # The title of a pressed button is in the language of the question: it says nothing about the patient. Nor do words of others.
    silent = bool(message.payload) or message.kind in ("forwarded", "scan")
    language = message.language or (known.language if silent else detect(message.text, known.language))
    if language != known.language:
        changes["language"] = language
    if message.scene:
        changes["scene"] = message.scene
    if message.region and (message.region != known.region or not known.region_known):
        changes |= {"region": message.region, "region_known": True}
    if message.awaited_until is not None:
        changes["awaited_until"] = message.awaited_until
    if known.erase_after is not None:  # they are back
        changes["erase_after"] = None
    # Written within the talk, whenever it reaches us: its urgency still holds.
    if min(message.sent_at, now) - known.last_at > EPISODE_ENDS_AFTER:
        changes |= {"level_floor": "INFO", "episode": known.episode + 1}
    conversations.change(work, known.id, **changes)
    return replace(known, **changes)  # type: ignore[arg-type]


def _answer_alarm(
    work: Work, conversation: Conversation, safety: Safety, *, number: int, content: Content, now: datetime, late: str
) -> None:
    language = conversation.language
    region = conversation.region if conversation.region_known else None
    reply = emergency_reply(safety, language=language, region=region, tables=content.triage, phrases=content.phrases)
    reply = replace(reply, text=late + reply.text)
    place = Place(conversation.id, conversation.channel)
    key = f"safety:{number}"
    enqueue(work, place, compose(reply, language, phrases=content.phrases), dedupe_key=key, now=now, priority=EMERGENCY)
    conversations.raise_level(work, conversation, safety.level, now=now)
    # No words: before consent the case holds rule ids only, the nurse reads the message where it is kept.
    trace = {"red_flags": [flag.id for flag in safety.red_flags], "content_version": content.version}
    reason = "crisis" if safety.crisis else "red_flag"
    cause = Cause(reason, safety.level, key, crisis=safety.crisis, trace=trace)  # type: ignore[arg-type]
    open_case(work, conversation.id, cause, now=now, teams=content.teams)
