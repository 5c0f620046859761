"""Telegram: webhook or long polling, one pipeline. Private chats are patients; groups get public answers and a door."""
