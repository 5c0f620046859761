"""Scenes: a code on a poster that opens the chat of a department or ward.

A connector whose platform hands over what a scanned code said (Telegram's `/start CODE`, WeChat's scene of a subscription or
scan, the web chat's `?start=CODE`) gives the text to `codes.code_in` and passes the result on:

    Inbound(channel=…, external_id=…, sender=…, text="", sent_at=…, kind="scan", scene=code_in(EventKey))

That is all: the inbox greets by the name of the place, asks for consent where there is none, and remembers the code. A code that
is none of ours, or "" (somebody subscribed without a poster), is a plain welcome. Whatever the platform handed over is text that
anybody may have made up: only what `code_in` returns is passed on, and only what `codes.scene_of` knows is stored.
"""
