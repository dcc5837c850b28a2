"""时间: when it happened, found in a text with offsets and normalised against a reference moment.

昨晚八点, 上周三, 11月3日, 最近一个月, 三天前, 每天晚上十点到凌晨两点. Without a year or week what is meant is the past:
people report what has happened. `begin` and `finish` are on the city's wall clock, half open; both are None for a
habit, whose hours stand in `daily`.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from huying.kernel.clock import LOCAL, local

from .numbers import NUMBER, VAGUE, value, whole

# Notices of outages name days ahead; later ones without a year are last year's.
_AHEAD_DAYS = 31
_ORDER = {"day": 0, "moment": 0, "since": 1, "repeated": 2, "span": 3, "now": 4}

_PARTS: dict[str, tuple[int, int]] = {
    "凌晨": (0, 6), "后半夜": (24, 30), "清晨": (5, 8), "清早": (5, 8), "大清早": (5, 8), "早上": (6, 9), "早晨": (6, 9),
    "上午": (8, 12), "中午": (11, 14), "下午": (12, 18), "傍晚": (17, 20), "晚上": (18, 24), "晚间": (18, 24),
    "夜里": (20, 29), "夜间": (20, 29), "夜晚": (18, 29), "半夜": (23, 29), "深夜": (22, 29), "早": (6, 9), "晚": (18, 24),
    "夜": (20, 29), "白天": (6, 18),
}  # fmt: skip
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "晚间", "夜里", "夜间", "夜晚", "晚", "夜"})
_NIGHT = frozenset({"晚上", "晚间", "夜里", "夜间", "夜晚", "半夜", "深夜", "后半夜", "晚", "夜"})
_RELATIVE = {"大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1}

_DN = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_PART = r"(?:大?清早|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜里|夜间|夜晚|后半夜|半夜|深夜|凌晨|白天)"
_CLOCK = (
    rf"(?:(?:\d{{1,2}}|[一二两三四五六七八九十]{{1,3}})(?:点钟?|时)(?:半|整|[一三]刻|{_DN}分?)?(?:多|左右|许|以后|之后)?"
    r"|\d{1,2}[:：]\d{2})"
)
_UNIT = r"(?:分钟|个?小时|个?钟头|天|日|周|个?星期|个?礼拜|个半月|个月|年)"
_AMOUNT = rf"(?:{NUMBER}|{VAGUE})(?:个多月|个?(?:多|来)?{_UNIT}多?)"

_DAY = (
    rf"(?P<date>(?:(?:(?:19|20)?\d{{2}}|[二零〇一三四五六七八九]{{4}})年|去年|前年|今年|本年|明年)?的?{_DN}月{_DN}[日号]?"
    r"|(?:19|20)\d{2}[\-/.]\d{1,2}[\-/.]\d{1,2}(?!\d))"
    rf"|(?P<ago>{_AMOUNT}(?:以前|之前|前))"
    r"|(?P<week>(?:上上个?|上个?|这个?|本|下个?)?(?:周|星期|礼拜)(?:[一二三四五六日天]|末)(?!边|围|期|岁))"
    rf"|(?P<monthday>(?:本月|这个?月|上个?月)?(?<!\d)(?:\d{{1,2}})[日号](?![楼线院门铺店桌地出坑路柜机]|车间|商铺|公馆))"
    rf"|(?P<month>(?:(?:19|20)?\d{{2}}年|去年|前年|今年)?的?(?<![\d个])(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:份)?(?:上旬|中旬|下旬|初|中|底|末)?(?!\d|度|租|供|薪|卡))"
    r"|(?P<near>上个?月|本月|这个?月|上周|上个?星期|上个?礼拜|这周|本周)(?:初|底|末)?"
    r"|(?P<year>(?:(?:19|20)\d{2}年|去年|前年|今年)(?:年?初|年?底|上半年|下半年|春天|夏天|秋天|冬天|入冬)?)"
    r"|(?P<rel>(?:大前|前|昨|今|明|后|当)(?:天|日)|(?:昨|今|前|明)(?=早|晚|夜))"
)
_MOMENT = re.compile(
    rf"(?P<every>每天|每日|天天|每晚|夜夜|每夜|每早|每到|每逢|每个?(?:周|星期|礼拜)[一二三四五六日天末]|(?:工作日|周末)每天)?"
    rf"(?:{_DAY})?(?:的|的那天|，)?(?P<part>{_PART}|(?<=[昨今前明每])[早晚夜]|(?<=[昨今前明])[早晚]上)?"
    rf"(?:的)?(?P<clock>{_CLOCK})?"
    rf"(?:\s*(?:到|至|—|-|~|～|一直到)\s*(?P<next>次日|第二天|隔天)?的?(?P<part2>{_PART})?(?P<clock2>{_CLOCK}))?"
)
_SPAN = re.compile(
    rf"(?P<lead>最近|近|这|过去|连续|已经?|持续|停了|断了|等了|拖了|欠了|长达|将近)(?:了|的)?(?P<amount>{_AMOUNT})"
    rf"|(?<![月年点\d:])(?P<amount2>{_AMOUNT})(?=了|以来|来一直|都没|没有|没|无人|[，。！？,!?\n；]|$)"
)
_NOW = re.compile("刚才|刚刚|方才|现在|目前|眼下|此刻|正在")
_SINCE_BEFORE = re.compile(r"(?:从|自从|自|打)$")
_SINCE_AFTER = re.compile(r"(?:就?开始|起|以来|至今|到现在|直到现在|到目前|之后|以后)")
_TIME_WORDS = re.compile(r"[年月日号天周晚早夜点时分钟末前昨今明后每:：\-/初底期拜刻]")


@dataclass(frozen=True, slots=True)
class TimeFound:
    """A time of a text: its words and place, what kind (day, moment, span, since, repeated, now), and from when to when."""

    word: str
    start: int
    end: int
    kind: str
    begin: datetime | None = None
    finish: datetime | None = None
    daily: tuple[str, str] | None = None  # hours of a habit, 22:00 to 02:00


def find_times(text: str, at: datetime) -> list[TimeFound]:
    """找时间: every time of a text, left to right; `at` is when it was told (aware)."""
    now = local(at)
    found = [*_moments(text, now), *_spans(text, now)]
    taken = [(each.start, each.end) for each in found]
    found += [
        TimeFound(match[0], *match.span(), "now", now, now)
        for match in _NOW.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    found.sort(key=lambda each: (each.start, -each.end))
    kept: list[TimeFound] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def event_time(times: list[TimeFound]) -> TimeFound | None:
    """The one of several times that says when it happened: a day before a habit before a stretch before now."""
    return min(times, key=lambda each: (_ORDER[each.kind], each.start), default=None)


def _moments(text: str, now: datetime) -> Iterator[TimeFound]:
    for match in _MOMENT.finditer(text):
        # A lone 一点 or 三点 is more often a little or a list than an hour.
        only_clock = match["clock"] and match.end("clock") - match.start() == len(match["clock"])
        if not match[0].strip("的，") or (only_clock and not match["clock2"] and not _surely_hour(match["clock"])):
            continue
        if not _TIME_WORDS.search(match[0]) or not any(
            match[name]
            for name in ("every", "date", "ago", "week", "monthday", "month", "near", "year", "rel", "part", "clock")
        ):
            continue
        try:
            resolved = _resolve(match, text, now)
        except (ValueError, OverflowError):  # the 31st of February, the year 99999
            continue
        if resolved:
            yield resolved


def _surely_hour(clock: str) -> bool:
    return bool(re.search(r"\d|半|刻|分|钟|左右|多$", clock)) and "." not in clock


def _resolve(match: re.Match[str], text: str, now: datetime) -> TimeFound | None:
    start, end = match.span()
    written = match[0].rstrip("的，")
    end = start + len(written)
    part = match["part"] or ""
    if match["every"]:
        habit = match["every"][-1]
        daily = _daily(part or (habit if habit in "晚夜早" else ""), match)
        return TimeFound(written, start, end, "repeated", daily=daily)
    days = _days(match, now)
    if days is None and not part and not match["clock"]:
        return None
    first, last = days or (now.date(), now.date())
    if match["ago"] and re.search("分钟|小时|钟头", match["ago"]):
        begin = finish = now - _length(match["ago"])
        return TimeFound(written, start, end, "moment", begin, finish)
    if match["clock"]:
        begin = _at(first, part, match["clock"])
        if days is None and begin > now:
            begin -= timedelta(days=1)
        finish = begin
        if match["clock2"]:
            finish = _at(begin.date(), match["part2"] or part, match["clock2"])
            if finish <= begin:
                finish += timedelta(days=1)
        kind = "moment"
    elif part:
        opening, closing = _PARTS[part]
        begin, finish = _hour(first, opening), _hour(last, closing)
        if days is None and begin > now:
            begin, finish = begin - timedelta(days=1), finish - timedelta(days=1)
        kind = "day"
    else:
        begin, finish, kind = _hour(first, 0), _hour(last, 24), "day"
    if _SINCE_BEFORE.search(text, max(0, start - 2), start) or _SINCE_AFTER.match(text, end):
        kind, finish = "since", max(now, begin)
    return TimeFound(written, start, end, kind, begin, finish)


def _days(match: re.Match[str], now: datetime) -> tuple[date, date] | None:
    today = now.date()
    if match["date"]:
        day = _date(match["date"], today)
        return day, day
    if match["ago"]:
        day = (now - _length(match["ago"])).date()
        return day, day
    if match["week"]:
        return _week(match["week"], today)
    if match["monthday"]:
        day = _monthday(match["monthday"], today)
        return day, day
    if match["month"]:
        return _month(match["month"], today)
    if match["near"]:
        return _near(match["near"], today)
    if match["year"]:
        return _year(match["year"], today)
    if match["rel"]:
        day = today + timedelta(days=_RELATIVE[match["rel"].rstrip("天日")])
        return day, day
    return None


def _date(written: str, today: date) -> date:
    if numeric := re.fullmatch(r"(\d{4})[\-/.](\d{1,2})[\-/.](\d{1,2})", written):
        return date(int(numeric[1]), int(numeric[2]), int(numeric[3]))
    parts = re.fullmatch(rf"(?:(去年|前年|今年|本年|明年)的?|(.+?)年的?)?({_DN})月({_DN})[日号]?", written.lstrip("的"))
    if not parts:
        raise ValueError(written)
    month, day = whole(parts[3]) or 0, whole(parts[4]) or 0
    if parts[1]:
        return date(today.year + _YEARS[parts[1]], month, day)
    if parts[2]:
        year = whole(parts[2]) or 0
        return date(year + 2000 if year < 100 else year, month, day)
    return _past(date(today.year, month, day), today)


def _past(day: date, today: date) -> date:
    return day.replace(year=day.year - 1) if day > today + timedelta(days=_AHEAD_DAYS) else day


def _monthday(written: str, today: date) -> date:
    number = int(re.sub(r"\D", "", written))
    first = today.replace(day=1)
    earlier = (first - timedelta(days=1)).replace(day=1)
    if written.startswith("上"):
        return earlier.replace(day=number)
    if written.startswith(("本", "这")) or number <= today.day:
        return first.replace(day=number)
    return earlier.replace(day=number)


def _week(written: str, today: date) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday())
    shift = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1}
    prefix = next((name for name in shift if written.startswith(name)), "")
    if written.endswith("末"):
        saturday = monday + timedelta(days=5 + 7 * shift.get(prefix, 0))
        if not prefix and saturday > today:
            saturday -= timedelta(days=7)
        return saturday, saturday + timedelta(days=1)
    day = monday + timedelta(days=_WEEKDAYS[written[-1]] + 7 * shift.get(prefix, 0))
    if not prefix and day > today:
        day -= timedelta(days=7)
    return day, day


def _month(written: str, today: date) -> tuple[date, date]:
    parts = re.match(rf"(?:((?:19|20)?\d{{2}})年的?|(去年|前年|今年)的?)?的?({_DN})月", written)
    if not parts:
        raise ValueError(written)
    month = whole(parts[3]) or 0
    year = today.year + _YEARS[parts[2]] if parts[2] else int(parts[1]) if parts[1] else today.year
    year += 2000 if year < 100 else 0
    first = date(year, month, 1)
    if not parts[1] and not parts[2] and first > today:
        first = first.replace(year=year - 1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if written.endswith(("初", "上旬")):
        return first, first.replace(day=10)
    if written.endswith(("中旬", "中")):
        return first.replace(day=11), first.replace(day=20)
    if written.endswith(("下旬", "底", "末")):
        return first.replace(day=21), last
    return first, last


def _near(written: str, today: date) -> tuple[date, date]:
    if "月" in written:
        first = today.replace(day=1)
        return (
            (first, today)
            if written[0] in "本这"
            else ((first - timedelta(days=1)).replace(day=1), first - timedelta(days=1))
        )
    monday = today - timedelta(days=today.weekday())
    return (monday, today) if written[0] in "本这" else (monday - timedelta(days=7), monday - timedelta(days=1))


def _year(written: str, today: date) -> tuple[date, date]:
    year = today.year + _YEARS[written[:2]] if written[:2] in _YEARS else int(written[:4])
    stretches = {"初": (1, 3), "上半年": (1, 6), "下半年": (7, 12), "春天": (3, 5), "夏天": (6, 8), "秋天": (9, 11)}
    stretches |= {"底": (11, 12), "冬天": (12, 12), "入冬": (11, 12)}
    first, last = next((months for word, months in stretches.items() if written.endswith(word)), (1, 12))
    end = date(year, last, calendar.monthrange(year, last)[1])
    return date(year, first, 1), min(end, today) if year == today.year else end


def _length(written: str) -> timedelta:
    """The stretch written; 好几天 counts as three, the vaguest guess that is not wrong."""
    parts = re.match(
        rf"(?P<number>{NUMBER}|{VAGUE})个?(?:多|来)?个?(?P<unit>分钟|小时|钟头|天|日|周|星期|礼拜|半月|月|年)", written
    )
    if not parts:
        raise ValueError(written)
    number = value(parts["number"])
    number = 3.0 if number is None else number
    unit = parts["unit"]
    if unit == "半月":
        return timedelta(days=30 * number + 15)
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
    if unit in days:
        return timedelta(days=days[unit] * number)
    return timedelta(minutes=number) if unit == "分钟" else timedelta(hours=number)


def _spans(text: str, now: datetime) -> Iterator[TimeFound]:
    for match in _SPAN.finditer(text):
        amount = match["amount"] or match["amount2"]
        try:
            begin = now - _length(amount)
        except (ValueError, OverflowError):
            continue
        yield TimeFound(match[0], *match.span(), "span", begin, now)


def _hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(), LOCAL) + timedelta(hours=hour)


def _minutes(part: str, clock: str) -> int:
    """Minutes after midnight of the day that is named; beyond 1440 for the hours after a night's midnight."""
    if colon := re.fullmatch(r"(\d{1,2})[:：](\d{2})", clock):
        hour, minute = int(colon[1]), int(colon[2])
    else:
        parts = re.match(
            rf"(\d{{1,2}}|[一二两三四五六七八九十]{{1,3}})(?:点钟?|时)(?:(半)|([一三])刻|({_DN})分?)?", clock
        )
        hour = whole(parts[1]) or 0 if parts else 99
        minute = 0
        if parts and parts[2]:
            minute = 30
        elif parts and parts[3]:
            minute = 15 if parts[3] == "一" else 45
        elif parts and parts[4]:
            minute = whole(parts[4]) or 0
    if hour > 24 or minute > 59:
        raise ValueError(clock)
    if part in _NIGHT and (hour <= 5 or hour == 12):
        hour += 24 if hour <= 5 else 12
    elif hour < (4 if part == "中午" else 12) and part in {*_AFTERNOON, "半夜", "深夜", "中午"}:
        hour += 12
    return hour * 60 + minute


def _at(day: date, part: str, clock: str) -> datetime:
    return datetime.combine(day, time(), LOCAL) + timedelta(minutes=_minutes(part, clock))


def _daily(part: str, match: re.Match[str]) -> tuple[str, str] | None:
    if match["clock"]:
        begin = _minutes(part, match["clock"])
        finish = _minutes(match["part2"] or part, match["clock2"]) if match["clock2"] else begin
    elif part:
        opening, closing = _PARTS[part]
        begin, finish = opening * 60, closing * 60
    else:
        return None
    return _written(begin), _written(finish)


def _written(minutes: int) -> str:
    minutes %= 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
