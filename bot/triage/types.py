"""The words of triage as frozen data: what was read, who it is about, what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.languages import Language
from bot.messages import Level, more_urgent

State = Literal["present", "absent", "unknown"]
Holder = Literal["self", "other", "family"]  # "other": a proxy writes; "family": family history only
# What the second reader asks for: an emergency answer, the crisis path, the one question that decides, or nothing.
Verdict = Literal["emergency", "crisis", "ask", "quiet"]
When = Literal["now", "recent", "past"]  # recent: just resolved, still counts for red flags


@dataclass(frozen=True)
class Finding:
    """One concept and what the words say of it. `said` are the patient's own words, never ours."""

    id: str  # concept id, e.g. "chest_pain"
    state: State
    said: str
    holder: Holder = "self"
    when: When = "now"
    doubt: bool = False  # hedged: counts as present for red flags, not for routing
    asked: bool = False  # a general question or a hypothetical: "is chest pain dangerous?"


@dataclass(frozen=True)
class Measurement:
    """A number with a unit, in SI-like units of clinical §4.2."""

    kind: Literal[
        "temperature_c",
        "systolic",
        "diastolic",
        "glucose_mmol",
        "hba1c_percent",
        "pulse",
        "spo2",
        "weight_kg",
        "gestation_weeks",
        "pain",
    ]
    value: float
    said: str
    sure: bool = True  # False: the unit had to be guessed, ask; the value is the more dangerous reading


@dataclass(frozen=True)
class Patient:
    """Whom the episode is about. None means unknown, and unknown is never read as harmless."""

    who: Literal["self", "child", "other"] | None = None
    age_years: float | None = None
    maybe_grown: bool | None = None  # "my daughter", and nothing says how old: a child for safety, not for the department
    sex: Literal["f", "m"] | None = None
    pregnant: bool | None = None
    postpartum: bool | None = None
    conditions: frozenset[str] = frozenset()  # e.g. "diabetes", "anticoagulant", "immunosuppressed"


@dataclass(frozen=True)
class Opinion:
    """What the second reader thinks of one message. It may raise a level or ask; it never lowers one."""

    emergency: float  # share of 1
    crisis: float
    verdict: Verdict
    departments: tuple[tuple[str, float], ...]  # best first, shares of 1
    said: str  # the part of the message that sounds most like an emergency, the patient's own words
    version: str
    complaint: float = 0.0  # share of 1: somebody tells of something that is wrong, urgent or not


@dataclass(frozen=True)
class Reading:
    """What one message says. Pure: the same text in the same context reads the same."""

    language: Language
    findings: tuple[Finding, ...] = ()
    patient: Patient = Patient()  # only what this message says
    duration_days: float | None = None
    sudden: bool = False
    severe: bool = False
    worsening: bool = False
    measurements: tuple[Measurement, ...] = ()
    crisis: bool = False
    crisis_said: str = ""
    corrects: bool = False  # "sorry, I meant…": what the message before told was not meant
    opinion: Opinion | None = None


@dataclass(frozen=True)
class Question:
    """A question of the questions pack, ready to ask."""

    id: str  # e.g. "who", "age", "onset", "severity", or "flag:RF014:radiation"
    text: str
    why: str  # the answer to "why do you ask?"
    choices: tuple[tuple[str, str], ...] = ()  # (value, title in the patient's language)


@dataclass(frozen=True)
class RedFlag:
    """A red flag that fired, or that one answer would complete."""

    id: str
    level: Level
    said: tuple[str, ...]
    missing: str | None = None  # question id that would complete it; None: it fired


@dataclass(frozen=True)
class Ranked:
    """A department and the reason it was named."""

    department: str
    score: float
    reason: str  # rule id or "concept:<id>", with the words that led to it in `said`
    said: str = ""


@dataclass(frozen=True)
class Safety:
    """What the safety net found in one message, by words alone."""

    level: Level  # "INFO" when nothing was found: which is not the same as "you are fine"
    red_flags: tuple[RedFlag, ...] = ()
    crisis: bool = False
    asks: str | None = None  # question id that would complete an E1 or E2 flag

    @property
    def alarm(self) -> bool:
        """Whether the emergency or crisis answer must leave now."""
        return self.crisis or self.level in ("E1", "E2")


@dataclass(frozen=True)
class Episode:
    """One health question from the first symptom to the advice: all that the questions need to know."""

    language: Language
    region: str
    readings: tuple[Reading, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)  # question id -> value, "skipped" or "unknown"
    patient: Patient = Patient()
    floor: Level = "INFO"
    pending: str | None = None  # id of the question now asked
    offered: tuple[str, ...] = ()  # concepts that this question offers beside the choices of the pack

    def with_floor(self, level: Level) -> Episode:
        """Return the episode with its level raised to `level` if that is more urgent."""
        return replace(self, floor=more_urgent(self.floor, level))


@dataclass(frozen=True)
class Assessment:
    """What follows from an episode: the level, where to go, why, and what to ask next."""

    level: Level
    crisis: bool
    departments: tuple[Ranked, ...]  # best first
    findings: tuple[Finding, ...]
    red_flags: tuple[RedFlag, ...]
    asks: str | None  # the next best question, or None when there is enough
    offers: tuple[str, ...] = field(default=(), kw_only=True)  # concepts that it offers: "which of these is there as well?"
    reasons: tuple[str, ...]
    soon: bool = False  # level R within about two weeks
    disagreement: bool = False  # only one of the two readers heard an emergency
    content_version: str = ""
    trace: dict[str, Any] = field(default_factory=dict)
