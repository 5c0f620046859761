"""`daozhen followup`: which plans there are, who is in one, what is due and comes next, what the rounds did."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import typer

from bot.commands import followup_links, followup_programs
from bot.commands.output import MOST_DAYS, Limit, show_json
from bot.commands.services import acting, open_database, read_content
from bot.errors import OperatorError

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Option("--as", help="Your name for the audit; empty: the user of this terminal.")]
Conversation = Annotated[str, typer.Argument(help="Id of the conversation, as `daozhen cases list --json` shows it.")]

followup = typer.Typer(no_args_is_help=True, help="Plans, reminders and check-ins.")


class FollowupProblem(OperatorError):
    """What was asked for cannot be done. The message says what can."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of follow-up."""
    followup_programs.add_to(followup)
    followup_links.add_to(followup)
    app.add_typer(followup, name="followup")


@followup.command("plans")
def plans(json: Json = False) -> None:
    """List the plans: from which day they count, how many steps, of high risk or not."""
    found = read_content().followup.plans.by_id.values()
    rows = [
        {"id": one.id, "name": one.names["en"], "anchor": one.anchor, "steps": len(one.steps), "high_risk": one.high_risk}
        for one in found
    ]
    if json:
        show_json(rows)
        return
    for row in rows:
        print(
            f"{row['id']:<18} {row['anchor']:<12} {row['steps']:>2} steps  {'high risk  ' if row['high_risk'] else '           '}{row['name']}"
        )


@followup.command("enrol")
def enrol(
    conversation: Conversation,
    plan: Annotated[str, typer.Argument(help="Id of the plan.")],
    day: Annotated[str, typer.Option(help="The day it counts from, 2026-03-01; empty: today.")] = "",
    zone: Annotated[str, typer.Option(help="The patient's time zone; empty: the hospital's.")] = "",
    name: Name = "",
) -> None:
    """Enrol the patient of a conversation who has agreed to it. The same plan from the same day is done once."""
    from bot.clock import utc_now
    from bot.followup import enrolments
    from bot.followup.sending import plan_all
    from bot.inbox import conversations

    content, now = read_content(), utc_now()
    if plan not in content.followup.plans.by_id:
        raise FollowupProblem(f"There is no plan {plan}. `daozhen followup plans` lists them.")
    with open_database().write() as work:
        known = conversations.get(work, conversation)
        if known is None:
            raise FollowupProblem(f"There is no conversation {conversation}. `daozhen cases list --json` shows their ids.")
        anchor = date.fromisoformat(day) if day else now.date()
        entry = enrolments.Entry(
            patient_id=known.patient_id,
            conversation_id=known.id,
            plan=plan,
            version=content.version,
            anchor=anchor,
            zone=zone or content.followup.zone,
            enrolled_by=acting(name),
            dedupe_key=f"{plan}:{known.patient_id}:{anchor}",
            consented=True,
        )
        enrolment, new = enrolments.enrol(work, entry, now=now)
        planned = plan_all(work, enrolment, content, now=now)
    print(f"{'Enrolled' if new else 'Enrolled already'}: number {enrolment.id}, {planned} reminders planned.")


@followup.command("due")
def due(limit: Limit = 50, json: Json = False) -> None:
    """Show what waits, the next one first: no names and no words."""
    from bot.followup import reminders

    with open_database().read() as work:
        found, counts = reminders.upcoming(work, limit=limit), reminders.counts(work)
    if json:
        show_json({"waiting": [vars(one) for one in found], "counts": counts})
        return
    for one in found:
        print(
            f"{one.due_at:%Y-%m-%d %H:%M} UTC  enrolment {one.enrolment_id:<6} {one.step:<16} no. {one.number}{'  second try' if one.attempt else ''}"
        )
    print(", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "No reminders.")


@followup.command("rounds")
def rounds(json: Json = False) -> None:
    """Show when each round ran last, what it did, when it runs next, and what failed."""
    from bot.followup.rounds import seen

    with open_database().read() as work:
        found = seen(work)
    if json:
        show_json(list(found))
        return
    for row in found:
        trouble = f", failed {row['failed']} times: {row['problem']}" if row["failed"] else ""
        print(f"{row['name']:<12} ran {row['ran_at']:%H:%M:%S}, did {row['did']}, next {row['next_at']:%H:%M:%S} UTC{trouble}")
    if not found:
        print("No round has run yet: they run in the gateway. Start it with `daozhen up`.")


@followup.command("stop")
def stop(
    conversation: Conversation,
    because: Annotated[str, typer.Option(help="asked, died or moved. After died nobody writes there again.")] = "asked",
    name: Name = "",
) -> None:
    """End all plans and reminders of the patient of a conversation, at once."""
    from bot.clock import utc_now
    from bot.followup import enrolments
    from bot.inbox import conversations

    if because not in ("asked", "died", "moved"):
        raise FollowupProblem(f"{because} is no reason here. Use asked, died or moved.")
    with open_database().write() as work:
        known = conversations.get(work, conversation)
        if known is None:
            raise FollowupProblem(f"There is no conversation {conversation}.")
        ended = enrolments.stop_all(work, known.patient_id, because=because, who=acting(name), now=utc_now())  # type: ignore[arg-type]
    print(f"{ended} plans ended. Nothing more is sent.")


@followup.command("outcomes")
def outcomes(
    days: Annotated[int, typer.Option(min=0, max=MOST_DAYS, help="Of what was asked in so many days; 0: of all.")] = 0,
    json: Json = False,
) -> None:
    """Show whether patients went and whether it was the right department, by the department that was named."""
    from dataclasses import asdict

    from bot.clock import utc_now
    from bot.followup import outcomes

    since = utc_now() - timedelta(days=days) if days else None
    with open_database().read() as work:
        found = outcomes.counts(work, since=since)
    if json:
        show_json([asdict(one) for one in found])
        return
    for one in found:
        elsewhere = ", ".join(f"{name} {count}" for name, count in sorted(one.seen.items(), key=lambda pair: -pair[1]))
        print(
            f"{one.department:<8} asked {one.asked:>4}, answered {one.answered:>4}, went {one.went:>4}, "
            f"right {one.right:>4}, wrong {one.wrong:>4}{'  seen by ' + elsewhere if elsewhere else ''}"
        )
    if not found:
        print("Nobody was asked yet: patients choose it with the button below a guidance.")
