"""`daozhen cases`: open conversations with people, until the desk comes."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.output import LARGEST_NUMBER, MOST_DAYS, show_json
from bot.commands.services import acting, open_database, phrases, read_content

if TYPE_CHECKING:
    from bot.database.engine import Work

Number = Annotated[int, typer.Argument(min=1, max=LARGEST_NUMBER, help="Number of the case.")]
Name = Annotated[str, typer.Option("--as", help="Your name, as the patient sees it; empty: the user of this terminal.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

cases = typer.Typer(no_args_is_help=True, help="Conversations that wait for a person.")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(cases, name="cases")


@cases.command("list")
def list_cases(json: Json = False) -> None:
    """List the open cases, most urgent first."""
    from bot.clock import utc_now
    from bot.handoff.cases import list_open

    with open_database().read() as work:
        found = list_open(work)
    if json:
        show_json([asdict(case) for case in found])
        return
    for case in found:
        waits = int((utc_now() - case.opened_at).total_seconds() // 60)
        held = f"held by {case.claimed_by}" if case.is_held(utc_now()) else "waiting"
        print(f"{case.id:>5}  {'CRISIS' if case.crisis else case.level:<6}  {case.reason:<16}  {held}, opened {waits} min ago")
    print(f"{len(found)} open cases.")


@cases.command("show")
def show(number: Number, name: Name = "", json: Json = False) -> None:
    """Show a case: what the bot found, and the conversation. Reading is audited."""
    from bot.clock import utc_now
    from bot.handoff.cases import case_of, trace
    from bot.handoff.notes import notes
    from bot.inbox.history import after, own_words
    from bot.privacy import audit

    with open_database().write() as work:
        case = case_of(work, number)
        audit.record(work, who=acting(name), what="read case", subject=str(number), now=utc_now())
        said = sorted((*after(work, case.conversation_id, 0), *own_words(work, case.conversation_id)), key=lambda item: item.at)
        written = notes(work, number)
        data: dict[str, Any] = {"case": asdict(case), "trace": trace(work, number), **_around(work, case.conversation_id)}
        data["notes"] = [asdict(note) for note in written]
    if json:
        show_json({**data, "messages": [asdict(item) for item in said]})
        return
    linked = data.pop("linked")
    show_json({**data, "linked": [{name: chat[name] for name in ("channel", "case_id")} for chat in linked]})
    for item in said:
        print(f"{item.at:%H:%M} {item.author:<8} {item.content['text']}")
    for chat in linked:
        print(f"\nThe same person in {chat['channel']}, case {chat['case_id'] or 'none'}:")
        for words in chat["messages"]:
            print(f"{words['at']:%H:%M} {words['author']:<8} {words['content']['text']}")


def _around(work: Work, conversation_id: str) -> dict[str, Any]:
    """Return what else a nurse should know: this person's other chats, and the place whose poster led here."""
    from bot.inbox import conversations
    from bot.inbox.history import after, own_words
    from bot.linking.merge import others
    from bot.scenes.codes import scene_of

    mine = conversations.get(work, conversation_id)
    assert mine is not None  # a case goes with its conversation
    linked = []
    for chat in others(work, mine):
        said = sorted((*after(work, chat.id, 0), *own_words(work, chat.id)), key=lambda item: item.at)
        linked.append({**asdict(chat), "messages": [asdict(item) for item in said]})
    scene = scene_of(work.cipher, mine.scene, read_content().scenes) if mine.scene else None
    return {"linked": linked, "scene": None if scene is None else scene.id}


@cases.command("claim")
def claim(number: Number, name: Name = "") -> None:
    """Hold a case: the bot is silent, and the patient is told who took over."""
    from bot.clock import utc_now
    from bot.handoff.claims import claim as claim_case

    texts = phrases()
    with open_database().write() as work:
        claim_case(work, number, **_acting(work, name), now=utc_now(), phrases=texts)
    print(f"Case {number} is yours.")


@cases.command("reply")
def reply(number: Number, text: Annotated[str, typer.Argument(help="What the patient reads.")], name: Name = "") -> None:
    """Write to the patient; replying claims the case."""
    from bot.clock import utc_now
    from bot.handoff.replies import reply as reply_to

    texts = phrases()
    with open_database().write() as work:
        reply_to(work, number, text, **_acting(work, name), dedupe_key=uuid.uuid4().hex, now=utc_now(), phrases=texts)
    print("Sent.")


@cases.command("note")
def note(number: Number, text: Annotated[str, typer.Argument(help="What colleagues read.")], name: Name = "") -> None:
    """Write something down that the patient never sees."""
    from bot.clock import utc_now
    from bot.handoff.notes import add_note

    with open_database().write() as work:
        add_note(work, number, text, who=acting(name), dedupe_key=uuid.uuid4().hex, now=utc_now())
    print("Noted.")


@cases.command("release")
def release(number: Number, name: Name = "") -> None:
    """Give the conversation back to the bot; the case goes on waiting."""
    from bot.clock import utc_now
    from bot.handoff.claims import release as release_case

    texts = phrases()
    with open_database().write() as work:
        release_case(work, number, who=acting(name), now=utc_now(), phrases=texts)
    print("Released.")


@cases.command("close")
def close(
    number: Number,
    outcome: Annotated[
        str, typer.Option(help="What came of it: advised, referred, emergency, booked, no_answer, not_medical, other.")
    ],
    department: Annotated[str, typer.Option(help="The right department; empty: the one that the bot thought of.")] = "",
    name: Name = "",
) -> None:
    """End the case; the bot answers again, and the patient is told."""
    from bot.clock import utc_now
    from bot.handoff.closing import close as close_case

    texts = phrases()
    with open_database().write() as work:
        said: dict[str, Any] = {"outcome": outcome, "department": department or None}
        close_case(work, number, **_acting(work, name), **said, now=utc_now(), phrases=texts)
    print("Closed.")


@cases.command("reopen")
def reopen(number: Number, name: Name = "") -> None:
    """Let a closed case go on; the patient is told when somebody claims it."""
    from bot.clock import utc_now
    from bot.handoff.closing import reopen as reopen_case

    with open_database().write() as work:
        reopen_case(work, number, who=acting(name), now=utc_now())
    print("Open again.")


@cases.command("outcomes")
def outcomes(
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="Of cases closed in this many days.")] = 30, json: Json = False
) -> None:
    """Show how often the department that the bot thought of was right, as nurses said on closing. No words, no persons."""
    from datetime import timedelta

    from bot.clock import utc_now
    from bot.handoff.closing import department_hits

    with open_database().read() as work:
        hits = department_hits(work, since=utc_now() - timedelta(days=days))
    if json:
        show_json({department: asdict(one) for department, one in hits.items()})
        return
    for department, one in hits.items():
        instead = ", ".join(f"{other} {times}×" for other, times in sorted(one.instead.items()))
        print(f"{department:<8} right {one.right}, wrong {one.wrong}" + (f", instead {instead}" if instead else ""))
    print(f"{sum(one.right + one.wrong for one in hits.values())} cases with a word on the department.")


def _acting(work: Work, given: str) -> dict[str, Any]:
    """Return the handle and the name that the patient reads: that of the staff, else the handle."""
    from bot.staff.people import of_handle

    handle = acting(given)
    person = of_handle(work, handle)
    if person is None:
        return {"who": handle, "name": handle}
    return {"who": person.handle, "name": person.name or handle}
