"""Sudden, severe, getting worse: said, or said of it that it is not."""

from __future__ import annotations

import pytest

from bot.triage.reading import read
from tests.contents import the_content

LEXICON = the_content().triage.lexicon


@pytest.mark.parametrize(
    ("language", "cue", "said", "denied"),
    [
        ("zh-Hans", "severe", "头疼得厉害", "头疼，不厉害"),
        ("zh-Hans", "sudden", "突然头疼", "不是突然头疼的"),
        ("zh-Hant", "severe", "頭痛得很嚴重", "頭痛不嚴重"),
        ("en", "severe", "a severe headache", "a headache, not very severe"),
        ("en", "sudden", "it came on suddenly", "it did not come on suddenly"),
        ("de", "severe", "starke Kopfschmerzen", "nicht so starke Kopfschmerzen"),
        ("de", "sudden", "plötzlich Kopfschmerzen", "Kopfschmerzen, nicht plötzlich"),
        ("ar", "severe", "صداع شديد", "صداع مش شديد"),
    ],
)
def test_how_strong_something_is_can_be_said_and_denied(language, cue, said, denied):
    assert getattr(read(said, language, lexicon=LEXICON), cue)
    assert not getattr(read(denied, language, lexicon=LEXICON), cue)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-Hans", "从来没有这么疼过"),
        ("en", "not just severe but unbearable"),
        ("de", "nicht auszuhalten"),
        ("de", "noch nie so starke Schmerzen"),
    ],
)
def test_a_negator_that_belongs_to_the_strength_does_not_deny_it(language, text):
    assert read(text, language, lexicon=LEXICON).severe


@pytest.mark.parametrize(
    ("language", "long_ago", "just_now"),
    [
        ("zh-Hans", "去年做过手术", "手术后第三天"),
        ("en", "Last year I had surgery.", "I had surgery three days ago."),
        ("de", "Letztes Jahr wurde ich operiert.", "Ich wurde vor drei Tagen operiert."),
    ],
)
def test_an_operation_of_last_year_makes_nobody_freshly_operated(language, long_ago, just_now):
    assert "postop" not in read(long_ago, language, lexicon=LEXICON).patient.conditions
    assert "postop" in read(just_now, language, lexicon=LEXICON).patient.conditions
