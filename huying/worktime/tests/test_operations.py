"""工作日历 writes: seeding, import, export."""

import importlib
import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from huying.kernel.errors import Invalid, TooLarge
from huying.worktime import operations, queries
from huying.worktime.models import CalendarDay, CalendarYear, WorkSchedule

pytestmark = pytest.mark.django_db


def test_seed_writes_only_exceptions() -> None:
    written = operations.seed()
    assert written.years == tuple(range(2019, 2027))
    assert written.schedules == 2
    assert written.days == CalendarDay.objects.count() > 150
    for day in CalendarDay.objects.all():
        assert (day.on.weekday() < 5) == (day.kind == "holiday"), day
        assert day.name
    festival = CalendarDay.objects.filter(on__range=(date(2026, 2, 14), date(2026, 2, 28))).values_list(
        "on", "kind", "name"
    )
    assert list(festival) == [
        (date(2026, 2, 14), "workday", "春节调休"),
        *((date(2026, 2, day), "holiday", "春节") for day in (16, 17, 18, 19, 20, 23)),
        (date(2026, 2, 28), "workday", "春节调休"),
    ]


def test_seed_agrees_with_its_source_on_every_day() -> None:
    source = importlib.import_module("chinese_calendar")
    operations.seed([2024, 2025, 2026])
    queries.clear()
    calendar = queries.calendar()
    first = date(2024, 1, 1).toordinal()
    for ordinal in range(first, date(2027, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert calendar.is_working(day) == source.is_workday(day), day


def test_seed_again_changes_nothing_that_people_edited() -> None:
    operations.seed([2026])
    CalendarDay.objects.filter(on=date(2026, 2, 16)).delete()
    CalendarDay.objects.filter(on=date(2026, 2, 17)).update(name="大年初一")
    WorkSchedule.objects.filter(code="standard").update(blocks=[["08:00", "16:00"]])
    written = operations.seed([2025, 2026])
    assert written.years == (2025,)
    assert written.schedules == 0
    assert not CalendarDay.objects.filter(on=date(2026, 2, 16)).exists()
    assert CalendarDay.objects.get(on=date(2026, 2, 17)).name == "大年初一"
    assert WorkSchedule.objects.get(code="standard").blocks == [["08:00", "16:00"]]


def test_seed_refuses_an_unpublished_year_and_writes_nothing() -> None:
    with pytest.raises(Invalid) as refused:
        operations.seed([2026, 2099])
    assert refused.value.code == "year_not_published"
    assert not CalendarYear.objects.exists()


def test_seed_command_says_what_it_wrote() -> None:
    out = io.StringIO()
    call_command("seed_calendar", "2026", stdout=out)
    assert "2026" in out.getvalue()
    call_command("seed_calendar", "2026", stdout=out)
    assert "均已存在" in out.getvalue()
    with pytest.raises(CommandError, match="2099"):
        call_command("seed_calendar", "2099")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_import_reads_the_encodings_people_have(encoding: str) -> None:
    text = "date,kind,name\r\n2027-01-01,holiday,元旦\r\n2027/1/3,调休上班,元旦调休\r\n\r\n2027年2月5日,放假,春节\r\n"
    written = operations.import_days(text.encode(encoding))
    assert written.days == 3
    assert written.years == (2027,)
    assert list(CalendarDay.objects.values_list("on", "kind", "name")) == [
        (date(2027, 1, 1), "holiday", "元旦"),
        (date(2027, 1, 3), "workday", "元旦调休"),
        (date(2027, 2, 5), "holiday", "春节"),
    ]
    assert not CalendarYear.objects.get(year=2027).confirmed


def test_import_updates_and_replaces() -> None:
    operations.seed([2025, 2026])
    in_2025 = CalendarDay.objects.filter(on__year=2025).count()
    operations.import_days("date,kind,name\n2026-02-17,holiday,初一\n2026-07-01,holiday,市庆\n".encode())
    assert CalendarDay.objects.get(on=date(2026, 2, 17)).name == "初一"
    assert CalendarDay.objects.filter(on__year=2026).count() > 20
    assert CalendarYear.objects.get(year=2026).confirmed
    operations.import_days("date,kind,name\n2026-07-01,holiday,市庆\n".encode(), replace=True)
    assert [day.on for day in CalendarDay.objects.filter(on__year=2026)] == [date(2026, 7, 1)]
    assert CalendarDay.objects.filter(on__year=2025).count() == in_2025


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "header_wrong"),
        ("日期,类型\n2026-01-01,holiday\n".encode(), "header_wrong"),
        (b"date,kind,name\n", "no_rows"),
        (b"date,kind,name\n2026-02-30,holiday,x\n", "rows_wrong"),
        (b"date,kind,name\n1926-02-03,holiday,x\n", "rows_wrong"),
        (b"date,kind,name\n2026-02-03,party,x\n", "rows_wrong"),
        (b"date,kind,name\n2026-02-03,holiday,x\n2026/2/3,workday,y\n", "rows_wrong"),
        (b"date,kind,name\n2026-02-03,holiday," + b"x" * 41 + b"\n", "rows_wrong"),
        (b"date,kind,name\n2026-02-03\n", "rows_wrong"),
        (b"\xff\xfe\x00\x81\xff", "encoding_unknown"),
        (b"date,kind,name\n" + b"x" * operations.MAX_FILE_BYTES, "file_too_large"),
        (b"date,kind,name\n" + b"x" * 200_000, "csv_unreadable"),
    ],
)
def test_import_refuses_and_changes_nothing(content: bytes, code: str) -> None:
    CalendarDay.objects.create(on=date(2026, 1, 1), kind="holiday", name="元旦")
    with pytest.raises((Invalid, TooLarge)) as refused:
        operations.import_days(content, replace=True)
    assert refused.value.code == code
    assert list(CalendarDay.objects.values_list("name", flat=True)) == ["元旦"]
    assert not CalendarYear.objects.exists()


def test_import_names_the_rows_and_stops_counting() -> None:
    with pytest.raises(Invalid) as refused:
        operations.import_days(b"date,kind,name\n" + b"2026-13-01,holiday,x\n" * 100)
    problems = refused.value.details["errors"]
    assert len(problems) == operations.MAX_PROBLEMS
    assert problems[0]["field"] == "第2行"


def test_export_comes_back_and_runs_no_formula() -> None:
    operations.seed([2026])
    CalendarDay.objects.create(on=date(2026, 7, 1), kind="holiday", name="=1+1")
    before = list(CalendarDay.objects.values_list("on", "kind", "name"))
    content = operations.export_days(CalendarDay.objects.all())
    assert content.startswith(b"\xef\xbb\xbfdate,kind,name\r\n")
    assert b",=1" not in content
    CalendarDay.objects.all().delete()
    operations.import_days(content)
    assert list(CalendarDay.objects.values_list("on", "kind", "name")) == before
