"""The example sentences of data/nlu, as they stand in the files. Knows no Rasa: that takes a minute for a hundred thousand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.content.packs import read_yaml

# Set by the channel when a button is pressed: no text may ever be read as it.
NEVER_READ = "press_button"


@dataclass(frozen=True)
class Example:
    """A sentence and what it means. `language`: the folder that it stands in, "" above them."""

    text: str
    intent: str
    language: str


def examples(data: Path) -> Iterator[Example]:
    """Yield all examples of the folder `data`, in the order of the files. Raises ContentError for one that is no YAML."""
    nlu = data / "nlu"
    for path in sorted(nlu.rglob("*.yml")):
        language = path.parent.name if path.parent != nlu else ""
        for block in (read_yaml(path) or {}).get("nlu") or ():
            if block.get("intent"):
                yield from (Example(text, str(block["intent"]), language) for text in _lines(block.get("examples") or ""))


def _lines(block: str) -> Iterator[str]:
    for line in block.splitlines():
        text = line.strip().removeprefix("-").strip()
        if text:
            yield text
