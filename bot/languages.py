"""The five languages, and which one a message is written in. Everything else about language is data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, get_args

Language = Literal["zh-Hans", "zh-Hant", "en", "de", "ar"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
RIGHT_TO_LEFT: frozenset[Language] = frozenset({"ar"})
OWN_NAMES: dict[Language, str] = {
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "en": "English",
    "de": "Deutsch",
    "ar": "العربية",
}


def is_right_to_left(language: Language) -> bool:
    """Return whether texts in `language` run from right to left."""
    return language in RIGHT_TO_LEFT


def choose_language(asked: str | None, accepted: str, default: Language) -> Language:
    """Return the language of a page: the one asked for in the address, else the browser's, else `default`."""
    for language in LANGUAGES:
        if asked == language:
            return language
    for part in accepted.split(","):
        found = _tagged(part.partition(";")[0].strip().lower())
        if found:
            return found
    return default


def _tagged(tag: str) -> Language | None:
    if tag.startswith("zh"):
        return "zh-Hant" if any(part in tag for part in ("hant", "-tw", "-hk", "-mo")) else "zh-Hans"
    family = tag.partition("-")[0]
    return next((language for language in LANGUAGES if language == family), None)


# Fewer letters than this never change the language of a conversation: "hallo", "ok", "Stopp" are said in all of them.
_ENOUGH_LETTERS = 12
_HAN = re.compile(r"[\u3400-\u9fff]")
_ARABIC_WORD = re.compile(r"[\u0621-\u064a]{2,}|[\u0621-\u064a]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")
_ANY_WORD = re.compile(r"[A-Za-zÀ-ÿ]+")
_LATIN_WORD = re.compile(r"[a-zà-ÿ]+(?:'[a-z]+)?")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
# A Chinese word has about this many characters.
_CHARACTERS_A_WORD = 1.6
_READ_AT_MOST = 600

