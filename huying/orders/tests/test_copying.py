"""Many rows through COPY are the rows that single inserts would make."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.citizens.models import Citizen
from huying.kernel.copying import COPY_FROM, Lexemes, insert_many
from huying.kernel.models import IdempotencyKey
from huying.orders import reading
from huying.orders.models import Clock, Event, WorkOrder
from huying.orders.operations import register_many
from huying.orders.operations.registering import Submission

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, tzinfo=UTC)
ODD = "\\N\t引号'\"\n\\.反斜杠\\ 𠮷"


def submissions(count: int, prefix: str) -> list[Submission]:
    return [
        Submission("web", "complaint", f"标题{ODD}{number}", f"内容{ODD}", matter="010201", street="610113003", lat=34.1, lng=108.9,
                   citizen_name="杨试试", citizen_phone=f"1380000{number:04d}", source_id=f"{prefix}{number}", source_number=ODD)
        for number in range(count)
    ]  # fmt: skip


def plain(row: Any, without: set[str]) -> dict[str, Any]:
    found = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name not in without:
            found[field.name] = bytes(value) if isinstance(value, memoryview) else value
    return found


def test_a_large_batch_makes_the_rows_that_small_ones_make() -> None:
    many = register_many(submissions(COPY_FROM, "a"), by=reading.SYSTEM)
    few = [register_many([one], by=reading.SYSTEM)[0] for one in submissions(COPY_FROM, "b")]
    own = {
        "id",
        "number",
        "source_id",
        "registered_at",
        "received_at",
        "due_at",
        "warn_at",
        "last_hash",
        "citizen",
        "changed_at",
    }
    for left, right in zip(many, few, strict=True):
        assert isinstance(left, WorkOrder)
        assert isinstance(right, WorkOrder)
        one, other = WorkOrder.objects.get(pk=left.pk), WorkOrder.objects.get(pk=right.pk)
        assert plain(one, own) == plain(other, own)
        assert plain(Event.objects.get(order=one), {"id", "order", "at", "hash"}) == plain(
            Event.objects.get(order=other), {"id", "order", "at", "hash"}
        )
        assert Clock.objects.get(order=one).due_at == one.due_at
        assert one.citizen_id == other.citizen_id  # the second is found again by number and name


def test_rows_are_complete_afterwards() -> None:
    rows = [Citizen(created_at=AT, marks=["a,b", "{c}"], name_sealed=b"\x00\xff\\", key=None) for _ in range(COPY_FROM)]
    insert_many(rows)
    assert all(row.pk and not row._state.adding for row in rows)
    kept = Citizen.objects.get(pk=rows[3].pk)
    assert (kept.marks, bytes(kept.name_sealed or b""), kept.key) == (["a,b", "{c}"], b"\x00\xff\\", None)
    kept.title = "先生"
    kept.save()
    rows[4].title = "女士"
    rows[4].save()
    assert Citizen.objects.filter(title="女士").count() == 1


def test_faults_are_those_of_django_and_nothing_is_kept() -> None:
    twice = [IdempotencyKey(staff_id=1, key="same", fingerprint="x", created_at=AT) for _ in range(COPY_FROM)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(twice)
    long = [
        IdempotencyKey(staff_id=1, key=str(number), fingerprint="x" * 65, created_at=AT) for number in range(COPY_FROM)
    ]
    with pytest.raises(DataError), transaction.atomic():
        insert_many(long)
    assert not IdempotencyKey.objects.exists()


def test_nothing_and_a_few() -> None:
    insert_many([])
    insert_many([Citizen(created_at=AT)])
    assert Citizen.objects.count() == 1


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.text(alphabet=st.characters(blacklist_categories=("Cs", "Zs", "Cc", "Zl", "Zp")), min_size=1, max_size=6),
        unique=True,
        max_size=6,
    )
)
def test_lexemes_mean_the_same_both_ways(words: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_to_tsvector(%s::text[]) = %s::tsvector", [words, Lexemes(words).literal])
        assert cursor.fetchone()[0] is True
