"""The nurses' desk: pages, JSON calls and the stream. What a person may see is decided in bot.staff.access, for all three alike."""
