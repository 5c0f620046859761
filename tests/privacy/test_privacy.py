"""Sealed at rest, known to the patient, gone when asked: and the words that ask for it work in five languages."""

from __future__ import annotations

import errno
import os
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import utc_now
from bot.database import Database
from bot.database.engine import Work
from bot.database.tables import audit, conversation, inbound, kept_block, metadata, patient, plan_enrolment, tracker_event
from bot.followup.enrolments import Entry, enrol
from bot.handoff.cases import Cause, open_case
from bot.inbox import conversations, rows
from bot.inbox.conversations import Defaults
from bot.messages import Inbound, Reply
from bot.outbox.compose import compose
from bot.outbox.store import Place, enqueue
from bot.privacy import consent, rotation
from bot.privacy.encryption import Cipher, KeyProblem, add_key, drop_old_keys, load_cipher, new_key
from bot.privacy.erase import blank_held, erase_old, erase_patient
from bot.privacy.export import export, summary
from bot.privacy.rotation import renew_all
from bot.privacy.words import is_call, read_command
from bot.settings import Settings
from bot.triage.types import Safety

NOW = utc_now()
MARKER = "MARKERWORT"


@pytest.fixture
def someone(database, phrases):
    """A patient with a row in every room."""

    def make(name: str = "p1", *, at=NOW):
        message = Inbound("webchat", f"{name}-1", f"{MARKER}-{name}", f"{MARKER} hurts", at)
        with database.write() as work:
            made = conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=at)
            rows.store(work, made.id, message, safety=Safety("INFO"), now=at)
            consent.record(work, made.patient_id, "granted", channel="webchat", language="en", now=at)
            reply = compose(Reply(f"Because you said “{MARKER}”"), "en", phrases=phrases)
            enqueue(work, Place(made.id, "webchat"), reply, dedupe_key=name, now=at)
            open_case(work, made.id, Cause("red_flag", "E1", f"c-{name}", trace={"said": MARKER}), now=at)
            sealed = work.cipher.seal([{"event": "user", "text": MARKER}])
            work.execute(
                tracker_event.insert().values(conversation_id=made.id, session_started=False, created_at=at, sealed=sealed)
            )
        return made

    return make


def everything(database: Database) -> bytes:
    """Return all bytes at rest: the SQLite files, or a dump."""
    url = database.engine.url
    if url.get_backend_name() == "sqlite":
        folder, name = os.path.split(url.database)
        return b"".join(open(os.path.join(folder, file), "rb").read() for file in os.listdir(folder) if file.startswith(name))
    with database.read() as work:
        return b"".join(repr(row).encode() for table in metadata.tables.values() for row in work.execute(sa.select(table)))


def test_no_word_and_no_platform_id_stands_at_rest(database, someone):
    someone()

    assert MARKER.encode() not in everything(database)


def test_the_export_holds_everything_in_plain_words(database, someone):
    made = someone()
    with database.read() as work:
        data = export(work, made.patient_id)

    assert data["inbound"][0]["content"]["text"] == f"{MARKER} hurts"
    assert data["identity"][0]["content"] == f"{MARKER}-p1" and data["care_case"] and data["tracker_event"] and data["consent"]


def test_the_summary_counts(database, someone):
    with database.read() as work:
        counts = summary(work, someone().patient_id)

    assert (counts["messages"], counts["answers"], counts["cases"]) == (1, 1, 1)


def test_erasing_one_patient_leaves_nothing_of_her_and_everything_of_others(database, someone):
    gone, other = someone("p1"), someone("p2")
    with database.write() as work:
        assert erase_patient(work, gone.patient_id, who="patient", now=NOW)
        assert not erase_patient(work, "nobody", who="patient", now=NOW)
    with database.read() as work:
        left = export(work, gone.patient_id)
        kept = export(work, other.patient_id)
        audited = work.execute(sa.select(audit.c.what, audit.c.subject)).all()

    assert all(value == [] for name, value in left.items() if name != "patient")
    assert kept["inbound"] and kept["tracker_event"] and ("erased", gone.patient_id) in [tuple(row) for row in audited]


