"""事项目录 administration: taxonomy, dispatch catalogue by versions, time limits, policy by versions."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Max
from django.http import HttpRequest

from huying.kernel import clock
from huying.people.administration import Listed, NotDeleted, Reference

from . import queries, targets
from .models import Duty, LimitRule, Matter, Policy
from .rules import LIMIT_KINDS, LIMIT_NATURES

if TYPE_CHECKING:
    MatterFormBase = forms.ModelForm[Matter]
    DutyFormBase = forms.ModelForm[Duty]
    LimitFormBase = forms.ModelForm[LimitRule]
    PolicyFormBase = forms.ModelForm[Policy]
else:
    MatterFormBase = DutyFormBase = LimitFormBase = PolicyFormBase = forms.ModelForm
MOST_QUESTIONS = 5


class MatterForm(MatterFormBase):
    """A domain, group or leaf."""

    synonyms = Listed(label="同义词", limit=60, required=False)
    everyday = Listed(label="口语说法", limit=60, required=False)
    questions = Listed(label="必问", limit=100, most=MOST_QUESTIONS, required=False)

    class Meta:
        model = Matter
        fields = ("code", "name", "definition", "synonyms", "everyday", "urgency", "questions", "active")

    def clean_code(self) -> str:
        """2, 4 or 6 digits below a code that exists."""
        code: str = self.cleaned_data["code"]
        if not (code.isascii() and code.isdigit() and len(code) in (2, 4, 6)):
            raise ValidationError("编码须为2、4或6位数字", code="format")
        if len(code) > 2 and not Matter.objects.filter(pk=code[:-2]).exists():
            raise ValidationError(f"没有上级分类{code[:-2]}", code="parent")
        return code

    def clean(self) -> dict[str, Any]:
        """A leaf says what belongs to it."""
        cleaned = super().clean() or {}
        code = cleaned.get("code") or self.instance.pk or ""
        if len(code) == 6 and not cleaned.get("definition"):
            self.add_error("definition", "末级分类须写明定义")
        return cleaned


class LevelFilter(admin.SimpleListFilter):
    """Domains, groups or leaves."""

    title = "级别"
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The three levels by the length of their codes."""
        return [("2", "领域"), ("4", "分组"), ("6", "末级")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Rows of the level."""
        return queryset.filter(code__regex=rf"^.{{{self.value()}}}$") if self.value() in ("2", "4", "6") else queryset


@admin.register(Matter)
class MatterAdmin(NotDeleted):
    """内容分类."""

    form = MatterForm
    forget = staticmethod(queries.clear)
    list_display = ("code", "name", "urgency", "active")
    list_display_links = ("code", "name")
    list_filter = (LevelFilter, "urgency", "active")
    search_fields = ("code", "name", "definition", "synonyms", "everyday")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code under which orders are filed does not change."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save below the code it begins with."""
        obj.parent_id = obj.code[:-2] or None
        super().save_model(request, obj, form, change)


class DutyForm(DutyFormBase):
    """A line of the catalogue."""

    assisting = Listed(label="协办", limit=60, most=20, required=False)

    class Meta:
        model = Duty
        fields = (
            "code", "name", "matters", "lead", "assisting", "department_work", "basis", "basis_source", "valid_from",
            "valid_until",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whom the line names exists, and its dates are in order."""
        cleaned = super().clean() or {}
        if {"lead", "assisting"} <= cleaned.keys():
            faults = targets.duty_faults(
                cleaned["lead"], cleaned["assisting"], bool(cleaned.get("department_work")), targets.unit_codes()
            )
            for field, sentence in faults.items():
                self.add_error(field, sentence)
        begin, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begin and end and end < begin:
            self.add_error("valid_until", "失效日期早于生效日期")
        if not self.instance.pk and Duty.objects.filter(code=cleaned.get("code", "")).exists():
            self.add_error("code", "这个编号已有条目，请修改原条目，系统会生成新版本")
        return cleaned


class InForceFilter(admin.SimpleListFilter):
    """Lines by when they are valid."""

    title = "效力"
    parameter_name = "force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """In force, to come, ended."""
        return [("now", "现行"), ("later", "未生效"), ("ended", "已失效")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Lines valid today, later, or no more."""
        on = today()
        match self.value():
            case "now":
                return queryset.filter(valid_from__lte=on).exclude(valid_until__lt=on)
            case "later":
                return queryset.filter(valid_from__gt=on)
            case "ended":
                return queryset.filter(valid_until__lt=on)
        return queryset


def today() -> Any:
    """The city's date."""
    return clock.local(clock.now()).date()


@admin.register(Duty)
class DutyAdmin(Reference):
    """派单目录: a line that was in force is not rewritten; a change makes its next version."""

    form = DutyForm
    forget = staticmethod(queries.clear)
    list_display = ("code", "version", "name", "lead", "department_work", "valid_from", "valid_until")
    list_display_links = ("code", "name")
    list_filter = (InForceFilter, "department_work")
    search_fields = ("code", "name", "basis", "basis_source", "lead", "matters__code", "matters__name")
    autocomplete_fields = ("matters",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code stays."""
        return ("code", "version") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The version is shown once there is one."""
        fields = list(super().get_fields(request, obj))
        return ["code", "version", *(name for name in fields if name not in ("code", "version"))] if obj else fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An ended version is history."""
        ended = obj is not None and obj.valid_until is not None and obj.valid_until < today()
        return not ended and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what never was in force."""
        return (obj is None or obj.valid_from > today()) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deleting by the dozen: some of them were in force."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; a changed line that was already in force ends yesterday and goes on as its next version from today."""
        if change and set(form.changed_data) - {"valid_until"}:
            before = Duty.objects.get(pk=obj.pk)
            if before.valid_from < today():
                Duty.objects.filter(pk=before.pk).update(valid_until=today() - timedelta(days=1))
                highest = Duty.objects.filter(code=obj.code).aggregate(most=Max("version"))["most"]
                obj.pk, obj.version, obj.valid_from = None, highest + 1, max(today(), obj.valid_from)
                obj._state.adding = True
                messages.info(request, f"原版本保留至昨日，已生成第{obj.version}版，自{obj.valid_from}起生效")
        super().save_model(request, obj, form, change)


class LimitForm(LimitFormBase):
    """A time limit."""

    kind = forms.ChoiceField(label="时限", choices=list(LIMIT_KINDS.items()))
    nature = forms.ChoiceField(label="性质", choices=[("", "全部"), *LIMIT_NATURES.items()], required=False)

    class Meta:
        model = LimitRule
        fields = ("kind", "nature", "urgency", "unit", "amount", "measure", "active")

    def clean(self) -> dict[str, Any]:
        """The amount can be meant; running clocks keep the rule they started with."""
        cleaned = super().clean() or {}
        if {"kind", "amount", "measure"} <= cleaned.keys():
            faults = targets.limit_faults(
                cleaned["kind"], cleaned.get("nature", ""), float(cleaned["amount"]), cleaned["measure"]
            )
            for field, sentence in faults.items():
                self.add_error(field, sentence)
        return cleaned


@admin.register(LimitRule)
class LimitAdmin(Reference):
    """时限规则: a change is for clocks that start from now on."""

    form = LimitForm
    forget = staticmethod(queries.clear)
    list_display = ("kind_label", "nature_label", "urgency", "unit", "amount", "measure", "active")
    list_filter = ("kind", "urgency", "active")
    list_select_related = ("unit",)
    search_fields = ("kind", "unit__code", "unit__name", "unit__short")
    autocomplete_fields = ("unit",)

    @admin.display(description="时限", ordering="kind")
    def kind_label(self, rule: Any) -> str:
        """The kind in Chinese."""
        return str(LIMIT_KINDS.get(rule.kind, rule.kind))

    @admin.display(description="性质", ordering="nature")
    def nature_label(self, rule: Any) -> str:
        """The nature in Chinese."""
        return LIMIT_NATURES.get(rule.nature, "全部")


POLICY_BOUNDS = {
    "review_share": (0, 1), "promise_months": (1, 24), "extension_cap_days": (1, 60), "reopen_days": (1, 365),
    "archive_after_days": (1, 365), "call_back_attempts": (1, 10), "max_returns": (0, 10), "max_extensions": (0, 10),
    "max_redo": (0, 10), "arbitrate_after_returns": (1, 10),
}  # fmt: skip


class PolicyForm(PolicyFormBase):
    """The numbers and switches, within reason."""

    class Meta:
        model = Policy
        exclude = ("version",)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, (low, high) in POLICY_BOUNDS.items():
            if name in self.fields:
                self.fields[name].validators += [MinValueValidator(low), MaxValueValidator(high)]
                self.fields[name].help_text = f"{low} 至 {high}"


@admin.register(Policy)
class PolicyAdmin(NotDeleted):
    """办理政策: saving makes the next version; the former ones stay to be read."""

    form = PolicyForm
    forget = staticmethod(queries.clear)
    list_display = ("version", "made_at", "max_returns", "max_extensions", "reopen_days", "review_share")
    readonly_fields = ("version", "made_at")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new version starts from the one in force."""
        now = queries.policy()
        return {
            field.name: getattr(now, field.name) for field in Policy._meta.fields if field.name not in ("id", "version")
        }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the newest can be the start of the next."""
        newest = Policy.objects.order_by("-version").first()
        return (obj is None or obj == newest) and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save as the next version; nothing when nothing was changed."""
        if change and not form.changed_data:
            return
        highest = Policy.objects.aggregate(most=Max("version"))["most"] or 0
        obj.pk, obj.version = None, highest + 1
        obj._state.adding = True
        super().save_model(request, obj, form, change)
