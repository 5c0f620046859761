"""A small folder of files as the repository has them, and what stands in it."""

from __future__ import annotations

from pathlib import Path

from bot.exchange.reading import read_examples, read_units
from bot.exchange.units import Example, Unit
from bot.release.folders import Folder

FILES = {
    "data/nlu/en/faq.yml": """\
# Questions. Keep the order.
version: "3.1"
nlu:
  - intent: ask_faq
    examples: |
      - where can i park
      - how do i pay
  - intent: thank
    examples: |
      - thank you
  - regex: number
    examples: |
      - \\d+
""",
    "data/nlu/zh-Hans/faq.yml": """\
version: "3.1"
nlu:
  - intent: ask_faq
    examples: |
      - 在哪里停车
""",
    "domain/responses/small_talk.yml": """\
version: "3.1"
responses:
  utter_thanks:
    - condition: [{ type: slot, name: language, value: en }]
      text: &thanks "You are welcome."
    - condition: [{ type: slot, name: language, value: de }]
      text: "Gern geschehen."
    - text: *thanks # no language known
""",
    "content/phrases/greeting.yml": """\
pack: greeting
version: "1"
entries:
  hello:
    zh-Hans: "您好，这里是{hospital}。"
    zh-Hant: "您好，這裡是{hospital}。"
    en: "Hello, this is {hospital}."
    de: "Guten Tag, hier ist {hospital}."
    ar: "مرحبًا، هنا {hospital}."
""",
    "content/triage/questions.yml": """\
pack: questions
version: "1"
entries:
  chest:
    when: chest_pain
    choices:
      "yes": {ar: نعم, de: Ja, en: 'Yes', zh-Hans: 有, zh-Hant: 有}
""",
}


def sample_folder(root: Path) -> Folder:
    """Write the files and return the folder."""
    folder = Folder(root, root / "content")
    for name, text in FILES.items():
        folder.path(name).parent.mkdir(parents=True, exist_ok=True)
        folder.path(name).write_text(text, encoding="utf-8")
    return folder


def sample_units(root: Path) -> tuple[Unit, ...]:
    return read_units(sample_folder(root))


def sample_examples(root: Path) -> tuple[Example, ...]:
    return read_examples(sample_folder(root))
