"""All content of one hospital, read once and frozen; a source that notices changed files."""

from bot.content.load import Content, ContentSource, load_content
from bot.content.packs import ContentError, Pack

__all__ = ["Content", "ContentError", "ContentSource", "Pack", "load_content"]
