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


def sample(ward: Ward) -> Cases:
    """Fill the ward. Ana has the talk; Ben and Mei are colleagues on duty."""
    ward.hire("ben", name="Ben Osei")
    ward.hire("mei", name="王美", language="zh-Hans", duty="break")
    chest = ward.case(
        ["I feel a tight pressure in my chest and my left arm is numb", "Since this morning, on the stairs"],
        level="E1", reason="red_flag", minutes=2,
        answers=[("This may be an emergency. Please call an ambulance now: 120.", "emergency")],
    )  # fmt: skip
    crisis = ward.case(["我撑不下去了，不想活了"], language="zh-Hans", level="U", reason="crisis", crisis=True, minutes=3)
    talk = ward.case(
        ["Hello, my daughter has had a fever since Monday and now a rash", "She is 4. It does not go away when I press a glass on it", "She drinks little"],
        level="E2", reason="red_flag", minutes=14,
        answers=[
            ("How old is she, and does the rash fade when you press a glass on it?", "question"),
            ("Please go to the emergency department now.", "result"),
            ("I have asked a nurse to look at your messages.", "notice"),
        ],
    )  # fmt: skip
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
    ward.note(talk, "Called paediatrics: they expect her, entrance south.", "ben")
    ward.claim(talk, "ana")
    ward.reply(talk, "Please set off now. I have told the emergency department that you are coming.", "ana")
    ward.says(talk, "We are on our way, thank you")
    ward.write(
        lambda work: moving.transfer(
            work, taiwan, who="ben", team="nurses", note="", now=utc_now(), phrases=ward.content.phrases, teams=ward.content.teams
        )
    )
    return Cases(talk, arabic, (chest, crisis, talk, arabic, german, taiwan))
