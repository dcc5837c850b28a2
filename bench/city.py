"""A large invented city for measuring 测试用的大城市: rows written by COPY, texts of varied words, places, states and ages.

Not the demo: no verb is called. Every order has its events, clocks and assignments, so that lists, details and searches
do the work they do in life; a few in progress have a history of 30 events. Topics are as uneven as in a real city: the
most frequent leaf is some hundred times as frequent as the rarest.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from huying.kernel import clock, crypto
from huying.kernel.identifiers import order_number
from huying.language.segmentation import words_for_index
from huying.matters.models import Matter
from huying.orders.models import WorkOrder
from huying.people.models import Staff, Unit
from huying.places.models import Division

from .kinds import CITIZENS, RARE, citizen_name, citizen_phone

# of the newest; older ones are closed or archived, but for a few
STATES = [("closed", 25), ("in_progress", 55), ("to_call_back", 10), ("reply_review", 6), ("to_dispatch", 4)]
NEWEST, LEFT_OVER = 0.985, 200  # where the newest begin; of the older, one of so many is in progress still
NATURES = [("complaint", 45), ("help", 30), ("consult", 15), ("suggestion", 6), ("report", 3), ("praise", 1)]
CHANNELS = [("phone", 80), ("web", 10), ("wechat", 8), ("app", 2)]
DAYS = 720
FIRST_CITIZEN = 10_000_000
HISTORY, LONG_HISTORY = 3, 30  # events
OPENINGS = (
    "来电反映", "市民称", "我要投诉", "请问一下", "麻烦你们管管", "昨天晚上", "连着好几天", "从上个月开始", "老人家里", "孩子上学路上",
    "半夜两点多", "物业一直推", "我们楼上", "门口这条路", "下雨以后", "从搬进来那天起", "上周末", "邻居都说", "已经第三次了", "单位附近",
)  # fmt: skip
ENDINGS = (
    "希望尽快处理", "请相关部门核实", "要求给个说法", "盼回复", "已经打过电话没人管", "影响正常休息", "存在安全隐患", "请安排人到现场看看",
    "家里有老人受不了", "孩子没法写作业", "再不管就要出事", "请问什么时候能好", "麻烦回个电话", "之前答复过但没有解决", "谢谢",
)  # fmt: skip


class _Phrases:
    """Phrases with the words they are found by, cut once each; no pair of characters spans two phrases."""

    def __init__(self) -> None:
        self._kept: dict[str, list[str]] = {}

    def words(self, phrase: str) -> list[str]:
        found = self._kept.get(phrase)
        if found is None:
            found = self._kept[phrase] = words_for_index(phrase)
        return found


def _drawn(weighted: list[tuple[str, int]]) -> list[str]:
    return [name for name, weight in weighted for _ in range(weight)]


def _vector(words: set[str]) -> str:
    """Words as PostgreSQL reads a tsvector."""
    quoted = (word.replace("\\", "\\\\").replace("'", "''") for word in words)
    return " ".join(f"'{word}'" for word in quoted)


def alike() -> dict[str, object]:
    """Columns that all orders have the same value in: the defaults of the model."""
    fields = [field for field in WorkOrder._meta.concrete_fields if field.column not in COLUMNS and not field.null]
    return {field.column: "{}" if field.get_default() == {} else field.get_default() for field in fields}


def orders(
    rng: random.Random, count: int, first: int, now: datetime, rest: list[object]
) -> Iterator[tuple[object, ...]]:
    """Rows for the orders table, newest last. Reads what it needs before the first row, so that a COPY may be open."""
    leaves = list(
        Matter.objects.filter(code__regex=r"^\d{6}$")
        .order_by("code")
        .values_list("code", "name", "everyday", "definition")
    )
    rng.shuffle(leaves)
    shares = list(accumulate(1 / (rank + 5) for rank in range(len(leaves))))
    streets = list(Division.objects.filter(level="street").values_list("code", "name", "parent_id", "parent__name"))
    units = list(Unit.objects.filter(tier__gte=2).order_by("pk").values_list("pk", flat=True))
    unit_shares = list(accumulate(1 / (rank + 5) for rank in range(len(units))))
    operators = list(Staff.objects.values_list("pk", flat=True))
    states, natures, channels = _drawn(STATES), _drawn(NATURES), _drawn(CHANNELS)
    phrases = _Phrases()
    age = timedelta(days=DAYS)

    def rows() -> Iterator[tuple[object, ...]]:
        for index in range(count):
            code, title, everyday, definition = rng.choices(leaves, cum_weights=shares)[0]
            said = rng.sample(everyday, min(len(everyday), rng.randint(1, 3)))
            street, street_name, area, area_name = streets[rng.randrange(len(streets))]
            house = rng.randint(1, 999)
            place = f"{area_name}{street_name}{house}号"
            parts = [title, rng.choice(OPENINGS), *said, definition[:40], rng.choice(ENDINGS)]
            if index % 20_000 == 777:
                parts.append(RARE)
            words = {str(house), *phrases.words(f"{area_name}{street_name}")}
            for part in parts:
                words.update(phrases.words(part))
            received = now - age * (1 - index / count)
            if index > count * NEWEST:
                state = rng.choice(states)
            elif index % LEFT_OVER == 0:
                state = "in_progress"
            else:
                state = "closed" if index > count * 0.95 else "archived"
            done = state in ("closed", "archived")
            due = received + timedelta(days=rng.randint(1, 9))
            nature = rng.choice(natures)
            yield (
                first + index, order_number(received.date(), (first + index) % 1_000_000), state, "solved" if done else "",
                nature, "urgent" if rng.random() < 0.03 else "normal", rng.choice(channels), title,
                f"{'，'.join(parts[1:])}。地址：{place}", code, nature == "report", place, area, street,
                FIRST_CITIZEN + rng.randrange(CITIZENS), rng.choice(operators),
                None if state == "to_dispatch" else rng.choices(units, cum_weights=unit_shares)[0], received, received,
                received + timedelta(days=3) if done else None, "" if done else "handle",
                None if done else due - timedelta(days=1), None if done else due, _vector(words),
                LONG_HISTORY if state == "in_progress" and (first + index) % 7 == 0 else HISTORY, *rest,
            )  # fmt: skip

    return rows()


COLUMNS = [
    "id", "number", "state", "outcome", "nature", "urgency", "channel", "title", "content", "matter_id", "confidential", "place_text",
    "area_id", "street_id", "citizen_id", "operator_id", "lead_unit_id", "received_at", "registered_at", "closed_at", "clock",
    "warn_at", "due_at", "search", "last_seq",
]  # fmt: skip
INDEXES_AFTERWARDS = 100_000  # rows; above, filling full indexes costs more than making them anew


def fill(count: int, seed: int = 1) -> int:
    """Add `count` orders; returns how many there are then."""
    rng = random.Random(seed)
    now = clock.now()
    with connection.cursor() as cursor:
        _citizens(cursor, now)
        cursor.execute("SELECT coalesce(max(id), 0) FROM orders_workorder")
        first = int(cursor.fetchone()[0]) + 1
    late = list(WorkOrder._meta.indexes) if count >= INDEXES_AFTERWARDS else []
    _each_index("remove_index", late)
    same = alike()
    rows = orders(rng, count, first, now, list(same.values()))
    with connection.cursor() as cursor:
        with cursor.connection.cursor().copy(
            f"COPY orders_workorder ({', '.join([*COLUMNS, *same])}) FROM STDIN"
        ) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("SELECT setval(pg_get_serial_sequence('orders_workorder', 'id'), max(id)) FROM orders_workorder")
        for statement in HANGING:
            cursor.execute(statement, {"first": first})
    _each_index("add_index", late)
    settle()
    return WorkOrder.objects.count()


def settle() -> None:
    """Leave no work to autovacuum, which would run in the middle of a measurement."""
    with connection.cursor() as cursor:
        for table in ("orders_workorder", "orders_assignment", "orders_clock", "orders_event", "citizens_citizen"):
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("CHECKPOINT")


def _each_index(change: str, indexes: list[Any]) -> None:
    with connection.schema_editor() as editor:
        for index in indexes:
            getattr(editor, change)(WorkOrder, index)


HANGING = (
    """
    INSERT INTO orders_assignment (order_id, unit_id, part, state, came_from, dispatched_at, extensions, pending_extension,
        pending_promise, appointed, note, push_down_reason, result, reply, policy_basis, unreachable_reason, due_at)
    SELECT id, lead_unit_id, 'lead', CASE WHEN state <> 'in_progress' THEN 'replied' WHEN id %% 5 = 0 THEN 'to_accept'
        ELSE 'handling' END, '', received_at, 0, id %% 97 = 0 AND state = 'in_progress', false, false, '', '', '', '', '', '', due_at
    FROM orders_workorder WHERE id >= %(first)s AND lead_unit_id IS NOT NULL ORDER BY id
    """,
    """
    INSERT INTO orders_clock (order_id, kind, amount, measure, schedule, started_at, warn_at, due_at, stopped_at)
    SELECT id, kind, 5, 'working_days', 'standard', received_at, coalesce(warn_at, received_at + interval '4 days'),
        coalesce(due_at, received_at + interval '5 days'), CASE WHEN kind = 'sign' THEN received_at ELSE closed_at END
    FROM orders_workorder, unnest(ARRAY['sign', 'handle']) AS kind WHERE id >= %(first)s ORDER BY id
    """,
    f"""
    INSERT INTO orders_event (order_id, seq, kind, at, actor_name, unit_name, role, from_state, to_state, content, hash)
    SELECT id, seq, CASE seq WHEN 1 THEN 'registered' ELSE 'note_down' END, received_at + seq * interval '1 hour', '生成', '', '',
        CASE seq WHEN 1 THEN '' ELSE state END, state, CASE seq WHEN 1 THEN '{{"channel": "phone"}}' ELSE '{{"note": "已联系"}}' END::jsonb,
        '\\x'
    FROM orders_workorder, generate_series(1, CASE WHEN state = 'in_progress' AND id %% 7 = 0 THEN {LONG_HISTORY} ELSE {HISTORY} END) AS seq
    WHERE id >= %(first)s ORDER BY id
    """,
)


def _citizens(cursor: CursorWrapper, now: datetime) -> None:
    cursor.execute("SELECT count(*) FROM citizens_citizen WHERE id >= %s", [FIRST_CITIZEN])
    if cursor.fetchone()[0]:
        return
    names = "id, key, name_sealed, phone_sealed, name_hash, phone_hash, title, marks, anonymous, created_at"
    with cursor.connection.cursor().copy(f"COPY citizens_citizen ({names}) FROM STDIN") as copy:
        for index in range(CITIZENS):
            key, phone, name = crypto.new_key(), citizen_phone(index), citizen_name(index)
            copy.write_row(
                (FIRST_CITIZEN + index, key, crypto.encrypt(key, name), crypto.encrypt(key, phone),
                 crypto.keyed_hash("name", name), crypto.keyed_hash("phone", phone), "", [], False, now)
            )  # fmt: skip
