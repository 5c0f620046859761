"""Private chats: each message becomes an `Inbound` and is stored; commands become words, buttons what they mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.followup import reminders
from bot.handoff.cases import note_unreachable
from bot.inbox import conversations
from bot.languages import Language
from bot.linking.codes import code_in as linking_code_in
from bot.messages import Inbound
from bot.outbox.store import drop_waiting
from bot.outbox.waiting import received_at
from bot.scenes.codes import code_in
from connectors.telegram import group_rows
from connectors.telegram.group_rows import CHANNEL
from connectors.telegram.language import hinted
from connectors.telegram.tokens import Pressed, pressed, use_start
from connectors.telegram.updates import Command, Membership, Message, Press, command_in, standing, words_behind

# Commands that the inbox reads itself, as they are.
_READ_BY_INBOX = frozenset(["privacy", "mydata", "delete", "language", "link", "unlink"])
# Commands that are said in words of the person's language, as if they had been typed.
_WORDS = {
    "start": "telegram.word_start",
    "help": "telegram.word_help",
    "faq": "telegram.word_help",
    "nurse": "telegram.word_nurse",
}


# A thumb that trembles, or an update that comes twice.
PRESSED_ONCE = timedelta(minutes=1)


def inbound_of(message: Message, *, part: str = "") -> Inbound:
    """Return a message that is no command as the inbox takes it. A "/" in front is typed, never an order to the assistant.

    `part`: says of a message that is stored as two which one this is.
    """
    identity = f"album.{message.album}" if message.album else f"{message.message_id}.{message.update_id}{part}"
    return Inbound(
        channel=CHANNEL,
        external_id=identity,
        sender=str(message.user),
        text=message.text.lstrip("/／").strip() if command_of(message) is None else message.text,
        sent_at=message.sent_at,
        kind="edited" if message.edited else message.kind,
        language_hint=hinted(message.language_code),
        corrects=f"{message.message_id}." if message.edited else "",
    )


def command_of(message: Message) -> Command | None:
    """Return the command that the message is, or None: an unknown one, or one in an edited or forwarded text, is none."""
    command = command_in(message.text)
    if command is None or message.edited or message.kind != "text":
        return None
    if command.name == "link" and linking_code_in(command.rest):  # the inbox reads the code in the whole of it
        return None
    return command if command.name in _READ_BY_INBOX or command.name in _WORDS else None


class Private:
    """What happens in private chats."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def said(self, message: Inbound) -> None:
        """Store a message. Raises DatabaseProblem: Telegram must send it again."""
        await self._services.inbox.receive(message)

    async def commanded(self, message: Message, command: Command) -> None:
        """Store what a command says in words, in the language of the conversation or of the group that led here.

        What was written behind it is a message of its own and stored first: it may tell of danger, and a "yes" in it answers nothing.
        """
        words, now = words_behind(command).lstrip("/／").strip(), self._services.clock()
        if words:
            await self.said(inbound_of(replace(message, text=words), part=".words"))
        link = command.rest if command.name == "start" else ""
        chosen = await self._services.write(lambda work: _language(work, str(message.user), link, now=now))
        hint = hinted(message.language_code) or self._services.settings.language
        language = chosen or hint
        scene = code_in(link)
        text = "" if scene else f"/{command.name}"
        if command.name in _WORDS and not scene:
            text = self._services.content.current().phrases.get(_WORDS[command.name], language)
        await self._services.inbox.receive(
            Inbound(
                channel=CHANNEL,
                external_id=f"{message.message_id}.{message.update_id}",
                sender=str(message.user),
                text=text,
                sent_at=message.sent_at,
                language=language,
                kind="scan" if scene else "text",
                scene=scene,
            )
        )

    async def pressed(self, press: Press) -> Pressed | None:
        """Store what a button means; returns it, or None when it means nothing here. Twice the same is stored once.

        Pressed again later it does nothing, and must not be said to have worked: the person would wait.
        """
        sender = str(press.user)

        def look(work: Work) -> Pressed | None:
            known = conversations.of_sender(work, CHANNEL, sender)
            return None if known is None else pressed(work, known.id, press.data)

        meant = await self._services.read(look) if press.chat == press.user else None
        if meant is None:
            return None
        now = self._services.clock()
        receipt = await self._services.inbox.receive(
            Inbound(
                channel=CHANNEL,
                external_id=f"press.{press.data}",
                sender=sender,
                text=meant.title,
                sent_at=now,
                payload=meant.payload,
                kind="button",
            )
        )
        first = await self._services.read(lambda work: received_at(work, receipt.message_id)) if receipt.duplicate else now
        return meant if first is None or now - first < PRESSED_ONCE else None

    async def language_of(self, user: int) -> Language | None:
        """Return the language of this person's conversation, or None before the first message."""
        known = await self._services.read(lambda work: conversations.of_sender(work, CHANNEL, str(user)))
        return None if known is None else known.language

    async def lane_of(self, user: int) -> str:
        """Return the name of this person's lane in the outbox, "" before the first message."""
        known = await self._services.read(lambda work: conversations.of_sender(work, CHANNEL, str(user)))
        return "" if known is None else known.id

    async def address_of(self, conversation_id: str) -> int | None:
        """Return the chat of a conversation on Telegram, or None when it is on another channel or erased."""

        def look(work: Work) -> int | None:
            address = conversations.address(work, conversation_id, CHANNEL)
            return None if address is None else int(address)

        return await self._services.read(look)

    async def changed(self, change: Membership) -> None:
        """Give up what waits for somebody who has blocked us, write no reminders until they come back and write, and tell their nurse.

        Such notes have a queue of their own: one that is older than the person's latest words says nothing any more. Should it be
        true all the same, the next message to them finds out.
        """
        if standing(change.now) == "in":
            return
        now = self._services.clock()

        def give_up(work: Work) -> None:
            known = conversations.of_sender(work, CHANNEL, str(change.user))
            # Telegram tells whole seconds.
            if known is not None and known.last_at.replace(microsecond=0) <= change.at:
                conversations.leave(work, known.id, now=now)
                drop_waiting(work, conversation_id=known.id)
                reminders.nobody_there(work, known.id, now=now)
                note_unreachable(work, known.id, f"{known.id}:{change.at.timestamp():.0f}", now=now)

        await self._services.write(give_up)


def _language(work: Work, sender: str, link: str, *, now: datetime) -> Language | None:
    """Return the language of a conversation; of a new one that of the group whose link was followed, if it was a good one."""
    group_id = use_start(work, link, now=now) if link else None
    known = conversations.of_sender(work, CHANNEL, sender)
    if known is not None:
        return known.language
    group = None if group_id is None else group_rows.by_number(work, group_id)
    return None if group is None else group.language
