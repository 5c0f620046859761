"""The Bot API on loopback: stateful, as strict as Telegram, with webhooks, long polling, limits, faults and a page for people."""
