"""A poster as PDF, with those parts of this machine's fonts that it needs: it looks the same on every printer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fpdf import FPDF

from bot.languages import Language
from bot.phrases import Phrases
from bot.pictures import pdf as pages
from bot.posters.page import WIDTH, Box, Item, Poster, Squares, Text, lay_out
from bot.posters.sizes import Size, millimetres
from bot.posters.svg import estimate


def draw(poster: Poster, size: Size, *, phrases: Phrases, fonts: Sequence[Path] = ()) -> bytes:
    """Return the poster as the bytes of a PDF file. Raises NoFont."""
    page = millimetres(size)
    drawing = _Drawing(page, scale=page[0] / WIDTH)
    # The widths of an SVG hold here as well: they are the widest of the usual fonts.
    items = lay_out(poster, phrases=phrases, measure=estimate)
    drawing.load(items, fonts)
    drawing.pdf.set_title(poster.scene.names[poster.languages[0]])
    drawing.pdf.set_lang(poster.languages[0])
    for item in items:
        drawing.item(item)
    return bytes(drawing.pdf.output())


class _Drawing:
    def __init__(self, page: tuple[int, int], *, scale: float) -> None:
        self._scale = scale
        self.pdf = FPDF(unit="mm", format=page)
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.add_page()

    def load(self, items: Sequence[Item], own: Sequence[Path]) -> None:
        """Take a font for each language and weight that is written."""
        written: dict[tuple[Language, bool], list[str]] = {}
        for item in items:
            if isinstance(item, Text):
                written.setdefault((item.language, item.bold), []).append(item.text)
        for (language, bold), texts in written.items():
            pages.add_font(self.pdf, language, bold, texts, own)

    def item(self, item: Item) -> None:
        """Draw one thing."""
        if isinstance(item, Text):
            self._text(item)
        elif isinstance(item, Box):
            self._fill(item.colour, item.x, item.y, item.width, item.height)
        else:
            self._squares(item)

    def _text(self, text: Text) -> None:
        self.pdf.set_text_color(text.colour)
        where = (text.x * self._scale, text.y * self._scale)
        look: Any = {"language": text.language, "bold": text.bold}
        pages.write(self.pdf, text.text, where, size=text.size * self._scale, side="middle", **look)

    def _fill(self, colour: str, x: float, y: float, width: float, height: float) -> None:
        self.pdf.set_fill_color(colour)
        k = self._scale
        self.pdf.rect(x * k, y * k, width * k, height * k, style="F")

    def _squares(self, code: Squares) -> None:
        self._fill("#ffffff", code.x, code.y, code.side, code.side)
        for column, row, length in code.runs:
            x, y = code.x + column * code.module, code.y + row * code.module
            self._fill("#000000", x, y, length * code.module, code.module)
