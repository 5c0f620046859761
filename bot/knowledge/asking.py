"""Does a sentence ask about something or repeat what was heard? "Does vinegar help?" does, "my throat hurts" does not."""

from __future__ import annotations

import re

from bot.triage.normalise import normalise

# A complaint asks too: what to do, for how long, how bad. That is for the guidance.
_WHAT_TO_DO = re.compile(
    r"怎么办|怎么回事|咋办|what (?:can|do|should|shall) i do|was (?:soll|kann|mache|tun)\b|ماذا افعل|ما العمل"
)

# Written for normalised text: Simplified, lower case, Arabic letters folded.
_ASKS = re.compile(
    r"[?؟]"
    r"|吗|嘛|呢|么$|是不是|要不要|能不能|会不会|可不可以|该不该|[行对好]不[行对好]|是否|真的|真能|听说|据说|都说|网上说|人说|有人|谣言"
    r"|有用|管用|有效|没用|不能|不用|不就|可以|应该|要多|就能|才会|好得快|一点|致癌|预防|代替"
    r"|^(?:is|are|do|does|did|can|could|will|would|should|may|must|has|have)\b"
    r"|\b(?:true|myth|rumou?r|heard|read|says?|told|supposed|really|helps?|harm|cures?|causes?|prevents?|protects?|works?|right|or)\b"
    r"|^(?:ist|sind|hilft|helfen|macht|machen|soll|sollte|kann|konnen|können|darf|muss|wird|werden|stimmt|schadet|schützt|bekommt|holt"
    r"|kommt|braucht|bringt|wächst|geht|rettet|stärken|beugt)\b"
    r"|\b(?:wirklich|gehört|gelesen|angeblich|sagt|sagen|hilft|stimmt|schützt|heilt|heilen|macht|verursacht|verursachen|schädigt)\b"
    r"|(?:^|\s)(?:هل|صحيح|سمعت|يقول|يقولون|حقا|يفيد|تفيد|ينفع|تنفع|يسبب|تسبب|يشفي|يمنع|يقي|يضر|تضر)\b"
)


def asks_about(text: str) -> bool:
    """Return whether `text` asks whether something is so, or repeats it as a claim."""
    plain = normalise(text).text.strip()
    return bool(_ASKS.search(plain)) and not _WHAT_TO_DO.search(plain)
