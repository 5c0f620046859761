"""What is found by what: any two Chinese characters in either script, words in any spelling, German compounds by their parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff import refs
from bot.handoff.refs import Ref
from bot.privacy.encryption import Cipher, new_key
from bot.search import tokens
from bot.search.tokens import hasher, spans, terms_of, tokens_of, version_of


def finds(query: str, text: str) -> bool:
    """Whether the index leads from the query to the text, and the words agree."""
    terms = terms_of(query)
    wanted = {token for term in terms for token in term.tokens}
    return bool(terms) and wanted <= tokens_of(text) and spans(text, terms) is not None


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("头痛", "我从昨天开始头痛"),
        ("天开始头", "我从昨天开始头痛"),
        ("頭痛", "我从昨天开始头痛"),
        ("头痛", "我從昨天開始頭痛"),
        ("呕吐", "小孩一直嘔吐"),
        ("胸闷", "胸悶,喘不过气"),
        ("CT检查", "明天做ＣＴ检查"),
        ("38", "发烧38.5度"),
        ("٣٨", "حرارتي 38 درجة"),
        ("Fever", "a FEVER since monday"),
        ("feve", "feverish"),
        ("rücken", "Mein Ruecken tut weh"),
        ("ruecken", "Mein Rücken tut weh"),
        ("Rucken", "Mein Rücken tut weh"),
        ("Übelkeit", "Uebelkeit und Erbrechen"),
        ("Uebelkeit", "mir ist nicht gut, ÜBELKEIT"),
        ("strasse", "auf der Straße gestürzt"),
        ("schmerzen", "Seit gestern Rückenschmerzen"),
        ("kopf", "Kopfschmerzen"),
        ("cafe", "nach dem Café"),
        ("cafe", "nach dem Cafe\u0301"),
        ("صداع", "عندي صُداع شديد"),
        ("صداع", "الصداع لا يتركني"),
        ("صداع", "تعبت من التعب والصداع"),
        ("الصداع", "عندي صداع"),
        ("ألم", "أشعر بألم في صدري"),
        ("الم", "ألم وتعب"),
        ("حمى", "ابني عنده حمي"),
        ("حرارة", "حراره عاليه"),
        ("head pain", "pain in my head"),
        ("ct", "the CT was fine"),
        ("a17", "see A17"),
    ],
)
def test_found(query, text):
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("头疼", "我头痛"),
        ("痛头", "头痛"),
        ("头肚", "头痛 肚子痛"),
        ("ct", "the doctor"),
        ("ear", "my heart"),
        ("pain fever", "pain only"),
        ("schmerzlos", "schmerzen"),
        ("صداع", "عندي سعال"),
        ("痛", "头痛"),
        ("", "anything"),
        ("?!", "really?!"),
    ],
)
def test_not_found(query, text):
    assert not finds(query, text)


@pytest.mark.parametrize(
    ("query", "text", "said"),
    [
        ("頭痛", "医生，我头痛得厉害", ["头痛"]),
        ("schmerzen", "Seit gestern Rückenschmerzen!", ["schmerzen"]),
        ("ruecken", "Mein Rücken tut weh", ["Rücken"]),
        ("rücken", "Mein Ruecken tut weh", ["Ruecken"]),
        ("صداع", "عندي الصُّداع", ["صُّداع"]),
        ("ct", "doctor wants a CT", ["CT"]),
        ("b a1", "a1 b", ["a1", "b"]),
    ],
)
def test_the_place_is_told_in_the_patients_own_characters(query, text, said):
    found = spans(text, terms_of(query))

    assert found is not None and [text[start:end] for start, end in found] == said


_ALPHABET = "头痛發烧胸悶ab üßeÄoulqSchmerzen 37 صداعالو,。ｃ\u0301\ud800"


@given(st.text(alphabet=_ALPHABET, max_size=60), st.data())
def test_every_chinese_part_of_two_characters_leads_to_its_text(text, data):
    runs = [match.group() for match in tokens._RUN.finditer(text) if match["chinese"] and len(match.group()) > 1]
    if runs:
        run = data.draw(st.sampled_from(runs))
        start = data.draw(st.integers(0, len(run) - 2))
        assert finds(run[start : data.draw(st.integers(start + 2, len(run)))], text)


@given(st.text(alphabet=_ALPHABET, max_size=60))
def test_a_message_finds_itself_and_nothing_breaks_the_reading(text):
    terms = terms_of(text)

    assert {token for term in terms for token in term.tokens} <= tokens_of(text)
    assert spans(text, terms) is not None


def test_tokens_mean_nothing_without_the_key_and_survive_a_rotation_of_the_other_keys():
    one, rotated, other = Cipher([new_key()], "lookup"), Cipher([new_key()], "lookup"), Cipher([new_key()], "other")
    words = tokens_of("fever 头痛")

    assert hasher(one)(words) == hasher(rotated)(words) and version_of(one) == version_of(rotated)
    assert not hasher(one)(words) & hasher(other)(words) and version_of(one) != version_of(other)
    assert all(-(1 << 63) <= token < 1 << 63 for token in hasher(one)(words))


@given(st.sampled_from(refs.KINDS), st.integers(0, (1 << 30) - 1), st.datetimes(timezones=st.just(refs.timezone.utc)))
def test_a_reference_gives_back_its_message_and_fits_the_column(kind, number, at):
    ref = refs.ref_of(kind, number, at)

    assert refs.read_ref(ref) == Ref(kind, number) and 0 <= ref < refs.LAST


def test_references_sort_by_time_whatever_the_kind():
    early, late = (refs.datetime(2026, 11, day, tzinfo=refs.timezone.utc) for day in (1, 2))

    assert refs.ref_of("note", 5, late) > refs.ref_of("in", 900_000, early)
