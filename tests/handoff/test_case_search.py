"""A search finds words in encrypted messages, only those that this person may see and that are still kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import utc_now
from bot.commands.search import reindex
from bot.database import Database
from bot.database.tables import audit, care_case, case_note, conversation, search_mark, search_token
from bot.handoff.case_rows import case_of
from bot.inbox import conversations, rows
from bot.inbox.conversations import Defaults
from bot.messages import Inbound, Reply
from bot.outbox.compose import compose, compose_from_nurse
from bot.outbox.store import Place, enqueue
from bot.privacy import consent
from bot.privacy.encryption import Cipher, new_key
from bot.privacy.erase import erase_patient
from bot.privacy.rotation import renew_all
from bot.search import index, search
from bot.search.index import Indexer
from bot.search.search import SearchProblem, excerpt
from bot.staff.people import Staff
from bot.triage.types import Safety

NOW = utc_now()
LI = Staff(1, "li", "nurse", teams=frozenset({"cardio"}))
BO = Staff(2, "bo", "nurse", teams=frozenset({"skin"}))


class Ward:
    """Patients with cases, who write."""

    def __init__(self, database, phrases) -> None:
        self.database, self.phrases, self.indexer = database, phrases, Indexer(database)
        self._numbers = iter(range(1, 100_000))

    def person(self, *, team="cardio", agreed=True, case=True, department="") -> str:
        number = next(self._numbers)
        with self.database.write() as work:
            message = Inbound("webchat", f"first{number}", f"p{number}", "", NOW)
            made = conversations.create(work, message, language="zh-Hans", defaults=Defaults("en", "CN"), now=NOW)
            if agreed:
                consent.record(work, made.patient_id, "granted", channel="webchat", language="en", now=NOW)
        if case:
            self.case(made.id, team=team, department=department)
        return made.id

    def case(self, conversation_id, *, team="cardio", department="", state="waiting") -> int:
        with self.database.write() as work:
            owner = work.execute(sa.select(conversation.c.patient_id).where(conversation.c.id == conversation_id)).scalar()
            row = {"conversation_id": conversation_id, "patient_id": owner, "reason": "red_flag", "level": "R", "crisis": False}
            row |= {"state": state, "team": team, "opened_at": NOW, "department": department}
            return int(work.execute(care_case.insert().values(**row)).inserted_primary_key[0])

    def writes(self, conversation_id, text, *, state="handled", minutes=60) -> int:
        message = Inbound("webchat", f"m{next(self._numbers)}", "p", text, NOW)
        with self.database.write() as work:
            at = NOW - timedelta(minutes=minutes)
            number = rows.store(work, conversation_id, message, safety=Safety("INFO"), now=at, state=state)
            assert number is not None
            return number

    def answers(self, conversation_id, text, *, nurse="", minutes=60.0) -> int:
        made = (
            compose_from_nurse(text, "en", name=nurse, phrases=self.phrases)
            if nurse
            else compose(Reply(text), "en", phrases=self.phrases)
        )
        with self.database.write() as work:
            at = NOW - timedelta(minutes=minutes)
            place = Place(conversation_id, "webchat")
            number = enqueue(work, place, made, dedupe_key=f"o{next(self._numbers)}", now=at)
            assert number is not None
            return number

    def note(self, case_id, text) -> None:
        row = {"case_id": case_id, "who": "li", "dedupe_key": f"n{next(self._numbers)}", "at": NOW}
        with self.database.write() as work:
            work.execute(case_note.insert().values(**row, sealed=work.cipher.seal({"text": text})))

    def index(self, *, later=timedelta()) -> int:
        stored = self.indexer.round(NOW + later)
        while self.indexer.waiting:
            more = self.indexer.round(NOW + later)
            if not more:
                break
            stored += more
        return stored

    def find(self, query, staff=LI, **more):
        with self.database.read() as work:
            return search.find(work, staff, query, now=NOW, **more)

    def texts(self, query, staff=LI, **more) -> list[str]:
        return [hit.text for hit in self.find(query, staff, **more).hits if hit.kind != "case"]

    def count(self, table) -> int:
        with self.database.read() as work:
            return int(work.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


@pytest.fixture
def ward(database, phrases):
    return Ward(database, phrases)


def test_words_of_patient_bot_nurse_and_notes_are_found_each_by_its_kind(ward):
    person = ward.person()
    ward.writes(person, "我从昨天开始头痛")
    ward.answers(person, "您头痛多久了?")
    ward.answers(person, "Your headache: come tomorrow.", nurse="Li")
    ward.note(ward.case(person, state="closed"), "头痛 again, looks pale")
    ward.index()

    hits = ward.find("頭痛").hits
    assert {(hit.kind, hit.text) for hit in hits} == {
        ("patient", "我从昨天开始头痛"),
        ("bot", "您头痛多久了?"),
        ("note", "头痛 again, looks pale"),
    }
    assert [hit.kind for hit in ward.find("headache").hits] == ["nurse"]


def test_the_place_of_the_words_is_told_and_the_latest_comes_first(ward):
    person = ward.person()
    ward.writes(person, "first fever", minutes=90)
    ward.writes(person, "then a Fever again", minutes=30)
    ward.index()

    hits = ward.find("fever").hits
    assert [hit.text[slice(*hit.marks[0])] for hit in hits] == ["Fever", "fever"]


def test_the_disclaimer_that_every_message_has_is_not_searched(ward, phrases):
    person = ward.person()
    ward.answers(person, "Please drink water.")
    ward.index()

    assert ward.texts("water") == ["Please drink water."]
    words = [word for word in phrases.get("disclaimer.short", "en").split() if len(word) > 6]
    assert words and all(ward.texts(word) == [] for word in words)


def test_another_teams_patient_is_not_found(ward):
    mine, theirs = ward.person(team="cardio"), ward.person(team="skin")
    ward.writes(mine, "chest rash")
    ward.writes(theirs, "itchy rash")
    ward.index()

    assert ward.texts("rash", LI) == ["chest rash"] and ward.texts("rash", BO) == ["itchy rash"]


def test_a_note_of_another_teams_case_is_not_found_even_if_the_patient_is(ward):
    person = ward.person(team="cardio")
    ward.note(ward.case(person, team="skin", state="closed"), "marker of skin")
    ward.index()

    assert ward.texts("marker", LI) == [] and ward.texts("marker", BO) == ["marker of skin"]


def test_who_does_not_nurse_finds_nothing(ward):
    ward.writes(ward.person(team=""), "fever")
    ward.index()

    assert ward.texts("fever", LI) == ["fever"]
    assert ward.texts("fever", Staff(3, "ad", "admin")) == ward.texts("fever", Staff(3, "au", "auditor")) == []


def test_without_a_case_or_without_consent_nothing_is_indexed(ward):
    ward.writes(ward.person(case=False), "fever alone")
    ward.writes(ward.person(agreed=False), "fever unasked")

    assert ward.index() == 0 and ward.count(search_token) == 0


def test_a_case_that_opens_later_brings_the_earlier_words_in(ward):
    person = ward.person(case=False)
    ward.writes(person, "it began with fever")
    ward.index()
    assert ward.count(search_token) == 0

    ward.case(person)
    ward.index()
    assert ward.texts("fever") == ["it began with fever"]


def test_rounds_go_on_where_they_stopped_and_store_nothing_twice(ward):
    person = ward.person()
    ward.writes(person, "fever one")
    assert ward.index() == 1 and ward.index() == 0

    ward.writes(person, "fever two")
    assert ward.index() == 1
    assert sorted(ward.texts("fever")) == ["fever one", "fever two"]


def test_a_round_with_nothing_new_looks_into_no_conversation(ward, monkeypatch):
    ward.writes(ward.person(), "fever")
    ward.writes(ward.person(case=False), "fever without a case")
    ward.index()
    looked = []
    monkeypatch.setattr(ward.indexer, "_one", lambda conversation_id, now: looked.append(conversation_id) or 0)
    for _ in range(3):
        ward.indexer.round(NOW)

    assert looked == []


def test_another_process_does_nothing_again(ward):
    ward.writes(ward.person(), "fever")
    ward.index()

    assert Indexer(ward.database).round(NOW) == 0


def test_long_conversations_are_indexed_in_several_transactions(ward):
    person = ward.person()
    for number in range(2 * index.BATCH + 5):
        ward.writes(person, f"fever number{number:03d}")

    assert ward.indexer.round(NOW) == index.BATCH and ward.indexer.waiting == 1
    assert ward.index() == index.BATCH + 5
    assert ward.texts("number124") == ["fever number124"]


def test_a_message_is_indexed_only_once_it_is_handled_and_nothing_behind_it_before(ward):
    person = ward.person()
    first = ward.writes(person, "fever waits", state="received")
    ward.writes(person, "fever behind")
    ward.index()
    assert ward.texts("fever") == []

    with ward.database.write() as work:
        rows.mark(work, first, "handled")
    ward.index()
    assert sorted(ward.texts("fever")) == ["fever behind", "fever waits"]


def test_a_reply_that_can_still_be_taken_back_is_not_indexed_yet(ward):
    ward.answers(ward.person(), "wrong patient", nurse="Li", minutes=0)
    ward.index()
    assert ward.texts("wrong") == []

    ward.index(later=timedelta(seconds=11))
    assert ward.texts("wrong") == ["wrong patient"]


def test_blanked_words_lose_their_tokens_in_the_same_transaction(ward):
    person = ward.person()
    number = ward.writes(person, "my secret fever")
    ward.index()
    assert ward.count(search_token)

    with ward.database.write() as work:
        rows.blank_up_to(work, person, number)
    assert ward.count(search_token) == 0 and ward.texts("secret") == []
    ward.index()
    assert ward.texts("secret") == []


def test_words_that_are_blanked_while_they_are_read_are_not_stored(ward):
    person = ward.person()
    number = ward.writes(person, "my secret fever")
    mark = ward.indexer._mark(person)
    with ward.database.read() as work:
        batch, _ = index._read(work, mark, ward.indexer._hashed, now=NOW)
    with ward.database.write() as work:
        rows.blank_up_to(work, person, number)

    with ward.database.write() as work:
        assert batch.rows and not index.store(work, mark, batch)
    assert ward.count(search_token) == 0


def test_an_erased_patient_leaves_no_token(ward):
    person, other = ward.person(), ward.person()
    ward.writes(person, "fever of one")
    ward.writes(other, "fever of another")
    ward.index()
    with ward.database.write() as work:
        owner = work.execute(sa.select(conversation.c.patient_id).where(conversation.c.id == person)).scalar()
        erase_patient(work, owner, who="patient", now=NOW)

    assert ward.texts("fever") == ["fever of another"]
    with ward.database.read() as work:
        marks = set(work.execute(sa.select(search_token.c.mark_id)).scalars())
        assert marks == set(work.execute(sa.select(search_mark.c.id)).scalars()) and len(marks) == 1


def test_the_index_survives_a_rotation_of_the_encryption_keys(ward):
    ward.writes(ward.person(), "fever")
    ward.index()
    old = ward.database.cipher
    ward.database.cipher = Cipher([new_key()], "lookup")
    ward.database.cipher._fernet._fernets += old._fernet._fernets
    list(renew_all(ward.database))
    ward.database.cipher._fernet._fernets = ward.database.cipher._fernet._fernets[:1]

    assert ward.texts("fever") == ["fever"] and Indexer(ward.database).round(NOW) == 0


def test_with_another_lookup_key_the_index_is_made_anew(ward):
    ward.writes(ward.person(), "fever")
    ward.index()
    cipher = Cipher([new_key()], "another")
    cipher._fernet = ward.database.cipher._fernet
    ward.database = Database(ward.database.engine, cipher)
    assert ward.texts("fever") == []

    ward.indexer = Indexer(ward.database)
    assert ward.index() == 1
    assert ward.texts("fever") == ["fever"]


def test_the_index_is_made_anew_by_command(ward, monkeypatch, capsys, tmp_path):
    keys = [new_key(), new_key()]
    ward = Ward(Database(ward.database.engine, Cipher(keys[:1], keys[1])), ward.phrases)
    ward.writes(ward.person(), "fever")
    ward.writes(ward.person(), "fever waits", state="received")
    ward.index()
    with ward.database.write() as work:
        work.execute(sa.update(search_token).values(token=search_token.c.token + 1))
    assert ward.texts("fever") == []

    settings = {"DATABASE_URL": ward.database.engine.url, "DATA_DIR": tmp_path, "KEYS": keys[0], "LOOKUP_KEY": keys[1]}
    for name, value in settings.items():
        monkeypatch.setenv(f"DAOZHEN_{name}", str(value))
    reindex("ada")
    assert ward.texts("fever") == ["fever"] and "The index is new: 1 messages." in capsys.readouterr().out
    with ward.database.read() as work:
        assert [tuple(row) for row in work.execute(sa.select(audit.c.who, audit.c.what))] == [("ada", "reindexed")]


def test_a_case_is_found_by_its_number_and_by_its_department(ward, content):
    person = ward.person(team="cardio", department="CARD")
    with ward.database.read() as work:
        number = work.execute(sa.select(care_case.c.id).where(care_case.c.conversation_id == person)).scalar()
        expected = case_of(work, number)

    for query in (f"A{number}", str(number), f"#{number}"):
        assert [hit.case for hit in ward.find(query).hits] == [expected]
    name = content.triage.departments["CARD"].names
    for word in ("card", name["zh-Hans"], name["de"], name["ar"]):
        assert [hit.key for hit in ward.find(word, tables=content.triage).hits] == [f"case:{number}"]
    assert ward.find(f"A{number}", BO).hits == () and ward.find("A999").hits == ()


def test_pages_follow_each_other_and_end(ward):
    person = ward.person()
    for number in range(7):
        ward.writes(person, f"fever {number}", minutes=100 - number)
    ward.index()
    seen: list[str] = []
    before = None
    while True:
        found = ward.find("fever", limit=3, before=before)
        seen += [hit.text for hit in found.hits]
        before = found.more
        if before is None:
            break

    assert seen == [f"fever {number}" for number in range(6, -1, -1)]


def test_a_frequent_word_is_looked_for_only_among_the_newest_and_says_so(ward, monkeypatch):
    monkeypatch.setattr(search, "STEPS", (3, 4))
    mine, others = ward.person(), ward.person(team="skin")
    ward.writes(mine, "rare fever", minutes=99)
    for number in range(9):
        ward.writes(others, f"fever {number}", minutes=50)
    ward.index()

    first = ward.find("fever")
    assert (first.hits, first.looked_at_all, first.looked_at) == ((), False, 7)
    second = ward.find("fever", before=first.more)
    assert [hit.text for hit in second.hits] == ["rare fever"] and second.looked_at_all and second.more is None


def test_a_walk_that_takes_too_long_ends_with_the_truth_and_goes_on_from_there(ward, monkeypatch):
    monkeypatch.setattr(search, "STEPS", (2, 2, 2))
    mine, others = ward.person(), ward.person(team="skin")
    ward.writes(mine, "rare fever", minutes=99)
    for number in range(3):
        ward.writes(others, f"fever {number}", minutes=50)
    ward.index()

    monkeypatch.setattr(search, "WALK_S", -1.0)
    none = ward.find("fever")
    assert (none.hits, none.looked_at_all, none.looked_at) == ((), False, 0)
    monkeypatch.setattr(search, "WALK_S", 60.0)
    assert [hit.text for hit in ward.find("fever", before=none.more).hits] == ["rare fever"]


def test_no_more_than_so_many_messages_are_opened_at_once(ward, monkeypatch):
    monkeypatch.setattr(search, "MOST_OPENED", 4)
    person = ward.person()
    ward.writes(person, "heada is meant", minutes=99)
    for _ in range(6):
        ward.writes(person, "headwind", minutes=50)
    ward.index()

    first = ward.find("heada")
    assert (first.hits, first.looked_at_all) == ((), False)
    second = ward.find("heada", before=first.more)
    assert [hit.text for hit in second.hits] == ["heada is meant"] and second.looked_at_all


def test_a_place_of_nobody_is_refused(ward):
    ward.writes(ward.person(), "fever")
    ward.index()

    for before in ("x", "-1", "1.5", str(1 << 63), "٣"):
        with pytest.raises(SearchProblem):
            ward.find("fever", before=before)


def test_strange_queries_find_nothing_and_break_nothing(ward):
    ward.writes(ward.person(), "头痛")
    ward.index()

    assert ward.texts("头痛") == ["头痛"]
    for query in ("", " ", "痛", "?", "\ud800", "%", "'; DROP TABLE x", "x" * 5000):
        assert ward.texts(query) == []


def test_an_excerpt_shows_the_words_with_what_is_around_them():
    text, marks = excerpt("a" * 50 + " the fever came back", "fever", around=8)

    assert text == "…aaa the fever came ba…" and [text[slice(*mark)] for mark in marks] == ["fever"]


def test_an_excerpt_of_words_that_were_masked_has_no_mark():
    assert excerpt("call [number] " + "a" * 90, "5551234", around=8) == ("call [nu…", ())


def test_no_statement_of_a_search_or_a_round_walks_through_all_messages_or_tokens(ward):
    ward.writes(ward.person(), "a long fever")
    ward.index()
    if ward.database.has_company:
        return  # plans of PostgreSQL depend on how much there is: the benchmark asks there
    asked: list[tuple[str, object]] = []
    engine = ward.database.engine

    def keep(connection, cursor, statement, parameters, context, executemany):
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", keep)
    assert ward.texts("long fever") == ["a long fever"]
    Indexer(ward.database).round(NOW)
    ward.index()
    sa.event.remove(engine, "before_cursor_execute", keep)
    with ward.database.read() as work:
        plans = [
            step.detail
            for text, values in asked
            for step in work.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        ]

    assert len(plans) > 20
    big = ("inbound", "outbound", "search_token", "case_note")
    assert [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in big] == []
