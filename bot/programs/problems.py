"""Why a call of another program is refused: a status, a key, and a sentence with the fix, for who writes that program."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

NO_STORE = {"Cache-Control": "no-store"}
SENTENCES = {
    "wrong": "The body is not what this call takes: {what}.",
    "key": "The key is missing, unknown or revoked. Send it as `Authorization: Bearer KEY`; `daozhen followup key add` makes one.",
    "scope": "This key is not for this call: it lacks the scope {scope}. Make one that has it.",
    "slow_down": "Too many calls. Come again in {seconds} s.",
    "client_key_used": "This client_key was used for a call with another body. Use a new one for each enrolment or visit.",
    "unknown": "There is no such enrolment of this key. Name the client_key with which it was made.",
    "plan": "There is no such plan. `daozhen followup plans` lists them.",
    "expired": "This plan is overdue for review and is offered to nobody. Have it reviewed, then set its new review_date.",
    "day": "The day is more than 400 days away. Write it as 2026-03-01, in the patient's calendar.",
    "zone": "There is no such time zone. Write it like Asia/Shanghai, or leave it out for the patient's own.",
    "limits": "The limit for {value} is none, or beyond what can be measured. Write numbers, low below high.",
    "gone": "No such patient writes here. Leave `patient` out to get a link for them.",
    "died": "This patient is noted as dead. Nothing is sent.",
    "stopped": "This patient has said stop. A nurse or the patient can take that back; no program can.",
    "left": "This patient has left and is about to be erased. Nothing is sent.",
    "blocked": "The staff has blocked this patient. Nothing is sent.",
    "no_consent": "This patient has not agreed to be written to. They are asked when they write.",
    "already": "This patient is in this plan already.",
    "no_address": "No link can be made: set DAOZHEN_PUBLIC_URL to the https address of the web chat.",
    "busy": "The database is away. Send the same call again.",
}


class Refused(Exception):
    """A call is not done."""

    def __init__(self, status: int, key: str, *, retry_s: int = 0, **values: object) -> None:
        super().__init__(key)
        self.status, self.key, self.retry_s, self.values = status, key, retry_s, values


def answer(refused: Refused) -> Response:
    """Return the answer that says so."""
    data: dict[str, Any] = {"error": refused.key, "sentence": SENTENCES[refused.key].format(**refused.values)}
    headers = NO_STORE | ({"Retry-After": str(refused.retry_s)} if refused.retry_s else {})
    if refused.key == "key":
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(data, status_code=refused.status, headers=headers)
