"""Times in German: the day before the month, hours to 24, "halb acht" is 7:30."""

from __future__ import annotations

from bot.followup.times.named_dates import NamedDates
from bot.followup.times.tongue import Tongue, any_of, finder

_MONTHS = tuple(
    (name, number)
    for number, name in enumerate(
        [
            "jan(?:uar)?|jänner",
            "feb(?:ruar)?",
            "märz|maerz|mrz",
            "apr(?:il)?",
            "mai",
            "juni?",
            "juli?",
            "aug(?:ust)?",
            "sept?(?:ember)?",
            "okt(?:ober)?",
            "nov(?:ember)?",
            "dez(?:ember)?",
        ],
        1,
    )
)
_DATES = NamedDates(
    _MONTHS, finder(), month_first=True, day_first=True, only=r"(?:am|den|vom|zum) (?P<d>\d{1,2})(?:st|nd|rd|th|\.)"
)
# "morgen" is tomorrow only where it is not a morning.
_TOMORROW = (
    r"morgen(?= (?:früh|vormittag|mittag|nachmittag|abend|um|nacht)|$|,|\.| )"
    r"(?<!heute morgen)(?<!jeden morgen)(?<!gestern morgen)(?<!am morgen)(?<!guten morgen)"
)

# "Sonntagabend" is a day and a part of it.
_DAYTIME = r"s?(?:morgen|vormittag|mittag|nachmittag|abend|nacht)s?"
_OF = r"(?:\w+tags?|mittwochs?)"

