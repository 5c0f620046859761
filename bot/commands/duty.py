"""`daozhen duty`: who is there to answer, team by team; begin and end shifts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.commands.output import InputError, show_json
from bot.commands.services import acting, open_database, read_content
from bot.errors import OperatorError
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.duty.shifts import Manned

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
duty = typer.Typer(help="Who is on duty, team by team.")
WORDS = ("on", "break", "off")


class NobodyOfThatName(OperatorError):
    """There is nobody with this handle. The message says where to look."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(duty, name="duty")


@duty.callback(invoke_without_command=True)
def list_duty(context: typer.Context, json: Json = False) -> None:
    """List each team: whether it is working time, when that changes, and who is there since and until when."""
    if context.invoked_subcommand is not None:
        return
    from bot.clock import utc_now
    from bot.duty.shifts import on_duty_now

    content = read_content()
    with open_database().read() as work:
        found = on_duty_now(work, content.teams, utc_now())
        since = _since(work)
    if json:
        show_json({name: _shown(manned, since) for name, manned in found.items()})
        return
    for manned in found.values():
        print("\n".join(_lines(manned, since)))


def _since(work: Any) -> dict[int, datetime | None]:
    import sqlalchemy as sa

    from bot.database.tables import staff

    return {row.id: row.duty_since for row in work.execute(sa.select(staff.c.id, staff.c.duty_since))}


def _shown(manned: Manned, since: dict[int, datetime | None]) -> dict[str, Any]:
    people = [
        {"handle": one.handle, "role": one.role, "duty": one.duty, "since": since.get(one.id), "until": one.duty_until}
        for one in manned.there
    ]
    return {"open": manned.is_open, "changes_at": manned.changes_at, "there": people}


def _lines(manned: Manned, since: dict[int, datetime | None]) -> list[str]:
    zone = manned.team.calendar.zone
    change = "" if manned.changes_at is None else f" until {_clock(manned.changes_at, zone)}"
    nobody = "" if manned.there else ", and nobody is there" if manned.is_open else ", nobody is there"
    lines = [f"{manned.team.id:<16} {'working time' if manned.is_open else 'closed'}{change}{nobody}"]
    for one in manned.there:
        began, ends = since.get(one.id), one.duty_until
        times = (f" since {_clock(began, zone)}" if began else "") + (f" until {_clock(ends, zone)}" if ends else "")
        lines.append(f"    {one.handle:<12} {one.role:<6} {'on duty' if one.duty == 'on' else 'on a break'}{times}")
    return lines


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %H:%M}"


@duty.command("set")
def set_one(
    handle: Annotated[str, typer.Argument(help="Whose duty.")],
    state: Annotated[str, typer.Argument(help="on, break or off.")],
    until: Annotated[
        str,
        typer.Option(
            help="When the shift ends by itself: 20:00, or 2026-11-26T08:00, by the team's clock; empty: in some hours."
        ),
    ] = "",
    name: Annotated[str, typer.Option("--as", help="Who does it; empty: the user of this terminal.")] = "",
) -> None:
    """Begin a shift, a break, or end it. What somebody holds goes back to the queue when they go off duty. Audited."""
    from typing import cast

    from bot.clock import utc_now
    from bot.staff import people

    if state not in WORDS:
        raise InputError(f"{state!r} is no duty. Write on, break or off.")
    content, now = read_content(), utc_now()
    with open_database().write() as work:
        found = people.of_handle(work, handle)
        if found is None:
            raise NobodyOfThatName(f"There is nobody called {handle}. List them with `daozhen staff list`.")
        team = next((name for name in content.teams.by_id if name in found.teams), content.teams.fallback)
        zone, shift = content.teams.of(team).calendar.zone, timedelta(hours=read_settings().desk_shift_hours)
        given = moment_of(until, now=now, zone=zone) if until else None
        ends = given or people.end_of_shift(found, cast(people.Duty, state), now, shift).astimezone(zone)
        people.set_duty(work, found.id, cast(people.Duty, state), until=ends, now=now, by=acting(name))
    print(f"{found.handle}: {state}{f' until {ends:%Y-%m-%d %H:%M}' if ends and state != 'off' else ''}.")


def moment_of(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that is meant: the next time that the clock in `zone` shows it. Raises InputError."""
    local = now.astimezone(zone)
    try:
        if len(text) <= 5:
            clock = datetime.strptime(text, "%H:%M").time()
            at = datetime.combine(local.date(), clock, tzinfo=zone)
            moment = at if at > local else datetime.combine(local.date() + timedelta(days=1), clock, tzinfo=zone)
        else:
            given = datetime.fromisoformat(text)
            moment = given if given.tzinfo else given.replace(tzinfo=zone)
    except ValueError:
        raise InputError(f"{text!r} is no time. Write it like 20:00 or 2026-11-26T08:00.") from None
    if moment <= local:
        raise InputError(f"{text} is over. A shift ends later than now.")
    return moment
