"""A short summary of a case in the nurse's own language (SBAR): labels from reviewed phrases, the patient's words as they wrote them.

Nothing is translated by a machine, nothing is concluded that triage did not conclude, and what is not known is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.briefing.story import Story, Told, story_of, words_shown
from bot.content.load import Content
from bot.database.engine import Work
from bot.handoff.case_rows import Case
from bot.languages import Language
from bot.triage.explain import QUOTES
from bot.triage.hotlines import isolated
from bot.triage.red_flags import rule_of
from bot.triage.types import Assessment, Finding, RedFlag

# More is below, in the patient's own words.
MOST_FINDINGS = 8
MOST_ANSWERS = 4
MOST_DEPARTMENTS = 2
_LIST: dict[Language, str] = {"zh-Hans": "；", "zh-Hant": "；", "en": "; ", "de": "; ", "ar": "؛ "}
_FIRST_ISOLATE, _END = "\u2068", "\u2069"
# Which words of the state in the outbox mean that the patient has it, or never will.
_TOLD_STATES = {"sent": "sent", "dead": "failed"}
_KNOWN = {True: "yes", False: "no", None: "unknown"}
CUES = ("sudden", "severe", "worsening")


@dataclass(frozen=True)
class Sbar:
    """Situation, background, assessment, recommendation: sentences in the nurse's language."""

    situation: tuple[str, ...]
    background: tuple[str, ...]
    assessment: tuple[str, ...]
    recommendation: tuple[str, ...]


def summary_of(work: Work, case: Case, content: Content, language: Language, *, story: Story | None = None) -> Sbar:
    """Return the summary of a case for a nurse who reads `language`. `story`: what `story_of` gave, if it is at hand."""
    told = story or story_of(work, case, content)
    writer = _Writer(content, language)
    return Sbar(
        situation=tuple(writer.situation(case, told)),
        background=tuple(writer.background(told)),
        assessment=tuple(writer.assessment(told)),
        recommendation=tuple(writer.recommendation(case, told)),
    )


