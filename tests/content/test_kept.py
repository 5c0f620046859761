"""Packs are kept as JSON to start sooner, and what was kept is never anything else than what stands in the files."""

from __future__ import annotations

import shutil

import pytest

from bot.content import kept
from bot.content.load import version_of
from bot.settings import ROOT


@pytest.fixture
def content(tmp_path):
    shutil.copytree(ROOT / "content" / "hospital", tmp_path / "content" / "hospital")
    return tmp_path / "content"


def shown(content, folder):
    return kept.read_rooms(content, ("hospital",), version=version_of(content), keep_in=folder)


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_what_was_kept_reads_as_the_files_do(content, tmp_path):
    from_files, again = shown(content, tmp_path / "kept"), shown(content, tmp_path / "kept")

    assert names(tmp_path / "kept") == [f"packs-{version_of(content)}.json"]
    assert again == from_files and again["hospital"][0].review_date.year > 2000


def test_the_files_are_not_read_again(content, tmp_path, monkeypatch):
    shown(content, tmp_path / "kept")
    monkeypatch.setattr(kept, "read_packs", lambda folder: pytest.fail("YAML was read"))

    assert shown(content, tmp_path / "kept")["hospital"]


def test_a_changed_file_is_read_and_the_old_copy_is_gone(content, tmp_path):
    shown(content, tmp_path / "kept")
    before = version_of(content)
    file = sorted(content.rglob("*.yml"))[0]
    file.write_text(file.read_text(encoding="utf-8") + "# a word of the reviewer\n", encoding="utf-8")

    shown(content, tmp_path / "kept")

    assert version_of(content) != before
    assert names(tmp_path / "kept") == [f"packs-{version_of(content)}.json"]


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"hospital": [{}]}', '{"hospital": 7}', '{"hospital": [7]}'])
def test_a_broken_copy_is_made_again(content, tmp_path, broken):
    whole = shown(content, tmp_path / "kept")
    copy = tmp_path / "kept" / f"packs-{version_of(content)}.json"
    copy.write_text(broken, encoding="utf-8")

    assert shown(content, tmp_path / "kept") == whole
    assert copy.read_text(encoding="utf-8") != broken


def test_a_folder_that_cannot_be_written_stops_nothing(content, tmp_path):
    (tmp_path / "kept").write_text("a file where the folder should be", encoding="utf-8")

    assert shown(content, tmp_path / "kept")["hospital"]


def test_a_pack_that_json_would_change_is_not_kept(content, tmp_path):
    file = sorted((content / "hospital").glob("*.yml"))[0]
    header = file.read_text(encoding="utf-8").partition("entries:")[0]
    file.write_text(f"{header}entries:\n  7: {{}}\n", encoding="utf-8")

    assert any(pack.entries == {7: {}} for pack in shown(content, tmp_path / "kept")["hospital"])
    assert not (tmp_path / "kept").exists()
