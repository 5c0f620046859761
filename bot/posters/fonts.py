"""Fonts of this machine for a PDF: for each language one that has every letter that is written with it."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import OperatorError
from bot.languages import Language

# As fontconfig calls them.
_WANTED: dict[Language, str] = {
    "zh-Hans": "Noto Sans CJK SC,sans-serif:lang=zh-cn",
    "zh-Hant": "Noto Sans CJK TC,sans-serif:lang=zh-tw",
    "en": "Noto Sans,sans-serif:lang=en",
    "de": "Noto Sans,sans-serif:lang=de",
    "ar": "Noto Sans Arabic,Noto Naskh Arabic,sans-serif:lang=ar",
}
PACKAGES: dict[Language, str] = {"zh-Hans": "fonts-noto-cjk", "zh-Hant": "fonts-noto-cjk", "ar": "fonts-noto-core"}


class NoFont(OperatorError):
    """No font of this machine has the letters of a language. The message says what to do."""


@dataclass(frozen=True)
class Font:
    """A font file, and which font of it when it holds several."""

    path: Path
    number: int = 0


def font_for(language: Language, bold: bool, texts: Iterable[str], own: Sequence[Path] = ()) -> Font:
    """Return a font with all letters of `texts`: of the files in `own`, else of this machine. Raises NoFont."""
    letters = {ord(c) for text in texts for c in text if unicodedata.category(c) not in ("Cf", "Zs")}
    for font in _candidates(language, bold, own):
        if letters <= _letters_of(font):
            return font
    package = PACKAGES.get(language, "fonts-noto-core")
    raise NoFont(
        f"No font of this machine has all letters of {language}. Install one (Debian: {package}), name a file with --font, "
        "or make an SVG and print it from a browser."
    )


def _candidates(language: Language, bold: bool, own: Sequence[Path]) -> Iterator[Font]:
    for path in own:
        yield from (Font(path, number) for number in range(_count(path)))
    program = shutil.which("fc-match")
    if program is not None:
        wanted = f"{_WANTED[language]}:weight={'bold' if bold else 'regular'}"
        command = [program, "--sort", "--format", "%{file}\t%{index}\n", wanted]
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stdout.splitlines()
        for line in found[:40]:
            name, _, number = line.partition("\t")
            if name.lower().endswith((".ttf", ".otf", ".ttc", ".otc")):
                yield Font(Path(name), int(number or 0) & 0xFFFF)


# fontTools is imported only when a font is looked into: 10 MB less in the gateway.
def _count(path: Path) -> int:
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        if path.suffix.lower() in (".ttc", ".otc"):
            with TTCollection(str(path), lazy=True) as collection:
                return len(collection.fonts)
        with TTFont(path, lazy=True):
            return 1
    except (OSError, TTLibError) as error:
        raise NoFont(f"{path} cannot be used as a font. Name a .ttf, .otf or .ttc file with --font.") from error


def _letters_of(font: Font) -> set[int]:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(font.path, fontNumber=font.number, lazy=True) as opened:
            return set(opened.getBestCmap() or ())
    except (OSError, TTLibError):
        return set()
