"""`daozhen followup readings`: a patient's readings as PDF or CSV for their doctor. Audited."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.followup import Conversation, FollowupProblem, Name, followup
from bot.commands.services import acting, open_database, read_content
from bot.languages import LANGUAGES

KINDS = (".pdf", ".csv")


def add_to(_: typer.Typer) -> None:
    """Add the command of this file to those of follow-up."""
    followup.command("readings")(readings)


def readings(
    conversation: Conversation,
    out: Annotated[Path, typer.Option(help="The file to write: NAME.pdf or NAME.csv.")],
    lang: Annotated[str, typer.Option(help="Language of the file; empty: of the conversation.")] = "",
    font: Annotated[list[Path], typer.Option(help="A font file for the PDF, tried before those of this machine.")] = [],  # noqa: B006
    name: Name = "",
) -> None:
    """Write the readings of the last half year of the patient of a conversation to a file."""
    from bot.clock import utc_now
    from bot.followup.export import csv_of, report_of
    from bot.followup.export_pdf import pdf_of
    from bot.inbox import conversations
    from bot.privacy import audit

    if out.suffix.lower() not in KINDS:
        raise FollowupProblem(f"{out.name} is neither a PDF nor a table. Name it readings.pdf or readings.csv.")
    if lang and lang not in LANGUAGES:
        raise FollowupProblem(f"--lang {lang} is no language of this assistant. Use one of {', '.join(LANGUAGES)}.")
    with open_database().write() as work:
        known = conversations.get(work, conversation)
        if known is None:
            raise FollowupProblem(f"There is no conversation {conversation}. `daozhen cases list --json` shows their ids.")
        now, language = utc_now(), lang or known.language
        report = report_of(work, known.patient_id, language=language, content=read_content(), now=now)
        audit.record(work, who=acting(name), what="exported readings", subject=known.patient_id, now=now)
    if not report.courses:
        raise FollowupProblem("This patient has told no readings within the last half year.")
    out.write_bytes(pdf_of(report, fonts=font) if out.suffix.lower() == ".pdf" else csv_of(report))
    print(f"{out}: {sum(len(course.readings) for course in report.courses)} readings.")
