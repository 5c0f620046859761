"""Sets about reading: negation, yes and no, the language itself, intents, the same question in other words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evaluation.engines import Engines
from bot.evaluation.scores import Hit, Record, Row, Tally, area_under_curve
from bot.languages import LANGUAGES, Language, detect

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
    return len(text.split()) >= ENOUGH_WORDS or sum("\u3400" <= character <= "\u9fff" for character in text) >= ENOUGH_HAN
