"""Crises that no single word tells, and words of a crisis that are none in their frame."""

from __future__ import annotations

import pytest

from bot.languages import Language
from bot.triage.crisis import _TOGETHER
from bot.triage.reading import CRISIS, read
from tests.contents import the_content

TABLES = the_content().triage


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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "My son has locked himself in the bathroom. There is blood coming under the door."),
        ("en", "The voices tell me to hurt my mum and I'm losing control"),
        ("en", "Please don't ring me, he goes through my phone."),
        ("en", "He pockets leftovers and wears sandals in the snow."),
        ("de", "Die Stimmen sagen ich soll jemanden schubsen. Ich verliere die Kontrolle."),
        ("de", "Ich bin 15 und soll verheiratet werden."),
        ("de", "Ich hab ihn rausgeholt. Er sagt, nächstes Mal klappt es."),
        ("zh-Hans", "声音一直让我伤害家人，我快忍不住了"),
        ("zh-Hans", "我弟天天磨刀，说邻居在监视，要让他们付出代价"),
        ("zh-Hant", "請打字就好，他在旁邊聽"),
        ("zh-Hant", "我才十五，他們逼我結婚"),
        ("ar", "بنتي قافلة على نفسها الحمام، وفي دم تحت الباب"),
        ("ar", "لا تتصلوا، هو يفتش جوالي"),
    ],
)
def test_two_things_that_frighten_together_are_a_crisis(language, text):
    assert _is_crisis(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "My toddler locked himself in the bathroom, the neighbour opened it and he is fine"),
        ("en", "please don't ring before five, I work nights"),
        ("en", "Every morning I wake and the cough is still there"),
        ("en", "My eczema itches, I scratch it raw at night and can't stop doing it"),
        ("de", "Bitte nicht anrufen, ich arbeite nachts"),
        ("de", "Mein Mann schleift Messer in der Küche und hat sich in den Daumen geschnitten"),
        ("zh-Hans", "医生开的药一粒没吃，现在开始吃还来得及吗"),
        ("zh-Hans", "宝宝在肚子里一直踹我肚子，三十周正常吗"),
        ("zh-Hant", "寶寶一直踢我肚子，三十週正常嗎"),
        ("ar", "عندي طنين، صوت في راسي من أسبوع"),
        ("ar", "لا تتصلوا قبل الخامسة، أنا في الدوام"),
    ],
)
def test_one_of_the_two_alone_is_everyday(language, text):
    assert not _is_crisis(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Every evening I pray to be taken"),
        ("de", "Ich bete, dass mich der liebe Gott holt"),
        ("zh-Hans", "求老天带我走"),
        ("zh-Hant", "求佛祖帶我走"),
        ("ar", "كل يوم بدعي ربنا ياخدني"),
    ],
)
def test_who_prays_to_be_taken_is_heard(language, text):
    assert _is_crisis(language, text)


def test_every_sign_is_in_the_lexicon_and_means_a_crisis():
    for meant, signs in _TOGETHER:
        assert meant in CRISIS
        assert all(TABLES.lexicon.concepts[f"crisis_{sign}"].kind == "part" for sign in signs)
