"""The kinds of requests that are measured: who asks, what, and what it may cost."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

CITIZENS = 20_000  # of the city that is asked
RARE = "朱雀石鼓"  # said in one of its orders of 20,000

Request = tuple[str, str, Any]


# name: at most so many statements, at most so many ms of CPU, and (statements, ms) published for the nearest peer
LIMITED: dict[str, tuple[int, int | None, tuple[int, float] | None]] = {
    "register": (15, 10, (47, 51.5)),
    "dispatch": (15, None, None),
    "list of 100": (10, 40, (708, 736)),
    "list of 20": (10, 12, (167, 160)),
    "detail": (12, 12, (17, 34.5)),
}
WITHIN = 2  # p95 of the large city, in that of the small one


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request: who asks, and the n-th request."""

    name: str
    who: str
    make: Callable[[int], Request]


def citizen_phone(index: int) -> str:
    """The invented number of one of the city's citizens."""
    return f"1380001{index:04d}" if index < 10_000 else f"1380002{index - 10_000:04d}"


def citizen_name(index: int) -> str:
    """The invented name of one of the city's citizens."""
    return "测试" + "".join("零一二三四五六七八九"[int(digit)] for digit in str(index))


@dataclass(frozen=True, slots=True)
class Sample:
    """Orders of the city to ask for."""

    open_numbers: list[str]
    long_numbers: list[str]
    to_dispatch: list[str]
    deep: str  # the cursor of a page far down the list
    units: list[str]


def new_order(index: int) -> dict[str, object]:
    """A registration like those of the day; no two with the same telephone."""
    return {
        "channel": "web", "nature": "complaint", "title": f"夜间施工{index}", "matter": "050101", "urgency": "normal",
        "content": f"小区对面工地连续{abs(index) % 30}天晚上十一点以后还在施工，老人孩子没法休息，希望尽快处理。",
        "place": {"text": f"雁塔区长延堡街道{index}号", "street": "610113003"},
        "citizen": {"name": "测试人", "phone": f"138{abs(index) % 100_000_000:08d}", "anonymous": False},
    }  # fmt: skip


def _get(path: str) -> Callable[[int], Request]:
    return lambda _: ("GET", f"/api/v1{path}", None)


def _of(paths: list[str], rng: random.Random) -> Callable[[int], Request]:
    return lambda _: ("GET", f"/api/v1{rng.choice(paths)}", None)


def _search(*words: str, rest: str = "") -> list[str]:
    return [f"/orders?limit=20&q={quote(word)}{rest}" for word in words]


def limited(sample: Sample) -> list[Kind]:
    """What the limits are set for."""
    rng = random.Random(7)
    orders = [f"/orders/{number}" for number in sample.open_numbers]
    waiting = iter(sample.to_dispatch)

    def dispatch(_: int) -> Request:
        return "POST", f"/api/v1/orders/{next(waiting)}/dispatch", {"lead": "610113-cg"}

    return [
        Kind("register", "operator", lambda i: ("POST", "/api/v1/orders", new_order(i))),
        Kind("dispatch", "dispatcher", dispatch),
        Kind("list of 100", "dispatcher", _get("/orders?limit=100")),
        Kind("list of 20", "dispatcher", _get("/orders?limit=20")),
        Kind("detail", "dispatcher", _of(orders, rng)),
    ]


