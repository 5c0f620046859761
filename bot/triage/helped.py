"""Words that say that help has come: the ambulance was there, a doctor has looked, they are in hospital. Pure.

They lower nothing. They only change what is said next: "call now" for the fifth time is no answer to "the ambulance was here".
"""

from __future__ import annotations

import re

from bot.triage.normalise import normalise

_ZH = (
    r"(?:救护车|急救(?:人员|员)?|医生|医师|大夫|医护)(?:已经|刚刚?|都)?(?:来过|到了|来了|看过|检查过|说(?:是|没|不))|"
    r"(?:去)?(?:看|找|问)(?:过|了)(?:医生|医师|大夫|急诊)|"
    r"(?:已经|刚刚?|正|现在)(?:在|到|去过?|送到?|从)(?:了)?(?:医院|急诊)|(?:去过?|看过)(?:医院|急诊|医生|大夫)了"
)
_EN = (
    r"\b(?:ambulance|paramedics?|doctors?|emergency (?:team|services?|doctor))(?:(?: has| have| had)(?: already| just)? "
    r"(?:been|come|arrived|looked|checked|examined|seen|said|told)|(?: already| just)? (?:was|were|came|is|are|arrived|looked|checked|examined|saw|said|says|told))\b|"
    r"\b(?:went to|saw|have seen|has seen|been to|was seen by|checked by|looked at by) (?:the |a |our |my )?(?:doctors?|gp|hospital|paramedics?)\b|"
    r"\b(?:we|i|he|she|they)(?:'ve| have|'re| are| were|'m| am|'s| is| has| was)?(?: already| now| just)*(?: been| at| in| back from)"
    r"(?: to| at| in| back from)* (?:the )?(?:hospital|er|a&e|emergency (?:room|department))\b"
)
_DE = (
    r"\b(?:notarzt|rettungs(?:wagen|dienst)|sanitäter|krankenwagen|arzt|ärztin)(?: \w+){0,2} "
    r"(?:war|waren|ist|sind|kam|kamen|hat|haben|sagt|sagte|sagen|meint|meinte)\b|"
    r"\b(?:war(?:en)?|sind|bin|ist) (?:\w+ ){0,3}(?:im|in der|beim|vom) (?:krankenhaus|notaufnahme|klinik|arzt)\b"
)
# Alef and ta marbuta are folded by `normalise`.
_AR = (
    r"(?:جاء|جات|جت|جا|وصل|وصلت|اجا|اجت|حضر|حضرت) (?:لنا |الينا )?(?:ال)?(?:اسعاف|مسعف\w*|طبيب|دكتور)|"
    r"(?:رحت|رحنا|راح|ذهبت|ذهبنا) (?:الي |ل)(?:ال)?(?:دكتور|طبيب|مستشفي)\w*|(?:رحت|راح|رحنا) للدكتور\w*|شافه?ا? (?:ال)?(?:دكتور|طبيب)|"
    r"(?:الاسعاف|المسعف\w*|الطبيب|الدكتور\w*|الاطباء) (?:جاء|جا|وصل|قال|قالوا|فحص\w*|كشف|شاف\w*)|"
    r"(?:ذهبنا|رحنا|كنا|نحن|احنا|هو|هي) (?:الان |الحين )?(?:الي |في |ب)?(?:ال)?(?:مستشفي|طوارئ)\b"
)
_SAID = re.compile("|".join((_ZH, _EN, _DE, _AR)))
_BEFORE = re.compile(r"没|会不会|\bnot\b|n't\b|\bnever\b|\bnicht\b|\bkeine?\b|\bلم\b|\bلا\b|\bهل\b|[?؟？]")
# "The ambulance is not here yet", "has it come?": only what follows at once. "The doctor said it is not the heart" says that one was there.
_AFTER = re.compile(r"[\s,،，]*(?:yet\b|still\b)?\s*(?:not\b|n't\b|noch nicht\b|nicht\b|noch kein|没|吗|嗎)|[^.。!！]*[?؟？]\s*$")


def has_been_helped(text: str) -> bool:
    """Return whether somebody says that help is or was there. A question and "not here yet" say no such thing."""
    plain = normalise(text).text
    found = _SAID.search(plain)
    return found is not None and not _BEFORE.search(plain[: found.end()]) and not _AFTER.match(plain[found.end() :])
