"""Why something is not done with a sentence of the inbox: a key of `content/phrases/studio/inbox.yml`, and the sentence for the terminal."""

from __future__ import annotations

from bot.errors import KeyedProblem


class UtteranceProblem(KeyedProblem):
    """Something cannot be done with a sentence. Nothing was changed."""


def gone(number: int) -> UtteranceProblem:
    """Somebody else was faster, or the patient erased everything."""
    return UtteranceProblem("utterance_gone", f"Sentence {number} was done by somebody else, or is gone.", number=number)


def own(number: int) -> UtteranceProblem:
    """Who labelled it decides about it."""
    return UtteranceProblem(
        "utterance_own", f"Sentence {number} is your own label: somebody else has to check it.", number=number
    )


def not_a_label(label: str) -> UtteranceProblem:
    """No such intent, and no such entry of the FAQ."""
    return UtteranceProblem("utterance_label", f"There is no intent and no entry {label}. Load the page again.", label=label)


def not_learned(text: str, why: str) -> UtteranceProblem:
    """What it would become is wrong. `why`: a key of a finding of `bot.training.checks`."""
    return UtteranceProblem(
        "utterance_check", f"“{text}” cannot be learned from ({why}). Send it back, with another meaning.", text=text, why=why
    )
