"""All tables. Columns named `sealed` hold encrypted JSON; no other column holds words, names or platform ids."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator):  # type: ignore[type-arg]
    """An aware UTC datetime, also on SQLite, which forgets the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse a naive time: it would be off by the server's zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the zone back that SQLite dropped."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite counts only INTEGER PRIMARY KEY up by itself.
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> Any:
    # Every table says sqlite_autoincrement (see the end): a number that was erased must never be given again.
    return sa.Column("id", BigId, primary_key=True, autoincrement=True)


def _conversation(*, index: bool = True) -> Any:
    return sa.Column(
        "conversation_id", sa.String(32), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=index
    )


def _patient() -> Any:
    return sa.Column("patient_id", sa.String(32), sa.ForeignKey("patient.id", ondelete="CASCADE"), nullable=False, index=True)


def _case() -> Any:
    return sa.Column("case_id", BigId, sa.ForeignKey("care_case.id", ondelete="CASCADE"), nullable=False, index=True)


def _staff() -> Any:
    return sa.Column("staff_id", BigId, sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True)


def _time(name: str, *, nullable: bool = False, index: bool = False) -> Any:
    return sa.Column(name, UtcDateTime, nullable=nullable, index=index)


def _sealed(*, nullable: bool = False) -> Any:
    return sa.Column("sealed", sa.LargeBinary, nullable=nullable)


patient = sa.Table(
    "patient",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    _time("created_at"),
    sa.Column("zone", sa.String(48), nullable=False, server_default=""),  # IANA time zone; "": the hospital's
    sa.Column("quiet", sa.String(11), nullable=False, server_default=""),  # 21:00-08:00; "": the usual hours
    _time("no_reminders_at", nullable=True),  # said "stop", or has died: nothing is sent any more but answers
    sa.Column("no_reminders_because", sa.String(16), nullable=True),  # asked | died | moved
)

identity = sa.Table(
    "identity",
    metadata,
    _id(),
    _patient(),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of channel and platform id
    _sealed(),  # the platform id
    sa.UniqueConstraint("patient_id", "channel"),  # one person is one address on a channel: whom would we write to else?
)

profile = sa.Table(
    "profile", metadata, _id(), _patient(), _time("at"), _sealed()
)  # who, age, sex, pregnant: of the last guidance

consent = sa.Table(
    "consent",
    metadata,
    _id(),
    _patient(),
    sa.Column("version", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # granted | refused | revoked
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    _time("at"),
)

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    _patient(),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of channel, person and group
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("region", sa.String(2), nullable=False),
    sa.Column("region_known", sa.Boolean, nullable=False),  # False: assumed from the home hospital
    sa.Column("level_floor", sa.String(4), nullable=False),  # of the open episode: it only rises
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("greeted", sa.Boolean, nullable=False),  # the full disclaimer was given
    sa.Column("told_waiting", sa.Boolean, nullable=False),  # "one moment" was said in this outage
    sa.Column("asked_to_erase", BigId, nullable=False),  # the message that asked; the next one, if "yes", erases. 0: none
    # The message that held a code; the next one, if "yes", makes one person of two chats. 0: none
    sa.Column("asked_to_link", BigId, nullable=False, server_default="0"),
    sa.Column("reminded", sa.Boolean, nullable=False, server_default=sa.false()),  # they get reminders: "stop" alone ends them
    # The check-in whose question an answer may answer. 0: none
    sa.Column("asked_checkin", BigId, nullable=False, server_default="0"),
    # The code of the department or ward whose poster led here, opaque; "": none
    sa.Column("scene", sa.String(32), nullable=False, server_default=""),
    _time("created_at"),
    _time("last_at", index=True),
    _time("awaited_until", nullable=True),  # until then a request of the platform waits for what is said; the worker leaves it
    _time("erase_after", nullable=True, index=True),  # the person has left: erased then, before the retention ends
    _time("blocked_at", nullable=True),  # the staff does not read it any more, but for alarms
    sa.Column("blocked_by", sa.String(64), nullable=True),
    # Since then a nurse has talked with this person, and the bot has not answered: what it had asked is stale
    _time("nurse_since", nullable=True),
)

