"""`daozhen guide`: the triage engine alone, without a server or the dialogue's model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.output import InputError, read_lines, show_json, write_lines
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.second_reader.model import SecondReader

Text = Annotated[str | None, typer.Argument(help="What the patient writes.")]
Lines = Annotated[Path | None, typer.Option("--jsonl", help="Read JSON lines {id, text, lang?, age?, sex?, pregnant?, region?}.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write JSON lines here instead of stdout.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("guide", help="One message through the triage engine: level, departments, why, next question.")(guide)


def guide(  # noqa: PLR0913 - one parameter for each documented option
    text: Text = None,
    *,
    lang: Annotated[str, typer.Option(help="Language; empty: read it from the text.")] = "",
    age: Annotated[float | None, typer.Option(min=0, max=130, help="Age in years.")] = None,
    sex: Annotated[str, typer.Option(help="f or m.")] = "",
    pregnant: Annotated[bool, typer.Option("--pregnant", help="The patient is pregnant.")] = False,
    region: Annotated[str, typer.Option(help="Where the patient is, e.g. CN, DE.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Print the whole account: words, findings, rules, sources.")] = False,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Without the second reader.")] = False,
    jsonl: Lines = None,
    out: Out = None,
) -> None:
    """Guide one text, or each line of a file."""
    from bot.content.load import load_content
    from bot.triage.account import account
    from bot.triage.guide import assessed, guide_line, guide_lines, language_of

    settings = read_settings()
    tables = load_content(settings.content_dir, keep_in=settings.kept_dir).triage
    reader = None if rules_only else _second_reader()
    if jsonl is not None:
        count = write_lines(out, guide_lines(read_lines(jsonl), tables=tables, second_reader=reader))
        print(f"{count} lines guided.", file=sys.stderr)
        return
    if not text:
        raise InputError('Say what the patient writes: daozhen guide "my ear hurts", or name a file with --jsonl.')
    known = {"lang": lang, "age": age, "sex": sex, "pregnant": pregnant or None, "region": region}
    record = {"id": "-", "text": text, **{name: value for name, value in known.items() if value}}
    if explain:
        _, assessment = assessed(record, tables=tables, opinion=reader.read(text, language_of(record)) if reader else None)
        print("\n".join([*account(assessment, tables=tables), NOT_A_DIAGNOSIS]))
        return
    result = guide_line(record, tables=tables, second_reader=reader)
    show_json(result) if json else _show(result)


NOT_A_DIAGNOSIS = "Not a diagnosis. Sample content: a clinician must sign it before patients use it."


def _second_reader() -> SecondReader | None:
    """Return the second reader, or None with a word on stderr: the rules stand alone then."""
    from bot.knowledge.encoder import best_encoder
    from bot.second_reader.model import ReaderProblem, load_second_reader

    try:
        return load_second_reader(best_encoder())
    except ReaderProblem as problem:
        print(problem, file=sys.stderr)
        return None


def _show(result: dict[str, Any]) -> None:
    print(f"level        {result['level']}{'  CRISIS' if result['crisis'] else ''}")
    print(f"departments  {', '.join(result['departments']) or '-'}")
    for finding in result["findings"]:
        print(f"finding      {finding['id']} {finding['state']}: “{finding['said']}”")
    print(f"red flags    {', '.join(result['red_flags']) or '-'}")
    print(f"would ask    {result['asks'] or '-'}")
    for reason in result["reasons"]:
        print(f"because      {reason}")
    print(NOT_A_DIAGNOSIS)
