"""区划网格 administration: divisions and the gazetteer."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from huying.kernel.errors import HuyingError
from huying.people.administration import Listed, NotDeleted, Reference, spoken
from huying.people.models import Unit

from . import collecting
from .models import Boundary, Division, Landmark, UnknownPlace
from .queries import KINDS
from .rules import ABOVE, DIGITS

if TYPE_CHECKING:
    DivisionFormBase = forms.ModelForm[Division]
    LandmarkFormBase = forms.ModelForm[Landmark]
else:
    DivisionFormBase = LandmarkFormBase = forms.ModelForm


def check_coordinates(form: Any) -> None:
    """Both or none, on the globe."""
    lat, lng = form.cleaned_data.get("lat"), form.cleaned_data.get("lng")
    if (lat is None) != (lng is None):
        form.add_error("lat", "纬度和经度须同时填写")
    if lat is not None and not -90 <= lat <= 90:
        form.add_error("lat", "纬度超出范围")
    if lng is not None and not -180 <= lng <= 180:
        form.add_error("lng", "经度超出范围")


class DivisionForm(DivisionFormBase):
    """A division; the pinyin is made from the name unless typed."""

    pinyin = forms.CharField(label="拼音", max_length=200, required=False, help_text="不填则由名称生成")
    initials = forms.CharField(label="拼音首字母", max_length=60, required=False, help_text="不填则由名称生成")

    class Meta:
        model = Division
        fields = ("code", "name", "short", "level", "parent", "zone", "lat", "lng", "pinyin", "initials")

    def clean_zone(self) -> str:
        """The code of a zone's unit."""
        zone: str = self.cleaned_data.get("zone") or ""
        if zone and not Unit.objects.filter(code=zone, kind=Unit.Kind.ZONE).exists():
            raise ValidationError("没有这个开发区", code="unknown")
        return zone

    def clean(self) -> dict[str, Any]:
        """The code fits the level, and the one above it."""
        cleaned = super().clean() or {}
        code, level, parent = cleaned.get("code") or self.instance.code, cleaned.get("level"), cleaned.get("parent")
        if level and code and not (code.isascii() and code.isdigit() and len(code) == DIGITS[level]):
            self.add_error("code" if "code" in self.fields else "level", f"这一层级的编码须为{DIGITS[level]}位数字")
        if level and (parent.level if parent else None) != ABOVE[level]:
            self.add_error("parent", "上级的层级不对")
        check_coordinates(self)
        return cleaned


class LandmarkForm(LandmarkFormBase):
    """A place people name."""

    kind = forms.ChoiceField(label="类别", choices=list(KINDS.items()))
    aliases = Listed(label="别名", limit=80, required=False)
    pinyin = forms.CharField(label="拼音", max_length=200, required=False, help_text="不填则由名称生成")
    initials = forms.CharField(label="拼音首字母", max_length=60, required=False, help_text="不填则由名称生成")

    class Meta:
        model = Landmark
        fields = ("name", "kind", "aliases", "area", "street", "lat", "lng", "source", "pinyin", "initials")

    def clean(self) -> dict[str, Any]:
        """Area and street fit together."""
        cleaned = super().clean() or {}
        area, street = cleaned.get("area"), cleaned.get("street")
        if area and area.level != Division.Level.AREA:
            self.add_error("area", "请选择区县")
        if street and (street.level != Division.Level.STREET or (area and street.parent_id != area.pk)):
            self.add_error("street", "请选择该区县的街道或镇")
        check_coordinates(self)
        return cleaned


class Spoken(Reference):
    """Rows that are found by their pinyin, too."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save with pinyin and initials, made anew when the name changed and they did not."""
        typed = {"pinyin", "initials"} & set(form.changed_data)
        if not (obj.pinyin and obj.initials) or ("name" in form.changed_data and not typed):
            obj.pinyin, obj.initials = spoken(obj.name)
        super().save_model(request, obj, form, change)


@admin.register(Division)
class DivisionAdmin(Spoken, NotDeleted):
    """行政区划."""

    form = DivisionForm
    list_display = ("code", "name", "level", "parent", "zone")
    list_filter = ("level", "zone")
    list_select_related = ("parent",)
    search_fields = ("code", "name", "short", "pinyin", "initials")
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code does not change."""
        return ("code",) if obj else ()


@admin.register(Landmark)
class LandmarkAdmin(Spoken):
    """地名."""

    form = LandmarkForm
    list_display = ("name", "kind_label", "area", "street")
    list_filter = ("kind",)
    list_select_related = ("area", "street")
    search_fields = ("name", "aliases", "pinyin", "initials")
    autocomplete_fields = ("area", "street")

    @admin.display(description="类别", ordering="kind")
    def kind_label(self, mark: Any) -> str:
        """The kind in Chinese."""
        return str(KINDS.get(mark.kind, mark.kind))


@admin.register(UnknownPlace)
class UnknownPlaceAdmin(Reference):
    """待核地名: what citizens call places that the gazetteer lacks."""

    list_display = ("text", "kind_label", "count", "near", "last_seen_at", "status", "numbers")
    list_filter = ("status", "kind")
    list_select_related = ("near",)
    search_fields = ("text",)
    autocomplete_fields = ("near",)
    fields = ("text", "kind", "near", "status", "count", "last_seen_at", "numbers", "landmark")
    readonly_fields = ("text", "status", "count", "last_seen_at", "numbers", "landmark")
    actions = ("add_to_gazetteer", "ignore")

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnknownPlace]:
        """With the numbers of their orders at hand."""
        found: QuerySet[UnknownPlace] = super().get_queryset(request)
        return found.prefetch_related("sightings")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come from orders only."""
        return False

    @admin.display(description="类别", ordering="kind")
    def kind_label(self, place: UnknownPlace) -> str:
        """The kind in Chinese."""
        return KINDS.get(place.kind, "地点")

    @admin.display(description="工单号举例")
    def numbers(self, place: UnknownPlace) -> str:
        """Some of the orders, by number only."""
        return "、".join(sighting.number for sighting in list(place.sightings.all())[:5])

    @admin.action(description="加入地名库")
    def add_to_gazetteer(self, request: HttpRequest, chosen: QuerySet[UnknownPlace]) -> None:
        """Make landmarks of the chosen; those without a district are named and left."""
        added = 0
        for place in chosen.select_related("near__parent"):
            try:
                collecting.add(place)
                added += 1
            except HuyingError as fault:
                self.message_user(request, fault.sentence, messages.WARNING)
        if added:
            self.message_user(request, f"已加入{added}个地名，请到“地名”页补充别名和位置")

    @admin.action(description="忽略")
    def ignore(self, request: HttpRequest, chosen: QuerySet[UnknownPlace]) -> None:
        """These are no places."""
        ignored = 0
        for place in chosen:
            try:
                collecting.ignore(place)
                ignored += 1
            except HuyingError as fault:
                self.message_user(request, fault.sentence, messages.WARNING)
        if ignored:
            self.message_user(request, f"已忽略{ignored}个")


@admin.register(Boundary)
class BoundaryAdmin(Reference):
    """边界: read here, imported by `huying import-places`."""

    list_display = ("division", "source", "review_number", "datum", "imported_at")
    list_select_related = ("division",)
    search_fields = ("division__name", "review_number")
    fields = readonly_fields = ("division", "source", "licence", "review_number", "datum", "imported_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By import only."""
        return False