class _Writer:
    """Puts sentences together in one language."""

    def __init__(self, content: Content, language: Language) -> None:
        self._phrases, self._tables, self._language = content.phrases, content.triage, language

    def _say(self, key: str, **values: object) -> str:
        return self._phrases.get(f"summary.{key}", self._language, **values)

    def situation(self, case: Case, story: Story) -> Iterator[str]:
        yield f"{self._say(f'level_{case.level}')}{_LIST[self._language]}{self._say(f'reason_{case.reason}')}"
        if case.crisis and case.reason != "crisis":
            yield self._say("crisis")
        yield (
            self._say("last_words", words=self._quoted(words_shown(story.words[-1].text)))
            if story.words
            else self._say("no_words")
        )

    def background(self, story: Story) -> Iterator[str]:
        trace = story.assessment.trace if story.assessment else {}
        patient = trace.get("patient", {})
        yield self._say(f"who_{patient.get('who') or 'unknown'}")
        yield self._age(patient.get("age_years"))
        yield self._say(f"sex_{patient.get('sex') or 'unknown'}")
        if patient.get("sex") != "m":
            yield self._say(f"pregnant_{_KNOWN[patient.get('pregnant')]}")
        if patient.get("postpartum"):
            yield self._say("postpartum")
        conditions = [self._condition(one) for one in patient.get("conditions", ())]
        yield self._say("conditions", list=self._list(conditions)) if conditions else self._say("conditions_unknown")
        yield self._duration(trace.get("duration_days"))
        cues = [self._say(f"cue_{one}") for one in CUES if one in trace.get("cues", ())]
        if cues:
            yield self._say("cues", list=self._list(cues))
        numbers = [self._number(one) for one in trace.get("measurements", ())]
        if numbers:
            yield self._say("numbers", list=self._list(numbers))

    def assessment(self, story: Story) -> Iterator[str]:
        found = story.assessment
        if found is None:
            yield self._say("nothing_told")
            yield self._say("department_none")
            return
        flags = [part for one in found.red_flags if one.missing is None for part in self._flag(one, found)]
        yield self._say("flags", list=self._list(flags)) if flags else self._say("flags_none")
        for key, some in _sorted_out(found.findings).items():
            yield self._say(key, list=self._list([self._finding(one) for one in some[:MOST_FINDINGS]]))
        yield from self._answers(found)
        yield from self._departments(found)
        if found.disagreement:
            yield self._say("disagreement")
        if story.source == "read_again":
            yield self._say("read_again")
        newer = sum(story.at is not None and one.at > story.at for one in story.words)
        if newer:
            yield self._say("newer_words", count=newer)

    def recommendation(self, case: Case, story: Story) -> Iterator[str]:
        yield self._told(story.told) if story.told else self._say("told_nothing")
        found = story.assessment
        if found is not None and found.asks is not None and found.asks in self._tables.questions:
            yield self._say("ask", question=self._tables.questions[found.asks].texts[self._language])
        hotline = self._tables.hotlines.get(story.region)
        home = self._tables.hotlines[self._tables.home_region]
        shown = hotline or home
        number = isolated(shown.ambulance, self._language)
        if hotline is not None:
            yield self._say("ambulance", region=hotline.names[self._language], number=number)
        else:
            yield self._say("ambulance_unknown", number=number)
        yield self._say("no_diagnosis")

    def _told(self, told: Told) -> str:
        state = self._say(f"state_{_TOLD_STATES.get(told.state, 'waiting')}")
        if told.kind != "result" or told.level is None:
            return self._say("told_crisis" if told.kind == "crisis" else "told_emergency", state=state)
        level = self._say(f"level_{told.level}")
        if told.department in self._tables.departments:
            return self._say("told_result", level=level, department=self._department(told.department), state=state)
        return self._say("told_level", level=level, state=state)

    def _age(self, years: float | None) -> str:
        if years is None:
            return self._say("age_unknown")
        if years >= 2:
            return self._say("age_years", number=f"{years:g}")
        days = round(years * 365)
        return self._say("age_days", number=days) if days < 60 else self._say("age_months", number=round(years * 12))

    def _duration(self, days: float | None) -> str:
        if days is None:
            return self._say("duration_unknown")
        for unit, length, most in (("hours", 1 / 24, 1), ("days", 1, 21), ("weeks", 7, 70)):
            if days < most:
                return self._say(f"duration_{unit}", number=max(round(days / length), 1))
        return self._say("duration_months", number=max(round(days / 30), 1))

    def _number(self, one: dict[str, Any]) -> str:
        text = f"{self._say('number_' + one['kind'], value=format(one['value'], 'g'))} {self._quoted(one['said'])}"
        return text if one.get("sure", True) else self._say("number_unsure", number=text)

    def _flag(self, flag: RedFlag, found: Assessment) -> list[str]:
        """Name what the flag was read from: what of its condition is there, with the words; else the words alone."""
        rule = rule_of(flag, self._tables)
        if rule is None and flag.id in {one.flag for one in self._tables.questions.values()}:
            return [self._say("flag_by_answer")]
        atoms = rule.when.atoms if rule else frozenset()
        named = [self._finding(one) for one in found.findings if one.state == "present" and one.id in atoms]
        return named or [self._quoted(word) for word in flag.said if word not in ("yes", "no")] or [flag.id]

    def _finding(self, one: Finding) -> str:
        return f"{self._label(one.id)} {self._quoted(one.said)}" if one.said else self._label(one.id)

    def _answers(self, found: Assessment) -> Iterator[str]:
        answers = found.trace.get("answers", {})
        for name, value in list(answers.items())[:MOST_ANSWERS]:
            rule = self._tables.questions.get(name)
            if rule is None or name in ("who", "age", "pregnancy", "onset"):
                continue  # they stand in the background
            titles = {choice: texts[self._language] for choice, texts in rule.choices}
            shown = titles.get(value) or self._label(value)
            yield self._say("answered", question=rule.texts[self._language], answer=shown)

    def _departments(self, found: Assessment) -> Iterator[str]:
        known = [one for one in found.departments if one.department in self._tables.departments][:MOST_DEPARTMENTS]
        if not known:
            yield self._say("department_none")
        for place, one in enumerate(known):
            name = self._department(one.department)
            if place:
                yield self._say("department_second", department=name)
            elif one.said:
                yield self._say("department", department=name, words=self._quoted(one.said))
            else:
                yield self._say("department_plain", department=name)

    def _department(self, id_: str) -> str:
        return self._tables.departments[id_].names[self._language]

    def _condition(self, name: str) -> str:
        key = f"summary.condition_{name}"
        return self._phrases.get(key, self._language) if key in self._phrases.texts else name.replace("_", " ")

    def _label(self, concept: str) -> str:
        known = self._tables.lexicon.concepts.get(concept)
        return known.labels.get(self._language, "") or concept.replace("_", " ") if known else concept.replace("_", " ")

    def _quoted(self, words: str) -> str:
        # The words may run in another direction than the sentence.
        open_, close = QUOTES[self._language]
        return f"{open_}{_FIRST_ISOLATE}{words_shown(words)}{_END}{close}"

    def _list(self, parts: Iterable[str]) -> str:
        return _LIST[self._language].join(dict.fromkeys(parts))


def _sorted_out(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings by what is known of them, in the order in which they matter."""
    found: dict[str, list[Finding]] = {key: [] for key in ("present", "perhaps", "absent", "unknown", "past", "family")}
    for one in findings:
        found[_kind(one)].append(one)
    return {key: some for key, some in found.items() if some}


def _kind(one: Finding) -> str:
    if one.holder == "family":
        return "family"
    if one.state == "present" and one.when == "past":
        return "past"
    if one.state == "present" and (one.doubt or one.asked):
        return "perhaps"
    return one.state