TONGUE = Tongue(
    name="de",
    plural="s?",
    counts_to_24=True,
    # --- days ---
    days=(("übermorgen", 2), ("vorgestern", -2), (_TOMORROW, 1), ("gestern", -1), ("heute", 0)),
    weekdays=(
        (rf"montag(?:{_DAYTIME})?|mo", 0),
        (rf"dienstag(?:{_DAYTIME})?|di", 1),
        (rf"mittwoch(?:{_DAYTIME})?|mi", 2),
        (rf"donnerstag(?:{_DAYTIME})?|do", 3),
        (rf"freitag(?:{_DAYTIME})?|fr", 4),
        (rf"(?:samstag|sonnabend)(?:{_DAYTIME})?|sa", 5),
        (rf"sonntag(?:{_DAYTIME})?|(?<=am )so|(?<=jeden )so|(?<=sa )so|(?<=sa, )so|so(?=[./-])", 6),
    ),
    months=_MONTHS,
    months_of_year=rf"(?P<m>{any_of(_MONTHS)})\.?(?: (?P<y>\d{{4}}))?|(?:in|im jahr) (?P<y2>(?:19|20)\d\d)",
    written_date=_DATES.read,
    impossible=_DATES.impossible,
    ago=(r"vor (?:etwa |ca\.? |rund )?", ""),
    later=(r"(?:in|nach) (?:etwa |ca\.? |einer? |eine (?=halb))?", ""),
    next=(r"(?:der |die |das |den )?(?:nächste[rnms]?|kommende[rnms]?|folgende[rnms]?) ", ""),
    last=(r"(?:der |die |das |den |im )?(?:letzte[rnms]?|vorige[rnms]?|vergangene[rnms]?) ", ""),
    this=(r"(?:diese[rnms]?|aktuelle[rnms]?) ", ""),
    # --- amounts ---
    units=(
        ("min(?:uten?)?", "minute"),
        ("stunden?|std", "hour"),
        ("tag(?:e[ns]?)?", "day"),
        ("wochen?", "week"),
        ("monat(?:e[ns]?|s)?", "month"),
        ("jahr(?:e[ns]?)?", "year"),
        ("sekunden?", "second"),
    ),
    few=r"(?:eine[rn]? )?halbe[nrs]?|eineinhalb|anderthalb|ein(?:e[rnm]?)?|ein paar|paar|\d+(?:[.,]\d+)?",
    few_values={
        "eineinhalb": 1.5,
        "anderthalb": 1.5,
        "ein paar": 3,
        "paar": 3,
        **{
            f"{word}{end}": number
            for word, number in (("dritte", 3), ("vierte", 4), ("fünfte", 5))
            for end in ("", "n", "r", "s")
        },
    },
    # --- the clock ---
    parts=(
        (rf"{_OF}?vormittags?|{_OF}?morgens|{_OF}morgen|(?<=heute )morgen|früh|(?:am |jeden )morgen", "morning"),
        (rf"{_OF}?nachmittags?", "afternoon"),
        (rf"{_OF}?mittags?", "noon"),
        (rf"{_OF}?abends?", "evening"),
        ("vor(?:m| dem) (?:schlafen(?:gehen)?|zubettgehen|einschlafen)|beim zubettgehen", "bedtime"),
        (rf"{_OF}?nachts?", "night"),
    ),
    clocks=(
        r"(?P<rel>\d{1,2}(?: minuten)?) (?P<dir>nach|vor) halb (?P<halb>\d{1,2})(?: uhr)?",
        r"halb (?P<halb>\d{1,2})(?: uhr)?",
        r"(?P<rel>viertel|\d{1,2}(?: minuten)?) (?P<dir>nach|vor) (?P<h>\d{1,2})(?: uhr)?",
        r"(?P<east>dreiviertel|viertel) (?P<h>\d{1,2})(?: uhr)?",
        r"(?<![.:])(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?(?=(?:, ?\d{1,2}(?:[:.]\d{2})?)* ?(?:und|,) ?(?:um )?\d{1,2}(?:[:.]\d{2})? ?uhr)",
        r"(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))? ?uhr(?: (?P<m2>\d{2})(?![:.]))?",
        r"(?P<h>\d{1,2}):(?P<m>\d{2})",
        r"(?P<word>mitternacht)",
        r"(?:um|gegen|ab) (?P<h>\d{1,2})(?! ?(?:tage|wochen|mg|%))",
        r"(?P<h>[4-9]|1[01])(?= (?:uhr )?(?:morgens|abends))",
    ),
    named_hours={"mitternacht": 0},
    conj=r"\bund\b|[,&+]|\bsowie\b|\bdann\b",
    either=r"\boder\b",
    link=r"\b(?:um|gegen|ab|uhr|jeweils|noch ?mal|noch einmal|wieder|immer|am|in der)\b",
    bare=(
        r"(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?(?=\s*(?:$|[.,;!?](?!\d)|"
        r"(?:und|uhr|an|zu|ans|jeden|jede|täglich|bitte|erinner\w*|morgens|mittags|abends|nachts|den|die|das|meine[nr]?)\b))"
    ),
    # --- spans ---
    between=r" ?(?:-| bis(?: zum)? | und ) ?",
    opens=r"\b(?:von|vom|zwischen|ab)\b",
    past=r"(?:in den |die )?(?:letzten|vergangenen|vorigen) ",
    coming=r"(?:in den |die )?(?:nächsten|kommenden|folgenden) ",
    weekend=r"(?P<t>nächstes |letztes |dieses |am )?wochenende",
    now=r"\b(?:jetzt|sofort|gerade eben)\b",
    # --- what comes again ---
    every=(
        r"\bjede[nrsm]?\b|\balle tage\b|\balle\b(?= (?:\d|ein|zwei|paar|halbe))|täglich|wöchentlich|monatlich|stündlich|jährlich|"
        r"\b(?:ein|zwei|drei|vier|\d+)[ -]?mal (?:am|pro|in der|im|die) |\b\d+x (?:am|pro|täglich)|"
        r"\b(?:morgens|mittags|abends|nachts)\b.*\b(?:und|,)|"
        r"\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)s\b|\b(?:wochentags|an wochentagen|werktags)\b|\bunter der woche\b"
    ),
    each=r"jede[nrsm]? ",
    daily=r"jede[nrsm]? (?:\w+ )?(?:morgen|früh|vormittag|mittag|nachmittag|abend|nacht)|\b(?:morgens|vormittags|mittags|nachmittags|abends|nachts)\b",
    step=r"alle (?P<n>\d+|paar) (?P<u>{units})|jede[nrs]? (?P<n2>dritte[nrs]?|vierte[nrs]?|fünfte[nrs]?|\d\.) (?P<u2>{units})",
    per=(
        r"(?P<n>ein|zwei|drei|vier|fünf|\d+)[ -]?(?:mal|x) ?(?:am|pro|in der|im) ?(?P<u>tag|woche|monat|jahr|stunde)|"
        r"(?P<n2>ein|zwei|drei|vier|\d+)[ -]?(?:mal|x) (?P<u2>täglich|wöchentlich|monatlich)"
    ),
    often={"ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5},
    alternate=r"jede[nrs]? (?:2\.|zweite[nrs]?)",
    adverbs={"hour": "stündlich", "day": "täglich|alle tage", "week": "wöchentlich", "month": "monatlich", "year": "jährlich"},
    begins=r"\b(?:ab|beginnend|von) (?:dem |am )?(?P<day>(?!\d+(?:[:.]\d\d)? ?uhr)[^,]{3,25})",
    ends=r"\bbis (?:zum |einschließlich )?(?P<day>[^,]{3,25})",
    lasting=(r"für (?:die nächsten )?{amount}", r"{amount} lang"),
    range=r" ?(?:-|bis) ?",
    workdays=r"wochentags|jede[nm] wochentag|an wochentagen|unter der woche",
    beyond=(
        r"\b(?:außer|ausser|ausgenommen|werktags|monatsersten|monatsletzten|(?:ersten|letzten) (?:jede[ns]|des|im) monats?|an werktagen|jeden werktag)\b|\b(?:erste|letzte|zweite|dritte)[rns]? \w+(?:tag|woche) (?:im|des|in)\b|\bquartal|"
        r"(?:ende|anfang|mitte) (?:des|der|dieses|nächste)"
    ),
)
