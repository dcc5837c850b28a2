"""区划网格: divisions of the city and the gazetteer of places citizens name."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Division(models.Model):
    """行政区划: city, area (区县), street (街道镇) or community (社区村)."""

    class Level(models.TextChoices):
        CITY = "city", "市"
        AREA = "area", "区县"
        STREET = "street", "街道镇"
        COMMUNITY = "community", "社区村"

    code = models.CharField("编码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    short = models.CharField("简称", max_length=60)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="上级", related_name="below")
    pinyin = models.CharField("拼音", max_length=200)
    initials = models.CharField("拼音首字母", max_length=60)
    lat = models.FloatField("纬度", null=True, blank=True)
    lng = models.FloatField("经度", null=True, blank=True)
    zone = models.CharField("托管开发区", max_length=40, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Landmark(models.Model):
    """地名: a station, park, hospital, residence or other place people name."""

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=20)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name="别名")
    area = models.ForeignKey(Division, models.PROTECT, null=True, verbose_name="区县", related_name="+")
    street = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, verbose_name="街道", related_name="+")
    lat = models.FloatField("纬度", null=True, blank=True)
    lng = models.FloatField("经度", null=True, blank=True)
    pinyin = models.CharField("拼音", max_length=200)
    initials = models.CharField("拼音首字母", max_length=60)
    source = models.CharField("来源", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "地名"

    def __str__(self) -> str:
        return self.name


class UnknownPlace(models.Model):
    """待核地名: words of citizens that look like a place and are not in the gazetteer; an editor adds or ignores them."""

    class Status(models.TextChoices):
        NEW = "new", "待核"
        ADDED = "added", "已加入"
        IGNORED = "ignored", "已忽略"

    text = models.CharField("地名", max_length=80, unique=True)
    kind = models.CharField("类别", max_length=20)
    status = models.CharField("状态", max_length=8, choices=Status.choices, default=Status.NEW)
    count = models.PositiveIntegerField("提到的工单数", default=0)
    last_seen_at = models.DateTimeField("最近一次")
    near = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, verbose_name="附近的街道或区县", related_name="+"
    )
    landmark = models.ForeignKey(
        Landmark, models.SET_NULL, null=True, blank=True, verbose_name="加入后的地名", related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "待核地名"
        ordering = ("-count", "-last_seen_at")
        indexes = [models.Index(fields=["status", "-count"], name="unknown_place_by_count")]

    def __str__(self) -> str:
        return self.text


class Sighting(models.Model):
    """出处: the number of an order that named an unknown place, so that no order counts twice. Never its text."""

    place = models.ForeignKey(UnknownPlace, models.CASCADE, related_name="sightings")
    number = models.CharField("工单号", max_length=30)

    class Meta:
        verbose_name = verbose_name_plural = "出处"
        constraints = [models.UniqueConstraint(fields=["place", "number"], name="sighting_once")]


class Boundary(models.Model):
    """边界: the outline of a street or district in WGS-84, with where it comes from and its review number (审图号)."""

    division = models.OneToOneField(
        Division, models.PROTECT, primary_key=True, verbose_name="区划", related_name="boundary"
    )
    polygons = models.JSONField("轮廓")  # MultiPolygon coordinates of GeoJSON: polygons of rings of [lng, lat]
    west = models.FloatField("西")
    south = models.FloatField("南")
    east = models.FloatField("东")
    north = models.FloatField("北")
    source = models.CharField("来源", max_length=200)
    licence = models.CharField("许可", max_length=200)
    review_number = models.CharField("审图号", max_length=60)
    datum = models.CharField("原坐标系", max_length=10)
    imported_at = models.DateTimeField("导入时间")

    class Meta:
        verbose_name = verbose_name_plural = "边界"

    def __str__(self) -> str:
        return self.division.name
