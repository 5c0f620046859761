"""The whole account of an assessment for a clinician: the words, the findings, the rules with versions and sources. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.triage.red_flags import rule_of
from bot.triage.tables import Tables
from bot.triage.types import Assessment, Finding, Ranked, RedFlag


def account(assessment: Assessment, *, tables: Tables) -> Iterator[str]:
    """Yield the lines of the account, in the order in which things were decided."""
    yield f"level        {assessment.level}{' (soon)' if assessment.soon else ''}{'  CRISIS' if assessment.crisis else ''}"
    yield from (_finding(finding) for finding in assessment.findings)
    yield from _circumstances(assessment)
    for flag in assessment.red_flags:
        yield from _flag(flag, tables)
    yield from _second_reader(assessment)
    for place, ranked in enumerate(assessment.departments[:5], start=1):
        yield from _department(place, ranked, tables)
    yield f"would ask    {assessment.asks or 'nothing more'}"
    yield f"packs        {assessment.content_version}"


def _finding(finding: Finding) -> str:
    details: list[str] = [finding.state, finding.when]
    details += [f"of {finding.holder}"] if finding.holder != "self" else []
    details += [name for name in ("doubt", "asked") if getattr(finding, name)]
    return f"finding      {finding.id}: {', '.join(details)} “{finding.said}”"


def _circumstances(assessment: Assessment) -> Iterator[str]:
    trace = assessment.trace
    known = {name: value for name, value in trace.get("patient", {}).items() if value not in (None, [])}
    if known:
        yield f"patient      {', '.join(f'{name} {value}' for name, value in known.items())}"
    if trace.get("duration_days") is not None:
        yield f"since        {trace['duration_days']:g} days"
    if trace.get("cues"):
        yield f"words say    {', '.join(trace['cues'])}"
    for number in trace.get("measurements", ()):
        yield f"number       {number['kind']} {number['value']:g} “{number['said']}”{'' if number['sure'] else ' (unit not sure)'}"
    for question, value in trace.get("answers", {}).items():
        yield f"answered     {question}: {value}"


def _flag(flag: RedFlag, tables: Tables) -> Iterator[str]:
    rule = rule_of(flag, tables)
    words = " + ".join(f"“{word}”" for word in flag.said) or "an answer"
    yield f"red flag     {flag.id} → {flag.level}: {words}"
    if rule is not None:
        yield f"             when {rule.when.text}; source {rule.source}"


def _second_reader(assessment: Assessment) -> Iterator[str]:
    for opinion in assessment.trace.get("second_reader", ()):
        named = ", ".join(f"{department} {share:.2f}" for department, share in opinion["departments"][:3])
        yield f"2nd reader   {opinion['verdict']}: emergency {opinion['emergency']:.2f}, crisis {opinion['crisis']:.2f}; {named}"
        yield f"             “{opinion['said']}”; release {opinion['version']}"
    if assessment.disagreement:
        yield "             the two readers disagree: kept for review"


def _department(place: int, ranked: Ranked, tables: Tables) -> Iterator[str]:
    words = f" “{ranked.said}”" if ranked.said else ""
    yield f"{place}. {ranked.department:<9} {ranked.score:.2f} {ranked.reason}{words}"
    kind, _, concept = ranked.reason.partition(":")
    if kind == "concept" and concept in tables.routes:
        route = tables.routes[concept]
        elsewhere = "; ".join(f"{condition.text} → {department}" for condition, department in route.exceptions)
        yield f"             {concept} → {', '.join(route.departments)}{f'; but {elsewhere}' if elsewhere else ''}"
