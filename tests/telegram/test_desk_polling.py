"""The desk works the same where updates are fetched."""

from __future__ import annotations

from tests.telegram.desk_town import desk_town


async def test_with_polling_a_case_is_claimed_answered_left_and_closed_as_with_the_webhook(tmp_path):
    async with desk_town(tmp_path, mode="polling") as town:
        ana = await town.nurse()
        anna, case = await town.patient()
        message = await ana.replies("I am here.", case)
        await town.until(lambda: town.desk.reactions.get(message["message_id"]) == "👍")
        anna.hears("I am here.")
        town.telegram.forum.leaves(ana.person, town.desk)
        await town.until(lambda: case.now.claimed_by is None)
        assert "chat_member" in (town.telegram.delivery.webhook.allowed or ())
