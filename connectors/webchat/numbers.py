"""Emergency and crisis numbers for the page: which one stands in its bar, and which ones in an answer can be dialled."""

from __future__ import annotations

from dataclasses import dataclass

from bot.languages import Language
from bot.triage.tables import Tables


@dataclass(frozen=True)
class Region:
    """Where a person may be, and whom to call there."""

    code: str
    name: str
    number: str


def regions(tables: Tables, language: Language) -> tuple[Region, ...]:
    """Return the regions with a known ambulance number, in the order of the pack."""
    named = ((code, line.names[language], line.ambulance) for code, line in tables.hotlines.items() if line.ambulance)
    # The pack writes names as they stand within a sentence.
    return tuple(Region(code, name[:1].upper() + name[1:], number) for code, name, number in named)


def ambulance(tables: Tables, region: str) -> str:
    """Return the ambulance number of `region`, of the home hospital's when it has none."""
    line = tables.hotlines.get(region) or tables.hotlines[tables.home_region]
    return line.ambulance


def all_numbers(tables: Tables) -> list[str]:
    """Return all numbers that an answer may name."""
    return sorted({number for line in tables.hotlines.values() for number in line.numbers})
