"""Accounts: added by an admin only, changed, disabled; who is on duty; one Telegram account for one person."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.database.tables import staff, staff_session
from bot.staff import changing, invitations, own, people, sessions
from bot.staff.changing import Person
from bot.staff.people import StaffProblem
from tests.staff.people_kit import HOUR, MINUTE, NOW, joined, lines

ANA = Person("ana", "nurse", "Ana Weiss", frozenset({"heart", "skin"}), frozenset({"de", "en"}), "de", "ana@example.org")


def test_who_is_added_is_found_by_handle_and_number_and_is_not_active_yet(database):
    with database.write() as work:
        added, token = changing.add(work, replace(ANA, handle=" Ana "), by="operator", now=NOW)
        assert people.of_handle(work, "ANA") == people.of_id(work, added.id) == added
    assert (added.state, added.teams, added.languages, added.name) == ("invited", {"heart", "skin"}, {"de", "en"}, "Ana Weiss")
    assert len(token) >= 43 and token not in repr(added)


def test_names_mail_and_telegram_are_stored_encrypted_only(database):
    with database.write() as work:
        added, _ = changing.add(work, ANA, by="operator", now=NOW)
        own.set_preferences(work, added.id, {"theme": "dark"})
        row = work.execute(sa.select(staff)).one()
    stored = "".join(str(bytes(value) if isinstance(value, memoryview) else value) for value in row)
    assert "Weiss" not in stored and "example.org" not in stored and "theme" not in stored


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"handle": "a"}, "problem_handle"),
        ({"handle": "=cmd|"}, "problem_handle"),
        ({"handle": "名字"}, "problem_handle"),
        ({"name": "  "}, "problem_name"),
        ({"name": "x" * 81}, "problem_name"),
        ({"email": "nobody"}, "problem_email"),
        ({"email": "a@b, c@d"}, "problem_email"),
        ({"role": "root"}, "problem_role"),
        ({"teams": frozenset({"a,b"})}, "problem_teams"),
        ({"languages": frozenset({"fr"})}, "problem_languages"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_a_reason(database, change, key):
    with pytest.raises(StaffProblem) as problem, database.write() as work:
        changing.add(work, replace(ANA, **change), by="operator", now=NOW)
    assert problem.value.key == key


def test_a_handle_is_one_persons(database):
    with database.write() as work:
        changing.add(work, ANA, by="operator", now=NOW)
    with pytest.raises(StaffProblem, match="another handle"), database.write() as work:
        changing.add(work, replace(ANA, handle="ANA"), by="operator", now=NOW)


def test_who_is_disabled_is_out_at_once_everywhere(database):
    with database.write() as work:
        ana = joined(work)
        token = sessions.start(work, ana.id, now=NOW)
        waiting, _ = changing.reset(work, ana.id, by="omar", now=NOW)
        people.set_duty(work, ana.id, "on", until=None, now=NOW)
        assert sessions.find(work, token, idle=HOUR, now=NOW) is not None
        changing.disable(work, ana.id, by="omar", now=NOW)
    with database.write() as work:
        assert sessions.find(work, token, idle=HOUR, now=NOW) is None
        assert work.execute(sa.select(staff_session)).first() is None
        assert invitations.use(work, waiting, ("reset",), now=NOW) is None
        assert people.on_duty(work, NOW) == ()
    assert ("omar", "disabled", f"staff:{ana.id}") in lines(database)


def test_who_is_disabled_comes_back_with_a_new_invitation_only(database):
    with database.write() as work:
        ana = joined(work)
        changing.disable(work, ana.id, by="omar", now=NOW)
        _, kind = changing.reset(work, ana.id, by="omar", now=NOW)
        found = people.of_id(work, ana.id)
    assert (kind, found.state) == ("invite", "invited")


@pytest.mark.parametrize("change", [{"role": "lead"}, {"teams": frozenset({"skin"})}, {"studio": frozenset({"labeller"})}])
def test_with_another_role_team_or_grant_one_has_to_sign_in_again(database, change):
    with database.write() as work:
        ana = joined(work, teams=("heart",))
        token = sessions.start(work, ana.id, now=NOW)
        before = Person("ana", "nurse", ana.name, ana.teams, ana.languages)
        changing.change(work, ana.id, replace(before, name="Ana B."), by="omar", now=NOW)
        assert sessions.find(work, token, idle=HOUR, now=NOW) is not None
        changing.change(work, ana.id, replace(before, **change), by="omar", now=NOW)
        assert sessions.find(work, token, idle=HOUR, now=NOW) is None


def test_one_admin_stays_and_nobody_lifts_themselves(database):
    with database.write() as work:
        omar, ana = joined(work, "omar", "admin"), joined(work)
    as_nurse = Person("omar", "nurse", "Omar")
    for by, key in (("omar", "problem_own_role"), ("ana", "problem_last_admin")):
        with pytest.raises(StaffProblem) as problem, database.write() as work:
            changing.change(work, omar.id, as_nurse, by=by, now=NOW)
        assert problem.value.key == key
    with pytest.raises(StaffProblem) as problem, database.write() as work:
        changing.disable(work, omar.id, by="ana", now=NOW)
    assert problem.value.key == "problem_last_admin"
    with database.write() as work:
        joined(work, "mia", "admin")
        changing.change(work, omar.id, as_nurse, by="mia", now=NOW)
        assert people.of_id(work, omar.id).role == "nurse" and people.of_id(work, ana.id).role == "nurse"


def test_rights_in_the_studio_are_given_by_another_admin_and_audited(database):
    with database.write() as work:
        omar, ana = joined(work, "omar", "admin"), joined(work)
        as_reviewer = Person("ana", "nurse", ana.name, ana.teams, ana.languages, studio=frozenset({"clinical", "labeller"}))
        assert changing.change(work, ana.id, as_reviewer, by="omar", now=NOW).studio == {"clinical", "labeller"}
    assert ("omar", "studio rights: clinical,labeller", f"staff:{ana.id}") in lines(database)
    to_himself = Person("omar", "admin", omar.name, studio=frozenset({"clinical"}))
    with pytest.raises(StaffProblem) as problem, database.write() as work:
        changing.change(work, omar.id, to_himself, by="omar", now=NOW)
    assert problem.value.key == "problem_own_grants"


def test_there_is_no_right_in_the_studio_but_those_that_are_listed(database):
    with pytest.raises(StaffProblem) as problem, database.write() as work:
        changing.add(work, replace(ANA, studio=frozenset({"everything"})), by="omar", now=NOW)
    assert problem.value.key == "problem_grants"


def test_on_duty_is_who_began_and_has_not_ended_or_gone_on_a_break(database):
    with database.write() as work:
        by_name = {name: joined(work, name) for name in ("ana", "bo", "cem", "dee")}
        for name, duty, until in (("ana", "on", None), ("bo", "on", NOW + HOUR), ("cem", "break", None), ("dee", "off", None)):
            people.set_duty(work, by_name[name].id, duty, until=until, now=NOW)
    with database.read() as work:
        assert [one.handle for one in people.on_duty(work, NOW + HOUR - MINUTE)] == ["ana", "bo"]
        assert [one.handle for one in people.on_duty(work, NOW + HOUR)] == ["ana"]
    assert ("ana", "duty on", f"staff:{by_name['ana'].id}") in lines(database)


def test_who_has_not_taken_the_invitation_cannot_be_on_duty(database):
    with database.write() as work:
        added, _ = changing.add(work, ANA, by="operator", now=NOW)
    with pytest.raises(StaffProblem), database.write() as work:
        people.set_duty(work, added.id, "on", until=None, now=NOW)


def test_names_of_everybody_also_of_who_has_left(database):
    with database.write() as work:
        ana = joined(work)
        joined(work, "bo")
        changing.disable(work, ana.id, by="omar", now=NOW)
        assert people.names(work) == {"ana": "Ana", "bo": "Bo"}
        assert [one.handle for one in people.all_staff(work)] == ["ana", "bo"]


def test_telegram_is_linked_by_a_token_that_only_its_owner_can_get(database):
    with database.write() as work:
        ana, bo = joined(work), joined(work, "bo")
        token = invitations.issue(work, ana.id, "telegram", now=NOW)
        assert own.link_telegram(work, token, "4711", now=NOW).handle == "ana"
        assert people.of_telegram(work, "4711").telegram == "4711"
        assert own.link_telegram(work, token, "4712", now=NOW) is None, "used before"
        other = invitations.issue(work, bo.id, "telegram", now=NOW)
        assert own.link_telegram(work, other, "4711", now=NOW) is None, "the account is ana's"
        assert own.link_telegram(work, other, "4712", now=NOW + HOUR) is None, "too old"
        own.unlink_telegram(work, ana.id, now=NOW)
        assert people.of_telegram(work, "4711") is None


@pytest.mark.parametrize("sent", ["", "admin", "/register", "x" * 43, "register"])
def test_the_first_person_to_send_register_takes_no_operator(database, sent):
    with database.write() as work:
        assert own.link_telegram(work, sent, "666", now=NOW) is None
        assert people.of_telegram(work, "666") is None and people.all_staff(work) == ()
        ana, token = changing.add(work, ANA, by="operator", now=NOW)
        assert own.link_telegram(work, token, "666", now=NOW) is None, "an invitation is no link to Telegram"
        assert people.of_id(work, ana.id).telegram == ""


def test_preferences_are_merged_and_bounded(database):
    with database.write() as work:
        ana = joined(work)
        own.set_preferences(work, ana.id, {"sound": False})
        own.set_preferences(work, ana.id, {"shortcuts": True})
        assert people.of_id(work, ana.id).preferences == {"sound": False, "shortcuts": True}
    with pytest.raises(StaffProblem), database.write() as work:
        own.set_preferences(work, ana.id, {"much": "x" * 9_000})
