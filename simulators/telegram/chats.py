"""What a person, a chat and a pressed button are in the simulated Telegram."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# What an admin of a group may be allowed; each of the first is always told, the others where they mean something.
TOLD = (
    *(
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
    ),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories"),
)
ALL_RIGHTS = frozenset({"can_manage_chat", "can_delete_messages", "can_manage_topics", "can_pin_messages", "can_invite_users"})


@dataclass
class Person:
    """Somebody with Telegram. `started`: has written to the bot, so that it may write back."""

    id: int
    name: str
    language_code: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def json(self) -> Json:
        """Return the User object."""
        user = {"id": self.id, "is_bot": False, "first_name": self.name}
        return {**user, "language_code": self.language_code} if self.language_code else user


@dataclass
class Chat:
    """A private chat (its id is the person's) or a group. `bot`: the bot's status in it, `rights`: as an admin there.

    `members`: people whose standing is not what `admins` says: left, kicked. `reactions`: of the bot, by message.
    """

    id: int
    type: str
    title: str = ""
    admins: set[int] = field(default_factory=set)
    bot: str = "left"
    rights: set[str] = field(default_factory=lambda: set(ALL_RIGHTS))
    members: dict[int, str] = field(default_factory=dict)
    forum: bool = False
    topics: dict[int, str] = field(default_factory=dict)  # open | closed, by the number of the message that began it
    names: dict[int, str] = field(default_factory=dict)  # of topics
    reactions: dict[int, str] = field(default_factory=dict)
    moved_to: int = 0
    messages: list[Json] = field(default_factory=list)
    last_bot_spoke: bool = True  # it is the only bot here

    def message(self, number: int) -> Json | None:
        """Return the message with this number, or None."""
        return next((message for message in reversed(self.messages) if message["message_id"] == number), None)


@dataclass
class Query:
    """A pressed button that waits for its answer."""

    user: int
    at: float
    answered: bool = False
    text: str = ""
