"""Plans as reviewed content: what is asked or said when, and what a worrying answer does. Read from packs; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Literal, get_args

from bot.content.packs import ContentError, Pack, day_of
from bot.followup.offsets import Offset, OffsetProblem
from bot.languages import LANGUAGES, Language

Texts = Mapping[Language, str]
Anchor = Literal["operation", "discharge", "enrolment", "due_date", "vaccination", "birth", "guidance"]
ANCHORS: tuple[Anchor, ...] = ("operation", "discharge", "enrolment", "due_date", "vaccination", "birth", "guidance")
Answers = Literal["yes_no", "choice", "reading", "words", "department"]
Late = Literal["useful", "skip"]
# What a worrying answer does: an emergency answer at once, a nurse today, or a line for the next talk.
Worry = Literal["E1", "E2", "U", "R"]


@dataclass(frozen=True)
class Option:
    """One answer of a choice. `worry`: what it means when it is chosen; `ends`: then nothing more is asked; `also`: words for it."""

    id: str
    titles: Texts
    worry: Worry | None = None
    ends: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One short question. `worry_on` is the answer of a yes/no that worries; `measure` names the thresholds of a reading."""

    id: str
    texts: Texts
    answers: Answers
    options: tuple[Option, ...] = ()
    measure: str = ""
    worry_on: Literal["yes", "no"] | None = None
    worry: Worry = "U"
    reason: Texts | None = None  # what the nurse reads when it worries


@dataclass(frozen=True)
class Condition:
    """For whom a step is. Empty: for everybody; what is not known does not exclude."""

    sex: Literal["f", "m"] | None = None
    age_from: float | None = None
    age_below: float | None = None
    pregnant: bool | None = None


@dataclass(frozen=True)
class Step:
    """One entry of a plan: once, or again and again. Times are local to the patient."""

    id: str
    after: Offset
    times: tuple[time, ...]
    every: Offset | None
    until: Offset | None  # of a repeated step: the last day, counted from the anchor
    window: timedelta  # how long after its time it is still worth sending
    late: Late
    group: str  # cleared together by an answer or a visit
    texts: Texts
    questions: tuple[str, ...]
    retry: timedelta | None  # unanswered for so long it is asked once more
    condition: Condition
    earlier: timedelta = timedelta(0)  # a patient may have it so much earlier in the day; and later within its window


@dataclass(frozen=True)
class Plan:
    """A programme of steps."""

    id: str
    names: Texts
    consent: Texts
    anchor: Anchor
    high_risk: bool  # two unanswered check-ins in a row are a nurse's task
    self_enrol: bool  # a patient may begin it without a nurse
    steps: tuple[Step, ...]
    source: str
    review_date: date  # to be reviewed again by this day; afterwards it is offered to nobody

    def is_expired(self, today: date) -> bool:
        """Return whether its review is overdue."""
        return today > self.review_date


@dataclass(frozen=True)
class Plans:
    """All plans and the questions they share."""

    by_id: Mapping[str, Plan]
    questions: Mapping[str, Question]


def plans_from_packs(packs: Iterable[Pack]) -> Plans:
    """Return the plans of the room `followup`. Raises ContentError that names file, entry and fix."""
    packs = tuple(packs)
    questions = {
        key: _question(pack, key, entry) for pack in packs if pack.pack == "questions" for key, entry in pack.entries.items()
    }
    plans: dict[str, Plan] = {}
    for pack in packs:
        for key, entry in pack.entries.items() if pack.pack.startswith("plans") else ():
            if key in plans:
                raise ContentError(f"{pack.path}: the plan {key} stands twice. Rename one.")
            plans[key] = _plan(pack, key, entry, questions)
    return Plans(plans, questions)


def _plan(pack: Pack, key: str, entry: Any, questions: Mapping[str, Question]) -> Plan:
    if entry.get("anchor") not in ANCHORS:
        raise ContentError(f"{pack.path}: {key} has anchor {entry.get('anchor')!r}. Use one of {', '.join(ANCHORS)}.")
    steps = tuple(_step(pack, f"{key}.{step.get('id')}", step, questions) for step in entry.get("steps") or ())
    ids = [step.id for step in steps]
    if not steps or len(set(ids)) != len(ids):
        raise ContentError(f"{pack.path}: {key} needs steps, each with an id of its own.")
    return Plan(
        id=key,
        names=texts(pack, f"{key}.names", entry.get("names")),
        consent=texts(pack, f"{key}.consent", entry.get("consent")),
        anchor=entry["anchor"],
        high_risk=bool(entry.get("high_risk", False)),
        self_enrol=bool(entry.get("self_enrol", False)),
        steps=steps,
        source=str(entry.get("source") or pack.source),
        review_date=_review_date(pack, key, entry),
    )


