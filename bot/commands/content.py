"""`daozhen check`: is everything in order, and what is to be done where it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.output import show_json
from bot.errors import OperatorError
from bot.settings import PREFIX, Settings, read_settings

if TYPE_CHECKING:
    from bot.content.packs import Pack


class CheckFailed(OperatorError):
    """`daozhen check` found something. The message counts it."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("check", help="Packs, texts in five languages, settings, keys, database: what is wrong and what to do.")(check)


def check(
    channel: Annotated[str, typer.Argument(help="Ask a platform about its settings: wechat, wecom, mail.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    settings: Annotated[bool, typer.Option("--settings", help="Print every setting with its value and meaning.")] = False,
) -> None:
    """Check everything that can be wrong without a running system. Exit code 1 when something is."""
    current = read_settings()
    if channel:
        from bot.commands.channels import check_channel

        check_channel(channel)
        return
    if settings:
        _show_settings(current)
    problems, notes = findings(current)
    if json:
        show_json({"problems": problems, "notes": notes})
    else:
        for line in (*problems, *(f"note: {note}" for note in notes)):
            print(line)
    if problems:
        raise CheckFailed(f"{len(problems)} problems found.")
    if not json:
        print("Everything is in order.")


def findings(settings: Settings) -> tuple[list[str], list[str]]:
    """Return problems (must be mended) and notes (good to know)."""
    from bot.commands.installation import installation_problems
    from bot.content.check import overdue, text_problems
    from bot.content.load import load_content
    from bot.content.packs import ContentError
    from bot.content.signing import unusable_because
    from bot.duty.mail_settings import mail_problems
    from bot.duty.paging import ways_of
    from bot.pictures.readiness import without_fonts

    try:
        content = load_content(settings.content_dir)
    except ContentError as error:
        return [str(error)], []
    home = content.triage.home_region
    if home != settings.region:
        return [
            f"{PREFIX}REGION is {settings.region}, but the hospital pack says {home}. Make them the same: both name emergency numbers."
        ], []
    late = list(overdue(content, today=date.today()))
    problems = [*text_problems(content, settings.files_dir / "domain"), *mail_problems(settings)]
    problems += [sentence for sentence in installation_problems(settings) if sentence not in problems]
    unsigned = sum(bool(unusable_because(pack, today=date.today())) for pack in content.packs)
    notes = [f"{len(content.packs)} packs, version {content.version}, {_by_status(content.packs)}."]
    notes += [second_reader_state(), *without_fonts(content.phrases)]
    if not (ways_of(settings) or settings.wecom_robot_keys):
        notes.append(
            f"Who has no desk open is not paged: set {PREFIX}SMTP_HOST, {PREFIX}TELEGRAM_TOKEN or {PREFIX}WECOM_ROBOT_KEYS."
        )
    if unsigned and settings.environment == "production":
        problems.append(f"{unsigned} packs are not signed or overdue: production does not start with them.")
    if settings.environment == "production" and not settings.secure_cookies:
        problems.append(f"{PREFIX}SECURE_COOKIES is false in production. Serve the page over HTTPS and set it to true.")
    return (problems + late, notes) if settings.environment == "production" else (problems, notes + late)


def second_reader_state() -> str:
    """Return one sentence on the second reader: which release there is, or why the rules stand alone."""
    from bot.knowledge.encoder import best_encoder
    from bot.second_reader.model import ReaderProblem, load_second_reader

    try:
        about = load_second_reader(best_encoder()).about
    except ReaderProblem as problem:
        return str(problem)
    return f"The second reader is release {about['version']}, learned from {about['texts']} texts."


def _by_status(packs: Iterable[Pack]) -> str:
    counts = Counter(pack.status for pack in packs)
    return ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))


def _show_settings(settings: Settings) -> None:
    secret = {"keys", "lookup_key", "assistant_token", "database_url"}
    of_platforms = ("_token", "_secret", "_aes_key", "_aes_keys", "_robot_keys", "_password")
    for name, field in Settings.__fields__.items():
        value = getattr(settings, name)
        shown = "(set)" if (name in secret or name.endswith(of_platforms)) and value else value
        print(f"{PREFIX}{name.upper()}={shown}\n    {field.field_info.description}")
