"""`daozhen train`, `understand` and `answer`: the trained model and the FAQ search, without a server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.output import map_lines
from bot.settings import ROOT, read_settings

Lines = Annotated[Path, typer.Option("--jsonl", help="Read JSON lines {id, text, lang?}.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write JSON lines here instead of stdout.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("train", help="Train the model, when something changed since the last time.")(train)
    app.command("understand", help="Messages through the trained model: intent, confidence, entities.")(understand)
    app.command("answer", help="Questions through the FAQ search: entries, score, answered or not.")(answer)


def train(
    force: Annotated[bool, typer.Option("--force", help="Train even when nothing changed.")] = False,
    second_reader: Annotated[
        bool, typer.Option("--second-reader", help="Make a new release of the second reader (bot/second_reader/release) instead.")
    ] = False,
) -> None:
    """Train the model in `models_dir`, or the second reader from the texts in the repository."""
    if second_reader:
        _train_second_reader()
        return
    from bot.nlu.large import train_any
    from bot.nlu.training import model_is_current

    settings = read_settings()
    if model_is_current(settings.models_dir, files=settings.files_dir) and not force:
        print("The model is up to date.")
        return
    print(f"Trained {train_any(settings.models_dir, progress=print, files=settings.files_dir, vectors=settings.kept_dir)}.")


def _train_second_reader() -> None:
    from bot.commands.output import show_json
    from bot.content.load import load_content
    from bot.evaluation.suite import SUITE, read_suite
    from bot.knowledge.encoder import best_encoder
    from bot.second_reader.model import RELEASE
    from bot.second_reader.texts import all_texts
    from bot.second_reader.train import make_release

    folder = read_settings().content_dir
    content = load_content(folder)
    print("Training the second reader (a few minutes) …", file=sys.stderr)
    release = make_release(
        all_texts(ROOT, folder, content.knowledge),
        look_alikes=[case for case in read_suite(SUITE) if case.kind == "look_alike"],
        tables=content.triage,
        encoder=best_encoder(),
        folder=RELEASE,
    )
    show_json(release)
    print("Now run `daozhen evaluate`: the safety suite decides whether this release is kept.", file=sys.stderr)


def understand(jsonl: Lines, out: Out = None) -> None:
    """Run each line through the trained model."""
    from bot.nlu.understanding import load_understanding

    settings = read_settings()
    understanding = load_understanding(settings.models_dir)
    count = map_lines(jsonl, out, understanding.understand_line)
    print(f"{count} lines understood.", file=sys.stderr)


def answer(jsonl: Lines, out: Out = None) -> None:
    """Search each line in the FAQ and rumours."""
    from bot.content.packs import read_packs
    from bot.knowledge.answer_line import answer_line
    from bot.knowledge.encoder import best_encoder
    from bot.knowledge.entries import Entries
    from bot.knowledge.search import Index

    settings = read_settings()
    entries = Entries.from_packs(read_packs(settings.content_dir / "knowledge"))
    index = Index(entries, encoder=best_encoder(), cache_dir=settings.kept_dir)
    count = map_lines(jsonl, out, lambda record: answer_line(record, index=index))
    print(f"{count} lines answered.", file=sys.stderr)
