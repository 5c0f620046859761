"""A reminder leaves in its window, says when it is late, waits for nurses and quiet hours, and never reaches who must not be written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.followup.decisions import HELD_FOR, Facts, Send, Skip, Wait, decide
from bot.followup.offsets import Quiet

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 3, 2, 2, 0, tzinfo=timezone.utc)  # 10 o'clock there
FACTS = Facts(now=AT, at=AT, until=AT + timedelta(hours=4), late="useful", zone=ZONE, quiet=Quiet())


def after(**change):
    return replace(FACTS, now=AT + timedelta(**change))


def test_in_its_window_it_leaves():
    assert decide(FACTS) == Send() and decide(after(hours=3, minutes=59)) == Send()


def test_before_its_time_it_waits_for_it():
    assert decide(after(minutes=-1)) == Wait(AT, "quiet")


def test_after_a_downtime_a_useful_one_says_that_it_is_late_and_a_stale_one_is_skipped():
    assert decide(after(hours=4)) == Send(late=True)
    assert decide(after(hours=8)) == Skip("late")
    assert decide(replace(after(hours=4), late="skip")) == Skip("late")


@pytest.mark.parametrize("why", ["stopped", "died", "left", "blocked", "no_consent"])
def test_who_must_not_be_written_to_is_not(why):
    assert decide(replace(FACTS, no_reminders=why)) == Skip(why)


def test_an_answered_step_is_not_sent():
    assert decide(replace(FACTS, is_over=True)) == Skip("ended")


def test_while_a_nurse_has_the_case_it_waits_and_is_given_up_when_it_would_be_stale():
    assert decide(replace(FACTS, is_held=True)) == Wait(AT + HELD_FOR, "held")
    assert decide(replace(after(hours=7, minutes=50), is_held=True)) == Skip("held")


def test_a_pause_is_waited_for_or_ends_it():
    soon, never = AT + timedelta(hours=1), AT + timedelta(days=3)
    assert decide(replace(FACTS, paused_until=soon)) == Wait(soon, "paused")
    assert decide(replace(FACTS, paused_until=never)) == Skip("paused")
    assert decide(replace(after(hours=2), paused_until=soon)) == Send()


def test_in_quiet_hours_it_waits_for_their_end_unless_the_patient_named_this_time():
    night = replace(FACTS, quiet=Quiet(time(9, 0), time(11, 0)))
    assert decide(night) == Wait(AT + timedelta(hours=1), "quiet")
    assert decide(replace(night, own=True)) == Send()


def test_while_the_platform_is_closed_it_waits_and_is_given_up_when_it_would_be_stale():
    assert decide(replace(FACTS, way="closed")) == Wait(AT + HELD_FOR, "unreachable")
    assert decide(replace(after(hours=7, minutes=50), way="closed")) == Skip("unreachable")
    assert decide(replace(FACTS, way="notice")) == Send()


def test_who_has_left_is_not_waited_for():
    assert decide(replace(FACTS, way="gone")) == Skip("left")


@given(
    st.integers(-3000, 3000),
    st.integers(1, 24 * 60),
    st.builds(Quiet, st.times(), st.times()),
    st.sampled_from(["useful", "skip"]),
    st.booleans(),
    st.sampled_from(["", "stopped", "died", "left", "blocked", "no_consent"]),
    st.sampled_from(["open", "notice", "closed", "gone"]),
)
def test_whatever_the_moment_nothing_leaves_in_quiet_hours_too_early_too_late_or_to_the_wrong_one(
    minutes, window, quiet, late, held, gone, way
):
    facts = replace(
        after(minutes=minutes),
        until=AT + timedelta(minutes=window),
        quiet=quiet,
        late=late,
        is_held=held,
        no_reminders=gone,
        way=way,
    )
    decision = decide(facts)
    if isinstance(decision, Send):
        assert not gone and not held and way in ("open", "notice") and not quiet.holds_at(facts.now, ZONE) and facts.now >= AT
        assert facts.now < facts.until or (late == "useful" and decision.late and facts.now < AT + timedelta(minutes=2 * window))
    if isinstance(decision, Wait):
        assert decision.until > facts.now


@given(st.integers(-3000, 3000), st.integers(1, 24 * 60), st.builds(Quiet, st.times(), st.times()))
def test_who_looks_again_whenever_told_to_comes_to_an_end(minutes, window, quiet):
    facts = replace(after(minutes=minutes), until=AT + timedelta(minutes=window), quiet=quiet)
    for _ in range(4):
        decision = decide(facts)
        if not isinstance(decision, Wait):
            return
        facts = replace(facts, now=decision.until)
    raise AssertionError("it waits for ever")