@pytest.mark.parametrize("blocked", [True, False])
def test_of_who_was_blocked_a_keyed_hash_stays_until_they_come_back_and_of_others_nothing(database, someone, blocked):
    gone = someone("p1")
    with database.write() as work:
        mine = conversation.c.id == gone.id
        work.execute(sa.update(conversation).where(mine).values(blocked_at=NOW if blocked else None, blocked_by="ana"))
        erase_patient(work, gone.patient_id, who="patient", now=NOW)
        kept = [(row.lookup, row.at) for row in work.execute(sa.select(kept_block))]
    assert kept == ([(database.cipher.lookup("identity", "webchat", f"{MARKER}-p1"), NOW)] if blocked else [])
    assert MARKER.encode() not in everything(database)

    back = someone("p1")
    with database.read() as work:
        chat = work.execute(sa.select(conversation).where(conversation.c.id == back.id)).one()
        left = work.execute(sa.select(sa.func.count()).select_from(kept_block)).scalar_one()
    assert (chat.blocked_at, chat.blocked_by, left) == (NOW if blocked else None, None, 0)


def test_retention_takes_the_old_and_leaves_the_young_and_those_with_an_open_case(database, someone):
    old = someone("old", at=NOW - timedelta(days=200))
    waiting = someone("waiting", at=NOW - timedelta(days=200))
    someone("young")
    with database.write() as work:
        work.execute(sa.text("UPDATE care_case SET state = 'closed' WHERE conversation_id = :id"), {"id": old.id})
        erased = erase_old(work, now=NOW, days=180)
        left = set(work.execute(sa.select(patient.c.id)).scalars())

    assert erased == 1 and old.patient_id not in left and waiting.patient_id in left and len(left) == 2


@pytest.mark.parametrize(("wrote", "erased"), [(timedelta(days=3), 0), (timedelta(days=200), 1), (timedelta(days=-400), 1)])
def test_a_clock_that_was_years_behind_for_a_minute_makes_nobody_old(database, someone, wrote, erased):
    """Nor does one that was ahead keep anybody for ever."""
    made = someone("old", at=NOW - wrote)
    with database.write() as work:
        work.execute(sa.text("UPDATE care_case SET state = 'closed'"))
        mine = sa.update(conversation).where(conversation.c.id == made.id)
        work.execute(mine.values(last_at=NOW.replace(year=1970)))

        assert erase_old(work, now=NOW, days=180) == erased


@pytest.mark.parametrize("state", ["active", "paused", "asked", "ended", "stopped"])
def test_silence_ends_no_chat_while_a_plan_runs_and_does_before_the_yes_and_after_the_end(database, someone, state):
    made, at = someone("old", at=NOW - timedelta(days=200)), NOW - timedelta(days=200)
    entry = Entry(made.patient_id, made.id, "hypertension", "1", at.date(), "Europe/Berlin", "ana", "key", consented=True)
    with database.write() as work:
        work.execute(sa.text("UPDATE care_case SET state = 'closed' WHERE conversation_id = :id"), {"id": made.id})
        enrol(work, entry, now=at)
        work.execute(sa.update(plan_enrolment).values(state=state))
        assert erase_old(work, now=NOW, days=180) == (state not in ("active", "paused"))


def test_a_message_that_waits_too_long_for_consent_is_blanked_and_another_is_not(database, someone):
    made = someone()
    with database.write() as work:
        number = work.execute(sa.select(inbound.c.id)).scalar_one()
        rows.mark(work, number, "held")
        assert blank_held(work, now=NOW + timedelta(minutes=29), minutes=30) == 0
        assert blank_held(work, now=NOW + timedelta(minutes=31), minutes=30) == 1
        assert export(work, made.patient_id)["inbound"][0]["content"] is None


def test_rotation_seals_everything_anew_and_the_old_key_opens_nothing_more(database, someone):
    made = someone()
    old_cipher, new = database.cipher, new_key()
    with database.read() as work:
        before = export(work, made.patient_id)["inbound"]
    both = Cipher([new, *(key for key in [_key_of(old_cipher)] if key)], "lookup") if _key_of(old_cipher) else None
    if both is None:
        pytest.skip("the key of the fixture cannot be read back")
    turned = Database(database.engine, both)
    assert dict(renew_all(turned))["inbound"] == 1
    fresh = Database(database.engine, Cipher([new], "lookup"))
    with fresh.read() as work:
        assert export(work, made.patient_id)["inbound"] == before
    with database.read() as work, pytest.raises(KeyProblem, match="No key opens"):
        export(work, made.patient_id)


def _settings(folder) -> Settings:
    return Settings(data_dir=folder, database_url="sqlite://")


def test_a_running_system_reads_what_a_rotation_has_sealed_anew_and_seals_with_the_key_that_stays(tmp_path):
    """Without it an emergency would find nobody's region between the rotation and the restart, and what is stored would be lost."""
    settings = _settings(tmp_path)
    running = load_cipher(settings)
    before = running.seal("before")

    add_key(settings)
    rotated = load_cipher(settings).renew(before)
    assert running.unseal(rotated) == running.unseal(before) == "before"

    drop_old_keys(settings)
    assert load_cipher(settings).unseal(running.seal("after")) == "after" and not running.can_open(before)


