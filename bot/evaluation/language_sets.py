"""Sets about reading: negation, yes and no, the language itself, intents, the same question in other words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone

from bot.evaluation.engines import Engines
from bot.evaluation.scores import Hit, Record, Row, Tally, area_under_curve
from bot.followup.times import Moment, read_time
from bot.languages import LANGUAGES, Language, detect
from bot.privacy.personal_data import find
from bot.triage.answers import yes_or_no
from bot.triage.negation import state_of

# Labels of other people's sets and our intents. A label that is not here must not be taken for a complaint.
THEIR_LABELS = {
    "reminder/set_reminder": "set_reminder",
    "alarm/set_alarm": "set_reminder",
    "reminder/show_reminders": "show_reminders",
    "alarm/show_alarms": "show_reminders",
    "reminder/cancel_reminder": "cancel_reminder",
    "alarm/cancel_alarm": "cancel_reminder",
}
ENOUGH_WORDS, ENOUGH_HAN = 3, 6


def served(record: Record) -> Language | None:
    """Return the language of a record among ours, or None."""
    given = {"zh": "zh-Hans"}.get(str(record.get("lang")), record.get("lang"))
    return given if given in LANGUAGES else None


def negation(name: str, records: Sequence[Record], engines: Engines) -> list[Row]:
    """Score present or absent for each marked finding; what the set itself calls uncertain is left out."""
    tally = Tally(name)
    for record in records:
        language = served(record)
        if language is None:
            continue
        for finding, wanted in _marked(record):
            said = state_of(
                record["text"], finding, language, lexicon=engines.tables.lexicon, context=record.get("context") or ""
            )
            tally.add(language, [Hit("present or absent", said == wanted), Hit(f"{wanted} read as such", said == wanted)])
    return tally.rows()


def _marked(record: Record) -> Iterator[tuple[str, str]]:
    if record.get("slots"):
        yield from ((finding, state) for finding, state in record["slots"].items() if state in ("present", "absent"))
    elif record.get("label") in _THEIR_STATES:
        yield record["concept"], _THEIR_STATES[record["label"]]


_THEIR_STATES = {"negated": "absent", "affirmed": "present"}


def yes_no(name: str, records: Sequence[Record], engines: Engines) -> list[Row]:
    """Score yes and no; answers that the set does not label are left out."""
    tally = Tally(name)
    for record in records:
        language = served(record)
        if language is not None and record.get("label") in ("yes", "no"):
            tally.add(language, [Hit("yes or no", yes_or_no(record["text"], language) == record["label"])])
    return tally.rows()


def personal_data(name: str, records: Sequence[Record], engines: Engines) -> list[Row]:
    """Score how many of the marked pieces are found: at least four fifths of each, of whatever kind it is taken for."""
    tally = Tally(name)
    for record in records:
        language = served(record)
        if language is None:
            continue
        covered = {place for one in find(record["text"], language) for place in range(one.start, one.end)}
        for span in record.get("spans") or ():
            start = span.get("start", record["text"].find(span["value"]))
            places = range(start, start + len(span["value"]))
            found = sum(place in covered for place in places) >= 0.8 * len(places)
            tally.add(language, [Hit(f"found: {str(span['type']).lower()}", start >= 0 and found)])
    return tally.rows()


def times(name: str, records: Sequence[Record], engines: Engines) -> list[Row]:
    """Score single moments read to the minute (a day: to the day); silence and a wrong moment are told apart."""
    tally = Tally(name)
    for record in records:
        language, wanted = served(record), _moment(record)
        if language is None or wanted is None or not record.get("ref_time"):
            continue
        now = datetime.fromisoformat(record["ref_time"])
        said = read_time(record["text"], language, now.replace(tzinfo=now.tzinfo or timezone.utc))
        right = isinstance(said, Moment) and said.at.isoformat()[: len(wanted)] == wanted
        tally.add(language, [Hit("moment right", right), Hit("moment wrong", said is not None and not right)])
    return tally.rows()


def _moment(record: Record) -> str | None:
    values = record.get("values")
    if not isinstance(values, dict) or values.get("grain") not in ("day", "hour", "minute"):
        return None
    return str(values.get("iso") or "")[: 10 if values["grain"] == "day" else 16] or None


def intents(name: str, records: Sequence[Record], engines: Engines) -> list[Row]:
    """Score the intents that we have under another name; for all others, that no complaint is heard in them."""
    tally = Tally(name)
    for record in records:
        language = served(record)
        if language is None or not isinstance(record.get("label"), str):
            continue
        said = engines.understanding.understand_line({**record, "lang": language})["intent"]
        wanted = THEIR_LABELS.get(record["label"])
        if wanted is None:
            tally.add(language, [Hit("another matter taken for a complaint", said == "report_symptom")])
        else:
            tally.add(language, [Hit(f"intent {wanted}", said == wanted), Hit("intent, all that we have", said == wanted)])
    return tally.rows()


def same_question(name: str, records: Sequence[Record], engines: Engines) -> list[Row]:
    """Score whether two questions that mean the same are nearer than two that do not, and found first among all."""
    pairs = [record for record in records if record.get("text2")]
    texts = [str(record["text"]) for record in pairs]
    others = [str(record["text2"]) for record in pairs]
    ours, theirs = engines.encoder.encode(texts), engines.encoder.encode(others)
    same = [record.get("label") in (1, "same") for record in pairs]
    language = str(pairs[0].get("lang", "?")) if pairs else "?"
    tally = Tally(name)
    likeness = ours @ theirs.T
    for place, alike in enumerate(same):
        if alike:
            better = {others[other] for other in (likeness[place] > likeness[place, place] + 1e-6).nonzero()[0]}
            rank = len(better - {others[place]})
            tally.add(language, [Hit("same question top-1", rank == 0), Hit("same question top-3", rank < 3)])
    rows = tally.rows()
    if len(set(same)) == 2:
        scored = [(float(likeness[place, place]), alike) for place, alike in enumerate(same)]
        rows.append(Row(name, language, "same question, area under curve", area_under_curve(scored), len(scored)))
    return rows


def language(name: str, records: Sequence[Record]) -> list[Row]:
    """Score the language read from the text alone, where it is long enough to tell."""
    tally = Tally(name)
    for record in records:
        wanted = served(record)
        if wanted is not None and _long_enough(str(record["text"])):
            tally.add(wanted, [Hit("language", detect(record["text"], None) == wanted)])
    return tally.rows()


def _long_enough(text: str) -> bool:
    # A number is no word of any language: "14. - 15.10.2013".
    words = sum(any(map(str.isalpha, word)) for word in text.split())
    return words >= ENOUGH_WORDS or sum("\u3400" <= character <= "\u9fff" for character in text) >= ENOUGH_HAN
