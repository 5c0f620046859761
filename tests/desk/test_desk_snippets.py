from __future__ import annotations


async def test_snippets_of_the_pack_are_offered_filled_for_the_case(desk):
    case, ana = desk.case(department="ENT", language="de"), desk.nurse("ana")

    found = (await ana.get("snippets", case=case)).json()["snippets"]

    assert found
    assert all(set(one["texts"]) == {"zh-Hans", "zh-Hant", "en", "de", "ar"} for one in found if one["kind"] == "pack")
    assert not [text for one in found for text in one["texts"].values() if "{name}" in text or "{department}" in text]


async def test_what_has_no_value_stays_in_braces_and_is_named(desk):
    case, ana = desk.case(), desk.nurse("ana")
    await ana.post("snippets", {"shortcut": "where", "texts": {"en": "Go to {department}."}, "team": None})

    (own,) = [one for one in (await ana.get("snippets", case=case)).json()["snippets"] if one["own"]]

    assert (own["texts"]["en"], own["missing"]) == ("Go to {department}.", ["department"])


async def test_my_own_snippet_is_mine_alone_counted_and_removed(desk):
    ana, ben = desk.nurse("ana"), desk.nurse("ben")
    await ana.post("snippets", {"shortcut": "hi", "texts": {"en": "Hello!"}, "team": None})
    await ana.post("snippets/used", {"shortcut": "hi"})

    mine = [one for one in (await ana.get("snippets")).json()["snippets"] if one["own"]]
    others = [one for one in (await ben.get("snippets")).json()["snippets"] if one["shortcut"] == "hi"]
    foreign = await ben.post(f"snippets/{mine[0]['id']}", method="DELETE")
    gone = await ana.post(f"snippets/{mine[0]['id']}", method="DELETE")

    assert [(one["shortcut"], one["used"]) for one in mine] == [("hi", 1)]
    assert others == []
    assert foreign.status_code == 403
    assert not [one for one in gone.json()["snippets"] if one["own"]]


async def test_a_nurse_keeps_none_for_a_team_and_a_lead_does(desk, content_source):
    team = next(iter(content_source.current().teams.by_id))
    body = {"shortcut": "hi", "texts": {"en": "Hello!"}, "team": team}
    ana, lee = desk.nurse("ana", teams=team), desk.nurse("lee", "lead", teams=team)

    refused, kept = await ana.post("snippets", body), await lee.post("snippets", body)

    assert refused.status_code == 403
    assert [one["approved_by"] for one in kept.json()["snippets"] if one["shortcut"] == "hi"] == ["Lee"]
    assert "hi" in [one["shortcut"] for one in (await ana.get("snippets")).json()["snippets"]]


async def test_a_snippet_that_would_not_do_says_why(desk):
    ana = desk.nurse("ana")

    for body, error in (
        ({"shortcut": "Über", "texts": {"en": "x"}}, "snippet_shortcut"),
        ({"shortcut": "a", "texts": {"en": "{phone}"}}, "snippet_placeholder"),
        ({"shortcut": "a", "texts": {}}, "empty"),
        ({"shortcut": "a", "texts": ["x"]}, "wrong"),
        ({"shortcut": "a", "texts": {"en": "x" * 1001}}, "long"),
    ):
        assert (await ana.post("snippets", body)).json()["error"] == error
