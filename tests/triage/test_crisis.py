"""Crises that no single word tells, and words of a crisis that are none in their frame."""

from __future__ import annotations

import pytest

from bot.content.load import load_content
from bot.languages import Language
from bot.settings import ROOT
from bot.triage.crisis import _TOGETHER
from bot.triage.reading import CRISIS, read

TABLES = load_content(ROOT / "content").triage


def _is_crisis(language: Language, text: str) -> bool:
    return read(text, language, lexicon=TABLES.lexicon).crisis


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Gave my dog to a neighbour last week, so the rent is paid and I gave away my books. Rent is paid up."),
        ("en", "The belt snapped. Now there are marks on my neck."),
        ("en", "She has little round scars on her arm. They look like cigarette burns to me."),
        ("de", "Die Miete bis März ist bezahlt. Die Katze ist jetzt bei meiner Nachbarin."),
        ("de", "Er fragt nach Klebeband für das Fenster. Und ob Holzkohle stark riecht."),
        ("zh-Hans", "密码都写在纸上了。我把猫送给邻居了。"),
        ("zh-Hans", "他问哪里能买到木炭。还问门缝用什么封。"),
        ("zh-Hant", "我太太昨天拿剪刀刺我。上次是用熱水潑我。"),
        ("ar", "الإيجار مدفوع لآخر السنة. وعطيت القطة لجارتي."),
        ("ar", "الحبل انقطع. وفي أثر على رقبتي."),
    ],
)
def test_weak_signs_in_different_sentences_are_a_crisis_together(language, text):
    assert _is_crisis(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The rent is paid, can I pay the hospital bill by card too?"),
        ("en", "The skipping rope snapped and hit my shin."),
        ("en", "We take out life insurance, do you do the medical for it?"),
        ("de", "Wir haben eine Lebensversicherung, was muss der Arzt ausfüllen?"),
        ("de", "Für die Feier brauchen wir Holzkohle, darf man auf dem Gelände grillen?"),
        ("zh-Hans", "木炭皂对皮肤好吗"),
        ("zh-Hant", "我太太想約健檢"),
        ("ar", "الإيجار مدفوع، هل أقدر أدفع فاتورة المستشفى بالبطاقة؟"),
    ],
)
def test_one_weak_sign_alone_is_none(language, text):
    assert not _is_crisis(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Do you have posters on suicide prevention for our school?"),
        ("de", "Haben Sie ein Plakat zum Thema Suizid für unsere Schule?"),
        ("zh-Hans", "学校要办预防自杀的讲座，可以请你们的医生吗"),
        ("zh-Hant", "想索取家暴防治的海報"),
        ("ar", "هل عندكم محاضرة عن الوقاية من الانتحار للمدارس؟"),
    ],
)
def test_who_teaches_or_prevents_is_in_no_crisis(language, text):
    assert not _is_crisis(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I volunteer at a helpline and I keep having thoughts of suicide"),
        ("en", "haha I want to die. how do I get to you"),
        ("en", "I saw your poster on domestic violence. My husband does that."),
        ("en", "my thesis is going badly and I want to end my life"),
        ("de", "Auf dem Plakat stand Suizid. Ich will nicht mehr leben."),
        ("de", "haha ich will sterben, welche Versicherung braucht man"),
        ("zh-Hans", "写论文写得不想活了"),
        ("zh-Hans", "不想活了哈哈，心理科怎么预约"),
        ("zh-Hant", "看到家暴防治的海報，我老公就是這樣打我"),
        ("ar", "أعمل بحث ماجستير وما أبي أعيش"),
        ("ar", "شفت محاضرة عن الانتحار وأنا أفكر في الانتحار"),
    ],
)
def test_who_is_in_a_crisis_is_heard_in_any_frame(language, text):
    assert _is_crisis(language, text)


def test_every_sign_is_in_the_lexicon_and_means_a_crisis():
    for meant, signs in _TOGETHER:
        assert meant in CRISIS
        assert all(TABLES.lexicon.concepts[f"crisis_{sign}"].kind == "part" for sign in signs)
