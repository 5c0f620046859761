"""What is written in a topic: internal, unless a nurse sends it on purpose. What is not sent and no note is not stored either.

To the patient goes a reply to the card or to a post with the patient's words, or what stands behind /r. Not a reply to a colleague, not
one to a line about colleagues, not what only seems to answer the note that began the topic, nothing that we do not remember.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Literal, Protocol

from telegram.error import TelegramError

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.duty.when import ago_in_words
from bot.handoff import edits, notes, replies
from bot.handoff.edits import Edit
from bot.handoff.problems import CaseProblem
from bot.inbox.late import is_late
from bot.languages import Language
from connectors.telegram.api import Api
from connectors.telegram.desk import rows
from connectors.telegram.desk.acting import Actor, Denied, actor_of, denied, done, person_of
from connectors.telegram.desk.receipts import TAKEN, WAITS
from connectors.telegram.desk.rows import Topic
from connectors.telegram.desk.updates import Post
from connectors.telegram.rendering import parts_of

NOTED = "✍"
REPLY, NOTE = ("r", "reply"), ("n", "note")
# Said to the same person about the same thing once in this time.
SAID_AGAIN_S = 600.0
MOST_KEPT = 1000
ONCE = frozenset({"not_enrolled", "anonymous"})

Way = Literal["reply", "note"]


class Mouth(Protocol):
    """How the desk answers somebody in a group, beside its work."""

    def answer(self, post: Post, key: str, language: Language | None, **values: object) -> None:
        """Say a phrase in reply to a message."""

    def react(self, post: Post, emoji: str) -> None:
        """Put a reaction under a message."""

    def beside(self, act: Coroutine[Any, Any, None]) -> None:
        """Let something run beside."""


def words_for(post: Post, way: Way) -> str:
    """Return what is to be sent or noted: what stands behind the command, or the whole reply."""
    command = post.command
    names = REPLY if way == "reply" else NOTE
    return command.rest if command is not None and command.name in names else post.text


def way_of(post: Post, kind: str) -> Way | None:
    """Return where a message goes: to the patient, to the notes, or (None) nowhere. `kind`: of the post that it answers. Pure."""
    if post.command is not None:
        return "reply" if post.command.name in REPLY else "note" if post.command.name in NOTE else None
    return {"post": "reply", "note": "note"}.get(kind)  # type: ignore[return-value]


class Relay:
    """Takes messages of topics."""

    def __init__(self, api: Api, services: Services, mouth: Mouth) -> None:
        self._api, self._services, self._mouth = api, services, mouth
        self._said: OrderedDict[tuple[int, str], float] = OrderedDict()

    async def heard(self, post: Post) -> int | None:
        """See to a message that is no other command; returns the case that it did something to. Raises DatabaseProblem."""
        if post.command is None and not post.answers:
            return None
        return await self._guarded(post, self._changed if post.edited else self._sent)

    async def _guarded(self, post: Post, act: Callable[[Post], Coroutine[Any, Any, int | None]]) -> int | None:
        try:
            return await act(post)
        except Denied as denied_:
            self.refuse(post, denied_)
            return None

    def refuse(self, post: Post, why: Denied) -> None:
        """Say why something was not done, the same to the same person not again and again."""
        key = (post.user, why.key)
        now = self._services.clock().timestamp()
        if why.key in ONCE and now - self._said.get(key, float("-inf")) < SAID_AGAIN_S:
            return
        self._said[key] = now
        while len(self._said) > MOST_KEPT:
            self._said.popitem(last=False)
        self._mouth.answer(post, f"deny_{why.key}", why.language, **why.values)

    async def _sent(self, post: Post) -> int | None:
        def act(work: Work) -> tuple[Way, int] | None:
            topic = rows.at(work, post.chat, post.thread)
            if topic is None or topic.case_id is None:
                self._nowhere(work, post)
                return None
            way = self._way(work, topic, post)
            if way is None:
                return None
            self._must_be_text(work, post)
            if way == "reply":
                self._must_be_of_now(work, post)
            actor = actor_of(work, post.user, topic.case_id, way, now=self._services.clock())
            (self._reply if way == "reply" else self._note)(work, actor, post)
            return way, topic.case_id

        did = await self._services.write(act)
        if did is None:
            return None
        self._mouth.react(post, TAKEN if did[0] == "reply" else NOTED)
        return did[1]

    def _nowhere(self, work: Work, post: Post) -> None:
        """Here is no case: that is said to who wanted to send something, and to nobody else."""
        if way_of(post, "") is not None:
            raise Denied("no_case_here", language=person_of(work, post.user).language)

    def _way(self, work: Work, topic: Topic, post: Post) -> Way | None:
        assert topic.case_id is not None
        answered = rows.link_of(work, topic.case_id, post.answers) if post.answers else None
        way = way_of(post, "" if answered is None else answered.receipt)
        to_us = way is not None or (post.command is None and bool(post.answers))
        if to_us and post.as_group:
            raise Denied("anonymous")
        if to_us and way is None:
            raise Denied("unknown_post", language=person_of(work, post.user).language)
        return way

    def _must_be_text(self, work: Work, post: Post) -> None:
        if post.has_media:
            raise Denied("only_text", language=person_of(work, post.user).language)
        if len(post.text) > replies.LONGEST:
            raise Denied("too_long", language=person_of(work, post.user).language)

    def _must_be_of_now(self, work: Work, post: Post) -> None:
        """What a nurse wrote before an outage may be wrong by now: she decides again."""
        written_at, now = post.written_at or self._services.clock(), self._services.clock()
        if is_late(written_at, now):
            language = person_of(work, post.user).language
            raise Denied("late", language=language, ago=ago_in_words(now - written_at, language))

    def _reply(self, work: Work, actor: Actor, post: Post) -> None:
        who, case = actor.person, actor.case
        phrases = self._services.content.current().phrases

        def do() -> int:
            return replies.reply(
                work,
                case.id,
                words_for(post, "reply"),
                who=who.handle,
                name=who.name,
                dedupe_key=key_of(work, post),
                now=actor.now,
                phrases=phrases,
            )

        number = done(work, actor, do, seen=True)
        rows.link(work, case.id, post.message_id, WAITS, now=actor.now, outbound_id=number)

    def _note(self, work: Work, actor: Actor, post: Post) -> None:
        who, text, key = actor.person.handle, words_for(post, "note"), key_of(work, post)
        done(work, actor, lambda: notes.add_note(work, actor.case.id, text, who=who, dedupe_key=key, now=actor.now), seen=True)

    async def _changed(self, post: Post) -> int | None:
        """A nurse has changed what she sent: so is what the patient reads, where the platform can."""
        edit = await self._services.write(lambda work: self._edit(work, post))
        if edit is None or edit.fate == "same":
            return None
        if edit.fate in ("late", "cannot"):
            language = await self._services.read(lambda work: person_of(work, post.user).language)
            raise Denied(f"edit_{edit.fate}", language=language)
        if edit.fate == "sent":
            self._mouth.beside(self._change_there(post, edit))
        return edit.case_id

    def _edit(self, work: Work, post: Post) -> Edit | None:
        topic = rows.at(work, post.chat, post.thread)
        link = None if topic is None or topic.case_id is None else rows.link_of(work, topic.case_id, post.message_id)
        if link is None and topic is not None and way_of(post, "") == "reply":
            raise Denied("edit_new", language=person_of(work, post.user).language)
        if link is None or link.outbound_id is None:
            return None  # it was internal
        actor = actor_of(work, post.user, link.case_id, "reply", now=self._services.clock())
        phrases, who = self._services.content.current().phrases, actor.person
        try:
            edit = edits.look(work, link.outbound_id, words_for(post, "reply"), who=who.handle, name=who.name, now=actor.now,
                              phrases=phrases)  # fmt: skip
        except CaseProblem as problem:
            raise denied(work, problem, who) from None
        if edit.fate == "unsent":
            done(work, actor, lambda: edits.store(work, edit, who=who.handle, now=actor.now), seen=True)
        return edit

    async def _change_there(self, post: Post, edit: Edit) -> None:
        parts = parts_of(edit.content)
        if len(parts) != 1:
            self._mouth.answer(post, "deny_edit_cannot", None)
            return
        try:
            await self._api.bot.edit_message_text(parts[0].text, int(edit.recipient), int(edit.platform_id))
        except TelegramError as failure:
            if "not modified" not in str(failure).casefold():
                self._mouth.answer(post, "deny_edit_cannot", None)
                return
        now = self._services.clock()

        def keep(work: Work) -> None:
            actor = actor_of(work, post.user, edit.case_id, "reply", now=now)
            done(work, actor, lambda: edits.store(work, edit, who=actor.person.handle, now=now), seen=True)

        await self._services.write(keep)
        self._mouth.react(post, NOTED)


def key_of(work: Work, post: Post) -> str:
    """Return the key under which a message of a topic does something once, without ids of the platform."""
    return f"tg:{work.cipher.lookup('desk-post', str(post.chat), str(post.message_id))[:40]}"
