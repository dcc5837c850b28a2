"""受理: what an operator is still writing, and who took orders out of the system in files."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Draft(models.Model):
    """草稿: the registration page's content, saved every ten seconds; encrypted, for it holds personal data."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    key = models.CharField("标识", max_length=64)
    sealed = models.BinaryField("内容")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "登记草稿"
        constraints = (models.UniqueConstraint(fields=["staff", "key"], name="draft_once"),)


class ExportRecord(models.Model):
    """导出记录: one export to a file, written before its first row leaves.

    An event on every order would make the history unreadable and an export of a year heavy. Unmasked exports keep the
    ids of their orders, so that "who took this order out unmasked" has an exact answer; masked ones only the filters.
    """

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="导出人", related_name="+"
    )
    actor_name = models.CharField("姓名", max_length=50)
    unit_name = models.CharField("单位", max_length=100, blank=True, default="")
    role = models.CharField("角色", max_length=20, blank=True, default="")
    at = models.DateTimeField("时间")
    finished_at = models.DateTimeField("完成时间", null=True)
    filters = models.JSONField("条件", default=dict)
    format = models.CharField("格式", max_length=10)
    file_name = models.CharField("文件名", max_length=200)
    unmasked = models.BooleanField("未脱敏", default=False)
    reason = models.TextField("理由", blank=True, default="")
    count = models.PositiveIntegerField("张数", null=True)
    sha256 = models.CharField("摘要", max_length=64, blank=True, default="")
    orders = ArrayField(models.BigIntegerField(), default=list, verbose_name="未脱敏导出的工单")

    class Meta:
        verbose_name = verbose_name_plural = "导出记录"
        indexes = (models.Index(fields=["-at"], name="export_newest"),)
