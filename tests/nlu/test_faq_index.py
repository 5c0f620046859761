"""The FAQ search of the assistant: made once, and made anew beside the turns when an entry changed."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest

from bot.nlu import readers


@pytest.fixture
def made(monkeypatch):
    """The entries as they are now, and a search whose making can be held up."""
    state = SimpleNamespace(entries=object(), go=threading.Event(), made=[])
    state.go.set()

    def index(entries, **_):
        assert state.go.wait(10)
        state.made.append(entries)
        return SimpleNamespace(of=entries)

    monkeypatch.setattr(readers, "_index", None)
    monkeypatch.setattr(readers, "Index", index)
    monkeypatch.setattr(readers, "best_encoder", lambda: None)
    source = SimpleNamespace(current=lambda: SimpleNamespace(knowledge=state.entries))
    monkeypatch.setattr(readers, "content_source", lambda: source)
    return state


def test_the_first_one_is_made_for_whoever_asks_and_then_kept(made):
    assert readers.current_index() is readers.current_index()
    assert made.made == [made.entries]


def test_while_one_for_changed_entries_is_made_nobody_waits_and_then_it_is_there(made):
    before = readers.current_index()
    made.go.clear()
    made.entries = changed = object()
    assert [readers.current_index() for _ in range(3)] == [before] * 3
    made.go.set()
    until = time.monotonic() + 10
    while readers.current_index() is before:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert readers.current_index().of is changed and len(made.made) == 2
