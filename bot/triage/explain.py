"""The result in the patient's language: how urgent, where, why in the patient's own words, what would make it worse."""

from __future__ import annotations

from bot.languages import Language
from bot.messages import EMERGENCY_LEVELS, Button, Card, Place, Reply
from bot.phrases import Phrases
from bot.triage.hotlines import emergency_number
from bot.triage.tables import Tables
from bot.triage.types import Assessment, Episode, Ranked

MOST_PLACES = 2
MOST_WORDS = 4
QUOTES: dict[Language, tuple[str, str]] = {
    "zh-Hans": ("“", "”"),
    "zh-Hant": ("「", "」"),
    "en": ("“", "”"),
    "de": ("„", "“"),
    "ar": ("«", "»"),
}
_MARKS = str.maketrans(dict.fromkeys('“”„「」『』«»"', "'"))


def quoted(said: str, language: Language) -> str:
    """Return the patient's own words in quotation marks: so they may name any drug, and nobody takes them for ours."""
    open_, close = QUOTES[language]
    return f"{open_}{said.translate(_MARKS)}{close}"


def result_reply(assessment: Assessment, episode: Episode, *, tables: Tables, phrases: Phrases) -> Reply:
    """Return the result card and the same as text. INFO: nothing was understood, and the patient is asked to say more."""
    language = episode.language
    if assessment.level == "INFO":
        nurse = Button(phrases.get("triage.nurse_button", language), "nurse")
        return Reply(phrases.get("triage.tell_more", language), kind="question", buttons=(nurse,))
    card = _card(assessment, episode, tables, phrases)
    return Reply(_text(card, language, phrases), kind="result", card=card, buttons=_buttons(language, phrases))


def advice_key(assessment: Assessment) -> str:
    """Return what tells one piece of advice from another: what was said in between is no reason to say it all again.

    In an emergency that is the level alone, since everybody goes to the emergency department first.
    """
    if assessment.crisis:
        return "crisis"
    if assessment.level in EMERGENCY_LEVELS:
        return assessment.level
    where = [ranked.department for ranked in assessment.departments[:MOST_PLACES]]
    return " ".join([_headline(assessment), *where])


def unchanged_reply(assessment: Assessment, episode: Episode, *, tables: Tables, phrases: Phrases) -> Reply:
    """Return the advice in one sentence, for somebody who has the whole result before their eyes."""
    language = episode.language
    number = emergency_number(episode.region or None, language, tables=tables)
    department = tables.departments[assessment.departments[0].department].names[language]
    text = phrases.get(f"triage.unchanged_{_headline(assessment)}", language, emergency=number, department=department)
    return Reply(text, buttons=_buttons(language, phrases))


def _headline(assessment: Assessment) -> str:
    return "R_soon" if assessment.soon else assessment.level


def _card(assessment: Assessment, episode: Episode, tables: Tables, phrases: Phrases) -> Card:
    language = episode.language
    number = emergency_number(episode.region or None, language, tables=tables)
    key = f"triage.headline_{_headline(assessment)}"
    places = tuple(_place(ranked, language, tables) for ranked in assessment.departments[:MOST_PLACES])
    headline = phrases.get(key, language, department=places[0].name, emergency=number)
    because = tuple(quoted(said, language) for said in _own_words(assessment)) or (
        phrases.get("triage.because_answers", language),
    )
    watch = tuple(phrases.get(f"triage.watch_{name}", language) for name in _watch_for(assessment))
    return Card(
        assessment.level, headline, places, because, (*watch, phrases.get("triage.watch_call", language, emergency=number))
    )


def _place(ranked: Ranked, language: Language, tables: Tables) -> Place:
    department = tables.departments[ranked.department]
    return Place(department.id, department.names[language], department.where[language], department.hours[language], ranked.said)


def _own_words(assessment: Assessment) -> tuple[str, ...]:
    said = [
        finding.said
        for finding in assessment.findings
        if finding.state == "present" and not finding.asked and finding.holder != "family"
    ]
    return tuple(word for word in dict.fromkeys(said) if word and not any(word != other and word in other for other in said))[
        :MOST_WORDS
    ]


_WATCH_BY_DEPARTMENT = {
    "CARD": "chest", "RESP": "breath", "ED": "worse", "NEURO": "stroke", "GI": "belly", "GSURG": "belly", "HPB": "belly", "COLO": "belly",
    "ENTERIC": "fluids", "FEVER": "fever", "INF": "fever", "ENT": "breath", "PED": "child", "NEO": "child", "OBS": "pregnancy",
    "GYN": "bleeding", "URO": "fever_pain", "NEPH": "fever_pain", "ORTHO": "numb", "DERM": "allergy", "ALLERGY": "allergy",
    "OPH": "eye", "PSY": "crisis", "PSYC": "crisis", "ENDO": "sugar", "DENT": "swelling",
}  # fmt: skip


def _watch_for(assessment: Assessment) -> tuple[str, ...]:
    names = [_WATCH_BY_DEPARTMENT.get(one.department, "worse") for one in assessment.departments[:MOST_PLACES]]
    return tuple(dict.fromkeys([*names, "worse"]))[:2]


def _text(card: Card, language: Language, phrases: Phrases) -> str:
    lines = [card.headline]
    for place in card.places:
        lines.append(phrases.get("triage.place", language, name=place.name, where=place.where, hours=place.hours))
    separator = "、" if language in ("zh-Hans", "zh-Hant") else "، " if language == "ar" else ", "
    lines.append(phrases.get("triage.because", language, words=separator.join(card.because)))
    lines.append(phrases.get("triage.watch", language))
    lines += [f"• {line}" for line in card.watch_for]
    return "\n".join(lines)


def _buttons(language: Language, phrases: Phrases) -> tuple[Button, ...]:
    return (
        Button(phrases.get("triage.nurse_button", language), "nurse"),
        Button(phrases.get("triage.again_button", language), "start_over"),
    )
