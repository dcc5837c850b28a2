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

    class Meta:
        verbose_name = verbose_name_plural = "地名"

    def __str__(self) -> str:
        return self.name
