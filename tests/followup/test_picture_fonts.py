"""An operator hears from `daozhen check` that charts cannot be drawn, and what to install, before a patient asks for one."""

from __future__ import annotations

from bot.pictures import readiness
from bot.pictures.readiness import without_fonts
from bot.posters.fonts import NoFont, font_for
from tests.contents import the_content


def test_with_fonts_for_all_languages_nothing_is_said():
    assert without_fonts(the_content().phrases) == []


def test_without_a_font_the_language_and_the_package_are_named(monkeypatch):
    def no_arabic(language, bold, texts):
        if language == "ar":
            raise NoFont("none")
        return font_for(language, bold, texts)

    monkeypatch.setattr(readiness, "font_for", no_arabic)

    (sentence,) = without_fonts(the_content().phrases)
    assert "Charts in ar are sent as tables alone" in sentence
    assert "fonts-noto-core" in sentence
