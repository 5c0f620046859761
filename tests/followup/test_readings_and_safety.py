"""What an answer to "what is your blood sugar?" is to the safety net, which reads it without the question: no alarm, unless it is one."""

from __future__ import annotations

import pytest

from bot.inbox.followup import EXAMPLES
from bot.languages import LANGUAGES
from bot.triage.safety import check


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_ordinary_reading_with_its_unit_is_no_alarm(content, language):
    said = [one for example in EXAMPLES.values() for one in example.split(", ")]
    for text in [*said, "5,8 mmol/l", "٦٫٣ mmol/L", "血糖6.1", "114 mg/dL", "12.4 mmol/L"]:
        assert not check(text, language, tables=content.triage).alarm, text


@pytest.mark.parametrize("text", ["2.1 mmol/L", "38 mg/dL", "30 mmol/L", "sugar 25", "血糖30", "Blutzucker 28"])
def test_a_reading_that_may_be_deadly_is_an_alarm_without_any_other_word(content, text):
    assert check(text, "en", tables=content.triage).alarm
