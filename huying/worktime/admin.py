"""工作日历 administration: special days with CSV in and out, years, schedules."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from huying.kernel import clock
from huying.kernel.errors import Invalid, TooLarge

from . import operations, queries, rules
from .models import CalendarDay, CalendarYear, WorkSchedule

if TYPE_CHECKING:
    DayAdminBase = admin.ModelAdmin[CalendarDay]
    YearAdminBase = admin.ModelAdmin[CalendarYear]
    ScheduleAdminBase = admin.ModelAdmin[WorkSchedule]
    ScheduleFormBase = forms.ModelForm[WorkSchedule]
else:
    DayAdminBase = YearAdminBase = ScheduleAdminBase = admin.ModelAdmin
    ScheduleFormBase = forms.ModelForm


class _Forgetting:
    """Any change made on these pages is used at once by this process."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Save, then forget what was kept."""
        super().save_model(request, obj, form, change)  # type: ignore[misc] # a mixin: ModelAdmin comes after it
        transaction.on_commit(queries.clear)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, then forget what was kept."""
        super().delete_model(request, obj)  # type: ignore[misc] # a mixin: ModelAdmin comes after it
        transaction.on_commit(queries.clear)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete the chosen rows, then forget what was kept."""
        super().delete_queryset(request, queryset)  # type: ignore[misc] # a mixin: ModelAdmin comes after it
        transaction.on_commit(queries.clear)


def _show_warning(request: HttpRequest) -> None:
    warning = queries.warning(clock.local(clock.now()).date())
    if warning:
        messages.warning(request, warning)


class ImportForm(forms.Form):
    """The file, and whether its years are replaced."""

    file = forms.FileField(
        label="CSV 文件", help_text="第一行为 date,kind,name；kind 为 holiday（放假）或 workday（调休上班）"
    )
    replace = forms.BooleanField(label="先清空文件所含年度的原有日期", required=False)


@admin.register(CalendarDay)
class CalendarDayAdmin(_Forgetting, DayAdminBase):
    """特殊日期, with import and export."""

    list_display = ("on", "kind", "name")
    list_filter = ("kind",)
    search_fields = ("name",)
    date_hierarchy = "on"
    ordering = ("-on",)
    actions = ("export_as_csv",)
    change_list_template = "admin/worktime/calendarday/change_list.html"

    @admin.action(description="导出所选日期为 CSV", permissions=("view",))
    def export_as_csv(self, _request: HttpRequest, queryset: models.QuerySet[CalendarDay]) -> HttpResponse:
        """导出: the chosen days as a CSV file."""
        response = HttpResponse(operations.export_days(queryset.order_by("on")), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="work-calendar.csv"'
        return response

    def get_urls(self) -> list[URLPattern]:
        """Add the import page."""
        importing = path("import/", self.admin_site.admin_view(self.import_view), name="worktime_calendarday_import")
        return [importing, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with a warning when a needed year is not checked."""
        if request.method == "GET":
            _show_warning(request)
        may_import = self._may_import(request)
        return super().changelist_view(request, {**(extra_context or {}), "may_import": may_import})

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """导入: upload a CSV; all rows are taken or none."""
        if not self._may_import(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            replace = form.cleaned_data["replace"]
            if replace and not self.has_delete_permission(request):
                raise PermissionDenied
            # One byte more than allowed is enough to be refused, and no more of a huge file is read.
            content = form.cleaned_data["file"].read(operations.MAX_FILE_BYTES + 1)
            try:
                written = operations.import_days(content, replace=replace)
            except (Invalid, TooLarge) as error:
                form.add_error("file", error.sentence)
            else:
                self._record_import(request, written)
                return HttpResponseRedirect(reverse("admin:worktime_calendarday_changelist"))
        context = {**self.admin_site.each_context(request), "opts": self.opts, "form": form, "title": "导入特殊日期"}
        return TemplateResponse(request, "admin/worktime/calendarday/import.html", context)

    def _may_import(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def _record_import(self, request: HttpRequest, written: operations.Written) -> None:
        sentence = f"已导入 {written.days} 个日期"
        if written.years:
            listed = "、".join(f"{year}年" for year in written.years)
            sentence += f"；{listed}为新增年度，核对无误后请在“日历年度”中勾选“已核对”"
        LogEntry.objects.create(
            user_id=str(request.user.pk),
            content_type=ContentType.objects.get_for_model(CalendarDay),
            object_repr="导入特殊日期",
            action_flag=CHANGE,
            change_message=sentence,
        )
        messages.success(request, sentence)


@admin.register(CalendarYear)
class CalendarYearAdmin(_Forgetting, YearAdminBase):
    """日历年度."""

    list_display = ("year", "confirmed", "source")
    list_filter = ("confirmed",)
    ordering = ("-year",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with a warning when a needed year is not checked."""
        if request.method == "GET":
            _show_warning(request)
        return super().changelist_view(request, extra_context)


class BlocksField(forms.CharField):
    """Working hours typed as ``09:00-12:00，13:00-18:00``."""

    def prepare_value(self, value: Any) -> Any:
        """Show stored blocks as text; what was typed stays as typed."""
        if isinstance(value, list):
            return "，".join("-".join(str(edge) for edge in block) for block in value)
        return value

    def to_python(self, value: Any) -> Any:
        """Read the text into blocks."""
        text = super().to_python(value)
        if not text:
            return text
        parts = [part for part in re.split(r"[,，、;；\s]+", text.replace("：", ":")) if part]
        blocks = [re.split(r"[-–—~至]", part) for part in parts]
        try:
            rules.parse_hours(blocks)
        except ValueError as error:
            raise ValidationError(str(error), code="blocks_invalid") from error
        return blocks

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as text, because that is what the page sends."""
        return super().has_changed(self.prepare_value(initial), data)


class WorkScheduleForm(ScheduleFormBase):
    """A schedule whose hours are typed as text."""

    blocks = BlocksField(
        label="工作时段", help_text="例如：09:00-12:00，13:00-18:00；全天写 00:00-24:00", max_length=200
    )

    class Meta:
        model = WorkSchedule
        fields = ("code", "name", "blocks")


@admin.register(WorkSchedule)
class WorkScheduleAdmin(_Forgetting, ScheduleAdminBase):
    """工时制度."""

    form = WorkScheduleForm
    list_display = ("code", "name", "hours_in_words")
    search_fields = ("code", "name")

    @admin.display(description="工作时段")
    def hours_in_words(self, schedule: WorkSchedule) -> str:
        """The blocks as text."""
        return "，".join("-".join(block) for block in schedule.blocks)

    def get_readonly_fields(self, _request: HttpRequest, obj: WorkSchedule | None = None) -> tuple[str, ...]:
        """A code that units refer to does not change."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: WorkSchedule | None = None) -> bool:
        """The two standard schedules cannot be deleted: the rules fall back on them."""
        return (obj is None or obj.code not in ("standard", "all_day")) and super().has_delete_permission(request, obj)