def reads(sample: Sample) -> dict[str, list[Kind]]:
    """What is compared between a small and a large city, by family."""
    rng = random.Random(8)
    page = "/orders?limit=20"
    phones = [citizen_phone(rng.randrange(CITIZENS)) for _ in range(200)]
    names = [citizen_name(rng.randrange(CITIZENS)) for _ in range(200)]
    areas = ["610102", "610103", "610112", "610113"]
    frequent, nowhere = "噪声", "量子纠缠"
    return {
        "list": [
            Kind("newest, dispatcher", "dispatcher", _get(page)),
            Kind("newest, operator (no confidential ones)", "operator", _get(page)),
            Kind("newest, quality (no confidential ones)", "quality", _get(page)),
            Kind("newest, handler (own unit)", "handler", _get(page)),
            Kind("page far down", "dispatcher", _get(f"{page}&cursor={sample.deep}")),
            Kind("nearest deadline first", "dispatcher", _get(f"{page}&sort=due")),
        ],
        "filtered list": [
            Kind("state and district", "dispatcher", _of([f"{page}&state=in_progress&area={area}" for area in areas], rng)),
            Kind("closed in a street", "dispatcher", _get(f"{page}&state=closed&street=610113003")),
            Kind("domain and district", "operator", _of([f"{page}&domain=05&area={area}" for area in areas], rng)),
            Kind("rare nature and channel", "dispatcher", _get(f"{page}&nature=praise&channel=app&urgency=urgent")),
            Kind("a channel nobody used", "dispatcher", _get(f"{page}&channel=sms")),
            Kind("red lamp", "dispatcher", _get(f"{page}&lamp=red&sort=due")),
            Kind("a unit's", "dispatcher", _of([f"{page}&unit={unit}" for unit in sample.units], rng)),
            Kind("a month two years ago", "quality", _get(f"{page}&from=2025-01-01&to=2025-01-31&nature=help")),
        ],
        "queue": [
            Kind("to dispatch", "dispatcher", _get(f"{page}&queue=to_dispatch&sort=due")),
            Kind("to sign, handler", "handler", _get(f"{page}&queue=to_accept&sort=due")),
            Kind("in hand, handler", "handler", _get(f"{page}&queue=handling&sort=due")),
            Kind("overdue, supervisor", "supervisor", _get(f"{page}&queue=overdue&sort=due")),
            Kind("supervised, supervisor", "supervisor", _get(f"{page}&queue=supervised")),
            Kind("extensions asked for", "dispatcher", _get(f"{page}&queue=requests&sort=due")),
            Kind("counts, dispatcher", "dispatcher", _get("/queues")),
            Kind("counts, handler", "handler", _get("/queues")),
            Kind("counts, supervisor", "supervisor", _get("/queues")),
            Kind("counts, call-back", "callback", _get("/queues")),
        ],
        "search": [
            Kind("frequent word", "dispatcher", _of(_search(frequent), rng)),
            Kind("frequent word, operator", "operator", _of(_search(frequent), rng)),
            Kind("frequent word, handler", "handler", _of(_search(frequent), rng)),
            Kind("frequent word, page far down", "dispatcher", _of(_search(frequent, rest=f"&cursor={sample.deep}"), rng)),
            Kind("words of the day", "dispatcher", _of(_search("暖气不热", "出租车拒载", "停水", "烧烤油烟", "路灯不亮", "公积金", "小区停车"), rng)),
            Kind("two words", "dispatcher", _of(_search("噪声 没法写作业", "物业 停水", "油烟 安全隐患"), rng)),
            Kind("rare word", "dispatcher", _of(_search(RARE), rng)),
            Kind("in no order", "dispatcher", _of(_search(nowhere), rng)),
            Kind("frequent word and one in no order", "dispatcher", _of(_search(f"{frequent} {nowhere}"), rng)),
            Kind("street and house", "operator", _of(_search(*(f"长延堡街道{number}号" for number in range(100, 160))), rng)),
            Kind("frequent word, state and district", "dispatcher", _of(_search(frequent, rest="&state=in_progress&area=610113"), rng)),
            Kind("frequent word, rare nature", "dispatcher", _of(_search(frequent, rest="&nature=praise&channel=app"), rng)),
            Kind("frequent word, nearest deadline", "dispatcher", _of(_search(frequent, rest="&sort=due"), rng)),
            Kind("telephone", "dispatcher", _of(_search(*phones), rng)),
            Kind("name", "dispatcher", _of(_search(*names), rng)),
            Kind("order number", "dispatcher", _of(_search(*sample.open_numbers[:100]), rng)),
        ],
        "order": [
            Kind("detail", "dispatcher", _of([f"/orders/{number}" for number in sample.open_numbers], rng)),
            Kind("history of 30", "dispatcher", _of([f"/orders/{number}/events" for number in sample.long_numbers], rng)),
        ],
    }  # fmt: skip
