"""What the second reader adds to an episode: findings that conditions can name, and a vote for the department. Pure.

It may raise a level or have a question asked. Nothing here can lower one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.triage.facts import Facts
from bot.triage.types import Finding, Opinion, RedFlag, Verdict

# Names that conditions of the packs may use beside concepts.
FINDINGS: dict[Verdict, str] = {
    "emergency": "reads_as_emergency",
    "crisis": "reads_as_crisis",
    "ask": "reads_as_doubtful",
}


def with_opinions(facts: Facts, opinions: Sequence[Opinion]) -> Facts:
    """Return the facts with what the second reader heard as findings, in the patient's own words."""
    heard = {FINDINGS[one.verdict]: one.said for one in opinions if one.verdict in FINDINGS}
    if not heard:
        return facts
    added = {finding: Finding(finding, "present", said) for finding, said in heard.items()}
    return replace(facts, findings={**facts.findings, **added})


def disagree(flags: Sequence[RedFlag], opinions: Sequence[Opinion], *, crisis: bool) -> bool:
    """Return whether only one of the readers heard an emergency: somebody should look at that.

    `flags` are those of the rules and of this reader; `crisis` is what the rules say.
    """
    if not opinions:
        return False
    rules = crisis or any(flag.level in ("E1", "E2") and not _is_own(flag) for flag in flags)
    reader = any(one.verdict in ("emergency", "crisis") for one in opinions)
    unheard = rules and all(one.verdict == "quiet" for one in opinions)
    return unheard or (reader and not rules)


def _is_own(flag: RedFlag) -> bool:
    return flag.id.startswith("SR")
