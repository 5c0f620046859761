"""The nurses' desk in a Telegram group with topics: one topic for each case, the same case as on the web desk.

Whatever is written in a topic stays there, but for what a nurse sends on purpose. The bot follows `case_event` by number, so that
desk and group agree, whoever did something and wherever.
"""
