"""受理: what an operator is still writing."""

from django.conf import settings
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
