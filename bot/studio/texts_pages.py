"""The page of texts: what the assistant says, five languages side by side, checked and shown as each platform will show it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.database.engine import Work
from bot.desk.asked import Asked
from bot.desk.problems import Refused
from bot.languages import LANGUAGES, OWN_NAMES, Language
from bot.release.folders import live_folder
from bot.studio import texts_shapes as shapes
from bot.studio.change_shapes import as_others
from bot.studio.frame import Studio
from bot.studio.training_shapes import draft
from bot.studio.visit import Visit
from bot.training import changes, drafting
from bot.training.beside import others_at
from bot.training.checks import is_taken
from bot.training.rows import Change
from bot.training.texts import LONGEST, Text, TextSource, check_text

LONGEST_SEARCH = 200


def routes(studio: Studio) -> list[BaseRoute]:
    """Return the routes of this slice."""
    own = partial(_Page, studio, _Texts(TextSource(live_folder(studio.services.settings))))
    return [
        studio.page("/studio/texts", "edit_texts", partial(show, studio)),
        studio.read("texts", "edit_texts", lambda visit, query: own(visit).listed(query)),
        studio.read("texts/one", "edit_texts", lambda visit, query: own(visit).one(query)),
        studio.call("texts/check", "edit_texts", lambda visit, asked: own(visit).check(asked)),
        studio.call("texts/keep", "edit_texts", lambda visit, asked: own(visit).keep(asked)),
    ]


async def show(studio: Studio, request: Request, visit: Visit) -> Response:
    """Show the page."""
    spoken = [(code, OWN_NAMES[code]) for code in LANGUAGES]
    return studio.render(request, visit, "texts.html", room="texts", spoken=spoken)


class _Texts:
    """The texts on disk, read by one thread at a time."""

    def __init__(self, source: TextSource) -> None:
        self._source, self._lock = source, threading.Lock()

    async def current(self) -> dict[str, Text]:
        """Return them as the files stand now."""
        return await asyncio.to_thread(self._current)

    def _current(self) -> dict[str, Text]:
        with self._lock:
            return self._source.current()


class _Page:
    """One request of the page."""

    def __init__(self, studio: Studio, texts: _Texts, visit: Visit) -> None:
        self._studio, self._texts, self._visit = studio, texts, visit

    async def listed(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of the texts in which something stands, with those that are in the draft marked."""
        found, draft_ = await self._texts.current(), await self._draft()
        return shapes.listed(
            found, draft_, self._visit.language, asked=query.get("q", "")[:LONGEST_SEARCH], file=query.get("file", ""), page=_page(query)
        )  # fmt: skip

    async def one(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return one text in five languages, with the draft on top, and how it will look."""
        one = await self._one(query.get("id"))
        now = shapes.with_draft(one, await self._draft())
        return {**shapes.one(one, now), **self._looked_at(one, now), "others": as_others(await self._others(one))}

    async def check(self, asked: Asked) -> dict[str, Any]:
        """Return what there is to say about texts that are being typed, and how they will look."""
        one = await self._one(asked.data.get("id"))
        return self._looked_at(one, _texts_of(asked))

    async def keep(self, asked: Asked) -> dict[str, Any]:
        """Put texts into the draft, unless something is wrong with one that is new. Refused where somebody else wrote the same meanwhile."""
        one = await self._one(asked.data.get("id"))
        new = _typed(one, _texts_of(asked), _texts_of(asked, "live") if "live" in asked.data else one.texts)
        changed = [language for language, text in new.items() if text != one.texts.get(language)]
        if not all(is_taken(check_text(new[language], language, one.slots)) for language in changed):
            return {"kept": False, **self._looked_at(one, new)}
        title, author, now = self._studio.text("texts_draft_title", self._visit.language), self._visit.handle, self._visit.now
        places = {(one.file, place) for place in [*one.places.values(), *(place for place, _ in one.defaults)]}
        made = one.becoming(new)

        def keep(work: Work) -> Change | None:
            if not made and changes.draft_of(work, author=author, kind="texts") is None:
                return None
            return drafting.add_to_draft(
                work, author=author, kind="texts", operations=made, title=title, now=now, instead_of=places
            )

        return {"kept": True, "draft": draft(await self._studio.services.write(keep)), "changed": changed}

    def _looked_at(self, one: Text, texts: Mapping[Language, str]) -> dict[str, Any]:
        phrases = self._studio.services.content.current().phrases
        notes = {language: phrases.get("disclaimer.short", language) for language in LANGUAGES}
        return shapes.looked_at(one, texts, notes)

    async def _draft(self) -> Change | None:
        author = self._visit.handle
        return await self._studio.services.read(lambda work: changes.draft_of(work, author=author, kind="texts"))

    async def _others(self, one: Text) -> tuple[Change, ...]:
        file, places, mine = one.file, list(one.places.values()), self._visit.handle
        return await self._studio.services.read(
            lambda work: others_at(work, kinds=("texts",), file=file, places=places, but=mine)
        )

    async def _one(self, id_: object) -> Text:
        found = (await self._texts.current()).get(str(id_))
        if found is None:
            raise Refused(404, "gone")
        return found


def _page(query: Mapping[str, str]) -> int:
    asked = query.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 0


def _typed(one: Text, texts: Mapping[Language, str], seen: Mapping[Language, str]) -> dict[Language, str]:
    """Return what is to stand there after somebody typed over what was on their screen, `seen`: where they left that as it was, what
    stands there by now stays."""
    typed = [language for language, text in texts.items() if text != seen.get(language)]
    if any(seen.get(language) != one.texts.get(language) for language in typed):
        raise Refused(409, "changed")
    return {language: text if language in typed else one.texts.get(language, "") for language, text in texts.items()}


def _texts_of(asked: Asked, part: str = "texts") -> dict[Language, str]:
    found = asked.data.get(part)
    if not isinstance(found, dict):
        raise Refused(400, "wrong")
    return {language: Asked(found).maybe_text(language, 2 * LONGEST).strip() for language in LANGUAGES if language in found}
