"""Times in English: of two small numbers nobody knows which is the day; hours go to 12."""

from __future__ import annotations

from bot.followup.times.named_dates import NamedDates
from bot.followup.times.tongue import Tongue, any_of, finder

_MONTHS = tuple(
    (name, number)
    for number, name in enumerate(
        [
            "jan(?:uary)?",
            "feb(?:ruary)?",
            "mar(?:ch)?",
            "apr(?:il)?",
            "may",
            "june?",
            "july?",
            "aug(?:ust)?",
            "sept?(?:ember)?",
            "oct(?:ober)?",
            "nov(?:ember)?",
            "dec(?:ember)?",
        ],
        1,
    )
)
_DATES = NamedDates(_MONTHS, finder(), month_first=True, day_first=False, only=r"the (?P<d>\d{1,2})(?:st|nd|rd|th|\.)")

TONGUE = Tongue(
    name="en",
    plural="s?",
    # --- days ---
    days=(
        ("(?:the )?day after tomorrow", 2),
        ("(?:the )?day before yesterday", -2),
        ("tomorrow|tmrw|tmr", 1),
        ("yesterday", -1),
        ("today|tonight|tonite|this (?=morning|afternoon|evening)", 0),
    ),
    weekdays=(
        ("mon(?:day)?", 0),
        ("tue(?:s(?:day)?)?", 1),
        ("wed(?:nesday)?", 2),
        ("thu(?:r(?:s(?:day)?)?)?", 3),
        ("fri(?:day)?", 4),
        ("sat(?:urday)?", 5),
        ("sun(?:day)?", 6),
    ),
    months=_MONTHS,
    months_of_year=rf"(?P<m>{any_of(_MONTHS)})\.?(?: (?P<y>\d{{4}}))?|in (?P<y2>(?:19|20)\d\d)",
    written_date=_DATES.read,
    impossible=_DATES.impossible,
    ago=("", r" (?:ago|earlier|before)"),
    later=(r"(?:in|within) (?:about )?|", r"(?: from now| later| from today)?"),
    needs=r"^(?:in|within)|ago$|earlier$|before$|later$|now$|today$",
    next=(r"(?:the )?(?:next|coming|following|upcoming) ", ""),
    last=(r"(?:the )?(?:last|past|previous) ", ""),
    this=(r"(?:this|the current) ", ""),
    # --- amounts ---
    units=(
        ("min(?:ute)?s?", "minute"),
        ("hours?|hrs?", "hour"),
        ("days?", "day"),
        ("weeks?|wks?", "week"),
        ("months?", "month"),
        ("years?|yrs?", "year"),
        ("sec(?:ond)?s?", "second"),
        ("fortnights?", "fortnight"),
    ),
    half=r" and a half",
    few=r"half an?|half|an?|a couple(?: of)?|a few|\d+(?:\.\d+)?(?: and a half)?",
    few_values={
        "half an": 0.5,
        "half a": 0.5,
        "half": 0.5,
        "a": 1,
        "an": 1,
        "a couple": 2,
        "a couple of": 2,
        "couple of": 2,
        "a few": 3,
        "few": 3,
        "third": 3,
        "fourth": 4,
        "fifth": 5,
    },
    # --- the clock ---
    parts=(
        (r"(?:early |late )?morning|a\.m\b", "morning"),
        ("noon|midday|lunch(?:time)?", "noon"),
        ("afternoon", "afternoon"),
        ("evening|tonight|tonite", "evening"),
        ("bed ?time|before bed", "bedtime"),
        ("night|midnight", "night"),
    ),
    clocks=(
        r"(?P<rel>half|quarter|\d{1,2}(?: min(?:ute)?s?)?) (?P<dir>past|after|to|before|till) (?P<h>\d{1,2}) ?(?P<ap>[ap])\.?m\b\.?",
        r"(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))? ?(?P<ap>[ap])\.?m?\b\.?(?<=m|p|a|\.)",
        r"(?P<h>\d{1,2})[:h](?P<m>\d{2})",
        r"(?:at|by|around) (?P<h>\d{1,2})\.(?P<m>[0-5]\d)(?! ?(?:mg|ml|%|\d))",
        r"(?P<rel>half|quarter|\d{1,2}(?: min(?:ute)?s?)?) (?P<dir>past|after|to|before|till) (?P<h>\d{1,2})",
        r"(?:at|by|around|about) (?P<half>half) (?P<h>\d{1,2})",
        r"(?P<h>\d{1,2}) ?o'?clock",
        r"(?:at|by|around|@) (?P<h>\d{1,2})(?:ish|-ish)?(?: (?P<m>[0-5]\d))?(?! ?(?:days?|weeks?|hours?|min|times|mg|%|/|-))",
        r"(?<!take )(?P<h>[4-9]|1[01])(?= in the (?:early |late )?(?:morning|evening))|(?<!take )(?P<h2>[1-6])(?= in the afternoon)|"
        r"(?<!take )(?P<h3>[7-9]|1[01])(?= at night)",
        r"(?P<word>noon|midday|midnight)(?! (?:meal|snack))",
    ),
    named_hours={"noon": 12, "midday": 12, "midnight": 0},
    conj=r"\band\b|[,&+]|\bplus\b|\bthen\b",
    either=r"\bor\b",
    link=r"\b(?:at|around|about|by|in the|the|this|again|once more|sharp)\b",
    bare=(
        r"(?P<h>\d{1,2})(?::(?P<m>\d{2}))?"
        r"(?=\s*(?:$|[.,;!?](?!\d)|(?:and|to|every|each|daily|please|remind|in the|at night|for)\b))"
    ),
    # --- spans ---
    between=r" ?(?:-| to | until | till | thru | through | and ) ?",
    opens=r"\b(?:from|between)\b",
    past=r"(?:the |over the |during the )?(?:last|past|previous) ",
    coming=r"(?:the |over the )?(?:next|coming|following) ",
    weekend=r"(?P<t>next |last |this |the )?week-?end",
    now=r"\b(?:right now|now|immediately|at the moment)\b",
    # --- what comes again ---
    every=(
        r"\bevery\w*\b|\beach\b|\bdaily\b|\bweekly\b|\bmonthly\b|\bhourly\b|\byearly\b|\bannually\b|"
        r"\b(?:once|twice|\d+ times|\d+x) (?:an?|per|every|each) |"
        r"\b(?:morning|evening|night|mon|tues|wednes|thurs|fri|satur|sun|week)(?:day)?s\b|\bweekends\b|\b(?:on )?week ?days\b|\bbid\b|\btid\b"
    ),
    each=r"(?:every|each) (?:single )?",
    daily=r"(?:every|each) (?:\w+ )?(?:morning|noon|midday|lunch\w*|afternoon|evening|night|bed ?time)|(?:morning|evening|night)s\b",
    step=r"every (?P<n>\d+|few|couple of) (?P<u>{units})|every (?P<n2>third|fourth|fifth|\d+(?:rd|th)) (?P<u2>{units})",
    per=(
        r"(?P<n>once|twice|\d+ times|\d+x) (?:an?|per|every|each) ?(?P<u>hour|day|week|month|year)|"
        r"(?P<n2>once|twice|\d+ times|\d+x) (?P<u2>daily|weekly|monthly)"
    ),
    often={"once": 1, "twice": 2},
    alternate=r"every other|every second|every 2(?:nd)?",
    adverbs={"hour": "hourly", "day": "daily|everyday", "week": "weekly", "month": "monthly", "year": "yearly|annually"},
    begins=r"\b(?:starting|beginning|from|as of)(?: on| from)? (?P<day>(?!\d+(?:[:.]\d\d)? ?[ap]\.?m)[^,.]{3,25})",
    ends=r"\b(?:until|till|through(?= (?:next |the )?(?:mon|tue|wed|thu|fri|sat|sun|\d)))(?: and including)? (?P<day>[^,]{3,25})",
    lasting=(r"for (?:the next )?{amount}",),
    range=r" ?(?:-|to|through|thru|until|till) ?",
    workdays=r"week ?days?",
    beyond=(
        r"\b(?:first|last)(?: day)? of (?:every|each|the) month\b|"
        r"\b(?:except|but not|apart from|excluding)\b|\b(?:first|second|third|fourth|fifth|last|\d(?:st|nd|rd|th)) (?:\w+day|week|day|month|weekend) (?:of|in)\b|"
        r"\bquarter\b(?! (?:past|to|after|before))|\bqtr\b|\bq[1-4]\b|\bafter next\b|"
        r"\b(?:end|beginning|middle) of\b|\bweek of\b|\b(?:from|after|before|since) (?:easter|christmas|ramadan)"
    ),
)
