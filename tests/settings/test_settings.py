"""A wrong setting stops the start with its name and the fix; secrets may come from files."""

from __future__ import annotations

import pytest

from bot.settings import PREFIX, Settings, SettingsError, as_environment, read_settings


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
        ("PUBLIC_URL", "chat.hospital.example"),
        ("PUBLIC_URL", "https://hospital.example/chat"),
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


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("own", "read"), [("", "of the file"), ("its own", "its own")])
def test_what_is_set_itself_counts_more_than_its_file_in_whatever_order(tmp_path, turned, own, read):
    secret = tmp_path / "token"
    secret.write_text("of the file")
    both = [("DAOZHEN_ASSISTANT_TOKEN", own), ("DAOZHEN_ASSISTANT_TOKEN_FILE", str(secret))]

    assert read_settings(dict(reversed(both) if turned else both)).assistant_token == read


@pytest.mark.parametrize(
    ("written", "problem"), [("\ufeffs3cret\n".encode(), ""), ("s3cret".encode("utf-16"), "Save it as UTF-8")]
)
def test_a_secret_from_an_editor_of_windows_is_read_or_said(tmp_path, written, problem):
    secret = tmp_path / "token"
    secret.write_bytes(written)
    if problem:
        with pytest.raises(SettingsError, match=problem):
            read_settings({"DAOZHEN_ASSISTANT_TOKEN_FILE": str(secret)})
    else:
        assert read_settings({"DAOZHEN_ASSISTANT_TOKEN_FILE": str(secret)}).assistant_token == "s3cret"


@pytest.mark.parametrize("own", ["here/data", "./here/data"])
def test_a_folder_is_the_same_in_processes_that_work_elsewhere(tmp_path, monkeypatch, own):
    """Some children work in the folder of the program: with another database and other keys than the system that started them."""
    monkeypatch.chdir(tmp_path)
    handed_on = as_environment(read_settings({"DAOZHEN_DATA_DIR": own, "DAOZHEN_DATABASE_URL": "sqlite:///store.sqlite"}))

    monkeypatch.chdir("/")

    settings = read_settings(handed_on)
    assert settings.data_dir == tmp_path / "here" / "data" and settings.sqlite_file == tmp_path / "store.sqlite"


def test_a_folder_of_ones_home_is_found(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))

    assert read_settings({"DAOZHEN_DATA_DIR": "~/daozhen"}).data_dir == tmp_path / "daozhen"


def test_settings_of_other_programs_are_left_alone():
    assert read_settings({"PORT": "x", "HOME": "/"}).port == 8000


def test_every_setting_says_what_it_does():
    assert all(field.field_info.description for field in Settings.__fields__.values())


def test_every_setting_stands_in_the_readme():
    readme = (Settings.__fields__["content_dir"].default.parent / "README.md").read_text(encoding="utf-8")

    assert [name for name in Settings.__fields__ if f"`{PREFIX}{name.upper()}`" not in readme] == []
