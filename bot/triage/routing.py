"""Which departments, best first: routes of the findings, then the rules of clinical table §3.2 that override them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.triage.facts import Facts
from bot.triage.red_flags import rule_of
from bot.triage.tables import Tables
from bot.triage.types import Finding, Opinion, Ranked, RedFlag

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
    for one in voices(facts, tables, opinions=opinions):
        factor = tables.calibration.of(one.department, one.concept)
        _add(scores, one.department, factor * one.weight, one.reason, one.said)
    ranked = sorted(scores.values(), key=lambda one: -one.score)
    ranked = _overridden(ranked, facts, flags, tables)
    return tuple(_that_exist(ranked or [Ranked(FALLBACK, 0.0, "G11 nothing fits better")], tables))


@dataclass(frozen=True)
class Voice:
    """What one complaint, or the second reader (concept ""), says for a department, before the hospital's calibration."""

    department: str
    concept: str
    weight: float
    reason: str
    said: str


def voices(facts: Facts, tables: Tables, *, opinions: Sequence[Opinion] = ()) -> tuple[Voice, ...]:
    """Return all that speaks for departments; their scores are the sums of it."""
    found = []
    for position, finding in enumerate(_complaints(facts, tables)):
        # What is said first weighs more, and a precise complaint more than "unwell".
        departments = _departments(finding.id, facts, tables)
        aside = BESIDE if departments[0] in _ASIDE else 1.0
        weight = aside * _weight(finding, tables) * (1.0 - LATER * min(position, 5))
        for place, department in enumerate(departments):
            said = Voice(department, finding.id, weight * PLACES[min(place, 2)], f"concept:{finding.id}", finding.said)
            found.append(said)
    return (*found, *_votes(sum(one.weight for one in found) if found else 1.0, opinions, tables))


# How much less each later complaint weighs, and what the first, second and third department of a route get.
LATER = 0.08
PLACES = (1.0, 0.65, 0.35)
# A named illness ("the doctor says gallstones") says better where to go than a symptom beside it.
NAMED = 1.5
# What is only asked about ("can a cyst burst?") is still the matter, and a doubt is half a complaint.
ASKED, DOUBTED = 0.7, 0.5
VAGUE = 0.3
# What is wanted ("I'd like a check-up") stands behind what hurts; these departments are no first answer to a complaint.
WANTED, BESIDE = 0.6, 0.5
_ASIDE = frozenset({"TCM", "VACC", "CHC", "NUTR", "WHC", "OCC", "REHAB"})
# What the department of a red flag that is no emergency gets, as a share of the best.
FLAGGED = 0.2
_VAGUE = frozenset(
    [
        "unwell", "pain_any", "fatigue", "exertion", "at_rest", "after_allergen", "nausea", "poor_appetite", "fever",
        "pregnancy_question", "child_care", "cannot_stand", "operation_wanted", "abnormal_result", "body_aches", "blood_count_result",
        "medicine_question",
    ]
)  # fmt: skip


def _weight(finding: Finding, tables: Tables) -> float:
    if finding.id in _VAGUE:
        return VAGUE
    kind = {"condition": NAMED, "request": WANTED, "event": WANTED, "context": WANTED}
    return (
        kind.get(tables.lexicon.concepts[finding.id].kind, 1.0)
        * (ASKED if finding.asked else 1.0)
        * (DOUBTED if finding.doubt else 1.0)
    )


def _complaints(facts: Facts, tables: Tables) -> list[Finding]:
    """Return the findings that lead somewhere: those that count, and named illnesses that are asked about."""
    routed = [one for one in facts.findings.values() if one.id in tables.routes]
    found = [one for one in routed if facts.is_present(one.id) or _is_the_matter(one, tables)]
    # Only history, or only asked about: still the best guess of where it belongs.
    return found or [one for one in routed if one.state == "present" and one.holder != "family"]


def _is_the_matter(finding: Finding, tables: Tables) -> bool:
    return finding.asked and finding.state == "present" and tables.lexicon.concepts[finding.id].kind == "condition"


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
VOTE = 0.25


def _votes(total: float, opinions: Sequence[Opinion], tables: Tables) -> Iterator[Voice]:
    """Yield the votes of the second reader; a department that only it names stands behind with that reason."""
    for opinion in opinions:
        for department, share in opinion.departments:
            if department in tables.departments and share >= FAINT:
                yield Voice(department, "", VOTE * total * share / len(opinions), "second reader", opinion.said)


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
    if facts.holds("surely_child"):
        return _for_child(ranked)
    if facts.holds("child") and ranked:
        # A son or a daughter of any age: the complaint first, and the age is asked.
        return [ranked[0], *_first("PED", "G2 perhaps a child", ranked[1:])]
    if facts.holds("age>=75") and len(ranked) >= 4:
        return [*ranked[:1], Ranked("GERI", ranked[0].score * 0.9, "G9 older, several complaints"), *ranked[1:]]
    return ranked


def _by_pregnancy(ranked: list[Ranked], facts: Facts) -> list[Ranked]:
    expecting = (facts.holds("pregnant") or facts.holds("postpartum")) and not (
        facts.holds("male") and facts.holds("surely_child")
    )
    if expecting and any(facts.is_present(concept) for concept in PREGNANCY_CONCEPTS):
        return _first("OBS", "G3 pregnancy", ranked)
    return ranked


def _by_red_flags(ranked: list[Ranked], flags: Sequence[RedFlag], tables: Tables, *, child: bool) -> list[Ranked]:
    """Put the emergency department first in an emergency; the departments of the flags come up behind it."""
    for flag in reversed([flag for flag in flags if flag.level in ("E1", "E2", "U")]):
        rule = rule_of(flag, tables)
        # A flag that only says "soon" leaves the place to the complaint.
        if rule is not None and rule.department not in (FALLBACK, "ED"):
            department = "PED" if child and rule.department not in KEPT_FOR_CHILDREN | {"OBS"} else rule.department
            raised = _first if rule.action == "crisis" else _raised
            ranked = raised(department, f"G0 {flag.id}", ranked, said=flag.said[0] if flag.said else "")
    top = rule_of(flags[0], tables) if flags and flags[0].level in ("E1", "E2") else None
    # G0: it is open day and night, the department may not be. In a crisis a person takes over instead.
    return _first("ED", "G0 emergency", ranked) if top is not None and top.action != "crisis" else ranked


def _raised(department: str, reason: str, ranked: list[Ranked], *, said: str = "") -> list[Ranked]:
    if not ranked:
        return _first(department, reason, ranked, said=said)
    known = next((one for one in ranked if one.department == department), Ranked(department, 0.0, reason, said))
    more = replace(known, score=known.score + FLAGGED * ranked[0].score)
    rest = [one for one in ranked if one.department != department]
    if ranked[0].reason.startswith("G3"):
        # Whoever is pregnant is seen there first, whatever the flag: they call the others.
        return [ranked[0], *sorted([more, *(one for one in rest if one is not ranked[0])], key=lambda one: -one.score)]
    return sorted([more, *rest], key=lambda one: -one.score)


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


def existing(department: str, tables: Tables) -> str:
    """Return who sees the patients of a department in this hospital: itself, or the one instead of it."""
    while not tables.departments[department].exists:
        department = tables.departments[department].instead
    return department


def _that_exist(ranked: Sequence[Ranked], tables: Tables) -> list[Ranked]:
    seen: dict[str, Ranked] = {}
    for one in ranked:
        department = existing(one.department, tables)
        seen.setdefault(
            department, one if department == one.department else Ranked(department, one.score, f"{one.reason}; G11", one.said)
        )
    return list(seen.values())
