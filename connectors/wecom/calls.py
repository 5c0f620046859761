"""The calls of 微信客服 that we make, with their names and fields. All raise what `Api.call` raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.contract import Malformed
from connectors.tencent.api import Api, ApiError
from connectors.wecom.messages import Customer
from connectors.wecom.windows import ENDED

PAGE = 1000
# Our own id was used before: the message has arrived with an earlier try.
SENT_BEFORE = 95030
NO_SESSION, WRONG_STATE, TOO_MANY, TOO_LATE, BAD_TOKEN, BAD_ARGUMENT = 95013, 95018, 95001, 95002, 95007, 40058

Json = dict[str, Any]


@dataclass(frozen=True)
class KfAccount:
    """An account of customer service. `managed`: this app may read and write for it."""

    id: str
    managed: bool


async def send(api: Api, customer: Customer, msgid: str, payload: Json) -> None:
    """Send one message under an id of ours; the same id a second time does nothing, and that is fine."""
    try:
        await api.call("cgi-bin/kf/send_msg", {"touser": customer.user, "open_kfid": customer.account, "msgid": msgid, **payload})
    except ApiError as error:
        if error.errcode != SENT_BEFORE:
            raise


async def send_on_event(api: Api, code: str, text: str) -> None:
    """Say the one thing that an event allows, with its code."""
    await api.call("cgi-bin/kf/send_msg_on_event", {"code": code, "msgtype": "text", "text": {"content": text}})


async def state_of(api: Api, customer: Customer) -> int:
    """Return in which state of service the conversation is."""
    answer = await api.call("cgi-bin/kf/service_state/get", _both(customer))
    state = answer.get("service_state")
    return state if type(state) is int and 0 <= state <= ENDED else ENDED


async def move(api: Api, customer: Customer, state: int) -> str:
    """Give the conversation to somebody else; returns the code for one last message of ours, "" when there is none."""
    answer = await api.call("cgi-bin/kf/service_state/trans", {**_both(customer), "service_state": state})
    code = answer.get("msg_code", "")
    return code if isinstance(code, str) else ""


async def accounts_of(api: Api) -> tuple[KfAccount, ...]:
    """Return the accounts of customer service that this app sees."""
    answer = await api.call("cgi-bin/kf/account/list", {"offset": 0, "limit": 100})
    listed = answer.get("account_list", [])
    known = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return tuple(KfAccount(str(one.get("open_kfid", "")), one.get("manage_privilege") is not False) for one in known)


async def link_of(api: Api, account: str, scene: str) -> str:
    """Return the address that opens the chat with `account`; `scene` comes back when somebody enters by it."""
    return str((await api.call("cgi-bin/kf/add_contact_way", {"open_kfid": account, "scene": scene}))["url"])


async def page_of(api: Api, account: str, cursor: str, token: str) -> tuple[list[Any], str, bool]:
    """Return the messages after `cursor`, the cursor behind them, and whether there are more."""
    payload: Json = {"open_kfid": account, "limit": PAGE, "voice_format": 0}
    payload |= {name: value for name, value in (("cursor", cursor), ("token", token)) if value}
    answer = await api.call("cgi-bin/kf/sync_msg", payload)
    listed, behind = answer.get("msg_list", []), answer.get("next_cursor", "")
    if not isinstance(listed, list) or not isinstance(behind, str):
        raise Malformed("no list of messages")
    return listed, behind, answer.get("has_more") == 1


def _both(customer: Customer) -> Json:
    return {"open_kfid": customer.account, "external_userid": customer.user}
