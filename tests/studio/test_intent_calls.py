"""New intents and their descriptions: checked field by field, kept in the draft, known on the page at once."""

from __future__ import annotations

import pytest

from bot.languages import LANGUAGES
from bot.training.operations import AddExample, SetEntry

SAID = {
    "zh-Hans": ("这里有无线网吗", "无线网的密码是什么", "请问护士站。"),
    "zh-Hant": ("這裡有無線網路嗎", "無線網路的密碼是什麼", "請問護理站。"),
    "en": ("is there wifi here", "what is the wifi password", "Please ask at the nurses' station."),
    "de": ("gibt es hier WLAN", "wie lautet das WLAN-Passwort", "Bitte fragen Sie am Stützpunkt."),
    "ar": ("هل يوجد واي فاي هنا", "ما كلمة سر الواي فاي", "اسأل عند محطة التمريض من فضلك."),
}
WIFI = {
    "name": {language: "Wifi" for language in LANGUAGES},
    "means": {language: "Asks for the wifi." for language in LANGUAGES},
    "sentences": {language: f"{one}\n\n{two}\n" for language, (one, two, _) in SAID.items()},
    "answer": {language: answer for language, (_, _, answer) in SAID.items()},
}


def test_a_new_intent_is_in_the_draft_and_on_the_page_at_once(call, drafts):
    answer = call("mei", "training/new", **WIFI).json()
    assert answer["kept"] and answer["intent"] == "wifi"
    assert AddExample("wifi", "de", "gibt es hier WLAN", "data/nlu/de/own.yml") in drafts()
    assert {one.file for one in drafts() if isinstance(one, SetEntry)} == {
        "domain/intents.yml", "domain/responses/own.yml", "data/rules/own.yml", "content/studio/intents.yml",
    }  # fmt: skip
    (shown,) = call("mei", "training/intents?q=asks for the wifi").json()["intents"]
    assert (shown["id"], shown["name"], set(shown["counts"].values())) == ("wifi", "Wifi", {2})
    shown = call("mei", f"changes/{answer['draft']['id']}").json()
    assert not any(one["conflict"] for one in shown["diffs"]) and shown["can"] == ["rename", "drop", "submit", "withdraw"]


def test_what_is_wrong_is_said_in_its_field_and_nothing_is_kept(call, drafts):
    wrong = {
        **WIFI,
        "name": {**WIFI["name"], "ar": ""},
        "sentences": {**WIFI["sentences"], "en": "who can read what i write\nis there wifi", "de": "nur einer"},
        "answer": {**WIFI["answer"], "de": "Nehmen Sie Ibuprofen."},
    }
    answer = call("mei", "training/new", **wrong).json()
    found = {
        (language, part): [one["key"] for one in some]
        for language, parts in answer["findings"].items()
        for part, some in parts.items()
    }
    assert found == {
        ("ar", "name"): ["empty"], ("en", "sentences"): ["same_text_other_intent"], ("de", "sentences"): ["few"], ("de", "answer"): ["forbidden"],
    }  # fmt: skip
    assert drafts() == []


def test_who_describes_what_somebody_described_meanwhile_is_told(call, drafts):
    example = {"zh-Hans": "你好", "zh-Hant": "你好", "en": "hello", "de": "hallo", "ar": "مرحبا"}
    texts = {"name": dict.fromkeys(LANGUAGES, "Hi"), "means": dict.fromkeys(LANGUAGES, "Says hi."), "example": example}
    answer = call("mei", "training/describe", intent="greet", seen="another", **texts)
    assert (answer.status_code, answer.json()["error"]) == (409, "changed") and drafts() == []


def test_another_name_goes_into_the_draft(call, drafts):
    example = {"zh-Hans": "你好", "zh-Hant": "你好", "en": "hello", "de": "hallo", "ar": "مرحبا"}
    texts = {"name": dict.fromkeys(LANGUAGES, "Hi"), "means": dict.fromkeys(LANGUAGES, "Says hi."), "example": example}
    assert call("mei", "training/describe", intent="greet", **texts).json()["kept"]
    (operation,) = drafts()
    assert operation.after["name"]["de"] == "Hi" and operation.before["name"]["de"] == "Grüßt"
    assert call("mei", "training/examples?intent=greet&language=en").json()["intent"]["name"] == "Hi"
    never = {**texts, "example": {**example, "de": "nie gesagt"}}
    assert list(call("mei", "training/describe", intent="greet", **never).json()["findings"]) == ["de"]


@pytest.mark.parametrize("body", [{"name": "Wifi"}, {"intent": "none", "name": {}}, {**WIFI, "sentences": {"en": 5}}])
def test_nonsense_is_refused(call, drafts, body):
    assert call("mei", "training/new", **body).status_code == 400
    assert call("mei", "training/describe", **body).status_code == 404
    assert drafts() == []


def test_the_form_is_there_and_an_intent_that_is_not_there_is_missing(browser, people, signed_in):
    signed_in("mei")
    assert 'value="Grüßt"' in browser.get("/studio/training/intent?intent=greet").text
    assert browser.get("/studio/training/intent").status_code == 200
    assert browser.get("/studio/training/intent?intent=none").status_code == 404
