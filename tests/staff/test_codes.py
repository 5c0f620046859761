"""Codes of the authenticator app count once and for a minute and a half; recovery codes count once."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from bot.staff import codes
from tests.staff.people_kit import NOW, SECRET, code_at

STEP = timedelta(seconds=30)
PRESENT = int(NOW.timestamp()) // 30


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_code_before_and_the_one_after_count_no_other(steps, counts):
    found = codes.step_of(SECRET, code_at(NOW + steps * STEP), used=0, now=NOW)
    assert found == (PRESENT + steps if counts else None)


def test_a_code_counts_once_and_earlier_ones_no_more():
    code = code_at(NOW)
    step = codes.step_of(SECRET, code, used=0, now=NOW)
    assert codes.step_of(SECRET, code, used=step, now=NOW + STEP) is None
    assert codes.step_of(SECRET, code_at(NOW - STEP), used=step, now=NOW) is None
    assert codes.step_of(SECRET, code_at(NOW + STEP), used=step, now=NOW + STEP) == step + 1


@pytest.mark.parametrize("typed", ["", "000000", "12345", "abcdef", "½½½½½½", "1" * 500, "-"])
def test_what_is_no_code_is_none(typed):
    assert codes.step_of(SECRET, typed, used=0, now=NOW) is None


def test_blanks_wide_and_arabic_digits_are_the_same_code():
    code = code_at(NOW)
    arabic = "".join(chr(0x0660 + int(digit)) for digit in code)
    wide = "".join(chr(0xFF10 + int(digit)) for digit in code)
    for typed in (f"{code[:3]} {code[3:]}", arabic, wide, f"\u200f{arabic}"):
        assert codes.step_of(SECRET, typed, used=0, now=NOW) == PRESENT


def test_without_a_secret_no_code_is_right_not_even_that_of_nobody():
    assert codes.step_of(None, pyotp.TOTP("A" * 32).at(NOW), used=0, now=NOW) is None


def test_what_the_qr_code_says_names_the_hospital_and_the_handle():
    address = codes.address(SECRET, handle="ana", issuer="导诊")
    assert pyotp.parse_uri(address).secret == SECRET and "ana" in address


def test_recovery_codes_are_ten_and_count_once(database):
    shown = codes.new_recovery()
    assert len(set(shown)) == 10
    with database.read() as work:
        stored = codes.recovery_lookups(work, 1, shown)
        left = codes.without_used(work, 1, stored, shown[3].upper().replace("-", " "))
        assert len(left) == 9
        assert codes.without_used(work, 1, left, shown[3]) is None
        assert codes.without_used(work, 2, stored, shown[3]) is None, "another person's"
        assert codes.without_used(work, 1, stored, "") is None
    assert not any(code.replace("-", "") in str(stored) for code in shown)
