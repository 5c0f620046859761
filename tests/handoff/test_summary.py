"""The summary is in the nurse's language, the words stay the patient's, and what is not known is said."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.briefing.card import card_of
from bot.briefing.story import story_of
from bot.briefing.summary import summary_of
from bot.briefing.trace import trace_of
from bot.clock import utc_now
from bot.database.tables import assessment, care_case, conversation, profile
from bot.handoff.case_rows import case_of
from bot.inbox import conversations, rows
from bot.inbox.conversations import Defaults
from bot.languages import LANGUAGES
from bot.messages import Inbound, Reply
from bot.outbox.compose import compose
from bot.outbox.output_filter import forbidden_in
from bot.outbox.store import Place, enqueue
from bot.privacy import consent
from bot.triage import episode as episodes
from bot.triage import people
from bot.triage.assess import assess
from bot.triage.types import Safety

NOW = utc_now()


class Talk:
    """One patient with a case, and what triage stored."""

    def __init__(self, database, content, *, language="zh-Hans", region="CN", level="E1", reason="red_flag") -> None:
        self.database, self.content, self.language = database, content, language
        message = Inbound("webchat", "first", "p", "", NOW, region=region)
        with database.write() as work:
            made = conversations.create(work, message, language=language, defaults=Defaults("en", "DE"), now=NOW)
            consent.record(work, made.patient_id, "granted", channel="webchat", language=language, now=NOW)
            row = {"conversation_id": made.id, "patient_id": made.patient_id, "reason": reason, "level": level, "crisis": False}
            row |= {"state": "waiting", "opened_at": NOW, "waiting_since": NOW, "language": language}
            self.case_id = int(work.execute(care_case.insert().values(**row)).inserted_primary_key[0])
        self.id, self.patient_id = made.id, made.patient_id

    def writes(self, text, *, minutes=5.0) -> None:
        message = Inbound("webchat", f"m{text}", "p", text, NOW)
        with self.database.write() as work:
            at = NOW - timedelta(minutes=minutes)
            rows.store(work, self.id, message, safety=Safety("INFO"), now=at, state="handled")

    def is_assessed(self, *texts, answers=None, minutes=4.0) -> None:
        episode = episodes.begin(self.language, "CN")
        for text in texts:
            episode = episodes.hear(episode, text, tables=self.content.triage)
        episode.answers.update(answers or {})
        found = assess(episode, tables=self.content.triage)
        data = {
            "level": found.level,
            "crisis": found.crisis,
            "soon": found.soon,
            "disagreement": found.disagreement,
            "departments": [one.department for one in found.departments],
            "red_flags": [one.id for one in found.red_flags],
            "findings": [asdict(one) for one in found.findings],
            "reasons": list(found.reasons),
            "content_version": "v1",
            "trace": found.trace,
        }
        with self.database.write() as work:
            row = {"conversation_id": self.id, "episode": 1, "dedupe_key": f"a{minutes}", "level": found.level, "departments": ""}
            row |= {"content_version": "v1", "at": NOW - timedelta(minutes=minutes), "sealed": work.cipher.seal(data)}
            work.execute(assessment.insert().values(**row))

    def hears(self, reply) -> None:
        with self.database.write() as work:
            made = compose(reply, self.language, phrases=self.content.phrases)
            enqueue(work, Place(self.id, "webchat"), made, dedupe_key=reply.text, now=NOW)

    def summary(self, language="en"):
        with self.database.read() as work:
            return summary_of(work, case_of(work, self.case_id), self.content, language)

    def story(self):
        with self.database.read() as work:
            return story_of(work, case_of(work, self.case_id), self.content)

    def card(self):
        with self.database.read() as work:
            return card_of(work, case_of(work, self.case_id), self.content)


@pytest.fixture
def talk(database, content):
    return Talk(database, content)


def test_findings_stand_by_what_is_known_of_them_with_the_words_as_they_were_written(talk):
    talk.writes("我从昨天开始头痛,没有发烧")
    talk.is_assessed("我从昨天开始头痛,没有发烧")

    said = talk.summary("en")
    assert said.situation[0] == "Ambulance now (E1); Opened by a red flag."
    assert any(line.startswith("Present: headache “") and "头痛" in line for line in said.assessment)
    assert any(line.startswith("Said to be absent: ") and "发烧" in line for line in said.assessment)
    assert "For how long (days): 1" in said.background


def test_what_is_not_known_is_said(talk):
    talk.is_assessed("头痛")

    lines = talk.summary("en").background
    assert {"Age: unknown", "Sex: unknown", "Pregnant: unknown", "About whom: unknown", "For how long: unknown"} <= set(lines)
    assert "Other conditions: not told" in lines
    assert "No red flag was read. That does not mean that there is none." in talk.summary("en").assessment


def test_red_flags_are_named_with_what_they_were_read_from(talk):
    talk.is_assessed("我胸口剧痛,出冷汗,喘不上气")

    line = next(line for line in talk.summary("en").assessment if line.startswith("Red flags present"))
    assert "chest" in line and "胸口" in line and "RF" not in line


def test_the_answers_to_the_bots_questions_are_told_in_the_nurses_language(talk, content):
    talk.is_assessed("胸口有点疼", answers={"chest": "no"})

    question = content.triage.questions["chest"].texts["de"]
    assert f"Gefragt: {question} Antwort: Nein" in talk.summary("de").assessment


def test_every_nurse_reads_it_in_the_own_language_and_the_patients_words_stay(talk):
    talk.writes("我胸口疼")
    talk.is_assessed("我胸口疼,体温38.5度,我35岁,怀孕了")
    for language in LANGUAGES:
        said = talk.summary(language)
        lines = [*said.situation, *said.background, *said.assessment, *said.recommendation]
        assert all(lines) and "胸口疼" in said.situation[-1]
        assert any("38.5" in line for line in said.background) and any("35" in line for line in said.background)
        own = ["".join(part.split("\u2069")[-1] for part in line.split("\u2068")) for line in lines]
        assert language.startswith("zh") or not any("\u4e00" <= letter <= "\u9fff" for line in own for letter in line)


def test_without_an_assessment_the_words_are_read_again_and_it_says_so(talk):
    talk.writes("我头痛得厉害,还吐了")

    said = talk.summary("en")
    assert any("头痛" in line for line in said.assessment)
    assert "The bot has made no assessment in this talk; this was read from the words by rules just now." in said.assessment
    assert talk.story().source == "read_again"


def test_words_without_a_symptom_are_not_made_into_one(talk):
    talk.writes("请帮我转人工")

    said = talk.summary("en")
    assert said.assessment[0] == "The rules read no symptom in these words. Please read them yourself."
    assert "请帮我转人工" in said.situation[-1]


def test_words_that_are_not_kept_are_not_shown(talk):
    assert talk.summary("en").situation[-1] == "None of the patient's words are kept (no consent, or removed)."


def test_messages_after_the_assessment_are_counted_since_they_are_not_in_it(talk):
    talk.is_assessed("头痛", minutes=60)
    talk.writes("现在更痛了", minutes=2)
    talk.writes("怎么办", minutes=1)

    assert "Messages since this assessment, not in it: 2" in talk.summary("en").assessment


def test_an_assessment_of_an_earlier_illness_is_not_this_one(talk):
    talk.is_assessed("头痛", minutes=60 * 24 * 3)

    assert talk.story().source == "nothing"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("emergency", "The bot gave the emergency answer with the number to call (sent)"),
        ("crisis", "The bot gave the crisis line (sent)"),
    ],
)
def test_what_the_patient_was_told_is_told(talk, kind, line):
    assert talk.summary("en").recommendation[0].startswith("The bot has not told the patient yet")
    talk.hears(Reply("现在请拨打120", kind=kind))

    assert talk.summary("en").recommendation[0] == line


def test_the_number_to_call_is_that_of_where_the_patient_is_and_never_guessed(database, content):
    here, unknown = Talk(database, content, region="CN"), None
    assert "120" in here.summary("en").recommendation[-2]
    with database.write() as work:
        work.execute(sa.update(conversation).values(region_known=False))
    unknown = here.summary("en").recommendation[-2]

    assert unknown.startswith("It is not known where the patient is.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phrases_name_no_diagnosis_drug_or_dose(phrases, language):
    texts = [texts[language] for key, texts in phrases.texts.items() if key.startswith("summary.") and "hba1c" not in key]

    assert [text for text in texts if forbidden_in(text.replace("{", "").replace("}", ""), language)] == []


def test_every_condition_that_triage_reads_has_a_name_in_the_summary(phrases):
    assert [name for name in people._CONDITIONS if f"summary.condition_{name}" not in phrases.texts] == []


def test_the_trace_has_the_words_the_rules_with_versions_and_the_departments(talk):
    talk.is_assessed("我胸口剧痛,出冷汗,喘不上气")
    with talk.database.read() as work:
        trace = trace_of(work, case_of(work, talk.case_id), talk.content)

    assert trace.level == "E1" and trace.content_version == "v1" and trace.departments
    kinds = {line.kind for line in trace.lines}
    assert {"level", "finding", "red_flag", "department"} <= kinds
    flag = next(line for line in trace.lines if line.kind == "red_flag")
    assert flag.rule.startswith("RF") and "喘不上气" in flag.text and "source" in flag.text


def test_the_card_says_who_it_is_about_and_has_no_platform_id(talk):
    talk.is_assessed("我妈妈72岁,头痛")
    card = talk.card()

    assert (card.who, card.age, card.language, card.region, card.ambulance) == ("other", 72.0, "zh-Hans", "CN", "120")
    assert card.consent == "granted" and card.levels[-1].level in ("R", "U", "E2", "E1")
    sealed = [talk.patient_id, talk.id, "first"]
    assert not any(part in repr(card) for part in sealed)


def test_the_card_shows_earlier_cases_with_their_outcome_and_other_chats(talk):
    with talk.database.write() as work:
        row = {"conversation_id": talk.id, "patient_id": talk.patient_id, "reason": "complaint", "level": "R", "crisis": False}
        row |= {"state": "closed", "opened_at": NOW - timedelta(days=9), "closed_at": NOW - timedelta(days=8)}
        work.execute(care_case.insert().values(**row, outcome="referred", outcome_department="NEURO"))
        shell = conversations.shell_of(work, talk.id)["conversation"]
        fresh = {"level_floor": "INFO", "episode": 1, "greeted": False, "told_waiting": False, "asked_to_erase": 0}
        other = shell | fresh | {"id": "other", "channel": "telegram", "lookup": "other", "patient_id": talk.patient_id}
        work.execute(conversation.insert().values(**other, created_at=NOW, last_at=NOW))
    card = talk.card()

    assert [(one.outcome, one.department) for one in card.earlier] == [("referred", "NEURO")]
    assert [one.channel for one in card.other_chats] == ["telegram"] and card.channel == "webchat"


def test_the_card_takes_from_the_profile_what_this_talk_does_not_say(talk):
    with talk.database.write() as work:
        data = {"who": "child", "age": 4.0, "sex": "f", "pregnant": None}
        work.execute(profile.insert().values(patient_id=talk.patient_id, at=NOW, sealed=work.cipher.seal(data)))
    card = talk.card()

    assert (card.who, card.age, card.sex, card.pregnant) == ("child", 4.0, "f", None)
