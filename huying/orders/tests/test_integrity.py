"""check-integrity: an administrator of the database who tampers with history is found out, and told where."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from huying.kernel import clock
from huying.kernel.identifiers import display
from huying.orders import integrity
from huying.orders.models import Event, WorkOrder
from tests.city import Desk

pytestmark = pytest.mark.django_db
UNIT = "610113-cg"


@contextmanager
def superuser() -> Iterator[Any]:
    """What the database's own administrator can do: write with the guard switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_event DISABLE TRIGGER event_append_only")
        yield cursor
        cursor.execute("ALTER TABLE orders_event ENABLE TRIGGER event_append_only")


def handled(desk: Desk) -> str:
    """The number of an order with five events."""
    number: str = desk.register()["number"]
    desk.do("dispatcher", number, "dispatch", lead=UNIT)
    desk.do("handler", number, "accept")
    desk.do("handler", number, "contact", way="phone", reached=True, record="已电话联系，约定当晚到现场")
    desk.do("handler", number, "reply", result="solved", content="中队已到现场清理，并安排每晚巡查，责任人雷向东。")
    return number


def found(number: str | None = None) -> list[tuple[str, int, str]]:
    return [(item.number, item.seq, item.kind) for item in integrity.check(number).findings]


def test_an_untouched_history_is_whole(desk: Desk) -> None:
    first, second = handled(desk), handled(desk)
    desk.call("dispatcher", "post", f"/orders/{first}/reveal", {"reason": "核对地址"})
    report = integrity.check()
    assert (report.orders, report.events, report.findings) == (2, 11, [])
    assert integrity.check(second).events == 5


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = '别人'",
        "at = at - interval '1 hour'",
        'content = content || \'{"note": "x"}\'',
        "kind = 'urge'",
        "kind = 'never_heard_of'",
        "from_state = 'draft'",
        "role = 'chief'",
        "unit_name = 'x'",
        "actor_id = NULL",
        "hash = sha256('x')",
    ],
)
@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_changed_event_is_named(desk: Desk, change: str, seq: int) -> None:
    other, number = handled(desk), handled(desk)
    with superuser() as cursor:
        cursor.execute(
            f"UPDATE orders_event SET {change} WHERE seq = %s AND order_id = (SELECT id FROM orders_workorder WHERE number = %s)",
            [seq, number],
        )
    assert found() == [(number, seq, "changed")]
    assert found(other) == []
    assert found(number) == [(number, seq, "changed")]


@pytest.mark.parametrize(("seq", "also"), [(1, "第2条因此也无法核验"), (3, "第4条因此也无法核验")])
def test_a_removed_event_is_missed(desk: Desk, seq: int, also: str) -> None:
    number = handled(desk)
    with superuser() as cursor:
        cursor.execute("DELETE FROM orders_event WHERE seq = %s", [seq])
    findings = integrity.check().findings
    assert [(item.seq, item.kind) for item in findings] == [(seq, "missing")]
    assert findings[0].sentence == f"历史缺少第{seq}条，{also}"
    assert str(findings[0]).startswith(f"{display(number)} 第{seq}条：")


def test_a_removed_tail_is_missed(desk: Desk) -> None:
    number = handled(desk)
    with superuser() as cursor:
        cursor.execute("DELETE FROM orders_event WHERE seq >= 4")
        cursor.execute("UPDATE orders_workorder SET state = 'in_progress'")
    assert found() == [(number, 4, "missing")]


def test_a_whole_history_gone_is_missed(desk: Desk) -> None:
    number = handled(desk)
    with superuser() as cursor:
        cursor.execute("DELETE FROM orders_event")
    assert found() == [(number, 1, "missing")]


def test_a_removed_tail_with_the_order_set_back_shows_in_the_head(desk: Desk) -> None:
    number = handled(desk)
    with superuser() as cursor:
        cursor.execute("DELETE FROM orders_event WHERE seq = 5")
        cursor.execute("UPDATE orders_workorder SET last_seq = 4, state = 'in_progress'")
    assert found() == [(number, 4, "head")]


def swap(cursor: Any, first: tuple[str, int], second: tuple[str, int]) -> None:
    """Two events change places, of one order or of two."""
    one, two = (Event.objects.get(order__number=number, seq=seq) for number, seq in (first, second))
    move = "UPDATE orders_event SET order_id = %s, seq = %s WHERE id = %s"
    cursor.execute(move, [one.order_id, 9999, one.pk])
    cursor.execute(move, [one.order_id, one.seq, two.pk])
    cursor.execute(move, [two.order_id, two.seq, one.pk])


def test_reordered_events_are_told_with_their_old_place(desk: Desk) -> None:
    number = handled(desk)
    with superuser() as cursor:
        swap(cursor, (number, 2), (number, 4))
    findings = integrity.check().findings
    assert [(item.seq, item.kind) for item in findings] == [(2, "reordered"), (4, "reordered")]
    assert "原为第4条" in findings[0].sentence
    assert "原为第2条" in findings[1].sentence


