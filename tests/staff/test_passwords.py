"""Passwords: weak ones are refused with a reason, good ones are hashed with Argon2, and nobody's costs the same work."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.staff import passwords
from bot.staff.guessed_passwords import WORDS
from bot.staff.passwords import Busy, Hashing, fits, hash_of, weakness

GOOD = "grüne Lampe am Kai 7"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kurz1!", "weak_short"),
        ("", "weak_short"),
        ("x1" * 101, "weak_long"),
        ("ana-weiss-rules", "weak_name"),
        ("my name is WEISS!", "weak_name"),
        ("nurse.ana.1990", "weak_name"),
        ("Password123!", "weak_common"),
        ("P@ssw0rd2024", "weak_common"),
        ("passwortpasswort", "weak_common"),
        ("woaini5201314", "weak_common"),
        ("krankenschwester1", "weak_common"),
        ("1234567890", "weak_common"),
        ("aaaaaaaaaaaa", "weak_common"),
        ("abcdefghijklm", "weak_common"),
        ("0987654321", "weak_common"),
        ("ｐａｓｓｗｏｒｄ１２３", "weak_common"),
        ("13 12 2024 1312", "weak_common"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password, why):
    assert weakness(password, handle="nurse.ana", name="Ana Weiss") == why


@pytest.mark.parametrize(
    "password", [GOOD, "护士站旁边的蓝色椅子真好看", "مصباح أخضر عند المرسى", "k7#Vq2!mTz", "correct zebra battery kiosk"]
)
def test_a_good_password_will_do_in_every_language(password):
    assert weakness(password, handle="nurse.ana", name="Ana Weiss") is None


def test_there_are_some_hundred_common_ones():
    assert len(WORDS) >= 400 and all(word == word.casefold() or "ß" in word for word in WORDS)


def test_a_password_fits_its_hash_and_no_other():
    hashed = hash_of(GOOD)
    assert hashed.startswith(f"$argon2id$v=19$m={46 * 1024},t=2,p=1$") and GOOD not in hashed
    assert fits(GOOD, hashed) and not fits(GOOD + " ", hashed) and not fits(GOOD, None)


def test_a_wide_keyboard_writes_the_same_password():
    assert fits("ｋ７＃Ｖｑ２！ｍＴｚ", hash_of("k7#Vq2!mTz"))


def test_for_nobody_the_same_work_is_done(monkeypatch):
    hashed = hash_of(GOOD)
    passwords.fits("x", None)  # the hash of nobody is made once

    def cost(of):
        began = time.thread_time()
        passwords.fits("something wrong", of)
        return time.thread_time() - began

    somebody = sorted(cost(hashed) for _ in range(5))[2]
    nobody = sorted(cost(None) for _ in range(5))[2]
    assert 0.6 < nobody / somebody < 1.6


async def test_one_password_at_a_time_and_a_crowd_is_told_to_come_again(monkeypatch):
    running, most = 0, 0

    def slow(password, hashed):
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.002)
        running -= 1
        return True

    monkeypatch.setattr(passwords, "fits", slow)
    hashing = Hashing()
    results = await asyncio.gather(*(hashing.fits("x", None) for _ in range(40)), return_exceptions=True)
    assert most == 1
    assert results.count(True) == passwords.MOST_WAITING
    assert sum(isinstance(one, Busy) for one in results) == 40 - passwords.MOST_WAITING
