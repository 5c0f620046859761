"""What had to be reviewed by yesterday is not served any more: a person is offered, or a person decides. What warns goes on warning."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.content import load
from bot.content.load import ContentSource
from bot.packs.candidate import entries_of, rules_of
from bot.packs.impact import outcome
from bot.packs.source import laid
from bot.settings import ROOT
from bot.training.operations import SetEntry
from bot.triage import episode as episodes
from connectors.telegram.public_answers import Library, judge
from tests.contents import the_content

TODAY = date(2026, 11, 26)
MONEY = "content/knowledge/logistics/money.yml"
ROUTES, FLAGS = "content/triage/routes.yml", "content/triage/red_flags.yml"


def due_on(files, file, entry, day):
    return laid(files, [SetEntry(file, ("entries", entry, "review_date"), None, day.isoformat())])


def heard(live, tables, text):
    return outcome(episodes.hear(episodes.begin("en", live.home_region), text, tables=live), tables)


@pytest.mark.parametrize(("day", "department"), [(TODAY, "FEVER"), (TODAY - timedelta(days=1), "GP")])
def test_a_route_leads_where_a_person_decides_the_day_after_its_review_was_due(files, live, day, department):
    tables = rules_of(due_on(files, ROUTES, "fever", day), live, today=TODAY)
    said = heard(live, tables, "I have had a fever since yesterday")
    assert (said.department, said.level) == (department, heard(live, live, "I have had a fever since yesterday").level)


def test_a_red_flag_warns_also_when_its_review_is_overdue(files, live):
    tables = rules_of(due_on(files, FLAGS, "RF001", TODAY - timedelta(days=400)), live, today=TODAY)
    assert heard(live, tables, "he is unconscious").level == "E1"


@pytest.mark.parametrize(("days", "what"), [(1, "answer"), (-1, "private")])
def test_in_a_group_an_expired_answer_is_for_the_private_chat(files, days, what):
    day = date.today() + timedelta(days=days)
    content = replace(the_content(), knowledge=entries_of(due_on(files, MONEY, "payment", day)), version=f"due {days}")
    assert judge("how can I pay", "en", content=content, library=Library(), answered=lambda category: True).what == what


def test_an_entry_that_was_retired_is_not_found_though_its_pack_has_the_same_version(files):
    content, library = the_content(), Library()
    assert judge("how can I pay", "en", content=content, library=library, answered=lambda category: True).entries == ("payment",)
    entries = entries_of(laid(files, [SetEntry(MONEY, ("entries", "payment"), files[MONEY].entries["payment"], None)]))
    after = replace(content, knowledge=entries, version="retired")
    assert entries.version == content.knowledge.version
    found = judge("how can I pay", "en", content=after, library=library, answered=lambda category: True)
    assert "payment" not in found.entries


@pytest.mark.slow  # the whole content is read twice
def test_the_content_is_read_anew_on_another_day_and_not_before(tmp_path, monkeypatch):
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    days = [date(2026, 11, 26)]

    class Calendar(date):
        @classmethod
        def today(cls):
            return days[0]

    monkeypatch.setattr(load, "date", Calendar)
    monkeypatch.setattr(load, "LOOK_EVERY_S", 0.0)
    path = folder / "triage" / "routes.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  fever:\n", "  fever:\n    review_date: 2026-11-26\n", 1), encoding="utf-8")
    source = ContentSource(folder, keep_in=tmp_path / "kept")
    first = source.current()
    assert first.triage.routes["fever"].departments == ("FEVER", "INF") and source.current() is first
    days[0] = date(2026, 11, 27)
    assert source.current().triage.routes["fever"].departments == ("GP",)
