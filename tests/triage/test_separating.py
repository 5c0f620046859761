"""Signs that tell two departments apart are asked of those who can have them, and of whoever has not said who they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.triage.facts import facts_of
from bot.triage.routing import rank
from bot.triage.separating import WHICH_ALSO, separating_signs
from bot.triage.types import Finding, Patient
from tests.contents import the_content

TABLES = the_content().triage
UNLESS = TABLES.questions[WHICH_ALSO].unless
MAN, WOMAN = Patient(sex="m", age_years=34), Patient(sex="f", age_years=34)
OLD_WOMAN, EXPECTING = Patient(sex="f", age_years=72), Patient(age_years=34, pregnant=True)
OF_WOMEN = {"vaginal_discharge", "vaginal_bleeding", "late_period", "irregular_periods", "heavy_periods", "mastitis"}
OF_PERIODS = {"late_period", "irregular_periods", "heavy_periods"}


def offered(patient):
    """Return all signs that are offered to this patient, whatever they complain of."""
    found = set()
    for concept in TABLES.routes:
        facts = replace(facts_of([], child_until=TABLES.child_until), findings={concept: Finding(concept, "present", "")})
        facts = replace(facts, patient=patient)
        found |= set(separating_signs(facts, rank(facts, (), TABLES), TABLES))
    return found


@pytest.mark.parametrize(
    ("patient", "never"),
    [
        (WOMAN, {"urethral_discharge"}),
        (EXPECTING, {"urethral_discharge", *OF_PERIODS}),
        (MAN, OF_WOMEN),
        (OLD_WOMAN, {"urethral_discharge", "mastitis", "infertility", *OF_PERIODS}),
        (Patient(sex="f", age_years=5), {"mastitis", "infertility", *OF_PERIODS}),
    ],
    ids=["a woman", "who is pregnant", "a man", "an old woman", "a little girl"],
)
def test_nobody_is_asked_for_what_they_cannot_have(patient, never):
    assert never <= set(UNLESS) and not offered(patient) & never


def test_whoever_has_not_said_who_they_are_is_asked_all_the_same():
    assert {"urethral_discharge", "vaginal_discharge", "late_period"} <= offered(Patient())
    assert {"vaginal_discharge", "late_period"} <= offered(WOMAN) and "urethral_discharge" in offered(MAN)
