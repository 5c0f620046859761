"""In which languages and lights, and on which screens, pages are looked at.

How wide something is depends on the language and the screen, how well it can be read on the screen and the light: each of these pairs is
looked at, not each of the three together. Whoever takes pictures (`make pictures`, or DAOZHEN_PICTURES names a folder) gets all.
"""

from __future__ import annotations

import os
from itertools import product

import pytest

from bot.languages import LANGUAGES

_ALL = bool(os.environ.get("DAOZHEN_PICTURES"))
_LIGHTS, _SCREENS = ("light", "dark"), ("phone", "desktop")

# Every language by day, and of each direction of writing one by night.
LOOKS = [
    (language, light) for language, light in product(LANGUAGES, _LIGHTS) if _ALL or light == "light" or language in ("de", "ar")
]
# Every language on every screen, and every screen in both lights.
SCREENS = [
    (language, light, screen)
    for (place, language), (other, screen), light in product(enumerate(LANGUAGES), enumerate(_SCREENS), _LIGHTS)
    if _ALL or light == _LIGHTS[(place + other) % 2]
]
in_each_look = pytest.mark.parametrize(("language", "scheme"), LOOKS)
on_each_screen = pytest.mark.parametrize(("language", "scheme", "screen"), SCREENS)
