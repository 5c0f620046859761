"""The reviewed content of one hospital. `packs` reads one file, `load` puts all together as `Content`.

Nothing is imported here: rooms that own a pack import `bot.content.packs`, and `load` imports those rooms.
"""
