"""机构人员: units in three tiers, teams, staff, bearer tokens for machines."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from huying.people.rules import ROLES


class Unit(models.Model):
    """承办单位: a department, district, zone, utility, street or squad."""

    class Kind(models.TextChoices):
        HOTLINE = "hotline", "热线中心"
        DEPARTMENT = "department", "市级部门"
        UTILITY = "utility", "公共企业"
        ZONE = "zone", "开发区"
        AREA = "area", "区县"
        DISTRICT_DEPARTMENT = "district_department", "区县部门"
        STREET = "street", "街道镇"
        SQUAD = "squad", "执法中队"

    code = models.CharField("编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=100)
    short = models.CharField("简称", max_length=50)
    tier = models.PositiveSmallIntegerField("层级", choices=[(1, "市热线"), (2, "二级"), (3, "三级")])
    kind = models.CharField("类别", max_length=24, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="上级", related_name="below")
    area = models.CharField("区县编码", max_length=6, blank=True, default="")
    duty = models.TextField("职责", blank=True, default="")
    phone = models.CharField("电话", max_length=40, blank=True, default="")
    pinyin = models.CharField("拼音", max_length=200, blank=True, default="")
    initials = models.CharField("拼音首字母", max_length=60, blank=True, default="")
    schedule = models.CharField("工作时间", max_length=40, default="standard")
    own_review = models.BooleanField("答复须本级审核", default=False)
    active = models.BooleanField("启用", default=True)
    sample = models.BooleanField("样例数据", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "承办单位"
        ordering = ("tier", "code")

    def __str__(self) -> str:
        return self.short or self.name


class Team(models.Model):
    """班组: operators on one shift under one leader."""

    name = models.CharField("名称", max_length=50, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "班组"

    def __str__(self) -> str:
        return self.name


def role_codes() -> list[tuple[str, str]]:
    """(code, label) of every role."""
    return [(role.code, role.label) for role in ROLES.values()]


class Staff(AbstractUser):
    """人员: an account with a unit, a team and roles."""

    name = models.CharField("姓名", max_length=50)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="单位", related_name="staff")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, verbose_name="班组", related_name="members")
    roles = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="角色")

    class Meta:
        verbose_name = verbose_name_plural = "人员"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new password ends every token that was made with the old one."""
        # Django keeps the raw password from set_password until the row is saved; its stubs do not know the name
        changed = getattr(self, "_password", None) is not None and self.pk is not None
        super().save(*args, **kwargs)
        if changed:
            self.tokens.all().delete()

    def __str__(self) -> str:
        return self.name or self.username


class ApiToken(models.Model):
    """接口令牌: lets a machine act as a staff account; only its hash is stored."""

    staff = models.ForeignKey(Staff, models.CASCADE, verbose_name="账号", related_name="tokens")
    digest = models.BinaryField("摘要", max_length=32, unique=True)
    label = models.CharField("用途", max_length=100, blank=True, default="")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    expires_at = models.DateTimeField("失效时间")

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"

    def __str__(self) -> str:
        return self.label or f"{self.staff} 的令牌"


class SignInFailures(models.Model):
    """登录失败: how often one account was tried with a wrong password from one address, lately.

    The key is a hash: people type their password into the wrong box, and what they typed is stored nowhere.
    """

    key = models.BinaryField("摘要", max_length=32, primary_key=True)
    count = models.PositiveIntegerField("次数")
    since = models.DateTimeField("自", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录失败"
