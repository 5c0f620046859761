"""The nurses' desk: pages, JSON calls and the stream. bot.staff.access says who may see what, for all three alike."""
