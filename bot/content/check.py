"""All that `daozhen check` finds wrong with texts: language, script, forbidden words, reviews that are due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content.language_check import language_problem
from bot.content.load import Content
from bot.content.responses import read_responses, response_problems
from bot.languages import LANGUAGES, Language


@dataclass(frozen=True)
class Text:
    """One text that a patient may read, and where it stands."""

    where: str
    language: Language
    text: str


def texts(content: Content, domain: Path) -> Iterator[Text]:
    """Yield every text of the content and of Rasa's responses."""
    written = {f"phrase {key}": by_language for key, by_language in content.phrases.texts.items()}
    written |= {f"answer {entry.id}": entry.answers for entry in content.knowledge.by_id.values()}
    written |= {f"snippet {one.shortcut}": one.texts for one in content.snippets}
    written |= dict(_clinical(content))
    for where, by_language in written.items():
        for language in LANGUAGES:
            yield Text(where, language, by_language[language])
    for response in read_responses(domain):
        for language, text in response.texts.items():
            yield Text(f"response {response.key}", language, text)


def _clinical(content: Content) -> Iterator[tuple[str, Mapping[Language, str]]]:
    """Yield what is asked and sent by rules and plans: with a forbidden word the patient would get another text instead."""
    for question in content.triage.questions.values():
        yield f"question {question.id}", question.texts
        yield f"question {question.id}, why", question.why
        yield from ((f"question {question.id}, choice {name}", texts) for name, texts in question.choices)
    for plan in content.followup.plans.by_id.values():
        yield from ((f"plan {plan.id}, {part}", texts) for part, texts in (("name", plan.names), ("consent", plan.consent)))
        yield from ((f"plan {plan.id}, step {step.id}", step.texts) for step in plan.steps)
    for asked in content.followup.plans.questions.values():
        yield f"plan question {asked.id}", asked.texts
        yield from ((f"plan question {asked.id}, answer {one.id}", one.titles) for one in asked.options)


def text_problems(content: Content, domain: Path) -> Iterator[str]:
    """Yield a sentence for each text in the wrong script, with a forbidden word, or with a blank line."""
    from bot.outbox.output_filter import forbidden_in

    for text in texts(content, domain):
        where = f"{text.where} ({text.language})"
        problem = language_problem(text.text, text.language)
        if problem:
            yield f"{where} {problem}. Write it in its own language and script."
        for found in forbidden_in(text.text, text.language):
            yield f"{where} says “{found}”. The bot names no diagnosis, drug, dose or cure: reword it."
        if "\n\n" in text.text.strip():
            yield f"{where} has a blank line: some channels would make two messages of it. Use a single line break."
    yield from response_problems(domain)


def overdue(content: Content, *, today: date) -> Iterator[str]:
    """Yield a sentence for each pack whose review date has passed."""
    for pack in content.packs:
        if pack.review_date < today:
            yield f"{pack.path.name} had to be reviewed by {pack.review_date}: let {pack.owner} review it, then set a new date."
