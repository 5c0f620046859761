"""The clinical tables as frozen data, read from packs and checked against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.content.packs import ContentError, Pack, day_of
from bot.languages import LANGUAGES, Language
from bot.messages import LEVELS, Level
from bot.triage.calibration import Calibration, calibration_from_packs
from bot.triage.expressions import Expression, ExpressionError, comparison, parse
from bot.triage.lexicon import Lexicon
from bot.triage.opinions import FINDINGS as OPINIONS

Texts = Mapping[Language, str]

# Who sees patients where a department does not exist, or the rule that leads there is not reviewed any more.
INSTEAD = "GP"
# Names that conditions may use besides concepts; facts.py answers them.
FACTS = frozenset(
    [
        "sudden",
        "severe",
        "worsening",
        "adult",
        "child",
        "newborn",
        "older",
        "pregnant",
        "postpartum",
        "proxy",
        "male",
        "female",
        "past",
        "asked_danger",
        "now_said",
        "glucose_unsure",
        "which_also_offered",
        *OPINIONS.values(),
    ]
)
NUMBERS = frozenset(["age", "duration", "temperature", "systolic", "diastolic", "glucose", "spo2", "pulse", "weeks"])


@dataclass(frozen=True)
class RedFlagRule:
    """One row of the red flags: fires when `when` holds."""

    id: str
    level: Level
    soon: bool
    when: Expression
    action: str  # which do-now lines are said
    department: str
    source: str


@dataclass(frozen=True)
class Route:
    """Where a concept leads: departments in order, and exceptions that come first when they hold."""

    concept: str
    departments: tuple[str, ...]
    exceptions: tuple[tuple[Expression, str], ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """All departments that it may lead to."""
        return frozenset([*self.departments, *(department for _, department in self.exceptions)])


@dataclass(frozen=True)
class QuestionRule:
    """A question of the pack. `when`: it makes sense to ask; `raises`: the level that a yes means; `unless`: of whom it does not ask
    for a sign, by concept."""

    id: str
    when: Expression
    raises: Level | None
    flag: str
    texts: Texts
    why: Texts
    choices: tuple[tuple[str, Texts], ...]
    unless: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True)
class Department:
    """A department of this hospital. `instead`: who sees these patients when it does not exist here."""

    id: str
    names: Texts
    exists: bool
    where: Texts
    hours: Texts
    instead: str


@dataclass(frozen=True)
class Hotline:
    """The numbers of a region; decided by where the patient is, never by the language."""

    region: str
    names: Texts
    ambulance: str
    crisis: str
    police: str
    source: str
    checked_on: str

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers that an answer may name."""
        return tuple(number for number in (self.ambulance, self.crisis, self.police) if number)


@dataclass(frozen=True)
class Tables:
    """Everything that triage decides with."""

    lexicon: Lexicon
    red_flags: tuple[RedFlagRule, ...]
    routes: Mapping[str, Route]
    questions: Mapping[str, QuestionRule]
    departments: Mapping[str, Department]
    hotlines: Mapping[str, Hotline]
    home_region: str
    child_until: int
    version: str
    calibration: Calibration = field(default_factory=Calibration)

    def __hash__(self) -> int:
        return hash(self.version)


def tables_from_packs(packs: Iterable[Pack], *, today: date | None = None) -> Tables:
    """Return the tables. Raises ContentError that names file and fix when something is missing or unknown.

    `today`: a route that had to be reviewed before leads where a person decides; None: all are as they stand.
    """
    by_kind = _by_kind(packs, ("lexicon", *_RULES))
    return _together(by_kind, Lexicon.from_packs(by_kind["lexicon"]), today)


def with_rules(tables: Tables, packs: Iterable[Pack], *, today: date | None = None) -> Tables:
    """Return tables that read words as `tables` do and decide by `packs`: those of the rules and of the hospital.

    The lexicon, whose compiling takes seconds, is shared. Raises ContentError like `tables_from_packs`.
    """
    return _together(_by_kind(packs, _RULES), tables.lexicon, today)


_RULES = ("red_flags", "routes", "questions", "hotlines", "hospital", "departments")


def _by_kind(packs: Iterable[Pack], needed: tuple[str, ...]) -> dict[str, list[Pack]]:
    by_kind: dict[str, list[Pack]] = {}
    for pack in packs:
        by_kind.setdefault(pack.pack.split("-")[0], []).append(pack)
    missing = [kind for kind in needed if kind not in by_kind]
    if missing:
        raise ContentError(f"The packs {', '.join(missing)} are missing. Restore content/triage and content/hospital.")
    return by_kind


def _together(by_kind: Mapping[str, list[Pack]], lexicon: Lexicon, today: date | None) -> Tables:
    departments = {key: _department(pack, key, entry) for pack, key, entry in _entries(by_kind["departments"])}
    _check_instead(departments)
    hospital = by_kind["hospital"][0].entries
    known = _Known(frozenset(lexicon.concepts), frozenset(departments))
    routes = {key: _route(pack, key, entry, known) for pack, key, entry in _entries(by_kind["routes"])}
    if today is not None:
        routes |= {key: Route(key, (INSTEAD,)) for _, key, entry in _entries(by_kind["routes"]) if _is_over(entry, today)}
    named = {key: route.named for key, route in routes.items()}
    hotlines = {key: _hotline(pack, key, entry) for pack, key, entry in _entries(by_kind["hotlines"])}
    _check_home(by_kind["hospital"][0], hotlines)
    return Tables(
        lexicon=lexicon,
        red_flags=tuple(_red_flag(pack, key, entry, known) for pack, key, entry in _entries(by_kind["red_flags"])),
        routes=routes,
        questions={key: _question(pack, key, entry, known) for pack, key, entry in _entries(by_kind["questions"])},
        departments=departments,
        hotlines=hotlines,
        home_region=hospital["region"],
        child_until=int(hospital["child_until"]),
        version=" ".join(sorted(f"{pack.pack}@{pack.version}" for kind in by_kind.values() for pack in kind)),
        calibration=calibration_from_packs(by_kind.get("calibration", ()), named=named, departments=departments),
    )


