"""Content that changes while patients wait: read beside, and what was there before is given until then."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest

from bot.content import load
from bot.content.load import ContentError, ContentSource


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with one file, looked at each time it is asked; what it says is its content."""
    monkeypatch.setattr(load, "LOOK_EVERY_S", 0.0)
    (tmp_path / "pack.yml").write_text("one", encoding="utf-8")
    return tmp_path


class Slow(ContentSource):
    """Reading waits until it is let go."""

    def __init__(self, *args, **kwargs) -> None:
        self.go, self.reads = threading.Event(), 0
        self.go.set()
        super().__init__(*args, **kwargs)

    def _load(self):
        assert self.go.wait(10)
        self.reads += 1
        text = (self.folder / "pack.yml").read_text(encoding="utf-8")
        if text == "broken":
            raise ContentError("pack.yml: broken. Mend it.")
        return SimpleNamespace(version=text)


def until(is_so) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_who_asks_while_it_is_read_gets_what_was_there_and_afterwards_the_new(folder):
    source = Slow(folder, beside=True)
    source.go.clear()
    (folder / "pack.yml").write_text("two!", encoding="utf-8")
    assert [source.current().version for _ in range(3)] == ["one"] * 3
    source.go.set()
    until(lambda: source.current().version == "two!")
    assert source.reads == 2


def test_what_is_broken_does_not_replace_it_and_what_was_mended_does(folder):
    source = Slow(folder, beside=True)
    (folder / "pack.yml").write_text("broken", encoding="utf-8")
    source.current()
    until(lambda: source.reads == 2)
    assert source.current().version == "one"
    (folder / "pack.yml").write_text("mended", encoding="utf-8")
    until(lambda: source.current().version == "mended")


def test_where_nobody_waits_it_is_there_at_once(folder):
    source = Slow(folder)
    (folder / "pack.yml").write_text("two!", encoding="utf-8")
    assert source.current().version == "two!"


def test_what_did_not_change_is_not_read_again(folder):
    source = Slow(folder, beside=True)
    for _ in range(3):
        source.current()
    assert source.reads == 1


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("place", ["looking", "reading"])
def test_a_file_that_goes_while_it_is_looked_at_stops_nothing(folder, monkeypatch, beside, place):
    """A release that is published takes files away, git writes them anew: afterwards changes have to be seen as before."""
    source = Slow(folder, beside=beside)
    (folder / "pack.yml").write_text("two!", encoding="utf-8")
    gone = threading.Event()

    def goes(*_):
        gone.set()
        raise FileNotFoundError(2, "No such file or directory")

    with monkeypatch.context() as patched:
        patched.setattr(load, "_stamp", goes) if place == "looking" else patched.setattr(source, "_load", goes)
        assert source.current().version == "one"
        assert gone.wait(10)
        until(lambda: not source._lock.locked())

    until(lambda: source.current().version == "two!")
