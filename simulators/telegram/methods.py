"""The methods of the Bot API, with Telegram's checks and words. What is not here is refused, and a test fails by it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from simulators.telegram.chats import Chat, Json
from simulators.telegram.delivery import Delivery
from simulators.telegram.errors import ApiError, bad_request, forbidden
from simulators.telegram.forum_methods import ForumMethods, thread_of
from simulators.telegram.limits import Limits
from simulators.telegram.markup import check_entity, markup_of
from simulators.telegram.parameters import Parameters
from simulators.telegram.photos import Photos
from simulators.telegram.world import QUERY_LASTS_S, World, utf16_length

LONGEST_TEXT, LONGEST_RAW, LONGEST_TOAST = 4096, 32768, 200
_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
                     "chat_member"})  # fmt: skip


class Methods:
    """What the bot can call. `all` maps names to handlers."""

    def __init__(self, world: World, delivery: Delivery, limits: Limits) -> None:
        self._world, self._delivery, self.limits = world, delivery, limits
        self.menus: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.texts: dict[tuple[str, str], str] = {}  # descriptions, by name and language
        self.typing: list[int] = []
        self.photos = Photos()
        self.all: dict[str, Callable[[Parameters], Awaitable[Any]]] = {
            "getMe": self.get_me,
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
            "sendMessage": self.send_message,
            "sendPhoto": self.send_photo,
            "editMessageText": self.edit_message_text,
            "editMessageReplyMarkup": self.edit_message_reply_markup,
            "deleteMessage": self.delete_message,
            "sendChatAction": self.send_chat_action,
            "answerCallbackQuery": self.answer_callback_query,
            "getChat": self.get_chat,
            "getChatMember": self.get_chat_member,
            "getChatAdministrators": self.get_chat_administrators,
            "leaveChat": self.leave_chat,
            "setMyCommands": self.set_my_commands,
            "deleteMyCommands": self.delete_my_commands,
            "getMyCommands": self.get_my_commands,
            "setMyDescription": self.set_my_description,
            "setMyShortDescription": self.set_my_short_description,
            "setMyName": self.set_my_name,
            **ForumMethods(world, limits, self._open_chat).all,
        }

    async def get_me(self, _: Parameters) -> Json:
        """Return the bot."""
        can = {"can_join_groups": True, "can_read_all_group_messages": self._world.reads_all, "supports_inline_queries": False}
        return {**self._world.bot, **can, "can_connect_to_business": False, "has_main_web_app": False}

    async def get_updates(self, values: Parameters) -> list[Json]:
        """Long polling."""
        limit = int(values.get("limit", 100))
        if not 1 <= limit <= 100:
            raise bad_request("limit must be between 1 and 100")
        if "allowed_updates" in values:
            self._delivery.webhook.allowed = frozenset(values["allowed_updates"]) or None
        return await self._delivery.poll(int(values.get("offset", 0)), limit, float(values.get("timeout", 0)))

    async def set_webhook(self, values: Parameters) -> bool:
        """Set the webhook."""
        self._delivery.set_webhook(values)
        return True

    async def delete_webhook(self, _: Parameters) -> bool:
        """Remove the webhook; what it allowed stays."""
        self._delivery.webhook.url = ""
        return True

    async def get_webhook_info(self, _: Parameters) -> Json:
        """Return the webhook."""
        return self._delivery.info()

    async def send_message(self, values: Parameters) -> Json:
        """Send a text."""
        chat = self._open_chat(values)
        fields = self._text(values)
        thread, answered = thread_of(chat, values), self._answered(chat, values)
        if values.get("protect_content") is True:
            fields["has_protected_content"] = True
        self.limits.take(chat.id)
        return self._world.bot_says(chat, fields, thread=thread, reply_to=answered)

    async def send_photo(self, values: Parameters) -> Json:
        """Send a picture."""
        chat = self._open_chat(values)
        fields = self.photos.take(values)
        if markup := markup_of(values):
            fields["reply_markup"] = markup
        self.limits.take(chat.id)
        return self._world.bot_says(chat, fields, thread=thread_of(chat, values), reply_to=self._answered(chat, values))

    async def edit_message_text(self, values: Parameters) -> Json:
        """Change the text of an own message."""
        chat, message = self._own(values)
        fields = self._text(values)
        if message.get("text") == fields["text"] and message.get("reply_markup") == fields.get("reply_markup"):
            raise bad_request(_NOT_MODIFIED)
        self.limits.take(chat.id)
        for name in ("entities", "reply_markup"):  # what is not named again is gone
            message.pop(name, None)
        return self._edited(message, fields)

    async def edit_message_reply_markup(self, values: Parameters) -> Json:
        """Change the buttons of an own message."""
        chat, message = self._own(values)
        markup = markup_of(values)
        if message.get("reply_markup") == markup:
            raise bad_request(_NOT_MODIFIED)
        self.limits.take(chat.id)
        message.pop("reply_markup", None)
        return self._edited(message, {"reply_markup": markup} if markup else {})

    async def delete_message(self, values: Parameters) -> bool:
        """Remove an own message."""
        chat, message = self._own(values)
        chat.messages.remove(message)
        self._world.changed()
        return True

    async def send_chat_action(self, values: Parameters) -> bool:
        """Show "typing"."""
        if values.get("action") != "typing":
            raise bad_request("wrong parameter action in request")
        self.typing.append(self._open_chat(values).id)
        return True

    async def answer_callback_query(self, values: Parameters) -> bool:
        """Answer a pressed button, once and in time."""
        query = self._world.queries.get(str(values.get("callback_query_id")))
        if query is None or query.answered or self._world.clock.now() - query.at > QUERY_LASTS_S:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        text = str(values.get("text", ""))
        if len(text) > LONGEST_TOAST:
            raise bad_request("MESSAGE_TOO_LONG")
        query.answered, query.text = True, text
        self._world.changed()
        return True

    async def get_chat(self, values: Parameters) -> Json:
        """Return a chat."""
        chat = self._chat(values)
        if chat.type != "private":
            self._open_chat(values)
        known = {**self._world.chat_json(chat), "accent_color_id": 0, "max_reaction_count": 11}
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        return {**known, "accepted_gift_types": dict.fromkeys(gifts, False)}

    async def get_chat_member(self, values: Parameters) -> Json:
        """Return somebody's standing in a group."""
        chat = self._open_chat(values)
        number = int(values["user_id"])
        if number == self._world.bot["id"]:
            return self._world.member(self._world.bot, chat.bot, chat.rights)
        person = self._world.people.get(number)
        if person is None:
            raise bad_request("PARTICIPANT_ID_INVALID")
        return self._world.member(person.json(), self._world.standing(chat, person))

    async def get_chat_administrators(self, values: Parameters) -> list[Json]:
        """Return the admins of a group, without other bots."""
        chat = self._open_chat(values)
        admins = [self._world.people[number] for number in sorted(chat.admins)]
        return [self._world.member(person.json(), self._world.standing(chat, person)) for person in admins]

    async def leave_chat(self, values: Parameters) -> bool:
        """Leave a group."""
        self._open_chat(values).bot = "left"
        return True

    async def set_my_commands(self, values: Parameters) -> bool:
        """Set a menu."""
        commands = values.get("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise bad_request("can't parse commands list")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[self._scope(values), _language(values)] = commands
        return True

    async def delete_my_commands(self, values: Parameters) -> bool:
        """Remove a menu."""
        self.menus.pop((self._scope(values), _language(values)), None)
        return True

    async def get_my_commands(self, values: Parameters) -> list[Json]:
        """Return a menu."""
        return self.menus.get((self._scope(values), _language(values)), [])

    async def set_my_description(self, values: Parameters) -> bool:
        """Set what stands in an empty chat."""
        return self._set_text("description", values, 512)

    async def set_my_short_description(self, values: Parameters) -> bool:
        """Set what stands on the profile."""
        return self._set_text("short_description", values, 120)

    async def set_my_name(self, values: Parameters) -> bool:
        """Set the name."""
        return self._set_text("name", values, 64)

    def _set_text(self, name: str, values: Parameters, most: int) -> bool:
        text = str(values.get(name, ""))
        if len(text) > most:
            raise bad_request(f"{name} is too long")
        self.texts[name, _language(values)] = text
        return True

    def _scope(self, values: Parameters) -> str:
        scope = values.get("scope", {"type": "default"})
        if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
            raise bad_request("can't parse BotCommandScope: Unsupported type specified")
        kind = str(scope["type"])
        return f"{kind}:{self._chat(scope).id}" if kind.startswith("chat") else kind

    def _chat(self, values: Parameters) -> Chat:
        number = values.get("chat_id")
        chat = self._world.chats.get(number) if isinstance(number, int) else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _open_chat(self, values: Parameters) -> Chat:
        """Return a chat in which the bot may write."""
        chat = self._chat(values)
        if chat.moved_to:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
        if chat.type == "private":
            person = self._world.people[chat.id]
            if person.deactivated:
                raise forbidden("user is deactivated")
            if person.blocked:
                raise forbidden("bot was blocked by the user")
            if not person.started:
                raise forbidden("bot can't initiate conversation with a user")
        elif chat.bot == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        elif chat.bot not in ("member", "administrator"):
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def _answered(self, chat: Chat, values: Parameters) -> int:
        """Return the message that is answered, 0: none."""
        wanted = values.get("reply_parameters") or {}
        number = int(wanted.get("message_id", 0))
        if number and chat.message(number) is None:
            if wanted.get("allow_sending_without_reply") is True:
                return 0
            raise bad_request("message to be replied not found")
        return number

    def _text(self, values: Parameters) -> Json:
        text = values.get("text")
        if not isinstance(text, str) or not text.strip():
            raise bad_request("message text is empty")
        if len(text.encode("utf-8", "replace")) > LONGEST_RAW or utf16_length(text) > LONGEST_TEXT:
            raise bad_request("message is too long")
        if "parse_mode" in values:
            raise bad_request("can't parse entities: parse modes are refused here, words of patients stand in the texts")
        entities = values.get("entities", [])
        for entity in entities:
            check_entity(entity, utf16_length(text))
        markup = markup_of(values)
        return {"text": text, **({"entities": entities} if entities else {}), **({"reply_markup": markup} if markup else {})}

    def _own(self, values: Parameters) -> tuple[Chat, Json]:
        chat = self._open_chat(values)
        message = chat.message(int(values.get("message_id", 0)))
        if message is None:
            raise bad_request("message to edit not found")
        if message["from"]["id"] != self._world.bot["id"]:
            raise bad_request("message can't be edited")
        return chat, message

    def _edited(self, message: Json, fields: Json) -> Json:
        message |= {**fields, "edit_date": int(self._world.clock.now())}
        self._world.changed()
        return message


_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


def _language(values: Parameters) -> str:
    code = values.get("language_code", "")
    if code and not re.fullmatch(r"[a-z]{2}", str(code)):
        raise bad_request("LANGUAGE_CODE_INVALID")
    return str(code)


def not_found() -> ApiError:
    """Return what is said of an unknown method."""
    return ApiError(404, "Not Found")
