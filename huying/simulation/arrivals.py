"""When citizens call 来电: curves over the day and week, recent days denser, and several callers about one event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from huying.kernel.clock import local

# calls by hour of the day, of a thousand: two humps, hardly anybody at night
HOURS = (9, 6, 4, 4, 5, 9, 18, 36, 66, 84, 88, 74, 52, 50, 64, 74, 73, 64, 52, 48, 45, 36, 24, 15)
WEEKDAYS = (1.15, 1.08, 1.04, 1.02, 1.0, 0.78, 0.7)
RECENT_DAYS = 8.0
BURST_TOPICS = (
    ("heat-none", "home"), ("heat-pipe", "road"), ("night-market", "road"), ("power-cut", "home"), ("water-stop", "home"),
    ("site-noise", "home"), ("heat-cold", "home"), ("gym-card", "shop"),
)  # fmt: skip
CHANNELS = (
    ("phone", 68), ("wechat", 10), ("web", 6), ("app", 6), ("board", 2.5), ("mail", 2), ("partner", 2.5), ("police", 1.2),
    ("inspection", 0.6), ("leader", 0.6), ("media", 0.3), ("sms", 0.8),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Burst:
    """One event that several people call about."""

    topic: str
    place: str
    at: datetime
    callers: int


def moments(first: datetime, now: datetime, count: int, rng: Random) -> list[datetime]:
    """When requests come in, in order. Recent days hold more of the sample: of old ones fewer are kept."""
    days = max(1, (now - first).days)
    weights = []
    for back in range(days + 1):
        there = local(now) - timedelta(days=back)
        weights.append(WEEKDAYS[there.weekday()] * (0.45 + 2.2 * 2.718 ** (-back / RECENT_DAYS)))
    found: list[datetime] = []
    while len(found) < count:
        day = local(now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
            days=rng.choices(range(days + 1), weights)[0]
        )
        at = day + timedelta(hours=rng.choices(range(24), HOURS)[0], seconds=rng.randrange(3600))
        if first <= at <= now - timedelta(seconds=30):
            found.append(at)
    return sorted(found)


def bursts(first: datetime, now: datetime, count: int, rng: Random) -> list[Burst]:
    """Events that many call about, none of them in the last day."""
    found = []
    for place in range(count):
        topic, kind = BURST_TOPICS[place % len(BURST_TOPICS)]
        at = now - timedelta(hours=rng.uniform(30, min(34 * 24, (now - first).total_seconds() / 3600 - 2)))
        if topic.startswith("heat"):  # in the season, as far as the span reaches
            at = max(at, now - timedelta(days=8)) if (now - at).days > 8 else at
        found.append(Burst(topic, kind, at, rng.randint(4, 8)))
    return found
