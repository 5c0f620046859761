"""`daozhen followup link`: links and a printable page that offer a plan; the patient is asked in chat before anything is sent."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.output import show_json
from bot.commands.poster import addresses_of, codes_leading_to, draw
from bot.commands.services import read_content
from bot.errors import OperatorError
from bot.languages import LANGUAGES, Language
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.content.load import Content
    from bot.posters.page import Code, Poster

NO_PAGE = Path()


class LinkProblem(OperatorError):
    """A link cannot be made. The message says what can."""


def add_to(followup: typer.Typer) -> None:
    """Add the command of this file."""
    followup.command("link")(link)


def link(  # noqa: PLR0913, PLR0917 - one parameter for each option
    plan: Annotated[str, typer.Argument(help="Id of the plan.")],
    day: Annotated[str, typer.Option(help="The day it counts from, 2026-03-01; empty: the day on which it is opened.")] = "",
    person: Annotated[
        str,
        typer.Option(help="Any name of yours for one person: only who opens it first can use it. Empty: it is for everybody."),
    ] = "",
    out: Annotated[Path, typer.Option("--out", help="Also write a page to print: a file .svg or .pdf.")] = NO_PAGE,
    web_url: Annotated[str, typer.Option("--web-url", help="Address of the web chat; empty: DAOZHEN_PUBLIC_URL.")] = "",
    telegram: Annotated[str, typer.Option("--telegram", help="Name of the Telegram bot; empty: Telegram is asked.")] = "",
    leave_out: Annotated[list[str], typer.Option("--leave-out", help="A channel that is switched on and not to be asked.")] = [],  # noqa: B006 - typer copies it
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the addresses that offer a plan, one for each channel."""
    settings = read_settings()
    content = read_content(settings)
    _check(content, plan)
    if out != NO_PAGE and out.suffix not in (".svg", ".pdf"):
        raise LinkProblem(f"{out} is no page to print. Use a name that ends in .svg or .pdf.")
    addresses = addresses_of(telegram=telegram, web=web_url or settings.public_url, leave_out=leave_out)
    code = _code(settings, content, plan, day=_day(day), person=person)
    codes = codes_leading_to(settings, [code], addresses)[0]
    if json:
        show_json({"code": code, **{one.channel: one.address for one in codes}})
    else:
        for one in codes:
            print(f"{one.channel:<10} {one.address}")
    if out != NO_PAGE:
        out.write_bytes(draw(_page(content, plan, codes), "pdf" if out.suffix == ".pdf" else "svg", "a4", content))


def _check(content: Content, plan: str) -> None:
    from bot.clock import utc_now
    from bot.followup.enrolling import is_offered, today_of

    known, today = content.followup.plans.by_id.get(plan), today_of(content, utc_now())
    if known is not None and known.is_expired(today):
        raise LinkProblem(
            f"{plan} had to be reviewed by {known.review_date}. Let its owner review it, then set a new review_date."
        )
    if known is None or not is_offered(known, today):
        raise LinkProblem(f"There is no plan {plan}. `daozhen followup plans` lists them.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise LinkProblem(f"{text} is no day. Write it as 2026-03-01.") from None


def _code(settings: Settings, content: Content, plan: str, *, day: date | None, person: str) -> str:
    from bot.clock import utc_now
    from bot.followup.links import Link, code_of, nonce_of
    from bot.followup.steps import zone_of
    from bot.privacy.encryption import load_cipher

    cipher = load_cipher(settings)
    issued = utc_now().astimezone(zone_of(content.followup.zone)).date()
    return code_of(
        cipher,
        Link(plan, issued, day, nonce_of(cipher, "terminal", plan, day.isoformat() if day else "", person) if person else ""),
    )


def _page(content: Content, plan: str, codes: tuple[Code, ...]) -> Poster:
    from bot.posters.page import Poster
    from bot.scenes.scenes import Scene

    nowhere: dict[Language, str] = dict.fromkeys(LANGUAGES, "")
    about = Scene(plan, "department", content.followup.plans.by_id[plan].names, nowhere, nowhere)
    number = content.triage.hotlines[content.triage.home_region].ambulance
    return Poster(content.scenes.hospital, about, codes, LANGUAGES, number, headline="headline_plan")
