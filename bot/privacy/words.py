"""The words that always work, in every state and with the assistant down: a person, privacy, data, language. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from bot.languages import LANGUAGES, Language

What = Literal["person", "privacy", "my_data", "erase", "withdraw", "language", "link", "unlink", "stop_reminders", "ask_later"]


@dataclass(frozen=True)
class Command:
    """What was asked for, and for "language" which one; None: which ones there are."""

    what: What
    language: Language | None = None


# Payloads of buttons that mean the same as the words.
PAYLOADS: dict[str, What] = {
    "nurse": "person",
    "privacy": "privacy",
    "my_data": "my_data",
    "erase": "erase",
    "unlink": "unlink",
    "ask_later": "ask_later",
}

# A short message that is only this, with a few polite words around it. "The nurse told me to rest" is not a request.
_PERSON = (
    r"人工|转人工|轉人工|人工客服|人工服务|人工服務|真人|找真人|转真人|轉真人|客服|护士|護士|護理師|护理师|找护士|找護士|找護理師|我要找護理師|想找護理師|请找护士|我要人工|我要真人|我想找护士|我要找护士|"
    r"请转护士|我想跟真人(?:说话|講話|说|講)?|我要跟真人(?:说话|講話)|想找真人|有人吗|有人嗎|有真人吗|有真人嗎|转接护士|转接人工|找個人|真人客服|"
    r"(?:a )?(?:real |live )?(?:human|person|nurse|operator|agent|staff)|(?:talk|speak|chat|connect me|pass me|put me through|transfer me) (?:to|with) (?:a |the |some ?)?"
    r"(?:real |live )?(?:human|person|nurse|operator|agent|staff|one|someone)|i (?:want|need|would like|'d like) (?:to (?:talk|speak) (?:to|with) )?(?:a |the )?(?:real |live )?"
    r"(?:human|person|nurse|operator|agent|someone)|(?:can|could|may) i (?:talk|speak) (?:to|with) (?:a |the )?(?:real |live )?(?:human|person|nurse|someone)|get me a (?:human|person|nurse)|human|"
    r"mensch|einen? mensch(?:en)?|mitarbeiter(?:in)?|(?:kranken)?schwester|pfleger(?:in)?|pflegekraft|pflegefachkraft|pflege|(?:ich (?:möchte|will|würde gern(?:e)?) )?(?:bitte )?"
    r"(?:mit )?(?:einem|einer|einen|eine) (?:echten |richtigen )?(?:menschen|mensch|mitarbeiter(?:in)?|schwester|pfleger(?:in)?|pflegekraft|person|pflegefachkraft)"
    r"(?: (?:sprechen|reden|schreiben|haben))?|echter mensch|kann ich (?:bitte )?mit (?:einem|einer|jemandem)(?: (?:menschen|schwester|pflegekraft|mitarbeiter))? (?:sprechen|reden)|"
    r"ممرضة|الممرضة|ممرض|ممرضه|موظف|موظفة|شخص|شخص حقيقي|إنسان|انسان|(?:أريد|اريد|ابي|أبي|ابغى|أبغى|عايز|عاوز|عايزة|بدي)(?: (?:أتكلم|اتكلم|أتحدث|اتحدث|أكلم|اكلم|احكي|أحكي))?(?: (?:مع|الى|إلى))? ?(?:ال)?"
    r"(?:ممرضة|ممرضه|ممرض|موظف|موظفة|شخص|شخص حقيقي|إنسان|انسان|حد|احد|أحد)|خدمة العملاء|حولني (?:إلى|الى|ل) ?(?:ممرضة|شخص|موظف)"
)
_PRIVACY = r"/?privacy(?: policy| notice)?|隐私|隱私|隐私政策|隱私政策|隐私说明|隱私說明|datenschutz(?:erklärung|hinweis)?|الخصوصية|سياسة الخصوصية|خصوصية"
_MY_DATA = (
    r"/?(?:my ?data|mydata)|您?你?知道我什么|(?:您|你)知道我什么|(?:您|你)知道我什麼|你们?有我的?什么(?:数据|资料|信息)|(?:查看|看)我的(?:数据|資料|资料|信息)|我的(?:数据|資料|资料|信息)|"
    r"what do you know about me|what data do you have (?:about|on) me|show (?:me )?my data|what (?:have you|do you) stored? about me|"
    r"was (?:weißt du|wissen sie|weisst du) (?:alles )?über mich|(?:welche daten|was) (?:haben sie|hast du) (?:über|von) mir?(?: gespeichert)?|meine daten(?: (?:zeigen|anzeigen|einsehen))?|"
    r"ماذا تعرف عني|ايش تعرف عني|شو بتعرف عني|ما هي بياناتي|بياناتي|اعرض بياناتي"
)
_ERASE = (
    r"/?(?:delete|forget|erase)(?: ?(?:my|all(?: my)?) ?data| me| everything(?: about me)?)?|delete my (?:account|information|chat)|remove my data|"
    r"删除我的?(?:所有|全部)?(?:数据|资料|信息|记录)|刪除我的?(?:所有|全部)?(?:資料|數據|紀錄|訊息)|把我的(?:数据|资料|信息)(?:都|全部)?删(?:除|了|掉)|忘记我|忘記我|清除我的(?:数据|资料|資料)|"
    r"(?:把)?(?:我的)?(?:东西|東西|记录|記錄|紀錄|内容|內容|聊天|所有|全部)(?:都|全部|全)?(?:删|刪)(?:除|了|掉)+|全(?:部)?(?:删|刪)(?:除|了|掉)*|(?:删|刪)(?:除)?(?:所有|全部|一切)(?:内容|內容|东西|東西|资料|資料)?|"
    r"(?:meine|alle(?: meine)?) daten (?:bitte )?löschen|löschen? sie (?:bitte )?(?:alle )?meine daten|lösch(?:e|t)? (?:bitte )?meine daten|vergiss mich|vergessen sie mich|"
    r"(?:bitte )?lösch(?:e|en sie|t)? (?:bitte )?(?:alles(?: über mich)?|das alles)|alles (?:bitte )?(?:wieder )?löschen|"
    r"(?:احذف|امسح|إحذف|الغ) (?:كل )?(?:بياناتي|معلوماتي|محادثتي|شيء|شي|شئ)(?: عني)?|انسني|انساني"
)
_WITHDRAW = (
    r"/?stop storing|(?:i )?withdraw (?:my )?consent|revoke (?:my )?consent|撤回同意|撤销同意|撤銷同意|我撤回同意|取消同意|(?:ich )?(?:widerrufe )?(?:meine )?einwilligung(?: widerrufen)?|einwilligung widerrufen|"
    r"أسحب موافقتي|اسحب موافقتي|سحب الموافقة"
)
_LINK = (
    r"/?link(?: (?:my )?(?:other )?(?:chats?|accounts?|channels?))?|(?:connect|link up) my (?:chats|accounts)|"
    r"(?:我(?:要|想))?(?:绑定|关联)(?:账号|帐号|账户|聊天|微信|电报)?|(?:我(?:要|想))?(?:綁定|連結|關聯)(?:帳號|帳戶|聊天|微信)?|"
    r"(?:chats? |konten |konto )?(?:verbinden|verknüpfen)|"
    r"(?:أريد |اريد )?(?:ربط|اربط)(?: (?:الحسابات|الحساب|حسابي|حساباتي|المحادثات|محادثاتي|المحادثتين))?"
)
_UNLINK = (
    r"/?unlink(?: (?:my )?(?:other )?(?:chats?|accounts?|channels?))?|disconnect my (?:chats|accounts)|"
    r"解绑|(?:解除|取消)(?:绑定|关联)|解綁|(?:解除|取消)(?:綁定|連結|關聯)|"
    r"(?:chats? |konten )?(?:trennen|entkoppeln)|(?:die )?verbindung (?:trennen|aufheben)|(?:die )?verknüpfung (?:trennen|lösen|aufheben)|"
    r"(?:فك|إلغاء|الغاء|ألغ|الغ) (?:ال)?ربط(?: (?:الحسابات|الحساب|المحادثات|المحادثتين))?|افصل (?:المحادثات|المحادثتين|الحسابات)"
)
_STOP_REMINDERS = (
    r"/?stop(?: all| the| my| sending)? (?:reminders?|follow-?ups?|check-?ins?)|(?:end|cancel|no more) (?:the |my )?(?:reminders?|check-?ins?)|unsubscribe|"
    r"(?:停止|取消|关闭|关掉|不要|别发|不想要|退订)(?:所有|全部|我的)?(?:随访)?(?:提醒|随访)|退订|别再提醒(?:我)?了?|不要再提醒(?:我)?了?|"
    r"(?:停止|取消|關閉|不要|別發|退訂)(?:所有|全部|我的)?(?:追蹤)?(?:提醒|追蹤)|退訂|別再提醒(?:我)?了?|"
    r"(?:stopp?|beende|beenden sie|keine|abbestellen)(?: die| alle| meine| bitte)? (?:erinnerung(?:en)?|nachfragen?)(?: mehr)?|erinnerungen (?:stoppen|beenden|abbestellen|aus)|abmelden|abbestellen|"
    r"(?:إيقاف|ايقاف|أوقف|اوقف|إلغاء|الغاء|ألغ|الغ) (?:كل )?(?:ال)?(?:تذكير|تذكيرات|متابعة|متابعه)|(?:لا|بدون) تذكير(?:ات)?(?: بعد الآن)?"
)
# "Did you go?", some days after a guidance: the words on the button below it.
_ASK_LATER = (
    r"ask me (?:in (?:3|three) days|later)(?: how it went)?|(?:3|三)天后(?:再)?问问?我|过几天(?:再)?问问?我|(?:3|三)天後(?:再)?問問?我|過幾天(?:再)?問問?我|"
    r"(?:bitte )?(?:in (?:3|drei) tagen|später) nachfragen|fragen sie (?:mich )?(?:in (?:3|drei) tagen|später)(?: noch ?mal)?|"
    r"(?:اسألني|اسالني) (?:بعد (?:3|ثلاثة|ثلاث) أيام|لاحقًا|لاحقا)"
)
# While somebody gets reminders these alone mean them; else they may mean anything.
_STOP = r"/?stop(?: it)?|stopp?|halt|停|停止|停下|取消|不要了|够了|夠了|aufhören|hör auf|hören sie auf|schluss|قف|توقف|توقفي|إيقاف|ايقاف|أوقف|اوقف|كفى|كفاية"
# Of somebody who waits for a person these ask where that person is; else they may mean anything.
_CALL = (
    r"(?:hello|hey|hi)\??|(?:is )?(?:anybody|anyone|somebody|someone) (?:there|here)|are you (?:still )?there|where (?:is|are) (?:the |my )?(?:nurses?|everybody|you)|"
    r"(?:when|how soon) (?:will|does|is) (?:somebody|someone|anybody|anyone|the nurse|a nurse)(?: going to)? (?:come|coming|answer|reply|be there|here)|how (?:much )?long(?:er)? (?:do|must|will) i (?:have to )?wait|"
    r"hallo|ist (?:da )?(?:noch )?jemand(?: da)?|wann (?:kommt|antwortet|meldet sich)(?: denn| endlich)? (?:jemand|wer|die schwester|eine pflegekraft)|wo (?:ist|bleibt) (?:die schwester|die pflegekraft|jemand)|wie lange (?:muss ich (?:noch )?warten|dauert (?:das|es)(?: noch)?)|"
    r"人呢|人咧|人在哪|在吗|在嗎|还在吗|還在嗎|有人在?吗|有人在?嗎|(?:什么|什麼)时?時?候(?:会|會|才)?有人(?:来|來|回|理我)?|(?:护士|護士|護理師)(?:呢|在哪里?|在哪裡|什么时候来|什麼時候來)|(?:还|還)?要等多久|喂|哈囉|"
    r"ألو|الو|(?:هل )?(?:في|فيه|يوجد|هناك) (?:أحد|احد|حد)(?: هنا)?|(?:متى|امتى|إمتى) (?:يجي|ييجي|يأتي|سيأتي|تجي|تأتي|يرد|راح يجي) (?:أحد|احد|حد|الممرضة|ممرضة|شخص)|(?:وين|أين|اين|فين) (?:الممرضة|أنتم|انتم)|كم (?:لازم )?(?:أنتظر|انتظر|سأنتظر)"
)
_WHICH_LANGUAGE = r"/?lang(?:uages?)?|/?sprachen?|(?:切换|切換|选择|選擇|更换|更換)?(?:语言|語言)|اللغة|اللغات|تغيير اللغة"
_LANGUAGE: dict[Language, str] = {
    "zh-Hans": r"/?lang(?:uage)? (?:zh|zh-hans|cn)|简体(?:中文)?|中文|说中文|请(?:说|用)中文|chinese(?: please)?|simplified chinese|chinesisch(?: bitte)?|الصينية",
    "zh-Hant": r"/?lang(?:uage)? (?:zh-hant|zh-tw|tw|zh-hk)|繁體(?:中文)?|繁体(?:中文)?|正體中文|請(?:說|用)繁體(?:中文)?|traditional chinese",
    "en": r"/?lang(?:uage)? en|english(?: please)?|in english(?: please)?|(?:can|could) we (?:speak|talk|chat) (?:in )?english|speak english|英文|英语|英語|说英语|englisch(?: bitte)?|auf englisch(?: bitte)?|الإنجليزية|بالإنجليزية|انجليزي",
    "de": r"/?lang(?:uage)? de|deutsch(?: bitte)?|auf deutsch(?: bitte)?|german(?: please)?|德语|德語|德文|الألمانية|بالألمانية",
    "ar": r"/?lang(?:uage)? ar|arabic(?: please)?|العربية|عربي|بالعربية|بالعربي|تكلم عربي|تحدث العربية|阿拉伯语|阿拉伯語|arabisch(?: bitte)?|auf arabisch(?: bitte)?",
}  # fmt: skip

_POLITE = r"(?:please|pls|hi|hello|hey|thanks|thank you|bitte|hallo|danke|请|請|你好|您好|麻烦|麻煩|谢谢|謝謝|帮我|幫我|من فضلك|لو سمحت|رجاء|مرحبا|السلام عليكم|شكرا)"
_PUNCTUATION = r"[\s,，.。!！?？؟،…~～]*"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"^{_PUNCTUATION}(?:{_POLITE}{_PUNCTUATION})*(?:{pattern}){_PUNCTUATION}(?:{_POLITE}{_PUNCTUATION})*$")


_COMMANDS: tuple[tuple[re.Pattern[str], Command], ...] = (
    (_whole(_ERASE), Command("erase")),
    (_whole(_WITHDRAW), Command("withdraw")),
    (_whole(_MY_DATA), Command("my_data")),
    (_whole(_PRIVACY), Command("privacy")),
    (_whole(_LINK), Command("link")),
    (_whole(_UNLINK), Command("unlink")),
    (_whole(_STOP_REMINDERS), Command("stop_reminders")),
    (_whole(_ASK_LATER), Command("ask_later")),
    *((_whole(pattern), Command("language", language)) for language, pattern in _LANGUAGE.items()),
    (_whole(_WHICH_LANGUAGE), Command("language")),
    (_whole(_PERSON), Command("person")),
)
LONGEST_COMMAND = 80


# Signs and emoji, skin tones, marks of direction, vowels and variations, key caps.
_NOT_SAID = frozenset({"So", "Sk", "Cf", "Mn", "Me"})
_QUOTES = {**dict.fromkeys(map(ord, "’‘`´"), "'"), **dict.fromkeys(map(ord, '“”„"«»「」'), None), 0x640: None}

_STOPS = _whole(_STOP)
_CALLS = _whole(_CALL)


def plain(text: str) -> str:
    """Return `text` as it is compared: no emoji, no marks of direction or vowels, no quotation marks, small letters, one kind of apostrophe.

    A keyboard puts them there, or a heart does: "nurse 🙏" asks for a nurse.
    """
    kept = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in _NOT_SAID)
    return "".join(kept).translate(_QUOTES).casefold().strip()


def is_stop(text: str) -> bool:
    """Return whether `text` is nothing but "stop", in any of the languages: of somebody who gets reminders it ends them."""
    said = plain(text)
    return len(said) <= LONGEST_COMMAND and _STOPS.match(said) is not None


def is_call(text: str) -> bool:
    """Return whether `text` is nothing but "hello?", "when will somebody come?", in any of the languages."""
    said = plain(text)
    return len(said) <= LONGEST_COMMAND and _CALLS.match(said) is not None


def read_command(text: str, payload: str = "") -> Command | None:
    """Return the command that `text` (or a pressed button) is, or None. All languages are read in every conversation."""
    if payload:
        chosen = next((language for language in LANGUAGES if payload == f"language:{language}"), None)
        what = "language" if chosen else PAYLOADS.get(payload)
        return Command(what, chosen) if what else None
    said = plain(text)
    if len(said) > LONGEST_COMMAND:
        return None
    return next((command for pattern, command in _COMMANDS if pattern.match(said)), None)
