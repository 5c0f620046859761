"""What a patient is told about linking two chats, and what happens then. Answered without the assistant, in one transaction."""

from __future__ import annotations

from bot.inbox import conversations
from bot.inbox.conversations import Conversation
from bot.inbox.handle import LINK_NO, LINK_YES, Handling
from bot.languages import Language
from bot.linking import merge, rows
from bot.linking.rows import Offer
from bot.messages import Button, Reply
from bot.outbox.compose import compose
from bot.outbox.store import Place, enqueue
from bot.phrases import Phrases
from bot.privacy import consent
from bot.triage.hotlines import isolated


def offer_code(handling: Handling) -> None:
    """Show a code for this chat and say what it is for."""
    mine, now = handling.known.conversation, handling.rules.now
    if not merge.is_private(handling.work, mine):
        _say(handling, "not_in_groups")
        return
    code = isolated(rows.give(handling.work, mine, now=now), mine.language)
    _say(handling, "code", code=code, here=_name(handling, mine.channel))


def take_code(handling: Handling, code: str) -> None:
    """Ask whether to link with the chat that showed this code, or say why it is not possible."""
    work, mine, now = handling.work, handling.known.conversation, handling.rules.now
    if not merge.is_private(work, mine):
        _say(handling, "not_in_groups")
    elif rows.is_paused(work, mine.patient_id, now=now):
        _say(handling, "paused")
    else:
        offer = rows.find(work, code, mine, now=now)
        other = None if offer is None else _of(handling, offer)
        if offer is None or other is None:
            _say(handling, "wrong", left=rows.was_wrong(work, mine.patient_id, now=now))
        elif _refused_because(handling, other):
            _say(handling, _refused_because(handling, other))
        else:
            _ask(handling, offer, other)


def answer_question(handling: Handling, *, link: bool) -> None:
    """Link the two chats after a yes; after a no the code is used up."""
    work, mine, now = handling.work, handling.known.conversation, handling.rules.now
    offer = rows.asked(work, mine.id, now=now)
    rows.withdraw_question(work, mine.id)
    if not link:
        _say(handling, "not_linked")
        return
    other = None if offer is None else _of(handling, offer)
    if other is None:
        _say(handling, "too_late")
    elif _refused_because(handling, other):
        _say(handling, _refused_because(handling, other))
    else:
        merge.merge(work, other, mine, now=now)
        _say(handling, "linked", button=True, other=_name(handling, other.channel))
        _tell(handling, other, "linked_elsewhere", button=True)


def unlink(handling: Handling) -> None:
    """Make this chat's channel a person of its own again, and tell the other chats."""
    work, mine = handling.work, handling.known.conversation
    others = merge.others(work, mine)
    if not merge.channels(work, mine.patient_id) - {mine.channel}:
        _say(handling, "nothing_to_unlink")
        return
    merge.separate(work, mine, now=handling.rules.now)
    _say(handling, "unlinked")
    for chat in others:
        other = conversations.get(work, chat.id, lock=True)
        if other is not None and other.channel != mine.channel:
            _tell(handling, other, "unlinked_elsewhere")


def also(handling: Handling, key: str) -> str:
    """Return a line that names this person's other channels, "" when there are none: what is said next holds there, too."""
    mine = handling.known.conversation
    more = sorted(merge.channels(handling.work, mine.patient_id) - {mine.channel})
    if not more:
        return ""
    joint = "、" if mine.language.startswith("zh") else "، " if mine.language == "ar" else ", "
    return "\n" + handling.phrase(f"linking.{key}", others=joint.join(_name(handling, channel) for channel in more))


def _refused_because(handling: Handling, other: Conversation) -> str:
    """Return the phrase that says why these two cannot be linked, "" when they can."""
    work, mine = handling.work, handling.known.conversation
    if other.id == mine.id:
        return "same_chat"
    if other.patient_id == mine.patient_id:
        return "already_linked"
    if merge.channels(work, other.patient_id) & merge.channels(work, mine.patient_id):
        return "same_channel"
    return ""


def _of(handling: Handling, offer: Offer) -> Conversation | None:
    """Return the chat that showed the code, unless it withdrew its consent meanwhile; held to the end of the transaction."""
    other = conversations.get(handling.work, offer.conversation_id, lock=True)
    agreed = other is not None and consent.state(handling.work, other.patient_id, other.channel) == "granted"
    return other if agreed else None


def _ask(handling: Handling, offer: Offer, other: Conversation) -> None:
    mine = handling.known.conversation
    rows.typed(handling.work, offer, mine)
    conversations.change(handling.work, mine.id, asked_to_link=handling.known.row.id)
    buttons = (Button(handling.phrase("linking.yes"), LINK_YES), Button(handling.phrase("linking.no"), LINK_NO))
    text = handling.phrase("linking.ask", other=_name(handling, other.channel), here=_name(handling, mine.channel))
    handling.say(Reply(text, kind="question", buttons=buttons))


def _say(handling: Handling, key: str, *, button: bool = False, **values: object) -> None:
    buttons = (Button(handling.phrase("linking.unlink_button"), "unlink"),) if button else ()
    handling.say(Reply(handling.phrase(f"linking.{key}", **values), kind="notice", buttons=buttons))


def _tell(handling: Handling, other: Conversation, key: str, *, button: bool = False) -> None:
    phrases, language = handling.rules.content.phrases, other.language
    here = name_of(phrases, handling.known.conversation.channel, language)
    buttons = (Button(phrases.get("linking.unlink_button", language), "unlink"),) if button else ()
    reply = Reply(phrases.get(f"linking.{key}", language, other=here), kind="notice", buttons=buttons)
    message = compose(reply, language, phrases=phrases)
    enqueue(
        handling.work,
        Place(other.id, other.channel),
        message,
        dedupe_key=f"{key}:{handling.known.row.id}:{other.id}",
        now=handling.rules.now,
    )


def _name(handling: Handling, channel: str) -> str:
    return name_of(handling.rules.content.phrases, channel, handling.known.conversation.language)


def name_of(phrases: Phrases, channel: str, language: Language) -> str:
    """Return what a channel is called."""
    return phrases.texts.get(f"linking.channel_{channel}", {}).get(language, channel)
