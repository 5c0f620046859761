"""How a text will look on each platform: what is added to it, how long it is as the platform counts, and in how many messages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Platform = Literal["webchat", "telegram", "wechat"]


@dataclass(frozen=True)
class Preview:
    """One platform. `count` of `limit` in `unit`; `lines`: the buttons as numbered lines, where there are none to press."""

    platform: Platform
    text: str
    buttons: tuple[str, ...]
    lines: tuple[str, ...]
    count: int
    limit: int
    unit: str

    @property
    def messages(self) -> int:
        """In how many messages it comes, at least."""
        return max(1, -(-self.count // self.limit))


# What the platforms take as one text, and how they count: facts/telegram.md, facts/wechat.md.
_LIMITS: dict[Platform, tuple[int, str, Callable[[str], int]]] = {
    "webchat": (4000, "characters", len),
    "telegram": (4096, "utf16", lambda text: len(text.encode("utf-16-le")) // 2),
    "wechat": (2048, "bytes", lambda text: len(text.encode("utf-8"))),
}


def previews(text: str, note: str, buttons: Sequence[str] = ()) -> tuple[Preview, ...]:
    """Return how `text` looks on each platform, with the disclaimer `note` below."""
    return tuple(_preview(platform, f"{text.strip()}\n{note}", tuple(buttons)) for platform in _LIMITS)


def _preview(platform: Platform, text: str, buttons: tuple[str, ...]) -> Preview:
    limit, unit, length = _LIMITS[platform]
    # WeChat has no buttons: people answer with the number.
    lines = tuple(f"{number} {label}" for number, label in enumerate(buttons, 1)) if platform == "wechat" else ()
    sent = "\n".join([text, *lines])
    return Preview(platform, text, () if lines else buttons, lines, length(sent), limit, unit)
