"""The JSON of the desk: what each call under /desk/api takes and gives, and each event of its stream.
Rows of the queue are in shapes_rows.py, what stands beside a thread in shapes_beside.py, follow-up in shapes_followup.py.

Every call needs the staff's session; a call that changes something needs the header `x-daozhen-csrf` with `Me.csrf`. Calls that
the page makes by itself (presence, renewing a claim, saving a draft) say `x-daozhen-auto: 1`: they do not keep the session open.
Times are ISO 8601 in UTC. Nothing here holds a platform id, a phone number or a name of a patient: those are masked, and `masked`
says so; `POST cases/{id}/reveal` gives one of them, and writes down who asked.

 GET  me                        -> Me                      PUT  me/preferences  any small JSON object -> Me
 POST me/duty                   {duty: "on"|"off"|"break", until: time|null} -> Me
 GET  queue?tab=&team=&language=&after=                    -> Queue      tab: unclaimed | mine | snoozed | all | closed
 GET  cases/{id}[?from=search]  -> CaseView                `from=search` is written down as a hit that was opened
 GET  cases/{id}/thread?after=CURSOR | ?before=CURSOR      -> Thread     items of `after` replace those with the same key
 POST cases/{id}/claim          {take_over?: bool}         -> Done       409 `taken` (Taken)
 POST cases/{id}/release | renew | wake | block | unblock | reopen       {} -> Done
 POST cases/{id}/urgent         {level?: "E1"|"E2"|"U"}    -> Done       E2 when it is not said; a level never falls
 POST cases/{id}/reply          Reply                      -> Sent       409 `taken`, `colleague_wrote` (Wrote): ask, then `anyway`
 POST cases/{id}/undo           {number}                   -> Undone     within `Sent.undo_until`
 POST cases/{id}/note           {text, client_id}          -> Noted
 POST cases/{id}/draft          {mode: "reply"|"note", text} -> {saved: time}   an empty text removes it
 POST cases/{id}/assign         {handle}                   -> Done
 POST cases/{id}/transfer       {team, note: str}          -> Done
 POST cases/{id}/snooze         {until: time|"reply", reason: str} -> Done
 POST cases/{id}/schedule       {text, due_at: time, client_id}    -> {scheduled: [Scheduled]}
 POST cases/{id}/cancel         {id}                       -> {scheduled: [Scheduled]}
 POST cases/{id}/close          {outcome, department: str|null, department_right: bool|null} -> Done
 POST cases/{id}/reveal         {field: "address" | an item's key like "in:12"} -> Revealed
 POST cases/{id}/glass          {reason}                   -> {until: time}
 POST cases/{id}/presence       {state: "viewing"|"idle"|"typing"|"gone"} -> {presence: [Present]}   again within `PRESENCE_S`
 POST search                    {q, before?: cursor, limit?: int} -> Search    a body: no words in addresses and logs
 GET  snippets[?case=ID]        -> {snippets: [Snippet]}
 POST snippets                  {shortcut, texts: {language: text}, team: str|null} -> the same
 DELETE snippets/{id}           -> the same                POST snippets/used {shortcut} -> {}
 GET  handover                  -> Handover
 GET  people[?case=ID]          -> {people: [Person]}      whom a case may be assigned to, those on duty first
 GET  stream[?after=ID]         -> text/event-stream; see `Frames`

Errors are {error, sentence, …} with the sentence in the language of the nurse: 400 `wrong`, 401 `signed_out`, 403 `not_allowed`
(`csrf`: the page is old), 403 `not_yours` (also for a case that does not exist; `glass: true`: they may break
the glass), 404 `gone`, 409, 410 `erased`, 413 `long`,
423 `locked`, 503 `busy`.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from bot.desk.shapes_beside import Card, Draft, Finding, Handover, Hit, Person, Scheduled, Search, Snippet, Summary, Trace, Window
from bot.desk.shapes_rows import Colleague, Direction, OnDuty, PresenceState, Present, Queue, Row
from bot.languages import Language

__all__ = [  # with what is defined elsewhere, so that one import is enough
    "Card",
    "Colleague",
    "Direction",
    "Draft",
    "Finding",
    "Handover",
    "Hit",
    "OnDuty",
    "Person",
    "PresenceState",
    "Present",
    "Queue",
    "Row",
    "Scheduled",
    "Search",
    "Snippet",
    "Summary",
    "Trace",
    "Window",
]

PRESENCE_S = 45  # who says nothing for this long is not shown any more; the page says it every 15 s
UNDO_S = 5


class Me(TypedDict):
    """Who is signed in."""

    handle: str
    name: str
    role: Literal["nurse", "lead", "admin", "auditor", "editor"]
    language: Language  # of the pages
    languages: list[Language]  # they can answer in
    teams: list[str]
    duty: Literal["off", "on", "break"]
    duty_until: str | None
    preferences: dict[str, Any]
    csrf: str
    idle_lock_s: int


class Delivery(TypedDict):
    """What became of a message to the patient."""

    state: Literal["pending", "sending", "sent", "seen", "parked", "dead"]
    at: str | None
    seen_at: str | None
    problem: str | None  # phrases summary.problem_…
    advice: str | None  # what to do: phrases summary.advice_…
    window_closes_at: str | None
    undo_until: str | None  # it may still be taken back until then


class Item(TypedDict, total=False):
    """A message, a note or an event of a case, in the order of `at`. Newer data with the same `key` replaces it."""

    key: str  # in:12 | out:33 | note:4 | event:99
    kind: Literal["patient", "bot", "nurse", "note", "event"]
    at: str
    author: Colleague | None  # of nurse, note and event; None: patient, bot
    text: str  # of an event: what a colleague wrote to it (why it sleeps), else ""
    masked: bool  # reveal with the key
    language: Language
    dir: Direction
    delivery: Delivery  # of kind bot and nurse
    what: str  # of an event: opened | raised | claimed | taken_over | released | closed | …: phrases desk.event_…
    removes: str  # of the event `undone`: the key of the item that is no more
    of: str  # of the event `edited`: the key of the reply that was changed; `text` is how it read before
    data: dict[
        str, str
    ]  # of an event, as text: to, from (names of staff, or ids of teams), reason, level, was, until, outcome, due_at …
    channel: str  # of messages: a patient may have written in several
    form: str  # of a bot's message: answer | alarm | notice …; of a patient's: text | press | voice | image | late …
    written_at: str  # of a patient's message that reached us late; `at` is when it did


class Thread(TypedDict):
    """What a case's thread says. `after` goes on from here, also for a changed delivery; `older` is null at its beginning."""

    items: list[Item]
    after: str
    older: str | None
    version: int  # what a reply says as `seen`
    presence: list[Present]