# A group that the bot is in. Nothing that is written in it is kept: only how the bot has to speak there.
chat_group = sa.Table(
    "chat_group",
    metadata,
    _id(),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of channel and platform id
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("topics", sa.String(256), nullable=False),  # categories of questions answered there; "": all
    sa.Column("state", sa.String(16), nullable=False),  # active | left
    _time("created_at"),
    _sealed(),  # the platform id
)

# Tokens that work once and were used, until they would have ended anyway.
used_token = sa.Table(
    "used_token",
    metadata,
    _id(),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),
    _time("expires_at", index=True),
)

# A code with which a person makes one of two chats: shown in `conversation_id`, typed in `typed_in`.
link_code = sa.Table(
    "link_code",
    metadata,
    _id(),
    _conversation(),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of the code
    _time("expires_at", index=True),
    sa.Column("typed_in", sa.String(32), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=True, index=True),
)

# Codes that were none. They outlive who typed them: erasing oneself gives nobody new tries.
link_try = sa.Table(
    "link_try",
    metadata,
    _id(),
    sa.Column("patient_id", sa.String(32), sa.ForeignKey("patient.id", ondelete="SET NULL"), nullable=True, index=True),
    _time("at", index=True),
)

# Whom the staff had blocked when they were erased: nothing else stays of them, and this not longer than what is kept of others.
kept_block = sa.Table(
    "kept_block",
    metadata,
    _id(),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # as in identity
    _time("at", index=True),
)

