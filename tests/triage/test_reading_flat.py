"""Reading does not depend on how many terms the lexicon has: neither what is found nor how long it takes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.content.packs import read_yaml
from bot.languages import LANGUAGES
from bot.triage.lexicon import Concept, Lexicon
from bot.triage.reading import read
from tests.contents import the_content

LEXICON = the_content().triage.lexicon
KINDS = read_yaml(Path(__file__).parent / "reading_traps.yml")["traps"]
TEXTS = [(trap["language"], trap["text"]) for traps in KINDS.values() for trap in traps]


def with_more(terms: int) -> Lexicon:
    """Return the lexicon with `terms` more, one in five of them found by two parts. They stand in none of the texts."""
    more = {}
    for number in range(terms // len(LANGUAGES)):
        words = {language: (f"xq{number} {language.lower()}word",) for language in LANGUAGES}
        parts = (("site_chest", f"extra{number - 1}"),) if number % 5 == 4 else ()
        more[f"extra{number}"] = Concept(f"extra{number}", "symptom", {}, words, near=parts)
    return Lexicon({**LEXICON.concepts, **more}, f"with {terms} more")


@pytest.fixture(scope="module")
def lexicons():
    return {terms: with_more(terms) for terms in (1_000, 100_000)}


def test_the_same_is_read_with_a_thousand_and_with_a_hundred_thousand_more_terms(lexicons):
    for language, text in TEXTS:
        few, many = (read(text, language, lexicon=lexicon) for lexicon in lexicons.values())
        assert few == many


def test_a_message_takes_as_long_with_a_hundred_thousand_more_terms(lexicons):
    def seconds(lexicon, run):
        began = time.process_time()
        for language, text in TEXTS:
            read(f"{text} {run}", language, lexicon=lexicon)  # never read before: what was read is remembered
        return time.process_time() - began

    few, many = lexicons.values()

    assert min(seconds(many, run) for run in "abc") < 2 * min(seconds(few, run) for run in "abc") + 0.01


@pytest.mark.parametrize(
    "piece", ["胸口疼", "no chest pain, ", "kein Fieber, ", "ما عندي حرارة ", "没有", "不是不", "if my chest hurts "]
)
def test_a_text_that_repeats_itself_is_read_in_a_moment(piece):
    began = time.process_time()
    read(piece * 700, "zh-Hans" if ord(piece[0]) > 0x3400 else "en", lexicon=LEXICON)

    assert time.process_time() - began < 0.5
