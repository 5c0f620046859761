"""How well intents are read, before and after: by a twin of each model that has not seen a fifth of the examples.

The fifth is chosen by the words of each example, so that both twins are asked the same sentences. Words of data/nlu are nobody's
secrets: they are the hospital's own examples.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.knowledge.encoder import Encoder
from bot.nlu.examples import NEVER_READ, Example, examples
from bot.nlu.intents import features, fit
from bot.nlu.training import reading_version
from bot.release.folders import Folder
from bot.release.gate import Share

EVERY = 5
KEEP = 8


def examine(live: Folder | None, candidate: Folder, *, encoder: Encoder, vectors: Path, keep_in: Path) -> tuple[Share, ...]:
    """Return how many held-back examples each of the two reads rightly: of all, of each language, of each intent that differs.

    Nothing when both learn from the same examples.

    `vectors`: where sentences are kept that were encoded before; `keep_in`: what twins said before.
    """
    found = _examples(candidate)
    if live is not None and _version(found, encoder) == _version(_examples(live), encoder):
        return ()  # neither has learned anything that the other has not
    asked = [one for one in found if _held_back(one)]
    after = _said(candidate, encoder, vectors, keep_in)
    before = {} if live is None else _said(live, encoder, vectors, keep_in)
    # What was not there before says nothing about before and after.
    both = [one for one in asked if live is None or one.text in before]
    return (*_totals(both, before, after, live is not None), *_intents(both, before, after, live is not None))


def _examples(folder: Folder) -> list[Example]:
    return [one for one in examples(folder.files / "data") if one.intent != NEVER_READ]


def _held_back(one: Example) -> bool:
    return int(hashlib.sha256(one.text.encode()).hexdigest()[:8], 16) % EVERY == 0


def _said(folder: Folder, encoder: Encoder, vectors: Path, keep_in: Path) -> dict[str, str]:
    """Return the intent that the twin reads in each held-back example, by its text."""
    found = _examples(folder)
    learned = [one for one in found if not _held_back(one)]
    asked = [one for one in found if _held_back(one)]
    if len({one.intent for one in learned}) < 2 or not asked:
        return {}
    path = keep_in / f"exam-{_version(found, encoder)}.json"
    try:
        kept: list[str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        rows = features([one.text for one in (*learned, *asked)], encoder, keep_in=vectors)
        twin = fit(rows[slice(len(learned))], [one.intent for one in learned])
        kept = []
        for start in range(len(learned), len(rows), 1_000):
            kept += [twin.labels[best] for best in twin.shares(rows[slice(start, start + 1_000)]).argmax(axis=1)]
        _keep(path, kept)
    return {one.text: said for one, said in zip(asked, kept, strict=True)}


def _version(found: Sequence[Example], encoder: Encoder) -> str:
    digest = hashlib.sha256(f"{encoder.name} {reading_version()}".encode())
    for one in found:
        digest.update(f"{one.language}\t{one.intent}\t{one.text}\n".encode())
    return digest.hexdigest()[:32]


def _keep(path: Path, said: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(said), encoding="utf-8")
    unfinished.replace(path)
    for old in sorted(path.parent.glob("exam-*.json"), key=lambda one: one.stat().st_mtime)[:-KEEP]:
        old.unlink(missing_ok=True)


def _totals(asked: Sequence[Example], before: Mapping[str, str], after: Mapping[str, str], compared: bool) -> Iterator[Share]:
    groups: dict[str, list[Example]] = {"": list(asked)}
    for one in asked:
        groups.setdefault(one.language, []).append(one)
    for language, some in groups.items():
        yield _share("", language, some, before, after, compared)


def _intents(asked: Sequence[Example], before: Mapping[str, str], after: Mapping[str, str], compared: bool) -> Iterator[Share]:
    groups: defaultdict[tuple[str, str], list[Example]] = defaultdict(list)
    for one in asked:
        groups[(one.intent, one.language)].append(one)
    for (intent, language), some in sorted(groups.items()):
        share = _share(intent, language, some, before, after, compared)
        if share.before != share.after:
            yield share


def _share(
    intent: str, language: str, some: Sequence[Example], before: Mapping[str, str], after: Mapping[str, str], compared: bool
) -> Share:
    right_before = sum(before[one.text] == one.intent for one in some) if compared else None
    return Share(intent, language, len(some), right_before, sum(after.get(one.text) == one.intent for one in some))
