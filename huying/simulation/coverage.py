"""What must not be missing 必有场景: requests left at every stage for the people who try the demo, and every way to end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from huying.kernel.clock import local
from huying.worktime import queries as worktime

from .pacing import working_hours_back

HANDLER_UNIT = "610113-cg"
HANDLER_STREET = "610113003"
LAST_HOUR = 17


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request that is made on purpose; what is empty is left to chance."""

    at: datetime
    plan: dict[str, Any]
    topic: str = ""
    leaf: str = ""
    nature: str = "complaint"
    channel: str = ""
    street: str = ""
    operator: str = ""
    followers: int = 0


STREET_TOPICS = (
    ("night-market", "010201"),
    ("shop-outside", "010202"),
    ("night-market", "010204"),
    ("shop-outside", "010706"),
)


def wanted_cases(now: datetime) -> list[Wanted]:
    """All of them, for a city that is looked at now."""
    return [*_centre(now), *_unit(now), *_elsewhere(now), *_ended(now)]


def _since_midnight(now: datetime, minutes: float) -> datetime:
    """So many minutes ago, but today."""
    there = local(now)
    passed = (there - there.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() / 60
    return now - timedelta(minutes=min(minutes, passed * minutes / 400))


def _due_soon(now: datetime) -> float:
    """Working hours since a request came in that is nearly due: five working days end at closing time of the last."""
    there = local(now)
    return 37.0 if there.hour >= LAST_HOUR and worktime.calendar().is_working(there.date()) else 40.0


def _centre(now: datetime) -> list[Wanted]:
    """What waits at the hotline's own desks."""

    def ago(minutes: float) -> datetime:
        return now - timedelta(minutes=minutes)

    found = [
        Wanted(_since_midnight(now, minutes), {"hold": "draft"}, topic, "", nature, "phone", operator=who)
        for minutes, topic, nature, who in (
            (9, "heat-cold", "complaint", "operator"), (31, "illegal-parking", "complaint", "operator"),
            (55, "fund", "consult", "operator"), (64, "street-lamp", "help", "leader"),
        )
    ]  # fmt: skip
    found += [
        Wanted(_since_midnight(now, minutes), {"path": path}, topic, "", nature, "phone", operator=who)
        for minutes, path, topic, nature, who in (
            (100, "answer", "social-insurance", "consult", "operator"), (150, "answer", "hukou", "consult", "operator"),
            (220, "answer", "medical-insurance", "consult", "operator"), (300, "answer", "heat-fee", "consult", "leader"),
            (240, "dispatch", "pothole", "help", "operator"), (390, "dispatch", "property-service", "complaint", "operator"),
        )
    ]  # fmt: skip
    found += [
        Wanted(
            ago(minutes), {"path": "refuse", "hold": "in_review"}, topic, "", "complaint", "phone", operator="operator"
        )
        for minutes, topic in ((14, "house-delay"), (22, "labour"), (37, "refund"))
    ]
    found += [
        Wanted(ago(minutes), {"hold": "to_dispatch"}, topic, nature=nature, channel=channel)
        for minutes, topic, nature, channel in (
            (3, "heat-none", "complaint", "wechat"), (8, "site-noise", "complaint", "app"), (12, "garbage-late", "help", "web"),
            (26, "signal", "suggestion", "board"), (41, "taxi", "complaint", "wechat"), (52, "wage", "help", "partner"),
            (57, "fire-lane", "report", "police"), (71, "bus", "complaint", "web"),
        )
    ]  # fmt: skip
    found += [
        Wanted(ago(hours * 60), {"ask": True, "hold": "awaiting_citizen"}, topic, operator=who)
        for hours, topic, who in ((5, "gym-card", "operator"), (20, "telecom", ""), (31, "rent-deposit", ""))
    ]
    found += [
        Wanted(working_hours_back(now, hours), {"pace": 0.02, "hold": "reply_review", "bad_reply": poor}, topic, nature=nature)
        for hours, topic, nature, poor in (
            (5, "pothole", "help", False), (6, "illegal-parking", "complaint", True), (7, "dust", "complaint", False),
            (8, "tree-branch", "help", True), (8.5, "property-fee", "complaint", False), (9, "dog", "complaint", False),
        )
    ]  # fmt: skip
    found += [
        Wanted(working_hours_back(now, hours), {"pace": 0.02, "hold": "to_call_back"}, topic, nature=nature, channel="phone")
        for hours, topic, nature in (
            (10, "manhole", "help"), (11, "heat-cold", "complaint"), (12, "parking-fee", "complaint"), (13, "oil-smoke", "complaint"),
            (14, "sewer", "help"), (16, "price", "complaint"), (18, "lift-trap", "help"), (20, "ebike", "complaint"),
        )
    ]  # fmt: skip
    return found


def _unit(now: datetime) -> list[Wanted]:
    """What waits at the unit of the demo account `handler`, a district's urban management bureau."""
    soon = _due_soon(now)
    stages: list[tuple[float, dict[str, Any]]] = [
        (0.6, {"hold": "to_accept"}), (1.2, {"hold": "to_accept"}), (2.1, {"hold": "to_accept"}),
        (5, {"hold": "to_contact"}), (6, {"hold": "to_contact"}), (7.5, {"hold": "to_contact"}),
        (10, {"hold": "handling"}), (14, {"hold": "handling", "hand_down": True}), (19, {"hold": "handling"}),
        (26, {"hold": "handling", "assisting": True}), (soon, {"hold": "handling"}), (soon + 0.5, {"hold": "handling"}),
        (soon + 1, {"hold": "handling", "hand_down": True}), (soon + 1.5, {"hold": "handling"}),
        (21, {"hold": "sent_again", "bad_reply": True, "pace": 0.05}), (24, {"hold": "sent_again", "bad_reply": True, "pace": 0.05}),
        (9, {"hold": "requests", "extend": "approve"}),
    ]  # fmt: skip
    found = []
    for place, (hours, plan) in enumerate(stages):
        topic, leaf = STREET_TOPICS[place % len(STREET_TOPICS)]
        at = working_hours_back(now, hours)
        found.append(Wanted(at, plan | {"unit": HANDLER_UNIT}, topic, leaf, "complaint", street=HANDLER_STREET))
    return found


def _elsewhere(now: datetime) -> list[Wanted]:
    """Stages that are rare: under dispute, promised, suspended, supervised, overdue, waiting for a decision."""

    def back(hours: float) -> datetime:
        return working_hours_back(now, hours)

    return [
        Wanted(now - timedelta(minutes=150), {"hold": "returns", "returns": 1}, "illegal-parking"),
        Wanted(now - timedelta(minutes=175), {"hold": "returns", "returns": 2}, "site-noise"),
        Wanted(
            now - timedelta(minutes=190),
            {"hold": "returns", "returns": 1, "unit": HANDLER_UNIT},
            "night-market",
            "010203",
            street=HANDLER_STREET,
        ),
        Wanted(back(5), {"convene": True, "hold": "disputed"}, "pothole", nature="help"),
        Wanted(back(16), {"returns": 3, "hold": "disputed"}, "sewer", nature="help"),
        Wanted(back(9), {"extend": "approve", "hold": "requests"}, "property-service"),
        Wanted(back(11), {"promise": "approve", "hold": "requests"}, "lift-install", nature="help"),
        Wanted(back(90), {"promise": "approve", "hold": "promised"}, "jam"),
        Wanted(back(130), {"promise": "approve", "hold": "promised"}, "bus"),
        Wanted(back(60), {"suspend": True, "hold": "suspended"}, "leak-wall"),
        Wanted(back(80), {"suspend": True, "hold": "suspended"}, "rent-deposit"),
        Wanted(back(22), {"supervise": True, "hold": "handling"}, "house-delay"),
        Wanted(back(28), {"supervise": True, "hold": "handling"}, "wage", nature="help"),
        Wanted(back(26), {"supervise": True, "hold": "handling"}, "river"),
        Wanted(back(_due_soon(now)), {"hold": "handling"}, "illegal-build", nature="report"),
        Wanted(back(49), {"hold": "handling"}, "tutoring"),
        Wanted(now - timedelta(hours=29), {"hold": "handling"}, "heat-cold", "030102"),
        Wanted(now - timedelta(hours=16), {"hold": "unit_review", "pace": 0.05}, "heat-cold", "030101"),
        Wanted(now - timedelta(hours=9), {"hold": "unit_review", "pace": 0.02}, "heat-none", "030110"),
        Wanted(back(15), {"hold": "handling"}, "heat-fee"),
        Wanted(now - timedelta(hours=7), {"pace": 0.9, "hold": "handling"}, "heat-none", followers=4),
    ]


def _ended(now: datetime) -> list[Wanted]:
    """Every way to end, some of them longer ago than a week."""
    days = timedelta(days=1)
    return [
        Wanted(now - 12 * days, {"path": "refuse"}, "house-delay", channel="phone"),
        Wanted(now - 13 * days, {"path": "refuse", "fail_review": True}, "refund", channel="phone"),
        Wanted(now - 4 * days, {"path": "transfer"}, "fraud", nature="help"),
        Wanted(now - 14 * days, {"path": "void"}, "taxi"),
        Wanted(now - 9 * days, {"path": "withdraw"}, "telecom"),
        Wanted(now - 19 * days, {"returns": 3}, "manhole", nature="help"),
        Wanted(now - 21 * days, {"returns": 2, "hand_down": True, "assisting": True}, "garbage-late"),
        Wanted(now - 16 * days, {"returns": 1, "refuse_first_return": True}, "shop-outside"),
        Wanted(now - 24 * days, {"recall": True, "add": True, "correct": True}, "dust"),
        Wanted(now - 26 * days, {"extend": "approve", "urge": True, "note": True}, "property-fee"),
        Wanted(now - 25 * days, {"extend": "refuse"}, "ktv-noise"),
        Wanted(now - 23 * days, {"promise": "refuse"}, "fund", nature="complaint"),
        Wanted(now - 55 * days, {"promise": "approve"}, "village"),
        Wanted(now - 30 * days, {"suspend": True}, "car-home"),
        Wanted(now - 27 * days, {"ask": True, "note": True}, "elder-fraud", nature="report"),
        Wanted(now - 33 * days, {"unhappy": 1, "bad_reply": True}, "site-night"),
        Wanted(now - 38 * days, {"unhappy": 3}, "property-service"),
        Wanted(now - 28 * days, {"unhappy": 1, "explained": True}, "enrol"),
        Wanted(now - 22 * days, {"calls_missed": 3}, "hospital-service"),
        Wanted(now - 18 * days, {"unreachable": True}, "unlicensed", nature="report"),
        Wanted(now - 29 * days, {"late": True, "supervise": True}, "attitude"),
        Wanted(now - 17 * days, {"reopen": True}, "oil-smoke"),
        Wanted(now - 20 * days, {"pace": 0.5, "unmerge": True}, "power-cut", followers=2),
        Wanted(now - 2 * days, {"path": "dispatch", "pace": 0.02}, "emergency", nature="help", channel="police"),
    ]