class Can(TypedDict):
    """What this nurse may do with the case now. The server decides again at each call."""

    claim: bool
    reply: bool
    note: bool
    reveal: bool
    assign: bool
    transfer: bool
    take_over: bool
    block: bool
    close: bool
    reopen: bool
    release: bool
    snooze: bool
    schedule: bool
    urgent: bool
    enrol: bool


class CaseView(TypedDict):
    """A case with all that is shown beside it."""

    row: Row
    summary: Summary
    trace: Trace
    card: Card
    window: Window
    thread: Thread
    draft: Draft
    scheduled: list[Scheduled]
    can: Can
    glass_until: str | None  # seen only because the glass was broken
    reveals: list[str]  # what may be revealed beside the items: "address"
    resume: int


class ReplyAsked(TypedDict, total=False):
    """A reply. `seen`: Thread.version of what is on the screen. `client_id`: 8 to 64 letters, digits, - and _, once."""

    text: str
    client_id: str
    seen: int
    anyway: bool  # a colleague wrote meanwhile, and the nurse wants to send it all the same
    urgent: bool  # not held back for `UNDO_S`


class Done(TypedDict):
    """The case after the act."""

    row: Row
    can: Can


class Sent(Done):
    """A reply that is on its way, or was before."""

    number: int
    key: str
    undo_until: str | None


class Undone(Done):
    """Whether a reply was taken back before it left; its text is in the draft again."""

    undone: bool
    text: str


class Noted(Done):
    """A note that was written."""

    key: str


class Revealed(TypedDict):
    """One masked field. It stands in no later answer."""

    field: str
    value: str


class Taken(TypedDict):
    """409: somebody else has it. The sentence says who, and how long ago: "Ana took this 3 s ago"."""

    error: Literal["taken"]
    sentence: str
    by: Colleague
    seconds: int
    row: Row


class Wrote(TypedDict):
    """409: a colleague has written to the patient since `seen`. A warning: the same call with `anyway` sends."""

    error: Literal["colleague_wrote"]
    sentence: str
    by: Colleague
    items: list[Item]


class Frames(TypedDict):
    """Events of the stream. `id:`: the last event known. The browser sends it as `last-event-id` and misses nothing.

    A row comes once in a burst, the latest. `queue`: put it in, or replace the row with this id. `gone`: not to be seen any more.
    `resync`: too much was missed, read the queue and the open case anew. `end`: no more comes (locked | signed_out |
    changed: rights | replaced: more than eight pages of one session).
    """

    queue: dict[Literal["row"], Row]
    gone: dict[Literal["id"], int]
    thread: dict[Literal["id", "version"], int]  # read thread?after= when this case is open
    presence: dict[str, Any]  # {id, presence: [Present]}
    duty: dict[str, Any]  # {on_duty: [OnDuty]}
    page: dict[
        str, Any
    ]  # {id, number, level, crisis, what: "urgent"|"raised"|"unclaimed"}: make a sound; on duty, or it is theirs
    beat: dict[str, Any]  # {now}, every 15 s
    resync: dict[str, Any]  # {}
    end: dict[str, Any]  # {why}
