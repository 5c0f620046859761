"""The report as a table for spreadsheets: what the page shows and no more."""

from __future__ import annotations

import csv
import io

from bot.insight.report import Cell, Report

HEAD = ("week", "language", "measure", "unit", "value", "nine_of_ten_within", "people_about", "note")
HIDDEN = "fewer than 10"
NEVER = "more than half not answered"


def csv_of(report: Report) -> str:
    """Return it, one number a line; of all languages together as "all"."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(HEAD)
    for result in report.results:
        for line in result.lines:
            for week, cell in zip(report.weeks, line.cells, strict=True):
                unit = "percent" if result.measure.kind == "share" else "minutes"
                write.writerow([week.name, line.language or "all", result.measure.key, unit, *_values(cell)])
    return out.getvalue()


def _values(cell: Cell) -> list[object]:
    note = HIDDEN if cell.hidden else NEVER if cell.never else ""
    shown = [cell.value, cell.tail, cell.of or None]
    return [*("" if one is None else one for one in shown), note]
