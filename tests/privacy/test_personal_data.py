"""Personal data are masked in five languages; what a nurse needs to read stays."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages import LANGUAGES
from bot.privacy import personal_data
from bot.privacy.personal_data import find, mask

HIDDEN = [
    ("zh-Hans", "我叫王小明，头疼三天了", "王小明"), ("zh-Hans", "患者李华，女，45岁", "李华"), ("zh-Hans", "张医生说要复查", "张"), ("zh-Hans", "我的手机13912345678，请回电", "13912345678"),
    ("zh-Hans", "座机010-62345678", "010-62345678"), ("zh-Hans", "邮箱 xiaoming_w@example.com", "xiaoming_w@example.com"), ("zh-Hans", "身份证11010519491231002X", "11010519491231002X"),
    ("zh-Hans", "病历号A0039212，想查报告", "A0039212"), ("zh-Hans", "住院号：20231187", "20231187"), ("zh-Hans", "我微信号wx_mingming88", "wx_mingming88"), ("zh-Hans", "加我qq 12345678", "12345678"),
    ("zh-Hans", "我住在朝阳区幸福路88号3号楼502室", "幸福路88号3号楼502室"), ("zh-Hans", "生日1985年3月12日", "1985年3月12日"), ("zh-Hans", "银行卡6222021234567890128", "6222021234567890128"), ("zh-Hans", "电话１３９１２３４５６７８", "１３９１２３４５６７８"),
    ("zh-Hant", "我叫陳美玲，肚子痛", "陳美玲"), ("zh-Hant", "林小姐要掛號", "林"), ("zh-Hant", "手機0912-345-678", "0912-345-678"), ("zh-Hant", "身分證A123456789", "A123456789"), ("zh-Hant", "病歷號碼：1234567", "1234567"),
    ("zh-Hant", "地址是台北市大安區和平東路二段100號5樓", "大安區和平東路二段100號5樓"), ("zh-Hant", "LINE ID meiling_c77", "meiling_c77"), ("zh-Hant", "民國75年6月1日出生", "民國75年6月1日"),
    ("en", "My name is Alice Carter and I feel sick", "Alice Carter"), ("en", "this is John", "John"), ("en", "Dr. Patel saw me", "Patel"), ("en", "I'm Mary Jones, 34", "Mary Jones"), ("en", "call me on +44 20 7946 0958", "+44 20 7946 0958"),
    ("en", "phone (212) 555-0147", "(212) 555-0147"), ("en", "mail: a.carter@example.org", "a.carter@example.org"), ("en", "MRN 00483921", "00483921"), ("en", "I live at 12 Baker Street, London", "12 Baker Street"), ("en", "dob 12/03/1985", "12/03/1985"),
    ("en", "born on March 3, 1990 and still in pain", "March 3, 1990"), ("en", "passport number X1234567", "X1234567"), ("en", "my card 4111 1111 1111 1111", "4111 1111 1111 1111"), ("en", "see https://example.com/me?id=5", "https://example.com/me?id=5"), ("en", "IBAN GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"), ("en", "my neighbour Peter Brown drove me", "Peter Brown"),
    ("de", "Ich heiße Jürgen Müller und habe Fieber", "Jürgen Müller"), ("de", "Frau Schneider hat angerufen", "Schneider"), ("de", "Mein Name ist Anna von Berg", "Anna von Berg"), ("de", "Handy 0176 12345678", "0176 12345678"), ("de", "erreichbar unter 030/1234567", "030/1234567"),
    ("de", "wohne Hauptstraße 12a, 10115 Berlin", "Hauptstraße 12a, 10115 Berlin"), ("de", "geboren am 12.03.1985", "12.03.1985"), ("de", "Versichertennummer A123456780", "A123456780"), ("de", "Patientennummer: 88-4711", "88-4711"), ("de", "Mit freundlichen Grüßen Karl Weber", "Karl Weber"), ("de", "DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
    ("ar", "اسمي أحمد علي وعندي صداع", "أحمد علي"), ("ar", "الدكتورة سارة قالت", "سارة"), ("ar", "رقمي 0551234567", "0551234567"), ("ar", "جوالي ٠٥٥١٢٣٤٥٦٧", "٠٥٥١٢٣٤٥٦٧"), ("ar", "رقم الملف 55821", "55821"), ("ar", "بريدي ahmad@example.com", "ahmad@example.com"),
    ("ar", "تاريخ الميلاد 12/03/1985", "12/03/1985"), ("ar", "رقم الهوية 1023456789", "1023456789"), ("ar", "شارع النيل عمارة 12 شقة 4", "شارع النيل عمارة 12 شقة 4"),
]  # fmt: skip
READABLE = [
    ("zh-Hans", "血压150/95，心率88，吃了氨氯地平5mg"), ("zh-Hans", "3月15号复诊，上午8:30"), ("zh-Hans", "血小板 12000000，HCG 12345678"), ("zh-Hans", "我是糖尿病，今年45岁"), ("zh-Hans", "2024-03-15做的手术"), ("zh-Hans", "我叫了救护车"), ("zh-Hans", "心内科在几楼"), ("zh-Hans", "打120"),
    ("zh-Hant", "血糖126，體重60公斤"), ("zh-Hant", "下午3點的門診，3/15回診"), ("zh-Hant", "我是護理師"), ("zh-Hant", "吃了普拿疼500毫克"),
    ("en", "bp 150/95, temp 101.3, took 400 mg ibuprofen"), ("en", "appointment on 12/03/2025 at 10:30"), ("en", "I'm diabetic and 45"), ("en", "surgery in 2019, pain 8/10"), ("en", "My Blood Pressure was high on Monday"), ("en", "call 911 or 112"), ("en", "I am Pregnant"),
    ("de", "Blutdruck 150/95, Puls 76, 5 mg Ramipril"), ("de", "Termin am 12.03.2025 um 10:15"), ("de", "Ich bin Diabetiker und 45 Jahre alt"), ("de", "Ich heiße das nicht gut"), ("de", "Leukozyten 12000000"), ("de", "Die Frau hat Fieber"),
    ("ar", "الضغط 150/95 والسكر 126"), ("ar", "الموعد يوم 12/03/2025 الساعة 10:30"), ("ar", "عمري 45 سنة وعندي سكري"), ("ar", "أخذت 500 ملغ بنادول"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "secret"), HIDDEN)
def test_a_patients_own_data_do_not_stay_in_the_text(language, text, secret):
    masked = mask(text, language)

    assert secret not in masked.text and "[" in masked.text
    assert any(text[span.start : span.end].strip() == secret or secret in text[span.start : span.end] for span in masked.spans)


@pytest.mark.parametrize(("language", "text"), READABLE)
def test_readings_doses_visits_and_ages_stay_readable(language, text):
    assert mask(text, language).text == text


def test_the_words_around_what_is_masked_stay():
    assert (
        mask("My name is Alice Carter, my chest hurts, call +44 20 7946 0958 please", "en").text
        == "My name is [name], my chest hurts, call [phone] please"
    )
    assert mask("我叫王小明，胸口疼，电话13912345678", "zh-Hans").text == "我叫[姓名]，胸口疼，电话[电话]"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_name_in_every_language(language):
    assert all(label[language] for label in personal_data._LABELS.values())


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (personal_data.is_chinese_id, "11010519491231002X", "110105194912310021"),
        (personal_data.is_card, "4111111111111111", "4111111111111112"),
        (personal_data.is_iban, "DE89370400440532013000", "DE89370400440532013001"),
        (personal_data.is_taiwan_id, "A123456789", "A123456788"),
        (personal_data.is_german_health_number, "A123456780", "A123456781"),
    ],
)
def test_a_number_with_a_wrong_check_digit_is_told_apart(check, right, wrong):
    assert check(right) and not check(wrong)


@given(st.text(max_size=400), st.sampled_from(LANGUAGES))
@settings(max_examples=120)
def test_no_text_breaks_the_masking_and_spans_never_overlap(text, language):
    spans = find(text, language)

    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


def test_a_hotline_stays_readable_behind_the_word_line_and_an_account_does_not():
    public = frozenset({"12356"})

    assert mask("You can call the crisis line 12356 now", "en", public=public).text == "You can call the crisis line 12356 now"
    assert "98765" not in mask("My line: 98765", "en", public=public).text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-Hans", "+86\u00a0138\u00a01234\u00a05678"),
        ("zh-Hans", "138\u200b1234\u200b5678"),
        ("zh-Hant", "0912\u2011345\u2011678"),
        ("de", "+49\u202f151\u202f2345\u202f678"),
        ("ar", "\u202a+966\u00a050\u00a0123\u00a04567\u202c"),
        ("ar", "٠٥٠\u200f١٢٣\u200f٤٥٦٧"),
    ],
)
def test_a_number_as_a_phone_copies_it_is_masked(language, text):
    assert not re.search(r"\d", mask(text, language).text)


@pytest.mark.parametrize("text", ["138\u202f/\u202f92", "112\u00a0mg/dl", "38,5\u00a0°C"])
def test_a_reading_with_such_blanks_stays_readable(text):
    assert mask(text, "de").text == text
