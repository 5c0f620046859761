"""The report for the doctor as PDF: for each measure the chart, the figures in short, and every reading. Black on white, A4."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from fpdf import FPDF

from bot.followup.charts import INK, QUIET, chart
from bot.followup.course import Course
from bot.followup.course_in_words import name_of, period_of, rows_of, spread
from bot.followup.export import Report
from bot.languages import is_right_to_left
from bot.pictures import pdf as pages
from bot.pictures.drawing import Side, Text
from bot.posters.svg import estimate

WIDTH, HEIGHT, MARGIN, FOOT = 210.0, 297.0, 16.0, 14.0
CHART = 118.0
COLUMNS, LINE = 3, 5.4
TITLE, HEAD, SMALL = 7.0, 5.2, 3.6  # heights of an em, in millimetres


def pdf_of(report: Report, *, fonts: Sequence[Path] = ()) -> bytes:
    """Return the report as a PDF file. Raises NoFont. Takes a second: not on an event loop, and in no transaction."""
    writer = _Writer(report, fonts)
    writer.head()
    for course in report.courses:
        writer.course(course)
    writer.foot()
    return bytes(writer.pdf.output())


class _Writer:
    """Writes from the top of a page to its foot, and then on the next one."""

    def __init__(self, report: Report, fonts: Sequence[Path]) -> None:
        self._report, self._saying = report, report.saying
        self._rtl = is_right_to_left(report.saying.language)
        self._y = MARGIN
        self.pdf = FPDF(unit="mm", format=(WIDTH, HEIGHT))
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.set_title(self._saying.phrase("report_title"))
        self.pdf.set_lang(self._saying.language)
        self.pdf.add_page()
        letters = _letters(report)
        for bold in (False, True):
            pages.add_font(self.pdf, self._saying.language, bold, letters, fonts)

    def head(self) -> None:
        """Write what this is, and how far it can be trusted."""
        saying = self._saying
        self._line(saying.phrase("report_title"), TITLE, bold=True)
        self._line(saying.phrase("report_made", at=_made(self._report)), SMALL, colour=QUIET)
        for key in ("report_note", "report_no_diagnosis"):
            self._line(saying.phrase(key), SMALL)
        self._line(saying.phrase("report_name"), HEAD)
        if not self._report.courses:
            self._line(saying.phrase("none_at_all"), HEAD)

    def course(self, course: Course) -> None:
        """Write one measure; its chart is never torn from its heading."""
        drawing = chart(course, self._saying).drawing
        height = CHART * drawing.height / drawing.width
        self._need(height + 5 * LINE)
        self._y += LINE
        self._line(name_of(course, self._saying), HEAD, bold=True)
        self._line(_in_short(course, self._report), SMALL)
        self._y += pages.place(self.pdf, drawing, x=(WIDTH - CHART) / 2, y=self._y, width=CHART) + LINE
        self._table(course)

    def foot(self) -> None:
        """Number the page that is full, or the last one."""
        number = str(self.pdf.page_no())
        self._write(number, WIDTH / 2, HEIGHT - FOOT / 2, SMALL, side="middle", colour=QUIET)

    def _table(self, course: Course) -> None:
        """Write every reading in columns that are read one after the other, as many lines as the page still holds."""
        rows = iter(rows_of(course, self._saying))
        left = len(course.readings)
        while left:
            self._need(3 * LINE)
            fit = int((HEIGHT - FOOT - self._y) / LINE)
            lines = min(fit, -(-left // COLUMNS))
            for column in range(COLUMNS):
                for number, row in enumerate(islice(rows, lines)):
                    y = self._y + number * LINE
                    self._write(f"{row.day} {row.clock}", self._column(column), y, SMALL, colour=QUIET)
                    self._write(row.value, self._column(column) + 36.0, y, SMALL, bold=True)
            left = max(0, left - lines * COLUMNS)
            self._y += lines * LINE

    def _column(self, number: int) -> float:
        return MARGIN + number * (WIDTH - 2 * MARGIN) / COLUMNS

    def _line(self, text: str, size: float, *, bold: bool = False, colour: str = INK) -> None:
        if text:
            self._need(1.8 * size)
            self._y += 0.9 * size
            fits = (WIDTH - 2 * MARGIN) / max(estimate(text, self._saying.language, bold), 1.0)
            self._write(text, MARGIN, self._y, min(size, fits), bold=bold, colour=colour)
            self._y += 0.7 * size

    def _need(self, height: float) -> None:
        if self._y + height > HEIGHT - FOOT:
            self.foot()
            self.pdf.add_page()
            self._y = MARGIN

    def _write(
        self, text: str, x: float, y: float, size: float, *, bold: bool = False, colour: str = INK, side: Side = "left"
    ) -> None:
        """Write at a place that is counted from where reading begins."""
        self.pdf.set_text_color(colour)
        if self._rtl and side != "middle":
            x, side = WIDTH - x, "right"
        language = self._saying.language
        pages.write(self.pdf, text, (x, y), size=size, side=side, language=language, bold=bold)


def _made(report: Report) -> str:
    saying = report.saying
    return f"{saying.date(report.made_at)} {saying.clock(report.made_at)} ({saying.zone.key})"


def _in_short(course: Course, report: Report) -> str:
    saying = report.saying
    figures = (saying.values(values, course.measure, course.unit) for values in spread(course))
    found = dict(zip(("lowest", "median", "highest"), figures, strict=True))
    count, unit = str(len(course.readings)), saying.unit(course.unit)
    return f"{period_of(course, saying)}: {saying.phrase('report_summary', count=count, unit=unit, **found)}"


def _letters(report: Report) -> list[str]:
    """Return all that is written, for the choice of a font."""
    saying = report.saying
    fixed = [saying.phrase(key) for key in ("report_title", "report_note", "report_no_diagnosis", "report_name", "none_at_all")]
    found = [*fixed, saying.phrase("report_made", at=_made(report)), "0123456789"]
    for course in report.courses:
        found.append(_in_short(course, report))
        found += [item.text for item in chart(course, saying).drawing.items if isinstance(item, Text)]
        found += [f"{row.day} {row.clock} {row.value}" for row in rows_of(course, saying)]
    return found
