"""A morning in the sample hospital, for pictures and for looking: nobody in it is real."""

from __future__ import annotations

from dataclasses import dataclass

from ward import Ward, utc_now

from bot.handoff import moving


@dataclass(frozen=True)
class Cases:
    """The numbers of the cases. `talk`: a nurse, the bot and notes are in it; `arabic`: the patient writes from right to left."""

    talk: int
    arabic: int
    all: tuple[int, ...]


TALK: dict[str, tuple[list[str], list[tuple[str, str]], str, str, str]] = {
    "en": (
        [
            "Hello, my daughter has had a fever since Monday and now a rash",
            "She is 4. It does not go away when I press a glass on it",
            "She drinks little",
        ],
        [
            ("How old is she, and does the rash fade when you press a glass on it?", "question"),
            ("Please go to the emergency department now.", "result"),
            ("I have asked a nurse to look at your messages.", "notice"),
        ],
        "Called paediatrics: they expect her, entrance south.",
        "Please set off now. I have told the emergency department that you are coming.",
        "We are on our way, thank you",
    ),
    "zh-Hans": (
        ["您好，我女儿从星期一开始发烧，现在身上起了疹子", "她4岁，用玻璃杯压上去疹子也不退", "她不太肯喝水"],
        [
            ("她几岁？用玻璃杯压疹子，会不会退色？", "question"),
            ("请现在就去急诊科。", "result"),
            ("我已经请护士来看您的消息。", "notice"),
        ],
        "已打电话给儿科急诊，他们在等，走南门。",
        "请现在就出发，我已经告诉急诊科你们要来。",
        "我们在路上了，谢谢",
    ),
    "ar": (
        [
            "مرحبًا، ابنتي عندها حرارة منذ يوم الإثنين والآن ظهر طفح",
            "عمرها 4 سنوات، والطفح لا يختفي عندما أضغط عليه بكأس زجاجي",
            "تشرب قليلًا",
        ],
        [
            ("كم عمرها؟ وهل يختفي الطفح عند الضغط عليه بكأس زجاجي؟", "question"),
            ("اذهب الآن إلى قسم الطوارئ من فضلك.", "result"),
            ("طلبت من ممرضة أن تنظر في رسائلك.", "notice"),
        ],
        "اتصلت بطوارئ الأطفال، إنهم بانتظارها، المدخل الجنوبي.",
        "انطلقوا الآن من فضلكم، أخبرت قسم الطوارئ أنكم قادمون.",
        "نحن في الطريق، شكرًا",
    ),
}


def sample(ward: Ward, language: str = "en") -> Cases:
    """Fill the ward. Ana has the talk; Ben and Mei are colleagues on duty."""
    ward.hire("ben", name="Ben Osei")
    ward.hire("mei", name="王美", language="zh-Hans", duty="break")
    chest = ward.case(
        ["I feel a tight pressure in my chest and my left arm is numb", "Since this morning, on the stairs"],
        level="E1", reason="red_flag", minutes=2,
        answers=[("This may be an emergency. Please call an ambulance now: 120.", "emergency")],
    )  # fmt: skip
    crisis = ward.case(["我撑不下去了，不想活了"], language="zh-Hans", level="U", reason="crisis", crisis=True, minutes=3)
    said, answers, note, reply, thanks = TALK.get(language, TALK["en"])
    own = language if language in TALK else "en"
    talk = ward.case(said, level="E2", language=own, reason="red_flag", minutes=14, answers=answers)  # type: ignore[arg-type]
    arabic = ward.case(
        ["السلام عليكم، أريد أن أتحدث مع ممرضة", "موعد والدي في العيادة غدًا ولا أعرف المكان"],
        language="ar",
        level="R",
        minutes=37,
    )
    german = ward.case(
        ["Seit der Operation schmerzt die Narbe beim Treppensteigen"],
        language="de",
        level="R",
        reason="misunderstood",
        minutes=52,
    )
    taiwan = ward.case(
        ["請問掛號要去哪裡？", "等了很久都沒有人回覆"], language="zh-Hant", level="INFO", reason="complaint", minutes=75
    )
    ward.claim(german, "ben")
    ward.note(talk, note, "ben")
    ward.claim(talk, "ana")
    ward.reply(talk, reply, "ana")
    ward.says(talk, thanks)
    ward.write(
        lambda work: moving.transfer(
            work, taiwan, who="ben", team="nurses", note="", now=utc_now(), phrases=ward.content.phrases, teams=ward.content.teams
        )
    )
    return Cases(talk, arabic, (chest, crisis, talk, arabic, german, taiwan))
