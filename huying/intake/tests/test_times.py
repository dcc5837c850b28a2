"""Times as exports write them."""

from datetime import UTC, datetime, timedelta

import pytest

from huying.intake.importing.times import judged, moment
from huying.kernel.clock import LOCAL

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL)  # type: ignore[arg-type,misc]  # year, month, day, hour, minute, second, microsecond


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2019/1/2 3:04:05", (2019, 1, 2, 3, 4, 5)),
        ("2019-01-02 03:04:05", (2019, 1, 2, 3, 4, 5)),
        ("2019-1-2", (2019, 1, 2)),
        ("2019.1.2 3:04", (2019, 1, 2, 3, 4)),
        ("2019年1月2日", (2019, 1, 2)),
        ("2019年1月2日 3时4分5秒", (2019, 1, 2, 3, 4, 5)),
        ("2019年1月2日 3时4分", (2019, 1, 2, 3, 4)),
        ("2019年1月2日3:04", (2019, 1, 2, 3, 4)),
        ("2019/1/2 下午 3:04:05", (2019, 1, 2, 15, 4, 5)),
        ("2019/1/2 上午12:04", (2019, 1, 2, 0, 4)),
        ("2019/1/2 3:04:05 PM", (2019, 1, 2, 15, 4, 5)),
        ("2019-01-02T03:04:05", (2019, 1, 2, 3, 4, 5)),
        ("2019-01-01T19:04:05Z", (2019, 1, 2, 3, 4, 5)),
        ("2019-01-02T03:04:05.123456+08:00", (2019, 1, 2, 3, 4, 5, 123456)),
        ("2019-01-01 19:04:05+00:00", (2019, 1, 2, 3, 4, 5)),
        ("20190102", (2019, 1, 2)),
        ("20190102030405", (2019, 1, 2, 3, 4, 5)),
        ("43467.1278356481", (2019, 1, 2, 3, 4, 5)),
        (43467.1278356481, (2019, 1, 2, 3, 4, 5)),
        (43467, (2019, 1, 2)),
        ("1546369445", (2019, 1, 2, 3, 4, 5)),
        ("1546369445000", (2019, 1, 2, 3, 4, 5)),
        (datetime(2019, 1, 2, 3, 4, 5), (2019, 1, 2, 3, 4, 5)),
        (datetime(2019, 1, 1, 19, 4, 5, tzinfo=UTC), (2019, 1, 2, 3, 4, 5)),
    ],
)
def test_a_time_is_read_on_the_wall_clock_of_the_city(written: object, meant: tuple[int, ...]) -> None:
    assert moment(written) == local(*meant)


@pytest.mark.parametrize(
    "written",
    [
        "2019-02-31",
        "2019-01-02 25:00",
        "昨天",
        "2019",
        "1/2/2019",
        "19/1/2",
        "",
        True,
        None,
        "9" * 30,
        "2019-01-02 03:04:05 拖延",
    ],
)
def test_what_is_no_time_is_none(written: object) -> None:
    assert moment(written) is None


def test_a_format_that_was_named_is_the_only_one() -> None:
    assert moment("02/01/2019 03:04", ("%d/%m/%Y %H:%M",)) == local(2019, 1, 2, 3, 4)
    assert moment("2019-01-02", ("%d/%m/%Y %H:%M",)) is None


def test_serials_of_a_1904_workbook_count_from_there() -> None:
    assert moment(42005.5, epoch=datetime(1904, 1, 1)) == local(2019, 1, 2, 12)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-11-25 00:00", "received_in_future"),
        ("2099-01-01", "received_in_future"),
        ("1989-12-31", "received_too_early"),
        ("无", "bad_time"),
    ],
)
def test_impossible_times_are_rejected_with_a_reason(written: str, code: str) -> None:
    found = judged(written, NOW)
    assert isinstance(found, tuple)
    assert found[0] == code


def test_a_clock_that_is_a_little_ahead_is_taken_as_now() -> None:
    assert judged(NOW + timedelta(minutes=4), NOW) == NOW
    assert isinstance(judged(NOW + timedelta(minutes=6), NOW), tuple)
