"""All that an episode has told so far, as answers to the atoms of conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from bot.triage.expressions import compares, comparison
from bot.triage.types import Finding, Measurement, Patient, Reading

OLDER_FROM = 60
CHILD_UNTIL = 14
NEWBORN_UNTIL = 28 / 365
# mmol/L: from here on it may as well be mg/dL.
GLUCOSE_UNSURE_FROM = 20
DANGEROUS = frozenset(
    [
        "chest_pain",
        "chest_tightness",
        "short_of_breath",
        "severe_breathlessness",
        "stroke",
        "heart_attack",
        "seizure",
        "fainting",
        "coughing_blood",
        "vomiting_blood",
        "thunderclap_headache",
        "face_droop",
        "speech_trouble",
        "vision_loss",
        "poisoning",
    ]
)
_KINDS = {
    "temperature": "temperature_c",
    "systolic": "systolic",
    "diastolic": "diastolic",
    "glucose": "glucose_mmol",
    "spo2": "spo2",
    "pulse": "pulse",
    "weeks": "gestation_weeks",
}


@dataclass(frozen=True)
class Facts:
    """Findings, patient and numbers put together. `for_safety`: a doubt counts as present."""

    findings: Mapping[str, Finding]
    patient: Patient
    duration_days: float | None
    cues: frozenset[str]
    measurements: tuple[Measurement, ...]
    answers: Mapping[str, str] = field(default_factory=dict)
    child_until: int = 14
    for_safety: bool = True

    def holds(self, atom: str) -> bool:
        """Return whether an atom of a condition holds."""
        return self._known[atom]

    def remembering(self) -> Callable[[str], bool]:
        """Return `holds` as fast as it gets: for going through many conditions."""
        return self._known.__getitem__

    @cached_property
    def _known(self) -> dict[str, bool]:
        # Hundreds of conditions ask for the same atoms, and most of them were not said.
        known = _Remembered(self._find_out)
        known.update((concept, True) for concept in self.findings if self.is_present(concept) and not _is_special(concept))
        known.update((cue, True) for cue in self.cues if not _is_special(cue))
        return known

    def _find_out(self, atom: str) -> bool:
        if not _is_special(atom):
            return False
        compared = comparison(atom)
        if compared is not None:
            return self._compares(*compared)
        if atom.startswith("condition:"):
            return atom.removeprefix("condition:") in self.patient.conditions
        if atom.startswith("answer:"):
            _, question, value = atom.split(":")
            return self.answers.get(question) == value
        return bool(getattr(self, f"_is_{atom}")())

    def is_present(self, concept: str) -> bool:
        """Return whether a finding counts: present, not asked about, not long past, not another's history."""
        finding = self.findings.get(concept)
        if finding is None or finding.state != "present" or finding.holder == "family" or finding.asked:
            return False
        if finding.when == "past":
            return False
        return self.for_safety or (finding.when == "now" and not finding.doubt)

    def words(self, concepts: frozenset[str]) -> tuple[str, ...]:
        """Return what the patient said for those of `concepts` that count, in the order in which it was said."""
        return tuple(
            dict.fromkeys(
                finding.said for concept, finding in self.findings.items() if concept in concepts and self.is_present(concept)
            )
        )

    def _compares(self, name: str, operator: str, bound: float) -> bool:
        if name == "age":
            return self.patient.age_years is not None and compares(self.patient.age_years, operator, bound)
        if name == "duration":
            return self.duration_days is not None and compares(self.duration_days, operator, bound)
        return any(compares(one.value, operator, bound) for one in self.measurements if one.kind == _KINDS[name])

    def _is_child(self) -> bool:
        return self.patient.who == "child" or (self.patient.age_years is not None and self.patient.age_years < self.child_until)

    def _is_surely_child(self) -> bool:
        grown = self.patient.maybe_grown is True and self.patient.age_years is None
        return self._is_child() and not grown

    def _is_adult(self) -> bool:
        return not self._is_child()

    def _is_newborn(self) -> bool:
        return self.patient.age_years is not None and self.patient.age_years <= NEWBORN_UNTIL

    def _is_older(self) -> bool:
        return (self.patient.age_years is not None and self.patient.age_years >= OLDER_FROM) or "older" in self.cues

    def _is_pregnant(self) -> bool:
        return self.patient.pregnant is True

    def _is_postpartum(self) -> bool:
        return self.patient.postpartum is True

    def _is_proxy(self) -> bool:
        """Whether somebody writes for another grown-up: what they do not know is not harmless."""
        return self.patient.who == "other"

    def _is_male(self) -> bool:
        return self.patient.sex == "m"

    def _is_female(self) -> bool:
        return self.patient.sex == "f"

    def _is_past(self) -> bool:
        return any(finding.when == "past" for finding in self.findings.values())

    def _is_now_said(self) -> bool:
        return any(finding.id == "self_harm" and finding.when == "now" for finding in self.findings.values())

    def _is_asked_danger(self) -> bool:
        """Whether a dangerous symptom was asked about in general: "is chest pain dangerous?"."""
        return any(finding.asked and finding.id in DANGEROUS for finding in self.findings.values())

    def _is_glucose_unsure(self) -> bool:
        """Whether a number is deadly low in one unit and very high in the other. "6.3 mmol/L" alone is only not surely glucose."""
        return any(one.kind == "glucose_mmol" and not one.sure and one.value >= GLUCOSE_UNSURE_FROM for one in self.measurements)


