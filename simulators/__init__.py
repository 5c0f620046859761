"""Platforms on loopback, as strict as the real ones. They know nothing of the bot: they must not share its mistakes."""
