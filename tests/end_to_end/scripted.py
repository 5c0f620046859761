"""An assistant that answers from a script: what the page does is tested here, not what the model understands."""

from __future__ import annotations

import asyncio

from bot.followup.showing import table_lines
from bot.inbox.assistant import AssistantUnavailable
from bot.languages import Language
from bot.messages import Answer, Button, Card, Level, Place, Reply, Turn
from tests.followup.courses import PRESSURES, course, picture_reply, saying

QUESTION: dict[Language, tuple[str, tuple[str, str, str]]] = {
    "zh-Hans": ("从什么时候开始的？", ("今天", "几天了", "更久")),
    "zh-Hant": ("從什麼時候開始的？", ("今天", "幾天了", "更久")),
    "en": ("Since when?", ("Today", "A few days", "Longer")),
    "de": ("Seit wann?", ("Heute", "Seit einigen Tagen", "Länger")),
    "ar": ("منذ متى؟", ("اليوم", "منذ أيام", "أطول من ذلك")),
}
RESULT: dict[Language, dict[str, str]] = {
    "zh-Hans": {
        "headline": "请在 24 小时内看耳鼻喉科",
        "name": "耳鼻咽喉科",
        "where": "门诊楼 B 座 3 层",
        "hours": "周一至周五 8:00–17:00",
        "because": "“耳朵疼了三天”",
        "watch": "耳朵后面红肿，或发高烧",
    },
    "zh-Hant": {
        "headline": "請在 24 小時內看耳鼻喉科",
        "name": "耳鼻喉科",
        "where": "門診大樓 B 棟 3 樓",
        "hours": "週一至週五 8:00–17:00",
        "because": "「耳朵痛了三天」",
        "watch": "耳朵後面紅腫，或發高燒",
    },
    "en": {
        "headline": "Please see an ear specialist within 24 hours",
        "name": "Ear, nose and throat",
        "where": "Outpatient building B, 3rd floor",
        "hours": "Monday to Friday 8:00–17:00",
        "because": "“I have had an earache for three days”",
        "watch": "Redness and swelling behind the ear, or a high fever",
    },
    "de": {
        "headline": "Bitte innerhalb von 24 Stunden in die HNO-Abteilung",
        "name": "Hals-Nasen-Ohren-Heilkunde",
        "where": "Ambulanzgebäude B, 3. Stock",
        "hours": "Montag bis Freitag 8–17 Uhr",
        "because": "„Ich habe seit drei Tagen Ohrenschmerzen“",
        "watch": "Rötung und Schwellung hinter dem Ohr oder hohes Fieber",
    },
    "ar": {
        "headline": "راجع عيادة الأنف والأذن والحنجرة خلال 24 ساعة",
        "name": "الأنف والأذن والحنجرة",
        "where": "مبنى العيادات الخارجية B، الطابق 3",
        "hours": "من الاثنين إلى الجمعة 8:00–17:00",
        "because": "«أذني تؤلمني منذ ثلاثة أيام»",
        "watch": "احمرار وتورم خلف الأذن أو حرارة مرتفعة",
    },
}
EVIL = '<img src=x onerror="document.title=1"><b>bold</b> javascript:alert(1)'


class Scripted:
    """Asks "since when?" first and then gives a result; a greeting and words in capitals get something else."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.up = True
        self.held = False  # while true, no answer is ready
        self._asked: set[str] = set()

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn from the script."""
        if not self.up:
            raise AssistantUnavailable("Scripted")
        self.turns.append(turn)
        while self.held:
            await asyncio.sleep(0.02)
        said = _in_capitals(turn)
        if said is not None:
            return Answer((said,))
        if turn.conversation_id in self._asked:
            self._asked.discard(turn.conversation_id)
            return Answer((result(turn.language),))
        self._asked.add(turn.conversation_id)
        text, titles = QUESTION[turn.language]
        buttons = tuple(Button(title, f"onset:{number}") for number, title in enumerate(titles))
        return Answer((Reply(text, kind="question", buttons=buttons),))

    async def ready(self) -> bool:
        """Return whether it is up."""
        return self.up


def _in_capitals(turn: Turn) -> Reply | None:
    """Return what is answered to a greeting or to words in capitals, None to others."""
    word, _, rest = turn.text.partition(" ")
    if turn.text in ("hello", "thank you"):
        return Reply("OK")
    if word == "ECHO":
        return Reply(rest)
    if word == "LEVEL":
        return result(turn.language, level=rest)  # type: ignore[arg-type]
    if word == "CHART":
        lines = table_lines(course(PRESSURES), saying(turn.language))
        return picture_reply(turn.language, text="\n".join(lines))
    return Reply(EVIL, buttons=(Button(EVIL, "evil"),)) if word.startswith("EVIL") else None


def result(language: Language, *, level: Level = "U") -> Reply:
    """Return a result with a card."""
    words = RESULT[language]
    place = Place("ENT", words["name"], words["where"], words["hours"])
    card = Card(level, words["headline"], (place,), (words["because"],), (words["watch"],))
    # Only the levels that need it name a number, as the real results do.
    call = ["120"] if level in ("E1", "E2") else []
    lines = [words[key] for key in ("headline", "name", "where", "hours", "because", "watch")] + call
    return Reply("\n".join(lines), kind="result", card=card)
