"""`daozhen guide`: the triage engine alone, without server or model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.output import InputError, map_lines, show_json
from bot.settings import read_settings

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
    age: Annotated[float | None, typer.Option(help="Age in years.")] = None,
    sex: Annotated[str, typer.Option(help="f or m.")] = "",
    pregnant: Annotated[bool, typer.Option("--pregnant", help="The patient is pregnant.")] = False,
    region: Annotated[str, typer.Option(help="Where the patient is, e.g. CN, DE.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    jsonl: Lines = None,
    out: Out = None,
) -> None:
    """Guide one text, or each line of a file."""
    from bot.content.packs import read_packs
    from bot.triage.guide import guide_line
    from bot.triage.tables import tables_from_packs

    folder = read_settings().content_dir
    tables = tables_from_packs(read_packs(folder / "hospital") + read_packs(folder / "triage"))
    if jsonl is not None:
        count = map_lines(jsonl, out, lambda record: guide_line(record, tables=tables))
        print(f"{count} lines guided.", file=sys.stderr)
        return
    if not text:
        raise InputError('Say what the patient writes: daozhen guide "my ear hurts", or name a file with --jsonl.')
    known = {"lang": lang, "age": age, "sex": sex, "pregnant": pregnant or None, "region": region}
    result = guide_line({"id": "-", "text": text, **{name: value for name, value in known.items() if value}}, tables=tables)
    show_json(result) if json else _show(result)


def _show(result: dict[str, Any]) -> None:
    print(f"level        {result['level']}{'  CRISIS' if result['crisis'] else ''}")
    print(f"departments  {', '.join(result['departments']) or '-'}")
    for finding in result["findings"]:
        print(f"finding      {finding['id']} {finding['state']}: “{finding['said']}”")
    print(f"red flags    {', '.join(result['red_flags']) or '-'}")
    print(f"would ask    {result['asks'] or '-'}")
    for reason in result["reasons"]:
        print(f"because      {reason}")
    print("Not a diagnosis. Sample content: a clinician must sign it before patients use it.")
