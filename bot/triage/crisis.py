"""Crises that no single word tells: weak signs that are one together, and words of a crisis that are none in their frame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.triage import cues
from bot.triage.lexicon import Hit

# What the signs of a row mean when all of them are said in one message, in any order and however far apart.
_TOGETHER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("suicidal_plan", ("given_away", "settled")),
    ("suicidal_plan", ("given_away", "own_death")),
    ("suicidal_plan", ("settled", "own_death")),
    ("suicidal_plan", ("last_day", "blame")),
    ("suicidal_plan", ("last_day", "leave_a_trace")),
    ("suicidal_plan", ("next_life", "gone_off")),
    ("suicidal_plan", ("charcoal", "sealing")),
    ("suicidal_plan", ("no_cure", "i_know_what")),
    ("suicidal_plan", ("go_fast", "no_hotline")),
    ("suicidal_intent", ("draws_fall", "draws")),
    ("suicidal_plan", ("tried", "rope_broke")),
    ("suicidal_plan", ("neck_mark", "rope_broke")),
    ("self_harm", ("cut_again", "deeper")),
    ("self_harm", ("cut_again", "hides_it")),
    ("self_harm", ("blood_sleeve", "blood_spots")),
    ("self_harm", ("head_wall", "slaps_self")),
    ("suicidal_plan", ("bottle", "on_purpose")),
    ("suicidal_plan", ("wants_sleep", "took_all")),
    ("suicidal_plan", ("all_pills", "swallowed_now")),
    ("threat_to_others", ("baby_window", "both_go")),
    ("threat_to_others", ("in_his_drink", "looked_up")),
    ("threat_to_others", ("mass_threat", "weapon")),
    ("violence_victim", ("walked_into_door", "partner_drinks")),
    ("violence_victim", ("walked_into_door", "hide_cause")),
    ("violence_victim", ("partner_drinks", "hide_cause")),
    ("violence_victim", ("controls", "knife_out")),
    ("violence_victim", ("finger_marks", "neck")),
    ("violence_victim", ("come_get_me", "cut_off")),
    ("violence_victim", ("wife_did", "attacked")),
    ("violence_victim", ("many_showers", "feels_dirty")),
    ("violence_victim", ("secret_kept", "child_sign")),
    ("violence_victim", ("locked_out", "freezing")),
    ("violence_victim", ("beats_wife", "screams")),
    ("violence_victim", ("girl_taken", "girl")),
    ("suicidal_plan", ("pills_saved", "will_do_it")),
    ("violence_victim", ("round_scars", "cigarette")),
    ("violence_victim", ("hand_goes", "fear_next")),
    ("violence_victim", ("elder_wasted", "keeps_pension")),
    ("violence_victim", ("drunk_parent", "hits_us")),
    ("violence_victim", ("girl_cut", "girl")),
    ("suicidal_plan", ("locked_in_bath", "red_water")),
    ("self_harm", ("locked_in_bath", "red_water")),
    ("suicidal_intent", ("on_waking", "still_here")),
    ("suicidal_plan", ("pills_lined", "could_anytime")),
    ("self_harm", ("hurts_own_body", "relief_after")),
    ("violence_victim", ("only_text", "he_listens")),
    ("violence_victim", ("only_text", "flee_home")),
    ("violence_victim", ("he_listens", "flee_home")),
    ("violence_victim", ("kicks_belly", "fears_him")),
    ("violence_victim", ("kicks_belly", "by_partner")),
    ("violence_victim", ("baby_shaken", "in_anger")),
    ("violence_victim", ("baby_shaken", "tell_nobody")),
    ("violence_victim", ("food_hidden", "dressed_for_summer")),
    ("violence_victim", ("food_hidden", "child_left_alone")),
    ("violence_victim", ("dressed_for_summer", "child_left_alone")),
    ("threat_to_others", ("sharpens_knives", "they_must_stop")),
    ("threat_to_others", ("sharpens_knives", "waves_in_head")),
    ("threat_to_others", ("waves_in_head", "they_must_stop")),
    ("threat_to_others", ("voice_commands", "harms_someone")),
    ("threat_to_others", ("voice_commands", "cannot_resist")),
    ("suicidal_plan", ("last_broadcast", "drank_unknown")),
    ("suicidal_plan", ("last_broadcast", "egged_on")),
    ("suicidal_plan", ("drank_unknown", "egged_on")),
    ("violence_victim", ("to_be_married", "papers_taken")),
    ("violence_victim", ("to_be_married", "i_am_a_minor")),
    ("suicidal_intent", ("to_be_married", "rather_jump")),
    ("suicidal_plan", ("engine_shut_in", "next_time_elsewhere")),
    ("suicidal_plan", ("pulled_out", "next_time_elsewhere")),
    ("suicidal_plan", ("note_left", "phone_left")),
    ("suicidal_plan", ("gun_at_hand", "quiet_place")),
    ("suicidal_plan", ("gun_at_hand", "look_after_child")),
    ("suicidal_plan", ("gun_at_hand", "unreachable")),
    ("suicidal_plan", ("hands_out_things", "far_for_good")),
    ("suicidal_plan", ("hands_out_things", "rope_ready")),
    ("suicidal_plan", ("far_for_good", "rope_ready")),
    ("suicidal_plan", ("rope_ready", "then_i_go")),
    ("suicidal_plan", ("last_sorry", "going_now")),
    ("suicidal_plan", ("deadline_set", "that_is_it")),
    ("suicidal_intent", ("early_off_work", "of_it_all")),
    ("suicidal_plan", ("shroud_tried", "dont_wake")),
    ("suicidal_plan", ("floors", "high_enough")),
    ("threat_to_others", ("suffered_enough", "stay_behind")),
    ("threat_to_others", ("stay_behind", "see_to_it")),
    ("suicidal_intent", ("not_burglars", "but_myself")),
    ("suicidal_intent", ("better_over", "refuses_pills")),
    ("suicidal_plan", ("will_sent", "talks_of_dying")),
    ("violence_victim", ("papers_taken", "no_wages")),
    ("violence_victim", ("papers_taken", "comes_at_night")),
    ("suicidal_plan", ("poison_packed", "birthday_last")),
    ("violence_victim", ("fell_downstairs", "no_stairs")),
    ("suicidal_plan", ("note_left", "tonight_over")),
    ("suicidal_plan", ("note_left", "given_away")),
    ("suicidal_plan", ("given_away", "tonight_over")),
    ("suicidal_plan", ("settled", "tonight_over")),
    ("suicidal_plan", ("pills_lined", "tonight_over")),
    ("suicidal_plan", ("pills_lined", "sleep_forever")),
    ("suicidal_plan", ("last_sorry", "unreachable")),
    ("suicidal_intent", ("done_with_all", "no_reply")),
    ("suicidal_plan", ("gun_at_hand", "key_at_hand")),
    ("suicidal_intent", ("gun_at_hand", "bereaved")),
    ("violence_victim", ("touched_me", "tell_nobody")),
    ("violence_victim", ("touched_me", "i_am_a_minor")),
)
_SIGN = "crisis_"


def is_weak_sign(hit: Hit) -> bool:
    """Whether `hit` says something of a crisis only beside another one."""
    return hit.concept.startswith(_SIGN)


def signs_together(hits: Iterable[Hit]) -> list[tuple[str, Hit]]:
    """Return each crisis that weak signs among `hits` make together, with the sign that was said first."""
    by_sign: dict[str, list[Hit]] = {}
    for hit in hits:
        if is_weak_sign(hit):
            by_sign.setdefault(hit.concept.removeprefix(_SIGN), []).append(hit)
    if len(by_sign) < 2:
        return []
    found: dict[str, Hit] = {}
    for meant, (one, other) in _TOGETHER:
        first = _first_apart(by_sign.get(one, ()), by_sign.get(other, ()))
        if first is not None:
            found.setdefault(meant, first)
    return list(found.items())


def _first_apart(ones: Sequence[Hit], others: Sequence[Hit]) -> Hit | None:
    # One word is one sign: "life insurance" alone settles nothing.
    pairs = [(one, other) for one in ones for other in others if one.end <= other.start or other.end <= one.start]
    return min((min(pair, key=lambda hit: hit.start) for pair in pairs), key=lambda hit: hit.start, default=None)


# Teaching, preventing, researching: the thing is named and nobody is in it. Only for bare names ("suicide", "家暴"), as who
# writes "my thesis makes me want to die" is meant.
_STUDIED = {
    "zh": r"预防|防治|防范|宣传|科普|讲座|讲青春期|展板|展期|特展|海报|手册|培训|课程|作业|功课|论文|硕论|毕业设计|硕士|研究|问卷|量表|统计|采访|访谈|记者|图书管理员|志工|志愿者|义工|读者|造句|主角|剧本|话剧|电影|小说",
    "en": r"\bprevent\w*|\bexhibition\b|\bposters?\b|\bleaflets?\b|\btalk on\b|\bspeaker\b|\bcourse\b|\bessay\b|\bthesis\b|\bmasters?\b|\bresearch\b|\bquestionnaires?\b|\bjournalist\b|\blibrarian\b|\bvolunteer\b|\bhelpline signs?\b|\bpolice trainer\b|\bto foster\b|\bfilm\b|\bnovel\b|\btheme\b|\bwings\b|\bplays\b",
    "de": r"\bprävention\w*|\bvorbeug\w*|\bausstellung\b|\bplakat\w*|\bflyer\b|\bvortrag\b|\breferat\b|\bhausarbeit\b|\bmasterarbeit\b|\bbachelorarbeit\b|\bforschung\w*|\bfragebogen\b|\bjournalist\w*|\bbibliothek\w*|\behrenamt\w*|\bfilm über\b|\broman\b|\bschulung\b",
    "ar": r"وقايه|لمنع الانتحار|منع الانتحار|يمكن منعه|محاضره|محاضر|معرض|دوره|توعيه|للابحاث|ماجستير|استبيان|صحفي|مكتبه|اتطوع|متطوع|فيلم|مسلسل|روايه|اجنحه|الطبخه|سؤال في",
}
_NAMED = re.compile(
    r"自杀|轻生|家暴|家庭暴力|性侵|性侵害|反家暴|虐待|寻死|suicides?|domestic violence|sexual assault|sexually assaulted|abused?|on the bridge"
    r"|suizid\w*|selbstmord|häusliche gewalt|(?:ال)?انتحار\w*|(?:ال)?عنف\w*|(?:ال)?تحرش|عنف اسري|warning signs of suicide|suicide is|about suicide"
)
# A question of a course or an exam quotes somebody: nothing in it is the writer's own.
_EXAMINED = {
    "zh": r"(?:考题|培训的题|课程?的题|测验题)[:,，]",
    "en": r"\bquestion from (?:our|the|my|a)\b[^:]{0,60}:|\b(?:exam|quiz) question:",
    "de": r"\b(?:prüfungs|examens|quiz)frage\b[^:]{0,60}:",
    "ar": r"س[ؤو]ال (?:في|من) (?:ال)?(?:دوره|امتحان|اختبار)[^:]{0,40}:",
}
# Said to be a joke, or of a game, or a saying that is worn out, beside an everyday request: only for exclamations, never for harm
# that is done.
_JOKED = {
    "zh": r"生无可恋|想死的心都有|寻死觅活|哈哈|开玩笑的|梗啦|玩梗|打游戏|打电动|看球赛|球赛",
    "en": r"\b(?:lost|losing) the will to live\b|\bhaha\w*|\bjust kidding\b|\bas the meme goes\b|\bthat game\b|\bthat ref\b|\bmotorway\b",
    "de": r"\bhaha\w*|\bgalgenhumor\b|\bim spiel\b|\bnur spaß\b",
    "ar": r"ه{3,}|\bامزح\b|باللعبه|في اللعبه",
}
_EVERYDAY = {
    "zh": r"停车|缴费|排队|挂号机|抢号|取号|打印机|医保|健保|报告|怎么走|请假要|证明吗|营养科|的号改|洗牙|体检|胃镜|健检|盖章|补发|手腕|脖子",
    "en": r"\bparking\b|\bticket machine\b|\bqueue\b|\bwaiting room\b|\bwi-?fi\b|\bprinter\b|\bthis app\b|\bhold music\b|\binsurance\b|\bhow do i get to\b|\bphysio\b|\bcovered by\b|\bopen tomorrow\b|\bmove my\b|\bwrist\b|\bgastroscopy\b",
    "de": r"\bpark\w*|\w*automat\b|\bwarteschlange\b|\bwartezimmer\b|\bwarteschleife\b|\bwlan\b|\bdrucker\b|\bdiese app\b|\bversicherung\b|\bwie komm\w* ich\b|\bphysio\b|\bkasse\b|\bhandgelenk\b|\bmagenspiegelung\b",
    "ar": r"الركنه|المواقف|موقف السيار|الطابور|طابور|الانتظار|الواي فاي|الطابعه|مكنه|ماكينه|التطبيق|تامين|كيف اوصل|تكلف|كم سعر|ورقه حضور|كيف اغير|وجبات|روماتيزم|معصمي|ابهامي",
}
# Somebody is in it after all, whatever the frame: time, means, a wish of one's own, harm that is done.
_IN_EARNEST = {
    "zh": r"今晚|真的(?:想|要|不想)|不是开玩笑|没开玩笑|没在开玩笑|遗书|准备好了|求救|怎么办|救救|撑不|我(?:真|每天|一直|就|也)?想(?:自杀|轻生|死)|我朋友|我同学|我闺蜜|我姐|我妹|我.{0,12}(?:考虑|打算|念头|企图|试过|尝试|想).{0,3}自杀|自杀.{0,2}(?:念头|想法|冲动)|我(?:老公|丈夫|男友|男朋友|爸|继父)|害怕|心理科|精神科|抑郁|打我|强迫我|虐待我|逼我(?!写)",
    "en": r"\btonight\b|\bnot (?:joking|kidding)\b|\bi mean it\b|\breally want\b|\bfor real\b|\bhelp me\b|\bmy (?:friend|sister|brother|mate|flatmate)\b|\b(?:hit|hits|hurts?|abuses?|abused|assaulted|raped) me\b|\bi (?:want to|wanna|am going to|'m going to|will|think about|thought about) (?:die|kill|end|jump|suicide)\b|\b(?:think\w*|thoughts?|thought|feel\w*|felt|consider\w*|plan\w*|want\w*|tried)(?: \w+){0,3} suicid\w*|\bmy (?:husband|boyfriend|partner|wife|girlfriend|dad|father|uncle|stepdad)\b|\bdepress\w*|\btherap\w*|\bmy own suicide\b|\bi (?:am|was|feel) (?:suicidal|abused)\b|\bpills\b|\bi'?m scared\b",
    "de": r"\bheute nacht\b|\bkein (?:scherz|witz)\b|\bernst gemeint\b|\bim ernst\b|\bmein(?:e)? (?:freund|freundin|bruder|schwester)\b|\b(?:schlägt|missbraucht|vergewaltigt) mich\b|\bich (?:will|möchte|mag) (?:sterben|nicht mehr)\b|\b(?:denk\w*|gedanken|gedacht|plan\w*) (?:\w+ ){0,2}(?:suizid|selbstmord)|\bmein(?:e)? (?:mann|partner|partnerin|frau|vater|onkel)\b|\bdepress\w*|\bthera\w*|\btabletten\b|\bhab angst\b",
    "ar": r"الليله|مو مزح|مش بهزر|مش هزار|ما امزح|صديقتي|صاحبتي|اختي|يضربني|بيضربني|ابي اموت|عايز اموت|بدي اموت|افكر (?:بال|في ال)انتحار|حبوب|ساعدوني|خايف|زوجي(?! طبخ)|ابوي|اكتئاب|طبيب نفسي",
}
# A form answered with no, or long over and said to be.
_DENIED = {
    "zh": r"完全没有|都没有|勾.{0,3}没有|选.{0,3}没有|早就走出来|早走出来",
    "en": r"\bnot at all\b|\bticked (?:no|never)\b|\banswered no\b|\blong behind me\b",
    "de": r"\büberhaupt nicht\b|\bgar nicht\b|\bnein angekreuzt\b|\b(?:längst|lange) (?:vorbei|hinter mir)\b",
    "ar": r"ابدا|اطلاقا|اخترت لا|جاوبت لا|تجاوزت\w* من زمان",
}
_FORM = {
    "zh": r"量表|问卷|旧疤|老疤|十年前",
    "en": r"\bquestionnaire\b|\bscreening form\b|\btotal score\b|\bold (?:self-harm )?scars\b",
    "de": r"\bfragebogen\b|\bpunktzahl\b|\balte narben\b",
    "ar": r"استبيان|استماره|مقياس|ندوب قديمه|اثار قديمه",
}


def _compile(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {family: re.compile(pattern) for family, pattern in patterns.items()}


_STUDIED_RE, _EXAMINED_RE, _JOKED_RE, _EVERYDAY_RE = map(_compile, (_STUDIED, _EXAMINED, _JOKED, _EVERYDAY))
_IN_EARNEST_RE, _DENIED_RE, _FORM_RE = map(_compile, (_IN_EARNEST, _DENIED, _FORM))
_EXCLAIMED = frozenset({"suicidal_intent", "suicidal_plan", "threat_to_others"})


def is_only_spoken_of(text: str, family: str, hit: Hit) -> bool:
    """Whether the crisis words of `hit` in `text` (normalised) are told, taught, studied, joked or answered with no."""
    own = cues.own[family].search(text)
    if (not own and cues.fiction[family].search(text)) or _EXAMINED_RE[family].search(text):
        return True
    if _IN_EARNEST_RE[family].search(text):
        return False
    quizzed = None if own else cues.trivia[family].search(text)
    if quizzed is not None and quizzed.start() < hit.start:
        return True
    if _DENIED_RE[family].search(text) and _FORM_RE[family].search(text):
        return True
    if _STUDIED_RE[family].search(text) and _NAMED.fullmatch(text[hit.start : hit.end]):
        return True
    return hit.concept in _EXCLAIMED and bool(_JOKED_RE[family].search(text) and _EVERYDAY_RE[family].search(text))
