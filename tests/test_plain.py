"""Frozen dataclasses as plain data: the same as the library's way, and nothing is shared that could be changed."""

from __future__ import annotations

from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Answer, Button, Effect, Reply
from bot.plain import plain

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)
_REPLIES = st.builds(Reply, st.text(), buttons=st.lists(st.builds(Button, st.text(), st.text()), max_size=3).map(tuple))
_EFFECTS = st.builds(Effect, st.text(), st.dictionaries(st.text(), _JSON))


@given(st.builds(Answer, st.lists(_REPLIES, max_size=3).map(tuple), st.lists(_EFFECTS, max_size=3).map(tuple)))
def test_it_is_what_asdict_says(answer):
    assert plain(answer) == asdict(answer)


def test_containers_are_new():
    effect = Effect("note", {"found": [1, {"a": []}]})
    data = plain(effect)
    data["data"]["found"][1]["a"].append(2)
    assert effect.data == {"found": [1, {"a": []}]}
