"""A poster: its codes are read back from the picture and open the chat of the place; its words are all there."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from bot.languages import LANGUAGES, is_right_to_left
from bot.posters import pdf, svg
from bot.posters.fonts import NoFont, font_for
from bot.posters.page import HEIGHT, MARGIN, SCALES, WIDTH, Box, Poster, Squares, Text, lay_out
from bot.posters.sizes import millimetres
from tests.posters.reading import CONTENT, SVG, drawn, picture_of, poster, read_svg


@pytest.mark.parametrize("size", ["a4", "a5"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_codes_of_an_svg_are_read_back(size, channels):
    page = poster(channels=channels)
    assert read_svg(drawn(page, size)) == {code.address for code in page.codes}


@pytest.mark.parametrize("size", ["a4", "a5"])
@pytest.mark.parametrize("languages", [LANGUAGES, ("ar", "en")])
def test_the_codes_of_a_pdf_are_read_back_from_its_picture(size, languages):
    page = poster("W1", languages)
    data = pdf.draw(page, size, phrases=CONTENT.phrases)
    picture = picture_of(data)
    assert {found.text for found in zxingcpp.read_barcodes(picture)} == {code.address for code in page.codes}
    width, height = millimetres(size)
    assert abs(picture.width / picture.height - width / height) < 0.01


@pytest.mark.parametrize("place", [scene for scene in CONTENT.scenes.by_id])
def test_every_place_has_a_page_that_is_full_and_not_too_full(place):
    items = lay_out(poster(place), phrases=CONTENT.phrases, measure=svg.estimate)
    texts = [item for item in items if isinstance(item, Text)]
    lowest = max(item.y for item in texts)
    assert HEIGHT - MARGIN - 12 < lowest < HEIGHT - MARGIN / 2
    assert min(item.y for item in texts) > 5
    for item in texts:
        assert svg.estimate(item.text, item.language, item.bold) * item.size <= WIDTH - MARGIN


@pytest.mark.parametrize("languages", [(language,) for language in LANGUAGES])
def test_one_language_alone_is_written_larger_than_five_together(languages):
    def largest(page: Poster) -> float:
        return max(item.size for item in lay_out(page, phrases=CONTENT.phrases, measure=svg.estimate) if isinstance(item, Text))

    assert largest(poster(languages=languages, channels=1)) > largest(poster())
    assert SCALES[0] > 1 > SCALES[-1]


def test_nothing_lies_on_a_code():
    items = lay_out(poster(), phrases=CONTENT.phrases, measure=svg.estimate)
    codes = [item for item in items if isinstance(item, Squares)]
    assert len(codes) == 4
    for code in codes:
        assert code.module * 4 <= code.module * min(column for column, _, _ in code.runs)  # the white around it
        for text in (item for item in items if isinstance(item, Text)):
            assert text.y <= code.y or text.y - text.size >= code.y + code.side - code.module * 4
        for box in (item for item in items if isinstance(item, Box)):
            assert box.y + box.height <= code.y or box.y >= code.y + code.side


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("languages", [LANGUAGES, *((language,) for language in LANGUAGES)])
def test_no_text_lies_on_another_or_off_the_page(channels, languages):
    items = lay_out(poster("W1", languages, channels), phrases=CONTENT.phrases, measure=svg.estimate)
    taken = []
    for text in (item for item in items if isinstance(item, Text)):
        half = svg.estimate(text.text, text.language, text.bold) * text.size / 2
        taken.append((text.x - half, text.x + half, text.y - 0.8 * text.size, text.y + 0.1 * text.size))
    assert all(left > 1 and right < WIDTH - 1 for left, right, _, _ in taken)
    for number, (left, right, top, bottom) in enumerate(taken):
        for other in taken[:number]:
            assert right <= other[0] or left >= other[1] or bottom <= other[2] or top >= other[3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_the_place_the_number_and_that_it_is_no_diagnosis_in_each_language(language):
    page = poster(languages=(language,))
    spoken = " ".join(text.text or "" for text in ET.fromstring(drawn(page)).iter(f"{SVG}text"))
    plain = re.sub(r"[\s\u2066\u2069]", "", spoken)
    for expected in (
        page.scene.names[language],
        page.hospital.names[language],
        CONTENT.phrases.get("posters.headline", language),
        CONTENT.phrases.get("posters.emergency", language, number="120"),
        CONTENT.phrases.get("posters.disclaimer", language),
    ):
        assert re.sub(r"\s", "", expected) in plain


def test_arabic_runs_from_right_to_left_and_nothing_else_does():
    for text in ET.fromstring(drawn(poster())).iter(f"{SVG}text"):
        language = text.get("{http://www.w3.org/XML/1998/namespace}lang")
        assert (text.get("direction") == "rtl") == is_right_to_left(language)


def test_no_mark_begins_a_line_and_no_number_is_parted():
    for place in ("CARD", "VACC", "W4"):
        for items in (
            lay_out(poster(place, (language,), 2), phrases=CONTENT.phrases, measure=svg.estimate) for language in LANGUAGES
        ):
            lines = [item.text for item in items if isinstance(item, Text)]
            assert not any(line[0] in "，。！？；：、）,.!?;:)" for line in lines)
            assert sum("120" in line for line in lines) == 2


def test_names_that_are_xml_are_shown_as_they_are():
    from dataclasses import replace

    page = poster()
    names = dict.fromkeys(LANGUAGES, 'A <b> & "c"]]>')
    assert 'A <b> & "c"]]>' in [
        text.text for text in ET.fromstring(drawn(replace(page, scene=replace(page.scene, names=names)))).iter(f"{SVG}text")
    ]


def test_a_pdf_holds_its_fonts_and_asks_for_nothing():
    data = pdf.draw(poster(), "a4", phrases=CONTENT.phrases)
    assert b"/FontFile" in data and len(data) < 400_000
    assert b"/URI" not in data and b"http" not in data.split(b"xmpmeta")[0][:200]


def test_without_a_font_for_the_letters_the_operator_is_told_what_to_do():
    with pytest.raises(NoFont, match="--font"):
        font_for("en", False, ["\U0010fffd"])


def test_an_own_font_is_tried_first_and_a_file_that_is_none_is_named(tmp_path):
    whole = font_for("en", False, ["abc"]).path
    copy = tmp_path / f"own{whole.suffix}"
    shutil.copy(whole, copy)
    assert font_for("en", False, ["abc"], [copy]).path == copy
    broken = tmp_path / "broken.ttf"
    broken.write_text("no font")
    with pytest.raises(NoFont, match=r"broken\.ttf"):
        font_for("en", False, ["abc"], [broken])


@pytest.mark.slow
def test_a_browser_shows_codes_that_can_be_read(tmp_path):
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no browser")
    page = poster()
    (tmp_path / "page.svg").write_text(drawn(page), encoding="utf-8")
    (tmp_path / "page.html").write_text("<body style='margin:0'><img src='page.svg' style='width:1240px'>", encoding="utf-8")
    shot = tmp_path / "shot.png"
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1240,1754"]
    subprocess.run(
        [*command, f"--screenshot={shot}", f"file://{tmp_path}/page.html"], check=True, capture_output=True, timeout=120
    )
    picture = Image.open(BytesIO(shot.read_bytes()))
    assert {found.text for found in zxingcpp.read_barcodes(picture)} == {code.address for code in page.codes}
