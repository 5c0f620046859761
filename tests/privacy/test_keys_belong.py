"""The keys belong to the database: a lost or foreign key is said at the start, before anything is sealed with it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.database.engine import Database, make_engine
from bot.database.tables import identity, patient
from bot.privacy.belonging import check_keys
from bot.privacy.encryption import Cipher, KeyProblem, new_key
from tests.stores import with_tables

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=timezone.utc)
KEY = new_key()


@pytest.fixture
def store(tmp_path):
    url = with_tables(f"sqlite:///{tmp_path}/daozhen.sqlite")
    engines = []

    def opened_with(*keys: str, lookup: str = "ours") -> Database:
        engines.append(make_engine(url))
        return Database(engines[-1], Cipher(keys, lookup))

    yield opened_with
    for engine in engines:
        engine.dispose()


def somebody_wrote(database: Database, key: str = "p1") -> None:
    with database.write() as work:
        work.execute(patient.insert().values(id=key, created_at=NOW))
        row = {"patient_id": key, "channel": "telegram", "lookup": work.cipher.lookup("identity", "telegram", key)}
        work.execute(identity.insert().values(**row, sealed=work.cipher.seal(key)))


def test_an_empty_database_belongs_to_any_key(store):
    check_keys(store(new_key()))


def test_our_own_keys_fit_also_after_a_rotation(store):
    somebody_wrote(store(KEY))

    check_keys(store(KEY))
    check_keys(store(new_key(), KEY))


def test_a_new_or_foreign_key_is_refused_with_the_file_that_is_missing(store):
    somebody_wrote(store(KEY))

    with pytest.raises(KeyProblem, match="Put back the file `keys`"):
        check_keys(store(new_key()))


def test_a_foreign_lookup_key_is_refused_since_nobody_would_be_known_again(store):
    somebody_wrote(store(KEY))

    with pytest.raises(KeyProblem, match="`lookup-key`"):
        check_keys(store(KEY, lookup="another"))


def test_rows_of_a_key_that_is_gone_do_not_keep_those_out_that_can_read_newer_ones(store):
    somebody_wrote(store(new_key()))
    somebody_wrote(store(KEY), "p2")

    check_keys(store(KEY))
