"""工作日历 administration pages."""

from datetime import date, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from huying.kernel import clock
from huying.worktime import operations, queries, rules
from huying.worktime.models import CalendarDay, CalendarYear, WorkSchedule

pytestmark = pytest.mark.django_db

DAYS = "admin:worktime_calendarday_changelist"
IMPORT = "admin:worktime_calendarday_import"


def csv_file(text: str) -> SimpleUploadedFile:
    """A file as a browser would upload it."""
    return SimpleUploadedFile("days.csv", text.encode(), content_type="text/csv")


def test_lists_warn_of_unchecked_years(admin_client: Client) -> None:
    operations.seed([2026])
    with clock.frozen(datetime(2026, 11, 24, 9, tzinfo=clock.LOCAL)):
        for page in (DAYS, "admin:worktime_calendaryear_changelist"):
            answer = admin_client.get(reverse(page))
            assert answer.status_code == 200
            assert "2027年的放假和调休安排尚未录入" in answer.content.decode()


def test_import_page_takes_a_file(admin_client: Client) -> None:
    assert "导入 CSV" in admin_client.get(reverse(DAYS)).content.decode()
    assert "CSV 文件" in admin_client.get(reverse(IMPORT)).content.decode()
    answer = admin_client.post(
        reverse(IMPORT), {"file": csv_file("date,kind,name\n2027-01-01,holiday,元旦\n")}, follow=True
    )
    assert answer.redirect_chain
    assert "已导入 1 个日期" in answer.content.decode()
    assert CalendarDay.objects.get().on == date(2027, 1, 1)
    assert not CalendarYear.objects.get().confirmed
    assert "已导入 1 个日期" in LogEntry.objects.get().change_message


def test_import_page_shows_what_is_wrong(admin_client: Client) -> None:
    for file in (csv_file("date,kind,name\n2027-02-31,holiday,x\n"), csv_file("a\n"), csv_file("")):
        answer = admin_client.post(reverse(IMPORT), {"file": file})
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
    assert not CalendarDay.objects.exists()


def test_import_page_is_for_those_who_may(client: Client) -> None:
    answer = client.get(reverse(IMPORT))
    assert answer.status_code == 302
    answer = client.post(reverse(IMPORT), {"file": csv_file("date,kind,name\n2027-01-01,holiday,元旦\n")})
    assert answer.status_code == 302
    assert not CalendarDay.objects.exists()


def test_export_action(admin_client: Client) -> None:
    day = CalendarDay.objects.create(on=date(2026, 1, 1), kind="holiday", name="元旦")
    CalendarDay.objects.create(on=date(2026, 1, 2), kind="holiday", name="元旦")
    answer = admin_client.post(reverse(DAYS), {"action": "export_as_csv", "_selected_action": [day.pk]})
    assert answer["Content-Type"].startswith("text/csv")
    assert answer.content.decode("utf-8-sig") == "date,kind,name\r\n2026-01-01,holiday,元旦\r\n"


def test_schedule_hours_are_typed_as_text(
    admin_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    page = reverse("admin:worktime_workschedule_add")
    wrong = admin_client.post(page, {"code": "summer", "name": "夏季", "blocks": "9点到12点"})
    assert "不正确" in wrong.content.decode() or "两个时间" in wrong.content.decode()
    assert queries.schedule("standard") == rules.STANDARD
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(page, {"code": "summer", "name": "夏季", "blocks": "08:30-12:00， 15:00—18:30"})
    schedule = WorkSchedule.objects.get(code="summer")
    assert schedule.blocks == [["08:30", "12:00"], ["15:00", "18:30"]]
    # The change is used at once here, although the old answer was fresh.
    assert queries.schedule("summer") == rules.parse_hours(schedule.blocks)
    shown = admin_client.get(reverse("admin:worktime_workschedule_change", args=[schedule.pk])).content.decode()
    assert "08:30-12:00，15:00-18:30" in shown
    assert "08:30-12:00" in admin_client.get(reverse("admin:worktime_workschedule_changelist")).content.decode()


def test_standard_schedules_stay(admin_client: Client) -> None:
    operations.seed([2026])
    standard = WorkSchedule.objects.get(code="standard")
    answer = admin_client.post(reverse("admin:worktime_workschedule_delete", args=[standard.pk]), {"post": "yes"})
    assert answer.status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [standard.pk], "post": "yes"}
    admin_client.post(reverse("admin:worktime_workschedule_changelist"), chosen)
    assert WorkSchedule.objects.filter(code="standard").exists()


def test_changes_are_used_at_once(
    admin_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert queries.calendar().holidays == frozenset()
    with django_capture_on_commit_callbacks(execute=True):
        fields = {"on": "2026-07-01", "kind": "holiday", "name": "市庆"}
        admin_client.post(reverse("admin:worktime_calendarday_add"), fields)
    assert queries.calendar().holidays == {date(2026, 7, 1)}
    day = CalendarDay.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("admin:worktime_calendarday_delete", args=[day.pk]), {"post": "yes"})
    assert queries.calendar().holidays == frozenset()