def test_keys_of_a_setting_are_not_taken_from_the_file(tmp_path):
    settings = _settings(tmp_path)
    sealed = load_cipher(settings).seal("x")

    assert not load_cipher(settings.copy(update={"keys": new_key()})).can_open(sealed)


@pytest.mark.parametrize("name", ["keys", "lookup-key"])
def test_an_empty_key_file_is_said_instead_of_used(tmp_path, name):
    (tmp_path / name).write_text("\n")

    with pytest.raises(KeyProblem, match="is empty"):
        load_cipher(_settings(tmp_path))


def test_a_rotation_on_a_full_disk_leaves_the_keys_as_they_were(tmp_path, monkeypatch):
    settings = _settings(tmp_path)
    sealed = load_cipher(settings).seal("x")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(KeyProblem, match="No space left"):
        patched.setattr(os, "fsync", full)
        add_key(settings)

    assert load_cipher(settings).unseal(sealed) == "x" and [path.name for path in tmp_path.glob("keys*")] == ["keys"]


def test_a_row_that_no_key_opens_does_not_keep_the_others_from_a_new_key(database, someone):
    someone("p1")
    lost = someone("p2")
    stranger = Cipher([new_key()], "lookup").seal("x")
    with database.write() as work:
        work.execute(sa.update(inbound).where(inbound.c.conversation_id == lost.id).values(sealed=stranger))

    assert dict(renew_all(database))["inbound"] == 1

    with database.read() as work:
        kept = work.execute(sa.select(inbound.c.sealed).where(inbound.c.conversation_id == lost.id)).scalar()
    assert bytes(kept) == stranger


def test_a_rotation_keeps_what_somebody_else_writes_meanwhile(database, someone, monkeypatch):
    made = someone()
    new = database.cipher.seal("written meanwhile")

    class Slow:
        """A cipher during whose work on a row another process writes that row."""

        def __init__(self, work: Work) -> None:
            self._work = work

        def renew(self, sealed: bytes) -> bytes:
            self._work.execute(sa.update(inbound).where(inbound.c.conversation_id == made.id).values(sealed=new))
            return database.cipher.renew(sealed)

    with database.write() as work:
        row = work.execute(sa.select(inbound.c.id, inbound.c.sealed)).first()
        rotation._renewed(Work(work.connection, Slow(work)), inbound, row)
        assert database.cipher.unseal(work.execute(sa.select(inbound.c.sealed)).scalar()) == "written meanwhile"


def _key_of(cipher: Cipher) -> str:
    import base64

    one = cipher._fernet._fernets[0]
    return base64.urlsafe_b64encode(one._signing_key + one._encryption_key).decode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_what_is_sealed_comes_back(data):
    cipher = Cipher([new_key()], "x")

    assert cipher.unseal(cipher.seal(data)) == data


def test_two_seals_of_the_same_words_differ():
    cipher = Cipher([new_key()], "x")

    assert cipher.seal("word") != cipher.seal("word")


def test_keys_are_made_once_and_only_this_user_reads_them(tmp_path):
    settings = Settings(data_dir=tmp_path)
    sealed = load_cipher(settings).seal("x")

    assert load_cipher(settings).unseal(sealed) == "x"
    assert all((tmp_path / name).stat().st_mode & 0o077 == 0 for name in ("keys", "lookup-key"))


def test_a_broken_key_is_named_with_the_fix(tmp_path):
    with pytest.raises(KeyProblem, match="DAOZHEN_KEYS"):
        load_cipher(Settings(data_dir=tmp_path, keys="not-a-key"))


ASKS = [
    ("delete everything", "erase"), ("lösche alles", "erase"), ("把我的东西全删了", "erase"), ("全部刪掉", "erase"), ("احذف كل شيء", "erase"),
    ("人工", "person"), ("转人工", "person"), ("我要找护士", "person"), ("真人", "person"), ("找護理師", "person"), ("nurse", "person"),
    ("I want to talk to a human", "person"), ("can I speak to a person?", "person"), ("Mensch", "person"),
    ("Ich möchte mit einem Menschen sprechen", "person"), ("ممرضة", "person"), ("أريد ممرضة", "person"), ("حولني إلى شخص", "person"),
    ("/privacy", "privacy"), ("隐私", "privacy"), ("Datenschutz", "privacy"), ("الخصوصية", "privacy"),
    ("what do you know about me?", "my_data"), ("您知道我什么", "my_data"), ("Was weißt du über mich?", "my_data"), ("ماذا تعرف عني؟", "my_data"),
    ("delete my data", "erase"), ("删除我的数据", "erase"), ("刪除我的資料", "erase"), ("Meine Daten löschen", "erase"), ("احذف بياناتي", "erase"),
    ("withdraw my consent", "withdraw"), ("撤回同意", "withdraw"), ("Einwilligung widerrufen", "withdraw"), ("أسحب موافقتي", "withdraw"),
    ("English please", "language"), ("繁體中文", "language"), ("auf Deutsch bitte", "language"), ("بالعربية", "language"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "what"), ASKS)
