"""Random edits of files that people wrote by hand: each changes what it means, and no other line, comment or order."""

from __future__ import annotations

import copy
import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.training.examples_in import sentences
from bot.training.operations import AddExample, MoveExample, RemoveExample, SetEntry, SetText, apply
from bot.training.scalars import scalar
from bot.training.tree import data

WORDS = st.text(st.sampled_from("abcä中文ب: ,#'\"[]{}&*!|>-%@`?0123456789~\\\n"), min_size=1, max_size=14).filter(str.strip)
STYLES = ("", "'", '"', "|", ">")
NAMES = st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=3)


@st.composite
def hand_written(draw, depth=0, indent=0):
    """A mapping as a person may write it: any quotes, flow or block, comments and blank lines between."""
    lines, blank = [], " " * indent
    for name in draw(st.lists(NAMES, min_size=1, max_size=4, unique=True)):
        if draw(st.booleans()):
            lines.append(f"{blank}# about {name}: [not] {{yaml}}")
        kind = draw(st.sampled_from([_text, _text, _in_brackets, _listed, _deeper] if depth < 2 else [_text, _in_brackets]))
        lines += kind(draw, name, indent, depth)
        if draw(st.booleans()):
            lines.append("")
    return "\n".join(lines)


def _text(draw, name, indent, depth):
    written = scalar(draw(WORDS), draw(st.sampled_from(STYLES)), indent=indent + 2)
    comment = "   # by hand" if "\n" not in written and draw(st.booleans()) else ""
    return [f"{' ' * indent}{name}:{' ' * draw(st.integers(1, 3))}{written}{comment}"]


def _in_brackets(draw, name, indent, depth):
    some = [scalar(one, draw(st.sampled_from(STYLES[:3])), flow=True) for one in draw(st.lists(WORDS, max_size=3))]
    return [f"{' ' * indent}{name}: [ {' ,  '.join(some)} ]"]


def _listed(draw, name, indent, depth):
    at = " " * (indent + draw(st.sampled_from([0, 2])))
    some = [
        scalar(one, draw(st.sampled_from(STYLES)), indent=len(at) + 2) for one in draw(st.lists(WORDS, min_size=1, max_size=3))
    ]
    return [f"{' ' * indent}{name}:", *(f"{at}- {one}" for one in some)]


def _deeper(draw, name, indent, depth):
    return [f"{' ' * indent}{name}:", draw(hand_written(depth=depth + 1, indent=indent + draw(st.sampled_from([2, 4]))))]


def places(value, path=()):
    if isinstance(value, dict):
        for name, one in value.items():
            yield (*path, name), one
            yield from places(one, (*path, name))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield (*path, place), one
            yield from places(one, (*path, place))


def at(value, path):
    for part in path:
        value = value[part]
    return value


def comments(text):
    return [line.strip() for line in text.splitlines() if line.lstrip().startswith("# about")]


def changed_lines(before, after):
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("- ", "+ ")]


@settings(max_examples=150)
@given(hand_written(), st.data())
def test_a_random_edit_changes_its_place_only(text, draw):
    text += "\n"
    now = data(text)
    path, before = draw.draw(st.sampled_from(list(places(now))))
    act = draw.draw(st.sampled_from(["set", "remove", "add"]))
    wanted = copy.deepcopy(now)
    if act == "set":
        after = draw.draw(WORDS)
        operation = SetText("f", path, before, after)
        at(wanted, path[:-1])[path[-1]] = after
    elif act == "remove":
        operation = SetEntry("f", path, before, None)
        del at(wanted, path[:-1])[path[-1]]
    else:
        after = draw.draw(st.sampled_from([["x", "y: z"], {"en": "new", "de": ["a"]}, "one\ntwo\n", "plain"]))
        within = at(wanted, path[:-1])
        if isinstance(within, list):
            operation = SetEntry("f", path, None, after)
            within.insert(path[-1], after) if after not in within else None
        else:
            operation = SetEntry("f", (*path[:-1], "new-one"), None, after)
            within["new-one"] = after
    made = apply(text, [operation], file="f")
    assert data(made) == wanted
    spread = len(changed_lines(text, made))
    own = len(str(before).splitlines()) + str(before).count(",") + str(before).count(r"\n") + str(before).count(":")
    assert spread <= 2 * (own + 8), f"{path} {act}"
    if act != "remove":
        gone = set(comments(text)) - set(comments(made))
        assert not gone or isinstance(before, dict | list), gone


@settings(max_examples=50)
@given(hand_written(), st.data())
def test_several_edits_at_once_are_the_same_as_one_after_the_other(text, draw):
    text += "\n"
    made, edits = text, []
    for _ in range(draw.draw(st.integers(2, 5))):
        path, before = draw.draw(
            st.sampled_from([one for one in places(data(made)) if isinstance(one[1], str)] or [(None, None)])
        )
        if path is None:
            return
        edits.append(SetText("f", path, before, draw.draw(WORDS)))
        made = apply(made, edits[-1:], file="f")
    assert data(apply(text, edits, file="f")) == data(made)


@settings(max_examples=80)
@given(st.data())
def test_random_edits_of_sentences_leave_every_other_line(draw):
    texts = st.sampled_from([f"sentence {number}" for number in range(12)])
    now = {intent: draw.draw(st.lists(texts, min_size=1, max_size=5, unique=True)) for intent in ("a", "b", "c")}
    text = 'version: "3.1"\n# about all\nnlu:\n'
    for intent, some in now.items():
        width = draw.draw(st.sampled_from([4, 6, 8]))
        text += f"  # about {intent}\n  - intent: {intent}\n    examples: |\n"
        text += "".join(f"    {' ' * (width - 4)}  - {one}\n" for one in some) + draw.draw(st.sampled_from(["", "\n", "\n\n"]))
    operations = []
    for _ in range(draw.draw(st.integers(1, 6))):
        intent, to = draw.draw(st.sampled_from("abc")), draw.draw(st.sampled_from("abc"))
        act = draw.draw(st.sampled_from(["add", "remove", "move"]))
        if act == "add":
            operations.append(AddExample(intent, "en", f"new {len(operations)}", "f"))
            now[intent].append(f"new {len(operations) - 1}")
        elif now[intent] and (act == "remove" or to != intent):
            sentence = draw.draw(st.sampled_from([one for one in now[intent] if not one.startswith("new")] or [""]))
            if sentence and not (act == "move" and sentence in now[to]):
                now[intent].remove(sentence)
                operations.append(
                    RemoveExample(intent, "en", sentence, "f")
                    if act == "remove"
                    else MoveExample(intent, to, "en", sentence, "f")
                )
                if act == "move":
                    now[to].append(sentence)
    made = apply(text, operations, file="f")
    assert {intent: sorted(some) for intent, some in sentences(made).items()} == {
        intent: sorted(some) for intent, some in now.items() if some
    }
    assert comments(made) == comments(text)
    emptied = sum(not some for some in now.values())
    # A sentence that comes and goes may take its intent along for a moment: then it stands elsewhere, with its lines.
    again = len(operations) - len({one.text for one in operations})
    assert len(changed_lines(text, made)) <= 2 * len(operations) + 4 * emptied + 8 * again


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=40)
@given(value=WORDS)
def test_every_text_can_be_written_in_every_style(style, value):
    assert data(f"k: {scalar(value, style, indent=2)}\n") == {"k": value}
    assert data(f"[{scalar(value, style, flow=True)}]") == [value]