inbound = sa.Table(
    "inbound",
    metadata,
    _id(),
    _conversation(index=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("external_id", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # received | held | handled | failed
    sa.Column("attempts", sa.Integer, nullable=False),
    _time("received_at"),
    _time("not_before", nullable=True),
    _sealed(nullable=True),  # {text, payload}; blanked: NULL
    sa.UniqueConstraint("channel", "external_id"),
    sa.Index("ix_inbound_conversation_state", "conversation_id", "state", "id"),
    sa.Index("ix_inbound_state", "state", "id"),
)

outbound = sa.Table(
    "outbound",
    metadata,
    _id(),  # the number under which a page catches up
    # To a person or to a group, one of the two.
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=True),
    sa.Column("chat_group_id", BigId, sa.ForeignKey("chat_group.id", ondelete="CASCADE"), nullable=True),
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    sa.Column("priority", sa.Integer, nullable=False),  # 0 first
    sa.Column("author", sa.String(8), nullable=False),  # bot | nurse
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("at_most_once", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # pending | sending | sent | dead | parked: until the person writes
    sa.Column("tries", sa.Integer, nullable=False),
    _time("not_before"),
    _time("lease_until", nullable=True),
    _time("expires_at", nullable=True),
    _time("created_at"),
    _time("sent_at", nullable=True),
    sa.Column("platform_id", sa.String(128), nullable=True),  # of a message in parts: of those that arrived, with commas
    sa.Column("problem", sa.String(64), nullable=True),  # class of the last send error, never its text
    _sealed(),  # {text, buttons, card, language}
    sa.Index("ix_outbound_conversation", "conversation_id", "id"),
    sa.Index("ix_outbound_chat_group", "chat_group_id", "id"),
    sa.Index("ix_outbound_waiting", "state", "priority", "id"),  # the order in which it is sent
)

assessment = sa.Table(
    "assessment",
    metadata,
    _id(),
    _conversation(),
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    sa.Column("level", sa.String(4), nullable=False),
    sa.Column("departments", sa.String(128), nullable=False),
    sa.Column("content_version", sa.String(64), nullable=False),
    # Only one of the two readers heard an emergency.
    sa.Column("disagreement", sa.Boolean, nullable=False, server_default=sa.false()),
    _time("at"),
    _sealed(),  # the trace: findings, rules, words
)

# An escalation. One is open for each person, in the conversation in which they wrote last.
care_case = sa.Table(
    "care_case",
    metadata,
    _id(),
    _conversation(),
    _patient(),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("level", sa.String(4), nullable=False),
    sa.Column("crisis", sa.Boolean, nullable=False),
    sa.Column(
        "risk", sa.Integer, nullable=False, server_default="4"
    ),  # 0 first: crisis and E1, E2, U, R, INFO; the order of the queue
    sa.Column("state", sa.String(32), nullable=False),  # waiting | claimed | waiting_for_patient | closed
    sa.Column("claimed_by", sa.String(64), nullable=True),  # handle of the staff
    _time("lease_until", nullable=True),
    sa.Column("assigned_to", sa.String(64), nullable=True),  # handle: it is theirs to claim, others still may
    sa.Column("team", sa.String(32), nullable=False, server_default=""),
    sa.Column("department", sa.String(16), nullable=False, server_default=""),  # the first the bot thought of
    sa.Column("language", sa.String(8), nullable=False, server_default=""),
    _time("opened_at"),
    _time("waiting_since", nullable=True),  # the first words of the patient that no person has answered; NULL: none
    _time("first_reply_at", nullable=True),
    _time("due_at", nullable=True),  # when a person has to have answered; NULL: nobody waits
    _time("warned_at", nullable=True),  # that `due_at` comes near
    _time("snoozed_until", nullable=True),
    _time("closed_at", nullable=True),
    sa.Column("outcome", sa.String(32), nullable=True),
    sa.Column("outcome_department", sa.String(16), nullable=True),  # the right one, as the nurse says
    _sealed(nullable=True),  # the trace
    sa.Index("ix_care_case_queue", "state", "risk", "waiting_since", "id"),
    sa.Index("ix_care_case_claimed_by", "claimed_by", "state"),
    sa.Index("ix_care_case_due_at", "state", "due_at"),
    sa.Index("ix_care_case_closed_at", "state", "closed_at", "id"),
)
sa.Index(
    "uq_care_case_open",
    care_case.c.patient_id,
    unique=True,
    sqlite_where=care_case.c.state != "closed",
    postgresql_where=care_case.c.state != "closed",
)

case_event = sa.Table(
    "case_event",
    metadata,
    _id(),
    sa.Column("case_id", BigId, sa.ForeignKey("care_case.id", ondelete="CASCADE"), nullable=False),
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    sa.Column("what", sa.String(32), nullable=False),  # opened | raised | message | claimed | reply | released | closed | …
    sa.Column("who", sa.String(64), nullable=False),
    _time("at"),
    _sealed(nullable=True),
    # The last event of a case, and the last of one kind, are found without reading the others.
    sa.Index("ix_case_event_case_id", "case_id", "id"),
    sa.Index("ix_case_event_what", "case_id", "what", "id"),
)

# What colleagues read and patients never: a table of its own, so that nothing that sends can take it for a message.
case_note = sa.Table(
    "case_note",
    metadata,
    _id(),
    _case(),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    _time("at"),
    _sealed(),  # {text}
)

# What somebody is writing and has not sent.
case_draft = sa.Table(
    "case_draft",
    metadata,
    _id(),
    _case(),
    _staff(),
    sa.Column("mode", sa.String(8), nullable=False),  # reply | note
    _time("at"),
    _sealed(),  # {text}
    sa.UniqueConstraint("case_id", "staff_id", "mode"),
)

# A reply to be sent later. It is looked at again then: the case may be closed, the window of the platform too.
scheduled_reply = sa.Table(
    "scheduled_reply",
    metadata,
    _id(),
    _case(),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # waiting | sent | cancelled | refused
    sa.Column("problem", sa.String(64), nullable=True),
    _time("due_at"),
    _time("created_at"),
    _sealed(),  # {text}
    sa.Index("ix_scheduled_reply_due", "state", "due_at"),
)

# Who has a case open, and who is writing. It ends by itself.
presence = sa.Table(
    "presence",
    metadata,
    _id(),
    _case(),
    _staff(),
    sa.Column("state", sa.String(8), nullable=False),  # viewing | idle | typing
    _time("until", index=True),
    sa.UniqueConstraint("case_id", "staff_id"),
)

# A person of the staff. `handle` is what they log in with and what events, claims and audit lines say.
staff = sa.Table(
    "staff",
    metadata,
    _id(),
    sa.Column("handle", sa.String(64), nullable=False, unique=True),
    sa.Column("role", sa.String(16), nullable=False),  # nurse | lead | admin | auditor | editor
    sa.Column("state", sa.String(16), nullable=False),  # invited | active | disabled
    sa.Column("teams", sa.String(256), nullable=False),  # ids, with commas
    sa.Column("languages", sa.String(64), nullable=False),  # they can answer in, with commas
    sa.Column("language", sa.String(8), nullable=False),  # of their pages
    sa.Column("studio", sa.String(64), nullable=False, server_default=""),  # what was granted in the studio, with commas
    sa.Column("password", sa.String(256), nullable=True),  # Argon2 hash; NULL: not set yet
    sa.Column("duty", sa.String(8), nullable=False),  # off | on | break
    _time("duty_since", nullable=True),
    _time("duty_until", nullable=True),  # the end of the shift, by itself
    sa.Column("telegram_lookup", sa.String(64), nullable=True, unique=True),  # keyed hash of their Telegram id
    _time("created_at"),
    _time("seen_at", nullable=True),
    _sealed(),  # {name, email, telegram, totp, used_code, preferences}
)

# What lets somebody in once: an invitation, a new password, a link from Telegram.
staff_token = sa.Table(
    "staff_token",
    metadata,
    _id(),
    _staff(),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of the token
    sa.Column("kind", sa.String(16), nullable=False),  # invite | reset | telegram
    _time("created_at"),
    _time("expires_at", index=True),
    _time("used_at", nullable=True),
)

staff_session = sa.Table(
    "staff_session",
    metadata,
    _id(),
    _staff(),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of the cookie's token
    sa.Column("locked", sa.Boolean, nullable=False),  # idle for too long: the password opens it again
    _time("created_at"),
    _time("seen_at"),
    _time("expires_at", index=True),
)

# Passwords and codes that were wrong, until they count no more.
login_failure = sa.Table(
    "login_failure",
    metadata,
    _id(),
    sa.Column("lookup", sa.String(64), nullable=False),  # keyed hash of the handle or the address
    _time("at", index=True),
    sa.Index("ix_login_failure_lookup_at", "lookup", "at"),
)

# Somebody looked into a case that was not theirs to see, and said why.
broken_glass = sa.Table(
    "broken_glass",
    metadata,
    _id(),
    _case(),
    _staff(),
    _time("at"),
    _time("until"),
    _sealed(),  # {reason}
)

# A text of one nurse's own, or of a team; the reviewed ones are a pack.
snippet = sa.Table(
    "snippet",
    metadata,
    _id(),
    sa.Column("shortcut", sa.String(32), nullable=False),
    sa.Column("staff_id", BigId, sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=True, index=True),  # NULL: of the team
    sa.Column("team", sa.String(32), nullable=False),  # "": of all
    sa.Column("approved_by", sa.String(64), nullable=True),
    sa.Column("texts", sa.JSON, nullable=False),  # {language: text}; no words of patients
    _time("at"),
)

# How often a snippet was put into a reply. `shortcut`: also of those of the pack.
snippet_use = sa.Table(
    "snippet_use",
    metadata,
    _id(),
    sa.Column("shortcut", sa.String(32), nullable=False, unique=True),
    sa.Column("used", BigId, nullable=False),
)

# How far a conversation with a case is indexed.
search_mark = sa.Table(
    "search_mark",
    metadata,
    _id(),
    sa.Column(
        "conversation_id", sa.String(32), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, unique=True
    ),
    sa.Column("inbound_id", BigId, nullable=False),
    sa.Column("outbound_id", BigId, nullable=False),
    sa.Column("note_id", BigId, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),  # of the key and of how words are read; another one: begin again
)

# Where a keyed hash of a word, or of two characters, stands. Words themselves are nowhere but in the sealed messages.
search_token = sa.Table(
    "search_token",
    metadata,
    sa.Column("token", sa.BigInteger, primary_key=True, autoincrement=False),
    # When it was said, in seconds, and then which message (bot.handoff.refs): the newest have the greatest.
    sa.Column("ref", sa.BigInteger, primary_key=True, autoincrement=False),
    # A number instead of the conversation's long name: there are twenty rows for each message.
    sa.Column("mark_id", BigId, sa.ForeignKey("search_mark.id", ondelete="CASCADE"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

# The topic of a case in a staff group of Telegram.
desk_topic = sa.Table(
    "desk_topic",
    metadata,
    _id(),
    # NULL: the case was erased; the topic still has to be deleted there.
    sa.Column("case_id", BigId, sa.ForeignKey("care_case.id", ondelete="SET NULL"), nullable=True, unique=True),
    sa.Column("state", sa.String(16), nullable=False),  # wanted | direct: wanted, nurses were told directly | open | closed
    sa.Column("thread", BigId, nullable=True),
    sa.Column("lookup", sa.String(64), nullable=True, unique=True),  # keyed hash of group and thread
    sa.Column("card", BigId, nullable=True),  # number of the card's message
    sa.Column("told_event", BigId, nullable=False),  # the last event of the case that the topic shows
    sa.Column("told_inbound", BigId, nullable=False),  # the last message of the patient that the topic shows
    sa.Column("tries", sa.Integer, nullable=False),
    _time("not_before"),
    _time("lease_until", nullable=True),
    _sealed(),  # {chat, head, upto, quiet}: see connectors.telegram.desk.rows
)

# Which message in a topic is which message of the patient's chat, both ways: edits and receipts find each other.
desk_message = sa.Table(
    "desk_message",
    metadata,
    _id(),
    _case(),
    sa.Column("desk_id", BigId, nullable=False, index=True),  # of the message in the staff group
    sa.Column("inbound_id", BigId, nullable=True),
    sa.Column("outbound_id", BigId, nullable=True, index=True),
    # Of a nurse's message: wait, then sent or failed, as she was shown. Of ours: post, a reply to it goes to the patient; note,
    # a reply to it is a note.
    sa.Column("receipt", sa.String(16), nullable=False),
    _time("at"),
    sa.Index("ix_desk_message_receipt", "receipt", "id"),
)

faq_feedback = sa.Table(
    "faq_feedback",
    metadata,
    _id(),
    _conversation(),
    sa.Column("entry", sa.String(64), nullable=False, index=True),
    sa.Column("helpful", sa.Boolean, nullable=True),  # NULL: shown, not judged
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    _time("at"),
)

unanswered = sa.Table(
    "unanswered",
    metadata,
    _id(),
    _conversation(),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    _time("at"),
    _sealed(),  # the question
)

# The access token of an account of Tencent's: fetched by one process at a time, used by all.
access_token = sa.Table(
    "access_token",
    metadata,
    _id(),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of the account
    _time("expires_at", nullable=True),
    _time("fetched_at", nullable=True),
    _time("lease_until", nullable=True),  # somebody is fetching
    _sealed(nullable=True),  # the token
)

# An account of WeCom's customer service (微信客服): how far its messages were fetched, and whether there are more.
kf_account = sa.Table(
    "kf_account",
    metadata,
    _id(),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of the account
    _time("due_at", nullable=True, index=True),  # when to fetch next; NULL: on the next round
    _time("lease_until", nullable=True),  # somebody is fetching: one at a time, since there is one cursor
    sa.Column("calls", BigId, nullable=False),  # of the platform: one that comes while fetching must not be forgotten
    _sealed(),  # {account, cursor, token, token_at}
)

# What WeCom lets us write in a conversation: so many messages in so long after the person's own, and only in some states.
kf_session = sa.Table(
    "kf_session",
    metadata,
    _id(),
    sa.Column(
        "conversation_id", sa.String(32), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, unique=True
    ),
    _time("wrote_at"),  # the person's last message
    sa.Column("used", sa.Integer, nullable=False),  # messages of ours since then
    sa.Column("counted", sa.String(32), nullable=False),  # our id of the latest: tried again it is not counted again
    sa.Column("service_state", sa.Integer, nullable=False),  # 0 new, 1 bot, 2 queue of the staff, 3 staff, 4 ended
)

# What the staff is told outside the desk: that there is an urgent case, and nothing about it.
staff_notice = sa.Table(
    "staff_notice",
    metadata,
    _id(),
    # Of what is not about one case: NULL.
    sa.Column("case_id", BigId, sa.ForeignKey("care_case.id", ondelete="CASCADE"), nullable=True, index=True),
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    sa.Column("level", sa.String(4), nullable=False),
    sa.Column("crisis", sa.Boolean, nullable=False),
    sa.Column("via", sa.String(16), nullable=False, server_default="group"),  # group (robots) | telegram | email | desk
    sa.Column("what", sa.String(16), nullable=False, server_default="urgent"),  # see bot.duty.ladder
    # Whom; NULL: the groups.
    sa.Column("staff_id", BigId, sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=True, index=True),
    sa.Column("state", sa.String(16), nullable=False),  # pending | sent | dead
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("told", sa.String(160), nullable=False),  # places of the groups that were told, with commas
    _time("not_before"),
    _time("lease_until", nullable=True),
    _time("created_at", index=True),
    sa.Index("ix_staff_notice_due", "state", "not_before"),
)

# A patient takes part in a plan, or has asked for a reminder of their own (`plan` is "own").
plan_enrolment = sa.Table(
    "plan_enrolment",
    metadata,
    _id(),
    _patient(),
    _conversation(),  # where they are written to
    sa.Column("plan", sa.String(48), nullable=False),
    sa.Column("version", sa.String(16), nullable=False),  # of the content
    sa.Column("anchor", sa.Date, nullable=False),  # the patient's day from which steps are counted
    sa.Column("zone", sa.String(48), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # asked (for consent) | active | paused | ended | stopped
    sa.Column("ended_because", sa.String(32), nullable=True),
    sa.Column("enrolled_by", sa.String(64), nullable=False),  # handle of the staff, "patient", or "api:NAME"
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    _time("created_at"),
    _time("consented_at", nullable=True),
    _time("paused_until", nullable=True),
    _sealed(),  # {text, times, rhythm: of an own reminder; thresholds, facts}
    sa.Index("ix_plan_enrolment_state", "state", "plan", "id"),
)

# One sending of a step. The next one of a step is written when this one is over, so few wait however long a plan is.
reminder = sa.Table(
    "reminder",
    metadata,
    _id(),
    sa.Column("enrolment_id", BigId, sa.ForeignKey("plan_enrolment.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("step", sa.String(48), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),  # 0, and 1 for the gentle second try
    sa.Column("day", sa.Date, nullable=False),
    _time("wanted_at"),
    _time("due_at"),  # when it is looked at next: later than wanted after quiet hours, a pause, a nurse's case
    _time("until"),  # from then on it is late
    sa.Column("priority", sa.Integer, nullable=False),  # 0 first: high-risk plans
    sa.Column("state", sa.String(16), nullable=False),  # waiting | sent | skipped | cleared | cancelled | failed
    sa.Column("why", sa.String(32), nullable=True),  # late | held | quiet | answered | visited | stopped | unreachable …
    _time("lease_until", nullable=True),
    sa.Column("tries", sa.Integer, nullable=False),
    _time("sent_at", nullable=True),
    sa.Column("outbound_id", BigId, nullable=True, index=True),
    sa.UniqueConstraint("enrolment_id", "step", "number", "attempt"),
    sa.Index("ix_reminder_due", "state", "due_at", "id"),
    sa.Index("ix_reminder_order", "state", "priority", "due_at", "id"),  # the order in which they are claimed
)

# Questions that were asked by a reminder, and their answers.
checkin = sa.Table(
    "checkin",
    metadata,
    _id(),
    sa.Column("reminder_id", BigId, sa.ForeignKey("reminder.id", ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("enrolment_id", BigId, sa.ForeignKey("plan_enrolment.id", ondelete="CASCADE"), nullable=False, index=True),
    _conversation(),
    sa.Column("state", sa.String(16), nullable=False),  # open | answered | worrying | unanswered
    sa.Column("question", sa.Integer, nullable=False),  # place of the one that is asked now
    _time("opened_at"),
    _time("expires_at", index=True),
    _time("closed_at", nullable=True),
    _sealed(),  # {question: answer}
)

# A measurement, as it was given and as it is counted.
reading = sa.Table(
    "reading",
    metadata,
    _id(),
    _patient(),
    sa.Column("enrolment_id", BigId, sa.ForeignKey("plan_enrolment.id", ondelete="SET NULL"), nullable=True, index=True),
    sa.Column("kind", sa.String(24), nullable=False),  # blood_pressure | glucose | weight | …
    sa.Column("level", sa.String(4), nullable=False),  # what it means alone: OK, R, U, E2, E1
    sa.Column("source", sa.String(16), nullable=False),  # chat | checkin | nurse | api
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    _time("at"),
    _sealed(),  # {values, unit, said, slot}
    sa.Index("ix_reading_patient_kind_at", "patient_id", "kind", "at"),
)

# "Did you go, and was it the right department?": of one guidance.
guidance_outcome = sa.Table(
    "guidance_outcome",
    metadata,
    _id(),
    _conversation(),
    sa.Column("department", sa.String(16), nullable=False),  # the one that was named
    sa.Column("went", sa.Boolean, nullable=True),
    sa.Column("was_right", sa.Boolean, nullable=True),
    sa.Column("department_seen", sa.String(16), nullable=True),
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    _time("asked_at"),
    _time("answered_at", nullable=True),
    sa.Index("ix_guidance_outcome_department", "department", "answered_at"),
)

# Keys of other programs of the hospital, e.g. for enrolments.
api_key = sa.Table(
    "api_key",
    metadata,
    _id(),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of the key
    sa.Column("scopes", sa.String(128), nullable=False),
    _time("created_at"),
    _time("used_at", nullable=True),
    _time("revoked_at", nullable=True),
)

# What the scheduler does again and again: when it ran last, what came of it, when it runs next.
scheduled_round = sa.Table(
    "scheduled_round",
    metadata,
    _id(),
    sa.Column("name", sa.String(48), nullable=False, unique=True),
    _time("ran_at", nullable=True),
    _time("next_at", nullable=True),
    sa.Column("did", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),  # rounds in a row
    sa.Column("problem", sa.String(64), nullable=True),
)

tracker_event = sa.Table(
    "tracker_event",
    metadata,
    _id(),
    # No foreign key: `rasa shell` has conversations that no gateway knows.
    sa.Column("conversation_id", sa.String(64), nullable=False, index=True),
    sa.Column("session_started", sa.Boolean, nullable=False),
    _time("created_at", index=True),
    _sealed(),  # the events of one turn
)

# What somebody wants to be otherwise in the files, until it is published or given up; see bot.training.changes.
studio_change = sa.Table(
    "studio_change",
    metadata,
    _id(),
    sa.Column("kind", sa.String(16), nullable=False),  # training texts faq clinical calibration sentences
    sa.Column("state", sa.String(16), nullable=False, index=True),  # draft review approved refused withdrawn published
    sa.Column("author", sa.String(64), nullable=False, index=True),  # handles of the staff
    _time("created_at"),
    _time("changed_at", index=True),
    _time("approved_at", nullable=True),
    sa.Column("approved_by", sa.String(64), nullable=False, server_default=""),
    sa.Column("release", sa.String(32), nullable=False, server_default=""),  # name of the one that it went live with
    sa.Column("edition", sa.Integer, nullable=False),  # counts edits: who approves says which one they have read
    _sealed(),  # {title, about, operations}
)

studio_change_event = sa.Table(
    "studio_change_event",
    metadata,
    _id(),
    sa.Column("change_id", BigId, sa.ForeignKey("studio_change.id", ondelete="CASCADE"), nullable=False, index=True),
    _time("at"),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("what", sa.String(16), nullable=False),
    _sealed(),  # {reason}
)

# What a patient said and the bot did not serve well, without what tells who it was; see bot.utterances.
utterance = sa.Table(
    "utterance",
    metadata,
    _id(),
    # It goes with the conversation: by retention, and when everything is erased.
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=True, index=True),
    sa.Column("source", sa.String(16), nullable=False),  # fallback low_margin near_miss corrected unhelpful unanswered
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # new labelled approved skipped out_of_scope deleted
    sa.Column("value", sa.Integer, nullable=False),
    sa.Column("cluster", sa.String(64), nullable=False, index=True),
    sa.Column("intent", sa.String(64), nullable=True),
    sa.Column("labelled_by", sa.String(64), nullable=False, server_default=""),  # handles of the staff
    sa.Column("approved_by", sa.String(64), nullable=False, server_default=""),
    sa.Column("assigned_to", sa.String(64), nullable=False, server_default=""),
    sa.Column("dedupe_key", sa.String(128), nullable=False, unique=True),
    _time("created_at", index=True),
    _time("labelled_at", nullable=True),
    _time("approved_at", nullable=True),
    sa.Column("change_id", BigId, sa.ForeignKey("studio_change.id", ondelete="SET NULL"), nullable=True, index=True),
    _sealed(),  # {text, guesses, entities, department}
    sa.Index("ix_utterance_order", "state", "value", "id"),
)

# One state of all files and of the model: built beside what is served, published, kept for going back.
release = sa.Table(
    "release",
    metadata,
    _id(),
    sa.Column("name", sa.String(32), nullable=False, unique=True),  # also of its folder
    sa.Column("state", sa.String(16), nullable=False, index=True),  # waiting building refused ready live kept failed
    sa.Column("step", sa.String(16), nullable=False),
    sa.Column("progress", sa.Integer, nullable=False),  # hundredths
    sa.Column("content_version", sa.String(32), nullable=False),
    sa.Column("model", sa.String(128), nullable=False),  # name of a file
    sa.Column("made_by", sa.String(64), nullable=False),  # handles of the staff, here and below
    _time("made_at"),
    sa.Column("approved_by", sa.String(255), nullable=False),
    sa.Column("published_by", sa.String(64), nullable=False),
    _time("published_at", nullable=True),
    _time("retired_at", nullable=True),
    sa.Column("base", sa.String(64), nullable=False),  # hash of the live files that it was made from
    _sealed(),  # {changes: their numbers, report: what the gate found}
)

audit = sa.Table(
    "audit",
    metadata,
    _id(),
    _time("at"),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("what", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),  # an internal id, never a name
    sa.Index("ix_audit_at", "at"),
    sa.Index("ix_audit_who", "who", "id"),
    sa.Index("ix_audit_subject", "subject", "id"),
)

# One answer to a request of WeChat: given again, the same, when WeChat asks again.
wechat_turn = sa.Table(
    "wechat_turn",
    metadata,
    _id(),
    _conversation(),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of the message's id
    sa.Column("tries", sa.Integer, nullable=False),  # requests that were left without an answer
    _time("opened_at", index=True),
    _time("closed_at", nullable=True),  # the answer has left
    _sealed(nullable=True),  # {reply, taken}: what is answered, and which messages of the outbox it holds
)

# What a follower of the official account still lets us send.
wechat_follower = sa.Table(
    "wechat_follower",
    metadata,
    _id(),
    sa.Column(
        "conversation_id", sa.String(32), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, unique=True
    ),
    _time("wrote_at", nullable=True),  # 48 hours begin anew
    sa.Column("used", sa.Integer, nullable=False),  # of five since then
    _time("acted_at", nullable=True),  # followed, scanned, tapped the menu: one minute
    sa.Column("used_brief", sa.Integer, nullable=False),  # of three since then
    _time("noticed_at", nullable=True),  # told that something waits; until they write they are not told again
    _time("left_at", nullable=True),
)

# A consent to one notice outside the window, or to notices until further notice.
wechat_grant = sa.Table(
    "wechat_grant",
    metadata,
    _id(),
    _conversation(),
    sa.Column("lookup", sa.String(64), nullable=False, unique=True),  # keyed hash of the event that gave it: it counts once
    sa.Column("template", sa.String(64), nullable=False),
    sa.Column("lasting", sa.Boolean, nullable=False),
    _time("granted_at"),
    _time("used_at", nullable=True),
    sa.Column("used_for", BigId, nullable=True),  # the message of the outbox
    sa.Column("outcome", sa.String(16), nullable=False),  # open | sent | arrived | failed | withdrawn
)

for _table in metadata.tables.values():
    if _table.c[_table.primary_key.columns.keys()[0]].name == "id":
        _table.dialect_options["sqlite"]["autoincrement"] = True

# Tables with a `sealed` column, in the order in which a rotation walks through them.
SEALED = (
    identity,
    profile,
    chat_group,
    inbound,
    outbound,
    assessment,
    care_case,
    case_event,
    case_note,
    case_draft,
    scheduled_reply,
    staff,
    broken_glass,
    plan_enrolment,
    checkin,
    reading,
    desk_topic,
    unanswered,
    tracker_event,
    wechat_turn,
    access_token,
    kf_account,
    release,
    studio_change,
    studio_change_event,
    utterance,
)
