"""The page of numbers: what patients got, by language and week, as charts, tables and CSV."""

from __future__ import annotations

from functools import partial
from typing import Any

from babel.numbers import format_percent
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.duty.when import LOCALES
from bot.insight import bars
from bot.insight.as_csv import csv_of
from bot.insight.numbers import CHOICES, Numbers
from bot.insight.report import FEWEST, STEP, Cell, Line, Report, Result
from bot.languages import LANGUAGES, OWN_NAMES, Language, is_right_to_left
from bot.privacy import audit
from bot.studio.frame import Studio
from bot.studio.visit import Visit
from bot.web.guard import NO_STORE

# Longer than this is said in hours.
_IN_MINUTES = 120


def routes(studio: Studio) -> list[BaseRoute]:
    """Return the routes of this slice."""
    numbers = Numbers(studio.services)
    return [
        studio.page("/studio/numbers", "see_numbers", partial(show, studio, numbers)),
        studio.file("numbers.csv", "see_numbers", partial(export, studio, numbers)),
    ]


async def show(studio: Studio, numbers: Numbers, request: Request, visit: Visit) -> Response:
    """Show the measures for a language, or for all."""
    report, language = await _report(studio, numbers, request), _language(request)
    saying = Saying(studio, visit.language)
    cards = [_card(result, result.line(language), saying, report) for result in report.results]
    return studio.render(
        request, visit, "numbers.html", room="numbers", cards=cards, chosen=language or "", weeks=len(report.weeks), choices=CHOICES,
        spoken=[(code, OWN_NAMES[code]) for code in LANGUAGES], own_names=OWN_NAMES, report=report, fewest=FEWEST, step=STEP, saying=saying,
    )  # fmt: skip


async def export(studio: Studio, numbers: Numbers, request: Request, visit: Visit) -> Response:
    """Return what the page shows as CSV, for all languages."""
    report = await _report(studio, numbers, request)

    await studio.services.write(
        lambda work: audit.record(work, who=visit.handle, what="exported numbers", subject="studio", now=visit.now)
    )
    name = f"numbers-{report.weeks[0].name}-{report.weeks[-1].name}.csv"
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
    # With this mark spreadsheets read it as UTF-8.
    return Response("\ufeff" + csv_of(report), media_type="text/csv; charset=utf-8", headers=headers)


class Saying:
    """Says numbers in the language of who looks."""

    def __init__(self, studio: Studio, language: Language) -> None:
        self._studio, self.language = studio, language

    @property
    def everybody(self) -> str:
        """Return what all languages together are called."""
        return self._studio.text("shared_all", self.language)

    def text(self, key: str, **values: object) -> str:
        """Return a phrase of this slice."""
        return self._studio.text(f"numbers_{key}", self.language, **values)

    def wish(self, result: Result) -> str:
        """Return in which direction a measure should go."""
        less = result.measure.less
        return "" if less is None else self.text("less" if less else "more")

    def cell(self, result: Result, cell: Cell) -> str:
        """Return what a cell says; never a number that is hidden."""
        if cell.hidden or cell.never:
            return self.text("hidden" if cell.hidden else "never")
        return self.text("none") if cell.value is None else self.value(result, cell.value)

    def value(self, result: Result, value: int) -> str:
        """Return a number with its unit."""
        if result.measure.kind == "share":
            return str(format_percent(value / 100, locale=LOCALES[self.language]))
        short = value <= _IN_MINUTES
        return self.text("minutes" if short else "hours", n=value if short else round(value / 60))


def _card(result: Result, line: Line, saying: Saying, report: Report) -> dict[str, Any]:
    """Return what the template shows of one measure."""
    key, whole = result.measure.key, line.whole
    values = [cell.value for cell in line.cells if cell.value is not None]
    top = bars.top_of(values, kind=result.measure.kind)
    words = [f"{week.name} {saying.cell(result, cell)}" for week, cell in zip(report.weeks, line.cells, strict=True)]
    name = saying.text(key)
    who = OWN_NAMES[line.language] if line.language else saying.everybody
    return {
        "key": key,
        "name": name,
        "text": saying.text(f"{key}_text"),
        "wish": saying.wish(result),
        "value": saying.cell(result, whole),
        "is_shown": whole.value is not None,
        "of": saying.text("of", n=whole.of) if whole.of else "",
        "tail": saying.text("tail", time=saying.value(result, whole.tail)) if whole.tail is not None else "",
        "bars": bars.bars_of(line, top=top, rtl=is_right_to_left(saying.language)),
        "words": words,
        "top": saying.value(result, top),
        "alt": saying.text("chart", name=name, who=who, values="; ".join(words)),
        "result": result,
    }


async def _report(studio: Studio, numbers: Numbers, request: Request) -> Report:
    asked = request.query_params.get("weeks", "")
    count = int(asked) if asked in {str(one) for one in CHOICES} else CHOICES[1]
    # Weeks are those of the house: the team that takes what belongs to nobody keeps its clock.
    zone = studio.services.content.current().teams.of("").calendar.zone
    return await numbers.report(count, zone)


def _language(request: Request) -> Language | None:
    return next((code for code in LANGUAGES if code == request.query_params.get("language")), None)
