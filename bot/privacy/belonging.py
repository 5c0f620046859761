"""Whether the keys of this installation belong to its database: said at the start, before a word is sealed with the wrong ones."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database.engine import Database, Work, make_engine
from bot.database.migrate import migrate
from bot.database.tables import SEALED, identity
from bot.privacy.encryption import KeyProblem, load_cipher
from bot.settings import PREFIX, Settings


def prepare_database(settings: Settings, url: str = "") -> None:
    """Bring the tables at `url` (empty: of the settings) to the newest version. Raises DatabaseProblem, or KeyProblem as below."""
    engine = make_engine(url or settings.database_url)
    try:
        migrate(engine)
        check_keys(Database(engine, load_cipher(settings)))
    finally:
        engine.dispose()


def check_keys(database: Database) -> None:
    """Raise KeyProblem when the keys open nothing of what is stored, or find nobody who wrote before.

    Without this a lost file `keys` would be made anew in silence: what patients wrote could not be read any more, each of
    them would be somebody new, and new words would lie beside the old ones under another key.
    """
    with database.read() as work:
        if not _opens_something(work):
            raise KeyProblem(
                f"The encryption keys do not open what this database holds: they are new, or of another installation. Put back the "
                f"file `keys` that belongs to it (or {PREFIX}KEYS), or name another database in {PREFIX}DATABASE_URL."
            )
        if not _finds_people(work):
            raise KeyProblem(
                f"The look-up key does not find the people of this database: it is new, or of another installation. Put back the "
                f"file `lookup-key` that belongs to it (or {PREFIX}LOOKUP_KEY)."
            )


def _opens_something(work: Work) -> bool:
    # The newest of each table: rows that were sealed with a key which was dropped long ago are no reason to stay away.
    seen = 0
    for table in SEALED:
        query = sa.select(table.c.sealed).where(table.c.sealed.isnot(None)).order_by(table.c.id.desc()).limit(1)
        sealed = work.execute(query).scalar()
        if sealed is not None:
            seen += 1
            if work.cipher.can_open(sealed):
                return True
    return seen == 0


def _finds_people(work: Work) -> bool:
    row = work.execute(
        sa.select(identity.c.channel, identity.c.lookup, identity.c.sealed).order_by(identity.c.id.desc()).limit(1)
    ).first()
    if row is None or not work.cipher.can_open(row.sealed):
        return True
    return bool(row.lookup == work.cipher.lookup("identity", row.channel, work.cipher.unseal(row.sealed)))
