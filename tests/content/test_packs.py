"""A pack that cannot be trusted is refused with a sentence that names the file and the fix."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content.packs import ContentError, read_pack, read_packs
from bot.content.signing import unusable_because

HEADER = """pack: greeting
version: 1
status: {status}
owner: Ward 3
source: own
author: An
reviewer: {reviewer}
review_date: 2027-05-31
entries: {{}}
"""


@pytest.fixture
def write(tmp_path: Path):
    def write_pack(text: str) -> Path:
        path = tmp_path / "greeting.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_pack


def test_a_complete_pack_is_read(write):
    pack = read_pack(write(HEADER.format(status="signed", reviewer="Bo")))

    assert (pack.pack, pack.owner, pack.review_date) == ("greeting", "Ward 3", date(2027, 5, 31))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("entries: [", "not valid YAML"),
        ("- a list", "a pack starts with"),
        ("pack: x\n", "the header lacks version"),
        (HEADER.format(status="sample", reviewer="Bo") + "extra: 1\n", "does not know extra"),
        (HEADER.format(status="published", reviewer="Bo"), "Use sample, draft or signed"),
        (HEADER.format(status="signed", reviewer="An"), "author and reviewer are the same"),
        (HEADER.format(status="sample", reviewer="Bo").replace("2027-05-31", "soon"), "review_date is not a date"),
    ],
)
def test_a_bad_pack_is_refused_with_file_and_fix(write, text, says):
    path = write(text)

    with pytest.raises(ContentError, match=says) as refused:
        read_pack(path)

    assert str(path) in str(refused.value)


def test_a_folder_without_packs_is_refused(tmp_path):
    with pytest.raises(ContentError, match="no pack in this folder"):
        read_packs(tmp_path)


def test_a_sample_pack_may_not_serve_in_production_and_a_signed_one_may(write):
    sample = read_pack(write(HEADER.format(status="sample", reviewer="Bo")))
    signed = read_pack(write(HEADER.format(status="signed", reviewer="Bo")))

    assert unusable_because(sample, today=date(2026, 12, 1))
    assert not unusable_because(signed, today=date(2026, 12, 1))


def test_a_signed_pack_past_its_review_date_may_not_serve(write):
    signed = read_pack(write(HEADER.format(status="signed", reviewer="Bo")))

    assert unusable_because(signed, today=date(2027, 6, 1))
