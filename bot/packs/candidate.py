"""What the packs would be after an edit, put together as the content is: so that what cannot go live is said before it is kept. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.content.packs import ContentError, Pack
from bot.followup.content import followup_from_packs
from bot.knowledge.entries import Entries
from bot.packs.source import Files
from bot.scenes.scenes import scenes_from_packs
from bot.triage.tables import Tables, with_rules

_NUMBERS = itertools.count(1)
_RULES = ("content/triage/", "content/hospital/")


def packs_in(files: Files, *beginnings: str) -> tuple[Pack, ...]:
    """Return the packs whose names begin so. Raises ContentError."""
    return tuple(files[name].pack for name in sorted(files) if name.startswith(beginnings))


def entries_of(files: Files) -> Entries:
    """Return the FAQ as it would be. Raises ContentError."""
    return Entries.from_packs(packs_in(files, "content/knowledge/"))


def rules_of(files: Files, live: Tables, *, today: date | None = None) -> Tables:
    """Return the clinical tables as they would be; words are read as they are now. Raises ContentError."""
    made = with_rules(live, packs_in(files, *_RULES), today=today)
    # Tables are told apart by their versions, and an edit does not raise the one of its pack.
    return replace(made, version=f"{live.version} edited {next(_NUMBERS)}")


def problem_in(files: Files, touched: Mapping[str, object], live: Tables) -> str:
    """Return why the packs could not go live so, in the words of the content; "" when they could. `touched`: names of files."""
    try:
        if any(name.startswith("content/knowledge/") for name in touched):
            entries_of(files)
        if any(name.startswith(_RULES) for name in touched):
            rules_of(files, live)
        if any(name.startswith(("content/followup/", "content/hospital/")) for name in touched):
            hospital = packs_in(files, "content/hospital/")
            followup_from_packs(packs_in(files, "content/followup/"), hospital=hospital)
            scenes_from_packs(hospital)
    except ContentError as error:
        return str(error)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"
    return ""