def test_the_words_that_always_work(text, what):
    command = read_command(text)

    assert command is not None and command.what == what


@pytest.mark.parametrize(
    "text",
    ["the nurse told me to rest", "护士说我要多喝水", "my English teacher has a fever", "Der Pfleger hat mir die Wunde verbunden",
     "قالت لي الممرضة أن أرتاح", "how do I delete an appointment", "把提醒删掉", "我把药删了", "lösche die Erinnerung", "احذف التذكير", "人工关节疼", "I deleted my app, what now?", "我妈妈是护士，她头痛", ""],
)  # fmt: skip
def test_words_that_only_sound_like_it_do_not(text):
    assert read_command(text) is None


@pytest.mark.parametrize(
    "text", ["hello??", "hallo?", "人呢？？", "人咧", "ألو؟؟", "when will somebody come?", "wann kommt jemand?", "什么时候有人来", "متى يجي أحد؟"]
)  # fmt: skip
def test_a_call_for_somebody_is_heard(text):
    assert is_call(text)


@pytest.mark.parametrize("text", ["hello, my head hurts", "人呢 头好痛", "wann kommt die Regel", "مرحبا رأسي يؤلمني", ""])
def test_other_words_are_no_call(text):
    assert not is_call(text)


@pytest.mark.parametrize("text", ["同意", "I agree", "Einverstanden", "أوافق", "Ja!", "ok", "好的。"])
def test_a_typed_yes_is_consent(text):
    language = {"E": "de", "J": "de", "أ": "ar", "I": "en", "o": "en"}.get(text[0], "zh-Hans")

    assert consent.read_answer(text, "", language) is True


@pytest.mark.parametrize(
    ("text", "language"),
    [("Yes 👍🏽", "en"), ("“yes”", "en"), ("同意😊", "zh-Hans"), ("好，我同意", "zh-Hant"), ("\u200fنعم", "ar"), ("نَعَم 🌹", "ar"), ("Ja, gern 😀", "de")],
)  # fmt: skip
def test_a_yes_is_one_whatever_the_keyboard_adds(text, language):
    assert consent.read_answer(text, "", language) is True


@pytest.mark.parametrize(
    ("text", "language"), [("I don’t agree", "en"), ("不，我不同意", "zh-Hans"), ("\u202bلا\u202c", "ar"), ("Nein 🙅‍♀️", "de")]
)
def test_a_no_is_one_whatever_the_keyboard_adds(text, language):
    assert consent.read_answer(text, "", language) is False


@pytest.mark.parametrize("text", ["👍", "yes, no", "ok, my chest hurts", "😢", "\u200f"])
def test_a_sign_alone_or_a_yes_and_a_no_is_no_answer(text):
    assert consent.read_answer(text, "", "en") is None


@pytest.mark.parametrize(
    "text", ["nurse 😢", "Nurse 🙏🏽", "人工😭", "\u200fممرضة", "\u202bممرضة\u202c", "ممرّضة 🌹", "“nurse”", "❤️ nurse"]
)
def test_who_asks_for_a_person_is_understood_whatever_the_keyboard_adds(text):
    assert read_command(text).what == "person"


@pytest.mark.parametrize("text", ["😢", "the nurse 😢 told me to rest", "\u200f"])
def test_signs_alone_are_no_command(text):
    assert read_command(text) is None


@pytest.mark.parametrize(("text", "language"), [("不同意", "zh-Hans"), ("no thanks", "en"), ("Nein", "de"), ("لا أوافق", "ar")])
def test_a_typed_no_is_a_refusal(text, language):
    assert consent.read_answer(text, "", language) is False


@pytest.mark.parametrize("text", ["my ear hurts", "yes my chest hurts", "我同意您的说法但是我头痛"])
def test_a_complaint_is_not_an_answer_to_the_consent_question(text):
    assert consent.read_answer(text, "", "en") is None
