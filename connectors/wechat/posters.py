"""QR codes of an official account: what is printed, so that a scan follows the account and names the place."""

from __future__ import annotations

from connectors.tencent.api import Api


async def scene_link(api: Api, code: str) -> str:
    """Return what the QR code of a place must hold: a permanent one, since it stands on paper. Raises as `Api.call`.

    WeChat gives 100,000 of them to an account, and the same one again for the same place. Needs a verified account.
    """
    scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": code}}}
    answer = await api.call("cgi-bin/qrcode/create", scene)
    return str(answer["url"])
