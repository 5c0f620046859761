"""`daozhen staff`: the first admin, links for who is locked out, and the audit, from the terminal of the installation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.output import InputError, show_json
from bot.commands.services import acting, open_database, read_content
from bot.errors import OperatorError
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.database.engine import Work
    from bot.staff.people import Staff

Handle = Annotated[str, typer.Argument(help="What the person signs in with: small letters, digits, dots, dashes.")]
STUDIO_HELP = "A right in the studio, beside the role: labeller, translator, clinical or publisher; may be repeated."
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

staff = typer.Typer(no_args_is_help=True, help="People of the nurse desk: add, list, disable, new links, audit.")


class NoSuchPerson(OperatorError):
    """There is nobody with this handle. The message says where to look."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    from bot.commands import staff_telegram

    staff_telegram.add_to(staff)
    app.add_typer(staff, name="staff")


@staff.command("add")
def add(  # noqa: PLR0913, PLR0917 - what is said of a person
    handle: Handle,
    role: Annotated[str, typer.Option(help="nurse, lead, admin, auditor or editor (the studio only).")],
    name: Annotated[str, typer.Option(help="The name that patients and colleagues read.")],
    team: Annotated[list[str] | None, typer.Option(help="Id of a team of content/handoff/teams.yml; may be repeated.")] = None,
    speaks: Annotated[list[str] | None, typer.Option(help="A language they can answer in; may be repeated.")] = None,
    language: Annotated[str, typer.Option(help="Language of their pages; empty: that of the installation.")] = "",
    email: Annotated[str, typer.Option(help="Where to write when a case is urgent and their desk is closed.")] = "",
    studio: Annotated[list[str] | None, typer.Option(help=STUDIO_HELP)] = None,
    json: Json = False,
) -> None:
    """Add somebody and print a link that lets them in once, to choose their own password. Audited."""
    from typing import cast

    from bot.clock import utc_now
    from bot.languages import Language
    from bot.staff import changing
    from bot.staff.links import invitation_link
    from bot.staff.people import Grant, Role

    settings = read_settings()
    teams = _teams(settings, team or [])
    pages = cast(Language, language or settings.language)
    spoken = cast("frozenset[Language]", frozenset(speaks or [pages]))
    grants = cast("frozenset[Grant]", frozenset(studio or []))
    person = changing.Person(handle, cast(Role, role), name, teams, spoken, pages, email=email, studio=grants)
    with open_database(settings).write() as work:
        added, token = changing.add(work, person, by=_by(), now=utc_now())
    link = invitation_link(settings, token)
    if json:
        show_json({**_shown(added), "link": link, "hours": 72})
        return
    print(f"{added.handle} ({added.role}) is invited. Give them this link; it works once, for 72 hours, and is shown only now:\n")
    print(f"  {link}\n")


@staff.command("list")
def list_staff(json: Json = False) -> None:
    """List everybody, with those who were disabled."""
    from bot.clock import utc_now
    from bot.staff import invitations, people

    with open_database().read() as work:
        everybody, waiting = people.all_staff(work), invitations.pending(work, now=utc_now())
    if json:
        show_json([{**_shown(one), "link_waits": one.id in waiting} for one in everybody])
        return
    for one in everybody:
        link = "  (link not used yet)" if one.id in waiting else ""
        print(
            f"{one.handle:<16} {one.role:<8} {one.state:<9} duty {one.duty:<6} {', '.join(sorted(one.teams)) or 'no team'}{link}"
        )
    print(f"{len(everybody)} people." if everybody else f"Nobody yet. {FIRST_ADMIN}")


FIRST_ADMIN = "Add the first admin: daozhen staff add HANDLE --role admin --name NAME"


@staff.command("disable")
def disable(handle: Handle, json: Json = False) -> None:
    """Let somebody in no more, from this moment. Audited."""
    from bot.clock import utc_now
    from bot.staff import changing

    with open_database().write() as work:
        person = _found(work, handle)
        changing.disable(work, person.id, by=_by(), now=utc_now())
    if json:
        show_json({**_shown(person), "state": "disabled", "duty": "off"})
        return
    print(f"{person.handle} is out: sessions, links and Telegram have ended.")


@staff.command("reset")
def reset(handle: Handle, json: Json = False) -> None:
    """Print a link for a new password and code; who is disabled is invited anew. Audited."""
    from bot.clock import utc_now
    from bot.staff import changing, invitations
    from bot.staff.links import invitation_link

    settings = read_settings()
    with open_database(settings).write() as work:
        person = _found(work, handle)
        token, kind = changing.reset(work, person.id, by=_by(), now=utc_now())
    hours, link = int(invitations.LASTS[kind].total_seconds() // 3600), invitation_link(settings, token)
    if json:
        show_json({"handle": person.handle, "link": link, "hours": hours})
        return
    print(f"Give {person.handle} this link; it works once, for {hours} h, and is shown only now:\n\n  {link}\n")


@staff.command("audit")
def show_audit(
    who: Annotated[str, typer.Option(help="A handle.")] = "",
    what: Annotated[str, typer.Option(help="How the act begins, e.g. 'read case'.")] = "",
    subject: Annotated[str, typer.Option(help="A case number, staff:3, or an internal id.")] = "",
    since: Annotated[str, typer.Option(help="From, UTC: 2026-03-02 or 2026-03-02T09:00.")] = "",
    until: Annotated[str, typer.Option(help="Before, UTC.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many lines, the latest first.")] = 50,
    json: Json = False,
) -> None:
    """Print lines of the audit, the latest first. That too is audited."""
    from bot.clock import utc_now
    from bot.privacy import audit

    wanted = audit.Wanted(who, what, subject, _moment(since), _moment(until))
    found: list[audit.Line] = []
    database = open_database()
    with database.write() as work:
        audit.record(work, who=_by(), what="searched audit", subject="audit", now=utc_now())
    with database.read() as work:
        before: int | None = None
        while len(found) < limit:
            page = audit.search(work, wanted, before=before, limit=min(limit - len(found), audit.MOST_ROWS))
            found += page.lines
            before = page.more
            if before is None:
                break
    if json:
        show_json([asdict(line) for line in found])
        return
    for line in found:
        print(f"{line.at:%Y-%m-%d %H:%M:%S}  {line.who:<20} {line.what:<32} {line.subject}")


def _by() -> str:
    # Not a handle: whoever has the terminal is not signed in as anybody.
    return f"terminal:{acting('')}"[:64]


def _found(work: Work, handle: str) -> Staff:
    from bot.staff import people

    found = people.of_handle(work, handle)
    if found is None:
        raise NoSuchPerson(f"Nobody on the staff is called {handle}. `daozhen staff list` shows everybody.")
    return found


def _teams(settings: Settings, wanted: list[str]) -> frozenset[str]:
    if not wanted:
        return frozenset()
    known = read_content(settings).teams.by_id
    wrong = sorted(set(wanted) - set(known))
    if wrong:
        raise InputError(f"There is no team {wrong[0]}. The pack content/handoff/teams.yml has: {', '.join(known)}.")
    return frozenset(wanted)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text} is no time. Write 2026-03-02 or 2026-03-02T09:00 (UTC).") from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _shown(person: Staff) -> dict[str, Any]:
    return {
        "handle": person.handle, "role": person.role, "state": person.state, "name": person.name, "teams": sorted(person.teams),
        "languages": sorted(person.languages), "language": person.language, "duty": person.duty, "telegram": bool(person.telegram),
        "studio": sorted(person.studio),
    }  # fmt: skip