# Characters of Chinese grammar: with one of them the sentence is Chinese, whatever names stand in it.
_CHINESE_GRAMMAR = re.compile(r"[的了吗嗎在是我你他她有给給请請不没沒很到和就也都怎什吃要能被把]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Small words carry the language of a sentence; the nouns in it may come from anywhere. None is a word of the other list.
_GERMAN = _words(
    """aber alle alles als am auch auf aus bei beim bekomme bin bis bisher bist bitte brauche da dabei damit dann daran darf das
    dass dazu dein deine dem den denn der des deshalb die dies diese diesem diesen dieser dieses doch dort du durch ein eine
    einem einen einer eines er erst es etwas euch euer fuer für ganz gar gegen gegessen geht gehen gerade gern gestern gibt
    gleich haben habe habt hallo hatte heute hier hinter ich ihm ihn ihnen ihr ihre ihrem ihren im immer ist ja jede jeden jeder
    jedes jemand jetzt kann kannst kaum kein keine keinen keiner kommt können koennen könnte könnten leider letzte linke linken
    linkes links machen mache man manchmal mehr mein meine meinem meinen meiner meines mich mir mit morgen morgens muss müssen
    nach nachts nehme nein neben nicht nichts nie noch nun nur ob oben oder oft ohne paar plötzlich ploetzlich rechte rechten
    rechts schlecht schlimm schlimmer schmerz schmerzen schon sehr sein seine seinen seit seitdem selbst sich sie sind sofort
    soll sollte sondern sonst stark starke starken starkes suche tagen tage tut tun über ueber übel uebel um und unter unten
    uns unser vielleicht vom von vor vorne wann war waren warum was wegen weh weil weiß weiss welche welchen welcher welches
    wenig wenn werde werden wie wieder wird wir wo woche wochen wohin wurde würde zu zum zur zwei zwischen anders viel viele
    muttersprache jahre jahren uhr kopf bauch rücken ruecken hals bein beine fuß fuss ohr auge augen herz fieber husten
    durchfall schwindel schwanger kind sohn tochter mutter vater oma opa arzt termin krankenhaus finde zeige füge fuege
    buche erinnere stelle danke suche lass lasst gib zeig läuft laeuft spiele spielt spielen wetter sekunden punkte guten tag abend januar februar märz mai juni juli oktober dezember montag dienstag mittwoch
    donnerstag freitag samstag sonntag minuten stunden monat monate nächste nächsten kommenden"""
)
_ENGLISH = _words(
    """a about above after again all always and any anything are aren't around as at back be because been before being below
    between both but by can can't cannot could couldn't day days did didn't do does doesn't doing don't dont down during each
    even ever every everything feel feeling feels few for from get gets getting give go going got had has hasn't have haven't
    having he her here hers him his how hurt hurting hurts i i'm i've ive if into is isn't it it's its just keep keeps last
    left like little long make makes me might more most much my myself need never night no nothing now of off on once one only
    or other our out over pain painful please really right same says she should since so some something still such sure take
    taking than thanks that that's the their them then there these they thing think this those though through time to today
    tomorrow too two under until up us very was wasn't we week weeks well went were what when where which while who whom why
    will with without won't worse would yes yesterday yet you you've your year years head headache belly stomach throat chest
    leg arm ear eye eyes heart fever cough diarrhea diarrhoea dizzy pregnant child son daughter mother father doctor
    appointment hospital cold sore swollen vomiting bleeding remind show find play add book good morning evening hello hi ok
    thank month months hour hours minute monday tuesday wednesday thursday friday saturday sunday january february march
    june july october december next bye"""
)
# What joins the words of an English title.
_JOINS = _words("of the a and at in to for on from with by")
# The same letters in both languages: they say little.
_IN_BOTH = _words(
    "a am an all arm back bin book days die do doctor fast finger hand hat her in is links man mine month no not on people so stark the uns war was we will after also bad ok hi im"
)
_GERMAN_SHAPE = re.compile(
    r"[äöüß]|(?:schmerz|weh|krank|beschwerden|entz(?:ü|ue)ndung|schwellung|ausschlag)|(?:ung|ungen|heit|keit|lich|isch|tisch|zeit|igkeit)$|^ge[a-z]{4,}t$|sch[wmnlt]|tz"
)
_ENGLISH_SHAPE = re.compile(r"(?:ing|ness|ache|aches|ful|tion|ough|ly)$|^wh|th|'(?:s|t|m|ve|re|ll|d)$")

# Arabic in Latin letters: 3, 7, 2, 5 and 9 stand for letters, and some words are written by everybody.
_ARABIZI_FORM = re.compile(
    r"\b(?=[a-z']*[a-z])(?:[a-z]+[23579][a-z]+[a-z23579']*|[357](?!(?:am|pm|mg|kg|cm|mm|ml|th|rd|nd|st|days?|weeks?|h|x|d|min|tage?n?|uhr|years?|months?|hours?|mal)\b)[a-z]{2,}[a-z23579']*|2(?:alb|albi|awi|albo|ultli?|adem)\b|[a-z]{2,}[37](?=\s|$|[,.!?]))"
)
# "2ader" beside a known word; alone it could be "2weeks".
_ARABIZI_QAF = re.compile(r"\b[29](?!(?:weeks?|days?|hours?|times|years?|tage?n?|wochen?|jahre?|stunden?|mal|kids|tab))[a-z]{3,}")
_NOT_ARABIZI = re.compile(
    r"(?:covid|omega|vitamin|mp|web|ft|ca|type|typ|windows|h|iphone)\d|^[a-z]\d+$|\d(?:st|nd|rd|th)$|spo2|hba1c|\dx\d"
)
_ARABIZI = _words(
    """ana enta enti inta inti howa howwa heya hiya ehna e7na el al il fi fe fih feeh mafi mafeesh mafish men min mn 3an 3ala w wa ya
    wallah walla inshallah habibi salam salaam marhaba ahlan shukran shokran yalla mesh mish msh mush mo moo ma sho shu shou eh
    ezay ezzay keef kif kifak leh lesh leish wein wen fein fen emta imta kam ktir kteer kter awi gidan jiddan jidan shway shwaya shwayya
    waja waga alam sodaa sudaa dokha doukha dawkha batni betni batn rasi ras sadri dahri dahr rijli regli eidi idi qalbi albi
    nafas nafasi hararah harara sokhoneya sokhona kahha koha ishal eshal hamel ebni ibni binti benti mama baba omi abuya ummi
    tabib doktor doktora dokhtoor mostashfa mustashfa dawa dawaa taban tabana taaban mareed marid marida bukra bokra bukrah
    embareh imbareh alyom elyom youm yom ayam ayyam sana law samaht aywa aiwa la2 bas kaman kman kul kol kulu hada hay da di dah
    bidi biddi ayez ayza 3ayez awez abi abgha ureed uridu 3andi andi ashor ashkor ahis ahess hases hasis hassa mwaja"""
)


def detect(text: str, prior: Language | None) -> Language:
    """Return the language of `text`; when it does not show, `prior`, or English without one.

    By the script that most words are in; Simplified and Traditional by the characters that only one of them has; German
    and English by their small words, and where those are silent by pycld2 and lingua; Arabic in Latin letters by its
    own spelling. One or two Latin words never switch away from `prior`.
    """
    text = _SURROGATES.sub("", text[:_READ_AT_MOST])
    han, arabic = len(_HAN.findall(text)) / _CHARACTERS_A_WORD, len(_ARABIC_WORD.findall(text))
    if not han and not arabic:
        return _latin(text, prior)
    words = _LATIN_WORD.findall(text.lower())
    # "吃了 ibuprofen": names of drugs do not make a message English; a sentence around one Chinese word does.
    if not _CHINESE_GRAMMAR.search(text) and len(words) > max(han, arabic) + 1 and sum(_weights(words)) >= 1:
        return _latin(text, prior)
    return "ar" if arabic >= han else _chinese(text, prior)


def _chinese(text: str, prior: Language | None) -> Language:
    simplified = sum(one != other for one, other in zip(text, _convert("s2tw", text), strict=False))
    traditional = sum(one != other for one, other in zip(text, _convert("t2s", text), strict=False))
    if simplified == traditional:
        return prior if prior in ("zh-Hans", "zh-Hant") else "zh-Hans"
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def _latin(text: str, prior: Language | None) -> Language:
    letters = len(_LATIN.findall(text))
    if letters == 0 or (prior is not None and letters < _ENOUGH_LETTERS):
        return prior or "en"
    lower = text.lower()
    words = _LATIN_WORD.findall(lower)
    german, english = _weights(words, titled=_titled(text))
    if _is_arabizi(lower, words, others=max(german, english)):
        return "ar"
    if abs(german - english) >= 0.5:
        return "de" if german > english else "en"
    return _by_letters(text, prior)


def _titled(text: str) -> frozenset[str]:
    """Return the words of titles and names inside a text that also has small words: they are from anywhere."""
    words = _ANY_WORD.findall(text)
    if not any(word.islower() for word in words):
        return frozenset()
    large = [word[0].isupper() for word in words]
    # "Live at the Hollywood Bowl": what stands between two large words of a title is a part of it.
    joined = [
        word in _JOINS and any(large[max(0, place - 3) : place]) and any(large[place : place + 3])
        for place, word in enumerate(words)
    ]
    return frozenset(word.lower() for place, word in enumerate(words) if place and (large[place] or joined[place]))


def _weights(words: Sequence[str], *, titled: frozenset[str] = frozenset()) -> tuple[float, float]:
    """Return how much the words speak for German and for English. `titled` ones hardly do, but German nouns are always so."""
    german = english = 0.0
    for word in words:
        little = word in _IN_BOTH or (word in titled and word in _ENGLISH)
        german += (0.3 if little else 1.0) * (word in _GERMAN) or 0.6 * bool(len(word) > 3 and _GERMAN_SHAPE.search(word))
        english += (0.3 if little else 1.0) * (word in _ENGLISH) or 0.4 * bool(len(word) > 3 and _ENGLISH_SHAPE.search(word))
    return german, english


def _is_arabizi(lower: str, words: Sequence[str], others: float) -> bool:
    spelled = sum(not _NOT_ARABIZI.search(match.group(0)) for match in _ARABIZI_FORM.finditer(lower))
    known = sum(word in _ARABIZI and word not in _IN_BOTH for word in words)
    spelled += known > 0 and bool(_ARABIZI_QAF.search(lower))
    if spelled:
        return spelled * 1.5 + known > others
    return known >= 2 and known > others and known * 3 >= len(words)


def _by_letters(text: str, prior: Language | None) -> Language:
    import pycld2

    try:
        sure, _, found = pycld2.detect(text, bestEffort=True)
    except pycld2.error:
        sure, found = False, ()
    if found and found[0][1] in ("en", "de") and sure:
        return found[0][1]  # type: ignore[no-any-return]
    guess = _lingua().detect_language_of(text)
    if guess is None:
        return prior if prior in ("en", "de") else "en"
    return "de" if guess.name == "GERMAN" else "en"


@lru_cache(maxsize=2)
def _converter(name: str) -> Any:
    import opencc

    return opencc.OpenCC(name)


def _convert(name: str, text: str) -> str:
    return str(_converter(name).convert(text))


@lru_cache(maxsize=1)
def _lingua() -> Any:
    from lingua import Language as Known
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Known.ENGLISH, Known.GERMAN).with_low_accuracy_mode().build()
