"""Times in Chinese, simplified as `normalise` leaves them; Taiwan's words too. Words have no ends; weeks are counted: 下周三."""

from __future__ import annotations

import re
from datetime import datetime

from bot.followup.times.dates import coming, day_of_month, full_year
from bot.followup.times.tongue import Tongue
from bot.followup.times.types import Day

_DATE = re.compile(
    r"(?:(?P<y>\d{4}|\d{2})年)?(?P<m>\d{1,2})月(?:份)?(?P<d>\d{1,2})[日号]?(?!\d)|(?<!\d)(?P<only>\d{1,2})[号日](?!线|楼|床)"
)


def _written_date(text: str, now: datetime) -> Day | None:
    match = _DATE.search(text)
    if match is None:
        return None
    if match["only"]:
        at = day_of_month(int(match["only"]), now)
    else:
        at = coming(int(match["m"]), int(match["d"]), full_year(match["y"], now), now)
    return Day(*match.span(), at, "day") if at else None


def _impossible(text: str, now: datetime) -> bool:
    match = _DATE.search(text)
    if match is None or match["only"]:
        return False
    return coming(int(match["m"]), int(match["d"]), full_year(match["y"], now) or 2024, now) is None


TONGUE = Tongue(
    name="zh",
    spaced=False,
    doubles=True,
    # --- days ---
    days=(
        ("大后天", 3),
        ("大前天", -3),
        ("后天", 2),
        ("前天", -2),
        ("明天|明日|翌日|第2天|明(?=早|晚|上午|下午|中午)", 1),
        ("昨天|昨日|昨(?=晚|早|夜)", -1),
        ("今天|今日|当天|今(?=早|晚|夜|晨)", 0),
    ),
    weekdays=tuple(
        (rf"(?:周|星期|礼拜){name}", day)
        for name, day in (("1", 0), ("2", 1), ("3", 2), ("4", 3), ("5", 4), ("6", 5), ("[日天7]", 6))
    ),
    several=r"每?(?:周|星期|礼拜)([1-6日、和]{2,})",
    months=(),
    months_of_year=r"(?:(?P<y>\d{4})年)?(?<![\d个])(?P<m>\d{1,2})月(?!\d)|(?P<y2>\d{4})年",
    written_date=_written_date,
    impossible=_impossible,
    ago=("", r"(?:以|之)?前"),
    later=(r"(?P<past>(?<![吃用打看发得做住来去服])再?过)?", r"(?(past)(?:(?:以|之)?后)?|(?:以|之)?后)"),
    needs=r"[前后过]",
    next=(r"下(?:1)?个?", ""),
    last=(r"上(?:1)?个?", ""),
    this=(r"(?:这|本|今)(?:1)?个?", ""),
    turns={"明年": 1, "后年": 2, "去年": -1, "前年": -2, "今年": 0},
    # --- amounts ---
    units=(
        ("分钟?(?!之)|分(?=后|前)", "minute"),
        ("个?(?:小时|钟头)", "hour"),
        ("天|日(?!期)", "day"),
        ("个?(?:星期|礼拜)|周", "week"),
        ("个月", "month"),
        ("年", "year"),
        ("秒钟?", "second"),
    ),
    few=r"半个?|几个?|\d+(?:\.\d+)?个?半?",
    few_values={"半": 0.5, "半个": 0.5, "几": 3, "几个": 3},
    half="半",
    # --- the clock ---
    parts=(
        ("凌晨|半夜|深夜", "night"),
        ("早上|早晨|清晨|清早|(?<![周期拜\\d])1早|上午|早(?=\\d|$|晚|中|上|各)|晨|(?<=[今明昨天每])早", "morning"),
        ("中午|午间|正午", "noon"),
        ("下午|午后|晏昼", "afternoon"),
        ("晚上|傍晚|夜里|夜晚|今晚|晚间|(?<=[今明昨天早每中])晚|晚(?=\\d|各)", "evening"),
        ("睡前|临睡", "bedtime"),
    ),
    all_parts=(("早中晚", ("morning", "noon", "evening")), ("早晚", ("morning", "evening"))),
    clocks=(
        r"差(?P<less>\d{1,2}分|十分|1刻)钟?[到就]?(?P<h>\d{1,2})点",
        r"(?<![\d.:月/])(?P<h>\d{1,2})(?=(?:和|、|及|跟|与)\d{1,2}点)",
        r"(?<!\d)(?P<h>\d{1,2})点差(?P<less>\d{1,2}分|十分|1刻)钟?",
        r"(?<!\d)(?P<h>\d{1,2})(?:点|时(?!候|间))(?:钟|整)?过?(?:(?P<q>1刻|3刻)|(?P<half>半)|(?P<m>0 \d|\d{1,2})(?!\d|次|片|粒|颗|天|遍|回|杯)分?)?",
        r"(?<=[早晚])(?P<h>\d{1,2})(?=$|[,，。、\s早晚])",
        r"(?P<word>午夜)",
        r"(?<!\d)(?P<h>\d{1,2}):(?P<m>\d{2})",
    ),
    named_hours={"午夜": 0},
    conj=r"[,、和及跟与&]|以及|还有|再",
    either="或者?|还是",
    link=r"的|在|各|左右|钟|大约|大概",
    bare=r"(?P<h>\d{1,2})(?::(?P<m>\d{2}))?(?=$|[,。、和及跟])",
    # --- spans ---
    between=r"(?<=[点分日号天月周半午晚\d上早])(?:一直)?(?:到|至|-|~)(?=[\d上下中早晚明后今凌周星礼])",
    opens="",
    past=r"(?:过去|最近|近|前)(?:的)?",
    coming=r"(?:未来|接下来|今后|往后|后)(?:的)?",
    weekend=r"(?P<t>下个?|上个?|这个?|本)?周末",
    now=r"现在|此刻|马上|立刻",
    # --- what comes again ---
    every=r"每|天天|日日|\d+(?:天|日|周|个?星期|个?礼拜|个月)\d+次|隔\d*天|隔日|隔个?(?:周|星期|礼拜)|工作日|平日|上班日",
    each=r"每(?:1|个)*",
    daily=r"每1?个?(?:早|晚|清晨|上午|中午|下午|傍晚|夜)|天天|日日",
    step=r"(?:每隔?|隔)(?P<n>\d+(?:\.\d)?|半)个?(?P<u>{units})|(?P<n2>[2-9]|\d\d)个?(?P<u2>{units})1次",
    per=r"(?:每|1)(?P<u>天|日|周|星期|月)(?:吃|服|用|量|测|打|各)?(?P<n>\d+)次|(?P<u2>(?!))|(?:各)(?P<n2>\d)次",
    often={},
    alternate=r"隔1?[天日]|隔1?个?(?:周|星期|礼拜)",
    adverbs={
        "hour": r"每(?:个)?小时",
        "day": r"每[天日晚早]|天天|日日",
        "week": r"每(?:个)?(?:周|星期|礼拜)",
        "month": r"每(?:个)?月",
        "year": r"每年",
    },
    begins=r"(?P<day>[^,。从每]{2,10}?)(?:开始|起)(?!床|来|身)",
    ends=r"(?:到|至|直到)(?P<day>[^,。每]{2,10}?)(?:为止|止|结束)",
    lasting=(r"(?:连续|连着|吃|用|服|共|持续|为期|坚持|接下来|未来|今后){amount}",),
    range=r"(?:到|至|-|~)",
    workdays=r"工作日|平日|上班日",
    beyond=r"除了(?:周|星期|礼拜)|(?:周|星期|礼拜)[1-6日天]除外|每?隔(?:[2-9]|\d\d)个?(?:天|日|周|星期|礼拜|月)|季度|月底|月初|年底|年初|第\d+个?(?:周|星期|礼拜|月)|的第\d",
)
