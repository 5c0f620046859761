"""Bars of a line of the report, in units of a picture. Pure; the page draws them with its own colours."""

from __future__ import annotations

from dataclasses import dataclass

from bot.insight.report import Line

WIDTH, HEIGHT = 480.0, 120.0
_GAP = 0.25


@dataclass(frozen=True)
class Bar:
    """One week. `week`: its number; `height` 0: nothing to show; `hidden`: there is something that is not shown."""

    week: int
    x: float
    y: float
    width: float
    height: float
    hidden: bool


def bars_of(line: Line, *, top: float, rtl: bool) -> tuple[Bar, ...]:
    """Return a bar for each week; `top`: the value that is as high as the picture. The first week is where reading begins."""
    step = WIDTH / len(line.cells)
    bars = []
    for week, cell in enumerate(line.cells):
        at = len(line.cells) - 1 - week if rtl else week
        height = HEIGHT * min(cell.value / top, 1.0) if cell.value is not None and top else 0.0
        # A zero that was measured is seen: a line on the ground.
        seen = max(height, 1.5) if cell.value is not None else 0.0
        bars.append(Bar(week, at * step + step * _GAP / 2, HEIGHT - seen, step * (1 - _GAP), seen, cell.hidden or cell.never))
    return tuple(bars)


def top_of(values: list[int], *, kind: str) -> int:
    """Return a round number that is at least as large as all values: of a share at most 100."""
    largest = max(values, default=0)
    steps = (5, 10, 25, 50, 100) if kind == "share" else (10, 30, 60, 120, 240, 480, 1440, 2880, 10080)
    return next((step for step in steps if step >= largest), largest)
