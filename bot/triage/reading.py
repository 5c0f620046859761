"""Reads one message: findings with what the words say of them, the patient, numbers, crisis. Pure and deterministic."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from bot.languages import Language
from bot.triage import cues
from bot.triage.context import Context, contexts_of
from bot.triage.crisis import is_only_spoken_of, is_weak_sign, signs_together
from bot.triage.lexicon import Hit, Lexicon
from bot.triage.normalise import Normal, normalise
from bot.triage.numbers import duration_days, measurements
from bot.triage.people import patient_of
from bot.triage.types import Finding, Measurement, Reading

# Concepts of the crisis path: they are read without the usual benefit of doubt.
CRISIS = frozenset({"suicidal_intent", "suicidal_plan", "self_harm", "violence_victim", "threat_to_others"})
# Words that look like a concept and are none, by the concept they would be: idioms, films, games.
LOOK_ALIKES = "look_alike"
_IDIOMATIC = CRISIS | {"dying_feeling"}

_SUDDEN = {
    "zh": r"突然|一下子|忽然|猛地|骤然|突发|瞬间",
    "en": r"\bsudden(?:ly)?\b|\ball of a sudden\b|\bout of nowhere\b|\bfrom one moment\b|\babruptly\b|\bwoke (?:up )?with\b|\bcame on (?:very )?fast\b",
    "de": r"\bplötzlich\w*|\bauf einmal\b|\bschlagartig\b|\bvon jetzt auf gleich\b|\baus heiterem himmel\b",
    "ar": r"فجاه|فجئه|مره واحده|بشكل مفاجي|على غفله",
}
_SEVERE = {
    "zh": r"剧烈|疼死|痛死|要命|受不了|厉害|特别疼|特别痛|很疼|很痛|非常痛|非常疼|最厉害|撕裂|刀割|炸开|爆炸|钻心|满地打滚|打滚|从来没有?(?:这么|这样)|疼得|痛得|严重|极度|难忍|忍不住|从来没这么",
    "en": r"\bsevere(?:ly)?\b|\bunbearable\b|\bworst\b|\bexcruciating\b|\bkilling me\b|\bagony\b|\bterrible\b|\bextreme(?:ly)?\b|\bcan'?t stand\b|\b(?:9|10)\s?/\s?10\b|\bintense\b|\bcrushing\b|\btearing\b|\bawful\b|\bnever\b[^,.;]{0,40}\blike this\b|\bhorrible\b|\breally bad\b|\bvery bad\b|\bso bad\b",
    "de": r"\bstark\w*|\bheftig\w*|\bunerträglich\w*|\bschlimmste\w*|\bextrem\w*|\bhöllisch\w*|\bwahnsinnig\w*|\bkaum auszuhalten\b|\bnicht auszuhalten\b|\bvernichtend\w*|(?<!ist das )(?<!ist es )\bschlimm(?:e[nrsm]?)?\b(?! (?:wird|werden|geworden))|\bnoch nie so\b",
    "ar": r"شديد|شديده|قوي|قويه|جامد|ما ينحمل|لا يحتمل|فظيع|يقطع|بتقطع|يتقطع|تتقطع|مو طبيعي|رهيب|بموت من|اسوا|حاد|لم اشعر بمثل|عمري ما حسيت",
}
_WORSE = {
    "zh": r"越来越|加重|更厉害|恶化|一天比一天|没有缓解|没缓解|不见好",
    "en": r"\b(?:getting|got|becoming) (?:much )?worse\b|\bworsening\b|\bwon'?t go away\b|\bmore and more\b|\bworse and worse\b|\bnot getting better\b|\bspreading\b",
    "de": r"\bimmer schlimmer\b|\bschlimmer geworden\b|\bwird schlimmer\b|\bimmer stärker\b|\bgeht nicht weg\b|\bbreitet sich aus\b|\bverschlechter\w*",
    "ar": r"بيزيد|يزيد|يزداد|تزداد|اسوا|كل يوم اكثر|ما يروح|بتسوء",
}


def _all(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {family: re.compile(pattern) for family, pattern in patterns.items()}


_SUDDEN_RE, _SEVERE_RE, _WORSE_RE = _all(_SUDDEN), _all(_SEVERE), _all(_WORSE)


# Directly before such a word these take it back: "not severe", "nicht plötzlich".
_NOT_RE = _all(
    {
        "zh": r"(?:不|没有?|不是|不算|没那么|不那么|并不)(?:很|太|特别|那么|怎么|算|是|十分|非常)?$",
        "en": r"\b(?:not|isn'?t|aren'?t|wasn'?t|never|nothing|didn'?t)(?: (?:very|really|that|so|too|particularly|come on|feel|been|at all))?\s$",
        "de": r"\b(?:nicht|keine?[nrms]?|nie)(?: (?:sehr|besonders|wirklich|allzu|gerade|mehr|so))?\s$",
        "ar": r"\b(?:مش|مو|ليس|ليست|غير|ما هو|ما هي|ما كان)\s$",
    }
)


def _is_said(pattern: re.Pattern[str], text: str, family: str) -> bool:
    return any(not _NOT_RE[family].search(text, max(0, one.start() - 20), one.start()) for one in pattern.finditer(text))


def read(text: str, language: Language, *, lexicon: Lexicon) -> Reading:
    """Return what `text` says. The same text in the same language reads the same; no text raises."""
    return _read(text, language, lexicon)


@lru_cache(maxsize=512)  # safety net, classifier and form read the same message
def _read(text: str, language: Language, lexicon: Lexicon) -> Reading:
    normal = normalise(text)
    plain = normal.text
    family = cues.family(language)
    hits = _meant(lexicon.find(normal, language), plain, lexicon, family)
    findings = _with_signs_together(_findings(normal, hits, language, lexicon), normal, hits, family)
    numbers = measurements(plain, language)
    crisis = [finding for finding in findings if finding.id in CRISIS and finding.state != "absent" and finding.when == "now"]
    return Reading(
        language=language,
        findings=findings,
        patient=patient_of(plain, language),
        duration_days=duration_days(_without_weeks(plain, numbers), language),
        sudden=_is_said(_SUDDEN_RE[family], plain, family),
        severe=_is_said(_SEVERE_RE[family], plain, family),
        worsening=_is_said(_WORSE_RE[family], plain, family),
        measurements=numbers,
        crisis=bool(crisis),
        crisis_said=crisis[0].said if crisis else "",
        corrects=bool(cues.correction[family].search(plain)),
    )


def _without_weeks(text: str, numbers: tuple[Measurement, ...]) -> str:
    # "30 weeks pregnant" is no duration of the complaint.
    for number in numbers:
        if number.kind == "gestation_weeks":
            text = text.replace(number.said, " ")
    return text


def _meant(hits: list[Hit], text: str, lexicon: Lexicon, family: str) -> list[Hit]:
    """Return `hits` without figures of speech and without crises that are only spoken of, such as in a film."""
    quiet = [hit for hit in hits if lexicon.concepts[hit.concept].kind == "context" and hit.concept.startswith(LOOK_ALIKES)]
    kept = [
        hit for hit in hits if hit not in quiet and not (_tells_of_crisis(hit, lexicon) and is_only_spoken_of(text, family, hit))
    ]
    return [hit for hit in kept if not (hit.concept in _IDIOMATIC and any(_overlap(hit, one) for one in quiet))]


def _tells_of_crisis(hit: Hit, lexicon: Lexicon) -> bool:
    return hit.concept in CRISIS or not CRISIS.isdisjoint(lexicon.concepts[hit.concept].implies)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _findings(normal: Normal, hits: list[Hit], language: Language, lexicon: Lexicon) -> tuple[Finding, ...]:
    found: dict[str, Finding] = {}
    # Parts only mask: what is said of them says nothing.
    hits = [hit for hit in hits if not is_weak_sign(hit)]  # of many everyday words, which must not hide a "gone" or a "not"
    told = [hit for hit in hits if lexicon.concepts[hit.concept].kind != "part"]
    for hit, context in zip(told, contexts_of(normal.text, hits, language, of=told), strict=True):
        concept = lexicon.concepts[hit.concept]
        finding = _finding(hit, context, normal)
        # What implies something else does so where it is there: no crushing pain is not no pain.
        implied = concept.implies if finding.state == "present" else ()
        for concept_id in (hit.concept, *implied):
            _keep(found, finding if concept_id == finding.id else replace(finding, id=concept_id))
    return tuple(found.values())


def _with_signs_together(findings: tuple[Finding, ...], normal: Normal, hits: list[Hit], family: str) -> tuple[Finding, ...]:
    """Add the crises that several weak signs make together; they are told, so nothing around one sign takes them back."""
    together = signs_together(hits)
    together = [(concept, first) for concept, first in together if not is_only_spoken_of(normal.text, family, first)]
    if not together:
        return findings
    found = {finding.id: finding for finding in findings}
    for concept, first in together:
        _keep(found, Finding(concept, "present", normal.said(first.start, first.end), "other", "now", False, False))
    return tuple(found.values())


def _finding(hit: Hit, context: Context, normal: Normal) -> Finding:
    said = normal.said(hit.start, hit.end)
    return Finding(hit.concept, context.state, said, context.holder, context.when, context.doubt, context.asked)


def _keep(found: dict[str, Finding], new: Finding) -> None:
    """Keep the reading of a concept that is safer to believe: present now before present once before absent.

    "I had a headache, the headache is gone": what was told first is over, though not absent.
    """
    old = found.get(new.id)
    over = old is not None and new.when == "recent" and old.when == "now" and old.said in new.said and new.state != "absent"
    if old is None or over or _weight(new) > _weight(old):
        found[new.id] = new


def _weight(finding: Finding) -> int:
    if finding.state == "absent":
        return 0
    if finding.holder == "family":
        return 1
    return {"past": 2, "recent": 4, "now": 6}[finding.when] + (0 if finding.asked else 1)
