"""What is known of the patient of a case, for its card: the summary in the group's language, without personal data."""

from __future__ import annotations

from bot.briefing.card import card_of
from bot.briefing.story import Story, story_of
from bot.briefing.summary import Sbar, summary_of
from bot.content.load import Content
from bot.database.engine import Work
from bot.handoff.case_rows import Case
from bot.languages import Language
from bot.triage.red_flags import rule_of
from bot.triage.tables import Tables
from connectors.telegram.desk.cards import About
from connectors.telegram.desk.masks import mask_of

MOST_FLAGS = 4
LETTERS = "SBAR"


def about_of(work: Work, case: Case, content: Content, language: Language) -> About:
    """Return it in the language of the group. `flags` are labels of ours, never words of the patient."""
    story = story_of(work, case, content)
    card = card_of(work, case, content, story=story)
    mask = mask_of(work, case.patient_id, content)
    parts = _paragraphs(summary_of(work, case, content, language, story=story))
    return About(
        lines=tuple(f"{letter}: {mask.text(text, case.language)[0]}" for letter, text in zip(LETTERS, parts, strict=True)),
        flags=_flags(story, content.triage, language),
        age=card.age,
        sex=card.sex,
        pregnant=card.pregnant,
    )


def _paragraphs(sbar: Sbar) -> tuple[str, ...]:
    return tuple(" · ".join(lines) for lines in (sbar.situation, sbar.background, sbar.assessment, sbar.recommendation))


def _flags(story: Story, tables: Tables, language: Language) -> tuple[str, ...]:
    """Return what was found that makes the red flags, by our labels: no word of the patient's."""
    found = story.assessment
    if found is None:
        return ()
    rules = [rule_of(flag, tables) for flag in found.red_flags]
    atoms = {atom for rule in rules if rule is not None for atom in rule.when.atoms}
    present = (one.id for one in found.findings if one.state == "present" and one.id in atoms)
    known = (tables.lexicon.concepts[name].labels for name in present if name in tables.lexicon.concepts)
    return tuple(dict.fromkeys(labels[language] for labels in known if labels.get(language)))[:MOST_FLAGS]
