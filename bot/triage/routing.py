"""Which departments, best first: routes of the findings, then the rules of clinical table §3.2 that override them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.triage.facts import Facts
from bot.triage.red_flags import rule_of
from bot.triage.tables import Tables
from bot.triage.types import Opinion, Ranked, RedFlag

FALLBACK = "GP"
# What a child is still sent to directly, rather than to paediatrics (rule G2).
KEPT_FOR_CHILDREN = frozenset(
    {"OPH", "ENT", "DENT", "DERM", "ED", "NEO", "PSURG", "CHC", "VACC", "PED", "BURNS", "ORTHO", "PSY", "PSYC", "ALLERGY"}
)
ONLY_CHILDREN = frozenset({"PED", "NEO", "PSURG", "CHC"})
ONLY_WOMEN = frozenset({"GYN", "OBS", "WHC", "FPLAN"})
ONLY_MEN = frozenset({"ANDRO"})
PREGNANCY_CONCEPTS = frozenset(
    [
        "vaginal_bleeding",
        "belly_pain",
        "lower_belly_pain",
        "contractions",
        "waters_broke",
        "fetal_movement_less",
        "nausea",
        "vomiting",
        "pregnancy_vomiting",
        "legs_swollen",
        "face_swelling",
        "foamy_urine",
        "burning_urine",
        "high_blood_pressure",
        "vaginal_discharge",
        "antenatal_visit",
    ]
)


def rank(facts: Facts, flags: Sequence[RedFlag], tables: Tables, *, opinions: Sequence[Opinion] = ()) -> tuple[Ranked, ...]:
    """Return the departments with reasons, best first. Never empty: GP when nothing fits."""
    scores: dict[str, Ranked] = {}
    for position, (concept, said) in enumerate(_complaints(facts, tables)):
        # What is said first weighs more, and a precise complaint more than "unwell".
        weight = (1.0 - 0.08 * min(position, 5)) * (0.3 if concept in _VAGUE else 1.0)
        for place, department in enumerate(_departments(concept, facts, tables)):
            _add(scores, department, weight * (1.0, 0.45, 0.3)[min(place, 2)], f"concept:{concept}", said)
    _vote(scores, opinions, tables)
    ranked = sorted(scores.values(), key=lambda one: -one.score)
    ranked = _overridden(ranked, facts, flags, tables)
    return tuple(_that_exist(ranked or [Ranked(FALLBACK, 0.0, "G11 nothing fits better")], tables))


_VAGUE = frozenset({"unwell", "pain_any", "fatigue", "exertion", "at_rest", "after_allergen", "nausea", "poor_appetite", "fever"})


def _complaints(facts: Facts, tables: Tables) -> list[tuple[str, str]]:
    found = [finding for finding in facts.findings.values() if facts.is_present(finding.id) and finding.id in tables.routes]
    if not found:  # only history, or only asked about: still the best guess of where it belongs
        found = [f for f in facts.findings.values() if f.state == "present" and f.holder != "family" and f.id in tables.routes]
    return [(finding.id, finding.said) for finding in found]


def _departments(concept: str, facts: Facts, tables: Tables) -> list[str]:
    route = tables.routes[concept]
    first = [department for condition, department in route.exceptions if condition.holds(facts.holds)]
    return list(dict.fromkeys([*first, *route.departments]))


def _add(scores: dict[str, Ranked], department: str, score: float, reason: str, said: str) -> None:
    old = scores.get(department)
    if old is None:
        scores[department] = Ranked(department, score, reason, said)
    else:
        scores[department] = Ranked(department, old.score + score, old.reason, old.said)


# What a whole vote of the second reader is worth beside the first complaint of the rules.
VOTE = 0.8


def _vote(scores: dict[str, Ranked], opinions: Sequence[Opinion], tables: Tables) -> None:
    """Let the second reader vote; a department that only it names stands behind with that reason."""
    total = sum(one.score for one in scores.values()) if scores else 1.0
    for opinion in opinions:
        for department, share in opinion.departments:
            if department in tables.departments and share >= FAINT:
                _add(scores, department, VOTE * total * share / len(opinions), "second reader", opinion.said)


# A share under this is noise.
FAINT = 0.05


def _overridden(ranked: list[Ranked], facts: Facts, flags: Sequence[RedFlag], tables: Tables) -> list[Ranked]:
    for rule in (_of_the_right_person, _by_age, _by_pregnancy):
        ranked = rule(ranked, facts)
    return _by_red_flags(ranked, flags, tables, child=facts.holds("child"))


def _of_the_right_person(ranked: list[Ranked], facts: Facts) -> list[Ranked]:
    grown = facts.patient.age_years is not None and not facts.holds("child")
    return [one for one in ranked if not _wrong_sex(one.department, facts) and not (grown and one.department in ONLY_CHILDREN)]


def _by_age(ranked: list[Ranked], facts: Facts) -> list[Ranked]:
    if facts.holds("newborn"):
        return _first("NEO", "G1 newborn", ranked)
    if facts.holds("child"):
        return _for_child(ranked)
    if facts.holds("age>=75") and len(ranked) >= 4:
        return [*ranked[:1], Ranked("GERI", ranked[0].score * 0.9, "G9 older, several complaints"), *ranked[1:]]
    return ranked


def _by_pregnancy(ranked: list[Ranked], facts: Facts) -> list[Ranked]:
    expecting = facts.holds("pregnant") or facts.holds("postpartum")
    if expecting and any(facts.is_present(concept) for concept in PREGNANCY_CONCEPTS):
        return _first("OBS", "G3 pregnancy", ranked)
    return ranked


def _by_red_flags(ranked: list[Ranked], flags: Sequence[RedFlag], tables: Tables, *, child: bool) -> list[Ranked]:
    for flag in reversed([flag for flag in flags if flag.level in ("E1", "E2", "U")]):
        rule = rule_of(flag, tables)
        # A flag that only says "soon" leaves the place to the complaint.
        if rule is not None and rule.department != FALLBACK:
            department = "PED" if child and rule.department not in KEPT_FOR_CHILDREN | {"OBS"} else rule.department
            ranked = _first(department, f"G0 {flag.id}", ranked, said=flag.said[0] if flag.said else "")
    top = rule_of(flags[0], tables) if flags and flags[0].level in ("E1", "E2") else None
    # G0: it is open day and night, the department may not be. In a crisis a person takes over instead.
    return _first("ED", "G0 emergency", ranked) if top is not None and top.action != "crisis" else ranked


def _for_child(ranked: list[Ranked]) -> list[Ranked]:
    if ranked and ranked[0].department in KEPT_FOR_CHILDREN - {"ED"}:
        return [ranked[0], *_first("PED", "G2 child", ranked[1:])]
    return _first("PED", "G2 child", [one for one in ranked if one.department in KEPT_FOR_CHILDREN] or ranked)


def _first(department: str, reason: str, ranked: list[Ranked], *, said: str = "") -> list[Ranked]:
    top = ranked[0].score if ranked else 1.0
    known = next((one for one in ranked if one.department == department), None)
    words = said or (known.said if known else "")
    return [Ranked(department, top + 0.01, reason, words), *(one for one in ranked if one.department != department)]


def _wrong_sex(department: str, facts: Facts) -> bool:
    return (department in ONLY_WOMEN and facts.holds("male")) or (department in ONLY_MEN and facts.holds("female"))


def _that_exist(ranked: Sequence[Ranked], tables: Tables) -> list[Ranked]:
    seen: dict[str, Ranked] = {}
    for one in ranked:
        department = one.department
        while not tables.departments[department].exists:
            department = tables.departments[department].instead
        seen.setdefault(
            department, one if department == one.department else Ranked(department, one.score, f"{one.reason}; G11", one.said)
        )
    return list(seen.values())
