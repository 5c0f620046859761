"""Example sentences of a file of data/nlu, line by line: sentences come and go, all other lines stay as they are. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.training.conflict import Missing
from bot.training.scalars import key
from bot.training.surgery import Splice, TooOdd, instead, runs, spliced, without
from bot.training.tree import Node, data, tree

_HEADER = 'version: "3.1"\n\nnlu:\n'


@dataclass
class Block:
    """The examples of one intent in one file. `place`: among all blocks; `lines`: of each sentence where its lines begin and end:
    by hand somebody may have written it twice."""

    intent: str
    place: int
    node: Node
    lines: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


def edited(text: str, *, gone: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], needed: Collection[str] = ()) -> str:
    """Return `text` without the (intent, sentence) pairs `gone`, and with those of `new` at the end of their intent.

    What is gone or there already is no problem; but a sentence of `needed` that stands under no intent of `gone` or `new` raises
    Missing: somebody else has decided otherwise about it.
    """
    root = tree(text)
    blocks = list(_blocks(text, root, touched={intent for intent, _ in (*gone, *new)}))
    by_intent = defaultdict(list)
    for block in blocks:
        by_intent[block.intent].append(block)
    cuts = _cuts(by_intent, gone, new, needed)
    adds: dict[str, list[str]] = {}
    for intent, sentence in new:
        some = adds.setdefault(intent, [])
        if sentence not in some and not any(sentence in block.lines for block in by_intent[intent]):
            some.append(sentence)
    adds = {intent: some for intent, some in adds.items() if some}
    there = {intent: some for intent, some in adds.items() if by_intent[intent]}
    made = spliced(text, _splices(text, root, blocks, cuts, there))
    made = _with_new_intents(made, {intent: some for intent, some in adds.items() if intent not in there})
    if _meant(sentences(made)) != _meant(_expected(blocks, cuts, adds)):
        raise TooOdd("an edit would change more than its sentences")
    return made


def sentences(text: str) -> dict[str, list[str]]:
    """Return the sentences of each intent in `text`."""
    found: dict[str, list[str]] = {}
    for block in _blocks(text, tree(text)):
        found.setdefault(block.intent, []).extend(block.lines)
    return found


def _meant(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {intent: sorted(set(some)) for intent, some in found.items() if some}


def _expected(blocks: list[Block], cuts: dict[int, list[str]], adds: dict[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for block in blocks:
        found.setdefault(block.intent, []).extend(one for one in block.lines if one not in cuts.get(block.place, ()))
    for intent, some in adds.items():
        found.setdefault(intent, []).extend(some)
    return found


def _cuts(
    by_intent: dict[str, list[Block]], gone: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], needed: Collection[str]
) -> dict[int, list[str]]:
    cuts: dict[int, list[str]] = defaultdict(list)
    for intent, sentence in gone:
        holders = [block for block in by_intent[intent] if sentence in block.lines]
        for block in holders:
            cuts[block.place].append(sentence)
        targets = [to for to, one in new if one == sentence]
        arrived = any(sentence in block.lines for to in targets for block in by_intent[to])
        if sentence in needed and not holders and not arrived:
            raise Missing((intent,), expected=sentence, found=None)
    return cuts


def _splices(
    text: str, root: Node | None, blocks: list[Block], cuts: dict[int, list[str]], adds: dict[str, list[str]]
) -> Iterator[Splice]:
    last = {block.intent: block for block in blocks}
    empty = []
    for block in blocks:
        cut = cuts.get(block.place, [])
        added = adds.get(block.intent, []) if last[block.intent] is block else []
        if len(set(cut)) == len(block.lines) and not added and cut:
            empty.append(block.place)
            continue
        if added:
            yield Splice(block.node.end, block.node.end, _lines_like(text, block, added))
        for sentence in cut:
            yield from (Splice(*line, "") for line in block.lines[sentence])
    yield from _emptied(text, root, empty)


def _emptied(text: str, root: Node | None, places: list[int]) -> Iterator[Splice]:
    """Take out the entries of intents without any sentence left: Rasa refuses them."""
    if not places:
        return
    entries = _entries(root, data(text))[0]
    assert entries is not None
    if len(places) == len(entries.children):
        yield instead(text, entries, None, [])
        return
    for first, last in runs([place in places for place in range(len(entries.children))]):
        yield from without(text, entries, first, last)


def _lines_like(text: str, block: Block, new: Sequence[str]) -> str:
    begin = next(iter(block.lines.values()))[0][0] + 1
    indent = text[begin : text.find("-", begin)]
    return "".join(f"\n{indent}- {sentence}" for sentence in new)


def _with_new_intents(text: str, adds: dict[str, list[str]]) -> str:
    if not adds:
        return text
    if not text.strip():
        text = _HEADER
    entries, column = _entries(tree(text), data(text))[0], 2
    if entries is not None and entries.children:
        column = entries.start - (text.rfind("\n", 0, entries.start) + 1)
    blank = " " * column
    written = "".join(
        f"{blank}- intent: {key(intent)}\n{blank}  examples: |\n" + "".join(f"{blank}    - {one}\n" for one in some)
        for intent, some in adds.items()
    )
    if entries is not None and not entries.children:
        return text[: entries.start].rstrip(" ") + "\n" + written + text[entries.end :].lstrip("\n")
    if entries is None and not text.endswith("nlu:\n"):
        raise TooOdd("a file that has no list `nlu:`")
    end = len(text) if entries is None else text.find("\n", entries.end) + 1 or len(text)
    head = text[:end] if text[:end].endswith("\n") else text[:end] + "\n"
    return head + written + text[end:]


def _entries(root: Node | None, said: Any) -> tuple[Node | None, list[Any]]:
    if root is None or not isinstance(said, dict) or not isinstance(said.get("nlu"), list):
        return None, []
    return root.children[list(said).index("nlu")], said["nlu"]


def _blocks(text: str, root: Node | None, *, touched: Collection[str] = ()) -> Iterator[Block]:
    entries, said = _entries(root, data(text))
    for place, entry in enumerate(said):
        if isinstance(entry, dict) and isinstance(entry.get("intent"), str) and entries is not None:
            node = entries.children[place].children[list(entry).index("examples")] if "examples" in entry else None
            if node is not None and node.style == "|":
                yield Block(entry["intent"], place, node, _lines(text, node))
            elif entry["intent"] in touched:
                raise TooOdd(f"the examples of {entry['intent']} do not stand below `examples: |`")


def _lines(text: str, node: Node) -> dict[str, list[tuple[int, int]]]:
    """Return each sentence with where its lines begin, at the break before them, and end."""
    found: dict[str, list[tuple[int, int]]] = {}
    begin = text.find("\n", node.start)
    while 0 <= begin < node.end:
        end = text.find("\n", begin + 1)
        end = node.end if end < 0 or end > node.end else end
        sentence = text[begin:end].strip().removeprefix("-").strip()
        if sentence and text[begin:end].strip().startswith("-"):
            found.setdefault(sentence, []).append((begin, end))
        begin = end if end < node.end else -1
    return found
