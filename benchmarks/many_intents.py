"""A hospital with very many intents: 2,000 of them, ten examples in each of five languages. Made up, and the same each time."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from bot.languages import LANGUAGES, Language
from bot.settings import ROOT

INTENTS, EXAMPLES, A_FILE = 2_000, 10, 100
_SYLLABLES: dict[Language, str] = {
    "zh-Hans": "门诊挂号检查报告药房病床护理预约住院出院复查体检疫苗牙科眼科骨科儿科产科费用发票医保地图停车餐厅探视轮椅翻译",
    "zh-Hant": "門診掛號檢查報告藥局病床護理預約住院出院複診健檢疫苗牙科眼科骨科兒科產科費用發票健保地圖停車餐廳探視輪椅翻譯",
    "en": "ba be bi bo da de di do fa fe ga go ka ke la le ma me na no pa pe ra re sa se ta te va vi wa zo",
    "de": "bach berg brück dorf feld furt hof holz kirch land markt mühl rot see stein tal wald weg weiß werk zell",
    "ar": "با بي تا تي جا حا خا دا را زا سا شا صا طا عا غا فا قا كا لا ما نا ها وا يا",
}
_FRAMES: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("请问{}在哪里", "我想了解{}", "{}怎么办理", "{}要多少钱", "今天可以{}吗", "{}需要带什么", "帮我查一下{}", "{}几点开始", "关于{}的问题", "可以取消{}吗"),
    "zh-Hant": ("請問{}在哪裡", "我想了解{}", "{}怎麼辦理", "{}要多少錢", "今天可以{}嗎", "{}需要帶什麼", "幫我查一下{}", "{}幾點開始", "關於{}的問題", "可以取消{}嗎"),
    "en": ("where is the {}", "tell me about {}", "how do I get {}", "how much is {}", "can I have {} today", "what do I bring for {}", "look up {} please", "when does {} start", "a question about {}", "can I cancel {}"),
    "de": ("wo ist {}", "ich möchte mehr über {} wissen", "wie bekomme ich {}", "was kostet {}", "geht {} heute", "was brauche ich für {}", "bitte {} nachsehen", "wann beginnt {}", "eine Frage zu {}", "kann ich {} absagen"),
    "ar": ("أين {}", "أريد أن أعرف عن {}", "كيف أحصل على {}", "كم يكلف {}", "هل يمكن {} اليوم", "ماذا أحضر من أجل {}", "ابحث عن {} من فضلك", "متى يبدأ {}", "سؤال عن {}", "هل يمكنني إلغاء {}"),
}  # fmt: skip


def write(folder: Path, *, intents: int = INTENTS) -> Path:
    """Write Rasa's files of this repository to `folder`, and beside them `intents` more, each with a rule of its own kind: none.

    They are understood and answered by the fallback; the number of rules is another matter (facts of Rasa: some hundred at most).
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "config.yml", folder)
    for part in ("data", "domain"):
        shutil.copytree(ROOT / part, folder / part)
    if not intents:
        return folder
    names = [f"made_up_{number:04}" for number in range(intents)]
    (folder / "domain" / "made_up.yml").write_text(
        'version: "3.1"\nintents:\n' + "".join(f"  - {name}\n" for name in names), "utf-8"
    )
    said = set[str]()
    for language in LANGUAGES:
        chosen = random.Random(language)
        for start in range(0, intents, A_FILE):
            blocks = "".join(_block(name, language, chosen, said) for name in names[start : start + A_FILE])
            path = folder / "data" / "nlu" / language / f"made_up_{start // A_FILE:02}.yml"
            path.write_text(f'version: "3.1"\nnlu:\n{blocks}', "utf-8")
    return folder


def _block(name: str, language: Language, chosen: random.Random, said: set[str]) -> str:
    parts, glue = _SYLLABLES[language], "" if language.startswith("zh") else " "
    words = parts.split() if " " in parts else [parts[place : place + 2] for place in range(0, len(parts) - 1, 2)]
    # Three words that belong to the intent; each example says two of them, and no sentence is said twice.
    own = ["".join(chosen.sample(words, 2)) for _ in range(3)]
    found: list[str] = []
    for frame in _FRAMES[language][:EXAMPLES]:
        text = frame.format(glue.join(chosen.sample(own, 2)))
        while text in said:
            own[0] = "".join(chosen.sample(words, 3))
            text = frame.format(glue.join(chosen.sample(own, 2)))
        said.add(text)
        found.append(text)
    return f"  - intent: {name}\n    examples: |\n" + "".join(f"      - {text}\n" for text in found)
