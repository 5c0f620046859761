"""The page of texts to insert: one's own, and for a lead those of the team; write, change, remove. The pack's are only shown."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.bootstrap import Services
from bot.briefing import snippets
from bot.briefing.snippet_pack import LONGEST, PLACEHOLDERS, Snippet, SnippetProblem
from bot.database.engine import Work
from bot.desk.api.snippets import ANSWERS
from bot.languages import LANGUAGES, Language
from bot.staff.access import may
from bot.staff.people import Staff
from bot.staff.sessions import Session
from bot.web.forms import Form, form_of
from bot.web.frame import Frame
from bot.web.guard import see_other, signed_in

PLACE = "/desk/texts"
NOTES = ("text_saved", "text_removed")
# Whose a text is, in the form: one's own, or a team's by its id; "all" is every team.
MINE, ALL = "mine", "all"


class SnippetPages:
    """The page over the services of one gateway."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services, self._frame = services, frame

    async def page(self, request: Request) -> Response:
        """Show what one may insert, with a form: empty, or filled with the text that is to be changed."""
        session, wanted = await signed_in(request), request.query_params.get("change", "")
        found = await self._found(session.staff)
        chosen = next((one for one in found if str(one.id) == wanted and _is_theirs(session.staff, one)), None)
        texts = {} if chosen is None else dict(chosen.texts)
        shortcut, whose = ("", MINE) if chosen is None else (chosen.shortcut, _whose(chosen))
        return self._show(request, session, found, typed=(shortcut, whose, texts))

    async def keep(self, request: Request) -> Response:
        """Keep a text; one with the same short name of the same owner is replaced."""
        session, form, now = await signed_in(request), await form_of(request), self._services.clock()
        shortcut, whose, texts = form.text("shortcut").strip(), form.text("whose"), _texts(form)
        team = {MINE: None, ALL: ""}.get(whose, whose)

        def save(work: Work) -> None:
            snippets.save(work, session.staff, shortcut=shortcut, texts=texts, team=team, now=now)

        try:
            await self._services.write(save)
        except SnippetProblem as problem:
            found = await self._found(session.staff)
            return self._show(request, session, found, typed=(shortcut, whose, texts), problem=problem)
        return see_other(f"{PLACE}?note=text_saved")

    async def remove(self, request: Request) -> Response:
        """Remove a text. One that is gone already is no problem: it is what was wanted."""
        session, now, number = await signed_in(request), self._services.clock(), int(request.path_params["number"])
        try:
            await self._services.write(lambda work: snippets.remove(work, session.staff, min(number, 2**63 - 1), now=now))
        except SnippetProblem as problem:
            if problem.key != "gone":
                return self._show(request, session, await self._found(session.staff), typed=("", MINE, {}), problem=problem)
        return see_other(f"{PLACE}?note=text_removed")

    async def _found(self, staff: Staff) -> tuple[Snippet, ...]:
        content = self._services.content.current()
        return await self._services.read(lambda work: snippets.for_staff(work, content, staff))

    def _show(
        self,
        request: Request,
        session: Session,
        found: tuple[Snippet, ...],
        *,
        typed: tuple[str, str, dict[Language, str]],
        problem: SnippetProblem | None = None,
    ) -> Response:
        status, key = (200, "") if problem is None else ANSWERS[problem.key]
        language, note = session.staff.language, request.query_params.get("note", "")
        shortcut, whose, texts = typed
        return self._frame.page(
            request, "texts.html", session=session, status=status, problem=key, limit=LONGEST,
            found=[(one, *snippets.in_language(one, language), _is_theirs(session.staff, one)) for one in found],
            note=note if note in NOTES and not key else "", teams=self._teams(session.staff),
            shortcut=shortcut, whose=whose, texts=texts, placeholders=sorted(PLACEHOLDERS),
        )  # fmt: skip

    def _teams(self, staff: Staff) -> list[tuple[str, str]]:
        """Return the teams whose texts `staff` keeps, by name; nothing for who keeps none but their own."""
        if not may(staff, "manage_snippets"):
            return []
        teams = self._services.content.current().teams.by_id.values()
        return [(team.id, team.names[staff.language]) for team in teams if staff.role == "admin" or staff.is_in(team.id)]


def _texts(form: Form) -> dict[Language, str]:
    return {language: text for language in LANGUAGES if (text := form.text(f"text_{language}").strip())}


def _whose(one: Snippet) -> str:
    return MINE if one.own else (one.team or ALL)


def _is_theirs(staff: Staff, one: Snippet) -> bool:
    """Return whether `staff` may change a text; the store asks again."""
    if one.kind == "pack":
        return False
    return one.own or (may(staff, "manage_snippets") and (staff.role == "admin" or staff.is_in(one.team)))