@dataclass(frozen=True)
class _Known:
    concepts: frozenset[str]
    departments: frozenset[str]

    def condition(self, where: str, text: str) -> Expression:
        try:
            expression = parse(text)
        except ExpressionError as error:
            raise ContentError(f"{where}: the condition {text!r} cannot be read: {error}. Mend it.") from error
        for atom in expression.atoms:
            compared = comparison(atom)
            known = compared[0] in NUMBERS if compared else atom.split(":")[0] in ("condition", "answer")
            if not (known or atom in self.concepts or atom in FACTS):
                raise ContentError(f"{where}: {atom} is no concept and no fact. Mend the spelling or add the concept.")
        return expression

    def concept(self, where: str, concept: str) -> str:
        if concept not in self.concepts:
            raise ContentError(f"{where}: there is no concept {concept}. Mend the spelling or add it to the lexicon.")
        return concept

    def department(self, where: str, department: str) -> str:
        if department not in self.departments:
            raise ContentError(f"{where}: there is no department {department}. Add it to departments.yml or mend the spelling.")
        return department


def _entries(packs: Iterable[Pack]) -> Iterable[tuple[Pack, str, Any]]:
    for pack in packs:
        for key, entry in pack.entries.items():
            yield pack, str(key), entry


def _red_flag(pack: Pack, key: str, entry: Any, known: _Known) -> RedFlagRule:
    where = f"{pack.path}: {key}"
    level = entry["level"]
    if level not in LEVELS:
        raise ContentError(f"{where}: the level is {level!r}. Use one of {', '.join(LEVELS)}.")
    when = known.condition(where, entry["when"])
    department = known.department(where, entry["department"])
    return RedFlagRule(
        key, level, bool(entry.get("soon")), when, entry.get("action", "none"), department, str(entry.get("source", ""))
    )


def _route(pack: Pack, key: str, entry: Any, known: _Known) -> Route:
    where = f"{pack.path}: {key}"
    exceptions = tuple(
        (known.condition(where, str(condition)), known.department(where, department))
        for condition, department in (entry.get("exceptions") or {}).items()
    )
    return Route(known.concept(where, key), tuple(known.department(where, one) for one in entry["to"]), exceptions)


def _question(pack: Pack, key: str, entry: Any, known: _Known) -> QuestionRule:
    where = f"{pack.path}: {key}"
    choices = tuple((str(value), _texts(where, texts)) for value, texts in entry["choices"].items())
    unless = {known.concept(where, sign): known.condition(where, str(of)) for sign, of in (entry.get("unless") or {}).items()}
    return QuestionRule(
        key,
        known.condition(where, entry["when"]),
        entry.get("raises"),
        entry.get("flag", ""),
        _texts(where, entry["text"]),
        _texts(where, entry["why"]),
        choices,
        unless,
    )


def _department(pack: Pack, key: str, entry: Any) -> Department:
    where = f"{pack.path}: {key}"
    return Department(
        key, _texts(where, entry["names"]), bool(entry["exists"]), _texts(where, entry["where"]), _texts(where, entry["hours"]),
        entry.get("instead", INSTEAD),
    )  # fmt: skip


def _check_home(pack: Pack, hotlines: Mapping[str, Hotline]) -> None:
    # Of who has not said where they are the numbers of the hospital's region are told.
    home = hotlines.get(pack.entries["region"])
    if home is None or not home.ambulance:
        raise ContentError(
            f"{pack.path}: there is no ambulance number of the region {pack.entries['region']}. Choose a region of hotlines.yml that has one."
        )


def _check_instead(departments: Mapping[str, Department]) -> None:
    for name in departments:
        asked, seen = name, {name}
        while not departments[asked].exists:
            asked = departments[asked].instead
            if asked not in departments or asked in seen:
                raise ContentError(
                    f"departments: nobody sees the patients of {name}: instead of it they are sent to {asked}, which does not lead to "
                    "a department that exists. Choose another one."
                )
            seen.add(asked)


def _hotline(pack: Pack, key: str, entry: Any) -> Hotline:
    names = _texts(f"{pack.path}: {key}", entry["names"])
    numbers = {kind: str(entry.get(kind) or "") for kind in ("ambulance", "crisis", "police")}
    return Hotline(key, names, source=str(entry["source"]), checked_on=str(entry["checked_on"]), **numbers)


def _is_over(entry: Any, today: date) -> bool:
    # Of red flags, questions and numbers none ever stops: one that is late for its review is still better than none.
    day = day_of(entry.get("review_date"))
    return day is not None and today > day


def _texts(where: str, texts: Any) -> Texts:
    missing = [language for language in LANGUAGES if not (texts or {}).get(language)]
    if missing:
        raise ContentError(f"{where} has no text in {', '.join(missing)}. Write it by hand.")
    return {language: str(texts[language]).strip() for language in LANGUAGES}
