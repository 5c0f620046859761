"""One health question as it grows: what was heard, what was answered. Frozen; to JSON and back for Rasa's slot."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bot.languages import Language
from bot.messages import Level
from bot.plain import plain
from bot.triage.answers import DAYS_OF_A_YEAR, free_answer
from bot.triage.facts import merge
from bot.triage.normalise import normalise
from bot.triage.questions import choices_of
from bot.triage.reading import read
from bot.triage.tables import Tables
from bot.triage.types import Episode, Finding, Measurement, Opinion, Patient, Reading

# A long talk keeps its latest readings; findings of the older ones are folded into one.
KEEP_READINGS = 12


def begin(language: Language, region: str, floor: Level = "INFO") -> Episode:
    """Return an episode in which nothing was said yet."""
    return Episode(language, region, floor=floor)


def hear(episode: Episode, text: str, *, tables: Tables, opinion: Opinion | None = None) -> Episode:
    """Return the episode after a message in free words. `opinion`: what the second reader thinks of it, where it is asked."""
    reading = replace(read(text, episode.language, lexicon=tables.lexicon), opinion=opinion)
    if episode.patient.who == "child" and reading.patient.age_years is None:
        reading = _with_age_of_child(reading, text)
    readings = (*episode.readings, reading)[-KEEP_READINGS:]
    return replace(episode, readings=readings, patient=merge(episode.patient, reading.patient))


def answer(episode: Episode, text: str, *, tables: Tables, opinion: Opinion | None = None) -> Episode | None:
    """Return the episode after an answer to its pending question, or None when `text` is no answer to it.

    `text` may be the value of a choice, its title, its number, or free words ("since yesterday", "8/10", "my mother").
    Free words that tell something new are heard; then the question stays pending.
    """
    pending = episode.pending
    rule = tables.questions.get(pending or "")
    if pending is None or rule is None:
        return None
    choices = choices_of(pending, episode.language, tables=tables, offered=episode.offered)
    values = [value for value, _ in choices]
    titles = {_plain(title): value for value, title in choices}
    said = _plain(text)
    value = (
        text.strip()
        if text.strip() in values
        else titles.get(said) or _by_number(said, values) or free_answer(pending, text, episode.language, values)
    )
    heard = hear(episode, text, tables=tables, opinion=opinion)
    if pending == "age" and value is not None:
        heard = _without_age_as_duration(heard)
    told_more = _tells(heard.readings[-1])
    if value is None:
        return heard if told_more else None
    answered = heard if told_more and text.strip() not in values else episode
    if value in episode.offered:
        answered = _with_sign(answered, value, dict(choices)[value])
    answers = {**answered.answers, pending: value}
    patient = _patient_after(answered.patient, pending, value)
    return replace(answered, answers=answers, pending=None, offered=(), patient=patient)


# Of a child, "she is 8 months" says how old; of a grown woman it may be how far she is.
_CHILD_IS = re.compile(
    r"(?:(?:he|she|it)(?:'s| is)|(?:er|sie|es) ist|[他她它]) ?(?:just|only|now|erst|jetzt|gerade|才|刚|现在)? ?"
    r"\d{1,2} ?(?:days?|weeks?|months?|tage|wochen?|monate?|天|周|个?星期|个月)(?:了|大)? ?[.。!]?"
)


def _with_age_of_child(reading: Reading, text: str) -> Reading:
    if reading.duration_days is None or not _CHILD_IS.fullmatch(normalise(text).text):
        return reading
    years = reading.duration_days / DAYS_OF_A_YEAR
    return replace(reading, patient=replace(reading.patient, age_years=years, who="child"), duration_days=None)


def _without_age_as_duration(episode: Episode) -> Episode:
    """Return the episode with "8 months", which said how old the patient is, not taken for how long it has lasted."""
    *before, last = episode.readings
    if last.patient.age_years is not None:
        return episode
    return replace(episode, readings=(*before, replace(last, duration_days=None)))


def _with_sign(episode: Episode, sign: str, title: str) -> Episode:
    """Return the episode after a sign was chosen from those offered: the same as if it had been told."""
    told = Reading(episode.language, findings=(Finding(sign, "present", title),))
    return replace(episode, readings=(*episode.readings, told)[-KEEP_READINGS:])


def _tells(reading: Reading) -> bool:
    alarming = reading.opinion is not None and reading.opinion.verdict != "quiet"
    timed = reading.duration_days is not None or reading.worsening or bool(reading.measurements)
    return bool(reading.findings) or reading.patient != Patient() or timed or alarming


def _plain(text: str) -> str:
    return re.sub(r"[\s。.!！?？,，،]+", " ", normalise(text).text).strip()


def _by_number(said: str, values: list[str]) -> str | None:
    return values[int(said) - 1] if re.fullmatch(r"[1-9]", said) and int(said) <= len(values) else None


_BAND_YEARS = {"infant": 0.1, "baby": 0.6, "child": 7.0, "adult": 40.0, "older": 70.0}


def _patient_after(patient: Patient, pending: str, value: str) -> Patient:
    if pending == "who" and value in ("self", "child", "other"):
        return replace(patient, who=value)  # type: ignore[arg-type]
    if pending == "age" and value in _BAND_YEARS:
        band = {"age_years": _BAND_YEARS[value]} if patient.age_years is None else {}
        who = "child" if value in ("infant", "baby", "child") else patient.who
        return replace(patient, **band, who=who)  # type: ignore[arg-type]
    if pending == "pregnancy" and value in ("yes", "no", "postpartum"):  # who does not know may be
        return replace(patient, pregnant=value == "yes", postpartum=True if value == "postpartum" else patient.postpartum)
    return patient


def to_json(episode: Episode) -> dict[str, Any]:
    """Return the episode as JSON data."""
    data: dict[str, Any] = plain(episode)
    for part in (data, *data["readings"]):
        part["patient"]["conditions"] = sorted(part["patient"]["conditions"])
    return data


def from_json(data: dict[str, Any]) -> Episode:
    """Read an episode written by `to_json`."""
    readings = tuple(_reading(one) for one in data["readings"])
    return Episode(
        **{**data, "readings": readings, "patient": _patient(data["patient"]), "offered": tuple(data.get("offered", ()))}
    )


def _reading(data: dict[str, Any]) -> Reading:
    findings = tuple(Finding(**finding) for finding in data["findings"])
    numbers = tuple(Measurement(**number) for number in data["measurements"])
    read_before = {"findings": findings, "measurements": numbers, "patient": _patient(data["patient"])}
    return Reading(**{**data, **read_before, "opinion": opinion_from_json(data.get("opinion"))})


def opinion_from_json(data: dict[str, Any] | None) -> Opinion | None:
    """Read an opinion written by `asdict`."""
    if data is None:
        return None
    return Opinion(**{**data, "departments": tuple((name, share) for name, share in data["departments"])})


def _patient(data: dict[str, Any]) -> Patient:
    return Patient(**{**data, "conditions": frozenset(data["conditions"])})
