"""What reading a message costs with a lexicon of a thousand, ten thousand and a hundred thousand terms, rules alone.

python -m benchmarks.reading [--messages 2000]
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.content.load import load_content
from bot.languages import LANGUAGES, Language
from bot.settings import ROOT
from bot.triage.guide import guide_line
from bot.triage.lexicon import Concept, Lexicon
from bot.triage.normalise import normalise
from bot.triage.reading import read
from bot.triage.tables import Tables

TERMS = (1_000, 10_000, 100_000)
MESSAGES: tuple[tuple[Language, str], ...] = (
    ("zh-Hans", "孩子昨天晚上开始拉肚子，没有发烧，就是没精神，不怎么吃东西，需要去医院吗"),
    ("zh-Hans", "胸口闷"),
    ("zh-Hant", "我媽上個月開過刀，這兩天傷口有點紅腫，不過沒有發燒，要掛哪一科"),
    ("zh-Hant", "耳朵痛三天了"),
    ("en", "I had the flu two weeks ago, the fever is gone but I still cough at night and I don't sleep, is that normal?"),
    ("en", "no chest pain, fever or cough, just a sore throat"),
    (
        "de",
        "Seit drei Tagen habe ich Rückenschmerzen, nicht nur beim Bücken, kein Fieber, was soll ich tun, wenn es nicht besser wird?",
    ),
    ("de", "Mir ist schwindelig und übel"),
    ("ar", "ابني عمره سنتين عنده كحة من أسبوع بس ما عنده حرارة ولا ضيق تنفس، وش أسوي"),
    ("ar", "بطني يوجعني من أمس"),
)


def of_size(lexicon: Lexicon, terms: int) -> Lexicon:
    """Return `lexicon` with `terms` terms: those that the messages hold, so that each size reads the same, then other ones.

    Beyond the real ones they are synthetic; one concept in five of these is found by two parts.
    """
    told = " ".join(normalise(text).text for _, text in MESSAGES)
    held = [term for concept in lexicon.concepts.values() for several in concept.terms.values() for term in several]
    needed = {term for term in held if normalise(term).text.strip() in told}
    kept = needed | set(itertools.islice((term for term in held if term not in needed), max(0, terms - len(needed))))
    concepts = {name: _with_terms(concept, kept) for name, concept in lexicon.concepts.items()}
    for number in range(max(0, terms - len(held)) // len(LANGUAGES)):
        near = (("site_chest", f"extra{number - 1}"),) if number % 5 == 4 else ()
        words = {language: (f"xq{number} {language.lower()}word",) for language in LANGUAGES}
        concepts[f"extra{number}"] = Concept(f"extra{number}", "symptom", {}, words, near=near)
    return Lexicon(concepts, f"{terms} terms")


def _with_terms(concept: Concept, kept: set[str]) -> Concept:
    terms = {language: tuple(term for term in several if term in kept) for language, several in concept.terms.items()}
    return replace(concept, terms=terms)


def texts(messages: int) -> Iterator[tuple[Language, str]]:
    """Yield messages that differ, as patients' do: what was read is remembered."""
    for number, (language, text) in enumerate(itertools.islice(itertools.cycle(MESSAGES), messages)):
        yield language, f"{text} ({number})"


def seconds(tables: Tables, messages: int, *, whole: bool) -> list[float]:
    """Return what each message took, sorted: only read, or the `whole` way to level and department."""
    took = []
    for language, text in texts(messages):
        began = time.perf_counter()
        if whole:
            guide_line({"id": "1", "text": text, "lang": language}, tables=tables)
        else:
            read(text, language, lexicon=tables.lexicon)
        took.append(time.perf_counter() - began)
    return sorted(took)


def row(name: str, took: Sequence[float]) -> str:
    """Return one line of the table."""
    median, p99 = 1000 * took[len(took) // 2], 1000 * took[int(len(took) * 0.99)]
    return f"{name:>8}  {median:6.2f} ms  {p99:6.2f} ms  {len(took) / sum(took):6.0f} a second"


def main() -> None:
    """Read the arguments, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    messages = parser.parse_args().messages
    tables = load_content(ROOT / "content").triage
    print("   terms     median         p99")
    for terms in TERMS:
        began = time.perf_counter()
        sized = replace(tables, lexicon=of_size(tables.lexicon, terms))
        compiled = time.perf_counter() - began
        seconds(sized, 100, whole=True)
        print(f"{row(f'{terms:,}', seconds(sized, messages, whole=False))}  read       (compiled in {compiled:.2f} s)")
        print(f"{row('', seconds(sized, messages, whole=True))}  the whole way")


if __name__ == "__main__":
    main()