def test_an_event_moved_to_the_end_is_found(desk: Desk) -> None:
    number = handled(desk)
    with superuser() as cursor:
        cursor.execute("UPDATE orders_event SET seq = 9 WHERE seq = 3")
    findings = integrity.check().findings
    assert (number, 9, "reordered") in [(item.number, item.seq, item.kind) for item in findings]
    assert "missing" not in {item.kind for item in findings}


def test_an_event_of_another_order_is_foreign(desk: Desk) -> None:
    first, second = handled(desk), handled(desk)
    with superuser() as cursor:
        swap(cursor, (first, 3), (second, 3))
    findings = integrity.check().findings
    assert sorted((item.number, item.seq, item.kind) for item in findings) == sorted(
        [(first, 3, "foreign"), (second, 3, "foreign")]
    )
    assert display(second) in next(item for item in findings if item.number == first).sentence


def test_what_follows_an_event_taken_away_and_replaced_is_said_to_be_beyond_proof(desk: Desk) -> None:
    """The 3rd event is gone and a copy of another order's stands in its place: the 4th has nothing to follow."""
    first, second = (WorkOrder.objects.get(number=handled(desk)) for _ in range(2))
    with superuser() as cursor:
        cursor.execute("DELETE FROM orders_event WHERE order_id = %s AND seq = 3", [first.pk])
        cursor.execute(COPY.replace("%s, 6", "%s, 3").replace("seq = 5", "seq = 3"), [first.pk, second.pk])
    findings = integrity.check().findings
    assert [(item.number, item.seq, item.kind) for item in findings] == [(first.number, 3, "foreign")]
    assert findings[0].sentence.endswith("，第4条因此也无法核验")


COPY = """INSERT INTO orders_event (order_id, seq, kind, at, actor_id, actor_name, unit_id, unit_name, role, from_state, to_state,
content, hash) SELECT %s, 6, kind, at, actor_id, actor_name, unit_id, unit_name, role, from_state, to_state, content, hash
FROM orders_event WHERE order_id = %s AND seq = 5"""


def test_a_copied_event_is_foreign(desk: Desk) -> None:
    first, second = (WorkOrder.objects.get(number=handled(desk)) for _ in range(2))
    with superuser() as cursor:
        cursor.execute(COPY, [first.pk, second.pk])
    findings = integrity.check().findings
    assert [(item.number, item.seq, item.kind) for item in findings] == [(first.number, 6, "foreign")]
    assert f"是 {display(second.number)} 第5条的复制" in findings[0].sentence


def test_an_event_written_past_the_verbs_is_found(desk: Desk) -> None:
    order = WorkOrder.objects.get(number=handled(desk))
    with superuser() as cursor:
        cursor.execute(COPY.replace("content, hash\nFROM", "content, sha256('forged')\nFROM"), [order.pk, order.pk])
    assert found() == [(order.number, 6, "added")]


def test_a_state_set_by_hand_is_found(desk: Desk) -> None:
    number = handled(desk)
    WorkOrder.objects.filter(number=number).update(state="closed")
    findings = integrity.check().findings
    assert [(item.seq, item.kind) for item in findings] == [(5, "state")]
    assert "“已办结”" in findings[0].sentence


def test_another_master_key_is_said_as_such(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    handled(desk)
    monkeypatch.setattr(integrity, "link", lambda *_: b"other")
    assert [item.kind for item in integrity.check().findings] == ["key"]


def test_every_kind_of_value_survives_the_way_through_the_database(desk: Desk) -> None:
    """What JSON keeps must read back as it was hashed: dates, numbers, lists, nested names, quotes, other planes."""
    number = handled(desk)
    order = WorkOrder.objects.select_related("citizen").get(number=number)
    from huying.orders import history
    from huying.orders.reading import SYSTEM

    told = {"due_at": clock.now(), "amount": 1.5, "days": 3, "list": ["a", {"b": datetime(2026, 1, 1, tzinfo=UTC)}], "note": "“引号”\\\"𠮷\n", "zero": 0, "no": False}  # fmt: skip
    history.record(order, "warned", by=SYSTEM, told=told)
    assert found() == []


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    code = 0
    try:
        call_command("check_integrity", *arguments, stdout=out)
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, out.getvalue()


def test_the_command_tells_and_ends_with_its_code(desk: Desk) -> None:
    number = handled(desk)
    code, said = run()
    assert code == 0
    assert "核验了1张工单、5条历史" in said
    assert "没有发现问题" in said
    with superuser() as cursor:
        cursor.execute("UPDATE orders_event SET actor_name = '别人' WHERE seq = 2")
    code, said = run("--order", display(number))
    assert code == 1
    assert f"{display(number)} 第2条：“派单”的内容与摘要不符，被改动过" in said
    code, said = run("--json")
    assert code == 1
    shown = json.loads(said)
    assert shown["findings"] == [
        {"number": number, "seq": 2, "kind": "changed", "sentence": "“派单”的内容与摘要不符，被改动过"}
    ]
    assert (shown["orders"], shown["events"]) == (1, 5)


@pytest.mark.parametrize("number", ["12", "202611240000010"])
def test_the_command_refuses_numbers_that_are_none(number: str) -> None:
    with pytest.raises(CommandError):
        call_command("check_integrity", "--order", number)
