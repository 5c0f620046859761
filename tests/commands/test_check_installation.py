"""`daozhen check` says what would keep the installation from running, and makes nothing while it looks."""

from __future__ import annotations

import pytest

from bot.commands.installation import check_platforms, installation_problems
from bot.commands.system import prepare
from bot.errors import OperatorError
from bot.privacy.belonging import prepare_database
from bot.privacy.encryption import new_key
from bot.settings import Settings, read_settings
from tests.privacy.test_keys_belong import somebody_wrote


@pytest.fixture
def settings(tmp_path):
    def of(**more: str) -> Settings:
        return read_settings(
            {"DAOZHEN_DATA_DIR": str(tmp_path / "data"), **{f"DAOZHEN_{name}": value for name, value in more.items()}}
        )

    return of


def problems(settings: Settings) -> str:
    return " ".join(installation_problems(settings))


def test_a_fresh_installation_is_in_order_and_nothing_was_made(settings, tmp_path):
    assert problems(settings()) == ""
    assert list(tmp_path.iterdir()) == []


def test_one_that_has_run_is_in_order(settings):
    prepare_database(settings())

    assert problems(settings()) == ""


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATA_DIR", "/proc/nobody/here", "DAOZHEN_DATA_DIR"),
        ("KEYS", "abc", "DAOZHEN_KEYS"),
        ("DATABASE_URL", "nonsense", "DAOZHEN_DATABASE_URL is not an address"),
        ("DATABASE_URL", "postgresql://a:secret-word@127.0.0.1:1/x", "The database does not answer"),
        ("PORT", "5055", "DAOZHEN_PORT and DAOZHEN_ACTIONS_PORT are both 5055"),
        ("TELEGRAM_TOKEN", "123456:" + "a" * 30, "DAOZHEN_TELEGRAM_SECRET"),
    ],
)
def test_what_would_keep_it_from_running_is_said_with_the_setting(settings, name, value, said):
    found = problems(settings(**{name: value}))

    assert said in found
    assert "secret-word" not in found and "Traceback" not in found


def test_lost_keys_are_said_and_not_made_anew(settings, tmp_path):
    from bot.commands.services import open_database

    database = open_database(settings())
    somebody_wrote(database)
    database.engine.dispose()
    (tmp_path / "data" / "keys").unlink()

    assert "Put back the file `keys`" in problems(settings())
    assert not (tmp_path / "data" / "keys").exists()


def test_a_damaged_database_is_said_with_the_way_back(settings, tmp_path):
    prepare_database(settings())
    for file in (tmp_path / "data").glob("daozhen.sqlite*"):
        file.write_bytes(b"\1" * 9000)

    assert "daozhen restore" in problems(settings())


def test_a_platform_that_is_half_set_up_stops_the_start_before_anything_runs(settings):
    with pytest.raises(OperatorError, match="WECHAT"):
        prepare(settings(WECHAT_APP_ID="wx0123456789abcdef", KEYS=new_key()))


def test_platforms_that_are_not_used_are_not_asked(settings, monkeypatch):
    monkeypatch.setattr("bot.commands.installation.subprocess", None)

    check_platforms(settings())


def test_a_platform_that_is_set_up_passes(settings):
    check_platforms(settings(TELEGRAM_TOKEN="123456:" + "a" * 30, TELEGRAM_MODE="polling"))
