"""Where what is learned from labels goes, as the files stand now. Reads files: never on an event loop."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.content.load import Content
from bot.release.folders import Folder
from bot.training.files import read
from bot.training.index import ExampleSource, same
from bot.utterances.kinds import FAQ, Utterance
from bot.utterances.lessons import Files

KNOWLEDGE, LEXICON = "content/knowledge/", "content/triage/lexicon/"


def files_now(folder: Folder, examples: ExampleSource, content: Content, found: Iterable[Utterance]) -> Files:
    """Return what is needed to know for these labels. Raises ContentError for a file that is no YAML."""
    some = tuple(found)
    entries = {one.intent.removeprefix(FAQ) for one in some if one.intent.startswith(FAQ)}
    concepts = {mark.concept for one in some for mark in one.marks} & set(content.triage.lexicon.concepts)
    asked = {
        same(text): entry.id
        for entry in content.knowledge.by_id.values()
        for texts in entry.questions.values()
        for text in texts
    }  # fmt: skip
    terms = {
        (name, language): frozenset(same(term) for term in words)
        for name in concepts
        for language, words in content.triage.lexicon.concepts[name].terms.items()
    }
    places = entry_files(folder, KNOWLEDGE, entries)
    return Files(examples.current(), places, asked, entry_files(folder, LEXICON, concepts), terms)


def entry_files(folder: Folder, room: str, wanted: Iterable[str]) -> dict[str, str]:
    """Return in which pack of a room each of these entries stands."""
    left, places = set(wanted), {}
    for name in folder.names() if left else ():
        if name.startswith(room):
            text = read(folder, name)
            here = {one for one in left if re.search(rf"^ +[\"']?{re.escape(one)}[\"']?:", text, re.MULTILINE)}
            places.update(dict.fromkeys(here, name))
            left -= here
    return places
