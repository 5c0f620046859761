"""Words that say that help has come, in five languages; a question and "not here yet" say no such thing."""

from __future__ import annotations

import pytest

from bot.triage.helped import has_been_helped


@pytest.mark.parametrize(
    "text",
    [
        "ok the ambulance was here, it was only a pulled muscle, he is fine now",
        "the paramedics have been here",
        "we are at the hospital now",
        "the ambulance came. Can I ask something else?",
        "the doctor said it is not the heart",
        "der Notarzt war da, war nur eine Zerrung, es geht ihm gut",
        "wir sind jetzt im Krankenhaus",
        "ich war in der Notaufnahme",
        "救护车来过了 医生说是肌肉拉伤 现在没事了",
        "我们已经在医院了",
        "救護車來過了 醫師說是肌肉拉傷 現在沒事了",
        "我們已經到急診了",
        "جاء الإسعاف وقالوا شد عضلي وهو بخير الآن",
        "نحن في المستشفى الآن",
        "I went to the doctor, he said it is a slipped disc",
        "我去看了医生 说是腰椎间盘突出",
        "我去看了醫師 說是椎間盤突出",
        "رحت للدكتور وقال ديسك",
    ],
)
def test_help_that_has_come_is_heard(text):
    assert has_been_helped(text)


@pytest.mark.parametrize(
    "text",
    [
        "the ambulance is not here yet",
        "is the ambulance here?",
        "has the ambulance come?",
        "when does the ambulance come",
        "should I go to the hospital",
        "I don't want to go to the hospital",
        "der Krankenwagen ist noch nicht da",
        "ist der Notarzt schon da?",
        "ich will nicht ins Krankenhaus",
        "wie komme ich ins Krankenhaus",
        "救护车还没来",
        "救护车来了吗",
        "我不想去医院",
        "我要去看医生吗",
        "which doctor should I see",
        "I have not seen a doctor",
        "救護車還沒到",
        "لم يصل الإسعاف",
        "الإسعاف ما وصل",
        "هل وصل الإسعاف؟",
    ],
)
def test_help_that_has_not_come_is_not(text):
    assert not has_been_helped(text)
