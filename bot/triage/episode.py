"""One health question as it grows: what was heard, what was answered. Frozen; to JSON and back for Rasa's slot."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import Any

from bot.languages import Language
from bot.messages import Level
from bot.triage.facts import merge
from bot.triage.normalise import normalise
from bot.triage.numbers import age_years, arabic_numerals, duration_days
from bot.triage.reading import read
from bot.triage.tables import Tables
from bot.triage.types import Episode, Finding, Measurement, Patient, Reading

# A long talk keeps its latest readings; findings of the older ones are folded into one.
KEEP_READINGS = 12


def begin(language: Language, region: str, floor: Level = "INFO") -> Episode:
    """Return an episode in which nothing was said yet."""
    return Episode(language, region, floor=floor)


def hear(episode: Episode, text: str, *, tables: Tables) -> Episode:
    """Return the episode after a message in free words."""
    reading = read(text, episode.language, lexicon=tables.lexicon)
    readings = (*episode.readings, reading)[-KEEP_READINGS:]
    return replace(episode, readings=readings, patient=merge(episode.patient, reading.patient))


def answer(episode: Episode, text: str, *, tables: Tables) -> Episode | None:
    """Return the episode after an answer to its pending question, or None when `text` is no answer to it.

    `text` may be the value of a choice, its title, its number, or free words ("since yesterday", "8/10", "my mother").
    Free words that tell something new are heard; then the question stays pending.
    """
    pending = episode.pending
    rule = tables.questions.get(pending or "")
    if pending is None or rule is None:
        return None
    values = [value for value, _ in rule.choices]
    titles = {_plain(texts[episode.language]): value for value, texts in rule.choices}
    said = _plain(text)
    value = (
        text.strip()
        if text.strip() in values
        else titles.get(said) or _by_number(said, values) or _free(pending, text, episode, values)
    )
    heard = hear(episode, text, tables=tables)
    told_more = heard.readings[-1].findings != () or heard.readings[-1].patient != Patient()
    if value is None:
        return heard if told_more else None
    answered = heard if told_more and text.strip() not in values else episode
    answers = {**answered.answers, pending: value}
    return replace(answered, answers=answers, pending=None, patient=_patient_after(answered.patient, pending, value))


def _plain(text: str) -> str:
    return re.sub(r"[\s。.!！?？,，،]+", " ", normalise(text).text).strip()


def _by_number(said: str, values: list[str]) -> str | None:
    return values[int(said) - 1] if re.fullmatch(r"[1-9]", said) and int(said) <= len(values) else None


_UNKNOWN = re.compile(
    r"^(?:我?(?:也|真)?(?:不太清楚|不太确定|不太知道|不知道|不清楚|不确定|说不清|不好说|不晓得)|(?:i )?(?:really )?don'?t know|(?:i'?m )?not sure|no idea|hard to say|ich wei(?:ß|ss) (?:es )?nicht|wei(?:ß|ss) (?:ich |es )?nicht|nicht sicher|keine ahnung|schwer zu sagen|لا اعرف|لا ادري|مش عارف|مدري|ما ادري|ما اعرف|لست متاكد|مو متاكد)"
)
# "有停车场吗" asks about something else; it is no yes.
_ASKS = re.compile(r"吗|哪|什么|怎么|多少|几点|有没有|是不是|能不能|可以.{0,8}[?？]")
_YES = re.compile(r"^(?:是的?|有的?|对|嗯|好像有|yes\b|yeah\b|yep\b|ja\b|jawohl\b|نعم|ايوه|اي\b|ايه|y\b|aha|genau|有一点|有点)")
_NO = re.compile(
    r"^(?:不是|没有|没|都?不(?=$|[，,。 ]|[疼痛会]|太|怎么|觉得)|否|no\b|nope\b|nein\b|nee\b|لا\b(?! (?:استطيع|اقدر|يستطيع|تستطيع))|مافي|ما في|مفيش|n\b|none\b|keine?[nrms]?\b(?! luft)|not\b(?! (?:only|just))|nicht\b(?! nur)|überhaupt nicht)"
)
_WHO = (
    ("child", r"孩子|宝宝|小孩|儿子|女儿|child|kid|baby|son|daughter|kind|sohn|tochter|ابني|بنتي|طفل|ولدي"),
    (
        "other",
        r"妈|爸|老公|老婆|家人|朋友|奶奶|爷爷|外婆|mother|father|husband|wife|mum|mom|dad|friend|grand|mutter|vater|mann|frau|oma|opa|freund|امي|ابي|زوج|جد|صديق|اخي|اختي",
    ),
    ("self", r"我自己|本人|自己|^我$|myself|me\b|i am|it's me|mich|ich|selbst|انا|نفسي|لي\b"),
)


def _free(pending: str, text: str, episode: Episode, values: list[str]) -> str | None:
    plain = normalise(text).text
    readers = {
        "who": lambda: next((value for value, pattern in _WHO if re.search(pattern, plain)), None),
        "age": lambda: _age_band(plain, episode.language),
        "onset": lambda: _onset(plain, episode.language),
        "severity": lambda: _severity(plain),
    }
    if pending in readers:
        return readers[pending]()
    return _yes_or_no(plain, values) if "yes" in values else None


def _yes_or_no(plain: str, values: list[str]) -> str | None:
    if _UNKNOWN.match(plain):
        return "unknown" if "unknown" in values else "skipped"
    if _ASKS.search(plain):
        return None
    if _NO.match(plain):
        return "no"
    return "yes" if _YES.match(plain) else None


def _age_band(plain: str, language: Language) -> str | None:
    number = re.fullmatch(r"\D{0,12}(\d{1,3})\D{0,12}", arabic_numerals(plain))
    age = age_years(plain, language)
    age = float(number[1]) if age is None and number else age
    if age is None or age > 120:
        return None
    for band, until in (("infant", 0.25), ("baby", 1), ("child", 14), ("adult", 60), ("older", 121)):
        if age < until:
            return band
    return None


def _onset(plain: str, language: Language) -> str | None:
    if re.search(r"突然|sudden|plötzlich|فجا", plain):
        return "sudden"
    days = duration_days(plain, language)
    if days is None:
        return None
    return "today" if days < 1 else "days" if days < 8 else "weeks" if days < 60 else "months"


def _severity(plain: str) -> str | None:
    number = re.search(r"\b(10|\d)\s?(?:/\s?10|分|von 10|out of 10|من 10)?(?=\D|$)", plain)
    if number:
        return "mild" if int(number[1]) <= 3 else "moderate" if int(number[1]) <= 6 else "severe"
    if re.search(
        r"受不了|很疼|很痛|厉害|剧烈|severe|very bad|unbearable|terrible|stark|schlimm|unerträglich|شديد|قوي|لا يحتمل", plain
    ):
        return "severe"
    if re.search(r"有点|轻|不厉害|mild|slight|a little|not too bad|leicht|ein bisschen|nicht so|خفيف|بسيط|شوي", plain):
        return "mild"
    return "moderate" if re.search(r"中等|还行|moderate|medium|mittel|متوسط", plain) else None


_BAND_YEARS = {"infant": 0.1, "baby": 0.6, "child": 7.0, "adult": 40.0, "older": 70.0}


def _patient_after(patient: Patient, pending: str, value: str) -> Patient:
    if pending == "who" and value in ("self", "child", "other"):
        return replace(patient, who=value)  # type: ignore[arg-type]
    if pending == "age" and value in _BAND_YEARS:
        band = {"age_years": _BAND_YEARS[value]} if patient.age_years is None else {}
        who = "child" if value in ("infant", "baby", "child") else patient.who
        return replace(patient, **band, who=who)  # type: ignore[arg-type]
    if pending == "pregnancy":
        return replace(patient, pregnant=value == "yes", postpartum=True if value == "postpartum" else patient.postpartum)
    return patient


def to_json(episode: Episode) -> dict[str, Any]:
    """Return the episode as JSON data."""
    data = asdict(episode)
    for part in (data, *data["readings"]):
        part["patient"]["conditions"] = sorted(part["patient"]["conditions"])
    return data


def from_json(data: dict[str, Any]) -> Episode:
    """Read an episode written by `to_json`."""
    readings = tuple(_reading(one) for one in data["readings"])
    return Episode(**{**data, "readings": readings, "patient": _patient(data["patient"])})


def _reading(data: dict[str, Any]) -> Reading:
    findings = tuple(Finding(**finding) for finding in data["findings"])
    numbers = tuple(Measurement(**number) for number in data["measurements"])
    return Reading(**{**data, "findings": findings, "measurements": numbers, "patient": _patient(data["patient"])})


def _patient(data: dict[str, Any]) -> Patient:
    return Patient(**{**data, "conditions": frozenset(data["conditions"])})
