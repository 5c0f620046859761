"""Files that leave and come back: what was written is read, and what is none of ours is refused in a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exchange import po, rasa_yaml, xliff
from bot.exchange.problems import ExchangeProblem
from bot.exchange.reading import read_units
from bot.exchange.sheets import read_sheet, write_csv, write_xlsx
from bot.exchange.translations import Translation, language_of, stamp_of
from bot.exchange.units import Example, Unit
from bot.languages import LANGUAGES
from tests.exchange.samples import sample_examples, sample_folder, sample_units

# Letters of all kinds but control characters and halves of pairs, which no file of these kinds can hold.
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\u2028\u2029\ufffe\uffff"), min_size=1, max_size=40)  # fmt: skip
LINE = WORDS.map(str.strip).filter(bool)


def unit(en: str, de: str) -> Unit:
    return Unit("content/phrases/x.yml", ("entries", "x"), {"en": en, "de": de}, {"en": ("entries", "x", "en"), "de": ("entries", "x", "de")})  # fmt: skip


def test_texts_are_found_in_packs_and_responses_and_nowhere_else(tmp_path):
    found = {one.id: one for one in sample_units(tmp_path)}
    assert set(found) == {
        "content/phrases/greeting.yml#entries/hello",
        "content/triage/questions.yml#entries/chest/choices/yes",
        "domain/responses/small_talk.yml#responses/utter_thanks/0",
    }
    thanks = found["domain/responses/small_talk.yml#responses/utter_thanks/0"]
    assert thanks.texts == {"en": "You are welcome.", "de": "Gern geschehen."}
    assert thanks.places["de"] == ("responses", "utter_thanks", 1, "text")


def test_what_a_file_repeats_by_its_name_is_one_text(tmp_path):
    folder = sample_folder(tmp_path)
    steps = "pack: plans\nentries:\n  a:\n    - {id: one, text: &hello {zh-Hans: 好, zh-Hant: 好, en: Hi, de: Ho, ar: مرحبا}}\n    - {id: two, text: *hello}\n"
    folder.path("content/followup/plans.yml").parent.mkdir()
    folder.path("content/followup/plans.yml").write_text(steps, encoding="utf-8")
    assert [one.where for one in read_units(folder, "clinical") if one.file.endswith("plans.yml")] == [
        ("entries", "a", 0, "text")
    ]


def test_a_scope_holds_its_own_texts_only(tmp_path):
    folder = sample_folder(tmp_path)
    assert [one.file for one in read_units(folder, "clinical")] == ["content/triage/questions.yml"]
    assert not read_units(folder, "answers")


def test_a_stamp_changes_with_any_of_the_texts_and_only_then():
    assert unit("a", "b").stamp == unit("a", "b").stamp
    assert len({unit("a", "b").stamp, unit("a", "c").stamp, unit("b", "b").stamp}) == 3


def test_examples_are_read_with_their_file_and_no_regular_expression_among_them(tmp_path):
    found = sample_examples(tmp_path)
    assert Example("ask_faq", "zh-Hans", "在哪里停车", "data/nlu/zh-Hans/faq.yml") in found
    assert {one.intent for one in found} == {"ask_faq", "thank"} and len(found) == 4


@given(st.lists(st.tuples(LINE, LINE), min_size=1, max_size=5))
def test_a_table_comes_back_as_it_left(rows):
    for written in (write_csv(("text", "other"), rows), write_xlsx(("text", "other"), rows, title="t")):
        sheet = read_sheet(written)
        assert sheet.head == ("text", "other") and list(sheet.rows) == rows


@pytest.mark.parametrize("cell", ["=1+1", "+49 30 1", "-cmd", "@SUM(A1)"])
def test_no_cell_is_a_formula_for_whoever_opens_it(cell):
    from openpyxl import load_workbook

    assert f"'{cell}" in write_csv(("text",), [[cell]]).decode()
    stored = load_workbook(io.BytesIO(write_xlsx(("text",), [[cell]], title="t"))).worksheets[0]["A2"]
    assert stored.data_type == "s" and stored.value == f"'{cell}"


def test_a_table_of_another_shape_of_csv_is_read_too():
    assert read_sheet(b"Intent;Text\nthank;danke, sehr\n").columns(("text", "none")) == [["danke, sehr", ""]]


@pytest.mark.parametrize(
    ("file", "key"),
    [
        (b"", "empty"),
        ("text\n问题".encode("gb18030"), "encoding"),
        (b"PK\x03\x04 not a zip", "unreadable"),
        (b'a,"b\nc', "unreadable"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(file, key):
    with pytest.raises(ExchangeProblem) as problem:
        read_sheet(file)
    assert problem.value.key == f"exchange_{key}"


def test_a_spreadsheet_that_unpacks_to_gigabytes_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (201 * 1024 * 1024))
    with pytest.raises(ExchangeProblem) as problem:
        read_sheet(out.getvalue())
    assert problem.value.key == "exchange_many"


def test_rasa_reads_what_is_written_and_so_do_we(tmp_path):
    english = [one for one in sample_examples(tmp_path) if one.language == "en"]
    written = rasa_yaml.write(english)
    assert [(one.intent, one.text) for one in rasa_yaml.read(written, "en")] == [(one.intent, one.text) for one in english]
    assert written.startswith(b'version: "3.1"\n')


def test_examples_in_rasas_long_form_are_read_too():
    file = b"nlu:\n- intent: thank\n  examples:\n  - text: |\n      many thanks\n  - thanks\n"
    assert [one.text for one in rasa_yaml.read(file, "en")] == ["many thanks", "thanks"]


@pytest.mark.parametrize("file", [b"\xff\xfe", b"nlu: [", b"[]", b"nlu: 3", b'version: "3.1"'])
def test_yaml_without_examples_is_refused(file):
    with pytest.raises(ExchangeProblem):
        rasa_yaml.read(file, "en")


@given(LINE, LINE)
def test_a_translation_comes_back_from_xliff_and_po(en, de):
    text = unit(en, de)
    expected = (Translation(text.id, "de", en, de, was=stamp_of(de)),)
    assert xliff.read(xliff.write([text], source="en", target="de")) == expected
    assert po.read(po.write([text], source="en", target="de")) == expected


@pytest.mark.parametrize("target", LANGUAGES)
def test_every_language_finds_its_way_back(target, tmp_path):
    texts = [one for one in sample_units(tmp_path) if len(one.texts) == 5]
    source = "en" if target != "en" else "de"
    for found in (
        xliff.read(xliff.write(texts, source=source, target=target)),
        po.read(po.write(texts, source=source, target=target)),
    ):
        assert {one.language for one in found} == {target} and [one.text for one in found] == [one.texts[target] for one in texts]


def test_texts_that_lack_the_source_are_left_out(tmp_path):
    thanks = [one for one in sample_units(tmp_path) if "responses" in one.file]
    with pytest.raises(ExchangeProblem):
        xliff.read(xliff.write(thanks, source="ar", target="en"))


def test_xliff_2_tags_of_tools_and_offered_matches_are_understood():
    file = b"""<?xml version="1.0"?><xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="zh-TW">
      <file id="f"><unit id="a#b"><segment><source>Hello <ph id="1"/>you</source><target>\xe4\xbd\xa0<ph id="1"/>\xe5\xa5\xbd</target></segment>
      <matches><target>no word of ours</target></matches></unit></file></xliff>"""
    assert xliff.read(file) == (Translation("a#b", "zh-Hant", "Hello you", "你好"),)


@pytest.mark.parametrize(
    ("file", "key"),
    [
        (b"<xliff", "unreadable"),
        (b"<xliff/>", "empty"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><xliff>&a;</xliff>', "entities"),
        (b'<xliff><file target-language="fr"><body><trans-unit id="a"/></body></file></xliff>', "language"),
        (b'<xliff><file><body><trans-unit id="a"/></body></file></xliff>', "language"),
    ],
)
def test_xml_that_is_none_of_ours_is_refused(file, key):
    with pytest.raises(ExchangeProblem) as problem:
        xliff.read(file)
    assert problem.value.key == f"exchange_{key}"


def test_what_a_translator_marked_as_unsure_is_not_taken():
    written = po.write([unit("Hello", "Hallo")], source="en", target="de").replace(b"#: content", b"#, fuzzy\n#: content")
    assert [one.text for one in po.read(written)] == [""]


@pytest.mark.parametrize(("code", "language"), [("zh_TW", "zh-Hant"), ("zh", "zh-Hans"), ("zh_Hant_TW", "zh-Hant"), ("de-AT", "de"), ("ar", "ar"), ("zh-CN", "zh-Hans")])  # fmt: skip
def test_codes_of_other_tools_are_understood(code, language):
    assert language_of(code) == language


@pytest.mark.parametrize("code", ["fr", "", None, "english"])
def test_languages_that_we_do_not_speak_are_refused(code):
    with pytest.raises(ExchangeProblem):
        language_of(code)
