"""Requests in words 行文: one event told by different people, from twelve characters to four hundred."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from huying.kernel.clock import local

from .scenery import Spot
from .tables import Slots, bigrams, closest, lines, table, weighted
from .topics import Topic

SHORTEST, LONGEST, TITLE_LONGEST = 12, 400, 30
TALKATIVE_SHARE = 0.16
WRITTEN = ("web", "wechat", "app", "mail", "board", "sms")
CALM, ELDER, RECORD, SHORT, FORMAL, YOUNG = "calm", "elder", "record", "short", "formal", "young"
_DOUBLED = re.compile(r"([。！？；，：～])[，。；：]+")
_OPENING = re.compile(r"^[，。；！]+")
_SPACED = re.compile(r"[ \t]+(?=[，。！])")

# how many details, digressions; chances of: what was tried, the harm, the wish
SHAPES: dict[str, tuple[tuple[int, int], tuple[int, int], float, float, float]] = {
    "record": ((1, 2), (0, 0), 0.4, 0.25, 0.7),
    "calm": ((1, 2), (0, 0), 0.4, 0.4, 0.6),
    "hurried": ((0, 2), (0, 0), 0.3, 0.6, 0.6),
    "angry": ((1, 3), (0, 0), 0.7, 0.7, 0.5),
    "elder": ((1, 3), (1, 4), 0.6, 0.6, 0.6),
    "young": ((0, 2), (0, 0), 0.4, 0.5, 0.5),
    "formal": ((2, 4), (0, 0), 0.7, 0.7, 1.0),
    "short": ((0, 0), (0, 0), 0.0, 0.1, 0.2),
}
WEEKDAYS = "一二三四五六日"


def slots_for(topic: Topic, spot: Spot, at: datetime, rng: Random, *, title: str = "先生", age: int = 0) -> Slots:
    """What the slots of this request mean."""
    day = local(at)
    name = spot.name or spot.community
    fixed = {
        "spot": name, "house": spot.house or rng.choice(("", "顶楼", "")), "street": spot.street_name, "area": spot.area_name,
        "comm": spot.community, "title": title, "age": str(age if age >= 60 else rng.randint(66, 88)),
        "topic": topic.title[0].split("}")[-1].strip() or topic.title[0],
    }  # fmt: skip
    return Slots(rng, fixed, topic.choices, _made(day))


def _made(day: datetime) -> dict[str, Callable[[Random], str]]:
    def when(rng: Random) -> str:
        ago = rng.choice((0, 0, 1, 1, 2, 3, 5))
        then = day - timedelta(days=ago)
        part = rng.choice(("早上", "上午", "中午", "下午", "晚上"))
        if ago == 0:
            return rng.choice(("刚才", "今天早上" if day.hour >= 7 else "半夜", "这会儿"))
        if ago == 1:
            return "昨天" + part
        if ago == 2:
            return "前天" + part
        return f"{then.month}月{then.day}日{part}" if rng.random() < 0.6 else f"{then.day}号{part}"

    return {
        "when": when,
        "span": lambda rng: rng.choice(("三天", "四五天", "一个礼拜", "半个月", "二十多天", "一个多月", "两个月", "快半年", "大半年", "十来天", "好几天")),
        "hrs": lambda rng: rng.choice(("晚上十点到凌晨两点", "夜里11点以后", "23:00到第二天5:00", "从晚上9点半到后半夜", "凌晨一两点")),
        "clock": lambda rng: rng.choice(("晚上八点", "晚上9点半", "十点多", "晚上11点", "下午六点", "20:40", "十一点半")),
        "n": lambda rng: str(rng.randint(2, 9)),
        "nn": lambda rng: str(rng.randint(11, 68)),
        "fee": lambda rng: rng.choice((
            f"{rng.randint(2, 9)}{rng.choice(('80', '00', '60', '99'))}元", f"{rng.randint(1, 9)}千多",
            f"{rng.randint(11, 98)}00块", f"{rng.randint(1, 6)}万{rng.randint(1, 9)}", f"{rng.randint(1200, 9800)}元",
        )),
        "road": lambda rng: "旁边的路",
    }  # fmt: skip


def register_of(channel: str, age: int, nature: str, rng: Random) -> str:
    """The register of speech of a caller on a channel."""
    column = "weight_web" if channel in WRITTEN else "weight_phone"
    shares = {name: float(kind[column]) for name, kind in table("wording")["register"].items()}
    if channel in ("mail", "board"):
        shares[FORMAL] *= 3
    if nature in ("consult", "suggestion", "praise"):
        shares["angry"] = 0
        shares["hurried"] *= 0.3
    if age < 60:
        shares[ELDER] = 0
    elif age >= 65:
        shares[ELDER] *= 4
        shares[YOUNG] = 0
    if age > 45:
        shares[YOUNG] = 0
    return str(weighted(shares.items(), rng))


def compose(topic: Topic, nature: str, register: str, slots: Slots, channel: str) -> tuple[str, str]:
    """(title, content) of a request."""
    rng = slots.rng
    parts = _said(topic, nature, register, slots)
    content = _joined(parts, register, slots)
    for _ in range(8):
        if len(content) <= LONGEST:
            break
        parts = parts[:1] + parts[2:] if len(parts) > 2 else [parts[0]]
        content = _joined(parts, register, slots)
    while len(content) < SHORTEST:
        parts.append(slots.fill(rng.choice(topic.detail or topic.wish or topic.question)))
        content = _joined(parts, register, slots)
    return _title(topic, nature, parts, slots), _worn(content[:LONGEST], register, channel, rng)


def _said(topic: Topic, nature: str, register: str, slots: Slots) -> list[str]:
    """What is said, in order, slots filled."""
    rng, words = slots.rng, table("wording")
    details, fillers, tried, harm, wish = SHAPES[register]
    talkative = register != SHORT and nature != "consult" and rng.random() < TALKATIVE_SHARE
    if talkative:
        details, tried, harm, wish = (3, 6), 1.0, 1.0, 1.0
    parts: list[str] = []
    if nature == "consult" and topic.question:
        if topic.scene and register != SHORT and rng.random() < (0.75 if topic.place == "none" else 0.25):
            parts.append(rng.choice(topic.scene))
        if rng.random() < 0.35 and topic.place == "none" and topic.detail:
            parts.append(rng.choice(topic.detail))
        told = "".join(parts)
        asked = sorted(topic.question, key=lambda item: -len(bigrams(item) & bigrams(told)) - 1.2 * rng.random())
        asked = asked[: 1 if rng.random() < 0.72 else 2]
        lead = rng.choice(lines(words["natures"]["consult"])) if register != SHORT else ""
        parts.append(lead + asked[0] + "？")
        parts += [f"还有{item}？" for item in asked[1:]]
    else:
        parts.append(rng.choice(topic.scene))
        parts += rng.sample(topic.detail, min(len(topic.detail), rng.randint(*details)))
        kind = "help" if nature == "help" else "complaint"
        if nature in ("complaint", "help", "report") and rng.random() < tried:
            parts.append(rng.choice(lines(words["tried"][kind])))
        if rng.random() < harm:
            parts.append(rng.choice(lines(words["harm"][rng.choice(topic.harm)])))
        if nature in ("suggestion", "praise"):
            parts.append(rng.choice(lines(words["natures"][nature])))
        if topic.wish and rng.random() < wish:
            parts.append(rng.choice(topic.wish))
        if talkative and nature not in ("praise", "suggestion"):
            parts[-1:-1] = rng.sample(lines(words["more"]["said"]), rng.randint(2, 7))
    chosen = rng.randint(*fillers)
    if chosen:
        for filler in rng.sample(lines(words["register"][register]["filler"]), chosen):
            parts.insert(rng.randint(1, len(parts)), filler)
    return [slots.fill(part) for part in parts]


def _joined(parts: list[str], register: str, slots: Slots) -> str:
    rng, kind = slots.rng, table("wording")["register"][register]
    link, closers = lines(kind["link"]), lines(kind["closer"])
    text = slots.fill(rng.choice(lines(kind["opener"])))
    for place, part in enumerate(parts):
        text += part
        if place < len(parts) - 1:
            # mostly commas and full stops; the turns of speech of a register now and then
            text += rng.choice(link) if rng.random() < 0.45 else rng.choice("，，，。")
    text += slots.fill(rng.choice(closers))
    text = _DOUBLED.sub(r"\1", _OPENING.sub("", text))
    return _SPACED.sub("", text).replace("？？", "？").strip()


def _title(topic: Topic, nature: str, parts: list[str], slots: Slots) -> str:
    rng = slots.rng
    if nature == "consult" and topic.question:
        asked = next((part for part in parts if part.endswith("？")), parts[-1]).rstrip("？")
        for lead in sorted(lines(table("wording")["natures"]["consult"]), key=len, reverse=True):
            asked = asked.removeprefix(lead)
        title = rng.choice(("咨询", "咨询", "咨询：", "询问")) + re.split("[，。]", asked)[0]
    else:
        plain = [
            item
            for item in topic.title
            if "咨询" not in item and (nature == "suggestion" or not item.startswith("建议"))
        ]
        title = slots.fill(closest(plain or topic.title, "".join(parts[:2]), rng))
        if nature == "suggestion" and not title.startswith("建议"):
            title = "建议解决" + title
        elif rng.random() < 0.12:
            title = rng.choice(("反映", "关于")) + title
            title += "的问题" if title.startswith("关于") else ""
    return title if len(title) <= TITLE_LONGEST else title[: TITLE_LONGEST - 1].rstrip("，。的") + "等"


def _worn(text: str, register: str, channel: str, rng: Random) -> str:
    """Slips of the pen, dialect, missing punctuation: as often as people make them."""
    words = table("wording")
    careful = register in (RECORD, FORMAL)
    if rng.random() < (0.03 if careful else 0.2):
        slips = [(right, wrong) for right, wrong in words["typos"].items() if right in text]
        for right, wrong in rng.sample(slips, min(len(slips), rng.choice((1, 1, 2)))):
            text = text.replace(right, wrong, 1)
    if rng.random() < (0.02 if careful else 0.5 if register == ELDER else 0.1):
        local_words = [(plain, said) for plain, said in words["dialect"].items() if plain in text]
        for plain, said in rng.sample(local_words, min(len(local_words), rng.randint(1, 2))):
            text = text.replace(plain, said)
    if not careful and channel in WRITTEN and rng.random() < 0.16:
        text = text.replace("，", rng.choice((" ", "", "  ")))
    elif not careful and rng.random() < 0.06:
        text = text.replace("。", "，").rstrip("，")
    return text[:LONGEST]


def dated(day: date) -> str:
    """A date as replies write it."""
    return f"{day.month}月{day.day}日"
