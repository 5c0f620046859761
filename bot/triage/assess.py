"""What follows from an episode: level, departments, the next question, and why. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Level, more_urgent
from bot.plain import plain
from bot.triage.facts import Facts, facts_of
from bot.triage.opinions import FINDINGS, disagree, with_opinions
from bot.triage.red_flags import fired, level_of, open_question
from bot.triage.routing import rank
from bot.triage.separating import WHICH_ALSO, separating_signs
from bot.triage.tables import Tables
from bot.triage.types import Assessment, Episode, Opinion, Ranked, RedFlag

# Questions about the person, in the order in which they matter; each only where it changes something.
# The sign that tells the departments apart comes when it is known whom it is about.
PERSONAL = ("who", "age", "pregnancy", WHICH_ALSO, "onset", "severity")
MOST_QUESTIONS = 6
# The one question that decides when only the second reader is in doubt.
DANGER = "danger_now"


def assess(episode: Episode, *, tables: Tables) -> Assessment:
    """Return the assessment. Its level is never less urgent than the episode's floor."""
    facts = facts_of(episode.readings, answers=episode.answers, child_until=tables.child_until)
    # The episode knows better than its readings: who it is about may have been answered since.
    facts = replace(facts, patient=episode.patient)
    opinions = tuple(reading.opinion for reading in episode.readings if reading.opinion is not None)
    facts = with_opinions(facts, opinions)
    flags = fired(facts, tables)
    departments = rank(facts, flags, tables, opinions=opinions)
    by_rules = any(reading.crisis for reading in episode.readings)
    crisis = by_rules or facts.is_present(FINDINGS["crisis"])
    level = more_urgent(episode.floor, more_urgent(level_of(flags), _base(facts, tables, opinions)))
    offers = separating_signs(facts, departments, tables)
    asks = None if crisis or level == "E1" else _next_question(episode, facts, tables, level, offers)
    return Assessment(
        level=level,
        crisis=crisis,
        departments=departments,
        findings=tuple(facts.findings.values()),
        red_flags=flags,
        asks=asks,
        offers=offers if asks == WHICH_ALSO else (),
        reasons=_reasons(flags, departments, level, episode.floor),
        soon=level == "R" and any(flag.level == "R" for flag in flags),
        content_version=tables.version,
        disagreement=disagree(flags, opinions, crisis=by_rules),
        trace={**_trace(facts, flags, departments, level, tables), "second_reader": [plain(one) for one in opinions]},
    )


# Where the rules read nothing, the second reader is believed that it is a complaint, and where it belongs, from these shares on.
SURE_COMPLAINT, SURE_DEPARTMENT = 0.8, 0.3


def _base(facts: Facts, tables: Tables, opinions: tuple[Opinion, ...]) -> Level:
    told = any(
        one.id in tables.routes and one.state == "present" and one.holder != "family" and not one.asked
        for one in facts.findings.values()
    )
    heard = any(one.complaint >= SURE_COMPLAINT and one.departments[0][1] >= SURE_DEPARTMENT for one in opinions)
    return "R" if told or facts.measurements or heard else "INFO"


def _next_question(episode: Episode, facts: Facts, tables: Tables, level: Level, offers: tuple[str, ...]) -> str | None:
    if len(episode.answers) >= MOST_QUESTIONS or level == "INFO":
        return _when_nothing_was_told(facts, tables) if level == "INFO" else None
    raising = open_question(facts, tables, level)
    if raising is not None:
        return raising
    if level == "E2":
        return None
    for question in PERSONAL:
        if question == WHICH_ALSO:
            if offers and question in tables.questions and question not in facts.answers:
                return question
            continue
        rule = tables.questions.get(question)
        if rule and question not in facts.answers and _is_unknown(question, facts) and rule.when.holds(facts.holds):
            return question
    return None


def _when_nothing_was_told(facts: Facts, tables: Tables) -> str | None:
    # The rules read nothing, and the second reader is not sure that it is nothing.
    if facts.is_present(FINDINGS["ask"]) and DANGER in tables.questions and DANGER not in facts.answers:
        return DANGER
    # "Is chest pain dangerous?" is met with "is it there now?".
    return "now" if facts.holds("asked_danger") and "now" in tables.questions and "now" not in facts.answers else None


def _is_unknown(question: str, facts: Facts) -> bool:
    patient = facts.patient
    return {
        "who": patient.who is None,
        "age": patient.age_years is None,
        "pregnancy": patient.pregnant is None and patient.sex != "m",
        "onset": facts.duration_days is None,
        "severity": "severe" not in facts.cues,
    }[question]


def _reasons(flags: tuple[RedFlag, ...], departments: tuple[Ranked, ...], level: Level, floor: Level) -> tuple[str, ...]:
    reasons = [f"{flag.id} → {flag.level}: {' + '.join(flag.said) or 'answer'}" for flag in flags]
    reasons += [f"{one.department}: {one.reason}{f' “{one.said}”' if one.said else ''}" for one in departments[:3]]
    if level == floor and floor != "INFO":
        reasons.append(f"the level was {floor} before and only rises")
    return tuple(reasons)


def _trace(
    facts: Facts, flags: tuple[RedFlag, ...], departments: tuple[Ranked, ...], level: Level, tables: Tables
) -> dict[str, object]:
    return {
        "level": level,
        "packs": tables.version,
        "patient": {**plain(facts.patient), "conditions": sorted(facts.patient.conditions)},
        "duration_days": facts.duration_days,
        "cues": sorted(facts.cues),
        "answers": dict(facts.answers),
        "measurements": [plain(one) for one in facts.measurements],
        "red_flags": [plain(flag) for flag in flags],
        "scores": [plain(one) for one in departments[:5]],
    }