class _Remembered(dict[str, bool]):
    """What was asked for once; what is missing is found out."""

    def __init__(self, find_out: Callable[[str], bool]) -> None:
        super().__init__()
        self._find_out = find_out

    def __missing__(self, atom: str) -> bool:
        value = self[atom] = self._find_out(atom)
        return value


@lru_cache(maxsize=8192)
def _is_special(atom: str) -> bool:
    """Whether an atom is a number, an answer, a condition or a fact rather than a concept."""
    return ":" in atom or comparison(atom) is not None or hasattr(Facts, f"_is_{atom}")


def facts_of(
    readings: Sequence[Reading],
    *,
    patient: Patient | None = None,
    answers: Mapping[str, str] | None = None,
    child_until: int = 14,
) -> Facts:
    """Put the readings of an episode together: the later word counts, but what was present is not unsaid by silence.

    Nor by a question, a doubt or somebody else's history: "I have chest pain", then "is chest pain dangerous?".
    """
    findings: dict[str, Finding] = {}
    before: Reading | None = None
    known = patient or Patient()
    duration: float | None = None
    cues: set[str] = set()
    numbers: list[Measurement] = []
    for reading in readings:
        if before is not None and reading.corrects:
            findings = _corrected(findings, before, reading)
        findings |= {new.id: new for new in reading.findings if not _says_less(new, findings.get(new.id))}
        before = reading
        known = merge(known, reading.patient)
        duration = reading.duration_days if reading.duration_days is not None else duration
        cues |= {name for name in ("sudden", "severe", "worsening") if getattr(reading, name)}
        numbers += reading.measurements
    answered = dict(answers or {})
    return _with_answers(Facts(findings, known, duration, frozenset(cues), tuple(numbers), answered, child_until), answered)


def _says_less(new: Finding, old: Finding | None) -> bool:
    """Whether `new` leaves open what `old` told of now."""
    if old is None or not _is_told(old) or new.state == "absent":
        return False
    return not _is_told(new) or (new.doubt and not old.doubt)


def _is_told(finding: Finding) -> bool:
    return finding.state == "present" and finding.when != "past" and finding.holder != "family" and not finding.asked


def _corrected(findings: dict[str, Finding], before: Reading, reading: Reading) -> dict[str, Finding]:
    """Return `findings` after "sorry, I meant…": what the message before told is open again, what is dangerous in doubt."""
    again = {finding.id for finding in reading.findings}
    if not any(_is_told(finding) for finding in reading.findings):
        return findings
    unsaid = {finding.id for finding in before.findings if _is_told(finding)} - again
    return {name: _unsaid(finding) if name in unsaid else finding for name, finding in findings.items()}


def _unsaid(finding: Finding) -> Finding:
    return replace(finding, doubt=True) if finding.id in DANGEROUS else replace(finding, state="unknown")


def merge(known: Patient, told: Patient) -> Patient:
    """Return `known` with what `told` adds; what was not told stays.

    "He is 4" and "I think she is hot" still speak of the child: a passing "I" or "he" takes nobody's place.
    """
    changes = {name: value for name, value in told.__dict__.items() if value is not None and name != "conditions"}
    if not _changes_who(known, told):
        changes.pop("who", None)
    return replace(known, **changes, conditions=known.conditions | told.conditions)


def _changes_who(known: Patient, told: Patient) -> bool:
    if known.who in ("child", "other") and told.who == "self":
        return False
    grown = told.age_years is not None and told.age_years >= CHILD_UNTIL
    return not (known.who == "child" and told.who == "other") or grown


def _with_answers(facts: Facts, answers: Mapping[str, str]) -> Facts:
    cues = set(facts.cues)
    if answers.get("severity") == "severe":
        cues.add("severe")
    if answers.get("onset") == "sudden":
        cues.add("sudden")
    return replace(facts, cues=frozenset(cues))
