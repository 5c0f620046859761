"""Files of JSON lines that commands read and write: what is wrong with them is one sentence, not a traceback."""

from __future__ import annotations

import pytest

from bot.commands.output import InputError, map_lines

LINE = '{"id": 1, "text": "مرحبا"}\n'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (LINE.encode("utf-16"), "Save it as UTF-8"),
        (b"not json\n", "line 1: not JSON"),
        (b'{"id": 1}\n', "`text` is missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_said(tmp_path, written, said):
    (tmp_path / "in.jsonl").write_bytes(written)

    with pytest.raises(InputError, match=said):
        map_lines(tmp_path / "in.jsonl", tmp_path / "out.jsonl", dict)


def test_a_folder_that_is_not_there_is_said(tmp_path):
    (tmp_path / "in.jsonl").write_text(LINE, encoding="utf-8")

    with pytest.raises(InputError, match="Name a file in a folder that is there"):
        map_lines(tmp_path / "in.jsonl", tmp_path / "none" / "out.jsonl", dict)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_is_read_with_and_without_the_mark_of_windows(tmp_path, encoding):
    (tmp_path / "in.jsonl").write_text(LINE, encoding=encoding)

    assert map_lines(tmp_path / "in.jsonl", tmp_path / "out.jsonl", dict) == 1
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == LINE