def _review_date(pack: Pack, key: str, entry: Any) -> date:
    day = day_of(entry.get("review_date") or pack.review_date)
    if day is None:
        raise ContentError(f"{pack.path}: {key}.review_date is not a date. Write it as 2027-05-31.")
    return day


def _step(pack: Pack, key: str, entry: Any, questions: Mapping[str, Question]) -> Step:
    unknown = [name for name in entry.get("questions", ()) if name not in questions]
    if unknown:
        raise ContentError(f"{pack.path}: {key} asks {', '.join(unknown)}, which the pack questions does not have. Add it there.")
    every, until = (_offset(pack, key, entry[name]) if name in entry else None for name in ("every", "until"))
    if every is not None and not every.is_forward():
        raise ContentError(f"{pack.path}: {key} repeats every {entry['every']}. A step goes forward: write 1d or more.")
    if entry.get("late", "useful") not in ("useful", "skip"):
        raise ContentError(f"{pack.path}: {key}.late is {entry['late']!r}. Use useful or skip.")
    return Step(
        id=str(entry["id"]),
        after=_offset(pack, key, entry.get("after", "0d")),
        times=tuple(_clock(pack, key, one) for one in entry.get("at") or ["10:00"]),
        every=every,
        until=until,
        window=timedelta(hours=float(entry.get("window_hours", 4))),
        late=entry.get("late", "useful"),
        group=str(entry.get("group") or entry["id"]),
        texts=texts(pack, f"{key}.text", entry.get("text")),
        questions=tuple(entry.get("questions", ())),
        retry=timedelta(hours=float(entry["retry_hours"])) if "retry_hours" in entry else None,
        condition=Condition(**entry.get("when", {})),
        earlier=timedelta(hours=float(entry.get("earlier_hours", 0))),
    )


def _question(pack: Pack, key: str, entry: Any) -> Question:
    kind = entry.get("answers")
    if kind not in get_args(Answers):
        raise ContentError(f"{pack.path}: {key}.answers is {kind!r}. Use one of {', '.join(get_args(Answers))}.")
    if kind == "reading" and not entry.get("measure"):
        raise ContentError(f"{pack.path}: {key} reads a measurement. Say which: measure: blood_pressure.")
    options = tuple(_option(pack, f"{key}.{one['id']}", one) for one in entry.get("options", ()))
    if kind == "choice" and len(options) < 2:
        raise ContentError(f"{pack.path}: {key} is a choice without a choice. Add options.")
    return Question(
        id=key,
        texts=texts(pack, f"{key}.text", entry.get("text")),
        answers=kind,
        options=options,
        measure=str(entry.get("measure", "")),
        worry_on=_yes_or_no(entry.get("worry_on")),
        worry=entry.get("worry", "U"),
        reason=texts(pack, f"{key}.reason", entry["reason"]) if "reason" in entry else None,
    )


def _option(pack: Pack, key: str, entry: Any) -> Option:
    # YAML reads a bare yes as true.
    number = {True: "yes", False: "no"}.get(entry["id"], str(entry["id"]))
    titles, also = texts(pack, key, entry.get("titles")), tuple(str(one) for one in entry.get("also", ()))
    return Option(number, titles, entry.get("worry"), ends=bool(entry.get("ends", False)), also=also)


def _yes_or_no(given: Any) -> Literal["yes", "no"] | None:
    # YAML reads a bare yes as true.
    return {True: "yes", False: "no", "yes": "yes", "no": "no"}.get(given)  # type: ignore[return-value]


def _offset(pack: Pack, key: str, text: Any) -> Offset:
    try:
        return Offset.read(str(text))
    except OffsetProblem as problem:
        raise ContentError(f"{pack.path}: {key}: {problem}") from problem


def _clock(pack: Pack, key: str, text: Any) -> time:
    try:
        return time.fromisoformat(str(text))
    except ValueError as error:
        raise ContentError(f"{pack.path}: {key} has the time {text!r}. Write it as '08:30', with quotes.") from error


def texts(pack: Pack, key: str, given: Any) -> Texts:
    """Return the five texts of an entry. Raises ContentError when one is missing."""
    missing = [language for language in LANGUAGES if not (given or {}).get(language)]
    if missing:
        raise ContentError(f"{pack.path}: {key} has no text in {', '.join(missing)}. Write it by hand.")
    return {language: str(given[language]).strip() for language in LANGUAGES}
