"""The calls of the pages of FAQ and clinical packs: rows, forms, what an edit changes, and what goes into a draft."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from bot.release.heard import Sentence
from bot.release.listening import Listened, listened_to_json
from bot.training import rows
from bot.training.operations import SetEntry, SetText

MONEY = "content/knowledge/logistics/money.yml"
ROUTES = "content/triage/routes.yml"
FLAGS = "content/triage/red_flags.yml"


@pytest.fixture
def drafts(services):
    """Return a function that reads kind and operations of all drafts."""

    def read():
        with services.database.read() as work:
            return [(one.kind, operation) for one in rows.listed(work) for operation in one.operations]

    return read


@pytest.fixture
def edit(call):
    """Return a function that opens an entry as somebody and looks at, or keeps, what they type."""

    def send(handle, room, file, entry, *, to="keep", act="edit", **values):
        form = call(handle, f"{room}/one?file={file}&entry={entry}").json()
        typed = [{"path": name.split("__"), "value": value} for name, value in values.items()]
        return call(handle, f"{room}/{to}", file=file, entry=entry, act=act, seen=form["seen"], values=typed)

    return send


def field(form, *path):
    return next(one for one in form["fields"] if one["path"] == list(path))


def test_entries_are_found_with_what_is_to_be_known_about_them(call):
    found = call("mei", "faq/rows?table=logistics&q=PAYMENT").json()
    row = next(one for one in found["rows"] if one["entry"] == "payment")
    assert (row["title"], row["missing"], row["due"], row["draft"]) == ("how can I pay", [], False, False)
    assert row["helpful"] == {"shown": 0, "percent": None, "judged": 0} and found["grows"]
    assert call("mei", "faq/rows?table=logistics&only=missing").json()["rows"] == []
    assert call("mei", "faq/rows?table=logistics&q=nothing like that").json()["total"] == 0


def test_an_entry_is_a_form_in_five_languages(call):
    form = call("mei", f"faq/one?file={MONEY}&entry=payment").json()
    assert [(one["path"], one["kind"]) for one in form["fields"]] == [
        (["questions"], "lists"), (["answers"], "texts"), (["source"], "text"), (["review_date"], "date"),
    ]  # fmt: skip
    assert form["file"]["owner"] == "finance office" and field(form, "questions")["value"]["en"][0] == "how can I pay"


def test_an_answer_is_looked_at_and_kept_in_ones_draft(edit, drafts):
    typed = {"answers": {"en": "Pay at the desk or by phone."}}
    found = edit("mei", "faq", MONEY, "payment", to="look", **typed).json()
    assert (found["count"], found["problem"], found["findings"]["en"]) == (1, "", [])
    assert [one["platform"] for one in found["previews"]["en"]] == ["webchat", "telegram", "wechat"]
    assert "Pay at the desk or by phone." in found["previews"]["en"][0]["text"] and drafts() == []
    assert edit("mei", "faq", MONEY, "payment", **typed).json()["kept"]
    ((kind, operation),) = drafts()
    assert (kind, operation.file, operation.path) == ("faq", MONEY, ("entries", "payment", "answers", "en"))


def test_what_may_not_be_said_is_found(edit):
    found = edit("mei", "faq", MONEY, "payment", to="look", answers={"en": "Take aspirin 500 mg."}).json()
    assert found["findings"]["en"]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Take aspirin before you come.", "forbidden"),
        ("Pay {amount} at the desk.", "slot_unknown"),
        ("Pay at the {desk.", "slot_broken"),
        ("在窗口付款。", "script"),
        ("Pay at the desk.\n\nOr by phone.", "blank_line"),
    ],
)
def test_an_answer_that_may_not_be_said_so_is_not_kept(edit, drafts, said, key):
    found = edit("mei", "faq", MONEY, "payment", to="look", answers={"en": said}).json()
    assert [(one["key"], one["kind"], one["language"]) for one in found["found"]] == [(key, "wrong", "en")]
    answer = edit("mei", "faq", MONEY, "payment", answers={"en": said})
    assert (answer.status_code, answer.json()["error"]) == (409, "pack_found") and drafts() == []


def test_an_answer_may_name_the_place_and_the_address_to_write_to(edit, drafts):
    said = "Pay in building A, 12 Park Street, or write to money@hospital.example."
    assert edit("mei", "faq", MONEY, "payment", answers={"en": said}).json()["kept"] and len(drafts()) == 1


def others(call, handle, entry):
    found = call(handle, f"faq/one?file={MONEY}&entry={entry}").json()["others"]
    return [(one["author"], one["state"]) for one in found]


def test_who_opens_what_somebody_else_is_changing_is_told(call, edit):
    edit("mei", "faq", MONEY, "payment", answers={"en": "Pay at the desk."})
    assert others(call, "omar", "payment") == [("mei", "draft")]
    assert others(call, "omar", "invoice") == [] and others(call, "mei", "payment") == []


def test_a_language_that_is_missing_is_said_before_it_is_kept_and_listed_after(call, edit):
    found = edit("mei", "faq", MONEY, "payment", to="look", answers={"de": ""}).json()
    assert "has no answers in de" in found["problem"]
    edit("mei", "faq", MONEY, "payment", answers={"de": ""})
    (row,) = call("mei", "faq/rows?table=logistics&only=missing").json()["rows"]
    assert (row["entry"], row["missing"], row["draft"]) == ("payment", ["de"], True)


def test_a_new_entry_becomes_one_edit_however_often_it_is_written(call, edit, drafts):
    assert call("mei", "faq/keep", file=MONEY, entry="bike_park", act="add").json()["kept"]
    texts = dict.fromkeys(("zh-Hans", "zh-Hant", "en", "de", "ar"), "1")
    edit("mei", "faq", MONEY, "bike_park", answers=texts)
    edit("mei", "faq", MONEY, "bike_park", questions={"en": ["where do bikes go", "bikes"]})
    ((_, one),) = drafts()
    assert isinstance(one, SetEntry) and (one.before, one.path) == (None, ("entries", "bike_park"))
    assert one.after["answers"] == texts and one.after["questions"]["en"] == ["where do bikes go", "bikes"]
    assert call("mei", "faq/keep", file=MONEY, entry="bike_park", act="add").json()["error"] == "pack_twice"
    assert call("mei", "faq/keep", file=MONEY, entry="Bike park", act="add").json()["error"] == "pack_id"


def test_an_entry_is_retired(call, edit, drafts):
    assert edit("mei", "faq", MONEY, "payment", act="retire").json()["kept"]
    ((_, one),) = drafts()
    assert (one.path, one.after) == (("entries", "payment"), None)
    assert "payment" not in [row["entry"] for row in call("mei", "faq/rows?table=logistics").json()["rows"]]


def test_who_answers_for_a_file_is_edited_for_all_of_it(edit, drafts):
    edit("mei", "faq", MONEY, "", owner="cash desk", review_date="2028-01-31")
    assert [one for _, one in drafts()] == [
        SetText(MONEY, ("owner",), "finance office", "cash desk"), SetText(MONEY, ("review_date",), "2027-05-31", "2028-01-31"),
    ]  # fmt: skip
    assert edit("mei", "faq", MONEY, "", review_date="soon").json()["error"] == "pack_date"


def test_an_edit_that_cannot_go_live_says_why_before_anything_is_tried(edit):
    found = edit("clinical", "clinical", FLAGS, "RF001", to="look", when="unconscius").json()
    assert "no concept" in found["problem"] and "impact" not in found and "waits" not in found


def test_while_sentences_are_read_it_is_said_how_far_that_is(edit):
    found = edit("clinical", "clinical", FLAGS, "RF001", to="look", level="R").json()
    assert found["problem"] == "" and 0 <= found["waits"]["read"] < found["waits"]["of"] and found["waits"]["of"] > 3000


def test_who_keeps_what_somebody_changed_meanwhile_is_told(call, drafts):
    answer = call("mei", "faq/keep", file=MONEY, entry="payment", act="edit", seen="0" * 16, values=[])
    assert (answer.status_code, answer.json()["error"]) == (409, "changed") and drafts() == []


def test_nothing_typed_is_no_draft(edit, drafts):
    assert edit("mei", "faq", MONEY, "payment").json()["kept"] is False and drafts() == []


@pytest.mark.parametrize(
    ("path", "value"), [("answers", "text"), ("answers", {"fr": "x"}), ("questions", {"en": "x"}), ("nothing", "x")]
)
def test_another_shape_is_refused(edit, drafts, path, value):
    answer = edit("mei", "faq", MONEY, "payment", **{path: value})
    assert (answer.status_code, answer.json()["error"]) == (409, "pack_wrong") and drafts() == []


def test_what_has_to_be_reviewed_is_listed_with_its_owner_and_whether_it_is_still_said(call, edit):
    assert call("mei", "faq/due").json() == {"due": [], "owners": []}
    edit("mei", "faq", MONEY, "payment", review_date="2020-01-31")
    found = call("mei", "faq/due").json()
    (one,) = found["due"]
    assert (one["entry"], one["overdue"], one["stopped"], found["owners"]) == ("payment", True, True, ["finance office"])
    assert [row["entry"] for row in call("mei", "faq/rows?table=logistics&only=due").json()["rows"]] == ["payment"]


def test_a_file_of_the_other_room_is_none(call):
    assert call("mei", f"faq/one?file={ROUTES}&entry=fever").json()["error"] == "pack_gone"
    assert call("mei", "clinical/rows?table=rumours").status_code == 409
    assert call("translator", f"clinical/one?file={ROUTES}&entry=fever").status_code == 403
    assert call("clinical", f"faq/one?file={MONEY}&entry=payment").status_code == 403


HOSPITAL = "content/hospital/hospital.yml"
HOTLINES = "content/triage/hotlines.yml"


def test_the_hospital_is_a_table_of_one_row_and_its_choices_are_given(call, edit, drafts):
    (row,) = call("clinical", "clinical/rows?table=hospital").json()["rows"]
    assert (row["entry"], row["title"], row["cells"]["child_until"], row["draft"]) == (
        "hospital",
        "Daozhen Sample Hospital",
        "14",
        False,
    )
    form = call("clinical", f"clinical/one?file={HOSPITAL}&entry=hospital").json()
    assert "DE" in field(form, "region")["choices"] and "Europe/Berlin" in field(form, "time_zone")["choices"]
    assert not form["retires"] and field(form, "where")["optional"]
    assert edit("clinical", "clinical", HOSPITAL, "hospital", region="DE").json()["kept"]
    assert drafts() == [("clinical", SetText(HOSPITAL, ("entries", "region"), "CN", "DE"))]
    assert call("clinical", "clinical/rows?table=hospital").json()["rows"][0]["draft"]
    assert call("clinical", "clinical/rows?table=wards&only=draft").json()["total"] == 0


def parts_of(call, table):
    room = "faq" if table in ("logistics", "rumours") else "clinical"
    handle = "mei" if room == "faq" else "clinical"
    rows_ = call(handle, f"{room}/rows?table={table}").json()["rows"]
    forms = [call(handle, f"{room}/one?file={row['file']}&entry={row['entry']}").json() for row in rows_]
    return [
        (part, one["label"].split(" › ")[at]) for form in forms for one in form["fields"] for at, part in enumerate(one["path"])
    ]


@pytest.mark.parametrize(
    "table", ["plans", "plan_questions", "thresholds", "hospital", "wards", "hotlines", "logistics", "rumours"]
)
def test_every_field_is_called_something_that_people_read(call, table):
    raw = {part for part, label in parts_of(call, table) if isinstance(part, str) and label == part}
    assert raw == set()


def test_the_same_word_is_called_otherwise_where_it_means_something_else(call):
    said = dict(parts_of(call, "plans")), dict(parts_of(call, "logistics"))
    assert [one["questions"] for one in said] == ["What it asks", "How people ask"]
    assert dict(parts_of(call, "thresholds"))["to"] == "Up to, included"


def test_what_a_plan_takes_is_chosen_and_not_typed(call):
    plan = call("clinical", "clinical/one?file=content/followup/plans.yml&entry=after_operation").json()
    choices = {tuple(one["path"]): one["choices"] for one in plan["fields"]}
    assert "discharge" in choices["anchor",] and {"pain", "wound"} <= set(choices["steps", 0, "questions"])
    asked = call("clinical", "clinical/one?file=content/followup/questions.yml&entry=wound").json()
    of_asked = {one["path"][-1]: one["choices"] for one in asked["fields"]}
    assert of_asked["answers"] == ["yes_no", "choice", "reading", "words", "department"] and of_asked["worry"] == [
        "E1",
        "E2",
        "U",
        "R",
    ]
    limits = call("clinical", "clinical/one?file=content/followup/thresholds.yml&entry=pulse").json()
    assert {tuple(one["choices"]) for one in limits["fields"] if one["path"][-1] == "with_symptoms"} == {
        ("E1", "E2", "U", "R", "OK")
    }


def test_a_number_that_cannot_be_dialled_is_said_and_not_kept(edit, drafts):
    said = edit("clinical", "clinical", HOTLINES, "DE", to="look", crisis="call us").json()["found"]
    assert [(one["path"], one["kind"], one["key"]) for one in said] == [
        (["crisis"], "wrong", "no_number"), (["checked_on"], "mind", "not_called"),
    ]  # fmt: skip
    answer = edit("clinical", "clinical", HOTLINES, "DE", crisis="call us")
    assert (answer.status_code, answer.json()["error"]) == (409, "pack_found") and drafts() == []
    assert edit("clinical", "clinical", HOTLINES, "DE", crisis="116 123").json()["kept"] and len(drafts()) == 1


class Quiet:
    """Takes the place of a model that takes every sentence for a complaint and has no second reader; it waits until it may."""

    may = threading.Event()

    def __init__(self, settings, *, model, content, models):
        self.may.wait(10)

    def wait_until_ready(self):
        return None

    def listen(self, sentences):
        return [listened_to_json(Listened(True, None)) for _ in sentences]

    def close(self):
        return None


@pytest.fixture
def few_sentences(monkeypatch):
    """A safety suite of one sentence, which is read at once."""
    monkeypatch.setattr("bot.studio.packs_desk.FEW", 0)
    monkeypatch.setattr(
        "bot.studio.packs_desk.of_the_suite", lambda: iter([Sentence("a", "he is unconscious", "en", "emergency", {})])
    )


def looked(edit):
    """Return what is said of an edit once the sentences are read."""
    while True:
        found = edit("clinical", "clinical", FLAGS, "RF001", to="look", level="R").json()
        if "waits" not in found:
            return found


def test_while_the_model_is_asked_the_rules_answer_alone_and_it_is_said(edit, few_sentences, tmp_path, monkeypatch):
    model = tmp_path / "a.tar.gz"
    model.write_bytes(b"no model")
    here = SimpleNamespace(model=model, models=tmp_path, folder=SimpleNamespace(content=tmp_path))
    monkeypatch.setattr("bot.release.listening.live_side", lambda settings: here)
    monkeypatch.setattr("bot.release.listening.Hearing", Quiet)
    found = looked(edit)
    asked = found["impact"]["asked"]
    assert (found["impact"]["by_both"], found["deaf"], found["listening"]) == (0, False, {"read": 0, "of": asked})
    Quiet.may.set()
    while found["listening"] is not None:
        found = looked(edit)
    assert (found["impact"]["by_both"], found["deaf"]) == (asked, False)


def test_where_no_model_can_be_asked_that_is_said(edit, few_sentences, monkeypatch):
    monkeypatch.setattr("bot.release.listening.live_side", lambda settings: None)
    while not (found := looked(edit))["deaf"]:
        assert found["listening"] is not None
    assert (found["impact"]["by_both"], found["listening"]) == (0, None)


def test_a_few_new_sentences_keep_nobody_waiting(edit, few_sentences, monkeypatch):
    monkeypatch.setattr("bot.studio.packs_desk.FEW", 50)
    monkeypatch.setattr("bot.release.listening.live_side", lambda settings: None)
    found = edit("clinical", "clinical", FLAGS, "RF001", to="look", level="R").json()
    assert "waits" not in found and (found["listening"], found["deaf"]) == (None, False)
    assert found["impact"]["by_both"] == 0 < found["impact"]["asked"] and found["impact"]["lost"] == 1
