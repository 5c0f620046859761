"""A wrong setting stops the start with its name and the fix; secrets may come from files."""

from __future__ import annotations

import pytest

from bot.settings import PREFIX, Settings, SettingsError, read_settings


def test_without_any_setting_the_demo_starts():
    settings = read_settings({})

    assert settings.environment == "demo" and settings.database_url.startswith("sqlite:///")


def test_a_database_address_moves_off_sqlite():
    assert read_settings({"DAOZHEN_DATABASE_URL": "postgres://u@h/d"}).database_url == "postgresql://u@h/d"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("REGION", "china"),
        ("LANGUAGE", "fr"),
        ("RETENTION_DAYS", "0"),
        ("ENVIRONMENT", "prod"),
    ],
)
def test_a_wrong_value_is_named_with_its_meaning(name, value):
    with pytest.raises(SettingsError, match=f"DAOZHEN_{name} is wrong"):
        read_settings({f"DAOZHEN_{name}": value})


def test_a_misspelt_setting_is_not_silently_ignored():
    with pytest.raises(SettingsError, match="DAOZHEN_PROT is not a setting"):
        read_settings({"DAOZHEN_PROT": "8000"})


def test_a_secret_is_read_from_a_file(tmp_path):
    secret = tmp_path / "token"
    secret.write_text("s3cret\n")

    assert read_settings({"DAOZHEN_ASSISTANT_TOKEN_FILE": str(secret)}).assistant_token == "s3cret"


def test_a_secret_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(SettingsError, match="DAOZHEN_KEYS_FILE"):
        read_settings({"DAOZHEN_KEYS_FILE": str(tmp_path / "none")})


def test_settings_of_other_programs_are_left_alone():
    assert read_settings({"PORT": "x", "HOME": "/"}).port == 8000


def test_every_setting_says_what_it_does():
    assert all(field.field_info.description for field in Settings.__fields__.values())


def test_every_setting_stands_in_the_readme():
    readme = (Settings.__fields__["content_dir"].default.parent / "README.md").read_text(encoding="utf-8")

    assert [name for name in Settings.__fields__ if f"`{PREFIX}{name.upper()}`" not in readme] == []
