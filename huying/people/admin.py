"""机构人员 administration: units, teams, accounts with their roles, tokens for machines."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from huying.kernel import clock
from huying.kernel.errors import TooMany
from huying.worktime.models import WorkSchedule

from . import throttling
from .administration import NotDeleted, Reference, spoken
from .backends import ADMINISTER
from .models import ApiToken, Staff, Team, Unit, role_codes
from .rules import permissions_of
from .signing import client_address

if TYPE_CHECKING:
    UnitFormBase = forms.ModelForm[Unit]
    StaffAdminBase = UserAdmin[Staff]
    TokenFormBase = forms.ModelForm[ApiToken]
else:
    UnitFormBase = TokenFormBase = forms.ModelForm
    StaffAdminBase = UserAdmin

admin.site.site_header = "呼应 · 基础数据"
admin.site.site_title = "呼应"
admin.site.index_title = "基础数据管理"
admin.site.unregister(Group)  # permissions come from roles
DEEPEST = 10


class ThrottledSignIn(AdminAuthenticationForm):
    """The sign-in of the admin pages counts wrong passwords like the one of the desk."""

    def clean(self) -> Any:
        """Count the try, then let Django check."""
        name = self.cleaned_data.get("username")
        key = None
        if name and self.request is not None:
            try:
                key = throttling.attempt(name, client_address(self.request))
            except TooMany as fault:
                raise ValidationError(fault.sentence, code=fault.code) from None
        cleaned = super().clean()
        if key:
            throttling.succeeded(key)
        return cleaned


admin.site.login_form = ThrottledSignIn


class UnitForm(UnitFormBase):
    """A unit; its working hours are chosen among the schedules of the work calendar."""

    schedule = forms.ChoiceField(label="工作时间")

    class Meta:
        model = Unit
        exclude = ("pinyin", "initials")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        chosen: Any = self.fields["schedule"]
        chosen.choices = list(WorkSchedule.objects.values_list("code", "name"))

    def clean_parent(self) -> Unit | None:
        """A unit is not above itself, and what is above it is of no lower tier."""
        parent: Unit | None = self.cleaned_data.get("parent")
        above = parent
        for _ in range(DEEPEST):
            if above is None:
                return parent
            if self.instance.pk and above.pk == self.instance.pk:
                break
            above = above.parent
        raise ValidationError("上级不能是本单位或本单位的下级", code="loop")

    def clean(self) -> dict[str, Any]:
        """The tiers of a unit and of the one above it fit."""
        cleaned = super().clean() or {}
        parent, tier = cleaned.get("parent"), cleaned.get("tier")
        if parent and tier and parent.tier > tier:
            self.add_error("parent", f"上级“{parent}”的层级低于本单位")
        return cleaned


@admin.register(Unit)
class UnitAdmin(NotDeleted):
    """承办单位."""

    form = UnitForm
    list_display = ("code", "short", "name", "tier", "kind", "parent", "active")
    list_display_links = ("code", "short")
    list_filter = ("tier", "kind", "active", "own_review", "sample")
    list_select_related = ("parent",)
    search_fields = ("code", "name", "short", "pinyin", "initials")
    autocomplete_fields = ("parent",)
    ordering = ("tier", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code that the catalogue refers to does not change."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save with the pinyin of the short name."""
        obj.pinyin, obj.initials = spoken(obj.short)
        super().save_model(request, obj, form, change)


@admin.register(Team)
class TeamAdmin(Reference):
    """班组."""

    list_display = ("name", "size")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With the number of members."""
        found: models.QuerySet[Any] = super().get_queryset(request)
        counted: models.QuerySet[Any] = found.annotate(people=models.Count("members"))
        return counted

    @admin.display(description="人数", ordering="people")
    def size(self, team: Any) -> int:
        """How many members."""
        return int(team.people)


class RoleFilter(admin.SimpleListFilter):
    """Accounts with a role."""

    title = "角色"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All roles."""
        return role_codes()

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Accounts that hold it."""
        return queryset.filter(roles__contains=[self.value()]) if self.value() else queryset


@admin.register(Staff)
class StaffAdmin(StaffAdminBase):
    """人员: accounts. Roles decide what they may; passwords are hashed; nobody is deleted, for history names them."""

    list_display = ("username", "name", "unit", "team", "role_labels", "is_active", "last_login")
    list_filter = ("is_active", RoleFilter, "team", "unit__tier")
    list_select_related = ("unit", "team")
    search_fields = ("username", "name", "unit__short", "unit__name")
    autocomplete_fields = ("unit", "team")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("身份", {"fields": ("name", "unit", "team", "roles")}),
        ("状态", {"fields": ("is_active", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2", "name", "unit", "team", "roles")}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles are boxes to tick."""
        if db_field.name == "roles":
            boxes = forms.CheckboxSelectMultiple()
            return forms.MultipleChoiceField(label="角色", choices=role_codes(), required=False, widget=boxes)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="角色")
    def role_labels(self, staff: Any) -> str:
        """The roles in Chinese."""
        labels = dict(role_codes())
        return "、".join(labels.get(code, code) for code in staff.roles)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Whoever administers may enter these pages; everybody else may not."""
        obj.is_staff = obj.is_superuser or ADMINISTER in permissions_of(obj.roles)
        super().save_model(request, obj, form, change)
        if change and not obj.is_active:
            ApiToken.objects.filter(staff=obj).delete()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser's account is a superuser's business: its password would open everything."""
        if obj is not None and obj.is_superuser and not getattr(request.user, "is_superuser", False):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: switch the account off."""
        return False


class TokenForm(TokenFormBase):
    """A token for a machine; a year unless said otherwise."""

    class Meta:
        model = ApiToken
        fields = ("staff", "label", "expires_at")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if "expires_at" in self.fields:
            self.fields["expires_at"].initial = clock.now() + timedelta(days=365)
        if "label" in self.fields:
            self.fields["label"].required = True

    def clean_staff(self) -> Staff:
        """Nobody gives away a token of a superuser."""
        staff: Staff = self.cleaned_data["staff"]
        if staff.is_superuser:
            raise ValidationError("不能为超级用户建立接口令牌", code="superuser")
        return staff

    def clean_expires_at(self) -> Any:
        """It must be good for a while."""
        until = self.cleaned_data["expires_at"]
        if until <= clock.now():
            raise ValidationError("失效时间已过", code="past")
        return until


@admin.register(ApiToken)
class TokenAdmin(Reference):
    """接口令牌: shown once, when it is made; only its hash is kept. To end one, delete it."""

    form = TokenForm
    list_display = ("label", "staff", "created_at", "expires_at")
    list_filter = ("expires_at",)
    list_select_related = ("staff",)
    search_fields = ("label", "staff__username", "staff__name")
    autocomplete_fields = ("staff",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A token does not change."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Make the token and show it, this once."""
        token = secrets.token_urlsafe(32)
        obj.digest = sha256(token.encode()).digest()
        super().save_model(request, obj, form, change)
        messages.warning(request, f"令牌只显示这一次，请立即保存：{token}")
