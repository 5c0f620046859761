"""The first page of the studio says what waits for whom, and nothing of what one may do nothing about."""

from __future__ import annotations

import re

import pytest

from bot.database.tables import release, studio_change, utterance


@pytest.fixture
def work_to_do(services, clock):
    """Sentences, changes and a release in the states in which somebody has to do something, and in others."""
    with services.database.write() as work:
        sealed, at = work.cipher.seal({}), clock()
        for number, (state, by) in enumerate(
            [("new", ""), ("new", ""), ("labelled", "labeller"), ("labelled", "mei"), ("approved", "mei")]
        ):
            row = {"source": "fallback", "language": "en", "state": state, "value": 1, "cluster": "c", "labelled_by": by}
            work.execute(utterance.insert().values(**row, dedupe_key=f"u{number}", created_at=at, sealed=sealed))
        for state, author in [
            ("draft", "mei"),
            ("review", "mei"),
            ("review", "omar"),
            ("refused", "mei"),
            ("approved", "mei"),
            ("published", "mei"),
        ]:
            row = {"kind": "training", "state": state, "author": author, "created_at": at, "changed_at": at, "edition": 1}
            words = work.cipher.seal({"title": "", "about": "", "operations": []})
            work.execute(studio_change.insert().values(**row, sealed=words))
        row = {
            "name": "r1",
            "state": "ready",
            "step": "done",
            "progress": 100,
            "content_version": "1",
            "model": "m",
            "made_by": "omar",
        }
        row |= {"approved_by": "", "published_by": "", "base": "", "made_at": at, "sealed": sealed}
        work.execute(release.insert().values(**row))


EXPECTED = {
    "omar": ["New: 2", "To check: 2", "To review: 1", "Approved, not released: 1", "Ready to publish: 1"],
    "mei": ["New: 2", "To check: 1", "To review: 1", "Sent back to you: 1", "Your drafts: 1"],
    "labeller": ["New: 2", "To check: 1"],
    "clinical": ["To review: 2"],
    "publisher": ["Approved, not released: 1", "Ready to publish: 1"],
    "translator": [],
    "eva": [],
}


@pytest.mark.parametrize("handle", EXPECTED)
def test_everybody_reads_what_waits_for_them(browser, people, signed_in, work_to_do, handle):
    signed_in(handle)
    found = re.findall(r'<span class="badge[^"]*">([^<]+)</span>', browser.get("/studio").text)
    assert found == EXPECTED[handle]


def test_where_nothing_waits_nothing_is_said(browser, people, signed_in):
    signed_in("omar")
    assert 'class="badge' not in browser.get("/studio").text
