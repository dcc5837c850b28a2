"""诉求人: who asked before is found again by the keyed hash, and nothing personal lies open."""

import pytest
from django.db import connection

from huying.citizens.models import Citizen
from huying.citizens.operations import Caller, find_or_make_many, phone_digits, phone_hash
from huying.kernel import clock, crypto
from huying.kernel.errors import Invalid

pytestmark = pytest.mark.django_db
YANG = Caller("杨试试", "13800005678")


def made(*callers: Caller) -> list[Citizen]:
    return find_or_make_many(callers, now=clock.now())


def test_the_same_person_is_found_again() -> None:
    first, again = made(YANG)[0], made(YANG)[0]
    assert first.pk == again.pk
    assert made(YANG, YANG, Caller("杨试试", "13800005678", title="女士"))[2].pk == first.pk
    assert Citizen.objects.count() == 1


def test_another_name_or_number_is_another_person() -> None:
    people = made(YANG, Caller("李试试", "13800005678"), Caller("杨试试", "13800005679"), Caller("", "13800005678"))
    assert len({person.pk for person in people}) == 4


def test_who_wants_to_be_anonymous_or_left_no_number_is_never_recognised() -> None:
    hidden = Caller("杨试试", "13800005678", anonymous=True)
    people = made(YANG, hidden, hidden, Caller("杨试试", ""), Caller("杨试试", ""))
    assert len({person.pk for person in people}) == 5


def test_an_erased_person_is_not_found() -> None:
    first = made(YANG)[0]
    Citizen.objects.filter(pk=first.pk).update(key=None)
    assert made(YANG)[0].pk != first.pk


def test_nothing_personal_lies_open() -> None:
    person = made(YANG)[0]
    assert (crypto.decrypt(person.key, person.name_sealed), crypto.decrypt(person.key, person.phone_sealed)) == (
        "杨试试",
        "13800005678",
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM citizens_citizen t")
        stored = cursor.fetchone()[0]
    assert "13800005678" not in stored
    assert "杨试试" not in stored
    assert b"13800005678".hex() not in stored


def test_a_number_is_found_however_it_is_typed() -> None:
    assert phone_hash("+86 138-0000-5678") == phone_hash("13800005678")
    assert phone_digits(" ") == phone_digits("") == ""
    for bad in ("1234", "1" * 16, "电话"):
        with pytest.raises(Invalid) as fault:
            phone_digits(bad)
        assert fault.value.code == "bad_phone"


def test_many_cost_three_statements(django_assert_max_num_queries: object) -> None:
    callers = [Caller(f"测试{n}", f"1380000{n:04d}") for n in range(50)]
    with django_assert_max_num_queries(3):  # type: ignore[operator]  # pytest-django gives it no type
        made(*callers)
