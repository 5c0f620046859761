"""`daozhen evaluate DIR`: scores on labelled JSON lines, per file and language, with 95 % intervals."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.output import InputError, Record, read_lines, show_json
from bot.settings import read_settings

URGENT = {"emergency": frozenset({"E1", "E2"}), "urgent": frozenset({"E1", "E2", "U"}), "routine": frozenset({"U", "R"})}


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("evaluate", help="Scores on JSONL sets with `departments`, `urgency` or `level` labels, per language.")(evaluate)


def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder of .jsonl files.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Guide every labelled line and print shares of hits."""
    from bot.content.packs import read_packs
    from bot.triage.guide import guide_line
    from bot.triage.tables import tables_from_packs

    content = read_settings().content_dir
    tables = tables_from_packs(read_packs(content / "hospital") + read_packs(content / "triage"))
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise InputError(f"There is no .jsonl file in {folder}. Name a folder with labelled lines.")
    rows = [
        row for file in files for row in scores(file.stem, read_lines(file), lambda record: guide_line(record, tables=tables))
    ]
    if json:
        show_json(rows)
        return
    for row in rows:
        low, high = row["interval"]
        print(f"{row['set']:<28} {row['lang']:<8} {row['score']:<18} {row['share']:.3f}  ({low:.3f}–{high:.3f})  n={row['n']}")


def scores(name: str, records: Iterable[Record], guide: Callable[[Record], Record]) -> list[dict[str, Any]]:
    """Return one row for each score and language of a labelled set; a set without a label we know gives none."""
    hits: defaultdict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for record in records:
        for score, hit in _judge(record, guide):
            hits[(str(record.get("lang", "?")), score)][hit] += 1
    return [_row(name, lang, score, count) for (lang, score), count in sorted(hits.items())]


def _row(name: str, lang: str, score: str, count: Counter[bool]) -> dict[str, Any]:
    total = sum(count.values())
    return {"set": name, "lang": lang, "score": score, "share": count[True] / total, "n": total, "interval": interval(count)}


def _judge(record: Record, guide: Callable[[Record], Record]) -> Iterable[tuple[str, bool]]:
    if "departments" in record:
        named = guide(record)["departments"]
        right = set(record["departments"])
        yield "department top-1", bool(named[:1] and named[0] in right)
        yield "department top-3", bool(right & set(named[:3]))
    elif record.get("urgency") in URGENT:
        level = guide(record)["level"]
        yield f"{record['urgency']} found", level in URGENT[record["urgency"]]
    elif "level" in record:
        order = ("E1", "E2", "U", "R", "INFO")
        yield "at least as urgent", order.index(guide(record)["level"]) <= order.index(record["level"])


def interval(count: Counter[bool]) -> tuple[float, float]:
    """Return the 95 % Wilson interval of the share of True."""
    total, z = sum(count.values()), 1.96
    share = count[True] / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (middle - spread) / (1 + z * z / total), (middle + spread) / (1 + z * z / total)
