"""The calls of the page of texts: five languages side by side, checked, shown, and kept in one's own draft."""

from __future__ import annotations

import pytest

from bot.languages import LANGUAGES

ID = "domain/responses/privacy.yml:utter_privacy"


def test_texts_are_found_by_what_they_say_in_any_language(call):
    found = call("translator", "texts?q=verschlüsselt gespeichert und dient").json()
    assert [one["id"] for one in found["texts"]] == [ID] and found["texts"][0]["excerpt"].startswith("What you write")
    everything = call("translator", "texts").json()
    assert everything["more"] and "content/phrases/consent.yml" in everything["files"]
    assert call("translator", "texts?file=domain/responses/privacy.yml").json()["total"] < 10


def test_a_text_is_shown_in_five_languages_with_how_it_will_look(call):
    one = call("translator", f"texts/one?id={ID}").json()
    assert set(one["texts"]) == set(LANGUAGES) and all(found == [] for found in one["findings"].values())
    shown = {each["platform"]: each for each in one["previews"]["zh-Hans"]}
    assert shown["wechat"]["count"] == len(shown["wechat"]["text"].encode()) and shown["wechat"]["unit"] == "bytes"
    assert "\n" in shown["webchat"]["text"]  # the disclaimer stands below


def test_what_only_the_staff_reads_has_no_disclaimer_to_show(call):
    one = call("translator", "texts/one?id=content/phrases/staff.yml:problem_title").json()
    assert one["previews"] == {} and one["findings"]["en"] == []


def test_what_is_wrong_is_said_beside_its_language_and_not_kept(call, drafts):
    answer = call("translator", "texts/keep", id=ID, texts={"de": "Nehmen Sie Ibuprofen.", "en": "Fine {name}"}).json()
    assert not answer["kept"] and drafts() == []
    assert answer["findings"]["de"][0]["key"] == "forbidden" and answer["findings"]["en"][0]["key"] == "slot_unknown"


def test_texts_go_into_the_draft_and_come_back_from_there(call, drafts):
    live = call("translator", f"texts/one?id={ID}").json()["live"]
    answer = call("translator", "texts/keep", id=ID, texts={**live, "de": "Alles bleibt geheim."}).json()
    assert answer["kept"] and answer["changed"] == ["de"] and answer["draft"]["count"] == 1
    assert [(one.before, one.after) for one in drafts()] == [(live["de"], "Alles bleibt geheim.")]
    again = call("translator", f"texts/one?id={ID}").json()
    assert (again["texts"]["de"], again["live"]["de"]) == ("Alles bleibt geheim.", live["de"])
    assert call("translator", "texts").json()["texts"][0] == {
        "id": ID, "key": "utter_privacy", "excerpt": f"{live['en'][:120]}…", "edited": True,
    }  # fmt: skip
    call("translator", "texts/keep", id=ID, texts={**live, "de": "Alles bleibt unter uns."})
    assert [one.after for one in drafts()] == ["Alles bleibt unter uns."]
    assert call("translator", "texts/keep", id=ID, texts=live).json()["draft"]["count"] == 0


def test_who_opens_what_somebody_else_is_changing_is_told(call, services):
    live = call("translator", f"texts/one?id={ID}").json()["live"]
    number = call("translator", "texts/keep", id=ID, texts={**live, "de": "Alles bleibt geheim."}).json()["draft"]["id"]
    assert call("mei", f"texts/one?id={ID}").json()["others"] == [{"id": number, "author": "translator", "state": "draft"}]
    assert call("mei", "texts/one?id=domain/responses/privacy.yml:utter_my_data").json()["others"] == []
    assert call("translator", f"texts/one?id={ID}").json()["others"] == []


def test_what_somebody_else_wrote_meanwhile_is_not_put_back(call, drafts):
    live = call("translator", f"texts/one?id={ID}").json()["live"]
    on_screen = {**live, "ar": "ما كان مكتوبًا قبل قليل."}
    answer = call("translator", "texts/keep", id=ID, live=on_screen, texts={**on_screen, "de": "Alles bleibt geheim."}).json()
    assert answer["kept"] and answer["changed"] == ["de"] and [one.after for one in drafts()] == ["Alles bleibt geheim."]


def test_who_types_over_what_somebody_else_wrote_meanwhile_is_told(call, drafts):
    live = call("translator", f"texts/one?id={ID}").json()["live"]
    on_screen = {**live, "de": "Was vorhin hier stand."}
    answer = call("translator", "texts/keep", id=ID, live=on_screen, texts={**on_screen, "de": "Alles bleibt geheim."})
    assert (answer.status_code, answer.json()["error"]) == (409, "changed") and drafts() == []


def test_the_default_follows_the_language_that_it_repeats(call, drafts):
    call("translator", "texts/keep", id=ID, texts={"en": "All of it stays secret."})
    assert [one.path[-2:] for one in drafts()] == [(2, "text"), (5, "text")]


def test_nothing_changed_makes_no_draft(call, drafts):
    live = call("translator", f"texts/one?id={ID}").json()["live"]
    assert call("translator", "texts/keep", id=ID, texts=live).json() == {"kept": True, "draft": None, "changed": []}
    assert drafts() == []


def test_what_is_not_there_is_refused(call):
    assert call("translator", "texts/one?id=content/phrases/none.yml:x").status_code == 404
    assert call("translator", "texts/keep", id=ID, texts=["a"]).status_code == 400
    assert call("translator", "texts/keep", id=ID, texts={"de": 5}).status_code == 400


@pytest.mark.parametrize("handle", ["eva", "labeller", "clinical", "publisher"])
def test_who_may_not_edit_texts_is_refused(call, handle):
    assert call(handle, "texts").status_code == 403
    assert call(handle, "texts/keep", id=ID, texts={"de": "x"}).status_code == 403
